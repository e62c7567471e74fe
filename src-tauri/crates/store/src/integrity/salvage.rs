//! What is taken over from a damaged file, row by row: what cannot be read stays behind, what can is kept.
//!
//! In this order: the devices; the conversations, with their writers, files and all that was done to their messages, since not every
//! gateway can tell of them again ([`history`]); everything that we mean to send or do; the settings; what the shop alone knows of chats
//! (wishes, labels of its own); who is one person; what is noted about people; stories, calls, and what was said of numbers; campaigns
//! with their people, and who does not want to be written to. A campaign that ran is paused, and one that waited for its time is asked
//! about: a person looks at them first. A send that was in flight comes over as Uncertain: nobody knows whether it went. So does one that
//! waits, if the log is torn in the middle: that it began to leave may have stood behind that. So do those whose turn had not come of a
//! campaign that had begun, or could have been started, for the same reason. The first sync is done again: it brings what could not be read, as
//! far as the gateway has it.
//!
//! A damaged page ends any scan that meets it. So the numbers of the rows are collected from both ends of each table and
//! from its indexes, and then each row is read by its number alone: one that cannot be read costs only itself.
//!
//! The file may be of an older version: of each table those columns are read that it has ([`old::Old`]). Rows keep their
//! numbers.
//!
//! What a shop can least do without has a second copy on other pages ([`spare`]), and where its tables begin is noted beside the
//! file ([`super::plan`]): without the page that says so, no table could be read.
//!
//! Failing to read is expected. Failing to write is not: it ends the whole undertaking.

use std::path::Path;

use mostrador_domain::UnixMillis;
use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, Savepoint, Transaction};

use super::{remove, sibling};
use crate::tables::{chat, search};
use crate::{StoreError, crash};

mod campaigns;
mod history;
mod log;
mod mend;
mod old;
mod once;
mod shop;
mod spare;
mod unsent;

use mend::open_damaged;
use old::{Old, Row};

/// How much was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) devices: u32,
    /// Those that will be sent, or wait for a person.
    pub(crate) messages: u32,
}

/// Takes over what can be read of the file at `damaged`, in one transaction.
pub(crate) fn take_over(fresh: &mut Connection, damaged: &Path, now: UnixMillis) -> Result<(), StoreError> {
    let mended = sibling(damaged, ".reading");
    let log_was_torn = super::torn_log(damaged).exists();
    let taken = match open_damaged(damaged, &mended, fresh) {
        Ok(Some(old)) => copy_all(&Old::of(old, fresh), fresh, (now, log_was_torn)),
        Ok(None) => Ok(()),
        Err(error) => Err(error),
    };
    remove(&mended)?;
    taken
}

/// Is the log of the file at `damaged` torn in the middle? One that cannot be read may be.
pub(crate) fn log_is_torn(damaged: &Path) -> bool {
    match super::read_if_there(&sibling(damaged, "-wal")) {
        Ok(log) => log.is_some_and(|log| log::is_torn(&log)),
        Err(_) => true,
    }
}

/// How much is in a new file to which nothing was added since.
pub(crate) fn kept(new: &Connection) -> Result<Kept, StoreError> {
    let sql = "SELECT (SELECT count(*) FROM device),
                      (SELECT count(*) FROM outbox WHERE kind = 'send' AND state NOT IN ('done', 'discarded'))";
    Ok(new.query_row(sql, [], |row| {
        Ok(Kept {
            devices: row.get(0)?,
            messages: row.get(1)?,
        })
    })?)
}

fn copy_all(
    old: &Old,
    fresh: &mut Connection,
    (now, log_was_torn): (UnixMillis, bool),
) -> Result<(), StoreError> {
    let mut tx = fresh.transaction()?;
    let removed = old.keys(&["SELECT device_id FROM removing"]);
    shop::devices(old, &mut tx, &removed)?;
    spare::devices(old, &mut tx, &removed)?;
    history::all(old, &mut tx, &removed)?;
    unsent::all(old, &mut tx, now)?;
    if log_was_torn {
        unsent::may_have_gone(&tx)?;
    }
    shop::settings(old, &mut tx)?;
    spare::stand_in(old, &mut tx, "setting")?;
    shop::labels(old, &mut tx)?;
    shop::wishes(old, &mut tx)?;
    shop::people(old, &mut tx)?;
    shop::notes(old, &mut tx)?;
    spare::stand_in(old, &mut tx, "note")?;
    once::stories(old, &mut tx)?;
    once::calls(old, &mut tx)?;
    once::number_checks(old, &mut tx)?;
    once::blocks(old, &mut tx)?;
    once::emptied(old, &mut tx)?;
    campaigns::all(old, &mut tx, log_was_torn)?;
    chat::settle_all_waiting(&tx)?;
    // What an older file takes people for that a migration has taken back since.
    tx.execute_batch(include_str!("../migrations/0029_nobody_saved.sql"))?;
    search::fill(&tx)?;
    tx.commit()?;
    crash::point("salvage.committed");
    Ok(())
}

/// Writes one row as a whole. `false` = what was read is nonsense (it breaks a rule of the tables): it stays behind.
fn keep(
    tx: &mut Transaction<'_>,
    write: impl FnOnce(&Savepoint<'_>) -> rusqlite::Result<usize>,
) -> Result<bool, StoreError> {
    let savepoint = tx.savepoint()?;
    match write(&savepoint) {
        Ok(written) => {
            savepoint.commit()?;
            crash::point("salvage.row");
            Ok(written > 0)
        }
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// What is not here cannot be pointed at.
fn forget_unless(to: &Connection, row: &mut Row, column: &str, table: &str) -> rusqlite::Result<()> {
    if row.is_null(column) {
        return Ok(());
    }
    let sql = format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE id = ?1)");
    let there: bool = to
        .prepare_cached(&sql)?
        .query_row([row.get(column)], |found| found.get(0))?;
    if !there {
        row.set(column, Value::Null);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
