//! What a chat is called. Several tell it; the better one holds, whenever it is told, and among equals the later one.

use mostrador_domain::{Address, ChatId, ChatKind, DeviceId, PictureId};
use rusqlite::{Connection, params};

use crate::quiet::quiet_debug;
use crate::row::Columns;
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
    pub(in crate::tables) fn number(self) -> i64 {
        match self {
            Self::Guessed => 1,
            Self::Push => 2,
            Self::Told => 3,
            Self::Saved => 4,
        }
    }
}

/// What a chat is shown by where only a line is said of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Face {
    /// Through which number it runs.
    pub device: DeviceId,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// Where it is.
    pub address: Address,
    /// What it is.
    pub kind: ChatKind,
    /// The picture of whom it is with.
    pub picture: Option<PictureId>,
}

quiet_debug!(Face {
    device,
    address,
    kind
});

/// What a chat is shown by.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn face(connection: &Connection, id: ChatId) -> Result<Face, StoreError> {
    let sql = "SELECT c.device_id, c.name, c.address, c.kind, \
                      (SELECT p.id FROM picture p WHERE p.device_id = c.device_id AND p.address = c.address) \
               FROM chat c WHERE c.id = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([id.0], |row| {
        let mut read = Columns::from(row, 0);
        Ok(Face {
            device: DeviceId(read.take()?),
            name: read.take()?,
            address: read.take_word(Address::parse)?,
            kind: read.take_word(ChatKind::from_word)?.unwrap_or(ChatKind::Other),
            picture: read.take_as(PictureId)?,
        })
    })?)
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
