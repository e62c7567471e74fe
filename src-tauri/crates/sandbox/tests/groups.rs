//! Groups: founding and leaving, who is in them, what they are called, invitations.

mod common;

use common::{Receiver, Shop};
use reqwest::Method;
use serde_json::{Value, json};

const ROSA: &str = "51900000011";
const JULIO: &str = "51900000012";
const NEIGHBOURS: &str = "120363000000000021@g.us";

async fn founded(shop: &Shop) -> Value {
    let body = json!({ "subject": "Pedidos", "participants": [ROSA, "51900000999"] });
    let (status, group) = shop.call(Method::POST, "/groups", &body).await;
    assert_eq!(status, 200, "one of them can be reached: {group}");
    group
}

#[tokio::test]
async fn a_founded_group_has_its_founder_and_says_who_could_not_be_added() {
    let shop = Shop::linked().await;
    let mut receiver = Receiver::start().await;
    shop.subscribe(&receiver, "body", &[("groups", "post")]).await;

    let group = founded(&shop).await;

    let people = group["participants"].as_array().expect("a list").clone();
    assert_eq!(
        people[0],
        json!({ "id": "51900000010", "rank": "creator" }),
        "the shop founded it"
    );
    assert_eq!(people[1], json!({ "id": ROSA, "rank": "member" }), "she is in it");
    assert_eq!(
        group["unprocessed_participants"],
        json!(["51900000999"]),
        "that number is nobody's"
    );
    assert_eq!(
        receiver.next().await.body["groups"][0]["name"],
        "Pedidos",
        "and it is told"
    );
    let id = group["id"].as_str().expect("an id");
    let (_, sent) = shop
        .call(
            Method::POST,
            "/messages/text",
            &json!({ "to": id, "body": "Hola" }),
        )
        .await;
    assert_eq!(
        sent["message"]["chat_name"], "Pedidos",
        "it can be written in at once"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn people_come_rise_fall_and_go_and_each_is_told() {
    let shop = Shop::linked().await;
    let id = founded(&shop).await["id"].as_str().expect("an id").to_owned();
    let mut receiver = Receiver::start().await;
    shop.subscribe(&receiver, "body", &[("groups", "put")]).await;
    let people = json!({ "participants": [JULIO] });
    let (members, admins) = (
        format!("/groups/{id}/participants"),
        format!("/groups/{id}/admins"),
    );

    let steps = [
        (Method::POST, &members, "add"),
        (Method::PATCH, &admins, "promote"),
        (Method::DELETE, &admins, "demote"),
        (Method::DELETE, &members, "remove"),
    ];
    for (method, path, action) in steps {
        let (status, answer) = shop.call(method, path, &people).await;
        assert_eq!(
            (status, &answer["success"]),
            (200, &json!(true)),
            "{action} is documented"
        );
        let told = receiver.next().await.body["groups_participants"][0].clone();
        let expected = json!({ "group_id": id, "participants": [JULIO], "action": action });
        assert_eq!(told, expected, "what happened to whom");
    }
    let (twice, _) = shop
        .call(Method::POST, &members, &json!({ "participants": [ROSA] }))
        .await;
    assert_eq!(twice, 409, "she is in it already");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn names_settings_and_invitations_change() {
    let shop = Shop::linked().await;
    let id = founded(&shop).await["id"].as_str().expect("an id").to_owned();
    let path = format!("/groups/{id}");

    shop.call(
        Method::PUT,
        &path,
        &json!({ "subject": "Pedidos de hoy", "description": "Hasta las 5" }),
    )
    .await;
    shop.call(
        Method::PATCH,
        &path,
        &json!({ "setting": "send_messages", "policy": "admins" }),
    )
    .await;
    let (_, group) = shop.get(&path).await;
    let (_, old) = shop.get(&format!("{path}/invite")).await;
    let (_, revoked) = shop
        .call(Method::DELETE, &format!("{path}/invite"), &json!({}))
        .await;
    let (_, new) = shop.get(&format!("{path}/invite")).await;
    let old = old["invite_code"].as_str().expect("a code").to_owned();
    let new = new["invite_code"].as_str().expect("a code").to_owned();

    assert_eq!(
        (&group["name"], &group["announcements"]),
        (&json!("Pedidos de hoy"), &json!(true)),
        "both hold"
    );
    assert_eq!(
        revoked,
        json!({ "success": true }),
        "the new code is not in that answer"
    );
    assert_ne!(old, new, "one has to ask again for it");
    assert_eq!(
        shop.get(&format!("/groups/link/{old}")).await.0,
        404,
        "the old one leads nowhere"
    );
    assert_eq!(
        shop.get(&format!("/groups/link/{new}")).await.1["participantsCount"],
        2,
        "the new one does"
    );
    assert_eq!(
        shop.get(&format!("{path}/icon")).await,
        (204, json!("")),
        "there is no icon, and no body"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn who_has_left_a_group_can_neither_see_it_nor_write_in_it() {
    let shop = Shop::linked().await;
    let (_, code) = shop.get(&format!("/groups/{NEIGHBOURS}/invite")).await;

    let (left, _) = shop
        .call(Method::DELETE, &format!("/groups/{NEIGHBOURS}"), &json!({}))
        .await;
    let (gone, _) = shop.get(&format!("/groups/{NEIGHBOURS}")).await;
    let body = json!({ "to": NEIGHBOURS, "body": "Hola" });
    let (refused, _) = shop.call(Method::POST, "/messages/text", &body).await;
    let (_, joined) = shop.call(Method::PUT, "/groups", &code).await;
    let (again, _) = shop.call(Method::POST, "/messages/text", &body).await;

    assert_eq!((left, gone, refused), (200, 404, 403), "it is over");
    assert_eq!(
        (&joined["group_id"], again),
        (&json!(NEIGHBOURS), 200),
        "an invitation leads back"
    );
    shop.sandbox.stop().await;
}
