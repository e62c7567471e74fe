//! Which number is linked behind a device.
//!
//! A number may be exchanged for another one: the shop links a second telephone, or gives the key of another channel. Then this is a new link,
//! free of the old number's restriction and of what its gateway asked for; nothing of the new one was ever seen here, so that its past is
//! history. What was to leave from the old one is a person's to decide, and so are the campaigns: all in the transaction that notes
//! it, so that nothing leaves in between.

use mostrador_domain::{Address, AddressKind, DeviceId, UnixMillis};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{DeviceRow, Link, NEW_LINK, get};
use crate::tables::{campaign, outbox};
use crate::{Change, StoreError, Writing};

/// What is known of the number that is linked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Own {
    /// When it was first seen in place of another one; `None` = it has been here from the first.
    pub since: Option<UnixMillis>,
    /// Messages up to this one came here before that; 0 = none did.
    pub after: i64,
}

/// What is known of the number that is linked now.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn own(connection: &Connection, id: DeviceId) -> Result<Own, StoreError> {
    let sql = "SELECT own_since, own_after FROM device WHERE id = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([id.0], |row| {
        Ok(Own {
            since: row.get::<_, Option<i64>>(0)?.map(UnixMillis),
            after: row.get(1)?,
        })
    })?)
}

/// What the secrets are that a shop gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrets {
    /// Nobody knows: there are none to compare them with.
    Unknown,
    /// Others than before.
    Other,
}

/// Which number is linked, as its gateway says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told<'a> {
    /// This one.
    Number(&'a Address),
    /// It has not said it this time.
    NotYet,
    /// It does not say that when it is asked.
    Never,
    /// Neither does this one: it lists the device under this number, which may be what was typed when the device was made.
    Listed(&'a Address),
}

impl<'a> Told<'a> {
    fn number(self) -> Option<&'a Address> {
        match self {
            Self::Number(number) => Some(number),
            Self::NotYet | Self::Never | Self::Listed(_) => None,
        }
    }

    fn listed(self) -> Option<&'a Address> {
        match self {
            Self::Listed(number) => Some(number),
            Self::Number(_) | Self::NotYet | Self::Never => None,
        }
    }
}

/// What it means that a number is linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// It is the one that was, as far as is known.
    Same,
    /// It is another one, or has to count as one.
    Another,
    /// It may be another one, and its gateway, which has told it before, has not said: nothing may leave until it does, and nothing was noted.
    Unproven,
}

/// What an unlinking and unknown secrets leave open.
const MAYBE: i64 = 1;
/// What other secrets leave open, and a call that has told another number late.
const EXCHANGED: i64 = 2;

/// That secrets were given, as it was noted: what was noted before that, and in which link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretsNoted {
    link: Link,
    before: i64,
    noted: i64,
}

/// The shop has given secrets that may lead to another number. Of a device that was never linked that is no news.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn secrets_given(
    writing: &Writing<'_>,
    id: DeviceId,
    secrets: Secrets,
) -> Result<SecretsNoted, StoreError> {
    let (link, before) = (get(writing, id)?.link, unproven(writing, id)?);
    let unproven = match secrets {
        Secrets::Unknown => MAYBE,
        Secrets::Other => EXCHANGED,
    };
    let sql = "UPDATE device SET own_unproven = max(own_unproven, ?2) WHERE id = ?1 AND (linked = 1 OR link_number > 1 OR own_unproven > 0)";
    writing.prepare_cached(sql)?.execute(params![id.0, unproven])?;
    Ok(SecretsNoted {
        link,
        before,
        noted: self::unproven(writing, id)?,
    })
}

/// Late, a call has said that this number was linked when it came, of a gateway that does not say it when it is asked. If that is another one
/// than is known, the next answer counts as another one's.
///
/// # Errors
/// The file's.
pub fn told_late(writing: &Writing<'_>, id: DeviceId, own: &Address) -> Result<(), StoreError> {
    let sql = "SELECT own_address FROM device WHERE id = ?1";
    let known: Option<Option<String>> = writing
        .prepare_cached(sql)?
        .query_row([id.0], |row| row.get(0))
        .optional()?;
    let known = known.flatten().map(|known| Address::parse(&known));
    if known.is_some_and(|known| own.is_another_number_than(&known)) {
        let sql = "UPDATE device SET own_unproven = ?2 WHERE id = ?1";
        writing.prepare_cached(sql)?.execute(params![id.0, EXCHANGED])?;
    }
    Ok(())
}

/// The secrets that were given could not be kept: the device goes on with those that it had. What was heard of its number meanwhile stays.
///
/// # Errors
/// The file's.
pub fn secrets_not_kept(writing: &Writing<'_>, secrets: SecretsNoted) -> Result<(), StoreError> {
    let sql = "UPDATE device SET own_unproven = ?3 WHERE id = ?1 AND link_number = ?2 AND own_unproven = ?4";
    writing.prepare_cached(sql)?.execute(params![
        secrets.link.device.0,
        secrets.link.number,
        secrets.before,
        secrets.noted
    ])?;
    Ok(())
}

/// May another number be linked than the one that is known?
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn is_unproven(connection: &Connection, id: DeviceId) -> Result<bool, StoreError> {
    Ok(unproven(connection, id)? > 0)
}

fn unproven(connection: &Connection, id: DeviceId) -> Result<i64, StoreError> {
    let sql = "SELECT own_unproven FROM device WHERE id = ?1";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([id.0], |row| row.get(0))?)
}

/// The number is linked. That it is the one that was is proven only by a number that is told and was told before. Where it may be another
/// one and that is not proven, be it that the gateway does not say which one it is or that it says so for the first time:
///
/// - after other secrets it counts as another one: whoever gave them knows, and nothing leaves by itself
/// - after an unlinking it counts as the same, but its history proves no absence: what is uncertain is a person's
///
/// That a device is listed under the number under which it was proves nothing. That it is listed under another one does: it was made
/// anew, and counts as another one unless that number is the one that was told.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn linked(
    writing: &mut Writing<'_>,
    id: DeviceId,
    told: Told<'_>,
    now: UnixMillis,
) -> Result<Heard, StoreError> {
    let row = get(writing, id)?;
    let is_listed_anew = is_listed_anew(&row, told);
    let before = row.own;
    let unproven = unproven(writing, id)?;
    let number = told.number();
    let (is_another, is_proven) = match (number, &before) {
        (Some(told), Some(before)) if told.is_another_number_than(before) => (true, false),
        // Of a number and a hidden one nobody can say.
        (Some(told), Some(before)) if told.kind() == before.kind() => (false, true),
        (None, Some(_)) if told == Told::NotYet && unproven > 0 => return Ok(Heard::Unproven),
        _ => (unproven == EXCHANGED || is_listed_anew, false),
    };
    if is_another {
        another(writing, id, now)?;
    } else if unproven > 0 && !is_proven {
        outbox::unproven_number(writing, id)?;
    }
    // A telephone number says more than a hidden one; but the number before is not the one of now.
    let is_phone = |own: &Address| own.kind() == AddressKind::Phone;
    let kept = before.filter(|_| !is_another);
    let own = match (number, &kept) {
        (Some(told), Some(kept)) if is_phone(kept) && !is_phone(told) => Some(kept),
        (Some(told), _) => Some(told),
        (None, kept) => kept.as_ref(),
    };
    writing
        .prepare_cached(
            "UPDATE device SET linked = 1, own_unproven = 0, own_address = ?2,
                    own_listed = CASE WHEN ?4 THEN ?3 ELSE coalesce(?3, own_listed) END
              WHERE id = ?1",
        )?
        .execute(params![
            id.0,
            own.map(Address::as_str),
            told.listed().map(Address::as_str),
            is_another
        ])?;
    writing.touch(Change::Devices);
    Ok(if is_another { Heard::Another } else { Heard::Same })
}

/// Is the device listed under another number than before, which is not the one that was told meanwhile?
fn is_listed_anew(before: &DeviceRow, told: Told<'_>) -> bool {
    let (Some(now), Some(then)) = (told.listed(), &before.listed) else {
        return false;
    };
    let is_told = |own: &Address| own.kind() == now.kind() && !now.is_another_number_than(own);
    now.is_another_number_than(then) && !before.own.as_ref().is_some_and(is_told)
}

fn another(writing: &mut Writing<'_>, id: DeviceId, now: UnixMillis) -> Result<(), StoreError> {
    let sql = format!(
        "UPDATE device SET {NEW_LINK}, restricted_since = NULL, restricted_until = NULL, polled_until = NULL, live_from = NULL,
                hold_since = NULL, hold_until = NULL, number_no = number_no + 1, own_since = ?2,
                own_after = (SELECT coalesce(max(id), 0) FROM message)
          WHERE id = ?1"
    );
    writing.prepare_cached(&sql)?.execute(params![id.0, now.0])?;
    // What was emptied under another number says nothing of this one's chats.
    writing
        .prepare_cached("DELETE FROM emptied WHERE device_id = ?1")?
        .execute([id.0])?;
    // What a person wished of the first one's chats is not told to this one's gateway.
    writing
        .prepare_cached("UPDATE chat_wish SET to_tell = 0 WHERE device_id = ?1 AND to_tell = 1")?
        .execute([id.0])?;
    campaign::another_number(writing, id)?;
    outbox::another_number(writing, id)
}
