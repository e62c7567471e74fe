//! Desktop notifications: who is told, and when it is taken away.

use serde_json::json;

use crate::world::{ROSA, World};

/// Another customer whom the sandbox knows.
const MATEO: &str = "51900000012";

fn shown(world: &World) -> usize {
    world.notifications.shown.lock().expect("lock").len()
}

#[tokio::test]
async fn a_customers_message_is_announced_and_withdrawn_once_read() {
    let mut world = World::linked().await;
    assert_eq!(shown(&world), 0, "the first sync announces nothing");

    world.sandbox.write_as(ROSA, "¡Hola!").expect("Rosa writes");
    world
        .until("it is announced", async |world| shown(world) == 1)
        .await;
    let chat = world.chat_of(ROSA).await["id"].clone();
    let newest = world.messages_of(ROSA).await.last().expect("a message")["id"].clone();
    world
        .run("chat_read", json!({ "chatId": chat, "upTo": newest }))
        .await;
    world
        .until("it is withdrawn", async |world| {
            world.notifications.withdrawn.lock().expect("lock").len() == 1
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn the_chat_on_the_screen_is_not_announced() {
    let mut world = World::linked().await;
    let chat = world.chat_of(ROSA).await["id"].clone();
    world
        .run("view_set", json!({ "chatId": chat, "focused": true }))
        .await;

    world.sandbox.write_as(ROSA, "me ves").expect("Rosa writes");
    // Announced in the order in which they came: once his is shown, hers has been decided on.
    world.sandbox.write_as(MATEO, "y a mí no").expect("Mateo writes");
    world
        .until("the other one is announced", async |world| shown(world) > 0)
        .await;
    let first = world.notifications.shown.lock().expect("lock")[0].chat.0;
    assert_eq!(
        world.chat_of(MATEO).await["id"],
        first,
        "hers is before everybody's eyes"
    );
    world
        .run("view_set", json!({ "chatId": chat, "focused": false }))
        .await;
    world.sandbox.write_as(ROSA, "ya no").expect("Rosa writes");
    world
        .until("the second is announced", async |world| shown(world) == 2)
        .await;
    world.finish().await;
}
