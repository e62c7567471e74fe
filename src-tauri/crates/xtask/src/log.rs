//! What a program printed, kept in a file below `target/xtask/`.
//!
//! A file instead of a pipe: a file never fills up, needs no thread to empty it, and never waits for a grandchild
//! that kept it open. One file for each command line, overwritten by the next run.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Stdio;

use crate::failure::Failure;
use crate::project;

/// How many lines of a failing program's output are shown; the file has all of them.
const LINES_SHOWN: usize = 300;
/// How many of them are said once more at the end of a run of many steps.
const LINES_REPEATED: usize = 40;

/// One program's output.
pub(crate) struct Log {
    path: PathBuf,
    file: File,
}

impl Log {
    /// For the command `line`, emptied.
    pub(crate) fn create(line: &str) -> Result<Self, Failure> {
        let folder = project::scratch()?;
        let path = folder.join(format!("{}.log", file_name_of(line)));
        let file = File::create(&path).map_err(Failure::file(&path))?;
        Ok(Self { path, file })
    }

    /// As a stream for the program to write to; standard output and error may share it.
    pub(crate) fn stdio(&self) -> Result<Stdio, Failure> {
        self.file
            .try_clone()
            .map(Stdio::from)
            .map_err(Failure::file(&self.path))
    }

    /// All that was printed.
    pub(crate) fn read(&self) -> Result<String, Failure> {
        let bytes = fs::read(&self.path).map_err(Failure::file(&self.path))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Puts the end of it on the screen.
    pub(crate) fn show(&self) {
        let Ok(text) = self.read() else { return };
        let (skipped, tail) = last_lines(&text, LINES_SHOWN);
        if skipped > 0 {
            println!("… {skipped} lines before these are in {}", self.path.display());
        }
        println!("{tail}");
    }

    /// Its last words.
    pub(crate) fn end(&self) -> String {
        self.read()
            .map(|text| last_lines(&text, LINES_REPEATED).1)
            .unwrap_or_default()
    }
}

/// A readable file name for a command line: `npm run test` gives `npm-run-test`.
fn file_name_of(line: &str) -> String {
    let words: Vec<String> = line
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let mut name = words.join("-");
    name.truncate(60);
    name
}

/// The last `count` lines, and how many stood before them.
fn last_lines(text: &str, count: usize) -> (usize, String) {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let skipped = lines.len().saturating_sub(count);
    (skipped, lines[skipped..].join("\n"))
}

#[cfg(test)]
mod tests {
    use super::{file_name_of, last_lines};

    #[test]
    fn a_log_is_named_after_its_command() {
        assert_eq!(
            file_name_of("cargo test --workspace --exclude mostrador"),
            "cargo-test-workspace-exclude-mostrador",
            "the name should read like the command"
        );
    }

    #[test]
    fn a_log_name_is_never_longer_than_a_file_system_likes() {
        let name = file_name_of(&"package ".repeat(100));
        assert!(
            name.len() <= 60,
            "a command with many arguments gave a name of {} bytes",
            name.len()
        );
    }

    #[test]
    fn only_the_end_of_a_long_output_is_shown_and_the_rest_is_counted() {
        let (skipped, tail) = last_lines("one\ntwo\nthree\nfour\n\n", 2);
        assert_eq!(
            (skipped, tail.as_str()),
            (2, "three\nfour"),
            "the last lines say what went wrong"
        );
    }
}
