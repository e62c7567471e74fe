//! Names of things, as WhatsApp spells them.
//!
//! A person is known by the digits of a number; a chat with a person by those digits and a suffix, or by WhatsApp's
//! hidden number (LID) and another suffix; a group by its own digits and a third. The world keeps chats and numbers
//! apart as types so that a chat is never taken for a number.
//!
//! In three countries one telephone has two spellings: Brazil's mobile numbers with and without the ninth digit,
//! Mexico's with and without a 1, Argentina's with and without a 9 after the country code. WhatsApp knows a person
//! by one of them and finds them by either.

use std::fmt;

use serde::{Deserialize, Serialize};

const PERSON_SUFFIX: &str = "@s.whatsapp.net";
const GROUP_SUFFIX: &str = "@g.us";
const LID_SUFFIX: &str = "@lid";

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

    /// The other spelling of the same telephone, where the country has two.
    pub(crate) fn other_spelling(&self) -> Option<Self> {
        let digits = self.0.as_str();
        let spelt = match (digits.get(..2)?, digits.len()) {
            ("55", 13) if digits.get(4..5) == Some("9") => {
                format!("{}{}", digits.get(..4)?, digits.get(5..)?)
            }
            ("55", 12) => format!("{}9{}", digits.get(..4)?, digits.get(4..)?),
            ("52", 13) if digits.get(2..3) == Some("1") => format!("52{}", digits.get(3..)?),
            ("52", 12) => format!("521{}", digits.get(2..)?),
            ("54", 13) if digits.get(2..3) == Some("9") => format!("54{}", digits.get(3..)?),
            ("54", 12) => format!("549{}", digits.get(2..)?),
            _ => return None,
        };
        Some(Self(spelt))
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

    /// The chat with a person by their hidden number.
    pub(crate) fn lid(digits: &str) -> Self {
        Self(format!("{digits}{LID_SUFFIX}"))
    }

    /// Reads the address of a send: digits alone, or digits with one of the three suffixes. `None` when it is
    /// neither, or too short or too long to be one.
    pub(crate) fn addressed(to: &str) -> Option<Self> {
        if let Some(group) = to.strip_suffix(GROUP_SUFFIX) {
            let digits = group.chars().all(|c| c.is_ascii_digit() || c == '-');
            return (digits && (9..=31).contains(&group.len())).then(|| Self(to.to_owned()));
        }
        if let Some(lid) = to.strip_suffix(LID_SUFFIX) {
            let digits = lid.chars().all(|c| c.is_ascii_digit());
            return (digits && (7..=20).contains(&lid.len())).then(|| Self(to.to_owned()));
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

    /// The hidden number that names this chat.
    pub(crate) fn hidden(&self) -> Option<&str> {
        self.0.strip_suffix(LID_SUFFIX)
    }

    /// What stands before the suffix.
    pub(crate) fn digits(&self) -> &str {
        self.0
            .split_once('@')
            .map_or(self.0.as_str(), |(digits, _)| digits)
    }

    /// The other person of a one-to-one chat that is named by a telephone number.
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
    use super::{ChatId, Number};

    #[test]
    fn the_two_spellings_of_a_telephone_lead_to_each_other() {
        for (one, other) in [
            ("5511900000001", "551100000001"),
            ("5215500000001", "525500000001"),
            ("5491100000001", "541100000001"),
        ] {
            let (one, other) = (Number::new(one), Number::new(other));
            assert_eq!(
                one.other_spelling(),
                Some(other.clone()),
                "the long form has a short one"
            );
            assert_eq!(
                other.other_spelling(),
                Some(one),
                "and the short form that long one"
            );
        }
        let peru = Number::new("51900000011");
        assert_eq!(peru.other_spelling(), None, "most countries have one spelling");
    }

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
