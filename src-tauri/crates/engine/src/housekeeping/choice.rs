//! What the shop chooses about what is kept.

/// How long messages are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeepMessages {
    /// For ever.
    #[default]
    Forever,
    /// Five years.
    FiveYears,
    /// Two years.
    TwoYears,
    /// A year.
    OneYear,
}

impl KeepMessages {
    /// The setting's name.
    pub const SETTING: &'static str = "keep_messages";

    const ALL: [Self; 4] = [Self::Forever, Self::FiveYears, Self::TwoYears, Self::OneYear];

    /// The stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Forever => "forever",
            Self::FiveYears => "five_years",
            Self::TwoYears => "two_years",
            Self::OneYear => "one_year",
        }
    }

    /// What is not known is kept for ever.
    pub fn from_word(word: Option<&str>) -> Self {
        let found = Self::ALL.into_iter().find(|choice| Some(choice.as_str()) == word);
        found.unwrap_or_default()
    }

    /// In days; `None` = for ever. A year has 366: nothing goes a day too soon.
    pub fn days(self) -> Option<u64> {
        match self {
            Self::Forever => None,
            Self::FiveYears => Some(5 * 366),
            Self::TwoYears => Some(2 * 366),
            Self::OneYear => Some(366),
        }
    }
}

/// How much room customers' files may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MediaShare {
    /// As much as they need.
    #[default]
    Unlimited,
    /// 20 GB.
    Gb20,
    /// 5 GB.
    Gb5,
    /// 1 GB.
    Gb1,
}

impl MediaShare {
    /// The setting's name.
    pub const SETTING: &'static str = "media_share";

    const ALL: [Self; 4] = [Self::Unlimited, Self::Gb20, Self::Gb5, Self::Gb1];

    /// The stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unlimited => "unlimited",
            Self::Gb20 => "gb20",
            Self::Gb5 => "gb5",
            Self::Gb1 => "gb1",
        }
    }

    /// What is not known is unlimited.
    pub fn from_word(word: Option<&str>) -> Self {
        let found = Self::ALL.into_iter().find(|choice| Some(choice.as_str()) == word);
        found.unwrap_or_default()
    }

    /// In bytes; `None` = unlimited.
    pub fn bytes(self) -> Option<u64> {
        match self {
            Self::Unlimited => None,
            Self::Gb20 => Some(20_000_000_000),
            Self::Gb5 => Some(5_000_000_000),
            Self::Gb1 => Some(1_000_000_000),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_known_by_its_word_and_an_unknown_word_removes_nothing() {
        for choice in KeepMessages::ALL {
            assert_eq!(
                KeepMessages::from_word(Some(choice.as_str())),
                choice,
                "{choice:?}"
            );
        }
        for choice in MediaShare::ALL {
            assert_eq!(MediaShare::from_word(Some(choice.as_str())), choice, "{choice:?}");
        }
        for word in [None, Some("a_week")] {
            assert_eq!(KeepMessages::from_word(word).days(), None, "{word:?}");
            assert_eq!(MediaShare::from_word(word).bytes(), None, "{word:?}");
        }
    }
}
