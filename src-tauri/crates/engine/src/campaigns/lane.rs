//! One running campaign of a device, with its pacer.

use std::sync::atomic::Ordering;
use std::time::Duration;

use mostrador_campaigns::pacer::{Limits, Now, Pacer, Turn};
use mostrador_campaigns::plan::PlanFault;
use mostrador_domain::{CampaignId, RateLimit};
use mostrador_store::StoreError;
use mostrador_store::tables::campaign::{self, CampaignRow, audience};

use crate::chance;
use crate::session::Desk;

/// See the module.
pub(super) struct Lane {
    pub(super) id: CampaignId,
    pacer: Pacer,
    /// When it had its last turn, by the clock that does not jump: the one that waited longest is first.
    pub(super) last: Duration,
    limits: Limits,
    /// A day has a cap.
    counts_days: bool,
    /// [`Desk::by_hand`], when we last looked.
    seen: u64,
}

impl Lane {
    /// The lane of a campaign that goes on after what the rows say. `Err` inside = its plan would never let anything leave.
    pub(super) async fn open(
        desk: &Desk,
        row: &CampaignRow,
        now: Now,
    ) -> Result<Result<Self, PlanFault>, StoreError> {
        let rate = desk.link.capabilities().rate;
        let rates = rate.map(|(count, window)| RateLimit { count, window });
        let device = row.device;
        let since = desk
            .shared
            .store
            .read(move |connection| audience::in_use_since(connection, device))
            .await?;
        let limits = match row.plan.limits(rates.into_iter().collect(), Some(since)) {
            Ok(limits) => limits,
            Err(fault) => return Ok(Err(fault)),
        };
        let seen = desk.by_hand.load(Ordering::Acquire);
        let (of, share) = ((row.device, row.id), chance::fraction(&*desk.shared.chance));
        let within = limits.clone();
        let counts_days = limits.count_days(now.wall);
        let past = desk
            .shared
            .store
            .read(move |connection| campaign::past(connection, of, &within, (now.wall, share)))
            .await?;
        Ok(Pacer::read_back(limits.clone(), &past, now)
            .map_err(PlanFault::Limits)
            .map(|pacer| Self {
                id: row.id,
                pacer,
                last: Duration::ZERO,
                limits,
                counts_days,
                seen,
            }))
    }

    /// Looks at what people of the shop wrote themselves, if that is more than when it looked last: it counts for the day. What
    /// campaigns sent is read with it: a campaign that was deleted meanwhile counts as if a person had written, and once.
    pub(super) async fn look_around(&mut self, desk: &Desk, now: Now) -> Result<(), StoreError> {
        let by_hand = desk.by_hand.load(Ordering::Acquire);
        if by_hand == self.seen {
            return Ok(());
        }
        self.seen = by_hand;
        self.count_days(desk, now).await
    }

    /// What counts for the days, read anew. A turn that came to nothing, since the message could not leave, counts for none.
    pub(super) async fn count_days(&mut self, desk: &Desk, now: Now) -> Result<(), StoreError> {
        if !self.counts_days {
            return Ok(());
        }
        let (of, limits) = ((desk.device, self.id), self.limits.clone());
        let store = &desk.shared.store;
        let past = store.read(move |connection| campaign::past(connection, of, &limits, (now.wall, 0.0)));
        self.pacer.days_are(&past.await?, now.wall);
        Ok(())
    }

    /// May a message leave now? `held`: for how long the gateway wants nothing of the whole device.
    pub(super) fn turn(&mut self, now: Now, held: Duration) -> Turn {
        if !held.is_zero() {
            self.pacer.hold(now, held);
        }
        self.pacer.next(now)
    }

    /// A message of this campaign is in the outbox.
    pub(super) fn started(&mut self, desk: &Desk, now: Now) {
        self.pacer.started(now, chance::fraction(&*desk.shared.chance));
        self.last = now.steady;
    }

    /// One of another campaign of the device is.
    pub(super) fn other_started(&mut self, now: Now) {
        self.pacer.other_started(now);
    }
}
