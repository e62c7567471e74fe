//! What happens to a chat on the phone while nobody tells of it: read, archived, pinned.

use std::time::Duration;

use mostrador_sandbox::{Fault, FaultKind, Sandbox, WebhookTemper};
use serde_json::{Value, json};

use crate::dialects;
use crate::world::{ROSA, World};

/// Another customer whom the sandbox knows.
const MATEO: &str = "51900000012";

fn deaf(deaf: bool) -> WebhookTemper {
    WebhookTemper {
        deaf,
        ..WebhookTemper::default()
    }
}

async fn unread(world: &World) -> u64 {
    world.chat_of(ROSA).await["unread"].as_u64().expect("a count")
}

/// Rosa has written, and nobody has read it; gives the message.
async fn with_a_message(world: &mut World, text: &str) -> String {
    let message = world.sandbox.write_as(ROSA, text).expect("she writes");
    world
        .until("it is here", async |world| {
            let said = world.messages_of(ROSA).await;
            said.iter().any(|message| message["body"]["text"] == text) && unread(world).await > 0
        })
        .await;
    message
}

/// What an owner does to a chat on the phone.
async fn put(world: &World, method: reqwest::Method, customer: &str, how: serde_json::Value) {
    let url = format!("{}/chats/{customer}@s.whatsapp.net", world.sandbox.url());
    let call = reqwest::Client::new().request(method, url).json(&how);
    let done = call
        .bearer_auth(world.sandbox.token())
        .send()
        .await
        .expect("answers");
    assert!(done.status().is_success(), "done: {}", done.status());
}

#[tokio::test]
async fn what_was_read_and_put_away_on_the_phone_while_the_program_was_closed_is_so_here() {
    let mut world = World::linked().await;
    let message = with_a_message(&mut world, "¿abren hoy?").await;
    // Nobody tells of it, also later.
    world.sandbox.set_webhook_temper(deaf(true));
    world.shop.close().await;
    put(&world, reqwest::Method::POST, MATEO, json!({ "archive": true })).await;
    put(&world, reqwest::Method::PATCH, ROSA, json!({ "pin": true })).await;
    world
        .restart_after(async |sandbox| {
            let phone = sandbox.on(0).expect("the shop has a phone");
            assert!(phone.read_on_phone(&message), "the owner reads");
            sandbox.set_webhook_temper(deaf(false));
        })
        .await;
    world
        .until("it is as on the phone", async |world| {
            let (rosa, mateo) = (world.chat_of(ROSA).await, world.chat_of(MATEO).await);
            rosa["unread"] == 0 && rosa["pinned"] == true && mateo["archived"] == true
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn what_is_read_on_the_phone_is_read_here_though_the_gateway_does_not_call() {
    let mut world = World::linked().await;
    world.sandbox.set_webhook_temper(deaf(true));
    let message = with_a_message(&mut world, "¿me oyen?").await;
    let phone = world.sandbox.on(0).expect("the shop has a phone");
    assert!(phone.read_on_phone(&message), "the owner reads");
    world
        .until("it is read, as on the phone", async |world| {
            unread(world).await == 0
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn what_comes_while_the_list_of_chats_is_on_its_way_is_not_read_with_it() {
    let mut world = World::linked().await;
    let message = with_a_message(&mut world, "¿abren hoy?").await;
    world.leap(Duration::from_secs(60));
    world
        .restart_after(async |sandbox| {
            let phone = sandbox.on(0).expect("the shop has a phone");
            assert!(phone.read_on_phone(&message), "the owner reads");
            sandbox.set_fault(Fault::once("GET", "/chats", FaultKind::DelayMs(700)));
        })
        .await;
    world.until_faults_left(0).await;
    world.sandbox.write_as(ROSA, "¿y mañana?").expect("she writes");
    world
        .until("the first was read, the second was not", async |world| {
            unread(world).await == 1
        })
        .await;
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(unread(&world).await, 1, "nobody has read it");
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_that_calls_all_the_while_keeps_nothing_that_happened_on_the_phone_from_being_so_here() {
    let mut world = World::linked().await;
    with_a_message(&mut world, "¿abren hoy?").await;
    world.sandbox.set_webhook_temper(deaf(true));
    world.shop.close().await;
    put(&world, reqwest::Method::POST, MATEO, json!({ "archive": true })).await;
    world
        .restart_after(async |sandbox| {
            sandbox.set_webhook_temper(deaf(false));
            sandbox.set_fault(Fault::once("GET", "/chats", FaultKind::DelayMs(700)));
        })
        .await;
    world.until_faults_left(0).await;
    // While the list is on its way: of her chat, not of his.
    for text in ["¿y mañana?", "¿y el lunes?"] {
        world.sandbox.write_as(ROSA, text).expect("she writes");
    }
    // Time stands still: it is this list that tells it, and not the next one.
    let archived = async |world: &World| world.chat_of(MATEO).await["archived"] == true;
    world
        .until_by_turns("he was put away on the phone", archived, async |_| None)
        .await;
    world.finish().await;
}

/// A group of the shop's: where it is, its number here, and two who are in it and have written there.
pub(crate) async fn a_group(world: &mut World) -> (String, i64, [String; 2]) {
    let store = world.shop.engine().store();
    let found = store.read(|connection| {
        let sql = "SELECT address, id FROM chat WHERE kind = 'group' ORDER BY id LIMIT 1";
        Ok(connection.query_row(sql, [], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))
        })?)
    });
    let (address, id) = found.await.expect("the shop is in a group");
    let phone = world.sandbox.on(0).expect("the shop has a phone");
    let numbers = phone.customers().into_iter().map(|one| one.number);
    let writes = |number: &String| phone.write_in_group_as(number, &address, "hola").is_ok();
    let members: Vec<String> = numbers.filter(writes).take(2).collect();
    let members = members.try_into().expect("two are in it");
    world
        .until("they are heard", async |world| unread_in(world, id).await >= 2)
        .await;
    (address, id, members)
}

async fn unread_in(world: &World, chat: i64) -> u64 {
    let row = world.run("chat_get", json!({ "chatId": chat })).await;
    row["unread"].as_u64().expect("a count")
}

#[tokio::test]
async fn what_a_member_of_a_group_has_read_was_not_read_by_the_shop() {
    for gateway in ["evolution", "qr_buho"] {
        let mut world = dialects::linked_at(gateway).await;
        let (address, chat, [one, other]) = a_group(&mut world).await;
        let args =
            json!({ "chatId": chat, "clientId": "g-1", "text": "abrimos a las ocho", "mediaId": null });
        world.run("message_send", args).await;
        world
            .until("it went", async |world| {
                world.got(&one, "abrimos a las ocho") == 1
            })
            .await;
        let phone = world.sandbox.on(0).expect("the shop has a phone");
        let before = unread_in(&world, chat).await;
        phone
            .write_in_group_as(&one, &address, "¿también el lunes?")
            .expect("a member writes");
        world
            .until("it is unread", async |world| {
                unread_in(world, chat).await > before
            })
            .await;
        let unread = unread_in(&world, chat).await;
        world.leap(Duration::from_secs(10));
        let phone = world.sandbox.on(0).expect("the shop has a phone");
        phone
            .read_in_group_as(&other, &address)
            .expect("another one reads what the shop wrote");
        world.leap(Duration::from_secs(60));

        world.restart().await;
        world.until_online().await;
        world.pass(Duration::from_secs(180)).await;
        assert_eq!(
            unread_in(&world, chat).await,
            unread,
            "{gateway}: nobody here has seen it"
        );
        world.finish().await;
    }
}

/// What Rosa does to messages while nobody tells of it.
async fn shows_what_rosa_does(closed: bool) {
    let mut world = World::linked().await;
    let edited = with_a_message(&mut world, "a las cinko").await;
    let deleted = with_a_message(&mut world, "no era para ustedes").await;
    world.send(ROSA, "¿le guardo una?", "d-1").await;
    world.until_status(ROSA, "¿le guardo una?", "delivered").await;
    let reacted = world
        .sandbox
        .ledger_of(ROSA)
        .pop()
        .expect("she got it")
        .message_id;
    let chat = world.chat_of(ROSA).await["id"].clone();
    let poll = json!({ "kind": "poll", "question": "¿Cuándo viene?", "options": ["hoy", "mañana"], "several": false });
    let args = json!({ "chatId": chat, "clientId": "d-2", "text": null, "mediaId": null, "content": poll });
    let poll = world.run("message_send", args).await["id"].clone();
    world
        .until("she has the question", async |world| {
            let rows = world.messages_of(ROSA).await;
            let asked = rows.iter().find(|row| row["id"] == poll);
            asked.is_some_and(|row| row["status"] == "delivered")
        })
        .await;
    let asked = world
        .sandbox
        .ledger_of(ROSA)
        .pop()
        .expect("she got it")
        .message_id;

    world.sandbox.set_webhook_temper(deaf(true));
    let acts = |sandbox: &Sandbox| {
        let phone = sandbox.on(0).expect("the shop has a phone");
        phone
            .edit_as(ROSA, &edited, "a las cinco")
            .expect("she corrects it");
        phone.react_as(ROSA, &reacted, "❤️").expect("she reacts");
        phone.vote_as(ROSA, &asked, &[1]).expect("she votes");
        phone.delete_as(ROSA, &deleted).expect("she takes it back");
    };
    if closed {
        world.shop.close().await;
        // From Friday evening to Monday morning.
        world.leap(Duration::from_secs(30 * 3_600));
        acts(&world.sandbox);
        world.leap(Duration::from_secs(30 * 3_600));
        world.restart().await;
    } else {
        acts(&world.sandbox);
    }

    let found = async |world: &World, holds: &dyn Fn(&Value) -> bool| {
        let rows = world.messages_of(ROSA).await;
        rows.iter().any(holds)
    };
    world
        .until("her words are corrected", async |world| {
            found(world, &|row| {
                row["body"]["text"] == "a las cinco" && row["editedAt"].is_number()
            })
            .await
        })
        .await;
    world
        .until("her reaction is here", async |world| {
            found(world, &|row| {
                row["body"]["text"] == "¿le guardo una?" && row["reactions"][0]["emoji"] == "❤️"
            })
            .await
        })
        .await;
    world
        .until("her vote is here", async |world| {
            let past = world.run("message_past", json!({ "messageId": poll })).await;
            past["votes"][0]["options"] == json!(["mañana"])
        })
        .await;
    world
        .until("what she took back is gone", async |world| {
            found(world, &|row| row["body"]["kind"] == "deleted").await
                && !found(world, &|row| row["body"]["text"] == "no era para ustedes").await
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn what_a_customer_does_to_messages_shows_though_the_gateway_does_not_call() {
    shows_what_rosa_does(false).await;
}

#[tokio::test]
async fn what_a_customer_did_to_messages_over_a_weekend_shows_on_monday() {
    shows_what_rosa_does(true).await;
}
