//! What became of a device's last calls, for whoever looks why something did not arrive.
//!
//! It is kept in memory alone: a call carries what customers write, and nothing of it belongs on the disk a second time. The
//! last [`ENTRIES`] are known; the bodies of as many of them as fit into [`BODIES`] bytes are held, the newest (but none of more than
//! [`LARGEST_HELD`]), so that one can be looked at ([`super::redacted`]) and taken in again. A device's diary ends with its session.
//!
//! What could not be stored is taken in as soon as it can be: not every gateway tells it a second time. Nothing pushes it out: neither
//! the calls after it nor their bodies. What finds no room beside it is not held, and the gateway was asked to send it again. It ends with
//! the session as all of it does.
//!
//! | The same bytes come | then |
//! |---|---|
//! | and an earlier call waits with them, in vain again | that one waits on in its place, with its body; this one is written down alone |
//! | and an earlier call waits with them, and they are stored | so is that one, with all that came in vain since |
//! | after they could not be stored, whatever became of that since | they count as what came then: most of what a gateway repeats bears no time of its own |
//!
//! Who does not know the path is nobody's caller: such a call is not written down, and cannot push others out.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};

use bytes::Bytes;
use mostrador_domain::{Inbound, UnixMillis};
use mostrador_gateways::WebhookCall;

/// Calls that are known, beside those that wait to be stored.
const ENTRIES: usize = 200;
/// Calls that wait to be stored. The bound of their bodies is reached before it, unless they say next to nothing.
const WAITING: usize = 5_000;
/// Calls of which it is known that they could not be stored when they came: a gateway repeats one some times within an hour or so.
const IN_VAIN: usize = 10_000;
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
    /// It is about another number at the same gateway, which is none of ours. Nothing of it is stored.
    NotOurs,
}

impl Verdict {
    /// Did it do what a call is for?
    #[must_use]
    pub fn is_good(self) -> bool {
        matches!(
            self,
            Self::Accepted | Self::Duplicate | Self::Unknown | Self::NotOurs
        )
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
    /// When it came, by the gateway's clock.
    pub(super) at: UnixMillis,
}

impl Held {
    /// The call, for a driver to read.
    pub(super) fn call(&self) -> WebhookCall<'_> {
        WebhookCall {
            method: &self.method,
            tail: &self.tail,
            body: &self.body,
            at: self.at,
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
    /// Of those that wait to be stored: the last one that was tried in vain.
    last_tried: u32,
    /// What could not be stored when it came, by its mark, and when it first came, by the gateway's clock; oldest first.
    in_vain: VecDeque<(u64, UnixMillis)>,
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
    /// Writes a call down. The same bytes as an earlier call's that was stored are a duplicate; if an earlier one waits for being stored
    /// with the same, it is stored with this one: taken in after what came since, it would undo that. If this one waits too, it does so in
    /// the earlier one's place.
    pub(super) fn note(&mut self, came: Came) {
        let mark = came.held.as_ref().map(Held::mark);
        if let (Verdict::NotStored, Some(held)) = (came.verdict, &came.held) {
            self.came_in_vain(held);
        }
        let mut same = self.entries.iter().filter(|entry| entry.mark == mark);
        let waits = came.verdict == Verdict::NotStored && mark.is_some() && same.any(Entry::is_waiting);
        let held = came.held.filter(|held| held.body.len() <= LARGEST_HELD && !waits);
        let repeated = mark.is_some()
            && self
                .entries
                .iter()
                .any(|entry| entry.mark == mark && entry.is_known());
        let verdict = match came.verdict {
            Verdict::Accepted if repeated => Verdict::Duplicate,
            verdict => verdict,
        };
        if verdict.is_good() && verdict != Verdict::NotOurs {
            self.last_good = Some(came.at);
            if mark.is_some() {
                let same = self.entries.iter_mut().filter(|entry| entry.mark == mark);
                same.filter(|entry| entry.delivery.verdict == Verdict::NotStored)
                    .for_each(|entry| entry.delivery.verdict = verdict);
            }
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

    /// Lets go of what is too much. What waits to be stored stays, and so does the newest call: if its body finds no room, its gateway has
    /// been asked to send it again.
    fn keep_within_bounds(&mut self) {
        while self.entries.len() > ENTRIES {
            let earlier = self.entries.len() - 1;
            let mut earlier = self.entries.iter().take(earlier);
            let Some(oldest) = earlier.position(|entry| !entry.is_waiting()) else {
                break;
            };
            let gone = self.entries.remove(oldest);
            if let Some(held) = gone.and_then(|entry| entry.held) {
                self.bodies -= held.body.len();
            }
        }
        for entry in &mut self.entries {
            if self.bodies <= BODIES {
                break;
            }
            if !entry.is_waiting() {
                self.bodies -= entry.let_go();
            }
        }
        let waiting = self.entries.iter().filter(|entry| entry.is_waiting());
        if (self.bodies > BODIES || waiting.count() > WAITING)
            && let Some(newest) = self.entries.back_mut()
        {
            self.bodies -= newest.let_go();
        }
    }

    /// This call could not be stored, or it could not be said whose it is.
    pub(super) fn came_in_vain(&mut self, held: &Held) {
        if self.first_in_vain(held).is_some() {
            return;
        }
        self.in_vain.push_back((held.mark(), held.at));
        if self.in_vain.len() > IN_VAIN {
            self.in_vain.pop_front();
        }
    }

    /// When the same first came, if it could not be stored then.
    pub(super) fn first_in_vain(&self, held: &Held) -> Option<UnixMillis> {
        if self.in_vain.is_empty() {
            return None;
        }
        let mark = held.mark();
        let found = self.in_vain.iter().find(|(known, _)| *known == mark);
        found.map(|(_, at)| (*at).min(held.at))
    }

    /// The newest ones, newest first.
    pub(super) fn list(&self) -> Vec<Delivery> {
        let newest_first = self.entries.iter().rev().take(ENTRIES);
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

    /// Those that could not be stored and whose bodies are held, as they came.
    pub(super) fn not_stored(&self) -> Vec<u32> {
        let waiting = self.entries.iter().filter(|entry| entry.is_waiting());
        waiting.map(|entry| entry.delivery.id).collect()
    }

    /// The same, in the order in which it is tried whether anything can be stored: the oldest, then those after the last one that was
    /// tried in vain, so that one that never can be keeps none of them waiting.
    pub(super) fn to_try(&self) -> Vec<u32> {
        let mut waiting = self.not_stored();
        if let [_, later @ ..] = waiting.as_mut_slice() {
            let tried = later.iter().filter(|id| **id <= self.last_tried).count();
            later.rotate_left(tried);
        }
        waiting
    }

    /// One that could not be stored could not be again.
    pub(super) fn failed_again(&mut self, id: u32) {
        self.last_tried = id;
    }

    pub(super) fn is_waiting(&self, id: u32) -> bool {
        let mut found = self.entries.iter().filter(|entry| entry.delivery.id == id);
        found.any(Entry::is_waiting)
    }

    /// One that could not be stored is stored now, and with it all that came with the same bytes.
    pub(super) fn stored_at_last(&mut self, id: u32, verdict: Verdict) {
        let Some(found) = self.entries.iter().find(|entry| entry.delivery.id == id) else {
            return;
        };
        let mark = found.mark;
        let same = |entry: &Entry| entry.delivery.id == id || (mark.is_some() && entry.mark == mark);
        for entry in self.entries.iter_mut().filter(|entry| same(entry)) {
            if entry.delivery.verdict == Verdict::NotStored {
                entry.delivery.verdict = verdict;
                self.last_good = self.last_good.max(Some(entry.delivery.at));
            }
        }
    }

    /// One of them, and its body if that is held.
    pub(super) fn get(&self, id: u32) -> Option<(Delivery, Option<Held>)> {
        let entry = self.entries.iter().find(|entry| entry.delivery.id == id)?;
        Some((entry.delivery.clone(), entry.held.clone()))
    }
}

impl Entry {
    /// Is it to be stored as soon as it can be?
    fn is_waiting(&self) -> bool {
        self.delivery.verdict == Verdict::NotStored && self.held.is_some()
    }

    fn is_known(&self) -> bool {
        self.delivery.verdict.is_good()
    }

    /// Lets go of its body; gives how large that was.
    fn let_go(&mut self) -> usize {
        self.delivery.held = false;
        self.held.take().map_or(0, |held| held.body.len())
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
                at: UnixMillis(1_000),
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
                Verdict::Accepted
            ],
            "newest first: only the one whose bytes were stored before is a duplicate"
        );
        assert_eq!(
            diary.not_stored(),
            [0_u32; 0],
            "the first is stored with the second, and not once more after what came since"
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
    fn what_could_not_be_stored_waits_with_its_body_until_it_is() {
        let mut diary = Diary::default();
        diary.note(came(Verdict::NotStored, Some(b"{}")));
        diary.note(came(Verdict::NotStored, None));
        diary.note(came(Verdict::Malformed, Some(b"[")));
        assert_eq!(diary.not_stored(), [1], "the one that can be read again");
        diary.stored_at_last(3, Verdict::Accepted);
        diary.stored_at_last(1, Verdict::Accepted);
        assert_eq!(
            verdicts(&diary),
            [Verdict::Malformed, Verdict::NotStored, Verdict::Accepted],
            "and no other"
        );
        assert_eq!(diary.not_stored(), [0_u32; 0], "once");
        assert_eq!(diary.last_good(), Some(UnixMillis(1_000)));
    }

    #[test]
    fn what_waits_to_be_stored_is_pushed_out_by_nothing_that_is_stored() {
        let mut diary = Diary::default();
        let large = vec![b' '; LARGEST_HELD];
        diary.note(came(Verdict::NotStored, Some(&vec![b'x'; LARGEST_HELD])));
        for _ in 0..ENTRIES + 5 {
            diary.note(came(Verdict::Accepted, Some(&large)));
        }
        assert_eq!(diary.entries.len(), ENTRIES);
        assert_eq!(
            diary.not_stored(),
            [1],
            "neither by their number nor by their bytes"
        );
        assert!(diary.bodies <= BODIES, "{} bytes", diary.bodies);
    }

    #[test]
    fn however_many_wait_to_be_stored_none_pushes_an_earlier_one_out() {
        let mut diary = Diary::default();
        let waiting = u32::try_from(ENTRIES + 1).expect("few");
        for number in 1..=waiting {
            diary.note(came(Verdict::NotStored, Some(number.to_string().as_bytes())));
        }
        diary.note(came(Verdict::Accepted, Some(b"{}")));
        assert_eq!(
            diary.not_stored(),
            (1..=waiting).collect::<Vec<_>>(),
            "all of them, as they came"
        );
        let last = diary.last().map(|last| last.verdict);
        assert_eq!(last, Some(Verdict::Accepted), "and the newest call is known");
        assert_eq!(diary.list().len(), ENTRIES, "the newest are shown");
    }

    #[test]
    fn what_finds_no_room_beside_what_waits_is_not_held_and_comes_again() {
        let mut diary = Diary::default();
        for number in 1..=5_u8 {
            diary.note(came(Verdict::NotStored, Some(&vec![number; LARGEST_HELD])));
        }
        assert_eq!(diary.not_stored(), [1, 2, 3, 4], "the earlier ones wait on");
        assert!(diary.bodies <= BODIES, "{} bytes", diary.bodies);
        diary.stored_at_last(1, Verdict::Accepted);
        diary.note(came(Verdict::NotStored, Some(&vec![5; LARGEST_HELD])));
        assert_eq!(
            diary.not_stored(),
            [2, 3, 4, 6],
            "once there is room it waits too"
        );

        let mut diary = Diary::default();
        for number in 0..=WAITING {
            diary.note(came(Verdict::NotStored, Some(number.to_string().as_bytes())));
        }
        assert_eq!(diary.not_stored().len(), WAITING, "nor are there ever more");
    }

    #[test]
    fn what_a_gateway_repeats_counts_as_what_came_first() {
        let held = |body: &[u8], at: i64| Held {
            at: UnixMillis(at),
            ..came(Verdict::NotStored, Some(body)).held.expect("it has one")
        };
        let at = |verdict: Verdict, body: &[u8], at: i64| Came {
            held: Some(held(body, at)),
            ..came(verdict, Some(body))
        };
        let mut diary = Diary::default();
        assert_eq!(diary.first_in_vain(&held(b"{}", 1)), None, "nothing came in vain");
        diary.note(at(Verdict::Accepted, b"[]", 1));
        diary.note(at(Verdict::NotStored, b"{}", 2));
        diary.note(at(Verdict::NotStored, b"{}", 30));
        assert_eq!(
            diary.not_stored(),
            [2],
            "one of them waits, in the first one's place"
        );
        assert_eq!(diary.first_in_vain(&held(b"{}", 40)), Some(UnixMillis(2)));
        assert_eq!(
            diary.first_in_vain(&held(b"[]", 40)),
            None,
            "what was stored at once, nobody was asked to repeat"
        );
        diary.stored_at_last(2, Verdict::Accepted);
        assert_eq!(
            verdicts(&diary),
            [Verdict::Accepted, Verdict::Accepted, Verdict::Accepted],
            "both are stored"
        );
        for number in 0..ENTRIES {
            diary.note(at(Verdict::Accepted, number.to_string().as_bytes(), 50));
        }
        assert_eq!(
            diary.first_in_vain(&held(b"{}", 60)),
            Some(UnixMillis(2)),
            "however much has come since"
        );
    }

    #[test]
    fn one_that_cannot_be_stored_keeps_no_other_waiting() {
        let mut diary = Diary::default();
        for body in [b"1", b"2", b"3", b"4"] {
            diary.note(came(Verdict::NotStored, Some(body)));
        }
        assert_eq!(diary.to_try(), [1, 2, 3, 4], "as they came");
        diary.failed_again(1);
        diary.failed_again(2);
        assert_eq!(
            diary.to_try(),
            [1, 3, 4, 2],
            "the oldest, then on from where it ended"
        );
        diary.failed_again(1);
        assert_eq!(diary.to_try(), [1, 2, 3, 4]);
        diary.failed_again(4);
        assert_eq!(diary.to_try(), [1, 2, 3, 4], "all of them were tried");
        assert_eq!(
            diary.not_stored(),
            [1, 2, 3, 4],
            "once one can be, all are, as they came"
        );
    }

    #[test]
    fn what_is_told_again_and_again_in_vain_waits_and_nothing_else_does() {
        let mut diary = Diary::default();
        diary.note(came(Verdict::NotStored, Some(b"{}")));
        diary.note(came(Verdict::NotStored, Some(b"{}")));
        diary.note(came(Verdict::NotStored, Some(b"[]")));
        diary.note(came(Verdict::NotOurs, None));
        assert_eq!(diary.not_stored(), [1, 3], "the same bytes wait once");
        diary.note(came(Verdict::Unknown, Some(b"{}")));
        assert_eq!(diary.not_stored(), [3], "both are stored with the last one");
        assert!(
            diary.list()[3..]
                .iter()
                .all(|one| one.verdict == Verdict::Unknown),
            "and said to be"
        );
    }

    #[test]
    fn what_is_about_another_number_is_no_good_call_of_this_one() {
        let mut diary = Diary::default();
        diary.note(came(Verdict::NotOurs, None));
        assert_eq!(diary.last_good(), None);
    }

    #[test]
    fn a_refused_call_is_no_good_one() {
        let mut diary = Diary::default();
        diary.note(came(Verdict::BadSignature, None));
        assert_eq!(diary.last_good(), None);
        assert_eq!(diary.last().map(|one| one.verdict), Some(Verdict::BadSignature));
    }
}
