//! A campaign that is paused, braked or cancelled.

use std::time::Duration;

use mostrador_api::ErrorCode;
use mostrador_campaigns::state::Pause;
use mostrador_domain::{CampaignId, DeviceId, UnixMillis};
use mostrador_engine::clock::Clock;
use mostrador_sandbox::{Fault, FaultKind};
use mostrador_store::tables::campaign;
use mostrador_store::tables::device::{self, Restricted};
use serde_json::json;

use super::PEOPLE;
use crate::dialects::linked_at;
use crate::restricted::given_up;
use crate::truth::{refusing, restricted, state};
use crate::world::{ROSA, World};

const NIGHT: Duration = Duration::from_secs(12 * 3_600);

#[tokio::test]
async fn a_pause_bites_within_one_send_and_nobody_gets_it_twice_after_it() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    world.until_arrived(2).await;
    world.run("campaign_pause", json!({ "campaignId": id })).await;
    let arrived = world.arrived();
    world.pass(Duration::from_secs(600)).await;
    assert!(world.arrived() <= arrived + 1, "what was leaving may have left");
    let shown = world.shown(id).await;
    assert_eq!(shown["pause"]["cause"], "operator", "a person wanted it");
    world.run("campaign_resume", json!({ "campaignId": id })).await;
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE), [1; 5], "each exactly once");
    world.finish().await;
}

#[tokio::test]
async fn quick_pauses_and_resumes_make_one_run() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    for round in 0..6_u64 {
        world.pass(Duration::from_secs(4 + round)).await;
        let which = json!({ "campaignId": id });
        if world.shown(id).await["state"] == "running" {
            world.run("campaign_pause", which.clone()).await;
            world.run("campaign_resume", which.clone()).await;
            world.run("campaign_pause", which.clone()).await;
            world.run("campaign_resume", which).await;
        }
    }
    world.until_state(id, "finished").await;
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(world.each_got(&PEOPLE), [1; 5], "each exactly once");
    world.finish().await;
}

#[tokio::test]
async fn a_campaign_says_when_the_restriction_ends_that_paused_it_and_not_an_earlier_one() {
    let mut world = restricted().await;
    let clock = world.clock.clone();
    world
        .restart_after(async |sandbox| {
            clock.advance(NIGHT);
            sandbox.skip(NIGHT);
        })
        .await;
    world.until_online().await;
    world.until_status(ROSA, "todavía no", "delivered").await;
    let id = world.started(&PEOPLE).await;
    world.until_arrived(1).await;
    let begins = world.clock.now();
    world
        .sandbox
        .set_fault(refusing("POST", "/messages/text", 463, 1));
    world
        .until("it says until when", async |world| {
            world.shown(id).await["pause"]["until"].is_number()
        })
        .await;
    let until = world.shown(id).await["pause"]["until"].as_i64().expect("a time");
    assert!(UnixMillis(until) > begins, "it ends after it began");
    world.finish().await;
}

/// A number is restricted, of which the file says that this was told so long ago; the campaign that is paused by a person is braked by it.
async fn braked_by_one_told(world: &World, id: i64, ago: Duration) {
    let device = DeviceId(world.device().await["id"].as_i64().expect("a number"));
    let (id, now) = (CampaignId(id), world.clock.now());
    let told = Restricted {
        since: now.before(ago),
        until: None,
    };
    let store = world.shop.engine().store();
    let braked = store.write(move |writing| {
        device::restricted(writing, device, Some(told))?;
        campaign::resume(writing, id, now)?;
        campaign::brake(writing, id, Pause::Restricted { until: None })
    });
    assert!(braked.await.expect("the store takes it"), "it is paused");
}

#[tokio::test]
async fn a_campaign_is_never_told_that_its_pause_ends_in_the_past() {
    for (ago, is_told) in [(600, true), (4 * 3_600, false)] {
        let mut world = World::linked().await;
        world.send(ROSA, "buenas", "p-1").await;
        world.until_status(ROSA, "buenas", "delivered").await;
        let sent = world.sandbox.ledger_of(ROSA)[0].message_id.clone();
        let id = world.started(&PEOPLE).await;
        world.until_arrived(1).await;
        world.run("campaign_pause", json!({ "campaignId": id })).await;
        given_up(&world, &sent, Duration::from_secs(1)).await;
        world
            .until("the number is restricted", async |world| {
                state(world).await == "restricted"
            })
            .await;

        braked_by_one_told(&world, id, Duration::from_secs(ago)).await;

        world.pass(Duration::from_secs(120)).await;
        let until = world.shown(id).await["pause"]["until"].as_i64();
        assert_eq!(until.is_some(), is_told, "told {ago} s ago: {until:?}");
        world.finish().await;
    }
}

#[tokio::test]
async fn a_restriction_pauses_at_once_says_why_and_answers_go_on() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    world.until_arrived(1).await;
    let restricted = FaultKind::Status {
        code: 463,
        body: None,
        headers: Default::default(),
    };
    world
        .sandbox
        .set_fault(Fault::once("POST", "/messages/text", restricted));
    world.until_state(id, "paused").await;
    let shown = world.shown(id).await;
    assert_eq!(shown["pause"]["cause"], "restricted", "with its cause");
    assert_eq!(shown["counts"]["queued"], 0, "nothing waits in the outbox");
    world
        .until("it says until when", async |world| {
            world.shown(id).await["pause"]["until"].is_number()
        })
        .await;
    let until = world.shown(id).await["pause"]["until"].as_i64().expect("a time");
    let code = world
        .refused("campaign_resume", json!({ "campaignId": id }))
        .await;
    assert_eq!(code, ErrorCode::Restricted, "nobody lets it go on before");
    let arrived = world.arrived();
    world.send(ROSA, "buenas tardes", "r-1").await;
    world.until_status(ROSA, "buenas tardes", "delivered").await;
    world.pass(Duration::from_secs(3 * 3_600)).await;
    assert_eq!(world.arrived(), arrived, "the campaign waits for a person");
    world.until_online().await;
    assert!(world.clock.now().0 >= until, "it was over then, and not before");
    world.run("campaign_resume", json!({ "campaignId": id })).await;
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE), [1; 5], "each exactly once");
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_that_forbids_a_send_pauses_at_once_and_answers_go_on() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    world.until_arrived(1).await;
    let forbidden = FaultKind::Status {
        code: 403,
        body: None,
        headers: Default::default(),
    };
    world
        .sandbox
        .set_fault(Fault::once("POST", "/messages/text", forbidden));
    world.until_state(id, "paused").await;
    let shown = world.shown(id).await;
    assert_eq!(shown["pause"]["cause"], "forbidden", "the first one is enough");
    assert_eq!(shown["counts"]["failed"], 1, "one has failed");
    let rows = world.recipients(id).await;
    let failed = rows.iter().find(|row| row["state"] == "failed");
    assert_eq!(failed.expect("one")["reason"], "forbidden", "and says why");
    let arrived = world.arrived();
    world.send(ROSA, "buenas tardes", "r-1").await;
    world.until_status(ROSA, "buenas tardes", "delivered").await;
    world.pass(Duration::from_secs(3_600)).await;
    assert_eq!(world.arrived(), arrived, "the campaign waits for a person");
    world.run("campaign_resume", json!({ "campaignId": id })).await;
    world.until_state(id, "finished").await;
    assert_eq!(world.arrived(), 4, "all but the one who was refused");
    world.finish().await;
}

#[tokio::test]
async fn one_number_that_is_not_on_whatsapp_stops_nobody_else() {
    for gateway in ["evolution", "qr_buho"] {
        let mut world = linked_at(gateway).await;
        let id = world.started(&PEOPLE).await;
        let missing = json!({ "status": 400, "error": "Bad Request",
            "response": { "message": [{ "jid": "51900000012@s.whatsapp.net", "exists": false, "number": "51900000012" }] } });
        let missing = FaultKind::Status {
            code: 400,
            body: Some(missing),
            headers: Default::default(),
        };
        let call = match gateway {
            "qr_buho" => "api/send",
            _ => "message/sendText",
        };
        let prefix = format!("/dialects/{gateway}/{call}");
        world.sandbox.set_fault(Fault::once("POST", &prefix, missing));
        world.until_state(id, "finished").await;
        let rows = world.recipients(id).await;
        assert_eq!(
            (&rows[0]["state"], &rows[0]["reason"]),
            (&json!("failed"), &json!("refused_recipient")),
            "{gateway}: it says why"
        );
        assert_eq!(
            world.each_got(&PEOPLE),
            [0, 1, 1, 1, 1],
            "{gateway}: the others got it"
        );
        world.finish().await;
    }
}

#[tokio::test]
async fn a_number_that_is_unlinked_pauses_and_is_linked_before_it_goes_on() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    world.until_arrived(1).await;
    world.unlink().await;
    world.until_state(id, "paused").await;
    assert_eq!(
        world.shown(id).await["pause"]["cause"],
        "logged_out",
        "with its cause"
    );
    let code = world
        .refused("campaign_resume", json!({ "campaignId": id }))
        .await;
    assert_eq!(code, ErrorCode::NotLinked, "a person links it first");
    world.link_again().await;
    world.until_online().await;
    world.run("campaign_resume", json!({ "campaignId": id })).await;
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE), [1; 5], "each exactly once");
    world.finish().await;
}

#[tokio::test]
async fn too_many_refusals_pause() {
    let mut world = World::linked().await;
    let refused = FaultKind::Status {
        code: 400,
        body: None,
        headers: Default::default(),
    };
    let fault = Fault {
        times: 100,
        ..Fault::once("POST", "/messages/text", refused)
    };
    world.sandbox.set_fault(fault);
    let id = world.started(&PEOPLE).await;
    world
        .until("all have failed", async |world| {
            world.states(id).await == ["failed"; 5]
        })
        .await;
    let shown = world.shown(id).await;
    assert_eq!(
        (&shown["state"], &shown["pause"]["cause"]),
        (&json!("paused"), &json!("too_many_failures")),
        "five of five"
    );
    let rows = world.recipients(id).await;
    assert_eq!(rows[0]["reason"], "refused_content", "each says why");
    world.finish().await;
}

/// Each gateway, and the call by which it sends a text.
const SENDS: [(&str, &str); 5] = [
    ("whapi", "/messages/text"),
    ("evolution", "/dialects/evolution/message/sendText"),
    ("qr_buho", "/dialects/qr_buho/api/send"),
    ("waconecta", "/dialects/waconecta/api/v1/services/sendMessage"),
    ("api_engine", "/dialects/api_engine/api/messages/send"),
];

#[tokio::test]
async fn too_many_refusals_pause_through_each_gateway() {
    for (gateway, call) in SENDS {
        let mut world = linked_at(gateway).await;
        let refused = json!({ "success": false, "status": 400, "error": "Bad Request", "message": "no",
            "response": { "message": ["no"] } });
        let refused = FaultKind::Status {
            code: 400,
            body: Some(refused),
            headers: Default::default(),
        };
        let fault = Fault {
            times: 5,
            ..Fault::once("POST", call, refused)
        };
        world.sandbox.set_fault(fault);
        let id = world.started(&PEOPLE).await;
        world
            .until("all have failed", async |world| {
                world.states(id).await == ["failed"; 5]
            })
            .await;
        let shown = world.shown(id).await;
        assert_eq!(
            (&shown["state"], &shown["pause"]["cause"]),
            (&json!("paused"), &json!("too_many_failures")),
            "{gateway}: five of five"
        );
        world.finish().await;
    }
}

#[tokio::test]
async fn a_number_that_is_unlinked_pauses_through_each_gateway() {
    for (gateway, _) in SENDS {
        let mut world = linked_at(gateway).await;
        let id = world.started(&PEOPLE).await;
        world.until_arrived(1).await;
        world.sandbox.unlink();
        world.until_state(id, "paused").await;
        let shown = world.shown(id).await;
        assert_eq!(shown["pause"]["cause"], "logged_out", "{gateway}: with its cause");
        let (arrived, counts) = (world.arrived(), &shown["counts"]);
        assert_eq!(counts["failed"], 0, "{gateway}: nobody is given up: {counts}");
        world.pass(Duration::from_secs(3_600)).await;
        assert_eq!(world.arrived(), arrived, "{gateway}: it waits for a person");
        world.finish().await;
    }
}

#[tokio::test]
async fn who_was_not_written_to_when_it_is_cancelled_gets_nothing() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    world.until_arrived(2).await;
    let shown = world.run("campaign_cancel", json!({ "campaignId": id })).await;
    assert_eq!(shown["state"], "cancelled", "ended");
    world.pass(Duration::from_secs(600)).await;
    let shown = world.shown(id).await;
    let arrived = u64::try_from(world.arrived()).expect("few");
    assert!(arrived <= 3, "what was leaving may have left");
    assert_eq!(shown["counts"]["skipped"], 5 - arrived, "the others are skipped");
    assert_eq!(shown["counts"]["delivered"], arrived, "and all is counted");
    world.finish().await;
}

#[tokio::test]
async fn somebody_is_taken_out_before_their_turn() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    let last = world.recipients(id).await[4]["id"].clone();
    world
        .run("campaign_recipient_take_out", json!({ "recipientId": last }))
        .await;
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE), [1, 1, 1, 1, 0], "but for them");
    assert_eq!(
        world.recipients(id).await[4]["reason"],
        "taken_out",
        "and it says so"
    );
    world.finish().await;
}

#[tokio::test]
async fn one_that_is_cancelled_is_never_shown_as_broken_and_is_proven_when_it_is_closed() {
    let mut world = World::linked().await;
    let many: Vec<String> = (0..2_500).map(|number| format!("519{number:08}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let id = world.started(&many).await;
    world.pass(Duration::from_secs(30)).await;
    let which = json!({ "campaignId": id });
    let open = world.run("campaign_prove", which.clone()).await;
    assert_eq!(open["verdict"], "open", "it runs: {open}");
    world.run("campaign_cancel", which.clone()).await;
    let mut left = u64::MAX;
    loop {
        let proof = world.run("campaign_prove", which.clone()).await;
        let now = proof["left"].as_u64().expect("a count");
        assert!(now <= left, "ever fewer are left");
        left = now;
        match proof["verdict"].as_str() {
            Some("closing") => assert!(now > 0, "somebody is left"),
            Some("holds") => break,
            other => panic!("it is being closed: {other:?}"),
        }
    }
    assert_eq!(left, 0, "nobody is left");
    for format in ["csv", "xlsx", "pdf"] {
        let report = json!({ "campaignId": id, "format": format, "language": "es" });
        let report = world.run("campaign_export", report).await;
        assert_eq!(report["fileName"], format!("Pan.{format}"), "with its report");
    }
    world.finish().await;
}

#[tokio::test]
async fn two_windows_that_press_everything_at_once_make_one_run() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    let which = || json!({ "campaignId": id });
    for _ in 0..8 {
        world.pass(Duration::from_secs(3)).await;
        let pressed = tokio::join!(
            world.try_run("campaign_pause", which()),
            world.try_run("campaign_resume", which()),
            world.try_run("campaign_start", which()),
            world.try_run("campaign_pause", which()),
            world.try_run("campaign_resume", which()),
            world.try_run("campaign_resume", which()),
        );
        let (a, b, c, d, e, f) = pressed;
        for error in [a, b, c, d, e, f].into_iter().filter_map(Result::err) {
            assert_eq!(error.code, ErrorCode::StateChanged, "one of two is told");
        }
    }
    if world.shown(id).await["state"] == "paused" {
        world.run("campaign_resume", which()).await;
    }
    world.until_state(id, "finished").await;
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(world.each_got(&PEOPLE), [1; 5], "each exactly once");
    world.finish().await;
}

#[tokio::test]
async fn a_clock_that_is_set_makes_nobody_get_it_twice_or_too_early() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    let (passed, now) = (world.clock.elapsed(), world.clock.now());
    let undo_until = world.shown(id).await["undoUntil"].as_i64().expect("a time");
    // By the clock that nobody sets: when the first may leave.
    let first = passed + UnixMillis(undo_until).since(now);
    world.until_arrived(1).await;
    let day: i64 = 86_400_000;
    for (arrived, shift) in [(2, -day), (3, day * 2), (4, -day * 40)] {
        let now = world.clock.now();
        world.clock.set(UnixMillis(now.0 + shift));
        world.until_arrived(arrived).await;
        let earliest = first + Duration::from_secs(10) * u32::try_from(arrived - 1).expect("few");
        assert!(
            world.clock.elapsed() >= earliest,
            "ten seconds have really passed since each one before"
        );
    }
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE), [1; 5], "each exactly once");
    world.finish().await;
}
