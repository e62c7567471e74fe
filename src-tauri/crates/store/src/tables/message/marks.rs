//! What stands beside a message's words: reactions, votes, mentions, and the words it had before.

use mostrador_domain::{Address, MessageId, UnixMillis};
use rusqlite::Connection;

use super::content::{Content, Kept};
use crate::StoreError;
use crate::quiet::quiet_debug;

/// A person's reaction.
#[derive(Clone, PartialEq, Eq)]
pub struct Reaction {
    /// Who; `None` = us.
    pub by: Option<Address>,
    /// Their name.
    pub name: Option<String>,
    /// With what.
    pub emoji: String,
    /// When.
    pub at: UnixMillis,
}

/// A person's answers to a poll.
#[derive(Clone, PartialEq, Eq)]
pub struct Vote {
    /// Who; `None` = us.
    pub by: Option<Address>,
    /// Their name.
    pub name: Option<String>,
    /// All that they chose.
    pub options: Vec<String>,
    /// When.
    pub at: UnixMillis,
}

/// What a message said before it was edited.
#[derive(Clone, PartialEq)]
pub struct Earlier {
    /// Since when it said so.
    pub at: UnixMillis,
    /// What.
    pub content: Content,
}

quiet_debug!(Reaction { by, at }, Vote { by, at }, Earlier { at, content });

/// The addresses of a JSON list; one that cannot be read is nobody.
pub(super) fn addresses(list: &str) -> Vec<Address> {
    let values: Vec<String> = serde_json::from_str(list).unwrap_or_default();
    values.iter().map(|value| Address::parse(value)).collect()
}

/// The reactions of a JSON list of `[address, name, emoji, at]`, in the order of time.
pub(super) fn reactions(list: &str) -> Vec<Reaction> {
    type Told = (Option<String>, Option<String>, String, i64);
    let told: Vec<Told> = serde_json::from_str(list).unwrap_or_default();
    let made = told.into_iter().map(|(by, name, emoji, at)| Reaction {
        by: by.map(|value| Address::parse(&value)),
        name,
        emoji,
        at: UnixMillis(at),
    });
    let mut reactions: Vec<Reaction> = made.collect();
    reactions.sort_by_key(|reaction| reaction.at);
    reactions
}

/// Who chose what in a poll, in the order of time.
///
/// # Errors
/// The file's.
pub fn votes(connection: &Connection, id: MessageId) -> Result<Vec<Vote>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT a.value, a.name, v.options, v.at FROM vote v LEFT JOIN address a ON a.id = v.sender_id
          WHERE v.message_id = ?1 AND v.options <> '[]' ORDER BY v.at, v.id",
    )?;
    let rows = statement.query_map([id.0], |row| {
        Ok(Vote {
            by: row
                .get::<_, Option<String>>(0)?
                .map(|value| Address::parse(&value)),
            name: row.get(1)?,
            options: serde_json::from_str(&row.get::<_, String>(2)?).unwrap_or_default(),
            at: UnixMillis(row.get(3)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What a message said before it was edited, oldest first, and what it says now. An edit of ours bears the time of our clock and its
/// echo that of the gateway's: so its first words come first whatever their time is.
const SAID: &str = "SELECT at, kind, text, data FROM
       (SELECT e.at, e.kind, e.text, e.data, e.at = m.at AS first, 0 AS now FROM message_edit e JOIN message m ON m.id = e.message_id
         WHERE e.message_id = ?1
        UNION ALL SELECT at, kind, text, data, 0, 1 FROM message WHERE id = ?1) ORDER BY now, first DESC, at";

/// What a message said before it was edited, oldest first. What was told twice, by two clocks, was said once.
///
/// # Errors
/// The file's.
pub fn earlier(connection: &Connection, id: MessageId) -> Result<Vec<Earlier>, StoreError> {
    type Said = (i64, (String, Option<String>, Option<String>));
    let mut statement = connection.prepare_cached(SAID)?;
    let rows = statement.query_map([id.0], |row| {
        Ok((row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?)))
    })?;
    let said: Vec<Said> = rows.collect::<Result<_, _>>()?;
    let before = said.iter().zip(said.iter().skip(1));
    let changed = before.filter(|((_, words), (_, next))| words != next);
    Ok(changed
        .map(|((at, (kind, text, data)), _)| Earlier {
            at: UnixMillis(*at),
            content: Kept {
                kind: kind.clone(),
                text: text.clone(),
                data: data.clone(),
                raw_kind: None,
                media: None,
            }
            .into_content(),
        })
        .collect())
}
