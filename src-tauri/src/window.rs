//! The windows: the UI's, and the practice phone's.
//!
//! - Each has one home and cannot be taken elsewhere ([`crate::addresses`]); neither opens further windows.
//! - Each is shown when its page is there, so that it does not come up empty.
//! - The phone's window holds a page that the practice shop serves. It has no capability: the web view's bridge answers it
//!   nothing. It remembers nothing either.
//!
//! Closing the UI's window hides it if the tray can bring it back, and ends the program if not. Where it was is kept whenever it
//! loses the focus, is closed, or the program ends ([`crate::window_place`]). A start that is to stay in the tray keeps it hidden
//! until somebody asks for it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use tauri::webview::{NewWindowResponse, PageLoadEvent, PageLoadPayload};
use tauri::{
    AppHandle, LogicalPosition, Manager as _, PhysicalPosition, PhysicalSize, WebviewUrl, WebviewWindow,
    WebviewWindowBuilder, Window, WindowEvent,
};
use url::Url;

use crate::addresses::Home;
use crate::tray;
use crate::window_place::{Kept, Place};

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

/// Up while the UI's window is to stay out of the way.
struct KeptHidden(AtomicBool);

/// Up once the UI's page was there for the first time: one that is loaded again brings up no window that was closed meanwhile.
#[derive(Default)]
struct CameUp(AtomicBool);

/// Where the place of the UI's window is kept.
struct KeptIn(PathBuf);

/// What the windows share, before there is any: a start that fails must find the curtain, however early it fails.
pub(crate) fn prepare(app: &AppHandle, data: &Path, hidden: bool) {
    app.manage(Curtain::default());
    app.manage(KeptHidden(AtomicBool::new(hidden)));
    app.manage(CameUp::default());
    app.manage(KeptIn(data.to_owned()));
}

/// Opens the UI's window; it stays hidden until somebody asks for it, if it was [prepared](prepare) so.
pub(crate) fn open_main(app: &AppHandle, data: &Path) -> tauri::Result<()> {
    let home = home_of_ui(app);
    let kept = Kept::read(data).and_then(|kept| Some((kept.place.on_screen(&screens(app))?, kept.maximized)));
    let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title(TITLE)
        .inner_size(USUAL.0, USUAL.1)
        .min_inner_size(SMALLEST.0, SMALLEST.1)
        .prevent_overflow()
        .visible(false)
        .data_directory(data.join(WEB_VIEW_FOLDER))
        // A picture that is dropped is the page's to take.
        .disable_drag_drop_handler()
        .on_navigation(move |url| stays(&home, url))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_page_load(when_there);
    match kept {
        Some((place, maximized)) => put(&window.build()?, place, maximized),
        None => window.center().build().map(drop),
    }
}

fn put(window: &WebviewWindow, place: Place, maximized: bool) -> tauri::Result<()> {
    window.set_size(PhysicalSize::new(place.width, place.height))?;
    window.set_position(PhysicalPosition::new(place.x, place.y))?;
    if maximized { window.maximize() } else { Ok(()) }
}

/// What of each screen a window may cover.
fn screens(app: &AppHandle) -> Vec<Place> {
    let screens = app.available_monitors().unwrap_or_default();
    let areas = screens.iter().map(tauri::Monitor::work_area);
    areas
        .map(|area| Place {
            x: area.position.x,
            y: area.position.y,
            width: area.size.width,
            height: area.size.height,
        })
        .collect()
}

/// Keeps where the UI's window is. That it cannot be kept is noted in the log and stops nothing.
pub(crate) fn keep_place(app: &AppHandle) {
    let (Some(window), Some(folder)) = (app.get_webview_window(MAIN), app.try_state::<KeptIn>()) else {
        return;
    };
    let before = Kept::read(&folder.0);
    match place_of(&window, before) {
        Ok(Some(kept)) if Some(kept) != before => {
            if let Err(error) = kept.write(&folder.0) {
                tracing::warn!(kind = ?error.kind(), "the window's place could not be kept");
            }
        }
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "the window does not say where it is"),
    }
}

/// Of a window that fills the screen the place is that which it had before.
fn place_of(window: &WebviewWindow, before: Option<Kept>) -> tauri::Result<Option<Kept>> {
    if !window.is_visible()? || window.is_minimized()? || window.is_fullscreen()? {
        return Ok(None);
    }
    let maximized = window.is_maximized()?;
    let (at, size) = (window.outer_position()?, window.inner_size()?);
    let now = Place {
        x: at.x,
        y: at.y,
        width: size.width,
        height: size.height,
    };
    let place = before.filter(|_| maximized).map_or(now, |before| before.place);
    Ok(Some(Kept { place, maximized }))
}

/// Opens the practice phone at `url`, or brings its window up if it is open, with the number that is wanted now.
pub(crate) fn open_phone(app: &AppHandle, url: Url, title: &str) -> tauri::Result<()> {
    if let Some(open) = app.get_webview_window(PHONE) {
        if open.url()? != url {
            open.navigate(url)?;
        }
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
    no_longer_hidden(app);
    if let Some(window) = app.get_webview_window(MAIN) {
        bring_up(&window);
    }
}

/// Brings the UI's window up if the program was started to stay in the tray: there is none.
pub(crate) fn show_if_kept_hidden(app: &AppHandle) {
    if no_longer_hidden(app) {
        show(app);
    }
}

/// Says whether it was hidden until now.
fn no_longer_hidden(app: &AppHandle) -> bool {
    app.try_state::<KeptHidden>()
        .is_some_and(|hidden| hidden.0.swap(false, Ordering::SeqCst))
}

/// Takes all windows away for good: the program is about to end. Says whether this was the first time.
pub(crate) fn hide_all(app: &AppHandle) -> bool {
    keep_place(app);
    let first = app
        .try_state::<Curtain>()
        .is_none_or(|curtain| !curtain.0.swap(true, Ordering::SeqCst));
    for window in app.webview_windows().values() {
        let _gone_already = window.hide();
    }
    first
}

/// What closing a window means.
pub(crate) fn on_event(window: &Window, event: &WindowEvent) {
    let app = window.app_handle();
    match (window.label(), event) {
        (MAIN, WindowEvent::Focused(false)) => keep_place(app),
        (MAIN, WindowEvent::CloseRequested { api, .. }) => {
            api.prevent_close();
            keep_place(app);
            if tray::is_there(app) {
                let _gone_already = window.hide();
            } else {
                app.exit(0);
            }
        }
        _ => {}
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
    if load.event() != PageLoadEvent::Finished {
        return;
    }
    let came_up = || {
        window
            .try_state::<CameUp>()
            .is_some_and(|came_up| came_up.0.swap(true, Ordering::SeqCst))
    };
    let stays_hidden = || {
        window
            .try_state::<KeptHidden>()
            .is_some_and(|hidden| hidden.0.load(Ordering::SeqCst))
    };
    if window.label() != MAIN || (!came_up() && !stays_hidden()) {
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
