//! A list as it is shown: how it is read, what was found so far, and pages of its rows, read from the file again.

use std::ops::ControlFlow;

use mostrador_campaigns::doctor::{Counters, Plan, Verdict};
use mostrador_campaigns::numbers::{self, Country, NotANumber, Reading, Repair};
use mostrador_campaigns::sheet::{self, DateOrder, Delimiter, Form, Row, SheetError, Visitor};

use super::{Import, ImportId, MOST_COLUMNS, Seen};
use crate::EngineError;
use crate::audience::lock;
use crate::media::MediaFolder;

/// Why a list is not read, or not read on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListFault {
    /// The file.
    Sheet(SheetError),
    /// What is known of its people could not be looked up.
    Store,
}

/// How a list is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingOf {
    /// Of text.
    pub encoding: Option<String>,
    /// Of text.
    pub delimiter: Option<Delimiter>,
    /// Of a workbook, from 0.
    pub sheet: usize,
    /// The first row holds headings, or the one below the preamble.
    pub has_header: bool,
    /// So many rows stand above the headings; `None` = as it is.
    pub preamble: Option<usize>,
    /// The column of the number, from 0.
    pub number: Option<usize>,
    /// The column of the names, from 0, if one holds them.
    pub name: Option<usize>,
    /// For numbers without a country code.
    pub country: Option<Country>,
}

/// A column.
#[derive(Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading, or its letter.
    pub title: String,
    /// What it is called in texts.
    pub variable: String,
    /// Its first cells.
    pub samples: Vec<String>,
}

/// A list, as it is shown.
#[derive(Clone, PartialEq)]
pub struct ListState {
    /// Which.
    pub id: ImportId,
    /// What the file is called.
    pub file_name: String,
    /// How it is read.
    pub reading: ReadingOf,
    /// The sheets of a workbook.
    pub sheets: Vec<String>,
    /// Its columns.
    pub columns: Vec<Column>,
    /// 0 to 1.
    pub progress: f64,
    /// The rows so far.
    pub counters: Counters,
    /// Repairs that are guesses: how many rows each would bring in, and what was decided.
    pub guesses: Vec<(Repair, u32, Option<bool>)>,
    /// Its mapping was remembered.
    pub remembered: bool,
    /// Why reading stopped.
    pub fault: Option<ListFault>,
}

/// A kind of verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerdictKind {
    /// [`Verdict::Good`]
    Good,
    /// [`Verdict::Repaired`]
    Repaired,
    /// [`Verdict::Proposed`]
    Proposed,
    /// [`Verdict::Several`]
    Several,
    /// [`Verdict::NeedsCountry`]
    NeedsCountry,
    /// [`Verdict::Refused`]
    Refused,
    /// [`Verdict::NotANumber`]
    NotANumber,
    /// [`Verdict::Duplicate`]
    Duplicate,
    /// [`Verdict::OptedOut`]
    OptedOut,
    /// [`Verdict::Blocked`]
    Blocked,
    /// [`Verdict::NotOnWhatsApp`]
    NotOnWhatsapp,
}

impl From<Verdict> for VerdictKind {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Good => Self::Good,
            Verdict::Repaired => Self::Repaired,
            Verdict::Proposed => Self::Proposed,
            Verdict::Several => Self::Several,
            Verdict::NeedsCountry => Self::NeedsCountry,
            Verdict::Refused => Self::Refused,
            Verdict::NotANumber(_) => Self::NotANumber,
            Verdict::Duplicate { .. } => Self::Duplicate,
            Verdict::OptedOut => Self::OptedOut,
            Verdict::Blocked => Self::Blocked,
            Verdict::NotOnWhatsApp => Self::NotOnWhatsapp,
        }
    }
}

/// A row of a list.
#[derive(Clone, PartialEq, Eq)]
pub struct ListRow {
    /// The number beside it.
    pub row: u32,
    /// Its cells.
    pub cells: Vec<String>,
    /// The verdict.
    pub verdict: VerdictKind,
    /// Why it is no number.
    pub reason: Option<NotANumber>,
    /// The row that brought the person.
    pub duplicate_of: Option<u32>,
    /// The numbers in it, as digits.
    pub numbers: Vec<String>,
    /// The one that is written to, or would be; of several, the one that was chosen.
    pub number: Option<String>,
    /// It was decided about by itself, which can be taken back.
    pub decided: bool,
    /// What is done to it, or would be.
    pub repairs: Vec<Repair>,
}

impl Import {
    pub(super) fn shown(&self) -> ListState {
        let state = lock(&self.state);
        ListState {
            id: self.id,
            file_name: self.file_name.clone(),
            reading: state.reading(),
            sheets: match &state.form {
                Some(Form::Workbook { sheets, .. }) => sheets.clone(),
                _ => Vec::new(),
            },
            columns: state.columns(),
            progress: state.found.progress,
            counters: state.found.counters.clone(),
            guesses: state.guesses(),
            remembered: state.remembered,
            fault: state.found.fault.clone(),
        }
    }

    pub(super) fn rows(
        &self,
        folder: &MediaFolder,
        verdicts: &[VerdictKind],
        after: Option<u32>,
        limit: usize,
    ) -> Result<Vec<ListRow>, EngineError> {
        let (form, plan, wanted) = {
            let state = lock(&self.state);
            let Some(form) = state.form.clone() else {
                return Ok(Vec::new());
            };
            let from = after.map_or(0, |after| {
                state.found.seen.partition_point(|seen| seen.row <= after)
            });
            let is_wanted =
                |seen: &&Seen| verdicts.is_empty() || verdicts.contains(&VerdictKind::from(seen.verdict));
            let later = state.found.seen.get(from..).unwrap_or_default();
            let wanted: Vec<Seen> = later.iter().filter(is_wanted).take(limit).copied().collect();
            (form, state.plan.clone(), wanted)
        };
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let mut page = Page {
            plan: &plan,
            wanted: &wanted,
            rows: Vec::with_capacity(wanted.len()),
        };
        match sheet::read(folder.open(&self.sha256)?, &form, DateOrder::DayFirst, &mut page) {
            // What cannot be read is told with the list itself.
            Ok(()) | Err(_) => Ok(page.rows),
        }
    }
}

/// Reads some rows again.
struct Page<'a> {
    plan: &'a Plan,
    /// Those that are left, in their order.
    wanted: &'a [Seen],
    rows: Vec<ListRow>,
}

impl Visitor for Page<'_> {
    fn row(&mut self, row: Row<'_>) -> ControlFlow<()> {
        if let Some((next, rest)) = self.wanted.split_first()
            && next.row == row.number
        {
            self.rows.push(shown(row, next.verdict, self.plan));
            self.wanted = rest;
        }
        match self.wanted.is_empty() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }
}

fn shown(row: Row<'_>, verdict: Verdict, plan: &Plan) -> ListRow {
    let cell = row.cells.get(plan.number).map_or("", String::as_str);
    let digits = |number: &numbers::Number| {
        let digits = number.address().phone_digits();
        digits.unwrap_or_default().to_owned()
    };
    let number = plan.read(row.number, cell);
    let numbers = match numbers::read(cell, plan.country) {
        Reading::Several(all) => all.iter().map(digits).collect(),
        _ => number.number().map(digits).into_iter().collect(),
    };
    ListRow {
        row: row.number,
        cells: row.cells.iter().take(MOST_COLUMNS).cloned().collect(),
        verdict: verdict.into(),
        reason: match verdict {
            Verdict::NotANumber(why) => Some(why),
            _ => None,
        },
        duplicate_of: match verdict {
            Verdict::Duplicate { of, .. } => Some(of),
            _ => None,
        },
        numbers,
        number: number.number().map(digits),
        decided: plan.decisions.of_row(row.number).is_some(),
        repairs: match number {
            Reading::Repaired { repairs, .. } => repairs,
            _ => Vec::new(),
        },
    }
}
