//! Looking at the calls of a device, and taking one in again.
//!
//! Taking in again changes nothing that a later event may have changed: of a call's events only those are stored whose order
//! does not matter, which are those that polling repeats all the time: a message (known by its id), how far one of ours has come
//! (never goes back), and what is kept raw (known by its bytes). A name, a presence, an edit or a change of the link is decoded
//! and left: what holds now is newer. So is a message that went with its chat when that was emptied or deleted. It is no sign of life of the gateway, and it is not written down as a call.
//!
//! What could not be stored when it came is another thing: nothing of it was taken in, so it is stored as soon as it can be, whoever asks
//! for it, in the order in which it came. What came after it may be here already. Most events bear their time, and go where they belong;
//! of two that do not, nothing is undone that came since: a chat is not emptied or deleted in which somebody has written from then on, and
//! of how the link is the gateway is asked. The same holds of what the gateway repeats because we asked it to: it counts as what came first.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use mostrador_domain::{DeviceId, Inbound, UnixMillis};
use mostrador_gateways::WebhookTarget;
use mostrador_store::tables::ingest::Ingested;
use mostrador_store::{Change, StoreError};
use serde_json::Value;

use super::diary::{Delivery, EventKind, Verdict};
use super::health::Known;
use super::{Route, WebhookListener, redacted};
use crate::clock::Clock;
use crate::ingest::Telling;

/// What the events of a call are, before they are stored.
pub(super) struct Saying {
    messages_alone: bool,
    unknown: bool,
}

impl Saying {
    pub(super) fn of(events: &[Inbound]) -> Self {
        let is = |kind| move |event: &Inbound| EventKind::of(event) == kind;
        Self {
            messages_alone: !events.is_empty() && events.iter().all(is(EventKind::Message)),
            unknown: events.iter().any(is(EventKind::Unknown)),
        }
    }

    /// What became of them, once they are stored.
    pub(super) fn verdict(&self, ingested: &Ingested) -> Verdict {
        if self.unknown {
            Verdict::Unknown
        } else if self.messages_alone && ingested.new_messages == 0 {
            Verdict::Duplicate
        } else {
            Verdict::Accepted
        }
    }
}

/// What came of taking a call in again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replayed {
    /// What became of it now.
    pub verdict: Verdict,
    /// Messages that were not known.
    pub new_messages: u32,
    /// Events that were left, because what holds now is newer.
    pub left: u32,
}

/// So many calls that cannot be stored yet are tried at a turn: a full disk is found full soon, and one call that never fits
/// keeps none waiting behind it.
const MOST_FAILURES: u32 = 8;

impl WebhookListener {
    pub(super) fn of_device(&self, device: DeviceId) -> Option<Arc<Route>> {
        let routes = self.lock();
        routes.iter().rfind(|route| route.device == device).cloned()
    }

    /// The latest one of a device that is open.
    fn open_of(&self, device: DeviceId) -> Option<Arc<Route>> {
        let routes = self.lock();
        let mut latest = routes.iter().rev();
        latest
            .find(|route| route.device == device && route.is_open())
            .cloned()
    }

    /// The open routes of a device: where it is called at our own port, and where behind a tunnel; the latest of each.
    pub(crate) fn open_targets(&self, device: DeviceId) -> [Option<WebhookTarget>; 2] {
        let port = self.port();
        let routes = self.lock();
        [false, true].map(|public| {
            let mut its = routes
                .iter()
                .rev()
                .filter(|route| route.device == device && route.is_open());
            its.find(|route| route.is_public() == public)?.target(port)
        })
    }

    /// Has the gateway called a device's route at this target?
    pub(crate) fn was_called_at(&self, device: DeviceId, target: &WebhookTarget) -> bool {
        let port = self.port();
        let routes = self.lock();
        let mut its = routes.iter().filter(|route| route.device == device);
        its.any(|route| route.is_at(port, target) && route.was_called.load(Ordering::Relaxed))
    }

    /// The calls of a device, newest first; none if it has no route.
    pub(crate) fn deliveries(&self, device: DeviceId) -> Vec<Delivery> {
        let route = self.of_device(device);
        route.map(|route| route.diary().list()).unwrap_or_default()
    }

    /// One call and its structure; `None` for the structure = its body is not held, or is no JSON.
    pub(crate) fn delivery(&self, device: DeviceId, id: u32) -> Option<(Delivery, Option<Value>)> {
        let (delivery, held) = self.of_device(device)?.diary().get(id)?;
        let structure = held.and_then(|held| redacted::structure(&held.body));
        Some((delivery, structure))
    }

    /// What is known of a device's route: that, and when the last good call came. `None` = there is no route.
    pub(crate) fn known(
        &self,
        device: DeviceId,
        silent_since: Option<UnixMillis>,
    ) -> Option<(Known, Option<UnixMillis>)> {
        let route = self.open_of(device).or_else(|| self.heard_at_anothers(device))?;
        let diary = route.diary();
        let known = Known {
            last: diary.last().map(|last| (last.at, last.verdict)),
            silent_since: silent_since.filter(|_| route.deaf.load(Ordering::Relaxed)),
        };
        Some((known, diary.last_good()))
    }

    /// Where a device's route is; `None` = there is none.
    pub(crate) fn target_of(&self, device: DeviceId) -> Option<WebhookTarget> {
        self.open_of(device)?.target(self.port())
    }

    /// The last call that was written down; 0 = none.
    pub(crate) fn last_id(&self, device: DeviceId) -> u32 {
        let route = self.of_device(device);
        route.map(|route| route.diary().last_id()).unwrap_or_default()
    }

    /// Waits for a call after the one with this id. `false` = none came in time.
    pub(crate) async fn called_after(
        &self,
        device: DeviceId,
        id: u32,
        clock: &dyn Clock,
        patience: Duration,
    ) -> bool {
        let Some(route) = self.of_device(device) else {
            return false;
        };
        let came = async {
            loop {
                let next = route.called.notified();
                tokio::pin!(next);
                // Listening before looking: a call in between is heard.
                next.as_mut().enable();
                if route.diary().last_id() != id {
                    return;
                }
                next.await;
            }
        };
        tokio::select! {
            () = came => true,
            () = clock.sleep(patience) => false,
        }
    }

    /// Takes in what could not be stored when it came, now that the store may write: a gateway that calls once does not send it again.
    pub(crate) async fn take_in_at_last(&self, device: DeviceId) {
        let Some(route) = self.of_device(device) else {
            return;
        };
        let to_try = route.diary().to_try();
        if !self.store_some_at_last(&route, to_try, 1).await {
            return;
        }
        // There is room: all of them, as they came.
        let waiting = route.diary().not_stored();
        self.store_some_at_last(&route, waiting, usize::MAX).await;
        self.ingest.store.announce(Change::Hooks(device));
    }

    /// Stores so many of these; `true` = one was.
    async fn store_some_at_last(&self, route: &Route, waiting: Vec<u32>, most: usize) -> bool {
        let (mut stored, mut failed) = (0, 0);
        for id in waiting {
            match self.store_at_last(route, id).await {
                Ok(None) => {}
                Ok(Some(_)) => stored += 1,
                Err(error) => {
                    tracing::info!(device = %route.device, %error, "what a webhook told cannot be stored yet");
                    route.diary().failed_again(id);
                    failed += 1;
                }
            }
            if failed == MOST_FAILURES || stored == most {
                break;
            }
        }
        stored > 0
    }

    /// Stores all that a call says that could not be stored when it came: nothing of it has been told to anybody. `None` = it does not
    /// wait (any more).
    async fn store_at_last(&self, route: &Route, id: u32) -> Result<Option<Replayed>, StoreError> {
        let _alone = route.taking_in.lock().await;
        if !route.diary().is_waiting(id) {
            return Ok(None);
        }
        let held = route.diary().get(id).and_then(|(_, held)| held);
        let (Some(held), Some(webhooks)) = (held, route.link.webhooks()) else {
            return Ok(None);
        };
        let Ok(events) = webhooks.decode(&held.call()) else {
            return Ok(None);
        };
        let first = route.diary().first_in_vain(&held).unwrap_or(held.at);
        let (verdict, ingested) = self.commit(route, events, Some(first)).await?;
        route.diary().stored_at_last(id, verdict);
        Ok(Some(Replayed {
            verdict,
            new_messages: ingested.new_messages,
            left: ingested.left,
        }))
    }

    /// Takes a call in again. `None` = its body is not held.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn replay(&self, device: DeviceId, id: u32) -> Result<Option<Replayed>, StoreError> {
        let Some(route) = self.of_device(device) else {
            return Ok(None);
        };
        if let Some(stored) = self.store_at_last(&route, id).await? {
            return Ok(Some(stored));
        }
        let held = route.diary().get(id).and_then(|(_, held)| held);
        let (Some(held), Some(webhooks)) = (held, route.link.webhooks()) else {
            return Ok(None);
        };
        let Ok(events) = webhooks.decode(&held.call()) else {
            return Ok(None);
        };
        let saying = Saying::of(&events);
        let (again, left): (Vec<_>, Vec<_>) = events.into_iter().partition(may_come_again);
        let telling = Telling::of(&*route.link);
        let ingested = self.ingest.take_call_again(device, again, telling).await?;
        if ingested.new_media {
            route.media_wanted.notify_one();
        }
        let verdict = match saying.verdict(&ingested) {
            Verdict::Accepted if ingested.new_messages == 0 => Verdict::Duplicate,
            verdict => verdict,
        };
        Ok(Some(Replayed {
            verdict,
            new_messages: ingested.new_messages,
            left: u32::try_from(left.len())
                .unwrap_or(u32::MAX)
                .saturating_add(ingested.left),
        }))
    }
}

/// Does its order not matter?
fn may_come_again(event: &Inbound) -> bool {
    matches!(
        event,
        Inbound::Message(_) | Inbound::Status(_) | Inbound::Unknown { .. }
    )
}
