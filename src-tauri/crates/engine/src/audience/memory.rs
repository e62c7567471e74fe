//! How the columns of a list were understood, remembered for the next list with the same headings.

use mostrador_store::tables::setting;
use mostrador_store::{Connection, StoreError, Writing};

use serde::{Deserialize, Serialize};

use crate::media::hash;

/// What is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Remembered {
    /// The column of the number.
    pub(super) number: usize,
    /// Of the numbers without a country code.
    pub(super) country: Option<String>,
}

/// Under which name it is kept: a hash of the headings, capitals or not. `None` = there are none.
pub(super) fn key(headings: &[String]) -> Option<String> {
    let folded: Vec<String> = headings
        .iter()
        .map(|heading| heading.trim().to_lowercase())
        .collect();
    let is_blank = folded.iter().all(String::is_empty);
    (!is_blank).then(|| format!("list:{}", hash(folded.join("\u{1f}").as_bytes())))
}

pub(super) fn get(connection: &Connection, key: &str) -> Result<Option<Remembered>, StoreError> {
    let kept = setting::get(connection, key)?;
    Ok(kept.and_then(|kept| serde_json::from_str(&kept).ok()))
}

pub(super) fn keep(writing: &Writing<'_>, key: &str, remembered: &Remembered) -> Result<(), StoreError> {
    let kept = serde_json::to_string(remembered).unwrap_or_default();
    setting::note(writing, key, &kept)
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
