//! What the program logs: one layer for every host, readable on standard error and queryable in the data folder.
//!
//! Whatever is logged, by us, by a library or by a panic, passes through [`Redaction`] on its way to either place: there is no
//! other way out. It lets no token, number, address or quoted text through. What it cannot know is a name or a sentence without
//! quotes around it: those are not logged in the first place, and every scenario searches what it logged for them.
//!
//! ```text
//! DIR/logs/mostrador.jsonl      one line of JSON an event, newest last
//! DIR/logs/mostrador.1.jsonl    the one before it; at the most four older ones are kept, 2 MB each
//! ```
//!
//! The level is taken from `MOSTRADOR_LOG` (as `warn`, or `warn,mostrador=debug`). Without it standard error shows warnings, and
//! the file keeps what our own crates say from `info` on.

mod file;
mod layer;
mod line;
mod panics;
mod query;
mod redaction;
mod secrets;

use std::path::Path;
use std::sync::Arc;

use mostrador_engine::clock::Clock;
use secrecy::SecretString;
use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use file::LogFile;
use layer::{Journal, Terminal};
pub use line::{LogLevel, LogLine};
pub use query::LogQuery;
pub use redaction::Redaction;
pub(crate) use secrets::Unlogged;

/// Asks for levels, for both places.
const VARIABLE: &str = "MOSTRADOR_LOG";
/// What standard error shows when nobody asks.
const TERMINAL: &str = "warn";
/// What the file keeps when nobody asks.
const FILE: &str = "warn,mostrador=info";

/// The program's log. Cheap to clone; all clones are one log.
#[derive(Clone)]
pub struct Logs {
    file: LogFile,
    redaction: Redaction,
    clock: Arc<dyn Clock>,
}

impl Logs {
    /// A log that has no file yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            file: LogFile::default(),
            redaction: Redaction::default(),
            clock,
        }
    }

    /// Makes this the process's log: everything that is logged from now on, on any thread, and what a panic says.
    pub fn start(&self) {
        let terminal = Terminal::new(self.clone()).with_filter(levels(TERMINAL));
        let journal = self.layer().with_filter(levels(FILE));
        // A second start in one process changes nothing: the first log goes on.
        if tracing_subscriber::registry()
            .with(terminal)
            .with(journal)
            .try_init()
            .is_ok()
        {
            panics::log_them();
        }
    }

    /// The layer that writes into the file, for a subscriber of one's own.
    pub fn layer<S: Subscriber + for<'a> LookupSpan<'a>>(&self) -> impl Layer<S> + Send + Sync + use<S> {
        Journal::new(self.clone())
    }

    /// Keeps the log in `data/logs` from now on. Nobody but the program that holds the data folder may do that.
    ///
    /// # Errors
    /// The folder or the file cannot be made; the log goes on without it.
    pub fn keep_in(&self, data: &Path) -> std::io::Result<()> {
        self.file.open(&data.join("logs"))
    }

    /// A token that may never be logged, however it gets there.
    pub fn never_tell(&self, secret: &SecretString) {
        self.redaction.never_tell(secret);
    }

    /// What the file holds that fits, oldest first.
    pub async fn query(&self, query: LogQuery) -> Vec<LogLine> {
        let files = self.file.files();
        // Reading a few megabytes of lines is no work for a thread that others wait for.
        let found = tokio::task::spawn_blocking(move || query::search(&files, &query));
        found.await.unwrap_or_default()
    }

    fn write(&self, event: &tracing::Event<'_>) {
        let line = LogLine::of(event, &self.redaction, self.clock.now());
        self.file.write(&line);
    }
}

fn levels(otherwise: &str) -> EnvFilter {
    EnvFilter::try_from_env(VARIABLE).unwrap_or_else(|_| EnvFilter::new(otherwise))
}
