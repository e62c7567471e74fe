//! What a link to Whapi offers, and with which limits.
//!
//! | Limit | Source |
//! |---|---|
//! | media types | those that the gateway's upload documents; a document may be anything |
//! | 2 to 12 answers to a question, 3 buttons | documented |
//! | 10 rows in a list | WhatsApp's own |
//! | length of a text, size of a file, cards in a message, numbers in a look-up | not documented (it answers 413 or 400): ours, the usual ones of WhatsApp's clients |
//! | rate | not documented (it answers 429): nothing is said |

use std::time::Duration;

use mostrador_domain::{
    ActionCapabilities, Capabilities, ChatCapabilities, MediaKind, MediaLimits, PairingCapabilities,
    SendCapabilities, TextLimits,
};

const PICTURES: &[&str] = &["image/jpeg", "image/png"];
const FILMS: &[&str] = &["video/mp4"];
const SOUNDS: &[&str] = &["audio/mp4", "audio/mpeg", "audio/amr", "audio/aac", "audio/ogg"];
const VOICES: &[&str] = &["audio/ogg", "audio/ogg; codecs=opus", "audio/mp4"];
const STICKERS: &[&str] = &["image/webp"];
const ANYTHING: &[&str] = &[];

/// A file up to this many bytes travels inside its send; a larger one is uploaded first.
pub(super) const LARGEST_INLINE: u64 = 16_000_000;

/// Numbers that are looked up in one call.
pub(super) const NUMBERS_AT_ONCE: u32 = 50;

/// Answers to a question.
pub(super) const POLL_OPTIONS: std::ops::RangeInclusive<usize> = 2..=12;

/// Buttons below a message.
pub(super) const MOST_BUTTONS: usize = 3;

/// Rows of a list.
pub(super) const MOST_ROWS: usize = 10;

/// Cards of persons in one message.
pub(super) const MOST_CARDS: u32 = 50;

const fn limits(max_bytes: u64, mimes: &'static [&'static str]) -> MediaLimits {
    MediaLimits { max_bytes, mimes }
}

const MEDIA: &[(MediaKind, MediaLimits)] = &[
    (MediaKind::Image, limits(LARGEST_INLINE, PICTURES)),
    (MediaKind::Video, limits(LARGEST_INLINE, FILMS)),
    (MediaKind::ShortVideo, limits(LARGEST_INLINE, FILMS)),
    (MediaKind::Gif, limits(LARGEST_INLINE, FILMS)),
    (MediaKind::Audio, limits(LARGEST_INLINE, SOUNDS)),
    (MediaKind::Voice, limits(LARGEST_INLINE, VOICES)),
    (MediaKind::Document, limits(100_000_000, ANYTHING)),
    (MediaKind::Sticker, limits(500_000, STICKERS)),
];

/// What every link offers.
pub(super) const CAPABILITIES: Capabilities = Capabilities {
    send: SendCapabilities {
        text: Some(TextLimits { max_chars: 4096 }),
        caption: None,
        media: MEDIA,
        inline_up_to: Some(LARGEST_INLINE),
        link_preview: true,
        location: true,
        live_location: true,
        contacts: Some(MOST_CARDS),
        poll: Some(12),
        buttons: true,
        lists: true,
        forward: true,
        quote: true,
        quote_in_cards: true,
        mentions: true,
        mentions_under: &[MediaKind::Image, MediaKind::Video, MediaKind::ShortVideo],
        groups: true,
    },
    actions: ActionCapabilities {
        edit: true,
        delete: true,
        react: true,
        star: true,
        pin: true,
    },
    chats: ChatCapabilities {
        mark_read: true,
        mark_unread: true,
        archive: true,
        pin: true,
        mute: true,
        disappearing: true,
        delete: true,
    },
    pairing: PairingCapabilities {
        qr: true,
        code: true,
        logout: true,
    },
    history: true,
    contacts: true,
    saved_contacts: true,
    number_check: Some(NUMBERS_AT_ONCE),
    groups: true,
    labels: true,
    label_edits: true,
    label_colours: super::labels::COLOURS,
    blocks: true,
    profile: true,
    presence: true,
    typing: true,
    stories: true,
    settings: true,
    limits: true,
    webhooks: true,
    // No id of ours is taken: two sends of the same text are two messages.
    rate: None,
    rate_of_calls: false,
    ask_every: Duration::ZERO,
    // Ours: no lag is documented.
    history_lag: Duration::from_secs(5),
};

/// The limits of files of this kind.
pub(super) fn media(kind: MediaKind) -> Option<&'static MediaLimits> {
    MEDIA
        .iter()
        .find(|(offered, _)| *offered == kind)
        .map(|(_, limits)| limits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_file_has_limits_and_only_documents_need_an_upload() {
        for kind in MediaKind::ALL {
            let limits = media(*kind).unwrap_or_else(|| panic!("{kind:?} is sent"));
            let needs_upload = limits.max_bytes > LARGEST_INLINE;
            assert_eq!(
                needs_upload,
                *kind == MediaKind::Document,
                "{kind:?}: what fits travels inside its one call"
            );
        }
    }
}
