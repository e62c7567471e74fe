//! A number that WhatsApp restricts, told beside a message that had been taken: the device shows it, and it ends. The message did not
//! arrive, and a person says what becomes of it.

use std::time::Duration;

use mostrador_api::ErrorCode;
use mostrador_engine::clock::Clock;
use mostrador_sandbox::{ReceiptDelays, SandboxConfig, WebhookTemper};
use serde_json::{Value, json};

use crate::bad_input::hook;
use crate::world::{ROSA, World};

/// The gateway tells that this message was given up `ago`, because the number is restricted.
pub(crate) async fn given_up(world: &World, message: &str, ago: Duration) {
    let at = world.clock.now().before(ago).0 / 1_000;
    let status = json!({
        "id": message, "code": 0, "status": "failed", "recipient_id": format!("{ROSA}@s.whatsapp.net"),
        "timestamp": at.to_string(), "errors": [{ "code": 463, "message": "x" }],
    });
    tell(
        world,
        json!({ "statuses": [status], "event": { "type": "statuses", "event": "post" } }),
    )
    .await;
}

async fn tell(world: &World, event: Value) {
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

fn deaf(world: &World, deaf: bool) {
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf,
        ..WebhookTemper::default()
    });
}

/// How long a message takes to whoever gets it here: nobody asks and hears that it is there before the gateway gives it up, however
/// far time runs meanwhile.
const ON_ITS_WAY: Duration = Duration::from_secs(3_600);

/// A shop whose number is linked and synced, and whose messages are long on their way.
async fn with_slow_messages() -> World {
    let receipts = ReceiptDelays {
        delivered: ON_ITS_WAY,
        ..SandboxConfig::for_tests().receipts
    };
    let mut world = World::with_sandbox(SandboxConfig {
        receipts,
        ..SandboxConfig::for_tests()
    })
    .await;
    world.link().await;
    world
}

/// Rosa is written to, and the gateway gives that up at once. Gives the message.
async fn sent_and_given_up(world: &mut World, text: &'static str, client_id: &str) -> Value {
    // Nobody says meanwhile that it arrived.
    deaf(world, true);
    world.send(ROSA, text, client_id).await;
    world.until_status(ROSA, text, "sent").await;
    let entries = world.sandbox.ledger_of(ROSA);
    let sent = entries.last().expect("it was taken").message_id.clone();
    given_up(world, &sent, Duration::from_secs(1)).await;
    world.until_status(ROSA, text, "failed").await;
    world.ours(ROSA, text).await.remove(0)
}

#[tokio::test]
async fn a_message_that_was_taken_and_given_up_is_sent_again_when_a_person_says_so_and_shows_once() {
    let mut world = with_slow_messages().await;
    let failed = sent_and_given_up(&mut world, "¿me lees?", "g-1").await;
    assert_eq!(
        (&failed["failure"], &failed["needsOperator"]),
        (&json!("restricted"), &json!(true)),
        "a person decides"
    );

    let args = json!({ "messageId": failed["id"] });
    let again = world.run("message_retry", args.clone()).await;

    assert_eq!(
        (&again["id"], &again["needsOperator"]),
        (&failed["id"], &json!(false)),
        "the same message is on its way"
    );
    deaf(&world, false);
    world.until_status(ROSA, "¿me lees?", "delivered").await;
    world.pass(Duration::from_secs(300)).await;
    assert_eq!(
        world.got(ROSA, "¿me lees?"),
        2,
        "it was sent once more, and no more"
    );
    assert_eq!(
        world.ours(ROSA, "¿me lees?").await.len(),
        1,
        "what the gateway goes on listing does not come back beside it"
    );
    assert_eq!(
        world.refused("message_retry", args).await,
        ErrorCode::StateChanged,
        "what has arrived is not sent again"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_message_that_was_taken_and_given_up_can_be_taken_back_and_stays_away() {
    let mut world = with_slow_messages().await;
    let failed = sent_and_given_up(&mut world, "ya no", "g-1").await;

    world
        .run("message_discard", json!({ "messageId": failed["id"] }))
        .await;

    deaf(&world, false);
    world.pass(Duration::from_secs(300)).await;
    assert_eq!(world.ours(ROSA, "ya no").await.len(), 0, "it does not come back");
    world.finish().await;
}

#[tokio::test]
async fn a_message_of_the_phone_that_was_given_up_offers_nothing_that_cannot_be_done() {
    let mut world = World::linked().await;
    let written = json!({
        "id": "phone-1", "from_me": true, "type": "text", "chat_id": format!("{ROSA}@s.whatsapp.net"),
        "timestamp": world.clock.now().seconds(), "source": "mobile", "text": { "body": "desde el teléfono" },
    });
    tell(
        &world,
        json!({ "messages": [written], "event": { "type": "messages", "event": "post" } }),
    )
    .await;

    given_up(&world, "phone-1", Duration::from_secs(1)).await;

    world.until_status(ROSA, "desde el teléfono", "failed").await;
    let row = world.ours(ROSA, "desde el teléfono").await.remove(0);
    assert_eq!(row["needsOperator"], false, "there is nothing to decide here");
    assert_eq!(
        world
            .refused("message_retry", json!({ "messageId": row["id"] }))
            .await,
        ErrorCode::NotFound,
        "nobody here knows how it was sent"
    );
    world.finish().await;
}
