//! What a link can do. Screens and the engine ask this, never a gateway's name.

use std::time::Duration;

/// What one opened link offers, with its limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// Sends words.
    pub send_text: Option<TextLimits>,
    /// Sends pictures.
    pub send_image: Option<MediaLimits>,
    /// Tells WhatsApp that messages were read.
    pub mark_read: bool,
    /// Shows a QR code to link a number.
    pub pair_by_qr: bool,
    /// Can unlink the number.
    pub logout: bool,
    /// Lists chats and their earlier messages.
    pub history: bool,
    /// Takes an id of ours with a send, and never sends the same id twice.
    pub idempotent_sends: bool,
    /// Calls us when something happens, at an address that we name.
    pub webhooks: bool,
    /// Messages per time that the gateway allows: (how many, in how long).
    pub rate: Option<(u32, Duration)>,
    /// After how long a message that was sent is surely listed in the history.
    pub history_lag: Duration,
}

/// Limits of a text message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextLimits {
    /// Unicode scalar values.
    pub max_chars: u32,
}

/// Limits of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaLimits {
    /// Bytes.
    pub max_bytes: u64,
    /// The media types that are taken.
    pub mimes: &'static [&'static str],
}

impl Capabilities {
    /// A link that offers nothing: what a driver starts from.
    pub const NONE: Self = Self {
        send_text: None,
        send_image: None,
        mark_read: false,
        pair_by_qr: false,
        logout: false,
        history: false,
        idempotent_sends: false,
        webhooks: false,
        rate: None,
        history_lag: Duration::from_secs(5),
    };
}
