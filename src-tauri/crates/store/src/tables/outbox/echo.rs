//! Our own messages as a gateway shows them back to us: echoes.
//!
//! An echo may come before the answer to its send (then there are two rows for a moment, merged when the answer brings the
//! same id), or instead of it: then it is the proof that an uncertain message went. Which echo belongs to which uncertain
//! row is told by content and time, and by order where several are alike: the first uncertain one takes the first echo. The content
//! is more than the words: a place without a name has none ([`said`]), nor has a picture without a caption.
//!
//! What was sent is what an echo said first. One that is edited before it is looked at is known by the words that it had then, if they
//! were ever told here; one that was told only after that, or was deleted, says nothing of them any more: it may be any message of its
//! time, and a person decides ([`has_look_alike`]).
//!
//! A message of which a person said that it went may have its echo later still: then that is this message, not another one.
//! So may one that counts as absent, by proof or by a person's word: if its echo comes before it is sent again, it is not.
//!
//! What is no echo of an uncertain message:
//! - one that was stored before the message was written here
//! - one that another row of the outbox has taken
//! - one that may belong to a message in flight that says the same: its answer will tell, and then it is looked at again

use mostrador_domain::{
    ChatId, DeliveryStatus, DeviceId, MessageId, OutboxEvent, OutboxId, OutboxState, UnixMillis,
};
use rusqlite::{Connection, OptionalExtension, params};

use self::alike::{
    OF_NOBODY_KNOWN, TAKEN, alike, deleted_unseen, family, first, in_time, same, same_file, told_after,
    told_since, untold, without_spaces,
};
use super::outcome::taken_at;
use super::row::{OutboxRow, get, no_trouble, step};
use crate::tables::campaign::follow;
use crate::tables::message::columns::json;
use crate::tables::{change, chat, person, receipt};
use crate::{Change, StoreError, Writing};

mod alike;
mod said;

/// SQL: the chats of the list that [`kin`] gives for `?1`.
const KIN: &str = "(SELECT value FROM json_each(?1))";

/// The chats with the person of `chat`, as a JSON list: an echo may come under another address.
fn kin(connection: &Connection, chat: ChatId) -> Result<Option<String>, StoreError> {
    let chats: Vec<i64> = person::kin(connection, chat)?
        .into_iter()
        .map(|chat| chat.0)
        .collect();
    Ok(json(&chats))
}

/// Stores that a message has been accepted under `gateway_id`, takes over an echo that came first, and parked receipts.
pub(super) fn settle_sent(
    writing: &mut Writing<'_>,
    row: &OutboxRow,
    gateway_id: &str,
    status: DeliveryStatus,
    at: UnixMillis,
) -> Result<(), StoreError> {
    no_trouble(writing, row.id)?;
    writing
        .prepare_cached("UPDATE outbox SET awaits_echo = 0 WHERE id = ?1")?
        .execute([row.id.0])?;
    let Some(message) = row.message else {
        return Ok(());
    };
    let sql = format!(
        "SELECT e.id, {TAKEN} FROM message e WHERE e.chat_id IN {KIN} AND e.gateway_id = ?2 AND e.id <> ?3 LIMIT 1"
    );
    let holder: Option<(i64, bool)> = writing
        .prepare_cached(&sql)?
        .query_row(params![kin(writing, row.chat)?, gateway_id, message.0], |found| {
            Ok((found.get(0)?, found.get(1)?))
        })
        .optional()?;
    match holder {
        // The gateway gave one id to two messages of ours. Both went; the id stays with the first.
        Some((_, true)) => {}
        Some((echo, false)) => {
            take_over(writing, row, message, MessageId(echo))?;
            bear(writing, row, message, gateway_id)?;
        }
        None => bear(writing, row, message, gateway_id)?,
    }
    // What a gateway accepted is sent; since when it is more than that, only a receipt can tell.
    receipt::raise(writing, message, row.chat, DeliveryStatus::Sent, at)?;
    receipt::raise_untimed(writing, message, row.chat, status)?;
    match row.tried {
        // An echo may have known more already than was raised here.
        Some(_) => follow::message(writing, message),
        None => Ok(()),
    }
}

/// Our row bears the gateway's id from now on; receipts that came for it first are applied.
fn bear(
    writing: &mut Writing<'_>,
    row: &OutboxRow,
    message: MessageId,
    gateway_id: &str,
) -> Result<(), StoreError> {
    let sql = "UPDATE message SET gateway_id = ?2 WHERE id = ?1";
    writing
        .prepare_cached(sql)?
        .execute(params![message.0, gateway_id])?;
    receipt::take_parked(writing, row.device, gateway_id, message, row.chat)?;
    change::take_parked(writing, row.device, gateway_id, (message, row.chat))
}

/// What was done to the echo was done to our row.
const WITH_ECHO: [&str; 5] = [
    "UPDATE OR IGNORE reaction SET message_id = ?1 WHERE message_id = ?2",
    "UPDATE OR IGNORE vote SET message_id = ?1 WHERE message_id = ?2",
    "UPDATE OR IGNORE member_receipt SET message_id = ?1 WHERE message_id = ?2",
    "UPDATE OR IGNORE message_edit SET message_id = ?1 WHERE message_id = ?2",
    "UPDATE outbox SET message_id = ?1 WHERE message_id = ?2",
];

/// Gives our row what its echo knows, and removes the echo with the picture that it announced: ours is here already.
fn take_over(
    writing: &mut Writing<'_>,
    row: &OutboxRow,
    message: MessageId,
    echo: MessageId,
) -> Result<(), StoreError> {
    writing
        .prepare_cached(
            "UPDATE message SET status = max(coalesce(message.status, 0), coalesce(e.status, 0)),
                    sent_at = coalesce(message.sent_at, e.sent_at),
                    delivered_at = coalesce(message.delivered_at, e.delivered_at),
                    read_at = coalesce(message.read_at, e.read_at),
                    failure = coalesce(message.failure, e.failure),
                    text = CASE WHEN e.edited_at IS NULL AND e.deleted_at IS NULL THEN message.text ELSE e.text END,
                    data = CASE WHEN e.edited_at IS NULL AND e.deleted_at IS NULL THEN message.data ELSE e.data END,
                    media_id = CASE WHEN e.deleted_at IS NULL THEN message.media_id END,
                    edited_at = e.edited_at, deleted_at = e.deleted_at, starred = e.starred, starred_at = e.starred_at,
                    pinned = e.pinned, pinned_at = e.pinned_at
               FROM (SELECT * FROM message WHERE id = ?2) AS e
              WHERE message.id = ?1",
        )?
        .execute(params![message.0, echo.0])?;
    for sql in WITH_ECHO {
        writing.prepare_cached(sql)?.execute(params![message.0, echo.0])?;
    }
    let (announced, there): (Option<i64>, i64) = writing
        .prepare_cached("DELETE FROM message WHERE id = ?1 RETURNING media_id, chat_id")?
        .query_row([echo.0], |gone| Ok((gone.get(0)?, gone.get(1)?)))?;
    if let Some(media) = announced {
        writing
            .prepare_cached("DELETE FROM media WHERE id = ?1 AND id NOT IN (SELECT media_id FROM message WHERE media_id = ?1)")?
            .execute([media])?;
    }
    if ChatId(there) != row.chat {
        chat::settle_newest(writing, ChatId(there))?;
        writing.touch(Change::Messages(ChatId(there)));
    }
    chat::settle_newest(writing, row.chat)
}

/// Settles the uncertain messages of a chat whose echoes are here, and gives those of which a person said that they went
/// their gateway's id. Gives how many.
///
/// # Errors
/// The file's.
pub fn adopt_echoes(writing: &mut Writing<'_>, chat: ChatId, now: UnixMillis) -> Result<u32, StoreError> {
    let kin = kin(writing, chat)?;
    let waiting: Vec<OutboxId> = {
        let mut statement = writing.prepare_cached(WAITING)?;
        let rows = statement.query_map([&kin], |row| Ok(OutboxId(row.get(0)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    let mut adopted = 0;
    for id in waiting {
        if let Some(echo) = echo_of(writing, kin.as_deref(), id)? {
            let mut row = get(writing, id)?;
            if row.state != OutboxState::Done {
                row = step(writing, id, OutboxEvent::Found)?;
            }
            // The gateway's clock may be ahead of ours; nothing was sent in the future.
            settle_sent(writing, &row, &echo.gateway_id, echo.status, echo.at.min(now))?;
            taken_at(writing, id, echo.at)?;
            adopted += 1;
        }
    }
    Ok(adopted)
}

/// SQL: the rows of these chats that wait for their echo, in their turn. What another number behind the device shows is none of what an
/// earlier one was to send.
pub(in crate::tables) const WAITING: &str = "SELECT id FROM
      (SELECT id, place, device_id, number_no FROM outbox WHERE chat_id IN (SELECT value FROM json_each(?1)) AND state = 'uncertain'
       UNION SELECT id, place, device_id, number_no FROM outbox WHERE chat_id IN (SELECT value FROM json_each(?1)) AND state = 'ready' AND looks > 0
       UNION SELECT id, place, device_id, number_no FROM outbox WHERE chat_id IN (SELECT value FROM json_each(?1)) AND awaits_echo = 1) AS w
      WHERE w.number_no = (SELECT d.number_no FROM device d WHERE d.id = w.device_id) ORDER BY place";

/// Is there a message, not taken by anybody, that may be the row's, though it does not bear all its marks? If this computer's
/// clock is wrong, the same words at another time are the echo; a gateway may make another file of ours, and other words of
/// anything but a text; whoever has seen on the phone that it went may have edited or deleted it there; and it may be listed, if it goes
/// to a new person, under an id of theirs that nobody has told of. Then nobody can say that the row's message is not there.
///
/// # Errors
/// The file's.
pub fn has_look_alike(writing: &Writing<'_>, id: OutboxId) -> Result<bool, StoreError> {
    let in_kin = format!(
        "SELECT EXISTS (SELECT 1 FROM outbox o JOIN message m ON m.id = o.message_id JOIN message e ON e.chat_id IN {KIN}
                         WHERE o.id = ?2 AND NOT {TAKEN} AND (({}) OR ({} <> 'text' AND {} AND {})
                            OR (m.kind = 'interactive' AND {} AND {}) OR ({})))
             OR EXISTS (SELECT 1 FROM outbox o WHERE o.id = ?2 AND {})",
        same("m"),
        family("m"),
        told_after("m"),
        in_time("o"),
        told_since("m"),
        in_time("o"),
        untold("o", "m"),
        deleted_unseen()
    );
    let chat = get(writing, id)?.chat;
    let addresses = person::addresses_of(writing, &chat::get_address(writing, chat)?)?;
    let found: bool = writing
        .prepare_cached(&in_kin)?
        .query_row(params![kin(writing, chat)?, id.0, json(&addresses)], |row| {
            row.get(0)
        })?;
    let of_nobody = format!(
        "SELECT EXISTS (SELECT 1 FROM outbox o JOIN message m ON m.id = o.message_id JOIN message e ON e.chat_id IN ({OF_NOBODY_KNOWN})
                         WHERE o.id = ?1 AND NOT {TAKEN} AND (({}) OR ({} AND {})))",
        alike("o", "m"),
        untold("o", "m"),
        in_time("o")
    );
    Ok(found
        || writing
            .prepare_cached(&of_nobody)?
            .query_row([id.0], |row| row.get(0))?)
}

struct Echo {
    gateway_id: String,
    status: DeliveryStatus,
    at: UnixMillis,
}

impl Echo {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        let status = row.get::<_, Option<i64>>(1)?.and_then(DeliveryStatus::from_rank);
        Ok(Self {
            gateway_id: row.get(0)?,
            status: status.unwrap_or(DeliveryStatus::Sent),
            at: UnixMillis(row.get(2)?),
        })
    }
}

/// The first echo that can be this row's.
fn echo_of(writing: &Writing<'_>, kin: Option<&str>, id: OutboxId) -> Result<Option<Echo>, StoreError> {
    let sql = format!(
        "SELECT e.gateway_id, e.status, e.at, m.kind, m.data, {}
           FROM outbox o JOIN message m ON m.id = o.message_id JOIN message e ON e.chat_id IN {KIN} AND {}
          WHERE o.id = ?2 AND NOT {TAKEN}
            AND NOT EXISTS (SELECT 1 FROM outbox f JOIN message fm ON fm.id = f.message_id
                             WHERE f.chat_id IN {KIN} AND f.state = 'in_flight' AND f.kind = 'send' AND {})
          ORDER BY e.at, e.id",
        first("data"),
        alike("o", "m"),
        alike("f", "fm")
    );
    let mut statement = writing.prepare_cached(&sql)?;
    let mut found = statement.query(params![kin, id.0])?;
    while let Some(row) = found.next()? {
        let (kind, ours, echo): (String, Option<String>, Option<String>) =
            (row.get(3)?, row.get(4)?, row.get(5)?);
        if said::is_same(&kind, ours.as_deref(), echo.as_deref()) {
            return Ok(Some(Echo::read(row)?));
        }
    }
    Ok(None)
}

/// Is the echo here of a send that was taken out of the outbox as absent, so that the one that stands in its place, which says the
/// same, need not be sent? Then that one is settled by it. Gives when the earlier one was tried, and the echo's number.
pub(in crate::tables) fn went_before(
    writing: &mut Writing<'_>,
    this: &str,
    earlier: &str,
    now: UnixMillis,
) -> Result<Option<(UnixMillis, MessageId)>, StoreError> {
    let sql = "SELECT o.id, p.id FROM outbox o JOIN outbox p ON p.client_id = ?2 AND p.kind = 'send' AND p.state = 'discarded'
                WHERE o.client_id = ?1 AND o.kind = 'send' AND o.state = 'ready' AND p.looks > 0 AND p.claimed_at IS NOT NULL
                  AND p.number_no = (SELECT d.number_no FROM device d WHERE d.id = p.device_id)";
    let found = writing
        .prepare_cached(sql)?
        .query_row([this, earlier], |row| {
            Ok((OutboxId(row.get(0)?), OutboxId(row.get(1)?)))
        })
        .optional()?;
    let Some((this, earlier)) = found else {
        return Ok(None);
    };
    let row = get(writing, this)?;
    let kin = kin(writing, row.chat)?;
    let sql = format!(
        "SELECT e.gateway_id, e.status, e.at, p.claimed_at, e.id
           FROM outbox o JOIN message m ON m.id = o.message_id JOIN outbox p ON p.id = ?3 JOIN message e ON e.chat_id IN {KIN}
          WHERE o.id = ?2 AND e.from_me = 1 AND e.gateway_id IS NOT NULL AND {} = {} AND {} IS {} AND {} AND {} AND NOT {TAKEN}
          ORDER BY e.at, e.id LIMIT 1",
        family("e"),
        family("m"),
        without_spaces(&first("text")),
        without_spaces("m.text"),
        same_file("m"),
        in_time("p"),
    );
    let found = writing
        .prepare_cached(&sql)?
        .query_row(params![kin, this.0, earlier.0], |row| {
            let before = (UnixMillis(row.get(3)?), MessageId(row.get(4)?));
            Ok((Echo::read(row)?, before))
        })
        .optional()?;
    let Some((echo, before)) = found else {
        return Ok(None);
    };
    super::dependent::let_go_of_upload(writing, &row)?;
    let row = step(writing, this, OutboxEvent::Found)?;
    if let Some(message) = row.message {
        writing
            .prepare_cached("UPDATE message SET at = ?2 WHERE id = ?1")?
            .execute(params![message.0, echo.at.min(now).0])?;
    }
    settle_sent(writing, &row, &echo.gateway_id, echo.status, echo.at.min(now))?;
    chat::settle_newest(writing, row.chat)?;
    Ok(Some(before))
}

/// Does any message that was written here wait to be told of, so that one from outside may be it?
pub(crate) fn any_unsettled(writing: &Writing<'_>, device: DeviceId) -> Result<bool, StoreError> {
    let sql =
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE device_id = ?1 AND state IN ('in_flight', 'uncertain'))
                   OR EXISTS (SELECT 1 FROM outbox WHERE device_id = ?1 AND state = 'ready' AND looks > 0)
                   OR EXISTS (SELECT 1 FROM outbox WHERE awaits_echo = 1)";
    Ok(writing
        .prepare_cached(sql)?
        .query_row([device.0], |row| row.get(0))?)
}

/// How many messages of a chat wait to be sent, or nobody knows yet whether they were.
///
/// # Errors
/// The file's.
pub fn on_their_way(connection: &Connection, chat: ChatId) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM outbox WHERE chat_id = ?1 AND kind = 'send' AND state IN ('ready', 'in_flight', 'uncertain')";
    let count: i64 = connection
        .prepare_cached(sql)?
        .query_row([chat.0], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// May this message of ours, told by a gateway, be the echo of one that was written here and is not settled yet?
pub(crate) fn may_be_echo(
    writing: &Writing<'_>,
    (message, chat): (MessageId, ChatId),
) -> Result<bool, StoreError> {
    let sql = format!(
        "SELECT EXISTS (SELECT 1 FROM message e JOIN outbox o ON o.chat_id IN {KIN} AND (o.state IN ('in_flight', 'uncertain') OR (o.state = 'ready' AND o.looks > 0) OR o.awaits_echo = 1)
                          JOIN message m ON m.id = o.message_id WHERE e.id = ?2 AND o.kind = 'send' AND {})",
        alike("o", "m")
    );
    Ok(writing
        .prepare_cached(&sql)?
        .query_row(params![kin(writing, chat)?, message.0], |row| row.get(0))?)
}
