//! The dialect's documented facts, as a client meets them.

mod common;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use common::{SOON, Shop};
use mostrador_sandbox::{Sandbox, SandboxConfig};
use reqwest::Method;
use serde_json::{Value, json};

const ROSA: &str = "51900000011";
const ROSA_CHAT: &str = "51900000011@s.whatsapp.net";

#[allow(
    clippy::expect_used,
    reason = "code of tests, though outside the test functions"
)]
fn tiny_png() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(6, 4, image::Rgb([200, 40, 40]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("a PNG");
    bytes.into_inner()
}

#[tokio::test]
async fn a_request_without_a_token_is_401_and_with_a_strange_one_404() {
    let shop = Shop::linked().await;
    let url = format!("{}/chats", shop.sandbox.url());

    let without = shop.client.get(&url).send().await.expect("an answer");
    let strange = shop
        .client
        .get(&url)
        .bearer_auth("somebody-else")
        .send()
        .await
        .expect("an answer");
    let in_query = shop
        .client
        .get(format!("{url}?token={}", shop.sandbox.token()))
        .send()
        .await
        .expect("an answer");

    assert_eq!(without.status(), 401, "nobody showed a token");
    assert_eq!(
        strange.status(),
        404,
        "to this gateway that token's channel does not exist"
    );
    let body: Value = strange.json().await.expect("JSON");
    assert_eq!(
        body["error"]["message"], "Channel not found",
        "the error is an object with the vendor's words"
    );
    assert_eq!(in_query.status(), 200, "the query may carry the token as well");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn the_count_of_an_answer_repeats_the_question() {
    let shop = Shop::linked().await;

    let (_, page) = shop.get("/chats?count=200").await;

    let came = page["chats"].as_array().expect("a list").len();
    assert_eq!(page["count"], 200, "count echoes the page size");
    assert_eq!(
        page["total"], came,
        "total is how many there are: 12 customers and a group"
    );
    assert_eq!(came, 13, "each with a history");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_page_of_more_than_500_is_refused() {
    let shop = Shop::linked().await;
    for path in ["/chats", "/messages/list", "/contacts"] {
        let (status, body) = shop.get(&format!("{path}?count=501")).await;
        assert_eq!(status, 400, "{path} allows 500 at most");
        assert_eq!(body["error"]["code"], 400, "the error says its status again");
    }
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn paging_back_shows_every_message_once_newest_first() {
    let shop = Shop::linked().await;
    let mut ids: Vec<String> = Vec::new();
    let mut times: Vec<u64> = Vec::new();
    loop {
        let path = format!("/messages/list/{ROSA_CHAT}?count=50&offset={}", ids.len());
        let (_, page) = shop.get(&path).await;
        let messages = page["messages"].as_array().expect("a list").clone();
        if messages.is_empty() {
            assert_eq!(page["total"], ids.len(), "the pages together are the total");
            break;
        }
        ids.extend(
            messages
                .iter()
                .map(|m| m["id"].as_str().expect("an id").to_owned()),
        );
        times.extend(
            messages
                .iter()
                .map(|m| m["timestamp"].as_u64().expect("a number of seconds")),
        );
    }
    assert!(
        ids.len() > 100,
        "Rosa's history is longer than one usual page, got {}",
        ids.len()
    );
    assert!(times.is_sorted_by(|newer, older| newer >= older), "newest first");
    let mut once = ids.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "no message came twice");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn lists_can_be_filtered_by_time_and_by_who_wrote() {
    let shop = Shop::linked().await;
    let (_, all) = shop
        .get(&format!("/messages/list/{ROSA_CHAT}?sort=asc&count=20"))
        .await;
    let from = all["messages"][5]["timestamp"].as_u64().expect("seconds");
    let to = all["messages"][9]["timestamp"].as_u64().expect("seconds");

    let (_, part) = shop
        .get(&format!(
            "/messages/list/{ROSA_CHAT}?time_from={from}&time_to={to}"
        ))
        .await;
    let (_, own) = shop.get("/messages/list?from_me=true&count=500").await;
    let (wrong, _) = shop.get("/messages/list?from_me=yes").await;

    assert_eq!(part["total"], 5, "both ends belong to it");
    let mine = own["messages"].as_array().expect("a list");
    assert!(
        mine.iter().all(|m| m["from_me"] == true),
        "only the shop's own were asked for"
    );
    assert_eq!(wrong, 400, "a truth value is true or false");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn health_starts_a_channel_only_when_it_may() {
    let shop = Shop::start(SandboxConfig::for_tests()).await;

    let (_, asleep) = shop.get("/health?wakeup=false").await;
    let (_, still) = shop.get("/health?wakeup=false").await;
    let (_, woken) = shop.get("/health").await;

    assert_eq!(asleep["status"]["text"], "NOT_INIT", "nobody started it");
    assert_eq!(
        still["status"]["text"], "NOT_INIT",
        "asking without wakeup is only asking"
    );
    assert_eq!(
        woken["status"]["text"], "QR",
        "wakeup is true when it is left out"
    );
    assert!(woken.get("user").is_none(), "nobody is linked");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn the_code_links_the_number_and_then_every_login_is_409() {
    let shop = Shop::start(SandboxConfig::for_tests()).await;
    let (_, login) = shop.get("/users/login").await;
    assert_eq!(login["status"], "OK", "a code is on show at once");
    assert!(
        (1..=20).contains(&login["expire"].as_u64().expect("seconds")),
        "it lives for 20 s"
    );
    let picture = login["base64"]
        .as_str()
        .expect("a picture")
        .strip_prefix("data:image/png;base64,");
    let picture = BASE64.decode(picture.expect("with its prefix")).expect("base64");
    assert!(image::load_from_memory(&picture).is_ok(), "the picture is a PNG");
    let (_, raw) = shop.get("/users/login/rowdata").await;

    let scanned = shop.sandbox.scan_code(raw["rowdata"].as_str().expect("text"));

    assert_eq!(scanned, Ok(()), "the raw text is what the phone reads");
    let (_, health) = shop.get("/health").await;
    assert_eq!(health["status"]["text"], "AUTH", "the channel is linked");
    assert_eq!(health["user"]["id"], "51900000010", "to the shop's number");
    for path in ["/users/login", "/users/login/rowdata", "/users/login/image"] {
        let (status, _) = shop.get(path).await;
        assert_eq!(status, 409, "{path}: it is authenticated already");
    }
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn codes_are_replaced_and_then_run_out() {
    let config = SandboxConfig {
        qr_seconds: 1,
        qr_codes: 2,
        ..SandboxConfig::for_tests()
    };
    let shop = Shop::start(config).await;
    let (_, first) = shop.get("/users/login/rowdata").await;
    let first = first["rowdata"].as_str().expect("a code").to_owned();

    let replaced = |s: &Sandbox| s.live_code().is_some_and(|code| code != first);
    assert!(
        shop.sandbox.wait_until(SOON, replaced).await,
        "the next code comes by itself"
    );
    assert!(
        shop.sandbox.scan_code(&first).is_err(),
        "the old one is worth nothing"
    );
    let ran_out = shop.sandbox.wait_until(SOON, |s| s.live_code().is_none()).await;

    assert!(ran_out, "two codes to a round");
    let (_, quiet) = shop.get("/users/login?wakeup=false").await;
    let (_, waking) = shop.get("/users/login").await;
    let (_, again) = shop.get("/users/login").await;
    assert_eq!(quiet["status"], "TIMEOUT", "nobody scanned");
    assert_eq!(
        waking["status"], "TIMEOUT",
        "it is said once more, and a new round begins"
    );
    assert_eq!(again["status"], "OK", "a code is on show again");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_starting_channel_says_waiting() {
    let starting = std::time::Duration::from_secs(3600);
    let shop = Shop::start(SandboxConfig {
        starting,
        ..SandboxConfig::for_tests()
    })
    .await;
    let (_, login) = shop.get("/users/login").await;
    let (_, health) = shop.get("/health").await;
    assert_eq!(
        login,
        json!({ "status": "WAITING" }),
        "there is no code yet, and nothing else to say"
    );
    assert_eq!(health["status"]["text"], "INIT", "it is on its way");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn without_a_linked_number_nothing_is_sent_or_shown() {
    let shop = Shop::start(SandboxConfig::for_tests()).await;

    let refused = shop.send_text(ROSA, "Hola").await.expect("an answer");
    let (_, chats) = shop.get("/chats").await;

    assert_eq!(refused.status(), 401, "the channel needs authorization");
    assert_eq!(chats["total"], 0, "a gateway knows chats from the phone");
    assert!(shop.sandbox.ledger().is_empty(), "nobody got anything");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn logging_out_ends_the_link_and_is_409_the_second_time() {
    let shop = Shop::linked().await;
    let (first, body) = shop.call(Method::POST, "/users/logout", &json!({})).await;
    let (second, _) = shop.call(Method::POST, "/users/logout", &json!({})).await;
    assert_eq!(
        (first, &body["success"]),
        (200, &json!(true)),
        "the first ends the link"
    );
    assert_eq!(second, 409, "the second finds none");
    assert!(!shop.sandbox.is_linked(), "the phone sees it too");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_text_is_pending_in_the_answer_and_climbs_afterwards() {
    let shop = Shop::linked().await;
    let answer = shop.send_text(ROSA, "Sí, a las 5").await.expect("an answer");
    let answer: Value = answer.json().await.expect("JSON");
    let id = answer["message"]["id"].as_str().expect("an id").to_owned();
    assert_eq!(answer["sent"], true, "the gateway took it");
    assert_eq!(answer["message"]["status"], "pending", "more is not known yet");

    let (_, delivered) = shop.get(&format!("/messages/{id}")).await;
    shop.sandbox.read_as(ROSA).expect("Rosa exists");
    let (_, statuses) = shop.get(&format!("/statuses/{id}")).await;

    assert_eq!(delivered["status"], "delivered", "nothing is waited for in tests");
    assert_eq!(statuses["statuses"][0]["status"], "read", "she opened the chat");
    assert!(
        statuses["statuses"][0]["timestamp"].is_string(),
        "a status has its time as a text"
    );
    let got = shop.sandbox.ledger_of(ROSA);
    assert_eq!(got.len(), 1, "she got one message");
    assert_eq!(
        (got[0].message_id.as_str(), got[0].body.as_deref()),
        (id.as_str(), Some("Sí, a las 5")),
        "this one"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn an_image_may_be_uploaded_or_inline_and_is_the_same_for_its_recipient() {
    let shop = Shop::linked().await;
    let bytes = tiny_png();
    let upload = shop
        .request(Method::POST, "/media")
        .header("content-type", "image/png");
    let uploaded: Value = upload
        .body(bytes.clone())
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    let encoded = BASE64.encode(&bytes);
    let ways = [
        json!({ "to": ROSA, "caption": "Así", "media": uploaded["media"][0]["id"] }),
        json!({ "to": ROSA, "caption": "Así", "media": format!("data:image/png;base64,{encoded}") }),
        json!({ "to": ROSA, "caption": "Así", "media": encoded, "mime_type": "image/png" }),
    ];

    for way in &ways {
        let (status, sent) = shop.call(Method::POST, "/messages/image", way).await;
        assert_eq!(status, 200, "a documented way to hand a file over");
        let image = &sent["message"]["image"];
        assert_eq!(
            (&image["width"], &image["height"]),
            (&json!(6), &json!(4)),
            "it was looked at"
        );
        let path = format!("/media/{}", image["id"].as_str().expect("an id"));
        let back = shop.request(Method::GET, &path).send().await.expect("an answer");
        assert_eq!(
            back.bytes().await.expect("bytes"),
            bytes,
            "the file comes back as it went in"
        );
    }

    let ledger = shop.sandbox.ledger_of(ROSA);
    let hashes: Vec<_> = ledger.iter().map(|entry| entry.media_sha256.clone()).collect();
    assert_eq!(ledger.len(), 3, "three sends are three messages");
    assert!(
        hashes.iter().all(|hash| hash.is_some() && *hash == hashes[0]),
        "of the same picture"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn wrong_files_and_wrong_addresses_are_refused_with_their_own_status() {
    let shop = Shop::linked().await;
    let not_a_picture = BASE64.encode("hello");
    for (path, body, status) in [
        ("/messages/text", json!({ "to": "hola", "body": "x" }), 400),
        ("/messages/text", json!({ "to": ROSA }), 400),
        (
            "/messages/text",
            json!({ "to": "120363999999999999@g.us", "body": "x" }),
            403,
        ),
        (
            "/messages/image",
            json!({ "to": ROSA, "media": "png-00-00" }),
            404,
        ),
        (
            "/messages/image",
            json!({ "to": ROSA, "media": "https://shop.example/a.png" }),
            400,
        ),
        (
            "/messages/image",
            json!({ "to": ROSA, "media": not_a_picture, "mime_type": "image/png" }),
            415,
        ),
    ] {
        let (answered, error) = shop.call(Method::POST, path, &body).await;
        assert_eq!(answered, status, "{path} {body}");
        assert_eq!(error["error"]["code"], status, "the error repeats its status");
    }
    assert!(shop.sandbox.ledger().is_empty(), "what is refused reaches nobody");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_message_to_the_group_reaches_each_member() {
    let shop = Shop::linked().await;
    let answer = shop
        .send_text("120363000000000021@g.us", "Mañana abrimos a las 6")
        .await;
    assert_eq!(
        answer.expect("an answer").status(),
        200,
        "the shop is in this group"
    );
    let recipients: Vec<String> = shop
        .sandbox
        .ledger()
        .into_iter()
        .map(|entry| entry.recipient)
        .collect();
    assert_eq!(
        recipients.len(),
        5,
        "one line for each member, got {recipients:?}"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn marking_as_read_empties_the_unread_count() {
    let shop = Shop::linked().await;
    let id = shop
        .sandbox
        .write_as(ROSA, "¿Sigue en pie?")
        .expect("Rosa exists");
    let (_, before) = shop.get(&format!("/chats/{ROSA_CHAT}")).await;

    let (status, _) = shop
        .call(Method::PUT, &format!("/messages/{id}"), &json!({}))
        .await;

    let (_, after) = shop.get(&format!("/chats/{ROSA_CHAT}")).await;
    assert_eq!(status, 200, "the message exists");
    assert_eq!(before["unread"], 3, "two were waiting, one came");
    assert_eq!(after["unread"], 0, "everything up to that message is read");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn settings_change_in_part_and_say_what_changed() {
    let shop = Shop::linked().await;
    let change = json!({ "offline_mode": true, "media": { "auto_download": ["image"] } });

    let (status, answer) = shop.call(Method::PATCH, "/settings", &change).await;
    let (too_quick, _) = shop
        .call(
            Method::PATCH,
            "/settings",
            &json!({ "callback_backoff_delay_ms": 10 }),
        )
        .await;
    let elsewhere = json!({ "webhooks": [{ "url": "https://shop.example/hook" }] });
    let (away, _) = shop.call(Method::PATCH, "/settings", &elsewhere).await;

    assert_eq!(status, 200, "both fields exist");
    assert_eq!(answer["before_update"]["offline_mode"], false, "what it was");
    assert_eq!(answer["after_update"]["offline_mode"], true, "what it is");
    assert_eq!(
        answer["changes"],
        json!(["media", "offline_mode"]),
        "and which fields differ"
    );
    assert_eq!(too_quick, 400, "the documented range begins at 3000 ms");
    assert_eq!(away, 400, "the practice shop calls nobody outside this machine");
    let (reset, _) = shop.call(Method::DELETE, "/settings", &json!({})).await;
    let (again, _) = shop.call(Method::DELETE, "/settings", &json!({})).await;
    assert_eq!(
        (reset, again),
        (200, 409),
        "a second reset finds nothing to reset"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn no_limits_are_said_without_a_body() {
    let shop = Shop::linked().await;
    assert_eq!(
        shop.get("/limits").await,
        (204, json!("")),
        "204 means that there are none"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn the_same_seed_makes_the_same_world() {
    let (one, other) = (Shop::linked().await, Shop::linked().await);
    let words = |page: &Value| -> Vec<(Value, Value)> {
        let messages = page["messages"].as_array().expect("a list");
        messages
            .iter()
            .map(|m| (m["id"].clone(), m["text"]["body"].clone()))
            .collect()
    };
    let path = format!("/messages/list/{ROSA_CHAT}?count=500");
    let (a, b) = (one.get(&path).await.1, other.get(&path).await.1);
    assert_eq!(words(&a), words(&b), "ids and texts follow the seed alone");
    one.sandbox.stop().await;
    other.sandbox.stop().await;
}
