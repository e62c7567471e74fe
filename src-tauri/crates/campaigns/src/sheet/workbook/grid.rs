//! The rows of one sheet.
//!
//! Rows come in their order; one that goes back means a damaged file. Cells may be missing, or come without their place.
//! Of a formula only its last result is read. A cell whose result is an error (`#N/A`) counts as empty: no customer should
//! be sent one.

use std::io::Read;

use quick_xml::events::{BytesStart, Event};

use super::part::{Part, attribute, check_growth, push_reference};
use super::{Meter, shared};
use crate::sheet::values::{self, Shows};
use crate::sheet::{DateOrder, SheetError, check_cell, hand_out, limits};

/// What turns a cell's raw value into text.
pub(super) struct Values<'a> {
    pub(super) texts: &'a shared::Texts,
    pub(super) styles: &'a [Shows],
    pub(super) dates: DateOrder,
    pub(super) is_1904: bool,
}

/// What the value of a cell is.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Kind {
    #[default]
    Number,
    Shared,
    Text,
    Truth,
    Error,
}

/// The sheet while it is read.
#[derive(Default)]
struct Grid {
    row: u32,
    is_in_row: bool,
    row_bytes: usize,
    cells: Vec<String>,
    column: usize,
    kind: Kind,
    shows: Shows,
    raw: String,
    is_value: bool,
    is_inline: bool,
    is_aid: bool,
    has_any: bool,
}

/// Hands out the rows of the sheet.
pub(super) fn read(
    mut part: Part<impl Read>,
    values: &Values<'_>,
    meter: &mut Meter<'_>,
) -> Result<(), SheetError> {
    let mut grid = Grid::default();
    loop {
        let event = part.event()?.ok_or(SheetError::Damaged)?;
        match event {
            Event::Start(tag) => grid.start(&tag, values)?,
            Event::End(tag) => match tag.local_name().as_ref() {
                "c" => grid.end_cell(values)?,
                "row" => grid.end_row(meter)?,
                "sheetData" => break,
                name => grid.end(name),
            },
            Event::Text(piece) if grid.is_value => grid.raw.push_str(&piece.xml10_content()),
            Event::CData(piece) if grid.is_value => grid.raw.push_str(&piece.xml10_content()),
            Event::GeneralRef(reference) if grid.is_value => push_reference(&mut grid.raw, &reference),
            _ => {}
        }
        check_growth(grid.row, &grid.raw)?;
        meter.tell(part.bytes_read())?;
    }
    meter.tell_end()?;
    match grid.has_any {
        true => Ok(()),
        false => Err(SheetError::Empty),
    }
}

impl Grid {
    fn start(&mut self, tag: &BytesStart<'_>, values: &Values<'_>) -> Result<(), SheetError> {
        match tag.local_name().as_ref() {
            "row" => self.start_row(tag),
            "c" => {
                self.start_cell(tag, values);
                Ok(())
            }
            "v" => {
                self.is_value = !self.is_inline;
                Ok(())
            }
            "is" => {
                self.is_inline = true;
                Ok(())
            }
            "rPh" => {
                self.is_aid = true;
                Ok(())
            }
            "t" => {
                self.is_value = self.is_inline && !self.is_aid;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "v" | "t" => self.is_value = false,
            "is" => self.is_inline = false,
            "rPh" => self.is_aid = false,
            _ => {}
        }
    }

    fn start_row(&mut self, tag: &BytesStart<'_>) -> Result<(), SheetError> {
        let told = attribute(tag, "r").map(|number| number.trim().parse::<u32>());
        let number = match told {
            Some(Ok(number)) => number,
            Some(Err(_)) => return Err(SheetError::Damaged),
            None => self.row.saturating_add(1),
        };
        if number <= self.row || self.is_in_row {
            return Err(SheetError::Damaged);
        }
        if number > limits::ROWS {
            return Err(SheetError::TooManyRows { limit: limits::ROWS });
        }
        self.row = number;
        self.is_in_row = true;
        self.row_bytes = 0;
        self.column = 0;
        self.cells.clear();
        Ok(())
    }

    fn start_cell(&mut self, tag: &BytesStart<'_>, values: &Values<'_>) {
        if let Some(column) = attribute(tag, "r").as_deref().and_then(column_of) {
            self.column = column;
        }
        self.kind = match attribute(tag, "t").as_deref() {
            Some("s") => Kind::Shared,
            Some("str" | "inlineStr" | "d") => Kind::Text,
            Some("b") => Kind::Truth,
            Some("e") => Kind::Error,
            _ => Kind::Number,
        };
        let style = attribute(tag, "s").and_then(|place| place.parse::<usize>().ok());
        self.shows = style
            .and_then(|place| values.styles.get(place))
            .copied()
            .unwrap_or_default();
        self.raw.clear();
        (self.is_value, self.is_inline, self.is_aid) = (false, false, false);
    }

    fn end_cell(&mut self, values: &Values<'_>) -> Result<(), SheetError> {
        if !self.is_in_row {
            return Err(SheetError::Damaged);
        }
        let text = self.text(values)?;
        let column = self.column;
        self.column += 1;
        if text.is_empty() {
            return Ok(());
        }
        let row = self.row;
        check_cell(row, &text)?;
        self.row_bytes += text.len();
        if self.row_bytes > limits::ROW_BYTES {
            return Err(SheetError::RowTooLarge {
                row,
                limit: limits::ROW_BYTES,
            });
        }
        if column >= limits::COLUMNS {
            return Err(SheetError::TooManyColumns {
                row,
                limit: limits::COLUMNS,
            });
        }
        if self.cells.len() <= column {
            self.cells.resize_with(column + 1, String::new);
        }
        if let Some(cell) = self.cells.get_mut(column) {
            *cell = text;
        }
        Ok(())
    }

    fn text(&self, values: &Values<'_>) -> Result<String, SheetError> {
        let raw = self.raw.as_str();
        Ok(match self.kind {
            _ if raw.is_empty() => String::new(),
            Kind::Error => String::new(),
            Kind::Text => values::unescape(raw),
            Kind::Truth => if raw == "1" { "1" } else { "0" }.to_owned(),
            Kind::Shared => {
                let place = raw.trim().parse::<usize>().map_err(|_| SheetError::Damaged)?;
                values.texts.get(place).ok_or(SheetError::Damaged)?.to_owned()
            }
            Kind::Number if self.shows == Shows::default() => values::number(raw),
            Kind::Number => values::moment(raw, self.shows, values.dates, values.is_1904),
        })
    }

    fn end_row(&mut self, meter: &mut Meter<'_>) -> Result<(), SheetError> {
        if !self.is_in_row {
            return Err(SheetError::Damaged);
        }
        self.is_in_row = false;
        self.has_any |= self.cells.iter().any(|cell| !cell.trim().is_empty());
        hand_out(meter.visitor, self.row, &self.cells)
    }
}

/// The column of `BC12`, from 0. `None`: no such place.
fn column_of(place: &str) -> Option<usize> {
    let letters = place.trim_end_matches(|c: char| c.is_ascii_digit());
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let number = letters.chars().try_fold(0_usize, |sum, letter| {
        let letter = letter.to_ascii_uppercase();
        letter
            .is_ascii_uppercase()
            .then(|| sum * 26 + (letter as usize - 'A' as usize + 1))
    })?;
    Some(number - 1)
}
