//! What a link offers, and with which limits.
//!
//! The gateway takes 100 calls in a quarter of an hour, of any kind. They are shared out so:
//!
//! | For | Calls in 15 minutes |
//! |---|---|
//! | how the link is, every minute | 15 |
//! | whether it still knows our address, every minute | 15 |
//! | messages | 60 |
//! | whatever a person asks | the rest |
//!
//! While a code is on show the link is asked after every ten seconds; nothing is sent then.

use std::time::Duration;

use mostrador_domain::{
    Capabilities, MediaKind, MediaLimits, PairingCapabilities, SendCapabilities, TextLimits,
};

/// Numbers that are looked up in one call: ours, since the gateway looks them up one after another while we wait.
pub(super) const NUMBERS_AT_ONCE: u32 = 30;

/// Documented.
pub(super) const LONGEST_TEXT: u32 = 4096;

/// Documented.
pub(super) const LONGEST_CAPTION: u32 = 1024;

/// A call may have 10 MB; in base64 a file is a third larger.
const LARGEST_PICTURE: u64 = 7_000_000;

const PICTURES: &[&str] = &["image/jpeg", "image/png"];

pub(super) const PICTURE: MediaLimits = MediaLimits {
    max_bytes: LARGEST_PICTURE,
    mimes: PICTURES,
};

/// What every link offers. A document cannot be handed over, only its address; so files are pictures.
pub(super) const CAPABILITIES: Capabilities = Capabilities {
    send: SendCapabilities {
        text: Some(TextLimits {
            max_chars: LONGEST_TEXT,
        }),
        caption: Some(TextLimits {
            max_chars: LONGEST_CAPTION,
        }),
        media: &[(MediaKind::Image, PICTURE)],
        ..Capabilities::NONE.send
    },
    pairing: PairingCapabilities {
        qr: true,
        code: false,
        logout: true,
    },
    number_check: Some(NUMBERS_AT_ONCE),
    webhooks: true,
    rate: Some((60, Duration::from_secs(900))),
    ask_every: Duration::from_secs(10),
    ..Capabilities::NONE
};
