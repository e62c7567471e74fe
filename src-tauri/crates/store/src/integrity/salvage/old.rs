//! A damaged file, read row by row, whatever version of the tables it has.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value;
use rusqlite::{Connection, ToSql, params_from_iter};

/// The damaged file, and which columns each of its tables has.
pub(super) struct Old {
    connection: Connection,
    columns: BTreeMap<&'static str, BTreeSet<String>>,
}

/// The tables that are read.
const TABLES: [&str; 24] = [
    "device",
    "device_field",
    "public_way",
    "setting",
    "chat",
    "message",
    "media",
    "address",
    "outbox",
    "label",
    "chat_label",
    "chat_wish",
    "person",
    "person_address",
    "contact",
    "note",
    "story",
    "number_check",
    "block",
    "call",
    "campaign",
    "recipient",
    "opt_out",
    "segment",
];

impl Old {
    pub(super) fn of(connection: Connection) -> Self {
        let columns = TABLES.map(|table| (table, columns_of(&connection, table)));
        Self {
            connection,
            columns: columns.into(),
        }
    }

    /// Every key that any of the queries gives before it meets something unreadable, in order. A query that does not fit the
    /// file's version gives none.
    pub(super) fn keys(&self, queries: &[impl AsRef<str>]) -> Vec<Value> {
        let mut numbers = BTreeSet::new();
        let mut words = BTreeSet::new();
        for sql in queries {
            let Ok(mut statement) = self.connection.prepare(sql.as_ref()) else {
                continue;
            };
            let Ok(mut rows) = statement.query([]) else {
                continue;
            };
            while let Ok(Some(row)) = rows.next() {
                match row.get::<_, Value>(0) {
                    Ok(Value::Integer(number)) => _ = numbers.insert(number),
                    Ok(Value::Text(word)) => _ = words.insert(word),
                    _ => {}
                }
            }
        }
        let numbers = numbers.into_iter().map(Value::Integer);
        numbers.chain(words.into_iter().map(Value::Text)).collect()
    }

    /// The row of `table` whose `key` is `value`, as far as the file has these columns. `None` = it cannot be read.
    pub(super) fn row(
        &self,
        table: &'static str,
        columns: &[&'static str],
        key: &str,
        value: &Value,
    ) -> Option<Row> {
        let condition = format!("{key} = ?1");
        self.rows(table, columns, &condition, std::slice::from_ref(value))
            .pop()
    }

    /// The rows of `table` for which `condition` holds, until one cannot be read.
    pub(super) fn rows(
        &self,
        table: &'static str,
        columns: &[&'static str],
        condition: &str,
        values: &[Value],
    ) -> Vec<Row> {
        let has = self.columns.get(table);
        let columns: Vec<&'static str> = columns
            .iter()
            .copied()
            .filter(|column| has.is_some_and(|has| has.contains(*column)))
            .collect();
        let sql = format!("SELECT {} FROM {table} WHERE {condition}", columns.join(", "));
        let mut found = Vec::new();
        let Ok(mut statement) = self.connection.prepare(&sql) else {
            return found;
        };
        let Ok(mut rows) = statement.query(params_from_iter(values)) else {
            return found;
        };
        while let Ok(Some(row)) = rows.next() {
            let values = columns
                .iter()
                .enumerate()
                .map(|(place, column)| Ok((*column, row.get::<_, Value>(place)?)))
                .collect::<rusqlite::Result<BTreeMap<_, _>>>();
            match values {
                Ok(values) => found.push(Row { table, values }),
                Err(_) => break,
            }
        }
        found
    }
}

fn columns_of(connection: &Connection, table: &str) -> BTreeSet<String> {
    let read = || -> rusqlite::Result<BTreeSet<String>> {
        let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?1)")?;
        let names = statement.query_map([table], |row| row.get(0))?;
        names.collect()
    };
    read().unwrap_or_default()
}

/// The queries that give the keys of a table from both its ends.
pub(super) fn both_ends(sql: &str, key: &str) -> [String; 2] {
    [
        format!("{sql} ORDER BY {key}"),
        format!("{sql} ORDER BY {key} DESC"),
    ]
}

/// One row, by its columns.
pub(super) struct Row {
    table: &'static str,
    values: BTreeMap<&'static str, Value>,
}

impl Row {
    /// What is in a column; NULL if the file does not have it.
    pub(super) fn get(&self, column: &str) -> &Value {
        self.values.get(column).unwrap_or(&Value::Null)
    }

    pub(super) fn is_null(&self, column: &str) -> bool {
        *self.get(column) == Value::Null
    }

    /// Is it this word?
    pub(super) fn says(&self, column: &str, word: &str) -> bool {
        matches!(self.get(column), Value::Text(text) if text == word)
    }

    pub(super) fn set(&mut self, column: &'static str, value: impl Into<Value>) {
        self.values.insert(column, value.into());
    }

    /// The new file has no such column.
    pub(super) fn leave_out(&mut self, column: &str) {
        self.values.remove(column);
    }

    /// Writes it. A row that is there already stays as it is.
    pub(super) fn store(&self, to: &Connection) -> rusqlite::Result<usize> {
        self.store_with(to, "ON CONFLICT DO NOTHING")
    }

    /// Writes it; one that is there already is nonsense.
    pub(super) fn store_new(&self, to: &Connection) -> rusqlite::Result<usize> {
        self.store_with(to, "")
    }

    fn store_with(&self, to: &Connection, on_conflict: &str) -> rusqlite::Result<usize> {
        let columns: Vec<&str> = self.values.keys().copied().collect();
        let places: Vec<String> = (1..=columns.len()).map(|place| format!("?{place}")).collect();
        let sql = format!(
            "INSERT INTO {} ({}) VALUES ({}) {on_conflict}",
            self.table,
            columns.join(", "),
            places.join(", ")
        );
        to.prepare_cached(&sql)?.execute(params_from_iter(
            self.values.values().map(|value| value as &dyn ToSql),
        ))
    }
}
