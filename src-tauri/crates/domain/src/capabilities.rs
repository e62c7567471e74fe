//! What a link can do. Screens and the engine ask this, never a gateway's name.

use std::time::Duration;

use crate::MediaKind;

/// What one opened link offers, with its limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// What it sends.
    pub send: SendCapabilities,
    /// What it does to messages that were sent.
    pub actions: ActionCapabilities,
    /// What it does to chats.
    pub chats: ChatCapabilities,
    /// How a number is linked and unlinked.
    pub pairing: PairingCapabilities,
    /// Lists chats and their earlier messages.
    pub history: bool,
    /// Lists the persons whom the phone knows.
    pub contacts: bool,
    /// Tells which of them the phone has saved, and under which name.
    pub saved_contacts: bool,
    /// Says which numbers are on WhatsApp: at most so many in one call.
    pub number_check: Option<u32>,
    /// Lists groups and their members.
    pub groups: bool,
    /// Lists labels, and puts them on chats.
    pub labels: bool,
    /// Makes, changes and removes labels.
    pub label_edits: bool,
    /// Its words for the colours that a label can have.
    pub label_colours: &'static [&'static str],
    /// Lists whom the number has blocked, blocks them and lets them in again.
    pub blocks: bool,
    /// Shows and changes the number's own name, words and picture.
    pub profile: bool,
    /// Tells whether we are here, and who else is.
    pub presence: bool,
    /// Shows in a chat that we are writing.
    pub typing: bool,
    /// Publishes stories.
    pub stories: bool,
    /// Shows and changes its own settings.
    pub settings: bool,
    /// Says what the plan allows.
    pub limits: bool,
    /// Calls us when something happens, at an address that we name.
    pub webhooks: bool,
    /// Messages per time that the gateway allows: (how many, in how long).
    pub rate: Option<(u32, Duration)>,
    /// That rate counts calls of any kind, and not messages alone: whatever is asked has its turn among them.
    pub rate_of_calls: bool,
    /// How long to leave it alone between two questions of how the link is: where every call counts.
    pub ask_every: Duration,
    /// After how long a message that was sent is surely listed in the history.
    pub history_lag: Duration,
}

/// What a link sends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SendCapabilities {
    /// Words.
    pub text: Option<TextLimits>,
    /// Words under a file, where they have to be fewer than words that stand alone.
    pub caption: Option<TextLimits>,
    /// Files, by how they are shown.
    pub media: &'static [(MediaKind, MediaLimits)],
    /// A file of more bytes than these is put at the gateway before its message is sent; `None` = all travel inside their sends.
    pub inline_up_to: Option<u64>,
    /// Words with a card about a page.
    pub link_preview: bool,
    /// A place.
    pub location: bool,
    /// A place that moves.
    pub live_location: bool,
    /// Cards of persons: at most so many in one message.
    pub contacts: Option<u32>,
    /// Questions with so many answers at most.
    pub poll: Option<u32>,
    /// Buttons.
    pub buttons: bool,
    /// Lists to choose from.
    pub lists: bool,
    /// Messages sent on.
    pub forward: bool,
    /// Answers to a certain message.
    pub quote: bool,
    /// Cards of persons may be such answers too.
    pub quote_in_cards: bool,
    /// Names with an @, in words that stand alone.
    pub mentions: bool,
    /// Names with an @ in words under files of these kinds.
    pub mentions_under: &'static [MediaKind],
    /// Messages to groups.
    pub groups: bool,
}

/// How long words may be, in Unicode scalar values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Longest {
    /// Words that stand alone.
    pub text: usize,
    /// Words under a file.
    pub caption: usize,
}

impl SendCapabilities {
    /// How long words may be; 0 = the link sends none.
    pub fn longest(&self) -> Longest {
        let text = self.text.map_or(0, |limits| limits.max_chars as usize);
        let caption = self.caption.map_or(text, |limits| limits.max_chars as usize);
        Longest { text, caption }
    }

    /// The limits of files of this kind, if they are sent at all.
    pub fn media(&self, kind: MediaKind) -> Option<&MediaLimits> {
        self.media
            .iter()
            .find(|(offered, _)| *offered == kind)
            .map(|(_, limits)| limits)
    }
}

/// What a link does to messages that were sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ActionCapabilities {
    /// Changes the words of our own.
    pub edit: bool,
    /// Deletes our own for everybody.
    pub delete: bool,
    /// Reacts.
    pub react: bool,
    /// Stars.
    pub star: bool,
    /// Pins in the chat.
    pub pin: bool,
}

/// What a link does to chats.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ChatCapabilities {
    /// Tells WhatsApp that messages were read.
    pub mark_read: bool,
    /// Marks as unread again.
    pub mark_unread: bool,
    /// Archives.
    pub archive: bool,
    /// Pins to the top.
    pub pin: bool,
    /// Mutes.
    pub mute: bool,
    /// Lets messages disappear after a time.
    pub disappearing: bool,
    /// Deletes.
    pub delete: bool,
}

/// How a number is linked and unlinked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PairingCapabilities {
    /// By a QR code.
    pub qr: bool,
    /// By a code that is typed on the phone.
    pub code: bool,
    /// It can be unlinked.
    pub logout: bool,
}

/// Limits of a text message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextLimits {
    /// Unicode scalar values.
    pub max_chars: u32,
}

/// Limits of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MediaLimits {
    /// Bytes.
    pub max_bytes: u64,
    /// The media types that are taken; none = any.
    pub mimes: &'static [&'static str],
}

impl MediaLimits {
    /// Is a file of this media type taken?
    pub fn takes(&self, mime: &str) -> bool {
        self.mimes.is_empty() || self.mimes.contains(&mime)
    }
}

impl Capabilities {
    /// A link that offers nothing: what a driver starts from.
    pub const NONE: Self = Self {
        send: SendCapabilities {
            text: None,
            caption: None,
            media: &[],
            inline_up_to: None,
            link_preview: false,
            location: false,
            live_location: false,
            contacts: None,
            poll: None,
            buttons: false,
            lists: false,
            forward: false,
            quote: false,
            quote_in_cards: false,
            mentions: false,
            mentions_under: &[],
            groups: false,
        },
        actions: ActionCapabilities {
            edit: false,
            delete: false,
            react: false,
            star: false,
            pin: false,
        },
        chats: ChatCapabilities {
            mark_read: false,
            mark_unread: false,
            archive: false,
            pin: false,
            mute: false,
            disappearing: false,
            delete: false,
        },
        pairing: PairingCapabilities {
            qr: false,
            code: false,
            logout: false,
        },
        history: false,
        contacts: false,
        saved_contacts: false,
        number_check: None,
        groups: false,
        labels: false,
        label_edits: false,
        label_colours: &[],
        blocks: false,
        profile: false,
        presence: false,
        typing: false,
        stories: false,
        settings: false,
        limits: false,
        webhooks: false,
        rate: None,
        rate_of_calls: false,
        ask_every: Duration::ZERO,
        history_lag: Duration::from_secs(5),
    };
}
