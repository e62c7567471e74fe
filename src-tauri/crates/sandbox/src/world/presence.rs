//! What people do at this moment: online, typing, calling. Nothing of it is saved.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Event, Number, World};
use crate::clock::Millis;

/// What somebody does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Doing {
    Online,
    Offline,
    Typing,
    Recording,
}

impl Doing {
    /// WhatsApp's word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Offline => "offline",
            Self::Typing => "typing",
            Self::Recording => "recording",
        }
    }
}

/// The moment's presences and calls.
#[derive(Clone, Debug, Default)]
pub(super) struct Presences {
    followed: BTreeSet<Number>,
    doing: BTreeMap<Number, (Doing, Millis)>,
    calls: BTreeMap<String, (Number, bool)>,
    /// What the shop last showed in a chat, for the person on the other side.
    shown: BTreeMap<Number, &'static str>,
}

impl World {
    /// The shop wants to hear what somebody does; false when it does already.
    pub(crate) fn follow(&mut self, who: &Number) -> bool {
        self.revision += 1;
        self.presences.followed.insert(who.clone())
    }

    /// What somebody does and since when; `None` when the shop did not ask to hear of it.
    pub(crate) fn presence(&self, who: &Number) -> Option<Option<(Doing, Millis)>> {
        let followed = self.presences.followed.contains(who);
        followed.then(|| self.presences.doing.get(who).copied())
    }

    /// Somebody begins to do something.
    pub(crate) fn person_does(&mut self, who: &Number, doing: Doing, now: Millis) {
        self.revision += 1;
        self.presences.doing.insert(who.clone(), (doing, now));
        if self.presences.followed.contains(who) {
            self.tell_if_linked(Event::Presence {
                who: who.clone(),
                doing,
                at: now,
            });
        }
    }

    /// The shop shows somebody that it types, or does so no longer.
    pub(crate) fn shop_shows(&mut self, who: &Number, shown: &'static str) {
        self.revision += 1;
        self.presences.shown.insert(who.clone(), shown);
    }

    /// What the shop shows somebody.
    pub(crate) fn shown_to(&self, who: &Number) -> Option<&'static str> {
        self.presences.shown.get(who).copied()
    }

    /// The shop is online for everybody, or not.
    pub(crate) fn go_online(&mut self, online: bool) {
        self.revision += 1;
        self.shop.online = online;
    }

    /// Somebody calls the shop. Gives the call's id.
    pub(crate) fn person_calls(&mut self, who: &Number, video: bool, now: Millis) -> String {
        let id = self.chance.hex(32).to_uppercase();
        self.presences.calls.insert(id.clone(), (who.clone(), video));
        let ringing = Event::Call {
            id: id.clone(),
            from: who.clone(),
            status: "ringing",
            video,
            at: now,
        };
        self.tell_if_linked(ringing);
        id
    }

    /// The calls that ring: their ids, who calls, and whether with a picture.
    pub(crate) fn calls(&self) -> impl Iterator<Item = (&str, &Number, bool)> {
        let calls = self.presences.calls.iter();
        calls.map(|(id, (who, video))| (id.as_str(), who, *video))
    }

    /// A call ends: the caller gives up (`missed`) or the shop will not take it (`canceled`). False when nobody
    /// calls so.
    pub(crate) fn call_ends(&mut self, id: &str, status: &'static str, now: Millis) -> bool {
        let Some((from, video)) = self.presences.calls.remove(id) else {
            return false;
        };
        self.tell_if_linked(Event::Call {
            id: id.to_owned(),
            from,
            status,
            video,
            at: now,
        });
        true
    }
}
