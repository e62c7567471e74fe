//! The store's file cannot be written for a while, or what came of a call cannot be noted: nothing is lost, nothing goes twice.

use std::time::Duration;

use mostrador_api::ErrorCode;
use mostrador_engine::clock::{Clock, SystemClock};
use mostrador_sandbox::{Fault, FaultKind};
use serde_json::json;

use crate::world::{ROSA, World};

/// Lets the store's file grow to so many pages and no further, as a full disk does.
async fn room_for(world: &World, pages: i64) {
    let store = world.shop.engine().store();
    let set = store.write(move |writing| Ok(writing.pragma_update(None, "max_page_count", pages)?));
    set.await.expect("a pragma writes nothing");
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

/// The store refuses to note that anything was sent, or no longer does.
async fn refuse_to_note(world: &World, refuse: bool) {
    let sql = match refuse {
        true => {
            "CREATE TEMP TRIGGER refuse BEFORE UPDATE ON main.outbox WHEN NEW.state = 'done'
             BEGIN SELECT RAISE(ABORT, 'on purpose'); END"
        }
        false => "DROP TRIGGER temp.refuse",
    };
    let store = world.shop.engine().store();
    let done = store.write(move |writing| Ok(writing.execute_batch(sql)?));
    done.await.expect("the trigger");
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
    refuse_to_note(&world, true).await;
    world.send(ROSA, "¿llegó?", "e-1").await;
    world
        .until("its sender has ended", async |world| {
            world.shop.engine().supervisor().faults() == 1
        })
        .await;
    refuse_to_note(&world, false).await;

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
