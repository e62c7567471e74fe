//! A recurring campaign: its repetitions are one campaign to those who get them. None meets another one, none goes on by itself after what
//! stopped another one, and however one of them ends, the others are what they were.

use std::time::Duration;

use chrono::{DateTime, Datelike, FixedOffset};
use mostrador_domain::UnixMillis;
use mostrador_engine::clock::Clock as _;
use serde_json::{Value, json};

use super::PEOPLE;
use super::hours::leap_to;
use super::scheduled::{ask, given_a_time, in_minutes, newest, scheduled};
use crate::world::World;

/// Which day of the week it is on the wall of a shop in Lima, Monday = 0.
fn weekday(world: &World) -> usize {
    let lima = FixedOffset::west_opt(5 * 3_600).expect("a zone");
    let now = DateTime::from_timestamp_millis(world.clock.now().0).expect("a time");
    let day = now.with_timezone(&lima).weekday().num_days_from_monday();
    usize::try_from(day).expect("small")
}

/// A campaign to so many people that is planned otherwise.
async fn planned(world: &World, people: usize, otherwise: impl Fn(&mut Value)) -> i64 {
    let id = world.campaign(&PEOPLE[..people]).await;
    let mut plan = world.shown(id).await["plan"].clone();
    otherwise(&mut plan);
    let args = json!({ "campaignId": id, "plan": plan });
    world.run("campaign_plan_set", args).await;
    id
}

/// The shop does not write so many days from today.
fn rests(world: &World, days: usize) -> impl Fn(&mut Value) + use<> {
    let day = (weekday(world) + days) % 7;
    move |plan| plan["pace"]["days"][day] = json!(false)
}

/// Goes on by a day, to five minutes before the time of a campaign that was given five minutes.
async fn a_day_passes(world: &mut World) {
    leap_to(world, 23, 59);
    world.pass(Duration::from_secs(120)).await;
    leap_to(world, 11, 59);
    world.until_online().await;
}

/// A minute before the next day.
async fn late_in_the_evening(world: &mut World) {
    leap_to(world, 23, 59);
    world.until_online().await;
}

/// Lets time pass up to the moments for which a campaign waits, and no further: what is at work is not overtaken.
async fn until(world: &mut World, id: i64, what: &str, holds: impl AsyncFn(&World) -> bool) {
    let waits = async |world: &World| {
        let shown = world.shown(id).await;
        let at = match shown["state"].as_str() {
            Some("scheduled") => &shown["startsAt"],
            _ => &shown["waits"]["until"],
        };
        at.as_i64().map(UnixMillis)
    };
    world.until_by_turns(what, holds, waits).await;
}

async fn until_state(world: &mut World, id: i64, is_now: &str) {
    let holds = async |world: &World| state(world, id).await == is_now;
    until(world, id, &format!("the campaign is {is_now}"), holds).await;
}

async fn until_arrived(world: &mut World, id: i64, count: usize) {
    let holds = async |world: &World| world.arrived() >= count;
    until(world, id, &format!("{count} have arrived"), holds).await;
}

async fn state(world: &World, id: i64) -> String {
    let shown = world.shown(id).await;
    shown["state"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_daily_one_does_not_write_twice_after_a_day_of_rest() {
    let mut world = World::linked().await;
    leap_to(&world, 11, 59);
    world.until_online().await;
    let id = planned(&world, 2, rests(&world, 1)).await;
    given_a_time(&world, id, 6, ask(), "daily").await;
    until_state(&mut world, id, "finished").await;
    let next = newest(&world).await;
    let first = world.shown(id).await["startsAt"].as_i64().expect("a time");
    let at = world.shown(next).await["startsAt"].as_i64().expect("a time");
    assert_eq!(at - first, 2 * 86_400_000, "the day of rest is left out");

    a_day_passes(&mut world).await;
    world.pass(Duration::from_secs(3_600)).await;
    assert_eq!(world.each_got(&PEOPLE[..2]), [1, 1], "nothing on the day of rest");
    a_day_passes(&mut world).await;
    until_state(&mut world, next, "finished").await;
    world.pass(Duration::from_secs(3_600)).await;
    assert_eq!(
        world.each_got(&PEOPLE[..2]),
        [2, 2],
        "and once on the day after it"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_daily_one_that_was_set_for_a_day_of_rest_writes_once_on_the_day_after_it() {
    let mut world = World::linked().await;
    leap_to(&world, 11, 59);
    world.until_online().await;
    let id = planned(&world, 2, rests(&world, 0)).await;
    given_a_time(&world, id, 6, ask(), "daily").await;
    until_state(&mut world, id, "running").await;
    let next = newest(&world).await;
    world.pass(Duration::from_secs(3_600)).await;
    assert_eq!(world.arrived(), 0, "the shop rests");

    late_in_the_evening(&mut world).await;
    until_state(&mut world, id, "finished").await;
    leap_to(&world, 11, 59);
    world.until_online().await;
    world.pass(Duration::from_secs(7_200)).await;
    assert_eq!(
        (world.each_got(&PEOPLE[..2]), state(&world, id).await.as_str()),
        (vec![1, 1], "finished"),
        "once, though it is a time of the row as well"
    );
    a_day_passes(&mut world).await;
    until_state(&mut world, next, "finished").await;
    assert_eq!(
        world.each_got(&PEOPLE[..2]),
        [2, 2],
        "the next one is of the day after"
    );
    world.finish().await;
}

/// It writes to one person a day.
fn one_a_day(plan: &mut Value) {
    plan["pace"]["dailyCap"] = json!(1);
}

#[tokio::test]
async fn one_whose_run_outlasts_its_period_is_not_met_by_the_next_one() {
    for (late, is_now) in [
        (ask(), "missed"),
        (json!({ "policy": "start_up_to", "minutes": 2_000 }), "scheduled"),
    ] {
        let mut world = World::linked().await;
        leap_to(&world, 11, 59);
        world.until_online().await;
        let id = planned(&world, 3, one_a_day).await;
        given_a_time(&world, id, 6, late.clone(), "daily").await;
        until_arrived(&mut world, id, 1).await;
        let next = newest(&world).await;
        late_in_the_evening(&mut world).await;
        until_arrived(&mut world, id, 2).await;
        let at = world.shown(next).await["startsAt"].as_i64().expect("a time");
        let left = u64::try_from(at - world.clock.now().0).expect("it is still to come");
        world.leap(Duration::from_millis(left - 60_000));
        world.until_online().await;
        let is_decided = async |world: &World| {
            let shown = world.shown(next).await;
            shown["state"] != "scheduled" || shown["waits"]["why"] == "earlier"
        };
        until(&mut world, next, "its time has come", is_decided).await;
        assert_eq!(
            (world.each_got(&PEOPLE[..3]), state(&world, next).await.as_str()),
            (vec![1, 1, 0], is_now),
            "{late}: nobody gets two while the third waits for one"
        );
        let waits = world.shown(next).await["waits"]["why"].clone();
        if is_now == "scheduled" {
            assert_eq!(waits, "earlier", "it says so");
            late_in_the_evening(&mut world).await;
            until_state(&mut world, id, "finished").await;
            until_state(&mut world, next, "running").await;
        } else {
            assert_ne!(newest(&world).await, next, "{late}: the row goes on");
        }
        world.finish().await;
    }
}

#[tokio::test]
async fn what_is_paused_is_not_gone_on_with_by_the_next_one() {
    let mut world = World::linked().await;
    leap_to(&world, 11, 59);
    world.until_online().await;
    let id = planned(&world, 2, |plan| plan["pace"]["spacingSeconds"] = json!(60.0)).await;
    given_a_time(
        &world,
        id,
        6,
        json!({ "policy": "start_up_to", "minutes": 600 }),
        "daily",
    )
    .await;
    until_arrived(&mut world, id, 1).await;
    world.run("campaign_pause", json!({ "campaignId": id })).await;
    let next = newest(&world).await;

    a_day_passes(&mut world).await;
    until_state(&mut world, next, "missed").await;
    world.pass(Duration::from_secs(3_600)).await;
    assert_eq!(world.arrived(), 1, "a person lets it go on, and nobody did");
    let after_it = newest(&world).await;
    assert_eq!(
        state(&world, after_it).await,
        "scheduled",
        "the row is still there"
    );

    world.run("campaign_resume", json!({ "campaignId": id })).await;
    until_state(&mut world, id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE[..2]), [1, 1], "each once");
    a_day_passes(&mut world).await;
    until_state(&mut world, after_it, "finished").await;
    assert_eq!(
        world.each_got(&PEOPLE[..2]),
        [2, 2],
        "and the next one is in time"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_start_by_hand_that_is_undone_leaves_the_row_as_it_was() {
    let mut world = World::linked().await;
    let id = scheduled(&world, 60, ask(), "daily").await;
    let before = world.shown(id).await;
    world.run("campaign_start", json!({ "campaignId": id })).await;
    assert_ne!(newest(&world).await, id, "the next one is there");
    world
        .run("campaign_start_undo", json!({ "campaignId": id }))
        .await;
    let after = world.shown(id).await;
    for field in ["state", "startsAt", "schedule"] {
        assert_eq!(after[field], before[field], "{field} as before");
    }
    assert_eq!(newest(&world).await, id, "and nothing else waits");
    until_state(&mut world, id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE[..2]), [1, 1], "once, at its time");
    assert_ne!(newest(&world).await, id, "the next one is made then");
    world.finish().await;
}

#[tokio::test]
async fn the_row_goes_on_after_one_that_missed_its_time_is_given_another_one_once() {
    let mut world = World::linked().await;
    let id = scheduled(&world, 5, ask(), "daily").await;
    world.until_state(id, "finished").await;
    let missed = newest(&world).await;
    world.shop.close().await;
    world.leap(Duration::from_secs(3 * 86_400));
    world.restart().await;
    world.until_state(missed, "missed").await;
    let next = newest(&world).await;
    assert_eq!(world.shown(next).await["carriesRow"], true, "nothing else recurs");
    let at = world.shown(next).await["startsAt"].as_i64().expect("a time");
    let left = at - world.clock.now().0;
    let later = in_minutes(&world, left / 60_000 + 30);
    let once = json!({ "local": later, "zone": "UTC", "late": ask(), "repeats": "never" });
    world
        .run(
            "campaign_schedule",
            json!({ "campaignId": missed, "schedule": once }),
        )
        .await;

    world.leap(Duration::from_millis(
        u64::try_from(left - 300_000).expect("it is still to come"),
    ));
    world.until_online().await;
    until_state(&mut world, next, "finished").await;
    let after_it = newest(&world).await;
    assert_ne!(after_it, next, "it is followed by another one");
    assert_eq!(
        state(&world, after_it).await,
        "scheduled",
        "though one waits that starts once"
    );
    until_state(&mut world, missed, "finished").await;
    assert_eq!(newest(&world).await, after_it, "that one is followed by none");
    assert_eq!(world.each_got(&PEOPLE[..2]), [3, 3], "each at its time");
    world.finish().await;
}

#[tokio::test]
async fn one_that_missed_its_time_and_is_sent_on_the_next_ones_day_is_not_followed_by_it_that_day() {
    let mut world = World::linked().await;
    leap_to(&world, 11, 59);
    world.until_online().await;
    let id = planned(&world, 2, |_| {}).await;
    given_a_time(&world, id, 6, ask(), "daily").await;
    world.shop.close().await;
    world.leap(Duration::from_secs(3_600));
    leap_to(&world, 9, 30);
    world.restart().await;
    world.until_online().await;
    world.until_state(id, "missed").await;
    let next = newest(&world).await;
    let at = world.shown(next).await["startsAt"].as_i64().expect("a time");
    assert!(
        at - world.clock.now().0 < 4 * 3_600_000,
        "it waits for this very day"
    );
    let the_day_after = at + 86_400_000;
    assert_eq!(
        world.shown(id).await["next"],
        json!({ "startsAt": at, "movesTo": the_day_after }),
        "what becomes of it is told before"
    );

    world.run("campaign_start", json!({ "campaignId": id })).await;
    assert_eq!(
        world.shown(next).await["startsAt"],
        the_day_after,
        "it is put off at once"
    );
    until_state(&mut world, id, "finished").await;
    leap_to(&world, 11, 59);
    world.until_online().await;
    world.pass(Duration::from_secs(7_200)).await;
    assert_eq!(
        (world.each_got(&PEOPLE[..2]), state(&world, next).await.as_str()),
        (vec![1, 1], "scheduled"),
        "one a day"
    );
    a_day_passes(&mut world).await;
    until_state(&mut world, next, "finished").await;
    assert_eq!(
        world.each_got(&PEOPLE[..2]),
        [2, 2],
        "and the next one is in time"
    );
    world.finish().await;
}
