//! Replay and disorder are harmless: whatever the order, the repetitions and the cuts into batches, the same is stored.

use mostrador_domain::{ChatId, DeliveryStatus, FailureCode, Inbound, StatusKind, UnixMillis};
use mostrador_store::tables::chat::{self, Filter};
use mostrador_store::tables::ingest::Origin;
use mostrador_store::tables::message::{Content, MessageRow};
use proptest::prelude::*;

use crate::world::{World, at, reached, text, trials};

/// What a person would see, without the numbers of rows.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    chats: Vec<SeenChat>,
    parked: i64,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct SeenChat {
    address: String,
    unread: i64,
    last_at: UnixMillis,
    messages: Vec<SeenMessage>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct SeenMessage {
    at: UnixMillis,
    gateway_id: Option<String>,
    words: String,
    rank: Option<i64>,
    times: [Option<UnixMillis>; 3],
    failed: bool,
}

impl From<MessageRow> for SeenMessage {
    fn from(row: MessageRow) -> Self {
        let Content::Text(words) = row.content else {
            panic!("only texts were told")
        };
        assert!(
            matches!(row.failure, None | Some(FailureCode::RefusedRecipient)),
            "the one failure that is told"
        );
        Self {
            at: row.at,
            gateway_id: row.gateway_id,
            words,
            rank: row.status.map(DeliveryStatus::rank),
            times: [row.sent_at, row.delivered_at, row.read_at],
            failed: row.failure.is_some(),
        }
    }
}

async fn seen(world: &World) -> Seen {
    let mut chats = Vec::new();
    for row in world.read(|c| chat::page(c, Filter::default(), None, 100)).await {
        let mut messages: Vec<SeenMessage> = messages(world, row.id).await;
        messages.sort();
        chats.push(SeenChat {
            address: row.address.as_str().into(),
            unread: row.unread,
            last_at: row.last_at,
            messages,
        });
    }
    chats.sort();
    Seen {
        chats,
        parked: world.count("SELECT count(*) FROM receipt_parked").await,
    }
}

async fn messages(world: &World, chat: ChatId) -> Vec<SeenMessage> {
    world
        .messages(chat)
        .await
        .into_iter()
        .map(SeenMessage::from)
        .collect()
}

/// One thing that a gateway may tell. The same id is always the same message, but for its status.
fn event() -> impl Strategy<Value = Inbound> {
    let status = prop_oneof![
        4 => (1..=4_i64).prop_map(|rank| StatusKind::Reached(DeliveryStatus::from_rank(rank).expect("a rank"))),
        1 => Just(StatusKind::Failed),
    ];
    let theirs =
        (1..=2_u32, 0..6_i64).prop_map(|(chat, n)| text(chat, &format!("t{chat}-{n}")).at(n * 2).event());
    let ours = (1..=2_u32, 0..4_i64, 0..=4_i64).prop_map(|(chat, n, rank)| {
        let status = DeliveryStatus::from_rank(rank).expect("a rank");
        text(chat, &format!("o{chat}-{n}"))
            .ours()
            .at(n * 3)
            .status(status)
            .event()
    });
    let receipt = (1..=2_u32, 0..5_i64, status, 0..40_i64)
        .prop_map(|(chat, n, status, when)| reached(&format!("o{chat}-{n}"), status, at(when)));
    prop_oneof![3 => theirs, 2 => ours, 2 => receipt]
}

/// The same events in another order, some of them more than once, cut into batches.
fn two_tellings() -> impl Strategy<Value = (Vec<Inbound>, Vec<Vec<Inbound>>, Origin)> {
    let batch = prop::collection::vec(event(), 1..25);
    batch.prop_flat_map(|events| {
        let repeated = prop::collection::vec(prop::sample::select(events.clone()), 0..10);
        let other = repeated
            .prop_map({
                let events = events.clone();
                move |again| [events.clone(), again].concat()
            })
            .prop_shuffle();
        let cut =
            (other, 1..8_usize).prop_map(|(events, size)| events.chunks(size).map(<[_]>::to_vec).collect());
        (
            Just(events),
            cut,
            prop_oneof![Just(Origin::Live), Just(Origin::History)],
        )
    })
}

proptest! {
    #![proptest_config(trials(96))]

    #[test]
    fn any_order_any_repetition_and_any_batches_store_the_same((events, batches, origin) in two_tellings()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let (once, other) = runtime.block_on(async {
            let world = World::new().await;
            world.ingest(world.device, events, origin).await;
            let once = seen(&world).await;
            let world = World::new().await;
            for batch in batches {
                world.ingest(world.device, batch, origin).await;
            }
            world.index_is_exact().await;
            (once, seen(&world).await)
        });
        prop_assert_eq!(once, other, "the same was told, in another way");
    }
}
