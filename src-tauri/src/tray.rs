//! The icon in the desktop's tray: opens the window, ends the program, tells how many chats wait.
//!
//! Not every desktop has a tray, and an icon that nobody shows would make closing the window a trap: the program would run on
//! without a way back. So on Linux the desktop is asked first whether something shows such icons; without that there is no
//! icon, and closing the window ends the program.
//!
//! The count stands in the tooltip where trays have one, and in the menu everywhere.

use mostrador_api::Shop;
use mostrador_api::commands::dispatch;
use mostrador_api::dto::{AppEvent, Change};
use serde_json::json;
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Wry, include_image};
use tokio::sync::oneshot;

use crate::opening::Door;
use crate::{window, words};

const ID: &str = "tray";
const OPEN: &str = "open";
const QUIT: &str = "quit";
const ICON: Image<'_> = include_image!("icons/tray.png");

/// The icon and what changes in it.
struct Tray {
    icon: TrayIcon<Wry>,
    open: MenuItem<Wry>,
    quit: MenuItem<Wry>,
}

/// Can the tray bring the window back?
pub(crate) fn is_there(app: &AppHandle) -> bool {
    app.tray_by_id(ID).is_some()
}

/// Puts the icon into the tray, if there is one, and keeps it up to date.
pub(crate) async fn run(app: AppHandle, door: Door) {
    match put(&app).await {
        Some(tray) => {
            let shop = door.shop().await;
            tray.follow(&shop).await;
        }
        None => tracing::info!("no tray is shown on this desktop: closing the window ends the program"),
    }
    std::future::pending().await
}

async fn put(app: &AppHandle) -> Option<Tray> {
    if !desktop::shows_trays().await {
        return None;
    }
    let (built, tray) = oneshot::channel();
    let here = app.clone();
    // Menus belong to the main thread.
    app.run_on_main_thread(move || {
        let _nobody_waits = built.send(build(&here));
    })
    .ok()?;
    match tray.await.ok()? {
        Ok(tray) => Some(tray),
        Err(error) => {
            tracing::warn!(%error, "the tray takes no icon");
            None
        }
    }
}

fn build(app: &AppHandle) -> tauri::Result<Tray> {
    let words = words::of(words::system_language());
    let open = MenuItem::with_id(app, OPEN, words.open, true, None::<&str>)?;
    let quit = MenuItem::with_id(app, QUIT, words.quit, true, None::<&str>)?;
    let icon = TrayIconBuilder::with_id(ID)
        .icon(ICON)
        .menu(&Menu::with_items(app, &[&open, &quit])?)
        .show_menu_on_left_click(false)
        .on_menu_event(|app, event| match event.id().as_ref() {
            OPEN => window::show(app),
            QUIT => app.exit(0),
            _ => {}
        })
        .on_tray_icon_event(|icon, event| {
            if let TrayIconEvent::Click {
                button: MouseButton::Left,
                button_state: MouseButtonState::Up,
                ..
            } = event
            {
                window::show(icon.app_handle());
            }
        })
        .build(app)?;
    Ok(Tray { icon, open, quit })
}

impl Tray {
    /// Says how many chats wait, in the shop's language, whenever one of the two changes.
    async fn follow(&self, shop: &Shop) {
        let mut events = shop.events();
        loop {
            if let Err(error) = self.say(words::of(words::of_shop(shop).await), unread_chats(shop).await) {
                tracing::warn!(%error, "the tray does not change");
            }
            loop {
                match events.next().await {
                    Some(event) if concerns(&event) => break,
                    Some(_) => {}
                    None => return,
                }
            }
        }
    }

    fn say(&self, words: &words::Words, unread: u32) -> tauri::Result<()> {
        let open = if unread == 0 {
            words.open.to_owned()
        } else {
            (words.open_unread)(unread)
        };
        self.icon.set_tooltip(Some(&open))?;
        self.open.set_text(open)?;
        self.quit.set_text(words.quit)
    }
}

/// Can the count or the language be another one now?
fn concerns(event: &AppEvent) -> bool {
    match event {
        AppEvent::Changed { changes, .. } => changes
            .iter()
            .any(|change| matches!(change, Change::Chats | Change::Chat { .. } | Change::Settings)),
        AppEvent::Reload { .. } => true,
        AppEvent::OpenChat { .. } | AppEvent::Presence { .. } | AppEvent::Notify { .. } => false,
    }
}

async fn unread_chats(shop: &Shop) -> u32 {
    let args = json!({ "filter": "unread", "deviceId": null, "after": null, "limit": 1 });
    let page = dispatch(shop, "chat_list", args).await.unwrap_or_default();
    page["unreadChats"]
        .as_u64()
        .and_then(|count| u32::try_from(count).ok())
        .unwrap_or_default()
}

#[cfg(all(unix, not(target_os = "macos")))]
mod desktop {
    //! Linux: a tray is something that shows the status icons that programs offer on the session bus.

    use std::time::Duration;

    const WATCHER: &str = "org.kde.StatusNotifierWatcher";
    const PATIENCE: Duration = Duration::from_secs(2);

    pub(super) async fn shows_trays() -> bool {
        matches!(tokio::time::timeout(PATIENCE, ask()).await, Ok(Ok(true)))
    }

    async fn ask() -> zbus::Result<bool> {
        let bus = zbus::Connection::session().await?;
        let question = (WATCHER, "IsStatusNotifierHostRegistered");
        let properties = Some("org.freedesktop.DBus.Properties");
        let answer = bus
            .call_method(
                Some(WATCHER),
                "/StatusNotifierWatcher",
                properties,
                "Get",
                &question,
            )
            .await?;
        let body = answer.body();
        let value: zbus::Variant<'_> = body.deserialize()?;
        value.downcast::<bool>()
    }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
mod desktop {
    //! Windows and macOS always have one.

    pub(super) async fn shows_trays() -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tray_looks_again_only_when_count_or_language_may_have_changed() {
        let changed = |change| AppEvent::Changed {
            seq: 1,
            changes: vec![change],
        };
        for event in [
            changed(Change::Chats),
            changed(Change::Chat { chat_id: 1 }),
            changed(Change::Settings),
            AppEvent::Reload { since: 1 },
        ] {
            assert!(concerns(&event), "{event:?} may change what the tray says");
        }
        for event in [
            changed(Change::Devices),
            changed(Change::Media { media_id: 1 }),
            AppEvent::OpenChat { chat_id: 1 },
        ] {
            assert!(!concerns(&event), "{event:?} changes nothing that the tray says");
        }
    }
}
