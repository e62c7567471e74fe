//! How far our messages have come, where only asking tells it.
//!
//! A poll asks for what was written of late; now and then, for what was within a day. A customer may open on Wednesday what the shop wrote on
//! Monday: where the gateway does not call, nothing would ever say so. So once a day one poll looks back as far as the oldest message of
//! ours that nobody has read yet, [`FURTHEST`] at the most.
//!
//! | Then | the next look is due |
//! |---|---|
//! | a session begins | after [`FIRST`]: its beginning is busy, and one that begins again and again has none |
//! | a poll has looked back, or there was nothing to look for | after [`EVERY`] |
//! | one that looked back has failed | after [`FIRST`] |
//!
//! Where a plan counts calls, it reaches back over [`SPARING`] messages at the most: that is one call more a day.

use std::time::Duration;

use mostrador_domain::UnixMillis;
use mostrador_store::StoreError;
use mostrador_store::tables::receipt;

use super::super::{Desk, InboundRoute};

const FIRST: Duration = Duration::from_secs(3_600);
const EVERY: Duration = Duration::from_secs(24 * 3_600);
const FURTHEST: Duration = Duration::from_secs(7 * 24 * 3_600);
const SPARING: u32 = 150;
/// What was written here bears our own clock's time, and is asked for by the gateway's.
const MARGIN: Duration = Duration::from_secs(3_600);

/// See the module.
pub(super) struct Ticks {
    /// When the next look is due, by a clock that does not jump.
    due: Duration,
}

impl Ticks {
    /// A session begins.
    pub(super) fn begin(elapsed: Duration) -> Self {
        Self { due: elapsed + FIRST }
    }

    /// Since when the poll that is made now is to ask for their sake; `None` = it is made as ever.
    pub(super) async fn since(
        &mut self,
        desk: &Desk,
        proven: InboundRoute,
    ) -> Result<Option<UnixMillis>, StoreError> {
        let elapsed = desk.shared.clock.elapsed();
        if proven != InboundRoute::Polling || elapsed < self.due {
            return Ok(None);
        }
        let counted = !desk.thrift.share(desk.shared.clock.now()).is_zero();
        let among = counted.then_some(SPARING);
        let (device, furthest) = (desk.device, desk.gateway_now().before(FURTHEST));
        let oldest = desk
            .shared
            .store
            .read(move |connection| receipt::oldest_unread(connection, device, furthest, among))
            .await?;
        self.due = elapsed + EVERY;
        Ok(oldest.map(|at| at.before(MARGIN)))
    }

    /// The poll that looked back has failed.
    pub(super) fn failed(&mut self, elapsed: Duration) {
        self.due = elapsed + FIRST;
    }
}
