//! Opening a damaged file for reading.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

/// SQLite's header, the first bytes of a file.
const HEADER: usize = 100;

/// The damaged file as it is, or, if SQLite does not know it for a database any more, a copy of it with a sound header.
pub(super) fn open_damaged(damaged: &Path, mended: &Path, fresh: &Connection) -> Option<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let known = Connection::open_with_flags(damaged, flags)
        .ok()
        .filter(is_readable);
    if known.is_some() {
        return known;
    }
    mend_header(damaged, mended, Path::new(fresh.path()?))?;
    Connection::open_with_flags(mended, flags)
        .ok()
        .filter(is_readable)
}

fn is_readable(connection: &Connection) -> bool {
    connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| {
            row.get::<_, i64>(0)
        })
        .is_ok_and(|n| n > 0)
}

/// Copies the damaged file and gives it the header of a sound file of the same program, with its own number of pages.
fn mend_header(damaged: &Path, mended: &Path, sound: &Path) -> Option<()> {
    let mut bytes = std::fs::read(damaged).ok()?;
    let mut header = std::fs::read(sound).ok()?.get(..HEADER)?.to_vec();
    let page_size = match u16::from_be_bytes([*header.get(16)?, *header.get(17)?]) {
        1 => 65_536,
        size => usize::from(size),
    };
    let pages = u32::try_from(bytes.len() / page_size).ok()?;
    // Write and read version 1: a rollback journal, so that no log is looked for beside the copy.
    header.get_mut(18..20)?.copy_from_slice(&[1, 1]);
    // The number of pages; it counts only where the change counter equals "version valid for".
    header.get_mut(28..32)?.copy_from_slice(&pages.to_be_bytes());
    let counter: [u8; 4] = header.get(24..28)?.try_into().ok()?;
    header.get_mut(92..96)?.copy_from_slice(&counter);
    // No free pages: which there were is not known.
    header.get_mut(32..40)?.fill(0);
    bytes.get_mut(..HEADER)?.copy_from_slice(&header);
    std::fs::write(mended, bytes).ok()
}
