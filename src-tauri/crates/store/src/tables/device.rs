//! Devices, as they are kept. What a device is doing right now lives in its session; the file holds what must survive.

use mostrador_campaigns::state::Pause;
use mostrador_domain::{Address, DeviceId, UnixMillis};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::quiet::quiet_debug;
use crate::row::Columns;
use crate::tables::campaign;
use crate::tables::leftover::{self, AT_ONCE};
use crate::tables::outbox::STEADY;
use crate::{Change, StoreError, Writing};

/// One device.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// Its number.
    pub id: DeviceId,
    /// Which link of it this is.
    pub link: Link,
    /// The driver's word.
    pub gateway: String,
    /// Given by the shop.
    pub name: String,
    /// Where the gateway is; `None` = the driver's default.
    pub url: Option<String>,
    /// Under which the token is kept.
    pub secret_key: String,
    /// The linked number, if its gateway has told which one it is.
    pub own: Option<Address>,
    /// The number under which its gateway lists it, where that says nothing of which one is linked.
    pub listed: Option<Address>,
    /// Was it linked when we last heard?
    pub linked: bool,
    /// When the first sync of this link ended.
    pub synced_at: Option<UnixMillis>,
    /// Polling has seen everything up to this time of the gateway's.
    pub polled_until: Option<UnixMillis>,
    /// When, by the gateway's clock, the first sync of this number began: what was written before is history.
    pub live_from: Option<UnixMillis>,
    /// When something last came in.
    pub last_event_at: Option<UnixMillis>,
    /// When something of ours was last acknowledged.
    pub last_ack_at: Option<UnixMillis>,
    /// Since when it tells us nothing though it should.
    pub deaf_since: Option<UnixMillis>,
    /// WhatsApp restricts it.
    pub restricted: Option<Restricted>,
    /// Where the list of chats of this link's first sync goes on, if it was cut short.
    pub sync_cursor: Option<String>,
    /// Where the poll goes on that was cut short.
    pub poll_cursor: Option<String>,
}

impl DeviceRow {
    /// Its number, as far as anybody says. It proves nothing: for that there is [`Self::own`].
    pub fn number(&self) -> Option<&Address> {
        self.own.as_ref().or(self.listed.as_ref())
    }
}

/// One link of a device: from when a number is linked until it is unlinked, or another one is linked. What is read of a gateway's lists
/// is noted for the link under which it was asked for, and for no later one, which may be another number's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Of this device.
    pub device: DeviceId,
    /// Rises with each of them.
    pub number: i64,
}

/// A restriction of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restricted {
    /// When we were told; where no end is told, how long it lasts counts from then.
    pub since: UnixMillis,
    /// Until when, if told.
    pub until: Option<UnixMillis>,
}

/// A device to add.
#[derive(Clone, PartialEq, Eq)]
pub struct NewDevice {
    /// The driver's word.
    pub gateway: String,
    /// Given by the shop.
    pub name: String,
    /// Where the gateway is.
    pub url: Option<String>,
    /// Under which the token is kept.
    pub secret_key: String,
}

quiet_debug!(
    DeviceRow {
        id,
        gateway,
        linked,
        synced_at,
        polled_until
    },
    NewDevice { gateway },
);

mod hold;
mod number;
mod sync;

pub use hold::{held, hold, let_go_of_hold};
pub use number::{
    Heard, Own, Secrets, SecretsNoted, Told, is_unproven, linked, own, secrets_given, secrets_not_kept,
    told_late,
};
pub use sync::{
    SyncProgress, chat_missed, chat_synced, chats_missed, chats_to_sync, set_poll_cursor, set_sync_cursor,
    sync_progress,
};

const COLUMNS: &str = "id, gateway, name, url, secret_key, own_address, linked, synced_at, polled_until, last_event_at, last_ack_at, \
     deaf_since, restricted_since, restricted_until, sync_cursor, poll_cursor, live_from, own_listed, link_number";

/// SQL: it was not taken away.
const THERE: &str = "NOT EXISTS (SELECT 1 FROM removing r WHERE r.device_id = device.id)";

fn from_row(row: &Row<'_>) -> rusqlite::Result<DeviceRow> {
    let mut read = Columns::from(row, 0);
    let id = DeviceId(read.take()?);
    let mut row = DeviceRow {
        id,
        link: Link {
            device: id,
            number: 0,
        },
        gateway: read.take()?,
        name: read.take()?,
        url: read.take()?,
        secret_key: read.take()?,
        own: read.take_as(|value: String| Address::parse(&value))?,
        linked: read.take()?,
        synced_at: read.take_as(UnixMillis)?,
        polled_until: read.take_as(UnixMillis)?,
        last_event_at: read.take_as(UnixMillis)?,
        last_ack_at: read.take_as(UnixMillis)?,
        deaf_since: read.take_as(UnixMillis)?,
        restricted: restricted_from(&mut read)?,
        sync_cursor: read.take()?,
        poll_cursor: read.take()?,
        live_from: read.take_as(UnixMillis)?,
        listed: read.take_as(|value: String| Address::parse(&value))?,
    };
    row.link.number = read.take()?;
    Ok(row)
}

fn restricted_from(read: &mut Columns<'_, '_>) -> rusqlite::Result<Option<Restricted>> {
    let (since, until) = (read.take_as(UnixMillis)?, read.take_as(UnixMillis)?);
    Ok(since.map(|since| Restricted { since, until }))
}

/// All devices, oldest first.
///
/// # Errors
/// The file's.
pub fn list(connection: &Connection) -> Result<Vec<DeviceRow>, StoreError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM device WHERE {THERE} ORDER BY id"))?;
    let rows = statement.query_map([], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One device.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn get(connection: &Connection, id: DeviceId) -> Result<DeviceRow, StoreError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM device WHERE id = ?1 AND {THERE}"))?;
    Ok(statement.query_row([id.0], from_row)?)
}

/// What is known already of what a gateway tells of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// What was written before is history; the beginning of all time = that is not known.
    pub live_from: UnixMillis,
    /// Polling has seen everything up to then; the beginning of all time = it has not begun.
    pub polled_until: UnixMillis,
}

/// What is known already, also of a device that was taken away.
///
/// # Errors
/// The file's.
pub fn seen(connection: &Connection, id: DeviceId) -> Result<Seen, StoreError> {
    let never = i64::MIN;
    let sql = "SELECT coalesce(live_from, ?2), coalesce(polled_until, ?2) FROM device WHERE id = ?1";
    let read = |row: &Row<'_>| {
        Ok(Seen {
            live_from: UnixMillis(row.get(0)?),
            polled_until: UnixMillis(row.get(1)?),
        })
    };
    let found = connection
        .prepare_cached(sql)?
        .query_row([id.0, never], read)
        .optional()?;
    Ok(found.unwrap_or(Seen {
        live_from: UnixMillis(never),
        polled_until: UnixMillis(never),
    }))
}

/// Adds one.
///
/// # Errors
/// The file's.
pub fn add(writing: &mut Writing<'_>, new: &NewDevice, now: UnixMillis) -> Result<DeviceId, StoreError> {
    writing.execute(
        "INSERT INTO device (gateway, name, url, secret_key, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![new.gateway, new.name, new.url, new.secret_key, now.0],
    )?;
    writing.touch(Change::Devices);
    Ok(DeviceId(writing.last_insert_rowid()))
}

/// What a device's gateway asks for beside its address and its secrets: word and value, in the order of the words.
///
/// # Errors
/// The file's.
pub fn fields(connection: &Connection, id: DeviceId) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT name, value FROM device_field WHERE device_id = ?1 ORDER BY name";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Such a field has this value from now on.
///
/// # Errors
/// The file's.
pub fn set_field(writing: &Writing<'_>, id: DeviceId, name: &str, value: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO device_field (device_id, name, value) VALUES (?1, ?2, ?3)
                 ON CONFLICT (device_id, name) DO UPDATE SET value = excluded.value";
    writing.execute(sql, params![id.0, name, value])?;
    Ok(())
}

/// A change of such a field: its word, the value that was seen, the new one. No value is an empty text.
pub type FieldChange = (String, String, String);

/// Changes several fields at once, or none of them.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`]; [`crate::StoreErrorKind::StateChanged`] if one of them is not as it was seen.
pub fn change_fields(
    writing: &mut Writing<'_>,
    id: DeviceId,
    changes: &[FieldChange],
) -> Result<(), StoreError> {
    get(writing, id)?;
    let kept = fields(writing, id)?;
    for (name, seen, value) in changes {
        let now = kept.iter().find(|(known, _)| known == name);
        if now.map_or("", |(_, value)| value.as_str()) != seen {
            return Err(StoreError::state_changed());
        }
        if value.is_empty() {
            let sql = "DELETE FROM device_field WHERE device_id = ?1 AND name = ?2";
            writing.execute(sql, params![id.0, name])?;
        } else {
            set_field(writing, id, name, value)?;
        }
    }
    writing.touch(Change::Devices);
    Ok(())
}

/// Takes one away: from now on it is shown nowhere. What belongs to it is removed in portions ([`leftover`]).
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn remove(writing: &mut Writing<'_>, id: DeviceId) -> Result<(), StoreError> {
    get(writing, id)?;
    writing.execute("INSERT INTO removing (device_id) VALUES (?1)", [id.0])?;
    writing.touch(Change::Devices);
    writing.touch(Change::Chats);
    leftover::of_device(writing, id, AT_ONCE)
}

/// SQL: a new link has its own first sync, whatever the last one had.
const NEW_LINK: &str = "link_number = link_number + 1, synced_at = NULL, sync_cursor = NULL, poll_cursor = NULL, deaf_since = NULL";

/// The number is no longer linked. The next link syncs again: much may have happened in between. What the device sends to many is paused
/// with it: whoever links the number again has not said that it is to go on, wherever the program died meanwhile. Gives how many
/// campaigns were paused.
///
/// # Errors
/// The file's.
pub fn unlinked(writing: &mut Writing<'_>, id: DeviceId) -> Result<u32, StoreError> {
    let sql = format!(
        "UPDATE device SET {NEW_LINK}, linked = 0, own_unproven = max(own_unproven, 1) WHERE id = ?1 AND linked = 1"
    );
    writing.prepare_cached(&sql)?.execute([id.0])?;
    writing.touch(Change::Devices);
    campaign::brake_device(writing, id, Pause::LoggedOut)
}

/// The first sync of this number begins at this time of the gateway's; one that begins again keeps the first moment. Gives it.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn first_sync_begun(
    writing: &Writing<'_>,
    id: DeviceId,
    at: UnixMillis,
) -> Result<UnixMillis, StoreError> {
    let sql = "UPDATE device SET live_from = ?2 WHERE id = ?1 AND live_from IS NULL";
    writing.prepare_cached(sql)?.execute(params![id.0, at.0])?;
    Ok(get(writing, id)?.live_from.unwrap_or(at))
}

/// The first sync of this link is done. `false` = of a number that was unlinked meanwhile, or is another one, it is not.
///
/// # Errors
/// The file's.
pub fn synced(writing: &mut Writing<'_>, link: Link, now: UnixMillis) -> Result<bool, StoreError> {
    let done = writing.execute(
        "UPDATE device SET synced_at = ?3 WHERE id = ?1 AND link_number = ?2 AND linked = 1",
        params![link.device.0, link.number, now.0],
    )?;
    writing.touch(Change::Devices);
    Ok(done > 0)
}

/// Since when the device tells us nothing though it should; `None` = it tells again. The first moment stays.
///
/// # Errors
/// The file's.
pub fn deaf(writing: &mut Writing<'_>, id: DeviceId, since: Option<UnixMillis>) -> Result<(), StoreError> {
    let sql =
        "UPDATE device SET deaf_since = CASE WHEN ?2 IS NULL THEN NULL ELSE coalesce(deaf_since, ?2) END
                WHERE id = ?1 AND (deaf_since IS NULL) <> (?2 IS NULL)";
    let changed = writing
        .prepare_cached(sql)?
        .execute(params![id.0, since.map(|since| since.0)])?;
    if changed > 0 {
        writing.touch(Change::Devices);
    }
    Ok(())
}

/// A restriction that began at a time which, by the clock of now, is still to come did so by a clock that was set back since. Where
/// no end of it is told it would last for as long as the clock went back: it counts from now.
///
/// # Errors
/// The file's.
pub fn clock_was_set_back(
    writing: &mut Writing<'_>,
    id: DeviceId,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let sql = "UPDATE device SET restricted_since = ?2 WHERE id = ?1 AND restricted_until IS NULL AND restricted_since > ?3";
    let changed = writing
        .prepare_cached(sql)?
        .execute(params![id.0, now.0, now.after(STEADY).0])?;
    if changed > 0 {
        writing.touch(Change::Devices);
    }
    let sql = "UPDATE device SET hold_since = NULL, hold_until = NULL WHERE id = ?1 AND hold_since > ?2";
    writing
        .prepare_cached(sql)?
        .execute(params![id.0, now.after(STEADY).0])?;
    Ok(())
}

/// WhatsApp restricts the number so, whatever was kept before, or does not any more (`None`).
///
/// # Errors
/// The file's.
pub fn restricted(
    writing: &mut Writing<'_>,
    id: DeviceId,
    restricted: Option<Restricted>,
) -> Result<(), StoreError> {
    let since = restricted.map(|restricted| restricted.since.0);
    let until = restricted.and_then(|restricted| restricted.until);
    let sql = "UPDATE device SET restricted_since = ?2, restricted_until = ?3
                WHERE id = ?1 AND (restricted_since IS NOT ?2 OR restricted_until IS NOT ?3)";
    let changed = writing
        .prepare_cached(sql)?
        .execute(params![id.0, since, until.map(|until| until.0)])?;
    if changed > 0 {
        writing.touch(Change::Devices);
    }
    Ok(())
}

/// Polling has seen everything of this link up to `until`; never goes back.
///
/// # Errors
/// The file's.
pub fn polled(writing: &Writing<'_>, link: Link, until: UnixMillis) -> Result<(), StoreError> {
    let sql = "UPDATE device SET polled_until = ?3 WHERE id = ?1 AND link_number = ?2 AND coalesce(polled_until, 0) < ?3";
    writing
        .prepare_cached(sql)?
        .execute(params![link.device.0, link.number, until.0])?;
    Ok(())
}

/// Something came in.
///
/// # Errors
/// The file's.
pub fn heard(writing: &mut Writing<'_>, id: DeviceId, now: UnixMillis) -> Result<(), StoreError> {
    writing
        .prepare_cached("UPDATE device SET last_event_at = ?2 WHERE id = ?1")?
        .execute(params![id.0, now.0])?;
    writing.touch(Change::Devices);
    Ok(())
}

/// Something of ours was acknowledged.
///
/// # Errors
/// The file's.
pub fn acknowledged(writing: &mut Writing<'_>, id: DeviceId, now: UnixMillis) -> Result<(), StoreError> {
    writing
        .prepare_cached("UPDATE device SET last_ack_at = ?2 WHERE id = ?1")?
        .execute(params![id.0, now.0])?;
    writing.touch(Change::Devices);
    Ok(())
}
