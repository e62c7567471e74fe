//! Uncertain rows: looked for at the gateway, and handed to the operator when looking does not settle them.

use mostrador_domain::{Address, ChatId, DeviceId, OutboxEvent, OutboxId, UnixMillis};
use rusqlite::{Connection, OptionalExtension, params};

use super::earlier_number;
use super::row::{get, no_trouble, step, told};
use crate::tables::campaign::follow;
use crate::tables::person;
use crate::{StoreError, Writing};

/// An uncertain row that is being looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncertain {
    /// The row.
    pub id: OutboxId,
    /// Its chat.
    pub chat: ChatId,
    /// Does it carry a picture?
    pub picture: bool,
    /// When the attempt began.
    pub claimed_at: UnixMillis,
    /// How often it was looked for.
    pub looks: u32,
    /// When last.
    pub looked_at: Option<UnixMillis>,
}

/// The uncertain rows of a device that are still being looked for, oldest first.
///
/// # Errors
/// The file's.
pub fn to_look_for(connection: &Connection, device: DeviceId) -> Result<Vec<Uncertain>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT o.id, o.chat_id, coalesce(o.claimed_at, o.created_at), o.looks, o.looked_at,
                EXISTS (SELECT 1 FROM message m WHERE m.id = o.message_id AND m.media_id IS NOT NULL)
           FROM outbox o
          WHERE o.device_id = ?1 AND o.state = 'uncertain' AND o.needs_operator = 0 ORDER BY o.place",
    )?;
    let rows = statement.query_map([device.0], |row| {
        Ok(Uncertain {
            id: OutboxId(row.get(0)?),
            chat: ChatId(row.get(1)?),
            claimed_at: UnixMillis(row.get(2)?),
            looks: row.get(3)?,
            looked_at: row.get::<_, Option<i64>>(4)?.map(UnixMillis),
            picture: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The sends of a device that are under way or uncertain, each with when its attempt began.
///
/// # Errors
/// The file's.
pub fn attempts(
    connection: &Connection,
    device: DeviceId,
) -> Result<Vec<(OutboxId, UnixMillis)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, coalesce(claimed_at, created_at) FROM outbox
          WHERE device_id = ?1 AND kind = 'send' AND state IN ('in_flight', 'uncertain')",
    )?;
    let rows = statement.query_map([device.0], |row| {
        Ok((OutboxId(row.get(0)?), UnixMillis(row.get(1)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// An address under which a gateway may list what was sent to a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Which.
    pub address: Address,
    /// Has the gateway ever told of a message there, also of one that went when the chat was emptied? Then a history without any is not
    /// all of the chat's.
    pub is_known: bool,
    /// Has it told of one that was written before the attempt, or was the chat emptied, nobody knows when? Then a history that does not
    /// reach back to the attempt is cut off.
    pub has_earlier: bool,
}

/// Where a gateway may list what was sent to this chat, its own address first: with a person under each of theirs, since a gateway
/// that has kept a chat by the number may keep it by the hidden one from now on. `since`: what was written before is earlier.
///
/// # Errors
/// The file's.
pub fn places_of(connection: &Connection, chat: ChatId, since: UnixMillis) -> Result<Vec<Place>, StoreError> {
    let (device, address): (i64, String) = connection
        .prepare_cached("SELECT device_id, address FROM chat WHERE id = ?1")?
        .query_row([chat.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let sql = "SELECT EXISTS (SELECT 1 FROM chat c JOIN message m ON m.chat_id = c.id
                               WHERE c.device_id = ?1 AND c.address = ?2 AND m.gateway_id IS NOT NULL AND m.at < ?3)
                      OR EXISTS (SELECT 1 FROM emptied WHERE device_id = ?1 AND address = ?2)";
    let mut told = connection.prepare_cached(sql)?;
    let mut places = Vec::new();
    for address in person::addresses_of(connection, &Address::parse(&address))? {
        let mut before =
            |time: i64| told.query_row(params![device, address.as_str(), time], |row| row.get(0));
        let (is_known, has_earlier) = (before(i64::MAX)?, before(since.0)?);
        places.push(Place {
            address,
            is_known,
            has_earlier,
        });
    }
    Ok(places)
}

/// The attempt that began at `claimed_at` was looked for once more and not found. Gives how often it was by now; `None` = it
/// has been settled meanwhile, or is a person's, or there is a later attempt of which this look says nothing.
///
/// # Errors
/// The file's.
pub fn looked(
    writing: &mut Writing<'_>,
    id: OutboxId,
    claimed_at: UnixMillis,
    now: UnixMillis,
) -> Result<Option<u32>, StoreError> {
    let sql = "UPDATE outbox SET looks = looks + 1, looked_at = ?3
                WHERE id = ?1 AND state = 'uncertain' AND needs_operator = 0 AND coalesce(claimed_at, created_at) = ?2 RETURNING looks";
    let looks = writing
        .prepare_cached(sql)?
        .query_row(params![id.0, claimed_at.0, now.0], |row| row.get(0));
    Ok(looks.optional()?)
}

/// It is surely not at the gateway: it will be sent, in its old turn.
///
/// # Errors
/// [`crate::StoreErrorKind::StateChanged`].
pub fn proven_absent(writing: &mut Writing<'_>, id: OutboxId) -> Result<(), StoreError> {
    if get(writing, id)?.of_earlier_number {
        // Of what that one sent this one's gateway knows nothing.
        return earlier_number::settle(writing, id);
    }
    let row = step(writing, id, OutboxEvent::ProvenAbsent)?;
    no_trouble(writing, id)?;
    was_uncertain(writing, id)?;
    match row.tried {
        Some(tried) => follow::absent(writing, tried),
        None => Ok(()),
    }
}

/// Is the row of this client id uncertain?
pub(in crate::tables) fn is_uncertain(connection: &Connection, client_id: &str) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE client_id = ?1 AND state = 'uncertain')";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([client_id], |row| row.get(0))?)
}

/// A row that is ready again may have gone for all that: if its echo comes before it is sent again, that settles it.
pub(super) fn was_uncertain(writing: &Writing<'_>, id: OutboxId) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET looks = max(looks, 1) WHERE id = ?1 AND state = 'ready'";
    writing.prepare_cached(sql)?.execute([id.0])?;
    Ok(())
}

/// Looking does not settle it: a person has to.
///
/// # Errors
/// The file's.
pub fn hand_to_operator(writing: &mut Writing<'_>, id: OutboxId) -> Result<(), StoreError> {
    let sql =
        "UPDATE outbox SET needs_operator = 1 WHERE id = ?1 AND state = 'uncertain' AND needs_operator = 0";
    if writing.prepare_cached(sql)?.execute([id.0])? > 0 {
        let row = get(writing, id)?;
        told(writing, &row);
        if let Some(tried) = row.tried {
            follow::handed_over(writing, tried)?;
        }
    }
    Ok(())
}
