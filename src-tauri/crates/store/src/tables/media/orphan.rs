//! Files that nobody needs any more: their message, chat or device is gone.
//!
//! Rows go first, then bytes: a file without a row is found again by its name ([`unknown`]), a row without its file would show
//! a picture that is not there.

use mostrador_domain::{MediaId, UnixMillis};
use rusqlite::{Connection, params};

use crate::tables::campaign;
use crate::tables::message::columns::json;
use crate::{StoreError, Writing};

/// SQL: no message and no draft shows the media `d`.
const UNUSED: &str = "NOT EXISTS (SELECT 1 FROM message m WHERE m.media_id = d.id)
     AND NOT EXISTS (SELECT 1 FROM chat c WHERE c.draft_media_id = d.id)";

/// Up to `limit` media after `after` that nothing shows and no campaign sends, added before `before`: what was just chosen may still be sent.
///
/// # Errors
/// The file's.
pub fn orphans(
    connection: &Connection,
    before: UnixMillis,
    after: Option<MediaId>,
    limit: u32,
) -> Result<Vec<MediaId>, StoreError> {
    let planned = campaign::planned_media(connection)?;
    let mut after = after.map_or(0, |media| media.0);
    let mut statement = connection.prepare_cached(&orphans_query())?;
    loop {
        let rows = statement.query_map(params![after, before.0, limit], |row| Ok(MediaId(row.get(0)?)))?;
        let mut found: Vec<MediaId> = rows.collect::<Result<_, _>>()?;
        let Some(last) = found.last() else {
            return Ok(found);
        };
        after = last.0;
        found.retain(|media| !planned.contains(media));
        if !found.is_empty() {
            return Ok(found);
        }
    }
}

/// SQL: see [`orphans`].
pub(in crate::tables) fn orphans_query() -> String {
    format!(
        "SELECT d.id FROM media d WHERE d.id > ?1 AND d.added_at < ?2 AND {UNUSED} ORDER BY d.id LIMIT ?3"
    )
}

/// Removes the rows of media that nothing shows (any more, or still) and no campaign sends, and gives the hashes of the bytes that no other row
/// speaks of: those files can be deleted.
///
/// # Errors
/// The file's.
pub fn forget(writing: &Writing<'_>, media: &[MediaId]) -> Result<Vec<String>, StoreError> {
    let sql = format!("DELETE FROM media AS d WHERE d.id = ?1 AND {UNUSED} RETURNING sha256");
    let planned = campaign::planned_media(writing)?;
    let mut hashes = Vec::new();
    for id in media.iter().filter(|id| !planned.contains(id)) {
        let mut statement = writing.prepare_cached(&sql)?;
        let gone = statement.query_map([id.0], |row| row.get::<_, Option<String>>(0))?;
        for hash in gone {
            hashes.extend(hash?);
        }
    }
    unknown(writing, &hashes)
}

/// Those of these hashes that no row speaks of, each once.
///
/// # Errors
/// The file's.
pub fn unknown(connection: &Connection, hashes: &[String]) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare_cached(UNKNOWN)?;
    let rows = statement.query_map([json(hashes)], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// SQL: see [`unknown`].
pub(in crate::tables) const UNKNOWN: &str = "SELECT DISTINCT h.value FROM json_each(?1) h
     WHERE NOT EXISTS (SELECT 1 FROM media d WHERE d.sha256 = h.value AND d.sha256 IS NOT NULL)";
