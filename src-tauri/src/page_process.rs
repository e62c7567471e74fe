//! The page's process: it may end while the program goes on. It breaks, or the system takes its memory back.
//!
//! WebKitGTK then shows nothing until it is told to load the page again. That is done at once; a page that ends over and over is
//! waited for a little longer each time, so that it does not take the whole computer. What only the page says is forgotten with
//! it: what is before the person's eyes, of which nobody would be told, a recording that nobody would end, and files that it was writing.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;
use tauri::{AppHandle, Manager as _};
use webkit2gtk::{WebViewExt as _, glib};

use crate::exports::Exports;
use crate::opening::Door;
use crate::voice::Voice;
use crate::window;

/// Before the second load.
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);
/// A page that was there for so long ends anew.
const STEADY: Duration = Duration::from_secs(180);

/// Loads the UI's page again whenever its process ends.
pub(crate) fn watch(app: &AppHandle, door: &Door) {
    let Some(window) = app.get_webview_window(window::MAIN) else {
        return;
    };
    let (app, door) = (app.clone(), door.clone());
    let told = window.with_webview(move |view| {
        let ends = Mutex::new(Ends::default());
        view.inner().connect_web_process_terminated(move |view, why| {
            tracing::error!(?why, "the page's process ended");
            forget(&app, &door);
            let mut ends = ends.lock().unwrap_or_else(PoisonError::into_inner);
            let view = view.clone();
            glib::timeout_add_local_once(ends.next(now()), move || view.reload());
        });
    });
    if let Err(error) = told {
        tracing::warn!(%error, "a page whose process ends will not come back");
    }
}

/// By a clock that does not jump.
fn now() -> Duration {
    Duration::from_micros(u64::try_from(glib::monotonic_time()).unwrap_or_default())
}

fn forget(app: &AppHandle, door: &Door) {
    if let Some(shop) = door.shop_if_open() {
        shop.engine().set_view(None, false);
    }
    let exports = app.state::<Exports>().inner().clone();
    // It deletes files.
    tauri::async_runtime::spawn_blocking(move || exports.forget());
    let voice = app.state::<Voice>().inner().clone();
    // Ends with its answer, as the page's own call would.
    tauri::async_runtime::spawn(async move {
        let _nothing_was_heard = voice.end(json!({ "keep": false })).await;
    });
}

/// How often it ended of late.
#[derive(Default)]
struct Ends {
    last: Option<Duration>,
    wait: Duration,
}

impl Ends {
    /// It ended now: how long to wait before it is loaded again.
    fn next(&mut self, now: Duration) -> Duration {
        let steady = self.last.is_none_or(|last| now.saturating_sub(last) >= STEADY);
        self.wait = match steady {
            true => Duration::ZERO,
            false => (self.wait * 2).clamp(FIRST, LONGEST),
        };
        self.last = Some(now);
        self.wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_ends_over_and_over_is_waited_for_longer_each_time() {
        let mut ends = Ends::default();
        let at = Duration::from_secs;
        assert_eq!(ends.next(at(10)), Duration::ZERO, "at once");
        assert_eq!(ends.next(at(11)), FIRST, "it ended while it loaded");
        assert_eq!(ends.next(at(13)), FIRST * 2, "and again");
        for second in 14..40 {
            assert!(ends.next(at(second)) <= LONGEST, "it does come back");
        }
        let later = at(39) + STEADY;
        assert_eq!(ends.next(later), Duration::ZERO, "it was there for a while");
    }
}
