//! A file in base64 inside a JSON answer, decoded while it arrives: the answer is never held whole.
//!
//! The file is the text `base64` of the answer itself, or of its `data`. Everything else in the answer is passed over. Slashes may
//! be escaped (PHP does so). What ends before the answer does, has two files or none, is no answer that the gateway documents.

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::MediaSink;

/// Deeper is no JSON that a gateway means.
const DEEPEST: usize = 128;
/// No name that is looked for is longer.
const LONGEST_NAME: usize = 8;

/// Why a file is not to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spoilt {
    /// The answer is not as documented.
    Malformed,
    /// There is more of it than wanted.
    TooLarge,
    /// Whoever takes it takes no more.
    Unwanted,
}

/// Takes an answer and gives on the file in it.
pub(crate) struct Encoded<'a> {
    sink: &'a mut dyn MediaSink,
    max_bytes: u64,
    had: u64,
    scanner: Scanner,
    spoilt: Option<Spoilt>,
}

impl<'a> Encoded<'a> {
    /// Gives on at most so many bytes.
    pub(super) fn into(sink: &'a mut dyn MediaSink, max_bytes: u64) -> Self {
        Self {
            sink,
            max_bytes,
            had: 0,
            scanner: Scanner::default(),
            spoilt: None,
        }
    }

    /// What is wrong; of an answer that is over, also that there was no file in it.
    pub(super) fn spoilt(&self, is_over: bool) -> Option<Spoilt> {
        let unfinished = is_over && !(self.scanner.is_over() && self.had > 0);
        self.spoilt.or(unfinished.then_some(Spoilt::Malformed))
    }

    async fn give(&mut self, piece: &[u8]) -> Result<(), Spoilt> {
        self.scanner.read(piece)?;
        let bytes = self.scanner.decoded()?;
        if bytes.is_empty() {
            return Ok(());
        }
        self.had = self.had.saturating_add(bytes.len() as u64);
        if self.had > self.max_bytes {
            return Err(Spoilt::TooLarge);
        }
        match self.sink.take(&bytes).await {
            true => Ok(()),
            false => Err(Spoilt::Unwanted),
        }
    }
}

#[async_trait]
impl MediaSink for Encoded<'_> {
    async fn take(&mut self, piece: &[u8]) -> bool {
        if self.spoilt.is_none() {
            self.spoilt = self.give(piece).await.err();
        }
        self.spoilt.is_none()
    }
}

/// Where the reading stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum At {
    /// Between texts.
    #[default]
    Between,
    /// In a name of an object.
    Name,
    /// In a text that is passed over.
    Text,
    /// In the file.
    File,
}

/// Reads JSON byte by byte, as far as is needed to find the file.
#[derive(Default)]
struct Scanner {
    at: At,
    /// A backslash stood before; in the file, what has come of the escape.
    escape: Option<Vec<u8>>,
    /// What is open: an object, else a list.
    open: Vec<bool>,
    /// In an object a name comes next.
    name_next: bool,
    name: Vec<u8>,
    /// The last name of the answer itself.
    outer: Vec<u8>,
    began: bool,
    found: bool,
    padded: bool,
    /// Characters of the file that are not decoded yet.
    characters: Vec<u8>,
}

impl Scanner {
    fn read(&mut self, piece: &[u8]) -> Result<(), Spoilt> {
        piece.iter().try_for_each(|byte| self.byte(*byte))
    }

    /// Did the answer end?
    fn is_over(&self) -> bool {
        self.began && self.open.is_empty() && self.at == At::Between
    }

    /// Whole groups of what has come of the file; at its end all of it has to be.
    fn decoded(&mut self) -> Result<Vec<u8>, Spoilt> {
        let whole = match self.at {
            At::File => self.characters.len() / 4 * 4,
            At::Between | At::Name | At::Text => self.characters.len(),
        };
        let characters: Vec<u8> = self.characters.drain(..whole).collect();
        if characters.is_empty() {
            return Ok(Vec::new());
        }
        // After its padding the file is over.
        if std::mem::replace(&mut self.padded, characters.ends_with(b"=")) {
            return Err(Spoilt::Malformed);
        }
        STANDARD.decode(characters).map_err(|_| Spoilt::Malformed)
    }

    fn byte(&mut self, byte: u8) -> Result<(), Spoilt> {
        match self.at {
            At::Between => return self.between(byte),
            At::File => return self.in_file(byte),
            At::Name | At::Text => {}
        }
        match (self.escape.take(), byte) {
            (Some(_), _) => self.longer_name(byte),
            (None, b'\\') => {
                self.escape = Some(Vec::new());
                self.longer_name(byte);
            }
            (None, b'"') => self.at = At::Between,
            (None, _) => self.longer_name(byte),
        }
        Ok(())
    }

    /// A name that is too long, or has an escape in it, is none that is looked for.
    fn longer_name(&mut self, byte: u8) {
        if self.at == At::Name && self.name.len() <= LONGEST_NAME {
            self.name.push(byte);
        }
    }

    fn between(&mut self, byte: u8) -> Result<(), Spoilt> {
        match byte {
            b'{' | b'[' => {
                if self.open.len() >= DEEPEST || (self.began && self.open.is_empty()) {
                    return Err(Spoilt::Malformed);
                }
                self.began = true;
                if self.open.len() == 1 {
                    self.outer.clone_from(&self.name);
                }
                self.open.push(byte == b'{');
                self.name_next = byte == b'{';
                self.name.clear();
            }
            b'}' | b']' => {
                if self.open.pop() != Some(byte == b'}') {
                    return Err(Spoilt::Malformed);
                }
                self.name_next = false;
                self.name.clear();
            }
            b',' => self.name_next = self.open.last() == Some(&true),
            b':' => self.name_next = false,
            b'"' => self.begin_text()?,
            // Outside of everything there is nothing but blanks.
            _ if self.open.is_empty() && !byte.is_ascii_whitespace() => return Err(Spoilt::Malformed),
            _ => {}
        }
        Ok(())
    }

    fn begin_text(&mut self) -> Result<(), Spoilt> {
        if self.open.is_empty() {
            return Err(Spoilt::Malformed);
        }
        if self.name_next {
            self.name.clear();
            self.at = At::Name;
            return Ok(());
        }
        let here = match self.open.as_slice() {
            [true] => true,
            [true, true] => self.outer == b"data",
            _ => false,
        };
        self.at = match here && self.name == b"base64" {
            true if std::mem::replace(&mut self.found, true) => return Err(Spoilt::Malformed),
            true => At::File,
            false => At::Text,
        };
        Ok(())
    }

    fn in_file(&mut self, byte: u8) -> Result<(), Spoilt> {
        match (self.escape.take(), byte) {
            (None, b'"') => self.at = At::Between,
            (None, b'\\') => self.escape = Some(Vec::new()),
            (None, _) => self.characters.push(byte),
            (Some(so_far), b'/') if so_far.is_empty() => self.characters.push(b'/'),
            (Some(mut so_far), _) => {
                so_far.push(byte);
                match so_far.as_slice() {
                    [b'u'] => self.escape = Some(so_far),
                    [b'u', digits @ ..] if digits.len() < 4 => self.escape = Some(so_far),
                    [b'u', digits @ ..] => self.characters.push(character(digits).ok_or(Spoilt::Malformed)?),
                    _ => return Err(Spoilt::Malformed),
                }
            }
        }
        Ok(())
    }
}

/// The character of four hexadecimal digits, if it is one of base64's.
fn character(digits: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(digits).ok()?;
    let plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    u8::try_from(u16::from_str_radix(digits, 16).ok()?)
        .ok()
        .filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// Takes the file and notes how large its largest piece was.
    #[derive(Default)]
    struct Whole {
        bytes: Vec<u8>,
        largest: usize,
    }

    #[async_trait]
    impl MediaSink for Whole {
        async fn take(&mut self, piece: &[u8]) -> bool {
            self.largest = self.largest.max(piece.len());
            self.bytes.extend_from_slice(piece);
            true
        }
    }

    async fn read(answer: &[u8], at_once: usize, max_bytes: u64) -> Result<Whole, Spoilt> {
        let mut whole = Whole::default();
        let mut encoded = Encoded::into(&mut whole, max_bytes);
        for piece in answer.chunks(at_once.max(1)) {
            if !encoded.take(piece).await {
                break;
            }
        }
        match encoded.spoilt(true) {
            Some(spoilt) => Err(spoilt),
            None => Ok(whole),
        }
    }

    #[tokio::test]
    async fn the_file_is_found_wherever_the_line_cuts_the_answer() {
        let file: Vec<u8> = (0..=255).chain([0xff; 33]).collect();
        let encoded = STANDARD.encode(&file);
        let slashes = encoded.replace('/', "\\/");
        let unicode = encoded.replace('/', "\\u002f");
        assert_ne!(encoded, slashes, "there are some in it");
        for text in [
            json!({ "base64": encoded, "mimetype": "image/png" }).to_string(),
            json!({ "message": "a \"base64\": \\", "data": { "key": [{ "base64": "QQ==" }], "base64": encoded } })
                .to_string(),
            format!(r#" {{ "x" : {{ "base64" : "QUJD" }}, "data" : {{ "base64" : "{slashes}" }} }} "#),
            format!(r#"{{"base64":"{unicode}","a":1}}"#),
        ] {
            for at_once in [1, 2, 3, 5, 7, 64, text.len()] {
                let whole = read(text.as_bytes(), at_once, 1_000).await;
                assert_eq!(
                    whole.map(|whole| whole.bytes).as_ref(),
                    Ok(&file),
                    "{at_once} at once of {text}"
                );
            }
        }
    }

    #[tokio::test]
    async fn what_is_no_whole_answer_with_one_file_is_told() {
        for text in [
            "",
            "<html>\"base64\":\"QUJD\"",
            "null",
            r#""base64":"QUJD""#,
            r#"{"base64":"QUJD""#,
            r#"{"base64":"QUJ"}"#,
            r#"{"base64":"QQ==QUJD"}"#,
            r#"{"base64":"QU\nJD"}"#,
            r#"{"base64":"QU JD"}"#,
            r#"{"base64":""}"#,
            r#"{"base64":null}"#,
            r#"{"base64":["QUJD"]}"#,
            r#"{"other":{"base64":"QUJD"}}"#,
            r#"{"base64":"QUJD","data":{"base64":"QUJD"}}"#,
            r#"{"base64":"QUJD"]"#,
            r#"{"base64":"QUJD"}{}"#,
            r#"[{"base64":"QUJD"}]"#,
        ] {
            for at_once in [1, text.len()] {
                let read = read(text.as_bytes(), at_once, 1_000).await.err();
                assert_eq!(read, Some(Spoilt::Malformed), "{at_once} at once of {text}");
            }
        }
        let deep = "[".repeat(1_000_000);
        let read = read(format!("{{\"a\":{deep}").as_bytes(), 4_096, 1_000).await;
        assert_eq!(
            read.err(),
            Some(Spoilt::Malformed),
            "deeper than anything that is meant"
        );
    }

    #[tokio::test]
    async fn a_large_file_is_given_on_in_pieces_no_larger_than_those_that_came() {
        const LINE: usize = 16 * 1024;
        let file = vec![0x5a; 8 * 1024 * 1024];
        let text = json!({ "data": { "base64": STANDARD.encode(&file) } }).to_string();
        let whole = read(text.as_bytes(), LINE, file.len() as u64)
            .await
            .expect("it is whole");
        assert_eq!(whole.bytes.len(), file.len(), "all of it");
        assert!(whole.largest <= LINE, "{} bytes were held at once", whole.largest);
        let over = read(text.as_bytes(), LINE, file.len() as u64 - 1).await;
        assert_eq!(over.err(), Some(Spoilt::TooLarge), "one byte too many");
    }

    proptest! {
        #[test]
        fn any_file_comes_out_as_it_went_in(file in prop::collection::vec(any::<u8>(), 1..400), at_once in 1_usize..50, words in "\\PC{0,30}") {
            let text = json!({ "a": { words.clone(): words }, "base64": STANDARD.encode(&file), "z": words }).to_string();
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
            let whole = runtime.block_on(read(text.as_bytes(), at_once, 1_000));
            prop_assert_eq!(whole.map(|whole| whole.bytes).ok(), Some(file));
        }
    }
}
