//! How the sending of a message went so far.

use mostrador_domain::{FailureCode, MessageId, OutboxState, UnixMillis};
use rusqlite::{Connection, OptionalExtension};

use crate::StoreError;

/// How the sending of a message went so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sending {
    /// How often it was tried.
    pub attempts: u32,
    /// When it was last tried.
    pub tried_at: Option<UnixMillis>,
    /// Of one that is to be tried: not before then.
    pub next_at: Option<UnixMillis>,
    /// What the last try that did not succeed ended in, as far as that is kept.
    pub failure: Option<FailureCode>,
}

/// How the sending of a message went so far; `None` = it was not written here.
///
/// # Errors
/// The file's.
pub fn sending(connection: &Connection, id: MessageId) -> Result<Option<Sending>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT state, attempts, claimed_at, next_at, failure FROM outbox WHERE message_id = ?1 AND kind = 'send'",
    )?;
    let found = statement.query_row([id.0], |row| {
        let ready = row.get::<_, String>(0)? == OutboxState::Ready.as_str();
        Ok(Sending {
            attempts: row.get(1)?,
            tried_at: row.get::<_, Option<i64>>(2)?.map(UnixMillis),
            next_at: ready.then_some(UnixMillis(row.get(3)?)),
            failure: row
                .get::<_, Option<String>>(4)?
                .and_then(|word| FailureCode::from_word(&word)),
        })
    });
    Ok(found.optional()?)
}
