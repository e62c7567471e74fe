//! The words by which repairs, and reasons for there being no number, are told.

use super::{NotANumber, Repair};

impl Repair {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Marks,
        Self::Link,
        Self::DecimalTail,
        Self::Exponent,
        Self::WrittenTwice,
        Self::Chosen,
        Self::InternationalPrefix,
        Self::TrunkPrefix,
        Self::LocalMobile,
        Self::CountryAdded,
        Self::PlusAdded,
        Self::WordsDropped,
        Self::ExtensionDropped,
        Self::RestDropped,
        Self::PerhapsRounded,
        Self::UnknownRange,
    ];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Marks => "marks",
            Self::Link => "link",
            Self::DecimalTail => "decimal_tail",
            Self::Exponent => "exponent",
            Self::WrittenTwice => "written_twice",
            Self::Chosen => "chosen",
            Self::InternationalPrefix => "international_prefix",
            Self::TrunkPrefix => "trunk_prefix",
            Self::LocalMobile => "local_mobile",
            Self::CountryAdded => "country_added",
            Self::PlusAdded => "plus_added",
            Self::WordsDropped => "words_dropped",
            Self::ExtensionDropped => "extension_dropped",
            Self::RestDropped => "rest_dropped",
            Self::PerhapsRounded => "perhaps_rounded",
            Self::UnknownRange => "unknown_range",
        }
    }

    /// The repair that [`Self::as_str`] printed.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|repair| repair.as_str() == word)
    }
}

impl NotANumber {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Words => "words",
            Self::Ruined => "ruined",
            Self::HiddenNumber => "hidden_number",
            Self::NotAPerson => "not_a_person",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::NoSuchCountry => "no_such_country",
            Self::WrongLength => "wrong_length",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_repair_has_a_word_of_its_own() {
        for repair in Repair::ALL {
            assert_eq!(
                Repair::from_word(repair.as_str()),
                Some(repair),
                "the word leads back"
            );
        }
        assert_eq!(Repair::from_word("guess"), None, "another word is none of them");
    }
}
