//! One program for each data folder.
//!
//! A second start on the same folder shows the window of the first and ends: two programs on one folder would each send
//! what is in the outbox. (Should the second not see the first, the lock on the folder still stops it.) On Linux the two find
//! each other by a name on the session bus that is made of the folder's path, so that the practice shop and the real one can be
//! open at once. On the other systems there is one program for all folders.
//!
//! What the second was started with is not looked at: it names the same folder, and there is nothing else to ask for.

use std::path::Path;

use tauri::Wry;
use tauri::plugin::TauriPlugin;

use crate::options::Options;
use crate::window;

/// Ends this start if the program runs already, and lets later ones find it.
pub(crate) fn plugin(identifier: &str, data: &Path) -> TauriPlugin<Wry> {
    tauri_plugin_single_instance::Builder::new()
        .dbus_id(Options::instance(identifier, data))
        .callback(|app, _arguments, _folder| window::show(app))
        .build()
}
