//! What a chat is called. Several tell it; the better one holds, whenever it is told, and among equals the later one.

use mostrador_domain::{ChatId, UnixMillis};
use rusqlite::params;

use crate::{Change, StoreError, Writing};

/// Who tells a name, the better the higher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameRank {
    /// The writer of a message calls himself so.
    Guessed,
    /// The same, told of a contact.
    Push,
    /// The gateway calls the chat so.
    Told,
    /// It is saved on the phone.
    Saved,
}

impl NameRank {
    fn number(self) -> i64 {
        match self {
            Self::Guessed => 1,
            Self::Push => 2,
            Self::Told => 3,
            Self::Saved => 4,
        }
    }
}

/// Notes a chat's name. A guess is taken only where there is no name at all.
///
/// # Errors
/// The file's.
pub fn named(writing: &mut Writing<'_>, id: ChatId, name: &str, rank: NameRank) -> Result<(), StoreError> {
    let sql = "UPDATE chat SET name = ?2, name_rank = ?3
                WHERE id = ?1 AND name_rank <= ?3 AND (?3 > 1 OR name IS NULL) AND (name IS NOT ?2 OR name_rank <> ?3)";
    if writing
        .prepare_cached(sql)?
        .execute(params![id.0, name, rank.number()])?
        > 0
    {
        writing.touch(Change::Chat(id));
    }
    Ok(())
}

/// Notes the name that a message of the time `at` tells. An older message knows no better than what is there, unless that
/// is less than told: telling it again must not bring an old name back.
pub(in crate::tables) fn named_by_message(
    writing: &mut Writing<'_>,
    id: ChatId,
    told: &str,
    at: UnixMillis,
) -> Result<(), StoreError> {
    let sql = "SELECT name_rank < ?3 OR last_at <= ?2 FROM chat WHERE id = ?1";
    let better: bool = writing
        .prepare_cached(sql)?
        .query_row(params![id.0, at.0, NameRank::Told.number()], |row| row.get(0))?;
    if better {
        named(writing, id, told, NameRank::Told)
    } else {
        Ok(())
    }
}
