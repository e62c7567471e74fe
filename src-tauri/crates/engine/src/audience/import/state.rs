//! What is known of an opened list, and what decisions make of it.

use mostrador_campaigns::doctor::{Answer, Plan, RowAnswer};
use mostrador_campaigns::numbers::{Country, Repair};
use mostrador_campaigns::sheet::{self, Encoding, Form, SheetError};
use mostrador_campaigns::wording::Table;
use tokio_util::sync::CancellationToken;

use super::{About, Column, Examined, ListFault, Looked, MOST_COLUMNS, ReadingOf, State};
use crate::audience::memory::{self, Lesson, Names, ReadAs, Remembered};

/// So many cells of a column are shown.
const SAMPLES: usize = 4;

impl State {
    pub(super) fn of(
        looked: Result<Looked, SheetError>,
        remembered: Option<Remembered>,
        found_as: Option<String>,
        stop: CancellationToken,
    ) -> Self {
        let mut state = Self {
            form: None,
            first: Vec::new(),
            found_as,
            number: None,
            name: None,
            plan: Plan::default(),
            remembered: false,
            found: Examined::default(),
            stop,
        };
        state.looked_again(looked, remembered);
        state
    }

    /// It is another form: its columns are as they were before under these headings or are found out anew, and what was decided about rows
    /// is of others.
    pub(super) fn looked_again(
        &mut self,
        looked: Result<Looked, SheetError>,
        remembered: Option<Remembered>,
    ) {
        let Looked {
            form,
            first,
            preamble,
        } = match looked {
            Ok(looked) => looked,
            Err(fault) => {
                self.form = None;
                self.first = Vec::new();
                self.found = Examined {
                    fault: Some(ListFault::Sheet(fault)),
                    ..Examined::default()
                };
                return;
            }
        };
        let columns = sheet::recognise(&first, self.plan.country);
        self.form = Some(form);
        self.first = first;
        self.number = columns.number;
        self.name = columns.name.filter(|at| *at < self.width());
        self.remembered = false;
        self.plan = Plan {
            has_header: columns.has_header,
            preamble: columns.preamble,
            number: columns.number.unwrap_or(usize::MAX),
            country: self.plan.country,
            decisions: Default::default(),
        };
        if let Some(remembered) = remembered {
            self.remembered = true;
            self.number = Some(remembered.number);
            self.name = match remembered.names {
                Some(Names::In(column)) => Some(column),
                Some(Names::Nowhere) => None,
                None => self
                    .first
                    .get(preamble)
                    .and_then(|headings| sheet::name_column(headings, self.number))
                    .filter(|at| *at < self.width()),
            };
            self.plan = Plan {
                // Headings that are known are headings.
                has_header: true,
                preamble,
                number: remembered.number,
                country: remembered.country.as_deref().and_then(Country::of_iso),
                decisions: Default::default(),
            };
        }
    }

    /// The form that a reading asks for, if it is another one.
    pub(super) fn form_of(&self, reading: &ReadingOf) -> Option<Form> {
        let wanted = match self.form.as_ref()? {
            Form::Text { encoding, delimiter } => Form::Text {
                encoding: reading
                    .encoding
                    .as_deref()
                    .and_then(Encoding::named)
                    .unwrap_or(*encoding),
                delimiter: reading.delimiter.unwrap_or(*delimiter),
            },
            Form::Workbook { sheets, .. } => Form::Workbook {
                sheets: sheets.clone(),
                chosen: reading.sheet.min(sheets.len().saturating_sub(1)),
            },
        };
        (Some(&wanted) != self.form.as_ref()).then_some(wanted)
    }

    pub(super) fn set(&mut self, reading: &ReadingOf) {
        if reading.number != self.number {
            self.plan.decisions = Default::default();
        }
        if reading.country != self.plan.country {
            self.plan.decisions.forget_accepted_rows();
        }
        let begins_to_have_titles = reading.has_header && !self.plan.has_header;
        self.number = reading.number;
        self.plan.has_header = reading.has_header;
        self.plan.preamble = reading.preamble.unwrap_or(self.plan.preamble);
        self.plan.country = reading.country;
        self.plan.number = reading.number.unwrap_or(usize::MAX);
        let found = || sheet::name_column(self.headings()?, reading.number).filter(|_| begins_to_have_titles);
        self.name = reading
            .name
            .or_else(found)
            .filter(|at| Some(*at) != reading.number && *at < self.width());
    }

    pub(super) fn decide(&mut self, about: About) {
        let decisions = &mut self.plan.decisions;
        match about {
            About::Repair(repair, accepted) => {
                let answer = |accepted| if accepted { Answer::Accept } else { Answer::Refuse };
                decisions.decide_kind(repair, accepted.map(answer));
            }
            About::Row(row, accepted) => {
                let answer = |accepted| match accepted {
                    true => RowAnswer::Accept,
                    false => RowAnswer::Refuse,
                };
                decisions.decide_row(row, accepted.map(answer));
            }
            About::Choice(row, number) => decisions.decide_row(row, Some(RowAnswer::Choose(number))),
        }
    }

    /// How many columns texts can name.
    fn width(&self) -> usize {
        let width = self.first.iter().map(Vec::len).max();
        width.unwrap_or_default().min(MOST_COLUMNS)
    }

    /// The row that holds the headings, if there are any.
    fn headings(&self) -> Option<&[String]> {
        self.first.get(self.plan.preamble).map(Vec::as_slice)
    }

    /// Its columns: a title for each, and which of them holds the names.
    pub(super) fn table(&self) -> Table {
        let header = match self.headings() {
            Some(headings) if self.plan.has_header => headings,
            _ => &[],
        };
        Table::of(sheet::titles(header, self.width())).with_name(self.name)
    }

    /// What is to be remembered of how it was understood, if it has headings.
    pub(super) fn to_remember(&self) -> Option<Lesson> {
        let key = memory::key(self.headings()?).filter(|_| self.plan.has_header)?;
        let columns = Remembered {
            number: self.number?,
            names: Some(self.name.map_or(Names::Nowhere, Names::In)),
            country: self.plan.country.map(|country| country.iso().to_owned()),
        };
        let read_as = self.form.as_ref().and_then(ReadAs::of);
        Some(Lesson {
            read_as: self.found_as.clone().zip(read_as),
            columns: (key, columns),
        })
    }

    pub(super) fn reading(&self) -> ReadingOf {
        let (encoding, delimiter, sheet) = match &self.form {
            Some(Form::Text { encoding, delimiter }) => {
                (Some(encoding.name().to_ascii_lowercase()), Some(*delimiter), 0)
            }
            Some(Form::Workbook { chosen, .. }) => (None, None, *chosen),
            None => (None, None, 0),
        };
        ReadingOf {
            encoding,
            delimiter,
            sheet,
            has_header: self.plan.has_header,
            preamble: Some(self.plan.preamble),
            number: self.number,
            name: self.name,
            country: self.plan.country,
        }
    }

    pub(super) fn columns(&self) -> Vec<Column> {
        let table = self.table();
        let variables = table.variables();
        let under = self.first.iter().skip(self.plan.leading());
        let named = table.headings.into_iter().zip(variables).enumerate();
        named
            .map(|(at, (title, variable))| Column {
                title,
                variable,
                samples: under
                    .clone()
                    .filter_map(|row| row.get(at).filter(|cell| !cell.trim().is_empty()))
                    .take(SAMPLES)
                    .cloned()
                    .collect(),
            })
            .collect()
    }

    pub(super) fn guesses(&self) -> Vec<(Repair, u32, Option<bool>)> {
        let decided = |repair| match self.plan.decisions.of_kind(repair) {
            Some(Answer::Accept) => Some(true),
            Some(Answer::Refuse) => Some(false),
            None => None,
        };
        let guesses = self.found.guesses.iter();
        guesses
            .map(|(repair, rows)| (*repair, *rows, decided(*repair)))
            .collect()
    }
}
