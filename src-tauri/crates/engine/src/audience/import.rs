//! A customer list that was opened: how it is read, what was decided, what was found.
//!
//! | Asked | what happens |
//! |---|---|
//! | opened | the file is looked at and its first rows are read; then all rows are examined, beside everything else |
//! | read otherwise, decided | what is under way is cancelled; all rows are examined anew, by the same rules |
//! | a page of rows | those rows are read from the file again: of a row only its number and its verdict are held |
//! | accepted | the rows are read once more and put into the audience; then it is closed |
//! | closed | what is under way is cancelled; nothing of it was stored |

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use mostrador_campaigns::doctor::{Answer, Counters, Plan, RowAnswer, Verdict};
use mostrador_campaigns::numbers::{self, Country, NotANumber, Reading, Repair};
use mostrador_campaigns::sheet::{self, DateOrder, Delimiter, Encoding, Form, Row, SheetError, Visitor};
use mostrador_campaigns::wording::variable_names;
use mostrador_domain::{CampaignId, MediaId};
use mostrador_store::StoreError;
use tokio_util::sync::CancellationToken;

use super::lock;
use super::memory::{self, Remembered};
use crate::EngineError;
use crate::engine::Engine;
use crate::media::{MediaFolder, run_blocking};

/// An opened list; the number lives as long as the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ImportId(pub i64);

/// So many rows are read to find out what the columns are.
const FIRST_ROWS: usize = 50;
/// So many cells of a column are shown.
const SAMPLES: usize = 4;
/// Lists that are open at once: a window that was closed leaves its own behind. The oldest makes room for another.
const MOST_OPEN: usize = 8;
/// Columns whose variables a text can name.
const MOST_COLUMNS: usize = 100;

/// See the module.
pub struct Import {
    pub(super) id: ImportId,
    pub(super) campaign: CampaignId,
    pub(super) file_name: String,
    pub(super) sha256: String,
    pub(super) state: Mutex<State>,
}

/// What is known of it now.
pub(super) struct State {
    /// `None` = the file is no list.
    pub(super) form: Option<Form>,
    first: Vec<Vec<String>>,
    pub(super) number: Option<usize>,
    pub(super) plan: Plan,
    remembered: bool,
    pub(super) found: Examined,
    /// Ends the examination that is under way.
    pub(super) stop: CancellationToken,
}

/// What an examination has found so far.
#[derive(Default)]
pub(super) struct Examined {
    pub(super) seen: Vec<Seen>,
    pub(super) counters: Counters,
    /// How many rows each guess would bring in.
    pub(super) guesses: BTreeMap<Repair, u32>,
    /// 0 to 1.
    pub(super) progress: f64,
    pub(super) fault: Option<ListFault>,
    pub(super) done: bool,
}

/// How a list is read, and the verdict on each of its rows.
pub(super) type Judged = (Form, Plan, Vec<Seen>);

/// A list that was accepted; see [`Import::accepted`].
type Accepted = (Judged, Vec<String>, Option<(String, Remembered)>);

/// A row that was examined.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    pub(super) row: u32,
    pub(super) verdict: Verdict,
}

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
    /// The first row holds headings.
    pub has_header: bool,
    /// The column of the number, from 0.
    pub number: Option<usize>,
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
    /// What is done to it, or would be.
    pub repairs: Vec<Repair>,
}

/// About what a person decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// All repairs of a kind: done, or those rows are left out.
    Repair(Repair, bool),
    /// A row, by the number beside it: taken, or left out.
    Row(u32, bool),
    /// Which of the numbers of a row, from 0.
    Choice(u32, usize),
}

impl Engine {
    /// Opens a list that is kept as a file, for a campaign that has not started.
    ///
    /// # Errors
    /// Not found, state changed, the file is not here.
    pub async fn open_import(
        &self,
        campaign: CampaignId,
        media: MediaId,
        file_name: String,
    ) -> Result<ListState, EngineError> {
        self.changeable(campaign).await?;
        let (_, sha256) = self.ready(media).await?;
        let folder = self.media_folder().clone();
        let hash = sha256.clone();
        let looked = run_blocking(move || look(&folder, &hash, None)).await?;
        let remembered = self.remembered(looked.as_ref().ok()).await?;
        let id = self.next_import();
        let import = Arc::new(Import {
            id,
            campaign,
            file_name,
            sha256,
            state: Mutex::new(State::of(looked, remembered, self.audiences().ends.child_token())),
        });
        self.close_the_oldest();
        lock(&self.audiences().imports).insert(id, Arc::clone(&import));
        self.examine(&import).await;
        Ok(import.shown())
    }

    /// A list as far as it was read.
    ///
    /// # Errors
    /// Not found.
    pub fn import(&self, id: ImportId) -> Result<ListState, EngineError> {
        Ok(self.opened(id)?.shown())
    }

    /// Reads a list otherwise.
    ///
    /// # Errors
    /// Not found; nothing of that kind.
    pub async fn read_import(&self, id: ImportId, reading: ReadingOf) -> Result<ListState, EngineError> {
        let import = self.opened(id)?;
        let form = {
            let state = lock(&import.state);
            state.stop.cancel();
            state.form_of(&reading)
        };
        if let Some(form) = form {
            let (folder, hash) = (self.media_folder().clone(), import.sha256.clone());
            let looked = run_blocking(move || look(&folder, &hash, Some(form))).await?;
            lock(&import.state).looked_again(looked);
        } else {
            lock(&import.state).set(&reading);
        }
        self.examine(&import).await;
        Ok(import.shown())
    }

    /// Decides about repairs or rows of a list.
    ///
    /// # Errors
    /// Not found.
    pub async fn decide_import(&self, id: ImportId, about: About) -> Result<ListState, EngineError> {
        let import = self.opened(id)?;
        lock(&import.state).decide(about);
        self.examine(&import).await;
        Ok(import.shown())
    }

    /// Up to `limit` rows of a list after `after`, those with these verdicts alone (none = all).
    ///
    /// # Errors
    /// Not found, the disk's.
    pub async fn import_rows(
        &self,
        id: ImportId,
        verdicts: Vec<VerdictKind>,
        after: Option<u32>,
        limit: usize,
    ) -> Result<Vec<ListRow>, EngineError> {
        let import = self.opened(id)?;
        let folder = self.media_folder().clone();
        run_blocking(move || import.rows(&folder, &verdicts, after, limit)).await
    }

    /// Closes a list. Nothing of it was stored. One that is closed already stays so.
    pub fn close_import(&self, id: ImportId) {
        if let Some(import) = lock(&self.audiences().imports).remove(&id) {
            lock(&import.state).stop.cancel();
        }
    }

    /// Makes room for another list.
    fn close_the_oldest(&self) {
        let mut imports = lock(&self.audiences().imports);
        while imports.len() >= MOST_OPEN
            && let Some((_, oldest)) = imports.pop_first()
        {
            lock(&oldest.state).stop.cancel();
        }
    }

    fn next_import(&self) -> ImportId {
        let mut next = lock(&self.audiences().next_import);
        let id = ImportId(*next);
        *next += 1;
        id
    }

    pub(super) fn opened(&self, id: ImportId) -> Result<Arc<Import>, EngineError> {
        let imports = lock(&self.audiences().imports);
        Ok(Arc::clone(imports.get(&id).ok_or_else(StoreError::not_found)?))
    }

    /// Examines all rows anew: what is under way is cancelled, the rest is done beside everything else.
    async fn examine(&self, import: &Arc<Import>) {
        let stop = self.audiences().ends.child_token();
        {
            let mut state = lock(&import.state);
            state.stop.cancel();
            state.stop = stop.clone();
            let fault = state.found.fault.take().filter(|_| state.form.is_none());
            let is_over = fault.is_some();
            state.found = Examined {
                fault,
                done: is_over,
                ..Examined::default()
            };
            if is_over {
                return;
            }
        }
        let examined = (Arc::clone(import), stop);
        let _program_ends = self.audiences().to_examine.send(examined).await;
    }

    async fn remembered(&self, looked: Option<&Looked>) -> Result<Option<Remembered>, EngineError> {
        let Some(key) = looked.and_then(|looked| memory::key(looked.first.first()?)) else {
            return Ok(None);
        };
        Ok(self
            .store()
            .read(move |connection| memory::get(connection, &key))
            .await?)
    }
}

/// What a first look has found.
pub(super) struct Looked {
    form: Form,
    first: Vec<Vec<String>>,
}

/// Looks at a file: what it is, if that is not said, and its first rows.
fn look(
    folder: &MediaFolder,
    sha256: &str,
    form: Option<Form>,
) -> Result<Result<Looked, SheetError>, EngineError> {
    let open = || folder.open(sha256);
    let form = match form {
        Some(form) => form,
        None => match sheet::look(open()?, &mut First::default()) {
            Ok(form) => form,
            Err(fault) => return Ok(Err(fault)),
        },
    };
    let mut first = First::default();
    // What is wrong with them, the examination finds too; another way to read them may mend it.
    let _found_again = sheet::read(open()?, &form, DateOrder::DayFirst, &mut first);
    Ok(Ok(Looked { form, first: first.0 }))
}

/// The first rows.
#[derive(Default)]
struct First(Vec<Vec<String>>);

impl Visitor for First {
    fn row(&mut self, row: Row<'_>) -> ControlFlow<()> {
        self.0.push(row.cells.to_vec());
        match self.0.len() < FIRST_ROWS {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    }
}

impl State {
    fn of(
        looked: Result<Looked, SheetError>,
        remembered: Option<Remembered>,
        stop: CancellationToken,
    ) -> Self {
        let mut state = Self {
            form: None,
            first: Vec::new(),
            number: None,
            plan: Plan::default(),
            remembered: false,
            found: Examined::default(),
            stop,
        };
        state.looked_again(looked);
        if let Some(remembered) = remembered.filter(|_| state.plan.has_header) {
            state.remembered = true;
            state.number = Some(remembered.number);
            state.plan.country = remembered.country.as_deref().and_then(Country::of_iso);
            state.plan.number = remembered.number;
        }
        state
    }

    /// It is another form: its columns are found out anew, and what was decided about rows is of others.
    fn looked_again(&mut self, looked: Result<Looked, SheetError>) {
        let Looked { form, first } = match looked {
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
        self.remembered = false;
        self.plan = Plan {
            has_header: columns.has_header,
            number: columns.number.unwrap_or(usize::MAX),
            country: self.plan.country,
            decisions: Default::default(),
        };
    }

    /// The form that a reading asks for, if it is another one.
    fn form_of(&self, reading: &ReadingOf) -> Option<Form> {
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

    fn set(&mut self, reading: &ReadingOf) {
        if reading.number != self.number {
            self.plan.decisions = Default::default();
        }
        self.number = reading.number;
        self.plan.has_header = reading.has_header;
        self.plan.country = reading.country;
        self.plan.number = reading.number.unwrap_or(usize::MAX);
    }

    fn decide(&mut self, about: About) {
        let decisions = &mut self.plan.decisions;
        match about {
            About::Repair(repair, accepted) => {
                let answer = if accepted { Answer::Accept } else { Answer::Refuse };
                decisions.decide_kind(repair, Some(answer));
            }
            About::Row(row, accepted) => {
                let answer = if accepted {
                    RowAnswer::Accept
                } else {
                    RowAnswer::Refuse
                };
                decisions.decide_row(row, Some(answer));
            }
            About::Choice(row, place) => decisions.decide_row(row, Some(RowAnswer::Choose(place))),
        }
    }

    /// A title for each column.
    pub(super) fn titles(&self) -> Vec<String> {
        let width = self.first.iter().map(Vec::len).max().unwrap_or(0);
        let header = match self.first.first() {
            Some(first) if self.plan.has_header => first.as_slice(),
            _ => &[],
        };
        sheet::titles(header, width.min(MOST_COLUMNS))
    }

    /// What is to be remembered of how its columns were understood, if it has headings.
    pub(super) fn to_remember(&self) -> Option<(String, Remembered)> {
        let key = memory::key(self.first.first()?).filter(|_| self.plan.has_header)?;
        let remembered = Remembered {
            number: self.number?,
            country: self.plan.country.map(|country| country.iso().to_owned()),
        };
        Some((key, remembered))
    }

    fn reading(&self) -> ReadingOf {
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
            number: self.number,
            country: self.plan.country,
        }
    }

    fn columns(&self) -> Vec<Column> {
        let titles = self.titles();
        let variables = variable_names(&titles);
        let under = self.first.iter().skip(usize::from(self.plan.has_header));
        let named = titles.into_iter().zip(variables).enumerate();
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

    fn guesses(&self) -> Vec<(Repair, u32, Option<bool>)> {
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

impl Import {
    /// How it is read, with the verdicts, the titles of its columns, and what is to be remembered of them.
    ///
    /// # Errors
    /// State changed while it is being read, or as long as it cannot be.
    pub(super) fn accepted(&self) -> Result<Accepted, StoreError> {
        let state = lock(&self.state);
        if !state.found.done || state.found.fault.is_some() || state.number.is_none() {
            return Err(StoreError::state_changed());
        }
        let form = state.form.clone().ok_or_else(StoreError::state_changed)?;
        let judged = (form, state.plan.clone(), state.found.seen.clone());
        Ok((judged, state.titles(), state.to_remember()))
    }

    fn shown(&self) -> ListState {
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

    fn rows(
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
    let (numbers, repairs) = match numbers::read(cell, plan.country) {
        Reading::Good(number) => (vec![digits(&number)], Vec::new()),
        Reading::Repaired { number, repairs } => (vec![digits(&number)], repairs),
        Reading::Several(numbers) => (numbers.iter().map(digits).collect(), Vec::new()),
        Reading::NeedsCountry | Reading::NotANumber(_) => (Vec::new(), Vec::new()),
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
        repairs,
    }
}
