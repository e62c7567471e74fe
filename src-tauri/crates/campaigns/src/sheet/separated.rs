//! Rows of a text file with a delimiter.
//!
//! A record of unbounded size is never gathered: before each one the parser is given an allowance of bytes, and fails
//! when it is used up. Behind the file comes one more record, a zero character, which the text itself cannot hold: if it
//! does not arrive as a record of its own, the text ended inside quotation marks.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use csv::{ReaderBuilder, StringRecord};

use super::text::{Decoded, ZeroCharacter};
use super::{Encoding, SheetError, Visitor, check_cell, hand_out, limits, tell};

/// What stands between two cells of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
    /// `|`
    Bar,
}

impl Delimiter {
    /// All of them; of two that fit equally well the earlier is taken.
    pub const ALL: [Self; 4] = [Self::Semicolon, Self::Comma, Self::Tab, Self::Bar];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Comma => "comma",
            Self::Semicolon => "semicolon",
            Self::Tab => "tab",
            Self::Bar => "pipe",
        }
    }

    /// The delimiter that [`Self::as_str`] printed.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|delimiter| delimiter.as_str() == word)
    }

    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Bar => b'|',
        }
    }
}

const SAMPLE: u64 = 128 << 10;
/// What comes behind the text, by the way in which its lines end.
const END: &[u8] = b"\n\0";
const END_AFTER_RETURNS: &[u8] = b"\r\n\0";

/// The delimiter that cuts the beginning of the file best.
pub(super) fn detect(file: impl Read, encoding: Encoding) -> Result<Delimiter, SheetError> {
    let mut sample = Vec::new();
    Decoded::new(file, encoding)
        .take(SAMPLE)
        .read_to_end(&mut sample)
        .map_err(failed)?;
    if sample.len() as u64 == SAMPLE {
        // The last line may be cut off.
        let whole = sample
            .iter()
            .rposition(|byte| *byte == b'\n')
            .unwrap_or(sample.len());
        sample.truncate(whole);
    }
    if let Some(named) = Delimiter::ALL
        .into_iter()
        .find(|delimiter| is_named(&sample, *delimiter))
    {
        return Ok(named);
    }
    let best = Delimiter::ALL
        .into_iter()
        .rev()
        .max_by_key(|delimiter| fitness(&sample, *delimiter))
        .filter(|delimiter| fitness(&sample, *delimiter) > 0);
    // One column: whatever does not occur in it.
    let unused = || {
        let occurs = |delimiter: &Delimiter| sample.contains(&delimiter.byte());
        Delimiter::ALL.into_iter().find(|delimiter| !occurs(delimiter))
    };
    Ok(best.or_else(unused).unwrap_or(Delimiter::Semicolon))
}

/// The first line is `sep=;`, as a spreadsheet program reads it.
fn is_named(sample: &[u8], delimiter: Delimiter) -> bool {
    let line = sample
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .next()
        .unwrap_or_default();
    line.len() == 5 && line.to_ascii_lowercase().starts_with(b"sep=") && line.ends_with(&[delimiter.byte()])
}

/// How many columns it makes, weighed by how many rows agree; 0: it cuts nothing.
fn fitness(sample: &[u8], delimiter: Delimiter) -> u64 {
    let mut reader = builder(delimiter).from_reader(sample);
    let widths: Vec<usize> = reader
        .byte_records()
        .take(200)
        .map_while(Result::ok)
        .map(|record| record.len())
        .collect();
    let agreeing = |width: usize| widths.iter().filter(|other| **other == width).count();
    let usual = widths
        .iter()
        .copied()
        .max_by_key(|width| (agreeing(*width), *width))
        .unwrap_or(1);
    let share = (agreeing(usual) * 100 / widths.len().max(1)) as u64;
    share * share * (usual.min(limits::COLUMNS) - 1) as u64
}

fn builder(delimiter: Delimiter) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder
        .delimiter(delimiter.byte())
        .has_headers(false)
        .flexible(true);
    builder
}

/// Hands out the rows.
pub(super) fn read(
    file: impl Read,
    length: u64,
    encoding: Encoding,
    delimiter: Delimiter,
    visitor: &mut dyn Visitor,
) -> Result<(), SheetError> {
    let decoded = Decoded::new(file, encoding);
    let bytes_read = Rc::clone(&decoded.bytes_read);
    let allowance = Allowance::default();
    let mut reader = builder(delimiter).from_reader(Measured::new(decoded, allowance.clone()));
    let mut rows = Rows::default();
    let mut told = 0;
    loop {
        allowance.renew();
        let has_record = reader.read_record(&mut rows.record);
        match has_record.map_err(|error| rows.failed(error, &allowance))? {
            true if rows.is_end() => return rows.finish(visitor, bytes_read.get(), length),
            true => {
                let line = reader.position().line() - u64::from(!reader.get_ref().has_returns());
                rows.hand_out(line, visitor)?;
            }
            false => return Err(SheetError::UnclosedQuote { row: rows.number }),
        }
        if bytes_read.get() != told {
            told = bytes_read.get();
            tell(visitor, told, length)?;
        }
    }
}

/// Where the reading stands.
#[derive(Default)]
struct Rows {
    record: StringRecord,
    cells: Vec<String>,
    /// Of the record that was handed out last.
    number: u32,
    /// Line ends inside cells so far: a spreadsheet counts rows, not lines.
    inner_lines: u64,
    has_any: bool,
}

impl Rows {
    fn is_end(&self) -> bool {
        self.record.len() == 1 && self.record.get(0) == Some("\0")
    }

    /// `line`: the one in which the record ends, counted from 1.
    fn hand_out(&mut self, line: u64, visitor: &mut dyn Visitor) -> Result<(), SheetError> {
        let inner = self
            .record
            .iter()
            .map(|cell| cell.bytes().filter(|byte| *byte == b'\n').count());
        self.inner_lines += inner.sum::<usize>() as u64;
        // Blank lines are rows; where lines do not tell, as with bare carriage returns, records do.
        let by_lines = u32::try_from(line.saturating_sub(self.inner_lines)).unwrap_or(u32::MAX);
        let row = by_lines.max(self.number.saturating_add(1));
        if self.record.iter().any(|cell| cell.ends_with('\0')) {
            return Err(SheetError::UnclosedQuote { row });
        }
        if self.record.len() > limits::COLUMNS && self.filled() > limits::COLUMNS {
            return Err(SheetError::TooManyColumns {
                row,
                limit: limits::COLUMNS,
            });
        }
        self.number = row;
        let is_naming_line = row == 1 && self.is_naming_line();
        self.take_cells(row)?;
        if is_naming_line {
            return Ok(());
        }
        self.has_any |= self.cells.iter().any(|cell| !cell.trim().is_empty());
        hand_out(visitor, row, &self.cells)
    }

    /// One more than the last column with something in it.
    fn filled(&self) -> usize {
        let filled = self
            .record
            .iter()
            .enumerate()
            .filter(|(_, cell)| !cell.is_empty());
        filled.last().map_or(0, |(last, _)| last + 1)
    }

    /// `sep=;` is one cell, or two of which the second is empty.
    fn is_naming_line(&self) -> bool {
        let first = self.record.get(0).unwrap_or_default();
        let is_cut = first.eq_ignore_ascii_case("sep=") && self.record.len() == 2;
        is_cut
            || (first.len() == 5 && first.to_ascii_lowercase().starts_with("sep=") && self.record.len() == 1)
    }

    fn take_cells(&mut self, row: u32) -> Result<(), SheetError> {
        let count = self.filled();
        self.cells.resize_with(count, String::new);
        for (cell, text) in self.cells.iter_mut().zip(self.record.iter()) {
            check_cell(row, text)?;
            cell.clear();
            cell.push_str(text);
        }
        Ok(())
    }

    fn finish(&self, visitor: &mut dyn Visitor, read: u64, length: u64) -> Result<(), SheetError> {
        match self.has_any {
            true => tell(visitor, read.max(length), length),
            false => Err(SheetError::Empty),
        }
    }

    fn failed(&self, error: csv::Error, allowance: &Allowance) -> SheetError {
        if allowance.is_used_up() {
            return SheetError::RowTooLarge {
                row: self.number.saturating_add(1),
                limit: limits::ROW_BYTES,
            };
        }
        match error.into_kind() {
            csv::ErrorKind::Io(error) => failed(error),
            _ => SheetError::NotATable,
        }
    }
}

fn failed(error: io::Error) -> SheetError {
    match error.get_ref().is_some_and(|inner| inner.is::<ZeroCharacter>()) {
        true => SheetError::NotATable,
        false => SheetError::Io(error.kind()),
    }
}

/// How many bytes the parser may still take for the record at hand.
#[derive(Clone, Default)]
struct Allowance(Rc<Cell<usize>>);

impl Allowance {
    fn renew(&self) {
        self.0.set(limits::ROW_BYTES);
    }

    fn is_used_up(&self) -> bool {
        self.0.get() == 0
    }

    fn take(&self, bytes: usize) {
        self.0.set(self.0.get().saturating_sub(bytes));
    }
}

/// The text within the allowance, and its end behind it.
struct Measured<R> {
    text: R,
    allowance: Allowance,
    /// The first character of a line end that was met: the parser counts a line at its line feed, which comes before the
    /// next record where there is a return too.
    line_end: Option<u8>,
    end: &'static [u8],
    has_ended: bool,
}

impl<R> Measured<R> {
    fn new(text: R, allowance: Allowance) -> Self {
        Self {
            text,
            allowance,
            line_end: None,
            end: &[],
            has_ended: false,
        }
    }

    fn has_returns(&self) -> bool {
        self.line_end == Some(b'\r')
    }
}

impl<R: Read> Read for Measured<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.allowance.is_used_up() {
            return Err(io::Error::other("a record is too large"));
        }
        let read = match self.has_ended {
            true => 0,
            false => self.text.read(out)?,
        };
        self.allowance.take(read);
        if read > 0 {
            let bytes = out.get(..read).unwrap_or_default();
            let first = || bytes.iter().copied().find(|byte| matches!(byte, b'\n' | b'\r'));
            self.line_end = self.line_end.or_else(first);
            return Ok(read);
        }
        if !self.has_ended {
            self.has_ended = true;
            self.end = if self.has_returns() {
                END_AFTER_RETURNS
            } else {
                END
            };
        }
        self.end.read(out)
    }
}
