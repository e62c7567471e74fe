//! A window with nothing in it, made as the program's own is made: what the web view itself takes of time and memory.
//! `cargo xtask bench --ui` holds the program's figures against it.

use tauri::{WebviewUrl, WebviewWindowBuilder, generate_context};

/// The size of the program's window.
const SIZE: (f64, f64) = (1366.0, 768.0);

fn main() -> tauri::Result<()> {
    tauri::Builder::default()
        .setup(|app| {
            WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
                .inner_size(SIZE.0, SIZE.1)
                .build()?;
            Ok(())
        })
        .run(generate_context!("src-tauri/empty-window/tauri.conf.json"))
}
