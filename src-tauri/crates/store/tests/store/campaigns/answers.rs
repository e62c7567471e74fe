//! A customer's answer to a campaign.

use mostrador_campaigns::state::RecipientState as S;
use mostrador_domain::Inbound;

use crate::world::{NOON, World, address, at, customer, text};

const DAY: i64 = 86_400;

#[tokio::test]
async fn the_first_message_after_it_is_the_answer() {
    let world = World::new().await;
    let id = world.running([1, 2]).await;
    world.live(text(1, "before").at(-5).into()).await;
    let queued = world.send_next(id, "g1", NOON).await;
    world.live(text(1, "late news").at(-3).into()).await;
    assert_eq!(
        world.recipient(queued.recipient).await.state,
        S::Sent,
        "it was written before"
    );
    world
        .live(vec![
            text(2, "other").at(3).event(),
            text(1, "yes").at(4).event(),
            text(1, "more").at(5).event(),
        ])
        .await;
    let row = world.recipient(queued.recipient).await;
    assert_eq!(
        (row.state, row.replied_at),
        (S::Replied, Some(at(4))),
        "the first one"
    );
    let reply = world.message(row.reply.expect("it is known which")).await;
    assert_eq!(reply.content.text(), Some("texto yes"), "that one");
}

#[tokio::test]
async fn an_answer_counts_for_as_many_days_as_the_campaign_says() {
    for (seconds, state) in [(7 * DAY, S::Replied), (7 * DAY + 1, S::Sent)] {
        let world = World::new().await;
        let id = world.running([1]).await;
        let queued = world.send_next(id, "g1", NOON).await;
        world.live(text(1, "yes").at(seconds).into()).await;
        assert_eq!(
            world.recipient(queued.recipient).await.state,
            state,
            "after {seconds} s"
        );
    }
}

#[tokio::test]
async fn older_history_is_no_answer_and_neither_is_what_we_write() {
    let world = World::new().await;
    let id = world.running([1]).await;
    let queued = world.send_next(id, "g1", NOON).await;
    world.history(text(1, "old").at(5).into()).await;
    world.live(text(1, "ours").ours().at(6).into()).await;
    assert_eq!(
        world.recipient(queued.recipient).await.state,
        S::Sent,
        "nobody answered"
    );
}

#[tokio::test]
async fn an_answer_under_another_address_of_the_person_is_one() {
    let world = World::new().await;
    let lid = address("99000000000011@lid");
    world
        .live(text(9, "first").in_chat(lid.clone()).at(-9).into())
        .await;
    let id = world.running([1]).await;
    let queued = world.send_next(id, "g1", NOON).await;
    world
        .live(vec![Inbound::SamePerson {
            phone: customer(1),
            lid: lid.clone(),
        }])
        .await;
    world.live(text(9, "yes").in_chat(lid).at(4).into()).await;
    assert_eq!(
        world.recipient(queued.recipient).await.state,
        S::Replied,
        "the same person"
    );
}

#[tokio::test]
async fn a_recipient_outlives_the_messages_that_the_shop_does_not_keep() {
    let world = World::new().await;
    let id = world.running([1]).await;
    let queued = world.send_next(id, "g1", NOON).await;
    world.live(text(1, "yes").at(4).into()).await;
    world.write(|w| Ok(w.execute("DELETE FROM message", [])?)).await;
    let row = world.recipient(queued.recipient).await;
    assert_eq!(
        (row.state, row.message, row.reply),
        (S::Replied, None, None),
        "what became of them stays"
    );
    assert_eq!(
        (row.sent_at, row.replied_at),
        (Some(NOON), Some(at(4))),
        "with its times"
    );
}
