//! Reads back what a document says: as much of PDF as our own documents use.

use std::collections::HashMap;
use std::io::Read;

pub(super) struct Document<'a> {
    file: &'a [u8],
    /// Where each object begins.
    places: HashMap<usize, usize>,
}

impl<'a> Document<'a> {
    pub(super) fn read(file: &'a [u8]) -> Self {
        assert!(file.starts_with(b"%PDF-1.7"), "a document says what it is");
        let from = number_after(file, b"startxref\n").expect("where the table of objects begins");
        let table = String::from_utf8_lossy(&file[from..]);
        let places = table
            .lines()
            .skip(2)
            .take_while(|line| !line.starts_with("trailer"))
            .enumerate()
            .filter_map(|(id, line)| Some((id, line.get(..10)?.parse().ok()?)))
            .collect();
        Self { file, places }
    }

    /// The text of each page, a piece a line.
    pub(super) fn pages(&self) -> Vec<String> {
        let root = self.names(number_after(self.file, b"/Root ").expect("a root"));
        let kids = self.names(reference(&root, "/Pages ").expect("pages"));
        let kids = kids
            .split_once("/Kids[")
            .and_then(|(_, rest)| rest.split_once(']'))
            .expect("kids")
            .0
            .to_owned();
        kids.split(" 0 R")
            .filter_map(|id| id.trim().parse().ok())
            .map(|page| self.page(page))
            .collect()
    }

    fn page(&self, id: usize) -> String {
        let page = self.names(id);
        let fonts = self.names(reference(&page, "/Resources ").expect("resources"));
        let fonts: HashMap<String, HashMap<u16, String>> = fonts
            .split('/')
            .filter_map(|entry| {
                let (name, rest) = entry.split_once(' ')?;
                let id = name
                    .strip_prefix('f')?
                    .parse::<u8>()
                    .ok()
                    .and(rest.split(' ').next()?.parse().ok())?;
                let map = reference(&self.names(id), "/ToUnicode ").expect("what its glyphs mean");
                Some((name.to_owned(), meanings(&self.stream(map))))
            })
            .collect();
        said(
            &self.stream(reference(&page, "/Contents ").expect("contents")),
            &fonts,
        )
    }

    /// An object's own words, without its stream.
    fn names(&self, id: usize) -> String {
        let object = &self.file[self.places[&id]..];
        let end = find(object, b"stream\n")
            .into_iter()
            .chain(find(object, b"endobj"))
            .min()
            .expect("an end");
        String::from_utf8_lossy(&object[..end]).into_owned()
    }

    fn stream(&self, id: usize) -> Vec<u8> {
        let object = &self.file[self.places[&id]..];
        let length = number_after(object, b"/Length ").expect("a length");
        let start = find(object, b"stream\n").expect("a stream") + 7;
        let mut plain = Vec::new();
        flate2::read::ZlibDecoder::new(&object[start..start + length])
            .read_to_end(&mut plain)
            .expect("streams are compressed");
        plain
    }
}

/// What each glyph of a font means.
fn meanings(map: &[u8]) -> HashMap<u16, String> {
    String::from_utf8_lossy(map)
        .lines()
        .filter_map(|line| {
            let (code, text) = line.strip_prefix('<')?.strip_suffix('>')?.split_once("> <")?;
            let units: Vec<u16> = (0..text.len() / 4)
                .map_while(|at| u16::from_str_radix(&text[at * 4..at * 4 + 4], 16).ok())
                .collect();
            Some((
                u16::from_str_radix(code, 16).ok()?,
                String::from_utf16_lossy(&units),
            ))
        })
        .collect()
}

fn said(content: &[u8], fonts: &HashMap<String, HashMap<u16, String>>) -> String {
    let mut text = String::new();
    let mut font = None;
    let mut at = 0;
    while at < content.len() {
        match content[at] {
            b'(' => {
                let (bytes, end) = literal(content, at + 1);
                for pair in bytes.chunks_exact(2) {
                    let code = u16::from_be_bytes([pair[0], pair[1]]);
                    let meant = font.and_then(|font: &HashMap<u16, String>| font.get(&code));
                    text.push_str(meant.map_or("?", String::as_str));
                }
                at = end;
                continue;
            }
            b'<' if content.get(at + 1) == Some(&b'<') => {
                at += find(&content[at..], b">>").expect("an end") + 2;
                continue;
            }
            b'/' => {
                let name: String = content[at + 1..]
                    .iter()
                    .map(|byte| char::from(*byte))
                    .take_while(char::is_ascii_alphanumeric)
                    .collect();
                font = fonts.get(&name).or(font);
            }
            b'E' if content[at..].starts_with(b"ET") => text.push('\n'),
            _ => {}
        }
        at += 1;
    }
    text
}

fn literal(content: &[u8], mut at: usize) -> (Vec<u8>, usize) {
    let mut bytes = Vec::new();
    let mut depth = 0;
    loop {
        match content[at] {
            b')' if depth == 0 => return (bytes, at + 1),
            b'\\' => {
                let digits: String = content[at + 1..]
                    .iter()
                    .take(3)
                    .map(|byte| char::from(*byte))
                    .take_while(char::is_ascii_digit)
                    .collect();
                if digits.is_empty() {
                    let named = [(b'n', b'\n'), (b'r', b'\r'), (b't', b'\t'), (b'b', 8), (b'f', 12)];
                    let sign = content[at + 1];
                    bytes.push(
                        named
                            .iter()
                            .find(|(name, _)| *name == sign)
                            .map_or(sign, |(_, byte)| *byte),
                    );
                    at += 2;
                } else {
                    bytes.push(u8::from_str_radix(&digits, 8).expect("octal"));
                    at += 1 + digits.len();
                }
                continue;
            }
            byte => {
                depth += i32::from(byte == b'(') - i32::from(byte == b')');
                bytes.push(byte);
            }
        }
        at += 1;
    }
}

fn reference(object: &str, name: &str) -> Option<usize> {
    object.split_once(name)?.1.split(' ').next()?.parse().ok()
}

fn number_after(bytes: &[u8], name: &[u8]) -> Option<usize> {
    let start = find(bytes, name)? + name.len();
    let digits: String = bytes[start..]
        .iter()
        .map(|byte| char::from(*byte))
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().ok()
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}
