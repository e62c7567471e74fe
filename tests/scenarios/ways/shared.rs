//! Several numbers of one customer at a gateway that calls one address for all of them, and lists nothing: what is told at the address of
//! one of them about another is the other's, and whoever leaves leaves nobody deaf.

use std::collections::BTreeMap;
use std::time::Duration;

use mostrador_sandbox::{Fault, FaultKind, SandboxConfig};
use serde_json::{Value, json};

use super::{Tunnel, port};
use crate::dialects;
use crate::world::{ROSA, World};

/// A customer with two numbers, both linked. The newest calls of the gateway have none for earlier messages.
async fn one_customer() -> World {
    let world = World::with_sandbox(SandboxConfig {
        devices: 2,
        one_customer: true,
        ..SandboxConfig::for_tests()
    })
    .await;
    let none = FaultKind::Status {
        code: 404,
        body: None,
        headers: BTreeMap::new(),
    };
    world.sandbox.set_fault(Fault {
        times: u32::MAX,
        ..Fault::once("POST", "/dialects/qr_buho/chat/message/find", none)
    });
    world.sandbox.link();
    world
}

/// Adds one of them; gives its id.
async fn add(world: &mut World, place: usize) -> Value {
    let device = world.sandbox.devices().swap_remove(place);
    world.saw_secret(&device.token);
    let url = dialects::at(world, "qr_buho");
    let fields = json!({ "url": url, "token": device.token, "instance": device.number });
    let id = dialects::add(world, "qr_buho", fields).await["id"].clone();
    world
        .until("it is online", async |world| {
            of(world, &id).await["state"]["kind"] == "online"
        })
        .await;
    id
}

async fn of(world: &World, id: &Value) -> Value {
    let all = world.run("device_list", json!({})).await;
    let mut all = all.as_array().into_iter().flatten();
    all.find(|device| device["id"] == *id)
        .cloned()
        .expect("it is there")
}

async fn told(world: &World, id: &Value) -> Value {
    let route = world.run("hook_route", json!({ "deviceId": id })).await;
    route["way"]["told"]["kind"].clone()
}

async fn is_here(world: &World, id: &Value, text: &str) -> bool {
    let args = json!({ "filter": "all", "deviceId": id, "after": null, "limit": 200 });
    let chats = world.run("chat_list", args).await["rows"].clone();
    for chat in chats.as_array().into_iter().flatten() {
        let args = json!({ "chatId": chat["id"], "before": null, "limit": 50 });
        let rows = world.run("message_list", args).await["rows"].clone();
        let mut rows = rows.as_array().into_iter().flatten();
        if rows.any(|row| row["body"]["text"] == text) {
            return true;
        }
    }
    false
}

/// Rosa writes to this number, and it arrives there and nowhere else.
async fn arrives(world: &mut World, place: usize, id: &Value, text: &'static str) {
    let number = world.sandbox.on(place).expect("there is one");
    number.write_as(ROSA, text).expect("Rosa writes");
    let what = format!("«{text}» at number {place}");
    world
        .until(&what, async |world| is_here(world, id, text).await)
        .await;
    let all = world.run("device_list", json!({})).await;
    for other in all.as_array().into_iter().flatten() {
        let own = other["id"] == *id;
        assert_eq!(
            is_here(world, &other["id"], text).await,
            own,
            "{what}: nobody else's"
        );
    }
}

/// Both were told where to be called.
async fn both(world: &mut World) -> [Value; 2] {
    let ids = [add(world, 0).await, add(world, 1).await];
    let mark = format!(":{}/mostrador-hook/", port(world).await);
    world
        .until("the gateway calls us", async |world| {
            called(world).await.is_some_and(|url| url.contains(&mark))
        })
        .await;
    ids
}

/// What is set of the one address.
async fn hook(world: &World) -> Value {
    let asked = reqwest::Client::new()
        .get(format!("{}/webhook/find", dialects::at(world, "qr_buho")))
        .bearer_auth(world.sandbox.token());
    asked.send().await.expect("answers").json().await.expect("JSON")
}

/// The one address; `None` = nobody is called.
async fn called(world: &World) -> Option<String> {
    let hook = hook(world).await;
    let is_on = hook["enabled"] == true;
    hook["url"].as_str().filter(|_| is_on).map(str::to_owned)
}

/// What we answer to a call at the one address about this number.
async fn answer_about(world: &World, number: &str) -> u16 {
    let hook = hook(world).await;
    let body = json!({ "event": "presence.update", "instance": number, "data": {} });
    let url = hook["url"].as_str().expect("somebody is called");
    let headers = hook["headers"].as_object().cloned().unwrap_or_default();
    let call = headers
        .iter()
        .fold(reqwest::Client::new().post(url), |call, (name, value)| {
            call.header(name, value.as_str().expect("text"))
        });
    let answered = call.body(body.to_string()).send().await;
    answered.expect("answers").status().as_u16()
}

#[tokio::test]
async fn what_is_told_at_the_address_of_one_number_about_another_is_the_others() {
    let mut world = one_customer().await;
    let ids = both(&mut world).await;
    arrives(&mut world, 0, &ids[0], "¿Hay torta?").await;
    arrives(&mut world, 1, &ids[1], "¿Hay pan?").await;
    for id in &ids {
        world
            .until("it is known to be called", async |world| {
                of(world, id).await["inbound"] == "webhook"
            })
            .await;
        let calls = world.run("hook_list", json!({ "deviceId": id })).await;
        let messages = calls
            .as_array()
            .into_iter()
            .flatten()
            .filter(|call| call["verdict"] == "accepted" && call["kinds"] == json!(["message"]));
        assert_eq!(messages.count(), 1, "written down where it is stored: {calls}");
    }
    world.finish().await;
}

#[tokio::test]
async fn a_number_that_leaves_leaves_the_others_called_and_the_last_one_takes_the_address_along() {
    for leaving in [0, 1] {
        let mut world = one_customer().await;
        let ids = both(&mut world).await;
        arrives(&mut world, 0, &ids[0], "¿Hay torta?").await;
        arrives(&mut world, 1, &ids[1], "¿Hay pan?").await;

        world
            .run("device_remove", json!({ "deviceId": ids[leaving] }))
            .await;
        let stays = 1 - leaving;
        arrives(&mut world, stays, &ids[stays], "Voy por ella").await;
        world.pass(Duration::from_secs(150)).await;
        arrives(&mut world, stays, &ids[stays], "Gracias").await;

        world
            .run("device_remove", json!({ "deviceId": ids[stays] }))
            .await;
        assert_eq!(called(&world).await, None, "nobody of ours is left");
        world.finish().await;
    }
}

#[tokio::test]
async fn a_number_that_leaves_while_the_gateway_does_not_listen_has_the_others_tell_it_again() {
    for leaving in [0, 1] {
        let mut world = one_customer().await;
        let ids = both(&mut world).await;
        let fails = FaultKind::Status {
            code: 500,
            body: None,
            headers: BTreeMap::new(),
        };
        world.sandbox.set_fault(Fault {
            times: 3,
            ..Fault::once("POST", "/dialects/qr_buho/webhook/set", fails)
        });
        world.expect_warning("the gateway could not be told where to call");
        world
            .run("device_remove", json!({ "deviceId": ids[leaving] }))
            .await;
        world.pass(Duration::from_secs(300)).await;
        world.sandbox.clear_faults();
        let stays = 1 - leaving;
        // What is written before it is told again, no gateway tells of that lists nothing.
        for _ in 0..60 {
            let number = world.sandbox.on(stays).expect("there is one");
            number.write_as(ROSA, "¿Están?").expect("Rosa writes");
            world.pass(Duration::from_secs(10)).await;
            if is_here(&world, &ids[stays], "¿Están?").await {
                break;
            }
        }
        arrives(&mut world, stays, &ids[stays], "¿Hay torta?").await;
        world.finish().await;
    }
}

#[tokio::test]
async fn a_tunnel_that_one_number_gives_up_goes_on_leading_the_calls_to_the_other() {
    let mut world = one_customer().await;
    let ids = both(&mut world).await;
    let tunnel = Tunnel::to_us(&world).await;
    for id in &ids {
        let args = json!({ "deviceId": id, "seen": null, "address": tunnel.url });
        world.run("hook_address_set", args).await;
        world
            .until("it is told", async |world| told(world, id).await == "known_alone")
            .await;
    }
    arrives(&mut world, 0, &ids[0], "¿Hay torta?").await;
    arrives(&mut world, 1, &ids[1], "¿Hay pan?").await;
    for id in &ids {
        let args = json!({ "deviceId": id, "seen": tunnel.url, "address": null });
        world.run("hook_address_set", args).await;
        world
            .until("it is taken back", async |world| {
                told(world, id).await == "nothing_alone"
            })
            .await;
        arrives(&mut world, 0, &ids[0], "Voy por ella").await;
        arrives(&mut world, 1, &ids[1], "Voy por él").await;
    }
    world.finish().await;
}

#[tokio::test]
async fn what_is_told_of_a_number_that_is_not_here_is_said_to_be_stored_nowhere() {
    let mut world = one_customer().await;
    let id = add(&mut world, 0).await;
    world
        .until("the gateway calls us", async |world| {
            called(world).await.is_some()
        })
        .await;
    let other = world.sandbox.on(1).expect("there is one");
    other.write_as(ROSA, "¿Hay pan?").expect("Rosa writes");
    world
        .until("the call has come", async |world| {
            let calls = world.run("hook_list", json!({ "deviceId": id })).await;
            calls[0]["verdict"] == "not_ours"
        })
        .await;
    assert!(!is_here(&world, &id, "¿Hay pan?").await, "it is another number's");
    arrives(&mut world, 0, &id, "¿Hay torta?").await;
    world.finish().await;
}

#[tokio::test]
async fn what_is_told_of_a_number_whose_gateway_has_not_said_yet_that_it_is_linked_is_not_lost() {
    let mut world = one_customer().await;
    let id = add(&mut world, 0).await;
    world
        .until("the gateway calls us", async |world| {
            called(world).await.is_some()
        })
        .await;
    let fails = FaultKind::Status {
        code: 500,
        body: None,
        headers: BTreeMap::new(),
    };
    world.sandbox.set_fault(Fault {
        times: u32::MAX,
        ..Fault::once("GET", "/dialects/qr_buho/api/devices/list", fails)
    });
    let device = world.sandbox.devices().swap_remove(1);
    world.saw_secret(&device.token);
    let url = dialects::at(&world, "qr_buho");
    let fields = json!({ "url": url, "token": device.token, "instance": device.number });
    let other = dialects::add(&world, "qr_buho", fields).await["id"].clone();
    assert_ne!(of(&world, &other).await["state"]["kind"], "online");

    let number = world.sandbox.on(1).expect("there is one");
    number.write_as(ROSA, "¿Hay pan?").expect("Rosa writes");
    let calls = async |world: &World, id: &Value| {
        let calls = world.run("hook_list", json!({ "deviceId": id })).await;
        calls.as_array().cloned().unwrap_or_default()
    };
    world
        .until("the call has come", async |world| {
            let is_message =
                |call: &Value| call["kinds"] == json!(["message"]) || call["verdict"] == "not_ours";
            calls(world, &other).await.iter().any(is_message)
                || calls(world, &id).await.iter().any(is_message)
        })
        .await;
    assert!(
        calls(&world, &id)
            .await
            .iter()
            .all(|call| call["verdict"] != "not_ours"),
        "it is not said to be nobody's"
    );
    assert!(is_here(&world, &other, "¿Hay pan?").await, "it is its own");
    world.sandbox.clear_faults();
    world.finish().await;
}

#[tokio::test]
async fn what_is_told_of_a_number_that_cannot_be_started_yet_is_asked_for_again() {
    let mut world = one_customer().await;
    world.expect_warning("could not be started");
    let ids = both(&mut world).await;
    let [second, nobodys] = [
        world.sandbox.devices().swap_remove(1).number,
        "51900000099".to_owned(),
    ];
    assert_eq!(answer_about(&world, &nobodys).await, 200, "it is none of ours");

    let (path, id) = (world.folder().join("mostrador.db"), ids[1].clone());
    world
        .restart_after(async |_| {
            let file = rusqlite::Connection::open(path).expect("opens");
            // As a full disk refuses: something is to be noted of the second one when it starts.
            let refuse = format!(
                "UPDATE device SET hold_since = 9000000000000, hold_until = 9000000000000 WHERE id = {id};
                 CREATE TRIGGER refuse BEFORE UPDATE OF hold_since ON device WHEN OLD.id = {id}
                 BEGIN SELECT RAISE(ABORT, 'on purpose'); END"
            );
            file.execute_batch(&refuse).expect("refused from now on");
        })
        .await;
    world
        .until("the first is called", async |world| {
            of(world, &ids[0]).await["state"]["kind"] == "online" && called(world).await.is_some()
        })
        .await;
    assert_eq!(of(&world, &ids[1]).await["state"]["kind"], "stopped");
    assert_eq!(
        answer_about(&world, &second).await,
        503,
        "nobody can say yet that it is none of ours"
    );

    let store = world.shop.engine().store();
    let there_is_room = store.write(|writing| Ok(writing.execute_batch("DROP TRIGGER refuse")?));
    there_is_room.await.expect("dropped");
    world
        .until("it is online", async |world| {
            of(world, &ids[1]).await["state"]["kind"] == "online"
        })
        .await;
    assert_eq!(answer_about(&world, &second).await, 200, "it is its own");
    assert_eq!(answer_about(&world, &nobodys).await, 200, "it is none of ours");
    arrives(&mut world, 1, &ids[1], "¿Hay pan?").await;
    world.finish().await;
}

#[tokio::test]
async fn what_is_told_of_a_number_whose_secrets_are_missing_is_asked_for_again() {
    let mut world = one_customer().await;
    let ids = both(&mut world).await;
    let device = world.sandbox.devices().swap_remove(1);
    assert_eq!(
        answer_about(&world, "51900000099").await,
        200,
        "it is none of ours"
    );

    let (path, id, secrets) = (
        world.folder().join("mostrador.db"),
        ids[1].clone(),
        world.secrets(),
    );
    world
        .restart_after(async |_| {
            let file = rusqlite::Connection::open(path).expect("opens");
            let sql = format!("SELECT secret_key FROM device WHERE id = {id}");
            let key: String = file.query_row(&sql, [], |row| row.get(0)).expect("its key");
            secrets.delete(&key).await.expect("it is gone from the keyring");
        })
        .await;
    world
        .until("the first is called", async |world| {
            of(world, &ids[0]).await["state"]["kind"] == "online" && called(world).await.is_some()
        })
        .await;
    assert_eq!(of(&world, &ids[1]).await["state"]["kind"], "unconfigured");
    assert_eq!(
        answer_about(&world, &device.number).await,
        503,
        "what is told of it is stored nowhere yet"
    );

    let args = json!({ "deviceId": ids[1], "token": device.token, "remember": true });
    world.run("device_token_set", args).await;
    world
        .until("it is online", async |world| {
            of(world, &ids[1]).await["state"]["kind"] == "online"
        })
        .await;
    assert_eq!(answer_about(&world, &device.number).await, 200, "it is its own");
    assert_eq!(
        answer_about(&world, "51900000099").await,
        200,
        "it is none of ours"
    );
    arrives(&mut world, 1, &ids[1], "¿Hay pan?").await;
    world.finish().await;
}
