//! Stories on their way. A story is a send: two calls are two stories. So the row is there, durable, before the call is made;
//! one whose call was under way when the program died may be out or not, and is not tried again by itself.
//!
//! ```text
//! publishing ─▶ published
//!            ─▶ refused     certainly not out: the same client id may try again
//!            ─▶ uncertain   nobody knows; whoever looks at the phone can ask anew, with another client id
//! ```

use mostrador_domain::{DeviceId, UnixMillis};
use rusqlite::{OptionalExtension, params};

use crate::{StoreError, Writing};

/// What became of a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoryState {
    /// Its call is under way.
    Publishing,
    /// It is out.
    Published,
    /// It is not.
    Refused,
    /// Nobody knows.
    Uncertain,
}

impl StoryState {
    const ALL: [Self; 4] = [Self::Publishing, Self::Published, Self::Refused, Self::Uncertain];

    /// The word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Publishing => "publishing",
            Self::Published => "published",
            Self::Refused => "refused",
            Self::Uncertain => "uncertain",
        }
    }

    fn from_word(word: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == word)
            .unwrap_or(Self::Uncertain)
    }
}

/// Begins a story: `None` = its call may be made now; else it was asked for before, and that came of it. One that was refused
/// begins anew.
///
/// # Errors
/// The file's.
pub fn begin(
    writing: &Writing<'_>,
    device: DeviceId,
    client_id: &str,
    now: UnixMillis,
) -> Result<Option<(StoryState, UnixMillis)>, StoreError> {
    let sql = "INSERT INTO story (device_id, client_id, state, at) VALUES (?1, ?2, 'publishing', ?3)
               ON CONFLICT (client_id) DO UPDATE SET state = 'publishing', at = excluded.at
                WHERE state = 'refused' AND device_id = excluded.device_id";
    if writing
        .prepare_cached(sql)?
        .execute(params![device.0, client_id, now.0])?
        > 0
    {
        return Ok(None);
    }
    let before = writing
        .prepare_cached("SELECT state, at FROM story WHERE client_id = ?1")?
        .query_row([client_id], |row| {
            Ok((
                StoryState::from_word(&row.get::<_, String>(0)?),
                UnixMillis(row.get(1)?),
            ))
        });
    Ok(before.optional()?)
}

/// Notes what came of a story's call: Publishing → `state`. `at`: when the gateway took it.
///
/// # Errors
/// The file's.
pub fn ended(
    writing: &Writing<'_>,
    client_id: &str,
    state: StoryState,
    gateway_id: Option<&str>,
    at: Option<UnixMillis>,
) -> Result<(), StoreError> {
    let sql = "UPDATE story SET state = ?2, gateway_id = ?3, at = coalesce(?4, at) WHERE client_id = ?1 AND state = 'publishing'";
    writing.prepare_cached(sql)?.execute(params![
        client_id,
        state.as_str(),
        gateway_id,
        at.map(|at| at.0)
    ])?;
    Ok(())
}

/// At the start of a device's session: what was being published when the last one ended may be out.
///
/// # Errors
/// The file's.
pub fn after_restart(writing: &Writing<'_>, device: DeviceId) -> Result<(), StoreError> {
    let sql = "UPDATE story SET state = 'uncertain' WHERE device_id = ?1 AND state = 'publishing'";
    writing.prepare_cached(sql)?.execute([device.0])?;
    Ok(())
}
