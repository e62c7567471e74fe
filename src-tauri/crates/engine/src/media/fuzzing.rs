//! See [`crate::fuzzing`].

use std::io::Cursor;

use super::{ogg, sniff};
use crate::EngineError;

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct File {
    /// By content.
    pub mime: &'static str,
    /// Width and height in pixels, of a picture.
    pub size: Option<(u32, u32)>,
    /// How long a sound lasts, as it says itself.
    pub seconds: Option<i64>,
}

/// Looks at a file that claims to be `told`, as at one that has just arrived, and asks it how long it lasts, whatever it is.
///
/// # Errors
/// [`EngineError::MediaTooLarge`], [`EngineError::MediaUnsupported`].
pub fn file(bytes: &[u8], told: Option<&str>) -> Result<File, EngineError> {
    let seconds = ogg::seconds(Cursor::new(bytes))?;
    let seen = sniff::look_at(Cursor::new(bytes), told)?;
    Ok(File {
        mime: seen.mime,
        size: seen.size,
        seconds,
    })
}
