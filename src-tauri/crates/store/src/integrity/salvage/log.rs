//! The write-ahead log of a file that SQLite cannot open: what its whole transactions say is written into the file. And whether a log says less than
//! it did: what follows a torn page is lost, though it may have been forced onto the disk.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};

/// Of the log.
const HEADER: usize = 32;
/// Of each page in it.
const FRAME: usize = 24;
/// How a log begins; the last bit says in which order the bytes of its sums are.
const MAGIC: u32 = 0x377f_0682;

/// Writes them. A log that is none, or of another page size, says nothing; what is behind its first torn page neither.
pub(super) fn take_in(log: &[u8], page_size: u64, to: &mut File) -> std::io::Result<()> {
    let Some(frames) = Frames::of(log, page_size) else {
        return Ok(());
    };
    // Of a transaction that is not whole.
    let mut open = Vec::new();
    for (number, ends, page) in frames {
        open.push((number, page));
        if !ends {
            continue;
        }
        for (number, page) in open.drain(..) {
            to.seek(SeekFrom::Start(u64::from(number.saturating_sub(1)) * page_size))?;
            to.write_all(page)?;
        }
    }
    Ok(())
}

/// Is a page of the log not as it was written, though others of the same round of the log follow it? So is one whose head cannot be read. A program
/// that died leaves no such log: it wrote one page after the other.
pub(super) fn is_torn(log: &[u8]) -> bool {
    if log.len() < HEADER + FRAME {
        return false;
    }
    let page_size = word(log, 8).unwrap_or_default();
    let Some(mut frames) = Frames::of(log, u64::from(page_size)) else {
        return true;
    };
    while frames.next().is_some() {}
    let mut behind = frames.rest.chunks_exact(FRAME + frames.page_size).skip(1);
    behind.any(|frame| frame.get(8..16) == Some(frames.salts))
}

/// The pages of a log, each with its number in the file, and whether a transaction ends with it.
struct Frames<'a> {
    rest: &'a [u8],
    page_size: usize,
    salts: &'a [u8],
    big_endian: bool,
    sum: (u32, u32),
}

impl<'a> Frames<'a> {
    fn of(log: &'a [u8], page_size: u64) -> Option<Self> {
        let page_size = usize::try_from(page_size).ok()?;
        let header = log.get(..HEADER)?;
        let magic = word(header, 0)?;
        if magic & !1 != MAGIC || usize::try_from(word(header, 8)?).ok()? != page_size {
            return None;
        }
        let big_endian = magic & 1 == 1;
        let sum = sum((0, 0), header.get(..24)?, big_endian);
        ((word(header, 24)?, word(header, 28)?) == sum).then_some(Self {
            rest: log.get(HEADER..)?,
            page_size,
            salts: header.get(16..24)?,
            big_endian,
            sum,
        })
    }
}

impl<'a> Iterator for Frames<'a> {
    type Item = (u32, bool, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let frame = self.rest.get(..FRAME)?;
        let page = self.rest.get(FRAME..FRAME + self.page_size)?;
        let summed = sum(self.sum, frame.get(..8)?, self.big_endian);
        let summed = sum(summed, page, self.big_endian);
        // Another salt is of an earlier round of the log.
        if frame.get(8..16)? != self.salts || (word(frame, 16)?, word(frame, 20)?) != summed {
            return None;
        }
        self.sum = summed;
        self.rest = self.rest.get(FRAME + self.page_size..)?;
        Some((word(frame, 0)?, word(frame, 4)? != 0, page))
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// SQLite's sum over `bytes`, carried on from `sum`.
fn sum(sum: (u32, u32), bytes: &[u8], big_endian: bool) -> (u32, u32) {
    let word = |four: &[u8]| {
        let four = four.try_into().unwrap_or_default();
        if big_endian {
            u32::from_be_bytes(four)
        } else {
            u32::from_le_bytes(four)
        }
    };
    bytes.chunks_exact(8).fold(sum, |(first, second), eight| {
        let (left, right) = eight.split_at(4);
        let first = first.wrapping_add(word(left)).wrapping_add(second);
        let second = second.wrapping_add(word(right)).wrapping_add(first);
        (first, second)
    })
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    /// The log of a file in which some things were written, one after the other.
    fn log() -> Vec<u8> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("some.db");
        let connection = Connection::open(&path).expect("a file");
        let set_up = "PRAGMA journal_mode = WAL; CREATE TABLE line (words TEXT)";
        connection.execute_batch(set_up).expect("a table");
        for words in ["uno", "dos", "tres"] {
            let sql = "INSERT INTO line VALUES (?1)";
            connection.execute(sql, [words]).expect("written");
        }
        std::fs::read(folder.path().join("some.db-wal")).expect("its log")
    }

    #[test]
    fn a_log_is_torn_where_more_follows_what_is_not_as_it_was_written() {
        let whole = log();
        assert!(!is_torn(&whole), "nothing is amiss");
        assert!(
            !is_torn(&whole[..whole.len() - 100]),
            "a program that dies ends anywhere"
        );
        assert!(!is_torn(&[]), "an empty one says nothing");
        let flipped = |at: usize| {
            let mut log = whole.clone();
            log[at] ^= 1;
            is_torn(&log)
        };
        assert!(flipped(HEADER + FRAME + 7), "a page in it");
        assert!(flipped(HEADER + 9), "the mark of one");
        assert!(flipped(17), "its own head");
        assert!(!flipped(whole.len() - 5), "the last page: nothing follows");
        let mut begun_anew = whole.clone();
        begun_anew.extend(std::iter::repeat_n(7, FRAME + 4_096));
        assert!(!is_torn(&begun_anew), "what follows is of an earlier round");
    }
}
