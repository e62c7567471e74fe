//! What a start asks of the program that runs: to be in the tray, to show the window, to open a chat.
//!
//! The first start and every later one on the same folder end here. A link waits until the page takes it: the page asks once
//! when it is ready and again whenever it is told that there is one, so that none is lost while it loads. Only the newest waits;
//! somebody who clicks on two links wants the second.

use std::sync::{Mutex, PoisonError};

use clap::Parser as _;
use tauri::{AppHandle, Emitter as _, EventTarget, Manager as _};

use crate::deep_links::{self, DeepLink};
use crate::options::Options;
use crate::window;

/// The name under which the UI hears that a link waits.
const LINK_EVENT: &str = "deep-link";

/// The link that nobody has taken yet.
#[derive(Default)]
pub(crate) struct Visits(Mutex<Option<DeepLink>>);

/// A later start on the same folder, with the arguments that it was given.
pub(crate) fn later_start(app: &AppHandle, arguments: Vec<String>) {
    match Options::try_parse_from(arguments) {
        Ok(options) if options.hidden => {}
        Ok(options) => {
            receive(app, options.link.as_deref());
            window::show(app);
        }
        Err(_) => window::show(app),
    }
}

/// A link that a start came with.
pub(crate) fn receive(app: &AppHandle, link: Option<&str>) {
    let Some(link) = link else { return };
    match (deep_links::read(link), app.try_state::<Visits>()) {
        (Some(link), Some(visits)) => {
            visits.put(Some(link));
            if let Err(error) = app.emit_to(EventTarget::webview_window(window::MAIN), LINK_EVENT, ()) {
                tracing::warn!(%error, "the window could not be told of a link");
            }
        }
        // It may hold what somebody wrote: no part of it is logged.
        _ => tracing::warn!("a link was refused: it leads nowhere in this program"),
    }
}

impl Visits {
    /// The link that waits, once.
    pub(crate) fn take(&self) -> Option<DeepLink> {
        self.put(None)
    }

    fn put(&self, link: Option<DeepLink>) -> Option<DeepLink> {
        std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), link)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_link_waits_and_is_taken_once() {
        let visits = Visits::default();
        visits.put(deep_links::read("mostrador://chat/id/1"));
        visits.put(deep_links::read("mostrador://chat/id/2"));
        let taken = visits.take();
        assert!(
            taken.is_some() && taken == deep_links::read("mostrador://chat/id/2"),
            "the second"
        );
        assert!(
            visits.take().is_none(),
            "a page that is loaded anew does not open it again"
        );
    }
}
