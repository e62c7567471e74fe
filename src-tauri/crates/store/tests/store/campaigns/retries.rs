//! A second try for those whom a campaign did not reach, and nobody written to twice by it.

use mostrador_campaigns::state::{CampaignState, FailReason, RecipientState, SkipReason};
use mostrador_domain::{AudienceId, CampaignId, FailureCode, OutboxEvent, RecipientId, StatusKind};
use mostrador_store::tables::campaign::audience::{self, Missed, Range, Source};
use mostrador_store::tables::campaign::proof::Verdict;
use mostrador_store::tables::campaign::{self, FollowsAs, Next, SettleWord, retry};
use mostrador_store::tables::outbox::OperatorWord;
use mostrador_store::tables::{leftover, outbox};
use mostrador_store::{StoreError, StoreErrorKind, Writing};

use super::reports::{at, verdict};
use super::{person, saying};
use crate::world::{NOON, World, customer, delivered, reached};

/// Gathers those whom a campaign missed, one turn at a time.
fn missed(
    writing: &mut Writing<'_>,
    id: CampaignId,
    only: Option<&[RecipientId]>,
) -> Result<AudienceId, StoreError> {
    let whom = only.map_or(Missed::Failed, |only| Missed::Chosen(only.into()));
    gathered(writing, id, &whom)
}

fn gathered(writing: &mut Writing<'_>, id: CampaignId, whom: &Missed) -> Result<AudienceId, StoreError> {
    let from = audience::of(writing, id)?.ok_or_else(StoreError::not_found)?;
    let to = audience::begin(writing)?;
    for first in 0..audience::size(writing, from)? {
        let end = first + 1;
        audience::missed_people(writing, Range { from, to, first, end }, whom)?;
    }
    Ok(to)
}

#[tokio::test]
async fn those_who_failed_become_a_campaign_of_their_own() {
    let world = World::new().await;
    let id = world.running(1..=3).await;
    world.send_next(id, "a", NOON).await;
    world.queue(id, at(1)).await;
    let claimed = world.claim_one(at(1)).await;
    world
        .write(move |w| outbox::dead(w, claimed.id, OutboxEvent::Refused, FailureCode::RefusedContent))
        .await;
    world.send_next(id, "c", at(2)).await;
    let new = world
        .write(move |w| {
            let gathered = missed(w, id, None)?;
            retry::retry(w, id, "Aviso (reintento)", gathered, "[]", at(3))
        })
        .await;
    let campaign = world.campaign(new).await;
    assert_eq!(campaign.state, CampaignState::Draft, "a person looks at it first");
    assert_eq!(
        campaign.follows.map(|follows| (follows.id, follows.how)),
        Some((Some(id), FollowsAs::Retry)),
        "linked"
    );
    let people = world.people(new).await;
    assert_eq!(people.len(), 1, "who was reached is not in it");
    assert_eq!(people[0].address, Some(customer(2)), "who failed is");
    assert_eq!(
        (people[0].place, people[0].state),
        (0, RecipientState::Pending),
        "from the first turn"
    );
    assert_eq!(
        campaign.columns.headings,
        ["Nombre"],
        "their cells mean what they meant"
    );

    let reached = world.people(id).await[0].id;
    let refused = world
        .refuses(move |w| {
            let gathered = missed(w, id, Some(&[reached]))?;
            retry::retry(w, id, "Otra", gathered, "[]", at(3))
        })
        .await;
    assert_eq!(
        refused,
        StoreErrorKind::StateChanged,
        "nobody who was reached is tried again"
    );
}

#[tokio::test]
async fn whoever_was_reached_after_all_is_not_written_to_again_by_the_next_one() {
    let world = World::new().await;
    let mut plan = saying("Hola {{nombre}}");
    plan.not_again_days = 0;
    let id = world.draft(plan, vec![person(1), person(2)]).await;
    world.start(id, NOON).await;
    for gateway_id in ["a", "b"] {
        world.send_next(id, gateway_id, NOON).await;
        world
            .live(vec![reached(gateway_id, StatusKind::Failed, NOON)])
            .await;
    }
    let follow = async |id| {
        world
            .write(move |w| {
                let gathered = missed(w, id, None)?;
                retry::retry(w, id, "Aviso (reintento)", gathered, "[]", at(1))
            })
            .await
    };
    let next = follow(id).await;
    let after_it = world
        .write(move |w| {
            let gathered = audience::begin(w)?;
            let from = audience::of(w, next)?.ok_or_else(StoreError::not_found)?;
            let whole = Range {
                from,
                to: gathered,
                first: 0,
                end: 2,
            };
            audience::same_people(w, whole, at(1))?;
            retry::retry(w, next, "Otra", gathered, "[]", at(1))
        })
        .await;
    world.live(vec![delivered("a", at(1))]).await;
    for (id, gateway_id) in [(next, "c"), (after_it, "d")] {
        world.start(id, at(2)).await;
        world.send_next(id, gateway_id, at(2)).await;
        assert_eq!(
            world.states(id).await,
            [
                RecipientState::Skipped(SkipReason::WrittenRecently),
                RecipientState::Sent
            ],
            "the first one reached them late"
        );
        world
            .live(vec![reached(gateway_id, StatusKind::Failed, at(2))])
            .await;
    }
}

#[tokio::test]
async fn all_who_were_left_out_are_all_or_none_while_a_campaign_is_being_closed() {
    let world = World::new().await;
    let id = world.running(1..=1_200).await;
    world.write(move |w| campaign::cancel(w, id, at(1))).await;
    let gather = move |w: &mut Writing<'_>| {
        let gathered = audience::begin(w)?;
        let from = audience::of(w, id)?.ok_or_else(StoreError::not_found)?;
        let whole = Range {
            from,
            to: gathered,
            first: 0,
            end: 1_200,
        };
        audience::missed_people(w, whole, &Missed::LeftOut)?;
        audience::size(w, gathered)
    };
    assert!(world.counts(id).await.pending > 0, "not all are skipped yet");
    assert_eq!(
        world.refuses(gather).await,
        StoreErrorKind::StateChanged,
        "some of them would not be in it"
    );
    while world.write(move |w| leftover::remove_some(w, 300)).await {}
    assert_eq!(world.write(gather).await, 1_200, "once it is closed they are");
}

#[tokio::test]
async fn who_can_be_tried_again_is_the_same_by_the_table_the_draft_and_the_source() {
    let world = World::new().await;
    let (start, reasons) = (20_u32, SkipReason::ALL);
    let of = |place: usize| {
        let skipped = reasons.get(place).map(|reason| RecipientState::Skipped(*reason));
        skipped.unwrap_or(RecipientState::Failed(FailReason::SaidNotSent))
    };
    let count = reasons.len() + 1;
    let people = (start..).take(count).map(person).collect();
    let id = world.draft(saying("Hola {{nombre}}"), people).await;
    world
        .write(move |w| {
            for (place, reason) in (0_u32..).zip(reasons) {
                let sql = "UPDATE recipient SET state = 'skipped', reason = ?2, settled_at = 1 WHERE place = ?1";
                w.execute(sql, (place, reason.as_str()))?;
            }
            let sql = "UPDATE recipient SET state = 'failed', reason = 'said_not_sent', settled_at = 1 WHERE place = ?1";
            w.execute(sql, [u32::try_from(count - 1).expect("few")]).map(drop).map_err(StoreError::from)
        })
        .await;
    let rows = world.people(id).await;
    let states: Vec<RecipientState> = rows.iter().map(|row| row.state).collect();
    let wanted: Vec<RecipientState> = (0..count).map(of).collect();
    assert_eq!(states, wanted, "one in each of them");
    let everybody: Vec<RecipientId> = rows.iter().map(|row| row.id).collect();
    let device = world.device;
    type Holds = fn(RecipientState) -> bool;
    let kinds: [(Missed, Holds); 3] = [
        (Missed::Failed, |state| matches!(state, RecipientState::Failed(_))),
        (
            Missed::LeftOut,
            |state| matches!(state, RecipientState::Skipped(reason) if audience::was_left_out(reason)),
        ),
        (Missed::Chosen(everybody.into()), audience::may_be_chosen),
    ];
    for (missed, holds) in kinds {
        let theirs = rows.iter().filter(|row| holds(row.state));
        let theirs: Vec<_> = theirs.map(|row| row.address.clone()).collect();
        assert!(
            !theirs.is_empty() && theirs.len() < count,
            "{missed:?}: some, not all"
        );
        let source = Source::Missed(id, missed.clone());
        let from_source = world
            .read(move |connection| {
                let mut found = Vec::new();
                audience::each_of(connection, device, &source, |one| {
                    found.push(one.address);
                    std::ops::ControlFlow::Continue(())
                })?;
                Ok(found)
            })
            .await;
        assert_eq!(from_source, theirs, "{missed:?}: as a source");
        let whom = missed.clone();
        let new = world
            .write(move |w| {
                let gathered = gathered(w, id, &whom)?;
                retry::retry(w, id, "Aviso (reintento)", gathered, "[]", at(3))
            })
            .await;
        let drafted = world.people(new).await;
        let drafted: Vec<_> = drafted.into_iter().map(|row| row.address).collect();
        assert_eq!(drafted, theirs, "{missed:?}: as a draft");
    }
}

/// What the campaigns that follow `id` have in common: they are for those whom it did not reach.
pub(super) async fn retry_of(world: &World, id: CampaignId) -> CampaignId {
    world
        .write(move |w| {
            let gathered = missed(w, id, None)?;
            retry::retry(w, id, "Aviso (reintento)", gathered, "[]", at(1))
        })
        .await
}

#[tokio::test]
async fn of_two_that_follow_the_same_one_only_one_writes_to_a_person() {
    for second in ["made before", "made after", "after the failed one of the first"] {
        let world = World::new().await;
        let mut plan = saying("Hola {{nombre}}");
        plan.not_again_days = 0;
        let id = world.draft(plan, vec![person(1), person(2)]).await;
        world.start(id, NOON).await;
        for gateway_id in ["a", "b"] {
            world.send_next(id, gateway_id, NOON).await;
            world
                .live(vec![reached(gateway_id, StatusKind::Failed, NOON)])
                .await;
        }
        let first = retry_of(&world, id).await;
        let early = (second == "made before").then_some(retry_of(&world, id).await);
        world.start(first, at(2)).await;
        world.send_next(first, "c", at(2)).await;
        world.send_next(first, "d", at(3)).await;
        world.live(vec![reached("d", StatusKind::Failed, at(4))]).await;
        let follows = if second == "after the failed one of the first" {
            first
        } else {
            id
        };
        assert_eq!(
            missed_by(&world, id).await,
            1,
            "{second}: the first one reached one of them"
        );
        let next = match early {
            Some(early) => early,
            None => retry_of(&world, follows).await,
        };
        world.start(next, at(5)).await;
        let queued = world.send_next(next, "e", at(5)).await;
        assert_eq!(
            world.recipient(queued.recipient).await.address,
            Some(customer(2)),
            "{second}: whom none has reached"
        );
        assert_eq!(
            world.next(next, at(6)).await,
            Next::Finished,
            "{second}: nobody else"
        );
        assert_eq!(
            missed_by(&world, id).await,
            0,
            "{second}: nobody is left of the first"
        );
        assert_eq!(
            missed_by(&world, first).await,
            0,
            "{second}: nor of the one that followed it"
        );
    }
}

#[tokio::test]
async fn two_that_follow_the_same_one_do_not_wait_for_each_other() {
    let world = World::new().await;
    let mut plan = saying("Hola {{nombre}}");
    plan.not_again_days = 0;
    let id = world.draft(plan, vec![person(1)]).await;
    world.start(id, NOON).await;
    world.send_next(id, "a", NOON).await;
    world.live(vec![reached("a", StatusKind::Failed, NOON)]).await;
    let (one, other) = (retry_of(&world, id).await, retry_of(&world, id).await);
    world.start(one, at(2)).await;
    world.start(other, at(2)).await;
    world.send_next(one, "b", at(2)).await;
    assert_eq!(
        world.next(other, at(3)).await,
        Next::Finished,
        "the first whose turn comes writes"
    );
    assert_eq!(
        world.states(other).await,
        [RecipientState::Skipped(SkipReason::WrittenRecently)],
        "the other one does not"
    );
}

/// A campaign that ended without reaching the customer of the number 1, whose message a person then has sent again in its chat. It was
/// refused, or taken and given up then.
pub(super) async fn tried_again_by_hand(world: &World, given_up: bool) -> (CampaignId, campaign::Queued) {
    let mut plan = saying("Hola {{nombre}}");
    plan.not_again_days = 0;
    let id = world.draft(plan, vec![person(1)]).await;
    world.start(id, NOON).await;
    let queued = world.queue(id, NOON).await;
    let claimed = world.claim_one(NOON).await;
    match given_up {
        false => world.refused(claimed.id).await,
        true => {
            world.accepted(claimed.id, "g0", NOON).await;
            world.live(vec![reached("g0", StatusKind::Failed, NOON)]).await;
        }
    }
    assert_eq!(world.next(id, NOON).await, Next::Finished, "nobody is left");
    world
        .operator_says(queued.message, OperatorWord::Retry, NOON)
        .await
        .expect("a person may");
    (id, queued)
}

/// How many a campaign that follows it would write to.
pub(super) async fn missed_by(world: &World, id: CampaignId) -> u32 {
    world
        .write(move |w| {
            let gathered = missed(w, id, None)?;
            audience::size(w, gathered)
        })
        .await
}

#[tokio::test]
async fn whoever_is_written_to_again_by_hand_is_none_of_those_who_were_missed() {
    for given_up in [false, true] {
        let world = World::new().await;
        let (id, queued) = tried_again_by_hand(&world, given_up).await;
        assert_eq!(missed_by(&world, id).await, 0, "{given_up}: it waits to be sent");
        let row = world.claim_one(NOON).await.id;
        assert_eq!(missed_by(&world, id).await, 0, "{given_up}: it is being sent");
        world.no_answer(row, NOON).await;
        world.hand_to_operator(row).await;
        assert_eq!(
            missed_by(&world, id).await,
            0,
            "{given_up}: it may have reached them"
        );
        let them = world.recipient(queued.recipient).await;
        assert_eq!(
            (them.state, them.needs_operator),
            (RecipientState::Uncertain, true),
            "{given_up}: a person looks at the phone"
        );
        assert_eq!(
            verdict(&world, id).await,
            Verdict::Undecided { left: 1 },
            "{given_up}: which is no fault of one that has ended"
        );
        world
            .write(move |w| campaign::settle(w, queued.recipient, SettleWord::NotSent, at(1)))
            .await;
        assert_eq!(
            world
                .count("SELECT count(*) FROM outbox WHERE state = 'uncertain'")
                .await,
            0,
            "{given_up}: nothing is looked for any more"
        );
        assert_eq!(
            missed_by(&world, id).await,
            1,
            "{given_up}: it did not: so they were missed"
        );
        assert_eq!(
            world.campaign_state(id).await,
            CampaignState::Finished,
            "{given_up}: and it has ended as before"
        );
        assert_eq!(
            verdict(&world, id).await,
            Verdict::Holds,
            "{given_up}: with everybody settled"
        );
    }
}

#[tokio::test]
async fn what_a_person_tries_again_after_the_end_and_is_proven_absent_goes_once_more_by_their_word_alone() {
    let world = World::new().await;
    let (id, queued) = tried_again_by_hand(&world, false).await;
    let row = world.claim_one(NOON).await.id;
    world.no_answer(row, NOON).await;
    world.write(move |w| outbox::proven_absent(w, row)).await;
    assert!(
        matches!(
            world.recipient(queued.recipient).await.state,
            RecipientState::Failed(_)
        ),
        "an ended campaign has nobody under way"
    );
    assert_eq!(missed_by(&world, id).await, 0, "it is to be sent again");
    world.claim_one(at(1)).await;
    world.write(move |w| outbox::not_sent(w, row, at(2))).await;
    world.claim_one(at(2)).await;
    world.accepted(row, "g1", at(2)).await;
    assert_eq!(
        world.recipient(queued.recipient).await.state,
        RecipientState::Sent,
        "as the person wanted"
    );
}

#[tokio::test]
async fn nobody_is_written_to_by_the_next_one_while_an_earlier_ones_message_may_reach_them_yet() {
    for when in ["before their turn", "before it leaves"] {
        let world = World::new().await;
        let mut plan = saying("Hola {{nombre}}");
        plan.not_again_days = 0;
        let id = world.draft(plan, vec![person(1)]).await;
        world.start(id, NOON).await;
        let first = world.queue(id, NOON).await;
        let claimed = world.claim_one(NOON).await;
        world.refused(claimed.id).await;
        assert_eq!(world.next(id, NOON).await, Next::Finished, "nobody is left");
        let next = world
            .write(move |w| {
                let gathered = missed(w, id, None)?;
                retry::retry(w, id, "Aviso (reintento)", gathered, "[]", NOON)
            })
            .await;
        world.start(next, NOON).await;
        if when == "before it leaves" {
            world.queue(next, NOON).await;
        }
        world
            .operator_says(first.message, OperatorWord::Retry, NOON)
            .await
            .expect("a person may");
        let again = world.claim_one(NOON).await;
        assert_eq!(again.message, first.message, "{when}: the first one's");
        assert_eq!(
            world.next(next, NOON).await,
            Next::Finished,
            "{when}: nobody's turn comes"
        );
        assert_eq!(
            world.states(next).await,
            [RecipientState::Skipped(SkipReason::WrittenRecently)],
            "{when}: they are not written to twice"
        );
    }
}
