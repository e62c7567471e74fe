//! Messages in: nothing lost, nothing twice, unread as it should be.

use std::time::Duration;

use mostrador_engine::clock::Clock;
use mostrador_sandbox::{Fault, FaultKind, WebhookTemper};
use serde_json::json;

use crate::bad_input::hook;
use crate::world::{ROSA, World};

async fn has_one(world: &World, text: &str) -> bool {
    let rows = world.messages_of(ROSA).await;
    rows.iter().filter(|row| row["body"]["text"] == text).count() == 1
}

#[tokio::test]
async fn a_customers_message_arrives_once_and_unread() {
    let mut world = World::linked().await;
    let before = world.chat_of(ROSA).await["unread"].as_u64().expect("a number");

    world
        .sandbox
        .write_as(ROSA, "¿Tienen torta de lúcuma?")
        .expect("Rosa writes");
    world
        .until("it is here", async |world| {
            has_one(world, "¿Tienen torta de lúcuma?").await
        })
        .await;
    let chat = world.chat_of(ROSA).await;
    assert_eq!(chat["unread"].as_u64(), Some(before + 1), "one more is unread");
    assert_eq!(
        chat["last"]["body"]["text"], "¿Tienen torta de lúcuma?",
        "the list shows it"
    );
    assert_eq!(
        world.chats().await[0]["id"],
        chat["id"],
        "the chat has moved to the top"
    );
    world.finish().await;
}

#[tokio::test]
async fn what_webhooks_tell_twice_is_stored_once() {
    let mut world = World::linked().await;
    let before = world.chat_of(ROSA).await["unread"].as_u64().expect("a number");
    world.sandbox.set_webhook_temper(WebhookTemper {
        duplicate: true,
        ..WebhookTemper::default()
    });

    world.sandbox.write_as(ROSA, "una sola vez").expect("Rosa writes");
    world
        .until("it is here", async |world| has_one(world, "una sola vez").await)
        .await;
    world.pass(Duration::from_secs(200)).await;
    assert!(
        has_one(&world, "una sola vez").await,
        "webhook twice, then polling: still one"
    );
    assert_eq!(
        world.chat_of(ROSA).await["unread"].as_u64(),
        Some(before + 1),
        "and counted once"
    );
    world.finish().await;
}

#[tokio::test]
async fn polling_alone_brings_what_webhooks_lose() {
    let mut world = World::linked().await;
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });

    world.sandbox.write_as(ROSA, "sin aviso").expect("Rosa writes");
    world
        .until("it is here", async |world| has_one(world, "sin aviso").await)
        .await;
    world.finish().await;
}

#[tokio::test]
async fn what_came_while_the_program_was_away_is_here_and_unread() {
    let mut world = World::linked().await;
    let before = world.chat_of(ROSA).await["unread"].as_u64().expect("a number");
    world.shop.close().await;
    world
        .sandbox
        .write_as(ROSA, "¿hay alguien?")
        .expect("Rosa writes");

    world.restart().await;
    world
        .until("it is here", async |world| has_one(world, "¿hay alguien?").await)
        .await;
    assert_eq!(
        world.chat_of(ROSA).await["unread"].as_u64(),
        Some(before + 1),
        "it waits unread"
    );
    world.finish().await;
}

#[tokio::test]
async fn reading_here_tells_the_phone() {
    let mut world = World::linked().await;
    world.sandbox.write_as(ROSA, "léeme").expect("Rosa writes");
    world
        .until("it is here", async |world| has_one(world, "léeme").await)
        .await;

    let newest = world.messages_of(ROSA).await.last().expect("a message")["id"].clone();
    let chat = world.chat_of(ROSA).await["id"].clone();
    let row = world
        .run("chat_read", json!({ "chatId": chat, "upTo": newest }))
        .await;
    assert_eq!(row["unread"], 0, "nothing is unread here");
    world
        .until("the phone knows", async |world| {
            let told = world.shop.engine().store().read(|connection| {
                let sql = "SELECT count(*) FROM chat WHERE read_to_tell IS NOT NULL";
                Ok(connection.query_row(sql, [], |row| row.get::<_, i64>(0))?)
            });
            told.await.expect("the store answers") == 0
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn answering_on_the_phone_shows_here_and_counts_as_read() {
    let mut world = World::linked().await;
    world
        .sandbox
        .write_as(ROSA, "¿y el precio?")
        .expect("Rosa writes");
    world
        .until("it is here", async |world| has_one(world, "¿y el precio?").await)
        .await;
    world.pass(Duration::from_secs(10)).await;

    world
        .sandbox
        .write_on_phone(ROSA, "Treinta soles")
        .expect("the owner writes");
    world
        .until("it shows here", async |world| {
            has_one(world, "Treinta soles").await
        })
        .await;
    assert_eq!(
        world.chat_of(ROSA).await["unread"],
        0,
        "whoever answered has read"
    );
    world.finish().await;
}

#[tokio::test]
async fn what_answers_by_itself_has_read_nothing() {
    let mut world = World::linked().await;
    let unread = async |world: &World| world.chat_of(ROSA).await["unread"].as_u64().expect("a count");
    world
        .sandbox
        .write_as(ROSA, "¿siguen abiertos?")
        .expect("Rosa writes");
    // The phone's own away text.
    world
        .sandbox
        .write_on_phone(ROSA, "Abrimos a las ocho")
        .expect("it answers");
    world
        .until("both are here", async |world| {
            has_one(world, "¿siguen abiertos?").await && has_one(world, "Abrimos a las ocho").await
        })
        .await;
    assert_eq!(unread(&world).await, 1, "nobody has seen hers");

    world.pass(Duration::from_secs(60)).await;
    // Another program at the same gateway.
    let bot = reqwest::Client::new()
        .post(format!("{}/messages/text", world.sandbox.url()))
        .bearer_auth(world.sandbox.token())
        .json(&json!({ "to": format!("{ROSA}@s.whatsapp.net"), "body": "Su turno es el 12" }));
    assert!(
        bot.send().await.expect("answers").status().is_success(),
        "it is taken"
    );
    world
        .until("it shows here", async |world| {
            has_one(world, "Su turno es el 12").await
        })
        .await;
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(unread(&world).await, 1, "nor then");
    let said = |lock: &std::sync::Mutex<Vec<_>>| lock.lock().expect("lock").len();
    assert_eq!(said(&world.notifications.shown), 1, "it was announced");
    let withdrawn = world.notifications.withdrawn.lock().expect("lock").len();
    assert_eq!(withdrawn, 0, "and stays so");
    world.finish().await;
}

#[tokio::test]
async fn what_was_said_before_the_number_was_linked_is_no_news_when_the_gateway_tells_it_by_itself() {
    let world = World::linked().await;
    let unread = async |world: &World| world.chat_of(ROSA).await["unread"].as_u64().expect("a count");
    let before = unread(&world).await;
    let (url, headers) = hook(&world).await;
    let old = |id: &str, hours: i64| {
        json!({
            "id": id, "type": "text", "chat_id": format!("{ROSA}@s.whatsapp.net"), "from": ROSA, "from_me": false,
            "source": "mobile", "timestamp": world.clock.now().0 / 1_000 - hours * 3_600,
            "text": { "body": format!("de hace {hours} horas") },
        })
    };
    let told = json!({
        "messages": [old("Old.0001-aaaa0001", 2), old("Old.0002-aaaa0001", 30)],
        "event": { "type": "messages", "event": "post" },
        "channel_id": "CANELA-TEST1",
    });
    let call = reqwest::Client::new().post(url).headers(headers).json(&told);
    assert!(
        call.send().await.expect("answers").status().is_success(),
        "it is taken"
    );
    for hours in [2, 30] {
        let text = format!("de hace {hours} horas");
        assert!(has_one(&world, &text).await, "{text}: it is kept");
    }
    assert_eq!(
        unread(&world).await,
        before,
        "and was read long ago, or is in the phone's count"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_picture_arrives_and_its_bytes_follow() {
    let mut world = World::linked().await;
    let picture = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../tests/fixtures/cake.png"
    ));

    let bytes = picture.expect("the fixture is there");
    world
        .sandbox
        .write_image_as(ROSA, bytes.clone(), Some("así, por favor"))
        .expect("Rosa sends a picture");
    world
        .until("the picture is here", async |world| {
            let rows = world.messages_of(ROSA).await;
            rows.last()
                .is_some_and(|row| row["body"]["media"]["state"] == "ready")
        })
        .await;
    let row = world.messages_of(ROSA).await.pop().expect("a message");
    assert_eq!(row["body"]["caption"], "así, por favor", "with its words");
    let id = row["body"]["media"]["id"].as_i64().expect("an id");
    let (mime, served) = world
        .shop
        .engine()
        .media_bytes(mostrador_domain::MediaId(id))
        .await
        .expect("served");
    assert_eq!(
        (mime.as_str(), served == bytes),
        ("image/png", true),
        "the very bytes that Rosa sent"
    );
    world.finish().await;
}

fn cake() -> Vec<u8> {
    std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../tests/fixtures/cake.png"
    ))
    .expect("the fixture is there")
}

async fn picture_is(world: &World, caption: &str, state: &str) -> bool {
    let rows = world.messages_of(ROSA).await;
    rows.iter()
        .any(|row| row["body"]["caption"] == caption && row["body"]["media"]["state"] == state)
}

/// A linked shop that has fetched every picture of its first sync: what is ordered to go wrong next is another's.
async fn with_its_pictures() -> World {
    let mut world = World::linked().await;
    world
        .until("the first sync's pictures are here", async |world| {
            let coming = world.shop.engine().store().read(|connection| {
                let sql = "SELECT count(*) FROM media WHERE state IN ('remote', 'fetching')";
                Ok(connection.query_row(sql, [], |row| row.get::<_, i64>(0))?)
            });
            coming.await.expect("the store answers") == 0
        })
        .await;
    world
}

fn on_download(times: u32, kind: FaultKind) -> Fault {
    Fault {
        method: Some("GET".into()),
        path_prefix: Some("/media/".into()),
        times,
        kind,
    }
}

#[tokio::test]
async fn a_picture_that_a_webhook_tells_of_needs_no_poll_to_be_fetched() {
    let mut world = with_its_pictures().await;
    for caption in ["la primera", "la segunda"] {
        world.pass(Duration::from_secs(90)).await;
        let began = world.clock.now();
        world
            .sandbox
            .write_image_as(ROSA, cake(), Some(caption))
            .expect("Rosa sends a picture");
        world
            .until("the picture is here", async |world| {
                picture_is(world, caption, "ready").await
            })
            .await;
        let waited = world.clock.now().since(began);
        assert!(
            waited < Duration::from_secs(50),
            "it was fetched after {waited:?}: the webhook woke nobody"
        );
    }
    world.finish().await;
}

#[tokio::test]
async fn a_picture_that_did_not_come_is_tried_again_and_holds_no_newer_one_up() {
    let mut world = with_its_pictures().await;
    world
        .sandbox
        .set_fault(on_download(2, FaultKind::CutBeforeEffect));

    world
        .sandbox
        .write_image_as(ROSA, cake(), Some("tercera vez"))
        .expect("Rosa sends a picture");
    world
        .until("it was tried twice", async |world| {
            world.sandbox.waiting_faults() == 0
        })
        .await;
    world
        .until("it is here", async |world| {
            picture_is(world, "tercera vez", "ready").await
        })
        .await;

    world
        .sandbox
        .set_fault(on_download(1_000, FaultKind::CutBeforeEffect));
    world
        .sandbox
        .write_image_as(ROSA, cake(), Some("nunca"))
        .expect("Rosa sends a picture");
    world
        .until("it is given up", async |world| {
            picture_is(world, "nunca", "failed").await
        })
        .await;
    world.sandbox.clear_faults();
    world
        .sandbox
        .write_image_as(ROSA, cake(), Some("la nueva"))
        .expect("Rosa sends a picture");
    world
        .until("the newer one is here", async |world| {
            picture_is(world, "la nueva", "ready").await
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_picture_under_way_when_the_token_changes_is_fetched_by_the_next_session() {
    let mut world = with_its_pictures().await;
    world.sandbox.set_fault(on_download(1, FaultKind::DelayMs(3_000)));
    world
        .sandbox
        .write_image_as(ROSA, cake(), Some("a medias"))
        .expect("Rosa sends a picture");
    world
        .until("it is under way", async |world| {
            world.sandbox.waiting_faults() == 0
        })
        .await;

    let args =
        json!({ "deviceId": world.device().await["id"], "token": world.sandbox.token(), "remember": true });
    world.run("device_token_set", args).await;
    world
        .until("it is here", async |world| {
            picture_is(world, "a medias", "ready").await
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_page_that_fails_leaves_no_gap_behind() {
    let mut world = World::linked().await;
    world.shop.close().await;
    world.sandbox.write_as(ROSA, "del viernes").expect("Rosa writes");
    let weekend = Duration::from_secs(60 * 3_600);
    world.clock.advance(weekend);
    world.sandbox.skip(weekend);
    for _ in 0..110 {
        world.sandbox.write_as(ROSA, "del lunes").expect("Rosa writes");
    }
    let on_list = |kind| Fault {
        method: Some("GET".into()),
        path_prefix: Some("/messages/list".into()),
        times: 1,
        kind,
    };
    world.sandbox.set_fault(on_list(FaultKind::DelayMs(0)));
    world.sandbox.set_fault(on_list(FaultKind::CutBeforeEffect));

    world.restart().await;
    world
        .until("Friday's message is here", async |world| {
            has_one(world, "del viernes").await
        })
        .await;
    world.finish().await;
}

/// How many of Rosa's messages of the long weekend are here.
async fn of_the_weekend(world: &World) -> usize {
    let count = world.shop.engine().store().read(|connection| {
        let sql = "SELECT count(*) FROM message WHERE text LIKE 'del fin de semana %'";
        Ok(connection.query_row(sql, [], |row| row.get::<_, i64>(0))?)
    });
    usize::try_from(count.await.expect("counted")).expect("not below zero")
}

/// A shop that was away while Rosa wrote more than a page of messages, and whose gateway gives every second page only.
async fn after_a_long_weekend() -> World {
    let mut world = World::linked().await;
    world
        .restart_after(async |sandbox| {
            sandbox.set_webhook_temper(WebhookTemper {
                deaf: true,
                ..WebhookTemper::default()
            });
            for number in 0..WEEKEND {
                let text = format!("del fin de semana {number}");
                sandbox.write_as(ROSA, &text).expect("Rosa writes");
            }
            for _ in 0..TURNS {
                sandbox.set_fault(on_list(FaultKind::DelayMs(0)));
                sandbox.set_fault(on_list(refused(None)));
            }
        })
        .await;
    world
}

/// More than a page holds.
const WEEKEND: usize = 130;
/// Pages that come, and as many that do not.
const TURNS: usize = 40;

fn on_list(kind: FaultKind) -> Fault {
    Fault::once("GET", "/messages/list", kind)
}

/// The gateway asks to be asked later.
fn refused(after: Option<u32>) -> FaultKind {
    FaultKind::Status {
        code: 429,
        body: None,
        headers: after
            .map(|seconds| ("retry-after".to_owned(), seconds.to_string()))
            .into_iter()
            .collect(),
    }
}

#[tokio::test]
async fn a_gateway_that_refuses_every_second_page_gives_a_long_gap_all_the_same() {
    let mut world = after_a_long_weekend().await;
    world
        .until("all of them are here", async |world| {
            of_the_weekend(world).await == WEEKEND
        })
        .await;
    let used = 2 * TURNS - world.sandbox.waiting_faults();
    assert!(used <= 10, "within a few polls: {used} pages were asked for");
    world.sandbox.clear_faults();
    world.sandbox.write_as(ROSA, "una más").expect("Rosa writes");
    world
        .until("news comes", async |world| has_one(world, "una más").await)
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_long_gap_is_filled_though_the_program_ends_in_between() {
    let mut world = World::linked().await;
    for run in 0..2 {
        world
            .restart_after(async |sandbox| {
                sandbox.set_webhook_temper(WebhookTemper {
                    deaf: true,
                    ..WebhookTemper::default()
                });
                for number in 0..WEEKEND * usize::from(run == 0) {
                    let text = format!("del fin de semana {number}");
                    sandbox.write_as(ROSA, &text).expect("Rosa writes");
                }
                sandbox.set_fault(on_list(FaultKind::DelayMs(0)));
                sandbox.set_fault(on_list(refused(Some(3_600))));
            })
            .await;
        world
            .until("the gateway wants to be left alone", async |world| {
                world.sandbox.waiting_faults() == 0
            })
            .await;
    }
    assert_eq!(of_the_weekend(&world).await, WEEKEND, "a page in each run");
    world.finish().await;
}

/// Somebody else who writes.
const LUIS: &str = "51900000012";

#[tokio::test]
async fn a_chat_that_is_deleted_while_a_long_gap_is_filled_hides_nothing_of_the_others() {
    let mut world = World::linked().await;
    world.shop.close().await;
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });
    for number in 0..WEEKEND {
        let text = format!("del fin de semana {number}");
        world.sandbox.write_as(ROSA, &text).expect("Rosa writes");
    }
    // Further back than any poll looks from what is new.
    let weekend = Duration::from_secs(60 * 3_600);
    world.clock.advance(weekend);
    world.sandbox.skip(weekend);
    for _ in 0..50 {
        world.sandbox.write_as(LUIS, "¿hay torta?").expect("Luis writes");
    }
    world.sandbox.set_fault(on_list(FaultKind::DelayMs(0)));
    world.sandbox.set_fault(on_list(refused(Some(3_600))));
    world.restart().await;
    world
        .until("one page of it is here", async |world| {
            world.sandbox.waiting_faults() == 0
        })
        .await;

    // Nobody tells: all that is older moves up in the list, beyond the place where it was cut short.
    let phone = world.sandbox.on(0).expect("the shop has a phone");
    assert!(phone.delete_chat_on_phone(&format!("{LUIS}@s.whatsapp.net")));

    world
        .until("all of Rosa's are here", async |world| {
            of_the_weekend(world).await == WEEKEND
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_page_that_is_refused_for_good_keeps_no_news_back() {
    for code in [400, 403, 422] {
        let mut world = World::linked().await;
        world
            .restart_after(async |sandbox| {
                sandbox.set_webhook_temper(WebhookTemper {
                    deaf: true,
                    ..WebhookTemper::default()
                });
                for number in 0..WEEKEND {
                    let text = format!("del fin de semana {number}");
                    sandbox.write_as(ROSA, &text).expect("Rosa writes");
                }
                // Whatever lies behind the first page.
                for digit in 1..=9 {
                    let refused = FaultKind::Status {
                        code,
                        body: None,
                        headers: Default::default(),
                    };
                    let path = format!("/messages/list?count=100&offset={digit}");
                    sandbox.set_fault(Fault {
                        times: u32::MAX,
                        ..Fault::once("GET", &path, refused)
                    });
                }
            })
            .await;
        world
            .until("the first page is here", async |world| {
                of_the_weekend(world).await >= 90
            })
            .await;
        world.pass(Duration::from_secs(60)).await;

        world.sandbox.write_as(ROSA, "¿siguen ahí?").expect("Rosa writes");

        world
            .until("news comes", async |world| has_one(world, "¿siguen ahí?").await)
            .await;
        world.finish().await;
    }
}

/// How many chats still have a "read" to tell.
async fn reads_to_tell(world: &World) -> i64 {
    let told = world.shop.engine().store().read(|connection| {
        let sql = "SELECT count(*) FROM chat WHERE read_to_tell IS NOT NULL";
        Ok(connection.query_row(sql, [], |row| row.get(0))?)
    });
    told.await.expect("the store answers")
}

#[tokio::test]
async fn a_read_that_cannot_be_told_does_not_hold_up_the_others() {
    let mut world = World::linked().await;
    for customer in [ROSA, "51900000012"] {
        world
            .sandbox
            .write_as(customer, "léeme")
            .expect("a customer writes");
    }
    world
        .until("it is here", async |world| has_one(world, "léeme").await)
        .await;
    world.pass(Duration::from_secs(90)).await;
    let first = world.chat_of(ROSA).await["id"].as_i64().expect("an id");
    let newest: String = world
        .shop
        .engine()
        .store()
        .read(move |connection| {
            let sql = "SELECT gateway_id FROM message WHERE chat_id = ?1 AND from_me = 0 ORDER BY at DESC, id DESC LIMIT 1";
            Ok(connection.query_row(sql, [first], |row| row.get(0))?)
        })
        .await
        .expect("Rosa's message is here");
    world.sandbox.set_fault(Fault {
        method: Some("PUT".into()),
        path_prefix: Some(format!("/messages/{newest}")),
        times: 100_000,
        kind: FaultKind::CutBeforeEffect,
    });
    for customer in [ROSA, "51900000012"] {
        let chat = world.chat_of(customer).await["id"].clone();
        let newest = world.messages_of(customer).await.last().expect("a message")["id"].clone();
        world
            .run("chat_read", json!({ "chatId": chat, "upTo": newest }))
            .await;
    }
    world
        .until("all is told or let go", async |world| {
            reads_to_tell(world).await == 0
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_customer_who_hides_her_number_keeps_her_name() {
    let mut world = World::linked().await;
    let name = world.chat_of(ROSA).await["title"].clone();
    let phone = world.sandbox.on(0).expect("the shop's device");
    phone.hide_number_of(ROSA, true).expect("she hides it");
    phone
        .write_as(ROSA, "sin que se vea mi número")
        .expect("she writes");
    world
        .until("it is hers by name", async |world| {
            let chats = world.chats().await;
            let hers = chats
                .iter()
                .find(|chat| chat["last"]["body"]["text"] == "sin que se vea mi número");
            hers.is_some_and(|chat| chat["title"] == name)
        })
        .await;
    world.finish().await;
}

async fn unread(world: &World) -> u64 {
    world.chat_of(ROSA).await["unread"].as_u64().expect("a count")
}

/// A shop that has read the first of Rosa's two messages, "esto ya lo vi" and "esto no", both longer ago than a poll looks back as a rule.
async fn with_one_read_and_one_not() -> World {
    let mut world = World::linked().await;
    world
        .sandbox
        .write_as(ROSA, "esto ya lo vi")
        .expect("Rosa writes");
    world
        .until("it is here", async |world| has_one(world, "esto ya lo vi").await)
        .await;
    let read = json!({
        "chatId": world.chat_of(ROSA).await["id"],
        "upTo": world.messages_of(ROSA).await.last().expect("a message")["id"],
    });
    world.run("chat_read", read).await;
    world.pass(Duration::from_secs(60)).await;
    world.sandbox.write_as(ROSA, "esto no").expect("Rosa writes");
    world
        .until("it is here", async |world| has_one(world, "esto no").await)
        .await;
    assert_eq!(unread(&world).await, 1, "one was read here");
    world.pass(Duration::from_secs(900)).await;
    world
}

/// That Rosa's chat was emptied is told, late: the gateway lists all of it. What came after is here again.
async fn an_emptying_is_told(world: &mut World) {
    let (url, headers) = hook(world).await;
    let told = json!({
        "messages_removed_all": format!("{ROSA}@s.whatsapp.net"),
        "event": { "type": "messages", "event": "delete" },
        "channel_id": "CANELA-TEST1",
    });
    let call = reqwest::Client::new().post(url).headers(headers).json(&told);
    assert!(
        call.send().await.expect("answers").status().is_success(),
        "it is taken"
    );
    // It is looked for at once: no time has to pass.
    let nobody_waits = async |_: &World| None;
    world
        .until_by_turns(
            "the gateway lists it still",
            async |world| has_one(world, "esto no").await,
            nobody_waits,
        )
        .await;
}

#[tokio::test]
async fn an_emptying_that_is_told_late_takes_nothing_that_came_after_it() {
    let mut world = with_one_read_and_one_not().await;
    an_emptying_is_told(&mut world).await;
    assert!(has_one(&world, "esto ya lo vi").await, "and the other");
    assert_eq!(unread(&world).await, 1, "as unread as they were");
    world.finish().await;
}

#[tokio::test]
async fn a_poll_that_was_cut_short_before_an_emptying_is_told_is_no_look_back() {
    let mut world = with_one_read_and_one_not().await;
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });
    // Polls look back from what was seen last.
    world.sandbox.write_as(LUIS, "¿están?").expect("Luis writes");
    world.pass(Duration::from_secs(900)).await;
    // More than a page within the time that every poll looks back.
    for _ in 0..WEEKEND {
        world.sandbox.write_as(LUIS, "¿hay torta?").expect("Luis writes");
    }
    world.sandbox.set_fault(on_list(FaultKind::DelayMs(0)));
    world.sandbox.set_fault(on_list(refused(None)));
    world
        .until("a poll is cut short", async |world| {
            world.sandbox.waiting_faults() == 0
        })
        .await;
    an_emptying_is_told(&mut world).await;
    world.finish().await;
}
