//! The two places that an event goes to.

use std::io::Write as _;

use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

use super::Logs;
use super::line::LogLine;

/// Into the file.
pub(super) struct Journal(Logs);

impl Journal {
    pub(super) fn new(logs: Logs) -> Self {
        Self(logs)
    }
}

impl<S: Subscriber> Layer<S> for Journal {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        self.0.write(event);
    }
}

/// On standard error; standard output is for results.
pub(super) struct Terminal(Logs);

impl Terminal {
    pub(super) fn new(logs: Logs) -> Self {
        Self(logs)
    }
}

impl<S: Subscriber> Layer<S> for Terminal {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let line = LogLine::of(event, &self.0.redaction, self.0.clock.now());
        // A terminal that is gone is no reason to stop.
        let _unseen = writeln!(std::io::stderr().lock(), "{}", line.readable());
    }
}
