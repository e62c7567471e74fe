//! Messages out, when all goes well or certainly did not go: judged by the ledger.

use std::time::Duration;

use base64::Engine as _;
use mostrador_api::ErrorCode;
use mostrador_sandbox::{Fault, FaultKind, SandboxConfig};
use serde_json::json;

use crate::world::{ROSA, World};

fn on_text(times: u32, kind: FaultKind) -> Fault {
    Fault {
        method: Some("POST".into()),
        path_prefix: Some("/messages/text".into()),
        times,
        kind,
    }
}

fn status(code: u16, headers: &[(&str, &str)]) -> FaultKind {
    let headers = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    FaultKind::Status {
        code,
        body: None,
        headers,
    }
}

#[tokio::test]
async fn an_answer_goes_from_clock_to_blue() {
    let mut world = World::linked().await;

    world.send(ROSA, "Sí, a las cinco", "c-1").await;
    world.until_status(ROSA, "Sí, a las cinco", "delivered").await;
    world.sandbox.read_as(ROSA).expect("Rosa opens the chat");
    world.until_status(ROSA, "Sí, a las cinco", "read").await;
    assert_eq!(world.got(ROSA, "Sí, a las cinco"), 1, "Rosa got it once");
    world.finish().await;
}

#[tokio::test]
async fn asking_twice_with_one_client_id_sends_once() {
    let mut world = World::linked().await;

    let first = world.send(ROSA, "una vez", "same").await;
    let second = world.send(ROSA, "una vez", "same").await;
    assert_eq!(first["id"], second["id"], "the same message is answered");
    world.until_status(ROSA, "una vez", "delivered").await;
    world.pass(Duration::from_secs(60)).await;
    assert_eq!(world.got(ROSA, "una vez"), 1, "Rosa got it once");
    world.finish().await;
}

#[tokio::test]
async fn asking_again_gives_the_message_also_where_it_would_not_be_taken_any_more() {
    let mut world = World::linked().await;
    let first = world.send(ROSA, "una vez", "same").await;
    let chat = world.chat_of(ROSA).await["id"].clone();

    let again = json!({ "chatId": chat, "clientId": "same", "text": "una vez", "mediaId": 999_999 });
    let second = world.run("message_send", again).await;

    assert_eq!(
        first["id"], second["id"],
        "whoever asks again wants to know what became of it, not whether it would be taken today"
    );
    world.until_status(ROSA, "una vez", "delivered").await;
    assert_eq!(world.got(ROSA, "una vez"), 1, "Rosa got it once");
    world.finish().await;
}

#[tokio::test]
async fn a_message_takes_its_chats_draft_along_and_undone_gives_it_back() {
    let world = World::linked().await;
    let chat = world.chat_of(ROSA).await["id"].clone();
    let draft = json!({ "chatId": chat, "draft": "A las ci" });
    world.run("chat_draft_set", draft.clone()).await;
    let mut args = json!({ "chatId": chat, "clientId": "own", "text": "Recordatorio", "mediaId": null });
    world.run("message_send", args.clone()).await;
    assert_eq!(
        world.chat_of(ROSA).await["draft"],
        "A las ci",
        "what does not send the draft leaves it"
    );

    args["clientId"] = json!("draft");
    args["text"] = json!("A las cinco");
    args["undoSeconds"] = json!(30);
    args["sendsDraft"] = json!(true);
    let sent = world.run("message_send", args.clone()).await;
    assert!(
        world.chat_of(ROSA).await["draft"].is_null(),
        "it went with the message"
    );

    world.run("chat_draft_set", draft).await;
    world.run("message_send", args).await;
    assert!(
        world.chat_of(ROSA).await["draft"].is_null(),
        "asked again: words that came back because the answer was lost go too"
    );
    let undone = json!({ "messageId": sent["id"] });
    let taken_back = world.run("message_take_back", undone).await;
    assert_eq!(taken_back["chat"]["draft"], "A las cinco", "undone");
    world.finish().await;
}

#[tokio::test]
async fn a_chats_messages_go_in_the_order_they_were_written() {
    let mut world = World::linked().await;
    world
        .sandbox
        .set_fault(on_text(1, status(429, &[("retry-after", "2")])));

    for (text, id) in [("uno", "o-1"), ("dos", "o-2"), ("tres", "o-3")] {
        world.send(ROSA, text, id).await;
    }
    world.until_status(ROSA, "tres", "delivered").await;
    let bodies: Vec<_> = world
        .sandbox
        .ledger_of(ROSA)
        .into_iter()
        .filter_map(|entry| entry.body)
        .collect();
    assert_eq!(
        bodies,
        ["uno", "dos", "tres"],
        "the first was refused once and is first all the same"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_429_waits_as_long_as_the_gateway_says() {
    let mut world = World::linked().await;
    world
        .sandbox
        .set_fault(on_text(1, status(429, &[("retry-after", "40")])));
    let began = mostrador_engine::clock::Clock::now(&world.clock);

    world.send(ROSA, "con calma", "r-1").await;
    world.until_status(ROSA, "con calma", "delivered").await;
    let waited = mostrador_engine::clock::Clock::now(&world.clock).since(began);
    assert!(
        waited >= Duration::from_secs(40),
        "it waited {waited:?}, the gateway asked for 40 s"
    );
    assert_eq!(world.got(ROSA, "con calma"), 1, "and then sent it once");
    world.finish().await;
}

/// Another customer whom the sandbox knows.
const MATEO: &str = "51900000012";

#[tokio::test]
async fn a_429_is_waited_for_by_all_of_the_device_also_after_a_restart() {
    let mut world = World::linked().await;
    world
        .sandbox
        .set_fault(on_text(1, status(429, &[("retry-after", "900")])));
    world.send(ROSA, "con calma", "r-1").await;
    world
        .until("it is held back", async |world| {
            let sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE claimed_at IS NOT NULL AND state = 'ready')";
            let store = world.shop.engine().store();
            let held = store.read(move |connection| Ok(connection.query_row(sql, [], |row| row.get(0))?));
            held.await.expect("the store answers")
        })
        .await;
    world.restart().await;
    world.until_online().await;
    world.send(MATEO, "también con calma", "m-1").await;
    world.pass(Duration::from_secs(600)).await;
    assert_eq!(
        world.got(MATEO, "también con calma"),
        0,
        "the gateway asked for a pause, and counts on while nobody runs"
    );
    world.pass(Duration::from_secs(600)).await;
    assert_eq!(
        (
            world.got(ROSA, "con calma"),
            world.got(MATEO, "también con calma")
        ),
        (1, 1),
        "then both go"
    );
    world.finish().await;
}

/// A document that is too large to travel inside its send.
async fn large_document(world: &World) -> (String, serde_json::Value) {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    pdf.extend((0..20_000_000_u32).map(|at| (at % 251) as u8));
    let added = world.bring("catalogo.pdf", &pdf).await;
    (sha256(&pdf), added["id"].clone())
}

/// Somebody has the very file. Time stands still until then: it takes its own to be read, hashed and taken.
async fn until_got(world: &mut World, customer: &str, hash: &str) {
    let holds = async |world: &World| got_file(world, customer, hash) > 0;
    world
        .until_by_turns("the file is there", holds, async |_| None)
        .await;
}

/// How often somebody got the very file.
fn got_file(world: &World, customer: &str, hash: &str) -> usize {
    let got = world.sandbox.ledger_of(customer);
    got.iter()
        .filter(|entry| entry.media_sha256.as_deref() == Some(hash))
        .count()
}

#[tokio::test]
async fn a_large_document_comes_in_piece_by_piece_and_arrives_once() {
    let mut world = World::linked().await;
    let device = world.device().await;
    let offers = device["capabilities"]["files"].as_array().expect("offers");
    let most = |kind: &str| {
        let offer = offers.iter().find(|offer| offer["shownAs"] == kind);
        offer.map(|offer| offer["maxBytes"].clone())
    };
    assert_eq!(
        most("document"),
        Some(json!(100_000_000)),
        "as its gateway takes it"
    );
    assert_eq!(most("image"), Some(json!(16_000_000)), "as its gateway takes it");
    let (hash, media) = large_document(&world).await;
    let chat = world.chat_of(ROSA).await["id"].clone();
    let args = json!({ "chatId": chat, "clientId": "d-1", "text": null, "mediaId": media });
    world.run("message_send", args).await;
    until_got(&mut world, ROSA, &hash).await;
    world.pass(Duration::from_secs(600)).await;
    assert_eq!(got_file(&world, ROSA, &hash), 1, "once");
    world.finish().await;
}

/// What is not whole yet in the folder of files.
fn unfinished(world: &World) -> usize {
    let folder = world.folder().join("media").join("arriving");
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

#[tokio::test]
async fn a_file_that_is_cut_off_given_up_or_too_large_leaves_nothing() {
    let mut world = World::linked().await;
    let begin = json!({ "fileName": "catalogo.pdf", "bytes": 2_000_000 });
    let cut_off = world.run("media_begin", begin.clone()).await;
    let given_up = world.run("media_begin", begin).await;
    let data = base64::engine::general_purpose::STANDARD.encode(vec![b' '; 1_000_000]);
    for upload in [&cut_off, &given_up] {
        let piece = json!({ "upload": upload["upload"], "at": 0, "dataBase64": data });
        world.run("media_piece", piece).await;
    }
    world.run("media_give_up", given_up).await;
    world.pass(Duration::from_secs(130)).await;
    world
        .until_by_turns(
            "nothing is left",
            async |world| unfinished(world) == 0,
            async |_| None,
        )
        .await;
    assert_eq!(
        world.refused("media_end", cut_off).await,
        ErrorCode::NotFound,
        "nobody brought the rest"
    );
    let huge = json!({ "fileName": "catalogo.pdf", "bytes": 100 * 1024 * 1024 + 1 });
    assert_eq!(
        world.refused("media_begin", huge).await,
        ErrorCode::MediaTooLarge,
        "said before a byte of it is brought"
    );
    let piece = base64::engine::general_purpose::STANDARD.encode(vec![b' '; 1024 * 1024 + 3]);
    let at_once = json!({ "fileName": "catalogo.pdf", "dataBase64": piece });
    assert_eq!(
        world.refused("media_add", at_once).await,
        ErrorCode::MediaTooLarge,
        "larger ones come in pieces"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_large_document_that_is_written_while_the_key_is_missing_leaves_once_it_is_there() {
    let mut world = World::new().await;
    world.sandbox.link();
    let mut args = world.device_args(world.sandbox.token());
    args["remember"] = json!(false);
    world.run("device_add", args).await;
    world.until_online().await;
    let (hash, media) = large_document(&world).await;
    world.restart().await;
    world
        .until("the key is asked for", async |world| {
            world.device().await["state"]["kind"] == "unconfigured"
        })
        .await;
    let chat = world.chat_of(ROSA).await["id"].clone();
    let args = json!({ "chatId": chat, "clientId": "d-1", "text": null, "mediaId": media });
    world.run("message_send", args).await;
    let key =
        json!({ "deviceId": world.device().await["id"], "token": world.sandbox.token(), "remember": true });
    world.run("device_token_set", key).await;
    world.until_online().await;
    until_got(&mut world, ROSA, &hash).await;
    world.finish().await;
}

#[tokio::test]
async fn a_large_document_of_another_number_is_sent_on_whole() {
    let two = SandboxConfig {
        devices: 2,
        ..SandboxConfig::for_tests()
    };
    let mut world = World::with_sandbox(two).await;
    world.sandbox.link();
    world.add_device().await;
    world.until_online().await;
    let other = world.sandbox.devices().swap_remove(1).token;
    world.saw_secret(&other);
    let (hash, media) = large_document(&world).await;
    let chat = world.chat_of(ROSA).await["id"].clone();
    let args = json!({ "chatId": chat, "clientId": "d-1", "text": null, "mediaId": media });
    let original = world.run("message_send", args).await["id"].clone();
    until_got(&mut world, ROSA, &hash).await;
    let second = world.run("device_add", world.device_args(&other)).await["id"].clone();
    world
        .until("the other number is online", async |world| {
            let devices = world.run("device_list", json!({})).await;
            devices[1]["state"]["kind"] == "online"
        })
        .await;
    let start = json!({ "deviceId": second, "number": format!("+{MATEO}"), "unchecked": true });
    let chat = world.run("chat_start", start).await["chatId"].clone();
    let forward = json!({
        "chatId": chat, "clientId": "f-1", "text": null, "mediaId": null,
        "content": { "kind": "forward", "messageId": original }
    });
    world.run("message_send", forward).await;
    until_got(&mut world, MATEO, &hash).await;
    assert_eq!(got_file(&world, MATEO, &hash), 1, "once");
    world.finish().await;
}

#[tokio::test]
async fn a_refusal_is_final_and_says_why_and_a_retry_is_a_persons_choice() {
    let mut world = World::linked().await;
    world.sandbox.set_fault(on_text(1, status(403, &[])));

    let message = world.send(ROSA, "no puede ser", "x-1").await;
    world.until_status(ROSA, "no puede ser", "failed").await;
    let failed = world.ours(ROSA, "no puede ser").await.remove(0);
    assert_eq!(
        failed["failure"], "forbidden",
        "403 = the gateway forbids writing to this recipient"
    );
    world.pass(Duration::from_secs(900)).await;
    assert_eq!(
        world.got(ROSA, "no puede ser"),
        0,
        "nothing is tried behind the operator's back"
    );
    world
        .run("message_retry", json!({ "messageId": message["id"] }))
        .await;
    world.until_status(ROSA, "no puede ser", "delivered").await;
    assert_eq!(world.got(ROSA, "no puede ser"), 1, "the retry sent it once");
    world.finish().await;
}

#[tokio::test]
async fn a_failed_message_is_corrected_in_the_field_and_only_the_new_one_goes() {
    let mut world = World::linked().await;
    world.sandbox.set_fault(on_text(1, status(403, &[])));
    let message = world.send(ROSA, "son S/ 50", "e-1").await;
    world.until_status(ROSA, "son S/ 50", "failed").await;

    let failed = json!({ "messageId": message["id"] });
    let taken_back = world.run("message_take_back", failed.clone()).await;

    assert_eq!(taken_back["chat"]["draft"], "son S/ 50", "to be corrected");
    assert!(
        world.ours(ROSA, "son S/ 50").await.is_empty(),
        "it stands nowhere else"
    );
    assert_eq!(
        world.refused("message_retry", failed).await,
        ErrorCode::NotFound,
        "nothing is left to retry"
    );
    world.send(ROSA, "son S/ 45", "e-2").await;
    world.until_status(ROSA, "son S/ 45", "delivered").await;
    world.pass(Duration::from_secs(900)).await;
    assert_eq!(
        (world.got(ROSA, "son S/ 50"), world.got(ROSA, "son S/ 45")),
        (0, 1),
        "what was corrected never went"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_failed_message_can_be_discarded() {
    let mut world = World::linked().await;
    world.sandbox.set_fault(on_text(1, status(403, &[])));

    let message = world.send(ROSA, "mejor no", "d-1").await;
    world.until_status(ROSA, "mejor no", "failed").await;
    world
        .run("message_discard", json!({ "messageId": message["id"] }))
        .await;
    assert!(world.ours(ROSA, "mejor no").await.is_empty(), "it is gone");
    assert_ne!(
        world.chat_of(ROSA).await["last"]["body"]["text"],
        "mejor no",
        "and not the chat's last line"
    );
    let again = json!({ "messageId": message["id"] });
    assert_eq!(
        world.refused("message_retry", again).await,
        ErrorCode::NotFound,
        "nothing is left to retry"
    );
    world.finish().await;
}

#[tokio::test]
async fn what_is_written_while_the_number_is_unlinked_goes_once_it_is_linked_again() {
    let mut world = World::linked().await;
    world.unlink().await;

    world.send(ROSA, "en cuanto vuelva", "u-1").await;
    world.pass(Duration::from_secs(60)).await;
    assert_eq!(world.got(ROSA, "en cuanto vuelva"), 0, "it waits");
    world.link_again().await;
    world.until_status(ROSA, "en cuanto vuelva", "delivered").await;
    assert_eq!(world.got(ROSA, "en cuanto vuelva"), 1, "and goes once");
    world.finish().await;
}

#[tokio::test]
async fn a_picture_goes_with_its_words() {
    let mut world = World::linked().await;
    let bytes = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../tests/fixtures/cake.png"
    ))
    .expect("fixture");
    let data = base64::engine::general_purpose::STANDARD.encode(&bytes);

    let media = world
        .run(
            "media_add",
            json!({ "fileName": "torta.png", "dataBase64": data }),
        )
        .await;
    let chat = world.chat_of(ROSA).await["id"].clone();
    let args = json!({ "chatId": chat, "clientId": "p-1", "text": "Esta es", "mediaId": media["id"] });
    let message = world.run("message_send", args).await;
    world
        .until("it is delivered", async |world| {
            let rows = world.messages_of(ROSA).await;
            rows.iter()
                .any(|row| row["id"] == message["id"] && row["status"] == "delivered")
        })
        .await;
    let got = world.sandbox.ledger_of(ROSA).pop().expect("Rosa got something");
    let hash: String = sha256(&bytes);
    assert_eq!(
        (got.body.as_deref(), got.media_sha256),
        (Some("Esta es"), Some(hash)),
        "the very picture"
    );
    world.finish().await;
}

#[tokio::test]
async fn words_that_whatsapp_would_drop_beside_a_file_are_refused_before_it_is_stored() {
    let world = World::linked().await;
    let bytes: &[u8] = b"OggS\0\x02\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead";
    let data = base64::engine::general_purpose::STANDARD.encode(bytes);
    let add = json!({ "fileName": "voz.ogg", "dataBase64": data });
    let media = world.run("media_add", add).await;
    let before = world.messages_of(ROSA).await.len();
    let chat = world.chat_of(ROSA).await["id"].clone();
    for kind in ["voice", "audio"] {
        let args = json!({ "chatId": chat, "clientId": kind, "text": "Escúchalo", "mediaId": media["id"], "shownAs": kind });
        assert_eq!(
            world.refused("message_send", args).await,
            ErrorCode::NotOffered,
            "{kind}: the customer would never see the words"
        );
    }
    assert_eq!(
        world.messages_of(ROSA).await.len(),
        before,
        "nothing of it stands in the chat"
    );
    world.finish().await;
}

/// Removes whatever lies in the media folder.
fn lose_files(world: &World) {
    let parts = std::fs::read_dir(world.folder().join("media")).expect("a folder");
    for file in parts.flat_map(|part| std::fs::read_dir(part.expect("a part").path()).expect("a folder")) {
        std::fs::remove_file(file.expect("a file").path()).expect("removed");
    }
}

#[tokio::test]
async fn a_file_that_has_vanished_is_told_and_goes_whole_once_it_is_back_however_often_it_is_tried() {
    let mut world = World::linked().await;
    let bytes = include_bytes!("../fixtures/cake.png").to_vec();
    let data = base64::engine::general_purpose::STANDARD.encode(&bytes);
    let add = json!({ "fileName": "torta.png", "dataBase64": data });
    let media = world.run("media_add", add.clone()).await;
    lose_files(&world);
    let before = world.sandbox.ledger_of(ROSA).len();
    let chat = world.chat_of(ROSA).await["id"].clone();
    let args = json!({ "chatId": chat, "clientId": "p-1", "text": "Esta es", "mediaId": media["id"] });
    let message = world.run("message_send", args).await;
    let now = async |world: &World| {
        let rows = world.messages_of(ROSA).await;
        let found = rows.into_iter().find(|row| row["id"] == message["id"]);
        found.unwrap_or_default()
    };
    world
        .until("it has failed", async |world| {
            now(world).await["status"] == "failed"
        })
        .await;
    assert_eq!(now(&world).await["failure"], "media_missing", "and why is told");
    assert_eq!(world.sandbox.ledger_of(ROSA).len(), before, "nothing of it left");

    world.run("media_add", add).await;
    world
        .sandbox
        .set_fault(Fault::once("POST", "/messages/image", FaultKind::CutBeforeEffect));
    let again = json!({ "messageId": message["id"] });
    world.run("message_retry", again).await;
    world
        .until("it is delivered", async |world| {
            now(world).await["status"] == "delivered"
        })
        .await;
    let got = world.sandbox.ledger_of(ROSA);
    assert_eq!(got.len(), before + 1, "once, though the first call was cut");
    let hash = got.last().and_then(|entry| entry.media_sha256.clone());
    assert_eq!(hash, Some(sha256(&bytes)), "read anew, and whole");
    world.finish().await;
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_before_it_is_stored() {
    let world = World::linked().await;
    let chat = world.chat_of(ROSA).await["id"].clone();
    let send = |text: &str| json!({ "chatId": chat, "clientId": "v-1", "text": text, "mediaId": null });

    assert_eq!(
        world.refused("message_send", send("  ")).await,
        ErrorCode::MessageEmpty,
        "blanks are nothing"
    );
    let long = "ñ".repeat(4_097);
    assert_eq!(
        world.refused("message_send", send(&long)).await,
        ErrorCode::MessageTooLong,
        "one character too many"
    );
    let nowhere = json!({ "chatId": 999_999, "clientId": "v-2", "text": "hola", "mediaId": null });
    assert_eq!(
        world.refused("message_send", nowhere).await,
        ErrorCode::NotFound,
        "no such chat"
    );
    let no_picture = json!({ "chatId": chat, "clientId": "v-3", "text": null, "mediaId": 999_999 });
    assert_eq!(
        world.refused("message_send", no_picture).await,
        ErrorCode::MediaMissing,
        "no such picture"
    );
    let text_file = base64::engine::general_purpose::STANDARD.encode("just words");
    let add = json!({ "fileName": "foto.png", "dataBase64": text_file });
    assert_eq!(
        world.refused("media_add", add).await,
        ErrorCode::MediaUnsupported,
        "a name makes no picture"
    );
    world.finish().await;
}

#[tokio::test]
async fn what_the_gateway_fails_on_every_time_ends_and_frees_its_chat() {
    let mut world = World::linked().await;
    world.sandbox.set_fault(on_text(1_000, status(500, &[])));

    world.send(ROSA, "veneno", "v-1").await;
    world.until_status(ROSA, "veneno", "failed").await;
    let failed = world.ours(ROSA, "veneno").await.remove(0);
    assert_eq!(
        failed["failure"], "attempts_used_up",
        "it was proven absent each time"
    );
    world.sandbox.clear_faults();
    world.send(ROSA, "el siguiente", "v-2").await;
    world.until_status(ROSA, "el siguiente", "delivered").await;
    assert_eq!(
        world.got(ROSA, "veneno"),
        0,
        "and nothing went behind the operator's back"
    );
    world.finish().await;
}
