//! What may happen to a campaign, and when not.

use std::time::Duration;

use mostrador_campaigns::schedule::{Late, Repeats, Schedule};
use mostrador_campaigns::state::{CampaignState, Pause, RecipientState, SkipReason};
use mostrador_domain::UnixMillis;
use mostrador_store::StoreErrorKind;
use mostrador_store::tables::campaign::recipient::{self, NewRecipient};
use mostrador_store::tables::campaign::{self, Copied, FollowsAs, Next};
use mostrador_store::tables::device::{self, Told};
use mostrador_store::tables::leftover;

use super::{UNDO, person, saying};
use crate::world::{NOON, World, address, at, text};

#[tokio::test]
async fn only_what_was_rehearsed_as_it_stands_can_be_started() {
    let world = World::new().await;
    let id = world.draft(saying("hola"), vec![person(1)]).await;
    let start = move |w: &mut mostrador_store::Writing<'_>| campaign::start(w, id, UNDO, NOON);

    assert_eq!(
        world.refuses(start).await,
        StoreErrorKind::StateChanged,
        "a draft"
    );
    let before = world.campaign(id).await.plan_no;
    world
        .write(move |w| campaign::set_plan(w, id, &saying("otra cosa")))
        .await;
    let stale = world.refuses(move |w| campaign::rehearsed(w, id, before)).await;
    assert_eq!(
        stale,
        StoreErrorKind::StateChanged,
        "another plan was rehearsed than is here now"
    );
    world.rehearse(id).await;
    world.write(move |w| campaign::edited(w, id)).await;
    assert_eq!(
        world.refuses(start).await,
        StoreErrorKind::StateChanged,
        "changed since"
    );
    world.rehearse(id).await;
    world.write(start).await;

    assert_eq!(world.campaign_state(id).await, CampaignState::Running, "started");
    assert_eq!(
        world.refuses(start).await,
        StoreErrorKind::StateChanged,
        "two starts are one run"
    );
    let edit = world
        .refuses(move |w| campaign::set_plan(w, id, &saying("no")))
        .await;
    assert_eq!(edit, StoreErrorKind::StateChanged, "what runs is not changed");
    let joined = world
        .refuses(move |w| recipient::add(w, id, &person(2), NOON))
        .await;
    assert_eq!(joined, StoreErrorKind::Other, "the audience is frozen");
}

#[tokio::test]
async fn a_start_is_undone_while_nothing_was_queued_and_nothing_is_queued_before() {
    let world = World::new().await;
    let id = world.draft(saying("hola"), vec![person(1)]).await;
    world.rehearse(id).await;
    world.write(move |w| campaign::start(w, id, UNDO, NOON)).await;
    assert_eq!(
        world.next(id, at(9)).await,
        Next::NotBefore(at(10)),
        "the window is open"
    );
    world.write(move |w| campaign::undo_start(w, id, at(9))).await;
    assert_eq!(
        world.campaign_state(id).await,
        CampaignState::Rehearsed,
        "as before"
    );
    assert_eq!(
        world.next(id, at(20)).await,
        Next::NotRunning,
        "and nothing leaves"
    );

    world.write(move |w| campaign::start(w, id, UNDO, at(30))).await;
    world.queue(id, at(40)).await;
    let late = world.refuses(move |w| campaign::undo_start(w, id, at(41))).await;
    assert_eq!(late, StoreErrorKind::StateChanged, "the first is on its way");
}

#[tokio::test]
async fn a_clock_that_is_set_back_after_the_start_holds_nobody_up() {
    let world = World::new().await;
    let id = world.draft(saying("Hola {{nombre}}"), vec![person(1)]).await;
    world.rehearse(id).await;
    world.write(move |w| campaign::start(w, id, UNDO, NOON)).await;
    let a_day_before = UnixMillis(NOON.0 - 86_400_000);
    assert!(
        matches!(world.next(id, a_day_before).await, Next::Queued(_)),
        "the undo window is not a day long"
    );
}

#[tokio::test]
async fn a_pause_takes_back_what_was_not_claimed_and_a_resumed_one_goes_on_with_it() {
    let world = World::new().await;
    let id = world.running([1, 2]).await;
    let queued = world.queue(id, NOON).await;

    world.write(move |w| campaign::pause(w, id)).await;

    assert!(
        world.claim(at(1)).await.is_none(),
        "the pause bites before the next send"
    );
    assert_eq!(
        world.messages(queued.chat).await,
        [],
        "nothing is left in the chat"
    );
    assert_eq!(
        world.states(id).await,
        [RecipientState::Pending; 2],
        "their turn comes again"
    );
    assert_eq!(
        world.next(id, at(1)).await,
        Next::NotRunning,
        "while it is paused nobody's does"
    );
    world.write(move |w| campaign::resume(w, id, at(2))).await;
    let again = world.queue(id, at(2)).await;
    assert_eq!(again.recipient, queued.recipient, "in their old place");
    let claimed = world.claim_one(at(2)).await;
    world.accepted(claimed.id, "g1", at(2)).await;
    let row = world.recipient(again.recipient).await;
    assert_eq!(
        (row.state, row.tries),
        (RecipientState::Sent, 2),
        "queued twice, sent once"
    );
}

#[tokio::test]
async fn what_was_claimed_when_the_pause_came_is_followed_to_its_end() {
    let world = World::new().await;
    let id = world.running([1, 2]).await;
    let queued = world.queue(id, NOON).await;
    let claimed = world.claim_one(NOON).await;
    world.write(move |w| campaign::pause(w, id)).await;
    assert_eq!(
        world.recipient(queued.recipient).await.state,
        RecipientState::Queued,
        "it may be reaching them"
    );
    world.accepted(claimed.id, "g1", at(1)).await;
    assert_eq!(
        world.states(id).await,
        [RecipientState::Sent, RecipientState::Pending],
        "it did"
    );
}

#[tokio::test]
async fn the_brake_says_why_and_a_person_ends_it() {
    let world = World::new().await;
    let id = world.running([1, 2]).await;
    let other = world.running([3]).await;
    let cause = Pause::Restricted { until: Some(at(500)) };
    let device = world.device;
    let braked = world
        .write(move |w| campaign::brake_device(w, device, cause))
        .await;
    assert_eq!(braked, 2, "all of the device's");
    for id in [id, other] {
        assert_eq!(
            world.campaign_state(id).await,
            CampaignState::Paused(cause),
            "with its cause and its end"
        );
    }
    let again = world
        .write(move |w| campaign::brake(w, id, Pause::LoggedOut))
        .await;
    assert!(!again, "the first cause stays");
    world.write(move |w| campaign::resume(w, id, at(3))).await;
    assert_eq!(
        world.campaign_state(id).await,
        CampaignState::Running,
        "a person let it go on"
    );
}

#[tokio::test]
async fn a_number_that_is_unlinked_pauses_in_the_write_that_says_so_and_linking_it_again_resumes_nothing() {
    let world = World::new().await;
    let (device, other) = (world.device, world.another_device().await);
    let link = async |device| {
        let own = address("51900000098");
        world
            .write(move |w| device::linked(w, device, Told::Number(&own), at(1)))
            .await;
    };
    link(device).await;
    let running = world.running([1, 2]).await;
    world.queue(running, at(2)).await;
    let paused = world.running([3]).await;
    world.write(move |w| campaign::pause(w, paused)).await;

    let of_other = world.write(move |w| device::unlinked(w, other)).await;
    assert_eq!(of_other, 0, "another device's campaigns go on");
    assert_eq!(world.campaign_state(running).await, CampaignState::Running);
    // Nothing else is written: here the program dies.
    world.write(move |w| device::unlinked(w, device)).await;
    assert_eq!(
        world.states(running).await,
        [RecipientState::Pending, RecipientState::Pending],
        "who was queued waits for the campaign"
    );

    link(device).await;
    for id in [running, paused] {
        assert_eq!(
            world.campaign_state(id).await,
            CampaignState::Paused(Pause::LoggedOut),
            "whoever scans the code has not said that it is to go on"
        );
    }
    assert!(world.claim(at(60)).await.is_none(), "nothing of it leaves");
    world.write(move |w| campaign::resume(w, running, at(61))).await;
    world.send_next(running, "g1", at(62)).await;
}

#[tokio::test]
async fn who_was_not_written_to_when_it_is_cancelled_is_skipped() {
    let world = World::new().await;
    let id = world.running([1, 2, 3]).await;
    world.send_next(id, "g1", NOON).await;
    world.queue(id, at(1)).await;
    world.write(move |w| campaign::cancel(w, id, at(2))).await;
    let skipped = RecipientState::Skipped(SkipReason::Cancelled);
    assert_eq!(
        world.states(id).await,
        [RecipientState::Sent, skipped, skipped],
        "one got it"
    );
    assert_eq!(world.campaign(id).await.ended_at, Some(at(2)), "it has ended");
    assert!(world.claim(at(3)).await.is_none(), "nothing is left to send");
    let twice = world.refuses(move |w| campaign::cancel(w, id, at(3))).await;
    assert_eq!(twice, StoreErrorKind::StateChanged, "ended is ended");
}

#[tokio::test]
async fn it_ends_when_the_last_one_is_settled() {
    let world = World::new().await;
    let id = world.running([1]).await;
    let queued = world.queue(id, NOON).await;
    assert_eq!(world.next(id, NOON).await, Next::Full, "one at a time");
    let claimed = world.claim_one(NOON).await;
    assert_eq!(claimed.message, queued.message, "theirs");
    world.no_answer(claimed.id, at(1)).await;
    assert_eq!(world.next(id, at(1)).await, Next::NobodyWaits, "one is uncertain");
    world
        .live(text(1, "g1").ours().words("Hola Persona 1").at(1).into())
        .await;
    assert_eq!(world.next(id, at(2)).await, Next::Finished, "all are settled");
    assert_eq!(
        world.campaign_state(id).await,
        CampaignState::Finished,
        "and it has ended"
    );
}

#[tokio::test]
async fn what_runs_or_is_paused_is_not_deleted_and_what_was_sent_stays_in_its_chat() {
    let world = World::new().await;
    let id = world.running([1]).await;
    let queued = world.send_next(id, "g1", NOON).await;
    assert_eq!(
        world.refuses(move |w| campaign::delete(w, id)).await,
        StoreErrorKind::StateChanged,
        "it runs"
    );
    world.next(id, at(1)).await;
    world.write(move |w| campaign::delete(w, id)).await;
    while world.write(|w| leftover::remove_some(w, 500)).await {}
    assert_eq!(
        world.count("SELECT count(*) FROM recipient").await,
        0,
        "its people go with it"
    );
    assert_eq!(
        world.messages(queued.chat).await.len(),
        1,
        "the customer has the message"
    );
}

#[tokio::test]
async fn a_time_is_set_missed_and_taken_away() {
    let world = World::new().await;
    let id = world.draft(saying("hola"), vec![person(1)]).await;
    let schedule = Schedule {
        local: "2027-01-15T09:00".into(),
        zone: "America/Lima".into(),
        late: Late::Ask,
        repeats: Repeats::Weekly,
        day: None,
        put_off: None,
    };
    let set = schedule.clone();
    let early = world
        .refuses(move |w| campaign::schedule(w, id, &set, at(60)))
        .await;
    assert_eq!(early, StoreErrorKind::StateChanged, "it was not rehearsed");
    world.rehearse(id).await;
    let set = schedule.clone();
    world
        .write(move |w| campaign::schedule(w, id, &set, at(60)))
        .await;
    let row = world.campaign(id).await;
    assert_eq!(
        (row.schedule, row.starts_at),
        (Some(schedule), Some(at(60))),
        "as it was set"
    );
    assert_eq!(world.read(campaign::scheduled).await.len(), 1, "it is waited for");
    world.write(move |w| campaign::missed(w, id)).await;
    assert_eq!(
        world.campaign_state(id).await,
        CampaignState::Missed,
        "a person decides"
    );
    world.write(move |w| campaign::unschedule(w, id)).await;
    let row = world.campaign(id).await;
    assert_eq!(
        (row.state, row.starts_at),
        (CampaignState::Rehearsed, None),
        "no time any more"
    );
    world
        .write(move |w| campaign::start(w, id, Duration::ZERO, at(70)))
        .await;
}

#[tokio::test]
async fn a_copy_says_the_same_and_knows_where_it_comes_from() {
    let world = World::new().await;
    let id = world.running([1]).await;
    let copied = Copied {
        from: id,
        how: FollowsAs::Copy,
    };
    let copy = world
        .write(move |w| campaign::copy(w, copied, "Otra vez", None, at(5)))
        .await;
    let (first, second) = (world.campaign(id).await, world.campaign(copy).await);
    assert_eq!(second.state, CampaignState::Draft, "a draft");
    assert_eq!(
        (second.plan, second.columns),
        (first.plan, first.columns),
        "which says the same"
    );
    let follows = second.follows.expect("it follows");
    assert_eq!(
        (follows.id, follows.how),
        (Some(id), FollowsAs::Copy),
        "the first"
    );
}

#[tokio::test]
async fn a_person_is_in_an_audience_once_by_whichever_spelling() {
    let world = World::new().await;
    let spelled = |digits: &str| NewRecipient {
        address: Some(mostrador_domain::Address::parse(digits)),
        ..person(1)
    };
    let id = world.draft(saying("hola"), vec![spelled("5511987654321")]).await;
    let twice = world
        .refuses(move |w| recipient::add(w, id, &spelled("551187654321"), NOON))
        .await;
    assert_eq!(
        twice,
        StoreErrorKind::Other,
        "the same person without the ninth digit"
    );
    let duplicate = NewRecipient {
        state: RecipientState::Skipped(SkipReason::Duplicate),
        ..spelled("551187654321")
    };
    world
        .write(move |w| recipient::add(w, id, &duplicate, NOON))
        .await;
    assert_eq!(
        world.counts(id).await.total(),
        2,
        "it is told why the second gets nothing"
    );
}

#[tokio::test]
async fn somebody_is_taken_out_before_their_message_was_claimed() {
    let world = World::new().await;
    let id = world.running([1, 2]).await;
    let queued = world.queue(id, NOON).await;
    world
        .write(move |w| campaign::take_out(w, queued.recipient, at(1)))
        .await;
    let out = RecipientState::Skipped(SkipReason::TakenOut);
    assert_eq!(
        world.recipient(queued.recipient).await.state,
        out,
        "they get nothing"
    );
    let next = world.queue(id, at(2)).await;
    world.claim_one(at(2)).await;
    let late = world
        .refuses(move |w| campaign::take_out(w, next.recipient, at(3)))
        .await;
    assert_eq!(late, StoreErrorKind::StateChanged, "it may be reaching them");
}
