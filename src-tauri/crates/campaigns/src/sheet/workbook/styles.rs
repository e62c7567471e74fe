//! Which of the workbook's styles show a number as a date or a time.

use std::collections::HashMap;
use std::io::Read;

use quick_xml::events::Event;

use super::part::{Part, attribute};
use crate::sheet::SheetError;
use crate::sheet::values::Shows;

/// The styles of cells, in the order in which cells name them.
pub(super) fn read(mut part: Part<impl Read>) -> Result<Vec<Shows>, SheetError> {
    let mut written: HashMap<u32, Shows> = HashMap::new();
    let mut styles = Vec::new();
    let mut is_of_cells = false;
    while let Some(event) = part.event()? {
        match event {
            Event::Start(tag) => {
                let number = |name: &str| attribute(&tag, name).and_then(|id| id.parse::<u32>().ok());
                match tag.local_name().as_ref() {
                    "numFmt" => {
                        if let (Some(id), Some(code)) = (number("numFmtId"), attribute(&tag, "formatCode")) {
                            written.insert(id, Shows::of_code(&code));
                        }
                    }
                    "cellXfs" => is_of_cells = true,
                    "xf" if is_of_cells => {
                        let id = number("numFmtId").unwrap_or_default();
                        let shows = written.get(&id).copied().unwrap_or_else(|| Shows::built_in(id));
                        styles.push(shows);
                    }
                    _ => {}
                }
            }
            Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => is_of_cells = false,
            _ => {}
        }
    }
    Ok(styles)
}
