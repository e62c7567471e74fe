//! The people and the groups of the simulated WhatsApp, and the shop itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ChatId, Number};
use crate::clock::Millis;

/// The language a person writes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Tongue {
    Spanish,
    Portuguese,
}

/// The shop, as it presents itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Shop {
    pub(crate) number: Number,
    pub(crate) name: String,
    pub(crate) about: String,
    /// The profile picture, one of the world's media.
    pub(crate) icon: Option<String>,
    pub(crate) online: bool,
}

/// Somebody with a WhatsApp number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Person {
    pub(crate) number: Number,
    /// WhatsApp's hidden number for them, digits only.
    pub(crate) lid: String,
    /// Whether their chat is the hidden number's instead of their own.
    pub(crate) hidden: bool,
    /// The name they gave themselves; empty for a number that the shop wrote to first.
    pub(crate) name: String,
    /// The name in the shop's own address book, when it stands there.
    pub(crate) saved_as: Option<String>,
    pub(crate) tongue: Tongue,
    /// Whether somebody plays this person: a stranger neither answers nor writes.
    pub(crate) played: bool,
    /// How many lines of their part they have said.
    pub(crate) said: usize,
    pub(crate) blocked: bool,
}

impl Person {
    /// A number without a history: it exists, receives, and says nothing.
    pub(crate) fn stranger(number: Number, lid: String) -> Self {
        Self {
            number,
            lid,
            hidden: false,
            name: String::new(),
            saved_as: None,
            tongue: Tongue::Spanish,
            played: false,
            said: 0,
            blocked: false,
        }
    }

    /// The one-to-one chat in which their messages come.
    pub(crate) fn chat(&self) -> ChatId {
        if self.hidden {
            ChatId::lid(&self.lid)
        } else {
            self.number.chat()
        }
    }
}

/// What somebody may do in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Rank {
    Member,
    Admin,
    Creator,
}

impl Rank {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Creator => "creator",
        }
    }
}

/// A group that the shop is in, or was in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(crate) id: ChatId,
    pub(crate) name: String,
    pub(crate) description: String,
    /// Everybody but the shop.
    pub(crate) members: BTreeMap<Number, Rank>,
    /// The shop's own rank; `None` when it has left.
    pub(crate) shop: Option<Rank>,
    pub(crate) created_at: Millis,
    pub(crate) created_by: Number,
    pub(crate) invite_code: String,
    /// Only admins may write.
    pub(crate) announcements: bool,
    /// Only admins may change name and description.
    pub(crate) restricted: bool,
    pub(crate) approve: bool,
    pub(crate) members_may_add: bool,
    pub(crate) icon: Option<String>,
}
