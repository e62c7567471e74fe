//! A turn holds for a short while: what did not leave by then goes back to its campaign, whose pacer decides anew.

use mostrador_campaigns::plan::{Body, Text};
use mostrador_campaigns::state::{CampaignState, Pause, RecipientState as S, SkipReason};
use mostrador_domain::{DeliveryStatus, FailureCode, MediaKind, OutboxEvent, OutboxState, StatusKind};
use mostrador_store::tables::campaign::proof::Verdict;
use mostrador_store::tables::campaign::{self, IN_A_ROW, Next, Queued, SettleWord, Terms, opt_out, report};
use mostrador_store::tables::outbox::{self, OperatorWord, Work};
use mostrador_store::{Change, NextChanges, StoreErrorKind};

use super::reports::verdict;
use super::{TERMS, person, saying};
use crate::world::{NOON, World, at, customer, reached, text};

#[tokio::test]
async fn what_did_not_leave_while_its_turn_held_waits_for_another_one() {
    let world = World::new().await;
    let id = world.running([1]).await;
    let queued = world.queue(id, NOON).await;
    assert!(
        world.claim(at(9 * 3_600)).await.is_none(),
        "the computer was off: nobody gets it at night"
    );
    let row = world.recipient(queued.recipient).await;
    assert_eq!(
        (row.state, row.queued_at, row.message),
        (S::Pending, None, None),
        "their turn has not come, and counts for no day"
    );
    let again = world.send_next(id, "g1", at(16 * 3_600)).await;
    assert_eq!(again.recipient, queued.recipient, "it comes again");
    assert_eq!(
        world.messages(again.chat).await.len(),
        1,
        "one message in the chat"
    );
}

#[tokio::test]
async fn how_often_it_was_tried_goes_with_it_into_its_next_turn() {
    let world = World::new().await;
    let id = world.running([1]).await;
    world.queue(id, NOON).await;
    let mut now = 0;
    for attempt in 1..=3 {
        let claimed = world.claim_one(at(now)).await;
        assert_eq!(claimed.attempt, attempt, "none is forgotten");
        now += 100;
        world
            .write(move |w| outbox::not_sent(w, claimed.id, at(now)))
            .await;
        assert!(world.claim(at(now)).await.is_none(), "the gateway took its time");
        world.queue(id, at(now)).await;
    }
}

#[tokio::test]
async fn a_file_may_take_its_time_and_what_follows_it_leaves_then() {
    let world = World::new().await;
    let file = world.file("ab").await;
    let mut plan = saying("");
    plan.texts = vec![Text {
        share: 100,
        body: Body::Media {
            media_kind: MediaKind::Image,
            media_id: file,
            caption: "Para {{nombre}}".into(),
        },
    }];
    let id = world.draft(plan, vec![person(1)]).await;
    world.start(id, NOON).await;
    let terms = Terms {
        inline_up_to: Some(3),
        ..TERMS
    };
    let queue = async |now| {
        world
            .write(move |w| campaign::queue_next(w, id, terms, now))
            .await
    };
    queue(NOON).await;
    assert!(world.claim(at(3_600)).await.is_none(), "not even its file leaves");
    assert_eq!(world.states(id).await, [S::Pending], "it goes back with it");
    queue(at(3_700)).await;
    let upload = world.claim_one(at(3_701)).await;
    assert!(matches!(upload.work, Work::Upload(_)), "first the file");
    world
        .write(move |w| outbox::uploaded(w, upload.id, "there"))
        .await;
    let send = world.claim_one(at(4_000)).await;
    assert!(
        matches!(send.work, Work::Send(_)),
        "five minutes later its message"
    );
}

#[tokio::test]
async fn nothing_is_sent_of_a_campaign_that_was_deleted() {
    for uncertain in [false, true] {
        let world = World::new().await;
        let id = world.running([1]).await;
        let queued = world.queue(id, NOON).await;
        let claimed = world.claim_one(NOON).await.id;
        if uncertain {
            world.no_answer(claimed, at(1)).await;
        }
        world.write(move |w| campaign::cancel(w, id, at(2))).await;
        world.write(move |w| campaign::delete(w, id)).await;
        world
            .write(move |w| match uncertain {
                true => outbox::proven_absent(w, claimed),
                false => outbox::not_sent(w, claimed, at(3)),
            })
            .await;
        assert!(world.claim(at(4)).await.is_none(), "whatever became of it");
        assert_eq!(
            world.messages(queued.chat).await,
            [],
            "it is not shown as waiting"
        );
    }
}

/// Queues the next one, of which nobody knows then whether it went. Gives it and its row.
async fn doubtful(
    world: &World,
    id: mostrador_domain::CampaignId,
    seconds: i64,
) -> (Queued, mostrador_domain::OutboxId) {
    let queued = world.queue(id, at(seconds)).await;
    let claimed = world.claim_one(at(seconds)).await;
    world.no_answer(claimed.id, at(seconds)).await;
    (queued, claimed.id)
}

fn in_a_row() -> i64 {
    i64::try_from(IN_A_ROW).expect("few")
}

#[tokio::test]
async fn a_gateway_that_answers_nothing_is_not_given_the_whole_audience() {
    let world = World::new().await;
    let id = world.running(1..30).await;
    let mut rows = Vec::new();
    for turn in 0..in_a_row() {
        rows.push(doubtful(&world, id, turn).await);
    }
    assert_eq!(
        world.next(id, at(10)).await,
        Next::InDoubt,
        "first one is looked for"
    );
    assert_eq!(world.counts(id).await.pending, 24, "the others wait");
    let (first, row) = rows[0];
    world.write(move |w| outbox::proven_absent(w, row)).await;
    assert!(
        world.claim(at(100)).await.is_none(),
        "no burst of what was proven absent"
    );
    let next = world.queue(id, at(101)).await;
    assert_eq!(next.recipient, first.recipient, "one is tried, in its pace");
    let claimed = world.claim_one(at(101)).await;
    world.no_answer(claimed.id, at(101)).await;
    assert_eq!(world.next(id, at(102)).await, Next::InDoubt, "as before");
    let echo = text(2, "g2").ours().words("Hola Persona 2").at(1);
    world.live(echo.into()).await;
    let next = world.queue(id, at(103)).await;
    let newest = world.recipient(next.recipient).await;
    assert_eq!(
        newest.place, 5,
        "it takes them after all: the next one has their turn"
    );
}

#[tokio::test]
async fn so_many_in_a_row_that_only_a_person_can_settle_pause_it() {
    let world = World::new().await;
    let id = world.running(1..30).await;
    for turn in 0..in_a_row() {
        assert_eq!(
            world.campaign_state(id).await,
            CampaignState::Running,
            "after {turn}"
        );
        let (_, row) = doubtful(&world, id, turn).await;
        world.hand_to_operator(row).await;
    }
    assert_eq!(
        world.campaign_state(id).await,
        CampaignState::Paused(Pause::TooManyFailures),
        "the next ones would fare no better"
    );
    world.write(move |w| campaign::resume(w, id, at(100))).await;
    world.queue(id, at(100)).await;
}

#[tokio::test]
async fn an_echo_that_comes_after_a_person_said_again_settles_it_unsent() {
    let world = World::new().await;
    let id = world.running([1, 2]).await;
    let (first, row) = doubtful(&world, id, 0).await;
    let settle = move |w: &mut mostrador_store::Writing<'_>| {
        campaign::settle(w, first.recipient, SettleWord::Again, at(60))
    };
    assert_eq!(
        world.refuses(settle).await,
        StoreErrorKind::StateChanged,
        "it is still being looked for, and may be found"
    );
    world.hand_to_operator(row).await;
    world.write(settle).await;
    let echo = text(1, "g1").ours().words("Hola Persona 1").at(2);
    world.live(echo.status(DeliveryStatus::Delivered).into()).await;
    let next = world.queue(id, at(90)).await;
    assert_ne!(next.recipient, first.recipient, "the first has it");
    let row = world.recipient(first.recipient).await;
    assert_eq!(
        (row.state, row.sent_at, row.queued_at),
        (S::Delivered, Some(at(2)), Some(NOON)),
        "since then"
    );
    let shown = world.messages(first.chat).await;
    assert_eq!(shown.len(), 1, "once in the chat");
    assert_eq!(
        (shown[0].gateway_id.as_deref(), shown[0].at),
        (Some("g1"), at(2)),
        "as the phone shows it"
    );
    assert_eq!(
        world.claim_one(at(91)).await.message,
        next.message,
        "nothing else is sent"
    );
}

#[tokio::test]
async fn an_echo_of_what_was_proven_absent_and_taken_back_settles_it_unsent() {
    let world = World::new().await;
    let id = world.running([1]).await;
    let (first, row) = doubtful(&world, id, 0).await;
    world.write(move |w| outbox::proven_absent(w, row)).await;
    assert!(world.claim(at(90)).await.is_none(), "taken back");
    let other = text(1, "g0").ours().words("Otra cosa").at(2);
    let echo = text(1, "g1").ours().words("Hola Persona 1").at(3);
    let answer = text(1, "yes").at(9);
    world
        .live(vec![other.event(), echo.event(), answer.event()])
        .await;
    assert_eq!(world.next(id, at(91)).await, Next::Finished, "nobody is left");
    let row = world.recipient(first.recipient).await;
    assert_eq!(
        (row.state, row.replied_at),
        (S::Replied, Some(at(9))),
        "it went, late, and was answered"
    );
}

/// A campaign whose first message was refused, and that message.
async fn refused(world: &World) -> (mostrador_domain::CampaignId, Queued) {
    let id = world.running([1, 2]).await;
    let queued = world.queue(id, NOON).await;
    let claimed = world.claim_one(NOON).await.id;
    let code = FailureCode::RefusedContent;
    world
        .write(move |w| outbox::dead(w, claimed, OutboxEvent::Refused, code))
        .await;
    (id, queued)
}

#[tokio::test]
async fn what_stops_a_campaign_or_its_customer_wants_stops_a_retry_in_the_chat_too() {
    for what in ["paused", "cancelled", "out"] {
        let world = World::new().await;
        let (id, queued) = refused(&world).await;
        world
            .write(move |w| match what {
                "paused" => campaign::pause(w, id),
                "cancelled" => campaign::cancel(w, id, at(1)),
                _ => opt_out::said(w, &customer(1), at(1)).map(drop),
            })
            .await;
        let retried = world
            .operator_says(queued.message, OperatorWord::Retry, at(2))
            .await;
        let refused = retried.expect_err("it is refused");
        assert_eq!(refused, StoreErrorKind::StateChanged, "{what}");
        assert!(world.claim(at(3)).await.is_none(), "{what}: nothing is sent");
    }
}

#[tokio::test]
async fn what_stops_a_campaign_after_a_retry_in_the_chat_stops_that_before_it_leaves() {
    for was in ["refused", "given up", "not taken"] {
        for what in ["paused", "cancelled"] {
            let world = World::new().await;
            let (id, queued) = match was {
                "given up" => given_up(&world).await,
                _ => refused(&world).await,
            };
            let failed = world.recipient(queued.recipient).await;
            world
                .operator_says(queued.message, OperatorWord::Retry, at(2))
                .await
                .expect("tried again");
            let in_flight = match was {
                "not taken" => Some(world.claim_one(at(2)).await.id),
                _ => None,
            };
            world
                .write(move |w| match what {
                    "paused" => campaign::pause(w, id),
                    _ => campaign::cancel(w, id, at(3)),
                })
                .await;
            if let Some(claimed) = in_flight {
                world.write(move |w| outbox::not_sent(w, claimed, at(4))).await;
            }
            assert!(
                world.claim(at(9)).await.is_none(),
                "{was}, {what}: it does not leave"
            );
            assert_eq!(
                (
                    world.state(queued.message).await,
                    world.recipient(queued.recipient).await
                ),
                (OutboxState::Dead, failed),
                "{was}, {what}: it has failed as before"
            );
            if what == "paused" {
                world.write(move |w| campaign::resume(w, id, at(10))).await;
                world
                    .operator_says(queued.message, OperatorWord::Retry, at(10))
                    .await
                    .expect("once it goes on a person may try it again");
                assert_eq!(
                    world.claim_one(at(10)).await.message,
                    queued.message,
                    "{was}: and it leaves"
                );
            }
        }
    }
}

/// A campaign whose first message the gateway took and then gave up, and that message.
async fn given_up(world: &World) -> (mostrador_domain::CampaignId, Queued) {
    let id = world.running([1, 2]).await;
    let queued = world.send_next(id, "g1", NOON).await;
    world.live(vec![reached("g1", StatusKind::Failed, at(1))]).await;
    (id, queued)
}

#[tokio::test]
async fn a_wish_that_comes_after_a_retry_is_heard_before_it_leaves() {
    for was in ["refused", "given up"] {
        let world = World::new().await;
        let (_, queued) = match was {
            "refused" => refused(&world).await,
            _ => given_up(&world).await,
        };
        world
            .operator_says(queued.message, OperatorWord::Retry, at(2))
            .await
            .expect("tried again");
        world
            .write(|w| opt_out::said(w, &customer(1), at(3)).map(drop))
            .await;
        assert!(world.claim(at(4)).await.is_none(), "{was}: they want no more");
    }
}

#[tokio::test]
async fn what_was_given_up_twice_is_judged_as_what_was_given_up_once() {
    for what in ["paused", "cancelled", "out"] {
        let world = World::new().await;
        let (id, queued) = given_up(&world).await;
        world
            .operator_says(queued.message, OperatorWord::Retry, at(2))
            .await
            .expect("tried again");
        let again = world.claim_one(at(2)).await.id;
        world.accepted(again, "g2", at(3)).await;
        world.live(vec![reached("g2", StatusKind::Failed, at(4))]).await;
        world
            .write(move |w| match what {
                "paused" => campaign::pause(w, id),
                "cancelled" => campaign::cancel(w, id, at(5)),
                _ => opt_out::said(w, &customer(1), at(5)).map(drop),
            })
            .await;
        let retried = world
            .operator_says(queued.message, OperatorWord::Retry, at(6))
            .await;
        assert_eq!(
            retried,
            Err(StoreErrorKind::StateChanged),
            "{what}: it is refused"
        );
        assert!(world.claim(at(7)).await.is_none(), "{what}: nothing is sent");
    }
}

#[tokio::test]
async fn what_was_sent_again_and_proven_absent_is_the_campaigns_to_send() {
    let world = World::new().await;
    let (id, queued) = given_up(&world).await;
    world
        .operator_says(queued.message, OperatorWord::Retry, at(2))
        .await
        .expect("tried again");
    let again = world.claim_one(at(2)).await.id;
    world.no_answer(again, at(3)).await;
    assert_eq!(
        world.recipient(queued.recipient).await.state,
        S::Uncertain,
        "it may have reached them"
    );
    world.write(move |w| outbox::proven_absent(w, again)).await;
    world.write(move |w| campaign::pause(w, id)).await;
    assert_eq!(
        world.states(id).await[0],
        S::Pending,
        "taken back with the others"
    );
    assert!(
        world.claim(at(60)).await.is_none(),
        "nothing of it waits in the outbox"
    );
    assert_eq!(
        world.recipient(queued.recipient).await.sent_at,
        None,
        "the first try, which came to nothing, is no sending"
    );
    world.write(move |w| campaign::cancel(w, id, at(61))).await;
    assert_eq!(
        world.states(id).await[0],
        S::Skipped(SkipReason::Cancelled),
        "it was not written to"
    );
    assert_eq!(verdict(&world, id).await, Verdict::Holds, "which can be proven");
    let figures = world.read(move |c| report::report(c, id)).await;
    let sent: u32 = figures.hours.iter().map(|hour| hour.sent).sum();
    assert_eq!(sent, 0, "no hour tells of it");
}

#[tokio::test]
async fn what_was_sent_again_and_is_uncertain_counts_in_no_hour() {
    let world = World::new().await;
    let (id, queued) = given_up(&world).await;
    world
        .operator_says(queued.message, OperatorWord::Retry, at(2))
        .await
        .expect("tried again");
    let again = world.claim_one(at(2)).await.id;
    world.no_answer(again, at(3)).await;
    let sent = async || {
        let figures = world.read(move |c| report::report(c, id)).await;
        let sent: u32 = figures.hours.iter().map(|hour| hour.sent).sum();
        (sent, figures.counts.funnel().sent)
    };
    assert_eq!(sent().await, (0, 0), "nobody knows whether it went");
    world.hand_to_operator(again).await;
    world
        .operator_says(queued.message, OperatorWord::ItWent, at(50))
        .await
        .expect("said");
    assert_eq!(sent().await, (1, 1), "now it did");
    assert_eq!(
        world.recipient(queued.recipient).await.sent_at,
        Some(at(50)),
        "at the time of this try"
    );
}

#[tokio::test]
async fn whoever_looks_at_an_uncertain_one_is_told_when_it_is_theirs_to_decide() {
    let world = World::new().await;
    let id = world.running([1]).await;
    let (queued, row) = doubtful(&world, id, 0).await;
    assert!(
        !world.recipient(queued.recipient).await.needs_operator,
        "it is looked for"
    );
    let mut changes = world.store.changes();
    world.hand_to_operator(row).await;
    let NextChanges::Changed(set) = changes.next().await else {
        panic!("it is told")
    };
    assert!(
        set.changes.contains(&Change::Campaign(id)),
        "the campaign's screen is told: {set:?}"
    );
    assert!(
        world.recipient(queued.recipient).await.needs_operator,
        "a person has to"
    );
}

#[tokio::test]
async fn what_a_person_says_did_not_go_is_the_campaigns_to_send() {
    let world = World::new().await;
    let id = world.running([1]).await;
    let (first, row) = doubtful(&world, id, 0).await;
    world.hand_to_operator(row).await;
    world.write(move |w| campaign::pause(w, id)).await;
    world
        .operator_says(first.message, OperatorWord::ItDidNot, at(50))
        .await
        .expect("said");
    assert_eq!(
        world.states(id).await,
        [S::Pending],
        "its turn comes when it goes on"
    );
    assert!(
        world.claim(at(51)).await.is_none(),
        "nothing is sent while it is paused"
    );
    world.write(move |w| campaign::resume(w, id, at(60))).await;
    world.send_next(id, "g1", at(60)).await;

    let world = World::new().await;
    let id = world.running([1]).await;
    let (first, row) = doubtful(&world, id, 0).await;
    world.hand_to_operator(row).await;
    world.write(move |w| campaign::cancel(w, id, at(2))).await;
    world
        .operator_says(first.message, OperatorWord::ItDidNot, at(50))
        .await
        .expect("said");
    assert_eq!(
        world.states(id).await,
        [S::Skipped(SkipReason::Cancelled)],
        "it was ended"
    );
    assert_eq!(world.messages(first.chat).await, [], "and is not sent");
}
