//! What every link offers. The server documents no limits: they are WhatsApp's own, or ours where that is said.

use mostrador_domain::{
    ActionCapabilities, Capabilities, ChatCapabilities, MediaKind, MediaLimits, PairingCapabilities,
    SendCapabilities, TextLimits,
};

/// Numbers that are looked up in one call: ours.
pub(super) const NUMBERS_AT_ONCE: u32 = 50;

/// Its schema has two answers at least and ten at most.
const ANSWERS: u32 = 10;

/// Cards in one message: ours.
const CARDS: u32 = 10;

/// A file travels inside its call, in base64. Ours: what a shop's line carries in the time allowed.
const LARGEST: u64 = 16 * 1024 * 1024;

const fn of(mimes: &'static [&'static str]) -> MediaLimits {
    MediaLimits {
        max_bytes: LARGEST,
        mimes,
    }
}

const PICTURES: MediaLimits = of(&["image/jpeg", "image/png"]);
const FILMS: MediaLimits = of(&["video/mp4"]);
const SOUNDS: MediaLimits = of(&["audio/ogg", "audio/mpeg", "audio/mp4"]);
const STICKERS: MediaLimits = of(&["image/webp", "image/png", "image/jpeg"]);
const DOCUMENTS: MediaLimits = of(&[]);

/// What is there in part only, and so has no screen: labels are put on chats and not made, what we do in a chat is shown only for as long
/// as the call lasts. Persons are listed, but not whom the phone has saved: see [`crate::baileys::people::contact`].
pub(super) const CAPABILITIES: Capabilities = Capabilities {
    send: SendCapabilities {
        text: Some(TextLimits { max_chars: 4096 }),
        media: &[
            (MediaKind::Image, PICTURES),
            (MediaKind::Video, FILMS),
            (MediaKind::ShortVideo, FILMS),
            (MediaKind::Audio, SOUNDS),
            (MediaKind::Voice, SOUNDS),
            (MediaKind::Sticker, STICKERS),
            (MediaKind::Document, DOCUMENTS),
        ],
        location: true,
        contacts: Some(CARDS),
        poll: Some(ANSWERS),
        buttons: true,
        lists: true,
        quote: true,
        // Of a card's schema neither an answer nor a name is part.
        quote_in_cards: false,
        mentions: true,
        mentions_under: &[MediaKind::Image, MediaKind::Video, MediaKind::Document],
        groups: true,
        ..Capabilities::NONE.send
    },
    actions: ActionCapabilities {
        edit: true,
        delete: true,
        react: true,
        ..Capabilities::NONE.actions
    },
    chats: ChatCapabilities {
        mark_read: true,
        mark_unread: true,
        archive: true,
        ..Capabilities::NONE.chats
    },
    // It also makes a code to type, but only for an instance that shows none to scan yet.
    pairing: PairingCapabilities {
        qr: true,
        code: false,
        logout: true,
    },
    history: true,
    contacts: true,
    number_check: Some(NUMBERS_AT_ONCE),
    groups: true,
    labels: true,
    webhooks: true,
    ..Capabilities::NONE
};
