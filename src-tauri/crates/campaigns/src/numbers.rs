//! What somebody wrote as a telephone number, read with the country of the file.
//!
//! A cell gets one verdict, a [`Reading`]:
//!
//! | In the cell | Verdict |
//! |---|---|
//! | a number with its country code, however it is spaced; a WhatsApp address of a number | good |
//! | the same behind an apostrophe, invisible marks, other digits, `00`, `tel:`, `wa.me/`, or before `.0` | repaired, certain |
//! | a number of the file's country without its code, with a trunk zero, or Argentina's 15 | repaired, certain |
//! | `5.512345678901E+12`: every digit is there | repaired, certain |
//! | `5.51199E+12`: the digits are gone | not a number: ruined; nothing can bring them back |
//! | another country's number without `+` (also where Mexico's 1 would make it one of the file's); an extension or words beside it; six zeros at the end; an unknown range | repaired, a guess: somebody has to agree |
//! | a national number while no country is known | needs a country |
//! | two people's numbers | several: somebody has to choose |
//! | `…@lid`, `…@g.us`, words, too few digits, too many | not a number, and why |
//!
//! What is read is kept as it was written: Brazil's ninth digit, Mexico's 1 and Argentina's 9 are neither added to a
//! complete number nor taken away. [`Number::spellings`] widens a look-up, [`Number::person`] compares people.

mod cell;
mod country;
mod link;
mod plan;
mod several;
mod words;

use mostrador_domain::Address;

pub use country::Country;

/// A telephone number as it will be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    address: Address,
    country: Option<Country>,
}

/// Who a number belongs to: the same for each of its spellings, and only for them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Person(u64);

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Person(…{:02})", self.0 % 100)
    }
}

impl Number {
    /// `digits` begin with the country's calling code.
    fn new(digits: &str, country: Option<Country>) -> Self {
        Self {
            address: Address::parse(digits),
            country,
        }
    }

    /// Where a message would go.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The country, where the numbering plans tell it: not for a range that they do not know.
    pub fn country(&self) -> Option<Country> {
        self.country
    }

    /// This spelling first, then the others that may be the same person's.
    pub fn spellings(&self) -> Vec<Address> {
        let mut all = vec![self.address.clone()];
        all.extend(self.address.variants());
        all
    }

    /// Whose it is, for comparing.
    pub fn person(&self) -> Person {
        let spelled = |address: &Address| address.phone_digits().and_then(|digits| digits.parse().ok());
        let smallest = self.spellings().iter().filter_map(spelled).min();
        Person(smallest.unwrap_or_default())
    }
}

/// The verdict on a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// Complete as it was written.
    Good(Number),
    /// A number, once something is done about it.
    Repaired {
        /// The number that is proposed.
        number: Number,
        /// What was done, in that order; never empty.
        repairs: Vec<Repair>,
    },
    /// Digits that may be a national number, and no country is known for the file.
    NeedsCountry,
    /// Numbers of different people, in the order of the cell; at least two.
    Several(Vec<Number>),
    /// No number, and why.
    NotANumber(NotANumber),
}

impl Reading {
    /// The number, if there is exactly one.
    pub fn number(&self) -> Option<&Number> {
        match self {
            Self::Good(number) | Self::Repaired { number, .. } => Some(number),
            _ => None,
        }
    }

    /// What has to be agreed to before the number is used.
    pub fn guesses(&self) -> impl Iterator<Item = Repair> {
        let repairs: &[Repair] = match self {
            Self::Repaired { repairs, .. } => repairs,
            _ => &[],
        };
        repairs.iter().copied().filter(|repair| !repair.is_certain())
    }

    fn of(number: Number, repairs: Vec<Repair>) -> Self {
        match repairs.is_empty() {
            true => Self::Good(number),
            false => Self::Repaired { number, repairs },
        }
    }

    /// The same with `repair` as the first thing that was done.
    fn after(self, repair: Repair) -> Self {
        let (number, mut repairs) = match self {
            Self::Good(number) => (number, Vec::new()),
            Self::Repaired { number, repairs } => (number, repairs),
            other => return other,
        };
        if !repairs.contains(&repair) {
            repairs.insert(0, repair);
        }
        Self::Repaired { number, repairs }
    }
}

/// What is done to a cell so that it is a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Repair {
    /// An apostrophe, an invisible mark or another script's digits are read as what they stand for.
    Marks,
    /// The number is taken out of a link: `tel:`, `wa.me`, `whatsapp://`.
    Link,
    /// The `.0` of a column of decimals is dropped.
    DecimalTail,
    /// `5.512345678901E+12` is written out; each digit was there.
    Exponent,
    /// The same number stood there more than once.
    WrittenTwice,
    /// It is the one that a person chose of several in the cell.
    Chosen,
    /// `00` before the country's code.
    InternationalPrefix,
    /// The zero, or the carrier's code, that is dialled inside the country only.
    TrunkPrefix,
    /// Argentina's 15 of a mobile becomes the 9 that is dialled from abroad.
    LocalMobile,
    /// The file's country is put before a national number.
    CountryAdded,
    /// A guess: the digits are another country's number whose `+` is missing.
    PlusAdded,
    /// A guess: what is written beside the number is dropped.
    WordsDropped,
    /// A guess: the extension of a switchboard is dropped.
    ExtensionDropped,
    /// A guess: one of the numbers of the cell can be read, the rest cannot.
    RestDropped,
    /// A guess: it ends in six zeros, as a number does that a spreadsheet has rounded.
    PerhapsRounded,
    /// A guess: as long as the country's numbers, in a range that the numbering plan does not name.
    UnknownRange,
}

impl Repair {
    /// Only how the number is written changes; which number is meant is not guessed.
    pub fn is_certain(self) -> bool {
        match self {
            Self::Marks
            | Self::Link
            | Self::DecimalTail
            | Self::Exponent
            | Self::WrittenTwice
            | Self::Chosen
            | Self::InternationalPrefix
            | Self::TrunkPrefix
            | Self::LocalMobile
            | Self::CountryAdded => true,
            Self::PlusAdded
            | Self::WordsDropped
            | Self::ExtensionDropped
            | Self::RestDropped
            | Self::PerhapsRounded
            | Self::UnknownRange => false,
        }
    }
}

/// Why a cell holds no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, thiserror::Error)]
pub enum NotANumber {
    /// Nothing is written.
    #[error("empty")]
    Empty,
    /// Words, or digits among words that are no number.
    #[error("words")]
    Words,
    /// A spreadsheet has shortened it to `5.51199E+12`; the digits are lost.
    #[error("shortened by a spreadsheet")]
    Ruined,
    /// WhatsApp's hidden number of a person: it cannot be dialled.
    #[error("a hidden number of WhatsApp")]
    HiddenNumber,
    /// The address of a group, a channel or a broadcast list.
    #[error("not a person's address")]
    NotAPerson,
    /// Fewer digits than a number of the country has.
    #[error("too short")]
    TooShort,
    /// More digits than a number can have.
    #[error("too long")]
    TooLong,
    /// `+` and digits that begin with no country's code.
    #[error("no such country code")]
    NoSuchCountry,
    /// Not as long as any number of its country.
    #[error("no number of its country has that length")]
    WrongLength,
}

/// What is longer is a text, and is not searched for numbers: characters.
const LONGEST_CELL: usize = 200;

/// The number in a cell. `country` is the file's, for numbers without a country code; `None`: it was not asked for.
pub fn read(text: &str, country: Option<Country>) -> Reading {
    let Some(cell) = cell::Cell::of(text) else {
        return Reading::NotANumber(NotANumber::Empty);
    };
    if cell.text.chars().nth(LONGEST_CELL).is_some() {
        return Reading::NotANumber(NotANumber::Words);
    }
    let reading = link::read(&cell.text, country).unwrap_or_else(|| several::read(&cell.text, country));
    match cell.had_marks {
        true => reading.after(Repair::Marks),
        false => reading,
    }
}

#[cfg(test)]
mod tests;
