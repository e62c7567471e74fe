//! The figures of a campaign, as whoever asks for a report brings them.

use chrono_tz::Tz;
use mostrador_domain::UnixMillis;

/// What became of a campaign.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// What the shop calls it.
    pub name: String,
    /// The shop's zone: every time is told in it.
    pub zone: Tz,
    /// When it began to send, if it did.
    pub started_at: Option<UnixMillis>,
    /// When it ended, if it did.
    pub ended_at: Option<UnixMillis>,
    /// Its people by state.
    pub counts: Counts,
    /// Each step holds all who came as far or farther.
    pub funnel: Funnel,
    /// What happened in each hour in which anything did.
    pub hours: Vec<Hour>,
    /// Each text by itself.
    pub variants: Vec<Variant>,
    /// Failures by the word of their reason.
    pub failures: Vec<(String, u32)>,
    /// Who was skipped, by the word of the reason.
    pub skipped: Vec<(String, u32)>,
    /// Of those who answered: who asks, or may ask, not to be written to any more.
    pub asked_to_stop: u32,
    /// What checking it came to.
    pub proof: Proof,
}

/// What checking a campaign came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Proof {
    /// It has not ended: there is nothing to prove yet.
    #[default]
    NotYet,
    /// A person ended it, and not everybody is in a final state yet; nothing else is wrong.
    Unsettled,
    /// Everything is as it must be.
    Holds,
    /// Something is not.
    Broken,
}

/// How many people are in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub total: u32,
    /// Their turn has not come.
    pub pending: u32,
    /// In the outbox.
    pub queued: u32,
    /// May or may not have been sent.
    pub uncertain: u32,
    /// Taken by the gateway.
    pub sent: u32,
    /// On their phone.
    pub delivered: u32,
    /// Read.
    pub read: u32,
    /// Answered.
    pub replied: u32,
    /// Did not reach them.
    pub failed: u32,
    /// Not written to.
    pub skipped: u32,
    /// Asked not to be written to.
    pub opted_out: u32,
}

impl Counts {
    /// The states in the order of a message's way, each with its word.
    pub(crate) fn by_state(&self) -> [(&'static str, u32); 10] {
        [
            ("pending", self.pending),
            ("queued", self.queued),
            ("uncertain", self.uncertain),
            ("sent", self.sent),
            ("delivered", self.delivered),
            ("read", self.read),
            ("replied", self.replied),
            ("failed", self.failed),
            ("skipped", self.skipped),
            ("opted_out", self.opted_out),
        ]
    }

    /// Who has the message, as far as anybody knows.
    pub(crate) fn reached(&self) -> u32 {
        [self.sent, self.delivered, self.read, self.replied]
            .into_iter()
            .fold(0, u32::saturating_add)
    }

    /// Who is still to get it.
    pub(crate) fn waiting(&self) -> u32 {
        self.pending.saturating_add(self.queued)
    }
}

/// How far the messages came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Funnel {
    /// Taken by the gateway.
    pub sent: u32,
    /// On the phone.
    pub delivered: u32,
    /// Read.
    pub read: u32,
    /// Answered.
    pub replied: u32,
}

impl Funnel {
    /// The steps in their order.
    pub(crate) fn steps(&self) -> [u32; 4] {
        [self.sent, self.delivered, self.read, self.replied]
    }
}

/// What happened in an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hour {
    /// When it began.
    pub at: UnixMillis,
    /// Taken by the gateway.
    pub sent: u32,
    /// Read.
    pub read: u32,
    /// First answers.
    pub replied: u32,
    /// Failed.
    pub failed: u32,
}

/// The figures of one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variant {
    /// Which, from 0.
    pub variant: u8,
    /// Whom it was meant for.
    pub people: u32,
    /// Its funnel.
    pub funnel: Funnel,
    /// Failed.
    pub failed: u32,
}

/// The name of a text: A to Z, then by its number.
pub(crate) fn variant_name(variant: u8) -> String {
    match variant {
        0..26 => char::from(b'A' + variant).to_string(),
        _ => (u16::from(variant) + 1).to_string(),
    }
}
