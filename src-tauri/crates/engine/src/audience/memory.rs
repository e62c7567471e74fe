//! How a list was understood, remembered for the next list with the same headings.
//!
//! | Kept under | what |
//! |---|---|
//! | the headings as they were read in the end | which column holds the number, and of which country it is; which the name, if one does |
//! | the headings as they were found before anybody read the list otherwise | how it was read in the end: which sheet, encoding, delimiter |
//!
//! The second leads to the first: it is believed only if the list, read so, has headings that are known. That its first row holds headings
//! follows from their being known.

use mostrador_campaigns::sheet::{Delimiter, Encoding, Form};
use mostrador_store::tables::setting;
use mostrador_store::{Connection, StoreError, Writing};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::media::hash;

/// What is remembered of its columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Remembered {
    /// The column of the number.
    pub(super) number: usize,
    /// Where the names are; `None` = kept before that was asked: it is found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) names: Option<Names>,
    /// Of the numbers without a country code.
    pub(super) country: Option<String>,
}

/// Where the names are, as a person left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Names {
    /// In this column.
    In(usize),
    /// In none.
    Nowhere,
}

/// How a list was read. A sheet by its name: another file may have another one before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ReadAs {
    /// Of text.
    Text {
        /// Its name.
        encoding: String,
        /// Its word.
        delimiter: String,
    },
    /// Of a workbook: the sheet.
    Sheet(String),
}

impl ReadAs {
    pub(super) fn of(form: &Form) -> Option<Self> {
        match form {
            Form::Text { encoding, delimiter } => Some(Self::Text {
                encoding: encoding.name().to_owned(),
                delimiter: delimiter.as_str().to_owned(),
            }),
            Form::Workbook { sheets, chosen } => sheets.get(*chosen).cloned().map(Self::Sheet),
        }
    }

    /// A list that was found as `found`, read so; `None` if that is no other way, or not one for it.
    pub(super) fn form(&self, found: &Form) -> Option<Form> {
        let form = match (self, found) {
            (Self::Text { encoding, delimiter }, Form::Text { .. }) => Form::Text {
                encoding: Encoding::named(encoding)?,
                delimiter: Delimiter::from_word(delimiter)?,
            },
            (Self::Sheet(name), Form::Workbook { sheets, .. }) => Form::Workbook {
                sheets: sheets.clone(),
                chosen: sheets.iter().position(|sheet| sheet == name)?,
            },
            _ => return None,
        };
        (form != *found).then_some(form)
    }
}

/// What an accepted list leaves behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lesson {
    /// The headings as they were found, and how the list was read in the end.
    pub(super) read_as: Option<(String, ReadAs)>,
    /// The headings as they were read in the end, and its columns.
    pub(super) columns: (String, Remembered),
}

/// Under which name it is kept: a hash of the headings, capitals or not. `None` = there are none.
pub(super) fn key(headings: &[String]) -> Option<String> {
    let folded: Vec<String> = headings
        .iter()
        .map(|heading| heading.trim().to_lowercase())
        .collect();
    let is_blank = folded.iter().all(String::is_empty);
    (!is_blank).then(|| hash(folded.join("\u{1f}").as_bytes()))
}

pub(super) fn columns(connection: &Connection, key: &str) -> Result<Option<Remembered>, StoreError> {
    get(connection, &columns_of(key))
}

pub(super) fn read_as(connection: &Connection, key: &str) -> Result<Option<ReadAs>, StoreError> {
    get(connection, &reading_of(key))
}

pub(super) fn keep(writing: &Writing<'_>, lesson: &Lesson) -> Result<(), StoreError> {
    if let Some((key, read_as)) = &lesson.read_as {
        note(writing, &reading_of(key), read_as)?;
    }
    let (key, columns) = &lesson.columns;
    note(writing, &columns_of(key), columns)
}

fn columns_of(key: &str) -> String {
    format!("list:{key}")
}

fn reading_of(key: &str) -> String {
    format!("list-read:{key}")
}

fn get<T: DeserializeOwned>(connection: &Connection, name: &str) -> Result<Option<T>, StoreError> {
    let kept = setting::get(connection, name)?;
    Ok(kept.and_then(|kept| serde_json::from_str(&kept).ok()))
}

fn note(writing: &Writing<'_>, name: &str, what: &impl Serialize) -> Result<(), StoreError> {
    setting::note(writing, name, &serde_json::to_string(what).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_headings_have_the_same_key_and_none_have_none() {
        let headings = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let one = key(&headings(&["Nombre", "Celular"]));
        assert_eq!(
            one,
            key(&headings(&["NOMBRE ", "celular"])),
            "capitals and blanks do not matter"
        );
        assert_ne!(one, key(&headings(&["Nombre Celular"])), "other columns");
        assert_eq!(key(&headings(&["", " "])), None, "no headings");
        assert!(
            !one.unwrap_or_default().contains("nombre"),
            "the headings themselves are not kept"
        );
    }
}
