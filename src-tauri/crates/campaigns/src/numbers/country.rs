//! A country by its two letters, as ISO 3166 writes them.

use std::fmt;

use phonenumber::country::Id;
use phonenumber::metadata::DATABASE;

/// A country whose numbering plan is known.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Country(pub(super) Id);

impl Country {
    /// The country of two letters, in either case. `None`: there is no such country.
    pub fn of_iso(letters: &str) -> Option<Self> {
        let id: Id = letters.to_ascii_uppercase().parse().ok()?;
        DATABASE.by_id(id.as_ref()).map(|_| Self(id))
    }

    /// Its two letters, in capitals.
    pub fn iso(&self) -> &str {
        self.0.as_ref()
    }

    /// What is dialled before its numbers from abroad, without `+`.
    pub fn calling_code(&self) -> u16 {
        DATABASE.by_id(self.iso()).map_or(0, |plan| plan.country_code())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.iso())
    }
}
