//! Where a message goes or comes from, as WhatsApp writes it: `digits@s.whatsapp.net` and its relatives.
//!
//! An address is kept as it came. One person may have several (spellings of a number, a LID); finding out that
//! two belong together never rewrites either. A LID is not a phone number: it is never shown or dialled as one.

mod variants;

use std::fmt;

use serde::{Deserialize, Serialize};

/// A WhatsApp address in its full form, with its suffix.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Address(String);

/// What an address stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressKind {
    /// A person by phone number: `digits@s.whatsapp.net` (older spelling `@c.us`).
    Phone,
    /// A person by WhatsApp's own hidden number: `digits@lid`.
    Lid,
    /// `…@g.us`
    Group,
    /// `…@newsletter`
    Channel,
    /// `…@broadcast`, and the word `stories`.
    Broadcast,
    /// Anything else; kept, never guessed at.
    Other,
}

impl Address {
    /// The address in `text`. Bare digits are a phone number; `@c.us` is read as `@s.whatsapp.net`.
    /// Nothing is refused: what is not known is [`AddressKind::Other`].
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
            return Self(format!("{text}@s.whatsapp.net"));
        }
        match text.strip_suffix("@c.us") {
            Some(digits) => Self(format!("{digits}@s.whatsapp.net")),
            None => Self(text.to_owned()),
        }
    }

    /// The address of a number as people write it, with its country code: `+51 900-000-010`, `0051…`. `None`: it is no
    /// such number (8 to 15 digits, E.164).
    pub fn of_written_number(text: &str) -> Option<Self> {
        let is_separator = |c: char| c.is_whitespace() || matches!(c, '-' | '.' | '(' | ')');
        let bare: String = text.chars().filter(|c| !is_separator(*c)).collect();
        let digits = bare
            .strip_prefix('+')
            .or_else(|| bare.strip_prefix("00"))
            .unwrap_or(&bare);
        let is_number = (8..=15).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && !digits.starts_with('0');
        is_number.then(|| Self::parse(digits))
    }

    /// The full form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it stands for.
    pub fn kind(&self) -> AddressKind {
        match self.0.rsplit_once('@').map(|(_, suffix)| suffix) {
            Some("s.whatsapp.net") => AddressKind::Phone,
            Some("lid") => AddressKind::Lid,
            Some("g.us") => AddressKind::Group,
            Some("newsletter") => AddressKind::Channel,
            Some("broadcast") => AddressKind::Broadcast,
            None if self.0 == "stories" => AddressKind::Broadcast,
            _ => AddressKind::Other,
        }
    }

    /// Is this surely another number than that one? Spellings of one number are the same, whatever device of it speaks; of a number and a
    /// hidden number nobody can say.
    pub fn is_another_number_than(&self, that: &Self) -> bool {
        let bare = |address: &Self| {
            let (local, suffix) = address.0.split_once('@').unwrap_or((&address.0, ""));
            let local = local.split(':').next().unwrap_or_default();
            Self(format!("{local}@{suffix}"))
        };
        let (this, that) = (bare(self), bare(that));
        this.kind() == that.kind() && this != that && !this.variants().contains(&that)
    }

    /// The phone number's digits, if it is one.
    pub fn phone_digits(&self) -> Option<&str> {
        match self.kind() {
            AddressKind::Phone => self.0.split('@').next(),
            _ => None,
        }
    }
}

/// The kind and the last two digits only: addresses are personal data, and `Debug` ends in logs.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.0.split('@').next().unwrap_or_default();
        let tail: String = local
            .chars()
            .rev()
            .take(2)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect();
        write!(f, "{:?}(…{tail})", self.kind())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_people_write_it_and_nothing_else_is() {
        for text in [
            "51900000010",
            "+51 900 000 010",
            "0051 (900) 000-010",
            " +51.900.000.010 ",
        ] {
            assert_eq!(
                Address::of_written_number(text),
                Some(Address::parse("51900000010")),
                "{text:?} is a number"
            );
        }
        for text in [
            "",
            "+",
            "12345",
            "0900000010",
            "5190000001012345",
            "51900000010@g.us",
            "51900000010@s.whatsapp.net",
            "51/900000010",
            "hola",
            "٥١٩٠٠٠٠٠٠١٠",
        ] {
            assert_eq!(Address::of_written_number(text), None, "{text:?} is none");
        }
    }

    #[test]
    fn bare_digits_and_the_old_suffix_are_the_same_phone_address() {
        let full = Address::parse("51900000011@s.whatsapp.net");
        assert_eq!(
            Address::parse("51900000011"),
            full,
            "a webhook's `from` has digits only"
        );
        assert_eq!(
            Address::parse("51900000011@c.us"),
            full,
            "the older suffix means the same person"
        );
    }

    #[test]
    fn each_suffix_has_its_kind() {
        let kinds = [
            ("51900000011@s.whatsapp.net", AddressKind::Phone),
            ("99000000000011@lid", AddressKind::Lid),
            ("120363000000000001@g.us", AddressKind::Group),
            ("120363000000000002@newsletter", AddressKind::Channel),
            ("status@broadcast", AddressKind::Broadcast),
            ("stories", AddressKind::Broadcast),
            ("anything", AddressKind::Other),
            ("", AddressKind::Other),
        ];
        for (text, kind) in kinds {
            assert_eq!(Address::parse(text).kind(), kind, "kind of {text:?}");
        }
    }

    #[test]
    fn a_lid_has_no_phone_digits() {
        assert_eq!(
            Address::parse("99000000000011@lid").phone_digits(),
            None,
            "a LID must never be dialled"
        );
        assert_eq!(
            Address::parse("51900000011").phone_digits(),
            Some("51900000011"),
            "a phone address has digits"
        );
    }

    #[test]
    fn another_number_is_one_that_no_spelling_makes_the_same() {
        let another = |one: &str, other: &str| {
            let (one, other) = (Address::parse(one), Address::parse(other));
            assert_eq!(
                one.is_another_number_than(&other),
                other.is_another_number_than(&one),
                "whichever is asked: {one:?}, {other:?}"
            );
            one.is_another_number_than(&other)
        };
        assert!(another("51900000010", "51900000011"), "two numbers");
        for same in ["51900000010", "51900000010@c.us", "51900000010:12@s.whatsapp.net"] {
            assert!(!another("51900000010@s.whatsapp.net", same), "{same} is the same");
        }
        assert!(!another("552161234567", "5521961234567"), "with its ninth digit");
        assert!(
            !another("51900000010", "99000000000010@lid"),
            "nobody can say whose a hidden number is"
        );
        assert!(
            another("99000000000010@lid", "99000000000011@lid"),
            "two hidden ones"
        );
    }

    #[test]
    fn debug_shows_no_number() {
        let shown = format!("{:?}", Address::parse("51900000011"));
        assert_eq!(shown, "Phone(…11)", "only the last two digits may reach a log");
    }
}
