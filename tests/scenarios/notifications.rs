//! Desktop notifications: who is told, and when it is taken away.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;

use crate::world::{ROSA, World};

/// Another customer whom the sandbox knows.
const MATEO: &str = "51900000012";

fn shown(world: &World) -> usize {
    world.notifications.shown.lock().expect("lock").len()
}

fn withdrawn(world: &World) -> usize {
    world.notifications.withdrawn.lock().expect("lock").len()
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
        .until("it is withdrawn", async |world| withdrawn(world) == 1)
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_computer_whose_clock_is_hours_ahead_announces_what_comes_and_not_what_is_old() {
    let mut world = World::linked().await;
    world.clock.advance(Duration::from_secs(3 * 3_600));
    // The gateway is asked for news, and says what time it is.
    world.pass(Duration::from_secs(120)).await;
    world.sandbox.write_as(ROSA, "¡Hola!").expect("Rosa writes");
    world
        .until("it is announced", async |world| shown(world) == 1)
        .await;

    world
        .restart_after(async |sandbox| {
            sandbox.write_as(MATEO, "¿hay alguien?").expect("Mateo writes");
            sandbox.skip(Duration::from_secs(1_800));
        })
        .await;
    world.until_online().await;
    world
        .until("it is here", async |world| {
            let said = world.messages_of(MATEO).await;
            said.iter()
                .any(|message| message["body"]["text"] == "¿hay alguien?")
        })
        .await;
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(shown(&world), 1, "what came half an hour ago is in the list");
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

#[tokio::test]
async fn what_is_read_on_the_phone_is_withdrawn_here() {
    let mut world = World::linked().await;
    let message = world.sandbox.write_as(ROSA, "¡Hola!").expect("Rosa writes");
    world
        .until("it is announced", async |world| shown(world) == 1)
        .await;
    let phone = world.sandbox.on(0).expect("the shop has a phone");
    assert!(phone.read_on_phone(&message), "the owner opens the chat");
    world
        .until("it is withdrawn", async |world| withdrawn(world) == 1)
        .await;
    world.finish().await;
}

#[tokio::test]
async fn what_was_taken_back_muted_or_put_away_is_withdrawn() {
    let mut world = World::linked().await;
    let phone = world.sandbox.on(0).expect("the shop has a phone");
    let taken_back = phone.write_as(ROSA, "ay, no era para ti").expect("Rosa writes");
    world
        .until("it is announced", async |world| shown(world) == 1)
        .await;
    let phone = world.sandbox.on(0).expect("the shop has a phone");
    phone.delete_as(ROSA, &taken_back).expect("she takes it back");
    world
        .until("nobody reads it on the desktop any more", async |world| {
            withdrawn(world) == 1
        })
        .await;

    let never = json!({ "kind": "muted", "until": 8_640_000_000_000_000_i64 });
    let away = json!({ "kind": "archived", "on": true });
    for (times, (customer, change)) in (2..).zip([(ROSA, never), (MATEO, away)]) {
        world
            .sandbox
            .write_as(customer, "¡Hola!")
            .expect("a customer writes");
        world
            .until("it is announced", async |world| shown(world) == times)
            .await;
        let chat = world.chat_of(customer).await["id"].clone();
        world
            .run("chat_change", json!({ "chatId": chat, "change": change }))
            .await;
        world
            .until("it is withdrawn", async |world| withdrawn(world) == times)
            .await;
    }
    world.finish().await;
}

#[tokio::test]
async fn what_comes_into_a_chat_that_was_put_away_long_ago_stays_until_it_is_read() {
    let mut world = World::linked().await;
    let chat = world.chat_of(MATEO).await["id"].clone();
    let away = json!({ "kind": "archived", "on": true });
    world
        .run("chat_change", json!({ "chatId": chat, "change": away }))
        .await;
    world
        .sandbox
        .write_as(MATEO, "¿hay alguien?")
        .expect("Mateo writes");
    world
        .until("it is announced", async |world| shown(world) == 1)
        .await;
    let draft = json!({ "chatId": chat, "draft": "sí" });
    world.run("chat_draft_set", draft).await;
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(withdrawn(&world), 0, "nobody has read it");
    world.finish().await;
}

#[tokio::test]
async fn what_comes_in_the_very_second_in_which_the_phone_has_read_is_announced_all_the_same() {
    let mut world = World::linked().await;
    let message = world.sandbox.write_as(ROSA, "¡Hola!").expect("Rosa writes");
    world
        .until("it is announced", async |world| shown(world) == 1)
        .await;
    let phone = world.sandbox.on(0).expect("the shop has a phone");
    assert!(phone.read_on_phone(&message), "the owner opens the chat");
    world
        .until("it is withdrawn", async |world| withdrawn(world) == 1)
        .await;

    // No time passes: to the gateway, which tells whole seconds, both are of one moment.
    world
        .sandbox
        .write_as(ROSA, "¿Hay pan?")
        .expect("Rosa writes again");
    world
        .until("the later one is announced", async |world| shown(world) == 2)
        .await;
    assert_eq!(world.chat_of(ROSA).await["unread"], 1, "and counted");
    assert_eq!(withdrawn(&world), 1, "it stays on the screen");
    world.finish().await;
}

#[tokio::test]
async fn while_the_shop_is_not_to_be_disturbed_nothing_is_announced_and_everything_is_counted() {
    let mut world = World::linked().await;
    world.sandbox.write_as(ROSA, "una").expect("Rosa writes");
    world
        .until("it is announced", async |world| shown(world) == 1)
        .await;

    let quiet = world.run("quiet_set", json!({ "choice": "hour" })).await;
    assert_eq!(quiet["kind"], "until", "it ends by itself");
    world
        .until("what was on the screen goes", async |world| withdrawn(world) == 1)
        .await;
    let before = world.chat_of(ROSA).await["unread"].as_u64().unwrap_or_default();
    world.sandbox.write_as(ROSA, "dos").expect("Rosa writes");
    world
        .until("it is counted", async |world| {
            world.chat_of(ROSA).await["unread"].as_u64() == Some(before + 1)
        })
        .await;
    assert_eq!(shown(&world), 1, "and not announced");

    world.pass(Duration::from_secs(3_600)).await;
    world
        .until("the hour is over and said to be", async |world| {
            world.run("quiet_get", json!({})).await["kind"] == "off"
        })
        .await;
    assert_eq!(
        shown(&world),
        1,
        "what came meanwhile is not announced afterwards"
    );
    world.sandbox.write_as(ROSA, "tres").expect("Rosa writes");
    world
        .until("the next one is announced", async |world| shown(world) == 2)
        .await;
    world.finish().await;
}

#[tokio::test]
async fn quiet_until_it_is_turned_off_outlives_the_night_and_a_restart() {
    let mut world = World::linked().await;
    world.run("quiet_set", json!({ "choice": "on" })).await;
    world.restart().await;
    world.until_online().await;
    world.pass(Duration::from_secs(36 * 3_600)).await;
    assert_eq!(
        world.run("quiet_get", json!({})).await["kind"],
        "on",
        "a person chose it, a person ends it"
    );
    let off = world.run("quiet_set", json!({ "choice": "off" })).await;
    assert_eq!(off["kind"], "off", "now it is over");
    world.sandbox.write_as(ROSA, "¿ya?").expect("Rosa writes");
    world
        .until("it is announced", async |world| shown(world) == 1)
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_notification_that_says_more_than_is_wanted_now_goes() {
    let mut world = World::linked().await;
    world
        .sandbox
        .write_as(ROSA, "mi dirección es…")
        .expect("Rosa writes");
    world
        .until("it is announced", async |world| shown(world) == 1)
        .await;
    let mut settings = world.run("setting_get", json!({})).await;
    settings["theme"] = json!("dark");
    world.run("setting_set", json!({ "settings": settings })).await;
    settings["notifications"] = json!("name_only");
    world.run("setting_set", json!({ "settings": settings })).await;
    world
        .until("it is withdrawn", async |world| withdrawn(world) == 1)
        .await;

    world.sandbox.write_as(ROSA, "calle…").expect("Rosa writes");
    world
        .until("the next one is announced", async |world| shown(world) == 2)
        .await;
    let bodies: Vec<bool> = world
        .notifications
        .shown
        .lock()
        .expect("lock")
        .iter()
        .map(|notification| notification.body.is_some())
        .collect();
    assert_eq!(bodies, [true, false], "without her words");
    world.finish().await;
}

#[tokio::test]
async fn an_announcer_that_breaks_is_begun_anew_and_forgets_nothing_that_it_shows() {
    let mut world = World::linked().await;
    world.expect_warning("is begun anew");
    world.expect_warning("panicked");
    world.expect_faults(1);
    world.sandbox.write_as(ROSA, "¡Hola!").expect("Rosa writes");
    world
        .until("Rosa is announced", async |world| shown(world) == 1)
        .await;

    world.notifications.broken.store(1, Ordering::SeqCst);
    world.sandbox.write_as(MATEO, "Buenas").expect("Mateo writes");
    world
        .until("the announcer has broken", async |world| {
            world.shop.engine().supervisor().faults() == 1
        })
        .await;
    let chat = world.chat_of(ROSA).await["id"].clone();
    let newest = world.messages_of(ROSA).await.last().expect("a message")["id"].clone();
    world
        .run("chat_read", json!({ "chatId": chat, "upTo": newest }))
        .await;
    world
        .sandbox
        .write_as(MATEO, "¿hay alguien?")
        .expect("Mateo writes");
    world
        .until("Mateo is announced, Rosa withdrawn", async |world| {
            shown(world) == 2 && withdrawn(world) == 1
        })
        .await;
    world.finish().await;
}
