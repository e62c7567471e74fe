//! Groups: who is in them, and what they are for. The chat's row holds the rest.
//!
//! A list of members replaces the one that is here only if it is whole. Single changes bear no time: they hold in the order in
//! which they are told.

use mostrador_domain::{
    Address, ChatId, DeviceId, GroupSnapshot, MemberChange, MemberChangeKind, MemberRank, PictureId,
};
use rusqlite::{Connection, params};

use crate::quiet::quiet_debug;
use crate::tables::address;
use crate::tables::chat::{self, NameRank};
use crate::{Change, StoreError, Writing};

/// Somebody in a group.
#[derive(Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// Who.
    pub address: Address,
    /// Their name: as saved on the phone, or as they call themselves.
    pub name: Option<String>,
    /// What they may do.
    pub rank: MemberRank,
    /// Their picture.
    pub picture: Option<PictureId>,
}

quiet_debug!(MemberRow { address, rank });
quiet_debug!(GroupRow { read_only });
quiet_debug!(GroupName { chat });

fn word(rank: MemberRank) -> &'static str {
    match rank {
        MemberRank::Member => "member",
        MemberRank::Admin => "admin",
        MemberRank::Creator => "creator",
    }
}

fn rank(word: &str) -> MemberRank {
    match word {
        "creator" => MemberRank::Creator,
        "admin" => MemberRank::Admin,
        _ => MemberRank::Member,
    }
}

/// Everybody in a group, admins first, then by name.
///
/// # Errors
/// The file's.
pub fn members(connection: &Connection, chat: ChatId) -> Result<Vec<MemberRow>, StoreError> {
    let mut statement = connection.prepare_cached(MEMBERS)?;
    let rows = statement.query_map([chat.0], |row| {
        Ok(MemberRow {
            address: Address::parse(&row.get::<_, String>(0)?),
            name: row.get(1)?,
            rank: rank(&row.get::<_, String>(2)?),
            picture: row.get::<_, Option<i64>>(3)?.map(PictureId),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What is said of a group besides who is in it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct GroupRow {
    /// What it is for.
    pub description: Option<String>,
    /// Only admins may write.
    pub read_only: bool,
    /// All who are in it were told once. Else those who are known came, or rose, one by one, and others may have been there before.
    pub members_told: bool,
}

/// One group.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`], also of a chat that is no group.
pub fn get(connection: &Connection, chat: ChatId) -> Result<GroupRow, StoreError> {
    let sql = "SELECT description, read_only, members_told FROM chat WHERE id = ?1 AND kind = 'group'";
    let row = connection.prepare_cached(sql)?.query_row([chat.0], |row| {
        Ok(GroupRow {
            description: row.get(0)?,
            read_only: row.get(1)?,
            members_told: row.get(2)?,
        })
    })?;
    Ok(row)
}

/// SQL: see [`members`].
pub(super) const MEMBERS: &str = "SELECT a.value, coalesce(k.saved_name, a.name), g.rank,
           (SELECT p.id FROM picture p WHERE p.device_id = c.device_id AND p.address = a.value)
      FROM group_member g JOIN chat c ON c.id = g.chat_id JOIN address a ON a.id = g.address_id
           LEFT JOIN contact k ON k.device_id = c.device_id AND k.address = a.value
     WHERE g.chat_id = ?1
     ORDER BY g.rank = 'member', coalesce(k.saved_name, a.name) IS NULL, coalesce(k.saved_name, a.name) COLLATE NOCASE, a.value";

/// A group, to go to.
#[derive(Clone, PartialEq, Eq)]
pub struct GroupName {
    /// Its chat.
    pub chat: ChatId,
    /// Its name, if told.
    pub name: Option<String>,
    /// Its picture.
    pub picture: Option<PictureId>,
}

/// The groups of a device in which somebody is, under any of these addresses: by name.
///
/// # Errors
/// The file's.
pub fn with(
    connection: &Connection,
    device: DeviceId,
    addresses: &[Address],
) -> Result<Vec<GroupName>, StoreError> {
    let mut statement = connection.prepare_cached(WITH)?;
    let mut found: Vec<GroupName> = Vec::new();
    for address in addresses {
        let rows = statement.query_map(params![device.0, address.as_str()], |row| {
            Ok(GroupName {
                chat: ChatId(row.get(0)?),
                name: row.get(1)?,
                picture: row.get::<_, Option<i64>>(2)?.map(PictureId),
            })
        })?;
        for row in rows {
            let row = row?;
            if !found.contains(&row) {
                found.push(row);
            }
        }
    }
    found.sort_by_cached_key(|group| {
        let name = group.name.as_deref().unwrap_or_default().to_lowercase();
        (group.name.is_none(), name, group.chat)
    });
    Ok(found)
}

/// SQL: see [`with`].
pub(super) const WITH: &str = "SELECT c.id, c.name, (SELECT p.id FROM picture p WHERE p.device_id = c.device_id AND p.address = c.address)
      FROM address a CROSS JOIN group_member g INDEXED BY group_member_of ON g.address_id = a.id
           CROSS JOIN chat c ON c.id = g.chat_id
     WHERE a.value = ?2 AND c.device_id = ?1";

/// Takes over what a gateway says of a group; what it does not say stays.
///
/// # Errors
/// The file's.
pub fn told(writing: &mut Writing<'_>, device: DeviceId, said: &GroupSnapshot) -> Result<(), StoreError> {
    let id = chat::ensure(writing, device, &said.group)?;
    if let Some(name) = said.name.as_deref().filter(|name| !name.trim().is_empty()) {
        chat::named(writing, id, name, NameRank::Told)?;
    }
    let sql = "UPDATE chat SET description = coalesce(?2, description), read_only = coalesce(?3, read_only)
                WHERE id = ?1 AND (description IS NOT coalesce(?2, description) OR read_only IS NOT coalesce(?3, read_only))";
    let changed =
        writing
            .prepare_cached(sql)?
            .execute(params![id.0, said.description, said.announcements])?;
    if let Some(members) = &said.members {
        replace(writing, id, members)?;
    }
    if changed > 0 || said.members.is_some() {
        writing.touch(Change::Chat(id));
    }
    Ok(())
}

fn replace(writing: &Writing<'_>, id: ChatId, members: &[(Address, MemberRank)]) -> Result<(), StoreError> {
    writing
        .prepare_cached("DELETE FROM group_member WHERE chat_id = ?1")?
        .execute([id.0])?;
    for (member, rank) in members {
        put(writing, id, member, *rank)?;
    }
    writing
        .prepare_cached("UPDATE chat SET members_told = 1 WHERE id = ?1 AND members_told = 0")?
        .execute([id.0])?;
    Ok(())
}

fn put(writing: &Writing<'_>, id: ChatId, member: &Address, rank: MemberRank) -> Result<(), StoreError> {
    let member = address::ensure(writing, member, None)?;
    let sql = "INSERT INTO group_member (chat_id, address_id, rank) VALUES (?1, ?2, ?3)
               ON CONFLICT (chat_id, address_id) DO UPDATE SET rank = excluded.rank";
    writing
        .prepare_cached(sql)?
        .execute(params![id.0, member, word(rank)])?;
    Ok(())
}

/// Somebody came, left, or changed rank.
///
/// # Errors
/// The file's.
pub fn changed(writing: &mut Writing<'_>, device: DeviceId, change: &MemberChange) -> Result<(), StoreError> {
    let id = chat::ensure(writing, device, &change.group)?;
    for member in &change.members {
        match change.what {
            MemberChangeKind::Added | MemberChangeKind::Demoted => {
                put(writing, id, member, MemberRank::Member)?;
            }
            MemberChangeKind::Promoted => put(writing, id, member, MemberRank::Admin)?,
            MemberChangeKind::Removed => {
                let sql = "DELETE FROM group_member
                            WHERE chat_id = ?1 AND address_id = (SELECT id FROM address WHERE value = ?2)";
                writing
                    .prepare_cached(sql)?
                    .execute(params![id.0, member.as_str()])?;
            }
        }
    }
    writing.touch(Change::Chat(id));
    Ok(())
}
