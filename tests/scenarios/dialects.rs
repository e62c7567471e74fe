//! Gateways that can less than others: linked, written through, and honest about what they do not do.

use std::time::Duration;

use mostrador_api::ErrorCode;
use mostrador_engine::clock::Clock as _;
use mostrador_sandbox::{Effect, Fault, FaultKind, ReceiptManner};
use serde_json::{Value, json};

use crate::campaigns::PEOPLE;
use crate::canaries::{Canaries, Listening};
use crate::world::{ROSA, World};

pub(crate) fn at(world: &World, dialect: &str) -> String {
    format!("{}/dialects/{dialect}", world.sandbox.url())
}

pub(crate) async fn add(world: &World, gateway: &str, fields: Value) -> Value {
    let args = json!({ "gateway": gateway, "name": "Tienda", "fields": fields, "remember": true });
    world.run("device_add", args).await
}

pub(crate) async fn link(world: &mut World) {
    world
        .until("a code is shown", async |world| {
            world.device().await["state"]["step"]["kind"] == "picture"
        })
        .await;
    world.sandbox.scan().expect("the code is live");
    world.until_online().await;
}

/// A shop whose number is linked and synced through this gateway.
pub(crate) async fn linked_at(gateway: &str) -> World {
    if gateway == "whapi" {
        return World::linked().await;
    }
    let mut world = World::new().await;
    link_through(&mut world, gateway).await;
    world
}

/// Adds a number through this gateway, and links it.
pub(crate) async fn link_through(world: &mut World, gateway: &str) {
    let token = world.sandbox.token().to_owned();
    let mut fields = match gateway {
        "evolution" => json!({ "instance": "tienda" }),
        "qr_buho" => json!({ "instance": "practice" }),
        "waconecta" => json!({ "container_token": token }),
        _ => json!({}),
    };
    fields["url"] = json!(at(world, gateway));
    fields["token"] = json!(token);
    add(world, gateway, fields).await;
    world
        .until(&format!("{gateway}: a code is shown"), async |world| {
            let state = world.device().await["state"].clone();
            state["step"]["kind"] == "picture" || state["step"]["kind"] == "qr"
        })
        .await;
    world.sandbox.scan().expect("the code is live");
    world.until_online().await;
}

#[tokio::test]
async fn a_server_of_ones_own_is_linked_and_calls_with_signatures_also_after_its_restart() {
    let mut world = World::new().await;
    let fields = json!({ "url": at(&world, "api_engine"), "token": world.sandbox.token() });
    add(&world, "api_engine", fields).await;
    link(&mut world).await;

    let device = world.device().await;
    assert_eq!(device["ownNumber"], "+51900000010", "the linked number is told");
    world.sandbox.write_as(ROSA, "¿Hay torta?").expect("Rosa writes");
    world
        .until("it is here", async |world| world.chats().await.len() == 1)
        .await;
    world
        .until("a server on this computer calls us", async |world| {
            world.device().await["inbound"] == "webhook"
        })
        .await;
    world.send(ROSA, "Sí, queda una", "c-1").await;
    world.until_status(ROSA, "Sí, queda una", "sent").await;
    assert_eq!(world.got(ROSA, "Sí, queda una"), 1, "Rosa got it once");

    world.sandbox.restart_gateways();
    world.pass(Duration::from_secs(90)).await;
    world.sandbox.write_as(ROSA, "Voy por ella").expect("Rosa writes");
    world
        .until("it is heard again", async |world| {
            world
                .messages_of(ROSA)
                .await
                .iter()
                .any(|row| row["body"]["text"] == "Voy por ella")
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn an_instance_is_linked_calls_and_takes_edits_and_deletions() {
    let mut world = World::new().await;
    let url = at(&world, "evolution");
    let fields = json!({ "url": url, "instance": "tienda", "token": world.sandbox.token() });
    add(&world, "evolution", fields).await;
    world
        .until("a code is shown", async |world| {
            world.device().await["state"]["step"]["kind"] == "qr"
        })
        .await;
    world.sandbox.scan().expect("the code is live");
    world.until_online().await;
    assert_eq!(
        world.device().await["inbound"],
        "webhook_and_polling",
        "a server on this computer calls us"
    );

    world.sandbox.write_as(ROSA, "¿Hay torta?").expect("Rosa writes");
    world
        .until("it is here", async |world| {
            let messages = world.messages_of(ROSA).await;
            messages.iter().any(|row| row["body"]["text"] == "¿Hay torta?")
        })
        .await;
    world.send(ROSA, "Sí, queda una", "c-1").await;
    world.until_status(ROSA, "Sí, queda una", "delivered").await;
    // The server's clock stands in São Paulo, and its calls do not say so.
    let ticks = world.ours(ROSA, "Sí, queda una").await.remove(0);
    for tick in ["sentAt", "deliveredAt"] {
        let ago = world.clock.now().0 - ticks[tick].as_i64().expect("it is told");
        assert!((-5_000..300_000).contains(&ago), "{tick} lies {ago} ms back");
    }
    let deeds = [
        (json!({ "kind": "edit", "text": "Sí, quedan dos" }), Effect::Edit),
        (json!({ "kind": "react", "emoji": "🍰" }), Effect::Reaction),
        (json!({ "kind": "delete" }), Effect::Deletion),
    ];
    let answer = world.ours(ROSA, "Sí, queda una").await.remove(0)["id"].clone();
    for (place, (deed, effect)) in deeds.into_iter().enumerate() {
        let args = json!({ "messageId": answer, "clientId": format!("a-{place}"), "action": deed });
        world.run("message_act", args).await;
        world
            .until("Rosa sees it, and nothing waits any more", async |world| {
                let got = world.sandbox.ledger_of(ROSA);
                let mut rows = world.messages_of(ROSA).await.into_iter();
                let waits = rows.any(|row| row["id"] == answer && row["pending"] != json!([]));
                got.iter().any(|entry| entry.effect == effect) && !waits
            })
            .await;
    }
    assert_eq!(
        world.got(ROSA, "Sí, queda una"),
        1,
        "and all of it is about one message"
    );
    world.finish().await;
}

#[tokio::test]
async fn what_a_kind_cannot_carry_is_refused_before_it_is_stored() {
    for (gateway, refused) in [
        ("evolution", "card that answers"),
        ("whapi", "document that names"),
    ] {
        let mut world = linked_at(gateway).await;
        world.sandbox.write_as(ROSA, "¿Hay torta?").expect("Rosa writes");
        world
            .until("it is here", async |world| {
                let messages = world.messages_of(ROSA).await;
                messages.iter().any(|row| row["body"]["text"] == "¿Hay torta?")
            })
            .await;
        let mut all = world.messages_of(ROSA).await.into_iter();
        let asked = all.find(|row| row["body"]["text"] == "¿Hay torta?");
        let asked = asked.expect("her question");
        let pdf = json!({ "fileName": "a.pdf", "dataBase64": "JVBERi0xLjQgeA==" });
        let pdf = world.run("media_add", pdf).await["id"].clone();
        let card = json!({ "name": "Julia", "vcard": "BEGIN:VCARD\nVERSION:3.0\nFN:Julia\nTEL:+51900000031\nEND:VCARD" });
        let chat = world.chat_of(ROSA).await["id"].clone();
        let mut message = json!({ "chatId": chat, "clientId": "c-1", "text": null, "mediaId": null });
        if gateway == "evolution" {
            message["content"] = json!({ "kind": "contacts", "cards": [card] });
            message["quotedId"] = asked["id"].clone();
        } else {
            message["text"] = json!("mire @51900000012");
            message["mediaId"] = pdf;
            message["mentions"] = json!(["51900000012@s.whatsapp.net"]);
        }
        let code = world.refused("message_send", message).await;
        assert_eq!(code, ErrorCode::NotOffered, "{gateway}: a {refused}");
        let rows = world.messages_of(ROSA).await;
        assert!(
            rows.iter().all(|row| row["status"] != "failed"),
            "nothing of it is left"
        );
        world.finish().await;
    }
}

#[tokio::test]
async fn a_number_at_qr_buho_takes_edits_deletions_and_marks_and_its_ticks_never_go_back() {
    let mut world = World::new().await;
    let url = at(&world, "qr_buho");
    let fields = json!({ "url": url, "instance": "practice", "token": world.sandbox.token() });
    add(&world, "qr_buho", fields).await;
    link(&mut world).await;
    world.sandbox.write_as(ROSA, "¿Hay torta?").expect("Rosa writes");
    world
        .until("it is here", async |world| {
            let messages = world.messages_of(ROSA).await;
            messages.iter().any(|row| row["body"]["text"] == "¿Hay torta?")
        })
        .await;

    world.sandbox.set_receipt_manner(ReceiptManner {
        reordered_ms: 50,
        duplicated: true,
        ..ReceiptManner::default()
    });
    world.send(ROSA, "Sí, queda una", "c-1").await;
    world
        .until("Rosa has it", async |world| {
            !world.sandbox.ledger_of(ROSA).is_empty()
        })
        .await;
    world.sandbox.read_as(ROSA).expect("Rosa opens the chat");
    world.until_status(ROSA, "Sí, queda una", "read").await;
    world.sandbox.skip(Duration::from_secs(60));
    world.sandbox.write_as(ROSA, "Voy").expect("Rosa writes");
    world
        .until("whatever was told before that has come", async |world| {
            let messages = world.messages_of(ROSA).await;
            messages.iter().any(|row| row["body"]["text"] == "Voy")
        })
        .await;
    world.until_status(ROSA, "Sí, queda una", "read").await;

    let answer = world.ours(ROSA, "Sí, queda una").await.remove(0)["id"].clone();
    let deeds = [
        (json!({ "kind": "edit", "text": "Sí, quedan dos" }), Effect::Edit),
        (json!({ "kind": "delete" }), Effect::Deletion),
    ];
    for (place, (deed, effect)) in deeds.into_iter().enumerate() {
        let args = json!({ "messageId": answer, "clientId": format!("a-{place}"), "action": deed });
        world.run("message_act", args).await;
        world
            .until("Rosa sees it", async |world| {
                let got = world.sandbox.ledger_of(ROSA);
                got.iter().any(|entry| entry.effect == effect)
            })
            .await;
    }
    let label = world.run("label_list", json!({})).await[0].clone();
    assert_eq!(label["ofPhone"], true, "the phone's labels are here");
    let refused = json!({ "labelId": label["id"], "name": "Otro" });
    assert_eq!(
        world.refused("label_change", refused).await,
        ErrorCode::NotOffered,
        "and stay as the phone has them"
    );
    let chat = world.chats().await[0]["id"].clone();
    for change in [
        json!({ "kind": "archived", "on": true }),
        json!({ "kind": "label", "labelId": label["id"], "on": true }),
    ] {
        let args = json!({ "chatId": chat, "change": change });
        world.run("chat_change", args).await;
    }
    let jid = format!("{ROSA}@s.whatsapp.net");
    world
        .until("the phone shows both", async |world| {
            let phone = world.sandbox.on(0).expect("the first number");
            !phone.labels_of(&jid).is_empty() && phone.is_archived(&jid)
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_device_that_the_gateway_does_not_have_is_told_and_looked_for_again() {
    let mut world = World::new().await;
    let url = at(&world, "qr_buho");
    let fields = |name: &str| json!({ "url": url, "instance": name, "token": world.sandbox.token() });
    let wrong = json!({ "gateway": "qr_buho", "fields": fields("caja") });
    assert_eq!(
        world.refused("gateway_test", wrong).await,
        ErrorCode::DeviceUnknown,
        "trying the connection tells it"
    );
    let right = json!({ "gateway": "qr_buho", "fields": fields("practice") });
    assert_eq!(
        world.run("gateway_test", right).await["state"],
        "not_linked",
        "the right name is found"
    );
    let added = fields("caja");
    add(&world, "qr_buho", added).await;
    world
        .until("its state tells it too", async |world| {
            world.device().await["state"]["why"] == "device_unknown"
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_server_without_a_call_for_earlier_messages_is_written_through_all_the_same() {
    let mut world = World::new().await;
    let none = FaultKind::Status {
        code: 404,
        body: None,
        headers: Default::default(),
    };
    world.sandbox.set_fault(Fault {
        times: u32::MAX,
        ..Fault::once("POST", "/dialects/qr_buho/chat/message/find", none)
    });
    let fields = json!({
        "url": at(&world, "qr_buho"), "token": world.sandbox.token(), "instance": "practice",
    });
    add(&world, "qr_buho", fields).await;
    link(&mut world).await;
    world.sandbox.write_as(ROSA, "¿hay torta?").expect("Rosa writes");
    world
        .until("the gateway's call brings it", async |world| {
            !world.chats().await.is_empty()
        })
        .await;
    world.pass(Duration::from_secs(900)).await;
    let state = world.device().await["state"].clone();
    assert_eq!(
        state["kind"], "online",
        "what it has not is not asked for again: {state}"
    );
    world.send(ROSA, "queda una", "c-1").await;
    world.until_status(ROSA, "queda una", "delivered").await;
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_with_two_secrets_keeps_both_and_says_that_nothing_arrives() {
    let mut world = World::new().await;
    let token = world.sandbox.token().to_owned();
    let url = at(&world, "waconecta");
    let one = json!({ "gateway": "waconecta", "fields": { "url": url, "token": token } });
    assert_eq!(
        world.refused("gateway_test", one).await,
        ErrorCode::FieldMissing,
        "the session has a key of its own"
    );
    for (token, container_token, code) in [
        (token.as_str(), "not-this-one", ErrorCode::SessionKeyRejected),
        ("not-this-one", token.as_str(), ErrorCode::TokenRejected),
        ("neither-this", "nor-that-one", ErrorCode::TokenRejected),
    ] {
        let fields = json!({ "url": url, "token": token, "container_token": container_token });
        let args = json!({ "gateway": "waconecta", "fields": fields });
        assert_eq!(
            world.refused("gateway_test", args).await,
            code,
            "the wizard says which of the two to copy again"
        );
    }
    assert_eq!(world.sandbox.ledger().len(), 0, "and nobody was written to");
    let fields = json!({ "url": url, "token": token, "container_token": "not-this-one" });
    let device = add(&world, "waconecta", fields).await;
    world
        .until("the second key is refused", async |world| {
            world.device().await["state"]["why"] == "token_rejected"
        })
        .await;
    assert_eq!(
        device["secrets"],
        json!(["token", "container_token"]),
        "both can be changed"
    );
    let right = json!({ "deviceId": device["id"], "fields": { "container_token": token }, "remember": true });
    world.run("device_token_set", right).await;
    link(&mut world).await;

    assert_eq!(
        world.device().await["inbound"],
        "none",
        "it neither calls nor lists"
    );
    world.restart().await;
    world.until_online().await;
    world.finish().await;
}

#[tokio::test]
async fn whoever_signs_in_with_a_password_does_so_again_when_the_token_has_run_out() {
    let mut world = World::new().await;
    let (url, password) = (at(&world, "qr_buho"), world.sandbox.token().to_owned());
    let fields = |password: &str| json!({ "url": url, "instance": "practice", "email": "ana@shop.example", "password": password });
    let test = |password: &str| json!({ "gateway": "qr_buho", "fields": fields(password) });
    assert_eq!(
        world.refused("gateway_test", test("not-this-one")).await,
        ErrorCode::TokenRejected,
        "a wrong password is told before anything is kept"
    );
    let tested = world.run("gateway_test", test(&password)).await;
    assert_eq!(tested["state"], "not_linked", "the right one lets in");
    let device = add(&world, "qr_buho", fields(&password)).await;
    link(&mut world).await;
    world.sandbox.write_as(ROSA, "¿Hay torta?").expect("Rosa writes");
    world
        .until("it is here", async |world| !world.chats().await.is_empty())
        .await;

    let refused = |method: &str, path: &str| {
        let unauthorised = FaultKind::Status {
            code: 401,
            body: None,
            headers: Default::default(),
        };
        Fault::once(method, &format!("/dialects/qr_buho{path}"), unauthorised)
    };
    world.sandbox.set_fault(refused("POST", "/api/send/"));
    world.send(ROSA, "queda una", "c-1").await;
    world.until_status(ROSA, "queda una", "delivered").await;
    assert_eq!(world.got(ROSA, "queda una"), 1, "once, with the next token");
    assert_eq!(world.sandbox.waiting_faults(), 0, "the first one had run out");
    assert_eq!(
        world.device().await["state"]["kind"],
        "online",
        "and nobody had to do anything"
    );

    for (method, path) in [("POST", "/api/login"), ("GET", "/api/devices/list")] {
        let always = refused(method, path);
        world.sandbox.set_fault(Fault {
            times: u32::MAX,
            ..always
        });
    }
    world
        .until("the password was changed there", async |world| {
            world.device().await["state"]["why"] == "token_rejected"
        })
        .await;
    world.sandbox.clear_faults();
    let new = json!({ "deviceId": device["id"], "fields": { "password": password }, "remember": true });
    world.run("device_token_set", new).await;
    world.until_online().await;
    world.finish().await;
}

#[tokio::test]
async fn a_reseller_has_no_device_and_the_explorer_all_the_same() {
    let mut world = World::new().await;
    // What a reseller's account may not ask.
    world.sandbox.set_fault(Fault {
        times: u32::MAX,
        ..Fault::once(
            "GET",
            "/dialects/qr_buho/api/devices",
            FaultKind::Status {
                code: 401,
                body: None,
                headers: Default::default(),
            },
        )
    });
    let fields = json!({
        "url": at(&world, "qr_buho"), "instance": "reventa", "email": "ana@shop.example",
        "password": world.sandbox.token(),
    });
    add(&world, "qr_buho", fields).await;
    world
        .until("it is said to have no device", async |world| {
            world.device().await["state"]["why"] == "device_unknown"
        })
        .await;
    let args = json!({
        "deviceId": world.device().await["id"], "endpoint": "tenant_list", "parameters": {}, "body": null, "file": null,
        "confirmed": false,
    });
    let listed = world.run("explorer_call", args).await;
    assert_eq!(
        (&listed["kind"], &listed["status"]),
        (&json!("answered"), &json!(200)),
        "the customers of the reseller: {listed}"
    );
    world.finish().await;
}

#[tokio::test]
async fn the_practice_shop_has_a_number_for_each_gateway_as_which_it_speaks() {
    let folder = tempfile::tempdir().expect("a folder");
    let listening = Listening::begin();
    let shop = crate::world::practice(folder.path(), &listening.logs).await;
    let listed = mostrador_api::commands::dispatch(&shop, "gateway_list", json!({})).await;
    let listed = listed.expect("it is listed");
    let practised: Vec<&Value> = listed
        .as_array()
        .into_iter()
        .flatten()
        .filter(|gateway| gateway["practice"] == true)
        .collect();
    assert!(practised.len() > 2, "several can be tried");
    for gateway in practised {
        assert_eq!(gateway["fields"], json!([]), "nothing has to be given");
        let args = json!({ "gateway": gateway["kind"] });
        let tested = mostrador_api::commands::dispatch(&shop, "gateway_test", args).await;
        let state = tested.map(|tested| tested["state"].clone());
        let expected = ["not_linked", "starting"].map(Value::from);
        assert!(
            state.is_ok_and(|state| expected.contains(&state)),
            "{gateway}: it answers"
        );
    }
    shop.close().await;
    listening.heard_none_of(&practised_with(folder.path()), folder.path());
}

/// The tokens and numbers of the practice shop that keeps its world in this folder.
pub(crate) fn practised_with(data: &std::path::Path) -> Canaries {
    let kept = std::fs::read(data.join("practice.json")).expect("its world is kept");
    let kept: Value = serde_json::from_slice(&kept).expect("JSON");
    let branches = kept["branches"].as_array().expect("a number for each gateway");
    let mut canaries = Canaries::default();
    for branch in branches {
        canaries.add(branch["token"].as_str().expect("its token"));
        let number = branch["world"]["shop"]["number"].as_str();
        canaries.add(number.expect("its number"));
    }
    canaries
}

#[tokio::test]
async fn a_campaign_runs_through_each_gateway_that_sends_and_nobody_gets_it_twice() {
    for gateway in ["api_engine", "evolution", "waconecta", "qr_buho"] {
        let mut world = linked_at(gateway).await;
        let id = world.started(&PEOPLE[..2]).await;
        world.until_state(id, "finished").await;
        assert_eq!(world.each_got(&PEOPLE[..2]), [1, 1], "{gateway}: each once");
        let proof = world.run("campaign_prove", json!({ "campaignId": id })).await;
        assert_eq!(
            proof["verdict"], "holds",
            "{gateway}: and that can be proven: {proof}"
        );
        world.finish().await;
    }
}
