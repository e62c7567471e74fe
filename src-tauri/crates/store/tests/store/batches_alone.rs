//! A batch stores what its events alone would have stored, one transaction each: that several messages go in with one
//! statement, and that a chat's row is written once, is nothing that anybody can see.

use mostrador_domain::{
    Address, DeliveryStatus, Inbound, MessageBody, MessageChange, MessageChangeKind, StatusKind,
};
use mostrador_store::tables::ingest::{self, Origin};
use mostrador_store::tables::{chat, retention};
use proptest::prelude::*;

use crate::world::{
    Said, WAITS_OTHERWISE, World, address, at, customer, edited, image, reached, reaction, text, trials,
};

/// Two spellings of one number, a number and its LID, a group.
const PLACES: [&str; 5] = [
    "5511987654321",
    "551187654321",
    "51900000001",
    "99000000000011@lid",
    "120363000000000001@g.us",
];

fn place(number: usize) -> Address {
    address(PLACES[number % PLACES.len()])
}

/// Message `n` at a place. The same number is the same message, under whichever address of its chat's person it is told.
fn message(chat: usize, n: i64, understood: bool, name: Option<&str>) -> Said {
    let id = format!("p{}-{n}", [0, 0, 1, 1, 2][chat % PLACES.len()]);
    let writer = 1 + u32::try_from(n).unwrap_or_default() % 2;
    let mut said = match n % 5 {
        1 => image(writer, &id),
        2 if !understood => text(writer, &id).body(MessageBody::Unknown {
            raw_kind: "nuevo".into(),
            raw: "{}".into(),
        }),
        _ => text(writer, &id).words(&format!("torta número {n}")),
    };
    if let Some(name) = name {
        said = said.chat_name(name).sender_name(name);
    }
    if n % 4 == 0 {
        said = said.ours().status(DeliveryStatus::Delivered);
    }
    said.in_chat(place(chat)).at(n * 3)
}

fn event() -> impl Strategy<Value = Inbound> {
    let name = prop_oneof![4 => Just(None), 1 => Just(Some("Ana")), 1 => Just(Some("Beto"))];
    let told = (0..5_usize, 0..24_i64, any::<bool>(), name)
        .prop_map(|(chat, n, understood, name)| message(chat, n, understood, name).event());
    let change =
        (0..5_usize, 0..24_i64, any::<bool>(), 0..90_i64, 0..9_u8).prop_map(|(chat, n, told, when, what)| {
            let what = match what {
                0..3 => edited("otra torta"),
                3..5 => MessageChangeKind::Deleted,
                5..7 => reaction("👍"),
                starred => MessageChangeKind::Starred(starred == 7),
            };
            Inbound::Change(MessageChange {
                chat: told.then(|| place(chat)),
                gateway_id: format!("p{}-{n}", [0, 0, 1, 1, 2][chat]),
                by: Some(customer(2)),
                at: at(when),
                what,
            })
        });
    let receipt = (0..5_usize, 0..6_i64, 0..90_i64).prop_map(|(chat, n, when)| {
        let id = format!("p{}-{}", [0, 0, 1, 1, 2][chat], n * 4);
        reached(&id, StatusKind::Reached(DeliveryStatus::Read), at(when))
    });
    let chat = (0..5_usize, any::<bool>()).prop_map(|(chat, gone)| match gone {
        true => Inbound::ChatGone { chat: place(chat) },
        false => Inbound::ChatCleared { chat: place(chat) },
    });
    let same = Just(Inbound::SamePerson {
        phone: place(2),
        lid: place(3),
    });
    prop_oneof![40 => told, 5 => change, 4 => receipt, 1 => chat, 1 => same]
}

/// What happens: a batch comes in; old messages are removed.
#[derive(Debug, Clone)]
enum Step {
    Batch(Vec<Inbound>, Origin),
    Prune(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let origin = prop_oneof![Just(Origin::Live), Just(Origin::History)];
    let batch = (prop::collection::vec(event(), 1..60), origin)
        .prop_map(|(events, origin)| Step::Batch(events, origin));
    let prune = (0..40_i64).prop_map(Step::Prune);
    prop::collection::vec(prop_oneof![6 => batch, 1 => prune], 1..6)
}

/// The order in which a batch's events are taken in: see the head of `ingest`.
fn in_order(mut events: Vec<Inbound>) -> Vec<Inbound> {
    let rank = |event: &Inbound| match event {
        Inbound::ChatCleared { .. } | Inbound::ChatGone { .. } => 0,
        Inbound::SamePerson { .. } => 1,
        Inbound::Message(_) => 2,
        Inbound::Change(_) => 3,
        _ => 4,
    };
    events.sort_by(|a, b| match (a, b) {
        (Inbound::Message(a), Inbound::Message(b)) => (&a.chat, a.at).cmp(&(&b.chat, b.at)),
        _ => rank(a).cmp(&rank(b)),
    });
    events
}

async fn take(world: &World, events: Vec<Inbound>, origin: Origin) {
    let device = world.device;
    let taken = world
        .store
        .write(move |w| ingest::apply(w, device, events, origin, at(1_000)))
        .await;
    taken.expect("it is taken in");
}

async fn prune(world: &World, before: i64) {
    let pruned = world
        .store
        .write(move |w| {
            let mut after = None;
            while let Some(chat) = retention::next_to_prune(w, at(before), after)? {
                while retention::prune_chat(w, chat, at(before), 3)? > 0 {}
                after = Some(chat);
            }
            Ok(())
        })
        .await;
    pruned.expect("pruned");
}

/// Everything that is stored of chats and messages, by what the gateway calls it.
const EVERYTHING: [&str; 6] = [
    "SELECT json_array(address, kind, name, name_rank, last_at, unread, read_up_to, triage, archived, waiting_since,
                       (SELECT gateway_id FROM message WHERE id = last_message_id)) FROM chat ORDER BY 1",
    "SELECT json_array(c.address, m.gateway_id, m.from_me, a.value, a.name, m.at, m.kind, m.text, m.data, f.gateway_ref, m.raw_kind, m.raw,
                       m.status, m.sent_at, m.delivered_at, m.read_at, m.failure, m.edited_at, m.deleted_at, m.starred, m.starred_at)
       FROM message m JOIN chat c ON c.id = m.chat_id LEFT JOIN address a ON a.id = m.sender_id LEFT JOIN media f ON f.id = m.media_id
      ORDER BY c.address, m.gateway_id",
    "SELECT json_array(m.gateway_id, e.at, e.kind, e.text) FROM message_edit e JOIN message m ON m.id = e.message_id ORDER BY 1",
    "SELECT json_array(m.gateway_id, r.emoji, r.at) FROM reaction r JOIN message m ON m.id = r.message_id ORDER BY 1",
    "SELECT json_array(chat, gateway_id, what, at, payload) FROM change_parked ORDER BY 1",
    "SELECT json_array(gateway_id, status, at, (SELECT count(*) FROM media)) FROM receipt_parked ORDER BY 1",
];

async fn everything(world: &World) -> Vec<String> {
    world
        .read(|connection| {
            let mut all = Vec::new();
            for sql in EVERYTHING {
                let mut statement = connection.prepare(sql)?;
                let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
                all.extend(rows.collect::<Result<Vec<_>, _>>()?);
            }
            Ok(all)
        })
        .await
}

/// What a chat says of its messages is what they say.
async fn chats_are_true(world: &World) {
    let wrong = world
        .count(
            "SELECT count(*) FROM chat c WHERE c.last_message_id IS NOT
               (SELECT m.id FROM message m WHERE m.chat_id = c.id ORDER BY m.at DESC, m.id DESC LIMIT 1)
                OR c.unread > (SELECT count(*) FROM message m WHERE m.chat_id = c.id AND m.from_me = 0)",
        )
        .await;
    assert_eq!(
        wrong, 0,
        "the list shows the newest message, and counts none that is not there"
    );
    assert_eq!(
        world.count(WAITS_OTHERWISE).await,
        0,
        "who waits is who asked last"
    );
}

proptest! {
    #![proptest_config(trials(64))]

    #[test]
    fn a_batch_stores_what_its_events_alone_would_have_stored(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let (together, alone) = runtime.block_on(async {
            let (together, alone) = (World::new().await, World::new().await);
            for step in steps {
                match step {
                    Step::Batch(events, origin) => {
                        for event in in_order(events.clone()) {
                            take(&alone, vec![event], origin).await;
                        }
                        take(&together, events, origin).await;
                    }
                    Step::Prune(before) => {
                        prune(&together, before).await;
                        prune(&alone, before).await;
                    }
                }
                chats_are_true(&together).await;
            }
            together.index_is_exact().await;
            (everything(&together).await, everything(&alone).await)
        });
        prop_assert_eq!(together, alone, "one by one it is the same");
    }
}

#[tokio::test]
async fn what_comes_late_is_the_newest_where_nothing_newer_was_kept() {
    let starred = Inbound::Change(MessageChange {
        chat: Some(place(2)),
        gateway_id: "p1-2".into(),
        by: None,
        at: at(50),
        what: MessageChangeKind::Starred(true),
    });
    let world = World::new().await;
    let told = [(0, 10), (2, 2), (2, 10)].map(|(chat, n)| message(chat, n, true, None).event());
    world.live([told.to_vec(), vec![starred]].concat()).await;
    prune(&world, 40).await;
    chats_are_true(&world).await;
    let left = world.count("SELECT count(*) FROM message").await;
    assert_eq!(left, 1, "one chat is empty, one keeps what is starred");

    // Older than the place that both keep in the list.
    let late = |n| {
        vec![
            message(0, n, true, None).event(),
            message(2, n, true, None).event(),
        ]
    };
    world.live([late(5), late(7)].concat()).await;
    chats_are_true(&world).await;
    world.live(late(6)).await;
    chats_are_true(&world).await;
}

#[tokio::test]
async fn a_window_of_many_chats_counts_every_message_once() {
    let world = World::new().await;
    let told: Vec<Inbound> = (0..97_i64)
        .flat_map(|n| [0, 1, 2, 3, 4].map(|chat| message(chat, n, true, None).event()))
        .collect();
    let taken = world.live([told.clone(), told.clone()].concat()).await;
    // The LID's chat is nobody's yet: it is one of its own.
    assert_eq!(
        taken.new_messages,
        97 * 4,
        "two spellings of a number are one chat"
    );
    let again = world.live(told).await;
    assert_eq!(
        (again.new_messages, again.received.len()),
        (0, 0),
        "told again, nothing is new"
    );
    assert_eq!(
        world.count("SELECT count(*) FROM media").await,
        4 * 19 + 4,
        "nor is any file"
    );
    chats_are_true(&world).await;
    let _all = world
        .read(|c| chat::page(c, chat::Filter::default(), None, 10))
        .await;
    world.index_is_exact().await;
}
