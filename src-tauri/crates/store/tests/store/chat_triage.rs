//! What is still to be done about a chat: set by a person, opened again by a message of theirs or by its time.

use mostrador_domain::{ChatId, Triage, UnixMillis};
use mostrador_store::StoreErrorKind;
use mostrador_store::tables::chat::{self, Filter};

use crate::world::{World, at, text};

async fn set(world: &World, chat: ChatId, state: Triage, until: Option<UnixMillis>) {
    world
        .write(move |w| chat::set_triage(w, chat, state, until))
        .await;
}

async fn listed(world: &World, state: Triage) -> usize {
    let filter = Filter {
        triage: Some(state),
        ..Filter::default()
    };
    world.read(move |c| chat::page(c, filter, None, 10)).await.len()
}

#[tokio::test]
async fn each_state_is_listed_on_its_own() {
    let world = World::new().await;
    world.live((1..=4).map(|n| text(n, "m1").event()).collect()).await;
    for (number, state) in (1..).zip(Triage::ALL) {
        let chat = world.chat_with(number).await;
        set(&world, chat, state, Some(at(60))).await;
        let row = world.chat(chat).await;
        assert_eq!(row.triage, state, "as it was set");
        assert_eq!(
            row.snoozed_until.is_some(),
            state == Triage::Snoozed,
            "only a snooze has an end"
        );
    }
    for state in Triage::ALL {
        assert_eq!(listed(&world, state).await, 1, "{state:?}");
    }
}

#[tokio::test]
async fn a_message_of_theirs_opens_it_and_history_or_ours_does_not() {
    for state in [Triage::Waiting, Triage::Snoozed, Triage::Done] {
        let world = World::new().await;
        world.live(text(1, "m1").into()).await;
        let chat = world.chat_with(1).await;
        set(&world, chat, state, Some(at(60))).await;
        world.history(text(1, "m0").at(-5).into()).await;
        world.live(text(1, "m2").ours().at(1).into()).await;
        assert_eq!(
            world.chat(chat).await.triage,
            state,
            "nothing that asks for somebody has happened"
        );
        world.live(text(1, "m3").at(2).into()).await;
        let row = world.chat(chat).await;
        assert_eq!(
            (row.triage, row.snoozed_until),
            (Triage::Open, None),
            "{state:?} is over: they wrote"
        );
    }
}

#[tokio::test]
async fn a_snoozed_chat_opens_when_its_time_has_come() {
    let world = World::new().await;
    world.live((1..=2).map(|n| text(n, "m1").event()).collect()).await;
    let (first, second) = (world.chat_with(1).await, world.chat_with(2).await);
    set(&world, first, Triage::Snoozed, Some(at(60))).await;
    set(&world, second, Triage::Snoozed, Some(at(90))).await;
    assert_eq!(world.read(chat::next_wake).await, Some(at(60)), "the next one");
    let woken = world.write(|w| chat::wake_snoozed(w, at(60))).await;
    assert_eq!(woken, [first], "whose time has come");
    assert_eq!(world.chat(first).await.triage, Triage::Open, "open");
    assert_eq!(
        world.chat(second).await.triage,
        Triage::Snoozed,
        "the other sleeps on"
    );
    assert!(
        world.write(|w| chat::wake_snoozed(w, at(60))).await.is_empty(),
        "once"
    );
}

#[tokio::test]
async fn a_snooze_needs_an_end_and_a_chat() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    for (id, until, expected) in [
        (chat, None, StoreErrorKind::StateChanged),
        (ChatId(99), Some(at(1)), StoreErrorKind::NotFound),
    ] {
        let refused = world
            .store
            .write(move |w| chat::set_triage(w, id, Triage::Snoozed, until))
            .await;
        assert_eq!(
            refused.expect_err("refused").kind,
            expected,
            "{id:?} until {until:?}"
        );
    }
}
