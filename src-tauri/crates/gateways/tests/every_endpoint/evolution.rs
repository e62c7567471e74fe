//! Evolution API's.

use std::sync::Arc;

use mostrador_gateways::evolution::EvolutionDriver;
use mostrador_gateways::{Driver, FieldKey, LinkConfig, Surroundings, catalogue};
use mostrador_sandbox::{Sandbox, SandboxConfig};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use crate::asked::{Given, ROSA, TINY, none_is_of_an_unknown_path, refused_with};

const PATH: &str = "/dialects/evolution";

/// What Evolution's documentation asks for in words: one of several fields, or a message that is there.
fn told_only_in_words(id: &str, own: &str, picture: &str) -> Value {
    let key = json!({ "id": own, "remoteJid": format!("{ROSA}@s.whatsapp.net"), "fromMe": true });
    let ogg = "T2dnUwACAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE9wdXNIZWFk";
    match id {
        "message_send_media" => json!({ "media": TINY }),
        "message_send_ptv" => json!({ "video": "AAAAGGZ0eXBpc29tAAAAAGlzb21tcDQy" }),
        "message_send_audio" => json!({ "audio": ogg }),
        "message_send_sticker" => json!({ "sticker": WEBP }),
        "message_send_status" => json!({ "content": "hoy hay lúcuma" }),
        "message_send_buttons" => {
            json!({ "title": "a", "buttons": [{ "type": "reply", "displayText": "a", "id": "1" }] })
        }
        "message_send_reaction" => json!({ "key": key, "reaction": "👍" }),
        "chat_update_message" => json!({ "number": ROSA, "text": "a", "key": key }),
        "chat_delete_message" => key,
        "chat_archive" => {
            json!({ "archive": true, "chat": format!("{ROSA}@s.whatsapp.net"), "lastMessage": { "key": key } })
        }
        "chat_media_base64" => json!({ "message": { "key": { "id": picture } } }),
        _ => json!({}),
    }
}

const WEBP: &str = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==";

/// What is documented to be refused: a template is for an instance at Meta's own interface.
const REFUSED: [&str; 1] = ["message_send_template: 400 Method not available in the Baileys service"];

/// What becomes of every entry, asked so, and is not done.
async fn not_done(given_fields: Given) -> Vec<String> {
    use base64::Engine as _;
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.expect("a port");
    sandbox.link();
    let url = Url::parse(&format!("{}{PATH}", sandbox.url())).expect("its address");
    let given = LinkConfig::default()
        .at(&url)
        .with(FieldKey::Instance, "practice")
        .with_secret(FieldKey::Token, SecretString::from(sandbox.token().to_owned()));
    let surroundings = Surroundings {
        elapsed: Arc::new(|| std::time::Duration::ZERO),
    };
    let link = EvolutionDriver::new(&surroundings).open(given).expect("a link");
    let endpoints = link.endpoints().expect("all of the reference");
    let own = sandbox.write_on_phone(ROSA, "a").expect("the shop writes");
    let picture = base64::engine::general_purpose::STANDARD.decode(TINY);
    let picture = sandbox
        .write_image_as(ROSA, picture.expect("a picture"), None)
        .expect("a customer sends it");
    let groups = format!(
        "{}{PATH}/group/fetchAllGroups/practice?getParticipants=false",
        sandbox.url()
    );
    let groups = reqwest::Client::new()
        .get(groups)
        .header("apikey", sandbox.token())
        .send()
        .await;
    let groups: Value = groups.expect("an answer").json().await.expect("JSON");
    let group = groups[0]["id"].clone();
    let mut all = Vec::new();
    for endpoint in &catalogue::evolution().endpoints {
        let mut words = told_only_in_words(&endpoint.id, &own, &picture);
        sandbox.link();
        match endpoint.id.as_str() {
            "instance_create" => {
                // Two of one name are refused, and one that is linked is not removed.
                sandbox.unlink();
                let url = format!("{}{PATH}/instance/delete/practice", sandbox.url());
                let gone = reqwest::Client::new()
                    .delete(url)
                    .header("apikey", sandbox.token())
                    .send()
                    .await;
                assert!(gone.expect("an answer").status().is_success(), "it is gone");
            }
            "instance_delete" => {
                sandbox.unlink();
            }
            "group_info" | "group_participants" => words = json!({ "groupJid": group }),
            _ => {}
        }
        all.extend(refused_with(endpoints, endpoint, &words, given_fields).await);
        if endpoint.id == "instance_delete" {
            let create = catalogue::evolution()
                .get("instance_create")
                .expect("it makes one");
            all.extend(refused_with(endpoints, create, &json!({}), Given::Least).await);
        }
    }
    none_is_of_an_unknown_path(&sandbox, PATH, ("apikey", sandbox.token()), &REFUSED).await;
    sandbox.stop().await;
    all
}

#[tokio::test]
async fn the_practice_shop_takes_every_entry_of_evolution_too() {
    let all = not_done(Given::Least).await;
    assert_eq!(all, REFUSED, "each as the documentation has it");
}

#[tokio::test]
async fn the_practice_shop_takes_every_entry_of_evolution_with_all_that_may_be_given() {
    let all = not_done(Given::Whole).await;
    assert_eq!(all, REFUSED, "each as the documentation has it");
}

#[tokio::test]
async fn evolutions_refusals_are_worded_as_they_were_recorded() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.expect("a port");
    let client = reqwest::Client::new();
    let poll = json!({ "number": ROSA, "name": "q", "selectableCount": 1, "values": ["a"] });
    let label = json!({ "number": ROSA, "labelId": "1", "action": "nope" });
    let key_missing = [
        "key requires property \"id\"",
        "key requires property \"remoteJid\"",
        "key requires property \"fromMe\"",
    ];
    let cases = [
        (
            "POST",
            "/message/sendText/demo",
            json!({ "number": ROSA }),
            400,
            json!([["instance requires property \"text\""]]),
        ),
        (
            "POST",
            "/message/sendText/demo",
            json!({ "number": ROSA, "text": "hola" }),
            500,
            json!("Connection Closed"),
        ),
        (
            "POST",
            "/message/sendPoll/demo",
            poll,
            400,
            json!([["values does not meet minimum length of 2"]]),
        ),
        (
            "POST",
            "/message/sendReaction/demo",
            json!({ "key": {}, "reaction": "a" }),
            400,
            json!([key_missing]),
        ),
        (
            "POST",
            "/label/handleLabel/demo",
            label,
            400,
            json!([["action is not one of enum values: add,remove"]]),
        ),
        (
            "GET",
            "/group/fetchAllGroups/demo",
            Value::Null,
            400,
            json!(["The getParticipants needs to be informed in the query"]),
        ),
        (
            "DELETE",
            "/instance/logout/demo",
            Value::Null,
            400,
            json!(["The \"demo\" instance is not connected"]),
        ),
        (
            "POST",
            "/instance/create",
            json!({ "instanceName": "demo" }),
            403,
            json!(["This name \"demo\" is already in use."]),
        ),
        ("GET", "/nope", Value::Null, 404, json!(["Cannot GET /nope"])),
    ];
    for (method, path, body, status, message) in cases {
        let url = format!("{}{PATH}{path}", sandbox.url());
        let method = method.parse().expect("a method");
        let request = client.request(method, url).header("apikey", sandbox.token());
        let request = if body.is_null() {
            request
        } else {
            request.json(&body)
        };
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), status, "{path}");
        let said: Value = answer.json().await.expect("JSON");
        assert_eq!(said["response"]["message"], message, "{path}");
    }
    sandbox.stop().await;
}
