//! Where people come from besides spreadsheets: those who bear a label, are in a group, are saved on the phone, answered an earlier
//! campaign, or were missed by one.

use std::ops::ControlFlow;

use mostrador_campaigns::wording::Table;
use mostrador_domain::{Address, CampaignId, ChatId, DeviceId, LabelId};
use rusqlite::{Connection, Row, params};

use super::Missed;
use crate::StoreError;
use crate::quiet::quiet_debug;
use crate::tables::campaign::row::{from_json, get};
use crate::tables::{chat, label};

/// Where people come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Everybody whose chat bears a label.
    Label(LabelId),
    /// The members of a group.
    Group(ChatId),
    /// Everybody who is saved on the phone of the campaign's device.
    Contacts,
    /// Who answered an earlier campaign.
    Replies(CampaignId),
    /// Whom an earlier campaign missed.
    Missed(CampaignId, Missed),
}

/// Somebody who was found.
#[derive(Clone, PartialEq, Eq)]
pub struct Found {
    /// Their address, as it is known there.
    pub address: Option<Address>,
    /// What they are called.
    pub name: Option<String>,
    /// What stood in their columns in an earlier campaign.
    pub cells: Vec<String>,
}

quiet_debug!(Found { address });

/// The columns of what a source knows of people besides name and number; also whether it is there at all.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn columns_of(connection: &Connection, source: &Source) -> Result<Table, StoreError> {
    match *source {
        Source::Label(id) => label::get(connection, id).map(|_| Table::default()),
        Source::Group(id) => {
            let of = chat::get(connection, id)?;
            if of.kind == mostrador_domain::ChatKind::Group {
                Ok(Table::default())
            } else {
                Err(StoreError::not_found())
            }
        }
        Source::Contacts => Ok(Table::default()),
        Source::Replies(id) | Source::Missed(id, _) => Ok(get(connection, id)?.columns),
    }
}

/// SQL: who bears a label.
pub(in crate::tables) const LABELLED: &str = "SELECT c.address, coalesce(k.saved_name, c.name), '[]'
      FROM chat_label b CROSS JOIN chat c ON c.id = b.chat_id
           LEFT JOIN contact k ON k.device_id = c.device_id AND k.address = c.address
     WHERE b.label_id = ?1 AND c.kind = 'person' ORDER BY b.chat_id";

/// SQL: who is in a group.
pub(in crate::tables) const MEMBERS: &str = "SELECT a.value, coalesce(k.saved_name, a.name), '[]'
      FROM chat c CROSS JOIN group_member g ON g.chat_id = c.id CROSS JOIN address a ON a.id = g.address_id
           LEFT JOIN contact k ON k.device_id = c.device_id AND k.address = a.value
     WHERE c.id = ?1 ORDER BY g.address_id";

/// SQL: who is saved on a phone, each person by number where that is known.
pub(in crate::tables) const SAVED: &str = "SELECT address, saved_name, '[]' FROM contact
     WHERE device_id = ?1 AND saved_name IS NOT NULL
       AND (address NOT LIKE '%@lid' OR NOT EXISTS (SELECT 1 FROM person_address p WHERE p.address = contact.address))
     ORDER BY address";

/// SQL: who of a campaign is in a state.
pub(in crate::tables) const IN_STATE: &str = "SELECT address, NULL, cells FROM recipient
     WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND state = ?2 AND address IS NOT NULL ORDER BY place";

/// SQL: whom a campaign's run left out ([`super::was_left_out`]).
pub(in crate::tables) const LEFT_OUT: &str = "SELECT address, NULL, cells FROM recipient
     WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND state = 'skipped' AND address IS NOT NULL
       AND reason IN ('cancelled', 'no_text', 'text_too_long', 'written_recently') ORDER BY place";

/// SQL: the chosen ones of a campaign's, as far as they may be chosen ([`super::may_be_chosen`]).
const CHOSEN: &str = "SELECT address, NULL, cells FROM recipient
     WHERE id IN (SELECT value FROM json_each(?2)) AND +audience_id = (SELECT audience_id FROM campaign WHERE id = ?1)
       AND address IS NOT NULL AND (state = 'failed' OR state = 'skipped' AND reason IN
         ('cancelled', 'no_text', 'text_too_long', 'written_recently', 'taken_out', 'not_on_whatsapp')) ORDER BY place";

/// Hands out everybody of a source, one by one, until `taken` has enough.
///
/// # Errors
/// The file's.
pub fn each_of(
    connection: &Connection,
    device: DeviceId,
    source: &Source,
    mut taken: impl FnMut(Found) -> ControlFlow<()>,
) -> Result<(), StoreError> {
    let (sql, id, which) = match source {
        Source::Label(id) => (LABELLED, id.0, None),
        Source::Group(id) => (MEMBERS, id.0, None),
        Source::Contacts => (SAVED, device.0, None),
        Source::Replies(id) => (IN_STATE, id.0, Some("replied".to_owned())),
        Source::Missed(id, Missed::Failed) => (IN_STATE, id.0, Some("failed".to_owned())),
        Source::Missed(id, Missed::LeftOut) => (LEFT_OUT, id.0, None),
        Source::Missed(id, missed @ Missed::Chosen(_)) => (CHOSEN, id.0, Some(missed.chosen())),
    };
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = match which {
        None => statement.query([id])?,
        Some(which) => statement.query(params![id, which])?,
    };
    while let Some(row) = rows.next()? {
        if taken(found(row)?).is_break() {
            break;
        }
    }
    Ok(())
}

fn found(row: &Row<'_>) -> rusqlite::Result<Found> {
    let address: Option<String> = row.get(0)?;
    Ok(Found {
        address: address.map(|address| Address::parse(&address)),
        name: row.get(1)?,
        cells: from_json(2, row.get_ref(2)?.as_str()?)?,
    })
}
