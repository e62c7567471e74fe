//! How far back the pages of one poll have gone, and whether the list behind them goes on.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use mostrador_domain::Inbound;

/// Pages that go no further back before a list counts as read: a gateway may give the same page for ever, or go on to what is older
/// than what was asked for. Whatever goes on is read, however long we were away.
const STALLED: u32 = 3;

/// Where a list that is read goes behind a page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Goes {
    /// Further back.
    On,
    /// Only to what was not asked for: not every gateway can be asked for a time, and of what is older nothing is given.
    Past,
    /// To what it gave already.
    Nowhere,
}

/// How far back the pages of one poll have gone.
#[derive(Default)]
pub(crate) struct Depth {
    /// The messages that were on them.
    seen: HashSet<u64>,
    stalled: u32,
}

impl Depth {
    /// Of a poll that was cut short after so many pages that went no further back.
    pub(super) fn after(stalled: u32) -> Self {
        Self {
            stalled,
            ..Self::default()
        }
    }

    /// How many pages in a row have gone no further back.
    pub(super) fn stalled(&self) -> u32 {
        self.stalled
    }

    /// Where does the list go behind this page, newest first? Its oldest message was on an earlier page if it goes nowhere: whatever
    /// comes in meanwhile moves a list down, never up.
    pub(crate) fn goes_on(&mut self, page: &[Inbound]) -> Goes {
        let ids = page.iter().filter_map(|event| match event {
            Inbound::Message(message) => Some(&message.gateway_id),
            _ => None,
        });
        let mut further = None;
        for id in ids {
            let mut hasher = DefaultHasher::new();
            id.hash(&mut hasher);
            further = Some(self.seen.insert(hasher.finish()));
        }
        self.stalled = if further == Some(true) {
            0
        } else {
            self.stalled + 1
        };
        match further {
            _ if self.stalled < STALLED => Goes::On,
            Some(_) => Goes::Nowhere,
            None => Goes::Past,
        }
    }
}

#[cfg(test)]
mod tests {
    use mostrador_domain::{Address, InboundMessage, MessageBody, MessageContext, UnixMillis};

    use super::super::PAGE;
    use super::*;

    /// A hundred messages, newest first.
    fn page(from: u32) -> Vec<Inbound> {
        let message = |number: u32| {
            Inbound::Message(Box::new(InboundMessage {
                gateway_id: format!("m{number}"),
                chat: Address::parse("51900000011"),
                chat_name: None,
                sender: None,
                sender_name: None,
                from_me: false,
                at: UnixMillis(0),
                body: MessageBody::Text("hola".to_owned()),
                status: None,
                context: MessageContext::default(),
            }))
        };
        (from..from + PAGE).map(message).collect()
    }

    #[test]
    fn a_list_is_read_however_long_it_is() {
        let mut depth = Depth::default();
        for number in 0..1_000 {
            // Each page holds some of the last one: messages come in meanwhile.
            assert_eq!(
                depth.goes_on(&page(number * 90)),
                Goes::On,
                "page {number} goes further back"
            );
        }
    }

    #[test]
    fn a_list_that_gives_the_same_page_for_ever_ends() {
        let mut depth = Depth::default();
        assert_eq!(depth.goes_on(&page(1_000)), Goes::On, "the first is new");
        // Somebody writes meanwhile: the page begins with what is new.
        let pages: Vec<Goes> = (0..3).map(|number| depth.goes_on(&page(999 - number))).collect();
        assert_eq!(
            pages,
            [Goes::On, Goes::On, Goes::Nowhere],
            "the third says nothing new of what lies further back"
        );
    }

    #[test]
    fn behind_what_was_asked_for_nothing_is_read() {
        let mut depth = Depth::default();
        assert_eq!(depth.goes_on(&page(0)), Goes::On, "the first is new");
        let older: Vec<Goes> = (0..3).map(|_| depth.goes_on(&[])).collect();
        assert_eq!(
            older,
            [Goes::On, Goes::On, Goes::Past],
            "a page may hold nothing that can be read"
        );
    }
}
