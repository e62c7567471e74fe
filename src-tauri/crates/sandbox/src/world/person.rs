//! The people and the groups of the simulated WhatsApp.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{ChatId, Number};

/// The language a person writes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Tongue {
    Spanish,
    Portuguese,
}

/// Somebody with a WhatsApp number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Person {
    pub(crate) number: Number,
    /// The name they gave themselves; empty for a number that the shop wrote to first.
    pub(crate) name: String,
    /// The name in the shop's own address book, when it stands there.
    pub(crate) saved_as: Option<String>,
    pub(crate) tongue: Tongue,
    /// Whether somebody plays this person: a stranger neither answers nor writes.
    pub(crate) played: bool,
    /// How many lines of their part they have said.
    pub(crate) said: usize,
}

impl Person {
    /// A number without a history: it exists, receives, and says nothing.
    pub(crate) fn stranger(number: Number) -> Self {
        Self {
            number,
            name: String::new(),
            saved_as: None,
            tongue: Tongue::Spanish,
            played: false,
            said: 0,
        }
    }
}

/// A group that the shop is in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(crate) id: ChatId,
    pub(crate) name: String,
    /// Everybody but the shop.
    pub(crate) members: BTreeSet<Number>,
}
