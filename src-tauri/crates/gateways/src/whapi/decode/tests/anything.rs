//! What the gateway never documented: wrong types, missing fields, any JSON, any bytes.

use mostrador_domain::{Inbound, MessageBody};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::{LARGEST, message, webhook};
use super::{AT, CHAT, called, contents, fixture, fixtures, only, said, with_content};
use crate::whapi::fuzzing;
use crate::{NotJson, WebhookCall};

#[test]
fn a_body_that_is_no_json_is_refused_and_any_json_is_taken() {
    for body in ["", "{", "hola", "\u{0}"] {
        let call = WebhookCall {
            method: "POST",
            tail: "",
            body: body.as_bytes(),
            at: AT,
        };
        assert_eq!(webhook(&call).err(), Some(NotJson), "{body:?} is no JSON");
    }
    for body in [
        json!([1, 2]),
        json!("x"),
        json!(null),
        json!({}),
        json!({"channel_id": "C"}),
    ] {
        assert_eq!(said(&body).len(), 1, "{body} is kept raw");
    }
}

#[test]
fn fields_of_the_wrong_type_cost_themselves_and_not_the_message() {
    let mut body = fixture("messages.post.text");
    let message = &mut body["messages"][0];
    for (field, odd) in [
        ("from_name", json!(5)),
        ("chat_name", json!([])),
        ("device_id", json!("x")),
        ("image", json!(1)),
    ] {
        message[field] = odd;
    }
    message["timestamp"] = json!("1790000000");
    let Inbound::Message(told) = only(said(&body)) else {
        panic!("it is still a message")
    };
    assert!(
        told.body == MessageBody::Text("¿Tienen pan de yema?".into()),
        "the words are there"
    );
    assert_eq!(told.at, AT, "the time is there, though as a string");
}

#[test]
fn a_message_without_id_chat_or_time_is_kept_raw() {
    for field in ["id", "chat_id", "timestamp"] {
        let mut body = fixture("messages.post.text");
        body["messages"][0]
            .as_object_mut()
            .expect("an object")
            .remove(field);
        let told = only(said(&body));
        assert!(
            matches!(told, Inbound::Unknown { .. }),
            "without {field} it has no place, but it is not lost"
        );
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "messages",
        "messages_updates",
        "messages_removed",
        "messages_removed_all",
        "statuses",
        "chats",
        "chats_updates",
        "chats_removed",
        "contacts",
        "contacts_updates",
        "lids",
        "groups",
        "groups_participants",
        "groups_updates",
        "presences",
        "labels",
        "labels_removed",
        "calls",
        "action",
        "target",
        "trigger",
        "context",
        "participants",
        "health",
        "qr",
        "user",
        "event",
        "type",
        "id",
        "chat_id",
        "from",
        "timestamp",
        "status",
        "text",
        "body",
        "image",
        "after_update",
        "rowdata",
        "base64",
        "expire",
        "x",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "OK", "AUTH", "QR", "text", "post", "delete", "pending", CHAT
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(words.clone().prop_map(str::to_owned), inner, 0..7)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// A list may be empty, or hold nothing but noise; then nothing is said of it.
fn has_list(body: &Value) -> bool {
    body.as_object()
        .is_some_and(|payload| payload.values().any(|part| part.is_array()))
}

fn every_decoder(bytes: &[u8]) {
    let _ = fuzzing::webhook("POST", "", bytes);
    let _ = fuzzing::messages(bytes);
    let _ = fuzzing::chats(bytes);
    let _ = fuzzing::contacts(bytes);
    let _ = fuzzing::groups(bytes);
    let _ = fuzzing::labels(bytes);
}

/// How many values there are in a value, itself included.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(fields) => fields.values().map(size).sum(),
        _ => 0,
    }
}

/// The value with the one at this place exchanged.
fn exchanged(value: &Value, place: &mut usize, by: &Value) -> Value {
    if *place == 0 {
        *place = usize::MAX;
        return by.clone();
    }
    *place -= 1;
    match value {
        Value::Array(items) => items.iter().map(|item| exchanged(item, place, by)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, item)| (name.clone(), exchanged(item, place, by)))
            .collect(),
        other => other.clone(),
    }
}

#[test]
fn every_field_of_every_fixture_may_be_of_any_type() {
    let odd = [
        json!(null),
        json!(true),
        json!(-1e300),
        json!("x"),
        json!([]),
        json!([[1]]),
        json!({}),
        json!({"id": {}}),
    ];
    for (name, body) in fixtures() {
        for place in 0..size(&body) {
            for by in &odd {
                let body = exchanged(&body, &mut place.clone(), by);
                let told = said(&body);
                assert!(!told.is_empty() || has_list(&body), "{name}: nothing is dropped");
            }
        }
    }
}

#[test]
fn every_field_of_every_content_may_be_of_any_type_and_the_message_stays() {
    let odd = [json!(null), json!(7), json!("x"), json!([]), json!({})];
    for name in contents().into_keys() {
        let item = with_content(&name);
        for place in 1..size(&item) {
            for by in &odd {
                let item = exchanged(&item, &mut place.clone(), by);
                let mut told = message::read(&item);
                // A number is as good as a yes for what is seen once, and that is kept beside it.
                told.retain(
                    |one| !matches!(one, Inbound::Unknown { raw_kind, .. } if raw_kind == message::SEEN_ONCE),
                );
                assert_eq!(
                    told.len(),
                    1,
                    "{name}, place {place}, {by}: it is one thing still"
                );
            }
        }
    }
}

#[test]
fn half_an_emoji_in_a_name_costs_neither_the_message_nor_the_page() {
    let body = fixture("messages.post.text")
        .to_string()
        .replace("Rosa", r"Rosa \ud83c");
    let call = WebhookCall {
        method: "POST",
        tail: "",
        body: body.as_bytes(),
        at: AT,
    };
    let Inbound::Message(told) = only(webhook(&call).expect("it is mended")) else {
        panic!("it is a message")
    };
    assert_eq!(
        told.sender_name.as_deref(),
        Some("Rosa \u{fffd}"),
        "half of it is not to be had"
    );
    assert_eq!(
        fuzzing::messages(body.as_bytes()).map(|said| said.len()),
        Some(1),
        "nor in a list"
    );
}

#[test]
fn a_body_deeper_or_larger_than_any_event_is_refused_unread() {
    let deep = json!({"messages": 0})
        .to_string()
        .replace('0', &("[".repeat(10_000) + &"]".repeat(10_000)));
    let mut large = fixture("messages.post.text").to_string();
    large.push_str(&" ".repeat(LARGEST));
    let huge = "[".repeat(100_000_000);
    for body in [deep, large, huge] {
        assert_eq!(
            fuzzing::webhook("POST", "", body.as_bytes()),
            Err(NotJson),
            "no event is so"
        );
    }
}

proptest! {
    #[test]
    fn any_json_is_decoded_without_a_panic(body in any_json(), method in "[A-Z]{0,6}", tail in "[a-z/]{0,12}") {
        prop_assert!(!called(&method, &tail, &body).is_empty() || has_list(&body), "nothing is dropped");
        let bytes = body.to_string().into_bytes();
        every_decoder(&bytes);
    }

    #[test]
    fn any_bytes_are_decoded_without_a_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
        every_decoder(&body);
    }

    #[test]
    fn a_message_of_any_kind_is_never_lost(kind in "\\PC{0,20}", content in any_json(), from_me in any::<bool>()) {
        let item = json!({
            "id": "Any.00001-aaaa0001", "type": kind, "chat_id": CHAT, "timestamp": 1_790_000_000,
            "from": "51900000021", "from_me": from_me, "source": "mobile", "content": content,
        });
        let told = message::read(&item);
        prop_assert_eq!(told.len(), 1, "a message of kind {:?} comes out as one thing", kind);
        let raw = match &told[0] {
            Inbound::Unknown { raw, .. } => raw,
            Inbound::Message(message) => match &message.body {
                MessageBody::Unknown { raw, .. } => raw,
                other => panic!("no content is shown, so it is kept raw and not {other:?}"),
            },
            other => panic!("no content is shown, so it is kept raw and not {other:?}"),
        };
        prop_assert_eq!(raw, &item.to_string(), "all of it is kept");
    }
}
