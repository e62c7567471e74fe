//! Where a poll goes on that was cut short: kept in the store, so that a gateway that gives only some pages at a time, or a program
//! that ends in between, still gets to the end of a long gap.
//!
//! A list moves while it is read. Messages that come in meanwhile push it down: then a page begins with what is known. What vanishes from it,
//! with a chat that is deleted on the phone, pulls it up, and nobody may tell of that: then a page would begin behind what is still to be
//! read, and what was passed over would never be asked for again. So each page has some messages in common with what was read before,
//! and one that does not begin with such a message does [not join](Mark::join) on: the list is asked for from further up.

use std::fmt;

use mostrador_domain::{Inbound, InboundMessage, UnixMillis};
use mostrador_gateways::Page;

use super::PAGE;

/// How much a page of a list has in common with what was read before. So much may vanish, and the page joins on all the same.
pub(in crate::session) const IN_COMMON: u32 = 10;
/// How often in a row a list is asked for from further up because a page does not join on: then it is read as it is.
const STEPS_BACK: u32 = 8;
/// How often in a poll. A list that moves more often is read as it is: each step costs calls.
const STEPS_IN_ALL: u32 = 24;

/// Does the page begin with one of what is no message of the page before it? Then it joins on, though in what the two have in common
/// there may be no message at all.
pub(super) fn begins_among(page: &Page<Inbound>, before: &[Inbound]) -> bool {
    page.items.first().is_some_and(|first| before.contains(first))
}

/// Where a poll is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// Since when news was asked for.
    pub(super) since: Option<UnixMillis>,
    /// How much of the list is stored.
    pub(super) offset: u32,
    /// When the newest message of it was written.
    pub(super) newest: Option<UnixMillis>,
    /// When the oldest one was. All that is listed and was written later is stored.
    pub(super) oldest: Option<UnixMillis>,
    /// How often it was asked for from further up.
    pub(super) steps: Steps,
    /// How many pages in a row have gone no further back, up to the last one.
    pub(super) stalled: u32,
}

/// How often a poll has asked for its list from further up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Steps {
    in_a_row: u32,
    in_all: u32,
}

impl Steps {
    /// Is the list to be read as it is from now on?
    pub(super) fn are_enough(&self) -> bool {
        self.in_a_row >= STEPS_BACK || self.in_all >= STEPS_IN_ALL
    }

    /// Counts another one. Gives how many there were in a row.
    fn another(&mut self) -> u32 {
        self.in_all = self.in_all.saturating_add(1);
        self.in_a_row = self.in_a_row.saturating_add(1);
        self.in_a_row
    }

    /// A page has joined on: the next move of the list is looked for from near by.
    fn joined(&mut self) {
        self.in_a_row = 0;
    }
}

/// Does a page join on to what was read before?
#[derive(Debug, PartialEq)]
pub(super) enum Join<'p> {
    Joins,
    /// What was read before does not reach as far: the list has moved up.
    Gap,
    /// It begins in the very second in which that ended: it does if its first message is known.
    IfKnown(&'p InboundMessage),
}

impl Mark {
    /// The beginning of a list.
    pub(super) fn start(since: Option<UnixMillis>) -> Self {
        Self {
            since,
            offset: 0,
            newest: None,
            oldest: None,
            steps: Steps::default(),
            stalled: 0,
        }
    }

    /// The same poll from the beginning of the list.
    pub(super) fn again(self) -> Self {
        Self {
            newest: self.newest,
            ..Self::start(self.since)
        }
    }

    /// Where the next page begins.
    pub(super) fn next(&self) -> u32 {
        self.offset.saturating_sub(IN_COMMON)
    }

    /// Does the page that begins at [`Self::next`] join on? Lists are newest first. `blind`: it does not follow a page
    /// that does, so that one in which no message can be read says nothing, unless the last one that was read held none either.
    pub(super) fn join<'p>(&self, page: &'p Page<Inbound>, blind: bool) -> Join<'p> {
        let first = page.items.iter().find_map(|event| match event {
            Inbound::Message(message) => Some(&**message),
            _ => None,
        });
        match (self.oldest, first) {
            _ if self.next() == 0 => Join::Joins,
            // It ends above where it has been read.
            _ if page.covered == 0 => Join::Gap,
            (Some(_), None) if blind && self.stalled == 0 => Join::Gap,
            (Some(oldest), Some(first)) if first.at == oldest => Join::IfKnown(first),
            (Some(oldest), Some(first)) if first.at < oldest => Join::Gap,
            _ => Join::Joins,
        }
    }

    /// The page, which joins on, is stored.
    pub(super) fn read_on(&mut self, covered: u32, oldest: Option<UnixMillis>) {
        self.steps.joined();
        self.offset = self.next().saturating_add(covered);
        self.oldest = match (self.oldest, oldest) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }

    /// It did not join on: the list is asked for from further up, each time in a row twice as far.
    pub(super) fn step_back(&mut self) {
        let times = self.steps.another();
        self.stalled = 0;
        let step = PAGE.saturating_mul(2_u32.saturating_pow(times.saturating_sub(1)));
        self.offset = self.offset.saturating_sub(step);
    }

    /// What [`fmt::Display`] wrote; anything else is no mark. One that does not say how far back it has come cannot be joined on to: that poll
    /// begins again.
    pub(super) fn read(written: &str) -> Option<Self> {
        let mut words = written.split(' ');
        let mark = Self {
            offset: words.next()?.parse().ok()?,
            since: time(words.next()?)?,
            newest: time(words.next()?)?,
            ..Self::start(None)
        };
        let Some(oldest) = words.next() else {
            return Some(mark.again());
        };
        let oldest = time(oldest)?;
        let mut count = || words.next().map_or(Some(0), |word| word.parse().ok());
        let steps = Steps {
            in_a_row: count()?,
            in_all: count()?,
        };
        let stalled = count()?;
        words.next().is_none().then_some(Self {
            oldest,
            steps,
            stalled,
            ..mark
        })
    }
}

fn time(word: &str) -> Option<Option<UnixMillis>> {
    match word {
        "-" => Some(None),
        number => Some(Some(UnixMillis(number.parse().ok()?))),
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.offset)?;
        for time in [self.since, self.newest, self.oldest] {
            match time {
                Some(time) => write!(f, " {}", time.0)?,
                None => f.write_str(" -")?,
            }
        }
        write!(
            f,
            " {} {} {}",
            self.steps.in_a_row, self.steps.in_all, self.stalled
        )
    }
}

#[cfg(test)]
pub(super) mod tests {
    use mostrador_domain::{Address, MessageBody, MessageContext};

    use super::*;

    /// A poll that has read two pages, down to what was written at 500.
    fn mark() -> Mark {
        Mark {
            since: Some(UnixMillis(-5)),
            offset: 200,
            newest: Some(UnixMillis(1_790_000_000_000)),
            oldest: Some(UnixMillis(500)),
            steps: Steps {
                in_a_row: 1,
                in_all: 2,
            },
            stalled: 0,
        }
    }

    /// A message that was written then.
    pub(in crate::session::follower) fn message(at: i64) -> Inbound {
        Inbound::Message(Box::new(InboundMessage {
            gateway_id: format!("m{at}"),
            chat: Address::parse("51900000011"),
            chat_name: None,
            sender: None,
            sender_name: None,
            from_me: false,
            at: UnixMillis(at),
            body: MessageBody::Text("hola".to_owned()),
            status: None,
            context: MessageContext::default(),
        }))
    }

    /// A page of messages that were written then.
    fn page(times: &[i64]) -> Page<Inbound> {
        Page {
            items: times.iter().map(|at| message(*at)).collect(),
            covered: PAGE,
            total: None,
        }
    }

    #[test]
    fn a_mark_reads_back_and_nothing_else_is_one() {
        for mark in [mark(), Mark::start(None)] {
            assert_eq!(Mark::read(&mark.to_string()), Some(mark), "as it was written");
        }
        for wrong in [
            "",
            "mark-7",
            "100",
            "100 1",
            "100 1 2 3 4 5 6 7",
            "100 1 2 3 4 - 6",
            "-1 - - -",
            "100 a - -",
            "100 - - a",
            "100  -",
        ] {
            assert_eq!(Mark::read(wrong), None, "{wrong:?} is no mark");
        }
    }

    #[test]
    fn a_mark_of_an_earlier_version_has_taken_no_steps() {
        let earlier = Mark::read("200 -5 1790000000000 500");
        let expected = Mark {
            steps: Steps::default(),
            ..mark()
        };
        assert_eq!(earlier, Some(expected), "it goes on");
    }

    #[test]
    fn a_mark_that_does_not_say_how_far_back_it_has_come_begins_again() {
        let old = Mark::read("300 -5 1790000000000");
        assert_eq!(
            old,
            Some(mark().again()),
            "with the same question, and what it has seen"
        );
    }

    #[test]
    fn a_page_joins_on_if_it_begins_with_what_was_read_before() {
        let begins_at = |at| mark().join(&page(&[at, 100]), false) == Join::Joins;
        assert_eq!(mark().next(), 190, "it has some in common with the last one");
        assert!(begins_at(501), "that was read before");
        assert!(
            !begins_at(499),
            "what was written between the two was passed over"
        );
        let same_second = page(&[500, 100]);
        assert!(
            matches!(mark().join(&same_second, false), Join::IfKnown(first) if first.gateway_id == "m500"),
            "of that second there may be more"
        );
        assert_eq!(
            mark().again().join(&page(&[1]), true),
            Join::Joins,
            "above the beginning there is nothing"
        );
    }

    #[test]
    fn a_page_joins_on_that_begins_with_something_else_of_the_page_before() {
        let other = |id: &str| Inbound::ChatGone {
            chat: Address::parse(id),
        };
        let before: Vec<Inbound> = ["51900000012", "51900000013"].map(other).to_vec();
        let mut next = page(&[400, 300]);
        next.items.insert(0, other("51900000013"));
        assert_eq!(mark().join(&next, false), Join::Gap, "its messages do not tell");
        assert!(begins_among(&next, &before), "that was on the page before");
        assert!(!begins_among(&next, &[]), "of which nothing is known");
        next.items[0] = other("51900000014");
        assert!(!begins_among(&next, &before), "that was not");
        assert!(!begins_among(&page(&[]), &before), "it begins with nothing");
    }

    #[test]
    fn a_page_without_messages_joins_on_to_the_page_before_it_alone() {
        let nothing = page(&[]);
        assert_eq!(mark().join(&nothing, false), Join::Joins, "some cannot be read");
        assert_eq!(mark().join(&nothing, true), Join::Gap, "that says nothing");
        let stalled = Mark { stalled: 1, ..mark() };
        assert_eq!(
            stalled.join(&nothing, true),
            Join::Joins,
            "nor did the one before it"
        );
        let end = Page {
            covered: 0,
            ..page(&[])
        };
        assert_eq!(
            mark().join(&end, false),
            Join::Gap,
            "the list ends above where it was read"
        );
    }

    #[test]
    fn what_does_not_join_on_is_asked_for_from_further_and_further_up() {
        let mut mark = Mark {
            offset: 1_000,
            steps: Steps::default(),
            ..mark()
        };
        let mut offsets = Vec::new();
        for _ in 1..=5 {
            mark.step_back();
            offsets.push(mark.offset);
        }
        assert_eq!(offsets, [900, 700, 300, 0, 0]);
        mark.read_on(PAGE, Some(UnixMillis(700)));
        assert_eq!(
            (mark.offset, mark.oldest),
            (100, Some(UnixMillis(500))),
            "what was stored stays so"
        );
        mark.read_on(PAGE, Some(UnixMillis(300)));
        assert_eq!((mark.offset, mark.oldest), (190, Some(UnixMillis(300))));
    }

    #[test]
    fn each_move_of_a_list_is_looked_for_from_near_by_but_not_for_ever() {
        let mut steps = Steps::default();
        for _ in 0..STEPS_IN_ALL / 2 {
            assert!(!steps.are_enough(), "it may move again");
            assert_eq!([steps.another(), steps.another()], [1, 2], "of a new move");
            steps.joined();
        }
        assert!(steps.are_enough(), "one that always moves is read as it is");
        let mut steps = Steps::default();
        for times in 1..=STEPS_BACK {
            assert!(!steps.are_enough());
            assert_eq!(steps.another(), times);
        }
        assert!(steps.are_enough(), "nowhere does it join on");
    }
}
