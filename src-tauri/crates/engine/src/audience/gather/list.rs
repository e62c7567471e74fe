//! The people of a list that was accepted: its rows are read once more, each with the verdict that a person saw.

use std::io::ErrorKind;
use std::ops::ControlFlow;

use mostrador_campaigns::doctor::{Plan, Verdict};
use mostrador_campaigns::numbers::Reading;
use mostrador_campaigns::sheet::{self, DateOrder, Row, Visitor};
use mostrador_campaigns::state::SkipReason;
use mostrador_domain::{Address, CampaignId};
use mostrador_store::tables::campaign::audience::{self, Joining};
use mostrador_store::{StoreError, StoreErrorKind};

use super::Pieces;
use crate::EngineError;
use crate::audience::import::{Import, ImportId, Judged, Seen};
use crate::audience::memory;
use crate::engine::Engine;
use crate::media::MediaFolder;

/// Characters of what was written as a number that are kept.
const LONGEST_WRITTEN: usize = 200;

impl Engine {
    /// Makes a campaign's audience anew from a list, as it was judged. Then the list is closed.
    ///
    /// # Errors
    /// Not found; state changed once it has started, while the list is being read, while another window makes the audience anew, or when
    /// it is given up.
    pub async fn accept_import(&self, id: ImportId, said: String) -> Result<CampaignId, EngineError> {
        let import = self.opened(id)?;
        let campaign = self.changeable(import.campaign).await?;
        let (accepted, columns, lesson) = import.accepted()?;
        let rows = u32::try_from(accepted.2.len()).unwrap_or(u32::MAX);
        let entered = self.audiences().gatherer.enter(campaign.id, Some(rows))?;
        let gathering = self.gathering(&campaign).await?;
        let (width, list, media) = (columns.headings.len(), import, self.media_folder().clone());
        let (gatherer, of) = (&self.audiences().gatherer, gathering.clone());
        let fill = async |audience| {
            let bring = async move |pieces| {
                let read =
                    tokio::task::spawn_blocking(move || read_again(&list, &media, accepted, width, pieces));
                read.await.unwrap_or(Err(EngineError::MediaMissing))
            };
            gatherer.fill((audience, &of), &entered, bring).await
        };
        gatherer
            .gather(&entered, fill, move |writing, audience, ()| {
                audience::take_over(writing, audience, &gathering, &said, &columns).map(drop)
            })
            .await?;
        if let Some(lesson) = lesson {
            let kept = self.store().write(move |writing| memory::keep(writing, &lesson));
            kept.await?;
        }
        self.close_import(id);
        Ok(campaign.id)
    }
}

/// Reads the rows once more, each with its verdict.
fn read_again(
    import: &Import,
    media: &MediaFolder,
    (form, plan, seen): Judged,
    width: usize,
    pieces: Pieces,
) -> Result<(), EngineError> {
    let mut accepting = Accepting {
        plan: &plan,
        seen: seen.iter(),
        width,
        pieces,
        is_other: false,
        leading: plan.leading(),
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
    /// So many rows to come are no customers.
    leading: usize,
}

impl Visitor for Accepting<'_> {
    fn row(&mut self, row: Row<'_>) -> ControlFlow<()> {
        if self.leading > 0 {
            self.leading -= 1;
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
    match plan.read(row, cell) {
        Reading::Good(number) | Reading::Repaired { number, .. } => Some(number.address().clone()),
        Reading::Several(_) | Reading::NeedsCountry | Reading::NotANumber(_) => None,
    }
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
