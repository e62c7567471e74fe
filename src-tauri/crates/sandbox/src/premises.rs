//! The house: everything that the HTTP routes and the background tasks of one sandbox share.
//!
//! It has one [`Branch`] for each device of the shop, told apart by their tokens; faults, tasks and the port are the
//! house's own. A customer may write to several branches: each of them is a world of its own with the same people.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use subtle::ConstantTimeEq as _;
use tokio::sync::watch;

use crate::{
    baileys::hooks::Desk as Hooks,
    branch::Branch,
    clock::{self, Millis},
    config::SandboxConfig,
    dialects::Desks,
    faults::{FaultKind, Faults},
    opening::Opening,
    tasks::Tasks,
};

/// What one running sandbox consists of.
pub(crate) struct Premises {
    branches: Vec<Arc<Branch>>,
    faults: Mutex<Faults>,
    tasks: Tasks,
    port: u16,
    changes: watch::Sender<u64>,
    /// Requests that are being answered, those that are spoilt not counted.
    under_way: AtomicUsize,
}

/// A request that is being answered, until it is dropped.
pub(crate) struct UnderWay<'p>(&'p AtomicUsize);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Premises {
    /// Counts a request for as long as it is being answered.
    pub(crate) fn under_way(&self) -> UnderWay<'_> {
        self.under_way.fetch_add(1, Ordering::AcqRel);
        UnderWay(&self.under_way)
    }

    /// Is a request being answered, or an event on its way to somebody who has not refused it yet?
    pub(crate) fn is_busy(&self) -> bool {
        self.under_way.load(Ordering::Acquire) > 0
            || self.branches.iter().any(|branch| branch.webhooks().is_busy())
    }

    pub(crate) fn open(
        openings: Vec<Opening>,
        port: u16,
        config: &SandboxConfig,
    ) -> Result<Self, reqwest::Error> {
        let (tasks, changes) = (Tasks::default(), watch::Sender::new(0));
        let shared = config
            .one_customer
            .then(|| Hooks::new(tasks.clone()))
            .transpose()?;
        let shared = shared.map(Arc::new);
        let branches = openings.into_iter().map(|opening| {
            let desks = Desks::new(&tasks, shared.clone())?;
            let branch = Branch::open(opening, config, desks, (&tasks, &changes))?;
            Ok(Arc::new(branch))
        });
        Ok(Self {
            branches: branches.collect::<Result<_, reqwest::Error>>()?,
            faults: Mutex::new(Faults::seeded(config.seed)),
            tasks,
            port,
            changes,
            under_way: AtomicUsize::new(0),
        })
    }

    pub(crate) fn branches(&self) -> &[Arc<Branch>] {
        &self.branches
    }

    pub(crate) fn branch(&self, place: usize) -> Option<&Arc<Branch>> {
        self.branches.get(place)
    }

    /// The branch that a token opens. Every token is compared, whichever fits.
    pub(crate) fn opened_by(&self, token: &str) -> Option<&Arc<Branch>> {
        self.branches.iter().fold(None, |found, branch| {
            let fits = bool::from(token.as_bytes().ct_eq(branch.token().as_bytes()));
            if fits { Some(branch) } else { found }
        })
    }

    /// The present moment of the house: all its worlds are skipped ahead together.
    pub(crate) fn now(&self) -> Millis {
        self.branches
            .first()
            .map_or_else(clock::now, |branch| branch.now())
    }

    /// Lets `span` pass at once, everywhere.
    pub(crate) fn skip(&self, span: Duration) {
        self.branches.iter().for_each(|branch| branch.skip(span));
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn take_fault(&self, method: &str, path: &str) -> Option<FaultKind> {
        self.faults().take(method, path)
    }

    pub(crate) fn tasks(&self) -> &Tasks {
        &self.tasks
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Counts upwards with every change of a world or of settings.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}
