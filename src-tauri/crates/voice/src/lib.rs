//! A voice message as WhatsApp plays it: what the computer's microphone hears, as Opus in Ogg.
//!
//! - `Recording`: the microphone, from the press of a button to the next (feature `microphone`, which needs the system's sound)
//! - [`Speech`]: sound to a file, whatever it comes from; [`Ear`]: sound of any rate and number of channels, as [`Speech`] takes it
//! - [`encode`]: the one through the other
//!
//! ```text
//! (nothing) --begin--> recording --end--> a file
//!                          |--dropped--> (nothing)
//! ```
//!
//! A microphone that is unplugged ends nothing: what was heard until then is the file. After [`MOST`] no more is heard.

mod ear;
#[cfg(feature = "microphone")]
mod recording;
mod speech;

pub use ear::Ear;
#[cfg(feature = "microphone")]
pub use recording::Recording;
pub use speech::{Speech, encode};

use std::time::Duration;

/// So long is a message at the most.
pub const MOST: Duration = Duration::from_secs(15 * 60);

/// Samples a second, of the one channel that a voice message has.
pub const RATE: u32 = 48_000;

/// Why there is no recording.
#[derive(Debug, thiserror::Error)]
pub enum VoiceError {
    /// The computer has no microphone, or nobody may use it.
    #[error("no microphone can be used: {0}")]
    NoMicrophone(String),
    /// The encoder would not.
    #[error("the sound could not be encoded: {0}")]
    Encoding(#[from] opus_pure::Error),
    /// The task that encodes is gone.
    #[error("the recording was lost")]
    Lost,
}
