//! The row of a recurring campaign: its repetitions are one campaign to those who get them, whatever becomes of one of them.

use std::time::Duration;

use mostrador_campaigns::plan::Plan;
use mostrador_campaigns::schedule::{Due, Earlier, Late, Repeats, Schedule};
use mostrador_campaigns::state::{CampaignState, RecipientState as S, SkipReason};
use mostrador_domain::{CampaignId, StatusKind, UnixMillis};
use mostrador_store::StoreError;
use mostrador_store::tables::campaign::audience::{self, Range};
use mostrador_store::tables::campaign::{self, Copied, FollowsAs, Next};
use mostrador_store::tables::device;

use super::retries::retry_of;
use super::{UNDO, person, saying};
use crate::world::{NOON, World, address, at, reached};

const DAY: i64 = 86_400;
const TWICE: S = S::Skipped(SkipReason::WrittenRecently);

/// The first one of a row, to the customers of these numbers. Nobody gets a second campaign within three days.
async fn first(world: &World, numbers: impl IntoIterator<Item = u32>) -> CampaignId {
    let people = numbers.into_iter().map(person).collect();
    let id = world.draft(saying("Hola {{nombre}}"), people).await;
    assert_eq!(world.campaign(id).await.plan.not_again_days, 3, "as it is set up");
    id
}

/// The next one, with the same people.
async fn repetition(world: &World, of: CampaignId) -> CampaignId {
    repetition_made(world, of, NOON).await
}

/// The same, made then.
async fn repetition_made(world: &World, of: CampaignId, now: UnixMillis) -> CampaignId {
    world
        .write(move |w| {
            let from = audience::of(w, of)?.ok_or_else(StoreError::not_found)?;
            let to = audience::begin(w)?;
            let end = audience::size(w, from)?;
            audience::same_people(
                w,
                Range {
                    from,
                    to,
                    first: 0,
                    end,
                },
                NOON,
            )?;
            let copied = Copied {
                from: of,
                how: FollowsAs::Repeat,
            };
            campaign::copy(w, copied, "Aviso", Some(to), now)
        })
        .await
}

/// Everybody of it gets theirs that day.
async fn runs(world: &World, id: CampaignId, day: i64) {
    world.start(id, at(day * DAY)).await;
    for (seconds, _) in (0..).zip(world.people(id).await) {
        let gateway_id = format!("g{day}-{seconds}");
        world.send_next(id, &gateway_id, at(day * DAY + seconds)).await;
    }
    assert_eq!(
        world.next(id, at(day * DAY + 60)).await,
        Next::Finished,
        "day {day}"
    );
}

#[tokio::test]
async fn a_repetition_that_is_deleted_does_not_part_those_before_it_from_those_after_it() {
    let world = World::new().await;
    let monday = first(&world, [1, 2]).await;
    runs(&world, monday, 0).await;
    let tuesday = repetition(&world, monday).await;
    runs(&world, tuesday, 1).await;
    let wednesday = repetition(&world, tuesday).await;
    world.write(move |w| campaign::delete(w, tuesday)).await;
    assert_eq!(
        world.campaign(wednesday).await.follows.map(|follows| follows.id),
        Some(Some(monday)),
        "it follows the one before"
    );
    runs(&world, wednesday, 2).await;
    assert_eq!(
        world.states(wednesday).await,
        [S::Sent, S::Sent],
        "Monday's was no other campaign"
    );
}

/// Tuesday's repetition of Monday's: the gateway gives up the message to the second one. Gives Tuesday's and Wednesday's.
async fn fails_on_tuesday(world: &World) -> [CampaignId; 2] {
    let monday = first(world, [1, 2]).await;
    runs(world, monday, 0).await;
    let tuesday = repetition(world, monday).await;
    let wednesday = repetition(world, tuesday).await;
    runs(world, tuesday, 1).await;
    world
        .live(vec![reached("g1-1", StatusKind::Failed, at(DAY + 2))])
        .await;
    [tuesday, wednesday]
}

#[tokio::test]
async fn a_second_try_of_a_repetition_writes_to_those_who_got_the_one_before() {
    for is_deleted in [false, true] {
        let world = World::new().await;
        let [tuesday, wednesday] = fails_on_tuesday(&world).await;
        let again = retry_of(&world, tuesday).await;
        if is_deleted {
            world.write(move |w| campaign::delete(w, tuesday)).await;
        }
        world.start(again, at(DAY + 100)).await;
        world.send_next(again, "again", at(DAY + 100)).await;
        assert_eq!(
            world.states(again).await,
            [S::Sent],
            "who got Monday's gets Tuesday's"
        );
        if !is_deleted {
            runs(&world, wednesday, 2).await;
            assert_eq!(
                world.states(wednesday).await,
                [S::Sent, S::Sent],
                "who was tried again does not miss the next one"
            );
        }
    }
}

#[tokio::test]
async fn while_two_of_a_row_run_nobody_gets_both() {
    let world = World::new().await;
    let monday = first(&world, 1..=3).await;
    world.start(monday, NOON).await;
    let tuesday = repetition(&world, monday).await;
    world.send_next(monday, "a", NOON).await;
    world.start(tuesday, at(DAY)).await;
    world.send_next(monday, "b", at(DAY + 1)).await;
    world.send_next(tuesday, "c", at(DAY + 2)).await;
    world.send_next(tuesday, "d", at(DAY + 3)).await;
    assert_eq!(
        world.states(tuesday).await,
        [S::Sent, TWICE, S::Sent],
        "the first got Monday's the day before, the second today"
    );
    assert_eq!(
        world.next(monday, at(DAY + 4)).await,
        Next::Finished,
        "nobody is left"
    );
    assert_eq!(
        world.states(monday).await,
        [S::Sent, S::Sent, TWICE],
        "the third has today's"
    );
}

#[tokio::test]
async fn none_starts_by_itself_while_another_one_has_people_or_is_paused() {
    let world = World::new().await;
    let monday = first(&world, [1, 2]).await;
    let tuesday = repetition(&world, monday).await;
    let wednesday = repetition(&world, tuesday).await;
    let stranger = world.running([9]).await;
    let earlier = async |id| world.read(move |c| campaign::earlier(c, id)).await;
    assert_eq!(earlier(wednesday).await, None, "nothing of the row has started");
    world.start(monday, NOON).await;
    for id in [tuesday, wednesday] {
        assert_eq!(
            earlier(id).await,
            Some(Earlier::Runs),
            "{id}: Monday's has people"
        );
    }
    assert_eq!(earlier(monday).await, None, "it does not wait for itself");
    assert_eq!(earlier(stranger).await, None, "nor does any other campaign");
    world.write(move |w| campaign::pause(w, monday)).await;
    assert_eq!(
        earlier(wednesday).await,
        Some(Earlier::Paused),
        "a person has to look"
    );
    world.write(move |w| campaign::resume(w, monday, at(5))).await;
    for seconds in [6, 7] {
        world.queue(monday, at(seconds)).await;
        let claimed = world.claim_one(at(seconds)).await;
        world.no_answer(claimed.id, at(seconds)).await;
    }
    assert_eq!(
        world.campaign_state(monday).await,
        CampaignState::Running,
        "as long as two are uncertain"
    );
    assert_eq!(
        earlier(wednesday).await,
        None,
        "who is uncertain is a person's to settle, which may take days"
    );
}

fn daily() -> Schedule {
    Schedule {
        local: "2027-01-15T09:00".into(),
        zone: "America/Lima".into(),
        late: Late::Ask,
        repeats: Repeats::Daily,
        day: None,
        put_off: None,
    }
}

/// One of a row whose time is in so many seconds, started by a person now, and the next one, which waits for its time.
async fn started_with_its_next(world: &World, seconds: i64) -> (CampaignId, CampaignId) {
    let id = first(world, [1]).await;
    world.rehearse(id).await;
    world
        .write(move |w| campaign::schedule(w, id, &daily(), at(seconds)))
        .await;
    world.write(move |w| campaign::start(w, id, UNDO, NOON)).await;
    let next = repetition(world, id).await;
    world.rehearse(next).await;
    world
        .write(move |w| campaign::schedule(w, next, &daily(), at(90_000)))
        .await;
    (id, next)
}

#[tokio::test]
async fn a_start_that_is_undone_gives_the_time_back_and_takes_the_next_one_away() {
    let world = World::new().await;
    let (id, _next) = started_with_its_next(&world, 3_600).await;
    assert!(
        world.read(move |c| campaign::goes_on(c, id)).await,
        "the next one waits"
    );

    world.write(move |w| campaign::undo_start(w, id, at(5))).await;

    let row = world.campaign(id).await;
    assert_eq!(
        (row.state, row.schedule, row.starts_at, row.started_at),
        (CampaignState::Scheduled, Some(daily()), Some(at(3_600)), None),
        "as before"
    );
    let waiting = world.read(campaign::scheduled).await;
    assert_eq!(waiting.len(), 1, "one of a row waits");
    assert!(
        !world.read(move |c| campaign::goes_on(c, id)).await,
        "the next one is gone"
    );
}

#[tokio::test]
async fn a_start_that_is_undone_when_its_time_has_passed_leaves_the_next_one_waiting() {
    let world = World::new().await;
    let (id, next) = started_with_its_next(&world, 3).await;
    world.write(move |w| campaign::undo_start(w, id, at(5))).await;
    assert_eq!(
        (world.campaign_state(id).await, world.campaign_state(next).await),
        (CampaignState::Rehearsed, CampaignState::Scheduled),
        "it does not start the moment that it was stopped"
    );
}

/// It is given a time so many seconds from noon.
async fn is_given_a_time(world: &World, id: CampaignId, repeats: Repeats, seconds: i64) {
    let schedule = Schedule { repeats, ..daily() };
    world
        .write(move |w| campaign::schedule(w, id, &schedule, at(seconds)))
        .await;
}

/// Tuesday's was missed, so that Wednesday's was made; then it was given another time, at which it `repeats` so.
async fn missed_and_given_another_time(world: &World, repeats: Repeats) -> [CampaignId; 2] {
    let tuesday = first(world, [1]).await;
    world.rehearse(tuesday).await;
    is_given_a_time(world, tuesday, Repeats::Daily, 10).await;
    world.write(move |w| campaign::missed(w, tuesday)).await;
    let wednesday = repetition(world, tuesday).await;
    world.rehearse(wednesday).await;
    is_given_a_time(world, wednesday, Repeats::Daily, DAY).await;
    is_given_a_time(world, tuesday, repeats, 2 * DAY).await;
    [tuesday, wednesday]
}

#[tokio::test]
async fn a_row_does_not_go_on_by_one_that_was_given_another_time_once() {
    let world = World::new().await;
    let [tuesday, wednesday] = missed_and_given_another_time(&world, Repeats::Never).await;
    let third = repetition(&world, tuesday).await;
    world.rehearse(third).await;
    is_given_a_time(&world, third, Repeats::Never, 2 * DAY).await;
    let goes_on = async |id| world.read(move |c| campaign::goes_on(c, id)).await;
    let carries_row = async |id| world.read(move |c| campaign::carries_row(c, id)).await;
    assert_eq!(
        (goes_on(wednesday).await, carries_row(wednesday).await),
        (false, true),
        "after the one that starts once nothing would recur: Wednesday's makes the next one"
    );
    assert_eq!(
        (goes_on(third).await, carries_row(third).await),
        (true, false),
        "Wednesday's waits, and recurs"
    );
    is_given_a_time(&world, third, Repeats::Weekly, 2 * DAY).await;
    assert!(goes_on(wednesday).await, "one that recurs is enough");
}

#[tokio::test]
async fn a_start_that_is_undone_takes_nothing_away_that_it_has_not_made() {
    for repeats in [Repeats::Never, Repeats::Daily] {
        let world = World::new().await;
        let [tuesday, wednesday] = missed_and_given_another_time(&world, repeats).await;
        world
            .write(move |w| campaign::start(w, tuesday, UNDO, at(60)))
            .await;
        world
            .write(move |w| campaign::undo_start(w, tuesday, at(61)))
            .await;
        assert_eq!(
            world.campaign_state(wednesday).await,
            CampaignState::Scheduled,
            "{repeats:?}: it was made when Tuesday's was missed"
        );
    }
}

#[tokio::test]
async fn a_second_try_of_a_deleted_repetition_is_still_one_of_its_row() {
    let world = World::new().await;
    let [tuesday, _wednesday] = fails_on_tuesday(&world).await;
    let monday = world
        .campaign(tuesday)
        .await
        .follows
        .and_then(|follows| follows.id);
    let monday = monday.expect("it follows Monday's");
    let again = retry_of(&world, tuesday).await;
    for gone in [tuesday, monday] {
        world.write(move |w| campaign::delete(w, gone)).await;
    }
    world.start(again, at(DAY + 100)).await;
    world.send_next(again, "again", at(DAY + 100)).await;
    assert_eq!(
        world.states(again).await,
        [S::Sent],
        "what Monday's wrote keeps nobody from Tuesday's"
    );
}

#[tokio::test]
async fn the_first_one_of_a_row_that_is_deleted_parts_neither_its_second_try_nor_its_repetitions() {
    let world = World::new().await;
    let monday = first(&world, [1, 2]).await;
    runs(&world, monday, 0).await;
    world.live(vec![reached("g0-1", StatusKind::Failed, at(2))]).await;
    let again = retry_of(&world, monday).await;
    let tuesday = repetition(&world, monday).await;
    world.start(again, at(DAY)).await;
    world.write(move |w| campaign::delete(w, monday)).await;
    assert_eq!(
        world.read(move |c| campaign::earlier(c, tuesday)).await,
        Some(Earlier::Runs),
        "the second try has people"
    );
}

#[tokio::test]
async fn a_second_try_that_is_deleted_parts_neither_the_one_that_follows_it_nor_the_row() {
    let world = World::new().await;
    let [tuesday, wednesday] = fails_on_tuesday(&world).await;
    let again = retry_of(&world, tuesday).await;
    world.start(again, at(DAY + 100)).await;
    world.send_next(again, "again", at(DAY + 100)).await;
    world
        .live(vec![reached("again", StatusKind::Failed, at(DAY + 101))])
        .await;
    assert_eq!(world.next(again, at(DAY + 102)).await, Next::Finished);
    let third = retry_of(&world, again).await;
    world.start(third, at(DAY + 200)).await;
    world.write(move |w| campaign::delete(w, again)).await;
    assert_eq!(
        world.read(move |c| campaign::earlier(c, wednesday)).await,
        Some(Earlier::Runs),
        "the third try has people"
    );
}

/// One that recurs is scheduled for the day after.
async fn is_scheduled(world: &World, id: CampaignId) {
    world.rehearse(id).await;
    world
        .write(move |w| campaign::schedule(w, id, &daily(), at(DAY)))
        .await;
}

/// One that was withheld from its time makes the next one once it is started, and waits for a person if that is undone.
async fn goes_on_by_a_person_only(world: &World, id: CampaignId) {
    assert_eq!(
        world.campaign_state(id).await,
        CampaignState::Missed,
        "a person decides"
    );
    for (now, why) in [(5, "before its time"), (3 * DAY, "long after")] {
        assert!(
            world.read(move |c| campaign::makes_next(c, id)).await,
            "{why}: its start makes the next one"
        );
        world.write(move |w| campaign::start(w, id, UNDO, at(now))).await;
        let next = repetition_made(world, id, at(now)).await;
        world.rehearse(next).await;
        world
            .write(move |w| campaign::schedule(w, next, &daily(), at(9 * DAY)))
            .await;
        world
            .write(move |w| campaign::undo_start(w, id, at(now + 1)))
            .await;
        let row = world.campaign(id).await;
        assert_eq!(
            (row.state, row.schedule, row.starts_at),
            (CampaignState::Missed, Some(daily()), Some(at(DAY))),
            "{why}: as before"
        );
        assert_eq!(
            world.read(campaign::scheduled).await,
            [],
            "{why}: nothing starts by itself"
        );
    }
    world
        .write(move |w| campaign::schedule(w, id, &daily(), at(5 * DAY)))
        .await;
    world.write(move |w| campaign::start(w, id, UNDO, at(DAY))).await;
    world
        .write(move |w| campaign::undo_start(w, id, at(DAY + 1)))
        .await;
    assert_eq!(
        world.campaign_state(id).await,
        CampaignState::Scheduled,
        "a person gave it another time"
    );
}

#[tokio::test]
async fn one_of_a_row_that_another_number_withholds_goes_on_with_its_row_by_a_person_only() {
    let world = World::new().await;
    let id = first(&world, [1]).await;
    is_scheduled(&world, id).await;
    let device = world.device;
    for own in ["51900000098", "51900000099"] {
        world
            .write(move |w| device::linked(w, device, device::Told::Number(&address(own)), at(2)))
            .await;
    }
    goes_on_by_a_person_only(&world, id).await;
}

#[tokio::test]
async fn one_that_missed_its_time_and_was_not_withheld_makes_no_next_one_whatever_became_of_that() {
    let world = World::new().await;
    let id = first(&world, [1]).await;
    is_scheduled(&world, id).await;
    world.write(move |w| campaign::missed(w, id)).await;
    let next = repetition(&world, id).await;
    world.rehearse(next).await;
    is_given_a_time(&world, next, Repeats::Daily, 2 * DAY).await;
    let makes_next = async || world.read(move |c| campaign::makes_next(c, id)).await;
    assert!(!makes_next().await, "its next one waits");
    world.write(move |w| campaign::cancel(w, next, at(3))).await;
    assert!(!makes_next().await, "a person ended the row");
}

/// Each day at nine in Lima but for Sundays, from the day of [`NOON`], a Friday.
fn at_nine(day: i64) -> (Schedule, UnixMillis) {
    let first = daily();
    let mut schedule = first.clone();
    let calendar = Plan::careful("America/Lima").calendar();
    for _ in 0..day {
        let starts_at = schedule.starts_at().expect("a time");
        let next = schedule.next_after(starts_at, Due::Ask, calendar).expect("sound");
        schedule = next.expect("it repeats");
    }
    let starts_at = schedule.starts_at().expect("a time");
    (schedule, starts_at)
}

/// One of a row that missed its time, and the next one, which waits for the second day.
async fn missed_with_its_next(world: &World) -> (CampaignId, CampaignId) {
    let id = first(world, [1]).await;
    world.rehearse(id).await;
    let next = repetition(world, id).await;
    world.rehearse(next).await;
    for (id, day) in [(id, 0), (next, 1)] {
        let (schedule, starts_at) = at_nine(day);
        world
            .write(move |w| campaign::schedule(w, id, &schedule, starts_at))
            .await;
    }
    world.write(move |w| campaign::missed(w, id)).await;
    (id, next)
}

#[tokio::test]
async fn a_repetition_that_is_sent_late_on_the_next_ones_day_puts_that_one_off() {
    let world = World::new().await;
    let (id, next) = missed_with_its_next(&world).await;
    let ((_, second), (_, third)) = (at_nine(1), at_nine(2));
    let times = async || {
        (
            world.campaign(next).await.starts_at,
            world.campaign(next).await.state,
        )
    };
    let waiting = async |now| {
        let waiting = world.read(move |c| campaign::waiting(c, id, now)).await;
        waiting.map(|waiting| (waiting.starts_at, waiting.moves_to))
    };
    let the_day_before = UnixMillis(second.0 - 20 * 3_600_000);
    assert_eq!(
        waiting(the_day_before).await,
        Some((second, None)),
        "it leaves on its own day"
    );
    let that_day = UnixMillis(second.0 - 60_000);
    assert_eq!(
        waiting(that_day).await,
        Some((second, Some(third))),
        "what will be is told"
    );

    world.write(move |w| campaign::start(w, id, UNDO, that_day)).await;
    assert_eq!(
        times().await,
        (Some(third), CampaignState::Scheduled),
        "nobody gets two on a day"
    );
    let undone = UnixMillis(that_day.0 + 5_000);
    world.write(move |w| campaign::undo_start(w, id, undone)).await;
    assert_eq!(
        times().await.0,
        Some(second),
        "a start that is undone takes no day"
    );

    world.write(move |w| campaign::start(w, id, UNDO, that_day)).await;
    let long_after = UnixMillis(second.0 + 1);
    world
        .write(move |w| campaign::undo_start(w, id, long_after))
        .await;
    assert_eq!(
        times().await.0,
        Some(third),
        "what has passed does not come again"
    );
}

#[tokio::test]
async fn a_second_try_puts_no_repetition_off() {
    let world = World::new().await;
    let (id, next) = missed_with_its_next(&world).await;
    let (_, second) = at_nine(1);
    world
        .write(move |w| campaign::start(w, id, Duration::ZERO, NOON))
        .await;
    let queued = world.send_next(id, "a", NOON).await;
    world.live(vec![reached("a", StatusKind::Failed, at(1))]).await;
    let again = retry_of(&world, id).await;
    assert_eq!(world.people(again).await.len(), 1, "one was missed: {queued:?}");
    world.start(again, UnixMillis(second.0 - 60_000)).await;
    assert_eq!(
        world.campaign(next).await.starts_at,
        Some(second),
        "it is for those who did not get the one before"
    );
}
