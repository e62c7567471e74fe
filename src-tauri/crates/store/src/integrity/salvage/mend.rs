//! Opening a damaged file for reading.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::log;
use crate::StoreError;
use crate::integrity::plan::{self, Entry};
use crate::integrity::{read_if_there, remove, sibling};

/// SQLite's header, the first bytes of a file.
const HEADER: usize = 100;
/// A page that is the leaf of a table.
const LEAF: u8 = 13;

const FLAGS: OpenFlags = OpenFlags::SQLITE_OPEN_READ_WRITE.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// The damaged file as it is, or, if SQLite cannot read it any more, a copy of it: with what its log says, a sound header, and, if
/// that is not enough, its tables where the note beside the file says that they are.
/// `None` = nothing of it can be read. That there is no room for the copy, or that the disk does not answer just now, is another thing: it says
/// nothing of what is in the file, which the next start tries again.
pub(super) fn open_damaged(
    damaged: &Path,
    mended: &Path,
    fresh: &Connection,
) -> Result<Option<Connection>, StoreError> {
    if let Ok(Some(known)) = readable(damaged) {
        return Ok(Some(known));
    }
    let header = Header::of(Path::new(fresh.path().unwrap_or_default()))?;
    copy(damaged, mended, &header)?;
    write(mended, &header.with(pages(mended, &header)?))?;
    if let Some(known) = readable(mended)? {
        return Ok(Some(known));
    }
    let Some(plan) = plan::noted(damaged)? else {
        return Ok(None);
    };
    match mend_tables(mended, &header, &plan) {
        Err(error) if error.is_of_contents() => Ok(None),
        Err(error) => Err(error),
        Ok(()) => readable(mended),
    }
}

/// The file, if any table can be read of it.
fn readable(path: &Path) -> Result<Option<Connection>, StoreError> {
    let look = || -> Result<Option<Connection>, StoreError> {
        let connection = Connection::open_with_flags(path, FLAGS)?;
        let count: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        Ok((count > 0).then_some(connection))
    };
    match look() {
        Err(error) if error.is_of_contents() => Ok(None),
        looked => looked,
    }
}

/// The header of a sound file of the same program.
struct Header {
    bytes: [u8; HEADER],
    page_size: u64,
}

impl Header {
    fn of(sound: &Path) -> std::io::Result<Self> {
        let mut bytes = [0; HEADER];
        File::open(sound)?.read_exact(&mut bytes)?;
        let page_size = match u16::from_be_bytes([bytes[16], bytes[17]]) {
            1 => 65_536,
            size => u64::from(size),
        };
        // Write and read version 1: a rollback journal, so that no log is looked for beside the copy.
        bytes[18..20].copy_from_slice(&[1, 1]);
        // No free pages: which there were is not known.
        bytes[32..40].fill(0);
        Ok(Self { bytes, page_size })
    }

    /// For a file of so many pages.
    fn with(&self, pages: u32) -> [u8; HEADER] {
        let mut bytes = self.bytes;
        // The number of pages; it counts only where the change counter equals "version valid for".
        bytes[28..32].copy_from_slice(&pages.to_be_bytes());
        bytes.copy_within(24..28, 92);
        bytes
    }
}

/// Copies the file, and takes in what its log says, as its last start would have.
fn copy(damaged: &Path, to: &Path, header: &Header) -> Result<(), StoreError> {
    std::fs::copy(damaged, to)?;
    // What an earlier attempt left there.
    for companion in ["-wal", "-shm", "-journal"] {
        remove(&sibling(to, companion))?;
    }
    // One that cannot be read just now is not left out: what was sent may stand in it alone.
    if let Some(bytes) = read_if_there(&sibling(damaged, "-wal"))? {
        log::take_in(
            &bytes,
            header.page_size,
            &mut OpenOptions::new().write(true).open(to)?,
        )?;
    }
    Ok(())
}

fn pages(path: &Path, header: &Header) -> std::io::Result<u32> {
    let pages = std::fs::metadata(path)?.len() / header.page_size;
    Ok(u32::try_from(pages).unwrap_or(u32::MAX))
}

/// Gives the file a first page that knows no table, and then the tables of `plan`.
fn mend_tables(path: &Path, header: &Header, plan: &[Entry]) -> Result<(), StoreError> {
    let mut first = header.with(pages(path, header)?).to_vec();
    // An empty leaf: no free block, no cell, and its room begins at the end of the page (0 = 65,536).
    first.extend([LEAF, 0, 0, 0, 0]);
    first.extend(u16::try_from(header.page_size).unwrap_or(0).to_be_bytes());
    first.resize(usize::try_from(header.page_size).unwrap_or(first.len()), 0);
    write(path, &first)?;
    let connection = Connection::open_with_flags(path, FLAGS)?;
    connection.pragma_update(None, "journal_mode", "OFF")?;
    connection.pragma_update(None, "writable_schema", true)?;
    for entry in plan {
        let sql =
            "INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES (?1, ?2, ?3, ?4, ?5)";
        let row = (&entry.kind, &entry.name, &entry.table, entry.root, &entry.sql);
        connection.execute(sql, row)?;
    }
    Ok(())
}

fn write(path: &Path, beginning: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(beginning)
}
