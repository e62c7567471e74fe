//! The truth about a device: what a passing trouble says, what a restriction is, what a clock that jumps must not do.

use std::time::Duration;

use mostrador_engine::clock::Clock;
use mostrador_sandbox::{Fault, FaultKind, WebhookTemper};
use serde_json::json;

use crate::world::{ROSA, World};

/// Another customer whom the sandbox knows.
const MATEO: &str = "51900000012";
const DAY: Duration = Duration::from_secs(24 * 3_600);

pub(crate) fn refusing(method: &str, path: &str, code: u16, times: u32) -> Fault {
    let kind = FaultKind::Status {
        code,
        body: None,
        headers: std::collections::BTreeMap::new(),
    };
    Fault {
        times,
        ..Fault::once(method, path, kind)
    }
}

pub(crate) async fn state(world: &World) -> String {
    let device = world.device().await;
    device["state"]["kind"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_token_that_worked_is_not_given_up_for_one_refusal() {
    let mut world = World::linked().await;
    world.sandbox.set_fault(refusing("GET", "/health", 401, 1));
    world
        .until("the gateway has refused once", async |world| {
            world.sandbox.waiting_faults() == 0
        })
        .await;
    world.until_online().await;
    world.send(ROSA, "seguimos aquí", "t-1").await;
    world.until_status(ROSA, "seguimos aquí", "delivered").await;
    world.finish().await;
}

#[tokio::test]
async fn a_token_that_is_refused_again_and_again_is_asked_for() {
    let mut world = World::linked().await;
    world.sandbox.set_fault(refusing("GET", "/health", 401, 1_000));
    world
        .until("a token is asked for", async |world| {
            state(world).await == "unconfigured"
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_restriction_outlives_being_linked_and_messages_still_come_in() {
    let mut world = restricted().await;
    world.pass(Duration::from_secs(600)).await;
    assert_eq!(
        state(&world).await,
        "restricted",
        "the gateway says linked all the while"
    );
    world.sandbox.write_as(ROSA, "¿están ahí?").expect("she writes");
    world
        .until("her message is here", async |world| {
            let said = world.messages_of(ROSA).await;
            said.iter()
                .any(|message| message["body"]["text"] == "¿están ahí?")
        })
        .await;
    assert_eq!(state(&world).await, "restricted", "still");
    assert_eq!(world.got(ROSA, "todavía no"), 0, "the message waits");
    // An hour at once: nothing is told of its end.
    world.leap(Duration::from_secs(3_600));
    world.until_status(ROSA, "todavía no", "delivered").await;
    assert_eq!(
        world.got(ROSA, "todavía no"),
        1,
        "and goes once, when the time is over"
    );
    world.finish().await;
}

/// A number that WhatsApp has just restricted, for nobody knows how long.
pub(crate) async fn restricted() -> World {
    let mut world = World::linked().await;
    world
        .sandbox
        .set_fault(refusing("POST", "/messages/text", 463, 1));
    world.send(ROSA, "todavía no", "t-4").await;
    world
        .until("the restriction shows", async |world| {
            state(world).await == "restricted"
        })
        .await;
    world
}

#[tokio::test]
async fn a_restriction_ends_in_time_though_the_clock_is_set_back_a_day() {
    let mut world = restricted().await;

    world.clock.set(world.clock.now().before(DAY));
    world.pass(Duration::from_secs(600)).await;

    assert_eq!(state(&world).await, "restricted", "an hour has not passed");
    world.leap(Duration::from_secs(3_600));
    world.until_online().await;
    world.finish().await;
}

#[tokio::test]
async fn a_restriction_ends_in_time_though_the_clock_is_set_back_while_the_program_is_closed() {
    let mut world = restricted().await;

    let clock = world.clock.clone();
    world
        .restart_after(async |_| clock.set(clock.now().before(DAY)))
        .await;
    world
        .until("it is restricted as before", async |world| {
            state(world).await == "restricted"
        })
        .await;
    world.pass(Duration::from_secs(600)).await;

    assert_eq!(state(&world).await, "restricted", "an hour has not passed");
    world.leap(Duration::from_secs(3_600));
    world.until_online().await;
    world.finish().await;
}

#[tokio::test]
async fn a_chat_at_which_the_gateway_stumbles_does_not_hold_up_the_first_sync() {
    let mut world = World::new().await;
    let chat = format!("/messages/list/{ROSA}");
    world.sandbox.set_fault(refusing("GET", &chat, 500, 1_000));
    world.link().await;
    let chats = world.chats().await;
    let with_words = chats.iter().filter(|chat| !chat["last"].is_null()).count();
    assert!(
        with_words > 1,
        "the other chats are here with what was said: {with_words}"
    );
    world.sandbox.clear_faults();
    world.finish().await;
}

#[tokio::test]
async fn a_clock_that_is_set_back_a_day_holds_no_message_back() {
    let mut world = World::linked().await;
    world
        .sandbox
        .set_fault(refusing("POST", "/messages/text", 429, 1));
    world.send(ROSA, "antes del cambio", "t-3").await;
    world
        .until("the gateway has asked for a pause", async |world| {
            world.sandbox.waiting_faults() == 0
        })
        .await;
    world.clock.set(world.clock.now().before(DAY));
    let began = world.clock.elapsed();
    world.until_status(ROSA, "antes del cambio", "delivered").await;
    assert_eq!(world.got(ROSA, "antes del cambio"), 1, "once");
    let took = world.clock.elapsed().saturating_sub(began);
    assert!(took < Duration::from_secs(3_600), "not a day later: {took:?}");
    world.finish().await;
}

/// What is wished of Rosa's chat cannot be told yet, and the clock is set back a day.
async fn wished_and_set_back() -> World {
    let mut world = World::linked().await;
    world.sandbox.set_fault(refusing("POST", "/chats/", 503, 100));
    let chat = world.chat_of(ROSA).await["id"].clone();
    let wish = json!({ "chatId": chat, "change": { "kind": "archived", "on": true } });
    world.run("chat_change", wish).await;
    world
        .until("it waits for another try", async |world| {
            let tries = "SELECT max(attempts) FROM chat_wish";
            let store = world.shop.engine().store();
            let tries = store.read(move |connection| {
                Ok(connection.query_row(tries, [], |row| row.get::<_, Option<u32>>(0))?)
            });
            tries.await.expect("the store answers") >= Some(2)
        })
        .await;
    world.sandbox.clear_faults();
    world.clock.set(world.clock.now().before(DAY));
    world
}

fn is_archived_on_the_phone(world: &World) -> bool {
    let jid = format!("{ROSA}@s.whatsapp.net");
    world.sandbox.on(0).expect("a device").is_archived(&jid)
}

#[tokio::test]
async fn a_clock_that_is_set_back_a_day_holds_nothing_back_that_is_wished_of_a_chat() {
    let mut world = wished_and_set_back().await;
    world.pass(Duration::from_secs(900)).await;
    assert!(is_archived_on_the_phone(&world), "it is told within minutes");
    world.finish().await;
}

#[tokio::test]
async fn what_is_wished_of_a_chat_is_told_after_a_restart_though_the_clock_was_set_back_a_day() {
    let mut world = wished_and_set_back().await;
    world.restart().await;
    world.until_online().await;
    world.pass(Duration::from_secs(900)).await;
    assert!(is_archived_on_the_phone(&world), "it is told within minutes");
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_that_stops_calling_is_deaf_and_nothing_is_lost() {
    let mut world = World::linked().await;
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });
    world.sandbox.write_as(ROSA, "¿hay alguien?").expect("she writes");
    world
        .until("it is told", async |world| {
            let device = world.device().await;
            device["state"]["kind"] == "degraded" && device["state"]["why"] == "deaf"
        })
        .await;
    let said = world.messages_of(ROSA).await;
    assert!(
        said.iter()
            .any(|message| message["body"]["text"] == "¿hay alguien?"),
        "asking has brought it"
    );
    world.send(ROSA, "sí, aquí", "d-1").await;
    world.until_status(ROSA, "sí, aquí", "delivered").await;
    assert_eq!(world.got(ROSA, "sí, aquí"), 1, "messages leave all the same");

    world.sandbox.set_webhook_temper(WebhookTemper::default());
    world.sandbox.write_as(ROSA, "gracias").expect("she writes");
    world.until_online().await;
    world.finish().await;
}

/// Rosa opens what the shop has written to her so long after it came, and nobody calls to tell.
async fn is_read_though_nobody_tells(since: Duration) {
    let mut world = World::linked().await;
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });
    world.send(ROSA, "ya está listo", "r-1").await;
    world.until_status(ROSA, "ya está listo", "delivered").await;
    world.leap(since);
    // Something newer is seen: what is asked for lies behind that.
    world
        .sandbox
        .write_as(MATEO, "¿hasta qué hora?")
        .expect("Mateo writes");
    world
        .until("it is known that nobody calls", async |world| {
            let said = world.messages_of(MATEO).await;
            let is_here = said.iter().any(|row| row["body"]["text"] == "¿hasta qué hora?");
            is_here && world.device().await["state"]["why"] == "deaf"
        })
        .await;

    world.sandbox.read_as(ROSA).expect("Rosa opens the chat");
    // At most a day.
    world.leap(Duration::from_secs(24 * 3_600));
    world.until_status(ROSA, "ya está listo", "read").await;
    world.finish().await;
}

#[tokio::test]
async fn what_is_read_hours_later_is_shown_as_read_though_the_gateway_does_not_call() {
    is_read_though_nobody_tells(Duration::from_secs(3 * 3_600)).await;
}

#[tokio::test]
async fn what_is_read_days_later_is_shown_as_read_though_the_gateway_does_not_call() {
    is_read_though_nobody_tells(Duration::from_secs(54 * 3_600)).await;
}

/// When something last came in, when something of ours was last acknowledged, and since when it is deaf.
async fn signs(world: &World) -> [Option<i64>; 3] {
    let device = world.device().await;
    [
        device["lastEventAt"].as_i64(),
        device["lastAckAt"].as_i64(),
        device["state"]["since"].as_i64(),
    ]
}

#[tokio::test]
async fn a_device_says_when_it_was_last_heard_acknowledged_and_since_when_it_is_deaf() {
    let mut world = World::linked().await;
    let [_, acknowledged, _] = signs(&world).await;
    assert_eq!(acknowledged, None, "nothing was sent yet");

    world.pass(Duration::from_secs(60)).await;
    let before = world.clock.now().0;
    world.sandbox.write_as(ROSA, "¿me oyen?").expect("she writes");
    world
        .until("it was heard", async |world| {
            signs(world).await[0] >= Some(before)
        })
        .await;
    let [heard, acknowledged, _] = signs(&world).await;
    assert!(heard <= Some(world.clock.now().0), "by our own clock");
    assert_eq!(acknowledged, None, "hearing is no acknowledgement");

    world.pass(Duration::from_secs(60)).await;
    let before = world.clock.now().0;
    world.send(ROSA, "te oímos", "s-1").await;
    world.until_status(ROSA, "te oímos", "delivered").await;
    let [_, acknowledged, _] = signs(&world).await;
    assert!(acknowledged >= Some(before), "it was taken: {acknowledged:?}");
    assert!(acknowledged <= Some(world.clock.now().0), "by our own clock");

    // A send that nobody takes acknowledges nothing.
    world
        .sandbox
        .set_fault(refusing("POST", "/messages/text", 400, 1));
    world.pass(Duration::from_secs(60)).await;
    world.send(ROSA, "esto no", "s-2").await;
    world.until_status(ROSA, "esto no", "failed").await;
    assert_eq!(signs(&world).await[1], acknowledged, "a refusal is none");

    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });
    let before = world.clock.now().0;
    world.sandbox.write_as(ROSA, "¿y ahora?").expect("she writes");
    world
        .until("it is told", async |world| {
            world.device().await["state"]["why"] == "deaf"
        })
        .await;
    let [_, _, since] = signs(&world).await;
    // The gateway's time, in whole seconds, and its clock may be a little ahead.
    let (from, until) = (before - 60_000, world.clock.now().0 + 60_000);
    assert!(
        since.is_some_and(|since| (from..=until).contains(&since)),
        "since that message: {since:?} is in {from}..={until}"
    );
    world.pass(Duration::from_secs(600)).await;
    assert_eq!(signs(&world).await[2], since, "the first moment stays");
    world.restart().await;
    world.until_online().await;
    world.sandbox.write_as(ROSA, "¿y hoy?").expect("she writes");
    world
        .until("it is told again", async |world| {
            world.device().await["state"]["why"] == "deaf"
        })
        .await;
    assert_eq!(signs(&world).await[2], since, "a restart does not forget it");
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_that_is_deaf_stays_so_though_another_trouble_comes_and_goes() {
    let mut world = World::linked().await;
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });
    world.sandbox.write_as(ROSA, "¿me oyen?").expect("she writes");
    let is_deaf = async |world: &World| world.device().await["state"]["why"] == "deaf";
    world.until("it is told", is_deaf).await;
    let [_, _, since] = signs(&world).await;

    // All the while a list is on its way.
    let slow = FaultKind::DelayMs(3_000);
    world
        .sandbox
        .set_fault(Fault::once("GET", "/messages/list", slow));
    world
        .until("it is asked for", async |world| {
            world.sandbox.waiting_faults() == 0
        })
        .await;
    world
        .sandbox
        .set_fault(refusing("POST", "/messages/text", 429, 1));
    world.send(ROSA, "sí, aquí", "d-2").await;
    world
        .until("the gateway asks to slow down", async |world| {
            world.device().await["state"]["why"] == "rate_limited"
        })
        .await;

    world.until("it is deaf all the same", is_deaf).await;
    assert_eq!(signs(&world).await[2], since, "since that message of hers");
    world.sandbox.set_webhook_temper(WebhookTemper::default());
    world.sandbox.write_as(ROSA, "gracias").expect("she writes");
    world.until_online().await;
    world.finish().await;
}

#[tokio::test]
async fn a_computer_that_slept_gets_what_came_meanwhile_once_and_unread() {
    let mut world = World::linked().await;
    let before = world.chat_of(ROSA).await["unread"].as_u64().expect("a count");
    // Asleep: the gateway's calls reach nobody, and the time passes unseen.
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });
    let asleep = ["¿siguen abiertos?", "¿a qué hora abren mañana?"];
    for text in asleep {
        world.sandbox.write_as(ROSA, text).expect("she writes");
        world.leap(Duration::from_secs(4 * 3_600));
    }
    world.sandbox.set_webhook_temper(WebhookTemper::default());
    world
        .until("both are here", async |world| {
            let said = world.messages_of(ROSA).await;
            asleep
                .iter()
                .all(|text| said.iter().any(|message| message["body"]["text"] == *text))
        })
        .await;
    world.pass(Duration::from_secs(1_800)).await;
    let said = world.messages_of(ROSA).await;
    for text in asleep {
        let times = said
            .iter()
            .filter(|message| message["body"]["text"] == text)
            .count();
        assert_eq!(times, 1, "asking again brings nothing twice");
    }
    let unread = world.chat_of(ROSA).await["unread"].as_u64().expect("a count");
    assert_eq!(unread, before + 2, "nobody has seen them");
    world.finish().await;
}

#[tokio::test]
async fn on_a_computer_whose_clock_is_hours_wrong_words_stand_in_the_order_in_which_they_were_said() {
    const HOURS: Duration = Duration::from_secs(5 * 3_600);
    for is_ahead in [true, false] {
        let mut world = World::linked().await;
        world.sandbox.write_as(ROSA, "¿hay torta?").expect("Rosa writes");
        world
            .until("it is here", async |world| {
                last_words(world).await == "¿hay torta?"
            })
            .await;
        let now = world.clock.now();
        let wrong = if is_ahead {
            now.after(HOURS)
        } else {
            now.before(HOURS)
        };
        world.clock.set(wrong);
        // The gateway is asked every minute, and says what time it is.
        world.pass(Duration::from_secs(120)).await;

        world.send(ROSA, "sí, de chocolate", "w-1").await;
        world.until_status(ROSA, "sí, de chocolate", "delivered").await;
        world.sandbox.write_as(ROSA, "voy por ella").expect("Rosa writes");
        world
            .until("the list shows what she said last", async |world| {
                last_words(world).await == "voy por ella"
            })
            .await;

        let said: Vec<String> = world
            .messages_of(ROSA)
            .await
            .iter()
            .map(|row| row["body"]["text"].as_str().unwrap_or_default().to_owned())
            .collect();
        assert_eq!(
            said[said.len() - 3..],
            ["¿hay torta?", "sí, de chocolate", "voy por ella"],
            "our clock is ahead: {is_ahead}"
        );
        world.finish().await;
    }
}

/// What the list shows of Rosa's chat.
async fn last_words(world: &World) -> String {
    let chat = world.chat_of(ROSA).await;
    chat["last"]["body"]["text"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn a_gateway_that_cannot_be_read_is_shown_so_until_it_can_and_messages_leave_all_the_while() {
    let mut world = World::linked().await;
    world
        .sandbox
        .set_fault(refusing("GET", "/messages/list", 503, 10_000));
    world
        .until("it is shown", async |world| state(world).await == "degraded")
        .await;
    let began = signs(&world).await[2];
    world.send(ROSA, "sale igual", "n-1").await;
    for _ in 0..60 {
        world.pass(Duration::from_secs(5)).await;
        assert_eq!(state(&world).await, "degraded", "it still cannot be read");
    }
    assert_eq!(signs(&world).await[2], began, "since then");
    assert_eq!(world.got(ROSA, "sale igual"), 1, "it takes messages all the same");
    world.sandbox.clear_faults();
    world.until_online().await;
    world.finish().await;
}
