//! Each shape of the gateway's webhooks, and then everything that it might say besides.

mod anything;

use std::collections::BTreeMap;
use std::time::Duration;

use mostrador_domain::{
    Address, ChatSnapshot, DeliveryStatus, Inbound, InboundMessage, LinkChange, MediaBody, MediaKind,
    MediaRef, MessageBody, MessageContext, PairingContent, StatusKind, StatusUpdate, UnixMillis,
};
use serde_json::{Value, json};

use super::*;
use crate::WebhookCall;

const CHAT: &str = "51900000021@s.whatsapp.net";
const GROUP: &str = "120363000000000021@g.us";
const AT: UnixMillis = UnixMillis(1_790_000_000_000);
const SECOND_LATER: UnixMillis = UnixMillis(1_790_000_001_000);

fn fixtures() -> BTreeMap<String, Value> {
    serde_json::from_str(include_str!("../../fixtures/webhooks.json")).expect("the fixtures are JSON")
}

fn fixture(name: &str) -> Value {
    fixtures()
        .remove(name)
        .unwrap_or_else(|| panic!("there is a fixture {name}"))
}

fn decoded(name: &str) -> Vec<Inbound> {
    said(&fixture(name))
}

fn said(body: &Value) -> Vec<Inbound> {
    called("POST", "", body)
}

fn called(method: &str, tail: &str, body: &Value) -> Vec<Inbound> {
    let body = body.to_string();
    webhook(&WebhookCall {
        method,
        tail,
        body: body.as_bytes(),
    })
    .expect("the body is JSON")
}

fn only<T: std::fmt::Debug>(mut all: Vec<T>) -> T {
    assert_eq!(all.len(), 1, "one thing was said: {all:?}");
    all.remove(0)
}

fn message(name: &str) -> InboundMessage {
    match only(decoded(name)) {
        Inbound::Message(message) => *message,
        other => panic!("{name} is a message, not {other:?}"),
    }
}

fn from_customer(gateway_id: &str, body: MessageBody) -> InboundMessage {
    InboundMessage {
        gateway_id: gateway_id.into(),
        chat: Address::parse(CHAT),
        chat_name: None,
        sender: Some(Address::parse(CHAT)),
        sender_name: Some("Rosa".into()),
        from_me: false,
        at: AT,
        body,
        status: None,
        context: MessageContext::default(),
    }
}

/// `assert_eq` would print the text; here it is invented, but the habit would not stay here.
fn assert_same(told: &InboundMessage, expected: &InboundMessage, why: &str) {
    assert!(told == expected, "{why}");
}

#[test]
fn a_customers_text_is_a_message() {
    let expected = from_customer(
        "Text.0001-aaaa0001",
        MessageBody::Text("¿Tienen pan de yema?".into()),
    );
    assert_same(
        &message("messages.post.text"),
        &expected,
        "digits in `from` are the chat's own address",
    );
}

#[test]
fn in_a_group_the_writer_is_not_the_chat() {
    let told = message("messages.post.text.group");
    assert_eq!(told.chat, Address::parse(GROUP), "it belongs to the group");
    assert_eq!(
        told.sender,
        Some(Address::parse(CHAT)),
        "one of its members wrote it"
    );
    assert_eq!(told.chat_name.as_deref(), Some("Vecinos"), "the group has a name");
}

#[test]
fn a_batch_keeps_its_order() {
    let ids: Vec<_> = decoded("messages.post.batch")
        .into_iter()
        .map(|said| match said {
            Inbound::Message(message) => message.gateway_id,
            other => panic!("the batch holds messages only, not {other:?}"),
        })
        .collect();
    assert_eq!(
        ids,
        ["Text.0003-aaaa0001", "Text.0004-aaaa0001"],
        "both, as they were written"
    );
}

#[test]
fn a_text_with_a_preview_of_its_link_is_a_text() {
    let body = MessageBody::Text("mire https://shop.example".into());
    assert!(
        message("messages.post.link_preview").body == body,
        "the words are what was written"
    );
}

#[test]
fn our_own_messages_carry_how_far_they_came_and_no_writer() {
    let statuses = [
        ("own_from_api", DeliveryStatus::Sent),
        ("own_from_phone", DeliveryStatus::Read),
    ];
    for (name, status) in statuses {
        let told = message(&format!("messages.post.{name}"));
        assert!(told.from_me, "{name} is ours");
        assert_eq!(
            told.status,
            Some(status),
            "{name}: pending is accepted, the other words are as they say"
        );
        assert_eq!(
            (told.sender, told.sender_name),
            (None, None),
            "{name}: we need no name for ourselves"
        );
    }
}

#[test]
fn our_own_message_that_failed_is_told_with_its_failure() {
    let told = decoded("messages.post.own_failed");
    let [Inbound::Message(message), Inbound::Status(update)] = told.as_slice() else {
        panic!("the message and its failure, not {told:?}");
    };
    assert_eq!(
        update.gateway_id, message.gateway_id,
        "the failure is about this message"
    );
    assert_eq!(update.status, StatusKind::Failed, "the gateway gave it up");
}

#[test]
fn a_picture_is_announced_with_what_is_needed_to_fetch_it() {
    let file = MediaRef {
        gateway_ref: "jpeg-0a1b2c3d-4e5f".into(),
        mime: "image/jpeg".into(),
        bytes: Some(51_234),
        width: Some(640),
        height: Some(480),
        ..MediaRef::default()
    };
    let body = MessageBody::Media(MediaBody {
        kind: MediaKind::Image,
        caption: Some("así la quiero".into()),
        file,
    });
    assert_same(
        &message("messages.post.image"),
        &from_customer("Imag.0001-aaaa0001", body),
        "by its id",
    );
}

#[test]
fn kinds_that_are_not_shown_are_messages_kept_raw() {
    for (name, kind) in [
        ("messages.post.document", "document"),
        ("messages.post.reply_button", "reply"),
    ] {
        let MessageBody::Unknown { raw_kind, raw } = message(name).body else {
            panic!("{name} is not shown yet");
        };
        assert_eq!(raw_kind, kind, "{name} keeps the gateway's own word");
        let raw: Value = serde_json::from_str(&raw).expect("raw is JSON");
        assert_eq!(raw, fixture(name)["messages"][0], "{name} loses nothing");
    }
}

#[test]
fn protocol_noise_is_dropped_and_nothing_else_is() {
    assert_eq!(
        decoded("messages.post.noise"),
        [],
        "nobody wrote it, and it says nothing"
    );
    let mut body = fixture("messages.post.noise");
    body["messages"][0]["poll_update"] = json!({"x": 1});
    assert_eq!(said(&body).len(), 1, "with any content at all it is kept");
    let mut body = fixture("messages.post.noise");
    body["messages"][0]["source"] = json!("mobile");
    assert_eq!(said(&body).len(), 1, "a person's phone sent it, so it is kept");
}

#[test]
fn what_is_not_understood_is_kept_raw_under_the_gateways_own_name() {
    let raw = [
        ("messages.post.reaction", "action.reaction"),
        ("messages.patch.poll", "messages.patch"),
        ("messages.delete", "messages.delete"),
        ("messages.delete.all", "messages.delete"),
        ("statuses.post.deleted", "status"),
        ("statuses.post.group_viewer", "status"),
        ("chats.delete", "chats.delete"),
        ("contacts.post", "contacts.post"),
        ("contacts.patch", "contacts.patch"),
        ("groups.post", "groups.post"),
        ("groups.put", "groups.put"),
        ("groups.patch", "groups.patch"),
        ("presences.post", "presences.post"),
        ("calls.post", "calls.post"),
        ("labels.post", "labels.post"),
        ("labels.delete", "labels.delete"),
        ("channel.post.launch", "channel.post"),
        ("errors", "errors"),
    ];
    for (name, expected) in raw {
        let Inbound::Unknown { raw_kind, raw } = only(decoded(name)) else {
            panic!("{name} is kept raw");
        };
        assert_eq!(raw_kind, expected, "{name} keeps its name");
        serde_json::from_str::<Value>(&raw).unwrap_or_else(|_| panic!("{name} is kept as JSON"));
    }
}

#[test]
fn a_status_with_its_time_in_a_string_moves_the_message() {
    let expected = |status| {
        Inbound::Status(StatusUpdate {
            gateway_id: "Own.00001-bbbb0001".into(),
            chat: Some(Address::parse(CHAT)),
            status,
            at: SECOND_LATER,
        })
    };
    let delivered = StatusKind::Reached(DeliveryStatus::Delivered);
    assert_eq!(
        only(decoded("statuses.post")),
        expected(delivered),
        "it reached the phone"
    );
    assert_eq!(
        only(decoded("statuses.post.failed")),
        expected(StatusKind::Failed),
        "it was given up"
    );
}

#[test]
fn chats_tell_what_they_tell_and_nothing_else() {
    let chat = ChatSnapshot::of(Address::parse(CHAT));
    let new = ChatSnapshot {
        name: Some("Rosa".into()),
        unread: Some(1),
        at: Some(AT),
        ..chat.clone()
    };
    assert_eq!(
        only(decoded("chats.post")),
        Inbound::Chat(new),
        "what is not said stays as it is"
    );
    let changed = ChatSnapshot {
        unread: Some(2),
        at: Some(UnixMillis(1_790_000_005_000)),
        pinned: Some(true),
        archived: Some(false),
        muted_until: Some(UnixMillis(i64::MAX)),
        ..chat
    };
    assert_eq!(
        only(decoded("chats.patch")),
        Inbound::Chat(changed),
        "muted for ever, which fits no integer"
    );
}

#[test]
fn the_link_comes_and_goes() {
    let own = Some(Address::parse("51900000010"));
    let linked = Inbound::Link(LinkChange::Linked { own });
    let unlinked = Inbound::Link(LinkChange::Unlinked);
    let told = [
        ("users.post", &linked),
        ("users.delete", &unlinked),
        ("channel.post.auth", &linked),
        ("channel.post.qr", &unlinked),
    ];
    for (name, expected) in told {
        assert!(only(decoded(name)) == *expected, "{name} says so");
    }
    let content = PairingContent::Text("2@aa,bb,cc,1".into());
    let code = Inbound::Link(LinkChange::Code {
        content,
        valid_for: Duration::from_secs(20),
    });
    assert!(only(decoded("channel.patch")) == code, "a new code to scan");
}

#[test]
fn every_fixture_says_the_same_in_all_three_modes_and_with_either_name_for_the_verb() {
    for (name, body) in fixtures() {
        let expected = said(&body);
        let Some(kind) = body["event"]["type"].as_str() else {
            continue;
        };
        let verb = body["event"]["event"]
            .as_str()
            .expect("the fixtures name their verb");

        let mut documented = body.clone();
        documented["event"] = json!({ "type": kind, "method": verb });
        assert_eq!(
            said(&documented),
            expected,
            "{name}: `method` is the documented name of `event`"
        );

        let mut bare = body.clone();
        bare.as_object_mut().expect("an object").remove("event");
        let by_path = called("POST", &format!("{kind}/{verb}"), &bare);
        assert_eq!(
            by_path, expected,
            "{name}: mode path names type and verb in the path"
        );
        let by_method = called(&verb.to_uppercase(), kind, &bare);
        assert_eq!(
            by_method, expected,
            "{name}: mode method names the verb by HTTP's own"
        );
    }
}
