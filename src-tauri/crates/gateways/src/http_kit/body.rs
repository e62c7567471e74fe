//! What a call carries: bytes that are here, and files that are read while they leave.
//!
//! A file is opened before the call is made, so one that has vanished is told before anything left. A thread of its own reads it, and
//! turns it into base64 where it stands inside of JSON; the pieces reach the line through a short queue, so that a slow line slows the
//! reading down and nothing piles up: whatever the size of the file, a few pieces of [`PIECE`] are held. The length of the whole is
//! known beforehand and told. A file that turns out shorter or longer than that cuts the call: a request that never became whole has
//! no effect, so it is told as missing as well.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mostrador_domain::{Failure, FailureCode, OutgoingSource};
use serde_json::Value;
use tokio::sync::mpsc;

/// In a JSON body: here the file stands, in base64. At the end of a text, so that something may come before it.
pub(crate) const FILE: &str = "\u{0}file\u{0}";

/// So much of a file is read at once; whole groups of base64.
const PIECE: usize = 48 * 1024;
/// Pieces that may wait for the line.
const QUEUE: usize = 2;

const GONE: Failure = Failure::Rejected {
    code: FailureCode::MediaMissing,
};

/// What a call carries. It can be sent again: files are opened anew.
#[derive(Clone)]
pub(super) enum Payload {
    /// Bytes.
    Bytes(Vec<u8>),
    /// Texts and files, one behind the other.
    Parts(Vec<Part>),
}

/// A part of what a call carries.
#[derive(Clone)]
pub(super) enum Part {
    /// As it is.
    Text(Vec<u8>),
    /// A file as it is.
    File(OutgoingSource),
    /// A file in base64.
    Base64(OutgoingSource),
}

impl Payload {
    /// A JSON body with the file where [`FILE`] stands; `None` = it does not stand there once.
    pub(super) fn json_with(body: &Value, file: &OutgoingSource) -> Option<Self> {
        let mut parts = Vec::new();
        let mut text = String::new();
        write(body, file, &mut text, &mut parts);
        parts.push(Part::Text(text.into_bytes()));
        let files = parts.iter().filter(|part| matches!(part, Part::Base64(_)));
        (files.count() == 1).then_some(Self::Parts(parts))
    }

    /// Opens what has to be read, so that it can leave.
    pub(super) async fn open(self) -> Result<Leaving, Failure> {
        let parts = match self {
            Self::Bytes(bytes) => return Ok(Leaving::Whole(bytes)),
            Self::Parts(parts) => parts,
        };
        let length = parts.iter().map(Part::length).fold(0, u64::saturating_add);
        let opened = tokio::task::spawn_blocking(move || {
            parts
                .into_iter()
                .map(Part::open)
                .collect::<io::Result<Vec<Opened>>>()
        });
        let opened = opened.await.ok().and_then(Result::ok).ok_or(GONE)?;
        Ok(Leaving::Streamed { opened, length })
    }
}

/// JSON as `serde_json` writes it, interrupted where the file stands.
fn write(value: &Value, file: &OutgoingSource, text: &mut String, parts: &mut Vec<Part>) {
    match value {
        Value::Object(fields) => {
            text.push('{');
            for (place, (name, value)) in fields.iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                write(value, file, text, parts);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                write(item, file, text, parts);
            }
            text.push(']');
        }
        Value::String(said) if said.ends_with(FILE) => {
            let before = Value::from(said.trim_end_matches(FILE)).to_string();
            text.push_str(before.strip_suffix('"').unwrap_or(&before));
            parts.push(Part::Text(std::mem::take(text).into_bytes()));
            parts.push(Part::Base64(file.clone()));
            text.push('"');
        }
        other => text.push_str(&other.to_string()),
    }
}

impl Part {
    fn length(&self) -> u64 {
        match self {
            Self::Text(bytes) => bytes.len() as u64,
            Self::File(file) => file.length(),
            Self::Base64(file) => file.length().div_ceil(3).saturating_mul(4),
        }
    }

    fn open(self) -> io::Result<Opened> {
        Ok(match self {
            Self::Text(bytes) => Opened::Text(bytes),
            Self::File(file) => Opened::File(Reading::of(&file)?),
            Self::Base64(file) => Opened::Base64(Reading::of(&file)?),
        })
    }
}

/// A part that is being read.
pub(super) enum Opened {
    Text(Vec<u8>),
    File(Reading),
    Base64(Reading),
}

/// A file that is being read, with what is still to come of it.
pub(super) struct Reading {
    from: Box<dyn Read + Send>,
    left: u64,
}

impl Reading {
    fn of(file: &OutgoingSource) -> io::Result<Self> {
        Ok(Self {
            from: file.open()?,
            left: file.length(),
        })
    }

    /// The next piece, a whole one until the last; an empty one is the end.
    fn next(&mut self) -> io::Result<Vec<u8>> {
        let wanted = self.left.min(PIECE as u64);
        let mut piece = Vec::with_capacity(usize::try_from(wanted).unwrap_or(PIECE));
        self.from.by_ref().take(wanted).read_to_end(&mut piece)?;
        let had = piece.len() as u64;
        self.left -= had;
        let grown = self.left == 0 && self.from.read(&mut [0])? > 0;
        match had < wanted || grown {
            true => Err(io::ErrorKind::UnexpectedEof.into()),
            false => Ok(piece),
        }
    }
}

/// What leaves now.
pub(super) enum Leaving {
    /// All of it is here.
    Whole(Vec<u8>),
    /// It is read while it leaves.
    Streamed {
        /// Part by part.
        opened: Vec<Opened>,
        /// Of the whole.
        length: u64,
    },
}

/// Could a file that was leaving not be read to its end?
#[derive(Clone, Default)]
pub(super) struct Lost(Arc<AtomicBool>);

impl Lost {
    /// What became of the call: a file that was lost on the way is told as that.
    pub(super) fn told<T>(&self, result: Result<T, Failure>) -> Result<T, Failure> {
        match self.0.load(Ordering::Acquire) {
            true => result.map_err(|_| GONE),
            false => result,
        }
    }
}

/// The pieces, as they are read.
pub(super) fn body(opened: Vec<Opened>, lost: &Lost) -> reqwest::Body {
    let (pieces, coming) = mpsc::channel::<io::Result<Vec<u8>>>(QUEUE);
    let lost = lost.clone();
    // Ends by itself: with the last piece, or when nobody takes any more.
    tokio::task::spawn_blocking(move || {
        let read = opened.into_iter().try_for_each(|part| read(part, &pieces));
        if let Err(Stopped::Lost(error)) = read {
            lost.0.store(true, Ordering::Release);
            let _nobody_listens = pieces.blocking_send(Err(error));
        }
    });
    reqwest::Body::wrap_stream(futures_util::stream::unfold(coming, |mut coming| async move {
        coming.recv().await.map(|piece| (piece, coming))
    }))
}

enum Stopped {
    /// The file.
    Lost(io::Error),
    /// Nobody takes any more.
    Unwanted,
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::Lost(error)
    }
}

fn read(part: Opened, pieces: &mpsc::Sender<io::Result<Vec<u8>>>) -> Result<(), Stopped> {
    let send = |piece| pieces.blocking_send(Ok(piece)).map_err(|_| Stopped::Unwanted);
    let (mut reading, encoded) = match part {
        Opened::Text(bytes) => return send(bytes),
        Opened::File(reading) => (reading, false),
        Opened::Base64(reading) => (reading, true),
    };
    loop {
        let piece = reading.next()?;
        if piece.is_empty() {
            return Ok(());
        }
        send(match encoded {
            true => STANDARD.encode(piece).into_bytes(),
            false => piece,
        })?;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn texts(payload: Option<Payload>) -> Vec<String> {
        let Some(Payload::Parts(parts)) = payload else {
            return Vec::new();
        };
        let said = parts.into_iter().map(|part| match part {
            Part::Text(bytes) => String::from_utf8(bytes).expect("UTF-8"),
            Part::File(_) | Part::Base64(_) => "<file>".to_owned(),
        });
        said.collect()
    }

    #[test]
    fn the_file_stands_where_it_belongs_and_everything_else_is_as_it_was() {
        let file = OutgoingSource::from(vec![1, 2, 3]);
        let words = "á \"b\" \\ \u{0} \u{1f370}";
        let around =
            json!({ "a": [1, words], "media": format!("data:x/y;base64,{FILE}"), "z": { "w": words } });
        let parts = texts(Payload::json_with(&around, &file));
        let mut whole = around.clone();
        whole["media"] = json!("data:x/y;base64,<file>");
        assert_eq!(parts.concat(), whole.to_string(), "the same JSON");
        assert_eq!(parts.get(1).map(String::as_str), Some("<file>"), "in one place");
    }

    #[test]
    fn words_that_look_like_a_file_make_no_body() {
        let file = OutgoingSource::from(vec![1, 2, 3]);
        for body in [
            json!({ "media": FILE, "caption": FILE }),
            json!({ "caption": "hola" }),
        ] {
            assert!(Payload::json_with(&body, &file).is_none(), "not once: {body}");
        }
    }

    #[test]
    fn the_length_is_known_before_anything_is_read() {
        for (bytes, expected) in [(0_u64, 0), (1, 4), (3, 4), (4, 8), (48 * 1024 + 1, 65_540)] {
            let file = OutgoingSource::from(vec![7; usize::try_from(bytes).expect("small")]);
            assert_eq!(Part::File(file.clone()).length(), bytes, "as it is");
            assert_eq!(Part::Base64(file).length(), expected, "{bytes} bytes in base64");
        }
    }
}
