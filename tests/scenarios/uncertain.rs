//! Messages that may or may not have gone: never lost, never sent twice. Judged by the ledger.

use std::time::Duration;

use mostrador_domain::UnixMillis;
use mostrador_engine::clock::Clock;
use mostrador_sandbox::{Fault, FaultKind, WebhookTemper};
use serde_json::json;

use crate::bad_input::hook;
use crate::dialects;
use crate::world::{ROSA, World};

pub(crate) fn fault(method: &str, path: &str, times: u32, kind: FaultKind) -> Fault {
    Fault {
        method: Some(method.into()),
        path_prefix: Some(path.into()),
        times,
        kind,
    }
}

async fn ends_delivered_once(kind: FaultKind, text: &'static str) {
    let mut world = World::linked().await;
    world.sandbox.set_fault(fault("POST", "/messages/text", 1, kind));

    world.send(ROSA, text, "u-1").await;
    world.until_status(ROSA, text, "delivered").await;
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(world.got(ROSA, text), 1, "Rosa got it exactly once");
    assert_eq!(world.ours(ROSA, text).await.len(), 1, "and it shows once here");
    world.finish().await;
}

#[tokio::test]
async fn cut_after_the_effect_it_is_found_and_not_sent_again() {
    ends_delivered_once(FaultKind::CutAfterEffect, "llegó pero no lo dijo").await;
}

#[tokio::test]
async fn cut_before_the_effect_it_is_proven_absent_and_sent() {
    ends_delivered_once(FaultKind::CutBeforeEffect, "no llegó y no lo dijo").await;
}

#[tokio::test]
async fn a_500_is_looked_into_before_anything_is_sent_again() {
    let kind = FaultKind::Status {
        code: 500,
        body: None,
        headers: Default::default(),
    };
    ends_delivered_once(kind, "quinientos").await;
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_looked_into() {
    ends_delivered_once(FaultKind::MalformedBody, "respuesta ilegible").await;
    ends_delivered_once(FaultKind::TruncatedBody, "respuesta cortada").await;
}

#[tokio::test]
async fn the_same_words_twice_stay_two_messages() {
    let mut world = World::linked().await;
    world
        .sandbox
        .set_fault(fault("POST", "/messages/text", 1, FaultKind::CutAfterEffect));

    world.send(ROSA, "ok", "two-1").await;
    world.send(ROSA, "ok", "two-2").await;
    world
        .until("both are delivered", async |world| {
            let ours = world.ours(ROSA, "ok").await;
            ours.iter().filter(|row| row["status"] == "delivered").count() == 2
        })
        .await;
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(world.got(ROSA, "ok"), 2, "two were written, two arrived");
    world.finish().await;
}

/// A world in which `text` did not go, nobody said so, and the history cannot be had: a person is asked.
async fn with_a_message_for_a_person(text: &'static str) -> (World, serde_json::Value) {
    let mut world = World::linked().await;
    world
        .sandbox
        .set_fault(fault("POST", "/messages/text", 1, FaultKind::CutBeforeEffect));
    let refused = FaultKind::Status {
        code: 500,
        body: None,
        headers: Default::default(),
    };
    world
        .sandbox
        .set_fault(fault("GET", "/messages/list/", 1_000, refused));

    let message = world.send(ROSA, text, "op-1").await;
    world
        .until("a person is asked", async |world| {
            world
                .ours(ROSA, text)
                .await
                .first()
                .is_some_and(|row| row["needsOperator"] == true)
        })
        .await;
    (world, message)
}

#[tokio::test]
async fn what_cannot_be_looked_up_is_for_a_person_to_decide() {
    let (mut world, message) = with_a_message_for_a_person("¿salió?").await;
    let waited = world
        .clock
        .now()
        .since(UnixMillis(message["at"].as_i64().expect("a time")));
    assert!(
        waited >= Duration::from_secs(600) && waited < Duration::from_secs(800),
        "a gateway that is started anew takes minutes; a person is asked after {waited:?}"
    );

    world.pass(Duration::from_secs(600)).await;
    assert_eq!(world.got(ROSA, "¿salió?"), 0, "nothing is sent on a guess");
    world.sandbox.clear_faults();
    world
        .run(
            "message_resolve",
            json!({ "messageId": message["id"], "outcome": "it_did_not" }),
        )
        .await;
    world.until_status(ROSA, "¿salió?", "delivered").await;
    assert_eq!(
        world.got(ROSA, "¿salió?"),
        1,
        "it went once, when a person said so"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_person_can_say_that_it_went() {
    let (mut world, message) = with_a_message_for_a_person("ya la vi").await;

    let resolved = world
        .run(
            "message_resolve",
            json!({ "messageId": message["id"], "outcome": "it_went" }),
        )
        .await;
    assert_eq!(resolved["status"], "sent", "the person has seen it");
    world.sandbox.clear_faults();
    world.pass(Duration::from_secs(600)).await;
    assert_eq!(world.got(ROSA, "ya la vi"), 0, "it is not sent again");
    world.finish().await;
}

#[tokio::test]
async fn a_clock_that_is_wrong_sends_nothing_twice() {
    for (wrong_by, text) in [
        (Duration::from_secs(120), "reloj adelantado"),
        (Duration::from_secs(7_200), "otra hora"),
    ] {
        let mut world = World::linked().await;
        world.clock.advance(wrong_by);
        world
            .sandbox
            .set_fault(fault("POST", "/messages/text", 1, FaultKind::CutAfterEffect));

        world.send(ROSA, text, "w-1").await;
        world
            .until("a person is asked", async |world| {
                world
                    .ours(ROSA, text)
                    .await
                    .iter()
                    .any(|row| row["needsOperator"] == true)
            })
            .await;
        world.pass(Duration::from_secs(600)).await;
        assert_eq!(
            world.got(ROSA, text),
            1,
            "what looks like it is in the chat: it may be it"
        );
        world.finish().await;
    }
}

/// A gateway with a history, what its device is asked to send, and a time after which such a call may be at work still.
const AT_WORK: [(&str, &str, Duration); 3] = [
    (
        "evolution",
        "/dialects/evolution/message/sendText/",
        Duration::from_secs(150),
    ),
    ("qr_buho", "/dialects/qr_buho/api/send/", Duration::from_secs(150)),
    ("whapi", "/messages/text", Duration::from_secs(45)),
];

/// What Rosa is sent is under way, and takes effect only after this program has been left.
async fn sent_late(world: &mut World, path: &str, text: &str) {
    world.expect_warning("were in flight when the last session ended");
    world
        .sandbox
        .set_fault(fault("POST", path, 1, FaultKind::LateEffectMs(8_000)));
    write_to(world, ROSA, text).await;
    world
        .until("it is under way", async |world| {
            world.sandbox.waiting_faults() == 0
        })
        .await;
}

/// It was looked for once, or is found already. Time passes slowly until then: no more of it than that takes.
async fn until_looked_for(world: &mut World) {
    let sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE state = 'done' OR looks > 0)";
    let looked = async |world: &World| {
        let store = world.shop.engine().store();
        let looked = store.read(move |connection| Ok(connection.query_row(sql, [], |row| row.get(0))?));
        looked.await.expect("the store answers")
    };
    let soon = async |world: &World| Some(world.clock.now().after(Duration::from_millis(200)));
    world.until_by_turns("it was looked for", looked, soon).await;
}

/// Has Rosa been sent anything, or is she within so much real time?
async fn goes_within(world: &World, time: Duration) -> bool {
    let went = world
        .sandbox
        .wait_until(time, |sandbox| !sandbox.ledger_of(ROSA).is_empty());
    went.await
}

/// How often it was tried to send what was tried most often.
async fn attempts(world: &World) -> u32 {
    let store = world.shop.engine().store();
    let most = store.read(|connection| {
        Ok(connection.query_row("SELECT max(attempts) FROM outbox", [], |row| row.get(0))?)
    });
    most.await.expect("the store answers")
}

/// It takes effect, is found, and does not go again.
async fn is_found_and_not_sent_again(world: &mut World, text: &'static str) {
    // What is looked for now, and sent again now, has a second of real time for it.
    goes_within(world, Duration::from_secs(1)).await;
    assert_eq!(
        attempts(world).await,
        1,
        "«{text}»: the call that we left may still be at work"
    );
    assert!(
        goes_within(world, Duration::from_secs(20)).await,
        "«{text}» was at work"
    );
    world.until_status(ROSA, text, "delivered").await;
    world.pass(Duration::from_secs(300)).await;
    assert_eq!(world.got(ROSA, text), 1, "«{text}» was found and not sent again");
}

#[tokio::test]
async fn what_takes_effect_after_we_left_is_not_sent_again() {
    for (gateway, path, at_work) in AT_WORK {
        let mut world = dialects::linked_at(gateway).await;
        world.sandbox.write_as(ROSA, "¿hay torta?").expect("Rosa writes");
        world
            .until("it is here", async |world| !world.chats().await.is_empty())
            .await;
        let began = world.clock.now();
        sent_late(&mut world, path, gateway).await;

        let args = json!({ "deviceId": world.device().await["id"], "token": world.sandbox.token(), "remember": true });
        world.run("device_token_set", args).await;
        until_looked_for(&mut world).await;
        let left = began.after(at_work).since(world.clock.now());
        world.pass(left).await;

        is_found_and_not_sent_again(&mut world, gateway).await;
        world.finish().await;
    }
}

#[tokio::test]
async fn a_clock_that_is_put_forward_while_a_message_is_looked_for_proves_nothing() {
    let mut world = World::linked().await;
    sent_late(&mut world, "/messages/text", "reloj corregido").await;
    world.restart().await;
    until_looked_for(&mut world).await;

    // The network's time has come: it is an hour later than this computer thought.
    world
        .clock
        .set(world.clock.now().after(Duration::from_secs(3_600)));
    world.pass(Duration::from_secs(12)).await;

    is_found_and_not_sent_again(&mut world, "reloj corregido").await;
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_that_has_forgotten_the_chat_proves_nothing() {
    let mut world = World::linked().await;
    world
        .sandbox
        .set_fault(fault("POST", "/messages/text", 1, FaultKind::CutAfterEffect));
    let unknown = FaultKind::Status {
        code: 404,
        body: None,
        headers: Default::default(),
    };
    world
        .sandbox
        .set_fault(fault("GET", "/messages/list/", 1_000, unknown));
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });

    world.send(ROSA, "sí llegó", "gone-1").await;
    world.pass(Duration::from_secs(50)).await;
    world.sandbox.clear_faults();
    world.until_status(ROSA, "sí llegó", "delivered").await;
    world.pass(Duration::from_secs(200)).await;
    assert_eq!(
        world.got(ROSA, "sí llegó"),
        1,
        "an empty list of a chat full of messages is no proof"
    );
    world.finish().await;
}

/// A number and a hidden number are told to be one person's.
async fn one_person(world: &World, number: &str, lid: &str) {
    let told = json!({ "lids": { number: { "lid": format!("{lid}@lid") } }, "event": { "type": "lids", "event": "post" } });
    let (url, headers) = hook(world).await;
    let call = reqwest::Client::new().post(url).headers(headers).json(&told);
    let told = call.send().await.expect("an answer");
    assert!(told.status().is_success(), "taken in: {}", told.status());
}

#[tokio::test]
async fn what_the_gateway_lists_under_the_hidden_number_is_found_there_and_not_sent_again() {
    let mut world = World::linked().await;
    let phone = world.sandbox.on(0).expect("the shop's device");
    let rosa = phone.customers().into_iter().find(|one| one.number == ROSA);
    let lid = rosa.expect("Rosa exists").lid;
    one_person(&world, ROSA, &lid).await;
    phone
        .hide_number_of(ROSA, true)
        .expect("from now on she is listed by it");
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });
    // What of all chats is listed shows nothing new: the chat alone can be looked through.
    let as_it_is = fault("GET", "/messages/list/", u32::MAX, FaultKind::DelayMs(0));
    let nothing = FaultKind::Status {
        code: 200,
        body: Some(json!({ "messages": [], "count": 0, "total": 0 })),
        headers: Default::default(),
    };
    world.sandbox.set_fault(as_it_is);
    world
        .sandbox
        .set_fault(fault("GET", "/messages/list", u32::MAX, nothing));
    world
        .sandbox
        .set_fault(fault("POST", "/messages/text", 1, FaultKind::CutAfterEffect));

    world.send(ROSA, "llegó a su otro nombre", "lid-1").await;
    world
        .until("it was found, or goes again", async |world| {
            let ours = world.ours(ROSA, "llegó a su otro nombre").await;
            let is_found = |row: &serde_json::Value| row["status"] == "sent" || row["status"] == "delivered";
            world.got(ROSA, "llegó a su otro nombre") > 1 || ours.iter().any(is_found)
        })
        .await;
    world.pass(Duration::from_secs(300)).await;

    assert_eq!(
        world.got(ROSA, "llegó a su otro nombre"),
        1,
        "her chat by the number shows nothing, but that is not all that is hers"
    );
    let ours = world.ours(ROSA, "llegó a su otro nombre").await;
    assert_eq!(ours.len(), 1, "and it shows once here");
    assert!(
        ours[0]["status"] == "sent" || ours[0]["status"] == "delivered",
        "it was found: {}",
        ours[0]["status"]
    );
    world.finish().await;
}

/// Somebody on WhatsApp who has never written.
pub(crate) const STRANGER: &str = "51900000077";

/// A gateway, what its device is asked to send, and where its history is.
const ELSEWHERE: [(&str, &str, &str); 2] = [
    (
        "qr_buho",
        "/dialects/qr_buho/api/send/",
        "/dialects/qr_buho/chat/message/find",
    ),
    (
        "evolution",
        "/dialects/evolution/message/sendText/",
        "/dialects/evolution/chat/findMessages/",
    ),
];

pub(crate) async fn write_to(world: &World, number: &str, text: &str) {
    let args =
        json!({ "deviceId": world.device().await["id"], "number": format!("+{number}"), "unchecked": true });
    let chat = world.run("chat_start", args).await["chatId"].clone();
    let args = json!({ "chatId": chat, "clientId": number, "text": text, "mediaId": null });
    world.run("message_send", args).await;
}

#[tokio::test]
async fn at_each_gateway_with_a_history_what_went_without_an_answer_is_found_also_with_somebody_new() {
    for (gateway, send, _) in ELSEWHERE {
        let mut world = dialects::linked_at(gateway).await;
        world.sandbox.write_as(ROSA, "¿hay torta?").expect("Rosa writes");
        world
            .until("it is here", async |world| !world.chats().await.is_empty())
            .await;
        for (number, text) in [(ROSA, "llegó"), (STRANGER, "llegó también")] {
            world
                .sandbox
                .set_fault(fault("POST", send, 1, FaultKind::CutAfterEffect));
            write_to(&world, number, text).await;
            world.until_status(number, text, "delivered").await;
            world.pass(Duration::from_secs(300)).await;
            assert_eq!(world.got(number, text), 1, "{gateway}: exactly once");
            assert_eq!(
                world.ours(number, text).await.len(),
                1,
                "{gateway}: and it shows once"
            );
        }
        world.finish().await;
    }
}

#[tokio::test]
async fn a_history_that_is_not_there_proves_nothing_and_a_person_is_asked() {
    let mut world = dialects::linked_at("qr_buho").await;
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });
    let none = FaultKind::Status {
        code: 404,
        body: None,
        headers: Default::default(),
    };
    let [(_, send, history), _] = ELSEWHERE;
    world
        .sandbox
        .set_fault(fault("POST", send, 1, FaultKind::CutAfterEffect));
    write_to(&world, STRANGER, "¿llegó?").await;
    // Before anybody has looked.
    world.sandbox.set_fault(fault("POST", history, u32::MAX, none));
    world
        .until("a person is asked", async |world| {
            let ours = world.ours(STRANGER, "¿llegó?").await;
            ours.first().is_some_and(|row| row["needsOperator"] == true)
        })
        .await;
    world.pass(Duration::from_secs(600)).await;
    assert_eq!(world.got(STRANGER, "¿llegó?"), 1, "never a second time");
    world.finish().await;
}

/// The words of this person's of `n` messages, as the gateway lists them: written some seconds from now on.
fn written_later(world: &World, customer: &str, n: u32) -> FaultKind {
    let later = world.clock.now().after(Duration::from_secs(2)).0 / 1_000;
    let messages: Vec<_> = (0..n)
        .map(|nth| {
            json!({
                "id": format!("later-{nth}"), "type": "text", "from_me": false, "source": "mobile", "timestamp": later,
                "chat_id": format!("{customer}@s.whatsapp.net"), "from": customer, "text": { "body": "¿sigue ahí?" },
            })
        })
        .collect();
    FaultKind::Status {
        code: 200,
        body: Some(json!({ "count": n, "total": n, "messages": messages })),
        headers: Default::default(),
    }
}

pub(crate) fn deaf(deaf: bool) -> WebhookTemper {
    WebhookTemper {
        deaf,
        ..WebhookTemper::default()
    }
}

/// What went once, and may be thought not to have gone, is left to a person.
pub(crate) async fn is_asked_about(world: &mut World, customer: &'static str, text: &'static str) {
    world
        .until("a person is asked, or it goes again", async |world| {
            let ours = world.ours(customer, text).await;
            world.got(customer, text) > 1 || ours.iter().any(|row| row["needsOperator"] == true)
        })
        .await;
    world.pass(Duration::from_secs(200)).await;
    assert_eq!(world.got(customer, text), 1, "«{text}» is never sent again");
}

#[tokio::test]
async fn a_gateway_that_remembers_only_what_came_after_proves_nothing() {
    let mut world = World::linked().await;
    world.sandbox.set_webhook_temper(deaf(true));
    // Its memory has begun anew: of all there was it lists what Rosa writes from now on.
    let only_this = written_later(&world, ROSA, 1);
    world
        .sandbox
        .set_fault(fault("GET", "/messages/list", 10_000, only_this));
    world
        .sandbox
        .set_fault(fault("POST", "/messages/text", 1, FaultKind::CutAfterEffect));

    world.send(ROSA, "sí que llegó", "new-memory").await;
    // A list that ends before the message was sent says nothing of it.
    is_asked_about(&mut world, ROSA, "sí que llegó").await;
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_that_remembers_only_the_answer_of_somebody_new_proves_nothing() {
    let mut world = World::linked().await;
    world.sandbox.set_webhook_temper(deaf(true));
    let only_this = written_later(&world, STRANGER, 1);
    world
        .sandbox
        .set_fault(fault("GET", "/messages/list", 10_000, only_this));
    world
        .sandbox
        .set_fault(fault("POST", "/messages/text", 1, FaultKind::CutAfterEffect));

    write_to(&world, STRANGER, "primera vez").await;
    is_asked_about(&mut world, STRANGER, "primera vez").await;
    world.finish().await;
}

#[tokio::test]
async fn a_full_page_of_what_came_after_proves_nothing_of_somebody_new() {
    let mut world = World::linked().await;
    world.sandbox.set_webhook_temper(deaf(true));
    // Its memory has begun anew, and is a whole page by now: of the others alone.
    let page = written_later(&world, ROSA, 100);
    let nothing = written_later(&world, STRANGER, 0);
    for (path, listed) in [("/messages/list/", nothing), ("/messages/list", page)] {
        world.sandbox.set_fault(fault("GET", path, 10_000, listed));
    }
    world
        .sandbox
        .set_fault(fault("POST", "/messages/text", 1, FaultKind::CutAfterEffect));
    world.expect_warning("list does not end");

    write_to(&world, STRANGER, "entre muchos").await;
    is_asked_about(&mut world, STRANGER, "entre muchos").await;
    world.finish().await;
}

#[tokio::test]
async fn what_did_not_go_to_somebody_new_is_sent_however_much_has_come_since() {
    let mut world = World::linked().await;
    world
        .sandbox
        .set_fault(fault("POST", "/messages/text", 1, FaultKind::CutBeforeEffect));
    write_to(&world, STRANGER, "no salió").await;
    world.until_faults_left(0).await;
    // What was there before is on the second page by now.
    for _ in 0..110 {
        world.sandbox.write_as(ROSA, "¿y mi torta?").expect("Rosa writes");
    }

    world.until_status(STRANGER, "no salió", "delivered").await;
    world.pass(Duration::from_secs(200)).await;
    assert_eq!(
        world.got(STRANGER, "no salió"),
        1,
        "a gateway that remembers proves it"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_chat_that_is_deleted_on_the_phone_while_a_message_is_uncertain_proves_nothing() {
    // Rosa's chat is one with words of hers, the other holds what was sent alone.
    for (customer, text) in [(ROSA, "¿la reservo?"), (STRANGER, "¿me recuerda?")] {
        let mut world = World::linked().await;
        world.sandbox.set_webhook_temper(deaf(true));
        let slow = fault(
            "GET",
            "/messages/list",
            u32::MAX,
            FaultKind::Status {
                code: 503,
                body: None,
                headers: Default::default(),
            },
        );
        world.sandbox.set_fault(slow);
        world
            .sandbox
            .set_fault(fault("POST", "/messages/text", 1, FaultKind::CutAfterEffect));
        write_to(&world, customer, text).await;
        world
            .until("it went", async |world| world.got(customer, text) == 1)
            .await;

        world.sandbox.set_webhook_temper(deaf(false));
        let phone = world.sandbox.on(0).expect("the shop has a phone");
        let chat = format!("{customer}@s.whatsapp.net");
        assert!(phone.delete_chat_on_phone(&chat), "the owner deletes it");
        world
            .until("it is told", async |world| {
                let store = world.shop.engine().store();
                let told = store.read(|connection| {
                    let sql = "SELECT EXISTS (SELECT 1 FROM emptied)";
                    Ok(connection.query_row(sql, [], |row| row.get(0))?)
                });
                told.await.expect("the store answers")
            })
            .await;
        world.sandbox.clear_faults();

        is_asked_about(&mut world, customer, text).await;
        world.finish().await;
    }
}
