//! The first sync: what was read on the phone is read here, however it goes; and a person may stop it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use mostrador_sandbox::{Fault, FaultKind, SandboxConfig, WebhookTemper};
use serde_json::json;

use crate::world::{ROSA, World};

/// Another customer whom the sandbox knows.
const MATEO: &str = "51900000012";

/// More messages than a first sync fetches of one chat.
const TODAY: usize = 150;

/// A gateway at whose phone Rosa has written all day, and only these messages are unread.
async fn a_long_day(unread: usize) -> World {
    let world = World::new().await;
    world.sandbox.link();
    for number in 0..TODAY {
        let text = format!("mensaje {number} de hoy");
        let message = world.sandbox.write_as(ROSA, &text).expect("Rosa writes");
        if number + unread + 1 == TODAY {
            let phone = world.sandbox.on(0).expect("the shop has a phone");
            assert!(phone.read_on_phone(&message), "the owner reads");
        }
    }
    world.sandbox.unlink();
    // The day is over: what comes from now on comes in another second.
    world.leap(Duration::from_secs(60));
    world
}

/// How many messages each chat shows as unread, by its name.
async fn unread(world: &World) -> BTreeMap<String, u64> {
    let chats = world.chats().await;
    let one = |chat: &serde_json::Value| {
        let count = chat["unread"].as_u64().expect("a count");
        (chat["id"].to_string(), count)
    };
    chats.iter().map(one).collect()
}

async fn rosas_unread(world: &World) -> u64 {
    world.chat_of(ROSA).await["unread"].as_u64().expect("a count")
}

/// The gateway is asked for news a few times, far back too.
async fn after_some_polls(world: &mut World) {
    world
        .until("all of the day is here", async |world| {
            let chat = world.chat_of(ROSA).await["id"].as_i64().expect("an id");
            let sql = "SELECT count(*) FROM message WHERE chat_id = ?1 AND text LIKE 'mensaje %'";
            let count =
                world.shop.engine().store().read(move |connection| {
                    Ok(connection.query_row(sql, [chat], |row| row.get::<_, i64>(0))?)
                });
            usize::try_from(count.await.expect("counted")) == Ok(TODAY)
        })
        .await;
    world.pass(Duration::from_secs(150)).await;
}

fn at_mateo(kind: FaultKind) -> Fault {
    Fault::once("GET", &format!("/messages/list/{MATEO}"), kind)
}

fn too_many() -> FaultKind {
    FaultKind::Status {
        code: 429,
        body: None,
        headers: BTreeMap::new(),
    }
}

#[tokio::test]
async fn a_chat_of_many_messages_today_has_no_more_unread_than_the_phone() {
    for on_the_phone in [0, 3] {
        let mut world = a_long_day(on_the_phone).await;
        world.link().await;
        after_some_polls(&mut world).await;
        assert_eq!(
            rosas_unread(&world).await,
            on_the_phone as u64,
            "as the phone counts"
        );
        world.finish().await;
    }
}

#[tokio::test]
async fn a_first_sync_that_is_cut_short_makes_nothing_unread() {
    let mut world = a_long_day(3).await;
    world.link().await;
    after_some_polls(&mut world).await;
    let whole = unread(&world).await;
    world.finish().await;

    for kind in [too_many(), FaultKind::CutBeforeEffect] {
        let mut world = a_long_day(3).await;
        world.sandbox.set_fault(at_mateo(kind));
        world.link().await;
        after_some_polls(&mut world).await;
        assert_eq!(rosas_unread(&world).await, 3, "as the phone counts");
        assert_eq!(unread(&world).await, whole, "as if it had gone through at once");
        world.finish().await;
    }
}

#[tokio::test]
async fn what_comes_while_a_first_sync_waits_is_counted_once() {
    let mut world = a_long_day(3).await;
    // Nothing is told by itself: only asking brings it.
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });
    world.sandbox.set_fault(at_mateo(too_many()));
    syncing(&mut world).await;
    world.sandbox.write_as(ROSA, "una cosa más").expect("Rosa writes");
    world
        .until("it is synced", async |world| {
            world.device().await["state"]["kind"] != "syncing"
        })
        .await;
    after_some_polls(&mut world).await;
    assert_eq!(rosas_unread(&world).await, 4, "three, and the one of meanwhile");
    world.finish().await;
}

#[tokio::test]
async fn a_first_sync_on_a_computer_whose_clock_is_days_behind_makes_nothing_unread() {
    let mut world = a_long_day(3).await;
    world.sandbox.skip(Duration::from_secs(5 * 86_400));
    world.link().await;
    world.pass(Duration::from_secs(150)).await;
    assert_eq!(rosas_unread(&world).await, 3, "as the phone counts");
    world
        .sandbox
        .write_as(ROSA, "ya es otro día")
        .expect("Rosa writes");
    world
        .until("it is unread", async |world| rosas_unread(world).await == 4)
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_first_sync_on_a_computer_whose_clock_is_ahead_loses_nobody_who_writes_then() {
    let mut world = a_long_day(3).await;
    world.clock.advance(Duration::from_secs(3 * 3_600));
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });
    world.link().await;
    world.sandbox.write_as(ROSA, "¿siguen ahí?").expect("Rosa writes");
    world
        .until("it is unread", async |world| rosas_unread(world).await == 4)
        .await;
    world.finish().await;
}

/// The device is added, and its code scanned: the first sync begins.
async fn scanned(world: &mut World) {
    world.add_device().await;
    world
        .until("a code is shown", async |world| {
            world.device().await["state"]["step"]["kind"] == "qr"
        })
        .await;
    world.sandbox.scan().expect("the code is live");
}

/// The code is scanned, and some chats are done.
async fn syncing(world: &mut World) {
    scanned(world).await;
    world
        .until("some chats are done", async |world| {
            let state = world.device().await["state"].clone();
            state["kind"] == "syncing" && state["done"].as_u64() > Some(0)
        })
        .await;
}

/// A gateway with more chats than a page of its list holds.
async fn many_chats() -> World {
    with_chats(130).await
}

async fn with_chats(chats: u32) -> World {
    World::with_sandbox(SandboxConfig {
        chats: Some(chats),
        messages: Some(chats * 3),
        ..SandboxConfig::for_tests()
    })
    .await
}

#[tokio::test]
async fn a_chat_that_moves_up_while_the_list_is_read_is_read_too() {
    let mut whole = many_chats().await;
    whole.link().await;
    let sql = "SELECT c.address, (SELECT count(*) FROM message m WHERE m.chat_id = c.id) FROM chat c
                WHERE c.kind = 'person' ORDER BY c.last_at, c.id LIMIT 1";
    let last = whole.shop.engine().store().read(move |connection| {
        Ok(connection.query_row(sql, [], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))
        })?)
    });
    let (address, said) = last.await.expect("the list's last chat");
    assert!(said > 0, "it has a past");
    whole.finish().await;

    let mut world = many_chats().await;
    // Nobody else tells of it: the gateway is asked only.
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });
    // What the first page shows is settled at once, and comes late.
    world
        .sandbox
        .set_fault(Fault::once("GET", "/chats", FaultKind::DelayMs(500)));
    scanned(&mut world).await;
    world
        .until("the first page is on its way", async |world| {
            world.sandbox.waiting_faults() == 0
        })
        .await;
    assert_eq!(with_words(&world).await, 0, "it is not here yet");
    let number = address.split('@').next().expect("a number");
    world
        .sandbox
        .write_as(number, "¿siguen ahí?")
        .expect("they write");
    world.until_online().await;
    let sql = "SELECT count(*) FROM message m JOIN chat c ON c.id = m.chat_id WHERE c.address = ?1";
    let here = world
        .shop
        .engine()
        .store()
        .read(move |connection| Ok(connection.query_row(sql, [address], |row| row.get::<_, i64>(0))?));
    assert_eq!(
        here.await.expect("counted"),
        said + 1,
        "its past, and what came meanwhile"
    );
    world.finish().await;
}

/// The addresses of the chats that have messages here.
async fn with_a_past(world: &World) -> BTreeSet<String> {
    let sql = "SELECT c.address FROM chat c WHERE EXISTS (SELECT 1 FROM message m WHERE m.chat_id = c.id)";
    let found = world.shop.engine().store().read(move |connection| {
        let mut statement = connection.prepare(sql)?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    });
    found.await.expect("the addresses")
}

#[tokio::test]
async fn a_chat_that_is_deleted_while_the_list_is_read_costs_no_other_one() {
    let mut whole = with_chats(230).await;
    whole.link().await;
    let mut there = with_a_past(&whole).await;
    let sql = "SELECT address FROM chat WHERE kind = 'person' ORDER BY last_at DESC, id LIMIT 1";
    let store = whole.shop.engine().store();
    let first = store.read(move |connection| Ok(connection.query_row(sql, [], |row| row.get(0))?));
    let first: String = first.await.expect("the list's first chat");
    // People are numbered here, and the addresses in the log have such numbers too.
    drop(whole.finish_after_telling_secrets().await);

    let mut world = with_chats(230).await;
    // Nobody else tells of anything: the gateway is asked only.
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });
    // What the second page shows is settled at once, and comes late.
    for wait in [0, 500] {
        let late = FaultKind::DelayMs(wait);
        world.sandbox.set_fault(Fault::once("GET", "/chats", late));
    }
    scanned(&mut world).await;
    world
        .until("the second page is on its way", async |world| {
            world.sandbox.waiting_faults() == 0
        })
        .await;
    let phone = world.sandbox.on(0).expect("the shop has a phone");
    assert!(phone.delete_chat_on_phone(&first), "the owner deletes one");
    world.until_online().await;

    let mut here = with_a_past(&world).await;
    for all in [&mut here, &mut there] {
        all.remove(&first);
    }
    let missing: Vec<_> = there.difference(&here).collect();
    assert!(missing.is_empty(), "all the others are here, but for {missing:?}");
    drop(world.finish_after_telling_secrets().await);
}

/// How many chats have their messages here.
async fn with_words(world: &World) -> usize {
    let chats = world.chats().await;
    chats.iter().filter(|chat| !chat["last"].is_null()).count()
}

#[tokio::test]
async fn a_first_sync_is_stopped_midway_and_taken_up_again() {
    let mut whole = World::new().await;
    whole.link().await;
    let (all, counted) = (with_words(&whole).await, unread(&whole).await);
    whole.finish().await;

    let mut world = World::new().await;
    // It waits at one chat for a while.
    world.sandbox.set_fault(at_mateo(too_many()));
    syncing(&mut world).await;
    let device = json!({ "deviceId": world.device().await["id"] });
    world.run("device_sync_stop", device.clone()).await;
    world.until_online().await;
    let some = with_words(&world).await;
    assert!(0 < some && some < all, "{some} of {all}: the rest was left");
    world.pass(Duration::from_secs(150)).await;
    assert_eq!(
        unread(&world).await,
        counted,
        "what is unread does not hang on it"
    );

    // The gateway asks to wait once more: what was wanted is still wanted then.
    world.sandbox.set_fault(at_mateo(too_many()));
    world.run("device_sync_resume", device).await;
    world
        .until("every chat has its words", async |world| {
            with_words(world).await == all
        })
        .await;
    assert_eq!(unread(&world).await, counted, "history is no news");
    world.finish().await;
}

#[tokio::test]
async fn a_first_sync_that_was_stopped_does_not_stop_the_next_links() {
    let mut world = World::new().await;
    world.sandbox.set_fault(at_mateo(too_many()));
    syncing(&mut world).await;
    let device = json!({ "deviceId": world.device().await["id"] });
    world.run("device_sync_stop", device).await;
    world.until_online().await;
    let some = with_words(&world).await;
    world.unlink().await;
    world.link_again().await;
    world
        .until("the others have their words", async |world| {
            with_words(world).await > some
        })
        .await;
    world.until_online().await;
    world.finish().await;
}

#[tokio::test]
async fn a_first_sync_that_is_stopped_before_its_first_chat_makes_nothing_unread() {
    let mut world = a_long_day(3).await;
    // The list of chats is had at the second attempt: the stop is there before it.
    world.sandbox.set_fault(Fault::once("GET", "/chats", too_many()));
    scanned(&mut world).await;
    world
        .until("it is linked", async |world| {
            world.device().await["ownNumber"] == "+51900000010"
        })
        .await;
    let device = json!({ "deviceId": world.device().await["id"] });
    world.run("device_sync_stop", device).await;
    world.until_online().await;
    after_some_polls(&mut world).await;
    assert_eq!(rosas_unread(&world).await, 3, "as the phone counts");
    world.finish().await;
}

#[tokio::test]
async fn an_outage_during_the_first_sync_costs_no_history() {
    let mut whole = World::new().await;
    whole.link().await;
    let (all, counted) = (messages(&whole).await, unread(&whole).await);
    whole.finish().await;

    let mut world = World::new().await;
    world.sandbox.set_fault(Fault {
        method: Some("GET".to_owned()),
        path_prefix: Some("/messages/list/".to_owned()),
        times: 1_000,
        kind: FaultKind::Status {
            code: 500,
            body: None,
            headers: BTreeMap::new(),
        },
    });
    world.link().await;
    assert!(messages(&world).await < all, "it is used with what there is");
    world.restart().await;
    world.sandbox.clear_faults();
    world
        .until("what was said in every chat is here", async |world| {
            messages(world).await == all
        })
        .await;
    assert_eq!(unread(&world).await, counted, "and none of it is news");
    world.finish().await;
}

/// How many messages are here.
async fn messages(world: &World) -> i64 {
    let sql = "SELECT count(*) FROM message";
    let count = world
        .shop
        .engine()
        .store()
        .read(move |connection| Ok(connection.query_row(sql, [], |row| row.get(0))?));
    count.await.expect("counted")
}

#[tokio::test]
async fn a_first_sync_is_stopped_while_the_list_of_chats_is_read() {
    let mut world = with_chats(330).await;
    for _ in 0..5 {
        let slow = FaultKind::DelayMs(1_500);
        world.sandbox.set_fault(Fault::once("GET", "/chats", slow));
    }
    world.sandbox.link();
    world.add_device().await;
    // The second page is asked for.
    world.until_faults_left(3).await;
    let device = json!({ "deviceId": world.device().await["id"] });
    world.run("device_sync_stop", device.clone()).await;
    world.until_online().await;
    let some = world.chats().await.len();
    assert!(some > 0 && some < 200, "{some}: the next page was not read");

    world.sandbox.clear_faults();
    world.run("device_sync_resume", device).await;
    world
        .until("the other chats are here", async |world| {
            world.chats().await.len() >= 200
        })
        .await;
    // People are numbered here, and the addresses in the log have such numbers too.
    drop(world.finish_after_telling_secrets().await);
}

#[tokio::test]
async fn a_list_of_chats_that_repeats_itself_is_read_to_its_end() {
    let mut world = World::new().await;
    let chats: Vec<_> = (0..100)
        .map(|number| json!({ "id": format!("519000000{number:02}@s.whatsapp.net"), "type": "contact", "timestamp": 1 }))
        .collect();
    let the_same = FaultKind::Status {
        code: 200,
        body: Some(json!({ "chats": chats, "count": 100, "total": 1_000 })),
        headers: BTreeMap::new(),
    };
    world.sandbox.set_fault(Fault {
        times: u32::MAX,
        ..Fault::once("GET", "/chats", the_same)
    });
    world.expect_warning("list of chats does not end");
    world.link().await;
    world.sandbox.write_as(ROSA, "¿hay pan?").expect("she writes");
    world
        .until("it is here", async |world| rosas_unread(world).await > 0)
        .await;
    world.finish().await;
}
