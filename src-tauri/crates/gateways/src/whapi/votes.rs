//! Votes in words. A list of messages tells a vote by the ids of the answers that were chosen; which words those are, only the poll itself
//! says, and it need not be in the list.

use std::collections::BTreeSet;

use mostrador_domain::{Inbound, MessageChangeKind};

use super::decode::update;
use super::fields::Fields;
use super::link::WhapiLink;
use crate::Page;
use crate::http_kit::{Call, Path};

impl WhapiLink {
    /// Puts the words in the place of the ids. Each poll is asked for once; of one that the gateway does not tell, the ids stay: the votes
    /// are not to hold up what else is on the page.
    pub(super) async fn with_votes_in_words(&self, mut page: Page<Inbound>) -> Page<Inbound> {
        let polls: BTreeSet<String> = votes(&mut page).map(|(poll, _)| poll.to_owned()).collect();
        for poll in polls {
            let Some(path) = Path::with("/messages/{MessageID}", &poll) else {
                continue;
            };
            let Ok(answer) = self.ask(Call::get(path)).await else {
                continue;
            };
            let Some(body) = answer.json().ok().filter(|_| answer.is_success()) else {
                continue;
            };
            if let Some(told) = Fields::of(&body).and_then(|message| message.object("poll")) {
                let in_it = votes(&mut page).filter(|(of, _)| *of == poll);
                in_it.for_each(|(_, options)| update::in_words(options, told));
            }
        }
        page
    }
}

/// What was chosen, and in which poll.
fn votes(page: &mut Page<Inbound>) -> impl Iterator<Item = (&str, &mut [String])> {
    page.items.iter_mut().filter_map(|item| match item {
        Inbound::Change(change) => match &mut change.what {
            MessageChangeKind::Votes(options) if !options.is_empty() => {
                Some((change.gateway_id.as_str(), options.as_mut_slice()))
            }
            _ => None,
        },
        _ => None,
    })
}
