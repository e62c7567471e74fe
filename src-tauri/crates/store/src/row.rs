//! Reading the columns of a row one after the other, so that a list of columns and its reader stay in step.

use rusqlite::Row;
use rusqlite::types::FromSql;

/// A row and the next column to be read.
pub(crate) struct Columns<'r, 's> {
    row: &'r Row<'s>,
    next: usize,
}

impl<'r, 's> Columns<'r, 's> {
    pub(crate) fn from(row: &'r Row<'s>, first: usize) -> Self {
        Self { row, next: first }
    }

    /// The next column.
    pub(crate) fn take<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        let column = self.next;
        self.next += 1;
        self.row.get(column)
    }

    /// What the words of the next column mean, read where they lie.
    pub(crate) fn take_word<U>(&mut self, mean: impl FnOnce(&str) -> U) -> rusqlite::Result<U> {
        let column = self.next;
        self.next += 1;
        Ok(mean(self.row.get_ref(column)?.as_str()?))
    }

    /// The next column, made into something else if it is not NULL.
    pub(crate) fn take_as<T: FromSql, U>(
        &mut self,
        make: impl FnOnce(T) -> U,
    ) -> rusqlite::Result<Option<U>> {
        Ok(self.take::<Option<T>>()?.map(make))
    }

    /// Is the next column NULL? It is not used up.
    pub(crate) fn is_null(&self) -> rusqlite::Result<bool> {
        Ok(self.row.get_ref(self.next)? == rusqlite::types::ValueRef::Null)
    }
}
