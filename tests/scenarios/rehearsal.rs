//! The rehearsal of a campaign: what is in the way of each row, and the timeline, held against the run.

use std::time::Duration;

use chrono::DateTime;
use mostrador_api::ErrorCode;
use mostrador_campaigns::pacer::{Now, Pacer, Past};
use mostrador_campaigns::rehearsal::{self, Assumed, Fate};
use mostrador_domain::{CampaignId, UnixMillis};
use mostrador_engine::clock::Clock;
use mostrador_store::tables::campaign;
use serde_json::{Value, json};

use crate::audience::{campaign, of, opened};
use crate::campaigns::hours::leap_to;
use crate::world::{ROSA, World};

#[tokio::test]
async fn a_variable_without_a_value_blocks_the_launch_and_names_the_rows() {
    let mut world = World::linked().await;
    let campaign = campaign(&world, "Hola {{nombre}}, {{ciudad}}").await;
    let list = "Nombre;Celular\nAna;+51900000030\n;+51900000031\n;hola\nEva;+51900000032\n;+51900000033\n";
    let list = opened(&mut world, &campaign, "a.csv", list.as_bytes()).await;
    world
        .run("import_accept", json!({ "importId": list["importId"] }))
        .await;
    let rehearsed = world.run("campaign_rehearse", of(&campaign)).await;
    assert_eq!(rehearsed["ready"], false, "a variable that is no column");
    assert_eq!(
        rehearsed["faults"],
        json!([{ "code": "unknown_variable", "variant": 0, "variable": "ciudad" }]),
        "named"
    );

    say(&world, &campaign, "Hola {{nombre}}").await;
    let rehearsed = world.run("campaign_rehearse", of(&campaign)).await;
    assert_eq!(
        rehearsed["faults"],
        json!([{ "code": "unresolved", "variant": 0, "variable": "nombre", "count": 2, "rows": [3, 6] }]),
        "by the numbers that the spreadsheet shows"
    );
    assert_eq!(
        world.refused("campaign_start", of(&campaign)).await,
        ErrorCode::StateChanged,
        "it cannot be started"
    );

    say(&world, &campaign, "Hola {{nombre | default(\"amigo\")}}").await;
    let rehearsed = world.run("campaign_rehearse", of(&campaign)).await;
    assert_eq!(rehearsed["ready"], true, "a fallback: {rehearsed}");
    assert_eq!(rehearsed["sends"], 4, "who has a number");
    assert_eq!(
        rehearsed["skipped"],
        json!([{ "reason": "invalid_number", "count": 1 }]),
        "and why not"
    );
    let now = world.run("campaign_get", of(&campaign)).await;
    assert_eq!(
        (&now["state"], &now["rehearsed"]),
        (&json!("rehearsed"), &json!(true)),
        "as it stands"
    );
    world.finish().await;
}

#[tokio::test]
async fn the_text_of_a_row_is_filled_in_though_something_is_in_the_way_of_it_today() {
    let mut world = World::linked().await;
    let asks = crate::campaigns::PEOPLE[0];
    world
        .sandbox
        .write_as(asks, "¿me pueden dar de baja?")
        .expect("written");
    world
        .until("it is heard", async |world| {
            let all = json!({ "state": "asked", "after": null, "limit": 50 });
            world.run("opt_out_list", all).await[0].is_object()
        })
        .await;
    let campaign = campaign(&world, "Hola {{nombre}}").await;
    let list = format!("Nombre;Celular\nAna;+{ROSA}\n;+{asks}\n");
    let list = opened(&mut world, &campaign, "a.csv", list.as_bytes()).await;
    world
        .run("import_accept", json!({ "importId": list["importId"] }))
        .await;
    let rehearsed = world.run("campaign_rehearse", of(&campaign)).await;
    assert_eq!(
        rehearsed["faults"],
        json!([{ "code": "unresolved", "variant": 0, "variable": "nombre", "count": 1, "rows": [3] }]),
        "a person may decide that they did not mean it"
    );
    say(&world, &campaign, "Hola {{nombre | default(\"amigo\")}}").await;
    let rehearsed = world.run("campaign_rehearse", of(&campaign)).await;
    assert_eq!(
        (&rehearsed["ready"], &rehearsed["sends"]),
        (&json!(true), &json!(1)),
        "their turn waits for that: {rehearsed}"
    );
    world.finish().await;
}

/// When each of its people gets it, and which text, by the last rehearsal.
async fn turns(world: &World, campaign: &Value) -> Vec<(Option<i64>, u64)> {
    let args = json!({ "campaignId": campaign["id"], "from": 0, "limit": 100 });
    let people = world.run("campaign_preview", args).await;
    let people = people.as_array().expect("a list").iter();
    people
        .map(|one| (one["at"].as_i64(), one["variant"].as_u64().expect("a text")))
        .collect()
}

#[tokio::test]
async fn the_rehearsal_says_who_gets_which_text_when_as_long_as_the_campaign_stands_as_it_was() {
    let mut world = World::linked().await;
    let campaign = campaign(&world, "Hola").await;
    let asks = crate::campaigns::PEOPLE[0];
    let list = format!("Nombre;Celular\nAna;+51900000030\nEva;+{asks}\n;hola\nLuz;+51900000032\n");
    let list = opened(&mut world, &campaign, "a.csv", list.as_bytes()).await;
    world
        .run("import_accept", json!({ "importId": list["importId"] }))
        .await;
    assert_eq!(
        turns(&world, &campaign).await,
        [(None, 0), (None, 0), (None, 0)],
        "nobody knows before the rehearsal"
    );
    world
        .sandbox
        .write_as(asks, "¿me pueden dar de baja?")
        .expect("written");
    world
        .until("it is heard", async |world| {
            let all = json!({ "state": "asked", "after": null, "limit": 50 });
            world.run("opt_out_list", all).await[0].is_object()
        })
        .await;
    let rehearsed = world.run("campaign_rehearse", of(&campaign)).await;
    let time = |value: &Value| value.as_i64().expect("a time");
    let (first, ends) = (time(&rehearsed["first"]), time(&rehearsed["ends"]));
    let seen = turns(&world, &campaign).await;
    assert_eq!(
        seen,
        [(Some(first), 0), (None, 0), (Some(ends - 300), 0)],
        "the first and the last; whose turn waits for a decision has none"
    );

    let later = json!({ "campaignId": campaign["id"], "startsAt": ends + 3_600_000 });
    world.run("campaign_rehearse", later).await;
    assert_eq!(
        turns(&world, &campaign).await,
        seen,
        "looking at another start changes nothing"
    );
    say(&world, &campaign, "Hola otra vez").await;
    assert!(
        turns(&world, &campaign).await.iter().all(|(at, _)| at.is_none()),
        "it is not what was rehearsed any more"
    );
    world.run("campaign_rehearse", of(&campaign)).await;
    assert!(
        turns(&world, &campaign).await[0].0.is_some(),
        "it was rehearsed anew"
    );
    world.leap(Duration::from_secs(900));
    assert!(
        turns(&world, &campaign).await.iter().all(|(at, _)| at.is_none()),
        "the first of them should have left a quarter of an hour ago"
    );
    world.finish().await;
}

#[tokio::test]
async fn what_other_campaigns_of_the_number_have_to_send_is_rehearsed_with_it() {
    let mut world = World::linked().await;
    leap_to(&world, 12, 0);
    world.until_online().await;
    let running = world.started(&crate::campaigns::PEOPLE).await;
    let numbers: Vec<String> = (0..6).map(|number| format!("519111110{number:02}")).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let id = world.campaign(&numbers).await;
    let mut plan = world.shown(id).await["plan"].clone();
    plan["pace"]["dailyCap"] = json!(8);
    let args = json!({ "campaignId": id, "plan": plan });
    world.run("campaign_plan_set", args).await;
    let rehearsed = async |world: &World| {
        let rehearsal = world.run("campaign_rehearse", json!({ "campaignId": id })).await;
        (rehearsal["others"].clone(), rehearsal["days"].clone())
    };
    let pending = world.shown(running).await["counts"]["pending"].clone();
    assert_ne!(pending, 0, "the other one has begun only");
    assert_eq!(
        rehearsed(&world).await,
        (pending, json!(2)),
        "eight a day are the number's, not the campaign's"
    );
    world
        .run("campaign_cancel", json!({ "campaignId": running }))
        .await;
    assert_eq!(
        rehearsed(&world).await,
        (json!(0), json!(1)),
        "alone it is done today"
    );
    world.finish().await;
}

async fn say(world: &World, campaign: &Value, text: &str) {
    let mut now = world.run("campaign_get", of(campaign)).await;
    now["plan"]["texts"][0]["body"]["text"] = json!(text);
    let args = json!({ "campaignId": campaign["id"], "plan": now["plan"] });
    world.run("campaign_plan_set", args).await;
}

#[tokio::test]
async fn the_rehearsals_timeline_is_the_runs() {
    let mut world = World::linked().await;
    let campaign = campaign(&world, "Hola {{nombre}}").await;
    let mut list = String::from("Nombre;Celular\n");
    let customers = world.sandbox.on(0).expect("the device").customers();
    for customer in customers.iter().take(6) {
        list.push_str(&format!("{};+{}\n", customer.name, customer.number));
    }
    let list = opened(&mut world, &campaign, "a.csv", list.as_bytes()).await;
    world
        .run("import_accept", json!({ "importId": list["importId"] }))
        .await;
    let rehearsed = world.run("campaign_rehearse", of(&campaign)).await;
    let time = |value: &Value| value.as_i64().expect("a time");
    let rehearsed_span = time(&rehearsed["ends"]) - time(&rehearsed["first"]);
    assert_eq!(
        rehearsed_span,
        5 * 8_000 + 300,
        "eight seconds between two, and the last call"
    );

    world.run("campaign_start", of(&campaign)).await;
    let shown = async |world: &World| world.run("campaign_get", of(&campaign)).await;
    world
        .until_by_turns(
            "it has ended",
            async |world| shown(world).await["state"] == "finished",
            async |world| shown(world).await["waits"]["until"].as_i64().map(UnixMillis),
        )
        .await;
    let queued = queued(&world).await;
    let span = queued.last().expect("some") - queued.first().expect("some");
    assert_eq!(span, 5 * 8_000, "message for message as it was rehearsed");
    world.finish().await;
}

#[tokio::test]
async fn a_rehearsal_of_a_later_start_is_of_the_run_that_begins_then() {
    let mut world = World::linked().await;
    leap_to(&world, 16, 30);
    world.until_online().await;
    let mut campaign = campaign(&world, "Hoy hay pan").await;
    let pace = &mut campaign["plan"]["pace"];
    pace["spacingSeconds"] = json!(45.0);
    pace["opens"] = json!("09:00");
    pace["closes"] = json!("17:32");
    let args = json!({ "campaignId": campaign["id"], "plan": campaign["plan"] });
    world.run("campaign_plan_set", args).await;
    let mut list = String::from("Celular\n");
    for number in 0..6 {
        list.push_str(&format!("+519111110{number:02}\n"));
    }
    let list = opened(&mut world, &campaign, "a.csv", list.as_bytes()).await;
    let args = json!({ "importId": list["importId"] });
    world.run("import_accept", args).await;
    let local = crate::campaigns::scheduled::in_minutes(&world, 60);
    let begins = DateTime::parse_from_rfc3339(&format!("{local}:00Z")).expect("a time");
    let args = json!({ "campaignId": campaign["id"], "startsAt": begins.timestamp_millis() });
    let rehearsal = world.run("campaign_rehearse", args).await;
    assert_eq!(rehearsal["ready"], true, "it can be given its time: {rehearsal}");
    assert_eq!(rehearsal["days"], 2, "the shop closes in between: {rehearsal}");
    let schedule = json!({ "local": local, "zone": "UTC", "late": { "policy": "ask" }, "repeats": "never" });
    let args = json!({ "campaignId": campaign["id"], "schedule": schedule });
    world.run("campaign_schedule", args).await;
    let again = world.run("campaign_rehearse", of(&campaign)).await;
    assert_eq!(
        (&again["first"], &again["ends"]),
        (&rehearsal["first"], &rehearsal["ends"]),
        "one that has its time is looked at from then on"
    );
    assert_eq!(
        world.run("campaign_get", of(&campaign)).await["state"],
        "scheduled",
        "and keeps it"
    );

    let id = campaign["id"].as_i64().expect("a number");
    world.until_state(id, "running").await;
    until_it_ends(&mut world, &campaign).await;
    let queued = queued(&world).await;
    let (first, last) = (queued[0], queued[queued.len() - 1]);
    let near = |told: &Value, was: i64| (told.as_i64().expect("a time") - was).abs() < 1_000;
    assert!(
        near(&rehearsal["first"], first),
        "the first: {rehearsal}, {first}"
    );
    assert!(near(&rehearsal["ends"], last), "the last: {rehearsal}, {last}");
    world.finish().await;
}

/// Waits until a campaign has ended; the nights are left out.
async fn until_it_ends(world: &mut World, campaign: &Value) {
    let shown = async |world: &World| world.run("campaign_get", of(campaign)).await;
    let waits = async |world: &World| shown(world).await["waits"]["until"].as_i64().map(UnixMillis);
    let night = Duration::from_secs(3_600);
    while shown(world).await["state"] != "finished" {
        let now = world.clock.now();
        if let Some(left) = waits(world).await.map(|until| until.since(now))
            && left > night
        {
            world.leap(left - Duration::from_secs(90));
        }
        world
            .until_by_turns(
                "it has ended, or waits for the morning",
                async |world| {
                    let now = world.clock.now();
                    let far = waits(world).await.is_some_and(|until| until.since(now) > night);
                    far || shown(world).await["state"] == "finished"
                },
                waits,
            )
            .await;
    }
}

/// When each message was put into the outbox.
async fn queued(world: &World) -> Vec<i64> {
    let times = world.shop.engine().store().read(|connection| {
        let mut statement = connection.prepare("SELECT queued_at FROM recipient ORDER BY place")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    });
    times.await.expect("times")
}

/// When each of so many messages would leave, by the rehearsal of this campaign's plan from `first` on.
async fn rehearsed_from(world: &World, campaign: &Value, first: i64, people: usize) -> Vec<i64> {
    let id = CampaignId(campaign["id"].as_i64().expect("a number"));
    let store = world.shop.engine().store();
    let plan = store
        .read(move |connection| Ok(campaign::get(connection, id)?.plan))
        .await
        .expect("a plan");
    let start = Now {
        wall: UnixMillis(first),
        steady: Duration::ZERO,
    };
    let past = Past {
        started: vec![],
        others: vec![],
        in_campaign: 0,
        held_until: None,
        chance: 0.0,
    };
    let limits = plan.limits(vec![], None).expect("limits");
    let pacer = Pacer::read_back(limits, &past, start).expect("a pacer");
    let assumed = Assumed {
        start,
        each_takes: Duration::ZERO,
        chance: || 0.0,
    };
    let mut times = Vec::new();
    rehearsal::rehearse(pacer, vec![Fate::Send; people], assumed, |_, at| times.push(at.0));
    times
}

#[tokio::test]
async fn each_message_leaves_when_it_was_rehearsed_over_nights_a_cap_and_rests() {
    let mut world = World::linked().await;
    leap_to(&world, 18, 49);
    world.until_online().await;
    let mut campaign = campaign(&world, "Hola {{nombre}}").await;
    let pace = &mut campaign["plan"]["pace"];
    pace["spacingSeconds"] = json!(45.0);
    pace["restEvery"] = json!(3);
    pace["restSeconds"] = json!(600);
    pace["opens"] = json!("09:00");
    pace["closes"] = json!("19:00");
    pace["dailyCap"] = json!(4);
    let args = json!({ "campaignId": campaign["id"], "plan": campaign["plan"] });
    world.run("campaign_plan_set", args).await;
    let people = 10;
    let mut list = String::from("Nombre;Celular\n");
    for number in 0..people {
        list.push_str(&format!("Cliente {number};+519111110{number:02}\n"));
    }
    let list = opened(&mut world, &campaign, "a.csv", list.as_bytes()).await;
    let args = json!({ "importId": list["importId"] });
    world.run("import_accept", args).await;
    let rehearsal = world.run("campaign_rehearse", of(&campaign)).await;
    assert_eq!(rehearsal["sends"], 10, "all of them: {rehearsal}");
    world.run("campaign_start", of(&campaign)).await;
    until_it_ends(&mut world, &campaign).await;
    let left = queued(&world).await;
    let expected = rehearsed_from(&world, &campaign, left[0], people).await;
    assert_eq!(left, expected, "each at its moment");
    let days = rehearsal["days"].as_u64();
    assert_eq!(days, Some(3), "three before seven, four, three: {rehearsal}");
    let hours = rehearsal["hours"].as_array().expect("hours").clone();
    let by_hour = |at: &i64| at / 3_600_000;
    let counted: Vec<usize> = left
        .chunk_by(|one, next| by_hour(one) == by_hour(next))
        .map(<[i64]>::len)
        .collect();
    let told: Vec<usize> = hours
        .iter()
        .map(|hour| usize::try_from(hour["count"].as_u64().expect("a count")).expect("few"))
        .collect();
    assert_eq!(counted, told, "in the hours that it told");
    world.finish().await;
}
