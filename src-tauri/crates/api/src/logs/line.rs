//! One event as it is kept and shown.

use std::collections::BTreeMap;
use std::fmt::{Debug, Write as _};

use mostrador_domain::UnixMillis;
use serde::{Deserialize, Serialize};
use tracing::Event;
use tracing::field::{Field, Visit};
use ts_rs::TS;

use super::Redaction;

/// Fields of one event that are kept.
const MOST_FIELDS: usize = 16;

/// How grave a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Something that should not happen.
    Error,
    /// Something went wrong, and the program goes on.
    Warn,
    /// What happens.
    Info,
    /// For whoever looks for a fault.
    Debug,
    /// Everything.
    Trace,
}

/// One event of the log; nothing in it is secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogLine {
    /// When.
    #[ts(type = "number")]
    pub at: UnixMillis,
    /// How grave.
    pub level: LogLevel,
    /// Which part of the program.
    pub target: String,
    /// What.
    pub message: String,
    /// With what.
    pub fields: BTreeMap<String, String>,
}

impl LogLine {
    /// What may be kept of an event.
    pub(super) fn of(event: &Event<'_>, redaction: &Redaction, at: UnixMillis) -> Self {
        let mut said = Said {
            redaction,
            message: String::new(),
            fields: BTreeMap::new(),
        };
        event.record(&mut said);
        Self {
            at,
            level: LogLevel::of(*event.metadata().level()),
            target: event.metadata().target().to_owned(),
            message: said.message,
            fields: said.fields,
        }
    }

    /// For a person: `WARN mostrador_engine::session: what happened device=3`.
    pub(super) fn readable(&self) -> String {
        let mut line = format!("{} {}: {}", self.level.word(), self.target, self.message);
        for (name, value) in &self.fields {
            let _infallible = write!(line, " {name}={value}");
        }
        line
    }
}

impl LogLevel {
    pub(super) fn of(level: tracing::Level) -> Self {
        match level {
            tracing::Level::ERROR => Self::Error,
            tracing::Level::WARN => Self::Warn,
            tracing::Level::INFO => Self::Info,
            tracing::Level::DEBUG => Self::Debug,
            tracing::Level::TRACE => Self::Trace,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Error => "ERROR",
            Self::Warn => "WARN",
            Self::Info => "INFO",
            Self::Debug => "DEBUG",
            Self::Trace => "TRACE",
        }
    }
}

/// Takes an event's fields down, each through the redaction. Whatever type a field has, it ends in `record_debug`.
struct Said<'a> {
    redaction: &'a Redaction,
    message: String,
    fields: BTreeMap<String, String>,
}

impl Visit for Said<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.take(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.take(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.take(field, &value.to_string());
    }
}

impl Said<'_> {
    fn take(&mut self, field: &Field, value: &str) {
        let value = self.redaction.of(value);
        if field.name() == "message" {
            self.message = value;
        } else if self.fields.len() < MOST_FIELDS {
            self.fields.insert(field.name().to_owned(), value);
        }
    }
}
