//! How the letters of a text file are written, and the file as UTF-8.
//!
//! UTF-8 is certain only for the whole file: a list may have its first `ñ` in the last row. A file that is UTF-8 but for a
//! few broken letters is still read as UTF-8. A zero character in the text means that it is none.

use std::fmt;
use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, DecoderResult, UTF_8, UTF_16BE, UTF_16LE};

use super::{SheetError, Visitor, tell};

/// How letters are written, by the name that the WHATWG gives it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// The encoding called `label` (`utf-8`, `windows-1252`, `utf-16le`, …). `None`: there is no such encoding.
    pub fn named(label: &str) -> Option<Self> {
        encoding_rs::Encoding::for_label(label.as_bytes()).map(Self)
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.0.name()
    }
}

impl fmt::Debug for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

const PIECE: usize = 64 << 10;
/// Of the pieces with other letters than ASCII; more of them does not change the guess.
const ENOUGH_TO_GUESS: usize = 1 << 20;

/// The encoding of the text, which is read to its end.
pub(super) fn detect(
    file: &mut impl Read,
    length: u64,
    visitor: &mut dyn Visitor,
) -> Result<Encoding, SheetError> {
    let mut piece = vec![0; PIECE];
    let mut filled = fill(file, &mut piece)?;
    if let Some(encoding) = marked(piece.get(..filled).unwrap_or_default()) {
        return Ok(Encoding(encoding));
    }
    let mut utf8 = Utf8::new();
    let mut guess = EncodingDetector::new(Iso2022JpDetection::Deny);
    let (mut fed, mut read) = (0, 0_u64);
    while filled > 0 {
        let bytes = piece.get(..filled).unwrap_or_default();
        if bytes.contains(&0) {
            return Err(SheetError::NotATable);
        }
        if !bytes.is_ascii() {
            utf8.feed(bytes);
            if fed < ENOUGH_TO_GUESS {
                guess.feed(bytes, false);
                fed += filled;
            }
        } else {
            utf8.feed_ascii();
        }
        read += filled as u64;
        tell(visitor, read, length)?;
        filled = fill(file, &mut piece)?;
    }
    if utf8.is_likely() {
        return Ok(Encoding(UTF_8));
    }
    guess.feed(&[], true);
    // The top-level domain only weighs between alphabets: the lists come from where Spanish and Portuguese are written.
    Ok(Encoding(guess.guess(Some(b"es"), Utf8Detection::Deny)))
}

/// Fills the piece, or less at the end of the file.
fn fill(file: &mut impl Read, piece: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = piece.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest)? {
            0 => break,
            more => filled += more,
        }
    }
    Ok(filled)
}

/// By the byte order mark, or by the zeros that Latin letters have in UTF-16.
fn marked(first: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(first) {
        return Some(encoding);
    }
    let sample = first.get(..4096).unwrap_or(first);
    let zeros = |at: usize| {
        sample
            .iter()
            .skip(at)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd, half) = (zeros(0), zeros(1), sample.len() / 2);
    match half > 0 {
        true if even == 0 && odd * 10 >= half * 7 => Some(UTF_16LE),
        true if odd == 0 && even * 10 >= half * 7 => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether bytes are UTF-8, piece by piece.
struct Utf8 {
    decoder: Decoder,
    out: Vec<u8>,
    letters: u64,
    broken: u64,
}

impl Utf8 {
    fn new() -> Self {
        Self {
            decoder: UTF_8.new_decoder_without_bom_handling(),
            out: vec![0; 4 << 10],
            letters: 0,
            broken: 0,
        }
    }

    fn feed(&mut self, mut bytes: &[u8]) {
        self.letters += bytes.iter().filter(|byte| **byte >= 0xc0).count() as u64;
        loop {
            let (result, read, _) =
                self.decoder
                    .decode_to_utf8_without_replacement(bytes, &mut self.out, false);
            bytes = bytes.get(read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.broken += 1,
            }
        }
    }

    /// A piece of ASCII ends whatever letter was begun before it.
    fn feed_ascii(&mut self) {
        self.feed(b" ");
    }

    fn is_likely(&self) -> bool {
        self.broken == 0 || self.broken * 20 < self.letters
    }
}

/// A text file as UTF-8, without its byte order mark.
pub(super) struct Decoded<F> {
    file: F,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_at: usize,
    raw_end: usize,
    text: Vec<u8>,
    text_at: usize,
    text_end: usize,
    is_done: bool,
    /// Of the file, handed out or about to be.
    pub(super) bytes_read: std::rc::Rc<std::cell::Cell<u64>>,
}

/// A zero character was met; the wrapped kind tells it from the file system's errors.
#[derive(Debug, thiserror::Error)]
#[error("a zero character")]
pub(super) struct ZeroCharacter;

impl<F: Read> Decoded<F> {
    pub(super) fn new(file: F, encoding: Encoding) -> Self {
        Self {
            file,
            decoder: encoding.0.new_decoder(),
            raw: vec![0; PIECE],
            raw_at: 0,
            raw_end: 0,
            text: vec![0; PIECE],
            text_at: 0,
            text_end: 0,
            is_done: false,
            bytes_read: std::rc::Rc::default(),
        }
    }

    fn decode_more(&mut self) -> io::Result<()> {
        while self.text_at == self.text_end && !self.is_done {
            if self.raw_at == self.raw_end {
                self.raw_end = fill(&mut self.file, &mut self.raw)?;
                self.raw_at = 0;
                self.bytes_read.set(self.bytes_read.get() + self.raw_end as u64);
            }
            let is_last = self.raw_end == 0;
            let raw = self.raw.get(self.raw_at..self.raw_end).unwrap_or_default();
            let (result, read, written, _) = self.decoder.decode_to_utf8(raw, &mut self.text, is_last);
            self.raw_at += read;
            (self.text_at, self.text_end) = (0, written);
            self.is_done = is_last && result == CoderResult::InputEmpty;
            if self.text.get(..written).is_some_and(|text| text.contains(&0)) {
                return Err(io::Error::other(ZeroCharacter));
            }
        }
        Ok(())
    }
}

impl<F: Read> Read for Decoded<F> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.decode_more()?;
        let ready = self.text.get(self.text_at..self.text_end).unwrap_or_default();
        let take = ready.len().min(out.len());
        if let (Some(from), Some(to)) = (ready.get(..take), out.get_mut(..take)) {
            to.copy_from_slice(from);
        }
        self.text_at += take;
        Ok(take)
    }
}
