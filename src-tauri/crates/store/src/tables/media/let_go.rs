//! Customers' files that make room: the oldest of those that were fetched go back to being at the gateway only.
//!
//! Rows go first, then bytes, as with files that nobody needs ([`super::orphans`]). A file that was let go is not fetched by
//! itself again, only when somebody looks at it.

use mostrador_domain::MediaId;
use rusqlite::{Connection, params};

use crate::{Change, StoreError, Writing};

/// A customer's file that is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fetched {
    /// Which.
    pub id: MediaId,
    /// Its size.
    pub bytes: u64,
}

/// Bytes of the customers' files that are here. One that came in many chats lies in the folder once.
///
/// # Errors
/// The file's.
pub fn fetched_bytes(connection: &Connection) -> Result<u64, StoreError> {
    let sql = "SELECT coalesce(sum(bytes), 0) FROM
                 (SELECT max(bytes) AS bytes FROM media INDEXED BY media_fetched
                   WHERE state = 'ready' AND gateway_ref IS NOT NULL GROUP BY coalesce(sha256, id))";
    let bytes: i64 = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(u64::try_from(bytes).unwrap_or_default())
}

/// Up to `limit` of them, those that were noted first.
///
/// # Errors
/// The file's.
pub fn oldest_fetched(connection: &Connection, limit: u32) -> Result<Vec<Fetched>, StoreError> {
    let mut statement = connection.prepare_cached(OLDEST)?;
    let rows = statement.query_map([limit], |row| {
        Ok(Fetched {
            id: MediaId(row.get(0)?),
            bytes: u64::try_from(row.get::<_, i64>(1)?).unwrap_or_default(),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// SQL: see [`oldest_fetched`].
pub(in crate::tables) const OLDEST: &str = "SELECT id, coalesce(bytes, 0) FROM media INDEXED BY media_fetched
     WHERE state = 'ready' AND gateway_ref IS NOT NULL ORDER BY id LIMIT ?1";

/// Lets these files go: Ready → Remote. What is ours, or not here, stays as it is. Their bytes are unknown from now on.
///
/// # Errors
/// The file's.
pub fn let_go(writing: &mut Writing<'_>, media: &[MediaId]) -> Result<u32, StoreError> {
    let sql = "UPDATE media SET state = 'remote', sha256 = NULL, let_go = 1
                WHERE id = ?1 AND state = 'ready' AND gateway_ref IS NOT NULL";
    let mut gone = 0;
    for id in media {
        if writing.prepare_cached(sql)?.execute(params![id.0])? > 0 {
            gone += 1;
            writing.touch(Change::Media(*id));
        }
    }
    Ok(gone)
}
