//! Does the gateway call us, as it should? *Linked is not alive.*
//!
//! Asking is the proof: it brings a message of a customer's that the gateway has not told of by itself. One that it has had
//! [`OVERDUE`] to tell of says it at once; after a younger one it gets that long to call about anything at all. A gateway that
//! does not is deaf: that is shown, and until it calls again we ask as if it could not call. Calls count from before we asked: one that
//! tells of what is listed may be on its way meanwhile. One that came after a message was written shows that the gateway calls, if not of all.

use std::sync::atomic::Ordering;
use std::time::Duration;

use mostrador_domain::UnixMillis;

use super::rhythm::Rhythm;
use super::{Command, Desk, InboundRoute};

/// How long a gateway may take to tell by itself what it lists.
const OVERDUE: Duration = Duration::from_secs(30);

/// What came so long after a message was written is not of its moment: gateways tell whole seconds, and clocks differ a little.
const AT_ONCE: Duration = Duration::from_secs(2);

/// What we suspect.
#[derive(Default)]
pub(super) struct Ears {
    /// A message that it did not tell of, and how often it had called until then.
    suspicion: Option<(UnixMillis, u64)>,
}

impl Ears {
    /// Draws the conclusion from a poll. `calls`: how often the gateway had called before it; `news`: when the oldest message was
    /// written that the poll has brought.
    pub(super) async fn listen(&mut self, desk: &Desk, calls: u64, news: Option<UnixMillis>) {
        let heard = UnixMillis(desk.called_at.load(Ordering::Relaxed));
        let news = not_called_since(news, heard);
        let calls = (calls, desk.calls.load(Ordering::Relaxed));
        if let Some(since) = self.conclude(news, calls, desk.gateway_now().before(OVERDUE)) {
            deaf(desk, since.max(heard)).await;
        }
    }

    /// Since when it is deaf. `calls`: as many before the poll, and as many now.
    fn conclude(
        &mut self,
        news: Option<UnixMillis>,
        calls: (u64, u64),
        overdue: UnixMillis,
    ) -> Option<UnixMillis> {
        let confirmed = self.suspicion.take().filter(|(_, before)| *before == calls.1);
        match (confirmed, news) {
            (Some((since, _)), _) => Some(since),
            (None, Some(written)) if written < overdue => Some(written),
            (None, Some(written)) => {
                self.suspicion = Some((written, calls.0));
                None
            }
            (None, None) => None,
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

/// A message that the gateway listed and did not tell of, unless it has called since it was written: it calls, if not of all.
fn not_called_since(news: Option<UnixMillis>, heard: UnixMillis) -> Option<UnixMillis> {
    news.filter(|written| heard <= written.after(AT_ONCE))
}

async fn deaf(desk: &Desk, since: UnixMillis) {
    if !desk.deaf.swap(true, Ordering::Relaxed) {
        desk.deaf_kept.store(true, Ordering::Relaxed);
        tracing::info!(device = %desk.device, "the gateway does not call: asking often instead");
        let _ending = desk.commands.send(Command::Deaf { since }).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: UnixMillis = UnixMillis(30_000);

    #[test]
    fn who_calls_while_it_is_asked_is_not_deaf_and_who_does_not_is() {
        let written = UnixMillis(50_000);
        let mut ears = Ears::default();
        assert_eq!(ears.conclude(Some(written), (3, 4), OLD), None, "it may tell yet");
        assert_eq!(
            ears.conclude(None, (4, 4), OLD),
            None,
            "it called while it was asked"
        );
        assert_eq!(ears.conclude(Some(written), (4, 4), OLD), None, "it may tell yet");
        assert_eq!(
            ears.conclude(None, (4, 4), OLD),
            Some(written),
            "no call has come"
        );
        assert_eq!(ears.conclude(None, (4, 4), OLD), None, "that is said once");
    }

    #[test]
    fn who_has_called_since_a_message_that_it_did_not_tell_of_is_not_deaf() {
        let written = UnixMillis(50_000);
        let at_once = written.after(AT_ONCE);
        assert_eq!(
            not_called_since(Some(written), at_once),
            Some(written),
            "that call is of its moment"
        );
        assert_eq!(
            not_called_since(Some(written), UnixMillis(at_once.0 + 1)),
            None,
            "it calls"
        );
        assert_eq!(
            not_called_since(Some(written), UnixMillis(0)),
            Some(written),
            "it never did"
        );
    }

    #[test]
    fn what_is_overdue_says_it_at_once() {
        let written = UnixMillis(20_000);
        assert_eq!(
            Ears::default().conclude(Some(written), (4, 4), OLD),
            Some(written),
            "it had its time"
        );
    }
}
