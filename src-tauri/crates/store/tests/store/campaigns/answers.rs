//! A customer's answer to a campaign.

use mostrador_campaigns::state::RecipientState as S;
use mostrador_domain::Inbound;
use mostrador_store::tables::campaign::{self, SettleWord};

use crate::world::{NOON, World, address, at, customer, text};

const DAY: i64 = 86_400;

#[tokio::test]
async fn the_first_message_after_it_is_the_answer() {
    let world = World::new().await;
    let id = world.running([1, 2]).await;
    world.live(text(1, "before").at(-5).into()).await;
    let queued = world.send_next(id, "g1", NOON).await;
    world.live(text(1, "late news").at(-121).into()).await;
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
async fn an_answer_that_came_while_nobody_knew_that_it_went_is_one() {
    for word in ["found", "accepted", "said"] {
        let world = World::new().await;
        let id = world.running([1]).await;
        world.live(text(1, "before").at(-200).into()).await;
        let queued = world.queue(id, NOON).await;
        let claimed = world.claim_one(NOON).await.id;
        if word != "accepted" {
            world.no_answer(claimed, at(1)).await;
        }
        world
            .live(vec![
                text(1, "yes").at(20).event(),
                text(1, "more").at(30).event(),
            ])
            .await;
        match word {
            "found" => {
                let echo = text(1, "g1").ours().words("Hola Persona 1").at(2);
                world.live(echo.into()).await;
            }
            "accepted" => world.accepted(claimed, "g1", at(40)).await,
            _ => {
                world.hand_to_operator(claimed).await;
                let settle = move |w: &mut mostrador_store::Writing<'_>| {
                    campaign::settle(w, queued.recipient, SettleWord::Sent, at(90))
                };
                world.write(settle).await;
            }
        }
        let row = world.recipient(queued.recipient).await;
        assert_eq!(
            (row.state, row.replied_at),
            (S::Replied, Some(at(20))),
            "{word}: the first one since it was tried"
        );
    }
}

#[tokio::test]
async fn an_answer_is_one_though_this_computers_clock_is_ahead() {
    for (seconds, state) in [(-119, S::Replied), (-121, S::Sent)] {
        let world = World::new().await;
        let id = world.running([1]).await;
        let queued = world.send_next(id, "g1", NOON).await;
        world.live(text(1, "yes").at(seconds).into()).await;
        assert_eq!(
            world.recipient(queued.recipient).await.state,
            state,
            "it came after ours, and bears a time of {seconds} s"
        );
    }
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
