//! Chats that were emptied or deleted on the phone. What is still to be sent, or failed and waits for a person, stays.
//!
//! A few messages go at once. Of more, the chat is noted as being emptied, in the transaction that hears of it: from then on
//! its messages are shown nowhere, and [`crate::tables::leftover`] removes them a portion at a time, the writer free in between. If the
//! program dies, the note is in the file and the next start goes on. What was unsent when the chat was emptied is noted too: it
//! stays even if it is sent before its turn to be looked at comes.
//!
//! A gateway does not say when a chat was emptied. Told late, or twice, the messages that came since go too; whoever hears of an
//! emptying asks the gateway at once for what it still lists ([`crate::tables::ingest::Ingested::emptied`]), and up to where the chat was
//! read is noted, so that only those come back as unread that were.
//!
//! What a gateway tells by itself has no such proof that it is still there: the same call may come twice, or be taken in again by a
//! person. So it is remembered when the newest message was written that went ([`emptied_until`]), and what is told of that time or
//! before is left out; what is listed is not. Gateways tell whole seconds: what else bears that very second came after it, so the ids of those are
//! remembered that went. That a chat was emptied at all is remembered also where nothing of theirs went: what is not
//! listed there may have gone with it, and is no proof that it was never sent ([`crate::tables::outbox::places_of`]).

use mostrador_domain::{Address, ChatId, DeviceId, InboundMessage, UnixMillis};
use rusqlite::{Connection, OptionalExtension, params};

use super::{find, settle_waiting};
use crate::tables::leftover::{self, AT_ONCE};
use crate::tables::person;
use crate::{Change, StoreError, Writing};

/// SQL: the outbox row `o` is work that nobody may lose.
const UNSENT: &str = "o.state IN ('ready', 'in_flight', 'uncertain', 'dead')";

/// SQL: message `m` went with its emptied chat, though its row is still here.
pub(crate) const GONE: &str =
    "EXISTS (SELECT 1 FROM emptying e WHERE e.chat_id = m.chat_id AND m.id <= e.through
     AND NOT EXISTS (SELECT 1 FROM emptying_kept k WHERE k.message_id = m.id))";

/// SQL: chat `c` went, or its device did, though its row is still here.
pub(in crate::tables) const CHAT_GONE: &str =
    "(EXISTS (SELECT 1 FROM emptying e WHERE e.chat_id = c.id AND e.gone = 1)
     OR EXISTS (SELECT 1 FROM removing r WHERE r.device_id = c.device_id))";

/// SQL: the device of chat `c` went, though its row is still here. The first part is asked once, not once a chat. A chat that
/// went by itself is in no list anyway.
pub(in crate::tables) const DEVICE_GONE: &str = "(EXISTS (SELECT 1 FROM removing WHERE device_id > 0)
     AND EXISTS (SELECT 1 FROM removing r WHERE r.device_id = c.device_id))";

/// All messages of a chat are gone, and the chat itself if it is `gone`. A chat that holds anything of ours (work, a draft)
/// stays with it.
///
/// # Errors
/// The file's.
pub fn emptied(
    writing: &mut Writing<'_>,
    device: DeviceId,
    address: &Address,
    gone: bool,
) -> Result<(), StoreError> {
    let Some(id) = find(writing, device, address)? else {
        return Ok(());
    };
    let gone = gone && holds_nothing_of_ours(writing, id)?;
    read_so_far(writing, id)?;
    remember(writing, id)?;
    note(writing, id, gone)?;
    writing
        .prepare_cached("UPDATE chat SET unread = 0, marked_unread = 0, read_to_tell = NULL WHERE id = ?1")?
        .execute([id.0])?;
    newest_left(writing, id)?;
    settle_waiting(writing, id)?;
    writing.touch(Change::Chats);
    writing.touch(Change::Chat(id));
    writing.touch(Change::Messages(id));
    if gone {
        // Whoever writes there from now on begins a new chat; this one is in no list, and no label counts it.
        writing
            .prepare_cached(
                "UPDATE chat SET address = 'gone:' || id, archived = 2, snoozed_until = NULL,
                        synced_link = (SELECT link_number FROM device WHERE device.id = device_id)
                  WHERE id = ?1",
            )?
            .execute([id.0])?;
        // The gateway is told nothing of a chat that is not there.
        writing
            .prepare_cached("DELETE FROM chat_wish WHERE chat_id = ?1")?
            .execute([id.0])?;
    }
    empty_further(writing, id, AT_ONCE)
}

/// Does a chat of this address hold what was written at that time or later? Gateways tell whole seconds.
pub(in crate::tables) fn holds_since(
    connection: &Connection,
    device: DeviceId,
    address: &Address,
    at: UnixMillis,
) -> Result<bool, StoreError> {
    let Some(id) = find(connection, device, address)? else {
        return Ok(false);
    };
    let sql =
        format!("SELECT EXISTS (SELECT 1 FROM message m WHERE m.chat_id = ?1 AND m.at >= ?2 AND NOT {GONE})");
    Ok(connection
        .prepare_cached(&sql)?
        .query_row(params![id.0, second_of(at.0)], |row| row.get(0))?)
}

/// Notes up to when the chat was read: as many of the newest of theirs were not as its count says.
fn read_so_far(writing: &Writing<'_>, id: ChatId) -> Result<(), StoreError> {
    let unread: i64 = writing
        .prepare_cached("SELECT unread FROM chat WHERE id = ?1")?
        .query_row([id.0], |row| row.get(0))?;
    let sql = "UPDATE chat SET read_up_to = max(read_up_to, coalesce(
                  (SELECT m.at FROM message m WHERE m.chat_id = ?1 AND m.from_me = 0
                    ORDER BY m.at DESC, m.id DESC LIMIT 1 OFFSET ?2), 0))
                WHERE id = ?1";
    writing.prepare_cached(sql)?.execute(params![id.0, unread])?;
    Ok(())
}

/// Notes when the newest of its messages was written that a gateway told, under the address that the chat has now, and which ones bear that
/// second. What left from here bears our reckoning of the time, which may be ahead of what is yet to come: where there was nothing else, it
/// went before any time.
fn remember(writing: &Writing<'_>, id: ChatId) -> Result<(), StoreError> {
    let sql = "SELECT c.device_id, c.address,
                      max(CASE WHEN NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = m.id AND o.kind = 'send') THEN m.at END),
                      (SELECT e.until FROM emptied e WHERE e.device_id = c.device_id AND e.address = c.address)
                 FROM chat c JOIN message m ON m.chat_id = c.id WHERE c.id = ?1 GROUP BY c.id";
    let found = writing.prepare_cached(sql)?.query_row([id.0], |row| {
        Ok((
            (row.get::<_, i64>(0)?, row.get::<_, String>(1)?),
            row.get::<_, Option<i64>>(2)?.unwrap_or(NEVER),
            row.get::<_, Option<i64>>(3)?.unwrap_or(NEVER),
        ))
    });
    let Some(((device, address), told, before)) = found.optional()? else {
        return Ok(());
    };
    let sql = "INSERT INTO emptied (device_id, address, until) VALUES (?1, ?2, ?3)
               ON CONFLICT (device_id, address) DO UPDATE SET until = max(until, excluded.until)";
    writing
        .prepare_cached(sql)?
        .execute(params![device, address, told])?;
    if second_of(told) > second_of(before) {
        let sql = "DELETE FROM emptied_newest WHERE device_id = ?1 AND address = ?2";
        writing.prepare_cached(sql)?.execute(params![device, address])?;
    }
    if told > NEVER && second_of(told) >= second_of(before) {
        let sql = "INSERT OR IGNORE INTO emptied_newest (device_id, address, gateway_id)
                   SELECT ?1, ?2, gateway_id FROM message WHERE chat_id = ?3 AND at >= ?4 AND gateway_id IS NOT NULL";
        writing
            .prepare_cached(sql)?
            .execute(params![device, address, id.0, second_of(told)])?;
    }
    Ok(())
}

/// Before any time.
const NEVER: i64 = -1;

/// When the second began in which this was.
fn second_of(at: i64) -> i64 {
    at - at.rem_euclid(1_000)
}

/// Was any chat of this device ever emptied?
pub(in crate::tables) fn any_emptied(connection: &Connection, device: DeviceId) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM emptied WHERE device_id = ?1)";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([device.0], |row| row.get(0))?)
}

/// When the newest message was written that went with a chat of this person's, under any of their addresses. `None` = none went.
pub(in crate::tables) fn emptied_until(
    connection: &Connection,
    device: DeviceId,
    address: &Address,
) -> Result<Option<UnixMillis>, StoreError> {
    let sql = "SELECT max(until) FROM emptied WHERE device_id = ?1 AND address = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let mut newest: Option<i64> = None;
    for known in person::addresses_of(connection, address)? {
        newest = newest.max(statement.query_row(params![device.0, known.as_str()], |row| row.get(0))?);
    }
    Ok(newest.map(UnixMillis))
}

/// Did a message of that id, written at that time, go with a chat of this person's that was emptied `until` then? What is older did; of that very
/// second those that were here.
pub(in crate::tables) fn went_with(
    connection: &Connection,
    (device, until): (DeviceId, UnixMillis),
    message: &InboundMessage,
) -> Result<bool, StoreError> {
    if second_of(message.at.0) != second_of(until.0) {
        return Ok(message.at < until);
    }
    let sql = "SELECT EXISTS (SELECT 1 FROM emptied e WHERE e.device_id = ?1 AND e.address = ?2 AND e.until >= ?3
                  AND (NOT EXISTS (SELECT 1 FROM emptied_newest n WHERE n.device_id = e.device_id AND n.address = e.address)
                       OR EXISTS (SELECT 1 FROM emptied_newest n WHERE n.device_id = e.device_id AND n.address = e.address AND n.gateway_id = ?4)))";
    let mut statement = connection.prepare_cached(sql)?;
    for known in person::addresses_of(connection, &message.chat)? {
        let asked = params![device.0, known.as_str(), second_of(until.0), message.gateway_id];
        if statement.query_row(asked, |row| row.get(0))? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn holds_nothing_of_ours(writing: &Writing<'_>, id: ChatId) -> Result<bool, StoreError> {
    let sql = format!(
        "SELECT draft IS NULL AND draft_media_id IS NULL
                AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.chat_id = ?1 AND {UNSENT}) FROM chat WHERE id = ?1"
    );
    Ok(writing
        .prepare_cached(&sql)?
        .query_row([id.0], |row| row.get(0))?)
}

fn note(writing: &Writing<'_>, id: ChatId, gone: bool) -> Result<(), StoreError> {
    writing
        .prepare_cached(
            "INSERT INTO emptying (chat_id, through, gone)
             VALUES (?1, (SELECT coalesce(max(id), 0) FROM message), ?2)
             ON CONFLICT (chat_id) DO UPDATE SET through = excluded.through, gone = excluded.gone",
        )?
        .execute(params![id.0, gone])?;
    writing
        .prepare_cached("DELETE FROM emptying_kept WHERE chat_id = ?1")?
        .execute([id.0])?;
    let sql = format!(
        "INSERT OR IGNORE INTO emptying_kept (message_id, chat_id)
         SELECT o.message_id, ?1 FROM outbox o WHERE o.chat_id = ?1 AND {UNSENT} AND o.message_id IS NOT NULL"
    );
    writing.prepare_cached(&sql)?.execute([id.0])?;
    Ok(())
}

/// The list shows the newest of those that stay.
fn newest_left(writing: &Writing<'_>, id: ChatId) -> Result<(), StoreError> {
    writing
        .prepare_cached(
            "UPDATE chat SET (last_message_id, last_at) = (SELECT max(n.id), coalesce(max(n.at), 0) FROM
               (SELECT m.id, m.at FROM emptying_kept k JOIN message m ON m.id = k.message_id
                 WHERE k.chat_id = ?1 ORDER BY m.at DESC, m.id DESC LIMIT 1) n)
             WHERE id = ?1",
        )?
        .execute([id.0])?;
    Ok(())
}

/// Removes up to `limit` messages of a chat that is being emptied; with the last one the note goes, and the chat if it is gone.
///
/// # Errors
/// The file's.
pub(in crate::tables) fn empty_further(
    writing: &mut Writing<'_>,
    id: ChatId,
    limit: u32,
) -> Result<(), StoreError> {
    let gone: bool = writing
        .prepare_cached("SELECT gone FROM emptying WHERE chat_id = ?1")?
        .query_row([id.0], |row| row.get(0))?;
    let removed = if gone {
        leftover::of_chat(writing, id, limit)?
    } else {
        let sql = format!("DELETE FROM message WHERE id IN ({PORTION})");
        let removed = writing.prepare_cached(&sql)?.execute(params![id.0, limit])?;
        u32::try_from(removed).unwrap_or(u32::MAX)
    };
    if removed >= limit {
        writing.touch(Change::Leftovers);
        return Ok(());
    }
    for sql in [
        "DELETE FROM emptying_kept WHERE chat_id = ?1",
        "DELETE FROM emptying WHERE chat_id = ?1",
    ] {
        writing.prepare_cached(sql)?.execute([id.0])?;
    }
    Ok(())
}

/// SQL: the next messages of an emptied chat that go.
pub(in crate::tables) const PORTION: &str = "SELECT m.id FROM emptying e JOIN message m INDEXED BY message_in_order ON m.chat_id = e.chat_id
     WHERE e.chat_id = ?1 AND m.id <= e.through AND NOT EXISTS (SELECT 1 FROM emptying_kept k WHERE k.message_id = m.id) LIMIT ?2";
