//! Reads `tauri.conf.json` and the capabilities, and makes what the window is built from.

#[cfg(feature = "desktop")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let attributes =
        tauri_build::Attributes::new().capabilities_path_pattern("./src-tauri/capabilities/**/*");
    Ok(tauri_build::try_build(attributes)?)
}

#[cfg(not(feature = "desktop"))]
fn main() {}
