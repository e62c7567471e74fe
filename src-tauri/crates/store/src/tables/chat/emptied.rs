//! Chats that were emptied or deleted on the phone. What is still to be sent, or failed and waits for a person, stays.

use mostrador_domain::{Address, DeviceId};

use super::{find, settle_newest};
use crate::{Change, StoreError, Writing};

/// SQL: the outbox row `o` is work that nobody may lose.
const UNSENT: &str = "o.state IN ('ready', 'in_flight', 'uncertain', 'dead')";

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
    let sql = format!(
        "DELETE FROM message WHERE chat_id = ?1
            AND id NOT IN (SELECT o.message_id FROM outbox o WHERE o.chat_id = ?1 AND {UNSENT} AND o.message_id IS NOT NULL)"
    );
    writing.prepare_cached(&sql)?.execute([id.0])?;
    writing
        .prepare_cached("UPDATE chat SET unread = 0, marked_unread = 0, read_to_tell = NULL WHERE id = ?1")?
        .execute([id.0])?;
    settle_newest(writing, id)?;
    writing.touch(Change::Messages(id));
    if gone {
        let sql = format!(
            "DELETE FROM chat WHERE id = ?1 AND draft IS NULL AND draft_media_id IS NULL
               AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.chat_id = ?1 AND {UNSENT})"
        );
        writing.prepare_cached(&sql)?.execute([id.0])?;
    }
    Ok(())
}
