//! What a link offers, by generation. The vendor documents no limits: they are WhatsApp's own, or ours where that is said.

use mostrador_domain::{
    ActionCapabilities, Capabilities, ChatCapabilities, MediaKind, MediaLimits, PairingCapabilities,
    SendCapabilities, TextLimits,
};

/// Numbers that are looked up in one call: ours, the gateway names no limit.
pub(super) const NUMBERS_AT_ONCE: u32 = 50;

/// A file travels inside its call, in base64. Ours: what a shop's line carries in the time allowed.
const LARGEST: u64 = 16 * 1024 * 1024;

const fn of(mimes: &'static [&'static str]) -> MediaLimits {
    MediaLimits {
        max_bytes: LARGEST,
        mimes,
    }
}

const TEXT: Option<TextLimits> = Some(TextLimits { max_chars: 4096 });
const PICTURES: MediaLimits = of(&["image/jpeg", "image/png"]);
const FILMS: MediaLimits = of(&["video/mp4"]);
const SOUNDS: MediaLimits = of(&["audio/ogg", "audio/mpeg", "audio/mp4"]);
const DOCUMENTS: MediaLimits = of(&[]);
const PDFS: MediaLimits = of(&["application/pdf"]);

/// Of labels it makes none; of presence it only shows that somebody writes. Nothing reacts, quotes, stars, pins or mutes.
const COMMON: Capabilities = Capabilities {
    actions: ActionCapabilities {
        edit: true,
        delete: true,
        ..Capabilities::NONE.actions
    },
    chats: ChatCapabilities {
        mark_read: true,
        mark_unread: true,
        archive: true,
        ..Capabilities::NONE.chats
    },
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
    typing: true,
    webhooks: true,
    ..Capabilities::NONE
};

pub(super) const CURRENT: Capabilities = Capabilities {
    send: SendCapabilities {
        text: TEXT,
        media: &[
            (MediaKind::Image, PICTURES),
            (MediaKind::Video, FILMS),
            (MediaKind::ShortVideo, FILMS),
            (MediaKind::Voice, SOUNDS),
            (MediaKind::Document, DOCUMENTS),
        ],
        location: true,
        contacts: Some(1),
        poll: Some(10),
        buttons: true,
        lists: true,
        // Documented for a text alone.
        mentions: true,
        groups: true,
        ..Capabilities::NONE.send
    },
    chats: ChatCapabilities {
        delete: true,
        ..COMMON.chats
    },
    ..COMMON
};

/// Other files it fetches from an address; of some calls it does not answer with the message's id, and those are not used.
pub(super) const INTERMEDIATE: Capabilities = Capabilities {
    send: SendCapabilities {
        text: TEXT,
        media: &[(MediaKind::Document, PDFS)],
        groups: true,
        ..Capabilities::NONE.send
    },
    ..COMMON
};

/// Lists failed when they were recorded. Its documentation tells the phone's name and a person's own apart, in the library's own words;
/// the newer ones answer with the server's rows, of which nobody can tell whom the phone has saved.
pub(super) const QRAPI2: Capabilities = Capabilities {
    send: SendCapabilities {
        text: TEXT,
        media: &[
            (MediaKind::ShortVideo, FILMS),
            (MediaKind::Voice, SOUNDS),
            (MediaKind::Document, DOCUMENTS),
        ],
        location: true,
        contacts: Some(10),
        poll: Some(10),
        buttons: true,
        groups: true,
        ..Capabilities::NONE.send
    },
    saved_contacts: true,
    ..COMMON
};
