//! Files that belong to messages: pictures, films, sounds, documents. A row tells of the file; the bytes lie in the media folder by their hash.

use mostrador_domain::{DeviceId, MediaId, MediaKind, MediaRef, UnixMillis};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::quiet::quiet_debug;
use crate::row::Columns as Reader;
use crate::{Change, StoreError, Writing};

mod let_go;
mod orphan;

#[cfg(test)]
pub(super) use let_go::OLDEST;
pub use let_go::{Fetched, fetched_bytes, let_go, oldest_fetched};
#[cfg(test)]
pub(super) use orphan::{UNKNOWN, orphans_query};
pub use orphan::{forget, orphans, unknown};

/// Where a media's bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaState {
    /// At the gateway only.
    Remote,
    /// On their way.
    Fetching,
    /// Here.
    Ready,
    /// They could not be fetched.
    Failed,
}

impl MediaState {
    /// The word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Remote => "remote",
            Self::Fetching => "fetching",
            Self::Ready => "ready",
            Self::Failed => "failed",
        }
    }

    fn from_word(word: &str) -> Self {
        [Self::Remote, Self::Fetching, Self::Ready]
            .into_iter()
            .find(|s| s.as_str() == word)
            .unwrap_or(Self::Failed)
    }
}

/// One media.
#[derive(Clone, PartialEq, Eq)]
pub struct MediaRow {
    /// Its number.
    pub id: MediaId,
    /// Whose; `None` = chosen by the operator, not sent yet.
    pub device: Option<DeviceId>,
    /// The gateway's reference, for fetching.
    pub gateway_ref: Option<String>,
    /// Media type.
    pub mime: String,
    /// Size.
    pub bytes: Option<i64>,
    /// Pixels.
    pub width: Option<i64>,
    /// Pixels.
    pub height: Option<i64>,
    /// As the operator chose it, or as its sender calls it.
    pub file_name: Option<String>,
    /// Of the bytes, once here.
    pub sha256: Option<String>,
    /// Where the bytes are.
    pub state: MediaState,
    /// How long a sound or film lasts.
    pub seconds: Option<i64>,
    /// Loudness of a voice message over its time, 0 to 100.
    pub waveform: Option<Vec<u8>>,
    /// Of the bytes, as the gateway tells it.
    pub told_sha256: Option<String>,
    /// A person asked for it.
    pub wanted: bool,
}

/// What is known of bytes that lie here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stored {
    /// By content.
    pub mime: String,
    /// Size.
    pub bytes: i64,
    /// Pixels, of what has any.
    pub width: Option<i64>,
    /// Pixels, of what has any.
    pub height: Option<i64>,
    /// Length of a sound or film, if it can be told.
    pub seconds: Option<i64>,
    /// Loudness of a voice message over its time, 0 to 100.
    pub waveform: Option<Vec<u8>>,
    /// Hex.
    pub sha256: String,
}

quiet_debug!(MediaRow {
    id,
    device,
    mime,
    bytes,
    state
});

/// SQL: what [`read`] reads of `media d`.
pub(super) const COLUMNS: &str = "d.id, d.device_id, d.gateway_ref, d.mime, d.bytes, d.width, d.height, d.file_name, d.sha256, d.state, \
     d.seconds, d.waveform, d.told_sha256, d.wanted";

/// Reads a media from the columns `id` to `wanted`, in the order of [`COLUMNS`].
pub(crate) fn read(read: &mut Reader<'_, '_>) -> rusqlite::Result<MediaRow> {
    Ok(MediaRow {
        id: MediaId(read.take()?),
        device: read.take_as(DeviceId)?,
        gateway_ref: read.take()?,
        mime: read.take()?,
        bytes: read.take()?,
        width: read.take()?,
        height: read.take()?,
        file_name: read.take()?,
        sha256: read.take()?,
        state: MediaState::from_word(&read.take::<String>()?),
        seconds: read.take()?,
        waveform: read.take()?,
        told_sha256: read.take()?,
        wanted: read.take()?,
    })
}

/// One media.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn get(connection: &Connection, id: MediaId) -> Result<MediaRow, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM media d WHERE d.id = ?1");
    Ok(connection
        .prepare_cached(&sql)?
        .query_row([id.0], |row| read(&mut Reader::from(row, 0)))?)
}

/// Notes a file that a gateway told of.
///
/// # Errors
/// The file's.
pub fn announce(
    writing: &Writing<'_>,
    device: DeviceId,
    told: &MediaRef,
    now: UnixMillis,
) -> Result<MediaId, StoreError> {
    writing
        .prepare_cached(
            "INSERT INTO media (device_id, gateway_ref, mime, bytes, width, height, file_name, seconds, waveform, told_sha256,
                                added_at, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'remote')",
        )?
        .execute(params![
            device.0,
            told.gateway_ref,
            told.mime,
            told.bytes,
            told.width,
            told.height,
            told.file_name,
            told.seconds,
            told.waveform,
            told.sha256,
            now.0
        ])?;
    Ok(MediaId(writing.last_insert_rowid()))
}

/// A file that is not here yet is told of again: where it can be fetched may have changed, and then one that failed is tried
/// again.
///
/// # Errors
/// The file's.
pub(super) fn told_again(
    writing: &mut Writing<'_>,
    id: MediaId,
    told: &MediaRef,
) -> Result<bool, StoreError> {
    let sql = "UPDATE media SET gateway_ref = ?2, state = 'remote'
                WHERE id = ?1 AND state IN ('remote', 'failed') AND gateway_ref IS NOT ?2";
    let moved = writing
        .prepare_cached(sql)?
        .execute(params![id.0, told.gateway_ref])?
        > 0;
    if moved {
        writing.touch(Change::Media(id));
    }
    Ok(moved)
}

/// Notes a file of ours whose bytes lie in the media folder already.
///
/// # Errors
/// The file's.
pub fn add(
    writing: &mut Writing<'_>,
    file_name: &str,
    stored: &Stored,
    now: UnixMillis,
) -> Result<MediaId, StoreError> {
    writing
        .prepare_cached(
            "INSERT INTO media (mime, bytes, width, height, file_name, seconds, waveform, sha256, added_at, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'ready')",
        )?
        .execute(params![
            stored.mime,
            stored.bytes,
            stored.width,
            stored.height,
            file_name,
            stored.seconds,
            stored.waveform,
            stored.sha256,
            now.0
        ])?;
    Ok(MediaId(writing.last_insert_rowid()))
}

/// The file with which `device` sends what `chosen` shows. One that belongs to another device is not taken from it but
/// noted a second time: each goes with its own device.
///
/// # Errors
/// The file's.
pub(super) fn to_send(
    writing: &Writing<'_>,
    chosen: MediaId,
    device: DeviceId,
) -> Result<MediaId, StoreError> {
    let sql = "UPDATE media SET device_id = ?2 WHERE id = ?1 AND coalesce(device_id, ?2) = ?2";
    if writing
        .prepare_cached(sql)?
        .execute(params![chosen.0, device.0])?
        > 0
    {
        return Ok(chosen);
    }
    let copied = writing
        .prepare_cached(
            "INSERT INTO media (device_id, mime, bytes, width, height, file_name, seconds, waveform, sha256, added_at, state)
             SELECT ?2, mime, bytes, width, height, file_name, seconds, waveform, sha256, added_at, state FROM media WHERE id = ?1",
        )?
        .execute(params![chosen.0, device.0])?;
    if copied == 0 {
        return Err(StoreError::not_found());
    }
    Ok(MediaId(writing.last_insert_rowid()))
}

/// Takes a media to fetch: Remote → Fetching. `false` = somebody else is at it, or it is here.
///
/// # Errors
/// The file's.
pub fn claim(writing: &mut Writing<'_>, id: MediaId) -> Result<bool, StoreError> {
    let sql = "UPDATE media SET state = 'fetching' WHERE id = ?1 AND state = 'remote'";
    let claimed = writing.prepare_cached(sql)?.execute([id.0])? > 0;
    if claimed {
        writing.touch(Change::Media(id));
    }
    Ok(claimed)
}

/// A person wants it, however large it is; Failed → Remote; what was let go is to be fetched again.
///
/// # Errors
/// The file's.
pub fn ask_again(writing: &mut Writing<'_>, id: MediaId) -> Result<(), StoreError> {
    let sql = "UPDATE media SET state = 'remote', wanted = 1, let_go = 0
                WHERE id = ?1 AND (state = 'failed' OR (state = 'remote' AND (wanted = 0 OR let_go = 1)))";
    if writing.prepare_cached(sql)?.execute([id.0])? > 0 {
        writing.touch(Change::Media(id));
    }
    Ok(())
}

/// The bytes that were here under this hash are gone, and a person wants them: Ready → Remote. What is ours has nowhere to come from, and
/// stays as it is.
///
/// # Errors
/// The file's.
pub fn gone(writing: &mut Writing<'_>, id: MediaId, sha256: &str) -> Result<(), StoreError> {
    let sql = "UPDATE media SET state = 'remote', sha256 = NULL, wanted = 1, let_go = 0
                WHERE id = ?1 AND state = 'ready' AND sha256 = ?2 AND gateway_ref IS NOT NULL";
    if writing.prepare_cached(sql)?.execute(params![id.0, sha256])? > 0 {
        writing.touch(Change::Media(id));
    }
    Ok(())
}

/// The bytes are here: Fetching → Ready.
///
/// # Errors
/// The file's.
pub fn arrived(writing: &mut Writing<'_>, id: MediaId, stored: &Stored) -> Result<(), StoreError> {
    writing
        .prepare_cached(
            "UPDATE media SET state = 'ready', mime = ?2, bytes = ?3, width = coalesce(?4, width), height = coalesce(?5, height),
                    sha256 = ?6, seconds = coalesce(?7, seconds), waveform = coalesce(?8, waveform)
             WHERE id = ?1 AND state = 'fetching'",
        )?
        .execute(params![
            id.0,
            stored.mime,
            stored.bytes,
            stored.width,
            stored.height,
            stored.sha256,
            stored.seconds,
            stored.waveform
        ])?;
    writing.touch(Change::Media(id));
    Ok(())
}

/// They could not be fetched: Fetching → Failed.
///
/// # Errors
/// The file's.
pub fn failed(writing: &mut Writing<'_>, id: MediaId) -> Result<(), StoreError> {
    let sql = "UPDATE media SET state = 'failed' WHERE id = ?1 AND state = 'fetching'";
    writing.prepare_cached(sql)?.execute([id.0])?;
    writing.touch(Change::Media(id));
    Ok(())
}

/// They could not be fetched now: Fetching → Remote, to be tried again.
///
/// # Errors
/// The file's.
pub fn given_back(writing: &mut Writing<'_>, id: MediaId) -> Result<(), StoreError> {
    let sql = "UPDATE media SET state = 'remote' WHERE id = ?1 AND state = 'fetching'";
    writing.prepare_cached(sql)?.execute([id.0])?;
    writing.touch(Change::Media(id));
    Ok(())
}

/// At the start of a device's session: what was being fetched when the last one ended (or the program died) is to be
/// fetched again.
///
/// # Errors
/// The file's.
pub fn release_claims(writing: &Writing<'_>, device: DeviceId) -> Result<(), StoreError> {
    let sql = "UPDATE media SET state = 'remote' WHERE device_id = ?1 AND state = 'fetching'";
    writing.execute(sql, [device.0])?;
    Ok(())
}

/// The newest file of a device that is still to be fetched, but for those that are `put_off`. One that is said to have more
/// than `by_itself` bytes waits until a person asks for it.
///
/// # Errors
/// The file's.
pub fn next_remote(
    connection: &Connection,
    device: DeviceId,
    by_itself: u64,
    put_off: &[MediaId],
) -> Result<Option<MediaRow>, StoreError> {
    let mut statement = connection.prepare_cached(&remote_query())?;
    let rows = statement.query_map(
        params![device.0, i64::try_from(by_itself).unwrap_or(i64::MAX)],
        |row| read(&mut Reader::from(row, 0)),
    )?;
    for row in rows {
        let row = row?;
        if !put_off.contains(&row.id) {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// As what it was sent, and so is shown; `None` = no message has it any more.
///
/// # Errors
/// The file's.
pub fn sent_as(connection: &Connection, id: MediaId) -> Result<Option<MediaKind>, StoreError> {
    let sql = "SELECT kind FROM message WHERE media_id = ?1 ORDER BY id LIMIT 1";
    let kind: Option<String> = connection
        .prepare_cached(sql)?
        .query_row([id.0], |row| row.get(0))
        .optional()?;
    Ok(kind.and_then(|word| MediaKind::from_word(&word)))
}

/// SQL: the files of a device that are still to be fetched and wanted or not too large, newest first.
pub(super) fn remote_query() -> String {
    format!(
        "SELECT {COLUMNS} FROM media d INDEXED BY media_remote WHERE d.device_id = ?1 AND d.state = 'remote' AND d.let_go = 0
            AND (d.wanted = 1 OR d.bytes IS NULL OR d.bytes <= ?2) ORDER BY d.id DESC"
    )
}
