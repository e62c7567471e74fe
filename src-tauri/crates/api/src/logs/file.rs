//! The log's files: appended to, and moved on when they are full.
//!
//! A line is written at once, so that the last words before a crash are there. A line that cannot be written (a full disk, say)
//! is left out: whoever logs must not fail for it, and there is nowhere to say so. The file is open to its owner alone.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::line::LogLine;

/// Bytes after which a file is full.
const FULL: u64 = 2 * 1024 * 1024;
/// Full files that are kept.
const KEPT: usize = 4;

/// Where lines are kept, once a folder is known.
#[derive(Clone, Default)]
pub(super) struct LogFile(Arc<Mutex<Option<Open>>>);

struct Open {
    folder: PathBuf,
    file: File,
    bytes: u64,
}

impl LogFile {
    /// Begins to keep lines in `folder`, which is made if it is not there.
    ///
    /// # Errors
    /// The folder or the file cannot be made.
    pub(super) fn open(&self, folder: &Path) -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        *self.lock() = Some(Open::at(folder)?);
        Ok(())
    }

    /// Keeps a line.
    pub(super) fn write(&self, line: &LogLine) {
        let Ok(mut text) = serde_json::to_string(line) else {
            return;
        };
        text.push('\n');
        if let Some(open) = self.lock().as_mut() {
            open.append(text.as_bytes());
        }
    }

    /// The files, oldest first.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let open = self.lock();
        let Some(open) = open.as_ref() else {
            return Vec::new();
        };
        (0..=KEPT).rev().map(|age| path(&open.folder, age)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Open>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn at(folder: &Path) -> std::io::Result<Self> {
        let mut options = File::options();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path(folder, 0))?;
        let bytes = file.metadata()?.len();
        Ok(Self {
            folder: folder.to_owned(),
            file,
            bytes,
        })
    }

    fn append(&mut self, text: &[u8]) {
        if self.bytes >= FULL {
            self.move_on();
        }
        if self.file.write_all(text).is_ok() {
            self.bytes += text.len() as u64;
        }
    }

    /// Every file gets a step older; the oldest is written over. If that fails the same file goes on, rather than none.
    fn move_on(&mut self) {
        for age in (0..KEPT).rev() {
            let _not_there_yet = std::fs::rename(path(&self.folder, age), path(&self.folder, age + 1));
        }
        if let Ok(next) = Self::at(&self.folder) {
            *self = next;
        }
    }
}

fn path(folder: &Path, age: usize) -> PathBuf {
    match age {
        0 => folder.join("mostrador.jsonl"),
        age => folder.join(format!("mostrador.{age}.jsonl")),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use mostrador_domain::UnixMillis;

    use super::*;
    use crate::logs::line::LogLevel;

    fn line(message: String) -> LogLine {
        LogLine {
            at: UnixMillis(1),
            level: LogLevel::Info,
            target: "mostrador".to_owned(),
            message,
            fields: BTreeMap::new(),
        }
    }

    #[test]
    fn full_files_move_on_and_only_so_many_are_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let log = LogFile::default();
        log.open(folder.path()).expect("it opens");
        let long = "x".repeat(200_000);
        for _ in 0..90 {
            log.write(&line(long.clone()));
        }
        log.write(&line("the last one".to_owned()));

        let sizes = std::fs::read_dir(folder.path())
            .expect("the folder")
            .map(|entry| entry.expect("an entry").metadata().expect("a size").len());
        let sizes: Vec<u64> = sizes.collect();
        assert_eq!(sizes.len(), KEPT + 1, "older ones are gone");
        assert!(
            sizes.iter().all(|size| *size < FULL + 300_000),
            "none is much larger than it may be: {sizes:?}"
        );
        let newest = std::fs::read_to_string(path(folder.path(), 0)).expect("the newest");
        assert!(
            newest.contains("the last one"),
            "the newest line is in the newest file"
        );
    }

    #[test]
    fn a_new_run_goes_on_where_the_last_one_ended() {
        let folder = tempfile::tempdir().expect("a folder");
        for run in ["first", "second"] {
            let log = LogFile::default();
            log.open(folder.path()).expect("it opens");
            log.write(&line(run.to_owned()));
        }
        let text = std::fs::read_to_string(path(folder.path(), 0)).expect("the file");
        assert_eq!(
            text.lines().count(),
            2,
            "nothing of the first run is written over: {text}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_on_this_computer_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        LogFile::default().open(folder.path()).expect("it opens");
        let mode = std::fs::metadata(path(folder.path(), 0))
            .expect("the file")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "its owner alone");
    }
}
