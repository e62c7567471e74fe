//! One XML part as a stream of events, none of which can be large.

use std::cell::Cell;
use std::io::{self, BufReader, Read};
use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::sheet::{SheetError, limits};

/// The bytes of one event. A text of the longest cell, each letter written as a reference, stays below.
const EVENT_BYTES: usize = 1 << 20;

/// Tags inside tags: the parser remembers each that is open. A sheet's text lies eight deep.
const DEPTH: usize = 64;

/// What the parser may still take, for the event at hand and in all.
#[derive(Default)]
struct Left {
    event: Cell<usize>,
    part: Cell<u64>,
    is_failed: Cell<Option<io::ErrorKind>>,
}

struct Measured<R> {
    inner: R,
    left: Rc<Left>,
}

impl<R: Read> Read for Measured<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let (event, part) = (self.left.event.get(), self.left.part.get());
        if event == 0 || part == 0 {
            return Err(io::Error::other("a part is too large"));
        }
        let most = out
            .len()
            .min(event)
            .min(usize::try_from(part).unwrap_or(usize::MAX));
        let out = out.get_mut(..most).unwrap_or_default();
        let read = self
            .inner
            .read(out)
            .inspect_err(|error| self.left.is_failed.set(Some(error.kind())))?;
        self.left.event.set(event - read);
        self.left.part.set(part - read as u64);
        Ok(read)
    }
}

/// An XML part that is being read.
pub(super) struct Part<R: Read> {
    reader: Reader<BufReader<Measured<R>>>,
    left: Rc<Left>,
    limit: u64,
    depth: usize,
    buffer: Vec<u8>,
}

impl<R: Read> Part<R> {
    /// `limit`: of all its bytes.
    pub(super) fn new(inner: R, limit: u64) -> Self {
        let left = Rc::new(Left::default());
        left.part.set(limit);
        let measured = Measured {
            inner,
            left: Rc::clone(&left),
        };
        let mut reader = Reader::from_reader(BufReader::with_capacity(32 << 10, measured));
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = true;
        Self {
            reader,
            left,
            limit,
            depth: 0,
            buffer: Vec::new(),
        }
    }

    /// The next event; `None` at the end.
    pub(super) fn event(&mut self) -> Result<Option<Event<'_>>, SheetError> {
        self.buffer.clear();
        self.left.event.set(EVENT_BYTES);
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(Event::Eof) => Ok(None),
            Ok(event) => {
                match event {
                    Event::Start(_) => self.depth += 1,
                    Event::End(_) => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
                match self.depth > DEPTH {
                    true => Err(SheetError::Damaged),
                    false => Ok(Some(event)),
                }
            }
            Err(_) => Err(failed(&self.left, self.limit)),
        }
    }

    /// Bytes unpacked so far.
    pub(super) fn bytes_read(&self) -> u64 {
        self.limit - self.left.part.get()
    }
}

fn failed(left: &Left, limit: u64) -> SheetError {
    match left.is_failed.get() {
        // A wrong checksum or a broken stream comes as invalid data.
        Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof) => {
            SheetError::Damaged
        }
        Some(kind) => SheetError::Io(kind),
        None if left.part.get() == 0 => SheetError::UnpackedTooLarge { limit },
        None if left.event.get() == 0 => SheetError::UnpackedTooLarge {
            limit: EVENT_BYTES as u64,
        },
        None => SheetError::Damaged,
    }
}

/// The attribute of that local name.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut all = tag.attributes();
    let found = all
        .with_checks(false)
        .filter_map(Result::ok)
        .find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found
        .normalized_value(XmlVersion::Explicit1_0)
        .ok()
        .map(std::borrow::Cow::into_owned)
}

/// Adds what `reference` (`&amp;`, `&#233;`) stands for. What is unknown adds nothing.
pub(super) fn push_reference(text: &mut String, reference: &BytesRef<'_>) {
    if let Some(known) = quick_xml::escape::resolve_xml_entity(reference.as_ref()) {
        text.push_str(known);
    } else if let Ok(Some(letter)) = reference.resolve_char_ref() {
        text.push(letter);
    }
}

/// Refuses a text that has grown longer than a cell's may be, before it is gathered further.
pub(super) fn check_growth(row: u32, text: &str) -> Result<(), SheetError> {
    match text.len() > limits::CELL_CHARACTERS * 8 {
        true => Err(SheetError::CellTooLong {
            row,
            limit: limits::CELL_CHARACTERS,
        }),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end_of(text: &str, limit: u64) -> Result<u32, SheetError> {
        let mut part = Part::new(text.as_bytes(), limit);
        let mut events = 0;
        while part.event()?.is_some() {
            events += 1;
            assert!(part.bytes_read() <= limit, "never past the limit");
        }
        Ok(events)
    }

    #[test]
    fn a_part_ends_at_its_limit_however_small_its_events_are() {
        let text = "<a></a>".repeat(100_000);
        assert_eq!(
            end_of(&text, text.len() as u64 + 1),
            Ok(200_000),
            "within the limit"
        );
        let limit = text.len() as u64 - 1;
        assert_eq!(
            end_of(&text, limit),
            Err(SheetError::UnpackedTooLarge { limit }),
            "past it"
        );
    }

    #[test]
    fn tags_inside_tags_end_at_their_depth() {
        let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert_eq!(
            end_of(&nested(DEPTH), u64::MAX),
            Ok(2 * DEPTH as u32),
            "deep enough"
        );
        assert_eq!(
            end_of(&nested(DEPTH + 1), u64::MAX),
            Err(SheetError::Damaged),
            "too deep"
        );
        assert_eq!(
            end_of("<a></b>", u64::MAX),
            Err(SheetError::Damaged),
            "closed by another"
        );
    }

    #[test]
    fn an_event_ends_at_its_limit_within_a_large_part() {
        let text = format!("<a>{}", "x".repeat(2 * EVENT_BYTES));
        let limit = EVENT_BYTES as u64;
        assert_eq!(
            end_of(&text, u64::MAX),
            Err(SheetError::UnpackedTooLarge { limit }),
            "one text"
        );
    }
}
