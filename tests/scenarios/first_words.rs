//! Writing to somebody for the first time: a number is typed, looked up, and its chat opens.

use mostrador_api::ErrorCode;
use serde_json::{Value, json};

use crate::dialects;
use crate::world::{ROSA, World};

/// Somebody on WhatsApp who has never written.
const STRANGER: &str = "51900000077";

async fn args(world: &World, name: &str, typed: &str) -> Value {
    let mut args = json!({ "deviceId": world.device().await["id"] });
    args[name] = typed.into();
    args
}

async fn start(world: &World, number: &str, unchecked: bool) -> Value {
    let mut args = args(world, "number", number).await;
    args["unchecked"] = unchecked.into();
    world.run("chat_start", args).await
}

#[tokio::test]
async fn a_number_as_people_here_write_it_opens_a_chat_and_what_is_written_there_arrives() {
    let mut world = World::linked().await;
    let typed = world
        .run("chat_number", args(&world, "typed", "900 000 077").await)
        .await;
    assert_eq!(
        typed,
        json!({ "number": format!("+{STRANGER}"), "chatId": null }),
        "one of the shop's country"
    );

    let opened = start(&world, "900 000 077", false).await;
    assert_eq!(opened["kind"], "open");
    let chat = opened["chatId"].clone();
    let again = start(&world, &format!("+{STRANGER}"), false).await;
    assert_eq!(
        again["chatId"], chat,
        "it is one chat, however the number is written"
    );
    let typed = world
        .run("chat_number", args(&world, "typed", "900 000 077").await)
        .await;
    assert_eq!(typed["chatId"], chat, "it is there from now on");

    let words = json!({ "chatId": chat, "clientId": "c1", "text": "Buenos días", "mediaId": null });
    world.run("message_send", words).await;
    world.until_status(STRANGER, "Buenos días", "delivered").await;
    assert_eq!(world.got(STRANGER, "Buenos días"), 1, "the stranger has it once");
    world.finish().await;
}

#[tokio::test]
async fn whoever_has_a_chat_is_not_looked_up_and_whoever_is_not_on_whatsapp_gets_none() {
    let world = World::linked().await;
    let before = world.chats().await.len();
    let rosa = start(&world, &format!("+{ROSA}"), false).await;
    assert_eq!(rosa["chatId"], world.chat_of(ROSA).await["id"], "hers is open");
    assert_eq!(
        start(&world, "900 000 999", false).await,
        json!({ "kind": "not_on_whatsapp" })
    );
    assert_eq!(
        start(&world, "900 000 999", true).await,
        json!({ "kind": "not_on_whatsapp" }),
        "whoever is known not to be there is not written to"
    );
    for wrong in ["hola", "12", "900000077 900000078"] {
        let mut args = args(&world, "number", wrong).await;
        args["unchecked"] = false.into();
        assert_eq!(
            world.refused("chat_start", args).await,
            ErrorCode::NumberInvalid,
            "{wrong}"
        );
        let typed = world
            .run("chat_number", self::args(&world, "typed", wrong).await)
            .await;
        assert_eq!(typed["number"], Value::Null, "{wrong} is no number");
    }
    assert_eq!(world.chats().await.len(), before, "no chat was made");
    world.finish().await;
}

#[tokio::test]
async fn where_nobody_can_say_whether_it_is_there_a_person_decides() {
    let mut world = World::new().await;
    let (url, token) = (
        dialects::at(&world, "waconecta"),
        world.sandbox.token().to_owned(),
    );
    let fields = json!({ "url": url, "token": token, "container_token": token });
    dialects::add(&world, "waconecta", fields).await;
    dialects::link(&mut world).await;
    let number = format!("+{STRANGER}");
    assert_eq!(start(&world, &number, false).await, json!({ "kind": "not_told" }));
    assert_eq!(
        start(&world, &number, true).await["kind"],
        "open",
        "the person wants it all the same"
    );
    world.finish().await;
}
