//! The table of texts that cells point to, held in one piece.

use std::io::Read;

use quick_xml::events::Event;

use super::Meter;
use super::part::{Part, check_growth, push_reference};
use crate::sheet::{SheetError, limits, values};

/// All shared texts, one after the other.
#[derive(Default)]
pub(super) struct Texts {
    letters: String,
    /// Where each ends.
    ends: Vec<u32>,
}

impl Texts {
    /// The text of that place in the table.
    pub(super) fn get(&self, place: usize) -> Option<&str> {
        let end = *self.ends.get(place)? as usize;
        let start = match place.checked_sub(1) {
            Some(before) => *self.ends.get(before)? as usize,
            None => 0,
        };
        self.letters.get(start..end)
    }

    fn push(&mut self, text: &str) -> Result<(), SheetError> {
        self.letters.push_str(&values::unescape(text));
        if self.letters.len() > limits::SHARED_TEXT_BYTES || self.ends.len() >= limits::SHARED_TEXTS {
            return Err(SheetError::UnpackedTooLarge {
                limit: limits::SHARED_TEXT_BYTES as u64,
            });
        }
        self.ends.push(self.letters.len() as u32);
        Ok(())
    }
}

/// Reads `<si>` after `<si>`; a rich text is its stretches, a reading aid (`rPh`) is left out.
pub(super) fn read(mut part: Part<impl Read>, meter: &mut Meter<'_>) -> Result<Texts, SheetError> {
    let mut texts = Texts::default();
    let mut text = String::new();
    let (mut is_text, mut is_aid) = (false, false);
    loop {
        let Some(event) = part.event()? else {
            return Ok(texts);
        };
        match event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "si" => text.clear(),
                "rPh" => is_aid = true,
                "t" => is_text = !is_aid,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "si" => texts.push(&text)?,
                "rPh" => is_aid = false,
                "t" => is_text = false,
                _ => {}
            },
            Event::Text(piece) if is_text => text.push_str(&piece.xml10_content()),
            Event::CData(piece) if is_text => text.push_str(&piece.xml10_content()),
            Event::GeneralRef(reference) if is_text => push_reference(&mut text, &reference),
            _ => {}
        }
        check_growth(0, &text)?;
        meter.tell(part.bytes_read())?;
    }
}
