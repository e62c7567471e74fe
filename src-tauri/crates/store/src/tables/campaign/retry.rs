//! A new campaign for those whom another did not reach. It is a draft like any other: rehearsed, and started by a person.

use mostrador_domain::{AudienceId, CampaignId, UnixMillis};

use super::row::get;
use super::{Copied, FollowsAs, audience, copy, set_sources};
use crate::{StoreError, Writing};

/// Makes the new one, with those who were gathered for it ([`audience::missed_people`]).
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`]; [`crate::StoreErrorKind::StateChanged`] if nobody is left to be written to.
pub fn retry(
    writing: &mut Writing<'_>,
    id: CampaignId,
    name: &str,
    gathered: AudienceId,
    sources: &str,
    now: UnixMillis,
) -> Result<CampaignId, StoreError> {
    if audience::size(writing, gathered)? == 0 {
        return Err(StoreError::state_changed());
    }
    let columns = get(writing, id)?.columns;
    let copied = Copied {
        from: id,
        how: FollowsAs::Retry,
    };
    let new = copy(writing, copied, name, Some(gathered), now)?;
    set_sources(writing, new, sources, &columns)?;
    Ok(new)
}
