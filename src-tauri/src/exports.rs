//! Files that the page writes piece by piece: a chat that is exported.
//!
//! The page never names a place: the operator does, in the desktop's own dialog, and the page gets a number for it. What it
//! writes goes to a passing file beside that place and takes its name only when the page says that it is whole; a page that
//! gives up, or goes, leaves nothing: what a page began, the next one cannot end. A program that dies leaves the passing file.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mostrador_api::{ApiError, ErrorCode, Shop};
use serde::Deserialize;
use serde_json::{Value, json};
use tauri::AppHandle;
use tempfile::NamedTempFile;

use crate::file_names;
use crate::outward::{ask_where, in_background, passing_in, read};

/// What a file without a name is called.
const UNNAMED: &str = "mostrador";
/// So many are written at once; a page that begins more has lost some.
const AT_ONCE: usize = 4;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Begin {
    file_name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Piece {
    file: u32,
    text: String,
    /// The text stands for bytes.
    #[serde(default)]
    base64: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    file: u32,
    keep: bool,
}

/// The files that are being written. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Exports(Arc<Mutex<Open>>);

#[derive(Default)]
struct Open {
    last: u32,
    files: BTreeMap<u32, Unfinished>,
    /// How many pages have ended.
    ended: u32,
}

struct Unfinished {
    passing: NamedTempFile,
    place: PathBuf,
    /// How many pages had ended when it was begun.
    ended: u32,
}

impl Open {
    /// One whose page has ended meanwhile is gone.
    fn put(&mut self, file: u32, unfinished: Unfinished) {
        if unfinished.ended == self.ended {
            self.files.insert(file, unfinished);
        }
    }
}

impl Exports {
    /// Asks where, and begins; the answer is `{file}`, or null if the operator thought better of it.
    pub(crate) async fn begin(&self, app: &AppHandle, shop: &Shop, args: Value) -> Result<Value, ApiError> {
        let Begin { file_name } = read(args)?;
        let name = file_names::safe(&file_name, UNNAMED);
        let ended = self.lock().ended;
        match ask_where(app, shop, name).await? {
            None => Ok(Value::Null),
            Some(place) => self.open(place, ended).await,
        }
    }

    /// The page has ended: nobody ends what it began.
    pub(crate) fn forget(&self) {
        let mut open = self.lock();
        open.ended = open.ended.wrapping_add(1);
        open.files.clear();
    }

    /// For the page that was there when so many had ended.
    async fn open(&self, place: PathBuf, ended: u32) -> Result<Value, ApiError> {
        let exports = self.clone();
        in_background(move || {
            let passing = passing_in(place.parent().unwrap_or(Path::new(".")))?;
            let mut open = exports.lock();
            open.last = open.last.wrapping_add(1);
            let file = open.last;
            let unfinished = Unfinished {
                passing,
                place,
                ended,
            };
            open.put(file, unfinished);
            while open.files.len() > AT_ONCE {
                open.files.pop_first();
            }
            Ok(json!({ "file": file }))
        })
        .await
    }

    /// Writes the next piece.
    pub(crate) async fn write(&self, args: Value) -> Result<Value, ApiError> {
        let Piece { file, text, base64 } = read(args)?;
        let bytes = match base64 {
            true => STANDARD.decode(text).map_err(|_| ErrorCode::BadRequest)?,
            false => text.into_bytes(),
        };
        let mut unfinished = self.take(file)?;
        let exports = self.clone();
        in_background(move || {
            unfinished.passing.write_all(&bytes)?;
            exports.lock().put(file, unfinished);
            Ok(Value::Null)
        })
        .await
    }

    /// Ends one: it takes its name, or is gone. The answer is `{fileName}`, or null.
    pub(crate) async fn end(&self, args: Value) -> Result<Value, ApiError> {
        let End { file, keep } = read(args)?;
        let Unfinished { passing, place, .. } = self.take(file)?;
        in_background(move || {
            if !keep {
                return Ok(Value::Null);
            }
            passing.as_file().sync_all()?;
            passing.persist(&place).map_err(|failed| failed.error)?;
            let name = place.file_name().unwrap_or_default().to_string_lossy();
            Ok(json!({ "fileName": name }))
        })
        .await
    }

    /// Whoever works on one has it alone; one that fails is gone.
    fn take(&self, file: u32) -> Result<Unfinished, ApiError> {
        self.lock()
            .files
            .remove(&file)
            .ok_or_else(|| ErrorCode::NotFound.into())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn begun(folder: &Path) -> (Exports, Value) {
        let exports = Exports::default();
        let open = exports.open(folder.join("chat.txt"), 0).await.expect("begun");
        (exports, open["file"].clone())
    }

    fn count(folder: &Path) -> usize {
        std::fs::read_dir(folder).expect("a folder").count()
    }

    #[tokio::test]
    async fn a_file_has_its_name_only_when_it_is_whole() {
        let folder = tempfile::tempdir().expect("temp");
        let (exports, file) = begun(folder.path()).await;
        for text in ["uno\n", "dos\n"] {
            let piece = json!({ "file": file, "text": text });
            exports.write(piece).await.expect("written");
            assert!(!folder.path().join("chat.txt").exists(), "not whole yet");
        }
        let ended = exports
            .end(json!({ "file": file, "keep": true }))
            .await
            .expect("kept");
        assert_eq!(ended["fileName"], "chat.txt", "what it is called");
        let whole = std::fs::read_to_string(folder.path().join("chat.txt")).expect("there");
        assert_eq!(whole, "uno\ndos\n", "in order");
        assert_eq!(count(folder.path()), 1, "nothing else");
    }

    #[tokio::test]
    async fn bytes_come_as_base64() {
        let folder = tempfile::tempdir().expect("temp");
        let (exports, file) = begun(folder.path()).await;
        let piece = json!({ "file": file, "text": "AP9Q", "base64": true });
        exports.write(piece).await.expect("written");
        let garbled = json!({ "file": file, "text": "no base64!", "base64": true });
        let code = exports.write(garbled).await.err().map(|error| error.code);
        assert_eq!(code, Some(ErrorCode::BadRequest), "what is none is not written");
        exports
            .end(json!({ "file": file, "keep": true }))
            .await
            .expect("kept");
        let whole = std::fs::read(folder.path().join("chat.txt")).expect("there");
        assert_eq!(whole, [0x00, 0xff, 0x50], "as they are");
    }

    #[tokio::test]
    async fn one_that_is_given_up_leaves_nothing() {
        let folder = tempfile::tempdir().expect("temp");
        let (exports, file) = begun(folder.path()).await;
        let piece = json!({ "file": file, "text": "uno" });
        exports.write(piece.clone()).await.expect("written");
        exports
            .end(json!({ "file": file, "keep": false }))
            .await
            .expect("given up");
        assert_eq!(count(folder.path()), 0, "nothing is left");
        let late = exports.write(piece).await.err().map(|error| error.code);
        assert_eq!(late, Some(ErrorCode::NotFound), "nothing can be written to it");
    }

    #[tokio::test]
    async fn files_that_a_page_has_lost_make_room() {
        let folder = tempfile::tempdir().expect("temp");
        let exports = Exports::default();
        for name in 0..AT_ONCE + 2 {
            exports
                .open(folder.path().join(name.to_string()), 0)
                .await
                .expect("begun");
        }
        assert_eq!(count(folder.path()), AT_ONCE, "the oldest are gone");
    }

    #[tokio::test]
    async fn what_a_page_that_ended_had_begun_is_gone() {
        let folder = tempfile::tempdir().expect("temp");
        let (exports, file) = begun(folder.path()).await;
        exports.forget();
        assert_eq!(count(folder.path()), 0, "nothing is left");
        let late = exports.end(json!({ "file": file, "keep": true })).await;
        let code = late.err().map(|error| error.code);
        assert_eq!(code, Some(ErrorCode::NotFound), "and nobody can end it");

        let asked_before = exports.open(folder.path().join("chat.txt"), 0).await;
        assert!(asked_before.is_ok());
        assert_eq!(count(folder.path()), 0, "its place was named after it had gone");
    }

    #[tokio::test]
    async fn a_page_cannot_name_a_place() {
        let (exports, nowhere) = (
            Exports::default(),
            json!({ "file": 7, "keep": true, "place": "/etc" }),
        );
        let code = exports.end(nowhere).await.err().map(|error| error.code);
        assert_eq!(code, Some(ErrorCode::BadRequest), "no such argument");
        let code = exports.end(json!({ "file": 7, "keep": true })).await.err();
        assert_eq!(
            code.map(|error| error.code),
            Some(ErrorCode::NotFound),
            "nor a file that was not given out"
        );
    }
}
