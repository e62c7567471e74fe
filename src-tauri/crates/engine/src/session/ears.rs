//! Does the gateway call us, as it should? *Linked is not alive.*
//!
//! Asking is the proof: it brings a message of a customer's that the gateway has not told of by itself. One that it has had
//! [`OVERDUE`] to tell of says it at once; after a younger one it gets that long to call about anything at all. A gateway that
//! does not is deaf: that is shown, and until it calls again we ask as if it could not call.

use std::sync::atomic::Ordering;
use std::time::Duration;

use mostrador_domain::UnixMillis;

use super::rhythm::Rhythm;
use super::{Command, Desk, InboundRoute};

/// How long a gateway may take to tell by itself what it lists.
const OVERDUE: Duration = Duration::from_secs(30);

/// What we suspect.
#[derive(Default)]
pub(super) struct Ears {
    /// A message that it did not tell of, and how often it had called until then.
    suspicion: Option<(UnixMillis, u64)>,
}

impl Ears {
    /// Draws the conclusion from a poll. `news`: when the oldest message was written that the poll has brought.
    pub(super) async fn listen(&mut self, desk: &Desk, news: Option<UnixMillis>) {
        let calls = desk.calls.load(Ordering::Relaxed);
        let confirmed = self
            .suspicion
            .take()
            .filter(|(_, before)| *before == calls)
            .map(|(since, _)| since);
        let overdue = desk.gateway_now().before(OVERDUE);
        match (confirmed, news) {
            (Some(since), _) => deaf(desk, since).await,
            (None, Some(written)) if written < overdue => deaf(desk, written).await,
            (None, Some(written)) => self.suspicion = Some((written, calls)),
            (None, None) => {}
        }
    }

    /// The route as it proves itself, and how long to wait before asking again.
    pub(super) fn route(
        &self,
        desk: &Desk,
        opened: InboundRoute,
        rhythm: &Rhythm,
    ) -> (InboundRoute, Duration) {
        let route = if desk.deaf.load(Ordering::Relaxed) {
            InboundRoute::Polling
        } else {
            opened
        };
        let pause = rhythm.pause(route, desk.shared.clock.elapsed());
        let pause = if self.suspicion.is_some() {
            pause.min(OVERDUE)
        } else {
            pause
        };
        (route, pause)
    }
}

async fn deaf(desk: &Desk, since: UnixMillis) {
    if !desk.deaf.swap(true, Ordering::Relaxed) {
        tracing::info!(device = %desk.device, "the gateway does not call: asking often instead");
        let _ending = desk.commands.send(Command::Deaf { since }).await;
    }
}
