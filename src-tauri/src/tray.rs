//! The icon in the desktop's tray: opens the window, ends the program, tells how many chats wait, holds notifications back.
//!
//! Not every desktop has a tray, and an icon that nobody shows would make closing the window a trap: the program would run on
//! without a way back. So on Linux the desktop is asked first whether something shows such icons; without that there is no
//! icon, and closing the window ends the program. A tray that comes later, as when the desktop is still starting, is noticed.
//! Somebody who starts us hidden in the tray gets the window if there is none after a while.
//!
//! A dot on the icon says that chats wait. How many stands beside it or in its tooltip where trays have that, and in the menu
//! everywhere. Its own menu says whether notifications are held back, and until when; the count goes on all the same.

#[cfg_attr(all(unix, not(target_os = "macos")), path = "tray/watcher.rs")]
#[cfg_attr(not(all(unix, not(target_os = "macos"))), path = "tray/system.rs")]
mod desktop;
mod menu;

use std::time::Duration;

use mostrador_api::Shop;
use mostrador_api::commands::dispatch;
use mostrador_api::dto::{AppEvent, Change, QuietChoice, QuietView};
use serde_json::{Value, json};
use tauri::image::Image;
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Wry, include_image};
use tokio::sync::{mpsc, oneshot};

use crate::opening::Door;
use crate::{window, words};
use menu::TrayMenu;

const ID: &str = "tray";
const ICON: Image<'_> = include_image!("icons/tray.png");
const ICON_UNREAD: Image<'_> = include_image!("icons/tray-unread.png");
/// How long somebody who starts us hidden waits for the desktop to bring its tray up.
const TRAY_COMES_WITHIN: Duration = Duration::from_secs(30);
/// Choices in the menu that may wait: people are slower than that.
const CHOICES: usize = 4;

/// The icon and what changes in it.
struct Tray {
    icon: TrayIcon<Wry>,
    menu: TrayMenu,
    choices: mpsc::Receiver<QuietChoice>,
}

/// What the tray tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Told {
    unread: u32,
    quiet: QuietView,
}

/// Can the tray bring the window back?
pub(crate) fn is_there(app: &AppHandle) -> bool {
    app.tray_by_id(ID).is_some()
}

/// Puts the icon into the tray as soon as there is one, and keeps it up to date.
pub(crate) async fn run(app: AppHandle, door: Door) {
    let tray_comes = desktop::tray_comes();
    tokio::pin!(tray_comes);
    let comes_soon = tokio::time::timeout(TRAY_COMES_WITHIN, &mut tray_comes);
    if comes_soon.await.is_err() {
        tracing::info!("no tray is shown on this desktop: closing the window ends the program");
        window::show_if_kept_hidden(&app);
        tray_comes.await;
    }
    if let Some(tray) = put(&app).await {
        let shop = door.shop().await;
        tray.follow(&shop).await;
    } else {
        window::show_if_kept_hidden(&app);
    }
    std::future::pending().await
}

async fn put(app: &AppHandle) -> Option<Tray> {
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
    let (chosen, choices) = mpsc::channel(CHOICES);
    let menu = TrayMenu::build(app, words::of(words::system_language()))?;
    let icon = TrayIconBuilder::with_id(ID)
        .icon(ICON)
        .menu(menu.whole())
        .show_menu_on_left_click(false)
        .on_menu_event(move |app, event| match event.id().as_ref() {
            menu::OPEN => window::show(app),
            menu::QUIT => app.exit(0),
            id => {
                if let Some(choice) = menu::quiet_of(id) {
                    let _too_many = chosen.try_send(choice);
                }
            }
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
    Ok(Tray { icon, menu, choices })
}

impl Tray {
    /// Says what there is to tell, in the shop's language, whenever something of it changes.
    async fn follow(mut self, shop: &Shop) {
        let mut events = shop.events();
        loop {
            let words = words::of(words::of_shop(shop).await);
            if let Err(error) = self.say(words, told(shop).await) {
                tracing::warn!(%error, "the tray does not change");
            }
            loop {
                tokio::select! {
                    next = events.next() => match next {
                        Some(event) if concerns(&event) => break,
                        Some(_) => {}
                        None => return,
                    },
                    Some(choice) = self.choices.recv() => hold_back(shop, choice).await,
                }
            }
        }
    }

    fn say(&self, words: &words::Words, told: Told) -> tauri::Result<()> {
        let open = self.menu.say(words, told)?;
        self.icon.set_tooltip(Some(&open))?;
        self.icon.set_title(count_beside(told.unread))?;
        let icon = if told.unread == 0 { ICON } else { ICON_UNREAD };
        self.icon.set_icon(Some(icon))
    }
}

/// Two digits are read at a glance, and a third one moves the icons beside it.
fn count_beside(unread: u32) -> Option<String> {
    match unread {
        0 => None,
        1..=99 => Some(unread.to_string()),
        _ => Some("99+".to_owned()),
    }
}

/// Can what is told be something else now?
fn concerns(event: &AppEvent) -> bool {
    match event {
        AppEvent::Changed { changes, .. } => changes
            .iter()
            .any(|change| matches!(change, Change::Chats | Change::Chat { .. } | Change::Settings)),
        AppEvent::Reload { .. } => true,
        AppEvent::OpenChat { .. }
        | AppEvent::Presence { .. }
        | AppEvent::Notify { .. }
        | AppEvent::NotifyEnd { .. } => false,
    }
}

async fn told(shop: &Shop) -> Told {
    let args = json!({ "filter": "unread", "deviceId": null, "after": null, "limit": 1 });
    let page = dispatch(shop, "chat_list", args).await.unwrap_or_default();
    let unread = page["unreadChats"]
        .as_u64()
        .and_then(|count| u32::try_from(count).ok());
    let quiet = dispatch(shop, "quiet_get", Value::Null).await.unwrap_or_default();
    Told {
        unread: unread.unwrap_or_default(),
        quiet: serde_json::from_value(quiet).unwrap_or(QuietView::Off),
    }
}

async fn hold_back(shop: &Shop, choice: QuietChoice) {
    if let Err(error) = dispatch(shop, "quiet_set", json!({ "choice": choice })).await {
        tracing::warn!(code = ?error.code, "notifications could not be held back, or let go");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tray_looks_again_only_when_what_it_tells_may_have_changed() {
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

    #[test]
    fn the_count_beside_the_icon_stays_short() {
        let shown: Vec<_> = [0, 1, 99, 100, u32::MAX].map(count_beside).into_iter().collect();
        assert_eq!(
            shown,
            [
                None,
                Some("1".into()),
                Some("99".into()),
                Some("99+".into()),
                Some("99+".into())
            ],
            "nothing when nobody waits"
        );
    }
}
