//! Since when a customer waits for an answer: the order of the list of the unanswered.
//!
//! They wait since the first message of theirs that stands after our last one. It is kept in the chat's row, and looked for again in the
//! transaction in which a message comes, goes, moves, fails or is deleted.
//!
//! - only where one person is on the other side: in a group nobody in particular waits
//! - ours is an answer as soon as it is in the conversation, also while it waits to be sent. One that failed for good is none, nor is one
//!   that was deleted, nor a campaign's: that one knew of no question
//! - theirs asks for nothing once they have deleted it; nor do calls, and lines of WhatsApp's own
//! - what was unanswered when the number was linked is told too, unless it was older than [`A_WEEK`] by then: nobody waits so long, and
//!   years of last words ("gracias") would stand before everybody who does

use std::time::Duration;

use mostrador_domain::{ChatId, DeviceId, UnixMillis};
use rusqlite::{Connection, params};

use super::GONE;
use crate::{Change, StoreError, Writing};

/// As old a question may have been when its number was linked.
const A_WEEK: Duration = Duration::from_secs(7 * 86_400);

/// SQL: message `m` is an answer of ours. Only campaigns give such ids to what they send.
const ANSWERS: &str =
    "m.from_me = 1 AND m.kind <> 'system' AND m.deleted_at IS NULL AND (m.failure IS NULL OR m.status >= 2)
     AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = m.id AND o.kind = 'send'
                        AND (o.state = 'dead' OR o.client_id GLOB 'campaign-*'))";

/// Does a message of this kind neither ask nor answer?
pub(in crate::tables) fn asks_nothing(kind: &str, from_me: bool) -> bool {
    kind == "system" || (kind == "call" && !from_me)
}

/// SQL: what was written to `device` before is too old to be waited about.
fn oldest(device: &str) -> String {
    format!(
        "(SELECT coalesce(d.live_from, d.created_at) - {} FROM device d WHERE d.id = {device})",
        A_WEEK.as_millis()
    )
}

/// What was written before is too old to be waited about.
pub(in crate::tables) fn oldest_waited(
    connection: &Connection,
    device: DeviceId,
) -> Result<UnixMillis, StoreError> {
    let at: Option<i64> = connection
        .prepare_cached(&format!("SELECT {}", oldest("?1")))?
        .query_row([device.0], |row| row.get(0))?;
    Ok(at.map_or(UnixMillis(i64::MAX), UnixMillis))
}

/// SQL: since when the person of `chat` waits; NULL = nobody does. Both looks begin at the end of what was said, and the second one ends
/// where the first one did.
fn since() -> String {
    let oldest = oldest("chat.device_id");
    format!(
        "CASE WHEN chat.kind = 'person' THEN
          (SELECT min(m.at) FROM
             (SELECT coalesce(max(n.at), {oldest}) AS at, coalesce(max(n.id), -1) AS id FROM
                (SELECT m.at, m.id FROM message m INDEXED BY message_in_order
                  WHERE m.chat_id = chat.id AND m.at >= {oldest} AND {ANSWERS} AND NOT {GONE}
                  ORDER BY m.at DESC, m.id DESC LIMIT 1) n) answer
           CROSS JOIN message m INDEXED BY message_in_order
           WHERE m.chat_id = chat.id AND (m.at, m.id) > (answer.at, answer.id)
             AND m.from_me = 0 AND m.kind NOT IN ('system', 'call') AND m.deleted_at IS NULL AND NOT {GONE}) END"
    )
}

/// Is the newest message of a chat, as the list shows it, an answer of ours?
pub(in crate::tables) fn is_answered(connection: &Connection, id: ChatId) -> Result<bool, StoreError> {
    let sql = format!(
        "SELECT EXISTS (SELECT 1 FROM chat c JOIN message m ON m.id = c.last_message_id WHERE c.id = ?1 AND m.at = c.last_at AND {ANSWERS})"
    );
    Ok(connection
        .prepare_cached(&sql)?
        .query_row([id.0], |row| row.get(0))?)
}

/// SQL: see [`waits_since`].
pub(in crate::tables) fn waits_since_query() -> String {
    format!("SELECT {} FROM chat WHERE chat.id = ?1", since())
}

/// Since when the person of a chat waits, as its messages say; `None` = nobody does.
pub(in crate::tables) fn waits_since(
    connection: &Connection,
    id: ChatId,
) -> Result<Option<UnixMillis>, StoreError> {
    let since: Option<i64> = connection
        .prepare_cached(&waits_since_query())?
        .query_row([id.0], |row| row.get(0))?;
    Ok(since.map(UnixMillis))
}

/// Somebody may wait who did not, or nobody any more: looks for it again.
pub(in crate::tables) fn settle_waiting(writing: &mut Writing<'_>, id: ChatId) -> Result<(), StoreError> {
    let since = waits_since(writing, id)?.map(|since| since.0);
    let sql = "UPDATE chat SET waiting_since = ?2 WHERE id = ?1 AND waiting_since IS NOT ?2";
    if writing.prepare_cached(sql)?.execute(params![id.0, since])? > 0 {
        writing.touch(Change::Chats);
        writing.touch(Change::Chat(id));
    }
    Ok(())
}

/// The same of all chats, for a file that was put together from another one.
pub(crate) fn settle_all_waiting(connection: &Connection) -> Result<(), StoreError> {
    connection.execute(&format!("UPDATE chat SET waiting_since = {}", since()), [])?;
    Ok(())
}
