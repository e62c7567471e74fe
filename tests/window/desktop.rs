//! The desktop around the window: its notifications (dunst), its windows (X11), a picture of all of it.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;
use x11rb::protocol::xproto::{ClientMessageEvent, ConnectionExt as _, EventMask};

use crate::screen::picture_file;
use crate::waiting::until;

/// The colours of a window that shows a few letters: their edges alone have so many, a blank one has one.
pub(crate) const A_FEW_LETTERS: u32 = 16;
/// The colours of a window full of text and drawings.
pub(crate) const A_WHOLE_PAGE: u32 = 200;

/// A notification that was shown and is closed now.
pub(crate) struct Past {
    pub(crate) title: String,
    /// As markup.
    pub(crate) body: String,
}

/// Closes what is shown.
pub(crate) async fn clear_notifications() {
    answer("dunstctl", &["close-all"]);
    until("notifications should close", async || {
        (shown() == 0).then_some(())
    })
    .await;
}

/// Waits until so many notifications are shown.
pub(crate) async fn notifications(count: usize) {
    until(format!("{count} notifications should be shown"), async || {
        (shown() == count).then_some(())
    })
    .await;
}

pub(crate) fn shown() -> usize {
    answer("dunstctl", &["count", "displayed"])
        .trim()
        .parse()
        .unwrap_or(usize::MAX)
}

/// Clicks on the notification that is shown.
pub(crate) fn click_notification() {
    answer("dunstctl", &["action", "0"]);
}

/// The notification that was closed last.
pub(crate) fn last_notification() -> Past {
    let history: Value = serde_json::from_str(&answer("dunstctl", &["history"])).expect("a history is JSON");
    let text = |what: &str| {
        history["data"][0][0][what]["data"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    Past {
        title: text("summary"),
        body: text("body"),
    }
}

/// Waits until a window with this title is there, within the screen, and gives its number.
pub(crate) async fn window(title: &str) -> String {
    let exactly = format!("^{title}$");
    until(format!("a window called «{title}» should open"), async || {
        let found = Command::new("xdotool")
            .args(["search", "--onlyvisible", "--name", &exactly])
            .output()
            .ok()?;
        let found = String::from_utf8(found.stdout).ok()?;
        let window = found.lines().next()?;
        is_on_screen(window).then(|| window.to_owned())
    })
    .await
}

/// Is a window with this title to be seen?
pub(crate) fn is_shown(title: &str) -> bool {
    count(title) > 0
}

/// How many windows with this title are to be seen.
pub(crate) fn count(title: &str) -> usize {
    let exactly = format!("^{title}$");
    let search = ["search", "--onlyvisible", "--name", &exactly];
    // It fails when it finds none.
    let found = Command::new("xdotool").args(search).output();
    let found = found.expect("xdotool should be installed");
    String::from_utf8_lossy(&found.stdout).lines().count()
}

/// Moves a window and gives it a size, as a person does by its frame.
pub(crate) fn put_window(window: &str, place: [i64; 4]) {
    let [x, y, width, height] = place.map(|number| number.to_string());
    answer(
        "xdotool",
        &[
            "windowsize",
            window,
            &width,
            &height,
            "windowmove",
            window,
            &x,
            &y,
        ],
    );
}

/// Waits until a window is exactly there: from the left, from the top, width, height.
pub(crate) async fn window_at(window: &str, place: [i64; 4]) {
    until(format!("the window should be at {place:?}"), async || {
        let said = geometry(window);
        let now = ["X", "Y", "WIDTH", "HEIGHT"].map(|name| said.get(name).copied().unwrap_or(i64::MIN));
        (now == place).then_some(())
    })
    .await;
}

fn geometry(window: &str) -> BTreeMap<String, i64> {
    numbers(&answer("xdotool", &["getwindowgeometry", "--shell", window]))
}

fn numbers(text: &str) -> BTreeMap<String, i64> {
    let named = text.lines().filter_map(|line| line.split_once('='));
    named
        .filter_map(|(name, value)| Some((name.to_owned(), value.parse().ok()?)))
        .collect()
}

/// Waits until a window is drawn with at least so many colours.
pub(crate) async fn painted(window: &str, at_least: u32) {
    until("the window's page should be drawn", async || {
        let colours = answer("import", &["-window", window, "-format", "%k", "info:-"]);
        colours
            .trim()
            .parse::<u32>()
            .is_ok_and(|count| count >= at_least)
            .then_some(())
    })
    .await;
}

/// Is all of it before the person's eyes?
fn is_on_screen(window: &str) -> bool {
    let place = geometry(window);
    let screen = numbers(&answer("xdotool", &["getdisplaygeometry", "--shell"]));
    let of = |numbers: &BTreeMap<String, i64>, name: &str| numbers.get(name).copied().unwrap_or(i64::MAX / 2);
    of(&place, "X") >= 0
        && of(&place, "Y") >= 0
        && of(&place, "X") + of(&place, "WIDTH") <= of(&screen, "WIDTH")
        && of(&place, "Y") + of(&place, "HEIGHT") <= of(&screen, "HEIGHT")
}

/// Gives a window the keyboard, as a window manager does when it is brought up.
pub(crate) fn focus(window: &str) {
    answer("xdotool", &["windowfocus", "--sync", window]);
}

/// Presses a key in a window.
pub(crate) fn press_key(window: &str, key: &str) {
    answer("xdotool", &["windowfocus", "--sync", window, "key", key]);
}

/// Asks a window to close, as the button in its frame does.
pub(crate) fn close_window(window: &str) {
    let window = window.parse().expect("a window is a number");
    let (display, _) = x11rb::connect(None).expect("a display");
    let atom = |name: &str| {
        let asked = display.intern_atom(false, name.as_bytes());
        asked
            .expect("the display hears")
            .reply()
            .expect("a name has a number")
            .atom
    };
    let told = [atom("WM_DELETE_WINDOW"), x11rb::CURRENT_TIME, 0, 0, 0];
    let close = ClientMessageEvent::new(32, window, atom("WM_PROTOCOLS"), told);
    let sent = display.send_event(false, window, EventMask::NO_EVENT, close);
    sent.expect("the display hears")
        .check()
        .expect("the window is there");
}

/// Waits until no window with this title is to be seen.
pub(crate) async fn hidden(title: &str) {
    until(format!("«{title}» should be out of sight"), async || {
        (!is_shown(title)).then_some(())
    })
    .await;
}

/// Waits for one of the desktop's own dialogs and takes what it offers, as a person who presses Enter does. It may be larger than the
/// screen, and has gone when it has taken the key.
pub(crate) async fn accept(title: &str) {
    let exactly = format!("^{title}$");
    until(format!("a dialog called «{title}» should open"), async || {
        is_shown(title).then_some(())
    })
    .await;
    until(format!("«{title}» should take Enter"), async || {
        let search = ["search", "--onlyvisible", "--name", &exactly];
        // It may go while it is looked for.
        let _gone = Command::new("xdotool")
            .args(search)
            .args(["windowfocus", "key", "Return"])
            .output();
        (!is_shown(title)).then_some(())
    })
    .await;
}

/// Keeps a picture of the whole screen, if pictures are wanted.
pub(crate) fn photograph(name: &str) {
    if let Some(file) = picture_file(name) {
        answer("import", &["-window", "root", &file.display().to_string()]);
    }
}

pub(crate) fn answer(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("{program} should be installed: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{program} {arguments:?} should work: {said}"
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}
