//! Recorded answers and invented events; what cannot be read must be kept, not lost.

use mostrador_domain::{
    Address, AuthLost, DeliveryStatus, Failure, FailureCode, Inbound, InboundMessage, LinkChange,
    MessageBody, MessageChangeKind, NotSentCause, StatusKind, UnixMillis, UnknownCause,
};
use serde_json::{Value, json};

use super::*;
use crate::http_kit::Answer;

mod odd;

const QR_BUHO: &str = include_str!("recorded/qr_buho.json");
const EVOLUTION: &str = include_str!("recorded/evolution.json");
const CALLS: &str = include_str!("recorded/evolution_webhooks.json");

/// What was recorded: path, status, body.
fn recorded(text: &str) -> Vec<(String, u16, Value)> {
    let all: Vec<Value> = serde_json::from_str(text).expect("the recording is JSON");
    let one = |item: &Value| {
        let path = item["path"].as_str().expect("a path").to_owned();
        let status = item["status"].as_u64().unwrap_or(200);
        (
            path,
            u16::try_from(status).expect("a status"),
            item["body"].clone(),
        )
    };
    all.iter().map(one).collect()
}

fn answer(status: u16, body: &Value) -> Answer {
    Answer {
        status,
        headers: Default::default(),
        media_type: None,
        body: body.to_string().into_bytes(),
    }
}

fn only_message(said: Vec<Inbound>) -> InboundMessage {
    match said.into_iter().next() {
        Some(Inbound::Message(message)) => *message,
        other => panic!("a message was told, not {other:?}"),
    }
}

/// When a call comes that is written as of that moment.
const CAME: UnixMillis = UnixMillis(1_768_272_596_031);

fn event(name: &str, data: Value) -> Vec<Inbound> {
    let call = json!({
        "event": name, "instance": "practice", "data": data, "date_time": "2026-01-13T02:49:56.031Z", "apikey": "canary",
    });
    webhook(call.to_string().as_bytes(), CAME, |_| false).expect("it is JSON")
}

#[test]
fn every_recorded_send_is_a_message_of_its_kind_with_its_id() {
    let mut kinds = Vec::new();
    for (_, _, body) in recorded(QR_BUHO) {
        let Some(sent) = body
            .pointer("/data/data")
            .filter(|sent| sent.get("key").is_some())
        else {
            continue;
        };
        let taken = accepted(sent).expect("it was taken under an id");
        assert!(taken.at.is_some(), "with a time");
        let told = only_message(message(sent));
        assert_eq!(told.gateway_id, taken.gateway_id, "it is the same message");
        assert!(
            told.from_me && told.status == Some(DeliveryStatus::Sent),
            "it is ours, and on its way"
        );
        kinds.push(told.body.kind_word());
    }
    let expected = [
        "document",
        "text",
        "voice",
        "location",
        "contact_list",
        "poll",
        "interactive",
    ];
    assert_eq!(kinds, expected, "each kind is told apart, and none is unknown");
}

#[test]
fn numbers_in_halves_and_bytes_by_their_places_are_read() {
    let voice = recorded(QR_BUHO)
        .into_iter()
        .filter_map(|(_, _, body)| body.pointer("/data/data").cloned())
        .find(|sent| sent["messageType"] == "audioMessage")
        .expect("a voice message was recorded");
    let MessageBody::Media(media) = only_message(message(&voice)).body else {
        panic!("it is a file")
    };
    assert_eq!(media.file.bytes, Some(2_934_567), "its length came in halves");
    assert_eq!(media.file.seconds, Some(182), "its seconds are a number");
    assert_eq!(
        media.file.sha256.map(|hash| hash.len()),
        Some(64),
        "its hash came by places"
    );
    assert_eq!(
        media.file.waveform.map(|wave| wave.len()),
        Some(64),
        "so did its wave"
    );
}

#[test]
fn every_recorded_refusal_says_what_it_means() {
    let token = Failure::AuthLost {
        lost: AuthLost::Token,
    };
    let not_ready = Failure::NotSent {
        cause: NotSentCause::NotReady,
        retry_after: None,
    };
    let refused = |code| Failure::Rejected { code };
    // No meaning of a 403 is the shared one: a recorded name that is taken is no plan that is used up.
    let forbidden = Failure::Unknown {
        cause: UnknownCause::UnexpectedStatus(403),
    };
    let mut seen = 0;
    for (path, status, body) in recorded(QR_BUHO).into_iter().chain(recorded(EVOLUTION)) {
        let said = answers::failure(&answer(status, &body), forbidden.clone());
        let closed = body.to_string().contains("Connection Closed");
        let expected = match status {
            200..300 => None,
            404 if closed => Some(not_ready.clone()),
            404 => None,
            401 => Some(token.clone()),
            403 => Some(forbidden.clone()),
            400 | 500 if closed => Some(not_ready.clone()),
            400 if body.to_string().contains("\"exists\":false") => {
                Some(refused(FailureCode::RefusedRecipient))
            }
            400 => Some(refused(FailureCode::RefusedContent)),
            _ => Some(Failure::Unknown {
                cause: UnknownCause::ServerError(status),
            }),
        };
        assert_eq!(said, expected, "{status} of {path}");
        seen += usize::from(expected.is_some());
    }
    assert!(seen > 20, "refusals were recorded");
}

#[test]
fn the_four_shapes_of_a_message_are_read() {
    let shapes = [
        json!("Connection Closed"),
        json!(["Connection Closed"]),
        json!([["Connection Closed"]]),
        json!([{ "archived": false, "message": ["no", "Connection Closed"] }]),
    ];
    for shape in shapes {
        let body = json!({ "status": 500, "error": "x", "response": { "message": shape } });
        assert!(answers::texts(&body).contains(&"Connection Closed"), "{shape}");
    }
}

#[test]
fn recorded_lists_are_understood() {
    let of = |path: &str| {
        let all = recorded(EVOLUTION).into_iter().chain(recorded(QR_BUHO));
        let found = all
            .into_iter()
            .find(|(at, status, body)| at.starts_with(path) && *status < 300 && !body.is_null());
        found.unwrap_or_else(|| panic!("{path} was recorded")).2
    };
    let chats = people::chat(&of("/chat/findChats")[0]);
    assert!(
        matches!(&chats[0], Inbound::Chat(chat) if chat.unread == Some(2)),
        "a chat"
    );
    assert!(
        matches!(&chats[1], Inbound::Message(message) if message.from_me),
        "with its last message"
    );
    let contacts = people::contact(&of("/chat/findContacts")[0]);
    assert!(
        matches!(&contacts[0], Inbound::Contact(contact) if contact.saved_name.is_none() && contact.push_name.is_some()),
        "a person, whose one name may be their own"
    );
    let found = of("/chat/findMessages");
    let listed = only_message(message(&found["messages"]["records"][0]));
    assert_eq!(listed.body.kind_word(), "text", "a message of the history");
    let group = people::group(&of("/api/group/find"));
    assert!(
        matches!(&group[0], Inbound::Group(group) if group.members.as_ref().is_some_and(|all| all.len() == 3)),
        "a group with everybody in it"
    );
    let pairs = group
        .iter()
        .filter(|said| matches!(said, Inbound::SamePerson { .. }))
        .count();
    assert_eq!(pairs, 3, "each member has a number beside the hidden one");
}

#[test]
fn recorded_calls_are_understood_and_the_token_in_them_is_not_kept() {
    let calls: Vec<Value> = serde_json::from_str(CALLS).expect("the recording is JSON");
    for call in calls {
        let said = webhook(call.to_string().as_bytes(), CAME, |_| false).expect("it is JSON");
        assert_eq!(said, Vec::new(), "a link on its way says nothing yet");
    }
    let kept = event("typebot.start", json!({ "x": 1 }));
    let Some(Inbound::Unknown { raw_kind, raw }) = kept.first() else {
        panic!("what is not known is kept")
    };
    assert_eq!(raw_kind, "typebot.start", "by its name");
    assert!(!raw.contains("canary"), "without the instance's token");
}

#[test]
fn two_addresses_beside_each_other_are_one_person() {
    let phone = Address::parse("51900000021");
    let lid = Address::parse("99000000000021@lid");
    let keys = [
        json!({ "remoteJid": lid.as_str(), "remoteJidAlt": phone.as_str(), "id": "A", "fromMe": false }),
        json!({ "remoteJid": lid.as_str(), "senderPn": phone.as_str(), "id": "A", "fromMe": false }),
        json!({ "remoteJid": phone.as_str(), "senderLid": lid.as_str(), "id": "A", "fromMe": false }),
        json!({
            "remoteJid": "120363000000000021@g.us", "participant": lid.as_str(), "participantPn": phone.as_str(),
            "id": "A", "fromMe": false,
        }),
    ];
    for key in keys {
        let said = message(
            &json!({ "key": key, "message": { "conversation": "hola" }, "messageTimestamp": 1_768_263_506 }),
        );
        assert_eq!(said.len(), 2, "{key}: a message and a pair");
        let pair = Inbound::SamePerson {
            phone: phone.clone(),
            lid: lid.clone(),
        };
        assert!(said[1] == pair, "{key}");
    }
    let alone = json!({ "remoteJid": lid.as_str(), "remoteJidAlt": "99000000000022@lid", "id": "A" });
    let said = message(&json!({ "key": alone, "message": { "conversation": "x" }, "messageTimestamp": 1 }));
    assert_eq!(
        said.len(),
        1,
        "two hidden numbers are never guessed to be one person"
    );
}

#[test]
fn what_is_done_to_a_message_names_it() {
    let key = json!({ "remoteJid": "51900000021@s.whatsapp.net", "fromMe": true, "id": "A" });
    let envelope = json!({ "remoteJid": "51900000021@s.whatsapp.net", "fromMe": false, "id": "B" });
    let text = || MessageBody::Text("otra".to_owned());
    let deeds = [
        (
            json!({ "reactionMessage": { "key": key, "text": "👍" } }),
            MessageChangeKind::Reaction(Some("👍".into())),
        ),
        (
            json!({ "reactionMessage": { "key": key, "text": "" } }),
            MessageChangeKind::Reaction(None),
        ),
        (
            json!({ "protocolMessage": { "key": key, "type": "REVOKE" } }),
            MessageChangeKind::Deleted,
        ),
        (
            json!({ "protocolMessage": { "key": key, "type": 0 } }),
            MessageChangeKind::Deleted,
        ),
        (
            json!({ "editedMessage": { "message": { "protocolMessage": {
                "key": key, "type": 14, "editedMessage": { "conversation": "otra" } } } } }),
            MessageChangeKind::Edited(text()),
        ),
    ];
    for (content, what) in deeds {
        let said = message(&json!({ "key": envelope, "message": content, "messageTimestamp": "1768263506" }));
        let Some(Inbound::Change(change)) = said.first() else {
            panic!("{content}: a change was told")
        };
        assert_eq!(change.gateway_id, "A", "{content}");
        assert!(change.what == what, "{content}");
        assert_eq!(change.by, Some(Address::parse("51900000021")), "they did it");
        assert_eq!(change.at, UnixMillis(1_768_263_506_000), "then");
    }
}

#[test]
fn steps_of_a_message_are_told_in_words_and_numbers() {
    let steps = [
        (json!("SERVER_ACK"), StatusKind::Reached(DeliveryStatus::Sent)),
        (
            json!("DELIVERY_ACK"),
            StatusKind::Reached(DeliveryStatus::Delivered),
        ),
        (json!(4), StatusKind::Reached(DeliveryStatus::Read)),
        (json!("PLAYED"), StatusKind::Reached(DeliveryStatus::Played)),
        (json!("ERROR"), StatusKind::Failed),
    ];
    for (word, expected) in steps {
        let said = event(
            "messages.update",
            json!({ "keyId": "A", "remoteJid": "51900000021@s.whatsapp.net", "status": word }),
        );
        assert!(
            matches!(said.as_slice(), [Inbound::Status(update)] if update.status == expected),
            "{word}"
        );
    }
    let said = event("messages.update", json!({ "keyId": "A", "status": "SOMETHING" }));
    assert!(
        matches!(said.as_slice(), [Inbound::Unknown { .. }]),
        "another word is kept"
    );
}

#[test]
fn a_message_of_the_history_has_come_as_far_as_the_furthest_of_its_steps() {
    let stored = |steps: Value| {
        let key = json!({ "id": "A", "fromMe": true, "remoteJid": "51900000021@s.whatsapp.net" });
        let item = json!({
            "key": key, "message": { "conversation": "x" }, "messageTimestamp": 1_768_263_506, "MessageUpdate": steps,
        });
        only_message(message(&item)).status
    };
    let steps = json!([{ "status": "READ" }, { "status": "DELIVERY_ACK" }, { "status": "SERVER_ACK" }]);
    assert_eq!(stored(steps), Some(DeliveryStatus::Read), "in whatever order");
    assert_eq!(stored(json!([])), Some(DeliveryStatus::Sent), "none yet");
}

#[test]
fn a_message_of_the_history_that_was_edited_says_so() {
    let stored = |steps: Value| {
        let key = json!({ "id": "A", "fromMe": true, "remoteJid": "51900000021@s.whatsapp.net" });
        let item = json!({
            "key": key, "message": { "conversation": "x" }, "messageTimestamp": 1_768_263_506, "MessageUpdate": steps,
        });
        let said = only_message(message(&item));
        (said.context.edited_at, said.status)
    };
    let steps = json!([{ "status": "DELIVERY_ACK" }, { "status": "EDITED" }]);
    assert_eq!(
        stored(steps),
        (
            Some(UnixMillis(1_768_263_506_000)),
            Some(DeliveryStatus::Delivered)
        ),
        "its words and its time are those of the edit, and it has come as far as before"
    );
    assert_eq!(stored(json!([{ "status": "READ" }])).0, None, "a step is no edit");
}

#[test]
fn only_an_unlinked_number_is_said_to_be_unlinked() {
    let closed = |reason: u16| {
        event(
            "CONNECTION_UPDATE",
            json!({ "state": "close", "statusReason": reason }),
        )
    };
    assert_eq!(
        closed(401),
        [Inbound::Link(LinkChange::Unlinked)],
        "the phone did it"
    );
    for reason in [408, 428, 440, 515] {
        assert_eq!(closed(reason), [], "{reason} passes by itself");
    }
}

mod anything {
    use proptest::prelude::*;

    use super::*;

    fn value() -> impl Strategy<Value = Value> {
        let words = prop::sample::select(vec![
            "key",
            "message",
            "remoteJid",
            "id",
            "data",
            "event",
            "messages.upsert",
            "chats.update",
            "presences",
            "call",
            "conversation",
            "imageMessage",
            "51900000021@s.whatsapp.net",
            "messageTimestamp",
            "status",
            "participants",
        ]);
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            words.clone().prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 40, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map(words.clone(), inner, 0..6).prop_map(|map| map
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn nothing_makes_a_decoder_panic(value in value()) {
            let _ = (message(&value), people::chat(&value), people::contact(&value), people::group(&value));
            for name in ["messages.upsert", "messages.update", "messages.delete", "chats.delete", "call", "presence.update"] {
                let call = json!({ "event": name, "data": value });
                prop_assert!(webhook(call.to_string().as_bytes(), CAME, |_| false).is_ok());
            }
        }
    }
}

#[test]
fn a_chat_that_is_muted_is_muted_until_it_is_said_to_be_no_longer() {
    let until = |told: Value| {
        let mut chat = json!({ "id": "51900000021@s.whatsapp.net", "name": "Rosa" });
        if !told.is_null() {
            chat["isMuted"] = told;
        }
        match people::chat(&chat).into_iter().next() {
            Some(Inbound::Chat(chat)) => chat.muted_until,
            other => panic!("a chat was told, not {other:?}"),
        }
    };
    assert_eq!(
        until(json!(true)),
        Some(UnixMillis(i64::MAX)),
        "nobody says until when"
    );
    assert_eq!(until(json!(false)), Some(UnixMillis(0)), "it is not");
    assert_eq!(until(Value::Null), None, "what is not told stays as it is");
}
