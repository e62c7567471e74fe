//! A customer list that was opened: how it is read, what was decided, what was found.
//!
//! | Asked | what happens |
//! |---|---|
//! | opened | the file is looked at and its first rows are read; then all rows are examined, beside everything else |
//! | read otherwise, decided | what is under way is cancelled; all rows are examined anew, by the same rules |
//! | a page of rows | those rows are read from the file again: of a row only its number and its verdict are held |
//! | accepted | the rows are read once more and put into the audience; then it is closed |
//! | closed | what is under way is cancelled; nothing of it was stored |

mod shown;
mod state;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use mostrador_campaigns::doctor::{Counters, Plan, Verdict};
use mostrador_campaigns::numbers::Repair;
use mostrador_campaigns::sheet::{self, DateOrder, Form, Row, SheetError, Visitor};
use mostrador_campaigns::wording::Table;
use mostrador_domain::{Address, CampaignId, MediaId};
use mostrador_store::StoreError;
use tokio_util::sync::CancellationToken;

pub use shown::{Column, ListFault, ListRow, ListState, ReadingOf, VerdictKind};

use super::lock;
use super::memory::{self, Lesson, Remembered};
use crate::EngineError;
use crate::engine::Engine;
use crate::media::{MediaFolder, run_blocking};

/// An opened list; the number lives as long as the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ImportId(pub i64);

/// So many rows are read to find out what the columns are.
const FIRST_ROWS: usize = 50;
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
    /// Its headings before anybody read it otherwise, as [`memory::key`].
    found_as: Option<String>,
    pub(super) number: Option<usize>,
    /// The column of the names; it is judged by nobody.
    name: Option<usize>,
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
type Accepted = (Judged, Table, Option<Lesson>);

/// A row that was examined.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    pub(super) row: u32,
    pub(super) verdict: Verdict,
}

/// About what a person decides.
#[derive(Clone, PartialEq, Eq)]
pub enum About {
    /// All repairs of a kind: done, or those rows are left out; `None` takes back what was decided.
    Repair(Repair, Option<bool>),
    /// A row, by the number beside it: taken, or left out; `None` takes back what was decided, a choice too.
    Row(u32, Option<bool>),
    /// Which of the numbers of a row.
    Choice(u32, Address),
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
        let looked = self.look(&sha256, None).await?;
        let found_as = looked.as_ref().ok().and_then(Looked::key);
        let (looked, remembered) = self.as_before(&sha256, looked).await?;
        let id = self.next_import();
        let import = Arc::new(Import {
            id,
            campaign,
            file_name,
            sha256,
            state: Mutex::new(State::of(
                looked,
                remembered,
                found_as,
                self.audiences().ends.child_token(),
            )),
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
            let looked = self.look(&import.sha256, Some(form)).await?;
            let remembered = self.remembered(looked.as_ref().ok()).await?;
            lock(&import.state).looked_again(looked, remembered);
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

    async fn look(
        &self,
        sha256: &str,
        form: Option<Form>,
    ) -> Result<Result<Looked, SheetError>, EngineError> {
        let (folder, sha256) = (self.media_folder().clone(), sha256.to_owned());
        run_blocking(move || look(&folder, &sha256, form)).await
    }

    /// A list as it was found, or as one with these headings was read before, and how its columns were understood then.
    async fn as_before(
        &self,
        sha256: &str,
        found: Result<Looked, SheetError>,
    ) -> Result<(Result<Looked, SheetError>, Option<Remembered>), EngineError> {
        if let Ok(looked) = &found
            && let Some(key) = looked.key()
            && let Some(read_as) = self
                .store()
                .read(move |connection| memory::read_as(connection, &key))
                .await?
            && let Some(form) = read_as.form(&looked.form)
        {
            let again = self.look(sha256, Some(form)).await?;
            let remembered = self.remembered(again.as_ref().ok()).await?;
            if remembered.is_some() {
                return Ok((again, remembered));
            }
        }
        let remembered = self.remembered(found.as_ref().ok()).await?;
        Ok((found, remembered))
    }

    async fn remembered(&self, looked: Option<&Looked>) -> Result<Option<Remembered>, EngineError> {
        let Some(key) = looked.and_then(Looked::key) else {
            return Ok(None);
        };
        let kept = self
            .store()
            .read(move |connection| memory::columns(connection, &key));
        Ok(kept.await?)
    }
}

/// What a first look has found.
pub(super) struct Looked {
    form: Form,
    first: Vec<Vec<String>>,
    /// So many of them stand above the headings, if there are any.
    preamble: usize,
}

impl Looked {
    /// Its headings, as they are remembered.
    fn key(&self) -> Option<String> {
        memory::key(self.first.get(self.preamble)?)
    }
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
    let First(first) = first;
    let preamble = sheet::recognise(&first, None).preamble;
    Ok(Ok(Looked {
        form,
        first,
        preamble,
    }))
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

impl Import {
    /// How it is read, with the verdicts, its columns, and what is to be remembered of them.
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
        Ok((judged, state.table(), state.to_remember()))
    }
}
