//! Who does not want to be written to.

use std::time::Duration;

use mostrador_api::ErrorCode;
use mostrador_sandbox::{Attached, WebhookTemper};
use serde_json::{Value, json};

use super::PEOPLE;
use crate::world::World;

async fn opt_outs(world: &World) -> Vec<Value> {
    let all = json!({ "state": null, "after": null, "limit": 50 });
    world
        .run("opt_out_list", all)
        .await
        .as_array()
        .cloned()
        .unwrap_or_default()
}

async fn until_heard(world: &mut World, count: usize) {
    world
        .until("the wish is heard", async |world| {
            opt_outs(world).await.len() == count
        })
        .await;
}

#[tokio::test]
async fn a_wish_is_honoured_between_two_sends() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    world.until_arrived(1).await;
    world.sandbox.write_as(PEOPLE[2], "BAJA").expect("written");
    until_heard(&mut world, 1).await;
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE), [1, 1, 0, 1, 1], "but for them");
    assert_eq!(world.states(id).await[2], "opted_out", "and it says so");
    let wish = &opt_outs(&world).await[0];
    assert_eq!(
        (&wish["state"], &wish["wish"]),
        (&json!("out"), &json!("certain")),
        "in plain words"
    );
    assert_eq!(
        (&wish["text"], &wish["number"]),
        (&json!("BAJA"), &json!(PEOPLE[2])),
        "with the proof"
    );
    let asked = json!({ "campaignId": id, "kind": "opt_out", "open": true, "after": null, "limit": 50 });
    let replies = world.run("campaign_reply_list", asked).await["replies"].clone();
    assert_eq!(
        (&replies[0]["reply"], &replies[0]["optOut"], &replies[0]["sent"]),
        (&json!("BAJA"), &json!("out"), &json!("")),
        "among the campaign's answers: {replies}"
    );
    world.finish().await;
}

#[tokio::test]
async fn what_may_be_a_wish_is_for_a_person_to_decide_and_their_turn_waits_until_then() {
    let mut world = World::linked().await;
    world
        .sandbox
        .write_as(PEOPLE[0], "¿me pueden dar de baja?")
        .expect("written");
    world
        .sandbox
        .write_as(PEOPLE[1], "¿tiene cómo parar el dolor?")
        .expect("written");
    until_heard(&mut world, 1).await;
    let wish = opt_outs(&world).await[0].clone();
    assert_eq!(wish["state"], "asked", "a person decides");
    let id = world.campaign(&PEOPLE[..2]).await;
    let rehearsal = world.run("campaign_rehearse", json!({ "campaignId": id })).await;
    assert_eq!(
        (&rehearsal["sends"], &rehearsal["held"]),
        (&json!(1), &json!(1)),
        "one waits for a person: {rehearsal}"
    );
    world.run("campaign_start", json!({ "campaignId": id })).await;
    world
        .until("it waits for a person", async |world| {
            world.shown(id).await["waits"]["why"] == "decision"
        })
        .await;
    assert_eq!(
        world.each_got(&PEOPLE[..2]),
        [0, 1],
        "a question about pain is no wish"
    );
    assert_eq!(world.shown(id).await["held"], 1, "and it says so");
    let decide = json!({ "optOutId": wish["id"], "state": "not_meant" });
    world.run("opt_out_decide", decide.clone()).await;
    let code = world.refused("opt_out_decide", decide).await;
    assert_eq!(code, ErrorCode::StateChanged, "decided is decided");
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE[..1]), [1], "it was not meant so");
    world.finish().await;
}

#[tokio::test]
async fn what_may_be_a_wish_is_honoured_between_two_sends_and_ends_the_campaign_when_it_was_one() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE[..4]).await;
    world.until_arrived(1).await;
    world
        .sandbox
        .write_as(PEOPLE[3], "¿me pueden dar de baja?")
        .expect("written");
    until_heard(&mut world, 1).await;
    world
        .until("it waits for a person", async |world| {
            world.shown(id).await["waits"]["why"] == "decision"
        })
        .await;
    let wish = opt_outs(&world).await[0].clone();
    let decide = json!({ "optOutId": wish["id"], "state": "out" });
    world.run("opt_out_decide", decide).await;
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE[..4]), [1, 1, 1, 0], "but for them");
    assert_eq!(world.states(id).await[3], "opted_out", "they meant it");
    world.finish().await;
}

#[tokio::test]
async fn whom_the_number_has_blocked_gets_no_campaign_wherever_that_was_done() {
    let mut world = World::linked().await;
    let chat = world.chat_of(PEOPLE[0]).await["id"].clone();
    let block = json!({ "chatId": chat, "blocked": true });
    let about = world.run("chat_block_set", block).await;
    assert_eq!(about["blocked"], "whatsapp", "shown");
    world
        .sandbox
        .write_as(PEOPLE[0], "¿Me bloquearon?")
        .expect("written");
    let id = world.started(&PEOPLE[..2]).await;
    world.until_state(id, "finished").await;
    let rows = world.recipients(id).await;
    assert_eq!(
        (&rows[0]["state"], &rows[0]["reason"]),
        (&json!("skipped"), &json!("blocked")),
        "skipped as such"
    );
    assert_eq!(world.each_got(&PEOPLE[..2]), [0, 1], "the other one got it");
    let messages = world.messages_of(PEOPLE[0]).await;
    let heard = messages
        .iter()
        .any(|row| row["body"]["text"] == "¿Me bloquearon?");
    assert!(!heard, "WhatsApp keeps what they write");
    let lift = json!({ "chatId": chat, "blocked": false });
    assert_eq!(
        world.run("chat_block_set", lift).await["blocked"],
        Value::Null,
        "let in again"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_person_of_the_shop_notes_a_wish_and_takes_it_back() {
    let mut world = World::linked().await;
    let number = format!("+{}", PEOPLE[0]);
    let noted = world.run("opt_out_add", json!({ "number": number })).await;
    assert_eq!(
        (&noted["state"], &noted["wish"]),
        (&json!("out"), &json!("said")),
        "noted"
    );
    let code = world.refused("opt_out_add", json!({ "number": "12" })).await;
    assert_eq!(code, ErrorCode::NumberInvalid, "that is no number");
    for nobodys in ["987654321012", "+999 123 456 789", "Rosa"] {
        let code = world.refused("opt_out_add", json!({ "number": nobodys })).await;
        assert_eq!(
            code,
            ErrorCode::NumberInvalid,
            "{nobodys} would keep nobody from anything"
        );
    }
    let national = PEOPLE[1].strip_prefix("51").expect("a number of Peru");
    let told = world.run("opt_out_add", json!({ "number": national })).await;
    assert_eq!(
        told["number"], PEOPLE[1],
        "as people of the shop's country write it"
    );
    let id = world.started(&PEOPLE[..1]).await;
    world.until_state(id, "finished").await;
    assert_eq!(world.arrived(), 0, "they get nothing");
    let undone = json!({ "optOutId": noted["id"], "state": "undone" });
    assert_eq!(
        world.run("opt_out_decide", undone).await["state"],
        "undone",
        "they want to hear again"
    );
    let id = world.started(&PEOPLE[..1]).await;
    world.until_state(id, "finished").await;
    world.pass(Duration::from_secs(30)).await;
    assert_eq!(world.arrived(), 1, "and do");
    world.finish().await;
}

#[tokio::test]
async fn a_wish_that_was_written_while_the_program_was_off_is_heard_before_their_turn() {
    let mut world = World::linked().await;
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });
    let id = world.started(&PEOPLE).await;
    world.until_arrived(1).await;
    world.run("campaign_pause", json!({ "campaignId": id })).await;
    let next = world.states(id).await.iter().position(|state| state == "pending");
    let next = next.expect("somebody's turn is to come");
    world
        .restart_after(async |sandbox| {
            for number in &PEOPLE[next..] {
                sandbox.write_as(number, "BAJA").expect("written");
            }
        })
        .await;
    let arrived = world.arrived();
    world.run("campaign_resume", json!({ "campaignId": id })).await;
    world.until_state(id, "finished").await;
    assert_eq!(
        world.arrived(),
        arrived,
        "nobody got it who had said no meanwhile"
    );
    assert_eq!(
        world.states(id).await[next..],
        vec!["opted_out"; PEOPLE.len() - next],
        "and it says so"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_wish_under_a_picture_is_a_wish() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    world.until_arrived(1).await;
    let picture = include_bytes!("../../fixtures/cake.png").to_vec();
    world
        .sandbox
        .on(0)
        .expect("the first number")
        .write_file_as(
            PEOPLE[3],
            Attached::Image,
            picture,
            None,
            Some("No me manden más promociones"),
        )
        .expect("written");
    until_heard(&mut world, 1).await;
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE), [1, 1, 1, 0, 1], "but for them");
    world.finish().await;
}

#[tokio::test]
async fn a_wish_outlives_another_import_under_another_spelling() {
    let mut world = World::linked().await;
    for number in ["+551187654321", "+5215512345678", "+541112345678"] {
        world.run("opt_out_add", json!({ "number": number })).await;
    }
    let campaign = crate::audience::campaign(&world, "Hola").await;
    let list = "Nombre,Celular\nBruna,+55 11 98765-4321\nLupe,+52 55 1234 5678\nJuana,+54 9 11 1234-5678\nAna,+51900000012\n";
    let list = crate::audience::opened(&mut world, &campaign, "otra.csv", list.as_bytes()).await;
    assert_eq!(
        list["counters"]["optedOut"], 3,
        "each is the same person: {}",
        list["counters"]
    );
    let accept = json!({ "importId": list["importId"] });
    world.run("import_accept", accept).await;
    let which = json!({ "campaignId": campaign["id"] });
    let rehearsal = world.run("campaign_rehearse", which.clone()).await;
    assert_eq!(
        (&rehearsal["sends"], &rehearsal["optedOut"]),
        (&json!(1), &json!(3)),
        "one is written to"
    );
    world.run("campaign_start", which).await;
    let id = campaign["id"].as_i64().expect("a number");
    world.until_state(id, "finished").await;
    let got: Vec<String> = world
        .sandbox
        .ledger()
        .into_iter()
        .map(|entry| entry.recipient)
        .collect();
    assert_eq!(got, ["51900000012"], "and nobody else");
    world.finish().await;
}
