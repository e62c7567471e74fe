//! Another number behind a device: the shop gives the key of another channel, or links a second telephone. Nothing of the first one's
//! leaves from the second one unless a person says so. Judged by the ledger, which knows from which number each message came.

use std::time::Duration;

use mostrador_engine::clock::Clock;
use mostrador_sandbox::{Fault, FaultKind, SandboxConfig, WebhookTemper};
use serde_json::{Value, json};

use crate::campaigns::{PEOPLE, scheduled::in_minutes, words_for};
use crate::dialects;
use crate::truth::{restricted, state};
use crate::uncertain::{STRANGER, write_to};
use crate::world::{ROSA, World};

/// A gateway with two channels; the shop's device has the first one's key, and that one's number is linked.
async fn with_two_channels() -> World {
    let two = SandboxConfig {
        devices: 2,
        ..SandboxConfig::for_tests()
    };
    let mut world = World::with_sandbox(two).await;
    world.sandbox.link();
    world.add_device().await;
    world.until_online().await;
    world
}

/// The shop gives the other channel's key, and that one's chats are here.
async fn exchange(world: &mut World) {
    let other = world.sandbox.devices().swap_remove(1);
    world.saw_secret(&other.token);
    let args = json!({ "deviceId": world.device().await["id"], "token": other.token, "remember": true });
    world.run("device_token_set", args).await;
    let own = format!("+{}", other.number);
    world
        .until("the other number is linked", async |world| {
            let device = world.device().await;
            device["ownNumber"] == own && device["state"]["kind"] == "online"
        })
        .await;
}

/// How often somebody got this from the other number.
fn got_from_the_other(world: &World, customer: &str, text: &str) -> usize {
    let other = world.sandbox.devices().swap_remove(1).number;
    let got = world.sandbox.ledger_of(customer);
    got.iter()
        .filter(|entry| entry.body.as_deref() == Some(text) && entry.channel == other)
        .count()
}

async fn ours(world: &World, customer: &str, text: &str) -> Value {
    world.ours(customer, text).await.remove(0)
}

#[tokio::test]
async fn what_may_have_left_from_the_number_before_is_not_sent_again_by_the_other_one() {
    let mut world = with_two_channels().await;
    let unreadable = FaultKind::Status {
        code: 500,
        body: None,
        headers: Default::default(),
    };
    let unreadable = Fault {
        times: 100_000,
        ..Fault::once("GET", "/messages/list", unreadable)
    };
    world.sandbox.set_fault(unreadable);
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });
    // The other number has a chat of its own with Rosa, and none with the second one.
    for (customer, text) in [(ROSA, "llegó y no lo dijo"), (STRANGER, "llegó a alguien nuevo")] {
        world
            .sandbox
            .set_fault(Fault::once("POST", "/messages/text", FaultKind::CutAfterEffect));
        write_to(&world, customer, text).await;
        world
            .until("nobody knows", async |world| {
                ours(world, customer, text).await["status"] == "uncertain"
            })
            .await;
    }
    world.sandbox.clear_faults();
    world.sandbox.set_webhook_temper(WebhookTemper::default());
    exchange(&mut world).await;
    world.pass(Duration::from_secs(1_200)).await;

    for (customer, text) in [(ROSA, "llegó y no lo dijo"), (STRANGER, "llegó a alguien nuevo")] {
        assert_eq!(world.got(customer, text), 1, "«{text}» arrived once");
        let shown = ours(&world, customer, text).await;
        assert_eq!(
            (&shown["status"], &shown["needsOperator"], &shown["failure"]),
            (&json!("uncertain"), &json!(true), &json!("earlier_number")),
            "a person looks at the other telephone: «{text}»"
        );
    }
    let message = ours(&world, ROSA, "llegó y no lo dijo").await["id"].clone();
    let it_went = json!({ "messageId": message, "outcome": "it_went" });
    assert_eq!(
        world.run("message_resolve", it_went).await["status"],
        "sent",
        "and says so"
    );
    world.finish().await;
}

/// As if another number had been linked until now, and nobody had seen it go.
async fn as_if_another_one_had_been_linked(world: &World) {
    let other = world.shop.engine().store().write(|writing| {
        Ok(writing.execute("UPDATE device SET own_address = '51900000099@s.whatsapp.net'", [])?)
    });
    other.await.expect("the store takes it");
}

#[tokio::test]
async fn a_restriction_is_over_for_the_number_that_was_not_restricted() {
    let mut world = restricted().await;
    as_if_another_one_had_been_linked(&world).await;
    world.pass(Duration::from_secs(600)).await;
    assert_ne!(state(&world).await, "restricted", "it is free");
    world.until_online().await;
    world.finish().await;
}

#[tokio::test]
async fn what_the_phone_knows_is_read_of_the_other_number_though_nobody_saw_the_first_one_go() {
    let mut world = World::linked().await;
    world.pass(Duration::from_secs(120)).await;
    let asked = FaultKind::DelayMs(0);
    world.sandbox.set_fault(Fault::once("GET", "/contacts", asked));
    as_if_another_one_had_been_linked(&world).await;
    let began = world.clock.elapsed();
    world
        .until("its persons are asked for", async |world| {
            world.sandbox.waiting_faults() == 0
        })
        .await;
    let took = world.clock.elapsed().saturating_sub(began);
    assert!(
        took < Duration::from_secs(6 * 3_600),
        "not with those of a day: {took:?}"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_look_made_before_we_knew_of_the_other_number_proves_nothing() {
    let mut world = World::linked().await;
    // It is asked how it is just now, and so not before a minute is over: the last look comes before that.
    world
        .sandbox
        .set_fault(Fault::once("GET", "/health", FaultKind::DelayMs(0)));
    world
        .until("it was asked", async |world| world.sandbox.waiting_faults() == 0)
        .await;
    world
        .sandbox
        .set_fault(Fault::once("POST", "/messages/text", FaultKind::CutBeforeEffect));
    world.send(ROSA, "del primero", "l-1").await;
    world
        .until("nobody knows", async |world| {
            ours(world, ROSA, "del primero").await["status"] == "uncertain"
        })
        .await;
    as_if_another_one_had_been_linked(&world).await;
    world.pass(Duration::from_secs(600)).await;
    assert_eq!(
        world.got(ROSA, "del primero"),
        0,
        "what the other one's gateway does not list says nothing"
    );
    assert_eq!(
        ours(&world, ROSA, "del primero").await["failure"],
        "earlier_number",
        "a person decides"
    );
    world.finish().await;
}

#[tokio::test]
async fn what_waited_for_the_number_before_leaves_from_the_other_one_only_if_a_person_says_so() {
    let mut world = with_two_channels().await;
    world.unlink().await;
    let message = world.send(ROSA, "espera al primero", "w-1").await["id"].clone();
    exchange(&mut world).await;
    world.pass(Duration::from_secs(600)).await;

    assert_eq!(
        world.got(ROSA, "espera al primero"),
        0,
        "nobody has said that it shall"
    );
    let shown = ours(&world, ROSA, "espera al primero").await;
    assert_eq!(
        (&shown["status"], &shown["failure"], &shown["needsOperator"]),
        (&json!("failed"), &json!("number_changed"), &json!(true)),
        "it says why it waits"
    );
    world.send(ROSA, "del segundo", "w-2").await;
    world.until_status(ROSA, "del segundo", "delivered").await;
    world.run("message_retry", json!({ "messageId": message })).await;
    world.until_status(ROSA, "espera al primero", "delivered").await;
    assert_eq!(
        got_from_the_other(&world, ROSA, "espera al primero"),
        1,
        "a person has said so"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_campaign_does_not_go_on_by_itself_from_the_other_number() {
    let mut world = with_two_channels().await;
    world.expect_warning("messages were in flight when the last session ended");
    let scheduled = world.campaign(&[ROSA]).await;
    world.rehearsed(scheduled).await;
    let schedule = json!({
        "local": in_minutes(&world, 30), "zone": "UTC", "late": { "policy": "ask" }, "repeats": "daily"
    });
    let args = json!({ "campaignId": scheduled, "schedule": schedule });
    world.run("campaign_schedule", args).await;
    let id = world.started(&PEOPLE).await;
    world.until_arrived(2).await;
    exchange(&mut world).await;
    world.pass(Duration::from_secs(3_600)).await;

    let shown = world.shown(id).await;
    assert_eq!(
        (&shown["state"], &shown["pause"]["cause"]),
        (&json!("paused"), &json!("another_number")),
        "a person decides whether it goes on"
    );
    let from_other = |world: &World| -> usize {
        let got = PEOPLE.iter();
        got.map(|number| got_from_the_other(world, number, &words_for(number)))
            .sum()
    };
    assert_eq!(from_other(&world), 0, "nobody has got it from the other number");
    assert_eq!(
        world.shown(scheduled).await["state"],
        "missed",
        "nor does the next one start by itself"
    );
    assert_eq!(world.got(ROSA, &words_for(ROSA)), 0, "nothing of it left");

    world.run("campaign_resume", json!({ "campaignId": id })).await;
    world
        .until("the others have it", async |world| {
            let settled = world.states(id).await;
            // What the first one has sent is told to the first one.
            let is_settled = |state: &String| matches!(state.as_str(), "sent" | "delivered" | "uncertain");
            settled.iter().all(is_settled)
        })
        .await;
    assert!(
        world.each_got(&PEOPLE).iter().all(|times| *times <= 1),
        "nobody has it twice: {:?}",
        world.each_got(&PEOPLE)
    );
    assert!(from_other(&world) >= 2, "the rest went from there");

    world
        .run("campaign_start", json!({ "campaignId": scheduled }))
        .await;
    let list = world.run("campaign_list", json!({})).await;
    assert_eq!(
        list[0]["state"], "scheduled",
        "the next one of its row waits for its time: {list}"
    );
    world.finish().await;
}

#[tokio::test]
async fn another_number_that_is_found_at_the_start_finds_everything_held() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    world.until_arrived(1).await;
    world.expect_warning("messages were in flight when the last session ended");
    let other = world.shop.engine().store().write(|writing| {
        Ok(writing.execute("UPDATE device SET own_address = '51900000099@s.whatsapp.net'", [])?)
    });
    other.await.expect("as if another number had been linked so far");
    world.restart().await;
    world.until_online().await;
    world.pass(Duration::from_secs(600)).await;
    let shown = world.shown(id).await;
    assert_eq!(
        (&shown["state"], &shown["pause"]["cause"]),
        (&json!("paused"), &json!("another_number")),
        "though nobody was ever seen to be logged out"
    );
    assert!(world.arrived() < PEOPLE.len(), "it did not go on by itself");
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_that_lists_the_number_that_was_typed_tells_of_another_one_once_and_by_its_call() {
    let mut world = World::new().await;
    let fields = json!({
        "url": dialects::at(&world, "qr_buho"), "token": world.sandbox.token(), "instance": "51900000099"
    });
    dialects::add(&world, "qr_buho", fields).await;
    dialects::link(&mut world).await;
    assert_eq!(
        world.device().await["ownNumber"],
        "+51900000099",
        "as it is listed, though another telephone has scanned the code"
    );
    let unreadable = FaultKind::Status {
        code: 500,
        body: None,
        headers: Default::default(),
    };
    world.sandbox.set_fault(Fault {
        times: 100_000,
        ..Fault::once("POST", "/dialects/qr_buho/chat/message/find", unreadable)
    });
    world.sandbox.set_fault(Fault::once(
        "POST",
        "/dialects/qr_buho/api/send/",
        FaultKind::CutBeforeEffect,
    ));
    write_to(&world, STRANGER, "¿llegó?").await;
    world
        .until("nobody knows", async |world| {
            ours(world, STRANGER, "¿llegó?").await["status"] == "uncertain"
        })
        .await;
    let other = world.shop.engine().store().write(|writing| {
        Ok(writing.execute("UPDATE device SET own_address = '51900000098@s.whatsapp.net'", [])?)
    });
    other
        .await
        .expect("as if the call had told another number until then");
    world.unlink().await;
    world.sandbox.clear_faults();
    // At the gateway's own page.
    world.sandbox.link();
    world
        .until("the call has told which one it is", async |world| {
            world.device().await["ownNumber"] == "+51900000010"
        })
        .await;
    world.until_online().await;
    world.pass(Duration::from_secs(1_200)).await;

    let others = world.shop.engine().store().read(|connection| {
        Ok(connection.query_row("SELECT number_no FROM device", [], |row| row.get::<_, i64>(0))?)
    });
    assert_eq!(others.await.expect("read"), 1, "another one, once");
    let shown = ours(&world, STRANGER, "¿llegó?").await;
    assert_eq!(
        (&shown["status"], &shown["needsOperator"]),
        (&json!("uncertain"), &json!(true)),
        "a person looks at the other telephone"
    );
    assert_eq!(
        world.got(STRANGER, "¿llegó?"),
        0,
        "its absence here proves nothing"
    );
    world.finish().await;
}
