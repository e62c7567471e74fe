//! Delivery of events to whoever asked for them.
//!
//! Each webhook has a lane of its own: a queue and a task that works it off from the front. An event stays at the
//! front until its receiver answers 2xx; the wait between two attempts grows by one step each time, up to a limit,
//! and everything behind it waits too. So a receiver gets events in their order, and may get one twice: when its
//! own 2xx was lost on the way back. What waits in a lane is lost when the sandbox stops; a client catches up by
//! listing, as it must with a real gateway. Events of one kind that wait behind each other may be gathered into one
//! request, if the configuration says so.
//!
//! A lane outlives a change of the settings when its address and mode stay the same. Its client follows no
//! redirect and uses no proxy: the sandbox speaks to this machine only.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    clock,
    parcel::{Hook, Parcel, addressed},
    tasks::Tasks,
    whapi,
};

/// Beyond this many waiting events the newest are dropped: a receiver that was away so long catches up by listing.
const LONGEST_QUEUE: usize = 10_000;
const ATTEMPT: Duration = Duration::from_secs(10);

/// How long to wait after a failed attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    pub(crate) step: Duration,
    pub(crate) longest: Duration,
}

/// What can be wrong with the delivery as a whole.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Temper {
    /// Every event is delivered twice.
    #[serde(default)]
    pub duplicate: bool,
    /// Events are dropped: the number is linked, and nothing is heard from it.
    #[serde(default)]
    pub deaf: bool,
    /// A label that is gone is told by its name, as in an example of Whapi's own, and not by its id, as its documentation has it.
    #[serde(default)]
    pub labels_by_name: bool,
}

/// All lanes.
pub(crate) struct Webhooks {
    lanes: Mutex<Vec<Arc<Lane>>>,
    temper: Mutex<Temper>,
    client: reqwest::Client,
    tasks: Tasks,
    /// How many things one request may carry.
    batch: usize,
}

struct Lane {
    batch: usize,
    hook: Mutex<Hook>,
    backoff: Mutex<Backoff>,
    waiting: Mutex<VecDeque<Parcel>>,
    filled: Notify,
    /// The last attempt was not taken; the next one waits.
    refused: AtomicBool,
    closed: CancellationToken,
}

impl Webhooks {
    pub(crate) fn new(tasks: Tasks, batch: usize) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(ATTEMPT)
            .build()?;
        Ok(Self {
            lanes: Mutex::default(),
            temper: Mutex::default(),
            client,
            tasks,
            batch: batch.max(1),
        })
    }

    pub(crate) fn set_temper(&self, temper: Temper) {
        *lock(&self.temper) = temper;
    }

    pub(crate) fn temper(&self) -> Temper {
        *lock(&self.temper)
    }

    /// How many events wait to be taken, in all lanes.
    pub(crate) fn waiting(&self) -> usize {
        lock(&self.lanes)
            .iter()
            .map(|lane| lock(&lane.waiting).len())
            .sum()
    }

    /// Is an event on its way to somebody who has not refused it yet?
    pub(crate) fn is_busy(&self) -> bool {
        lock(&self.lanes)
            .iter()
            .any(|lane| !lane.refused.load(Ordering::Acquire) && !lock(&lane.waiting).is_empty())
    }

    /// The addresses that are called, and the values of the headers that go with the calls.
    pub(crate) fn called_with(&self) -> Vec<String> {
        let lanes = lock(&self.lanes);
        let of = |lane: &Arc<Lane>| {
            let hook = lock(&lane.hook);
            let headers = hook.headers.values().cloned();
            std::iter::once(hook.url.to_string())
                .chain(headers)
                .collect::<Vec<_>>()
        };
        lanes.iter().flat_map(of).collect()
    }

    /// Makes the lanes follow the settings.
    pub(crate) fn follow(&self, hooks: &[Hook], backoff: Backoff) {
        let mut lanes = lock(&self.lanes);
        let mut before = std::mem::take(&mut *lanes);
        for hook in hooks {
            let same = before.iter().position(|lane| lane.leads_to(hook));
            let lane = match same {
                Some(place) => before.swap_remove(place),
                None => self.open(hook, backoff),
            };
            *lock(&lane.hook) = hook.clone();
            *lock(&lane.backoff) = backoff;
            lanes.push(lane);
        }
        before.iter().for_each(|lane| lane.closed.cancel());
    }

    fn open(&self, hook: &Hook, backoff: Backoff) -> Arc<Lane> {
        let lane = Arc::new(Lane {
            batch: self.batch,
            hook: Mutex::new(hook.clone()),
            backoff: Mutex::new(backoff),
            waiting: Mutex::default(),
            filled: Notify::new(),
            refused: AtomicBool::new(false),
            closed: CancellationToken::new(),
        });
        let (worked, client) = (Arc::clone(&lane), self.client.clone());
        self.tasks.once(async move {
            let closed = worked.closed.clone();
            let _ = closed.run_until_cancelled(worked.work_off(client)).await;
        });
        lane
    }

    /// Whether any webhook wants such events now.
    pub(crate) fn want(&self, kind: &str, method: &str) -> bool {
        !lock(&self.temper).deaf && lock(&self.lanes).iter().any(|lane| lane.wants(kind, method))
    }

    /// Puts an event into the lane of every webhook that wants it.
    pub(crate) fn post(&self, parcel: &Parcel) {
        let temper = *lock(&self.temper);
        if temper.deaf {
            return;
        }
        for lane in lock(&self.lanes)
            .iter()
            .filter(|lane| lane.wants(parcel.kind, parcel.method))
        {
            for _ in 0..=u8::from(temper.duplicate) {
                lane.put(parcel.clone());
            }
        }
    }

    /// Delivers one parcel once, outside every lane; true when the receiver answered 2xx.
    pub(crate) async fn try_once(&self, hook: &Hook, parcel: &Parcel) -> bool {
        attempt(&self.client, hook, parcel).await
    }
}

impl Lane {
    fn leads_to(&self, hook: &Hook) -> bool {
        let own = lock(&self.hook);
        own.url == hook.url && own.mode == hook.mode
    }

    fn wants(&self, kind: &str, method: &str) -> bool {
        let hook = lock(&self.hook);
        hook.events
            .iter()
            .any(|wanted| wanted.kind == kind && wanted.method == method)
    }

    fn put(&self, parcel: Parcel) {
        let mut waiting = lock(&self.waiting);
        if waiting.len() >= LONGEST_QUEUE {
            tracing::warn!(
                kind = parcel.kind,
                "a webhook's queue is full; an event was dropped"
            );
            return;
        }
        waiting.push_back(parcel);
        self.filled.notify_one();
    }

    async fn work_off(self: Arc<Self>, client: reqwest::Client) {
        loop {
            let filled = self.filled.notified();
            match self.gathered() {
                Some((parcel, count)) => {
                    self.deliver(&client, &parcel).await;
                    lock(&self.waiting).drain(..count);
                }
                None => filled.await,
            }
        }
    }

    /// The first parcel, with as many of those behind it as may travel together, and how many they are.
    fn gathered(&self) -> Option<(Parcel, usize)> {
        let waiting = lock(&self.waiting);
        let mut behind = waiting.iter();
        let mut parcel = behind.next()?.clone();
        let more = behind
            .take(self.batch - 1)
            .take_while(|next| parcel.gather(next))
            .count();
        Some((parcel, more + 1))
    }

    async fn deliver(&self, client: &reqwest::Client, parcel: &Parcel) {
        let mut failed: u32 = 0;
        loop {
            let hook = lock(&self.hook).clone();
            let taken = attempt(client, &hook, parcel).await;
            self.refused.store(!taken, Ordering::Release);
            if taken {
                return;
            }
            failed = failed.saturating_add(1);
            let backoff = *lock(&self.backoff);
            clock::sleep(backoff.step.saturating_mul(failed).min(backoff.longest)).await;
        }
    }
}

async fn attempt(client: &reqwest::Client, hook: &Hook, parcel: &Parcel) -> bool {
    let (method, url) = addressed(hook, parcel);
    let request = client
        .request(method, url)
        .header("content-type", "application/json")
        .body(whapi::written(&parcel.body));
    let request = hook
        .headers
        .iter()
        .fold(request, |request, (name, value)| request.header(name, value));
    match request.send().await {
        Ok(answer) => answer.status().is_success(),
        Err(error) => {
            tracing::debug!(kind = parcel.kind, error = %error.without_url(), "a webhook was not taken");
            false
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
