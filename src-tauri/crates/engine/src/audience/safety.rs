//! What the store says of a campaign's risk, read by the meter.

use std::time::Duration;

use mostrador_campaigns::safety::{self, Facts, Links, Reading, links_in};
use mostrador_domain::{CampaignId, UnixMillis};
use mostrador_store::tables::campaign::CampaignRow;
use mostrador_store::tables::campaign::audience::{self, People};
use mostrador_store::{Connection, StoreError};

use crate::EngineError;
use crate::engine::Engine;

const DAY: Duration = Duration::from_secs(86_400);
/// Somebody to whom a campaign wrote within so many days is written to again and again.
pub(super) const REPEATED_WITHIN: Duration = DAY.saturating_mul(7);
/// What became of the campaigns of so many days counts.
const LATELY: Duration = DAY.saturating_mul(30);

impl Engine {
    /// How risky a campaign is for the shop's number.
    ///
    /// # Errors
    /// Not found.
    pub async fn safety(&self, id: CampaignId) -> Result<Reading, EngineError> {
        let campaign = self.campaign_row(id).await?;
        let now = self.clock().now();
        let read = self.store().read(move |connection| {
            let of = (id, campaign.device);
            let people = audience::facts_of(connection, of, REPEATED_WITHIN, now)?;
            let since = audience::in_use_since(connection, campaign.device)?;
            meter(connection, &campaign, people, (since, now), 0)
        });
        Ok(read.await?)
    }
}

/// Reads the meter. `longest`: characters of the longest text as it was filled in, if that is known.
pub(super) fn meter(
    connection: &Connection,
    campaign: &CampaignRow,
    people: People,
    (in_use_since, now): (UnixMillis, UnixMillis),
    longest: usize,
) -> Result<Reading, StoreError> {
    let lately = audience::lately(connection, campaign.device, now.before(LATELY))?;
    let days = now.since(in_use_since).as_secs() / DAY.as_secs();
    let words = campaign.plan.texts.iter().map(|text| text.body.words());
    let written = words.clone().map(|words| words.chars().count()).max();
    let links = words.map(links_in).fold(Links::default(), |most, links| Links {
        count: most.count.max(links.count),
        hidden: most.hidden.max(links.hidden),
    });
    Ok(safety::read(&Facts {
        recipients: people.all,
        known: people.known,
        unanswered: people.silent,
        repeated: people.repeated,
        number_age: u32::try_from(days).ok(),
        lately: lately.outcomes,
        lately_replied: lately.replied,
        lately_opted_out: lately.wished,
        lately_failed: lately.failed,
        text_chars: u32::try_from(longest.max(written.unwrap_or(0))).unwrap_or(u32::MAX),
        links,
    }))
}
