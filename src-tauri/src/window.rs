//! The windows: the UI's, and the practice phone's.
//!
//! - Each has one home and cannot be taken elsewhere ([`crate::addresses`]); neither opens further windows.
//! - Each is shown when its page is there, so that it does not come up empty.
//! - The phone's window holds a page that the practice shop serves. It has no capability: the web view's bridge answers it
//!   nothing. It remembers nothing either.
//!
//! Closing the UI's window hides it if the tray can bring it back, and ends the program if not.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use tauri::webview::{NewWindowResponse, PageLoadEvent, PageLoadPayload};
use tauri::{
    AppHandle, LogicalPosition, Manager as _, WebviewUrl, WebviewWindow, WebviewWindowBuilder, Window,
    WindowEvent,
};
use url::Url;

use crate::addresses::Home;
use crate::tray;

/// The UI's window.
pub(crate) const MAIN: &str = "main";
/// The practice phone's.
pub(crate) const PHONE: &str = "phone";

const TITLE: &str = "Mostrador";
/// The shops' usual screen.
const USUAL: (f64, f64) = (1366.0, 768.0);
const SMALLEST: (f64, f64) = (900.0, 600.0);
/// About a phone.
const PHONE_USUAL: (f64, f64) = (400.0, 760.0);
const PHONE_SMALLEST: (f64, f64) = (340.0, 520.0);
/// What the web view keeps for the page (the width of a column, say), inside the data folder.
const WEB_VIEW_FOLDER: &str = "window";

/// Drawn when the program is about to end: a page that arrives late must not bring its window up again.
#[derive(Default)]
struct Curtain(AtomicBool);

/// Opens the UI's window.
pub(crate) fn open_main(app: &AppHandle, data: &Path) -> tauri::Result<()> {
    app.manage(Curtain::default());
    let home = home_of_ui(app);
    WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title(TITLE)
        .inner_size(USUAL.0, USUAL.1)
        .min_inner_size(SMALLEST.0, SMALLEST.1)
        .prevent_overflow()
        .center()
        .visible(false)
        .data_directory(data.join(WEB_VIEW_FOLDER))
        // A picture that is dropped is the page's to take.
        .disable_drag_drop_handler()
        .on_navigation(move |url| stays(&home, url))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_page_load(when_there)
        .build()?;
    Ok(())
}

/// Opens the practice phone at `url`, or brings its window up if it is open.
pub(crate) fn open_phone(app: &AppHandle, url: Url, title: &str) -> tauri::Result<()> {
    if let Some(open) = app.get_webview_window(PHONE) {
        bring_up(&open);
        return Ok(());
    }
    let home = Home::Server(url.clone());
    let phone = WebviewWindowBuilder::new(app, PHONE, WebviewUrl::External(url))
        .title(title)
        .inner_size(PHONE_USUAL.0, PHONE_USUAL.1)
        .min_inner_size(PHONE_SMALLEST.0, PHONE_SMALLEST.1)
        .prevent_overflow()
        .visible(false)
        .incognito(true)
        .on_navigation(move |url| stays(&home, url))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_page_load(when_there);
    match app
        .get_webview_window(MAIN)
        .map(|main| beside(&main))
        .transpose()?
    {
        Some(place) => phone.position(place.x, place.y).build()?,
        None => phone.build()?,
    };
    Ok(())
}

/// Brings the UI's window before the person's eyes.
pub(crate) fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN) {
        bring_up(&window);
    }
}

/// Takes all windows away for good: the program is about to end.
pub(crate) fn hide_all(app: &AppHandle) {
    if let Some(curtain) = app.try_state::<Curtain>() {
        curtain.0.store(true, Ordering::SeqCst);
    }
    for window in app.webview_windows().values() {
        let _gone_already = window.hide();
    }
}

/// What closing a window means.
pub(crate) fn on_event(window: &Window, event: &WindowEvent) {
    if let (MAIN, WindowEvent::CloseRequested { api, .. }) = (window.label(), event) {
        api.prevent_close();
        let app = window.app_handle();
        if tray::is_there(app) {
            let _gone_already = window.hide();
        } else {
            app.exit(0);
        }
    }
}

/// At the right edge of the UI's window: chats and what customers write are at its left.
fn beside(main: &WebviewWindow) -> tauri::Result<LogicalPosition<f64>> {
    let scale = main.scale_factor()?;
    let place = main.outer_position()?.to_logical::<f64>(scale);
    let size = main.outer_size()?.to_logical::<f64>(scale);
    let left = place.x + (size.width - PHONE_USUAL.0).max(0.0);
    let top = place.y + (size.height - PHONE_USUAL.1).max(0.0) / 2.0;
    Ok(LogicalPosition::new(left, top))
}

/// Shows a window once its page is there.
fn when_there(window: WebviewWindow, load: PageLoadPayload<'_>) {
    if load.event() == PageLoadEvent::Finished {
        bring_up(&window);
    }
}

fn bring_up(window: &WebviewWindow) {
    if window
        .try_state::<Curtain>()
        .is_some_and(|curtain| curtain.0.load(Ordering::SeqCst))
    {
        return;
    }
    let done = window
        .unminimize()
        .and_then(|()| window.show())
        .and_then(|()| window.set_focus());
    if let Err(error) = done {
        tracing::warn!(%error, window = window.label(), "the window does not come up");
    }
}

fn stays(home: &Home, url: &Url) -> bool {
    let stays = home.holds(url);
    if !stays {
        // Where to is not logged: the address may hold what a customer wrote.
        tracing::warn!(scheme = url.scheme(), "a window was kept from going elsewhere");
    }
    stays
}

/// The built-in UI, or while developing the server that gives it.
fn home_of_ui(app: &AppHandle) -> Home {
    let server = app.config().build.dev_url.clone().filter(|_| tauri::is_dev());
    server.map_or(Home::Ui, Home::Server)
}
