//! Since when a customer waits for an answer, and the list of those who do: whoever waits longest stands first.

use std::time::Duration;

use mostrador_domain::{
    ChatId, ChatSnapshot, Inbound, MessageBody, MessageChange, MessageChangeKind, Notice, NoticeKind,
    StatusKind, Triage, UnixMillis,
};
use mostrador_store::tables::chat::{self, ChatRow, Cursor, Filter};
use mostrador_store::tables::outbox::{self, NewContent, NewMessage, OperatorWord};
use mostrador_store::tables::{device, retention};

use crate::world::{Said, World, at, customer, delivered, group, reached, text};

const DAY: i64 = 86_400;

async fn since(world: &World, chat: ChatId) -> Option<UnixMillis> {
    world.chat(chat).await.waiting_since
}

async fn listed(world: &World, filter: Filter) -> Vec<ChatId> {
    let mut rows: Vec<ChatRow> = Vec::new();
    loop {
        let after: Option<Cursor> = rows.last().map(|row| row.cursor_in(filter));
        let next = world.read(move |c| chat::page(c, filter, after, 2)).await;
        if next.is_empty() {
            return rows.iter().map(|row| row.id).collect();
        }
        rows.extend(next);
    }
}

const UNANSWERED: Filter = Filter {
    unread: false,
    device: None,
    label: None,
    archived: false,
    groups: false,
    triage: None,
    unanswered: true,
};

fn deleted(gateway_id: &str, by: Option<u32>) -> Inbound {
    Inbound::Change(MessageChange {
        chat: Some(customer(1)),
        gateway_id: gateway_id.into(),
        by: by.map(customer),
        at: at(500),
        what: MessageChangeKind::Deleted,
    })
}

#[tokio::test]
async fn they_wait_since_their_first_message_after_our_last_one() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    assert_eq!(since(&world, chat).await, None, "nobody has asked anything");
    for (n, (said, expected)) in [
        (text(1, "m1").at(10), Some(10)),
        (text(1, "m2").at(20), Some(10)),
        (text(1, "m3").at(30).ours(), None),
        (text(1, "m4").at(40), Some(40)),
        (text(1, "m5").at(50), Some(40)),
        // What comes late stands where it was written.
        (text(1, "m6").at(35), Some(35)),
        (text(1, "m7").at(25), Some(35)),
        (text(1, "m8").at(45).ours(), Some(50)),
        (text(1, "m9").at(60).ours(), None),
        (text(1, "m10").at(55), None),
        (text(1, "m11").at(60), Some(60)),
    ]
    .into_iter()
    .enumerate()
    {
        world.live(said.into()).await;
        assert_eq!(since(&world, chat).await, expected.map(at), "after m{}", n + 1);
    }
}

#[tokio::test]
async fn a_batch_says_the_same_as_its_messages_one_by_one() {
    let world = World::new().await;
    let talk: Vec<Said> = vec![
        text(1, "m1").at(10),
        text(1, "m2").at(20).ours(),
        text(1, "m3").at(30),
        text(1, "m4").at(40),
    ];
    world.history(talk.into_iter().map(Said::event).collect()).await;
    let chat = world.chat_with(1).await;
    assert_eq!(since(&world, chat).await, Some(at(30)), "as its end says");
    let older = [text(1, "m0").at(5), text(1, "m-1").at(6).ours()];
    world.history(older.map(Said::event).to_vec()).await;
    assert_eq!(
        since(&world, chat).await,
        Some(at(30)),
        "what is older changes nothing"
    );
}

#[tokio::test]
async fn ours_is_an_answer_from_when_it_is_written_until_it_fails_for_good() {
    let world = World::new().await;
    world.live(text(1, "m1").into()).await;
    let chat = world.chat_with(1).await;

    let new = NewMessage {
        hold: Duration::from_secs(5),
        ..NewMessage::new(chat, "c1", NewContent::Text("ya va".into()))
    };
    let undone = world.send(new, at(10)).await;
    assert_eq!(since(&world, chat).await, None, "it is in the conversation");
    world.write(move |w| outbox::take_back(w, undone)).await;
    assert_eq!(since(&world, chat).await, Some(at(0)), "it was undone");

    let message = world.enqueue(chat, "c2", "ya va", at(20)).await;
    let claimed = world.claim_one(at(20)).await.id;
    world.refused(claimed).await;
    assert_eq!(since(&world, chat).await, Some(at(0)), "it never got there");

    world
        .operator_says(message, OperatorWord::Retry, at(30))
        .await
        .expect("tried again");
    assert_eq!(since(&world, chat).await, None, "it is under way again");
    let claimed = world.claim_one(at(30)).await.id;
    world.accepted(claimed, "g2", at(31)).await;
    world.live(vec![reached("g2", StatusKind::Failed, at(40))]).await;
    assert_eq!(since(&world, chat).await, Some(at(0)), "the gateway gave it up");
    world.live(vec![delivered("g2", at(50))]).await;
    assert_eq!(since(&world, chat).await, None, "it arrived after all");
}

#[tokio::test]
async fn what_was_deleted_neither_asks_nor_answers() {
    let world = World::new().await;
    world
        .live(vec![
            text(1, "m1").event(),
            text(1, "m2").at(10).event(),
            text(1, "m3").at(20).ours().event(),
        ])
        .await;
    let chat = world.chat_with(1).await;
    world.live(vec![deleted("m3", None)]).await;
    assert_eq!(since(&world, chat).await, Some(at(0)), "our answer is gone");
    world.live(vec![deleted("m1", Some(1))]).await;
    assert_eq!(
        since(&world, chat).await,
        Some(at(10)),
        "so is their first question"
    );
    world.live(vec![deleted("m2", Some(1))]).await;
    assert_eq!(since(&world, chat).await, None, "nothing is asked any more");
    // Told before the message itself.
    world.live(vec![deleted("m4", Some(1))]).await;
    world.live(text(1, "m4").at(30).into()).await;
    assert_eq!(since(&world, chat).await, None, "it was gone before it came");
}

#[tokio::test]
async fn a_call_and_a_line_of_whatsapps_own_ask_nothing() {
    let world = World::new().await;
    let notice = |kind| {
        MessageBody::Notice(Notice {
            kind,
            text: None,
            raw: "{}".into(),
        })
    };
    let told = [(NoticeKind::System, "m1"), (NoticeKind::Call, "m2")]
        .map(|(kind, id)| text(1, id).body(notice(kind)).event());
    world.live(told.to_vec()).await;
    let chat = world.chat_with(1).await;
    assert_eq!(since(&world, chat).await, None, "nobody has written");
    world
        .live(text(1, "m3").at(10).body(notice(NoticeKind::Order)).into())
        .await;
    assert_eq!(since(&world, chat).await, Some(at(10)), "an order is answered");
    let line = text(1, "m4").at(20).ours().body(notice(NoticeKind::System));
    world.live(line.into()).await;
    assert_eq!(since(&world, chat).await, Some(at(10)), "a line answers nothing");
}

#[tokio::test]
async fn a_campaigns_message_answers_nobody() {
    let world = World::new().await;
    let id = world.running([1]).await;
    world.live(text(1, "m1").at(-60).into()).await;
    let chat = world.chat_with(1).await;
    world.send_next(id, "g1", at(0)).await;
    assert_eq!(
        since(&world, chat).await,
        Some(at(-60)),
        "they asked, and nobody has answered"
    );
    world
        .live(text(1, "g1").ours().words("Hola Persona 1").into())
        .await;
    assert_eq!(since(&world, chat).await, Some(at(-60)), "nor does its echo");
}

#[tokio::test]
async fn what_is_told_of_ours_and_what_follows_in_one_batch_is_both_known() {
    let world = World::new().await;
    world.live(text(1, "m1").into()).await;
    let chat = world.chat_with(1).await;
    world.enqueue(chat, "c1", "ya va", at(10)).await;
    let claimed = world.claim_one(at(10)).await.id;
    world.accepted(claimed, "g1", at(11)).await;
    world.live(vec![reached("g1", StatusKind::Failed, at(12))]).await;
    let told = text(1, "g1")
        .at(10)
        .ours()
        .words("ya va")
        .status(mostrador_domain::DeliveryStatus::Read);
    world.live(vec![told.event(), text(1, "m2").at(20).event()]).await;
    assert_eq!(
        since(&world, chat).await,
        Some(at(20)),
        "it was read, and they asked again"
    );
}

#[tokio::test]
async fn long_before_the_number_was_linked_nobody_waits() {
    let world = World::new().await;
    let device = world.device;
    world
        .write(move |w| device::first_sync_begun(w, device, at(0)))
        .await;
    let talk = [
        text(1, "m1").at(-8 * DAY),
        text(2, "m1").at(-6 * DAY),
        text(3, "m1").at(-8 * DAY),
        text(3, "m2").at(-6 * DAY),
    ];
    world.history(talk.map(Said::event).to_vec()).await;
    let mut waits = Vec::new();
    for number in 1..=3 {
        let chat = world.chat_with(number).await;
        waits.push(since(&world, chat).await);
    }
    let lately = Some(at(-6 * DAY));
    assert_eq!(
        waits,
        [None, lately, lately],
        "a last word of more than a week ago is one"
    );
}

#[tokio::test]
async fn what_was_removed_is_not_waited_about() {
    let world = World::new().await;
    world
        .live(vec![
            text(1, "m1").at(-100).event(),
            text(1, "m2").event(),
            text(2, "m1").event(),
        ])
        .await;
    let (aged, emptied) = (world.chat_with(1).await, world.chat_with(2).await);
    world
        .write(move |w| retention::prune_chat(w, aged, at(-50), 10))
        .await;
    assert_eq!(
        since(&world, aged).await,
        Some(at(0)),
        "what is left is asked still"
    );
    world.live(vec![Inbound::ChatCleared { chat: customer(2) }]).await;
    assert_eq!(since(&world, emptied).await, None, "an empty chat asks nothing");
}

#[tokio::test]
async fn whoever_waits_longest_is_listed_first_pinned_or_not() {
    let world = World::new().await;
    let mut events: Vec<Inbound> = (1..=5)
        .map(|number| text(number, "m1").at(100 - i64::from(number)).event())
        .collect();
    // The newest message is no measure: they go on asking.
    events.push(text(5, "m2").at(200).event());
    events.push(text(4, "m2").at(200).ours().event());
    events.push(Inbound::Chat(ChatSnapshot {
        pinned: Some(true),
        ..ChatSnapshot::of(customer(1))
    }));
    events.push(text(6, "m1").in_chat(group()).event());
    world.live(events).await;
    let mut expected = Vec::new();
    for number in [5, 3, 2, 1] {
        expected.push(world.chat_with(number).await);
    }
    assert_eq!(
        listed(&world, UNANSWERED).await,
        expected,
        "by how long they wait; whom we answered is not there, nor a group"
    );
    let device = Some(world.another_device().await);
    let of_another = listed(&world, Filter { device, ..UNANSWERED }).await;
    assert!(of_another.is_empty(), "nobody has written to that one");
    let device = Some(world.device);
    assert_eq!(listed(&world, Filter { device, ..UNANSWERED }).await, expected);
}

#[tokio::test]
async fn whom_a_person_put_off_or_away_is_not_listed() {
    let world = World::new().await;
    world
        .live((1..=5).map(|number| text(number, "m1").event()).collect())
        .await;
    let mut chats = Vec::new();
    for number in 1..=5 {
        chats.push(world.chat_with(number).await);
    }
    for (id, state) in chats.iter().copied().zip(Triage::ALL) {
        world
            .write(move |w| chat::set_triage(w, id, state, Some(at(60))))
            .await;
    }
    let archived = Inbound::Chat(ChatSnapshot {
        archived: Some(true),
        ..ChatSnapshot::of(customer(5))
    });
    world.live(vec![archived]).await;
    assert_eq!(listed(&world, UNANSWERED).await, [chats[0]], "only the open one");
    world.write(|w| chat::wake_snoozed(w, at(60))).await;
    assert_eq!(
        listed(&world, UNANSWERED).await.len(),
        2,
        "a snooze is over: they wait still"
    );
    world.live(text(4, "m2").at(90).into()).await;
    let last = world.chat(chats[3]).await;
    assert_eq!(last.triage, Triage::Open, "they wrote again");
    assert_eq!(
        last.waiting_since,
        Some(at(0)),
        "and were never answered: that they were done with is no answer"
    );
}
