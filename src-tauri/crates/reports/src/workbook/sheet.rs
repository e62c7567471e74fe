//! One sheet, written row by row from the top.

use chrono::Datelike;
use chrono_tz::Tz;
use mostrador_domain::UnixMillis;
use rust_xlsxwriter::{Format, IgnoreError, Workbook, Worksheet, XlsxError};

use super::styles::Styles;
use crate::local;
use crate::people::Cell;

/// The width of a column, in digits.
pub(super) type Width = u16;

/// What a cell holds at most, in units of UTF-16.
const LONGEST: usize = 32_767;

/// A sheet that is being written.
pub(super) struct Sheet<'a> {
    sheet: &'a mut Worksheet,
    styles: &'a Styles,
    zone: Tz,
    next: u32,
}

impl<'a> Sheet<'a> {
    pub(super) fn start(
        book: &'a mut Workbook,
        name: &str,
        widths: &[Width],
        styles: &'a Styles,
        zone: Tz,
    ) -> Result<Self, XlsxError> {
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        sheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
        for (column, width) in (0..).zip(widths) {
            sheet.set_column_width(column, *width)?;
        }
        Ok(Self {
            sheet,
            styles,
            zone,
            next: 0,
        })
    }

    pub(super) fn landscape(&mut self) {
        self.sheet.set_landscape();
    }

    /// The names of the columns. The first ones of a sheet stay in sight, and on every printed page.
    pub(super) fn heading(&mut self, names: &[&str]) -> Result<(), XlsxError> {
        for (column, name) in (0..).zip(names) {
            self.sheet
                .write_string_with_format(self.next, column, *name, &self.styles.heading)?;
        }
        if self.next == 0 {
            self.sheet.set_freeze_panes(1, 0)?;
            self.sheet.set_repeat_rows(0, 0)?;
        }
        self.next += 1;
        Ok(())
    }

    pub(super) fn title(&mut self, text: &str) -> Result<(), XlsxError> {
        self.sheet
            .write_string_with_format(self.next, 0, fitted(text), &self.styles.title)?;
        self.sheet.set_freeze_panes(1, 0)?;
        self.next += 1;
        Ok(())
    }

    pub(super) fn gap(&mut self) {
        self.next += 1;
    }

    /// A figure and its name.
    pub(super) fn named(&mut self, name: &str, cells: &[Cell<'_>]) -> Result<(), XlsxError> {
        self.sheet
            .write_string_with_format(self.next, 0, name, &self.styles.label)?;
        self.cells(1, cells)
    }

    /// A figure, its name, and which part of `whole` it is.
    pub(super) fn part(&mut self, name: &str, count: u32, whole: u32) -> Result<(), XlsxError> {
        if whole > 0 {
            self.number(2, f64::from(count) / f64::from(whole), &self.styles.share)?;
        }
        self.named(name, &[Cell::Number(count)])
    }

    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), XlsxError> {
        self.cells(0, cells)
    }

    /// Lets people choose among the rows that were written.
    pub(super) fn filter(&mut self, columns: usize) -> Result<(), XlsxError> {
        let last = u16::try_from(columns.saturating_sub(1)).unwrap_or(u16::MAX);
        self.sheet.autofilter(0, 0, self.next.saturating_sub(1), last)?;
        Ok(())
    }

    /// No warning beside each telephone number that it is a text.
    pub(super) fn numbers_as_text(&mut self, column: u16) -> Result<(), XlsxError> {
        if self.next > 1 {
            self.sheet.ignore_error_range(
                1,
                column,
                self.next - 1,
                column,
                IgnoreError::NumberStoredAsText,
            )?;
        }
        Ok(())
    }

    fn cells(&mut self, first: u16, cells: &[Cell<'_>]) -> Result<(), XlsxError> {
        for (column, cell) in (first..).zip(cells) {
            self.cell(column, cell)?;
        }
        self.next += 1;
        Ok(())
    }

    fn cell(&mut self, column: u16, cell: &Cell<'_>) -> Result<(), XlsxError> {
        match cell {
            Cell::Empty => return Ok(()),
            Cell::Number(number) => self.number(column, f64::from(*number), &self.styles.number)?,
            Cell::Word(word) => {
                self.sheet
                    .write_string_with_format(self.next, column, *word, &self.styles.word)?;
            }
            Cell::Text(text) => {
                self.sheet
                    .write_string_with_format(self.next, column, fitted(text), &self.styles.text)?;
            }
            Cell::Time(at) => self.time(column, *at)?,
        }
        Ok(())
    }

    fn number(&mut self, column: u16, number: f64, format: &Format) -> Result<(), XlsxError> {
        self.sheet
            .write_number_with_format(self.next, column, number, format)?;
        Ok(())
    }

    /// Workbooks begin in 1900; what lies before is no time of a campaign, and its cell stays empty.
    fn time(&mut self, column: u16, at: UnixMillis) -> Result<(), XlsxError> {
        let Some(wall) = local::wall(at, self.zone).filter(|wall| wall.year() >= 1900) else {
            return Ok(());
        };
        self.sheet
            .write_datetime_with_format(self.next, column, wall, &self.styles.time)?;
        Ok(())
    }
}

/// `text` as far as a cell can hold it; three points say that it goes on.
fn fitted(text: &str) -> String {
    if text.len() <= LONGEST || text.encode_utf16().count() <= LONGEST {
        return text.to_owned();
    }
    let mut used = 1;
    let mut cut: String = text
        .chars()
        .take_while(|sign| {
            used += sign.len_utf16();
            used <= LONGEST
        })
        .collect();
    cut.push('…');
    cut
}
