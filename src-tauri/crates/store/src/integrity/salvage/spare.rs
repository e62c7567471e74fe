//! Second copies of rows, which the tables' own triggers keep on other pages: used only where the row itself cannot be read.

use rusqlite::types::Value;
use rusqlite::{Connection, Transaction};

use super::old::{Old, Row};
use super::{forget_unless, keep};
use crate::StoreError;

/// The rows of `table` that are not here by then.
pub(super) fn stand_in(old: &Old, tx: &mut Transaction<'_>, table: &'static str) -> Result<(), StoreError> {
    for row in rows(old, table) {
        keep(tx, |to| row.store(to))?;
    }
    Ok(())
}

/// The devices, and what their gateways ask for, but for those that were removed.
pub(super) fn devices(old: &Old, tx: &mut Transaction<'_>, removed: &[Value]) -> Result<(), StoreError> {
    for device in rows(old, "device") {
        if !removed.contains(device.get("id")) {
            keep(tx, |to| device.store(to))?;
        }
    }
    stand_in(old, tx, "device_field")
}

/// Messages that no gateway has accepted, and whose own rows are lost.
pub(super) fn unsent(old: &Old, tx: &mut Transaction<'_>) -> Result<(), StoreError> {
    for mut message in rows(old, "message") {
        keep(tx, |to: &_| {
            let to: &Connection = to;
            forget_unless(to, &mut message, "media_id", "media")?;
            message.store(to)
        })?;
    }
    Ok(())
}

/// The copies of the rows of `table`, most of them twice.
pub(super) fn rows(old: &Old, table: &'static str) -> Vec<Row> {
    let of = [Value::Text(table.to_owned())];
    let copies = ["key", "key DESC"]
        .into_iter()
        .flat_map(|order| old.rows("spare", &["row"], &format!("what = ?1 ORDER BY {order}"), &of));
    copies
        .filter_map(|copy| match copy.get("row") {
            Value::Text(json) => old.row_of_json(table, json),
            _ => None,
        })
        .collect()
}
