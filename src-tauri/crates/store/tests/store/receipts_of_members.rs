//! Who of a group received and read a message of ours: raised and never lowered, in whatever order it is told.

use mostrador_domain::{
    Address, ChatId, ContactSnapshot, DeliveryStatus, Inbound, MessageChangeKind, MessageId, StatusKind,
    StatusUpdate, UnixMillis,
};
use mostrador_store::Change;
use mostrador_store::tables::outbox::OperatorWord;
use mostrador_store::tables::receipt::{self, MemberReceipt};
use mostrador_store::tables::retention::{self, Keep};
use mostrador_store::tables::{chat, device};

use crate::world::{NOON, World, address, at, by_member, customer, group, reached, text, to_group};

use DeliveryStatus::{Delivered, Played, Read};

async fn chat_of_group(world: &World) -> ChatId {
    let device = world.device;
    world.write(move |w| chat::ensure(w, device, &group())).await
}

/// The one message of the group.
async fn the_message(world: &World) -> MessageId {
    let all = world.messages(chat_of_group(world).await).await;
    assert_eq!(all.len(), 1, "one message");
    all[0].id
}

async fn members(world: &World) -> Vec<MemberReceipt> {
    let message = the_message(world).await;
    world.read(move |c| receipt::members(c, message)).await
}

/// With whom it has come how far: the address, delivered, read.
async fn told(world: &World) -> Vec<(Address, Option<UnixMillis>, Option<UnixMillis>)> {
    let all = members(world).await;
    all.into_iter()
        .map(|one| (one.addresses[0].clone(), one.delivered_at, one.read_at))
        .collect()
}

async fn rows(world: &World) -> i64 {
    world.count("SELECT count(*) FROM member_receipt").await
}

async fn parked(world: &World) -> i64 {
    world.count("SELECT count(*) FROM receipt_parked").await
}

#[tokio::test]
async fn who_read_it_comes_first_and_the_newest_of_them_before_the_others() {
    let world = World::new().await;
    world
        .live(vec![
            to_group("g1").event(),
            by_member(&customer(1), "g1", Delivered, 5),
            by_member(&customer(2), "g1", Delivered, 6),
            by_member(&customer(3), "g1", Delivered, 7),
            by_member(&customer(4), "g1", Delivered, 8),
            by_member(&customer(4), "g1", Read, 20),
            by_member(&customer(2), "g1", Read, 30),
        ])
        .await;

    assert_eq!(
        told(&world).await,
        [
            (customer(2), Some(at(6)), Some(at(30))),
            (customer(4), Some(at(8)), Some(at(20))),
            (customer(3), Some(at(7)), None),
            (customer(1), Some(at(5)), None),
        ],
        "read, then received"
    );
}

#[tokio::test]
async fn what_one_member_did_changes_nothing_of_the_message_itself() {
    let world = World::new().await;
    world.live(to_group("g1").into()).await;
    let message = the_message(&world).await;
    let before = world.message(message).await;

    world
        .live(vec![
            by_member(&customer(1), "g1", Delivered, 5),
            by_member(&customer(1), "g1", Read, 6),
            by_member(&customer(2), "g1", Played, 7),
        ])
        .await;

    assert!(world.message(message).await == before, "it is sent, as it was");
    assert_eq!(rows(&world).await, 2, "a row a member");
}

#[tokio::test]
async fn disorder_and_repeats_end_in_the_same_rows() {
    let steps = [
        by_member(&customer(1), "g1", Delivered, 5),
        by_member(&customer(1), "g1", Read, 9),
        by_member(&customer(1), "g1", Played, 12),
        by_member(&customer(2), "g1", Delivered, 7),
        // The same again, later.
        by_member(&customer(1), "g1", Delivered, 8),
        by_member(&customer(1), "g1", Read, 30),
    ];
    let expected = [
        (customer(1), Some(at(5)), Some(at(9))),
        (customer(2), Some(at(7)), None),
    ];
    for turn in 0..steps.len() {
        let world = World::new().await;
        let mut turned = steps.to_vec();
        turned.rotate_left(turn);
        turned.reverse();
        world.live(to_group("g1").into()).await;
        for step in turned.iter().chain(&steps) {
            world.live(vec![step.clone()]).await;
        }
        assert_eq!(
            told(&world).await,
            expected,
            "of each step the earliest time, turn {turn}"
        );
        assert_eq!(
            members(&world).await[0].played_at,
            Some(at(12)),
            "and she heard it"
        );
    }
}

#[tokio::test]
async fn whoever_played_it_has_read_it() {
    let world = World::new().await;
    world
        .live(vec![
            to_group("g1").event(),
            by_member(&customer(1), "g1", Delivered, 4),
            by_member(&customer(2), "g1", Played, 5),
        ])
        .await;
    let first = members(&world).await.remove(0);
    assert_eq!(
        (first.addresses[0].clone(), first.read_at, first.played_at),
        (customer(2), Some(at(5)), Some(at(5))),
        "since then at the latest"
    );
}

#[tokio::test]
async fn receipts_before_their_message_wait_for_it_each_for_itself() {
    let world = World::new().await;
    world
        .live(vec![
            by_member(&customer(1), "g1", Read, 9),
            by_member(&customer(1), "g1", Delivered, 5),
            by_member(&customer(2), "g1", Delivered, 6),
            by_member(&customer(2), "g1", Delivered, 8),
            reached("g1", StatusKind::Reached(Delivered), at(10)),
        ])
        .await;
    assert_eq!(
        parked(&world).await,
        4,
        "of each member each step, and the message's own"
    );

    world.live(to_group("g1").into()).await;

    assert_eq!(parked(&world).await, 0, "nothing waits any longer");
    assert_eq!(
        told(&world).await,
        [
            (customer(1), Some(at(5)), Some(at(9))),
            (customer(2), Some(at(6)), None)
        ],
        "they count"
    );
    let message = world.message(the_message(&world).await).await;
    assert_eq!(
        (message.status, message.delivered_at, message.read_at),
        (Some(Delivered), Some(at(10)), None),
        "the message has come as far as was told of it"
    );
}

#[tokio::test]
async fn receipts_before_the_answer_to_the_send_wait_for_the_id() {
    let world = World::new().await;
    let chat = chat_of_group(&world).await;
    world.enqueue(chat, "c1", "abrimos a las ocho", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world.live(vec![by_member(&customer(1), "g1", Read, 2)]).await;

    world.accepted(id, "g1", at(3)).await;

    assert_eq!(
        told(&world).await,
        [(customer(1), None, Some(at(2)))],
        "it was of this one"
    );
}

#[tokio::test]
async fn what_was_told_of_an_echo_is_told_of_our_message() {
    let world = World::new().await;
    let chat = chat_of_group(&world).await;
    world.enqueue(chat, "c1", "abrimos a las ocho", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world
        .live(vec![
            to_group("g1").words("otra cosa").at(1).event(),
            by_member(&customer(1), "g1", Read, 2),
        ])
        .await;

    world.accepted(id, "g1", at(3)).await;

    assert_eq!(
        told(&world).await,
        [(customer(1), None, Some(at(2)))],
        "one message, with its readers"
    );
}

#[tokio::test]
async fn only_messages_of_ours_in_groups_have_such_receipts() {
    let world = World::new().await;
    let in_person = |id: &str| {
        Inbound::Status(StatusUpdate {
            gateway_id: id.into(),
            chat: Some(customer(1)),
            member: Some(customer(1)),
            status: StatusKind::Reached(Read),
            at: at(5),
        })
    };
    world
        .live(vec![
            text(2, "m1").in_chat(group()).event(),
            by_member(&customer(1), "m1", Read, 5),
            text(1, "g2").ours().event(),
            in_person("g2"),
        ])
        .await;
    assert_eq!(rows(&world).await, 0, "neither theirs, nor a person's chat");
    let chat = world.chat_with(1).await;
    assert_eq!(
        world.messages(chat).await[0].status,
        Some(DeliveryStatus::Sent),
        "nor is it read for that"
    );
}

#[tokio::test]
async fn the_shops_own_number_is_no_member() {
    let world = World::new().await;
    let device = world.device;
    world
        .write(move |w| {
            device::linked(w, device, device::Told::Number(&customer(9)), at(0))?;
            Ok(())
        })
        .await;
    world
        .live(vec![
            Inbound::SamePerson {
                phone: customer(9),
                lid: address("99000000000009@lid"),
            },
            to_group("g1").event(),
            by_member(&customer(9), "g1", Read, 5),
            by_member(&address("99000000000009@lid"), "g1", Delivered, 5),
            by_member(&customer(1), "g1", Delivered, 6),
        ])
        .await;
    assert_eq!(
        told(&world).await,
        [(customer(1), Some(at(6)), None)],
        "its own phone has it from the beginning"
    );
}

#[tokio::test]
async fn somebody_who_is_told_of_by_number_and_by_hidden_number_is_one_with_a_name() {
    let world = World::new().await;
    let hidden = address("99000000000001@lid");
    let contact = |address: Address, push_name: &str| {
        Inbound::Contact(ContactSnapshot {
            address,
            saved_name: None,
            push_name: Some(push_name.into()),
            business: None,
            picture: None,
        })
    };
    world
        .live(vec![
            to_group("g1").event(),
            by_member(&hidden, "g1", Delivered, 5),
            by_member(&customer(1), "g1", Read, 9),
            by_member(&address("99000000000002@lid"), "g1", Delivered, 7),
        ])
        .await;
    world
        .live(vec![
            contact(customer(1), "Rosa"),
            Inbound::SamePerson {
                phone: customer(1),
                lid: hidden.clone(),
            },
        ])
        .await;

    let all = members(&world).await;

    let one = &all[0];
    assert_eq!(all.len(), 2, "Rosa is one");
    assert_eq!(
        (one.name.as_deref(), one.delivered_at, one.read_at),
        (Some("Rosa"), Some(at(5)), Some(at(9))),
        "with all that was told of her"
    );
    assert!(one.addresses.contains(&customer(1)), "her number is known");
    assert_eq!(all[1].name, None, "of the other one nothing is known");
}

#[tokio::test]
async fn they_go_with_the_message() {
    let world = World::new().await;
    world
        .live(vec![
            to_group("g1").event(),
            by_member(&customer(1), "g1", Read, 5),
        ])
        .await;
    let chat = chat_of_group(&world).await;
    let pruned = world
        .write(move |w| retention::prune_chat(w, chat, at(60), 10))
        .await;
    assert_eq!((pruned, rows(&world).await), (1, 0), "when it was old enough");

    world
        .live(vec![
            to_group("g2").at(70).event(),
            by_member(&customer(1), "g2", Read, 75),
        ])
        .await;
    assert_eq!(rows(&world).await, 1, "of the next one");
    let gone = Inbound::Change(mostrador_domain::MessageChange {
        chat: Some(group()),
        gateway_id: "g2".into(),
        by: None,
        at: at(80),
        what: MessageChangeKind::Deleted,
    });
    world.live(vec![gone]).await;
    assert_eq!(rows(&world).await, 0, "when it was deleted for everybody");
    world.live(vec![by_member(&customer(2), "g2", Read, 90)]).await;
    assert_eq!(rows(&world).await, 0, "and none comes any more");
}

#[tokio::test]
async fn what_is_sent_again_has_reached_nobody_yet() {
    let world = World::new().await;
    let chat = chat_of_group(&world).await;
    let message = world.enqueue(chat, "c1", "abrimos a las ocho", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world.accepted(id, "g1", at(1)).await;
    world
        .live(vec![
            by_member(&customer(1), "g1", Delivered, 2),
            reached("g1", StatusKind::Failed, at(3)),
        ])
        .await;

    world
        .operator_says(message, OperatorWord::Retry, at(10))
        .await
        .expect("it was given up");
    world.live(vec![by_member(&customer(1), "g1", Read, 11)]).await;

    assert_eq!(
        (rows(&world).await, parked(&world).await),
        (0, 0),
        "the first one is put away"
    );
}

#[tokio::test]
async fn those_that_wait_in_vain_go_by_their_age() {
    let world = World::new().await;
    world
        .live(vec![
            by_member(&customer(1), "gone", Read, 5),
            by_member(&customer(2), "gone", Read, 5),
            by_member(&customer(3), "gone", Read, 50),
        ])
        .await;
    let keep = Keep {
        since: at(20),
        newest: 100,
    };
    let pruned = world.write(move |w| retention::prune_parked(w, keep, 1)).await;
    assert_eq!((pruned, parked(&world).await), (1, 2), "a portion");
    world.write(move |w| retention::prune_parked(w, keep, 10)).await;
    assert_eq!(parked(&world).await, 1, "the young one waits on");
}

/// Is the window told that messages of the group changed, when this comes in?
async fn is_told(world: &World, said: Inbound) -> bool {
    let chat = chat_of_group(world).await;
    let mut changes = world.store.changes();
    world.live(vec![said]).await;
    let so_far = world.store.write(move |_| Ok(changes.so_far())).await;
    let told = so_far.expect("written");
    told.is_some_and(|told| told.contains(&Change::Messages(chat)))
}

#[tokio::test]
async fn the_window_is_told_what_is_new_and_nothing_else() {
    let world = World::new().await;
    world
        .live(vec![
            to_group("g1").event(),
            by_member(&customer(1), "g1", Read, 5),
        ])
        .await;
    for (said, news) in [
        (by_member(&customer(1), "g1", Read, 9), false),
        (by_member(&customer(1), "g1", Delivered, 4), true),
        (by_member(&customer(2), "g1", Delivered, 9), true),
    ] {
        assert_eq!(is_told(&world, said.clone()).await, news, "{said:?}");
    }
}
