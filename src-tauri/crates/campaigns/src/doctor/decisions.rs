//! What the operator has decided about repairs: by kind for the whole file, and by row. A row's own answer goes before.

use std::collections::BTreeMap;

use mostrador_domain::Address;

use crate::numbers::Repair;

/// To a kind of repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Do it.
    Accept,
    /// Leave those rows out.
    Refuse,
}

/// To one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowAnswer {
    /// Use the number as it is proposed.
    Accept,
    /// Leave the row out, even if nothing is wrong with it.
    Refuse,
    /// Use this one of several: by the number itself, as which of them stands where changes with the file's country.
    Choose(Address),
}

/// All that was decided for a file; nothing is decided at first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decisions {
    kinds: BTreeMap<Repair, Answer>,
    rows: BTreeMap<u32, RowAnswer>,
}

impl Decisions {
    /// Decides about a kind of repair in all rows; `None` takes the decision back.
    pub fn decide_kind(&mut self, repair: Repair, answer: Option<Answer>) {
        match answer {
            Some(answer) => self.kinds.insert(repair, answer),
            None => self.kinds.remove(&repair),
        };
    }

    /// Decides about a row by its number in the file; `None` takes the decision back.
    pub fn decide_row(&mut self, row: u32, answer: Option<RowAnswer>) {
        match answer {
            Some(answer) => self.rows.insert(row, answer),
            None => self.rows.remove(&row),
        };
    }

    /// What was decided about a kind of repair.
    pub fn of_kind(&self, repair: Repair) -> Option<Answer> {
        self.kinds.get(&repair).copied()
    }

    /// The row's own answer.
    pub fn of_row(&self, row: u32) -> Option<&RowAnswer> {
        self.rows.get(&row)
    }

    /// Takes back what was agreed to row by row: read for another country, a row may be another person's number.
    pub fn forget_accepted_rows(&mut self) {
        self.rows.retain(|_, answer| *answer != RowAnswer::Accept);
    }

    /// What follows for a row of these repairs. `None`: one of them is a guess that waits for an answer.
    pub(super) fn on(&self, row: u32, repairs: &[Repair]) -> Option<Answer> {
        match self.of_row(row) {
            Some(RowAnswer::Accept | RowAnswer::Choose(_)) => return Some(Answer::Accept),
            Some(RowAnswer::Refuse) => return Some(Answer::Refuse),
            None => {}
        }
        let answer = |repair: &Repair| match self.kinds.get(repair) {
            Some(answer) => Some(*answer),
            None => repair.is_certain().then_some(Answer::Accept),
        };
        if repairs
            .iter()
            .any(|repair| answer(repair) == Some(Answer::Refuse))
        {
            return Some(Answer::Refuse);
        }
        repairs
            .iter()
            .all(|repair| answer(repair).is_some())
            .then_some(Answer::Accept)
    }
}
