//! What was not sent while it might be sent waits until it may be: no hour, no day's cap and no gap is passed over for it.

use std::time::Duration;

use chrono::{DateTime, Timelike, Utc};
use mostrador_engine::clock::Clock;
use mostrador_sandbox::{Fault, FaultKind};
use serde_json::json;

use super::PEOPLE;
use crate::world::World;

/// What the clock of the shop shows, in minutes of its day. Lima is five hours behind UTC, all year.
pub(crate) fn minute_of_the_day(world: &World) -> u32 {
    let now: DateTime<Utc> = DateTime::from_timestamp_millis(world.clock.now().0).expect("a time");
    (now.hour() * 60 + now.minute() + 24 * 60 - 5 * 60) % (24 * 60)
}

/// Lets time pass at once until the clock of the shop shows this.
pub(crate) fn leap_to(world: &World, hour: u32, minute: u32) {
    let left = (hour * 60 + minute + 24 * 60 - minute_of_the_day(world)) % (24 * 60);
    world.leap(Duration::from_secs(u64::from(left) * 60));
}

/// A campaign that writes each minute between nine and seven, started two minutes before seven.
async fn late_in_the_day(world: &mut World) -> i64 {
    leap_to(world, 18, 57);
    world.until_online().await;
    let id = world.campaign(&PEOPLE).await;
    let mut plan = world.shown(id).await["plan"].clone();
    plan["pace"]["spacingSeconds"] = json!(60.0);
    plan["pace"]["opens"] = json!("09:00");
    plan["pace"]["closes"] = json!("19:00");
    let args = json!({ "campaignId": id, "plan": plan });
    world.run("campaign_plan_set", args).await;
    world.rehearsed(id).await;
    world.run("campaign_start", json!({ "campaignId": id })).await;
    world.until_arrived(1).await;
    id
}

#[tokio::test]
async fn what_could_not_leave_before_the_shop_closed_does_not_leave_at_night() {
    let mut world = World::linked().await;
    let id = late_in_the_day(&mut world).await;
    let slow_down = FaultKind::Status {
        code: 429,
        body: None,
        headers: [("retry-after".to_owned(), "600".to_owned())].into(),
    };
    let fault = Fault::once("POST", "/messages/text", slow_down);
    world.sandbox.set_fault(fault);
    world
        .until("the second could not leave", async |world| {
            world.sandbox.waiting_faults() == 0
        })
        .await;
    let arrived = world.arrived();
    world.shop.close().await;
    leap_to(&world, 3, 0);
    world.restart().await;
    world.until_online().await;
    world.pass(Duration::from_secs(1_800)).await;
    assert_eq!(
        world.arrived(),
        arrived,
        "nobody gets anything at three in the morning"
    );
    let shown = world.shown(id).await;
    assert_eq!(
        (&shown["state"], &shown["counts"]["queued"]),
        (&json!("running"), &json!(0)),
        "they wait for their turn, and nothing waits in the outbox: {shown}"
    );
    assert_eq!(shown["waits"]["why"], "closed", "until the shop opens");
    leap_to(&world, 8, 59);
    world.until_arrived(arrived + 1).await;
    assert!(minute_of_the_day(&world) >= 9 * 60, "then they do");
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE), [1; 5], "each exactly once");
    world.finish().await;
}

#[tokio::test]
async fn what_a_failing_gateway_did_not_take_leaves_in_its_pace_once_it_does() {
    let mut world = World::linked().await;
    let many: Vec<String> = (0..20).map(|number| format!("519{number:08}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let failing = FaultKind::Status {
        code: 500,
        body: None,
        headers: Default::default(),
    };
    let storm = Fault {
        times: 1_000,
        ..Fault::once("POST", "/messages/text", failing)
    };
    world.sandbox.set_fault(storm);
    let id = world.started(&many).await;
    world.pass(Duration::from_secs(300)).await;
    let shown = world.shown(id).await;
    let pending = shown["counts"]["pending"].as_u64().expect("a count");
    assert!(
        pending >= 15,
        "it is not given one after the other while nobody knows of any: {shown}"
    );
    assert_eq!(world.sandbox.ledger(), [], "it takes nothing");
    world.sandbox.clear_faults();
    world.until_state(id, "finished").await;
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(world.each_got(&many), [1; 20], "each exactly once");
    let turns = world.shop.engine().store().read(|connection| {
        let mut statement = connection.prepare("SELECT queued_at FROM recipient ORDER BY queued_at")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<Vec<i64>, _>>()?)
    });
    let turns = turns.await.expect("their turns");
    let gaps = turns.windows(2).map(|pair| pair[1] - pair[0]);
    assert!(gaps.min() >= Some(9_900), "ten seconds between two: {turns:?}");
    world.finish().await;
}

#[tokio::test]
async fn a_campaign_that_is_done_has_ended_whatever_its_pacer_says() {
    let mut world = World::linked().await;
    let id = world.campaign(&PEOPLE[..2]).await;
    let mut plan = world.shown(id).await["plan"].clone();
    plan["pace"]["dailyCap"] = json!(2);
    let args = json!({ "campaignId": id, "plan": plan });
    world.run("campaign_plan_set", args).await;
    world.rehearsed(id).await;
    world.run("campaign_start", json!({ "campaignId": id })).await;
    world.until_state(id, "finished").await;
    let ended = world.shown(id).await["endedAt"].as_i64().expect("a time");
    let rows = world.recipients(id).await;
    let last = rows.iter().filter_map(|row| row["sentAt"].as_i64()).max();
    let after = ended - last.expect("two were sent");
    assert!(
        after < 1_800_000,
        "with the last one, not when the next day begins: {after} ms after it"
    );
    world.finish().await;
}
