//! What is done to messages, and what else is sent than words: undone, edited, deleted, reacted to, sent on.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mostrador_api::ErrorCode;
use mostrador_sandbox::{Effect, Fault, FaultKind, LedgerEntry, OnDevice};
use serde_json::{Value, json};

use crate::world::{ROSA, World};

/// Another customer whom the sandbox knows.
const MATEO: &str = "51900000012";

fn phone(world: &World) -> OnDevice<'_> {
    world.sandbox.on(0).expect("the shop's first device")
}

fn effects(world: &World, customer: &str, effect: Effect) -> Vec<LedgerEntry> {
    let mut got = world.sandbox.ledger_of(customer);
    got.retain(|entry| entry.effect == effect);
    got
}

async fn send_content(world: &World, customer: &str, client_id: &str, content: Value) -> Value {
    let chat = world.chat_of(customer).await["id"].clone();
    let args =
        json!({ "chatId": chat, "clientId": client_id, "text": null, "mediaId": null, "content": content });
    world.run("message_send", args).await
}

async fn act(world: &World, message: &Value, client_id: &str, action: Value) -> Value {
    let args = json!({ "messageId": message["id"], "clientId": client_id, "action": action });
    world.run("message_act", args).await
}

/// The newest message of the conversation as it is now.
async fn newest(world: &World, customer: &str) -> Value {
    world
        .messages_of(customer)
        .await
        .pop()
        .expect("there are messages")
}

/// A message of ours that reached its customer.
async fn delivered(world: &mut World, text: &'static str, client_id: &str) -> Value {
    world.send(ROSA, text, client_id).await;
    world.until_status(ROSA, text, "delivered").await;
    world.ours(ROSA, text).await.remove(0)
}

#[tokio::test]
async fn undone_in_time_it_reaches_nobody_and_is_a_draft_again() {
    let mut world = World::linked().await;
    let chat = world.chat_of(ROSA).await["id"].clone();
    let args = json!({ "chatId": chat, "clientId": "a-1", "text": "me arrepiento", "mediaId": null, "undoSeconds": 5 });
    let held = world.run("message_send", args).await;
    assert!(held["heldUntil"].is_number(), "it can be undone: {held}");

    let row = world
        .run("message_take_back", json!({ "messageId": held["id"] }))
        .await;
    assert_eq!(row["chat"]["draft"], "me arrepiento", "the words are not lost");
    world.pass(Duration::from_secs(60)).await;
    assert_eq!(world.got(ROSA, "me arrepiento"), 0, "nobody got it");
    assert!(
        world.ours(ROSA, "me arrepiento").await.is_empty(),
        "it is in no conversation"
    );
    world.finish().await;
}

#[tokio::test]
async fn undone_its_file_and_what_it_answers_are_in_the_draft_over_a_restart_until_the_draft_says_otherwise()
{
    let mut world = World::linked().await;
    let asked = delivered(&mut world, "¿cuál quiere?", "d-1").await;
    let chat = world.chat_of(ROSA).await["id"].clone();
    let file = json!({ "fileName": "torta.png", "dataBase64": STANDARD.encode(include_bytes!("../fixtures/cake.png")) });
    let media = world.run("media_add", file).await;
    let args = json!({ "chatId": chat, "clientId": "d-2", "text": "esta", "mediaId": media["id"],
        "quotedId": asked["id"], "undoSeconds": 30, "sendsDraft": true });
    let held = world.run("message_send", args).await;
    let undone = json!({ "messageId": held["id"] });
    let row = world.run("message_take_back", undone).await["chat"].clone();
    let parts = |row: &Value| json!([row["draft"], row["draftMediaId"], row["draftQuotedId"]]);
    let all = json!(["esta", media["id"], asked["id"]]);
    assert_eq!(parts(&row), all, "the answer says what the draft is");

    world.restart().await;
    assert_eq!(parts(&world.chat_of(ROSA).await), all, "it outlives the program");

    let whole = json!({ "chatId": chat, "draft": "esta", "mediaId": media["id"], "quotedId": asked["id"] });
    for (without, left) in [
        ("mediaId", json!(["esta", null, asked["id"]])),
        ("quotedId", json!(["esta", media["id"], null])),
    ] {
        let mut draft = whole.clone();
        world.run("chat_draft_set", draft.clone()).await;
        draft[without] = Value::Null;
        world.run("chat_draft_set", draft).await;
        assert_eq!(parts(&world.chat_of(ROSA).await), left, "without {without}");
    }
    world.finish().await;
}

#[tokio::test]
async fn when_the_window_is_over_it_leaves_and_cannot_be_undone() {
    let mut world = World::linked().await;
    let chat = world.chat_of(ROSA).await["id"].clone();
    let args = json!({ "chatId": chat, "clientId": "a-2", "text": "va en serio", "mediaId": null, "undoSeconds": 5 });
    let held = world.run("message_send", args).await;
    assert_eq!(world.got(ROSA, "va en serio"), 0, "not before its time");
    world.until_status(ROSA, "va en serio", "delivered").await;
    let late = json!({ "messageId": held["id"] });
    assert_eq!(
        world.refused("message_take_back", late).await,
        ErrorCode::StateChanged,
        "it has left"
    );
    assert_eq!(world.got(ROSA, "va en serio"), 1, "once");
    world.finish().await;
}

#[tokio::test]
async fn an_edit_is_done_once_though_no_answer_comes() {
    let mut world = World::linked().await;
    let sent = delivered(&mut world, "a las cinko", "a-3").await;
    let path = "/messages/text";
    world
        .sandbox
        .set_fault(Fault::once("POST", path, FaultKind::CutAfterEffect));
    act(
        &world,
        &sent,
        "a-4",
        json!({ "kind": "edit", "text": "a las cinco" }),
    )
    .await;
    world
        .until("it has its new words", async |world| {
            let ours = world.ours(ROSA, "a las cinco").await;
            ours.len() == 1 && ours[0]["editedAt"].is_number() && ours[0]["pending"] == json!([])
        })
        .await;
    let edits = effects(&world, ROSA, Effect::Edit);
    assert!(
        edits
            .iter()
            .all(|edit| edit.body.as_deref() == Some("a las cinco")),
        "every edit says the same, so that twice is once"
    );
    assert_eq!(
        effects(&world, ROSA, Effect::Message)
            .iter()
            .filter(|entry| entry.body.as_deref() == Some("a las cinco"))
            .count(),
        0,
        "an edit is no message"
    );
    world.finish().await;
}

#[tokio::test]
async fn what_is_asked_while_the_gateway_is_down_is_done_when_it_is_back() {
    let mut world = World::linked().await;
    let sent = delivered(&mut world, "borra esto", "a-5").await;
    let refused = FaultKind::Status {
        code: 503,
        body: None,
        headers: std::collections::BTreeMap::new(),
    };
    world.sandbox.set_fault(Fault {
        times: 2,
        ..Fault::once("DELETE", "/messages/", refused)
    });
    let shown = act(&world, &sent, "a-6", json!({ "kind": "delete" })).await;
    assert_eq!(
        shown["pending"][0]["action"], "delete",
        "it is told as still to be done"
    );
    world
        .until("the customer has it no more", async |world| {
            effects(world, ROSA, Effect::Deletion).len() == 1
        })
        .await;
    world
        .until("it shows", async |world| {
            newest(world, ROSA).await["body"]["kind"] == "deleted"
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn reactions_and_stars_are_as_they_were_last_wished() {
    let mut world = World::linked().await;
    let hers = phone(&world).write_as(ROSA, "¿queda pan?").expect("she writes");
    world
        .until("it is here", async |world| {
            newest(world, ROSA).await["body"]["text"] == "¿queda pan?"
        })
        .await;
    let message = newest(&world, ROSA).await;
    act(&world, &message, "a-7", json!({ "kind": "react", "emoji": "👍" })).await;
    act(&world, &message, "a-8", json!({ "kind": "star", "on": true })).await;
    world
        .until("both are done", async |world| {
            let message = newest(world, ROSA).await;
            message["starred"] == true && message["reactions"][0]["emoji"] == "👍"
        })
        .await;
    phone(&world).react_as(ROSA, &hers, "❤️").expect("she reacts too");
    act(&world, &message, "a-9", json!({ "kind": "react", "emoji": null })).await;
    world
        .until("only hers is left", async |world| {
            let reactions = newest(world, ROSA).await["reactions"].clone();
            reactions.as_array().map(Vec::len) == Some(1) && reactions[0]["fromMe"] == false
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn what_is_pinned_stands_at_the_top_on_both_phones_until_it_is_let_go() {
    let mut world = World::linked().await;
    let message = delivered(&mut world, "abrimos a las ocho", "p-1").await;
    for (days, pinned) in [(json!(7), true), (Value::Null, false)] {
        let client_id = format!("p-{pinned}");
        act(
            &world,
            &message,
            &client_id,
            json!({ "kind": "pin", "days": days }),
        )
        .await;
        world
            .until("it is as it was wished", async |world| {
                let ours = world.ours(ROSA, "abrimos a las ocho").await.remove(0);
                ours["pinned"] == pinned && ours["pending"] == json!([])
            })
            .await;
    }
    let pins = effects(&world, ROSA, Effect::Pin);
    assert_eq!(pins.len(), 2, "pinned and let go, once each: {}", pins.len());
    world.finish().await;
}

#[tokio::test]
async fn only_our_own_words_can_be_changed() {
    let mut world = World::linked().await;
    phone(&world).write_as(ROSA, "mías").expect("she writes");
    world
        .until("it is here", async |world| {
            newest(world, ROSA).await["body"]["text"] == "mías"
        })
        .await;
    let message = newest(&world, ROSA).await;
    let args = json!({ "messageId": message["id"], "clientId": "a-10", "action": { "kind": "edit", "text": "tuyas" } });
    assert_eq!(
        world.refused("message_act", args).await,
        ErrorCode::StateChanged,
        "hers are hers"
    );
    world.finish().await;
}

#[tokio::test]
async fn every_kind_arrives_as_what_it_is() {
    let mut world = World::linked().await;
    let card = |name: &str| json!({ "name": name, "vcard": format!("BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nEND:VCARD") });
    let choices = json!([
        { "id": "si", "title": "Sí", "description": null },
        { "id": "no", "title": "No", "description": null },
    ]);
    let contents = [
        (
            "live_location",
            json!({ "kind": "location", "latitude": -12.1, "longitude": -77.03, "name": null, "address": null, "live": true }),
        ),
        (
            "contact_list",
            json!({ "kind": "contacts", "cards": [card("Proveedor"), card("Repartidor")] }),
        ),
        (
            "interactive",
            json!({ "kind": "interactive", "body": "¿Confirma?", "header": null, "footer": null, "listLabel": null, "choices": choices.clone() }),
        ),
        (
            "interactive",
            json!({ "kind": "interactive", "body": "¿Cuál?", "header": null, "footer": null, "listLabel": "Ver", "choices": choices }),
        ),
        (
            "location",
            json!({ "kind": "location", "latitude": -12.1, "longitude": -77.03, "name": "La tienda", "address": null, "live": false }),
        ),
        (
            "contact",
            json!({ "kind": "contacts", "cards": [{ "name": "Proveedor", "vcard": "BEGIN:VCARD\nVERSION:3.0\nFN:Proveedor\nEND:VCARD" }] }),
        ),
        (
            "poll",
            json!({ "kind": "poll", "question": "¿Cuándo?", "options": ["hoy", "mañana"], "several": false }),
        ),
        (
            "link_preview",
            json!({ "kind": "link_preview", "text": "mira https://example.com", "title": "Ejemplo", "description": null, "url": "https://example.com" }),
        ),
    ];
    let count = contents.len();
    for (at, (kind, content)) in contents.into_iter().enumerate() {
        let meant = content["kind"].clone();
        send_content(&world, ROSA, &format!("k-{at}"), content).await;
        world
            .until("it has arrived", async |world| {
                newest(world, ROSA).await["status"] == "delivered"
            })
            .await;
        let got = world.sandbox.ledger_of(ROSA).pop().expect("she got it");
        assert_eq!(got.kind, kind, "as it was meant");
        assert_eq!(
            newest(&world, ROSA).await["body"]["kind"],
            meant,
            "and the window shows it as that"
        );
    }
    assert_eq!(effects(&world, ROSA, Effect::Message).len(), count, "each once");
    world.finish().await;
}

/// What files of other kinds begin with, which is as far as anybody looks.
const MP4: &[u8] = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08free";
/// Its second page ends after three seconds.
const OGG: &[u8] =
    b"OggS\0\x02\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead\x01\x01\x38\x01\0\0\0\0\0\0\0\
OggS\0\x04\xb8\x33\x02\0\0\0\0\0\x01\0\0\0\x01\0\0\0\0\0\0\0\x01\x01\x07";
/// One pixel, as a sticker has to be.
const WEBP: &[u8] = &[
    0x52, 0x49, 0x46, 0x46, 0x1a, 0, 0, 0, 0x57, 0x45, 0x42, 0x50, 0x56, 0x50, 0x38, 0x4c, 0x0d, 0, 0, 0,
    0x2f, 0, 0, 0, 0x10, 0x07, 0x10, 0x11, 0x11, 0x88, 0x88, 0xfe, 0x07, 0,
];

#[tokio::test]
async fn every_kind_of_file_arrives_as_what_it_is() {
    let mut world = World::linked().await;
    let files = [
        ("video", "video", "torta.mp4", MP4),
        ("short", "short_video", "saludo.mp4", MP4),
        ("gif", "gif", "vuelta.mp4", MP4),
        ("audio", "audio", "anuncio.ogg", OGG),
        ("voice", "voice", "nota.ogg", OGG),
        ("sticker", "sticker", "adhesivo.webp", WEBP),
        (
            "document",
            "document",
            "precios.txt",
            b"Pan: 3 por un sol.".as_slice(),
        ),
    ];
    let chat = world.chat_of(ROSA).await["id"].clone();
    let count = files.len();
    for (at, (word, shown_as, name, bytes)) in files.into_iter().enumerate() {
        let data = STANDARD.encode(bytes);
        let add = json!({ "fileName": name, "dataBase64": data });
        let media = world.run("media_add", add).await["id"].clone();
        let send = json!({ "chatId": chat, "clientId": format!("f-{at}"), "text": null, "mediaId": media, "shownAs": shown_as });
        world.run("message_send", send).await;
        world
            .until(&format!("the {word} has arrived"), async |world| {
                newest(world, ROSA).await["status"] == "delivered"
            })
            .await;
        let got = world.sandbox.ledger_of(ROSA).pop().expect("she got it");
        assert_eq!(got.kind, word, "as it was meant");
        assert_eq!(
            newest(&world, ROSA).await["body"]["shownAs"],
            shown_as,
            "and the window shows it as that"
        );
        let seconds = newest(&world, ROSA).await["body"]["media"]["seconds"].clone();
        let wanted = if bytes == OGG { json!(3) } else { Value::Null };
        assert_eq!(seconds, wanted, "{word}: as long as the file says");
    }
    assert_eq!(effects(&world, ROSA, Effect::Message).len(), count, "each once");
    world.finish().await;
}

#[tokio::test]
async fn what_the_gateway_does_not_take_is_refused_before_it_is_stored() {
    let world = World::linked().await;
    let chat = world.chat_of(ROSA).await["id"].clone();
    let refused = [
        json!({ "kind": "poll", "question": "¿?", "options": ["una"], "several": false }),
        json!({ "kind": "location", "latitude": 91.0, "longitude": 0.0, "name": null, "address": null, "live": false }),
        json!({ "kind": "contacts", "cards": [] }),
    ];
    for (at, content) in refused.into_iter().enumerate() {
        let args = json!({ "chatId": chat, "clientId": format!("r-{at}"), "text": null, "mediaId": null, "content": content });
        assert_eq!(
            world.refused("message_send", args).await,
            ErrorCode::BadRequest,
            "number {at} cannot be meant"
        );
    }
    world.finish().await;
}

#[tokio::test]
async fn an_answer_names_what_it_answers_and_a_message_is_sent_on() {
    let mut world = World::linked().await;
    let hers = phone(&world)
        .write_as(ROSA, "¿abren el domingo?")
        .expect("she writes");
    world
        .until("it is here", async |world| {
            newest(world, ROSA).await["body"]["text"] == "¿abren el domingo?"
        })
        .await;
    let question = newest(&world, ROSA).await;
    let chat = world.chat_of(ROSA).await["id"].clone();
    let answer = json!({ "chatId": chat, "clientId": "q-1", "text": "Sí, hasta las dos", "mediaId": null, "quotedId": question["id"] });
    world.run("message_send", answer).await;
    world.until_status(ROSA, "Sí, hasta las dos", "delivered").await;
    let got = world.sandbox.ledger_of(ROSA).pop().expect("she got it");
    assert_eq!(
        got.quoted.as_deref(),
        Some(hers.as_str()),
        "it answers her question"
    );

    let forward = json!({ "kind": "forward", "messageId": question["id"] });
    send_content(&world, MATEO, "q-2", forward).await;
    world
        .until("it was sent on", async |world| {
            world.got(MATEO, "¿abren el domingo?") == 1
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_large_file_is_put_there_first_and_sent_once() {
    let mut world = World::linked().await;
    let chat = world.chat_of(ROSA).await["id"].clone();
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.resize(16_500_000, b' ');
    let added = world.bring("catalogo.pdf", &bytes).await;
    world
        .sandbox
        .set_fault(Fault::once("POST", "/media", FaultKind::CutAfterEffect));
    let args = json!({ "chatId": chat, "clientId": "f-1", "text": "el catálogo", "mediaId": added["id"] });
    world.run("message_send", args).await;
    world
        .until("it has arrived", async |world| {
            newest(world, ROSA).await["status"] == "delivered"
        })
        .await;
    let got = effects(&world, ROSA, Effect::Message);
    assert_eq!(got.len(), 1, "once, though it was put there twice");
    assert_eq!(got[0].kind, "document", "as a document");
    world.finish().await;
}

#[tokio::test]
async fn what_a_message_said_before_it_was_edited_can_be_read() {
    let mut world = World::linked().await;
    let message = delivered(&mut world, "a las tres", "p-1").await;
    act(
        &world,
        &message,
        "p-2",
        json!({ "kind": "edit", "text": "a las cuatro" }),
    )
    .await;
    world
        .until("it has its new words", async |world| {
            let ours = world.ours(ROSA, "a las cuatro").await;
            ours.len() == 1 && ours[0]["pending"] == json!([])
        })
        .await;

    let past = world
        .run("message_past", json!({ "messageId": message["id"] }))
        .await;
    assert_eq!(
        past["earlier"][0]["text"], "a las tres",
        "its first words: {past}"
    );
    assert_eq!(past["votes"], json!([]), "nobody votes on words");
    world.finish().await;
}

#[tokio::test]
async fn what_is_no_words_is_given_back_when_it_is_undone() {
    let mut world = World::linked().await;
    let chat = world.chat_of(ROSA).await["id"].clone();
    let contents = [
        json!({ "kind": "poll", "question": "¿Cuándo?", "options": ["hoy", "mañana"], "several": true }),
        json!({ "kind": "location", "latitude": -12.05, "longitude": -77.04, "name": "La tienda", "address": null, "live": false }),
    ];
    for (nth, content) in contents.into_iter().enumerate() {
        let args = json!({ "chatId": chat, "clientId": format!("back-{nth}"), "text": null, "mediaId": null, "content": content,
            "undoSeconds": 5 });
        let held = world.run("message_send", args).await;
        let back = world
            .run("message_take_back", json!({ "messageId": held["id"] }))
            .await;
        assert_eq!(back["chat"]["draft"], Value::Null, "a draft cannot hold it");
        assert_eq!(back["message"]["body"], held["body"], "so it is given back");
    }
    world.pass(Duration::from_secs(30)).await;
    assert!(world.sandbox.ledger_of(ROSA).is_empty(), "nobody got any of it");
    world.finish().await;
}

#[tokio::test]
async fn a_message_that_waits_is_deleted_before_it_goes() {
    let mut world = World::linked().await;
    let slow_down = FaultKind::Status {
        code: 429,
        body: None,
        headers: [("retry-after".to_owned(), "40".to_owned())].into(),
    };
    world
        .sandbox
        .set_fault(Fault::once("POST", "/messages/text", slow_down));
    world.send(ROSA, "la primera", "wait-1").await;
    world
        .until("the gateway asks to slow down", async |world| {
            world.sandbox.waiting_faults() == 0
        })
        .await;
    let second = world.send(ROSA, "mejor no", "wait-2").await;
    let gone = act(&world, &second, "wait-3", json!({ "kind": "delete" })).await;
    assert_eq!(gone["body"]["kind"], "deleted", "it is gone at once");
    let again = act(&world, &second, "wait-3", json!({ "kind": "delete" })).await;
    assert_eq!(again["id"], gone["id"], "asked for twice it is done once");
    world.until_status(ROSA, "la primera", "delivered").await;
    world.pass(Duration::from_secs(120)).await;
    let got: Vec<_> = world
        .sandbox
        .ledger_of(ROSA)
        .into_iter()
        .map(|entry| (entry.effect, entry.body))
        .collect();
    assert_eq!(got.len(), 1, "neither the message nor its deletion left: {got:?}");
    world.finish().await;
}
