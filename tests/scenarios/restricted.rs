//! A number that WhatsApp restricts, told beside a message that had been taken: the device shows it, and it ends.

use std::time::Duration;

use mostrador_engine::clock::Clock;
use serde_json::{Value, json};

use crate::bad_input::hook;
use crate::world::{ROSA, World};

/// The gateway tells that this message was given up `ago`, because the number is restricted.
async fn given_up(world: &World, message: &str, ago: Duration) {
    let at = world.clock.now().before(ago).0 / 1_000;
    let status = json!({
        "id": message, "code": 0, "status": "failed", "recipient_id": format!("{ROSA}@s.whatsapp.net"),
        "timestamp": at.to_string(), "errors": [{ "code": 463, "message": "x" }],
    });
    let event = json!({ "statuses": [status], "event": { "type": "statuses", "event": "post" } });
    let (url, headers) = hook(world).await;
    let call = reqwest::Client::new().post(url).headers(headers);
    let told = call.body(event.to_string()).send().await.expect("an answer");
    assert!(told.status().is_success(), "taken in: {}", told.status());
}

async fn state(world: &World) -> Value {
    world.device().await["state"]["kind"].clone()
}

#[tokio::test]
async fn a_message_given_up_for_a_restriction_restricts_the_device_until_it_is_over() {
    let mut world = World::linked().await;
    world.send(ROSA, "primera", "r-1").await;
    world.until_status(ROSA, "primera", "delivered").await;
    let sent = world.sandbox.ledger_of(ROSA)[0].message_id.clone();

    given_up(&world, &sent, Duration::from_secs(5)).await;

    world
        .until("the device is shown as restricted", async |world| {
            state(world).await == "restricted"
        })
        .await;
    world.until_online().await;
    given_up(&world, &sent, Duration::from_secs(2 * 3_600)).await;
    world.pass(Duration::from_secs(60)).await;
    assert_eq!(
        state(&world).await,
        "online",
        "what is told again of a restriction that is over begins none"
    );
    world.finish().await;
}
