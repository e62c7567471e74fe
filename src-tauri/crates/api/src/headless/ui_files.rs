//! The window's own files, for a browser.

use std::path::PathBuf;

/// The folder of the built window: where it was said to be, else `ui/dist` of the working folder, else `ui` beside the program.
pub fn find_ui(said: Option<PathBuf>) -> Option<PathBuf> {
    let beside = std::env::current_exe()
        .ok()
        .and_then(|exe| Some(exe.parent()?.join("ui")));
    let places = match said {
        Some(said) => vec![said],
        None => [Some(PathBuf::from("ui/dist")), beside]
            .into_iter()
            .flatten()
            .collect(),
    };
    places
        .into_iter()
        .find(|place| place.join("index.html").is_file())
}
