//! What the gateway never documented: wrong types, missing fields, any JSON, any bytes.

use mostrador_domain::{Inbound, MessageBody};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::{chat, message, status, webhook};
use super::{AT, CHAT, called, fixture, only, said};
use crate::{NotJson, WebhookCall};

#[test]
fn a_body_that_is_no_json_is_refused_and_any_json_is_taken() {
    for body in ["", "{", "hola", "\u{0}"] {
        let call = WebhookCall {
            method: "POST",
            tail: "",
            body: body.as_bytes(),
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
        "statuses",
        "chats",
        "chats_updates",
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

proptest! {
    #[test]
    fn any_json_is_decoded_without_a_panic(body in any_json(), method in "[A-Z]{0,6}", tail in "[a-z/]{0,12}") {
        let _ = called(&method, &tail, &body);
        let _ = message::read(&body);
        let _ = status::read(&body);
        let _ = chat::read(&body);
    }

    #[test]
    fn any_bytes_are_decoded_without_a_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = webhook(&WebhookCall { method: "POST", tail: "", body: &body });
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
