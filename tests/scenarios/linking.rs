//! Linking a number, and losing the link.

use std::time::Duration;

use mostrador_api::ErrorCode;
use mostrador_engine::clock::{Clock, SystemClock};
use mostrador_sandbox::{Fault, FaultKind};
use serde_json::json;

use crate::world::{ROSA, World};

/// Another customer whom the sandbox knows.
const MATEO: &str = "51900000012";

#[tokio::test]
async fn a_newcomer_links_a_number_and_sees_the_chats() {
    let world = World::linked().await;

    let device = world.device().await;
    assert_eq!(device["ownNumber"], "+51900000010", "the linked number is told");
    assert_eq!(
        device["inbound"], "webhook_and_polling",
        "a gateway on this computer calls us"
    );
    assert!(
        world.chats().await.len() >= 10,
        "the first sync has brought the chats"
    );
    assert!(world.messages_of(ROSA).await.len() > 2, "with their messages");
    world.finish().await;
}

#[tokio::test]
async fn a_code_that_nobody_scans_expires_and_is_asked_for_again() {
    let mut world = World::new().await;
    world.add_device().await;

    world
        .until("the codes end", async |world| {
            world.device().await["state"]["step"]["kind"] == "expired"
        })
        .await;
    let id = world.device().await["id"].clone();
    world.run("device_pair_start", json!({ "deviceId": id })).await;
    world
        .until("a new code is shown", async |world| {
            world.device().await["state"]["step"]["kind"] == "qr"
        })
        .await;
    world.sandbox.scan().expect("the new code can be scanned");
    world.until_online().await;
    world.finish().await;
}

#[tokio::test]
async fn linking_can_be_left_and_taken_up_again() {
    let mut world = World::new().await;
    world.add_device().await;
    world
        .until("a code is shown", async |world| {
            world.device().await["state"]["step"]["kind"] == "qr"
        })
        .await;
    let device = json!({ "deviceId": world.device().await["id"] });

    world.run("device_pair_stop", device.clone()).await;
    world
        .until("linking was left", async |world| {
            world.device().await["state"]["kind"] == "logged_out"
        })
        .await;
    world.run("device_pair_start", device).await;
    world
        .until("a code is shown", async |world| {
            world.device().await["state"]["step"]["kind"] == "qr"
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_wrong_token_asks_for_the_right_one() {
    let mut world = World::new().await;
    let args = world.device_args("wrong-token");

    let test = json!({ "gateway": "whapi", "url": world.sandbox.url(), "token": "wrong-token" });
    assert_eq!(
        world.refused("gateway_test", test).await,
        ErrorCode::TokenRejected,
        "the test says so at once"
    );
    let device = world.run("device_add", args).await;
    world
        .until("the token is refused", async |world| {
            world.device().await["state"]["why"] == "token_rejected"
        })
        .await;
    let right = json!({ "deviceId": device["id"], "token": world.sandbox.token(), "remember": true });
    world.run("device_token_set", right).await;
    world
        .until("a code is shown", async |world| {
            world.device().await["state"]["step"]["kind"] == "qr"
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_that_is_down_is_said_to_be_and_mends_by_itself() {
    let mut world = World::linked().await;

    world.sandbox.set_fault(Fault {
        method: None,
        path_prefix: None,
        times: 30,
        kind: FaultKind::CutBeforeEffect,
    });
    world
        .until("it shows", async |world| {
            world.device().await["state"]["kind"] == "degraded"
        })
        .await;
    world.until_online().await;
    world.finish().await;
}

#[tokio::test]
async fn an_address_where_nobody_answers_is_unreachable() {
    let world = World::new().await;

    for (url, why) in [
        ("http://127.0.0.1:9", "nobody_there"),
        ("https://gateway.invalid", "name_not_found"),
    ] {
        let test = json!({ "gateway": "whapi", "url": url, "token": "any-token" });
        let told = world
            .try_run("gateway_test", test)
            .await
            .expect_err("nobody answers");
        assert_eq!(told.code, ErrorCode::GatewayUnreachable, "{url}");
        assert_eq!(
            told.params.get("why"),
            Some(&json!(why)),
            "{url}: how far one comes"
        );
    }
    let odd = json!({ "gateway": "whapi", "url": "not an address", "token": "any-token" });
    assert_eq!(
        world.refused("gateway_test", odd).await,
        ErrorCode::UrlInvalid,
        "that is no address"
    );
    let plain = json!({ "gateway": "whapi", "url": "http://gateway.example", "token": "any-token" });
    assert_eq!(
        world.refused("gateway_test", plain).await,
        ErrorCode::UrlInvalid,
        "a token never leaves unencrypted"
    );
    world.finish().await;
}

#[tokio::test]
async fn whatever_a_gateway_answers_to_the_test_of_its_connection_is_told_apart() {
    let status = |code| FaultKind::Status {
        code,
        body: None,
        headers: Default::default(),
    };
    let answers = [
        ("429", status(429), ErrorCode::RateLimited),
        ("500", status(500), ErrorCode::GatewayError),
        ("a cut line", FaultKind::CutBeforeEffect, ErrorCode::GatewayError),
        (
            "a page with 502",
            FaultKind::HtmlPage { code: 502 },
            ErrorCode::GatewayError,
        ),
        (
            "a page",
            FaultKind::HtmlPage { code: 200 },
            ErrorCode::AnotherServer,
        ),
        (
            "a page that is not there",
            FaultKind::HtmlPage { code: 404 },
            ErrorCode::AnotherServer,
        ),
    ];
    let world = World::new().await;
    let token = world.sandbox.token().to_owned();
    for (gateway, more) in [
        ("whapi", json!({ "url": world.sandbox.url() })),
        ("waconecta", json!({ "container_token": token })),
        ("api_engine", json!({})),
        ("qr_buho", json!({ "instance": "51900000010" })),
        ("evolution", json!({ "instance": "tienda" })),
    ] {
        let mut fields = json!({ "url": crate::dialects::at(&world, gateway), "token": token });
        for (name, value) in more.as_object().into_iter().flatten() {
            fields[name] = value.clone();
        }
        for (what, kind, expected) in &answers {
            world.sandbox.set_fault(Fault {
                method: None,
                path_prefix: None,
                times: 1_000,
                kind: kind.clone(),
            });
            let test = json!({ "gateway": gateway, "fields": fields });
            let told = world.refused("gateway_test", test).await;
            assert_eq!(told, *expected, "{gateway}: {what}");
            world.sandbox.clear_faults();
        }
    }
    world.finish().await;
}

#[tokio::test]
async fn unlinking_on_the_phone_is_noticed_and_linking_again_works() {
    let mut world = World::linked().await;

    world.unlink().await;
    world.link_again().await;
    world.until_online().await;
    world.finish().await;
}

#[tokio::test]
async fn logging_out_unlinks_the_number_at_the_gateway() {
    let mut world = World::linked().await;

    let device = json!({ "deviceId": world.device().await["id"] });
    world.run("device_logout", device).await;
    assert!(!world.sandbox.is_linked(), "the gateway has let go of the number");
    world
        .until("it shows", async |world| {
            world.device().await["state"]["kind"] == "logged_out"
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_removed_device_takes_its_chats_along_and_its_token() {
    let world = World::linked().await;

    let device = json!({ "deviceId": world.device().await["id"] });
    let size = world.run("device_size", device.clone()).await;
    let kept = world.run("storage_status", json!({})).await;
    assert!(
        size["messages"].as_u64() > Some(0),
        "a shop that has talked: {size}"
    );
    assert_eq!(
        (&size["chats"], &size["messages"]),
        (&kept["chats"], &kept["messages"]),
        "with the only number everything goes"
    );
    world.run("device_remove", device.clone()).await;
    assert_eq!(
        world.refused("device_size", device.clone()).await,
        ErrorCode::NotFound,
        "nothing is left to count"
    );
    assert!(world.chats().await.is_empty(), "its chats are gone");
    assert_eq!(
        world.refused("device_pair_start", device).await,
        ErrorCode::NotFound,
        "it is gone"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_chat_that_the_gateway_refuses_to_show_does_not_hold_up_the_others() {
    let mut world = World::new().await;
    world.sandbox.set_fault(Fault {
        method: Some("GET".into()),
        path_prefix: Some(format!("/messages/list/{ROSA}")),
        times: 1_000,
        kind: FaultKind::Status {
            code: 400,
            body: None,
            headers: Default::default(),
        },
    });
    world.link().await;
    assert!(world.chats().await.len() >= 10, "the others are here");
    world.finish().await;
}

#[tokio::test]
async fn another_number_behind_the_same_token_is_synced_anew() {
    let mut world = World::linked().await;
    let other = world.shop.engine().store().write(|writing| {
        Ok(writing.execute("UPDATE device SET own_address = '51911111111@s.whatsapp.net'", [])?)
    });
    other.await.expect("as if another number had been linked so far");
    world
        .until("it syncs", async |world| {
            world.device().await["state"]["kind"] == "syncing"
        })
        .await;
    world.until_online().await;
    world.finish().await;
}

#[tokio::test]
async fn a_sync_that_is_interrupted_forgets_nobody_who_wrote_meanwhile() {
    let mut world = World::linked().await;
    let before = world.chat_of(ROSA).await["unread"].as_u64().expect("a number");
    world.unlink().await;
    world.sandbox.write_as(ROSA, "¿me lees?").expect("Rosa writes");
    world.pass(Duration::from_secs(5)).await;
    world.sandbox.write_as(MATEO, "yo también").expect("Mateo writes");
    let kind = FaultKind::CutBeforeEffect;
    world
        .sandbox
        .set_fault(Fault::once("GET", &format!("/messages/list/{ROSA}"), kind));

    world.link_again().await;
    world.until_online().await;
    assert_eq!(
        world.chat_of(ROSA).await["unread"].as_u64(),
        Some(before + 1),
        "Rosa waits for an answer"
    );
    world.finish().await;
}

fn on_code(times: u32, code: u16) -> Fault {
    Fault {
        method: Some("GET".into()),
        path_prefix: Some("/users/login".into()),
        times,
        kind: FaultKind::Status {
            code,
            body: None,
            headers: Default::default(),
        },
    }
}

async fn shows_a_code(world: &World) -> bool {
    world.device().await["state"]["step"]["kind"] == "qr"
}

#[tokio::test]
async fn a_gateway_that_has_no_code_for_us_is_asked_less_and_less() {
    let mut world = World::new().await;
    world.sandbox.set_fault(on_code(15, 500));
    world.add_device().await;

    for _ in 0..60 {
        world.pass(Duration::from_secs(2)).await;
    }
    assert!(
        !shows_a_code(&world).await,
        "fifteen questions in two minutes are no back-off"
    );
    world
        .until("a code is shown in the end", async |world| {
            shows_a_code(world).await
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_that_contradicts_itself_is_given_a_moment() {
    let mut world = World::new().await;
    world.sandbox.set_fault(on_code(100_000, 409));
    world.add_device().await;

    // In the gateway's time: here none passes.
    SystemClock.sleep(Duration::from_secs(1)).await;
    world.sandbox.clear_faults();
    SystemClock.sleep(Duration::from_millis(200)).await;
    assert!(!shows_a_code(&world).await, "it was asked again at once");
    world
        .until("a code is shown in the end", async |world| {
            shows_a_code(world).await
        })
        .await;
    world.finish().await;
}

/// How many chats have words of theirs here.
async fn with_words(world: &World) -> usize {
    let chats = world.chats().await;
    chats.iter().filter(|chat| !chat["last"].is_null()).count()
}

/// The gateway asks for a pause, once, at one chat's messages.
fn stops_at_mateo() -> Fault {
    Fault {
        method: Some("GET".into()),
        path_prefix: Some(format!("/messages/list/{MATEO}")),
        times: 1,
        kind: FaultKind::Status {
            code: 429,
            body: None,
            headers: std::collections::BTreeMap::new(),
        },
    }
}

#[tokio::test]
async fn a_first_sync_that_was_cut_short_goes_on_where_it_stopped() {
    let mut world = World::new().await;
    world.sandbox.set_fault(stops_at_mateo());
    world.link().await;
    assert!(with_words(&world).await > 1, "every chat is here in the end");
    let before = world.chats().await.len();
    world.restart().await;
    world.until_online().await;
    assert_eq!(world.chats().await.len(), before, "and stays here");
    world.finish().await;
}

#[tokio::test]
async fn a_first_sync_tells_how_far_it_has_come() {
    let mut world = World::new().await;
    // It stops at one chat for a while, and everybody can look.
    world.sandbox.set_fault(stops_at_mateo());
    world.add_device().await;
    world
        .until("a code is shown", async |world| step(world).await == "qr")
        .await;
    world.sandbox.scan().expect("the code is live");
    world
        .until("some chats are done, of so many", async |world| {
            let state = world.device().await["state"].clone();
            let (done, total) = (state["done"].as_u64(), state["total"].as_u64());
            state["kind"] == "syncing" && done > Some(0) && done < total
        })
        .await;
    world.until_online().await;
    world.finish().await;
}

/// The number of the practice shop's phone, as its owner writes it.
const OWN: &str = "+51 900-000-010";

async fn step(world: &World) -> String {
    let state = world.device().await["state"].clone();
    state["step"]["kind"].as_str().unwrap_or_default().to_owned()
}

async fn until_step(world: &mut World, expected: &str) {
    world
        .until(&format!("linking is at {expected}"), async |world| {
            step(world).await == expected
        })
        .await;
}

/// A device that shows a QR code, and what it is asked for a code to type with.
async fn at_a_code() -> (World, serde_json::Value) {
    let mut world = World::new().await;
    world.add_device().await;
    until_step(&mut world, "qr").await;
    let args = json!({ "deviceId": world.device().await["id"], "phone": OWN });
    (world, args)
}

async fn typed_code(world: &World) -> String {
    let state = world.device().await["state"].clone();
    state["step"]["code"]
        .as_str()
        .expect("a code is shown")
        .to_owned()
}

#[tokio::test]
async fn a_number_is_linked_by_a_code_that_is_typed_on_the_phone() {
    let (mut world, args) = at_a_code().await;
    assert_eq!(
        world.device().await["capabilities"]["pairByCode"],
        true,
        "it is offered"
    );

    world.run("device_pair_code", args).await;
    let code = typed_code(&world).await;
    // Longer than a QR code lives: the gateway shows others meanwhile.
    for _ in 0..40 {
        world.pass(Duration::from_secs(1)).await;
    }

    assert_eq!(code.len(), 8, "without separators");
    assert_eq!(
        typed_code(&world).await,
        code,
        "no QR code takes it off the screen"
    );
    world.sandbox.type_letters(&code).expect("the code is live");
    world.until_online().await;
    assert_eq!(world.device().await["ownNumber"], "+51900000010", "it is linked");
    world.finish().await;
}

#[tokio::test]
async fn a_typed_code_that_ended_is_said_to_be_and_another_one_can_be_asked_for() {
    let (mut world, args) = at_a_code().await;
    world.run("device_pair_code", args.clone()).await;
    let first = typed_code(&world).await;

    until_step(&mut world, "typed_code_ended").await;
    assert!(
        world.sandbox.type_letters(&first).is_err(),
        "the phone would refuse it"
    );
    world.run("device_pair_code", args.clone()).await;
    until_step(&mut world, "typed_code").await;
    let second = typed_code(&world).await;
    assert_ne!(second, first, "it is another one");
    world.run("device_pair_start", args).await;
    until_step(&mut world, "qr").await;
    world
        .sandbox
        .scan()
        .expect("codes to scan can be had again as well");
    world.until_online().await;
    world.finish().await;
}

#[tokio::test]
async fn a_passkey_is_waited_for_after_either_code_and_linking_goes_on_by_itself() {
    for typed in [false, true] {
        let (mut world, args) = at_a_code().await;
        world.sandbox.demand_passkey(true);
        if typed {
            world.run("device_pair_code", args).await;
            // The phone's owner takes a while, so that the confirmation outlasts the code.
            for _ in 0..60 {
                world.pass(Duration::from_secs(1)).await;
            }
            let code = typed_code(&world).await;
            world.sandbox.type_letters(&code).expect("the code is live");
        } else {
            world.sandbox.scan().expect("the code is live");
        }

        until_step(&mut world, "passkey").await;
        assert!(
            !world.sandbox.is_linked(),
            "typed={typed}: the code alone links nothing"
        );
        assert!(
            world.sandbox.confirm_passkey(),
            "typed={typed}: it waits for its owner"
        );
        world.until_online().await;
        world.finish().await;
    }
}

#[tokio::test]
async fn a_passkey_that_nobody_confirms_ends_in_another_code() {
    let (mut world, _) = at_a_code().await;
    world.sandbox.demand_passkey(true);
    world.sandbox.scan().expect("the code is live");
    until_step(&mut world, "passkey").await;

    until_step(&mut world, "qr").await;
    world.finish().await;
}

#[tokio::test]
async fn what_is_no_number_of_this_shop_is_refused_and_the_code_to_scan_stays() {
    let (world, args) = at_a_code().await;
    let with = |phone: &str| json!({ "deviceId": args["deviceId"], "phone": phone });

    for phone in ["", "hola", "12345", "51900000010@g.us", "51900000011"] {
        assert_eq!(
            world.refused("device_pair_code", with(phone)).await,
            ErrorCode::NumberInvalid,
            "{phone:?} cannot be linked here"
        );
    }
    assert_eq!(step(&world).await, "qr", "what is on the screen stays");
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_that_gives_no_typed_code_says_why_and_the_code_to_scan_stays() {
    let (mut world, args) = at_a_code().await;
    for (status, expected) in [
        (406, ErrorCode::NotOffered),
        (429, ErrorCode::RateLimited),
        (500, ErrorCode::GatewayError),
    ] {
        let mut fault = on_code(1, status);
        fault.path_prefix = Some("/users/login/51900000010".into());
        world.sandbox.set_fault(fault);
        assert_eq!(
            world.refused("device_pair_code", args.clone()).await,
            expected,
            "{status} has its own words"
        );
        assert_eq!(step(&world).await, "qr", "{status}: what is on the screen stays");
    }
    world.sandbox.scan().expect("the code to scan is live");
    world.until_online().await;
    assert_eq!(
        world.refused("device_pair_code", args).await,
        ErrorCode::AlreadyLinked,
        "there is nothing to link"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_that_prepares_the_typed_code_is_asked_until_it_is_there() {
    let (mut world, args) = at_a_code().await;
    let mut fault = on_code(3, 422);
    fault.path_prefix = Some("/users/login/51900000010".into());
    world.sandbox.set_fault(fault);

    world.run("device_pair_code", args).await;
    assert_eq!(step(&world).await, "waiting", "it is on its way");
    until_step(&mut world, "typed_code").await;
    world.finish().await;
}

#[tokio::test]
async fn a_restart_while_a_typed_code_is_shown_starts_with_codes_to_scan() {
    let (mut world, args) = at_a_code().await;
    world.run("device_pair_code", args.clone()).await;
    let code = typed_code(&world).await;

    world.restart().await;
    until_step(&mut world, "qr").await;
    // The phone may still be given the code from before.
    world
        .sandbox
        .type_letters(&code)
        .expect("the gateway's code outlives us");
    world.until_online().await;
    world.finish().await;
}
