//! A customer list in a file, as rows of cells: CSV in whatever encoding, and XLSX.
//!
//! [`look`] finds out what a file is, so that a person can agree or change it; [`read`] hands out its rows one by one.
//! Nothing is held but one row, and an XLSX's table of shared texts. Reading stops between two rows, or inside a large
//! part, when the [`Visitor`] says so.
//!
//! | What | Found by |
//! |---|---|
//! | XLSX | the bytes it begins with; the sheets by the workbook's own list, hidden ones left out |
//! | encoding of text | a byte order mark; every second byte zero: UTF-16; the whole file is UTF-8; else `chardetng`'s guess, Windows-1252 for the West |
//! | delimiter of text | a first line `sep=;`, else the one of `, ; tab \|` that cuts most rows into the same number of cells |
//!
//! A hostile or broken file ends in a [`SheetError`] that says which limit it broke; see [`limits`]. A row of blanks is
//! left out; the others keep the number that a spreadsheet shows beside them.

mod header;
pub mod limits;
mod separated;
mod text;
mod values;
mod workbook;

use std::io::{Read, Seek, SeekFrom};
use std::ops::ControlFlow;

pub use header::{Columns, name_column, recognise, titles};
pub use separated::Delimiter;
pub use text::Encoding;
pub use values::DateOrder;

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// Lines of text with a delimiter.
    Text {
        /// How its letters are written.
        encoding: Encoding,
        /// What stands between two cells.
        delimiter: Delimiter,
    },
    /// A workbook, XLSX.
    Workbook {
        /// The names of its sheets as they are shown; at least one.
        sheets: Vec<String>,
        /// Which of them is read.
        chosen: usize,
    },
}

/// One row that is not blank.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The number that a spreadsheet shows beside it; the first is 1.
    pub number: u32,
    /// Its cells from the first column on; cells after the last one that is filled may be missing.
    pub cells: &'a [String],
}

/// How far a reading has come, in bytes. `read` never goes back and never passes `total`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read: of the file, or of a workbook's parts as they are unpacked.
    pub read: u64,
    /// Bytes there are.
    pub total: u64,
}

/// Who is told of rows and progress, and may stop the reading.
pub trait Visitor {
    /// The next row. `Break` stops: the reading ends in [`SheetError::Stopped`].
    fn row(&mut self, row: Row<'_>) -> ControlFlow<()>;

    /// Called about every 64 KiB, between two rows of text or inside a part of a workbook. `Break` stops.
    fn progress(&mut self, _progress: Progress) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Why a file is not read, or not read on. None of them holds a text of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// The visitor stopped it.
    #[error("stopped")]
    Stopped,
    /// The file system failed.
    #[error("the file cannot be read: {0}")]
    Io(std::io::ErrorKind),
    /// No row has anything in it.
    #[error("the file is empty")]
    Empty,
    /// Neither text nor a workbook: a picture, a PDF, a program.
    #[error("neither a text file nor a workbook")]
    NotATable,
    /// An XLS of before 2007, or a workbook with a password: to be saved as XLSX without one.
    #[error("an old workbook, or one with a password")]
    OldOrLocked,
    /// Another program's sheet (ODS, Numbers): to be saved as XLSX or CSV.
    #[error("a sheet of another program")]
    OtherProgram,
    /// Begins like a workbook and is damaged.
    #[error("the workbook is damaged")]
    Damaged,
    /// The workbook has no such sheet.
    #[error("no such sheet")]
    NoSuchSheet,
    /// The file has more bytes than are read.
    #[error("the file is larger than {limit} bytes")]
    FileTooLarge {
        /// In bytes.
        limit: u64,
    },
    /// A workbook that would be far larger when unpacked.
    #[error("a part of the workbook is larger than {limit} bytes when unpacked")]
    UnpackedTooLarge {
        /// In bytes.
        limit: u64,
    },
    /// More rows than are read.
    #[error("more than {limit} rows")]
    TooManyRows {
        /// How many are read.
        limit: u32,
    },
    /// More columns than are read.
    #[error("row {row} has more than {limit} columns")]
    TooManyColumns {
        /// The row.
        row: u32,
        /// How many are read.
        limit: usize,
    },
    /// One cell is longer than a spreadsheet's may be.
    #[error("a cell of row {row} is longer than {limit} characters")]
    CellTooLong {
        /// The row.
        row: u32,
        /// In characters.
        limit: usize,
    },
    /// The cells of one row are too long together; in text often a quotation mark that is never closed.
    #[error("row {row} is larger than {limit} bytes")]
    RowTooLarge {
        /// The row.
        row: u32,
        /// In bytes.
        limit: usize,
    },
    /// The text ends inside quotation marks: all after the mark would be one cell.
    #[error("a quotation mark of row {row} is never closed")]
    UnclosedQuote {
        /// The row in which the mark stands.
        row: u32,
    },
}

impl SheetError {
    /// The word by which it is told.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Io(_) => "unreadable",
            Self::Empty => "empty",
            Self::NotATable => "not_a_table",
            Self::OldOrLocked => "old_or_locked",
            Self::OtherProgram => "other_program",
            Self::Damaged => "damaged",
            Self::NoSuchSheet => "no_such_sheet",
            Self::FileTooLarge { .. } => "file_too_large",
            Self::UnpackedTooLarge { .. } => "unpacked_too_large",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::CellTooLong { .. } => "cell_too_long",
            Self::RowTooLarge { .. } => "row_too_large",
            Self::UnclosedQuote { .. } => "unclosed_quote",
        }
    }
}

impl From<std::io::Error> for SheetError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error.kind())
    }
}

/// What the file is. Text is read to its end once, for its encoding; `visitor` hears of progress only.
pub fn look<F: Read + Seek>(mut file: F, visitor: &mut dyn Visitor) -> Result<Form, SheetError> {
    let length = length_of(&mut file)?;
    let mut first = Vec::with_capacity(64);
    file.by_ref().take(64).read_to_end(&mut first)?;
    file.rewind()?;
    match kind_of(&first)? {
        Kind::Zip => workbook::look(file, length),
        Kind::Text => {
            let encoding = text::detect(&mut file, length, visitor)?;
            file.rewind()?;
            let delimiter = separated::detect(file, encoding)?;
            Ok(Form::Text { encoding, delimiter })
        }
    }
}

/// Hands out the rows of the file in its order. `dates` is how dates of a workbook are written out.
pub fn read<F: Read + Seek>(
    mut file: F,
    form: &Form,
    dates: DateOrder,
    visitor: &mut dyn Visitor,
) -> Result<(), SheetError> {
    let length = length_of(&mut file)?;
    match form {
        Form::Text { encoding, delimiter } => separated::read(file, length, *encoding, *delimiter, visitor),
        Form::Workbook { sheets, chosen } => {
            let sheet = sheets.get(*chosen).ok_or(SheetError::NoSuchSheet)?;
            workbook::read(file, length, sheet, dates, visitor)
        }
    }
}

/// The file's length; it stands at its beginning again.
fn length_of<F: Seek>(file: &mut F) -> Result<u64, SheetError> {
    let length = file.seek(SeekFrom::End(0))?;
    file.rewind()?;
    match length {
        0 => Err(SheetError::Empty),
        length if length > limits::FILE_BYTES => Err(SheetError::FileTooLarge {
            limit: limits::FILE_BYTES,
        }),
        length => Ok(length),
    }
}

enum Kind {
    Zip,
    Text,
}

fn kind_of(first: &[u8]) -> Result<Kind, SheetError> {
    const OLE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];
    const OTHERS: [&[u8]; 6] = [
        b"%PDF",
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
        b"Rar!",
        b"7z\xbc\xaf",
    ];
    match first {
        [b'P', b'K', 3 | 5 | 7, ..] => Ok(Kind::Zip),
        first if first.starts_with(OLE) => Err(SheetError::OldOrLocked),
        first if OTHERS.iter().any(|magic| first.starts_with(magic)) => Err(SheetError::NotATable),
        _ => Ok(Kind::Text),
    }
}

/// Tells `visitor` of the progress; an error if it wants to stop.
fn tell(visitor: &mut dyn Visitor, read: u64, total: u64) -> Result<(), SheetError> {
    let read = read.min(total);
    match visitor.progress(Progress { read, total }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(SheetError::Stopped),
    }
}

/// Hands `cells` to `visitor` unless all are blank.
fn hand_out(visitor: &mut dyn Visitor, number: u32, cells: &[String]) -> Result<(), SheetError> {
    if number > limits::ROWS {
        return Err(SheetError::TooManyRows { limit: limits::ROWS });
    }
    if cells.iter().all(|cell| cell.trim().is_empty()) {
        return Ok(());
    }
    match visitor.row(Row { number, cells }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(SheetError::Stopped),
    }
}

/// A cell may be as long as a spreadsheet's.
fn check_cell(row: u32, text: &str) -> Result<(), SheetError> {
    // Bytes first: they are counted already.
    match text.len() > limits::CELL_CHARACTERS && text.chars().count() > limits::CELL_CHARACTERS {
        true => Err(SheetError::CellTooLong {
            row,
            limit: limits::CELL_CHARACTERS,
        }),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests;
