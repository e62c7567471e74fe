//! Customers' messages as the gateway would deliver them: webhooks at a steady pace, to a device of a million messages.
//!
//! Each has a moment at which it is due; what is measured begins then, so that a program that stops taking them in is seen
//! to. It ends with the answer (the message is stored then), and with the first event that names its chat: no chat gets two
//! messages within a time in which the first could be taken for the second.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use reqwest::Client;
use rusqlite::Connection;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::Problem;
use crate::corpus::address;
use crate::driven::{Headless, Hook};
use crate::timing::{now, pause};

/// Messages a second.
pub(crate) const PACE: u32 = 500;
/// Calls that may be under way at once.
const LINES: usize = 32;
/// How long the last event may take.
const LAST: Duration = Duration::from_secs(2);

/// What came of it.
pub(crate) struct Delivered {
    /// Milliseconds up to each answer.
    pub(crate) stored: Vec<f64>,
    /// Milliseconds up to each event; infinite if there was none.
    pub(crate) told: Vec<f64>,
    /// How many were not answered well.
    pub(crate) refused: usize,
    /// How many were posted.
    pub(crate) posted: usize,
}

/// A message on its way, as the listener for events knows it.
struct Awaited {
    due: Instant,
    told: Option<Instant>,
}

/// A load that is under way.
struct Load {
    name: String,
    hook: Hook,
    start: Instant,
    count: usize,
    chats: usize,
    next: AtomicUsize,
    /// By chat: who waits for an event.
    waiting: Mutex<HashMap<i64, usize>>,
    awaited: Mutex<Vec<Option<Awaited>>>,
    ids: HashMap<String, i64>,
}

/// The chats' numbers in the file, by their addresses.
pub(crate) fn chat_ids(path: &Path) -> Result<HashMap<String, i64>, Problem> {
    let connection = Connection::open(path)?;
    let mut statement = connection.prepare("SELECT address, id FROM chat")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many messages of a load are in the file.
pub(crate) fn found(path: &Path, name: &str) -> Result<usize, Problem> {
    let connection = Connection::open(path)?;
    let sql = "SELECT count(DISTINCT gateway_id) FROM message WHERE gateway_id LIKE ?1 || '-%'";
    let count: i64 = connection.query_row(sql, [name], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Delivers for `span`; the messages are called `name` and a number.
pub(crate) async fn deliver(
    program: &Headless,
    hook: &Hook,
    ids: HashMap<String, i64>,
    name: &str,
    span: Duration,
) -> Result<Delivered, Problem> {
    let count = (span.as_secs_f64() * f64::from(PACE)) as usize;
    // The groups, every tenth chat, are left out.
    let people = ids.keys().filter(|address| address.ends_with("@s.whatsapp.net"));
    let load = Arc::new(Load {
        name: name.to_owned(),
        hook: hook.clone(),
        chats: people.count().min(9_000),
        start: now() + Duration::from_millis(500),
        count,
        next: AtomicUsize::new(0),
        waiting: Mutex::default(),
        awaited: Mutex::new((0..count).map(|_| None).collect()),
        ids,
    });
    let mut events = program.events().await?;
    let mut listener = JoinSet::new();
    let heard = Arc::clone(&load);
    listener.spawn(async move {
        let mut read = Vec::new();
        while let Ok(Some(chunk)) = events.chunk().await {
            read.extend_from_slice(&chunk);
            while let Some(end) = read.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = read.drain(..=end).collect();
                heard.hear(&line);
            }
        }
    });
    let client = Client::new();
    let mut lines = JoinSet::new();
    for _ in 0..LINES {
        lines.spawn(post(Arc::clone(&load), client.clone()));
    }
    let (mut stored, mut refused) = (Vec::new(), 0);
    while let Some(line) = lines.join_next().await {
        let (times, not_taken) = line.unwrap_or_default();
        stored.extend(times);
        refused += not_taken;
    }
    let ended = now();
    while !lock(&load.waiting).is_empty() && ended.elapsed() < LAST {
        pause(Duration::from_millis(20)).await;
    }
    listener.abort_all();
    let awaited = lock(&load.awaited);
    let told = awaited.iter().map(|message| match message {
        Some(Awaited {
            due,
            told: Some(told),
        }) => milliseconds(*told - *due),
        _ => f64::INFINITY,
    });
    Ok(Delivered {
        stored,
        told: told.collect(),
        refused,
        posted: count,
    })
}

/// One line to the program: takes the next message that is due, again and again.
async fn post(load: Arc<Load>, client: Client) -> (Vec<f64>, usize) {
    let (mut times, mut refused) = (Vec::new(), 0);
    loop {
        let number = load.next.fetch_add(1, Ordering::Relaxed);
        if number >= load.count {
            return (times, refused);
        }
        let due = load.start + Duration::from_secs(1) * number as u32 / PACE;
        pause(due.saturating_duration_since(now())).await;
        let body = load.message(number);
        load.await_event(number, due);
        let mut request = client.post(&load.hook.url).json(&body);
        for (name, value) in &load.hook.headers {
            request = request.header(name, value);
        }
        match request.send().await {
            Ok(response) if response.status().is_success() => times.push(milliseconds(due.elapsed())),
            Ok(_) | Err(_) => refused += 1,
        }
    }
}

impl Load {
    /// The `number`-th message, as the gateway delivers it.
    fn message(&self, number: usize) -> Value {
        let writer = self.writer(number);
        let digits = writer.split('@').next().unwrap_or_default();
        json!({
            "messages": [{
                "id": format!("{}-{number:07}", self.name), "from_me": false, "type": "text", "chat_id": writer,
                "timestamp": seconds(), "source": "mobile", "from": digits, "from_name": "Cliente",
                "text": { "body": format!("¿Tienen pan de yema para las {}? Somos {number}", number % 24) },
            }],
            "event": { "type": "messages", "event": "post" }, "channel_id": "BENCH-TEST1",
        })
    }

    /// Everybody in turn.
    fn writer(&self, number: usize) -> String {
        let person = number % self.chats.max(1);
        address(person + person / 9).as_str().to_owned()
    }

    fn await_event(&self, number: usize, due: Instant) {
        if let Some(place) = lock(&self.awaited).get_mut(number) {
            *place = Some(Awaited { due, told: None });
        }
        if let Some(chat) = self.ids.get(&self.writer(number)) {
            lock(&self.waiting).insert(*chat, number);
        }
    }

    /// A line of the stream of events.
    fn hear(&self, line: &[u8]) {
        let heard = now();
        let Some(data) = line.strip_prefix(b"data:") else {
            return;
        };
        let event: Value = serde_json::from_slice(data).unwrap_or_default();
        let mut waiting = lock(&self.waiting);
        let mut awaited = lock(&self.awaited);
        let mut tell = |number: usize| {
            if let Some(Some(message)) = awaited.get_mut(number) {
                message.told = Some(heard);
            }
        };
        if event["kind"] == "reload" {
            // Whoever hears that reads everything again.
            waiting.drain().for_each(|(_, number)| tell(number));
        }
        let changes = event["changes"].as_array().into_iter().flatten();
        for change in changes.filter(|change| change["topic"] == "messages") {
            let chat = change["chatId"].as_i64().unwrap_or_default();
            if let Some(number) = waiting.remove(&chat) {
                tell(number);
            }
        }
    }
}

fn milliseconds(span: Duration) -> f64 {
    span.as_secs_f64() * 1_000.0
}

#[allow(
    clippy::disallowed_methods,
    reason = "a gateway stamps what it delivers with the time of day"
)]
fn seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map(|since| since.as_secs())
        .unwrap_or_default()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
