//! What becomes of a recipient's message becomes of the recipient, in the same transaction.

use mostrador_campaigns::state::{CampaignState, FailReason, Pause, RecipientState as S, SkipReason};
use mostrador_domain::{CampaignId, DeliveryStatus, FailureCode, OutboxEvent, OutboxState, StatusKind};
use mostrador_store::StoreErrorKind;
use mostrador_store::tables::campaign::{self, Next, SettleWord};
use mostrador_store::tables::outbox::{self, OperatorWord};

use super::saying;
use crate::upgrade::tables_of;
use crate::world::{NOON, World, at, delivered, file_in, reached, reopen, text};

#[tokio::test]
async fn receipts_raise_a_recipient_with_the_times_of_the_message() {
    let world = World::new().await;
    let id = world.running([1]).await;
    let queued = world.send_next(id, "g1", at(1)).await;
    world.live(vec![delivered("g1", at(5))]).await;
    world
        .live(vec![reached(
            "g1",
            StatusKind::Reached(DeliveryStatus::Read),
            at(9),
        )])
        .await;
    world.live(vec![delivered("g1", at(4))]).await;
    let row = world.recipient(queued.recipient).await;
    assert_eq!(row.state, S::Read, "it never goes back");
    assert_eq!(
        (row.sent_at, row.delivered_at, row.read_at),
        (Some(at(1)), Some(at(4)), Some(at(9))),
        "the earliest time that was told"
    );
}

#[tokio::test]
async fn receipts_that_came_before_the_answer_count_too() {
    let world = World::new().await;
    let id = world.running([1]).await;
    let queued = world.queue(id, NOON).await;
    let claimed = world.claim_one(NOON).await;
    world
        .live(vec![reached(
            "g1",
            StatusKind::Reached(DeliveryStatus::Read),
            at(2),
        )])
        .await;
    world.accepted(claimed.id, "g1", at(3)).await;
    let row = world.recipient(queued.recipient).await;
    assert_eq!((row.state, row.read_at), (S::Read, Some(at(2))), "it was parked");
}

#[tokio::test]
async fn a_refusal_fails_the_recipient_with_its_reason() {
    let world = World::new().await;
    let id = world.running([1, 2]).await;
    let queued = world.queue(id, NOON).await;
    let claimed = world.claim_one(at(3)).await;
    world.refused(claimed.id).await;
    let row = world.recipient(queued.recipient).await;
    let failed = S::Failed(FailReason::Refused(FailureCode::RefusedContent));
    assert_eq!(
        (row.state, row.settled_at),
        (failed, Some(at(3))),
        "when it was tried"
    );
    world
        .operator_says(queued.message, OperatorWord::Retry, at(4))
        .await
        .expect("tried again");
    let claimed = world.claim_one(at(4)).await;
    world.accepted(claimed.id, "g1", at(5)).await;
    assert_eq!(
        world.recipient(queued.recipient).await.state,
        S::Sent,
        "a person tried it again in the chat"
    );
}

#[tokio::test]
async fn what_the_gateway_gives_up_after_it_took_it_has_failed() {
    let world = World::new().await;
    let id = world.running([1]).await;
    let queued = world.send_next(id, "g1", NOON).await;
    world.live(vec![reached("g1", StatusKind::Failed, at(2))]).await;
    let failed = S::Failed(FailReason::Refused(FailureCode::RefusedRecipient));
    assert_eq!(
        world.recipient(queued.recipient).await.state,
        failed,
        "it did not reach them"
    );
    assert_ne!(
        world.campaign_state(id).await,
        CampaignState::Paused(Pause::Forbidden),
        "one dead number stops nobody else"
    );
    world.live(vec![delivered("g1", at(5))]).await;
    assert_eq!(
        world.recipient(queued.recipient).await.state,
        S::Delivered,
        "a receipt is proof"
    );
}

#[tokio::test]
async fn what_was_given_up_and_is_sent_again_in_its_chat_counts_for_its_recipient() {
    let world = World::new().await;
    let id = world.running([1]).await;
    let queued = world.send_next(id, "g1", at(1)).await;
    world.live(vec![reached("g1", StatusKind::Failed, at(2))]).await;
    world
        .operator_says(queued.message, OperatorWord::Retry, at(3))
        .await
        .expect("a person may");
    let failed = S::Failed(FailReason::Refused(FailureCode::RefusedRecipient));
    assert_eq!(
        world.recipient(queued.recipient).await.state,
        failed,
        "nothing has gone yet"
    );
    let again = world.claim_one(at(4)).await.id;
    world.accepted(again, "g2", at(5)).await;
    let row = world.recipient(queued.recipient).await;
    assert_eq!(
        (row.state, row.message),
        (S::Sent, Some(queued.message)),
        "it is the same message"
    );
    let past = world.past(id, super::capped(), at(6)).await;
    assert_eq!(
        (past.started, past.others),
        (vec![at(1)], vec![at(4)]),
        "two messages have left, and both count for the day"
    );
    world.live(vec![delivered("g2", at(6))]).await;
    let proof = world.read(move |c| campaign::proof::check(c, id)).await;
    assert!(
        proof.checks.iter().all(|check| check.wrong == 0),
        "it is as it is shown: {proof:?}"
    );
}

#[tokio::test]
async fn the_brake_pauses_in_the_transaction_that_stores_the_outcome() {
    for (code, cause) in [
        (FailureCode::Forbidden, Pause::Forbidden),
        (FailureCode::PlanLimit, Pause::PlanLimit),
        (FailureCode::Restricted, Pause::Restricted { until: None }),
        (FailureCode::NotLinked, Pause::LoggedOut),
        (FailureCode::TokenRejected, Pause::TokenRejected),
    ] {
        let world = World::new().await;
        let id = world.running([1, 2]).await;
        world.queue(id, NOON).await;
        let claimed = world.claim_one(NOON).await.id;
        world
            .write(move |w| outbox::dead(w, claimed, OutboxEvent::Refused, code))
            .await;
        assert_eq!(
            world.campaign_state(id).await,
            CampaignState::Paused(cause),
            "{code:?}"
        );
        assert_eq!(
            world.next(id, at(1)).await,
            Next::NotRunning,
            "{code:?}: nobody else is tried"
        );
    }
}

#[tokio::test]
async fn a_number_that_is_not_on_whatsapp_stops_nobody_else_and_five_of_them_do() {
    let world = World::new().await;
    let id = world.running(1..30).await;
    for turn in 0..5 {
        assert_eq!(
            world.campaign_state(id).await,
            CampaignState::Running,
            "after {turn}: an old list has some"
        );
        world.queue(id, at(turn)).await;
        let claimed = world.claim_one(at(turn)).await.id;
        let code = FailureCode::RefusedRecipient;
        world
            .write(move |w| outbox::dead(w, claimed, OutboxEvent::Refused, code))
            .await;
    }
    assert_eq!(
        world.campaign_state(id).await,
        CampaignState::Paused(Pause::TooManyFailures),
        "a list of them hurts the number"
    );
}

#[tokio::test]
async fn five_refusals_of_twenty_are_too_many_and_a_person_resumes_with_a_clean_sheet() {
    let world = World::new().await;
    let id = world.running(1..30).await;
    for turn in 0..8 {
        world.queue(id, at(turn)).await;
        let claimed = world.claim_one(at(turn)).await.id;
        match turn {
            0 | 2 | 4 => world.accepted(claimed, &format!("g{turn}"), at(turn)).await,
            _ => world.refused(claimed).await,
        }
    }
    let paused = CampaignState::Paused(Pause::TooManyFailures);
    assert_eq!(world.campaign_state(id).await, paused, "five failures");
    world.write(move |w| campaign::resume(w, id, at(100))).await;
    world.queue(id, at(100)).await;
    let claimed = world.claim_one(at(100)).await.id;
    world.refused(claimed).await;
    assert_eq!(
        world.campaign_state(id).await,
        CampaignState::Running,
        "what came before does not count any more"
    );
}

/// A campaign that a person let go on, before the clock was set back by five hours: what its messages came to until then was good.
async fn resumed_by_a_clock_that_is_ahead(world: &World) -> CampaignId {
    let ahead = 5 * 3_600;
    let id = world.running(1..30).await;
    for turn in 0..6 {
        world
            .send_next(id, &format!("before-{turn}"), at(ahead - 100 + turn))
            .await;
    }
    world.write(move |w| campaign::pause(w, id)).await;
    world.write(move |w| campaign::resume(w, id, at(ahead))).await;
    world.send_next(id, "since", at(ahead + 1)).await;
    id
}

#[tokio::test]
async fn the_brake_sees_what_fails_after_the_clock_was_set_back() {
    let world = World::new().await;
    let id = resumed_by_a_clock_that_is_ahead(&world).await;
    for turn in 0..5 {
        assert_eq!(
            world.campaign_state(id).await,
            CampaignState::Running,
            "after {turn}"
        );
        world.queue(id, at(turn)).await;
        let claimed = world.claim_one(at(turn)).await.id;
        world.refused(claimed).await;
    }
    assert_eq!(
        world.campaign_state(id).await,
        CampaignState::Paused(Pause::TooManyFailures),
        "five failures are too many, whatever the clock shows"
    );
    world.write(move |w| campaign::resume(w, id, at(10))).await;
    world.queue(id, at(11)).await;
    let claimed = world.claim_one(at(11)).await.id;
    world.refused(claimed).await;
    assert_eq!(
        world.campaign_state(id).await,
        CampaignState::Running,
        "what came before a person let it go on does not count"
    );
}

#[tokio::test]
async fn the_turns_of_a_campaign_of_the_version_before_are_numbered_as_they_came() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let file = tables_of(22, &file_in(&folder));
    file.execute_batch(&format!(
        "PRAGMA journal_mode = WAL;
         INSERT INTO device (id, gateway, name, url, secret_key, linked, created_at) VALUES (1, 'practice', 'Caja', 'http://127.0.0.1:1', 'key-a', 1, {n});
         INSERT INTO audience (id, state) VALUES (1, 'whole'), (2, 'whole');
         INSERT INTO recipient (id, audience_id, place, written, state, tries, queued_at) VALUES
           (1, 1, 0, 'a', 'sent', 1, {n} + 3), (2, 1, 1, 'b', 'sent', 1, {n} + 1), (3, 1, 2, 'c', 'sent', 1, {n} + 2), (4, 1, 3, 'd', 'pending', 0, NULL),
           (5, 2, 0, 'e', 'sent', 1, {n});
         INSERT INTO campaign (id, device_id, name, state, plan, created_at, audience_id, resumed_at) VALUES
           (1, 1, 'Uno', 'paused', '{plan}', {n}, 1, {n} + 2), (2, 1, 'Dos', 'finished', '{plan}', {n}, 2, NULL);",
        n = NOON.0,
        plan = serde_json::to_string(&saying("hola")).expect("a plan"),
    ))
    .expect("filled");
    drop(file);
    let store = reopen(&file_in(&folder));
    let numbered = store.read(|c| {
        let mut turns = c.prepare("SELECT queued_no FROM recipient ORDER BY id")?;
        let turns = turns.query_map([], |row| row.get(0))?;
        let turns = turns.collect::<Result<Vec<Option<i64>>, _>>()?;
        let resumed = c.query_row("SELECT resumed_no FROM campaign WHERE id = 1", [], |row| {
            row.get(0)
        })?;
        Ok((turns, resumed))
    });
    let (turns, resumed): (_, i64) = numbered.await.expect("read");
    assert_eq!(
        turns,
        [Some(3), Some(1), Some(2), None, None],
        "as the clock told them; of one that has ended nobody asks"
    );
    assert_eq!(
        resumed, 1,
        "the brake looks at what came since a person let it go on"
    );
}

#[tokio::test]
async fn the_guard_against_doubt_sees_what_is_uncertain_after_the_clock_was_set_back() {
    let world = World::new().await;
    let id = resumed_by_a_clock_that_is_ahead(&world).await;
    for turn in 0..5 {
        world.queue(id, at(turn)).await;
        let claimed = world.claim_one(at(turn)).await.id;
        world.no_answer(claimed, at(turn)).await;
    }
    assert_eq!(
        world.next(id, at(9)).await,
        Next::InDoubt,
        "nobody knows what became of the newest five"
    );
}

#[tokio::test]
async fn what_the_network_does_to_us_does_not_trip_the_brake() {
    let world = World::new().await;
    let id = world.running(1..12).await;
    for turn in 0..8 {
        world.queue(id, at(turn)).await;
        let claimed = world.claim_one(at(turn)).await.id;
        let code = FailureCode::AttemptsUsedUp;
        world
            .write(move |w| outbox::dead(w, claimed, OutboxEvent::AttemptsUsedUp, code))
            .await;
    }
    assert_eq!(
        world.campaign_state(id).await,
        CampaignState::Running,
        "it says nothing of the number"
    );
}

#[tokio::test]
async fn an_uncertain_one_is_settled_by_its_echo() {
    let world = World::new().await;
    let id = world.running([1]).await;
    let queued = world.queue(id, NOON).await;
    let claimed = world.claim_one(NOON).await;
    world.no_answer(claimed.id, at(1)).await;
    assert_eq!(
        world.recipient(queued.recipient).await.state,
        S::Uncertain,
        "nobody knows"
    );
    let echo = text(1, "g1")
        .ours()
        .words("Hola Persona 1")
        .at(1)
        .status(DeliveryStatus::Delivered);
    world.live(echo.into()).await;
    let row = world.recipient(queued.recipient).await;
    assert_eq!(
        (row.state, row.sent_at),
        (S::Delivered, Some(at(1))),
        "it is there, and arrived"
    );
}

#[tokio::test]
async fn one_that_was_in_flight_when_the_program_died_is_uncertain() {
    let world = World::new().await;
    let id = world.running([1]).await;
    let queued = world.queue(id, NOON).await;
    world.claim_one(NOON).await;
    let device = world.device;
    world
        .write(move |w| outbox::after_restart(w, device, at(5)))
        .await;
    assert_eq!(
        world.recipient(queued.recipient).await.state,
        S::Uncertain,
        "nobody knows"
    );
    assert_eq!(
        world.campaign_state(id).await,
        CampaignState::Running,
        "what ran goes on"
    );
}

/// A campaign whose first recipient is uncertain and was handed to a person.
async fn uncertain(world: &World) -> (CampaignId, campaign::Queued) {
    let id = world.running([1]).await;
    let queued = world.queue(id, NOON).await;
    let claimed = world.claim_one(NOON).await;
    world.no_answer(claimed.id, at(1)).await;
    world.hand_to_operator(claimed.id).await;
    (id, queued)
}

#[tokio::test]
async fn what_is_proven_absent_goes_again_while_it_runs_and_is_taken_back_when_not() {
    let world = World::new().await;
    let (id, queued) = uncertain(&world).await;
    let row = mostrador_domain::OutboxId(world.count("SELECT max(id) FROM outbox").await);
    world.write(move |w| outbox::proven_absent(w, row)).await;
    assert_eq!(
        world.recipient(queued.recipient).await.state,
        S::Queued,
        "the outbox has it again"
    );
    world.claim_one(at(10)).await;
    world.no_answer(row, at(11)).await;
    world.write(move |w| campaign::pause(w, id)).await;
    world.write(move |w| outbox::proven_absent(w, row)).await;
    assert_eq!(
        world.recipient(queued.recipient).await.state,
        S::Pending,
        "nothing is sent while it is paused"
    );
    assert!(world.claim(at(20)).await.is_none(), "nothing waits in the outbox");
    world.write(move |w| campaign::resume(w, id, at(30))).await;
    assert_eq!(
        world.queue(id, at(30)).await.recipient,
        queued.recipient,
        "their turn comes again"
    );
}

#[tokio::test]
async fn what_was_paused_while_it_was_in_flight_and_did_not_go_does_not_go_later() {
    let world = World::new().await;
    let id = world.running([1]).await;
    let queued = world.queue(id, NOON).await;
    let claimed = world.claim_one(NOON).await;
    world.write(move |w| campaign::pause(w, id)).await;
    world.write(move |w| outbox::not_sent(w, claimed.id, at(1))).await;
    assert_eq!(
        world.recipient(queued.recipient).await.state,
        S::Pending,
        "its turn comes when the campaign goes on"
    );
    assert!(world.claim(at(20)).await.is_none(), "nothing waits in the outbox");
}

#[tokio::test]
async fn what_did_not_go_while_the_campaign_runs_waits_in_the_outbox_as_long_as_its_turn_holds() {
    let world = World::new().await;
    let id = world.running([1]).await;
    let queued = world.queue(id, NOON).await;
    let claimed = world.claim_one(NOON).await;
    world.write(move |w| outbox::not_sent(w, claimed.id, at(1))).await;
    assert_eq!(world.recipient(queued.recipient).await.state, S::Queued);
    assert_eq!(world.claim_one(at(2)).await.id, claimed.id, "the same message");
    let later = at(60);
    world.write(move |w| outbox::not_sent(w, claimed.id, later)).await;
    assert!(
        world.claim(later).await.is_none(),
        "its turn held for a short while"
    );
    assert_eq!(
        world.recipient(queued.recipient).await.state,
        S::Pending,
        "another one comes"
    );
}

#[tokio::test]
async fn a_restriction_without_an_end_is_told_the_one_that_is_waited_for() {
    let world = World::new().await;
    let (id, paused, device) = (world.running([1]).await, world.running([2]).await, world.device);
    world
        .write(move |w| {
            campaign::pause(w, paused)?;
            campaign::brake(w, id, Pause::Restricted { until: None })
        })
        .await;
    assert_eq!(
        world.read(move |c| campaign::endless(c, device)).await,
        [id],
        "its end is not known"
    );
    let said = move |w: &mut mostrador_store::Writing<'_>| campaign::restriction_ends(w, device, at(3_600));
    assert!(world.write(said).await, "that is news");
    let until = Some(at(3_600));
    assert_eq!(
        world.campaign_state(id).await,
        CampaignState::Paused(Pause::Restricted { until }),
        "and shown"
    );
    assert!(!world.write(said).await, "once");
    assert_eq!(
        world.campaign_state(paused).await,
        CampaignState::Paused(Pause::Operator),
        "another cause is another's"
    );
}

#[tokio::test]
async fn a_person_says_that_it_went() {
    let world = World::new().await;
    let (id, queued) = uncertain(&world).await;
    assert!(
        world.recipient(queued.recipient).await.needs_operator,
        "a person is asked"
    );
    world
        .write(move |w| campaign::settle(w, queued.recipient, SettleWord::Sent, at(5)))
        .await;
    let row = world.recipient(queued.recipient).await;
    assert_eq!(
        (row.state, row.sent_at, row.needs_operator),
        (S::Sent, Some(at(5)), false),
        "it went"
    );
    assert_eq!(
        world.state(queued.message).await,
        OutboxState::Done,
        "nothing is left to send"
    );
    assert_eq!(
        world.campaign_state(id).await,
        CampaignState::Finished,
        "and it was the last"
    );
    let twice = world
        .refuses(move |w| campaign::settle(w, queued.recipient, SettleWord::NotSent, at(6)))
        .await;
    assert_eq!(twice, StoreErrorKind::StateChanged, "said is said");
}

#[tokio::test]
async fn a_person_says_that_it_did_not_go_and_leaves_it_at_that() {
    let world = World::new().await;
    let (id, queued) = uncertain(&world).await;
    world
        .write(move |w| campaign::settle(w, queued.recipient, SettleWord::NotSent, at(5)))
        .await;
    assert_eq!(
        world.recipient(queued.recipient).await.state,
        S::Failed(FailReason::SaidNotSent),
        "it did not"
    );
    assert!(world.claim(at(9)).await.is_none(), "it is not sent by itself");
    assert_eq!(
        world.campaign_state(id).await,
        CampaignState::Finished,
        "the last one is settled"
    );
}

#[tokio::test]
async fn a_person_wants_it_sent_after_all() {
    let world = World::new().await;
    let (id, queued) = uncertain(&world).await;
    world
        .write(move |w| campaign::settle(w, queued.recipient, SettleWord::Again, at(5)))
        .await;
    assert_eq!(
        world.recipient(queued.recipient).await.state,
        S::Pending,
        "their turn comes again"
    );
    assert!(world.claim(at(6)).await.is_none(), "not before");
    let again = world.send_next(id, "g1", at(7)).await;
    let row = world.recipient(again.recipient).await;
    assert_eq!((row.state, row.tries), (S::Sent, 2), "a second try of its own");
    assert_eq!(
        world.messages(again.chat).await.len(),
        1,
        "one message in the chat"
    );
}

#[tokio::test]
async fn what_a_person_discards_in_the_chat_is_not_sent_by_the_campaign() {
    let world = World::new().await;
    let id = world.running([1, 2]).await;
    let queued = world.queue(id, NOON).await;
    world
        .operator_says(queued.message, OperatorWord::Discard, at(1))
        .await
        .expect("discarded");
    assert_eq!(
        world.recipient(queued.recipient).await.state,
        S::Skipped(SkipReason::TakenOut),
        "they get nothing"
    );
    let undone = world.queue(id, at(2)).await;
    world.write(move |w| outbox::take_back(w, undone.message)).await;
    assert_eq!(
        world.recipient(undone.recipient).await.state,
        S::Skipped(SkipReason::TakenOut),
        "nor do they"
    );
}

#[tokio::test]
async fn what_failed_and_is_corrected_in_the_chat_stays_failed_in_the_campaign() {
    let world = World::new().await;
    let id = world.running([1, 2]).await;
    let queued = world.queue(id, NOON).await;
    let claimed = world.claim_one(at(3)).await;
    world.refused(claimed.id).await;
    world.write(move |w| outbox::take_back(w, queued.message)).await;
    assert_eq!(
        world.recipient(queued.recipient).await.state,
        S::Failed(FailReason::Refused(FailureCode::RefusedContent)),
        "what a person writes instead is no campaign's message"
    );
    assert!(
        world.chat(queued.chat).await.draft.text.is_some(),
        "its words are there to be corrected"
    );
}

#[tokio::test]
async fn whose_message_went_with_their_chat_holds_nobody_up() {
    let world = World::new().await;
    let id = world.running([1, 2, 3]).await;
    let (first, device) = (world.queue(id, NOON).await, world.device);
    world
        .write(move |w| Ok(w.execute("DELETE FROM message WHERE id = ?1", [first.message.0])?))
        .await;
    assert!(world.claim(at(1)).await.is_none(), "there is nothing to send");
    assert!(
        world.read(move |c| campaign::astray(c, device)).await,
        "somebody is astray"
    );
    world.write(move |w| campaign::mend(w, id)).await;
    assert_eq!(
        world.recipient(first.recipient).await.state,
        S::Skipped(SkipReason::TakenOut),
        "they get nothing"
    );
    let second = world.queue(id, at(2)).await;
    world.claim_one(at(2)).await;
    world
        .write(move |w| Ok(w.execute("DELETE FROM chat WHERE id = ?1", [second.chat.0])?))
        .await;
    world.write(move |w| campaign::mend(w, id)).await;
    let row = world.recipient(second.recipient).await;
    assert_eq!(
        (row.state, row.needs_operator),
        (S::Uncertain, true),
        "it may have been leaving: a person decides"
    );
    assert!(
        !world.read(move |c| campaign::astray(c, device)).await,
        "nobody is astray any more"
    );
    world.queue(id, at(3)).await;
}
