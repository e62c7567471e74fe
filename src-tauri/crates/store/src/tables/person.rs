//! One person, several addresses: spellings of a number, a number and its LID.
//!
//! Nothing is rewritten and no chats are merged: an address stays as it came, in its chat, on its messages. What is widened is
//! the look-up: whoever asks for an address finds what is known under the others ([`addresses_of`], [`chats_of`]). Other
//! spellings follow from the number ([`Address::variants`]); that a number and a LID are one person only a gateway can tell
//! ([`same`]).
//!
//! A number that is given to somebody else gets another LID: then it goes over to that person, and the old LID keeps what it
//! had.
//!
//! Whoever asks what was known at a time asks since when an address leads to another ([`known`]).

use mostrador_domain::{Address, AddressKind, ChatId, DeviceId, UnixMillis};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::tables::picture;
use crate::{StoreError, Writing};

mod contact;

#[cfg(test)]
pub(super) use contact::PAGE as CONTACTS;
pub use contact::{ContactRow, contact, contacts, get, told};

/// All addresses of the person at `address`, that one first. One that is nobody else's is alone.
///
/// # Errors
/// The file's.
pub fn addresses_of(connection: &Connection, address: &Address) -> Result<Vec<Address>, StoreError> {
    let all = known(connection, address)?;
    Ok(all.into_iter().map(|(address, _)| address).collect())
}

/// Since when an address is known to be somebody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Since {
    /// What the clock showed.
    pub(super) at: i64,
    /// The newest message that was here: what was stored since then has a higher number, whatever the clock was set to meanwhile.
    pub(super) after: i64,
}

impl Since {
    /// Nobody had to tell it, or it was told before that was kept.
    const ALWAYS: Self = Self { at: 0, after: 0 };

    /// When this and the other were known.
    fn and(self, other: Self) -> Self {
        Self {
            at: self.at.max(other.at),
            after: self.after.max(other.after),
        }
    }

    /// When this or the other was known.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            at: self.at.min(other.at),
            after: self.after.min(other.after),
        }
    }
}

/// The same as [`addresses_of`], each with since when it is known to be that of the person at `address`. Other spellings always were. A number that
/// went to somebody else and came back is known since it came back.
pub(super) fn known(connection: &Connection, address: &Address) -> Result<Vec<(Address, Since)>, StoreError> {
    let mut all = vec![(address.clone(), Since::ALWAYS)];
    if !is_person(address) {
        return Ok(all);
    }
    add(&mut all, address.variants(), Since::ALWAYS);
    for (spelling, _) in all.clone() {
        for (linked, since) in linked(connection, &spelling)? {
            let variants = linked.variants();
            add(&mut all, [linked], since);
            add(&mut all, variants, since);
        }
    }
    Ok(all)
}

/// SQL: the number of who has the address `alias`: that address, or of a LID the number that a gateway said to be theirs too.
pub(super) fn number_of(alias: &str) -> String {
    format!(
        "CASE WHEN {alias}.value LIKE '%@lid' THEN (SELECT min(pn.address) FROM person_address pl \
           JOIN person_address pn ON pn.person_id = pl.person_id \
          WHERE pl.address = {alias}.value AND pn.address LIKE '%@s.whatsapp.net') ELSE {alias}.value END"
    )
}

fn is_person(address: &Address) -> bool {
    matches!(address.kind(), AddressKind::Phone | AddressKind::Lid)
}

fn add(all: &mut Vec<(Address, Since)>, more: impl IntoIterator<Item = Address>, since: Since) {
    for address in more {
        match all.iter_mut().find(|(known, _)| *known == address) {
            Some((_, known)) => *known = known.or(since),
            None => all.push((address, since)),
        }
    }
}

/// The addresses that a gateway said to be one person's with this one, and since when.
fn linked(connection: &Connection, address: &Address) -> Result<Vec<(Address, Since)>, StoreError> {
    // Of most addresses nobody said anything; they are asked for with every message.
    let sql = "SELECT person_id, told_at, told_after FROM person_address WHERE address = ?1";
    let found: Option<(i64, Since)> = connection
        .prepare_cached(sql)?
        .query_row([address.as_str()], |row| Ok((row.get(0)?, since(row)?)))
        .optional()?;
    let Some((person, told)) = found else {
        return Ok(Vec::new());
    };
    let mut statement = connection.prepare_cached(LINKED)?;
    let rows = statement.query_map([person], |row| {
        Ok((Address::parse(&row.get::<_, String>(0)?), told.and(since(row)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn since(row: &Row<'_>) -> rusqlite::Result<Since> {
    Ok(Since {
        at: row.get(1)?,
        after: row.get(2)?,
    })
}

/// SQL: the addresses of a person.
pub(super) const LINKED: &str =
    "SELECT address, told_at, told_after FROM person_address WHERE person_id = ?1 ORDER BY address";

/// The chats that a device has with the person at `address`, that of the very address first, then the newest.
///
/// # Errors
/// The file's.
pub fn chats_of(
    connection: &Connection,
    device: DeviceId,
    address: &Address,
) -> Result<Vec<ChatId>, StoreError> {
    let sql = "SELECT id, last_at FROM chat WHERE device_id = ?1 AND address = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let mut found: Vec<(bool, i64, ChatId)> = Vec::new();
    for known in addresses_of(connection, address)? {
        let chat = statement
            .query_row(params![device.0, known.as_str()], |row| {
                Ok((known == *address, row.get(1)?, ChatId(row.get(0)?)))
            })
            .optional()?;
        found.extend(chat);
    }
    found.sort_by_key(|(exact, last_at, id)| (!exact, std::cmp::Reverse(*last_at), *id));
    Ok(found.into_iter().map(|(.., id)| id).collect())
}

/// The chats of one device with whom `chat` is with, itself first.
pub(super) fn kin(connection: &Connection, chat: ChatId) -> Result<Vec<ChatId>, StoreError> {
    let sql = "SELECT device_id, address FROM chat WHERE id = ?1";
    let (device, address): (i64, String) = connection
        .prepare_cached(sql)?
        .query_row([chat.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    chats_of(connection, DeviceId(device), &Address::parse(&address))
}

/// A number and a LID are one person. Told again, nothing changes.
///
/// # Errors
/// The file's.
pub fn same(
    writing: &mut Writing<'_>,
    device: DeviceId,
    phone: &Address,
    lid: &Address,
    now: UnixMillis,
) -> Result<(), StoreError> {
    if phone.kind() != AddressKind::Phone || lid.kind() != AddressKind::Lid {
        return Ok(());
    }
    let target = match (person_of(writing, lid)?, person_of(writing, phone)?) {
        (Some(of_lid), Some(of_phone)) if of_lid == of_phone => return Ok(()),
        (Some(of_lid), _) => of_lid,
        (None, Some(of_phone)) if !has_lid(writing, of_phone)? => of_phone,
        (None, _) => new_person(writing)?,
    };
    for address in [lid, phone] {
        // Whose it was already has been known since then.
        let sql = "INSERT INTO person_address (address, person_id, told_at, told_after)
                   VALUES (?1, ?2, ?3, (SELECT coalesce(max(id), 0) FROM message))
                   ON CONFLICT (address) DO UPDATE
                     SET person_id = excluded.person_id, told_at = excluded.told_at, told_after = excluded.told_after
                     WHERE person_address.person_id <> excluded.person_id";
        writing
            .prepare_cached(sql)?
            .execute(params![address.as_str(), target, now.0])?;
    }
    writing.prepare_cached(ALONE)?.execute([])?;
    picture::share(writing, device, phone)?;
    contact::share_names(writing, device, phone)
}

/// SQL: a person whose last address went to somebody else is nobody.
const ALONE: &str = "DELETE FROM person WHERE id NOT IN (SELECT person_id FROM person_address)";

fn new_person(writing: &Writing<'_>) -> Result<i64, StoreError> {
    writing
        .prepare_cached("INSERT INTO person DEFAULT VALUES")?
        .execute([])?;
    Ok(writing.last_insert_rowid())
}

/// The person of an address or of another spelling of it.
fn person_of(connection: &Connection, address: &Address) -> Result<Option<i64>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT person_id FROM person_address WHERE address = ?1")?;
    for spelling in std::iter::once(address.clone()).chain(address.variants()) {
        let found = statement
            .query_row([spelling.as_str()], |row| row.get(0))
            .optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn has_lid(connection: &Connection, person: i64) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM person_address WHERE person_id = ?1 AND address LIKE '%@lid')";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([person], |row| row.get(0))?)
}
