//! Contacts: what a phone's address book and people's profiles say of an address.
//!
//! A name that is saved on the phone beats what people call themselves, which beats a guess. What is known of one address of a
//! person names the others too.

use mostrador_domain::{Address, ChatId, ContactSnapshot, DeviceId};
use rusqlite::{Connection, OptionalExtension, params};

use super::{addresses_of, chats_of};
use crate::quiet::quiet_debug;
use crate::row::Columns;
use crate::tables::chat::{self, NameRank};
use crate::tables::search::folded;
use crate::tables::{address, picture};
use crate::{StoreError, Writing};

/// What is known of a person under one address.
#[derive(Clone, PartialEq, Eq)]
pub struct ContactRow {
    /// Which address.
    pub address: Address,
    /// As saved on the phone.
    pub saved_name: Option<String>,
    /// As they call themselves.
    pub push_name: Option<String>,
    /// A business account.
    pub business: Option<bool>,
}

quiet_debug!(ContactRow { address, business });

impl ContactRow {
    /// The best name.
    pub fn name(&self) -> Option<&str> {
        self.saved_name.as_deref().or(self.push_name.as_deref())
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        let mut read = Columns::from(row, 0);
        Ok(Self {
            address: Address::parse(&read.take::<String>()?),
            saved_name: read.take()?,
            push_name: read.take()?,
            business: read.take()?,
        })
    }
}

const COLUMNS: &str = "address, saved_name, push_name, business";

/// What a device knows of one address, if anything.
///
/// # Errors
/// The file's.
pub fn contact(
    connection: &Connection,
    device: DeviceId,
    address: &Address,
) -> Result<Option<ContactRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM contact WHERE device_id = ?1 AND address = ?2");
    Ok(connection
        .prepare_cached(&sql)?
        .query_row(params![device.0, address.as_str()], ContactRow::read)
        .optional()?)
}

/// A person as one device knows them.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// All addresses, the one that was asked for first.
    pub addresses: Vec<Address>,
    /// The best name of all addresses.
    pub name: Option<String>,
    /// A business account.
    pub business: Option<bool>,
    /// The chats with them on this device.
    pub chats: Vec<ChatId>,
}

quiet_debug!(PersonRow { addresses, chats });

/// The person at `address`, with all that is known under any of their addresses.
///
/// # Errors
/// The file's.
pub fn get(connection: &Connection, device: DeviceId, address: &Address) -> Result<PersonRow, StoreError> {
    let addresses = addresses_of(connection, address)?;
    let chats = chats_of(connection, device, address)?;
    let mut known = Vec::new();
    for address in &addresses {
        known.extend(contact(connection, device, address)?);
    }
    let saved = known.iter().find_map(|row| row.saved_name.clone());
    let push = known.iter().find_map(|row| row.push_name.clone());
    let name = match saved.or(push) {
        Some(name) => Some(name),
        None => called(connection, &addresses)?,
    };
    Ok(PersonRow {
        name,
        business: known.iter().find_map(|row| row.business),
        addresses,
        chats,
    })
}

/// What somebody calls himself in messages.
fn called(connection: &Connection, addresses: &[Address]) -> Result<Option<String>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT name FROM address WHERE value = ?1 AND name IS NOT NULL")?;
    for address in addresses {
        let name = statement
            .query_row([address.as_str()], |row| row.get(0))
            .optional()?;
        if name.is_some() {
            return Ok(name);
        }
    }
    Ok(None)
}

/// Up to `limit` saved contacts of a device whose names begin with `prefix` (capitals and accents or not), each person by number
/// where that is known, after `after` (name and address of the last one seen), by name.
///
/// # Errors
/// The file's.
pub fn contacts(
    connection: &Connection,
    device: DeviceId,
    prefix: &str,
    after: Option<(&str, &Address)>,
    limit: u32,
) -> Result<Vec<ContactRow>, StoreError> {
    let prefix = folded(prefix);
    let mut statement = connection.prepare_cached(PAGE)?;
    let mut found = Vec::new();
    for (from, to) in ranges(&prefix) {
        let (name, address) = match after {
            Some((name, address)) if name.to_ascii_lowercase() >= from => (name, address.as_str()),
            _ => (from.as_str(), ""),
        };
        let mut rows = statement.query(params![device.0, name, address, to])?;
        while found.len() < limit as usize
            && let Some(row) = rows.next()?
        {
            let row = ContactRow::read(row)?;
            let name = row.saved_name.as_deref().unwrap_or_default();
            if folded(name).starts_with(&prefix) {
                found.push(row);
            }
        }
    }
    Ok(found)
}

/// Where names can stand that begin with a folded prefix, in the order of the list: with its first letter as it is, and, behind
/// all of those, with a letter that has an accent or is of another script.
fn ranges(prefix: &str) -> Vec<(String, String)> {
    // No character comes after this one.
    let end = char::MAX.to_string();
    let with_accent = ("\u{80}".to_owned(), end.clone());
    match prefix.chars().next() {
        None => vec![(String::new(), end)],
        Some(first) if first.is_ascii() => {
            let next = char::from(u8::try_from(first).unwrap_or_default().saturating_add(1));
            vec![(first.to_string(), next.to_string()), with_accent]
        }
        Some(_) => vec![with_accent],
    }
}

/// SQL: the address book from a name on, up to another.
pub(in crate::tables) const PAGE: &str = "SELECT address, saved_name, push_name, business FROM contact
     WHERE device_id = ?1 AND saved_name IS NOT NULL
       AND (address NOT LIKE '%@lid' OR NOT EXISTS (SELECT 1 FROM person_address p WHERE p.address = contact.address))
       AND (saved_name COLLATE NOCASE, address) > (?2, ?3) AND saved_name COLLATE NOCASE < ?4
     ORDER BY saved_name COLLATE NOCASE, address";

/// Takes over what a gateway says of a person; what it does not say stays.
///
/// # Errors
/// The file's.
pub fn told(writing: &mut Writing<'_>, device: DeviceId, said: &ContactSnapshot) -> Result<(), StoreError> {
    let saved = worded(said.saved_name.as_deref());
    let push = worded(said.push_name.as_deref());
    address::ensure(writing, &said.address, push)?;
    keep(writing, device, said, saved, push)?;
    if let Some(url) = &said.picture {
        picture::told(writing, device, &said.address, url)?;
    }
    share_names(writing, device, &said.address)
}

fn worded(name: Option<&str>) -> Option<&str> {
    name.filter(|name| !name.trim().is_empty())
}

fn keep(
    writing: &Writing<'_>,
    device: DeviceId,
    said: &ContactSnapshot,
    saved: Option<&str>,
    push: Option<&str>,
) -> Result<(), StoreError> {
    writing
        .prepare_cached(
            "INSERT INTO contact (device_id, address, saved_name, push_name, business) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (device_id, address) DO UPDATE SET saved_name = coalesce(excluded.saved_name, saved_name),
               push_name = coalesce(excluded.push_name, push_name), business = coalesce(excluded.business, business)",
        )?
        .execute(params![
            device.0,
            said.address.as_str(),
            saved,
            push,
            said.business
        ])?;
    Ok(())
}

/// The names that are known under `address` name the person's other addresses, where nothing better is known of those, and
/// the chats with that person.
pub(super) fn share_names(
    writing: &mut Writing<'_>,
    device: DeviceId,
    address: &Address,
) -> Result<(), StoreError> {
    let addresses = addresses_of(writing, address)?;
    let mut known = Vec::new();
    for address in &addresses {
        known.extend(contact(writing, device, address)?);
    }
    let saved = known.iter().find_map(|row| row.saved_name.clone());
    let push = known.iter().find_map(|row| row.push_name.clone());
    if let Some(saved) = &saved {
        for other in &addresses {
            // A spelling that nobody ever wrote from stays a possibility: it is no contact.
            let sql = "INSERT INTO contact (device_id, address, saved_name) SELECT ?1, ?2, ?3
                        WHERE EXISTS (SELECT 1 FROM person_address WHERE address = ?2) OR EXISTS (SELECT 1 FROM address WHERE value = ?2)
                       ON CONFLICT (device_id, address) DO UPDATE SET saved_name = excluded.saved_name WHERE saved_name IS NULL";
            writing
                .prepare_cached(sql)?
                .execute(params![device.0, other.as_str(), saved])?;
        }
    }
    for chat in chats_of(writing, device, address)? {
        let own = known.iter().find(|row| is_at(writing, chat, &row.address));
        let saved = own
            .and_then(|row| row.saved_name.clone())
            .or_else(|| saved.clone());
        let push = own.and_then(|row| row.push_name.clone()).or_else(|| push.clone());
        if let Some(saved) = saved {
            chat::named(writing, chat, &saved, NameRank::Saved)?;
        } else if let Some(push) = push {
            chat::named(writing, chat, &push, NameRank::Push)?;
        }
    }
    Ok(())
}

fn is_at(connection: &Connection, chat: ChatId, address: &Address) -> bool {
    chat::get_address(connection, chat).is_ok_and(|at| at == *address)
}
