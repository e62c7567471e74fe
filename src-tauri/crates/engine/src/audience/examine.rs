//! All rows of a list, judged one after the other, beside everything else.
//!
//! One list is examined at a time, by a reader of the store on a thread of its own. What was found is told every some thousand rows.
//! It ends when its token is cancelled: by another decision, by closing the list, by the end of the program.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use mostrador_campaigns::doctor::{Diagnosis, Doctor, Known, Plan, Standing, Verdict};
use mostrador_campaigns::numbers::Repair;
use mostrador_campaigns::sheet::{self, DateOrder, Form, Progress, Row, SheetError, Visitor};
use mostrador_domain::{Address, DeviceId, UnixMillis};
use mostrador_store::tables::campaign::audience::{self, Kept};
use mostrador_store::tables::campaign::{self, person_key};
use mostrador_store::tables::number_check;
use mostrador_store::{Change, Connection, Store, StoreError};

use tokio_util::sync::CancellationToken;

use super::import::{Import, ListFault, Seen};
use super::{Queue, ToExamine, lock, numbers};
use crate::clock::Clock;
use crate::media::MediaFolder;

/// What was found is told after so many rows.
const TELL_AFTER: usize = 2_000;

/// Examines what comes, until the program ends.
pub(super) async fn run(store: Store, clock: Arc<dyn Clock>, media: MediaFolder, queue: Queue<ToExamine>) {
    let mut queue = queue.lock().await;
    while let Some((import, stop)) = queue.recv().await {
        examine(&store, clock.now(), &media, &import, stop).await;
    }
    // The program is ending: wait to be dropped.
    std::future::pending().await
}

async fn examine(
    store: &Store,
    now: UnixMillis,
    media: &MediaFolder,
    import: &Arc<Import>,
    stop: CancellationToken,
) {
    let (form, plan) = {
        let state = lock(&import.state);
        (state.form.clone(), state.plan.clone())
    };
    // Cancelled before its turn came: another examination waits for its own.
    let Some(form) = form.filter(|_| !stop.is_cancelled()) else {
        return;
    };
    let (media, examined) = (media.clone(), Arc::clone(import));
    let ended = stop.clone();
    let done = store.read(move |connection| {
        let device = campaign::get(connection, examined.campaign)?.device;
        let known = Standings::of(connection, device, now)?;
        Ok(all_rows(&examined, &media, &form, &plan, known, &stop))
    });
    let fault = match done.await {
        Ok(fault) => fault,
        Err(error) => {
            tracing::info!(%error, "a list could not be compared with what is known");
            Some(ListFault::Store)
        }
    };
    {
        let mut state = lock(&import.state);
        if ended.is_cancelled() {
            return;
        }
        state.found.done = true;
        state.found.progress = if fault.is_none() {
            1.0
        } else {
            state.found.progress
        };
        state.found.fault = fault;
    }
    store.announce(Change::Campaign(import.campaign));
}

/// Why it ended early, if it did.
fn all_rows(
    import: &Import,
    media: &MediaFolder,
    form: &Form,
    plan: &Plan,
    known: Standings<'_>,
    stop: &CancellationToken,
) -> Option<ListFault> {
    let mut examining = Examining {
        import,
        doctor: Doctor::new(plan, known),
        stop,
        seen: Vec::with_capacity(TELL_AFTER),
        guesses: BTreeMap::new(),
        progress: 0.0,
        failed: false,
    };
    let Ok(file) = media.open(&import.sha256) else {
        return Some(ListFault::Sheet(SheetError::Io(std::io::ErrorKind::NotFound)));
    };
    let read = sheet::read(file, form, DateOrder::DayFirst, &mut examining);
    let _cancelled = examining.tell();
    match read {
        Ok(()) => None,
        Err(SheetError::Stopped) if examining.failed => Some(ListFault::Store),
        Err(fault) => Some(ListFault::Sheet(fault)),
    }
}

struct Examining<'a> {
    import: &'a Import,
    doctor: Doctor<'a, Standings<'a>>,
    stop: &'a CancellationToken,
    /// What was not told yet.
    seen: Vec<Seen>,
    guesses: BTreeMap<Repair, u32>,
    progress: f64,
    failed: bool,
}

impl Examining<'_> {
    fn note(&mut self, diagnosis: &Diagnosis) {
        if matches!(
            diagnosis.verdict,
            Verdict::Proposed | Verdict::Repaired | Verdict::Refused
        ) {
            for repair in diagnosis.repairs.iter().filter(|repair| !repair.is_certain()) {
                *self.guesses.entry(*repair).or_default() += 1;
            }
        }
        self.seen.push(Seen {
            row: diagnosis.row,
            verdict: diagnosis.verdict,
        });
    }

    fn tell(&mut self) -> ControlFlow<()> {
        let mut state = lock(&self.import.state);
        // Looked at under the lock: whoever cancels holds it too.
        if self.stop.is_cancelled() {
            return ControlFlow::Break(());
        }
        state.found.seen.append(&mut self.seen);
        state.found.counters = self.doctor.counters().clone();
        state.found.guesses.clone_from(&self.guesses);
        state.found.progress = self.progress;
        ControlFlow::Continue(())
    }
}

impl Visitor for Examining<'_> {
    fn row(&mut self, row: Row<'_>) -> ControlFlow<()> {
        match self.doctor.examine(row) {
            Ok(None) => {}
            Ok(Some(diagnosis)) => self.note(&diagnosis),
            Err(_) => {
                self.failed = true;
                return ControlFlow::Break(());
            }
        }
        match self.seen.len() >= TELL_AFTER {
            true => self.tell(),
            false => ControlFlow::Continue(()),
        }
    }

    fn progress(&mut self, progress: Progress) -> ControlFlow<()> {
        if progress.total > 0 {
            // Whole only when it is: the last rows are judged after the last bytes were read.
            self.progress = (progress.read as f64 / progress.total as f64).min(0.99);
        }
        match self.stop.is_cancelled() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }
}

/// What is known of people before a campaign.
struct Standings<'c> {
    connection: &'c Connection,
    device: DeviceId,
    now: UnixMillis,
    out: Kept,
    blocked: Kept,
}

impl<'c> Standings<'c> {
    fn of(connection: &'c Connection, device: DeviceId, now: UnixMillis) -> Result<Self, StoreError> {
        Ok(Self {
            connection,
            device,
            now,
            out: audience::left_alone(connection)?,
            blocked: audience::blocked(connection, device)?,
        })
    }
}

impl Known for Standings<'_> {
    type Error = StoreError;

    fn standing(&mut self, address: &Address) -> Result<Standing, StoreError> {
        let person = person_key(address);
        if self.out.contains(&person) {
            return Ok(Standing::OptedOut);
        }
        if self.blocked.contains(&person) {
            return Ok(Standing::Blocked);
        }
        let Some(digits) = address.phone_digits() else {
            return Ok(Standing::Clear);
        };
        let kept = number_check::get(self.connection, self.device, digits)?;
        let is_not_there = kept.is_some_and(|row| {
            row.address.is_none() && self.now.since(row.checked_at) < numbers::PATIENCE.not_there
        });
        Ok(if is_not_there {
            Standing::NotOnWhatsApp
        } else {
            Standing::Clear
        })
    }
}
