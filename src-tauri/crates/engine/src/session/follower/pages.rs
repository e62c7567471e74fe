//! A list that is read in one go, newest first, to prove what it does not hold.
//!
//! As in a poll ([`super::mark`]) each page has some in common with what was read before it. Unlike there, nobody goes back for what was passed
//! over: a page that does not join on says that the list has moved too far, and then nothing is proven.

use mostrador_domain::{Inbound, InboundMessage};
use mostrador_gateways::Page;

use super::mark::{self, Join, Mark};
use super::written_at;

/// See the module.
pub(crate) struct Pages {
    mark: Mark,
    /// The page before.
    before: Vec<Inbound>,
}

impl Pages {
    /// Nothing is read yet.
    pub(crate) fn begin() -> Self {
        Self {
            mark: Mark::start(None),
            before: Vec::new(),
        }
    }

    /// Where the next page begins.
    pub(crate) fn next(&self) -> u32 {
        self.mark.next()
    }

    /// That page was read. `false` = something between it and the one before may have been passed over.
    pub(crate) fn joins(&mut self, page: &Page<Inbound>) -> bool {
        let joins = mark::begins_among(page, &self.before)
            || match self.mark.join(page, false) {
                Join::Joins => true,
                Join::Gap => false,
                Join::IfKnown(first) => self.was_before(first),
            };
        self.mark
            .read_on(page.covered, page.items.iter().filter_map(written_at).min());
        self.before.clone_from(&page.items);
        joins
    }

    fn was_before(&self, message: &InboundMessage) -> bool {
        self.before.iter().any(|event| match event {
            Inbound::Message(known) => {
                (&known.chat, &known.gateway_id) == (&message.chat, &message.gateway_id)
            }
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::mark::tests::message;
    use super::super::{IN_COMMON, PAGE};
    use super::*;

    /// A list of messages, by the time at which each was written, newest first.
    fn list(count: i64) -> Vec<i64> {
        (1..=count).rev().collect()
    }

    fn page(list: &[i64], offset: u32) -> Page<Inbound> {
        let [from, count] = [offset, PAGE].map(|number| usize::try_from(number).expect("few"));
        let shown = list.iter().skip(from).take(count);
        let items: Vec<Inbound> = shown.map(|at| message(*at)).collect();
        Page {
            covered: u32::try_from(items.len()).expect("few"),
            items,
            total: None,
        }
    }

    /// Reads a list to its end while after its first page so many of the newest vanish. Gives what was seen, and whether each page joined on.
    fn read(mut list: Vec<i64>, vanish: usize) -> (BTreeSet<i64>, bool) {
        let (mut pages, mut seen, mut joined) = (Pages::begin(), BTreeSet::new(), true);
        loop {
            let page = page(&list, pages.next());
            seen.extend(page.items.iter().filter_map(written_at).map(|at| at.0));
            joined &= pages.joins(&page);
            if page.covered < PAGE {
                return (seen, joined);
            }
            list.drain(..vanish.min(list.len()));
        }
    }

    #[test]
    fn nothing_is_passed_over_when_newer_messages_vanish_between_two_pages() {
        for vanish in [0, 1, 5, 9] {
            let (seen, joined) = read(list(150), vanish);
            assert_eq!(seen.len(), 150, "all were seen, though {vanish} vanished");
            assert!(joined, "and each page is known to join on: {vanish}");
        }
    }

    #[test]
    fn a_list_that_has_moved_further_proves_nothing() {
        for vanish in [IN_COMMON as usize + 1, 40, 150] {
            assert!(
                !read(list(150), vanish).1,
                "some may have been passed over: {vanish}"
            );
        }
    }

    #[test]
    fn a_list_of_one_second_joins_on_where_it_is_known() {
        let of_now = |id: &str| match message(7) {
            Inbound::Message(mut message) => {
                message.gateway_id = id.to_owned();
                Inbound::Message(message)
            }
            other => other,
        };
        let page = |ids: std::ops::Range<u32>| Page {
            items: ids.map(|id| of_now(&id.to_string())).collect(),
            covered: PAGE,
            total: None,
        };
        let mut pages = Pages::begin();
        assert!(pages.joins(&page(0..100)), "the first one");
        assert!(pages.joins(&page(95..195)), "it was on the page before");
        assert!(!pages.joins(&page(200..300)), "between the two there may be more");
    }

    #[test]
    fn a_list_whose_length_is_that_of_a_page_is_read_to_its_end() {
        let (seen, joined) = read(list(PAGE.into()), 0);
        assert_eq!((seen.len(), joined), (100, true));
    }
}
