//! Names of things, as WhatsApp spells them.
//!
//! A person is known by the digits of a number; a chat with a person by those digits and a suffix; a group by its
//! own digits and another suffix. The world keeps the two apart as types so that a chat is never taken for a
//! number.

use std::fmt;

use serde::{Deserialize, Serialize};

const PERSON_SUFFIX: &str = "@s.whatsapp.net";
const GROUP_SUFFIX: &str = "@g.us";

/// A phone number: digits only, with country code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Number(String);

impl Number {
    /// Takes digits as they stand; see [`ChatId::addressed`] for checking what a client wrote.
    pub(crate) fn new(digits: impl Into<String>) -> Self {
        Self(digits.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The one-to-one chat with this person.
    pub(crate) fn chat(&self) -> ChatId {
        ChatId(format!("{}{PERSON_SUFFIX}", self.0))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A chat: with one person, or a group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct ChatId(String);

impl ChatId {
    /// Takes an id as it stands, suffix included.
    pub(crate) fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// Reads the address of a send: digits alone, or digits with one of the two suffixes. `None` when it is
    /// neither, or too short or too long to be one.
    pub(crate) fn addressed(to: &str) -> Option<Self> {
        if let Some(group) = to.strip_suffix(GROUP_SUFFIX) {
            let digits = group.chars().all(|c| c.is_ascii_digit() || c == '-');
            return (digits && (9..=31).contains(&group.len())).then(|| Self(to.to_owned()));
        }
        let number = to.strip_suffix(PERSON_SUFFIX).unwrap_or(to);
        let digits = number.chars().all(|c| c.is_ascii_digit());
        (digits && (9..=15).contains(&number.len())).then(|| Number::new(number).chat())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is a group.
    pub(crate) fn is_group(&self) -> bool {
        self.0.ends_with(GROUP_SUFFIX)
    }

    /// The other person of a one-to-one chat.
    pub(crate) fn number(&self) -> Option<Number> {
        self.0.strip_suffix(PERSON_SUFFIX).map(Number::new)
    }
}

impl fmt::Display for ChatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::ChatId;

    #[test]
    fn an_address_may_come_with_or_without_its_suffix() {
        let bare = ChatId::addressed("51900000011");
        let full = ChatId::addressed("51900000011@s.whatsapp.net");
        assert!(bare.is_some(), "digits alone are an address");
        assert_eq!(bare, full, "both spellings name the same chat");
    }

    #[test]
    fn what_is_no_number_is_no_address() {
        for wrong in [
            "",
            "hola",
            "+51900000011",
            "519",
            "51900000011@c.us",
            "5190000001151900000011",
        ] {
            assert_eq!(ChatId::addressed(wrong), None, "{wrong:?} must be refused");
        }
    }
}
