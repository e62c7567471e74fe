//! What became of a device's last calls, for whoever looks why something did not arrive.
//!
//! It is kept in memory alone: a call carries what customers write, and nothing of it belongs on the disk a second time. The
//! last [`ENTRIES`] are known; the bodies of as many of them as fit into [`BODIES`] bytes are held, the newest (but none of more than
//! [`LARGEST_HELD`]), so that one can be looked at ([`super::redacted`]) and taken in again. A device's diary ends with its session.
//!
//! Who does not know the path is nobody's caller: such a call is not written down, and cannot push others out.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};

use bytes::Bytes;
use mostrador_domain::{Inbound, UnixMillis};
use mostrador_gateways::WebhookCall;

/// Calls that are known.
const ENTRIES: usize = 200;
/// Bytes of bodies that are held.
const BODIES: usize = 4 * 1024 * 1024;
/// A larger body is not held: it would push out all others.
const LARGEST_HELD: usize = 1024 * 1024;

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Stored.
    Accepted,
    /// Everything that it says was known.
    Duplicate,
    /// The path is right; the header or the signature is not.
    BadSignature,
    /// Something in it is not understood. It is kept raw.
    Unknown,
    /// It cannot be read: too long, cut off, not JSON.
    Malformed,
    /// It could not be stored; the gateway was asked to send it again.
    NotStored,
}

impl Verdict {
    /// Did it do what a call is for?
    #[must_use]
    pub fn is_good(self) -> bool {
        matches!(self, Self::Accepted | Self::Duplicate | Self::Unknown)
    }
}

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "they are named as the events are")]
pub enum EventKind {
    Message,
    Change,
    Status,
    Chat,
    Contact,
    Group,
    Presence,
    Label,
    Call,
    Link,
    Unknown,
}

impl EventKind {
    pub(super) fn of(event: &Inbound) -> Self {
        match event {
            Inbound::Message(_) => Self::Message,
            Inbound::Change(_) => Self::Change,
            Inbound::Status(_) => Self::Status,
            Inbound::Chat(_) | Inbound::ChatCleared { .. } | Inbound::ChatGone { .. } => Self::Chat,
            Inbound::Contact(_) | Inbound::SamePerson { .. } => Self::Contact,
            Inbound::Group(_) | Inbound::Member(_) => Self::Group,
            Inbound::Presence(_) => Self::Presence,
            Inbound::Label(_) | Inbound::LabelGone { .. } => Self::Label,
            Inbound::Call(_) => Self::Call,
            Inbound::Link(_) => Self::Link,
            Inbound::Unknown { .. } => Self::Unknown,
        }
    }

    /// The kinds of several events, each once, in the order in which they stand there.
    pub(super) fn among(events: &[Inbound]) -> Vec<Self> {
        let mut kinds = Vec::new();
        for event in events {
            let kind = Self::of(event);
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        kinds
    }
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Which: counts up from 1 while the program runs.
    pub id: u32,
    /// When it came.
    pub at: UnixMillis,
    /// What became of it.
    pub verdict: Verdict,
    /// What it tells of.
    pub kinds: Vec<EventKind>,
    /// Bytes of its body; `None` = it was not read.
    pub size: Option<u32>,
    /// Milliseconds until it was answered.
    pub millis: u32,
    /// Is its body still held?
    pub held: bool,
}

/// A call as it came, to be taken in again.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) method: String,
    pub(super) tail: String,
    pub(super) body: Bytes,
}

impl Held {
    /// The call, for a driver to read.
    pub(super) fn call(&self) -> WebhookCall<'_> {
        WebhookCall {
            method: &self.method,
            tail: &self.tail,
            body: &self.body,
        }
    }

    fn mark(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.method, &self.tail, &self.body).hash(&mut hasher);
        hasher.finish()
    }
}

struct Entry {
    delivery: Delivery,
    held: Option<Held>,
    mark: Option<u64>,
}

/// The calls of one device, oldest first.
#[derive(Default)]
pub(super) struct Diary {
    entries: VecDeque<Entry>,
    bodies: usize,
    last_id: u32,
    last_good: Option<UnixMillis>,
}

/// What is written down of a call.
pub(super) struct Came {
    pub(super) at: UnixMillis,
    pub(super) verdict: Verdict,
    pub(super) kinds: Vec<EventKind>,
    pub(super) size: Option<u32>,
    pub(super) millis: u32,
    pub(super) held: Option<Held>,
}

impl Diary {
    /// Writes a call down. The same bytes as an earlier call's that was stored are a duplicate.
    pub(super) fn note(&mut self, came: Came) {
        let mark = came.held.as_ref().map(Held::mark);
        let held = came.held.filter(|held| held.body.len() <= LARGEST_HELD);
        let repeated = mark.is_some()
            && self
                .entries
                .iter()
                .any(|entry| entry.mark == mark && entry.is_known());
        let verdict = match came.verdict {
            Verdict::Accepted if repeated => Verdict::Duplicate,
            verdict => verdict,
        };
        if verdict.is_good() {
            self.last_good = Some(came.at);
        }
        self.last_id = self.last_id.wrapping_add(1);
        self.bodies += held.as_ref().map_or(0, |held| held.body.len());
        self.entries.push_back(Entry {
            delivery: Delivery {
                id: self.last_id,
                at: came.at,
                verdict,
                kinds: came.kinds,
                size: came.size,
                millis: came.millis,
                held: held.is_some(),
            },
            held,
            mark,
        });
        self.keep_within_bounds();
    }

    fn keep_within_bounds(&mut self) {
        while self.entries.len() > ENTRIES {
            if let Some(held) = self.entries.pop_front().and_then(|entry| entry.held) {
                self.bodies -= held.body.len();
            }
        }
        for entry in &mut self.entries {
            if self.bodies <= BODIES {
                return;
            }
            if let Some(held) = entry.held.take() {
                self.bodies -= held.body.len();
                entry.delivery.held = false;
            }
        }
    }

    /// Newest first.
    pub(super) fn list(&self) -> Vec<Delivery> {
        let newest_first = self.entries.iter().rev();
        newest_first.map(|entry| entry.delivery.clone()).collect()
    }

    pub(super) fn last(&self) -> Option<&Delivery> {
        self.entries.back().map(|entry| &entry.delivery)
    }

    pub(super) fn last_good(&self) -> Option<UnixMillis> {
        self.last_good
    }

    pub(super) fn last_id(&self) -> u32 {
        self.last_id
    }

    /// One of them, and its body if that is held.
    pub(super) fn get(&self, id: u32) -> Option<(Delivery, Option<Held>)> {
        let entry = self.entries.iter().find(|entry| entry.delivery.id == id)?;
        Some((entry.delivery.clone(), entry.held.clone()))
    }
}

impl Entry {
    fn is_known(&self) -> bool {
        self.delivery.verdict.is_good()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn came(verdict: Verdict, body: Option<&[u8]>) -> Came {
        Came {
            at: UnixMillis(1_000),
            verdict,
            kinds: vec![EventKind::Message],
            size: body.map(|body| u32::try_from(body.len()).expect("small")),
            millis: 2,
            held: body.map(|body| Held {
                method: "POST".to_owned(),
                tail: String::new(),
                body: Bytes::copy_from_slice(body),
            }),
        }
    }

    fn verdicts(diary: &Diary) -> Vec<Verdict> {
        diary.list().into_iter().map(|one| one.verdict).collect()
    }

    #[test]
    fn the_same_bytes_again_are_a_duplicate_unless_the_first_were_not_stored() {
        let mut diary = Diary::default();
        diary.note(came(Verdict::NotStored, Some(b"{}")));
        diary.note(came(Verdict::Accepted, Some(b"{}")));
        diary.note(came(Verdict::Accepted, Some(b"{}")));
        diary.note(came(Verdict::Accepted, Some(b"[]")));
        assert_eq!(
            verdicts(&diary),
            [
                Verdict::Accepted,
                Verdict::Duplicate,
                Verdict::Accepted,
                Verdict::NotStored
            ],
            "newest first: only the one whose bytes were stored before is a duplicate"
        );
    }

    #[test]
    fn what_is_not_understood_stays_so_when_it_comes_again() {
        let mut diary = Diary::default();
        diary.note(came(Verdict::Unknown, Some(b"{}")));
        diary.note(came(Verdict::Unknown, Some(b"{}")));
        assert_eq!(verdicts(&diary), [Verdict::Unknown, Verdict::Unknown]);
    }

    #[test]
    fn no_more_calls_are_known_than_fit() {
        let mut diary = Diary::default();
        for _ in 0..ENTRIES + 5 {
            diary.note(came(Verdict::Accepted, Some(b"{}")));
        }
        let list = diary.list();
        assert_eq!(list.len(), ENTRIES, "the oldest have gone");
        assert_eq!(list[0].id, 205, "the newest is first");
        assert_eq!(
            diary.bodies,
            2 * ENTRIES,
            "bodies of those that went are not counted"
        );
    }

    #[test]
    fn the_oldest_bodies_go_first_and_their_calls_stay() {
        let mut diary = Diary::default();
        let large = vec![b' '; 1024 * 1024];
        for _ in 0..6 {
            diary.note(came(Verdict::Accepted, Some(&large)));
        }
        let held: Vec<bool> = diary.list().iter().map(|one| one.held).collect();
        assert_eq!(
            held,
            [true, true, true, true, false, false],
            "four of a megabyte fit"
        );
        assert!(diary.get(1).expect("it is known").1.is_none(), "its body is gone");
    }

    #[test]
    fn a_very_large_body_pushes_no_other_out_and_its_repetition_is_known() {
        let mut diary = Diary::default();
        diary.note(came(Verdict::Accepted, Some(b"{}")));
        let large = vec![b' '; 5 * 1024 * 1024];
        for _ in 0..2 {
            diary.note(came(Verdict::Accepted, Some(&large)));
        }
        let held: Vec<bool> = diary.list().iter().map(|one| one.held).collect();
        assert_eq!(held, [false, false, true], "the small one stays");
        assert_eq!(
            diary.last().map(|one| one.verdict),
            Some(Verdict::Duplicate),
            "the same bytes again"
        );
    }

    #[test]
    fn a_refused_call_is_no_good_one() {
        let mut diary = Diary::default();
        diary.note(came(Verdict::BadSignature, None));
        assert_eq!(diary.last_good(), None);
        assert_eq!(diary.last().map(|one| one.verdict), Some(Verdict::BadSignature));
    }
}
