//! Every task has a name, an owner and a way to be told to stop.
//!
//! A [`Crew`] is a set of tasks that belong together (the program's, or one device's). Its tasks end when it is stopped: they
//! are dropped at their next await, or see their token and end by themselves. A task that ends by itself, or panics, is a fault: it is logged with
//! its name and counted ([`Supervisor::faults`]); tests fail on it. What follows is up to whoever started it:
//! - a device's crew is broken from then on ([`Crew::is_broken`]); its owner is told ([`Supervisor::met_fault`]), stops it and
//!   starts another
//! - the program's own tasks are kept ([`Crew::keep`]): the one that failed is begun anew, the others do not notice

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::chance::Chance;
use crate::clock::Clock;
use crate::outbox::backoff;

/// How long a task may take to end by itself.
pub const GRACE: Duration = Duration::from_secs(2);
/// After so long without a fault the next one is the first again.
const FORGOTTEN: Duration = Duration::from_secs(3_600);

/// Owns all tasks of the program.
#[derive(Clone, Default)]
pub struct Supervisor {
    faults: Arc<AtomicU32>,
    running: Arc<AtomicU32>,
    met: Arc<Notify>,
    root: CancellationToken,
}

/// Tasks that start and stop together.
pub struct Crew {
    name: String,
    supervisor: Supervisor,
    token: CancellationToken,
    broken: Arc<AtomicBool>,
    tasks: Mutex<JoinSet<()>>,
}

/// Faults one after the other: how long to wait before what failed is begun anew, longer each time.
pub(crate) struct Patience {
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    in_a_row: u32,
    last: Duration,
}

impl Patience {
    pub(crate) fn new(clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Self {
        Self {
            clock,
            chance,
            in_a_row: 0,
            last: Duration::ZERO,
        }
    }

    /// One more fault, now.
    pub(crate) fn fault(&mut self) {
        let now = self.clock.elapsed();
        self.in_a_row = match now.saturating_sub(self.last) > FORGOTTEN {
            true => 1,
            false => self.in_a_row.saturating_add(1),
        };
        self.last = now;
    }

    /// What was begun anew could not be: the next wait is longer.
    pub(crate) fn in_vain(&mut self) {
        self.in_a_row = self.in_a_row.saturating_add(1);
    }

    /// Waits as long as so many faults deserve.
    pub(crate) async fn wait(&self) {
        self.clock
            .sleep(backoff::delay(self.in_a_row, &*self.chance))
            .await;
    }
}

impl Supervisor {
    /// A new crew; it also stops when the whole program does.
    pub fn crew(&self, name: impl Into<String>) -> Crew {
        Crew {
            name: name.into(),
            supervisor: self.clone(),
            token: self.root.child_token(),
            broken: Arc::default(),
            tasks: Mutex::new(JoinSet::new()),
        }
    }

    /// Tells every crew to stop.
    pub fn stop_all(&self) {
        self.root.cancel();
    }

    /// Runs `work` to its end, even if whoever waits for it goes: for what must not be left half done. `None` = it panicked.
    pub async fn to_the_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        #[allow(
            clippy::disallowed_methods,
            reason = "this is the supervisor; it ends by itself"
        )]
        let task = tokio::spawn(work);
        task.await.ok()
    }

    /// How many tasks have ended early or panicked.
    pub fn faults(&self) -> u32 {
        self.faults.load(Ordering::SeqCst)
    }

    /// Waits for the next fault, or for one that nobody has waited for yet. For one asker.
    pub async fn met_fault(&self) {
        self.met.notified().await;
    }

    /// How many tasks run now.
    pub fn running(&self) -> u32 {
        self.running.load(Ordering::SeqCst)
    }
}

impl Crew {
    /// Told when the crew is to stop.
    pub fn token(&self) -> CancellationToken {
        self.token.clone()
    }

    /// Has one of its tasks ended early or panicked? The others go on, but do not do its work.
    pub fn is_broken(&self) -> bool {
        self.broken.load(Ordering::SeqCst)
    }

    /// It does not do its work any more, though no task of it failed: another has to be started.
    pub fn give_up(&self) {
        self.broken.store(true, Ordering::SeqCst);
        self.supervisor.met.notify_one();
    }

    /// Starts a task that runs until the crew stops: it is dropped at its next await then.
    pub fn spawn(&self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let token = self.token.clone();
        self.start(name, async move {
            tokio::select! {
                () = token.cancelled() => {}
                () = task => {}
            }
        });
    }

    /// Starts a task that ends by itself once it sees that the crew stops; it has [`GRACE`] for that.
    pub fn spawn_graceful<T>(&self, name: &'static str, task: impl FnOnce(CancellationToken) -> T)
    where
        T: Future<Output = ()> + Send + 'static,
    {
        let (token, task) = (self.token.clone(), task(self.token.clone()));
        self.start(name, async move {
            tokio::pin!(task);
            tokio::select! {
                () = token.cancelled() => {}
                () = &mut task => return,
            }
            if tokio::time::timeout(GRACE, task).await.is_err() {
                tracing::info!(task = name, "did not end in time and was dropped");
            }
        });
    }

    /// Starts a task that runs until the crew stops, and begins it anew, after a while, whenever it ends early or panics: what it
    /// works on has to outlive it, and to be whole wherever it may have stopped.
    pub(crate) fn keep<T>(
        &self,
        name: &'static str,
        mut patience: Patience,
        mut task: impl FnMut() -> T + Send + 'static,
    ) where
        T: Future<Output = ()> + Send + 'static,
    {
        let (crew, faults) = (self.name.clone(), Arc::clone(&self.supervisor.faults));
        self.spawn(name, async move {
            loop {
                let ended = AssertUnwindSafe(async { task().await }).catch_unwind().await;
                faults.fetch_add(1, Ordering::SeqCst);
                let how = if ended.is_ok() {
                    "ended before it was told to"
                } else {
                    "panicked"
                };
                tracing::error!(%crew, task = name, "a task {how} and is begun anew");
                patience.fault();
                patience.wait().await;
            }
        });
    }

    fn start(&self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let watched = Watched {
            crew: self.name.clone(),
            name,
            supervisor: self.supervisor.clone(),
            broken: Arc::clone(&self.broken),
            ended: false,
        };
        let token = self.token.clone();
        self.supervisor.running.fetch_add(1, Ordering::SeqCst);
        self.lock().spawn(async move {
            let mut watched = watched;
            task.await;
            if !token.is_cancelled() {
                watched.fault("ended before it was told to");
            }
            watched.ended = true;
        });
    }

    /// Stops all tasks and waits until they are gone.
    pub async fn stop(&self) {
        self.token.cancel();
        let mut tasks = std::mem::take(&mut *self.lock());
        while tasks.join_next().await.is_some() {}
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, JoinSet<()>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts a task while it lives, and reports it if it panics.
struct Watched {
    crew: String,
    name: &'static str,
    supervisor: Supervisor,
    broken: Arc<AtomicBool>,
    ended: bool,
}

impl Watched {
    fn fault(&self, what: &str) {
        self.supervisor.faults.fetch_add(1, Ordering::SeqCst);
        self.broken.store(true, Ordering::SeqCst);
        self.supervisor.met.notify_one();
        tracing::error!(crew = %self.crew, task = self.name, "a task {what}");
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.supervisor.running.fetch_sub(1, Ordering::SeqCst);
        if !self.ended && std::thread::panicking() {
            self.fault("panicked");
        }
    }
}

#[cfg(test)]
mod tests {
    use mostrador_domain::UnixMillis;

    use super::*;
    use crate::chance::SeededChance;
    use crate::clock::VirtualClock;

    #[tokio::test]
    async fn a_task_that_ends_early_or_panics_is_a_fault() {
        let supervisor = Supervisor::default();
        let crew = supervisor.crew("test");
        crew.spawn("early", async {});
        crew.spawn("panics", async { panic!("on purpose") });
        crew.spawn("stays", std::future::pending());
        while supervisor.faults() < 2 {
            tokio::task::yield_now().await;
        }
        assert!(crew.is_broken(), "whoever owns it starts another");
        supervisor.met_fault().await;
        let other = supervisor.crew("other");
        other.spawn("stays", std::future::pending());
        assert!(!other.is_broken(), "it has nothing to do with it");
        other.stop().await;
        crew.stop().await;
        assert_eq!(supervisor.faults(), 2, "the one that was told to stop is none");
        assert_eq!(supervisor.running(), 0, "nobody is left behind");
    }

    #[tokio::test]
    async fn a_task_that_is_kept_is_begun_anew_after_a_longer_and_longer_wait() {
        let supervisor = Supervisor::default();
        let crew = supervisor.crew("test");
        let clock = VirtualClock::at(UnixMillis(0));
        let patience = Patience::new(Arc::new(clock.clone()), Arc::new(SeededChance::new(1)));
        let begun: Arc<Mutex<Vec<Duration>>> = Arc::default();
        let (noted, passing) = (Arc::clone(&begun), clock.clone());
        let beginnings = move || begun.lock().map_or(0, |begun| begun.len());
        let at = Arc::clone(&noted);
        crew.keep("stumbles", patience, move || {
            let mut begun = noted.lock().expect("nobody panics with it");
            begun.push(passing.elapsed());
            let time = begun.len();
            async move {
                match time {
                    1 => panic!("on purpose"),
                    2 => {}
                    _ => std::future::pending().await,
                }
            }
        });
        while beginnings() < 3 {
            tokio::task::yield_now().await;
            clock.advance_to_next(Duration::from_secs(60));
        }
        let at = at.lock().expect("nobody panics with it").clone();
        let waits: Vec<u64> = at.windows(2).map(|two| (two[1] - two[0]).as_secs()).collect();
        assert!(
            (1..=3).contains(&waits[0]) && (3..=5).contains(&waits[1]),
            "{waits:?}"
        );
        assert_eq!(supervisor.faults(), 2, "each is counted");
        assert!(!crew.is_broken(), "nobody else has to begin it anew");
        crew.stop().await;
        assert_eq!(supervisor.running(), 0, "and it stops with its crew");
    }
}
