//! What is done to messages: by the shop through the gateway, by customers, and by the shop on its phone.

mod common;

use common::{Receiver, Shop, id_of};
use mostrador_sandbox::Effect;
use reqwest::Method;
use serde_json::{Value, json};

const ROSA: &str = "51900000011";
const JULIO: &str = "51900000012";
const MESSAGES: &[(&str, &str)] = &[
    ("messages", "post"),
    ("messages", "patch"),
    ("messages", "delete"),
];

async fn sent(shop: &Shop, words: &str) -> String {
    let body = json!({ "to": ROSA, "body": words });
    id_of(&shop.call(Method::POST, "/messages/text", &body).await.1)
}

fn effects(shop: &Shop) -> Vec<(Effect, Option<String>)> {
    shop.sandbox
        .ledger_of(ROSA)
        .into_iter()
        .map(|entry| (entry.effect, entry.body))
        .collect()
}

#[tokio::test]
async fn an_edit_sends_nothing_and_changes_what_she_has() {
    let shop = Shop::linked().await;
    let id = sent(&shop, "Son 30").await;

    let body = json!({ "to": ROSA, "body": "Son 35", "edit": id });
    let (status, answer) = shop.call(Method::POST, "/messages/text", &body).await;

    assert_eq!(
        (status, id_of(&answer)),
        (200, id.clone()),
        "it is the same message"
    );
    assert_eq!(answer["message"]["text"]["body"], "Son 35", "with other words");
    let expected = [
        (Effect::Message, Some("Son 30".into())),
        (Effect::Edit, Some("Son 35".into())),
    ];
    assert_eq!(effects(&shop), expected, "she got one message, and its new words");
    let theirs = shop.sandbox.write_as(ROSA, "ok").expect("Rosa exists");
    let body = json!({ "to": ROSA, "body": "no", "edit": theirs });
    let (status, _) = shop.call(Method::POST, "/messages/text", &body).await;
    assert_eq!(status, 400, "nobody edits another's words");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_deletion_takes_back_what_the_shop_wrote_and_hides_what_others_did() {
    let shop = Shop::linked().await;
    let mine = sent(&shop, "Ups").await;
    let theirs = shop.sandbox.write_as(ROSA, "ok").expect("Rosa exists");

    for id in [&mine, &theirs] {
        let (status, _) = shop
            .call(Method::DELETE, &format!("/messages/{id}"), &json!({}))
            .await;
        assert_eq!(status, 200, "both can be deleted");
        assert_eq!(
            shop.get(&format!("/messages/{id}")).await.0,
            404,
            "neither is there any more"
        );
        let (again, _) = shop
            .call(Method::DELETE, &format!("/messages/{id}"), &json!({}))
            .await;
        assert_eq!(again, 404, "nor can it be deleted twice");
    }
    let deletions = effects(&shop)
        .iter()
        .filter(|(effect, _)| *effect == Effect::Deletion)
        .count();
    assert_eq!(deletions, 1, "only her copy of the shop's message is gone");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn reactions_stars_and_pins_are_kept_and_taken_back() {
    let shop = Shop::linked().await;
    let id = shop.sandbox.write_as(ROSA, "¡Gracias!").expect("Rosa exists");
    let at = |what: &str| format!("/messages/{id}/{what}");

    let (reacted, _) = shop
        .call(Method::PUT, &at("reaction"), &json!({ "emoji": "❤️" }))
        .await;
    let (_, with) = shop.get(&format!("/messages/{id}")).await;
    let (unreacted, _) = shop.call(Method::DELETE, &at("reaction"), &json!({})).await;
    let (_, without) = shop.get(&format!("/messages/{id}")).await;
    let (starred, _) = shop
        .call(Method::PUT, &at("star"), &json!({ "starred": true }))
        .await;
    let (pinned, _) = shop
        .call(Method::POST, &at("pin"), &json!({ "time": "week" }))
        .await;
    let (wrong, _) = shop
        .call(Method::POST, &at("pin"), &json!({ "time": "year" }))
        .await;
    let (unpinned, _) = shop.call(Method::DELETE, &at("pin"), &json!({})).await;

    assert_eq!(
        [reacted, unreacted, starred, pinned, unpinned],
        [200; 5],
        "all of them are documented"
    );
    assert_eq!(wrong, 400, "a pin lasts a day, a week or a month");
    assert_eq!(with["reactions"][0]["emoji"], "❤️", "the reaction is shown");
    assert!(without.get("reactions").is_none(), "and then no longer");
    let reactions: Vec<_> = effects(&shop)
        .into_iter()
        .filter(|(e, _)| *e == Effect::Reaction)
        .collect();
    assert_eq!(reactions.len(), 2, "she saw it come and go");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_forwarded_message_is_another_message_that_says_so() {
    let shop = Shop::linked().await;
    let id = shop
        .sandbox
        .write_as(ROSA, "Dirección: Pasaje Los Olivos")
        .expect("Rosa exists");

    let (status, answer) = shop
        .call(Method::POST, &format!("/messages/{id}"), &json!({ "to": JULIO }))
        .await;

    assert_eq!(status, 200, "it can be forwarded");
    assert_ne!(id_of(&answer), id, "as a message of its own");
    assert_eq!(
        answer["message"]["context"]["forwarded"], true,
        "which says that it was forwarded"
    );
    assert_eq!(shop.sandbox.ledger_of(JULIO).len(), 1, "Julio got it");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn what_customers_do_to_messages_is_told_and_shown() {
    let shop = Shop::linked().await;
    let poll = json!({ "to": ROSA, "title": "¿Cuál?", "options": ["chocolate", "lúcuma"], "count": 1 });
    let poll = id_of(&shop.call(Method::POST, "/messages/poll", &poll).await.1);
    let hers = shop.sandbox.write_as(ROSA, "Quiero dos").expect("Rosa exists");
    let mut receiver = Receiver::start().await;
    shop.subscribe(&receiver, "body", MESSAGES).await;
    let phone = shop.sandbox.on(0).expect("the first device");

    phone.vote_as(ROSA, &poll, &[1]).expect("it is a poll");
    let vote: [Value; 2] = [receiver.next().await.body, receiver.next().await.body];
    phone.edit_as(ROSA, &hers, "Quiero tres").expect("it is hers");
    let edit = [receiver.next().await.body, receiver.next().await.body];
    phone
        .react_as(ROSA, &poll, "😋")
        .expect("anything can be reacted to");
    let reaction = [receiver.next().await.body, receiver.next().await.body];
    phone.delete_as(ROSA, &hers).expect("it is hers");
    let deletion = [receiver.next().await.body, receiver.next().await.body];

    let action = |event: &Value| event["messages"][0]["action"].clone();
    assert_eq!(
        action(&vote[0])["votes"],
        json!(["opt2"]),
        "a vote names options by their ids"
    );
    let after = &vote[1]["messages_updates"][0]["after_update"]["poll"];
    assert_eq!(
        after["results"][1]["voters"],
        json!([ROSA]),
        "and the poll counts it"
    );
    assert_eq!(
        action(&edit[0])["edited_content"]["body"],
        "Quiero tres",
        "an edit brings the new words"
    );
    let update = &edit[1]["messages_updates"][0];
    assert_eq!(update["before_update"]["text"]["body"], "Quiero dos", "what was");
    assert_eq!(update["after_update"]["text"]["body"], "Quiero tres", "what is");
    assert_eq!(action(&reaction[0])["emoji"], "😋", "a reaction is its emoji");
    assert_eq!(
        action(&deletion[0])["type"],
        "delete",
        "a deletion is told as an action"
    );
    assert_eq!(
        deletion[1]["messages_removed"],
        json!([hers]),
        "and by the id that is gone"
    );
    assert_eq!(
        shop.get(&format!("/messages/{hers}")).await.0,
        404,
        "it is there no longer"
    );
    assert!(
        phone.edit_as(ROSA, &poll, "no").is_err(),
        "nobody edits another's message"
    );
    assert!(
        phone.vote_as(ROSA, &poll, &[0, 1]).is_err(),
        "one vote each, in this poll"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn edits_and_deletions_on_the_shops_phone_reach_customers_and_are_told() {
    let shop = Shop::linked().await;
    let mut receiver = Receiver::start().await;
    shop.subscribe(&receiver, "body", MESSAGES).await;
    let phone = shop.sandbox.on(0).expect("the first device");

    let id = phone.write_on_phone(ROSA, "Son 30").expect("Rosa exists");
    phone.edit_on_phone(&id, "Son 35").expect("it is the shop's");
    phone.delete_on_phone(&id).expect("it is the shop's");

    let mut told = Vec::new();
    for _ in 0..5 {
        told.push(receiver.next().await.body);
    }
    assert_eq!(
        told[0]["messages"][0]["source"], "mobile",
        "it was written on the phone"
    );
    assert_eq!(
        told[1]["messages"][0]["action"]["type"], "edit",
        "then edited there"
    );
    assert_eq!(told[4]["messages_removed"], json!([id]), "then deleted there");
    let reached: Vec<Effect> = effects(&shop).into_iter().map(|(effect, _)| effect).collect();
    assert_eq!(
        reached,
        [Effect::Message, Effect::Edit, Effect::Deletion],
        "and each reached her"
    );
    shop.sandbox.stop().await;
}
