//! Bad input from the gateway, from the computer and from the clock: each ends in a typed state, nothing is lost, nothing goes
//! twice. Judged by the ledger. `docs/reliability.md` lists each kind with the test that shows it.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mostrador_api::{ErrorCode, OpenShopError, Shop};
use mostrador_engine::clock::Clock;
use mostrador_engine::secrets::MemorySecrets;
use mostrador_sandbox::{Fault, FaultKind};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::dialects;
use crate::starting::options;
use crate::world::{ROSA, World};

fn status(code: u16) -> FaultKind {
    FaultKind::Status {
        code,
        body: None,
        headers: BTreeMap::new(),
    }
}

fn answer(body: Value) -> FaultKind {
    FaultKind::Status {
        code: 200,
        body: Some(body),
        headers: BTreeMap::new(),
    }
}

fn fault(method: &str, path: &str, times: u32, kind: FaultKind) -> Fault {
    Fault {
        times,
        ..Fault::once(method, path, kind)
    }
}

/// One send meets `kind`, and an hour passes. Gives the message as it is shown, and how often Rosa got it.
async fn send_meets(world: &mut World, kind: FaultKind, text: &'static str) -> (Value, usize) {
    world.sandbox.set_fault(fault("POST", "/messages/text", 1, kind));
    let client_id = format!(
        "b-{}",
        world.sandbox.ledger().len() + world.messages_of(ROSA).await.len()
    );
    world.send(ROSA, text, &client_id).await;
    world
        .until(&format!("«{text}» has ended"), async |world| {
            let ours = world.ours(ROSA, text).await;
            ours.len() == 1 && (ours[0]["status"] == "failed" || ours[0]["status"] == "delivered")
        })
        .await;
    world.pass(Duration::from_secs(3_600)).await;
    let ours = world.ours(ROSA, text).await;
    assert_eq!(ours.len(), 1, "«{text}» shows once");
    (ours[0].clone(), world.got(ROSA, text))
}

#[tokio::test]
async fn a_send_that_is_refused_for_good_fails_with_its_reason_and_is_not_tried_again() {
    let mut world = World::linked().await;
    for (code, text, reason) in [
        (400, "cuatrocientos", "refused_content"),
        (402, "cuatrocientos dos", "plan_limit"),
        (403, "cuatrocientos tres", "forbidden"),
        (413, "cuatrocientos trece", "too_large"),
        (415, "cuatrocientos quince", "media_unsupported"),
    ] {
        let (shown, got) = send_meets(&mut world, status(code), text).await;
        assert_eq!(
            (&shown["status"], &shown["failure"]),
            (&json!("failed"), &json!(reason)),
            "{code} says why"
        );
        assert_eq!(
            got, 0,
            "{code}: it did not go, and nobody sends it again by himself"
        );
    }
    world.finish().await;
}

#[tokio::test]
async fn a_send_that_meets_anything_else_is_delivered_once() {
    let mut world = World::linked().await;
    for (code, text) in [
        // A passing 401: the token is good, as `/health` says.
        (401, "pasa 401"),
        (404, "pasa 404"),
        (409, "pasa 409"),
        (422, "pasa 422"),
        (429, "pasa 429"),
        (500, "pasa 500"),
        (502, "pasa 502"),
        (503, "pasa 503"),
        (504, "pasa 504"),
    ] {
        let (shown, got) = send_meets(&mut world, status(code), text).await;
        assert_eq!(shown["status"], "delivered", "{code}: it ends well");
        assert_eq!(got, 1, "{code}: Rosa got it exactly once");
    }
    world.finish().await;
}

#[tokio::test]
async fn a_send_with_a_useless_answer_is_found_and_not_sent_again() {
    let mut world = World::linked().await;
    for (kind, text) in [
        (FaultKind::MalformedBody, "página en vez de JSON"),
        (FaultKind::TruncatedBody, "respuesta a medias"),
        (FaultKind::HugeBody { bytes: 80_000_000 }, "respuesta enorme"),
        (FaultKind::CutAfterEffect, "línea cortada"),
        // Of a proxy that has the page for everybody: nothing has left.
        (FaultKind::HtmlPage { code: 200 }, "página de otro"),
    ] {
        let (shown, got) = send_meets(&mut world, kind, text).await;
        assert_eq!(
            (&shown["status"], got),
            (&json!("delivered"), 1),
            "«{text}» is found"
        );
    }
    world.finish().await;
}

#[tokio::test]
async fn an_answer_of_the_wrong_shape_is_no_proof_that_it_went() {
    let mut world = World::linked().await;
    for (body, text) in [
        (json!({ "sent": "yes", "message": 7 }), "tipos cambiados"),
        (json!([]), "una lista"),
        (nested(100), "muy anidada"),
        (nested(1_000), "sin fondo"),
    ] {
        // Nothing took effect, whatever the answer pretends: it is looked for, is not there, and goes.
        let (shown, got) = send_meets(&mut world, answer(body), text).await;
        assert_eq!(
            (&shown["status"], got),
            (&json!("delivered"), 1),
            "«{text}» goes in the end"
        );
    }
    world.finish().await;
}

/// `[[[…]]]`.
fn nested(depth: usize) -> Value {
    (0..depth).fold(json!("hola"), |inside, _| json!([inside]))
}

#[tokio::test]
async fn a_token_that_stops_being_good_keeps_what_is_to_be_sent() {
    let mut world = World::linked().await;
    world.sandbox.set_fault(Fault {
        method: None,
        path_prefix: None,
        times: 10_000,
        kind: status(401),
    });
    world.send(ROSA, "con el token viejo", "t-1").await;
    world
        .until("the token is asked for", async |world| {
            let state = world.device().await["state"].clone();
            state["kind"] == "unconfigured" && state["why"] == "token_rejected"
        })
        .await;
    world.pass(Duration::from_secs(600)).await;
    assert_eq!(
        world.got(ROSA, "con el token viejo"),
        0,
        "nothing goes without a token"
    );
    world.sandbox.clear_faults();
    let token =
        json!({ "deviceId": world.device().await["id"], "token": world.sandbox.token(), "remember": true });
    world.run("device_token_set", token).await;
    world.until_status(ROSA, "con el token viejo", "delivered").await;
    assert_eq!(
        world.got(ROSA, "con el token viejo"),
        1,
        "with a good one it goes, once"
    );
    world.finish().await;
}

#[tokio::test]
async fn lists_of_the_wrong_shape_hide_nobody_who_writes_meanwhile() {
    let mut world = World::linked().await;
    world
        .sandbox
        .set_webhook_temper(mostrador_sandbox::WebhookTemper {
            deaf: true,
            ..Default::default()
        });
    for (at, body) in [
        json!({ "messages": 5, "count": "many" }),
        json!({ "messages": [null, 3, "x", { "id": {} }], "count": -1 }),
        json!("nothing"),
        nested(1_000),
    ]
    .into_iter()
    .enumerate()
    {
        world
            .sandbox
            .set_fault(fault("GET", "/messages/list", 2, answer(body)));
        let text = format!("¿me escuchan? {at}");
        world.sandbox.write_as(ROSA, &text).expect("Rosa writes");
        world
            .until("it is here", async |world| {
                let rows = world.messages_of(ROSA).await;
                rows.iter()
                    .filter(|row| row["body"]["text"] == text.as_str())
                    .count()
                    == 1
            })
            .await;
    }
    world.finish().await;
}

#[tokio::test]
async fn a_message_from_a_time_that_cannot_be_hides_nobody_who_writes_later() {
    let mut world = World::linked().await;
    world
        .sandbox
        .set_webhook_temper(mostrador_sandbox::WebhookTemper {
            deaf: true,
            ..Default::default()
        });
    let odd = json!({
        "id": "future.1", "type": "text", "chat_id": format!("{ROSA}@s.whatsapp.net"), "from": ROSA, "from_me": false,
        "timestamp": 9e15, "text": { "body": "del futuro" },
    });
    let body = json!({ "messages": [odd], "count": 1, "total": 1, "offset": 0 });
    world
        .sandbox
        .set_fault(fault("GET", "/messages/list", 1, answer(body)));
    for text in ["del futuro", "sigo aquí"] {
        if text != "del futuro" {
            world.sandbox.write_as(ROSA, text).expect("Rosa writes");
        }
        world
            .until("it is here", async |world| {
                let rows = world.messages_of(ROSA).await;
                rows.iter().any(|row| row["body"]["text"] == text)
            })
            .await;
    }
    world.finish().await;
}

#[tokio::test]
async fn a_number_that_was_just_linked_may_be_told_with_all_its_contacts_in_one_call() {
    let world = dialects::linked_at("evolution").await;
    let found: Value = reqwest::Client::new()
        .get(format!(
            "{}/webhook/find/tienda",
            dialects::at(&world, "evolution")
        ))
        .header("apikey", world.sandbox.token())
        .send()
        .await
        .expect("answers")
        .json()
        .await
        .expect("JSON");
    let contacts: Vec<Value> = (0..3_000)
        .map(|place| {
            let jid = format!("5190{place:07}@s.whatsapp.net");
            json!({ "remoteJid": jid, "pushName": format!("Cliente {place}"), "profilePicUrl": "x".repeat(1_100) })
        })
        .collect();
    let call = |contacts: &[Value]| {
        let body = json!({ "event": "contacts.set", "instance": "tienda", "data": contacts });
        let headers = found["headers"].as_object().cloned().unwrap_or_default();
        let request = reqwest::Client::new().post(found["url"].as_str().expect("an address"));
        let request = headers.iter().fold(request, |request, (name, value)| {
            request.header(name, value.as_str().unwrap_or_default())
        });
        (body.to_string().len(), request.json(&body).send())
    };
    let (length, answered) = call(&contacts);
    assert!(length > 3 * 1024 * 1024, "{length} bytes");
    let answered = answered.await.expect("it is answered").status();
    assert_eq!(answered, StatusCode::OK, "it is read and stored");
    // More at once than there are places for.
    let calls = (0..5).map(|_| call(&contacts[..2_000]).1);
    for answered in futures_util::future::join_all(calls).await {
        assert_eq!(
            answered.expect("it is answered").status(),
            StatusCode::OK,
            "each in its turn"
        );
    }
    world.finish().await;
}

/// Where the gateway is to call us, and with which headers.
pub(crate) async fn hook(world: &World) -> (String, reqwest::header::HeaderMap) {
    let settings = reqwest::Client::new()
        .get(format!("{}/settings", world.sandbox.url()))
        .bearer_auth(world.sandbox.token());
    let settings: Value = settings
        .send()
        .await
        .expect("answers")
        .json()
        .await
        .expect("JSON");
    let hook = &settings["webhooks"][0];
    let headers = hook["headers"].as_object().cloned().unwrap_or_default();
    let headers = headers.iter().map(|(name, value)| {
        let name = name.parse::<reqwest::header::HeaderName>().expect("a name");
        (name, value.as_str().expect("a value").parse().expect("a value"))
    });
    (
        hook["url"].as_str().expect("an address").to_owned(),
        headers.collect(),
    )
}

#[tokio::test]
async fn nothing_that_calls_the_webhook_can_hurt() {
    let mut world = World::linked().await;
    let (url, headers) = hook(&world).await;
    let client = reqwest::Client::new();
    let call = async |body: Vec<u8>| {
        let request = client
            .post(&url)
            .headers(headers.clone())
            .header("content-type", "application/json");
        request.body(body).send().await.map(|response| response.status())
    };
    let before = world.chats().await.len();

    for body in ["", "<html>", "{\"messages\": [", "\u{0}", "nul"] {
        let status = call(body.as_bytes().to_vec()).await.expect("answers");
        assert!(status.is_client_error(), "{body:?} is no JSON: {status}");
    }
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    assert!(
        call(deep.into_bytes()).await.expect("answers").is_client_error(),
        "no parser goes that deep"
    );
    // Longer than is read: refused, or the line is closed on whoever goes on sending.
    let huge = call(vec![b' '; 56 * 1024 * 1024]).await;
    assert!(
        huge.is_err() || huge.is_ok_and(|status| status == StatusCode::PAYLOAD_TOO_LARGE),
        "too large"
    );
    for body in [
        json!({ "messages": 5 }),
        json!({ "messages": [{ "id": 3, "chat_id": [] }] }),
        json!([1, null]),
    ] {
        let status = call(body.to_string().into_bytes()).await.expect("answers");
        assert!(
            status.is_success(),
            "JSON that says nothing is taken and kept: {status}"
        );
    }

    world
        .sandbox
        .write_as(ROSA, "¿sigue abierto?")
        .expect("Rosa writes");
    world
        .until("it is here", async |world| {
            let rows = world.messages_of(ROSA).await;
            rows.iter()
                .filter(|row| row["body"]["text"] == "¿sigue abierto?")
                .count()
                == 1
        })
        .await;
    assert_eq!(world.chats().await.len(), before, "no chat came of it");
    world.finish().await;
}

#[tokio::test]
async fn a_picture_bomb_is_refused_before_it_unfolds() {
    let world = World::linked().await;
    for (name, side) in [
        ("8 192 pixels a side", 8_192),
        ("30 000 pixels a side", 30_000),
        ("the largest that can be written", u32::MAX >> 1),
    ] {
        let add = json!({ "fileName": "torta.png", "dataBase64": STANDARD.encode(png_of(side)) });
        let code = world.refused("media_add", add).await;
        assert!(
            matches!(code, ErrorCode::MediaUnsupported | ErrorCode::MediaTooLarge),
            "{name}: refused, not {code:?}"
        );
    }
    world.finish().await;
}

/// The beginning of a PNG that claims this many pixels a side.
pub(crate) fn png_of(side: u32) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend(side.to_be_bytes());
    header.extend(side.to_be_bytes());
    header.extend([8, 6, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.extend(13_u32.to_be_bytes());
    png.extend(&header);
    png.extend(crc(&header).to_be_bytes());
    png.extend([0, 0, 0, 0]);
    png.extend(b"IDAT");
    png.extend(crc(b"IDAT").to_be_bytes());
    png
}

/// CRC-32 as PNG wants it (ISO 3309, appendix D of the PNG specification).
fn crc(bytes: &[u8]) -> u32 {
    let table = |byte: u32| {
        (0..8).fold(byte, |c, _| {
            if c & 1 == 1 {
                0xEDB8_8320 ^ (c >> 1)
            } else {
                c >> 1
            }
        })
    };
    !bytes.iter().fold(u32::MAX, |c, byte| {
        table((c ^ u32::from(*byte)) & 0xFF) ^ (c >> 8)
    })
}

#[tokio::test]
async fn a_moving_picture_of_which_a_frame_is_a_bomb_is_refused_from_whoever_sends_it() {
    let mut world = World::linked().await;
    // A screen of one pixel, and behind a frame of as many one of twenty thousand a side.
    let frame = |side: u16| {
        let [low, high] = side.to_le_bytes();
        [b',', 0, 0, 0, 0, low, high, low, high, 0, 2, 2, 0x44, 1, 0]
    };
    let mut gif = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff".to_vec();
    gif.extend([frame(1), frame(20_000)].concat());
    gif.push(b';');
    let add = json!({ "fileName": "torta.gif", "dataBase64": STANDARD.encode(&gif) });
    assert_eq!(
        world.refused("media_add", add).await,
        ErrorCode::MediaTooLarge,
        "ours"
    );
    is_not_shown(&mut world, gif).await;
    world.finish().await;
}

/// Rosa sends this picture, and it is shown as not there.
async fn is_not_shown(world: &mut World, picture: Vec<u8>) {
    world
        .sandbox
        .write_image_as(ROSA, picture, Some("mi torta"))
        .expect("Rosa sends a picture");
    world
        .until("it is given up", async |world| {
            let rows = world.messages_of(ROSA).await;
            rows.iter()
                .any(|row| row["body"]["caption"] == "mi torta" && row["body"]["media"]["state"] == "failed")
        })
        .await;
}

#[tokio::test]
async fn a_picture_that_is_none_is_shown_as_not_there() {
    let mut world = World::linked().await;
    world
        .sandbox
        .set_fault(fault("GET", "/media/", 1_000, answer(json!({ "no": "picture" }))));
    let cake = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/fixtures/cake.png");
    let cake = std::fs::read(cake).expect("the fixture");
    is_not_shown(&mut world, cake).await;
    world.finish().await;
}

#[tokio::test]
async fn a_clock_that_is_set_back_a_day_and_right_again_loses_and_repeats_nothing() {
    const DAY: Duration = Duration::from_secs(24 * 3_600);
    const BEFORE: &str = "antes del cambio";
    const AFTER: &str = "después del cambio";
    let mut world = World::linked().await;
    let numbers = world
        .sandbox
        .customers()
        .into_iter()
        .map(|customer| customer.number);
    let other = numbers
        .into_iter()
        .find(|number| number != ROSA)
        .expect("another customer");
    world
        .sandbox
        .set_fault(fault("POST", "/messages/text", 1, status(429)));
    world.send(ROSA, BEFORE, "d-1").await;
    world
        .until("it waits", async |world| {
            let ours = world.ours(ROSA, BEFORE).await;
            world.sandbox.waiting_faults() == 0 && ours[0]["status"] == "queued"
        })
        .await;

    world.clock.set(world.clock.now().before(DAY));
    world.send(&other, AFTER, "d-2").await;
    world
        .sandbox
        .write_as(ROSA, "¿qué hora es?")
        .expect("Rosa writes");
    world
        .until("what is written now goes and comes", async |world| {
            let rows = world.messages_of(ROSA).await;
            let came = rows
                .iter()
                .filter(|row| row["body"]["text"] == "¿qué hora es?")
                .count();
            came == 1 && world.got(&other, AFTER) == 1
        })
        .await;
    world.clock.set(world.clock.now().after(DAY));
    world.until_status(ROSA, BEFORE, "delivered").await;
    world.pass(Duration::from_secs(3_600)).await;
    assert_eq!(
        (world.got(ROSA, BEFORE), world.got(&other, AFTER)),
        (1, 1),
        "each went once"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_second_program_on_the_same_folder_leaves_the_first_one_unharmed() {
    let mut world = World::linked().await;
    for _ in 0..3 {
        let second = Shop::open(options(
            world.folder(),
            std::sync::Arc::new(MemorySecrets::default()),
        ))
        .await;
        assert!(matches!(second, Err(OpenShopError::InUse)), "it is turned away");
    }
    world.send(ROSA, "seguimos", "s-1").await;
    world.until_status(ROSA, "seguimos", "delivered").await;
    assert_eq!(world.got(ROSA, "seguimos"), 1, "the first one goes on, alone");
    world.finish().await;
}

#[tokio::test]
async fn arguments_of_any_shape_are_refused_by_every_command() {
    let world = World::linked().await;
    let devices = world.run("device_list", json!({})).await;
    for command in mostrador_api::commands::COMMANDS {
        for args in [
            json!(5),
            json!("x"),
            json!([]),
            json!({ "chatId": {} }),
            json!({ "limit": -1 }),
            nested(500),
        ] {
            // Some commands need no arguments; whatever they say, it is an answer or a code.
            let answered = world.try_run(command.name, args).await;
            if let Err(error) = answered {
                assert_eq!(error.code, ErrorCode::BadRequest, "{}", command.name);
            }
        }
    }
    assert_eq!(
        world.run("device_list", json!({})).await,
        devices,
        "nothing has changed"
    );
    world.finish().await;
}
