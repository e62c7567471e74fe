//! People: the address book, numbers that are checked, hidden numbers, second spellings, presences, calls.

mod common;

use common::{Receiver, Shop};
use mostrador_sandbox::Presence;
use reqwest::Method;
use serde_json::{Value, json};

const ROSA: &str = "51900000011";
const MARIANA: &str = "5511900000001";
/// The same telephone without Brazil's ninth digit.
const MARIANA_SHORT: &str = "551100000001";

#[tokio::test]
async fn checking_numbers_names_each_as_whatsapp_knows_it() {
    let shop = Shop::linked().await;
    let body = json!({ "contacts": [ROSA, MARIANA_SHORT, "+51 900 000 999", "12"] });
    let (_, checked) = shop.call(Method::POST, "/contacts", &body).await;
    let expected = json!([
        { "input": ROSA, "status": "valid", "wa_id": ROSA },
        { "input": MARIANA_SHORT, "status": "valid", "wa_id": MARIANA },
        { "input": "+51 900 000 999", "status": "invalid" },
        { "input": "12", "status": "invalid" },
    ]);
    assert_eq!(
        checked["contacts"], expected,
        "one telephone has two spellings and one answer"
    );
    let exists = shop
        .request(Method::HEAD, &format!("/contacts/{ROSA}"))
        .send()
        .await
        .expect("an answer");
    let missing = shop
        .request(Method::HEAD, "/contacts/51900000999")
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        (exists.status().as_u16(), missing.status().as_u16()),
        (200, 404),
        "the short question"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn both_spellings_of_a_telephone_reach_one_person_in_one_chat() {
    let shop = Shop::linked().await;
    for to in [MARIANA, MARIANA_SHORT] {
        let (_, sent) = shop
            .call(Method::POST, "/messages/text", &json!({ "to": to, "body": "Oi" }))
            .await;
        let chat = format!("{MARIANA}@s.whatsapp.net");
        assert_eq!(
            sent["message"]["chat_id"], chat,
            "{to} leads to the chat that is there"
        );
    }
    assert_eq!(shop.sandbox.ledger_of(MARIANA).len(), 2, "she got both");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_hidden_number_writes_from_a_chat_of_its_own_and_can_be_looked_up() {
    let shop = Shop::linked().await;
    let phone = shop.sandbox.on(0).expect("the first device");
    let lid = phone
        .customers()
        .into_iter()
        .find(|one| one.number == ROSA)
        .expect("Rosa exists")
        .lid;
    phone.hide_number_of(ROSA, true).expect("Rosa exists");

    let id = phone.write_as(ROSA, "Adivine quién soy").expect("Rosa exists");
    let (_, hidden) = shop.get(&format!("/messages/{id}")).await;
    let (_, one) = shop.get(&format!("/contacts/lids/{ROSA}")).await;
    let (_, several) = shop
        .get(&format!("/contacts/lids?ContactIDList={ROSA},51900000888"))
        .await;
    let (_, back) = shop.get(&format!("/contacts/ids/{lid}@lid")).await;
    let to = json!({ "to": format!("{lid}@lid"), "body": "¿Rosa?" });
    shop.call(Method::POST, "/messages/text", &to).await;
    let to = json!({ "to": ROSA, "body": "¿Sigue ahí?" });
    let (_, by_number) = shop.call(Method::POST, "/messages/text", &to).await;

    assert_eq!(
        by_number["message"]["chat_id"],
        format!("{lid}@lid"),
        "what goes to her number is listed there too"
    );
    assert_eq!(
        hidden["chat_id"],
        format!("{lid}@lid"),
        "the chat is the hidden number's"
    );
    assert_eq!(hidden["from"], lid, "and so is the sender, in digits");
    assert_eq!(one["lid"], format!("{lid}@lid"), "a number leads to it");
    assert_eq!(
        several,
        json!({ ROSA: { "lid": format!("{lid}@lid") } }),
        "strangers are left out"
    );
    assert_eq!(back["id"], ROSA, "and back");
    assert_eq!(
        shop.sandbox.ledger_of(ROSA).len(),
        2,
        "an answer to either number reaches her"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn the_address_book_is_written_renamed_and_told() {
    let shop = Shop::linked().await;
    let mut receiver = Receiver::start().await;
    shop.subscribe(&receiver, "body", &[("contacts", "post"), ("contacts", "patch")])
        .await;
    let new = json!({ "phone": "51900000044", "name": "Nuevo" });

    let (added, _) = shop.call(Method::PUT, "/contacts", &new).await;
    let (again, _) = shop.call(Method::PUT, "/contacts", &new).await;
    let (_, renamed) = shop
        .call(Method::PATCH, "/contacts/51900000044", &json!({ "name": "Ana" }))
        .await;
    let (_, read) = shop.get("/contacts/51900000044").await;
    let (removed, _) = shop
        .call(Method::DELETE, "/contacts/51900000044", &json!({}))
        .await;
    let (gone, _) = shop
        .call(Method::DELETE, "/contacts/51900000044", &json!({}))
        .await;

    assert_eq!((added, again), (200, 409), "one entry for one person");
    assert_eq!(
        (&renamed["name"], &read["name"]),
        (&json!("Ana"), &json!("Ana")),
        "the new name holds"
    );
    assert_eq!((removed, gone), (200, 404), "and then there is none");
    assert_eq!(
        receiver.next().await.body["contacts"][0]["name"],
        "Nuevo",
        "the entry is told"
    );
    assert_eq!(
        receiver.next().await.body["contacts_updates"][0]["changes"],
        json!(["name"]),
        "the change too"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn who_is_blocked_does_not_get_through() {
    let shop = Shop::linked().await;
    let path = format!("/blacklist/{ROSA}");
    shop.call(Method::PUT, &path, &json!({})).await;
    let (_, list) = shop.get("/blacklist").await;
    let unheard = shop.sandbox.write_as(ROSA, "¿Me bloqueó?").expect("Rosa exists");
    shop.call(Method::DELETE, &path, &json!({})).await;
    let heard = shop.sandbox.write_as(ROSA, "¡Ah, no!").expect("Rosa exists");
    assert_eq!(list, json!([ROSA]), "a bare list of numbers");
    assert_eq!(
        shop.get(&format!("/messages/{unheard}")).await.0,
        404,
        "it stayed with her"
    );
    assert_eq!(
        shop.get(&format!("/messages/{heard}")).await.0,
        200,
        "this one came"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn presences_are_told_only_of_those_that_were_asked_for() {
    let shop = Shop::linked().await;
    let mut receiver = Receiver::start().await;
    shop.subscribe(&receiver, "body", &[("presences", "post")]).await;
    let phone = shop.sandbox.on(0).expect("the first device");
    let path = format!("/presences/{ROSA}");

    phone.be_seen_as(ROSA, Presence::Online).expect("Rosa exists");
    let (unasked, _) = shop.get(&path).await;
    let (asked, _) = shop.call(Method::POST, &path, &json!({})).await;
    let (twice, _) = shop.call(Method::POST, &path, &json!({})).await;
    phone.be_seen_as(ROSA, Presence::Typing).expect("Rosa exists");
    let told = receiver.next().await.body;
    let (_, now) = shop.get(&path).await;
    let (typing, _) = shop
        .call(Method::PUT, &path, &json!({ "presence": "typing" }))
        .await;
    let (me, _) = shop
        .call(Method::PUT, "/presences/me", &json!({ "presence": "online" }))
        .await;
    let (wrong, _) = shop
        .call(Method::PUT, "/presences/me", &json!({ "presence": "busy" }))
        .await;

    assert_eq!(
        (unasked, asked, twice),
        (404, 200, 409),
        "not asked, asked, asked again"
    );
    assert_eq!(
        told["presences"],
        json!([{ "contact_id": ROSA, "status": "typing" }]),
        "the first that is told"
    );
    assert_eq!(now["status"], "typing", "and what is shown");
    assert_eq!(
        (typing, me, wrong),
        (200, 200, 400),
        "the shop shows itself as well"
    );
    assert_eq!(phone.shown_to(ROSA), Some("typing"), "she sees it");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_call_rings_in_milliseconds_and_can_be_refused_once() {
    let shop = Shop::linked().await;
    let mut receiver = Receiver::start().await;
    shop.subscribe(&receiver, "body", &[("calls", "post")]).await;
    let call = shop
        .sandbox
        .on(0)
        .expect("the first device")
        .call_as(ROSA, true)
        .expect("Rosa exists");

    let ringing = receiver.next().await.body["calls"][0].clone();
    let body = json!({ "callFrom": ROSA });
    let (refused, _) = shop
        .call(Method::POST, &format!("/calls/{call}/reject"), &body)
        .await;
    let (again, _) = shop
        .call(Method::POST, &format!("/calls/{call}/reject"), &body)
        .await;

    assert_eq!(
        (&ringing["status"], &ringing["video_call"]),
        (&json!("ringing"), &json!(true)),
        "it rings"
    );
    let message = shop.sandbox.write_as(ROSA, "Te llamé").expect("Rosa exists");
    let seconds = shop.get(&format!("/messages/{message}")).await.1["timestamp"]
        .as_u64()
        .expect("seconds");
    let millis = ringing["timestamp"].as_u64().expect("a number");
    assert!(
        millis / 1000 <= seconds && millis / 1000 + 60 > seconds,
        "a call's time is in milliseconds"
    );
    assert_eq!((refused, again), (200, 404), "there is one call to refuse");
    let ended: Value = receiver.next().await.body;
    assert_eq!(ended["calls"][0]["status"], "canceled", "and its end is told");
    shop.sandbox.stop().await;
}
