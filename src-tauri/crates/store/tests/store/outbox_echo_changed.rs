//! Echoes that were edited or deleted, on the phone or here, before anybody knows that they are echoes.

use mostrador_domain::{
    Address, Inbound, MessageChange, MessageChangeKind, MessageContext, MessageId, OutboxId, OutboxState,
    UnixMillis,
};
use mostrador_store::tables::{change, message, outbox};

use crate::world::{NOON, Said, World, at, customer, edited, text};

const DAY: i64 = 86_400;

/// A message to customer 1 that is under way since noon.
async fn under_way(world: &World) -> (MessageId, OutboxId) {
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "son 30", NOON).await;
    (message, world.claim_one(NOON).await.id)
}

/// What the gateway shows of a text of ours to customer 1.
fn echo(words: &str) -> Said {
    text(1, "g1").ours().words(words).at(2)
}

/// The shop does something to its own message `g1`.
fn by_us(chat: Option<Address>, when: UnixMillis, what: MessageChangeKind) -> Inbound {
    Inbound::Change(MessageChange {
        chat,
        gateway_id: "g1".into(),
        by: None,
        at: when,
        what,
    })
}

fn here(when: UnixMillis, what: MessageChangeKind) -> Inbound {
    by_us(Some(customer(1)), when, what)
}

async fn has_look_alike(world: &World, id: OutboxId) -> bool {
    world.write(move |w| outbox::has_look_alike(w, id)).await
}

#[tokio::test]
async fn an_echo_is_known_by_what_it_said_first_though_it_was_edited_while_the_call_was_at_work() {
    let world = World::new().await;
    let (message, id) = under_way(&world).await;
    world.live(echo("son 30 ").into()).await;
    world.live(vec![here(at(20), edited("son 35"))]).await;
    world.live(vec![here(at(30), edited("son 36"))]).await;

    world.no_answer(id, at(60)).await;

    let row = world.message(message).await;
    assert_eq!(
        row.outgoing.as_ref().map(|outgoing| outgoing.state),
        Some(OutboxState::Done),
        "what was edited had gone"
    );
    assert_eq!(row.gateway_id.as_deref(), Some("g1"), "as that one");
    let said = world.read(move |c| message::earlier(c, message)).await;
    assert_eq!(said.len(), 2, "with what it said before");
    let rows = world.messages(row.chat).await;
    assert_eq!(rows.len(), 1, "one message, not two");
    assert!(
        rows[0].edited_at == Some(at(30)) && rows[0].id == message,
        "it says now what the phone says"
    );
    world.index_is_exact().await;
}

#[tokio::test]
async fn what_is_told_only_after_it_was_edited_may_be_any_message_and_a_person_decides() {
    let as_edited = || {
        echo("son 35").context(MessageContext {
            edited_at: Some(at(40)),
            ..MessageContext::default()
        })
    };
    // Some lists say that a message was edited, others give its new words, and the edit beside it.
    let twice = vec![echo("son 35").event(), here(at(40), edited("son 35"))];
    // And it may be edited once more, whichever is told first.
    let (first, second) = (here(at(40), edited("son 35")), here(at(50), edited("son 36")));
    let more = vec![echo("son 35").event(), first.clone(), second.clone()];
    let more_first = vec![echo("son 35").event(), second, first];
    for listed in [as_edited().into(), twice, more, more_first] {
        let world = World::new().await;
        let (message, id) = under_way(&world).await;
        world.no_answer(id, at(60)).await;
        assert!(!has_look_alike(&world, id).await, "nothing is there");

        world.live(listed).await;

        assert_eq!(world.state(message).await, OutboxState::Uncertain, "other words");
        assert!(
            has_look_alike(&world, id).await,
            "nobody knows what it said when it was sent"
        );
    }
}

#[tokio::test]
async fn what_was_deleted_may_be_any_message_and_a_person_decides() {
    for seen_before in [true, false] {
        let world = World::new().await;
        let (message, id) = under_way(&world).await;
        let (told, gone) = (echo("son 30").event(), here(at(20), MessageChangeKind::Deleted));
        if seen_before {
            world.live(vec![told]).await;
            world.live(vec![gone]).await;
        } else {
            world.live(vec![gone]).await;
            world.live(vec![echo("").event()]).await;
        }
        world.no_answer(id, at(60)).await;
        assert_eq!(
            world.state(message).await,
            OutboxState::Uncertain,
            "it has no words"
        );
        assert!(
            has_look_alike(&world, id).await,
            "what the owner took back must not go out again"
        );
    }
}

#[tokio::test]
async fn a_deletion_of_what_is_not_listed_any_more_is_a_look_alike_too() {
    let deleted = || MessageChangeKind::Deleted;
    for (told, alike, why) in [
        (here(at(20), deleted()), true, "deleted after it was tried"),
        (by_us(None, at(20), deleted()), true, "nobody told in which chat"),
        (
            here(at(-300), deleted()),
            true,
            "it bears the time of sending, and our clock is fast",
        ),
        (
            by_us(Some(Address::parse("77000000000001@lid")), at(20), deleted()),
            true,
            "nobody told whose chat that is",
        ),
        (
            by_us(Some(customer(2)), at(20), deleted()),
            false,
            "in another chat",
        ),
        (here(at(20), edited("x")), false, "what is edited is listed"),
    ] {
        let world = World::new().await;
        let (_, id) = under_way(&world).await;
        world.no_answer(id, at(1)).await;
        world.live(vec![told]).await;
        assert_eq!(has_look_alike(&world, id).await, alike, "{why}");
    }
}

#[tokio::test]
async fn a_deletion_that_came_before_is_none_of_the_message_and_one_nobody_knows_where_is_so_for_a_while_only()
 {
    let deleted = || MessageChangeKind::Deleted;
    let long_before = here(at(-2 * DAY), deleted());
    let anywhere = by_us(None, at(DAY), deleted());
    for (told, came, alike, why) in [
        (
            long_before.clone(),
            at(-DAY),
            false,
            "it was here before it was tried",
        ),
        (
            long_before,
            at(2 * DAY),
            true,
            "it came since, whatever time it bears",
        ),
        (
            anywhere.clone(),
            at(DAY),
            false,
            "any customer may have deleted that",
        ),
        (anywhere, at(600), true, "it came soon after"),
    ] {
        let world = World::new().await;
        let (_, id) = under_way(&world).await;
        world.no_answer(id, at(1)).await;
        let Inbound::Change(change) = told else {
            panic!("a change")
        };
        let device = world.device;
        world
            .write(move |w| change::apply(w, device, &change, came))
            .await;
        assert_eq!(has_look_alike(&world, id).await, alike, "{why}");
    }
}

#[tokio::test]
async fn a_clock_that_is_wrong_hides_nothing_that_was_deleted() {
    for (seconds, alike) in [(7_200, true), (-7_200, true), (2 * DAY, false), (-2 * DAY, false)] {
        let world = World::new().await;
        let (_, id) = under_way(&world).await;
        world.no_answer(id, at(60)).await;
        world.live(echo("son 30").at(seconds).into()).await;
        world
            .live(vec![here(at(seconds + 5), MessageChangeKind::Deleted)])
            .await;
        assert_eq!(has_look_alike(&world, id).await, alike, "{seconds} s after noon");
    }
}

#[tokio::test]
async fn a_message_of_the_phone_whose_first_words_are_here_is_not_ours_whatever_it_says_now() {
    for now in ["otra cosa", "son 30"] {
        let world = World::new().await;
        let (message, id) = under_way(&world).await;
        world.no_answer(id, at(1)).await;
        world.live(echo("otra").into()).await;
        world.live(vec![here(at(9), edited(now))]).await;
        world.live(text(1, "g2").ours().words("más").at(3).into()).await;
        assert_eq!(
            world.state(message).await,
            OutboxState::Uncertain,
            "«{now}» said something else when it was sent"
        );
        assert!(!has_look_alike(&world, id).await, "«{now}» is not it");
    }
}
