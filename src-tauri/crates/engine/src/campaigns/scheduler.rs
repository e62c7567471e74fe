//! Starts the campaigns whose time has come, and decides about those whose time was missed as the shop chose.
//!
//! A campaign leaves the state "scheduled" and the next one of a recurring row is made in one transaction: whatever dies here,
//! neither is there twice nor lost. The next one has the same plan and the same people until its own time comes.
//!
//! Times are of the wall clock, which may be set at any moment: it is looked at once a minute while something is scheduled.

use std::sync::Arc;
use std::time::Duration;

use mostrador_campaigns::schedule::{Due, Schedule};
use mostrador_domain::UnixMillis;
use mostrador_store::tables::campaign::{self, CampaignRow, Copied, FollowsAs};
use mostrador_store::{Change, Store, StoreError, StoreErrorKind, Writing};

use crate::clock::Clock;
use crate::crash;

/// While something is scheduled.
const LOOK: Duration = Duration::from_secs(60);
/// While nothing is; a change wakes us.
const NOTHING: Duration = Duration::from_secs(3_600);
/// After trouble with the store.
const STORE_TROUBLE: Duration = Duration::from_secs(10);

/// Runs until the program ends.
pub(crate) async fn run(store: Store, clock: Arc<dyn Clock>) {
    let mut changes = store.changes();
    loop {
        let rest = match look(&store, &*clock).await {
            Ok(rest) => rest,
            Err(error) => {
                tracing::warn!(%error, "scheduled campaigns could not be looked at");
                STORE_TROUBLE
            }
        };
        tokio::select! {
            _ = changes.wait_for(|change| *change == Change::Campaigns) => {}
            () = clock.sleep(rest) => {}
        }
    }
}

/// Does what is due; says how long until the next look.
async fn look(store: &Store, clock: &dyn Clock) -> Result<Duration, StoreError> {
    let scheduled = store.read(campaign::scheduled).await?;
    let mut rest = if scheduled.is_empty() { NOTHING } else { LOOK };
    for row in scheduled {
        let now = clock.now();
        let Some((schedule, at)) = row.schedule.clone().zip(row.starts_at) else {
            continue;
        };
        match schedule.due(at, now) {
            Due::NotYet => rest = rest.min(at.since(now).max(Duration::from_millis(1))),
            due => decide(store, row, schedule, due, now).await?,
        }
    }
    Ok(rest)
}

async fn decide(
    store: &Store,
    row: CampaignRow,
    schedule: Schedule,
    due: Due,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let id = row.id;
    let done = store
        .write_durably(move |writing| {
            match due {
                Due::NotYet => return Ok(()),
                Due::Start => campaign::start(writing, id, Duration::ZERO, now)?,
                Due::Ask => campaign::missed(writing, id)?,
                Due::Skip => {
                    campaign::missed(writing, id)?;
                    campaign::cancel(writing, id, now)?;
                }
            }
            repeat(writing, &row, &schedule, now)
        })
        .await;
    match done {
        Ok(()) => {
            crash::point("campaign.scheduled");
            tracing::info!(campaign = %id, ?due, "the time of a campaign has come");
            Ok(())
        }
        // A person was faster.
        Err(error) if error.kind == StoreErrorKind::StateChanged => Ok(()),
        Err(error) => Err(error),
    }
}

/// Makes the next one of a recurring row.
fn repeat(
    writing: &mut Writing<'_>,
    row: &CampaignRow,
    schedule: &Schedule,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let Ok(Some(next)) = schedule.next_after(now) else {
        return Ok(());
    };
    let Ok(starts_at) = next.starts_at() else {
        return Ok(());
    };
    let copied = Copied {
        from: row.id,
        how: FollowsAs::Repeat,
    };
    let id = campaign::copy(writing, copied, &row.name, now)?;
    campaign::recipient::same_people(writing, row.id, id, now)?;
    let plan_no = campaign::get(writing, id)?.plan_no;
    campaign::rehearsed(writing, id, plan_no)?;
    campaign::schedule(writing, id, &next, starts_at)
}
