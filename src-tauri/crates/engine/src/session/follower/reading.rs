//! A list while a poll reads it: what a page does to where the poll is. Without calls and without the store, so that whatever a list does,
//! and wherever a turn is cut short, can be gone through.
//!
//! A page that [does not join on](super::mark) sends the poll back up the list. How often it did is kept with the mark, and so is how many pages
//! without anything new came last: else a poll that is given few pages at a time would begin both counts with each turn, and never end.

use mostrador_domain::Inbound;
use mostrador_gateways::Page;

use super::mark::{self, Join, Mark};
use super::{Depth, Goes, PAGE, written_at};

/// Where a poll is in its list, and what this turn has seen of it.
pub(super) struct Reading {
    pub(super) mark: Mark,
    depth: Depth,
    /// Nothing of the list was read in this turn to which a page could join on.
    blind: bool,
    /// What is no message on the page before, if that joined on.
    before: Vec<Inbound>,
}

/// What follows a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// Another page, at the mark.
    Another,
    /// The list is read.
    Read,
    /// It gives the same again and again: what lies further back is left.
    Left,
}

impl Reading {
    /// The list from its mark. `goes_on`: an earlier turn has come so far.
    pub(super) fn from(mark: Mark, goes_on: bool) -> Self {
        Self {
            depth: Depth::after(mark.stalled),
            mark,
            blind: goes_on,
            before: Vec::new(),
        }
    }

    /// Does the page at the mark join on to what was read before?
    pub(super) fn join<'p>(&self, page: &'p Page<Inbound>) -> Join<'p> {
        if self.mark.steps.are_enough() || mark::begins_among(page, &self.before) {
            return Join::Joins;
        }
        self.mark.join(page, self.blind)
    }

    /// The page is taken in, and joins on or does not.
    pub(super) fn took(&mut self, page: &Page<Inbound>, joins: bool) -> Then {
        let written = || page.items.iter().filter_map(written_at);
        let goes = self.depth.goes_on(&page.items);
        self.mark.newest = self.mark.newest.max(written().max());
        self.before.clear();
        self.blind = !joins;
        if !joins {
            self.mark.step_back();
            // Some of what it goes through now was seen.
            self.depth = Depth::default();
            return Then::Another;
        }
        if page.covered < PAGE || goes == Goes::Past {
            return Then::Read;
        }
        if goes == Goes::Nowhere {
            return Then::Left;
        }
        let no_messages = page.items.iter().filter(|event| written_at(event).is_none());
        self.before.extend(no_messages.cloned());
        self.mark.read_on(page.covered, written().min());
        self.mark.stalled = self.depth.stalled();
        Then::Another
    }
}

#[cfg(test)]
mod tests {
    use mostrador_domain::{Address, UnixMillis};

    use super::super::mark::tests::message;
    use super::*;

    /// A record of a list.
    #[derive(Clone, Copy)]
    enum Record {
        /// A message, written then.
        Message(i64),
        /// Something else, of that chat.
        Other(u32),
        /// Nothing that was asked for.
        Nothing,
    }

    fn event(record: &Record) -> Option<Inbound> {
        match record {
            Record::Message(at) => Some(message(*at)),
            Record::Other(chat) => Some(Inbound::ChatGone {
                chat: Address::parse(&format!("519{chat:08}")),
            }),
            Record::Nothing => None,
        }
    }

    fn page(list: &[Record], offset: u32) -> Page<Inbound> {
        let places = usize::try_from(offset).expect("short")..usize::try_from(offset + PAGE).expect("short");
        let there = list.iter().skip(places.start).take(places.len());
        Page {
            covered: u32::try_from(there.len()).expect("few"),
            items: there.filter_map(event).collect(),
            total: None,
        }
    }

    /// A list of so many messages, newest first, behind which only what is older than was asked for is listed.
    fn list(messages: u32) -> Vec<Record> {
        let messages = (0..messages).rev().map(|at| Record::Message(i64::from(at)));
        messages
            .chain(std::iter::repeat_n(Record::Nothing, 2_000))
            .collect()
    }

    /// One turn, cut short after so many pages. Gives how it ended and how many it had.
    fn turn(list: &[Record], from: Mark, goes_on: bool, pages: u32) -> (Then, Mark, u32) {
        let mut reading = Reading::from(from, goes_on);
        for had in 1..=pages {
            let page = page(list, reading.mark.next());
            let joins = !matches!(reading.join(&page), Join::Gap);
            let then = reading.took(&page, joins);
            if then != Then::Another {
                return (then, reading.mark, had);
            }
        }
        (Then::Another, reading.mark, pages)
    }

    #[test]
    fn a_poll_that_is_given_few_pages_at_a_time_comes_to_the_end_of_its_list() {
        for (messages, pages) in [(250, 1), (250, 2), (250, 3), (1_000, 1), (1_000, 3), (999, 2)] {
            let list = list(messages);
            let (mut then, mut mark, _) = turn(&list, Mark::start(None), false, pages);
            let mut turns = 1;
            while then == Then::Another {
                // As it is kept between two turns.
                let kept = Mark::read(&mark.to_string()).expect("a mark");
                assert_eq!(kept, mark, "nothing of it is lost");
                (then, mark, _) = turn(&list, kept, true, pages);
                turns += 1;
                assert!(
                    turns < 200,
                    "{messages} messages, {pages} pages a turn: it does not end, {mark:?}"
                );
            }
            assert_eq!(then, Then::Read, "{messages} messages, {pages} pages a turn");
            assert_eq!(mark.oldest, Some(UnixMillis(0)), "down to the oldest");
        }
    }

    #[test]
    fn a_stretch_without_messages_over_the_border_of_two_pages_costs_no_call_more() {
        let mut list = list(300);
        for (chat, record) in (0..).zip(&mut list[85..115]) {
            *record = Record::Other(chat);
        }
        let (then, _, pages) = turn(&list, Mark::start(None), false, 100);
        // 0, 90, 180 and 270 hold all, and the list counts as read at the third page that gives nothing new.
        assert_eq!((then, pages), (Then::Read, 7), "no page was asked for again");
    }

    #[test]
    fn each_move_of_a_list_is_looked_for_and_what_moved_up_is_read() {
        let mut list = list(1_000);
        let mut reading = Reading::from(Mark::start(None), false);
        let mut seen = std::collections::BTreeSet::new();
        for turn in 1.. {
            // Thrice a chat goes, with what was read of it.
            if [3, 9, 15].contains(&turn) {
                let was_read = |record: &&Record| matches!(record, Record::Message(at) if seen.contains(&UnixMillis(*at)));
                let read = list.iter().take_while(was_read).count();
                list.drain(..read.min(150));
            }
            let page = page(&list, reading.mark.next());
            seen.extend(page.items.iter().filter_map(written_at));
            let joins = !matches!(reading.join(&page), Join::Gap);
            if reading.took(&page, joins) != Then::Another {
                break;
            }
        }
        assert_eq!(seen.len(), 1_000, "nothing was passed over");
    }
}
