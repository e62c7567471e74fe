//! An audience, gathered from an accepted list or from other sources, piece by piece.
//!
//! Whoever brings people runs on a thread of its own and is at most two pieces ahead of the store. If it fails, or the program ends,
//! the former audience holds.

use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::sync::Arc;

use mostrador_campaigns::doctor::{Plan, RowAnswer, Verdict};
use mostrador_campaigns::numbers::{self, Reading};
use mostrador_campaigns::sheet::{self, DateOrder, Form, Row, Visitor};
use mostrador_campaigns::state::SkipReason;
use mostrador_campaigns::wording::{same_name, variable_names};
use mostrador_domain::{Address, CampaignId};
use mostrador_store::tables::campaign::CampaignRow;
use mostrador_store::tables::campaign::audience::{self, Found, Gathering, Joining, Source};
use mostrador_store::tables::device;
use mostrador_store::{StoreError, StoreErrorKind};
use tokio::sync::mpsc;

use super::import::{Import, ImportId, Seen};
use super::{lock, memory, numbers::PATIENCE};
use crate::EngineError;
use crate::engine::Engine;
use crate::media::MediaFolder;

/// People are stored so many at a time.
const PIECE: usize = 500;
/// Characters of what was written as a number that are kept.
const LONGEST_WRITTEN: usize = 200;

/// What the columns are called of people who come from no spreadsheet.
#[derive(Clone, PartialEq, Eq)]
pub struct Headings {
    /// Their names.
    pub name: String,
    /// Their numbers.
    pub number: String,
}

impl Engine {
    /// Makes a campaign's audience anew from these sources. `said` is how they are told, as the store keeps it.
    ///
    /// # Errors
    /// Not found; state changed once it has started.
    pub async fn set_audience(
        &self,
        id: CampaignId,
        said: String,
        sources: Vec<Source>,
        headings: Headings,
    ) -> Result<(), EngineError> {
        let campaign = self.changeable(id).await?;
        let (device, of) = (campaign.device, sources.clone());
        let columns_of = self.store().read(move |connection| {
            of.iter()
                .map(|source| audience::columns_of(connection, *source))
                .collect::<Result<Vec<_>, _>>()
        });
        let layout = Layout::of(columns_of.await?, &headings);
        let columns = layout.columns.clone();
        let store = self.store().clone();
        self.gather(&campaign, said, columns, move |pieces| async move {
            let brought = store.read(move |connection| {
                let mut pieces = pieces;
                for (at, source) in sources.iter().enumerate() {
                    audience::each_of(connection, device, *source, |found| {
                        pieces.push(layout.joining(at, found))
                    })?;
                }
                pieces.end();
                Ok(())
            });
            Ok(brought.await?)
        })
        .await
    }

    /// Makes a campaign's audience anew from a list, as it was judged. Then the list is closed.
    ///
    /// # Errors
    /// Not found; state changed once it has started, or while the list is being read.
    pub async fn accept_import(&self, id: ImportId, said: String) -> Result<CampaignId, EngineError> {
        let import = self.opened(id)?;
        let campaign = self.changeable(import.campaign).await?;
        let (accepted, columns, remembered) = {
            let state = lock(&import.state);
            if !state.found.done || state.found.fault.is_some() || state.number.is_none() {
                return Err(StoreError::state_changed().into());
            }
            let form = state.form.clone().ok_or_else(StoreError::state_changed)?;
            let accepted = (form, state.plan.clone(), state.found.seen.clone());
            (accepted, state.titles(), state.to_remember())
        };
        let width = columns.len();
        let (list, media) = (Arc::clone(&import), self.media_folder().clone());
        self.gather(&campaign, said, columns, move |pieces| async move {
            let read =
                tokio::task::spawn_blocking(move || read_again(&list, &media, accepted, width, pieces));
            read.await.unwrap_or(Err(EngineError::MediaMissing))
        })
        .await?;
        if let Some((key, remembered)) = remembered {
            let kept = self
                .store()
                .write(move |writing| memory::keep(writing, &key, &remembered));
            kept.await?;
        }
        self.close_import(id);
        Ok(campaign.id)
    }

    /// Gathers what `bring` brings and takes it over.
    async fn gather<F>(
        &self,
        campaign: &CampaignRow,
        said: String,
        columns: Vec<String>,
        bring: impl FnOnce(Pieces) -> F,
    ) -> Result<(), EngineError>
    where
        F: Future<Output = Result<(), EngineError>>,
    {
        let _one_at_a_time = self.audiences().gathering.lock().await;
        let id = campaign.device;
        let own = self.store().read(move |connection| device::get(connection, id));
        let gathering = Gathering {
            campaign: campaign.id,
            device: campaign.device,
            own: own.await?.own,
            variants: campaign.plan.variants().ok(),
            patience: PATIENCE,
            now: self.clock().now(),
        };
        self.store().write(|writing| audience::begin(writing)).await?;
        let (sender, mut pieces) = mpsc::channel::<Vec<Joining>>(1);
        let bringing = bring(Pieces::into(sender));
        let staging = async {
            while let Some(piece) = pieces.recv().await {
                let gathering = gathering.clone();
                let staged = self
                    .store()
                    .write(move |writing| audience::stage(writing, &gathering, &piece));
                staged.await?;
            }
            Ok::<_, EngineError>(())
        };
        tokio::try_join!(bringing, staging)?;
        let taken = self
            .store()
            .write_durably(move |writing| audience::take_over(writing, &gathering, &said, &columns));
        taken.await?;
        Ok(())
    }
}

/// People on their way into the store.
struct Pieces {
    piece: Vec<Joining>,
    sender: mpsc::Sender<Vec<Joining>>,
    is_wanted: bool,
}

impl Pieces {
    fn into(sender: mpsc::Sender<Vec<Joining>>) -> Self {
        Self {
            piece: Vec::with_capacity(PIECE),
            sender,
            is_wanted: true,
        }
    }

    /// `Break`: nobody wants more.
    fn push(&mut self, joining: Joining) -> ControlFlow<()> {
        self.piece.push(joining);
        if self.piece.len() >= PIECE {
            self.send();
        }
        match self.is_wanted {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    }

    fn send(&mut self) {
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        self.is_wanted = self.is_wanted && self.sender.blocking_send(piece).is_ok();
    }

    fn end(mut self) {
        if !self.piece.is_empty() {
            self.send();
        }
    }
}

/// Where what is known of people stands in the columns of an audience that has several sources.
pub(super) struct Layout {
    pub(super) columns: Vec<String>,
    name: Option<usize>,
    number: Option<usize>,
    /// For each source, the place of each of its own columns.
    places: Vec<Vec<usize>>,
}

impl Layout {
    pub(super) fn of(columns_of: Vec<Vec<String>>, headings: &Headings) -> Self {
        let mut layout = Self {
            columns: Vec::new(),
            name: None,
            number: None,
            places: Vec::with_capacity(columns_of.len()),
        };
        // Who comes from nowhere else has a name and a number.
        if columns_of.is_empty() || columns_of.iter().any(Vec::is_empty) {
            layout.name = Some(layout.place(&headings.name));
            layout.number = Some(layout.place(&headings.number));
        }
        for columns in columns_of {
            let places = columns.iter().map(|column| layout.place(column)).collect();
            layout.places.push(places);
        }
        layout
    }

    /// The place of a column: that of one which a text calls the same, or a new one.
    fn place(&mut self, heading: &str) -> usize {
        let variable = |heading: &str| variable_names(&[heading]).swap_remove(0);
        let wanted = variable(heading);
        let known = self
            .columns
            .iter()
            .position(|column| same_name(&variable(column), &wanted));
        known.unwrap_or_else(|| {
            self.columns.push(heading.to_owned());
            self.columns.len() - 1
        })
    }

    pub(super) fn joining(&self, source: usize, found: Found) -> Joining {
        let digits = found.address.as_ref().and_then(Address::phone_digits);
        let digits = digits.unwrap_or_default().to_owned();
        let mut cells = vec![String::new(); self.columns.len()];
        let mut put = |place: Option<usize>, cell: &str| {
            if let Some(kept) = place.and_then(|place| cells.get_mut(place)) {
                cell.clone_into(kept);
            }
        };
        if self.places.get(source).is_some_and(|places| !places.is_empty()) {
            let places = self.places.get(source).into_iter().flatten();
            for (place, cell) in places.zip(&found.cells) {
                put(Some(*place), cell);
            }
        } else {
            put(self.name, found.name.as_deref().unwrap_or_default());
            put(self.number, &digits);
        }
        Joining {
            row: None,
            // A LID is not shown as a number.
            written: digits,
            address: found.address,
            cells,
            left_out: None,
        }
    }
}

/// What was accepted: how the list is read, and the verdict on each of its rows.
type Accepted = (Form, Plan, Vec<Seen>);

/// Reads the rows once more, each with its verdict.
fn read_again(
    import: &Import,
    media: &MediaFolder,
    (form, plan, seen): Accepted,
    width: usize,
    pieces: Pieces,
) -> Result<(), EngineError> {
    let mut accepting = Accepting {
        plan: &plan,
        seen: seen.iter(),
        width,
        pieces,
        is_other: false,
        skips_header: plan.has_header,
    };
    let read = sheet::read(
        media.open(&import.sha256)?,
        &form,
        DateOrder::DayFirst,
        &mut accepting,
    );
    if accepting.is_other || accepting.seen.next().is_some() {
        return Err(StoreError::state_changed().into());
    }
    match read {
        Ok(()) => {
            accepting.pieces.end();
            Ok(())
        }
        // Nobody wants more: whoever stores them says why.
        Err(sheet::SheetError::Stopped) => Err(StoreError::of(StoreErrorKind::Closed).into()),
        Err(sheet::SheetError::Io(kind)) => Err(std::io::Error::from(kind).into()),
        Err(_) => Err(std::io::Error::from(ErrorKind::InvalidData).into()),
    }
}

struct Accepting<'a> {
    plan: &'a Plan,
    seen: std::slice::Iter<'a, Seen>,
    width: usize,
    pieces: Pieces,
    /// The file is not what was judged.
    is_other: bool,
    skips_header: bool,
}

impl Visitor for Accepting<'_> {
    fn row(&mut self, row: Row<'_>) -> ControlFlow<()> {
        if std::mem::take(&mut self.skips_header) {
            return ControlFlow::Continue(());
        }
        match self.seen.next() {
            Some(seen) if seen.row == row.number => {
                self.pieces
                    .push(joining(row, seen.verdict, self.plan, self.width))
            }
            _ => {
                self.is_other = true;
                ControlFlow::Break(())
            }
        }
    }
}

fn joining(row: Row<'_>, verdict: Verdict, plan: &Plan, width: usize) -> Joining {
    let cell = row.cells.get(plan.number).map_or("", String::as_str);
    Joining {
        row: Some(row.number),
        written: cell.trim().chars().take(LONGEST_WRITTEN).collect(),
        address: number_in(cell, row.number, plan),
        cells: row.cells.iter().take(width).cloned().collect(),
        left_out: left_out(verdict),
    }
}

fn number_in(cell: &str, row: u32, plan: &Plan) -> Option<Address> {
    let number = match numbers::read(cell, plan.country) {
        Reading::Good(number) | Reading::Repaired { number, .. } => number,
        Reading::Several(numbers) => match plan.decisions.of_row(row)? {
            RowAnswer::Choose(place) => numbers.into_iter().nth(place)?,
            RowAnswer::Accept | RowAnswer::Refuse => return None,
        },
        Reading::NeedsCountry | Reading::NotANumber(_) => return None,
    };
    Some(number.address().clone())
}

/// Why a row is left out from the start. Who opted out, is judged where everybody is.
fn left_out(verdict: Verdict) -> Option<SkipReason> {
    match verdict {
        Verdict::Good | Verdict::Repaired | Verdict::OptedOut => None,
        Verdict::Refused => Some(SkipReason::TakenOut),
        // A repair that nobody agreed to, a choice that nobody made: no number that could be dialled.
        Verdict::Proposed | Verdict::Several | Verdict::NeedsCountry | Verdict::NotANumber(_) => {
            Some(SkipReason::InvalidNumber)
        }
        Verdict::Duplicate { .. } => Some(SkipReason::Duplicate),
        Verdict::Blocked => Some(SkipReason::Blocked),
        Verdict::NotOnWhatsApp => Some(SkipReason::NotOnWhatsapp),
    }
}
