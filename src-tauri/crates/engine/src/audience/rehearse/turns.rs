//! Who gets it when, as the last rehearsal has it.
//!
//! Of one campaign only, in eight bytes a person: 1.6 MB for 200,000. It is worth nothing once the campaign is another (`plan_no`) or the
//! program has ended, or once the first of them should have left some time ago: whoever wants it then rehearses anew.

use std::sync::Arc;
use std::time::Duration;

use mostrador_campaigns::state::CampaignState;
use mostrador_domain::{CampaignId, UnixMillis};
use mostrador_store::tables::campaign::CampaignRow;

use crate::audience::lock;
use crate::engine::Engine;

/// They are worth nothing any more once the first of them should have left so long ago.
const STALE: Duration = Duration::from_secs(600);

/// Which campaign's, as it stood, and when.
pub(in crate::audience) type Kept = Option<((CampaignId, u32), Arc<Turns>)>;

/// When each of those gets it who are written to.
pub(in crate::audience) struct Turns {
    start: UnixMillis,
    /// A turn, and the seconds from the start until it comes; both rise.
    after: Vec<(u32, u32)>,
}

impl Turns {
    pub(super) fn from(start: UnixMillis) -> Self {
        Self {
            start,
            after: Vec::new(),
        }
    }

    /// Should the first of them have left some time before `now`?
    fn are_stale(&self, now: UnixMillis) -> bool {
        let first = self.after.first().map_or(0, |(_, seconds)| *seconds);
        now.since(self.start) > Duration::from_secs(u64::from(first)) + STALE
    }

    /// When whoever has this turn gets it; `None` = they get nothing.
    pub(in crate::audience) fn at(&self, place: u32) -> Option<UnixMillis> {
        let found = self
            .after
            .binary_search_by_key(&place, |(place, _)| *place)
            .ok()?;
        let (_, seconds) = self.after.get(found)?;
        Some(self.start.after(Duration::from_secs(u64::from(*seconds))))
    }
}

impl Extend<(u32, UnixMillis)> for Turns {
    fn extend<I: IntoIterator<Item = (u32, UnixMillis)>>(&mut self, turns: I) {
        for (place, at) in turns {
            let seconds = at.since(self.start).as_secs();
            self.after
                .push((place, u32::try_from(seconds).unwrap_or(u32::MAX)));
        }
    }
}

impl Engine {
    pub(super) fn keep_turns(&self, of: (CampaignId, u32), mut turns: Turns) {
        turns.after.shrink_to_fit();
        *lock(&self.audiences().turns) = Some((of, Arc::new(turns)));
    }

    /// Of a campaign that has not started, as it stands.
    pub(in crate::audience) fn turns_of(&self, campaign: &CampaignRow) -> Option<Arc<Turns>> {
        let is_ahead = matches!(
            campaign.state,
            CampaignState::Draft
                | CampaignState::Rehearsed
                | CampaignState::Scheduled
                | CampaignState::Missed
        );
        let kept = lock(&self.audiences().turns);
        let (of, turns) = kept.as_ref().filter(|_| is_ahead)?;
        let holds = *of == (campaign.id, campaign.plan_no) && !turns.are_stale(self.clock().now());
        holds.then(|| Arc::clone(turns))
    }
}
