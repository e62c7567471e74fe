//! One program for each data folder.
//!
//! A second start on the same folder is handed to the first, which shows its window, and ends: two programs on one folder would each send
//! what is in the outbox. (Should the second not see the first, the lock on the folder still stops it.) On Linux the two find
//! each other by a name on the session bus that is made of the folder's path, so that the practice shop and the real one can be
//! open at once. On the other systems there is one program for all folders.
//!
//! What the second was started with may ask for a chat ([`crate::visits`]); everything else of it names the same folder.

use std::path::Path;

use tauri::Wry;
use tauri::plugin::TauriPlugin;

use crate::options::Options;
use crate::visits;

/// Ends this start if the program runs already, and lets later ones find it.
pub(crate) fn plugin(identifier: &str, data: &Path) -> TauriPlugin<Wry> {
    tauri_plugin_single_instance::Builder::new()
        .dbus_id(Options::instance(identifier, data))
        .callback(|app, arguments, _folder| visits::later_start(app, arguments))
        .build()
}
