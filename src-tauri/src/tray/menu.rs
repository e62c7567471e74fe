//! The tray's menu and its words.

use chrono::{DateTime, Local};
use mostrador_api::dto::{QuietChoice, QuietView};
use mostrador_domain::UnixMillis;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem, Submenu};
use tauri::{AppHandle, Wry};

use super::Told;
use crate::words::Words;

pub(super) const OPEN: &str = "open";
pub(super) const QUIT: &str = "quit";
const AGAIN: &str = "quiet-off";
const HOUR: &str = "quiet-hour";
const TOMORROW: &str = "quiet-tomorrow";
const ALWAYS: &str = "quiet-on";

/// The menu, and what changes in it.
pub(super) struct TrayMenu {
    whole: Menu<Wry>,
    open: MenuItem<Wry>,
    quiet: Submenu<Wry>,
    again: MenuItem<Wry>,
    hour: MenuItem<Wry>,
    tomorrow: MenuItem<Wry>,
    always: MenuItem<Wry>,
    quit: MenuItem<Wry>,
}

/// For how long an entry of the menu holds notifications back, if it is about that.
pub(super) fn quiet_of(id: &str) -> Option<QuietChoice> {
    match id {
        AGAIN => Some(QuietChoice::Off),
        HOUR => Some(QuietChoice::Hour),
        TOMORROW => Some(QuietChoice::Tomorrow),
        ALWAYS => Some(QuietChoice::On),
        _ => None,
    }
}

impl TrayMenu {
    pub(super) fn build(app: &AppHandle, words: &Words) -> tauri::Result<Self> {
        let item = |id: &str, text: &str| MenuItem::with_id(app, id, text, true, None::<&str>);
        let (open, quit) = (item(OPEN, words.open)?, item(QUIT, words.quit)?);
        let (again, hour) = (item(AGAIN, words.quiet_off)?, item(HOUR, words.quiet_hour)?);
        let (tomorrow, always) = (
            item(TOMORROW, words.quiet_tomorrow)?,
            item(ALWAYS, words.quiet_always)?,
        );
        let line = PredefinedMenuItem::separator(app)?;
        let quiet = Submenu::with_items(app, words.quiet, true, &[&again, &hour, &tomorrow, &always])?;
        Ok(Self {
            whole: Menu::with_items(app, &[&open, &quiet, &line, &quit])?,
            open,
            quiet,
            again,
            hour,
            tomorrow,
            always,
            quit,
        })
    }

    pub(super) fn whole(&self) -> &Menu<Wry> {
        &self.whole
    }

    /// Says what there is to tell; gives the words of its first entry, for the tooltip.
    pub(super) fn say(&self, words: &Words, told: Told) -> tauri::Result<String> {
        let open = if told.unread == 0 {
            words.open.to_owned()
        } else {
            (words.open_unread)(told.unread)
        };
        self.open.set_text(&open)?;
        self.quiet.set_text(words.quiet)?;
        self.again.set_text(again_words(words, told.quiet))?;
        self.again.set_enabled(told.quiet != QuietView::Off)?;
        self.hour.set_text(words.quiet_hour)?;
        self.tomorrow.set_text(words.quiet_tomorrow)?;
        self.always.set_text(words.quiet_always)?;
        self.quit.set_text(words.quit)?;
        Ok(open)
    }
}

/// The entry that ends the quiet tells it too: trays do not notice when the name of a menu within theirs changes.
fn again_words(words: &Words, quiet: QuietView) -> String {
    match quiet {
        QuietView::Off => words.quiet_off.to_owned(),
        QuietView::On => words.quiet_is_on.to_owned(),
        QuietView::Until { at } => (words.quiet_until)(&clock(at)),
    }
}

/// The time of day on the shop's clock.
fn clock(at: UnixMillis) -> String {
    let at = DateTime::from_timestamp_millis(at.0).unwrap_or_default();
    at.with_timezone(&Local).format("%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use mostrador_api::dto::Language;

    use super::*;
    use crate::words;

    #[test]
    fn the_menu_says_in_every_language_whether_notifications_are_held_back() {
        let end = UnixMillis(1_764_320_700_000);
        let until = QuietView::Until { at: end };
        for language in [Language::Es, Language::PtBr, Language::En] {
            let words = words::of(language);
            let said = [QuietView::Off, QuietView::On, until].map(|quiet| again_words(words, quiet));
            assert!(
                said[0] != said[1] && said[1] != said[2] && said[0] != said[2],
                "{language:?} tells the three apart: {said:?}"
            );
            assert!(
                said[2].contains(&clock(end)),
                "{language:?} says until when, to the minute: {}",
                said[2]
            );
        }
    }

    #[test]
    fn each_choice_has_one_entry() {
        assert_eq!(
            [AGAIN, HOUR, TOMORROW, ALWAYS].map(quiet_of),
            [
                Some(QuietChoice::Off),
                Some(QuietChoice::Hour),
                Some(QuietChoice::Tomorrow),
                Some(QuietChoice::On)
            ]
        );
        assert_eq!(
            (quiet_of(OPEN), quiet_of(QUIT)),
            (None, None),
            "others are about others"
        );
    }
}
