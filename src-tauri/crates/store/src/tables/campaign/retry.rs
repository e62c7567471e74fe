//! A new campaign for those whom another did not reach. It is a draft like any other: rehearsed, and started by a person.

use mostrador_domain::{CampaignId, RecipientId, UnixMillis};
use rusqlite::params;

use super::row::get;
use super::{Copied, FollowsAs, copy, set_sources};
use crate::{Change, StoreError, Writing};

/// SQL: those who failed, or the chosen ones of those who failed or were skipped. Who asked not to be written to is none of them,
/// and neither is anybody without a number.
const TAKEN: &str = "INSERT INTO recipient (campaign_id, place, row, written, address, person, cells, variant, state)
     SELECT ?1, row_number() OVER (ORDER BY place) - 1, row, written, address, person, cells, variant, 'pending' FROM
       (SELECT *, row_number() OVER (PARTITION BY person ORDER BY place) AS times FROM recipient
         WHERE campaign_id = ?2 AND address IS NOT NULL AND person IS NOT NULL
           AND CASE WHEN ?3 IS NULL THEN state = 'failed'
               ELSE state IN ('failed', 'skipped') AND id IN (SELECT value FROM json_each(?3)) END)
      WHERE times = 1";

/// Makes the new one; `only` these, or all that failed.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`]; [`crate::StoreErrorKind::StateChanged`] if nobody is left to be written to.
pub fn retry(
    writing: &mut Writing<'_>,
    id: CampaignId,
    name: &str,
    only: Option<&[RecipientId]>,
    sources: &str,
    now: UnixMillis,
) -> Result<CampaignId, StoreError> {
    let columns = get(writing, id)?.columns;
    let copied = Copied {
        from: id,
        how: FollowsAs::Retry,
    };
    let new = copy(writing, copied, name, now)?;
    set_sources(writing, new, sources, &columns)?;
    let only = only.map(|only| {
        let ids: Vec<String> = only.iter().map(ToString::to_string).collect();
        format!("[{}]", ids.join(","))
    });
    let taken = writing
        .prepare_cached(TAKEN)?
        .execute(params![new.0, id.0, only])?;
    if taken == 0 {
        return Err(StoreError::state_changed());
    }
    writing.touch(Change::Campaign(new));
    Ok(new)
}
