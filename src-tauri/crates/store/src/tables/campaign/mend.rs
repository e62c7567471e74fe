//! Recipients whose message or outbox row is gone: their chat was emptied or removed while they were under way.
//!
//! | What is left | the recipient |
//! |---|---|
//! | a row that is ready, without its message | skipped: nobody can be sent it |
//! | a row that is settled | as the row is |
//! | no row | uncertain: it may have been leaving, and a person decides |

use mostrador_campaigns::state::RecipientEvent;
use mostrador_domain::{CampaignId, DeviceId, RecipientId};
use rusqlite::Connection;

use super::follow::standing_client_id;
use super::{recipient, row};
use crate::tables::outbox::{self, Left};
use crate::{StoreError, Writing};

/// SQL: who is under way without a message.
pub(in crate::tables) const ASTRAY: &str =
    "SELECT id, tries FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND state = 'queued'
       AND NOT EXISTS (SELECT 1 FROM message m WHERE m.id = recipient.message_id)";

/// Is anybody of a device's open campaigns under way without a message?
///
/// # Errors
/// The file's.
pub fn astray(connection: &Connection, device: DeviceId) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached(ASTRAY)?;
    for id in row::open(connection, Some(device))? {
        if statement.exists([id.0])? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Finds a campaign's recipients whose message is gone, and settles them as far as that can be known. Gives how many there were.
///
/// # Errors
/// The file's.
pub fn mend(writing: &mut Writing<'_>, id: CampaignId) -> Result<u32, StoreError> {
    let astray: Vec<(RecipientId, u32)> = {
        let mut statement = writing.prepare_cached(ASTRAY)?;
        let rows = statement.query_map([id.0], |row| Ok((RecipientId(row.get(0)?), row.get(1)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (recipient, tries) in &astray {
        let client_id = standing_client_id(writing, *recipient, *tries)?;
        let event = match outbox::without_message(writing, &client_id)? {
            // Letting go of the row has settled the recipient.
            Left::LetGo | Left::UnderWay => continue,
            Left::Sent => RecipientEvent::Accepted,
            Left::Nothing => RecipientEvent::NoAnswer,
        };
        recipient::step(writing, *recipient, event, None)?;
    }
    Ok(u32::try_from(astray.len()).unwrap_or(u32::MAX))
}
