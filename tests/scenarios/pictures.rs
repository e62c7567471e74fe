//! Pictures of people: fetched when they are looked at, kept as small copies, never asked for twice.

use std::time::Duration;

use mostrador_api::ErrorCode;
use mostrador_domain::PictureId;
use mostrador_engine::EngineError;
use mostrador_sandbox::{Fault, FaultKind};
use serde_json::json;

use crate::world::World;

async fn first_picture(world: &mut World) -> PictureId {
    world
        .until("a chat has a picture", async |world| {
            world.chats().await.iter().any(|chat| chat["pictureId"].is_i64())
        })
        .await;
    let chats = world.chats().await;
    assert!(
        chats.iter().any(|chat| chat["pictureId"].is_null()),
        "not everybody has one"
    );
    let id = chats.iter().find_map(|chat| chat["pictureId"].as_i64());
    PictureId(id.expect("just seen"))
}

#[tokio::test]
async fn a_picture_is_fetched_once_and_is_there_when_the_gateway_is_not() {
    let mut world = World::linked().await;
    let id = first_picture(&mut world).await;
    let folder = world.folder().join("pictures");
    assert!(!folder.exists(), "nobody has looked at one yet");
    let bytes = world.shop.engine().picture(id).await.expect("fetched");
    assert!(bytes.starts_with(&[0xff, 0xd8]), "a JPEG");
    assert!(bytes.len() < 20_000, "a small one: {}", bytes.len());
    assert_eq!(
        std::fs::read_dir(&folder).expect("there").count(),
        1,
        "this one is kept"
    );
    let cut = FaultKind::CutBeforeEffect;
    world.sandbox.set_fault(Fault::once("GET", "/pictures/", cut));
    let again = world.shop.engine().picture(id).await.expect("here");
    assert_eq!(again, bytes, "the same, and nobody was asked");
    assert_eq!(world.sandbox.waiting_faults(), 1, "nobody was asked");
    world.sandbox.clear_faults();
    world.finish().await;
}

#[tokio::test]
async fn one_that_is_not_there_is_no_trouble_and_nobody_invents_one() {
    let mut world = World::linked().await;
    let id = first_picture(&mut world).await;
    let unknown = world.shop.engine().picture(PictureId(id.0 + 10_000)).await;
    assert!(unknown.is_err(), "no such picture");
    let gone = FaultKind::Status {
        code: 404,
        body: None,
        headers: std::collections::BTreeMap::new(),
    };
    world.sandbox.set_fault(Fault::once("GET", "/pictures/", gone));
    for _ in 0..2 {
        let missing = world.shop.engine().picture(id).await;
        assert!(matches!(missing, Err(EngineError::MediaMissing)), "it is missing");
        assert_eq!(world.sandbox.waiting_faults(), 0, "it was asked for once");
    }
    world.pass(Duration::from_secs(60)).await;
    assert_eq!(
        world.device().await["state"]["kind"],
        "online",
        "the device does not mind"
    );
    world.finish().await;
}

#[tokio::test]
async fn how_one_writes_is_the_shops_choice() {
    let world = World::linked().await;
    let first = world.run("setting_get", json!({})).await;
    assert_eq!(
        (&first["enterSends"], &first["undoSeconds"], &first["tellTyping"]),
        (&json!(true), &json!(5), &json!(true)),
        "as long as nothing was chosen"
    );
    let mut chosen = first.clone();
    chosen["enterSends"] = false.into();
    chosen["undoSeconds"] = 600.into();
    chosen["tellTyping"] = false.into();
    let set = world.run("setting_set", json!({ "settings": chosen })).await;
    assert_eq!(
        (&set["enterSends"], &set["undoSeconds"], &set["tellTyping"]),
        (&json!(false), &json!(60), &json!(false)),
        "kept, within what a message can be held"
    );
    let mut others = first;
    for name in ["enterSends", "undoSeconds", "tellTyping"] {
        others.as_object_mut().expect("settings").remove(name);
    }
    let left = world.run("setting_set", json!({ "settings": others })).await;
    assert_eq!(left, set, "who does not name them leaves them");
    let refused = world
        .refused("setting_set", json!({ "settings": { "enterSends": "no" } }))
        .await;
    assert_eq!(refused, ErrorCode::BadRequest, "no choice at all");
    world.finish().await;
}
