//! How far a message of ours has come with each member of its group, as far as their phones are told of one by one.
//!
//! One row a member, and of each step the earliest time that was told: nothing is ever taken back, and what is told late, twice or in
//! another order ends in the same row. The shop's own number is no member: its other devices report too. Of a message that is not in a
//! group, or was deleted for everybody, nothing is kept.

use std::cmp::Reverse;
use std::collections::HashMap;

use mostrador_domain::{Address, ChatId, DeliveryStatus, DeviceId, MessageId, UnixMillis};
use rusqlite::{Connection, params};

use crate::quiet::quiet_debug;
use crate::tables::{address, person};
use crate::{Change, StoreError, Writing};

/// How far a message has come with one member.
#[derive(Clone, PartialEq, Eq)]
pub struct MemberReceipt {
    /// All addresses of theirs, the one that was told first.
    pub addresses: Vec<Address>,
    /// Their name: as saved on the phone, or as they call themselves.
    pub name: Option<String>,
    /// Since when it is on their phone, if told.
    pub delivered_at: Option<UnixMillis>,
    /// Since when they have read it. Who has played it has read it.
    pub read_at: Option<UnixMillis>,
    /// Since when they have played it.
    pub played_at: Option<UnixMillis>,
}

quiet_debug!(MemberReceipt {
    delivered_at,
    read_at,
    played_at
});

/// Raises how far our message has come with one member.
pub(super) fn raise(
    writing: &mut Writing<'_>,
    device: DeviceId,
    (message, chat): (MessageId, ChatId),
    (member, status, at): (&Address, DeliveryStatus, UnixMillis),
) -> Result<(), StoreError> {
    let column = match status {
        DeliveryStatus::Queued | DeliveryStatus::Sent => return Ok(()),
        DeliveryStatus::Delivered => "delivered_at",
        DeliveryStatus::Read => "read_at",
        DeliveryStatus::Played => "played_at",
    };
    if is_own(writing, device, member)? {
        return Ok(());
    }
    let (member, _) = address::row(writing, member)?;
    let sql = format!(
        "INSERT INTO member_receipt (message_id, member_id, {column}) SELECT ?1, ?2, ?3
          WHERE EXISTS (SELECT 1 FROM message m JOIN chat c ON c.id = m.chat_id
                         WHERE m.id = ?1 AND m.deleted_at IS NULL AND c.kind = 'group')
         ON CONFLICT (message_id, member_id) DO UPDATE SET {column} = excluded.{column}
          WHERE {column} IS NULL OR {column} > excluded.{column}"
    );
    let raised = writing
        .prepare_cached(&sql)?
        .execute(params![message.0, member, at.0])?;
    if raised > 0 {
        writing.touch(Change::Messages(chat));
    }
    Ok(())
}

/// Is it the shop's own number, under whichever address?
fn is_own(writing: &Writing<'_>, device: DeviceId, member: &Address) -> Result<bool, StoreError> {
    let own: Option<String> = writing
        .prepare_cached("SELECT own_address FROM device WHERE id = ?1")?
        .query_row([device.0], |row| row.get(0))?;
    let Some(own) = own else { return Ok(false) };
    let theirs = person::addresses_of(writing, member)?;
    Ok(theirs.iter().any(|address| address.as_str() == own))
}

/// SQL: see [`members`].
pub(in crate::tables) const MEMBERS: &str = "SELECT a.value, coalesce(k.saved_name, a.name), r.delivered_at, r.read_at, r.played_at, c.device_id
      FROM member_receipt r JOIN message m ON m.id = r.message_id JOIN chat c ON c.id = m.chat_id JOIN address a ON a.id = r.member_id
           LEFT JOIN contact k ON k.device_id = c.device_id AND k.address = a.value
     WHERE r.message_id = ?1 ORDER BY r.member_id";

/// With whom a message has come how far: who read it first, the newest of them first, then whom it reached. Somebody who was told
/// of under two addresses is one.
///
/// # Errors
/// The file's.
pub fn members(connection: &Connection, message: MessageId) -> Result<Vec<MemberReceipt>, StoreError> {
    let mut statement = connection.prepare_cached(MEMBERS)?;
    let mut rows = statement.query([message.0])?;
    let mut all: Vec<MemberReceipt> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    while let Some(row) = rows.next()? {
        let at = |column| -> rusqlite::Result<Option<UnixMillis>> {
            Ok(row.get::<_, Option<i64>>(column)?.map(UnixMillis))
        };
        let told = Address::parse(&row.get::<_, String>(0)?);
        let mut one = MemberReceipt {
            addresses: person::addresses_of(connection, &told)?,
            name: row.get(1)?,
            delivered_at: at(2)?,
            read_at: earliest(at(3)?, at(4)?),
            played_at: at(4)?,
        };
        let known = one
            .addresses
            .iter()
            .find_map(|address| places.get(address.as_str()));
        if let Some(known) = known.and_then(|place| all.get_mut(*place)) {
            known.and(one);
            continue;
        }
        if one.name.is_none() {
            one.name = person::get(connection, DeviceId(row.get(5)?), &told)?.name;
        }
        let place = all.len();
        let addresses = one.addresses.iter().map(|address| address.as_str().to_owned());
        places.extend(addresses.map(|address| (address, place)));
        all.push(one);
    }
    // What was not told comes last.
    all.sort_by_key(|one| (Reverse(one.read_at), Reverse(one.delivered_at)));
    Ok(all)
}

impl MemberReceipt {
    /// The same person, told of under another address.
    fn and(&mut self, other: Self) {
        self.name = self.name.take().or(other.name);
        self.delivered_at = earliest(self.delivered_at, other.delivered_at);
        self.read_at = earliest(self.read_at, other.read_at);
        self.played_at = earliest(self.played_at, other.played_at);
    }
}

fn earliest(one: Option<UnixMillis>, other: Option<UnixMillis>) -> Option<UnixMillis> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
