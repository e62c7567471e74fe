//! Edits: the newest words are in the message, those before in its history.

use mostrador_domain::{MediaKind, MessageId, UnixMillis};
use rusqlite::params;

use crate::tables::message::columns::Columns;
use crate::{StoreError, Writing};

/// What a message says now.
struct Present {
    at: i64,
    edited_at: Option<i64>,
    kind: String,
    text: Option<String>,
    data: Option<String>,
}

/// The message said this from `at` on. `false` = that is nothing new. Of a file only the words under it are ever edited; a
/// content that we cannot read changes nothing.
pub(super) fn apply(
    writing: &Writing<'_>,
    message: MessageId,
    said: &Columns<'_>,
    at: UnixMillis,
) -> Result<bool, StoreError> {
    let Some(present) = present(writing, message)? else {
        return Ok(false);
    };
    if said.kind == "unknown" {
        return Ok(false);
    }
    let is_file = |kind: &str| MediaKind::from_word(kind).is_some();
    let only_words = is_file(&present.kind) || is_file(said.kind);
    let (kind, data) = if only_words {
        (present.kind.as_str(), present.data.as_deref())
    } else {
        (said.kind, said.data.as_deref())
    };
    let text = said.text.as_deref();
    if present.edited_at.is_some_and(|edited| at.0 < edited) {
        return keep(writing, message, at.0, (kind, text, data));
    }
    let same = present.kind == kind && present.text.as_deref() == text && present.data.as_deref() == data;
    if same && present.edited_at.is_some() {
        return Ok(false);
    }
    let since = present.edited_at.unwrap_or(present.at);
    keep(
        writing,
        message,
        since,
        (&present.kind, present.text.as_deref(), present.data.as_deref()),
    )?;
    let sql = "UPDATE message SET kind = ?2, text = ?3, data = ?4, edited_at = ?5 WHERE id = ?1 AND edited_at IS ?6 AND deleted_at IS NULL";
    let changed = writing.prepare_cached(sql)?.execute(params![
        message.0,
        kind,
        text,
        data,
        at.0,
        present.edited_at
    ])?;
    Ok(changed > 0)
}

fn present(writing: &Writing<'_>, message: MessageId) -> Result<Option<Present>, StoreError> {
    let sql = "SELECT at, edited_at, kind, text, data FROM message WHERE id = ?1 AND deleted_at IS NULL";
    let mut statement = writing.prepare_cached(sql)?;
    let mut rows = statement.query([message.0])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    Ok(Some(Present {
        at: row.get(0)?,
        edited_at: row.get(1)?,
        kind: row.get(2)?,
        text: row.get(3)?,
        data: row.get(4)?,
    }))
}

/// Keeps earlier words in the history.
fn keep(
    writing: &Writing<'_>,
    message: MessageId,
    since: i64,
    (kind, text, data): (&str, Option<&str>, Option<&str>),
) -> Result<bool, StoreError> {
    let sql = "INSERT INTO message_edit (message_id, at, kind, text, data) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
    Ok(writing
        .prepare_cached(sql)?
        .execute(params![message.0, since, kind, text, data])?
        > 0)
}
