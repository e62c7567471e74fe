//! A second try for some of those whom a campaign missed: who can be chosen, and a choice that lasts.

use std::time::Duration;

use mostrador_api::ErrorCode;
use serde_json::{Value, json};

use crate::campaigns::{PEOPLE, scheduled::in_minutes};
use crate::world::World;

/// A campaign that was cancelled after two of five got it.
async fn cancelled(world: &mut World) -> i64 {
    let id = world.started(&PEOPLE).await;
    world.until_known(id, 2).await;
    world.run("campaign_cancel", json!({ "campaignId": id })).await;
    world
        .until("the others are left out", async |world| {
            world.shown(id).await["counts"]["skipped"] == 3
        })
        .await;
    id
}

async fn numbers(world: &World, id: i64) -> Vec<String> {
    let rows = world.recipients(id).await;
    let numbers = rows.iter().filter_map(|row| row["number"].as_str());
    numbers.map(str::to_owned).collect()
}

/// A campaign for some of those whom another missed.
async fn second_try(world: &World, of: i64, which: Value) -> i64 {
    let mut args = json!({ "campaignId": of, "name": "Pan (reintento)", "recipients": null });
    if let (Some(args), Some(which)) = (args.as_object_mut(), which.as_object()) {
        args.extend(which.clone());
    }
    let made = world.run("campaign_retry", args).await;
    made["id"].as_i64().expect("a number")
}

/// What the window does when a source is added or removed: the others are told again as they are.
async fn told_again(world: &World, id: i64) -> Value {
    let sources = world.shown(id).await["sources"].clone();
    let args = json!({ "campaignId": id, "sources": sources });
    world.run("campaign_audience_set", args).await["sources"].clone()
}

#[tokio::test]
async fn who_was_left_out_can_be_chosen_and_the_choice_outlives_a_change_of_the_sources() {
    let mut world = World::linked().await;
    let id = cancelled(&mut world).await;
    let rows = world.recipients(id).await;
    let choosable: Vec<bool> = rows.iter().map(|row| row["choosable"] == true).collect();
    assert_eq!(
        choosable,
        [false, false, true, true, true],
        "who got it cannot be chosen"
    );

    let chosen = [rows[1]["id"].clone(), rows[3]["id"].clone()];
    let new = second_try(&world, id, json!({ "recipients": chosen })).await;
    assert_eq!(
        numbers(&world, new).await,
        [PEOPLE[3]],
        "who was reached is not in it"
    );
    let sources = json!([{ "kind": "chosen", "campaignId": id, "recipients": chosen }]);
    assert_eq!(world.shown(new).await["sources"], sources, "the choice is kept");
    assert_eq!(told_again(&world, new).await, sources, "as it was");
    assert_eq!(numbers(&world, new).await, [PEOPLE[3]], "and nobody came along");

    let all = second_try(&world, id, json!({ "leftOut": true })).await;
    assert_eq!(
        numbers(&world, all).await,
        PEOPLE[2..],
        "all whom the end left out"
    );
    assert_eq!(
        told_again(&world, all).await,
        json!([{ "kind": "left_out", "campaignId": id }]),
        "a source like any other"
    );
    assert_eq!(numbers(&world, all).await, PEOPLE[2..], "the same people");

    let nobody = json!({ "campaignId": id, "name": "Pan", "recipients": [] });
    assert_eq!(
        world.refused("campaign_retry", nobody).await,
        ErrorCode::BadRequest,
        "a choice of nobody is none"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_recurring_one_for_chosen_people_is_for_them_each_time() {
    let mut world = World::linked().await;
    let id = cancelled(&mut world).await;
    let chosen = world.recipients(id).await[3]["id"].clone();
    let new = second_try(&world, id, json!({ "recipients": [chosen] })).await;
    world.rehearsed(new).await;
    let schedule = json!({
        "local": in_minutes(&world, 5), "zone": "UTC", "late": { "policy": "ask" }, "repeats": "daily",
    });
    let args = json!({ "campaignId": new, "schedule": schedule });
    world.run("campaign_schedule", args).await;
    world.leap(Duration::from_secs(240));
    world.until_online().await;
    world.until_state(new, "finished").await;
    let list = world.run("campaign_list", json!({})).await;
    let next = list[0]["id"].as_i64().expect("the next one");
    world.leap(Duration::from_secs(86_400 - 600));
    world.until_online().await;
    world
        .until("the next one has ended", async |world| {
            ["finished", "missed"].contains(&world.shown(next).await["state"].as_str().unwrap_or_default())
        })
        .await;
    assert_eq!(
        (
            &world.shown(next).await["state"],
            numbers(&world, next).await.as_slice()
        ),
        (&json!("finished"), [PEOPLE[3].to_owned()].as_slice()),
        "for the chosen one alone, and no person is asked"
    );
    world.finish().await;
}
