//! Where the window was, kept over restarts.
//!
//! One small file in the data folder holds the place, the size and whether the window filled the screen. It is a convenience:
//! what cannot be read counts as not there, and what cannot be written is not worth a word to a person. A place is taken only as
//! far as it is on a screen that is there now: a monitor may have been taken away, or be another one.

#[cfg(feature = "desktop")]
use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// In the data folder.
const FILE: &str = "window.json";

/// A rectangle on the desktop, in the screen's own pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// From the desktop's left.
    pub x: i32,
    /// From the desktop's top.
    pub y: i32,
    /// Of what is inside the frame.
    pub width: u32,
    /// Of what is inside the frame.
    pub height: u32,
}

/// How a window was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Where it was when it did not fill the screen.
    #[serde(flatten)]
    pub place: Place,
    /// It filled the screen.
    pub maximized: bool,
}

impl Kept {
    /// As it was kept in a data folder, if it was.
    pub fn read(data: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(data.join(FILE)).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Keeps it, whole or not at all.
    ///
    /// # Errors
    /// The folder's.
    #[cfg(feature = "desktop")]
    pub fn write(self, data: &Path) -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(data)?;
        file.write_all(&serde_json::to_vec(&self)?)?;
        file.persist(data.join(FILE)).map_err(|failed| failed.error)?;
        Ok(())
    }
}

impl Place {
    /// The same on one of these screens, moved and made smaller as far as it has to be. `None` = it is on none of them.
    #[must_use]
    pub fn on_screen(self, screens: &[Self]) -> Option<Self> {
        let shared = |screen: &Self| {
            let width = shared(self.x, self.width, screen.x, screen.width);
            width * shared(self.y, self.height, screen.y, screen.height)
        };
        let screen = screens.iter().max_by_key(|screen| shared(screen))?;
        if shared(screen) <= 0 {
            return None;
        }
        let (x, width) = within(self.x, self.width, screen.x, screen.width);
        let (y, height) = within(self.y, self.height, screen.y, screen.height);
        Some(Self { x, y, width, height })
    }
}

/// How much of one line is on another.
fn shared(start: i32, length: u32, other: i32, other_length: u32) -> i64 {
    let end = |start: i32, length: u32| i64::from(start) + i64::from(length);
    let overlap = end(start, length).min(end(other, other_length)) - i64::from(start.max(other));
    overlap.max(0)
}

/// A line moved into another, and shortened to it.
fn within(start: i32, length: u32, other: i32, other_length: u32) -> (i32, u32) {
    let length = length.min(other_length);
    let room = i64::from(other) + i64::from(other_length) - i64::from(length);
    let moved = i64::from(start).clamp(i64::from(other), room);
    (i32::try_from(moved).unwrap_or(other), length)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEFT: Place = Place {
        x: 0,
        y: 0,
        width: 1_366,
        height: 768,
    };
    const RIGHT: Place = Place {
        x: 1_366,
        y: -200,
        width: 1_920,
        height: 1_080,
    };

    fn at(x: i32, y: i32, width: u32, height: u32) -> Place {
        Place { x, y, width, height }
    }

    #[test]
    fn a_window_that_is_on_a_screen_stays_where_it_was() {
        for place in [at(100, 50, 900, 600), at(1_400, -150, 1_200, 700), LEFT] {
            assert_eq!(
                place.on_screen(&[LEFT, RIGHT]),
                Some(place),
                "{place:?} is in sight"
            );
        }
    }

    #[test]
    fn a_window_that_hangs_over_an_edge_is_moved_in() {
        assert_eq!(
            at(-300, 400, 900, 600).on_screen(&[LEFT]),
            Some(at(0, 168, 900, 600)),
            "as little as it has to be"
        );
        assert_eq!(
            at(1_300, 0, 900, 600).on_screen(&[LEFT, RIGHT]),
            Some(at(1_366, 0, 900, 600)),
            "onto the screen that shows most of it"
        );
        assert_eq!(
            at(10, 10, 3_000, 2_000).on_screen(&[LEFT]),
            Some(LEFT),
            "no larger than the screen"
        );
    }

    #[test]
    fn a_window_whose_screen_is_gone_has_no_place() {
        for place in [
            at(1_400, 0, 900, 600),
            at(-901, 0, 900, 600),
            at(0, 768, 900, 600),
            at(i32::MAX, i32::MAX, u32::MAX, u32::MAX),
            at(0, 0, 0, 0),
        ] {
            assert_eq!(place.on_screen(&[LEFT]), None, "{place:?} is out of sight");
        }
        assert_eq!(LEFT.on_screen(&[]), None, "there is no screen");
    }

    #[cfg(feature = "desktop")]
    #[test]
    fn what_was_kept_is_read_again_and_anything_else_is_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(Kept::read(folder.path()), None, "the first start");
        let kept = Kept {
            place: at(-5, 7, 900, 600),
            maximized: true,
        };
        kept.write(folder.path()).expect("kept");
        kept.write(folder.path()).expect("and again, over the first");
        assert_eq!(Kept::read(folder.path()), Some(kept), "as it was");

        for text in [
            "",
            "{}",
            "[1]",
            r#"{"x":0,"y":0,"width":-1,"height":1,"maximized":false}"#,
        ] {
            std::fs::write(folder.path().join(FILE), text).expect("written");
            assert_eq!(Kept::read(folder.path()), None, "{text:?} is no place");
        }
    }
}
