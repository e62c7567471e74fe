//! The store's file cannot be written for a while, or what came of a call cannot be noted: nothing is lost, nothing goes twice.

use std::collections::BTreeMap;
use std::time::Duration;

use mostrador_api::ErrorCode;
use mostrador_engine::clock::{Clock, SystemClock};
use mostrador_sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::dialects;
use crate::world::{ROSA, World};

/// Lets the store's file grow to so many pages and no further, as a full disk does.
async fn room_for(world: &World, pages: i64) {
    let store = world.shop.engine().store();
    let set = store.write(move |writing| Ok(writing.pragma_update(None, "max_page_count", pages)?));
    set.await.expect("a pragma writes nothing");
}

/// Fills the file until nothing fits in any of its pages, and lets it grow no further.
async fn fill(world: &World) {
    let store = |sql: &'static str| {
        let store = world.shop.engine().store();
        store.write(move |writing| Ok(writing.execute_batch(sql)?))
    };
    store("CREATE TABLE filler (bytes BLOB)")
        .await
        .expect("there is room");
    room_for(world, 1).await;
    while store("INSERT INTO filler VALUES (zeroblob(3000))").await.is_ok() {}
}

/// The disk has room again.
async fn empty(world: &World) {
    room_for(world, 1_000_000).await;
    let store = world.shop.engine().store();
    let emptied = store.write(|writing| Ok(writing.execute_batch("DROP TABLE filler")?));
    emptied.await.expect("there is room again");
}

#[tokio::test]
async fn a_full_disk_is_said_and_loses_and_repeats_nothing() {
    let mut world = World::linked().await;
    for expected in ["not stored", "stopped for now", "the store failed"] {
        world.expect_warning(expected);
    }
    let chat = world.chat_of(ROSA).await["id"].clone();
    let text = "x".repeat(4_000);
    let send = |number: usize| json!({ "chatId": chat, "clientId": format!("f-{number}"), "text": format!("{number} {text}"), "mediaId": null });
    room_for(&world, 1).await;
    // There may be free pages left inside the file.
    let mut taken = 0;
    let refused = loop {
        match world.try_run("message_send", send(taken)).await {
            Ok(_) => taken += 1,
            Err(error) => break error,
        }
        assert!(taken < 1_000, "the disk is full");
    };
    assert_eq!(refused.code, ErrorCode::StorageFull, "said as what it is");
    world.sandbox.write_as(ROSA, "¿hay torta?").expect("Rosa writes");
    world.pass(Duration::from_secs(120)).await;

    room_for(&world, 1_000_000).await;
    world.run("message_send", send(taken)).await;
    world
        .until("all is delivered", async |world| {
            (0..=taken).all(|number| world.got(ROSA, &format!("{number} {text}")) == 1)
        })
        .await;
    world
        .until("what Rosa wrote is here", async |world| {
            let rows = world.messages_of(ROSA).await;
            rows.iter()
                .filter(|row| row["body"]["text"] == "¿hay torta?")
                .count()
                == 1
        })
        .await;
    world.pass(Duration::from_secs(600)).await;
    for number in 0..=taken {
        assert_eq!(
            world.got(ROSA, &format!("{number} {text}")),
            1,
            "number {number} went once"
        );
    }
    world.finish().await;
}

#[tokio::test]
async fn a_file_that_another_program_holds_is_busy_for_a_while_and_nothing_is_lost() {
    let mut world = World::linked().await;
    for expected in ["not stored", "stopped for now", "could not be announced"] {
        world.expect_warning(expected);
    }
    let chat = world.chat_of(ROSA).await["id"].clone();
    let send = json!({ "chatId": chat, "clientId": "b-1", "text": "¿se puede?", "mediaId": null });
    let other = rusqlite::Connection::open(world.folder().join("mostrador.db")).expect("opens");
    other.execute_batch("BEGIN IMMEDIATE").expect("held");
    world.sandbox.write_as(ROSA, "buenas").expect("Rosa writes");

    assert_eq!(
        world.refused("message_send", send.clone()).await,
        ErrorCode::StorageBusy,
        "said as what it is"
    );
    other.execute_batch("ROLLBACK").expect("let go");

    world.run("message_send", send).await;
    world.until_status(ROSA, "¿se puede?", "delivered").await;
    world
        .until("what Rosa wrote is here", async |world| {
            let rows = world.messages_of(ROSA).await;
            rows.iter().filter(|row| row["body"]["text"] == "buenas").count() == 1
        })
        .await;
    assert_eq!(world.got(ROSA, "¿se puede?"), 1, "it went once");
    world.finish().await;
}

#[tokio::test]
async fn what_a_gateway_that_calls_once_told_in_vain_is_taken_in_as_soon_as_it_can_be() {
    let mut world = dialects::linked_at("api_engine").await;
    for expected in ["not stored", "stopped for now", "the store failed"] {
        world.expect_warning(expected);
    }
    fill(&world).await;
    let device = json!({ "deviceId": world.device().await["id"] });
    let verdict = async |world: &World| world.run("hook_list", device.clone()).await[0]["verdict"].clone();
    // It finds no room in any page that is there.
    let text = format!("¿hay torta? {}", "x".repeat(20_000));
    world.sandbox.write_as(ROSA, &text).expect("Rosa writes");
    world
        .until("its call cannot be stored", async |world| {
            verdict(world).await == "not_stored"
        })
        .await;
    assert!(world.chats().await.is_empty(), "nor is anything of it here");

    empty(&world).await;
    // Nobody calls again, and nothing lists it.
    world
        .until("a chat", async |world| !world.chats().await.is_empty())
        .await;
    world
        .until("what Rosa wrote is here", async |world| {
            let rows = world.messages_of(ROSA).await;
            rows.iter().any(|row| row["body"]["text"] == text.as_str())
        })
        .await;
    world
        .until("that is said of its call", async |world| {
            verdict(world).await == "accepted"
        })
        .await;
    world.finish().await;
}

/// A shop whose gateway lists no messages: what it tells once, it tells never again.
async fn linked_to_one_that_lists_nothing() -> World {
    let mut world = World::new().await;
    for expected in ["not stored", "stopped for now", "the store failed"] {
        world.expect_warning(expected);
    }
    let none = FaultKind::Status {
        code: 404,
        body: None,
        headers: BTreeMap::new(),
    };
    world.sandbox.set_fault(Fault {
        times: u32::MAX,
        ..Fault::once("POST", "/dialects/qr_buho/chat/message/find", none)
    });
    dialects::link_through(&mut world, "qr_buho").await;
    world
}

/// Is that in any chat? One that was deleted is not there to be asked for.
async fn is_here(world: &World, text: &str) -> bool {
    for chat in world.chats().await {
        let page = json!({ "chatId": chat["id"], "before": null, "limit": 200 });
        let rows = world.run("message_list", page).await["rows"].clone();
        let mut rows = rows.as_array().into_iter().flatten();
        if rows.any(|row| row["body"]["text"] == text) {
            return true;
        }
    }
    false
}

/// The calls of the gateway that could not be stored, newest first.
async fn not_stored(world: &World) -> Vec<Value> {
    let device = json!({ "deviceId": world.device().await["id"] });
    let calls = world.run("hook_list", device).await;
    let mut calls = calls.as_array().cloned().unwrap_or_default();
    calls.retain(|call| call["verdict"] == "not_stored");
    calls
}

/// Rosa has written, and corrects it while nothing can be stored; gives what it says then.
async fn corrected_in_vain(world: &mut World) -> String {
    let written = world.sandbox.write_as(ROSA, "¿hay torta?").expect("Rosa writes");
    world
        .until("it is here", async |world| is_here(world, "¿hay torta?").await)
        .await;
    fill(world).await;
    let text = format!("¿hay pan? {}", "x".repeat(20_000));
    world
        .sandbox
        .on(0)
        .expect("there is one")
        .edit_as(ROSA, &written, &text)
        .expect("Rosa corrects it");
    world
        .until("its call cannot be stored", async |world| {
            not_stored(world)
                .await
                .iter()
                .any(|call| call["kinds"] == json!(["change"]))
        })
        .await;
    text
}

#[tokio::test]
async fn a_change_that_was_told_once_in_vain_is_made_as_soon_as_it_can_be() {
    let mut world = linked_to_one_that_lists_nothing().await;
    let text = corrected_in_vain(&mut world).await;

    empty(&world).await;
    world
        .until("what Rosa wrote is corrected", async |world| {
            is_here(world, &text).await
        })
        .await;
    world
        .until("none waits", async |world| not_stored(world).await.is_empty())
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_change_that_was_told_once_in_vain_is_not_thrown_away_by_taking_it_in_again() {
    let mut world = linked_to_one_that_lists_nothing().await;
    let text = corrected_in_vain(&mut world).await;
    let call = not_stored(&world).await.remove(0);
    let again = json!({ "deviceId": world.device().await["id"], "callId": call["id"] });

    assert_eq!(
        world.refused("hook_replay", again.clone()).await,
        ErrorCode::StorageFull,
        "said as what it is"
    );
    assert_eq!(
        not_stored(&world).await.first(),
        Some(&call),
        "it waits as before"
    );

    empty(&world).await;
    let replayed = world.run("hook_replay", again).await;
    assert_eq!(replayed["left"], 0, "nothing of it had been taken in: {replayed}");
    assert!(is_here(&world, &text).await, "what Rosa wrote is corrected");
    assert!(not_stored(&world).await.is_empty());
    world.finish().await;
}

/// The store refuses this, or no longer does.
async fn refuse_to(world: &World, what: Option<&'static str>) {
    let sql = match what {
        Some(what) => {
            format!("CREATE TEMP TRIGGER refuse BEFORE {what} BEGIN SELECT RAISE(ABORT, 'on purpose'); END")
        }
        None => "DROP TRIGGER temp.refuse".to_owned(),
    };
    let store = world.shop.engine().store();
    let done = store.write(move |writing| Ok(writing.execute_batch(&sql)?));
    done.await.expect("the trigger");
}

/// Rosa has written, her chat was deleted on the phone, and the call that told so waits.
async fn with_a_deletion_that_could_not_be_stored() -> World {
    let mut world = linked_to_one_that_lists_nothing().await;
    world.sandbox.write_as(ROSA, "¿hay torta?").expect("Rosa writes");
    world
        .until("it is here", async |world| is_here(world, "¿hay torta?").await)
        .await;
    // What Rosa wrote last and the deletion do not fall into one second.
    world.pass(Duration::from_secs(5)).await;
    refuse_to(&world, Some("INSERT ON main.emptying")).await;
    let number = world.sandbox.on(0).expect("there is one");
    assert!(number.delete_chat_on_phone(&format!("{ROSA}@s.whatsapp.net")));
    world
        .until("its call cannot be stored", async |world| {
            not_stored(world)
                .await
                .iter()
                .any(|call| call["kinds"] == json!(["chat"]))
        })
        .await;
    world
}

#[tokio::test]
async fn a_deletion_that_is_stored_late_takes_nothing_that_was_written_since() {
    let mut world = with_a_deletion_that_could_not_be_stored().await;
    world.pass(Duration::from_secs(5)).await;
    world
        .sandbox
        .write_as(ROSA, "¿sigue abierto?")
        .expect("Rosa writes");
    world
        .until("it is here", async |world| {
            is_here(world, "¿sigue abierto?").await
        })
        .await;

    refuse_to(&world, None).await;
    world
        .until("none waits", async |world| not_stored(world).await.is_empty())
        .await;
    world.pass(Duration::from_secs(60)).await;
    assert!(
        is_here(&world, "¿sigue abierto?").await,
        "nobody has deleted what Rosa wrote since"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_deletion_that_is_stored_late_is_made_where_nobody_has_written_since() {
    let mut world = with_a_deletion_that_could_not_be_stored().await;

    refuse_to(&world, None).await;
    world
        .until("the chat is gone", async |world| {
            let chats = world.chats().await;
            chats.iter().all(|chat| chat["last"].is_null())
        })
        .await;
    world
        .until("none waits", async |world| not_stored(world).await.is_empty())
        .await;
    world.finish().await;
}

/// QR Búho calls with this, as it does again after a 503; gives what we answer.
async fn call(world: &World, event: &str, data: &Value) -> u16 {
    let client = reqwest::Client::new();
    let hook = client
        .get(format!("{}/webhook/find", dialects::at(world, "qr_buho")))
        .bearer_auth(world.sandbox.token());
    let hook: Value = hook.send().await.expect("answers").json().await.expect("JSON");
    let body = json!({ "event": event, "instance": "practice", "data": data });
    let mut call = client.post(hook["url"].as_str().expect("we are called"));
    for (name, value) in hook["headers"].as_object().into_iter().flatten() {
        call = call.header(name, value.as_str().expect("text"));
    }
    let answered = call.body(body.to_string()).send().await;
    answered.expect("answers").status().as_u16()
}

async fn nothing_waits(world: &mut World) {
    world
        .until("none waits", async |world| not_stored(world).await.is_empty())
        .await;
}

/// Rosa writes after her chat was deleted, and it is here.
async fn rosa_writes_since(world: &mut World) {
    world.pass(Duration::from_secs(5)).await;
    world
        .sandbox
        .write_as(ROSA, "¿sigue abierto?")
        .expect("Rosa writes");
    world
        .until("it is here", async |world| {
            is_here(world, "¿sigue abierto?").await
        })
        .await;
}

#[tokio::test]
async fn a_deletion_that_is_told_again_as_we_asked_takes_nothing_that_was_written_since() {
    for stored_before in [true, false] {
        let mut world = linked_to_one_that_lists_nothing().await;
        world.sandbox.write_as(ROSA, "¿hay torta?").expect("Rosa writes");
        world
            .until("it is here", async |world| is_here(world, "¿hay torta?").await)
            .await;
        world.pass(Duration::from_secs(5)).await;
        refuse_to(&world, Some("INSERT ON main.emptying")).await;
        let deleted = json!([format!("{ROSA}@s.whatsapp.net")]);
        let tell = async |world: &World| call(world, "chats.delete", &deleted).await;
        assert_eq!(tell(&world).await, 503, "it is to be told again");
        if stored_before {
            refuse_to(&world, None).await;
            nothing_waits(&mut world).await;
            assert!(!is_here(&world, "¿hay torta?").await, "it went, as on the phone");
            rosa_writes_since(&mut world).await;
        } else {
            world.pass(Duration::from_secs(5)).await;
            assert_eq!(tell(&world).await, 503, "in vain again");
            rosa_writes_since(&mut world).await;
            refuse_to(&world, None).await;
        }

        assert_eq!(tell(&world).await, 200, "now it is taken in");
        nothing_waits(&mut world).await;
        world.pass(Duration::from_secs(60)).await;
        assert!(
            is_here(&world, "¿sigue abierto?").await,
            "it tells of nothing that came after it was first told (stored before: {stored_before})"
        );
        world.finish().await;
    }
}

/// How often another number was found behind the device.
async fn others(world: &World) -> i64 {
    let store = world.shop.engine().store();
    let others = store.read(|file| Ok(file.query_row("SELECT number_no FROM device", [], |row| row.get(0))?));
    others.await.expect("read")
}

#[tokio::test]
async fn another_number_that_is_told_late_by_a_gateway_that_does_not_say_it_when_asked_holds_what_waits() {
    for (number, expected) in [("51900000098", 1), ("51900000010", 0)] {
        let mut world = linked_to_one_that_lists_nothing().await;
        let own = json!({ "state": "open", "wuid": "51900000010@s.whatsapp.net" });
        assert_eq!(call(&world, "connection.update", &own).await, 200);
        world
            .until("its call has told which one is linked", async |world| {
                let store = world.shop.engine().store();
                let own = store.read(|file| {
                    Ok(file.query_row("SELECT own_address FROM device", [], |row| {
                        row.get::<_, Option<String>>(0)
                    })?)
                });
                own.await.expect("read").as_deref() == Some("51900000010@s.whatsapp.net")
            })
            .await;
        refuse_to(&world, Some("UPDATE OF last_event_at ON main.device")).await;
        let linked = json!({ "state": "open", "wuid": format!("{number}@s.whatsapp.net") });
        assert_eq!(call(&world, "connection.update", &linked).await, 503);
        assert_eq!(others(&world).await, 0, "nobody has said so yet");

        refuse_to(&world, None).await;
        nothing_waits(&mut world).await;
        // It is asked at once, and says of no number that it is linked.
        world.pass(Duration::from_secs(120)).await;
        assert_eq!(
            others(&world).await,
            expected,
            "told late, {number} is what it was when it was told"
        );
        world.until_online().await;
        world.finish().await;
    }
}

#[tokio::test]
async fn an_unlinking_that_is_told_again_as_we_asked_does_not_unlink_what_is_linked_anew() {
    let mut world = linked_to_one_that_lists_nothing().await;
    refuse_to(&world, Some("UPDATE OF last_event_at ON main.device")).await;
    let unlinked = json!({ "state": "close", "statusReason": 401 });
    assert_eq!(call(&world, "connection.update", &unlinked).await, 503);
    refuse_to(&world, None).await;
    nothing_waits(&mut world).await;
    world.until_online().await;

    assert_eq!(call(&world, "connection.update", &unlinked).await, 200);
    let mut shown = Vec::new();
    for _ in 0..60 {
        world.pass(Duration::from_secs(1)).await;
        shown.push(world.device().await["state"]["kind"].clone());
    }
    assert!(
        shown.iter().all(|kind| kind == "online"),
        "it is linked all the while: {shown:?}"
    );
    world.finish().await;
}

#[tokio::test]
async fn an_unlinking_that_is_stored_late_does_not_hide_that_the_number_is_linked_anew() {
    let mut world = linked_to_one_that_lists_nothing().await;
    refuse_to(&world, Some("UPDATE OF last_event_at ON main.device")).await;
    assert!(world.sandbox.unlink());
    world
        .until("its call cannot be stored, and asking shows it", async |world| {
            let is_told = not_stored(world)
                .await
                .iter()
                .any(|call| call["kinds"] == json!(["link"]));
            is_told && world.device().await["state"]["kind"] == "logged_out"
        })
        .await;
    let device = json!({ "deviceId": world.device().await["id"] });
    world.run("device_pair_start", device).await;
    dialects::link(&mut world).await;
    assert!(!not_stored(&world).await.is_empty(), "the call waits");

    refuse_to(&world, None).await;
    let mut shown = Vec::new();
    for _ in 0..600 {
        world.pass(Duration::from_secs(1)).await;
        shown.push(world.device().await["state"]["kind"].clone());
        if not_stored(&world).await.is_empty() && shown.len() > 60 {
            break;
        }
    }
    assert!(not_stored(&world).await.is_empty(), "it is stored");
    assert!(
        shown.iter().all(|kind| kind == "online" || kind == "degraded"),
        "it is linked all the while, also while what was in vain is not tried again yet: {shown:?}"
    );
    assert_eq!(shown.last(), Some(&json!("online")), "and it is well at the end");
    world.finish().await;
}

/// Waits in real time: the virtual one stands still.
async fn in_real_time(what: &str, holds: impl AsyncFn() -> bool) {
    let mut left = 3_000;
    while !holds().await {
        left -= 1;
        assert!(left > 0, "in vain: {what}");
        SystemClock.sleep(Duration::from_millis(10)).await;
    }
}

/// Another program holds the file for longer than it is waited for, from when `reached` until what came of it could not be stored.
async fn held_meanwhile(world: &World, reached: impl AsyncFn() -> bool, said: &str) {
    in_real_time("the gateway is asked", reached).await;
    let other = rusqlite::Connection::open(world.folder().join("mostrador.db")).expect("opens");
    other.execute_batch("BEGIN IMMEDIATE").expect("held");
    in_real_time("it cannot be stored", async || {
        world.handed_over().iter().any(|line| line.contains(said))
    })
    .await;
    other.execute_batch("ROLLBACK").expect("let go");
}

#[tokio::test]
async fn an_answer_that_cannot_be_stored_at_first_is_not_lost() {
    const SAID: &str = "what came of a call is not stored yet";
    let mut world = World::linked().await;
    for expected in [SAID, "not stored", "stopped for now", "could not be announced"] {
        world.expect_warning(expected);
    }
    let delay = Fault::once("POST", "/messages/text", FaultKind::DelayMs(1_500));
    world.sandbox.set_fault(delay);
    world.send(ROSA, "¿llegó?", "h-1").await;
    held_meanwhile(&world, async || world.got(ROSA, "¿llegó?") == 1, SAID).await;

    world.send(ROSA, "¿y esto?", "h-2").await;
    world.until_status(ROSA, "¿y esto?", "delivered").await;
    world.until_status(ROSA, "¿llegó?", "delivered").await;
    assert_eq!(world.got(ROSA, "¿llegó?"), 1, "it went once");
    world.finish().await;
}

#[tokio::test]
async fn a_picture_whose_coming_cannot_be_stored_at_first_is_shown() {
    const SAID: &str = "what came of fetching a picture is not stored yet";
    let mut world = World::linked().await;
    for expected in [SAID, "not stored", "stopped for now", "could not be announced"] {
        world.expect_warning(expected);
    }
    let delay = Fault::once("GET", "/media/", FaultKind::DelayMs(1_500));
    world.sandbox.set_fault(delay);
    let cake = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/fixtures/cake.png");
    let cake = std::fs::read(cake).expect("the fixture");
    world
        .sandbox
        .write_image_as(ROSA, cake, Some("mi torta"))
        .expect("Rosa sends a picture");
    held_meanwhile(&world, async || world.sandbox.waiting_faults() == 0, SAID).await;

    world
        .until("it is here", async |world| {
            let rows = world.messages_of(ROSA).await;
            rows.iter()
                .any(|row| row["body"]["caption"] == "mi torta" && row["body"]["media"]["state"] == "ready")
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_session_of_which_a_task_ends_is_started_anew_and_sends() {
    let mut world = World::linked().await;
    for expected in [
        "what came of a call",
        "a task ended",
        "were in flight",
        "stopped for now",
        "could not be started anew",
    ] {
        world.expect_warning(expected);
    }
    world.expect_faults(1);
    refuse_to(&world, Some("UPDATE ON main.outbox WHEN NEW.state = 'done'")).await;
    world.send(ROSA, "¿llegó?", "e-1").await;
    world
        .until("its sender has ended", async |world| {
            world.shop.engine().supervisor().faults() == 1
        })
        .await;
    refuse_to(&world, None).await;

    world.send(ROSA, "¿y esto?", "e-2").await;
    world.until_status(ROSA, "¿y esto?", "delivered").await;
    world.until_status(ROSA, "¿llegó?", "delivered").await;
    assert_eq!(world.got(ROSA, "¿llegó?"), 1, "it was looked for, not sent again");
    world.finish().await;
}

#[tokio::test]
async fn a_start_whose_first_note_cannot_be_written_is_tried_again_and_sends_nothing_twice() {
    let mut world = World::linked().await;
    for expected in ["could not be started", "were in flight", "stopped for now"] {
        world.expect_warning(expected);
    }
    let delay = Fault::once("POST", "/messages/text", FaultKind::DelayMs(1_500));
    world.sandbox.set_fault(delay);
    world.send(ROSA, "¿llegó?", "s-1").await;
    in_real_time("the gateway is asked", async || world.got(ROSA, "¿llegó?") == 1).await;
    let path = world.folder().join("mostrador.db");
    world
        .restart_after(async |_| {
            let file = rusqlite::Connection::open(path).expect("opens");
            // As a full disk refuses: nothing can be noted of what was in flight.
            let refuse = "CREATE TRIGGER refuse BEFORE UPDATE ON outbox WHEN OLD.state = 'in_flight'
                 BEGIN SELECT RAISE(ABORT, 'on purpose'); END";
            file.execute_batch(refuse).expect("refused from now on");
        })
        .await;

    let rows = world.messages_of(ROSA).await;
    assert!(
        rows.iter().any(|row| row["body"]["text"] == "¿llegó?"),
        "what is here can be read all the same"
    );
    assert_eq!(
        world.device().await["state"]["kind"],
        "stopped",
        "said as what it is"
    );
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(
        world.device().await["state"]["kind"],
        "stopped",
        "nothing has changed"
    );

    let store = world.shop.engine().store();
    let there_is_room = store.write(|writing| Ok(writing.execute_batch("DROP TRIGGER refuse")?));
    there_is_room.await.expect("dropped");
    world.until_online().await;
    world.until_status(ROSA, "¿llegó?", "delivered").await;
    world.send(ROSA, "¿y esto?", "s-2").await;
    world.until_status(ROSA, "¿y esto?", "delivered").await;
    assert_eq!(world.got(ROSA, "¿llegó?"), 1, "it was looked for, not sent again");
    world.finish().await;
}
