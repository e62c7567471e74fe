//! Searching the log's files.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use mostrador_domain::UnixMillis;

use super::line::{LogLevel, LogLine};

/// What is looked for; what is not said does not matter.
#[derive(Debug, Clone, Default)]
pub struct LogQuery {
    /// Not older than this.
    pub since: Option<UnixMillis>,
    /// At least as grave as this.
    pub level: Option<LogLevel>,
    /// Anywhere in the line, in any case.
    pub text: Option<String>,
    /// Of this device.
    pub device: Option<i64>,
    /// The newest so many.
    pub limit: usize,
}

impl LogQuery {
    fn wants(&self, line: &LogLine) -> bool {
        let wanted = self.text.as_ref().map(|text| text.to_lowercase());
        self.since.is_none_or(|since| line.at >= since)
            && self.level.is_none_or(|level| line.level <= level)
            && self.device.is_none_or(|device| {
                line.fields
                    .get("device")
                    .is_some_and(|named| *named == device.to_string())
            })
            && wanted.is_none_or(|wanted| line.readable().to_lowercase().contains(&wanted))
    }
}

/// The newest lines that fit, oldest first. `files` are oldest first; one that is not there is none, and a line that cannot be
/// read (cut off by a crash) is left out.
pub(super) fn search(files: &[PathBuf], query: &LogQuery) -> Vec<LogLine> {
    let mut found = VecDeque::new();
    for file in files.iter().filter_map(|path| File::open(path).ok()) {
        let lines = BufReader::new(file).lines().map_while(Result::ok);
        let lines = lines.filter_map(|line| serde_json::from_str::<LogLine>(&line).ok());
        for line in lines.filter(|line| query.wants(line)) {
            if found.len() >= query.limit {
                found.pop_front();
            }
            found.push_back(line);
        }
    }
    found.truncate(query.limit);
    found.into()
}
