//! The report as a workbook.
//!
//! Rows go to an unnamed temporary file as they come, so that memory does not grow with the people; the texts stand in their
//! cells rather than in a table of all texts. A text is written as one, whatever it begins with, and marked so that it stays
//! one when somebody edits the cell.

mod figures;
mod sheet;
mod styles;

use std::io::{self, Seek, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use crate::Error;
use crate::figures::Report;
use crate::people::{COLUMNS, Person, cells};
use crate::words::{Language, Words};
use sheet::{Sheet, Width};
use styles::Styles;

/// The people that fit under the heading.
const MOST_PEOPLE: u32 = 1_048_575;

/// Widths of the people's columns, in digits.
const WIDTHS: [Width; COLUMNS] = [8, 8, 18, 28, 9, 16, 38, 18, 18, 18, 18, 60, 18];

/// Writes the whole report as a workbook, and says how many people it holds.
///
/// # Errors
/// [`Error::People`] as the iterator gives it; [`Error::TooManyPeople`]; [`Error::Write`] where the temporary file cannot be
/// written, [`Error::Workbook`] where `out` cannot. What was written by then is no whole file.
pub fn xlsx<E>(
    report: &Report,
    people: impl IntoIterator<Item = Result<Person, E>>,
    language: Language,
    out: impl Write + Seek + Send,
) -> Result<u32, Error>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    // The library ends with a panic when its temporary file cannot be written; nothing that it held is used after that.
    catch_unwind(AssertUnwindSafe(|| {
        write_book(report, people, language.words(), out)
    }))
    .unwrap_or_else(|_| {
        Err(Error::Write(io::Error::other(
            "the temporary file could not be written",
        )))
    })
}

fn write_book<E>(
    report: &Report,
    people: impl IntoIterator<Item = Result<Person, E>>,
    words: &Words,
    out: impl Write + Seek + Send,
) -> Result<u32, Error>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let styles = Styles::new();
    let mut book = Workbook::new();
    book.set_properties(&properties(report)?);
    figures::summary(&mut book, report, words, &styles)?;
    let written = write_people(&mut book, report, people, words, &styles)?;
    figures::hours(&mut book, report, words, &styles)?;
    figures::variants(&mut book, report, words, &styles)?;
    figures::reasons(&mut book, report, words, &styles)?;
    book.save_to_writer(out)?;
    Ok(written)
}

fn write_people<E>(
    book: &mut Workbook,
    report: &Report,
    people: impl IntoIterator<Item = Result<Person, E>>,
    words: &Words,
    styles: &Styles,
) -> Result<u32, Error>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut sheet = Sheet::start(book, words.sheets.people, &WIDTHS, styles, report.zone)?;
    sheet.landscape();
    sheet.heading(&words.columns)?;
    let mut written = 0;
    let mut letter = String::new();
    for person in people {
        let person = person.map_err(|error| Error::People(error.into()))?;
        if written == MOST_PEOPLE {
            return Err(Error::TooManyPeople);
        }
        sheet.row(&cells(&person, words, &mut letter))?;
        written += 1;
    }
    sheet.filter(COLUMNS)?;
    sheet.numbers_as_text(2)?;
    Ok(written)
}

/// The file's own date is that of the campaign, not that of the computer.
fn properties(report: &Report) -> Result<DocProperties, Error> {
    let about = DocProperties::new().set_title(&report.name);
    let Some(at) = report.ended_at.or(report.started_at) else {
        return Ok(about);
    };
    let made = ExcelDateTime::from_timestamp(at.seconds().clamp(0, 253_402_300_799))?;
    Ok(about.set_creation_datetime(&made))
}
