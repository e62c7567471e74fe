//! The write-ahead log as it lies on the disk (SQLite's file format, 4.1): a header, then frames, each of a page.

pub(super) const HEADER: usize = 32;
const FRAME: usize = 24 + 4_096;

/// What is in all frames of a log since it was begun anew.
pub(super) fn salts(log: &[u8]) -> &[u8] {
    &log[16..24]
}

/// Where the last frame ends. What lies behind it is of a time before the log was begun anew.
pub(super) fn end(log: &[u8]) -> usize {
    let frames = log[HEADER..].chunks_exact(FRAME);
    HEADER + FRAME * frames.take_while(|frame| frame[8..16] == *salts(log)).count()
}

/// Up to where two logs are the same.
pub(super) fn same_until(one: &[u8], other: &[u8]) -> usize {
    let pages = one.chunks(FRAME).zip(other.chunks(FRAME));
    let same = FRAME * pages.take_while(|(one, other)| one == other).count();
    let both = one.iter().zip(other).skip(same);
    same.min(one.len()) + both.take_while(|(one, other)| one == other).count()
}
