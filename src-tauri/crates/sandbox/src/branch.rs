//! One device of the shop: its number's world, its gateway's settings and webhooks, its token.
//!
//! The world stands behind one lock and is only ever touched by [`Branch::step`]. A step first lets happen what
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
    dialects::Desks,
    opening::Opening,
    tasks::Tasks,
    webhooks::{Backoff, Webhooks},
    whapi::{self, Settings},
    world::World,
};

/// One linked or linkable number of the shop.
pub(crate) struct Branch {
    place: usize,
    world: Mutex<World>,
    settings: Mutex<Settings>,
    webhooks: Webhooks,
    desks: Desks,
    webhook_backoff: Option<Duration>,
    token: String,
    port: u16,
    stirred: Notify,
    /// Counts upwards with every change in any branch.
    changes: watch::Sender<u64>,
    /// How far this sandbox's time has been made to run ahead of the real one, in milliseconds.
    ahead: AtomicU64,
}

impl Branch {
    pub(crate) fn open(
        opening: Opening,
        config: &SandboxConfig,
        desks: Desks,
        (tasks, changes): (&Tasks, &watch::Sender<u64>),
    ) -> Result<Self, reqwest::Error> {
        let Opening {
            place,
            world,
            settings,
            token,
            port,
        } = opening;
        let branch = Self {
            place,
            world: Mutex::new(world),
            settings: Mutex::new(settings.clone()),
            webhooks: Webhooks::new(tasks.clone(), config.webhook_batch)?,
            desks,
            webhook_backoff: config.webhook_backoff,
            token,
            port,
            stirred: Notify::new(),
            changes: changes.clone(),
            ahead: AtomicU64::new(0),
        };
        branch.set_settings(settings);
        Ok(branch)
    }

    /// Which of the shop's numbers it is, counted from 0.
    pub(crate) fn place(&self) -> usize {
        self.place
    }

    /// The name of the channel; Whapi gives it with the health and with every webhook.
    pub(crate) fn channel_id(&self) -> String {
        match self.place {
            0 => "LUNADT-PRACT".to_owned(),
            more => format!("LUNADT-PRAC{more}"),
        }
    }

    /// Does something with the world, at the present moment.
    pub(crate) fn step<R>(&self, work: impl FnOnce(&mut World, Millis) -> R) -> R {
        let mut world = lock(&self.world);
        let now = self.now();
        let before = world.revision();
        world.tick(now);
        let outcome = work(&mut world, now);
        world.tick(now);
        self.pass_on(&mut world, now);
        let after = world.revision();
        drop(world);
        if after != before {
            self.changes.send_modify(|changes| *changes += 1);
            self.stirred.notify_one();
        }
        outcome
    }

    /// The present moment of this world.
    pub(crate) fn now(&self) -> Millis {
        clock::now() + self.ahead.load(Ordering::SeqCst)
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

    pub(crate) fn is_linked(&self) -> bool {
        self.look(|world, _| world.channel().is_linked())
    }

    /// Links the number without any ado.
    pub(crate) fn link(&self) {
        self.step(|world, now| {
            world.wake(now);
            world.tick(now);
            // Refused only when linked already, which is what was wanted.
            let _ = world.scan(None, now);
        });
    }

    fn pass_on(&self, world: &mut World, now: Millis) {
        let events = world.take_events();
        let settings = lock(&self.settings);
        for event in events {
            self.desks.hear(&event, world, self.webhooks.temper(), now);
            let (kind, method) = whapi::kind(&event);
            if self.webhooks.want(kind, method) {
                self.webhooks.post(&whapi::parcel(world, &settings, self, event));
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

    pub(crate) fn webhooks(&self) -> &Webhooks {
        &self.webhooks
    }

    pub(crate) fn desks(&self) -> &Desks {
        &self.desks
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
