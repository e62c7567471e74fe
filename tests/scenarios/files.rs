//! Files that customers send: fetched by themselves up to a size, piece by piece, and nothing half of one is left.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mostrador_domain::MediaId;
use mostrador_engine::clock::Clock;
use mostrador_sandbox::{Attached, Fault, FaultKind};
use serde_json::{Value, json};

use crate::bad_input::png_of;
use crate::dialects;
use crate::storage::place_of;
use crate::world::{ROSA, World};

fn cake() -> Vec<u8> {
    include_bytes!("../fixtures/cake.png").to_vec()
}

/// Files are fetched by themselves up to so many bytes.
async fn fetch_up_to(world: &World, bytes: u64) {
    let mut settings = world.run("setting_get", json!({})).await;
    settings["fetchUpTo"] = bytes.into();
    let set = world.run("setting_set", json!({ "settings": settings })).await;
    assert_eq!(set["fetchUpTo"], bytes, "as it was chosen");
}

/// The file of the newest message of Rosa's.
async fn newest(world: &World) -> Value {
    let rows = world.messages_of(ROSA).await;
    rows.last()
        .map_or(Value::Null, |row| row["body"]["media"].clone())
}

async fn until_state(world: &mut World, state: &'static str) -> Value {
    let what = format!("the file is {state}");
    world
        .until(&what, async |world| newest(world).await["state"] == state)
        .await;
    newest(world).await
}

/// A shop that has fetched what was there before.
async fn settled() -> World {
    let mut world = World::linked().await;
    world
        .until("nothing is left to fetch", async |world| {
            let sql = "SELECT count(*) FROM media WHERE state IN ('remote', 'fetching')";
            let read = world
                .shop
                .engine()
                .store()
                .read(move |connection| Ok(connection.query_row(sql, [], |row| row.get::<_, i64>(0))?));
            read.await.expect("read") == 0
        })
        .await;
    world
}

/// How many files lie half-way.
fn unfinished(world: &World) -> usize {
    std::fs::read_dir(world.folder().join("media/arriving")).map_or(0, Iterator::count)
}

#[tokio::test]
async fn a_file_above_the_limit_waits_until_a_person_asks_for_it() {
    let mut world = settled().await;
    let usual = world.run("setting_get", json!({})).await;
    assert_eq!(usual["fetchUpTo"], 16 * 1024 * 1024, "when nothing was chosen");
    fetch_up_to(&world, 100).await;
    world
        .sandbox
        .write_image_as(ROSA, cake(), Some("grande"))
        .expect("Rosa sends a picture");
    until_state(&mut world, "remote").await;
    world.pass(Duration::from_secs(7_200)).await;
    let waiting = newest(&world).await;
    assert_eq!(waiting["state"], "remote", "nobody asked for it");

    world
        .run("media_fetch", json!({ "mediaId": waiting["id"] }))
        .await;
    until_state(&mut world, "ready").await;
    let id = MediaId(waiting["id"].as_i64().expect("a number"));
    let (mime, bytes) = world.shop.engine().media_bytes(id).await.expect("here");
    assert_eq!((mime.as_str(), bytes), ("image/png", cake()), "byte for byte");
    assert_eq!(unfinished(&world), 0, "and nothing besides");
    world.finish().await;
}

#[tokio::test]
async fn a_photo_whose_bytes_are_gone_or_damaged_is_fetched_again_when_somebody_asks() {
    let mut world = settled().await;
    world
        .sandbox
        .write_image_as(ROSA, cake(), Some("torta"))
        .expect("Rosa sends a picture");
    let photo = until_state(&mut world, "ready").await;
    let place = place_of(&world, &photo).await;
    let wanted = json!({ "mediaId": photo["id"] });
    let asked = world.run("media_fetch", wanted.clone()).await;
    assert_eq!(asked["state"], "ready", "what is here is not fetched again");

    for emptied in [false, true] {
        if emptied {
            std::fs::write(&place, b"").expect("emptied");
        } else {
            std::fs::remove_file(&place).expect("removed");
        }
        let asked = world.run("media_fetch", wanted.clone()).await;
        assert_ne!(asked["state"], "ready", "it is not here (emptied: {emptied})");
        until_state(&mut world, "ready").await;
        assert!(
            std::fs::read(&place).expect("here again") == cake(),
            "byte for byte (emptied: {emptied})"
        );
    }
    world.finish().await;
}

#[tokio::test]
async fn what_waits_comes_by_itself_when_the_limit_is_raised() {
    let mut world = settled().await;
    fetch_up_to(&world, 100).await;
    world
        .sandbox
        .write_image_as(ROSA, cake(), Some("grande"))
        .expect("Rosa sends a picture");
    until_state(&mut world, "remote").await;
    let before = world.run("setting_get", json!({})).await;
    let mut others = before.clone();
    others.as_object_mut().expect("settings").remove("fetchUpTo");
    let set = world.run("setting_set", json!({ "settings": others })).await;
    assert_eq!(set, before, "who does not name the limit leaves it");
    fetch_up_to(&world, 50_000_000).await;
    until_state(&mut world, "ready").await;
    world.finish().await;
}

#[tokio::test]
async fn a_large_document_comes_whole() {
    let mut world = settled().await;
    fetch_up_to(&world, 10_000_000).await;
    let mut pdf = b"%PDF-1.7\n".to_vec();
    pdf.extend((0..15_000_000_u32).map(|at| (at % 251) as u8));
    world
        .sandbox
        .on(0)
        .expect("a device")
        .write_file_as(ROSA, Attached::Document, pdf.clone(), Some("catalogo.pdf"), None)
        .expect("Rosa sends a document");
    let row = async |world: &World| -> Option<(i64, String)> {
        let sql = "SELECT id, state FROM media WHERE file_name = 'catalogo.pdf'";
        let read = world.shop.engine().store().read(move |connection| {
            let mut statement = connection.prepare(sql)?;
            let mut rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.next().transpose()?)
        });
        read.await.expect("read")
    };
    world
        .until("it is told", async |world| row(world).await.is_some())
        .await;
    world.pass(Duration::from_secs(60)).await;
    let (id, state) = row(&world).await.expect("told");
    assert_eq!(state, "remote", "15 MB are not fetched by themselves");
    world.run("media_fetch", json!({ "mediaId": id })).await;
    world
        .until("it is here", async |world| {
            row(world).await.is_some_and(|(_, state)| state == "ready")
        })
        .await;
    let (mime, bytes) = world.shop.engine().media_bytes(MediaId(id)).await.expect("here");
    assert_eq!(mime, "application/pdf", "by its bytes");
    assert!(bytes == pdf, "byte for byte");
    world.finish().await;
}

#[tokio::test]
async fn a_photo_that_is_sent_as_a_document_is_kept_whatever_its_telephone_calls_it() {
    let mut world = settled().await;
    let mut heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic".to_vec();
    heic.resize(50_000, 7);
    world
        .sandbox
        .on(0)
        .expect("a device")
        .write_file_as(ROSA, Attached::Document, heic.clone(), Some("IMG_1.HEIC"), None)
        .expect("Rosa sends a photo as a document");
    let file = async |world: &World| {
        let rows = world.messages_of(ROSA).await;
        rows.last().map_or(Value::Null, |row| row["body"].clone())
    };
    world
        .until("it is here, or was given up", async |world| {
            let state = file(world).await["media"]["state"].clone();
            state == "ready" || state == "failed"
        })
        .await;
    let body = file(&world).await;
    assert_eq!(
        body["media"]["state"], "ready",
        "the customer's photo can be saved"
    );
    assert_eq!(body["shownAs"], "document", "and is not shown by itself");
    let id = MediaId(body["media"]["id"].as_i64().expect("a number"));
    let (_, bytes) = world.shop.engine().media_bytes(id).await.expect("here");
    assert!(bytes == heic, "byte for byte");
    world.finish().await;
}

/// The gateway tells of a message of Rosa's of this kind (Evolution's word), with a file that is told to be `mime`.
async fn told_of(world: &World, id: &str, kind: &str, mime: Option<&str>) {
    let at = dialects::at(world, "evolution");
    let find = reqwest::Client::new()
        .get(format!("{at}/webhook/find/tienda"))
        .header("apikey", world.sandbox.token());
    let hook: Value = find.send().await.expect("answers").json().await.expect("JSON");
    let mut content = json!({ "caption": id, "fileLength": "2000" });
    if let Some(mime) = mime {
        content["mimetype"] = mime.into();
    }
    let event = json!({
        "event": "messages.upsert", "instance": "tienda", "data": {
            "key": { "id": id, "fromMe": false, "remoteJid": format!("{ROSA}@s.whatsapp.net") }, "pushName": "Rosa",
            "messageType": kind, "message": { kind: content }, "messageTimestamp": world.clock.now().0 / 1_000,
        },
    });
    let mut call = reqwest::Client::new().post(hook["url"].as_str().expect("an address"));
    for (name, value) in hook["headers"].as_object().expect("headers") {
        call = call.header(name, value.as_str().expect("a value"));
    }
    let told = call.json(&event).send().await.expect("an answer");
    assert!(told.status().is_success(), "taken in: {}", told.status());
}

#[tokio::test]
async fn what_is_shown_by_itself_is_held_to_what_may_be_whatever_type_its_sender_tells() {
    let mut world = dialects::linked_at("evolution").await;
    let exe = [b"MZ\x90\x00\x03\x00\x00\x00".as_slice(), &[7; 2_000]].concat();
    let mut wrong = Vec::new();
    for (name, bytes) in [("bomb", png_of(30_000)), ("program", exe)] {
        let body = json!({ "mimetype": "image/png", "base64": STANDARD.encode(bytes) });
        let answer = FaultKind::Status {
            code: 201,
            body: Some(body),
            headers: Default::default(),
        };
        world.sandbox.clear_faults();
        world.sandbox.set_fault(Fault {
            times: u32::MAX,
            ..Fault::once(
                "POST",
                "/dialects/evolution/chat/getBase64FromMediaMessage",
                answer,
            )
        });
        for kind in ["imageMessage", "videoMessage", "audioMessage", "stickerMessage"] {
            for mime in [Some("application/pdf"), Some(""), None] {
                let id = format!("{name}-{kind}-{}", mime.unwrap_or("nothing"));
                // Newer than the last one, in whole seconds.
                world.pass(Duration::from_secs(2)).await;
                told_of(&world, &id, kind, mime).await;
                world
                    .until("a chat", async |world| !world.chats().await.is_empty())
                    .await;
                world
                    .until(&id, async |world| {
                        let state = newest(world).await["state"].clone();
                        state == "ready" || state == "failed"
                    })
                    .await;
                if newest(&world).await["state"] != "failed" {
                    wrong.push(id);
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "none of these can be shown");
    assert_eq!(unfinished(&world), 0, "and nothing of them is kept");
    world.finish().await;
}

#[tokio::test]
async fn a_file_that_never_ends_is_given_up_at_its_limit_and_leaves_nothing() {
    let mut world = settled().await;
    world.sandbox.set_fault(Fault::once(
        "GET",
        "/media/",
        FaultKind::HugeBody { bytes: 80_000_000 },
    ));
    world
        .sandbox
        .write_image_as(ROSA, cake(), Some("sin fin"))
        .expect("Rosa sends a picture");
    let failed = until_state(&mut world, "failed").await;
    assert_eq!(unfinished(&world), 0, "what had come is removed");
    world.run("media_fetch", json!({ "mediaId": failed["id"] })).await;
    until_state(&mut world, "ready").await;
    world.finish().await;
}

#[tokio::test]
async fn a_line_that_is_cut_half_way_leaves_nothing_and_is_tried_again() {
    let mut world = settled().await;
    world
        .sandbox
        .set_fault(Fault::once("GET", "/media/", FaultKind::TruncatedBody));
    world
        .sandbox
        .write_image_as(ROSA, cake(), Some("a medias"))
        .expect("Rosa sends a picture");
    until_state(&mut world, "ready").await;
    assert_eq!(world.sandbox.waiting_faults(), 0, "the line was cut");
    assert_eq!(unfinished(&world), 0, "half of it is gone");
    world.finish().await;
}

#[tokio::test]
async fn half_a_file_of_a_program_that_died_is_removed_at_the_next_start() {
    let mut world = settled().await;
    let folder = world.folder().join("media/arriving");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("3"), "half a picture").expect("written");
    world.restart().await;
    assert_eq!(unfinished(&world), 0, "it is of no use to anybody");
    world.until_online().await;
    world.finish().await;
}
