//! The shop's own things: labels, catalogue, orders, profile, stories, uploads.

mod common;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use common::{Receiver, Shop, id_of, tiny_png};
use mostrador_sandbox::Effect;
use reqwest::Method;
use serde_json::{Value, json};

const ROSA: &str = "51900000011";
const ROSA_CHAT: &str = "51900000011@s.whatsapp.net";

#[tokio::test]
async fn labels_are_made_worn_taken_off_and_told() {
    let shop = Shop::linked().await;
    let mut receiver = Receiver::start().await;
    shop.subscribe(
        &receiver,
        "body",
        &[("labels", "post"), ("labels", "delete"), ("chats", "patch")],
    )
    .await;
    let label = json!({ "id": "7", "name": "Deuda", "color": "orangered" });
    let worn = format!("/labels/7/{ROSA_CHAT}");

    let (made, _) = shop.call(Method::POST, "/labels", &label).await;
    let (on, _) = shop.call(Method::POST, &worn, &json!({})).await;
    let (twice, _) = shop.call(Method::POST, &worn, &json!({})).await;
    let (_, wearers) = shop.get("/labels/7").await;
    let (_, chat) = shop.get(&format!("/chats/{ROSA_CHAT}")).await;
    let (off, _) = shop.call(Method::DELETE, &worn, &json!({})).await;
    let (missing, _) = shop.call(Method::DELETE, &worn, &json!({})).await;
    let (removed, _) = shop.call(Method::DELETE, "/labels/7", &json!({})).await;
    let colour = json!({ "id": "8", "name": "x", "color": "beige" });
    let (wrong, _) = shop.call(Method::POST, "/labels", &colour).await;

    assert_eq!(
        (made, on, twice, off, missing, removed),
        (200, 200, 409, 200, 404, 200),
        "as documented"
    );
    assert_eq!(wrong, 400, "there are twenty colours, and that is none of them");
    assert_eq!(
        wearers["chats"][0]["id"], ROSA_CHAT,
        "the label knows who wears it"
    );
    let names: Vec<&Value> = chat["labels"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["name"])
        .collect();
    assert!(
        names.contains(&&json!("Deuda")),
        "and the chat shows it: {names:?}"
    );
    assert_eq!(receiver.next().await.body["labels"], json!([label]), "made");
    for _ in 0..2 {
        assert_eq!(
            receiver.next().await.body["chats_updates"][0]["changes"],
            json!(["labels"]),
            "on, then off"
        );
    }
    assert_eq!(receiver.next().await.body["labels_removed"], json!(["7"]), "gone");
    let (_, list) = shop.get("/labels").await;
    assert_eq!(
        list.as_array().map(Vec::len),
        Some(3),
        "a bare list; the shop's own three are left"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn the_catalogue_can_be_read_and_changed() {
    let shop = Shop::linked().await;
    let (_, all) = shop.get("/business/products?count=2").await;
    let images = json!(["https://pictures.example/keke.png"]);
    let new = json!({ "name": "Keke", "description": "De plátano", "currency": "PEN", "price": 18, "images": images });

    let (made, product) = shop.call(Method::POST, "/business/products", &new).await;
    let path = format!("/business/products/{}", product["id"].as_str().expect("an id"));
    let (_, changed) = shop
        .call(
            Method::PATCH,
            &path,
            &json!({ "price": 20.5, "availability": "out of stock", "images": images }),
        )
        .await;
    let (sent, message) = shop.call(Method::POST, &path, &json!({ "to": ROSA })).await;
    let collection = json!({ "name": "Kekes", "products": [product["id"]] });
    let (_, collected) = shop
        .call(Method::POST, "/business/collections", &collection)
        .await;
    let shelf = format!(
        "/business/collections/{}",
        collected["id"].as_str().expect("an id")
    );
    let (_, shelved) = shop.get(&shelf).await;
    let (dropped, _) = shop.call(Method::DELETE, &path, &json!({})).await;

    assert_eq!(
        (all["products"].as_array().map(Vec::len), &all["total"]),
        (Some(2), &json!(6)),
        "six wares, paged"
    );
    assert_eq!((made, sent, dropped), (200, 200, 200), "made, sent, dropped");
    assert_eq!(
        (&changed["price"], &changed["availability"]),
        (&json!(20.5), &json!("out of stock")),
        "changed"
    );
    assert_eq!(
        message["message"]["product"]["product_id"], product["id"],
        "a product is a message of its own"
    );
    assert_eq!(
        shelved["products"][0]["name"], "Keke",
        "a collection shows its products"
    );
    assert_eq!(shop.get(&path).await.0, 404, "it is sold no longer");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn an_order_is_shown_to_whoever_has_its_token() {
    let shop = Shop::linked().await;
    let phone = shop.sandbox.on(0).expect("the first device");
    let (message, order) = phone.order_as(ROSA, &[(3, 6), (4, 12)]).expect("Rosa exists");
    let (_, told) = shop.get(&format!("/messages/{message}")).await;
    let token = told["order"]["token"].as_str().expect("a token").to_owned();

    let (without, _) = shop.get(&format!("/business/orders/{order}")).await;
    let (with, items) = shop
        .get(&format!("/business/orders/{order}?order_token={token}"))
        .await;

    assert_eq!(
        (&told["order"]["item_count"], &told["order"]["total_price"]),
        (&json!(18), &json!(60)),
        "its sum"
    );
    assert_eq!((without, with), (403, 200), "the token opens it");
    assert_eq!(items["items"][0]["quantity"], 6, "what was ordered");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn the_profile_changes_within_its_lengths() {
    let shop = Shop::linked().await;
    let picture = format!("data:image/png;base64,{}", BASE64.encode(tiny_png()));
    let change = json!({ "name": "La Luna", "about": "Abierto", "icon": picture });
    let (changed, _) = shop.call(Method::PATCH, "/users/profile", &change).await;
    let (short, _) = shop
        .call(Method::PATCH, "/users/profile", &json!({ "name": "L" }))
        .await;
    let (_, profile) = shop.get("/users/profile").await;
    let (about, _) = shop
        .call(Method::PUT, "/status", &json!({ "status": "Cerrado" }))
        .await;
    assert_eq!(
        (changed, short, about),
        (200, 400, 200),
        "a name has at least three letters"
    );
    assert_eq!(
        (&profile["name"], &profile["about"]),
        (&json!("La Luna"), &json!("Abierto")),
        "as it was set"
    );
    let icon = profile["icon"].as_str().expect("an address");
    assert_eq!(
        shop.client.get(icon).send().await.expect("an answer").status(),
        200,
        "the picture is there"
    );
    assert_eq!(
        shop.get("/users/profile").await.1["about"],
        "Cerrado",
        "the older way sets the same"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_story_reaches_those_who_were_named_and_nobody_else() {
    let shop = Shop::linked().await;
    let text = json!({ "caption": "Hoy hay roscas", "contacts": [ROSA], "background_color": "#FFAA00" });
    let (status, sent) = shop.call(Method::POST, "/stories/send/text", &text).await;
    let picture = format!("data:image/png;base64,{}", BASE64.encode(tiny_png()));
    let media = json!({ "media": picture, "exclude_contacts": [ROSA] });
    let (_, shown) = shop.call(Method::POST, "/stories/send/media", &media).await;
    let (_, list) = shop.get("/stories").await;
    let (wrong, _) = shop
        .call(
            Method::POST,
            "/stories/send/text",
            &json!({ "caption": "x", "background_color": "red" }),
        )
        .await;

    assert_eq!((status, wrong), (200, 400), "a colour is written in hexadecimal");
    assert_eq!(
        sent["message"]["chat_id"], "stories",
        "a story is a message there"
    );
    assert_eq!(
        (&sent["message"]["type"], &list["total"]),
        (&json!("story"), &json!(2)),
        "of its own type"
    );
    assert_eq!(
        list["messages"][0]["id"], shown["message"]["id"],
        "the newest first"
    );
    let hers: Vec<_> = shop
        .sandbox
        .ledger_of(ROSA)
        .into_iter()
        .map(|entry| (entry.effect, entry.message_id))
        .collect();
    assert_eq!(
        hers,
        [(Effect::Story, id_of(&sent))],
        "she was named in one and left out of the other"
    );
    let others = shop
        .sandbox
        .ledger()
        .iter()
        .filter(|entry| entry.message_id == id_of(&shown))
        .count();
    assert!(
        others > 3,
        "whoever the shop has saved saw the other, {others} of them"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn uploads_are_listed_fetched_and_deleted() {
    let shop = Shop::linked().await;
    let raw = shop
        .request(Method::POST, "/media")
        .header("content-type", "text/plain")
        .body("hola");
    let raw: Value = raw.send().await.expect("an answer").json().await.expect("JSON");
    let inline = json!({ "media": format!("data:application/pdf;base64,{}", BASE64.encode(b"%PDF-1.4")) });
    let (_, inline) = shop.call(Method::POST, "/media", &inline).await;
    let id = raw["media"][0]["id"].as_str().expect("an id");
    let (_, list) = shop.get("/media?count=500").await;
    let listed = |id: &Value| {
        let files = list["files"].as_array().expect("a list");
        files
            .iter()
            .find(|file| file["id"] == *id)
            .cloned()
            .expect("it is listed")
    };
    assert_eq!(
        listed(&raw["media"][0]["id"])["mime_type"],
        "text/plain",
        "bytes that say nothing are what is claimed"
    );
    assert_eq!(
        listed(&inline["media"][0]["id"])["mime_type"],
        "application/pdf",
        "bytes that say it are that"
    );
    let head = shop
        .request(Method::HEAD, &format!("/media/{id}"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        head.headers()["content-type"],
        "text/plain",
        "its kind may be asked for alone"
    );
    let (deleted, _) = shop
        .call(Method::DELETE, &format!("/media/{id}"), &json!({}))
        .await;
    assert_eq!(
        (deleted, shop.get(&format!("/media/{id}")).await.0),
        (200, 404),
        "then it is gone"
    );
    shop.sandbox.stop().await;
}
