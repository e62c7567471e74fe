//! The labels of a business account, and what carries them: chats and messages, by their ids.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{ChatId, Event, World};

/// The colours that WhatsApp knows, by the names of web colours.
pub(crate) const COLOURS: [&str; 20] = [
    "salmon",
    "lightskyblue",
    "gold",
    "plum",
    "silver",
    "mediumturquoise",
    "violet",
    "goldenrod",
    "cornflowerblue",
    "greenyellow",
    "cyan",
    "lightpink",
    "mediumaquamarine",
    "orangered",
    "deepskyblue",
    "limegreen",
    "darkorange",
    "lightsteelblue",
    "mediumpurple",
    "rebeccapurple",
];

/// A label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Label {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) colour: String,
}

/// All of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Labels {
    known: BTreeMap<String, Label>,
    worn: BTreeMap<String, BTreeSet<String>>,
}

impl Labels {
    pub(super) fn add(&mut self, label: Label) {
        self.known.insert(label.id.clone(), label);
    }

    pub(super) fn put_on(&mut self, label: &str, wearer: &str) -> bool {
        self.worn
            .entry(wearer.to_owned())
            .or_default()
            .insert(label.to_owned())
    }

    pub(super) fn of(&self, wearer: &str) -> Vec<Label> {
        let worn = self.worn.get(wearer).into_iter().flatten();
        worn.filter_map(|id| self.known.get(id)).cloned().collect()
    }

    pub(super) fn forget(&mut self, wearer: &str) {
        self.worn.remove(wearer);
    }
}

/// Why a label was not put on or taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LabelRefused {
    NoSuchLabel,
    NothingToLabel,
    AlreadySo,
}

impl World {
    /// All labels with how many things carry each.
    pub(crate) fn labels(&self) -> Vec<(Label, usize)> {
        let count = |id: &String| self.labels.worn.values().filter(|worn| worn.contains(id)).count();
        self.labels
            .known
            .values()
            .map(|label| (label.clone(), count(&label.id)))
            .collect()
    }

    pub(crate) fn label(&self, id: &str) -> Option<&Label> {
        self.labels.known.get(id)
    }

    /// What carries a label.
    pub(crate) fn labelled(&self, label: &str) -> Vec<&str> {
        let wearing = self.labels.worn.iter().filter(|(_, worn)| worn.contains(label));
        wearing.map(|(wearer, _)| wearer.as_str()).collect()
    }

    /// The labels of a chat or a message.
    pub(crate) fn labels_of(&self, wearer: &str) -> Vec<Label> {
        self.labels.of(wearer)
    }

    /// Makes a label, or gives one another name and colour.
    pub(crate) fn make_label(&mut self, label: Label) {
        self.labels.add(label.clone());
        self.tell_if_linked(Event::Labelled(label));
    }

    /// Removes a label from everything and from the list; false when there is none.
    pub(crate) fn remove_label(&mut self, id: &str) -> bool {
        let Some(label) = self.labels.known.remove(id) else {
            return false;
        };
        for worn in self.labels.worn.values_mut() {
            worn.remove(id);
        }
        self.tell_if_linked(Event::LabelGone(label));
        true
    }

    /// Puts a label on a chat or a message, or takes it off.
    pub(crate) fn wear(&mut self, label: &str, wearer: &str, on: bool) -> Result<(), LabelRefused> {
        if self.label(label).is_none() {
            return Err(LabelRefused::NoSuchLabel);
        }
        let chat = ChatId::new(wearer);
        let before = self.chat(&chat);
        if before.is_none() && self.book.place_of(wearer).is_none() {
            return Err(LabelRefused::NothingToLabel);
        }
        let changed = if on {
            self.labels.put_on(label, wearer)
        } else {
            self.labels
                .worn
                .get_mut(wearer)
                .is_some_and(|worn| worn.remove(label))
        };
        if !changed {
            return Err(LabelRefused::AlreadySo);
        }
        self.revision += 1;
        self.tell_chat_changed(before);
        Ok(())
    }
}
