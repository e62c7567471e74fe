//! A damaged file, read row by row, whatever version of the tables it has.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rusqlite::types::Value;
use rusqlite::{Connection, ToSql, params_from_iter};

/// The damaged file, and which columns its tables have.
pub(super) struct Old {
    connection: Connection,
    columns: BTreeMap<&'static str, Vec<Rc<str>>>,
    /// Which the new file's have.
    wanted: BTreeMap<&'static str, BTreeSet<Rc<str>>>,
}

/// The tables that are read. What is not among them is left behind, each for a reason: a test has the list.
pub(super) const TABLES: [&str; 38] = [
    "device",
    "device_field",
    "public_way",
    "setting",
    "chat",
    "message",
    "message_edit",
    "reaction",
    "vote",
    "member_receipt",
    "media",
    "address",
    "outbox",
    "receipt_parked",
    "change_parked",
    "emptying",
    "emptying_kept",
    "emptied",
    "emptied_newest",
    "put_away",
    "raw_event",
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
    "audience",
    "recipient",
    "opt_out",
    "segment",
    "spare",
];

impl Old {
    pub(super) fn of(connection: Connection, fresh: &Connection) -> Self {
        let columns = TABLES.map(|table| (table, columns_of(&connection, table)));
        let wanted = TABLES.map(|table| (table, columns_of(fresh, table).into_iter().collect()));
        Self {
            connection,
            columns: columns.into(),
            wanted: wanted.into(),
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

    /// The same of a table whose keys are numbers, from both its ends and from those of an index.
    pub(super) fn ids(&self, table: &str, index: Option<(&str, &str)>) -> BTreeSet<i64> {
        let mut queries = both_ends(&format!("SELECT id FROM {table} NOT INDEXED"), "id").to_vec();
        if let Some((index, by)) = index {
            queries.extend(both_ends(
                &format!("SELECT id FROM {table} INDEXED BY {index}"),
                by,
            ));
        }
        self.keys(&queries).iter().filter_map(number).collect()
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

    /// A row of `table` with all columns that the new file has too, but for these.
    pub(super) fn whole(&self, table: &'static str, but: &[&str], id: i64) -> Option<Row> {
        let wanted = |column: &&Rc<str>| self.is_wanted(table, column) && !but.contains(&column.as_ref());
        self.read(table, wanted, "id = ?1", &[Value::Integer(id)]).pop()
    }

    /// Has a table of the file this column?
    pub(super) fn has(&self, table: &str, column: &str) -> bool {
        let columns = self.columns.get(table);
        columns.is_some_and(|columns| columns.iter().any(|known| known.as_ref() == column))
    }

    fn is_wanted(&self, table: &str, column: &Rc<str>) -> bool {
        self.wanted
            .get(table)
            .is_some_and(|wanted| wanted.contains(column))
    }

    /// The rows of `table` for which `condition` holds, until one cannot be read.
    pub(super) fn rows(
        &self,
        table: &'static str,
        columns: &[&str],
        condition: &str,
        values: &[Value],
    ) -> Vec<Row> {
        let wanted = |column: &&Rc<str>| columns.contains(&column.as_ref());
        self.read(table, wanted, condition, values)
    }

    /// All rows of `table` that can be read from one of its ends, as [`Self::whole`]; those that can be from both come twice. In the
    /// order of the columns of its key.
    pub(super) fn both_ends_of(
        &self,
        table: &'static str,
        key: &[&str],
    ) -> impl Iterator<Item = Row> + use<> {
        let backwards = format!("true ORDER BY {} DESC", key.join(" DESC, "));
        let forwards = format!("true ORDER BY {}", key.join(", "));
        let read = [forwards, backwards]
            .map(|order| self.read(table, |column| self.is_wanted(table, column), &order, &[]));
        read.into_iter().flatten()
    }

    /// A row of `table` that was kept as JSON, with the columns that the new file has.
    pub(super) fn row_of_json(&self, table: &'static str, json: &str) -> Option<Row> {
        let cells: BTreeMap<String, serde_json::Value> = serde_json::from_str(json).ok()?;
        let mut values = BTreeMap::new();
        for (column, cell) in cells {
            let column = Rc::from(column);
            if self.is_wanted(table, &column) {
                values.insert(column, value(cell)?);
            }
        }
        Some(Row { table, values })
    }

    fn read(
        &self,
        table: &'static str,
        wanted: impl Fn(&&Rc<str>) -> bool,
        condition: &str,
        values: &[Value],
    ) -> Vec<Row> {
        let has = self.columns.get(table).into_iter().flatten();
        let columns: Vec<Rc<str>> = has.filter(wanted).cloned().collect();
        let sql = format!("SELECT {} FROM {table} WHERE {condition}", columns.join(", "));
        let mut found = Vec::new();
        let Ok(mut statement) = self.connection.prepare_cached(&sql) else {
            return found;
        };
        let Ok(mut rows) = statement.query(params_from_iter(values)) else {
            return found;
        };
        while let Ok(Some(row)) = rows.next() {
            let values = columns
                .iter()
                .enumerate()
                .map(|(place, column)| Ok((Rc::clone(column), row.get::<_, Value>(place)?)))
                .collect::<rusqlite::Result<BTreeMap<_, _>>>();
            match values {
                Ok(values) => found.push(Row { table, values }),
                Err(_) => break,
            }
        }
        found
    }
}

fn columns_of(connection: &Connection, table: &str) -> Vec<Rc<str>> {
    let read = || -> rusqlite::Result<Vec<Rc<str>>> {
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

/// As SQLite has what JSON says. `None` = no row of ours has that.
fn value(json: serde_json::Value) -> Option<Value> {
    match json {
        serde_json::Value::Null => Some(Value::Null),
        serde_json::Value::Number(number) => number.as_i64().map(Value::Integer),
        serde_json::Value::String(text) => Some(Value::Text(text)),
        _ => None,
    }
}

fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(*number),
        _ => None,
    }
}

/// One row, by its columns.
pub(super) struct Row {
    table: &'static str,
    values: BTreeMap<Rc<str>, Value>,
}

impl Row {
    /// What is in a column; NULL if the file does not have it.
    pub(super) fn get(&self, column: &str) -> &Value {
        self.values.get(column).unwrap_or(&Value::Null)
    }

    pub(super) fn is_null(&self, column: &str) -> bool {
        *self.get(column) == Value::Null
    }

    pub(super) fn number(&self, column: &str) -> Option<i64> {
        number(self.get(column))
    }

    /// Is it this word?
    pub(super) fn says(&self, column: &str, word: &str) -> bool {
        matches!(self.get(column), Value::Text(text) if text == word)
    }

    pub(super) fn set(&mut self, column: &str, value: impl Into<Value>) {
        self.values.insert(Rc::from(column), value.into());
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
        let columns: Vec<&str> = self.values.keys().map(AsRef::as_ref).collect();
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
