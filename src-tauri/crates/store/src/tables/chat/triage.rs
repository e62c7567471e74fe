//! What is still to be done about a chat: ours alone. A message of theirs opens it again, see `ingest::room`.

use mostrador_domain::{ChatId, Triage, UnixMillis};
use rusqlite::{Connection, params};

use crate::{Change, StoreError, Writing};

/// Sets the state of a chat; `until` is for a snoozed one, and needed there.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`]; [`crate::StoreErrorKind::StateChanged`] for a snooze without an end.
pub fn set_triage(
    writing: &mut Writing<'_>,
    id: ChatId,
    state: Triage,
    until: Option<UnixMillis>,
) -> Result<(), StoreError> {
    let until = until.filter(|_| state == Triage::Snoozed);
    if state == Triage::Snoozed && until.is_none() {
        return Err(StoreError::state_changed());
    }
    let sql = "UPDATE chat SET triage = ?2, snoozed_until = ?3 WHERE id = ?1";
    if writing
        .prepare_cached(sql)?
        .execute(params![id.0, state.as_str(), until.map(|until| until.0)])?
        == 0
    {
        return Err(StoreError::not_found());
    }
    writing.touch(Change::Chat(id));
    writing.touch(Change::Chats);
    Ok(())
}

/// Opens the snoozed chats whose time has come, and gives them.
///
/// # Errors
/// The file's.
pub fn wake_snoozed(writing: &mut Writing<'_>, now: UnixMillis) -> Result<Vec<ChatId>, StoreError> {
    let woken: Vec<ChatId> = {
        let mut statement = writing.prepare_cached(WAKE)?;
        let rows = statement.query_map([now.0], |row| Ok(ChatId(row.get(0)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for id in &woken {
        writing.touch(Change::Chat(*id));
        writing.touch(Change::Chats);
    }
    Ok(woken)
}

/// SQL: see [`wake_snoozed`].
pub(in crate::tables) const WAKE: &str =
    "UPDATE chat SET triage = 'open', snoozed_until = NULL WHERE snoozed_until <= ?1 RETURNING id";

/// When the next snoozed chat opens.
///
/// # Errors
/// The file's.
pub fn next_wake(connection: &Connection) -> Result<Option<UnixMillis>, StoreError> {
    let sql = "SELECT min(snoozed_until) FROM chat WHERE snoozed_until IS NOT NULL";
    let next: Option<i64> = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(next.map(UnixMillis))
}
