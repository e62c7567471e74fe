//! Chats, labels and statuses.

use mostrador_domain::{
    Address, ChatSnapshot, DeliveryStatus, Inbound, LabelSnapshot, LinkChange, MessageChange,
    MessageChangeKind, StatusKind, StatusUpdate, UnixMillis,
};

use serde_json::json;

use super::{AT, CHAT, GROUP, SECOND_LATER, assert_said, decoded, fixture, only, said};

#[test]
fn a_status_with_its_time_in_a_string_moves_the_message() {
    let expected = |status| {
        Inbound::Status(StatusUpdate {
            gateway_id: "Own.00001-bbbb0001".into(),
            chat: Some(Address::parse(CHAT)),
            member: None,
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
        only(decoded("statuses.post.without_errors")),
        expected(StatusKind::Failed),
        "it was given up"
    );
}

#[test]
fn what_a_member_of_a_group_received_or_read_is_told_of_that_member() {
    let told = |word: &str| {
        let mut body = fixture("statuses.post.group_viewer");
        body["statuses"][0]["status"] = json!(word);
        only(said(&body))
    };
    for (word, status) in [
        ("delivered", DeliveryStatus::Delivered),
        ("read", DeliveryStatus::Read),
        ("played", DeliveryStatus::Played),
    ] {
        let expected = Inbound::Status(StatusUpdate {
            gateway_id: "Own.00004-bbbb0001".into(),
            chat: Some(Address::parse(GROUP)),
            member: Some(Address::parse("51900000021")),
            status: StatusKind::Reached(status),
            at: SECOND_LATER,
        });
        assert_eq!(told(word), expected, "{word}: by one of them");
    }
    for word in ["pending", "sent", "failed", "deleted", "hidden"] {
        let is_raw = matches!(told(word), Inbound::Unknown { raw_kind, .. } if raw_kind == "status");
        assert!(is_raw, "{word} says nothing of one member");
    }
}

#[test]
fn a_member_who_cannot_be_read_is_not_the_whole_group() {
    for viewer in [json!(""), json!(51_900_000_021_i64), json!({})] {
        let mut body = fixture("statuses.post.group_viewer");
        body["statuses"][0]["viewer_id"] = viewer.clone();
        assert!(
            matches!(only(said(&body)), Inbound::Unknown { .. }),
            "kept raw, for whoever {viewer} is"
        );
    }
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

fn label(id: &str, name: Option<&str>, colour: Option<&str>) -> LabelSnapshot {
    LabelSnapshot {
        gateway_id: id.into(),
        name: name.map(str::to_owned),
        colour: colour.map(str::to_owned),
    }
}

#[test]
fn a_chat_tells_all_its_labels_and_who_may_write() {
    let labels = vec![
        label("3", Some("Por pagar"), Some("gold")),
        label("41", None, None),
    ];
    let chat = ChatSnapshot {
        name: Some("Vecinos".into()),
        at: Some(AT),
        labels: Some(labels),
        read_only: Some(true),
        ..ChatSnapshot::of(Address::parse(GROUP))
    };
    assert_said("chats.post.labels", &[Inbound::Chat(chat)]);
}

#[test]
fn chats_are_cleared_and_deleted() {
    let chat = Address::parse(CHAT);
    assert_said(
        "messages.delete.all",
        &[Inbound::ChatCleared { chat: chat.clone() }],
    );
    assert_said("chats.delete", &[Inbound::ChatGone { chat }]);
}

#[test]
fn labels_come_and_go() {
    let made = label("41", Some("Por pagar"), Some("gold"));
    assert_said("labels.post", &[Inbound::Label(made)]);
    let gone = |id: &str| {
        [Inbound::LabelGone {
            gateway_id: id.into(),
        }]
    };
    assert_said("labels.delete", &gone("41"));
    assert_said("labels.delete.by_name", &gone("Por pagar"));
}

#[test]
fn a_status_of_deleted_is_a_deletion() {
    let deleted = MessageChange {
        chat: Some(Address::parse(CHAT)),
        gateway_id: "Own.00001-bbbb0001".into(),
        by: None,
        at: SECOND_LATER,
        what: MessageChangeKind::Deleted,
    };
    assert_said("statuses.post.deleted", &[Inbound::Change(deleted)]);
}

#[test]
fn the_errors_of_a_failed_message_are_kept_beside_it() {
    let told = decoded("statuses.post.failed");
    let [Inbound::Status(update), Inbound::Unknown { raw_kind, raw }] = told.as_slice() else {
        panic!("the failure and what it was, not {told:?}");
    };
    assert_eq!(update.status, StatusKind::Failed, "it was given up");
    assert_eq!(raw_kind, "status.errors", "by name");
    assert!(raw.contains("131026"), "its code is not lost");
}

#[test]
fn a_message_given_up_for_a_restriction_says_that_the_number_is_restricted() {
    let told = decoded("statuses.post.restricted");
    let [
        Inbound::Status(update),
        Inbound::Link(change),
        Inbound::Unknown { .. },
    ] = told.as_slice()
    else {
        panic!("the failure, what it says of the number, and what it was, not {told:?}");
    };
    assert_eq!(update.status, StatusKind::Restricted, "it was given up for that");
    assert_eq!(
        *change,
        LinkChange::Restricted { at: update.at },
        "since the moment at which it was given up"
    );
}

#[test]
fn the_code_of_a_restriction_counts_only_beside_a_failure() {
    let mut body = fixture("statuses.post.restricted");
    body["statuses"][0]["status"] = "delivered".into();
    let told = said(&body);
    assert!(
        !told.iter().any(|event| matches!(event, Inbound::Link(_))),
        "what arrived was not held back: {told:?}"
    );
}
