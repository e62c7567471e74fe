//! Receipts: how far our messages have come. A status only ever rises, by compare-and-set.
//!
//! A receipt may come before the answer to the send that it speaks of. It is parked under the gateway's id and applied when
//! that id is stored ([`take_parked`]). Receipts come in any order and any number of times, with the same outcome.
//!
//! In a group some gateways tell them member by member. Such a one raises what is known of that member ([`members`]) and nothing else: that
//! one of many has read a message is not yet that it was read.

use mostrador_domain::{
    Address, ChatId, DeliveryStatus, DeviceId, FailureCode, MessageId, StatusKind, StatusUpdate, UnixMillis,
};
use rusqlite::{Connection, OptionalExtension, params};

use crate::tables::campaign::follow;
use crate::tables::{chat, person, put_away};
use crate::{Change, StoreError, Writing};

mod members;

#[cfg(test)]
pub(super) use members::MEMBERS;
pub use members::{MemberReceipt, members};

/// The rank under which "the gateway gave it up" is parked.
const GIVEN_UP: i64 = -1;
/// The same, for a number that is restricted.
const GIVEN_UP_RESTRICTED: i64 = -2;

/// Applies a receipt, or parks it if its message is not known yet. Of one that was put away it says nothing to anybody.
///
/// # Errors
/// The file's.
pub fn apply(writing: &mut Writing<'_>, device: DeviceId, update: &StatusUpdate) -> Result<(), StoreError> {
    if let Some(member) = &update.member {
        return of_member(writing, device, update, member);
    }
    match (find(writing, device, update)?, update.status) {
        (Some((message, chat)), StatusKind::Reached(status)) => {
            raise(writing, message, chat, status, update.at)
        }
        (Some((message, chat)), StatusKind::Failed) => {
            fail(writing, message, chat, FailureCode::RefusedRecipient)
        }
        (Some((message, chat)), StatusKind::Restricted) => {
            fail(writing, message, chat, FailureCode::Restricted)
        }
        (None, StatusKind::Reached(status)) => park(writing, device, update, status.rank()),
        (None, StatusKind::Failed) => park(writing, device, update, GIVEN_UP),
        (None, StatusKind::Restricted) => park(writing, device, update, GIVEN_UP_RESTRICTED),
    }
}

/// The same of a receipt that is about one member of the group alone.
fn of_member(
    writing: &mut Writing<'_>,
    device: DeviceId,
    update: &StatusUpdate,
    member: &Address,
) -> Result<(), StoreError> {
    let StatusKind::Reached(status) = update.status else {
        return Ok(());
    };
    match find(writing, device, update)? {
        Some(found) => members::raise(writing, device, found, (member, status, update.at)),
        None => park(writing, device, update, status.rank()),
    }
}

/// When the oldest message was written that the linked number has sent since that time and that nobody has read yet; `among` so many of the
/// newest ones of all, or any number. `None` = there is none.
///
/// # Errors
/// The file's.
pub fn oldest_unread(
    connection: &Connection,
    device: DeviceId,
    since: UnixMillis,
    among: Option<u32>,
) -> Result<Option<UnixMillis>, StoreError> {
    let sql = "WITH late AS (
                 SELECT m.id, m.at, m.from_me, m.status FROM chat c JOIN message m ON m.chat_id = c.id
                  WHERE c.device_id = ?1 AND c.last_at >= ?2 AND m.at >= ?2 ORDER BY m.at DESC LIMIT ?3)
               SELECT min(at) FROM late
                WHERE from_me = 1 AND status BETWEEN ?4 AND ?5 AND id > (SELECT own_after FROM device WHERE id = ?1)";
    let among = among.map_or(-1, i64::from);
    let (least, most) = (DeliveryStatus::Sent.rank(), DeliveryStatus::Delivered.rank());
    let mut statement = connection.prepare_cached(sql)?;
    let oldest: Option<i64> =
        statement.query_row(params![device.0, since.0, among, least, most], |row| row.get(0))?;
    Ok(oldest.map(UnixMillis))
}

/// Raises the status of one of our messages, which it reached at `at`. A lower or equal one changes no status; of several
/// times the earliest counts, whichever was told first.
///
/// # Errors
/// The file's.
pub fn raise(
    writing: &mut Writing<'_>,
    message: MessageId,
    chat: ChatId,
    status: DeliveryStatus,
    at: UnixMillis,
) -> Result<(), StoreError> {
    let column = match status {
        DeliveryStatus::Queued => return Ok(()),
        DeliveryStatus::Sent => "sent_at",
        DeliveryStatus::Delivered => "delivered_at",
        DeliveryStatus::Read | DeliveryStatus::Played => "read_at",
    };
    let timed =
        format!("UPDATE message SET {column} = ?2 WHERE id = ?1 AND ({column} IS NULL OR {column} > ?2)");
    let earlier = writing
        .prepare_cached(&timed)?
        .execute(params![message.0, at.0])?
        > 0;
    if raised(writing, (message, chat), status)? || earlier {
        told(writing, message, chat)?;
    }
    Ok(())
}

/// As [`raise`], where nobody says since when: the time of hearing of it would be a made-up one.
pub(crate) fn raise_untimed(
    writing: &mut Writing<'_>,
    message: MessageId,
    chat: ChatId,
    status: DeliveryStatus,
) -> Result<(), StoreError> {
    if raised(writing, (message, chat), status)? {
        told(writing, message, chat)?;
    }
    Ok(())
}

/// Raises the status. `false` = it was there already.
fn raised(
    writing: &mut Writing<'_>,
    (message, chat): (MessageId, ChatId),
    status: DeliveryStatus,
) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM message WHERE id = ?1 AND failure IS NOT NULL)";
    let had_failed: bool = writing
        .prepare_cached(sql)?
        .query_row([message.0], |row| row.get(0))?;
    let sql = "UPDATE message SET status = ?2, failure = CASE WHEN ?2 >= ?3 THEN NULL ELSE failure END
               WHERE id = ?1 AND coalesce(status, 0) < ?2";
    let raised = writing.prepare_cached(sql)?.execute(params![
        message.0,
        status.rank(),
        DeliveryStatus::Delivered.rank()
    ])?;
    if had_failed && raised > 0 {
        chat::settle_waiting(writing, chat)?;
    }
    Ok(raised > 0)
}

/// Marks an accepted message as given up by the gateway. One that was delivered stays delivered.
fn fail(
    writing: &mut Writing<'_>,
    message: MessageId,
    chat: ChatId,
    why: FailureCode,
) -> Result<(), StoreError> {
    let sql =
        "UPDATE message SET failure = ?3 WHERE id = ?1 AND coalesce(status, 0) < ?2 AND failure IS NULL";
    if writing.prepare_cached(sql)?.execute(params![
        message.0,
        DeliveryStatus::Delivered.rank(),
        why.as_str()
    ])? > 0
    {
        chat::settle_waiting(writing, chat)?;
        told(writing, message, chat)?;
    }
    Ok(())
}

fn told(writing: &mut Writing<'_>, message: MessageId, chat: ChatId) -> Result<(), StoreError> {
    writing.touch(Change::Messages(chat));
    writing.touch(Change::Chat(chat));
    follow::message(writing, message)
}

/// SQL: our message with a gateway's id, in one chat.
const FIND_IN_CHAT: &str = "SELECT id FROM message WHERE chat_id = ?1 AND gateway_id = ?2 AND from_me = 1";

/// SQL: our message with a gateway's id, in whichever chat, if a receipt of it can still be news.
pub(super) const FIND: &str = "SELECT m.id, m.chat_id FROM message m INDEXED BY message_awaits_receipt CROSS JOIN chat c ON c.id = m.chat_id
     WHERE m.gateway_id = ?1 AND m.from_me = 1 AND (m.status < 3 OR (m.status = 3 AND m.kind = 'voice')) AND c.device_id = ?2
     ORDER BY m.id LIMIT 1";

/// SQL: our message with a gateway's id, in the chats where something happened last. A receipt of a message that was read long
/// ago, of which no chat is told, is no news to anybody: it is not looked for in all chats.
pub(super) fn find_in_lately() -> String {
    let lately: Vec<String> = [(0, 0), (0, 1), (1, 0), (1, 1)]
        .map(|(archived, pinned)| {
            format!(
                "SELECT * FROM (SELECT id FROM chat INDEXED BY chat_of_device WHERE device_id = ?2
                   AND archived = {archived} AND pinned = {pinned} ORDER BY last_at DESC, id DESC LIMIT 500)"
            )
        })
        .into();
    format!(
        "SELECT m.id, m.chat_id FROM ({}) c CROSS JOIN message m ON m.chat_id = c.id AND m.gateway_id = ?1 AND m.from_me = 1
         ORDER BY m.id LIMIT 1",
        lately.join(" UNION ALL ")
    )
}

/// An id is unique within its chat only, so the chat counts where it is told; it may be told under another address of the
/// same person, or as one that we do not know.
fn find(
    writing: &Writing<'_>,
    device: DeviceId,
    update: &StatusUpdate,
) -> Result<Option<(MessageId, ChatId)>, StoreError> {
    if let Some(told) = &update.chat {
        for chat in person::chats_of(writing, device, told)? {
            let found = writing
                .prepare_cached(FIND_IN_CHAT)?
                .query_row(params![chat.0, update.gateway_id], |row| row.get(0))
                .optional()?;
            if let Some(id) = found {
                return Ok(Some((MessageId(id), chat)));
            }
        }
    }
    for sql in [FIND, &find_in_lately()] {
        let found = writing
            .prepare_cached(sql)?
            .query_row(params![update.gateway_id, device.0], |row| {
                Ok((MessageId(row.get(0)?), ChatId(row.get(1)?)))
            })
            .optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn park(writing: &Writing<'_>, device: DeviceId, update: &StatusUpdate, rank: i64) -> Result<(), StoreError> {
    if put_away::was_at(writing, device, &update.gateway_id)? {
        return Ok(());
    }
    let member = update.member.as_ref().map_or(WHOLE, Address::as_str);
    park_as(writing, device, &update.gateway_id, (rank, member, update.at))
}

/// Instead of a member, of what is parked about the message as a whole.
const WHOLE: &str = "";

fn park_as(
    writing: &Writing<'_>,
    device: DeviceId,
    gateway_id: &str,
    (rank, member, at): (i64, &str, UnixMillis),
) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO receipt_parked (device_id, gateway_id, status, member, at) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT DO UPDATE SET at = min(at, excluded.at)";
    writing
        .prepare_cached(sql)?
        .execute(params![device.0, gateway_id, rank, member, at.0])?;
    Ok(())
}

/// A message of theirs that is not here yet was read on the phone.
pub(super) fn park_read_there(
    writing: &Writing<'_>,
    device: DeviceId,
    gateway_id: &str,
    at: UnixMillis,
) -> Result<(), StoreError> {
    let read = DeliveryStatus::Read.rank();
    park_as(writing, device, gateway_id, (read, WHOLE, at))
}

/// Until when a message of theirs that has just been stored was read on the phone, as far as that was told before it came.
pub(super) fn take_read_there(
    writing: &Writing<'_>,
    device: DeviceId,
    gateway_id: &str,
) -> Result<Option<UnixMillis>, StoreError> {
    let read = DeliveryStatus::Read.rank();
    let sql = "DELETE FROM receipt_parked WHERE device_id = ?1 AND gateway_id = ?2 AND status = ?3 AND member = ?4 RETURNING at";
    let mut statement = writing.prepare_cached(sql)?;
    let mut rows = statement.query(params![device.0, gateway_id, read, WHOLE])?;
    let at = rows.next()?.map(|row| row.get(0)).transpose()?;
    Ok(at.map(UnixMillis))
}

/// Does any receipt wait for its message?
pub(super) fn any_parked(writing: &Writing<'_>, device: DeviceId) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM receipt_parked WHERE device_id = ?1)";
    Ok(writing
        .prepare_cached(sql)?
        .query_row([device.0], |row| row.get(0))?)
}

/// Applies what was parked for a message whose gateway id has just been stored.
///
/// # Errors
/// The file's.
pub fn take_parked(
    writing: &mut Writing<'_>,
    device: DeviceId,
    gateway_id: &str,
    message: MessageId,
    chat: ChatId,
) -> Result<(), StoreError> {
    let parked: Vec<(i64, String, i64)> = {
        let mut statement = writing.prepare_cached(
            "DELETE FROM receipt_parked WHERE device_id = ?1 AND gateway_id = ?2 RETURNING status, member, at",
        )?;
        let rows = statement.query_map(params![device.0, gateway_id], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
        rows.collect::<Result<_, _>>()?
    };
    for (rank, member, at) in parked {
        let at = UnixMillis(at);
        match DeliveryStatus::from_rank(rank) {
            Some(status) if member != WHOLE => {
                let said = (&Address::parse(&member), status, at);
                members::raise(writing, device, (message, chat), said)?;
            }
            Some(status) => raise(writing, message, chat, status, at)?,
            None if rank == GIVEN_UP_RESTRICTED => fail(writing, message, chat, FailureCode::Restricted)?,
            None => fail(writing, message, chat, FailureCode::RefusedRecipient)?,
        }
    }
    Ok(())
}
