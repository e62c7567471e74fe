//! What must not be logged in a scenario, and the search for it.
//!
//! Searched are the lines that were kept (after the redaction, all levels, our crates' and the libraries'), and what our own
//! crates handed to the log before the redaction: a name or a sentence is not recognised by any pattern, so it must not be
//! handed over in the first place.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, Once, PoisonError};

use mostrador_api::logs::Logs;
use mostrador_engine::clock::SystemClock;
use mostrador_sandbox::Sandbox;
use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// Shorter words may be part of anything.
const SHORTEST: usize = 8;
/// A name that is shorter than that counts where it stands alone; one that is shorter than this may be a word of the log's own.
const SHORTEST_NAME: usize = 3;

/// The token, the numbers, names and texts of one scenario.
#[derive(Default)]
pub(crate) struct Canaries {
    /// Found wherever they stand.
    anywhere: BTreeSet<String>,
    /// Short names: found between what is no letter or digit.
    alone: BTreeSet<String>,
}

impl Canaries {
    /// Those that the simulated WhatsApp knows.
    pub(crate) fn of(sandbox: &Sandbox) -> Self {
        let mut canaries = Self::default();
        for device in sandbox.devices() {
            canaries.add(&device.token);
            canaries.add(&device.number);
        }
        for customer in sandbox.customers() {
            canaries.add(&customer.number);
            canaries.add(&customer.lid);
            canaries.add_name(&customer.name);
        }
        for secret in secrets_of_routes(sandbox) {
            canaries.add(&secret);
        }
        for entry in sandbox.ledger() {
            canaries.add(&entry.recipient);
            canaries.add(entry.body.as_deref().unwrap_or_default());
        }
        canaries
    }

    pub(crate) fn add(&mut self, canary: &str) {
        if canary.chars().count() >= SHORTEST {
            self.anywhere.insert(canary.to_owned());
        }
    }

    /// Somebody's name, as a whole and each word of it.
    pub(crate) fn add_name(&mut self, name: &str) {
        for name in std::iter::once(name).chain(name.split_whitespace()) {
            match name.chars().count() {
                0..SHORTEST_NAME => {}
                SHORTEST_NAME..SHORTEST => drop(self.alone.insert(name.to_owned())),
                SHORTEST.. => self.add(name),
            }
        }
    }

    /// The texts and names of rows that a command answered.
    pub(crate) fn add_rows(&mut self, rows: &[Value]) {
        for row in rows {
            for name in [&row["title"], &row["senderName"]] {
                self.add_name(name.as_str().unwrap_or_default());
            }
            for words in [&row["body"]["text"], &row["body"]["caption"]] {
                self.add(words.as_str().unwrap_or_default());
            }
        }
    }

    /// Those that stand in a text.
    pub(crate) fn in_text<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a str> {
        let anywhere = self
            .anywhere
            .iter()
            .filter(|canary| text.contains(canary.as_str()));
        let alone = self.alone.iter().filter(|name| stands_alone(text, name));
        anywhere.chain(alone).map(String::as_str)
    }

    /// The lines that hold one, of those kept in `data` and of those handed over.
    pub(crate) fn found(&self, data: &Path, handed_over: &Handed) -> Vec<String> {
        let mut found = Vec::new();
        for line in kept(data)
            .iter()
            .chain(&handed_over.lines())
            .chain(&elsewhere().lines())
        {
            found.extend(self.in_text(line).map(|canary| format!("«{canary}» in: {line}")));
        }
        found
    }
}

/// The secrets with which the program is called now: the last part of each path, and what goes with it in headers.
pub(crate) fn secrets_of_routes(sandbox: &Sandbox) -> Vec<String> {
    let told = sandbox.called_with().into_iter();
    told.map(|told| match told.rsplit_once('/') {
        Some((_, secret)) => secret.to_owned(),
        None => told,
    })
    .collect()
}

/// Keeps the log of a program that has no [`World`](crate::world::World), and what is handed over to it on this thread, until it is dropped.
pub(crate) struct Listening {
    pub(crate) logs: Logs,
    handed: Handed,
    _log: tracing::subscriber::DefaultGuard,
}

impl Listening {
    pub(crate) fn begin() -> Self {
        let logs = Logs::new(Arc::new(SystemClock));
        let handed = Handed::default();
        let _listening = elsewhere();
        let log = tracing::subscriber::set_default(
            tracing_subscriber::registry()
                .with(logs.layer())
                .with(handed.clone())
                .with(EnvFilter::new("debug,mostrador=trace")),
        );
        Self {
            logs,
            handed,
            _log: log,
        }
    }

    /// None of these was logged by the program that keeps everything in `data`.
    pub(crate) fn heard_none_of(&self, canaries: &Canaries, data: &Path) {
        assert!(!self.handed.lines().is_empty(), "something was logged");
        assert!(!kept(data).is_empty(), "and kept");
        let found = canaries.found(data, &self.handed);
        assert!(found.is_empty(), "secrets in the log: {found:#?}");
    }
}

/// Does this name stand in the text as a word of its own?
fn stands_alone(text: &str, name: &str) -> bool {
    let ends = |character: Option<char>| character.is_none_or(|character| !character.is_alphanumeric());
    text.match_indices(name)
        .any(|(at, _)| ends(text[..at].chars().next_back()) && ends(text[at + name.len()..].chars().next()))
}

/// The lines of the log's files.
pub(crate) fn kept(data: &Path) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(data.join("logs")) else {
        return Vec::new();
    };
    let files: Vec<_> = folder.map(|entry| entry.expect("an entry").path()).collect();
    assert!(
        files.len() < 5,
        "the log has moved on so often that lines may be missing here"
    );
    let texts = files
        .iter()
        .map(|path| std::fs::read_to_string(path).expect("a log"));
    texts
        .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

/// What our own crates handed to the log.
#[derive(Clone, Default)]
pub(crate) struct Handed(Arc<Mutex<Vec<String>>>);

impl Handed {
    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl<S: Subscriber> Layer<S> for Handed {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target().starts_with("mostrador") {
            let mut words = Words(String::new());
            event.record(&mut words);
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(words.0);
        }
    }
}

/// What was handed over on threads that are no scenario's own: the store's, and those for work that blocks.
pub(crate) fn elsewhere() -> &'static Handed {
    static ELSEWHERE: std::sync::LazyLock<Handed> = std::sync::LazyLock::new(Handed::default);
    static LISTEN: Once = Once::new();
    LISTEN.call_once(|| {
        let all = tracing_subscriber::registry().with(ELSEWHERE.clone());
        tracing::subscriber::set_global_default(all).expect("nobody else listens");
    });
    &ELSEWHERE
}

/// An event's fields, as they are.
pub(crate) struct Words(pub(crate) String);

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _infallible = write!(self.0, "{}={value:?} ", field.name());
    }
}
