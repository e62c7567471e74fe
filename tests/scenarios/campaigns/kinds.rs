//! Campaigns whose message is no plain text: a poll, a place, a document, a picture. By the ledger: what it is, and once each.

use std::time::Duration;

use mostrador_api::ErrorCode;
use mostrador_sandbox::{Effect, LedgerEntry};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::PEOPLE;
use crate::dialects::linked_at;
use crate::world::World;

/// Gateways that take all of these.
const TAKE_ALL: [&str; 3] = ["whapi", "evolution", "qr_buho"];

const PRICES: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

/// A draft to three people that says this.
async fn saying(world: &World, body: Value) -> i64 {
    let id = world.campaign(&PEOPLE[..3]).await;
    let mut plan = world.shown(id).await["plan"].clone();
    plan["texts"] = json!([{ "share": 100, "body": body }]);
    let args = json!({ "campaignId": id, "plan": plan });
    world.run("campaign_plan_set", args).await;
    id
}

/// Rehearsed, run to its end, proven; what each of the three got.
async fn got(world: &mut World, body: Value) -> Vec<LedgerEntry> {
    let id = saying(world, body).await;
    let which = json!({ "campaignId": id });
    let rehearsal = world.run("campaign_rehearse", which.clone()).await;
    assert_eq!(rehearsal["ready"], true, "nothing stands in its way: {rehearsal}");
    world.run("campaign_start", which.clone()).await;
    world.until_state(id, "finished").await;
    world.pass(Duration::from_secs(120)).await;
    let proof = world.run("campaign_prove", which).await;
    assert_eq!(proof["verdict"], "holds", "and that can be proven: {proof}");
    let mut all = Vec::new();
    for number in &PEOPLE[..3] {
        let mut theirs = world.sandbox.ledger_of(number);
        theirs.retain(|entry| entry.effect == Effect::Message);
        assert_eq!(theirs.len(), 1, "{number} got one message");
        all.extend(theirs);
    }
    all
}

async fn kept(world: &World, name: &str, bytes: &[u8]) -> Value {
    world.bring(name, bytes).await["id"].clone()
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"))
}

/// The words for each of the three.
fn words(before: &str, after: &str) -> Vec<Option<String>> {
    let three = PEOPLE[..3].iter();
    three
        .map(|number| Some(format!("{before}Cliente {number}{after}")))
        .collect()
}

fn said(got: &[LedgerEntry]) -> Vec<Option<String>> {
    got.iter().map(|entry| entry.body.clone()).collect()
}

#[tokio::test]
async fn a_question_with_its_answers_arrives_as_one() {
    for gateway in TAKE_ALL {
        for (choices, single) in [(1, true), (2, false)] {
            let mut world = linked_at(gateway).await;
            let body = json!({ "kind": "poll", "question": "{{nombre}}, ¿qué pan prefieres?",
                "options": ["De yema", "Francés", "Ciabatta"], "choices": choices });
            let got = got(&mut world, body).await;
            assert_eq!(
                said(&got),
                words("", ", ¿qué pan prefieres?"),
                "{gateway}: to each by name"
            );
            for entry in &got {
                assert_eq!(entry.kind, "poll", "{gateway}");
                assert_eq!(
                    entry.details,
                    json!({ "options": ["De yema", "Francés", "Ciabatta"], "single": single }),
                    "{gateway}: all the answers, in their order"
                );
            }
            world.finish().await;
        }
    }
}

#[tokio::test]
async fn a_place_arrives_where_it_is() {
    for gateway in TAKE_ALL {
        let mut world = linked_at(gateway).await;
        let body = json!({ "kind": "location", "latitude": -12.0464, "longitude": -77.0428,
            "name": "Para {{nombre}}", "address": "Jr. de la Unión 300, Lima" });
        let got = got(&mut world, body).await;
        assert_eq!(said(&got), words("Para ", ""), "{gateway}: to each by name");
        for entry in &got {
            let details = &entry.details;
            assert_eq!(entry.kind, "location", "{gateway}");
            assert_eq!(
                (&details["latitude"], &details["longitude"], &details["address"]),
                (
                    &json!(-12.0464),
                    &json!(-77.0428),
                    &json!("Jr. de la Unión 300, Lima")
                ),
                "{gateway}: where it is"
            );
        }
        world.finish().await;
    }
}

#[tokio::test]
async fn a_place_without_a_name_arrives_too() {
    for gateway in TAKE_ALL {
        let mut world = linked_at(gateway).await;
        let body = json!({ "kind": "location", "latitude": 4.711, "longitude": -74.0721, "name": "", "address": "" });
        let got = got(&mut world, body).await;
        for entry in &got {
            assert_eq!(
                (&entry.details["latitude"], &entry.details["longitude"]),
                (&json!(4.711), &json!(-74.0721)),
                "{gateway}: where it is"
            );
        }
        world.finish().await;
    }
}

#[tokio::test]
async fn a_document_arrives_byte_for_byte_under_its_name_with_its_words() {
    for gateway in TAKE_ALL {
        let mut world = linked_at(gateway).await;
        let file = kept(&world, "Precios diciembre.pdf", PRICES).await;
        let body = json!({ "kind": "media", "mediaKind": "document", "mediaId": file, "caption": "Precios para {{nombre}}" });
        let got = got(&mut world, body).await;
        assert_eq!(
            said(&got),
            words("Precios para ", ""),
            "{gateway}: to each by name"
        );
        for entry in &got {
            assert_eq!(entry.kind, "document", "{gateway}");
            assert_eq!(
                entry.media_sha256,
                Some(hash(PRICES)),
                "{gateway}: not one byte is different"
            );
            assert_eq!(
                entry.details["file_name"], "Precios diciembre.pdf",
                "{gateway}: its name"
            );
        }
        world.finish().await;
    }
}

#[tokio::test]
async fn a_picture_arrives_with_its_words_and_without_any() {
    let picture = include_bytes!("../../fixtures/cake.png");
    for gateway in ["whapi", "evolution", "qr_buho", "api_engine"] {
        for caption in ["Hola {{nombre}}", ""] {
            let mut world = linked_at(gateway).await;
            let file = kept(&world, "torta.png", picture).await;
            let body = json!({ "kind": "media", "mediaKind": "image", "mediaId": file, "caption": caption });
            let got = got(&mut world, body).await;
            let expected = match caption {
                "" => vec![None; 3],
                _ => words("Hola ", ""),
            };
            let said: Vec<Option<String>> = said(&got)
                .into_iter()
                .map(|words| words.filter(|words| !words.is_empty()))
                .collect();
            assert_eq!(said, expected, "{gateway}: its words");
            for entry in &got {
                assert_eq!(entry.kind, "image", "{gateway}");
                assert_eq!(
                    entry.media_sha256,
                    Some(hash(picture)),
                    "{gateway}: not one byte is different"
                );
            }
            world.finish().await;
        }
    }
}

/// The beginning of a film, and of a sound: what they are is told by it.
const FILM: &[u8] = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\x00\x08free";
const SOUND: &[u8] =
    b"ID3\x04\x00\x00\x00\x00\x00\x0aTSSE\x00\x00\x00\x00\x00\x00\xff\xfb\x90\x64\x00\x00\x00\x00";

#[tokio::test]
async fn a_film_and_a_sound_arrive_as_what_they_are_byte_for_byte() {
    for gateway in ["whapi", "evolution"] {
        for (kind, name, bytes, caption) in [
            ("video", "pan.mp4", FILM, "Mira, {{nombre}}"),
            ("audio", "saludo.mp3", SOUND, ""),
        ] {
            let mut world = linked_at(gateway).await;
            let file = kept(&world, name, bytes).await;
            let body = json!({ "kind": "media", "mediaKind": kind, "mediaId": file, "caption": caption });
            let got = got(&mut world, body).await;
            if !caption.is_empty() {
                assert_eq!(said(&got), words("Mira, ", ""), "{gateway}: to each by name");
            }
            for entry in &got {
                assert_eq!(entry.kind, kind, "{gateway}");
                assert_eq!(
                    entry.media_sha256,
                    Some(hash(bytes)),
                    "{gateway}: not one byte is different"
                );
            }
            world.finish().await;
        }
    }
}

/// What stands in its way; it can be neither started nor scheduled.
async fn refused(world: &World, body: Value) -> Value {
    let id = saying(world, body).await;
    let which = json!({ "campaignId": id });
    let rehearsal = world.run("campaign_rehearse", which.clone()).await;
    assert_eq!(rehearsal["ready"], false, "it is refused: {rehearsal}");
    assert_eq!(
        world.refused("campaign_start", which).await,
        ErrorCode::StateChanged,
        "and cannot be started"
    );
    let schedule = json!({ "local": "2099-01-01T09:00", "zone": "America/Lima", "late": { "policy": "ask" }, "repeats": "never" });
    let later = json!({ "campaignId": id, "schedule": schedule });
    assert_eq!(
        world.refused("campaign_schedule", later).await,
        ErrorCode::StateChanged,
        "nor scheduled"
    );
    rehearsal["faults"].clone()
}

#[tokio::test]
async fn what_a_number_cannot_send_is_refused_before_the_launch() {
    let mut world = linked_at("api_engine").await;
    let file = kept(&world, "precios.pdf", PRICES).await;
    for body in [
        json!({ "kind": "poll", "question": "¿Pan?", "options": ["Sí", "No"], "choices": 1 }),
        json!({ "kind": "location", "latitude": -12.0, "longitude": -77.0, "name": "", "address": "" }),
        json!({ "kind": "media", "mediaKind": "document", "mediaId": file, "caption": "" }),
    ] {
        let faults = refused(&world, body.clone()).await;
        assert_eq!(
            faults,
            json!([{ "code": "kind_not_offered", "variant": 0 }]),
            "{body}: it says that this number cannot"
        );
    }
    world.pass(Duration::from_secs(600)).await;
    assert_eq!(world.sandbox.ledger(), [], "nobody got anything");
    world.finish().await;
}

#[tokio::test]
async fn what_would_be_refused_for_everybody_is_refused_before_the_launch() {
    let world = World::linked().await;
    let poll =
        |options: Value| json!({ "kind": "poll", "question": "¿Pan?", "options": options, "choices": 1 });
    let place = |latitude: f64, longitude: f64| json!({ "kind": "location", "latitude": latitude, "longitude": longitude, "name": "Tienda", "address": "" });
    let answers = json!([{ "code": "answers", "variant": 0, "most": 12 }]);
    let no_place = json!([{ "code": "no_place", "variant": 0 }]);
    let stray = json!([{ "code": "stray_variable", "variant": 0 }]);
    let many: Vec<String> = (0..13).map(|number| format!("Pan {number}")).collect();
    for (body, faults) in [
        (poll(json!(["Sí"])), &answers),
        (poll(json!(["Sí", " Sí "])), &answers),
        (poll(json!(["Sí", " "])), &answers),
        (poll(json!(many)), &answers),
        (poll(json!(["Para {{nombre}}", "No"])), &stray),
        (
            json!({ "kind": "location", "latitude": 0.0, "longitude": 0.0, "name": "Tienda", "address": "Jr. {{nombre}}" }),
            &stray,
        ),
        (place(90.1, 0.0), &no_place),
        (place(0.0, -180.5), &no_place),
    ] {
        assert_eq!(&refused(&world, body.clone()).await, faults, "{body}");
    }
    let file = kept(&world, "precios.pdf", PRICES).await;
    let body = json!({ "kind": "media", "mediaKind": "image", "mediaId": file, "caption": "" });
    let faults = refused(&world, body).await;
    assert_eq!(
        faults,
        json!([{ "code": "file_not_taken", "variant": 0 }]),
        "no picture"
    );
    assert_eq!(world.sandbox.ledger(), [], "nobody got anything");
    world.finish().await;
}

#[tokio::test]
async fn a_file_or_its_words_that_are_too_much_for_the_gateway_are_refused_before_the_launch() {
    let world = linked_at("api_engine").await;
    let picture = include_bytes!("../../fixtures/cake.png").to_vec();
    let small = kept(&world, "torta.png", &picture).await;
    let mut padded = picture;
    padded.resize(8_000_000, 0);
    let large = kept(&world, "torta-grande.png", &padded).await;
    let image = |file: &Value, caption: &str| json!({ "kind": "media", "mediaKind": "image", "mediaId": file, "caption": caption });
    assert_eq!(
        refused(&world, image(&large, "")).await,
        json!([{ "code": "file_too_large", "variant": 0, "maxBytes": 7_000_000 }]),
        "as large as it takes them"
    );
    let long = "a".repeat(1_025);
    assert_eq!(
        refused(&world, image(&small, &long)).await,
        json!([{ "code": "too_long", "variant": 0, "count": 3, "max": 1_024 }]),
        "words under a picture are fewer than others"
    );
    let id = saying(&world, json!({ "kind": "text", "text": long })).await;
    let rehearsal = world.run("campaign_rehearse", json!({ "campaignId": id })).await;
    assert_eq!(rehearsal["ready"], true, "as words alone they fit: {rehearsal}");
    world.finish().await;
}

/// Votes of a customer in the poll that the campaign sent them.
fn vote(world: &World, number: &str, options: &[usize]) {
    let sent = world.sandbox.ledger_of(number);
    let poll = sent.last().expect("they got it").message_id.clone();
    let phone = world.sandbox.on(0).expect("the shop's first device");
    phone.vote_as(number, &poll, options).expect("they vote");
}

#[tokio::test]
async fn a_vote_answers_a_campaigns_question_and_a_wish_among_the_options_is_heard() {
    let mut world = linked_at("whapi").await;
    let id = saying(
        &world,
        json!({ "kind": "poll", "question": "¿Qué pan prefieres?",
            "options": ["De yema", "Francés", "No quiero recibir más mensajes"], "choices": 1 }),
    )
    .await;
    world.run("campaign_rehearse", json!({ "campaignId": id })).await;
    world.run("campaign_start", json!({ "campaignId": id })).await;
    world.until_state(id, "finished").await;
    vote(&world, PEOPLE[0], &[0]);
    vote(&world, PEOPLE[1], &[2]);
    let replies = async |world: &World| {
        let args = json!({ "campaignId": id, "kind": null, "open": false, "after": null, "limit": 50 });
        let page = world.run("campaign_reply_list", args).await;
        let mut told: Vec<_> = page["replies"].as_array().expect("a list").clone();
        told.sort_by_key(|reply| reply["recipientId"].as_i64());
        told.iter()
            .map(|reply| (reply["reply"].clone(), reply["kind"].clone()))
            .collect::<Vec<_>>()
    };
    // A gateway may tell what was chosen by its ids first, and in words a moment later.
    let chosen = [
        (json!("☑ De yema"), json!("other")),
        (json!("☑ No quiero recibir más mensajes"), json!("opt_out")),
    ];
    world
        .until("both votes are answers, in words", async |world| {
            replies(world).await == chosen
        })
        .await;
    let all = json!({ "state": null, "after": null, "limit": 50 });
    let wishes = world.run("opt_out_list", all).await;
    assert_eq!(
        (&wishes[0]["state"], &wishes[0]["text"], &wishes[1]),
        (
            &json!("out"),
            &json!("No quiero recibir más mensajes"),
            &Value::Null
        ),
        "plainly, with the proof"
    );
    assert_ne!(
        world.states(id).await[2],
        "replied",
        "who did not vote did not answer"
    );
    world.finish().await;
}
