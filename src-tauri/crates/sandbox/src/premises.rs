//! The rooms behind the counter: everything that the HTTP routes and the background tasks of one sandbox share.
//!
//! The world stands behind one lock and is only ever touched by [`Premises::step`]. A step first lets happen what
//! is due, then does its own work, then lets happen what became due by it, and passes the events on *before* the
//! lock is given back, so that webhooks leave in the order in which things happened. Whoever waits for a change
//! hears of it after the step.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::{Notify, watch};

use crate::{
    clock::{self, Millis},
    config::SandboxConfig,
    faults::{FaultKind, Faults},
    tasks::Tasks,
    webhooks::{Backoff, Webhooks},
    whapi::{self, Settings},
    world::World,
};

/// What one running sandbox consists of.
pub(crate) struct Premises {
    world: Mutex<World>,
    settings: Mutex<Settings>,
    faults: Mutex<Faults>,
    webhooks: Webhooks,
    webhook_backoff: Option<Duration>,
    tasks: Tasks,
    token: String,
    port: u16,
    stirred: Notify,
    changes: watch::Sender<u64>,
    /// How far this sandbox's time has been made to run ahead of the real one, in milliseconds.
    ahead: AtomicU64,
}

impl Premises {
    pub(crate) fn open(
        world: World,
        settings: Settings,
        token: String,
        port: u16,
        config: &SandboxConfig,
    ) -> Result<Self, reqwest::Error> {
        let tasks = Tasks::default();
        let premises = Self {
            world: Mutex::new(world),
            settings: Mutex::new(settings.clone()),
            faults: Mutex::default(),
            webhooks: Webhooks::new(tasks.clone())?,
            webhook_backoff: config.webhook_backoff,
            tasks,
            token,
            port,
            stirred: Notify::new(),
            changes: watch::Sender::new(0),
            ahead: AtomicU64::new(0),
        };
        premises.set_settings(settings);
        Ok(premises)
    }

    /// Does something with the world, at the present moment.
    pub(crate) fn step<R>(&self, work: impl FnOnce(&mut World, Millis) -> R) -> R {
        let mut world = lock(&self.world);
        let now = clock::now() + self.ahead.load(Ordering::SeqCst);
        let before = world.revision();
        world.tick(now);
        let outcome = work(&mut world, now);
        world.tick(now);
        self.pass_on(&mut world);
        let after = world.revision();
        drop(world);
        if after != before {
            self.changes.send_modify(|changes| *changes += 1);
            self.stirred.notify_one();
        }
        outcome
    }

    /// Lets `span` pass at once.
    pub(crate) fn skip(&self, span: Duration) {
        self.ahead.fetch_add(clock::millis(span), Ordering::SeqCst);
        self.step(|_, _| ());
        self.stirred.notify_one();
    }

    /// Looks at the world at the present moment.
    pub(crate) fn look<R>(&self, view: impl FnOnce(&World, Millis) -> R) -> R {
        self.step(|world, now| view(world, now))
    }

    fn pass_on(&self, world: &mut World) {
        let events = world.take_events();
        let settings = lock(&self.settings);
        for event in events {
            let (kind, method) = whapi::kind(&event);
            if self.webhooks.want(kind, method) {
                self.webhooks
                    .post(&whapi::parcel(world, &settings, self.port, event));
            }
        }
    }

    /// Lets things happen when they are due, until it is cancelled.
    pub(crate) async fn beat(&self) {
        loop {
            let stirred = self.stirred.notified();
            let (due, now) = self.look(|world, now| (world.due(), now));
            match due {
                Some(due) => {
                    let wait = clock::sleep(Duration::from_millis(due.saturating_sub(now).max(1)));
                    tokio::select! { () = wait => {}, () = stirred => {} }
                }
                None => stirred.await,
            }
        }
    }

    pub(crate) fn settings(&self) -> Settings {
        lock(&self.settings).clone()
    }

    /// Replaces the settings; the webhooks follow at once.
    pub(crate) fn set_settings(&self, settings: Settings) {
        let backoff = self.webhook_backoff.map_or_else(
            || settings.backoff(),
            |step| Backoff {
                step,
                longest: step.saturating_mul(50),
            },
        );
        self.webhooks.follow(&settings.webhooks, backoff);
        *lock(&self.settings) = settings;
        self.changes.send_modify(|changes| *changes += 1);
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    pub(crate) fn take_fault(&self, method: &str, path: &str) -> Option<FaultKind> {
        self.faults().take(method, path)
    }

    pub(crate) fn webhooks(&self) -> &Webhooks {
        &self.webhooks
    }

    pub(crate) fn tasks(&self) -> &Tasks {
        &self.tasks
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Counts upwards with every change of the world or the settings.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
