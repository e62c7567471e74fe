//! Opening the file: the same pragmas for everybody, `query_only` for readers.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, MAIN_DB, OpenFlags};

use crate::{StoreError, StoreErrorKind};

/// How long a connection waits for a lock before it says [`crate::StoreErrorKind::Busy`].
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// Prepared statements kept per connection.
const STATEMENTS: usize = 128;

/// What the writer keeps of the file in memory.
const CACHE_KIB: i64 = 4 * 1_024;

/// What a transaction may change before it writes pages that it may have to write again. Above what is kept, it is given back at the commit.
const SPILL_KIB: i64 = 16 * 1_024;

/// What a reader keeps of it: a page of hits reads from all over the file. Readers are used again before another is opened, so
/// most often there is one.
const READER_CACHE_KIB: i64 = 8 * 1_024;

/// The connection that writes. Opening changes nothing in a file that is there; [`set_up_writer`] does.
pub(crate) fn open_writer(path: &Path, patience: Duration) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    common(&connection, patience)?;
    // SQLite opens a file that it may not write for reading, and says so only when it is written.
    if connection.is_readonly(MAIN_DB)? {
        return Err(StoreError::of(StoreErrorKind::ReadOnly));
    }
    Ok(connection)
}

/// What only the writer sets.
pub(crate) fn set_up_writer(connection: &Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "cache_spill", -SPILL_KIB)?;
    Ok(())
}

/// The same for a new file that nobody opens before it is whole, and that is thrown away if that fails. It has no log: what is committed
/// is in the file itself, or the commit fails. A log would be copied into it as it is closed, and nobody is told if there is no room for
/// that. Onto the disk it is forced once, when it is whole.
pub(crate) fn set_up_rebuilding(connection: &Connection) -> Result<(), StoreError> {
    set_up_writer(connection)?;
    connection.pragma_update(None, "journal_mode", "MEMORY")?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    Ok(())
}

/// A connection that only reads.
pub(crate) fn open_reader(path: &Path, patience: Duration) -> Result<Connection, StoreError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(path, flags)?;
    common(&connection, patience)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
    Ok(connection)
}

fn common(connection: &Connection, patience: Duration) -> Result<(), StoreError> {
    connection.busy_timeout(patience)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Without it SQLite looks into what is bound when it plans, and plans a kept statement anew whenever another value is bound:
    // a page of the list of chats spent a third of its time on that. Plans are the same for all values, as the tests see them.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    #[test]
    fn a_kept_statement_is_planned_once_whatever_is_bound() {
        let folder = tempfile::tempdir().expect("a folder");
        let connection = open_writer(&folder.path().join("plans.db"), PATIENCE).expect("a file");
        connection
            .execute_batch(
                "CREATE TABLE entry (id INTEGER PRIMARY KEY, kind TEXT);
                 CREATE INDEX entry_of_kind ON entry (id) WHERE kind = 'kept';",
            )
            .expect("a table with an index of some of its rows");
        let mut statement = connection
            .prepare("SELECT id FROM entry WHERE kind = ?1 ORDER BY id")
            .expect("a query");
        for kind in ["kept", "other", "third"] {
            assert!(!statement.exists([kind]).expect("an answer"), "nothing is there");
        }
        assert_eq!(
            statement.get_status(StatementStatus::RePrepare),
            0,
            "planning anew for each value costs more than a page of a list"
        );
    }
}
