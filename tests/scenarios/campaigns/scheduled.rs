//! Campaigns that start by themselves.

use std::time::Duration;

use chrono::{DateTime, Days, Months};
use mostrador_api::ErrorCode;
use mostrador_campaigns::state::RecipientState;
use mostrador_campaigns::wording::Table;
use mostrador_domain::{Address, CampaignId};
use mostrador_engine::clock::Clock as _;
use mostrador_sandbox::{Fault, FaultKind};
use mostrador_store::tables::campaign;
use mostrador_store::tables::campaign::recipient::{self, NewRecipient};
use serde_json::{Value, json};

use super::PEOPLE;
use crate::world::World;

/// So many minutes from now, as a clock in UTC shows it.
pub(crate) fn in_minutes(world: &World, minutes: i64) -> String {
    let at = world.shop.engine().clock().now().0 / 60_000 * 60_000 + minutes * 60_000;
    let at = DateTime::from_timestamp_millis(at).expect("a time");
    at.format("%Y-%m-%dT%H:%M").to_string()
}

pub(super) async fn scheduled(world: &World, minutes: i64, late: Value, repeats: &str) -> i64 {
    let id = world.campaign(&PEOPLE[..2]).await;
    given_a_time(world, id, minutes, late, repeats).await;
    id
}

/// Rehearses it, and gives it a time.
pub(super) async fn given_a_time(world: &World, id: i64, minutes: i64, late: Value, repeats: &str) {
    world.rehearsed(id).await;
    let local = in_minutes(world, minutes);
    let schedule = json!({ "local": local, "zone": "UTC", "late": late, "repeats": repeats, "day": null });
    let shown = world
        .run(
            "campaign_schedule",
            json!({ "campaignId": id, "schedule": schedule }),
        )
        .await;
    assert_eq!(
        (&shown["state"], &shown["schedule"]),
        (&json!("scheduled"), &schedule),
        "as it was set"
    );
}

/// The one that was made last.
pub(super) async fn newest(world: &World) -> i64 {
    let list = world.run("campaign_list", json!({})).await;
    list[0]["id"].as_i64().expect("a number")
}

pub(super) fn ask() -> Value {
    json!({ "policy": "ask" })
}

#[tokio::test]
async fn it_starts_at_its_time_and_not_before() {
    let mut world = World::linked().await;
    let id = scheduled(&world, 30, ask(), "never").await;
    world.pass(Duration::from_secs(28 * 60)).await;
    assert_eq!(world.shown(id).await["state"], "scheduled", "not yet");
    assert_eq!(world.arrived(), 0, "nothing has left");
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE[..2]), [1, 1], "each once");
    world.finish().await;
}

#[tokio::test]
async fn a_time_that_was_taken_away_starts_nothing() {
    let mut world = World::linked().await;
    let id = scheduled(&world, 30, ask(), "never").await;
    let shown = world
        .run("campaign_unschedule", json!({ "campaignId": id }))
        .await;
    assert_eq!(shown["state"], "rehearsed", "it waits for a person");
    world.pass(Duration::from_secs(3_600)).await;
    assert_eq!(world.arrived(), 0, "nothing has left");
    let past = json!({ "local": in_minutes(&world, -5), "zone": "UTC", "late": ask(), "repeats": "never" });
    let code = world
        .refused("campaign_schedule", json!({ "campaignId": id, "schedule": past }))
        .await;
    assert_eq!(code, ErrorCode::BadRequest, "no time that has passed");
    world.finish().await;
}

/// The program was off from before its time until an hour after it.
async fn off_at_its_time(late: Value) -> (World, i64) {
    let mut world = World::linked().await;
    let id = scheduled(&world, 30, late, "never").await;
    world.shop.close().await;
    world.leap(Duration::from_secs(90 * 60));
    world.restart().await;
    (world, id)
}

#[tokio::test]
async fn a_missed_start_is_asked_about() {
    let (mut world, id) = off_at_its_time(ask()).await;
    world.until_state(id, "missed").await;
    world.pass(Duration::from_secs(600)).await;
    assert_eq!(world.arrived(), 0, "nothing by itself");
    world.until_online().await;
    world.run("campaign_start", json!({ "campaignId": id })).await;
    world.until_state(id, "finished").await;
    world.finish().await;
}

#[tokio::test]
async fn a_missed_start_is_left_out() {
    let (mut world, id) = off_at_its_time(json!({ "policy": "skip" })).await;
    world.until_state(id, "cancelled").await;
    assert_eq!(
        world.shown(id).await["counts"]["skipped"],
        2,
        "nobody is written to"
    );
    assert_eq!(world.arrived(), 0, "nothing has left");
    world.finish().await;
}

#[tokio::test]
async fn a_missed_start_happens_late_if_it_is_not_too_late() {
    let (mut world, id) = off_at_its_time(json!({ "policy": "start_up_to", "minutes": 90 })).await;
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE[..2]), [1, 1], "each once");
    world.finish().await;
    let (mut world, id) = off_at_its_time(json!({ "policy": "start_up_to", "minutes": 20 })).await;
    world.until_state(id, "missed").await;
    world.finish().await;
}

/// The program is on at its time, and the gateway away from before it until an hour after it.
async fn away_at_its_time(late: Value) -> (World, i64) {
    let mut world = World::linked().await;
    let id = scheduled(&world, 30, late, "never").await;
    world.sandbox.set_fault(Fault {
        method: None,
        path_prefix: None,
        times: u32::MAX,
        kind: FaultKind::CutBeforeEffect,
    });
    world
        .until("it is away", async |world| {
            world.device().await["state"]["kind"] == "degraded"
        })
        .await;
    let at = world.shown(id).await["startsAt"].as_i64().expect("a time");
    let left = u64::try_from(at - world.clock.now().0).expect("it is still to come");
    world.leap(Duration::from_millis(left.saturating_sub(10_000)));
    world.pass(Duration::from_secs(120)).await;
    world.leap(Duration::from_secs(3_600));
    world.pass(Duration::from_secs(10)).await;
    assert_eq!(
        world.device().await["state"]["kind"],
        "degraded",
        "it is away all the time"
    );
    (world, id)
}

#[tokio::test]
async fn what_is_chosen_for_a_missed_start_holds_when_the_gateway_was_away_at_its_time() {
    for (late, state) in [
        (json!({ "policy": "skip" }), "cancelled"),
        (ask(), "missed"),
        (json!({ "policy": "start_up_to", "minutes": 20 }), "missed"),
    ] {
        let (mut world, id) = away_at_its_time(late).await;
        world.sandbox.clear_faults();
        world.until_online().await;
        world.pass(Duration::from_secs(600)).await;
        assert_eq!(
            (world.shown(id).await["state"].as_str(), world.arrived()),
            (Some(state), 0),
            "it does not leave hours after its time"
        );
        world.finish().await;
    }
    let (mut world, id) = away_at_its_time(json!({ "policy": "start_up_to", "minutes": 180 })).await;
    let shown = world.shown(id).await;
    assert_eq!(
        (&shown["state"], &shown["waits"]["why"]),
        (&json!("scheduled"), &json!("device")),
        "it waits for the gateway, and says so"
    );
    world.sandbox.clear_faults();
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE[..2]), [1, 1], "late, as was chosen");
    world.finish().await;
}

#[tokio::test]
async fn a_line_that_is_lost_for_a_moment_at_its_time_makes_no_missed_start() {
    let mut world = World::linked().await;
    let id = scheduled(&world, 30, json!({ "policy": "skip" }), "never").await;
    let at = world.shown(id).await["startsAt"].as_i64().expect("a time");
    let left = |world: &World| u64::try_from(at - world.clock.now().0).expect("it is still to come");
    world.leap(Duration::from_millis(left(&world) - 200_000));
    world.until_online().await;
    world.sandbox.set_fault(Fault {
        method: None,
        path_prefix: None,
        times: u32::MAX,
        kind: FaultKind::CutBeforeEffect,
    });
    world
        .until("it is away", async |world| {
            world.device().await["state"]["kind"] == "degraded"
        })
        .await;
    world
        .pass(Duration::from_millis(left(&world)) + Duration::from_secs(70))
        .await;
    assert_eq!(world.shown(id).await["state"], "scheduled", "it waits");
    world.sandbox.clear_faults();
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE[..2]), [1, 1], "a few minutes late");
    world.finish().await;
}

#[tokio::test]
async fn what_held_one_whose_start_was_undone_is_not_shown_any_more() {
    let mut world = World::linked().await;
    let id = scheduled(&world, 60, ask(), "never").await;
    world.sandbox.set_fault(Fault {
        method: None,
        path_prefix: None,
        times: u32::MAX,
        kind: FaultKind::CutBeforeEffect,
    });
    world
        .until("it is away", async |world| {
            world.device().await["state"]["kind"] == "degraded"
        })
        .await;
    world.run("campaign_start", json!({ "campaignId": id })).await;
    world
        .until("it waits for the gateway", async |world| {
            world.shown(id).await["waits"]["why"] == "device"
        })
        .await;
    world
        .run("campaign_start_undo", json!({ "campaignId": id }))
        .await;
    world.pass(Duration::from_secs(5)).await;
    let shown = world.shown(id).await;
    assert_eq!(
        (&shown["state"], &shown["waits"]),
        (&json!("scheduled"), &json!(null)),
        "it waits for its time, and for nothing else"
    );
    world.sandbox.clear_faults();
    world.until_online().await;
    world.finish().await;
}

#[tokio::test]
async fn a_recurring_one_that_is_started_by_hand_is_followed_by_the_next_as_well() {
    let mut world = World::linked().await;
    let id = scheduled(&world, 60, ask(), "daily").await;
    let planned = world.shown(id).await["startsAt"].as_i64().expect("a time");
    world.run("campaign_start", json!({ "campaignId": id })).await;
    let next = newest(&world).await;
    assert_ne!(next, id, "the series goes on");
    let shown = world.shown(next).await;
    assert_eq!(
        (&shown["state"], &shown["counts"]["pending"], &shown["followsId"]),
        (&json!("scheduled"), &json!(2), &json!(id)),
        "with the same people"
    );
    let ahead = shown["startsAt"].as_i64().expect("a time") - planned;
    assert_eq!(ahead, 86_400_000, "at the next of its times");
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE[..2]), [1, 1], "once today");
    world.finish().await;
}

#[tokio::test]
async fn a_recurring_one_is_followed_by_the_next() {
    let mut world = World::linked().await;
    let id = world.campaign(&PEOPLE[..2]).await;
    let mut plan = world.shown(id).await["plan"].clone();
    plan["notAgainDays"] = json!(3);
    world
        .run("campaign_plan_set", json!({ "campaignId": id, "plan": plan }))
        .await;
    given_a_time(&world, id, 5, ask(), "daily").await;
    world.until_state(id, "finished").await;
    let list = world.run("campaign_list", json!({})).await;
    let next = list
        .as_array()
        .and_then(|all| all.first())
        .cloned()
        .expect("the next one");
    assert_eq!(
        (&next["followsId"], &next["followsAs"]),
        (&json!(id), &json!("repeat")),
        "it follows"
    );
    assert_eq!(
        (&next["state"], &next["counts"]["pending"]),
        (&json!("scheduled"), &json!(2)),
        "and waits for its time"
    );
    let first = world.shown(id).await["startedAt"].as_i64().expect("started");
    let ahead = next["startsAt"].as_i64().expect("a time") - first;
    assert!((ahead - 86_400_000).abs() < 120_000, "a day later: {ahead} ms");
    let next = next["id"].as_i64().expect("a number");
    world.leap(Duration::from_secs(86_400 - 600));
    world.until_online().await;
    world.until_state(next, "finished").await;
    assert_eq!(
        world.each_got(&PEOPLE[..2]),
        [2, 2],
        "once a day: its own repetitions are what it was set up for"
    );
    world.finish().await;
}

#[tokio::test]
async fn one_that_cannot_be_decided_about_keeps_no_other_from_its_time() {
    let mut world = World::linked().await;
    world.expect_warning("a scheduled campaign could not be decided about");
    let stuck = scheduled(&world, 5, ask(), "never").await;
    let other = scheduled(&world, 6, ask(), "never").await;
    let broken = format!(
        "CREATE TRIGGER stuck BEFORE UPDATE OF state ON campaign WHEN OLD.id = {stuck} BEGIN SELECT RAISE(ABORT, 'stuck'); END"
    );
    let break_it = world
        .shop
        .engine()
        .store()
        .write_durably(move |writing| Ok(writing.execute_batch(&broken)?));
    break_it.await.expect("it is broken");
    world.until_state(other, "finished").await;
    assert_eq!(
        world.shown(stuck).await["state"],
        "scheduled",
        "it is tried again"
    );
    assert_eq!(world.each_got(&PEOPLE[..2]), [1, 1], "by the other one");
    world.finish().await;
}

/// Puts a label on a customer's chat.
async fn label(world: &World, label: &Value, customer: &str) {
    let chat = world.chat_of(customer).await["id"].clone();
    let wish = json!({ "kind": "label", "labelId": label["id"], "on": true });
    world
        .run("chat_change", json!({ "chatId": chat, "change": wish }))
        .await;
}

/// A campaign with one column, to somebody who has a value in it and to somebody who has none, both of whom have it.
async fn with_a_blank(world: &mut World) -> i64 {
    let id = world.campaign(&[]).await;
    let mut plan = world.shown(id).await["plan"].clone();
    plan["texts"] = json!([{ "share": 100, "body": { "kind": "text", "text": "¿Qué talla usas?" } }]);
    world
        .run("campaign_plan_set", json!({ "campaignId": id, "plan": plan }))
        .await;
    let now = world.shop.engine().clock().now();
    let put = world.shop.engine().store().write_durably(move |writing| {
        campaign::set_sources(writing, CampaignId(id), "[]", &Table::of(["Talla"]))?;
        for (number, size) in PEOPLE.into_iter().zip(["M", ""]) {
            let person = NewRecipient {
                row: None,
                written: number.to_owned(),
                address: Some(Address::parse(number)),
                cells: vec![size.to_owned()],
                variant: 0,
                state: RecipientState::Pending,
            };
            recipient::add(writing, CampaignId(id), &person, now)?;
        }
        Ok(())
    });
    put.await.expect("the audience is not frozen");
    world.rehearsed(id).await;
    world.run("campaign_start", json!({ "campaignId": id })).await;
    world.until_state(id, "finished").await;
    id
}

#[tokio::test]
async fn the_next_one_asks_a_person_if_its_text_cannot_be_filled_in_for_all_that_its_source_holds_then() {
    let mut world = World::linked().await;
    let earlier = with_a_blank(&mut world).await;
    let answer = async |world: &mut World, who: usize| {
        world.sandbox.write_as(PEOPLE[who], "gracias").expect("written");
        world
            .until("it is heard", async |world| {
                world.states(earlier).await[who] == "replied"
            })
            .await;
    };
    answer(&mut world, 0).await;
    let id = world.campaign(&[]).await;
    let mut plan = world.shown(id).await["plan"].clone();
    plan["texts"] = json!([{ "share": 100, "body": { "kind": "text", "text": "Llegó la talla {{talla}}" } }]);
    world
        .run("campaign_plan_set", json!({ "campaignId": id, "plan": plan }))
        .await;
    let sources = json!([{ "kind": "replies", "campaignId": earlier }]);
    let args = json!({ "campaignId": id, "sources": sources });
    world.run("campaign_audience_set", args).await;
    let rehearsal = world.run("campaign_rehearse", json!({ "campaignId": id })).await;
    assert_eq!(rehearsal["ready"], true, "as they are now: {rehearsal}");
    let schedule =
        json!({ "local": in_minutes(&world, 5), "zone": "UTC", "late": ask(), "repeats": "daily" });
    let args = json!({ "campaignId": id, "schedule": schedule });
    world.run("campaign_schedule", args).await;
    world.until_state(id, "finished").await;
    assert_eq!(world.got(PEOPLE[0], "Llegó la talla M"), 1, "the first time");

    answer(&mut world, 1).await;
    let list = world.run("campaign_list", json!({})).await;
    let next = list[0]["id"].as_i64().expect("the next one");
    assert_eq!(list[0]["state"], "scheduled", "it waits for its time");
    world.leap(Duration::from_secs(86_400 - 600));
    world.until_online().await;
    world.until_state(next, "missed").await;
    world.pass(Duration::from_secs(600)).await;
    let all = world.sandbox.ledger();
    let sizes = all
        .iter()
        .filter_map(|entry| entry.body.as_deref())
        .filter(|body| body.starts_with("Llegó"));
    assert_eq!(
        sizes.count(),
        1,
        "nobody gets a text with a hole in it, nor half of them theirs"
    );
    world.finish().await;
}

/// A campaign that says "Hoy hay pan" to whoever comes from there, once a day, and has done so for the first time.
async fn daily(world: &mut World, source: Value) {
    let id = world.campaign(&[]).await;
    let mut plan = world.shown(id).await["plan"].clone();
    plan["texts"] = json!([{ "share": 100, "body": { "kind": "text", "text": "Hoy hay pan" } }]);
    world
        .run("campaign_plan_set", json!({ "campaignId": id, "plan": plan }))
        .await;
    let sources = json!([source]);
    world
        .run(
            "campaign_audience_set",
            json!({ "campaignId": id, "sources": sources }),
        )
        .await;
    world.rehearsed(id).await;
    let schedule = json!({ "local": in_minutes(world, 5), "zone": "UTC", "late": ask(), "repeats": "daily" });
    world
        .run(
            "campaign_schedule",
            json!({ "campaignId": id, "schedule": schedule }),
        )
        .await;
    world.until_state(id, "finished").await;
}

#[tokio::test]
async fn the_next_one_is_for_whoever_its_source_holds_when_its_time_comes() {
    let mut world = World::linked().await;
    let device = world.device().await;
    let colour = device["capabilities"]["labelColours"][0].clone();
    let args = json!({ "deviceId": device["id"], "name": "Fieles", "colour": colour });
    let loyal = world.run("label_add", args).await;
    label(&world, &loyal, PEOPLE[0]).await;
    daily(&mut world, json!({ "kind": "label", "labelId": loyal["id"] })).await;
    let got = |world: &World| {
        PEOPLE[..2]
            .iter()
            .map(|who| world.got(who, "Hoy hay pan"))
            .collect::<Vec<_>>()
    };
    assert_eq!(got(&world), [1, 0], "the one who bore the label");

    label(&world, &loyal, PEOPLE[1]).await;
    let list = world.run("campaign_list", json!({})).await;
    let next = list[0]["id"].as_i64().expect("the next one");
    assert_eq!(list[0]["state"], "scheduled", "it waits for its time");
    world.leap(Duration::from_secs(86_400 - 600));
    world.until_online().await;
    world.until_state(next, "finished").await;
    assert_eq!(got(&world), [2, 1], "both, since both bear it now");
    world.finish().await;
}

#[tokio::test]
async fn the_next_one_asks_a_person_where_nobody_tells_any_more_whom_the_phone_has_saved() {
    let mut world = World::linked().await;
    daily(&mut world, json!({ "kind": "contacts" })).await;
    let list = world.run("campaign_list", json!({})).await;
    let next = list[0]["id"].as_i64().expect("the next one");

    let refused = FaultKind::Status {
        code: 400,
        body: None,
        headers: Default::default(),
    };
    world.sandbox.set_fault(Fault {
        times: u32::MAX,
        ..Fault::once("GET", "/contacts", refused)
    });
    let store = world.shop.engine().store();
    let forgotten = store.write(|writing| Ok(writing.execute("UPDATE contact SET saved_name = NULL", [])?));
    forgotten.await.expect("written");
    world.leap(Duration::from_secs(86_400 - 600));
    world.until_state(next, "missed").await;
    world.finish().await;
}

/// Goes on by so many days but ten minutes.
async fn days_pass(world: &mut World, days: u64) {
    world.leap(Duration::from_secs(days * 86_400 - 600));
    world.until_online().await;
}

/// A list in which two rows were refused, one of them of somebody who is in it once more: row 2, row 3 and 4, row 5.
async fn with_refused_rows(world: &mut World) -> i64 {
    let campaign = crate::audience::campaign(world, "Hoy hay pan").await;
    let list = format!(
        "Nombre,Celular\nAna,+{}\nEva,+{}\nLuis,+{}\nPía,+{}\n",
        PEOPLE[0], PEOPLE[1], PEOPLE[1], PEOPLE[2]
    );
    let import = crate::audience::opened(world, &campaign, "clientes.csv", list.as_bytes()).await;
    for row in [2, 3] {
        let about = json!({ "kind": "row", "row": row, "accepted": false });
        let args = json!({ "importId": import["importId"], "about": about });
        world.run("import_decide", args).await;
    }
    let id = json!({ "importId": import["importId"] });
    world
        .until("the list is read", async |world| {
            world.run("import_get", id.clone()).await["progress"] == 1.0
        })
        .await;
    world.run("import_accept", id.clone()).await;
    campaign["id"].as_i64().expect("a number")
}

fn got_pan(world: &World) -> Vec<usize> {
    PEOPLE[..3]
        .iter()
        .map(|who| world.got(who, "Hoy hay pan"))
        .collect()
}

#[tokio::test]
async fn who_was_refused_in_a_list_is_refused_at_each_repetition_and_stops_none() {
    let mut world = World::linked().await;
    let id = with_refused_rows(&mut world).await;
    given_a_time(&world, id, 5, ask(), "daily").await;
    world.until_state(id, "finished").await;
    assert_eq!(got_pan(&world), [0, 1, 1], "the first time");
    for times in [2, 3] {
        let next = newest(&world).await;
        assert_eq!(
            world.shown(next).await["counts"]["skipped"],
            2,
            "they are left out of the next one too"
        );
        days_pass(&mut world, 1).await;
        world.until_state(next, "finished").await;
        assert_eq!(
            got_pan(&world),
            [0, times, times],
            "once a day, and never who was refused"
        );
    }
    world.finish().await;
}

#[tokio::test]
async fn one_whose_people_cannot_be_gathered_is_asked_about() {
    let mut world = World::linked().await;
    let id = scheduled(&world, 5, ask(), "daily").await;
    let broken = "CREATE TRIGGER broken BEFORE INSERT ON recipient BEGIN SELECT RAISE(ABORT, 'broken'); END";
    let break_it = world
        .shop
        .engine()
        .store()
        .write_durably(move |writing| Ok(writing.execute_batch(broken)?));
    break_it.await.expect("it is broken");
    world.until_state(id, "missed").await;
    assert_eq!(world.arrived(), 0, "nothing by itself");
    assert_eq!(newest(&world).await, id, "and no next one without its people");
    world.finish().await;
}

#[tokio::test]
async fn a_weekly_and_a_monthly_one_go_on_at_the_same_time_of_the_clock() {
    for (repeats, later) in [("weekly", Later::Days(7)), ("monthly", Later::Month)] {
        let mut world = World::linked().await;
        let id = scheduled(&world, 5, ask(), repeats).await;
        let first = world.shown(id).await["startsAt"].as_i64().expect("a time");
        world.until_state(id, "finished").await;
        for times in 2..=3 {
            let next = newest(&world).await;
            let at = world.shown(next).await["startsAt"].as_i64().expect("a time");
            assert_eq!(at, later.after(first, times - 1), "{repeats}: the time {times}");
            let now = world.clock.now().0;
            let left = u64::try_from(at - now).expect("it is still to come");
            world.leap(Duration::from_millis(left - 300_000));
            world.until_online().await;
            world.until_state(next, "finished").await;
            assert_eq!(
                world.each_got(&PEOPLE[..2]),
                [times, times],
                "{repeats}: each once a time"
            );
        }
        world.finish().await;
    }
}

enum Later {
    Days(u64),
    Month,
}

impl Later {
    fn after(&self, first: i64, times: usize) -> i64 {
        let first = DateTime::from_timestamp_millis(first).expect("a time");
        let times = u32::try_from(times).expect("few");
        let at = match self {
            Self::Days(days) => first + Days::new(u64::from(times) * days),
            Self::Month => first + Months::new(times),
        };
        at.timestamp_millis()
    }
}

#[tokio::test]
async fn a_missed_start_of_a_recurring_one_is_asked_about_and_the_later_ones_go_on() {
    let mut world = World::linked().await;
    let id = scheduled(&world, 5, ask(), "daily").await;
    world.until_state(id, "finished").await;
    let missed = newest(&world).await;
    world.shop.close().await;
    world.leap(Duration::from_secs(3 * 86_400));
    world.restart().await;
    world.until_state(missed, "missed").await;
    let next = newest(&world).await;
    assert_ne!(next, missed, "the series goes on");
    let all = world.run("campaign_list", json!({})).await;
    assert_eq!(
        all.as_array().map(Vec::len),
        Some(3),
        "with one, whatever was missed"
    );
    let at = world.shown(next).await["startsAt"].as_i64().expect("a time");
    let left = at - world.clock.now().0;
    assert!((1..=86_400_000).contains(&left), "within a day: {left} ms");
    assert_eq!(world.each_got(&PEOPLE[..2]), [1, 1], "nothing by itself");

    world.until_online().await;
    world.run("campaign_start", json!({ "campaignId": missed })).await;
    world.until_state(missed, "finished").await;
    assert_eq!(
        world.each_got(&PEOPLE[..2]),
        [2, 2],
        "a person wanted it after all"
    );
    let left = u64::try_from(at - world.clock.now().0).expect("it is still to come");
    world.leap(Duration::from_millis(left.saturating_sub(300_000)));
    world.until_online().await;
    world.until_state(next, "finished").await;
    assert_eq!(
        world.each_got(&PEOPLE[..2]),
        [3, 3],
        "and the next one is in time"
    );
    world.finish().await;
}
