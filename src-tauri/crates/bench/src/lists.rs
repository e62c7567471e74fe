//! The lists: chats of a hundred thousand, and one chat of a hundred thousand messages.

use std::path::Path;

use mostrador_domain::{ChatId, ChatSnapshot, DeviceId, Inbound, LabelSnapshot, MessageId, UnixMillis};
use mostrador_store::tables::chat::{self, Cursor, Filter};
use mostrador_store::tables::ingest::{self, Origin};
use mostrador_store::tables::{label, message};
use mostrador_store::{Connection, Store, StoreError};

use crate::corpus::{Corpus, Order, Rng, Size, address};
use crate::figure::{Figure, Goal};
use crate::ingest::new_device;
use crate::timing::{now, percentile};

/// Rows on a page.
const PAGE: u32 = 50;
/// How often each is asked.
const ASKED: usize = 300;
/// Of so many chats one is unread.
const UNREAD_OF: usize = 20;
/// A shop's labels, as many as WhatsApp Business has: each is on as many chats as the others.
const LABELS: usize = 20;

/// Makes a shop of `chats` chats with a message each in a new file.
pub(crate) async fn fill(path: &Path, chats: usize) -> Result<Store, StoreError> {
    let store = Store::open(path, UnixMillis(0))?.store;
    let device = new_device(&store).await?;
    let corpus = Corpus::new(
        Size {
            chats,
            messages: chats,
        },
        3,
    );
    for first in (0..chats).step_by(10_000) {
        let events = |unread: bool| -> Vec<Inbound> {
            (first..(first + 10_000).min(chats))
                .filter(|place| (place % UNREAD_OF == 0) == unread)
                .map(|place| corpus.inbound_of_chat(place, Order::Live))
                .collect()
        };
        take(&store, device, events(false), Origin::History).await?;
        take(&store, device, events(true), Origin::Live).await?;
    }
    label_some(&store, device, chats).await?;
    Ok(store)
}

/// One that [`fill`] made.
pub(crate) fn open(path: &Path) -> Result<Store, StoreError> {
    Ok(Store::open(path, UnixMillis(0))?.store)
}

async fn take(
    store: &Store,
    device: DeviceId,
    events: Vec<Inbound>,
    origin: Origin,
) -> Result<(), StoreError> {
    for batch in ingest::batches(events) {
        store
            .write(move |writing| ingest::apply(writing, device, batch, origin, UnixMillis(i64::MAX)))
            .await?;
    }
    Ok(())
}

async fn label_some(store: &Store, device: DeviceId, chats: usize) -> Result<(), StoreError> {
    let labels: Vec<LabelSnapshot> = (1..=LABELS)
        .map(|number| LabelSnapshot {
            gateway_id: number.to_string(),
            name: Some(format!("Pedidos {number}")),
            colour: None,
        })
        .collect();
    take(
        store,
        device,
        labels.iter().cloned().map(Inbound::Label).collect(),
        Origin::Live,
    )
    .await?;
    // Each chat bears two of them, so that each of the labels is on one of ten.
    let bearers = (0..chats).map(|chat| {
        let mut said = ChatSnapshot::of(address(chat));
        let two = [chat % LABELS, (chat + LABELS / 2) % LABELS];
        said.labels = Some(two.iter().filter_map(|at| labels.get(*at).cloned()).collect());
        Inbound::Chat(said)
    });
    take(store, device, bearers.collect(), Origin::Live).await
}

/// Measures the list of chats.
pub(crate) async fn of_chats(store: &Store) -> Result<Vec<Figure>, StoreError> {
    let deep = store.read(seventy_percent_down).await?;
    let the_label = store
        .read(|connection| Ok(label::list(connection, None)?.first().map(|label| label.id)))
        .await?;
    let all = Filter::default();
    let unread = Filter { unread: true, ..all };
    let labelled = Filter {
        label: the_label,
        ..all
    };
    let unanswered = Filter {
        unanswered: true,
        ..all
    };
    let mut figures = Vec::new();
    for (name, filter, after) in [
        ("first_page", all, None),
        ("page_at_70_percent", all, Some(deep)),
        ("unread", unread, None),
        ("unanswered", unanswered, None),
        ("label", labelled, None),
    ] {
        let times = store
            .read(move |connection| {
                timed(|| chat::page(connection, filter, after, PAGE).map(|rows| rows.len()))
            })
            .await?;
        figures.push(figure(&format!("chats_{name}"), &times, 0.2));
    }
    let times = store
        .read(|connection| timed(|| label::list(connection, None).map(|labels| labels.len())))
        .await?;
    figures.push(figure("chats_label_counters", &times, 0.2));
    Ok(figures)
}

pub(crate) fn seventy_percent_down(connection: &Connection) -> Result<Cursor, StoreError> {
    let sql =
        "SELECT pinned, last_at, id FROM chat WHERE archived = 0 ORDER BY pinned DESC, last_at DESC, id DESC
                LIMIT 1 OFFSET (SELECT count(*) * 7 / 10 FROM chat WHERE archived = 0)";
    Ok(connection.query_row(sql, [], |row| {
        Ok(Cursor {
            pinned: row.get(0)?,
            last_at: UnixMillis(row.get(1)?),
            id: ChatId(row.get(2)?),
        })
    })?)
}

/// Measures the chat with the most messages: its end, and a message somewhere in it with those around.
pub(crate) async fn of_messages(store: &Store) -> Result<Vec<Figure>, StoreError> {
    let (chat, count, ids) = store.read(largest_chat).await?;
    let at_end = store
        .read(move |connection| timed(|| message::page(connection, chat, None, PAGE).map(|rows| rows.len())))
        .await?;
    let jumps = store
        .read(move |connection| {
            let mut rng = Rng::new(5);
            timed(|| {
                let id = ids
                    .get(rng.below(ids.len() as u64) as usize)
                    .copied()
                    .unwrap_or(MessageId(0));
                let place = message::place(connection, chat, id)?;
                let before = message::page(connection, chat, Some(place), PAGE / 2)?;
                let after = message::page_after(connection, chat, place, PAGE / 2)?;
                Ok(before.len() + after.len())
            })
        })
        .await?;
    Ok(vec![
        Figure::new("largest_chat", count, "messages", Goal::None),
        figure("chat_opened_at_its_end", &at_end, 3.0),
        figure("chat_jump_to_a_hit", &jumps, 3.0),
    ])
}

fn largest_chat(connection: &Connection) -> Result<(ChatId, f64, Vec<MessageId>), StoreError> {
    let sql = "SELECT chat_id, count(*) FROM message GROUP BY chat_id ORDER BY count(*) DESC LIMIT 1";
    let (chat, count): (i64, i64) = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut statement = connection.prepare("SELECT id FROM message WHERE chat_id = ?1")?;
    let ids = statement
        .query_map([chat], |row| row.get(0).map(MessageId))?
        .collect::<Result<_, _>>()?;
    Ok((ChatId(chat), count as f64, ids))
}

/// Milliseconds of each of many askings; one that finds nothing would measure nothing.
fn timed(mut ask: impl FnMut() -> Result<usize, StoreError>) -> Result<Vec<f64>, StoreError> {
    let mut times = Vec::new();
    for _ in 0..ASKED {
        let start = now();
        let rows = ask()?;
        times.push(start.elapsed().as_secs_f64() * 1_000.0);
        if rows == 0 {
            return Ok(vec![f64::INFINITY]);
        }
    }
    Ok(times)
}

fn figure(name: &str, times: &[f64], goal: f64) -> Figure {
    Figure::new(
        format!("{name}_p95"),
        percentile(times, 0.95),
        "ms",
        Goal::AtMost(goal),
    )
}
