//! A customer's answer to a campaign.

use mostrador_campaigns::state::RecipientState as S;
use mostrador_domain::{Inbound, MessageContext, RecipientId};
use mostrador_store::tables::campaign::{self, SettleWord};

use super::{person, saying};
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

/// Two campaigns that wrote to the same person: the first at noon, the second an hour later. Gives their rows.
async fn by_two(world: &World) -> [RecipientId; 2] {
    let mut plan = saying("Hola {{nombre}}");
    plan.not_again_days = 0;
    let mut rows = Vec::new();
    for (seconds, gateway_id) in [(0, "g1"), (3_600, "g2")] {
        let id = world.draft(plan.clone(), vec![person(1)]).await;
        world.start(id, at(seconds)).await;
        rows.push(world.send_next(id, gateway_id, at(seconds)).await.recipient);
    }
    [rows[0], rows[1]]
}

async fn states(world: &World, rows: [RecipientId; 2]) -> [S; 2] {
    [
        world.recipient(rows[0]).await.state,
        world.recipient(rows[1]).await.state,
    ]
}

#[tokio::test]
async fn one_answer_is_of_the_campaign_that_wrote_last_and_the_next_one_of_no_other() {
    let world = World::new().await;
    let rows = by_two(&world).await;
    world.live(text(1, "gracias").at(4_000).into()).await;
    assert_eq!(
        states(&world, rows).await,
        [S::Sent, S::Replied],
        "one message answers one campaign"
    );
    world.live(text(1, "más").at(4_100).into()).await;
    assert_eq!(
        states(&world, rows).await,
        [S::Sent, S::Replied],
        "what they write after that is about the same one"
    );
}

#[tokio::test]
async fn an_answer_before_the_second_campaign_is_of_the_first() {
    let world = World::new().await;
    let rows = by_two(&world).await;
    world.live(text(1, "gracias").at(1_800).into()).await;
    assert_eq!(
        states(&world, rows).await,
        [S::Replied, S::Sent],
        "by its time the second had not written"
    );
    world.live(text(1, "y de esto").at(4_000).into()).await;
    assert_eq!(states(&world, rows).await, [S::Replied, S::Replied], "now it has");
}

#[tokio::test]
async fn an_answer_is_of_the_campaign_whose_message_it_quotes() {
    let world = World::new().await;
    let rows = by_two(&world).await;
    let quoting = |id: &str, seconds| {
        let quoted = MessageContext {
            quoted: Some("g1".into()),
            ..MessageContext::default()
        };
        text(1, id).at(seconds).context(quoted)
    };
    world.live(quoting("sí", 4_000).into()).await;
    assert_eq!(
        states(&world, rows).await,
        [S::Replied, S::Sent],
        "though another one wrote later"
    );
    world.live(quoting("dos", 4_100).into()).await;
    assert_eq!(
        states(&world, rows).await,
        [S::Replied, S::Sent],
        "one more about the first is none about the second"
    );
}

#[tokio::test]
async fn an_answer_that_one_campaign_has_is_not_given_to_one_that_turns_out_to_have_gone() {
    let world = World::new().await;
    let mut plan = saying("Hola {{nombre}}");
    plan.not_again_days = 0;
    let unsure = world.draft(plan.clone(), vec![person(1)]).await;
    world.start(unsure, NOON).await;
    let first = world.queue(unsure, NOON).await;
    let claimed = world.claim_one(NOON).await.id;
    world.no_answer(claimed, at(1)).await;
    let other = world.draft(plan, vec![person(1)]).await;
    world.start(other, at(100)).await;
    world.hand_to_operator(claimed).await;
    let second = world.send_next(other, "g2", at(100)).await;
    world.live(text(1, "gracias").at(200).into()).await;
    let settle = move |w: &mut mostrador_store::Writing<'_>| {
        campaign::settle(w, first.recipient, SettleWord::Sent, at(300))
    };
    world.write(settle).await;
    assert_eq!(
        states(&world, [first.recipient, second.recipient]).await,
        [S::Sent, S::Replied],
        "one message answers one campaign"
    );
}
