//! A customer list from a file: text in any encoding, or a workbook.

use std::io::Cursor;
use std::ops::ControlFlow;

use mostrador_campaigns::sheet::{self, DateOrder, Progress, Row, Visitor, limits};

#[derive(Default)]
struct Kept {
    last_row: u32,
    last_read: u64,
    sample: Vec<Vec<String>>,
}

impl Visitor for Kept {
    fn row(&mut self, row: Row<'_>) -> ControlFlow<()> {
        assert!(row.number > self.last_row, "rows come in their order");
        assert!(
            row.cells.len() <= limits::COLUMNS,
            "no more columns than are read"
        );
        assert!(
            row.cells.iter().any(|cell| !cell.trim().is_empty()),
            "a blank row is left out"
        );
        self.last_row = row.number;
        if self.sample.len() < 20 {
            self.sample.push(row.cells.to_vec());
        }
        ControlFlow::Continue(())
    }

    fn progress(&mut self, progress: Progress) -> ControlFlow<()> {
        assert!(progress.read >= self.last_read, "progress does not go back");
        assert!(progress.read <= progress.total, "nor past the end");
        self.last_read = progress.read;
        ControlFlow::Continue(())
    }
}

pub(crate) fn run(bytes: &[u8]) {
    let Ok(form) = sheet::look(Cursor::new(bytes), &mut Kept::default()) else {
        return;
    };
    let mut kept = Kept::default();
    let _ = sheet::read(Cursor::new(bytes), &form, DateOrder::DayFirst, &mut kept);
    let columns = sheet::recognise(&kept.sample, None);
    let width = columns.titles.len();
    assert!(
        columns.number.is_none_or(|column| column < width),
        "a column of the file"
    );
    assert!(
        columns.name.is_none_or(|column| column < width),
        "a column of the file"
    );
}
