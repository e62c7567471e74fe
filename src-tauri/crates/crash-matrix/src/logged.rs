//! The log of a program that was killed again and again: nothing may stand in it that is nobody's business.
//!
//! Searched are both places: what it wrote to its standard error, and the files that it keeps.

use std::path::Path;

use crate::Broken;

/// Every line that the program with this data folder has logged, over all its lives.
///
/// # Errors
/// The system's.
pub(crate) fn lines(data: &Path) -> Result<Vec<String>, Broken> {
    let mut files = vec![data.with_extension("log")];
    if let Ok(folder) = std::fs::read_dir(data.join("logs")) {
        for entry in folder {
            files.push(entry?.path());
        }
    }
    let mut lines = Vec::new();
    for file in files {
        let bytes = std::fs::read(file)?;
        // One that was killed while it wrote may have cut a letter in two.
        lines.extend(String::from_utf8_lossy(&bytes).lines().map(str::to_owned));
    }
    Ok(lines)
}

/// Those of the lines that hold one of these.
pub(crate) fn holding<'a>(lines: &[String], canaries: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
    let holds = |line: &&String| canaries.clone().any(|canary| line.contains(canary));
    lines.iter().filter(holds).cloned().collect()
}
