//! All rows of a table gone through: which have a text, and which have none, and why.

use super::{Bound, RowFault, same_name};

/// Rows with one fault.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// How many there are.
    pub count: usize,
    /// The first of them, counted from 0: as many as [`Rows::NAMED`].
    pub first: Vec<usize>,
}

/// A variable that has no value in some rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unresolved {
    /// The variable, as the text writes it first.
    pub variable: String,
    /// In these rows.
    pub rows: Rows,
}

/// What going through all rows has found. A launch needs [`Check::is_good`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Check {
    /// Rows that have a text.
    pub good: usize,
    /// Variables without a value. A row counts once for each of them.
    pub unresolved: Vec<Unresolved>,
    /// Rows with any variable without a value.
    pub rows_unresolved: usize,
    /// Rows whose text is too long.
    pub too_long: Rows,
    /// Rows whose text is empty.
    pub empty: Rows,
    /// Rows that the engine refuses.
    pub refused: Rows,
    /// The characters of the longest good text.
    pub longest: usize,
}

impl Rows {
    /// So many are named; the rest is counted.
    pub const NAMED: usize = 100;

    fn add(&mut self, row: usize) {
        self.count += 1;
        if self.first.len() < Self::NAMED {
            self.first.push(row);
        }
    }
}

impl Check {
    /// Has every row a text?
    pub fn is_good(&self) -> bool {
        self.rows_unresolved + self.too_long.count + self.empty.count + self.refused.count == 0
    }

    fn unresolved(&mut self, variable: &str, row: usize) {
        let known = self
            .unresolved
            .iter()
            .position(|known| same_name(&known.variable, variable));
        let at = known.unwrap_or_else(|| {
            self.unresolved.push(Unresolved {
                variable: variable.to_owned(),
                rows: Rows::default(),
            });
            self.unresolved.len() - 1
        });
        self.unresolved[at].rows.add(row);
    }
}

impl Bound<'_> {
    /// Goes through all rows.
    pub fn check<R, C>(&self, rows: impl IntoIterator<Item = R>) -> Check
    where
        R: AsRef<[C]>,
        C: AsRef<str>,
    {
        let mut check = Check::default();
        for (at, row) in rows.into_iter().enumerate() {
            self.check_row(row.as_ref(), at, &mut check);
        }
        check
    }

    /// Goes through one row, which is called `at`.
    pub fn check_row(&self, row: &[impl AsRef<str>], at: usize, check: &mut Check) {
        match self.render(row) {
            Ok(text) => {
                check.good += 1;
                check.longest = check.longest.max(text.chars().count());
            }
            Err(RowFault::Unresolved { .. }) => {
                check.rows_unresolved += 1;
                for variable in self.missing(row) {
                    check.unresolved(variable, at);
                }
            }
            Err(RowFault::TooLong { .. }) => check.too_long.add(at),
            Err(RowFault::Empty) => check.empty.add(at),
            Err(RowFault::Engine) => check.refused.add(at),
        }
    }

    /// The variables that have no value in a row, each once.
    fn missing<'r>(&'r self, row: &'r [impl AsRef<str>]) -> Vec<&'r str> {
        let mut missing: Vec<&str> = Vec::new();
        for (placeholder, cell) in self.cells(row) {
            let name = placeholder.name.as_str();
            let counts = cell.is_none() && !placeholder.has_fallback;
            if counts && !missing.iter().any(|known| same_name(known, name)) {
                missing.push(name);
            }
        }
        missing
    }
}
