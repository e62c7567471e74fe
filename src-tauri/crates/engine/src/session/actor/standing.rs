//! What is wrong with a linked device and outlives the program: that it is deaf, that it is restricted. Stored, then shown.

use std::time::Duration;

use mostrador_domain::{DeviceEvent, DeviceState, UnixMillis};
use mostrador_store::tables::device::{self, DeviceRow, Restricted};
use mostrador_store::{StoreError, Writing};

use super::Actor;

/// How long a restriction is kept when its end is not told.
const RESTRICTED: Duration = Duration::from_secs(3_600);

/// When a restriction ends: as told, or after as long as we wait when nothing is told.
pub(crate) fn end_of(restricted: Restricted) -> UnixMillis {
    restricted
        .until
        .unwrap_or_else(|| restricted.since.after(RESTRICTED))
}

impl Actor {
    pub(super) async fn restricted(&mut self, until: Option<UnixMillis>) {
        let since = self.desk.shared.clock.now();
        self.restrict(Restricted { since, until }).await;
    }

    /// A message of ours was given up at this time because the number is restricted. That may be told late, and again: what
    /// is over is not begun anew.
    pub(super) async fn restricted_at(&mut self, at: UnixMillis) {
        let now = self.desk.shared.clock.now();
        let told = Restricted {
            since: at.min(now),
            until: None,
        };
        if end_of(told) > now.max(self.restricted_until) {
            self.restrict(told).await;
        }
    }

    async fn restrict(&mut self, told: Restricted) {
        self.restricted_until = end_of(told);
        let device = self.desk.device;
        self.keep(move |writing| device::restricted(writing, device, Some(told)))
            .await;
        self.step(&DeviceEvent::Restricted { until: told.until });
    }

    /// A number that is linked again, or after a start, may be restricted as before.
    pub(super) fn still_restricted(&mut self, row: &DeviceRow) {
        let now = self.desk.shared.clock.now();
        if let Some(restricted) = row.restricted.filter(|restricted| now < end_of(*restricted)) {
            self.restricted_until = end_of(restricted);
            self.step(&DeviceEvent::Restricted {
                until: restricted.until,
            });
        }
    }

    /// Ends a restriction whose time is over.
    pub(super) async fn end_restriction(&mut self) {
        let over = self.desk.shared.clock.now() >= self.restricted_until;
        let shown = matches!(&*self.state.borrow(), DeviceState::Restricted { .. });
        if over && shown {
            let device = self.desk.device;
            self.keep(move |writing| device::restricted(writing, device, None))
                .await;
            self.step(&DeviceEvent::RestrictionOver);
        }
    }

    pub(super) async fn deaf(&mut self, since: UnixMillis) {
        let device = self.desk.device;
        // Deaf before a restart and after it is deaf since then.
        let first = self
            .desk
            .shared
            .store
            .write(move |writing| {
                device::deaf(writing, device, Some(since))?;
                Ok(device::get(writing, device)?.deaf_since)
            })
            .await;
        let since = first.ok().flatten().unwrap_or(since);
        self.step(&DeviceEvent::Deaf { since });
    }

    pub(super) async fn heard(&mut self) {
        let device = self.desk.device;
        self.keep(move |writing| device::deaf(writing, device, None))
            .await;
        self.ask_now = true;
    }

    /// Keeps what is shown anyway: if it cannot be kept, only a restart forgets it.
    async fn keep(&self, work: impl FnOnce(&mut Writing<'_>) -> Result<(), StoreError> + Send + 'static) {
        if let Err(error) = self.desk.shared.store.write(work).await {
            tracing::warn!(device = %self.desk.device, %error, "the state of a device could not be kept");
        }
    }
}
