//! What happens in the shop, told to the UI.
//!
//! The shop gathers its changes and counts them; here they are only handed over, in order, to the one window. Telling does
//! not wait for the page: a page that is being loaded reads everything anew as soon as it listens.

use mostrador_api::Events;
use tauri::{AppHandle, Emitter as _, EventTarget};

use crate::window;

/// The name under which the UI listens.
const APP_EVENT: &str = "app-event";

/// Tells the window every event, until the shop ends.
pub(crate) async fn forward(app: &AppHandle, mut events: Events) {
    while let Some(event) = events.next().await {
        if let Err(error) = app.emit_to(EventTarget::webview_window(window::MAIN), APP_EVENT, &event) {
            tracing::warn!(%error, "the window could not be told of a change");
        }
    }
}
