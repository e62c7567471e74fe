//! Whom a number has blocked: no campaign of that number writes to them.
//!
//! At a gateway that keeps such a list, WhatsApp holds it, and what is here is a copy: [`told`] replaces it with what the
//! gateway says, so that whom the phone lets in again is let in here. Where there is none, a block is the shop's own: it keeps
//! campaigns away, and what they write still comes in.
//!
//! A block is of an address, as it was named; it is looked up under every spelling and every address of the person.
//! It bites at once, as a wish not to be written to does.

use mostrador_domain::{Address, DeviceId, UnixMillis};
use rusqlite::{Connection, OptionalExtension, params};

use crate::tables::campaign::bite;
use crate::tables::person;
use crate::{Change, StoreError, Writing};

/// Who knows of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Blocked {
    /// The shop alone.
    Here,
    /// WhatsApp.
    AtGateway,
}

/// SQL: the row of one address.
pub(in crate::tables) const OF_ADDRESS: &str =
    "SELECT at_gateway FROM block WHERE device_id = ?1 AND address = ?2";

/// Has this number blocked the person at `address`, under whichever of their addresses?
///
/// # Errors
/// The file's.
pub fn of(
    connection: &Connection,
    device: DeviceId,
    address: &Address,
) -> Result<Option<Blocked>, StoreError> {
    let mut statement = connection.prepare_cached(OF_ADDRESS)?;
    let mut found = None;
    for known in person::addresses_of(connection, address)? {
        let at_gateway = statement
            .query_row(params![device.0, known.as_str()], |row| row.get(0))
            .optional()?;
        found = found.max(at_gateway.map(|at_gateway| match at_gateway {
            true => Blocked::AtGateway,
            false => Blocked::Here,
        }));
    }
    Ok(found)
}

/// All addresses that a number has blocked, as they were named.
///
/// # Errors
/// The file's.
pub fn all(connection: &Connection, device: DeviceId) -> Result<Vec<Address>, StoreError> {
    let sql = "SELECT address FROM block WHERE device_id = ?1 ORDER BY address";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([device.0], |row| Ok(Address::parse(&row.get::<_, String>(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The person at `address` is blocked from now on.
///
/// # Errors
/// The file's.
pub fn set(
    writing: &mut Writing<'_>,
    device: DeviceId,
    address: &Address,
    how: Blocked,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO block (device_id, address, at_gateway, at) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (device_id, address) DO UPDATE SET at_gateway = max(at_gateway, excluded.at_gateway)";
    writing.prepare_cached(sql)?.execute(params![
        device.0,
        address.as_str(),
        how == Blocked::AtGateway,
        now.0
    ])?;
    touched(writing, device, address)?;
    bite::bites(writing, Some(device), address, now)
}

/// They are blocked no longer, under none of their addresses.
///
/// # Errors
/// The file's.
pub fn lift(writing: &mut Writing<'_>, device: DeviceId, address: &Address) -> Result<(), StoreError> {
    for known in person::addresses_of(writing, address)? {
        writing
            .prepare_cached("DELETE FROM block WHERE device_id = ?1 AND address = ?2")?
            .execute(params![device.0, known.as_str()])?;
    }
    touched(writing, device, address)
}

/// A gateway said whom the number has blocked: these, and nobody else. What the shop alone knows stays.
///
/// # Errors
/// The file's.
pub fn told(
    writing: &mut Writing<'_>,
    device: DeviceId,
    list: &[Address],
    now: UnixMillis,
) -> Result<(), StoreError> {
    let known: Vec<String> = {
        let sql = "SELECT address FROM block WHERE device_id = ?1 AND at_gateway = 1";
        let mut statement = writing.prepare_cached(sql)?;
        let rows = statement.query_map([device.0], |row| row.get(0))?;
        rows.collect::<Result<_, _>>()?
    };
    for gone in known
        .iter()
        .filter(|known| list.iter().all(|told| told.as_str() != known.as_str()))
    {
        writing
            .prepare_cached("DELETE FROM block WHERE device_id = ?1 AND address = ?2")?
            .execute(params![device.0, gone])?;
        touched(writing, device, &Address::parse(gone))?;
    }
    for told in list {
        if !known.iter().any(|known| known == told.as_str()) {
            set(writing, device, told, Blocked::AtGateway, now)?;
        }
    }
    Ok(())
}

/// The chats with them show it.
fn touched(writing: &mut Writing<'_>, device: DeviceId, address: &Address) -> Result<(), StoreError> {
    for id in person::chats_of(writing, device, address)? {
        writing.touch(Change::Chat(id));
    }
    Ok(())
}
