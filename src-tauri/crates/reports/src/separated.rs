//! The people as CSV.
//!
//! UTF-8 with its mark, lines that end in CR LF, and the separator that the language's spreadsheets expect: what opens by a
//! double click. Texts stand between quotation marks: a program that cuts at several signs cuts none of them.

use std::io::Write;

use chrono_tz::Tz;

use crate::figures::Report;
use crate::people::{COLUMNS, Cell, Person, cells};
use crate::words::{Language, Words};
use crate::{Error, guard, local};

/// Writes the people of a campaign, a row each, and says how many there were.
///
/// # Errors
/// [`Error::People`] as the iterator gives it, [`Error::Write`] as `out` does. What was written by then is no whole file.
pub fn csv<E>(
    report: &Report,
    people: impl IntoIterator<Item = Result<Person, E>>,
    language: Language,
    mut out: impl Write,
) -> Result<u32, Error>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let words = language.words();
    out.write_all("\u{feff}".as_bytes())?;
    let mut rows = csv::WriterBuilder::new()
        .delimiter(words.separator)
        .terminator(csv::Terminator::CRLF)
        .quote_style(csv::QuoteStyle::NonNumeric)
        .from_writer(out);
    rows.write_record(heading(words, report.zone))?;
    let mut written = 0_u32;
    for person in people {
        let person = person.map_err(|error| Error::People(error.into()))?;
        let mut letter = String::new();
        for cell in cells(&person, words, &mut letter) {
            write_cell(&mut rows, cell, report.zone)?;
        }
        rows.write_record(None::<&[u8]>)?;
        written = written.saturating_add(1);
    }
    rows.flush()?;
    Ok(written)
}

/// The names of the columns; those of times say of which zone.
fn heading(words: &Words, zone: Tz) -> [String; COLUMNS] {
    std::array::from_fn(|place| match words.columns.get(place) {
        Some(name) if (7..11).contains(&place) || place == 12 => format!("{name} ({})", zone.name()),
        Some(name) => (*name).to_owned(),
        None => String::new(),
    })
}

fn write_cell<W: Write>(rows: &mut csv::Writer<W>, cell: Cell<'_>, zone: Tz) -> Result<(), csv::Error> {
    match cell {
        Cell::Empty => rows.write_field(""),
        Cell::Number(number) => rows.write_field(number.to_string()),
        Cell::Word(text) | Cell::Text(text) => rows.write_field(guard::guarded(text).as_bytes()),
        Cell::Time(at) => rows.write_field(local::wall(at, zone).map(local::sortable).unwrap_or_default()),
    }
}
