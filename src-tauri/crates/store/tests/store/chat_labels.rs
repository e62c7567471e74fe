//! Labels: borne as the gateway says, counted without counting, listed in the list's order.

use mostrador_domain::{ChatSnapshot, Inbound, LabelId, LabelSnapshot};
use mostrador_store::StoreErrorKind;
use mostrador_store::tables::chat::{self, Cursor, Filter, Wish};
use mostrador_store::tables::label::{self, LabelRow};
use mostrador_store::tables::outbox::OperatorWord;
use proptest::prelude::*;

use crate::world::{NOON, World, at, customer, text, trials};

fn named(id: &str) -> LabelSnapshot {
    LabelSnapshot {
        gateway_id: id.into(),
        name: Some(format!("Etiqueta {id}")),
        colour: Some("1".into()),
    }
}

fn mentioned(id: &str) -> LabelSnapshot {
    LabelSnapshot {
        gateway_id: id.into(),
        name: None,
        colour: None,
    }
}

fn bears(number: u32, labels: &[&str]) -> Inbound {
    Inbound::Chat(ChatSnapshot {
        labels: Some(labels.iter().map(|id| mentioned(id)).collect()),
        ..ChatSnapshot::of(customer(number))
    })
}

async fn labels(world: &World) -> Vec<LabelRow> {
    world.read(|c| label::list(c, None)).await
}

async fn listed(world: &World, label: LabelId, limit: u32) -> Vec<u32> {
    let filter = Filter {
        label: Some(label),
        ..Filter::default()
    };
    let mut seen: Vec<(Cursor, u32)> = Vec::new();
    loop {
        let after = seen.last().map(|(cursor, _)| *cursor);
        let page = world.read(move |c| chat::page(c, filter, after, limit)).await;
        if page.is_empty() {
            return seen.into_iter().map(|(_, number)| number).collect();
        }
        for row in page {
            let digits = row.address.phone_digits().expect("a customer").to_owned();
            let number = digits[digits.len() - 2..].parse().expect("a number");
            seen.push((row.cursor(), number));
        }
    }
}

#[tokio::test]
async fn a_chat_bears_the_labels_that_the_gateway_says_all_of_them() {
    let world = World::new().await;
    world
        .live(vec![
            Inbound::Label(named("a")),
            Inbound::Label(named("b")),
            text(1, "m1").event(),
            bears(1, &["a", "b", "c"]),
        ])
        .await;
    let chat = world.chat_with(1).await;
    let names = |rows: Vec<LabelRow>| rows.into_iter().map(|row| row.name).collect::<Vec<_>>();
    assert_eq!(
        names(world.read(move |c| label::of_chat(c, chat)).await),
        [None, Some("Etiqueta a".into()), Some("Etiqueta b".into())],
        "one that was only mentioned has no name yet"
    );
    world
        .live(vec![bears(1, &["b"]), Inbound::Label(named("c"))])
        .await;
    assert_eq!(
        names(world.read(move |c| label::of_chat(c, chat)).await),
        [Some("Etiqueta b".into())],
        "what is not said any more is not borne"
    );
    let silent = ChatSnapshot::of(customer(1));
    world
        .live(vec![Inbound::Chat(silent), Inbound::Label(mentioned("b"))])
        .await;
    assert_eq!(
        names(world.read(move |c| label::of_chat(c, chat)).await),
        [Some("Etiqueta b".into())],
        "a snapshot that says nothing of labels takes none away, a mention takes no name"
    );
}

#[tokio::test]
async fn a_label_that_is_gone_is_on_no_chat() {
    let world = World::new().await;
    world.live(vec![bears(1, &["a"]), bears(2, &["a"])]).await;
    let gone = |id: &str| Inbound::LabelGone {
        gateway_id: id.into(),
    };
    world.live(vec![gone("a"), gone("never")]).await;
    assert!(labels(&world).await.is_empty(), "removed");
    assert_eq!(
        world.count("SELECT count(*) FROM chat_label").await,
        0,
        "from every chat"
    );
}

#[tokio::test]
async fn a_label_that_is_gone_may_be_told_by_its_name_where_no_other_has_it() {
    let world = World::new().await;
    let called = |id: &str, name: &str| {
        Inbound::Label(LabelSnapshot {
            name: Some(name.into()),
            ..mentioned(id)
        })
    };
    world
        .live(vec![
            called("1", "Pagado"),
            called("2", "Por pagar"),
            called("3", "Doble"),
            called("4", "Doble"),
            called("5", "Pedido"),
            called("6", "Ayer"),
            called("7", "9"),
            called("Ayer", "Hoy"),
        ])
        .await;
    let device = labels(&world).await[0].device;
    world.write(move |w| label::add(w, device, "Pedido", None)).await;
    let left = async |said: &str| {
        let gone = Inbound::LabelGone {
            gateway_id: said.into(),
        };
        world.live(vec![gone]).await;
        let rows = labels(&world).await.into_iter();
        rows.map(|row| row.gateway_id.unwrap_or_else(|| "ours".into()))
            .collect::<Vec<_>>()
            .join(" ")
    };
    // By name: 9 (7), Ayer (6), Doble (3, 4), Hoy (Ayer), Pagado (1), Pedido (5, ours), Por pagar (2).
    assert_eq!(
        left("Por pagar").await,
        "7 6 3 4 Ayer 1 5 ours",
        "the one of that name"
    );
    assert_eq!(
        left("Doble").await,
        "7 6 3 4 Ayer 1 5 ours",
        "nobody knows which of two"
    );
    assert_eq!(
        left("pagado").await,
        "7 6 3 4 Ayer 1 5 ours",
        "that is another name"
    );
    assert_eq!(
        left("Pedido").await,
        "7 6 3 4 Ayer 1 ours",
        "the phone's, and not ours"
    );
    assert_eq!(left("Ayer").await, "7 6 3 4 1 ours", "an id goes before a name");
    assert_eq!(
        left("9").await,
        "7 6 3 4 1 ours",
        "a number is an id: that label went before"
    );
}

#[tokio::test]
async fn a_labels_page_is_in_the_lists_order_and_follows_it() {
    let world = World::new().await;
    let mut events: Vec<Inbound> = (1..=6).map(|n| text(n, "m1").at(n.into()).event()).collect();
    events.extend([1, 3, 5].map(|n| bears(n, &["a"])));
    world.live(events).await;
    let label = labels(&world).await[0].id;
    for limit in [1, 2, 10] {
        assert_eq!(listed(&world, label, limit).await, [5, 3, 1], "newest first");
    }
    world.live(text(1, "m2").at(20).into()).await;
    assert_eq!(
        listed(&world, label, 2).await,
        [1, 5, 3],
        "a new message moves it up"
    );
    world
        .live(vec![Inbound::Chat(ChatSnapshot {
            pinned: Some(true),
            ..ChatSnapshot::of(customer(3))
        })])
        .await;
    assert_eq!(listed(&world, label, 2).await, [3, 1, 5], "a pin too");
    world
        .live(vec![Inbound::Chat(ChatSnapshot {
            archived: Some(true),
            ..ChatSnapshot::of(customer(1))
        })])
        .await;
    assert_eq!(
        listed(&world, label, 2).await,
        [3, 5],
        "what was put away is not listed"
    );
}

#[tokio::test]
async fn a_label_is_put_on_here_at_once_and_the_gateways_older_word_does_not_take_it_off() {
    let world = World::new().await;
    world
        .live(vec![Inbound::Label(named("a")), text(1, "m1").event()])
        .await;
    let (chat, label) = (world.chat_with(1).await, labels(&world).await[0].id);
    world
        .write(move |w| chat::wish(w, chat, Wish::Label(label, true), true, NOON))
        .await;
    world.live(vec![bears(1, &[])]).await;
    assert_eq!(
        listed(&world, label, 5).await,
        [1],
        "the gateway does not know yet"
    );

    let device = world.device;
    let told = world
        .read(move |c| chat::next_wish(c, device, NOON))
        .await
        .expect("there is one to tell");
    assert_eq!(told.label.as_deref(), Some("a"), "by the gateway's id");
    world
        .write(move |w| chat::wish_told(w, &told, chat::Told::Known))
        .await;
    world.live(vec![bears(1, &[])]).await;
    assert!(listed(&world, label, 5).await.is_empty(), "now its word counts");
}

#[tokio::test]
async fn a_label_of_another_device_or_none_is_not_found() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let other = world.another_device().await;
    let theirs = world.write(move |w| label::add(w, other, "suya", None)).await;
    for label in [theirs, LabelId(99)] {
        let refused = world
            .store
            .write(move |w| chat::wish(w, chat, Wish::Label(label, true), false, NOON))
            .await;
        assert_eq!(
            refused.expect_err("refused").kind,
            StoreErrorKind::NotFound,
            "{label:?} is not this device's"
        );
    }
}

#[tokio::test]
async fn a_label_of_ours_is_not_taken_off_by_what_the_gateway_says() {
    let world = World::new().await;
    let (chat, device) = (world.chat_with(1).await, world.device);
    let label = world.write(move |w| label::add(w, device, "mía", None)).await;
    world
        .write(move |w| {
            chat::wish(w, chat, Wish::Label(label, true), false, NOON)?;
            Ok(w.execute("DELETE FROM chat_wish", [])?)
        })
        .await;
    world.live(vec![bears(1, &["a"])]).await;
    let borne = world.read(move |c| label::of_chat(c, chat)).await;
    assert_eq!(borne.len(), 2, "the gateway knows nothing of it");
}

/// One thing that moves chats.
#[derive(Debug, Clone)]
enum Step {
    Message(u32),
    Read(u32),
    Archive(u32, bool),
    Bears(u32, Vec<usize>),
    Gone(usize),
    Chat(u32),
}

fn step() -> impl Strategy<Value = Step> {
    let chat = 1..4_u32;
    prop_oneof![
        4 => chat.clone().prop_map(Step::Message),
        2 => chat.clone().prop_map(Step::Read),
        2 => (chat.clone(), any::<bool>()).prop_map(|(n, on)| Step::Archive(n, on)),
        4 => (chat.clone(), prop::collection::vec(0..3_usize, 0..3)).prop_map(|(n, labels)| Step::Bears(n, labels)),
        1 => (0..3_usize).prop_map(Step::Gone),
        1 => chat.prop_map(Step::Chat),
    ]
}

const IDS: [&str; 3] = ["a", "b", "c"];

async fn play(world: &World, n: usize, step: Step) {
    let seconds = i64::try_from(n).expect("few");
    let event = match step {
        Step::Message(chat) => text(chat, &format!("m{n}")).at(seconds).event(),
        Step::Read(chat) => Inbound::Chat(ChatSnapshot {
            unread: Some(0),
            ..ChatSnapshot::of(customer(chat))
        }),
        Step::Archive(chat, on) => Inbound::Chat(ChatSnapshot {
            archived: Some(on),
            ..ChatSnapshot::of(customer(chat))
        }),
        Step::Bears(chat, labels) => {
            let labels: Vec<&str> = labels.into_iter().map(|label| IDS[label]).collect();
            bears(chat, &labels)
        }
        Step::Gone(label) => Inbound::LabelGone {
            gateway_id: IDS[label].into(),
        },
        Step::Chat(chat) => Inbound::ChatGone { chat: customer(chat) },
    };
    world.live(vec![event]).await;
}

proptest! {
    #![proptest_config(trials(24))]

    #[test]
    fn kept_counters_and_copies_are_what_counting_would_give(steps in prop::collection::vec(step(), 1..30)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            let world = World::new().await;
            for (n, step) in steps.into_iter().enumerate() {
                play(&world, n, step).await;
            }
            let off = "SELECT count(*) FROM label l WHERE
                chats <> (SELECT count(*) FROM chat_label b JOIN chat c ON c.id = b.chat_id WHERE b.label_id = l.id AND c.archived = 0)
                OR unread_chats <> (SELECT count(*) FROM chat_label b JOIN chat c ON c.id = b.chat_id
                                     WHERE b.label_id = l.id AND c.archived = 0 AND (c.unread > 0 OR c.marked_unread = 1))";
            prop_assert_eq!(world.count(off).await, 0, "counters");
            let stale = "SELECT count(*) FROM chat_label b LEFT JOIN chat c ON c.id = b.chat_id
                WHERE c.id IS NULL OR (b.archived, b.pinned, b.last_at, b.unread) IS NOT
                      (c.archived, c.pinned, c.last_at, c.unread > 0 OR c.marked_unread = 1)";
            prop_assert_eq!(world.count(stale).await, 0, "copies");
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn a_message_discarded_moves_the_labels_copy_back() {
    let world = World::new().await;
    world
        .live(vec![text(1, "m1").at(1).event(), text(2, "m1").at(2).event()])
        .await;
    world.live(vec![bears(1, &["a"]), bears(2, &["a"])]).await;
    let (chat, label) = (world.chat_with(1).await, labels(&world).await[0].id);
    let message = world.enqueue(chat, "c1", "hola", at(5)).await;
    assert_eq!(listed(&world, label, 5).await, [1, 2], "ours is the newest");
    world
        .operator_says(message, OperatorWord::Discard, at(6))
        .await
        .expect("ready");
    assert_eq!(listed(&world, label, 5).await, [2, 1], "and is not any more");
}
