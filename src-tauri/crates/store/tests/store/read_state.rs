//! What is unread, what was read where, and what the gateway is still to be told.

use mostrador_domain::{Address, ChatId, ChatSnapshot, Inbound, MessageId};
use mostrador_store::tables::chat::{self, ReadToTell};
use mostrador_store::tables::device;
use mostrador_store::{Change, NextChanges, StoreErrorKind};

use crate::world::{NOON, World, address, at, customer, text};

impl World {
    async fn read_here(&self, chat: ChatId, message: MessageId) {
        self.write(move |w| chat::read_here(w, chat, message)).await;
    }

    async fn to_tell(&self) -> Option<ReadToTell> {
        let device = self.device;
        self.read(move |c| chat::next_read_to_tell(c, device)).await
    }

    async fn told(&self, told: ReadToTell) {
        self.write(move |w| chat::read_was_told(w, &told)).await;
    }
}

/// A chat with unread messages `m1`, `m2`, … at the seconds 1, 2, …
async fn unread(count: i64) -> (World, ChatId, Vec<MessageId>) {
    let world = World::new().await;
    let done = world
        .live(
            (1..=count)
                .map(|n| text(1, &format!("m{n}")).at(n).event())
                .collect(),
        )
        .await;
    let chat = world.chat_with(1).await;
    (
        world,
        chat,
        done.received
            .into_iter()
            .map(|received| received.message)
            .collect(),
    )
}

#[tokio::test]
async fn an_answer_from_a_time_that_cannot_be_hides_nothing_that_comes_later() {
    for when in [2_000_000, i64::MAX / 1_000 - at(0).0] {
        let world = World::new().await;
        world.live(text(1, "theirs").at(1).into()).await;
        world.live(text(1, "ours").ours().at(when).into()).await;
        let taken = world.live(text(1, "later").at(3).into()).await;
        assert_eq!(taken.received.len(), 1, "they are told of");
        let chat = world.chat_with(1).await;
        assert_eq!(world.chat(chat).await.unread, 2, "and nobody has seen either");
    }
}

#[tokio::test]
async fn reading_leaves_what_came_after() {
    let (world, chat, messages) = unread(3).await;
    world.read_here(chat, messages[1]).await;
    assert_eq!(world.chat(chat).await.unread, 1, "the third was not seen");
    assert_eq!(
        world.to_tell().await.map(|t| t.gateway_id).as_deref(),
        Some("m2"),
        "told up to what was seen"
    );
    world.read_here(chat, messages[2]).await;
    assert_eq!(world.chat(chat).await.unread, 0, "now all were");
}

#[tokio::test]
async fn reading_again_or_further_up_changes_and_tells_nothing() {
    let (world, chat, messages) = unread(3).await;
    world.read_here(chat, messages[2]).await;
    let told = world.to_tell().await.expect("to be told");
    world.told(told).await;

    world.read_here(chat, messages[2]).await;
    world.read_here(chat, messages[0]).await;

    assert_eq!(world.chat(chat).await.unread, 0, "read stays read");
    assert_eq!(world.to_tell().await, None, "the gateway is told once");
}

#[tokio::test]
async fn reading_up_to_our_own_answer_tells_their_newest_before_it() {
    let (world, chat, _) = unread(2).await;
    let answer = world.enqueue(chat, "c1", "hola", at(5)).await;
    world.read_here(chat, answer).await;
    assert_eq!(world.chat(chat).await.unread, 0, "everything before it was seen");
    assert_eq!(
        world.to_tell().await.map(|t| t.gateway_id).as_deref(),
        Some("m2"),
        "a read is of their message"
    );
}

#[tokio::test]
async fn a_read_that_was_told_is_cleared_and_a_newer_one_survives() {
    let (world, chat, messages) = unread(2).await;
    world.read_here(chat, messages[0]).await;
    let telling = world.to_tell().await.expect("to be told");
    world.read_here(chat, messages[1]).await;

    world.told(telling).await;
    let newer = world.to_tell().await.expect("the newer one is still to be told");
    assert_eq!(
        newer.gateway_id, "m2",
        "it was noted while the first was being told"
    );

    world.told(newer).await;
    assert_eq!(world.to_tell().await, None, "all was told");
}

#[tokio::test]
async fn reading_wakes_who_tells_the_gateway() {
    let (world, chat, messages) = unread(1).await;
    let mut changes = world.store.changes();
    world.read_here(chat, messages[0]).await;
    let NextChanges::Changed(set) = changes.next().await else {
        panic!("a change is told")
    };
    assert!(
        set.changes.contains(&Change::ReadToTell(world.device)),
        "the session has something to tell: {set:?}"
    );
    assert!(
        set.changes.contains(&Change::Chat(chat)),
        "the list shows another count: {set:?}"
    );
}

#[tokio::test]
async fn a_message_of_another_chat_is_not_found() {
    let (world, _, messages) = unread(1).await;
    let other = world.chat_with(2).await;
    let message = messages[0];
    let refused = world
        .store
        .write(move |w| chat::read_here(w, other, message))
        .await
        .expect_err("must refuse");
    assert_eq!(refused.kind, StoreErrorKind::NotFound, "it is not in that chat");
}

#[tokio::test]
async fn a_second_message_of_the_same_second_is_unread() {
    let (world, chat, messages) = unread(1).await;
    world.read_here(chat, messages[0]).await;

    let done = world.live(text(1, "m1b").at(1).into()).await;

    assert_eq!(
        done.received.len(),
        1,
        "gateways tell whole seconds: it is another message, and news"
    );
    assert_eq!(world.chat(chat).await.unread, 1, "nobody has seen it");
}

#[tokio::test]
async fn a_message_that_comes_late_is_unread_however_old() {
    let (world, chat, messages) = unread(3).await;
    world.read_here(chat, messages[2]).await;

    let done = world.live(text(1, "late").at(0).into()).await;

    assert_eq!(
        done.received.len(),
        1,
        "its webhook was lost and polling found it: a customer waits"
    );
    assert_eq!(world.chat(chat).await.unread, 1, "nobody has seen it");
    world.read_here(chat, messages[2]).await;
    assert_eq!(world.chat(chat).await.unread, 0, "it was seen with the rest");
}

#[tokio::test]
async fn answered_on_the_phone_is_read() {
    let (world, chat, _) = unread(2).await;
    world.live(text(1, "o1").ours().at(30).into()).await;
    assert_eq!(world.chat(chat).await.unread, 0, "whoever answered has seen them");
    let done = world.live(text(1, "late").at(1).into()).await;
    assert_eq!(done.received, [], "what comes late was seen there too");
    assert_eq!(world.chat(chat).await.unread, 0, "and is not unread");
}

#[tokio::test]
async fn an_answer_on_the_phone_reads_what_came_before_it_and_no_more() {
    let (world, chat, _) = unread(2).await;
    world.live(text(1, "m3").at(31).into()).await;
    world.live(text(1, "o1").ours().at(30).into()).await;
    assert_eq!(
        world.chat(chat).await.unread,
        1,
        "the third came after the answer"
    );
}

#[tokio::test]
async fn an_answer_within_seconds_reads_only_what_was_there_before() {
    for theirs_first in [true, false] {
        let (world, chat, _) = unread(1).await;
        let (theirs, away) = (text(1, "m2").at(60), text(1, "away").ours().at(61));
        let (first, second) = if theirs_first {
            (theirs, away)
        } else {
            (away, theirs)
        };
        let mut told = world.live(first.into()).await;
        told.and(world.live(second.into()).await);
        assert_eq!(
            told.received.len(),
            1,
            "somebody is told, theirs first: {theirs_first}"
        );
        assert_eq!(
            world.chat(chat).await.unread,
            1,
            "nobody reads and writes so quickly"
        );
        world.live(text(1, "o1").ours().at(90).into()).await;
        assert_eq!(world.chat(chat).await.unread, 0, "now a person has answered");
    }
}

#[tokio::test]
async fn what_a_program_answers_reads_nothing() {
    let (world, chat, _) = unread(2).await;
    let bot = text(1, "bot").ours().by_program().at(3_600);
    let told = world
        .live(vec![text(1, "m3").at(3_599).event(), bot.event()])
        .await;
    assert_eq!(told.received.len(), 1, "somebody is told");
    assert_eq!(world.chat(chat).await.unread, 3, "nobody has seen any of them");
    world.live(vec![counted(0, 3_601)]).await;
    assert_eq!(
        world.chat(chat).await.unread,
        0,
        "what the phone has read is read"
    );
}

#[tokio::test]
async fn an_answer_that_is_told_before_its_question_reads_it() {
    let world = World::new().await;
    world.live(text(1, "o1").ours().at(30).into()).await;
    let done = world.live(text(1, "m1").at(1).into()).await;
    let chat = world.chat_with(1).await;
    assert_eq!(
        (done.received.len(), world.chat(chat).await.unread),
        (0, 0),
        "order of telling does not matter"
    );
}

#[tokio::test]
async fn what_is_answered_within_the_batch_is_no_news() {
    let world = World::new().await;
    let done = world
        .live(vec![
            text(1, "m1").at(1).event(),
            text(1, "o1").ours().at(30).event(),
        ])
        .await;
    assert_eq!(done.received, [], "nobody is notified of what is answered");
}

#[tokio::test]
async fn an_answer_in_older_history_reads_nothing() {
    let (world, chat, _) = unread(1).await;
    world.history(text(1, "o1").ours().at(9).into()).await;
    assert_eq!(
        world.chat(chat).await.unread,
        1,
        "the gateway's own count says what is unread in history"
    );
}

#[tokio::test]
async fn the_echo_of_a_send_from_here_reads_nothing() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    world.enqueue(chat, "c1", "ya salió", NOON).await;
    world.claim_one(NOON).await;
    world
        .live(text(1, "g1").ours().words("ya salió").at(1).into())
        .await;

    let done = world.live(text(1, "late").at(0).into()).await;

    assert_eq!(
        done.received.len(),
        1,
        "nobody held the phone: a customer's message that comes late is news"
    );
    assert_eq!(world.chat(chat).await.unread, 1, "and unread");
}

#[tokio::test]
async fn what_is_older_than_the_first_sync_is_history_whoever_brings_it() {
    let (world, chat, _) = unread(1).await;
    let device = world.device;
    world
        .write(move |w| device::first_sync_begun(w, device, at(50)))
        .await;
    let told = world
        .live(vec![
            text(1, "old").at(49).event(),
            text(1, "answered").ours().at(45).event(),
            text(1, "new").at(50).event(),
        ])
        .await;
    assert_eq!(told.new_messages, 3, "all of it is kept");
    assert_eq!(told.received.len(), 1, "one is news");
    assert_eq!(
        world.chat(chat).await.unread,
        2,
        "it, and the one that was unread"
    );
}

/// The gateway counts so many unread messages as of so many seconds after noon.
fn counted(unread: i64, seconds: i64) -> Inbound {
    Inbound::Chat(ChatSnapshot {
        unread: Some(unread),
        at: Some(at(seconds)),
        ..ChatSnapshot::of(customer(1))
    })
}

#[tokio::test]
async fn what_the_first_syncs_count_has_already_is_not_counted_again() {
    let world = World::new().await;
    world.history(vec![counted(2, 5)]).await;
    let chat = world.chat_with(1).await;
    let told = world
        .live(vec![
            text(1, "m1").at(1).event(),
            text(1, "m2").at(4).event(),
            text(1, "m3").at(5).event(),
        ])
        .await;
    assert_eq!(world.chat(chat).await.unread, 2, "as the gateway counted");
    assert!(told.received.is_empty(), "none of them is news");
    world.live(text(1, "m4").at(5).into()).await;
    world.live(text(1, "m5").at(6).into()).await;
    assert_eq!(
        world.chat(chat).await.unread,
        4,
        "one more of the last second, and one after it"
    );
}

#[tokio::test]
async fn a_count_of_a_time_that_cannot_be_hides_nobody() {
    let world = World::new().await;
    world.history(vec![counted(2, 30 * 86_400)]).await;
    world.live(text(1, "m1").at(1).into()).await;
    let chat = world.chat_with(1).await;
    assert_eq!(world.chat(chat).await.unread, 3, "it is unread");
}

#[tokio::test]
async fn a_late_all_read_leaves_what_came_after_its_moment() {
    let world = World::new().await;
    world
        .live(vec![text(1, "m1").at(1).event(), text(1, "m2").at(5).event()])
        .await;
    let chat = world.chat_with(1).await;
    world.live(vec![counted(0, 3)]).await;
    assert_eq!(
        world.chat(chat).await.unread,
        1,
        "whoever read on the phone had not seen the second"
    );
    world.live(vec![counted(0, 5)]).await;
    assert_eq!(world.chat(chat).await.unread, 0, "now they have");
}

#[tokio::test]
async fn what_comes_late_but_was_read_on_the_phone_is_read() {
    let world = World::new().await;
    world.live(vec![text(1, "m2").at(5).event(), counted(0, 5)]).await;
    let late = world.live(text(1, "m1").at(1).into()).await;
    assert!(late.received.is_empty(), "nobody is told");
    let chat = world.chat_with(1).await;
    assert_eq!(world.chat(chat).await.unread, 0, "it was among what was read");
    let news = world.live(text(1, "m3").at(6).into()).await;
    assert_eq!(news.received.len(), 1, "what is newer is news");
}

#[tokio::test]
async fn of_the_second_in_which_the_phone_read_only_what_was_here_was_seen() {
    let world = World::new().await;
    world.live(vec![text(1, "m1").at(5).event(), counted(0, 5)]).await;
    let chat = world.chat_with(1).await;

    let next = world.live(text(1, "m2").at(5).into()).await;

    assert_eq!(next.received.len(), 1, "the phone had seen the first alone");
    assert_eq!(world.chat(chat).await.unread, 1, "the second is unread");
    world.live(vec![counted(0, 5)]).await;
    assert_eq!(world.chat(chat).await.unread, 0, "until the phone reads it too");
}

#[tokio::test]
async fn what_the_phone_read_while_we_were_away_is_read_however_many_came_in_one_second() {
    let world = World::new().await;
    world.live(vec![counted(0, 5)]).await;
    let fetched = world
        .live(vec![text(1, "m1").at(5).event(), text(1, "m2").at(5).event()])
        .await;
    assert!(fetched.received.is_empty(), "nobody is told");
    let chat = world.chat_with(1).await;
    assert_eq!(world.chat(chat).await.unread, 0, "both were seen");
}

#[tokio::test]
async fn the_first_count_adds_what_came_after_its_moment() {
    let world = World::new().await;
    world.live(text(1, "m9").at(9).into()).await;
    world
        .history(vec![
            counted(2, 5),
            text(1, "m1").at(1).event(),
            text(1, "m2").at(2).event(),
        ])
        .await;
    let chat = world.chat_with(1).await;
    assert_eq!(
        world.chat(chat).await.unread,
        3,
        "two that the gateway counted and one that it did not know"
    );
}

#[tokio::test]
async fn a_count_that_others_bring_down_reads_nothing() {
    for first_sync in [true, false] {
        let world = World::new().await;
        world
            .live(vec![text(1, "m1").at(1).event(), text(1, "m2").at(2).event()])
            .await;
        let chat = world.chat_with(1).await;
        let none = ChatSnapshot {
            unread: Some(0),
            zero_is_read: false,
            at: Some(at(5)),
            ..ChatSnapshot::of(customer(1))
        };
        if first_sync {
            world.history(vec![Inbound::Chat(none)]).await;
            assert_eq!(world.chat(chat).await.unread, 0, "the first sync has no other");
            continue;
        }
        let again = none.clone();
        world.live(vec![Inbound::Chat(none)]).await;
        assert_eq!(
            world.chat(chat).await.unread,
            2,
            "as a call or another sync tells it"
        );
        let device = world.device;
        world
            .write(move |w| chat::told_again(w, device, &again, (at(10), |_| false)))
            .await;
        assert_eq!(world.chat(chat).await.unread, 2, "as it is asked for again");
        world.live(vec![counted(0, 5)]).await;
        assert_eq!(world.chat(chat).await.unread, 0, "the shop's own reading does");
    }
}

#[tokio::test]
async fn a_receipt_that_is_told_late_reads_nothing_that_came_after_its_message() {
    let world = World::new().await;
    world
        .live(vec![
            text(1, "m1").at(1).event(),
            text(1, "m2").at(2).event(),
            text(1, "m3").at(100).event(),
        ])
        .await;
    let chat = world.chat_with(1).await;
    let read = |message: &str| {
        Inbound::Chat(ChatSnapshot {
            unread: Some(0),
            at: Some(at(200)),
            read_to: Some(message.to_owned()),
            ..ChatSnapshot::of(customer(1))
        })
    };
    world.live(vec![read("nobody's")]).await;
    assert_eq!(
        world.chat(chat).await.unread,
        3,
        "which one was read is not known"
    );
    world.live(vec![read("m2")]).await;
    assert_eq!(world.chat(chat).await.unread, 1, "m3 was written after m2");
    world.live(vec![read("m3")]).await;
    assert_eq!(world.chat(chat).await.unread, 0);
}

#[tokio::test]
async fn a_receipt_that_comes_before_its_message_reads_it_when_it_comes() {
    let world = World::new().await;
    world.live(vec![text(1, "m1").at(1).event()]).await;
    let chat = world.chat_with(1).await;
    let read = |message: &str, from: Address| {
        Inbound::Chat(ChatSnapshot {
            unread: Some(0),
            at: Some(at(200)),
            read_to: Some(message.to_owned()),
            ..ChatSnapshot::of(from)
        })
    };
    world.live(vec![read("m2", customer(1))]).await;
    assert_eq!(
        world.chat(chat).await.unread,
        1,
        "which one was read is not known"
    );
    world
        .live(vec![text(1, "m2").at(2).event(), text(1, "m3").at(100).event()])
        .await;
    assert_eq!(
        world.chat(chat).await.unread,
        1,
        "it was read, and what came before it; m3 was written after it"
    );

    let hidden = address("99000000000001@lid");
    let same = Inbound::SamePerson {
        phone: customer(1),
        lid: hidden.clone(),
    };
    world.live(vec![same]).await;
    world.live(vec![text(1, "m4").at(101).event()]).await;
    world.live(vec![read("m4", hidden)]).await;
    assert_eq!(
        world.chat(chat).await.unread,
        0,
        "told under the person's other address"
    );
}
