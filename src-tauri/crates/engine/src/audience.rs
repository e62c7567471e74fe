//! Who a campaign writes to, and what would become of it: customer lists, other sources, numbers, the rehearsal.
//!
//! - [`import`]: a list as it is read from a file, judged row by row by the import doctor; nothing of it is stored before it is
//!   accepted. It lives in memory, and ends with the program
//! - [`gather`]: an audience is gathered piece by piece, and taken over at once
//! - [`numbers`]: the gateway is asked about the numbers of an audience, slowly
//! - [`rehearse`]: the whole run, simulated; [`safety`]: how risky it is; [`preview`]: what people would get
//!
//! What takes long runs beside everything else, on threads for what blocks: two tasks of the program take the work one after the
//! other, and each piece of it can be cancelled.

pub(crate) mod anew;
mod examine;
mod gather;
mod import;
mod memory;
mod numbers;
mod preview;
mod rehearse;
mod safety;
mod texts;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use mostrador_campaigns::state::CampaignState;
use mostrador_domain::{CampaignId, DeviceId, Longest};
use mostrador_store::tables::campaign::audience::{self, Gathering};
use mostrador_store::tables::campaign::{self, CampaignRow};
use mostrador_store::{Store, StoreError};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

pub(crate) use gather::Gatherer;
pub use gather::{Gathered, Headings};
pub use import::{About, Column, Import, ImportId, ListFault, ListRow, ListState, ReadingOf, VerdictKind};
pub use numbers::NumbersStatus;
pub use preview::{NoWords, Previewed};
pub use rehearse::{Fault, Rehearsal};
pub use texts::Unfit;

use crate::engine::Engine;
use crate::supervisor::{Crew, Patience};
use crate::{EngineError, session::Shared};

/// How many pieces of work may wait.
const QUEUE: usize = 64;

/// A list, and what ends this examination of it.
type ToExamine = (Arc<Import>, CancellationToken);

/// What the engine holds of audiences that are being made.
pub(crate) struct Audiences {
    imports: Mutex<BTreeMap<ImportId, Arc<Import>>>,
    next_import: Mutex<i64>,
    to_examine: mpsc::Sender<ToExamine>,
    gatherer: Gatherer,
    /// Campaigns whose numbers are being asked for, or wait for that.
    asking: Mutex<BTreeMap<CampaignId, CancellationToken>>,
    /// Of the campaign that was rehearsed last.
    turns: Mutex<rehearse::Kept>,
    to_ask: mpsc::Sender<(CampaignId, CancellationToken)>,
    /// Told when the program ends.
    ends: CancellationToken,
}

/// The receiving ends, for the tasks.
pub(crate) struct Work {
    to_examine: Queue<ToExamine>,
    to_ask: Queue<(CampaignId, CancellationToken)>,
}

/// What waits for a task; it outlives the task's faults.
type Queue<T> = Arc<tokio::sync::Mutex<mpsc::Receiver<T>>>;

impl Audiences {
    pub(crate) fn new(crew: &Crew, shared: &Shared) -> (Self, Work) {
        let (to_examine, examine) = mpsc::channel(QUEUE);
        let (to_ask, ask) = mpsc::channel(QUEUE);
        let audiences = Self {
            imports: Mutex::default(),
            next_import: Mutex::new(1),
            to_examine,
            gatherer: Gatherer::new(shared.store.clone(), Arc::clone(&shared.clock), crew.token()),
            asking: Mutex::default(),
            turns: Mutex::default(),
            to_ask,
            ends: crew.token(),
        };
        let work = Work {
            to_examine: Arc::new(examine.into()),
            to_ask: Arc::new(ask.into()),
        };
        (audiences, work)
    }

    /// Who gathers audiences.
    pub(crate) fn gatherer(&self) -> Gatherer {
        self.gatherer.clone()
    }
}

/// Lets go of what was being gathered when the program died.
pub(crate) async fn let_go_of_unfinished(store: &Store) -> Result<(), StoreError> {
    if store.read(audience::is_unfinished).await? {
        store.write(audience::leave_unfinished).await?;
    }
    Ok(())
}

/// Starts the tasks.
pub(crate) fn start(crew: &Crew, shared: &Shared, engine: Weak<Engine>, work: Work) {
    let (store, clock, media) = (
        shared.store.clone(),
        Arc::clone(&shared.clock),
        shared.media.clone(),
    );
    let patience = || Patience::new(Arc::clone(&shared.clock), Arc::clone(&shared.chance));
    crew.keep("customer lists", patience(), move || {
        examine::run(
            store.clone(),
            Arc::clone(&clock),
            media.clone(),
            Arc::clone(&work.to_examine),
        )
    });
    crew.keep("numbers of campaigns", patience(), move || {
        numbers::run(engine.clone(), Arc::clone(&work.to_ask))
    });
}

impl Engine {
    /// A campaign whose audience may still be changed.
    async fn changeable(&self, id: CampaignId) -> Result<CampaignRow, EngineError> {
        let row = self.campaign_row(id).await?;
        match row.state {
            CampaignState::Draft | CampaignState::Rehearsed | CampaignState::Scheduled => Ok(row),
            _ => Err(StoreError::state_changed().into()),
        }
    }

    /// What its people are gathered for.
    async fn gathering(&self, campaign: &CampaignRow) -> Result<Gathering, EngineError> {
        let (row, now) = (campaign.clone(), self.clock().now());
        let read = self
            .store()
            .read(move |connection| anew::gathering_of(connection, &row, now));
        Ok(read.await?)
    }

    pub(crate) async fn campaign_row(&self, id: CampaignId) -> Result<CampaignRow, EngineError> {
        let read = self.store().read(move |connection| campaign::get(connection, id));
        Ok(read.await?)
    }

    /// Characters that a text of a device may have; 0 = it sends none.
    async fn longest(&self, device: DeviceId) -> Result<Longest, EngineError> {
        Ok(self.capabilities(device).await?.send.longest())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
