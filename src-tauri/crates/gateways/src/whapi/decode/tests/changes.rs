//! What is done to messages: as an action, as an update, as a removal.

use mostrador_domain::{
    Address, DeliveryStatus, Inbound, MediaBody, MediaKind, MediaRef, MessageBody, MessageChange,
    MessageChangeKind, StatusKind, StatusUpdate, UnixMillis,
};
use serde_json::json;

use super::{AT, CHAT, GROUP, SECOND_LATER, assert_said, fixture, only, said};

const OURS: &str = "Own.00001-bbbb0001";

/// Rosa did it, in her chat.
fn by_customer(gateway_id: &str, what: MessageChangeKind) -> MessageChange {
    MessageChange {
        chat: Some(Address::parse(CHAT)),
        gateway_id: gateway_id.into(),
        by: Some(Address::parse(CHAT)),
        at: AT,
        what,
    }
}

fn text(words: &str) -> MessageChangeKind {
    MessageChangeKind::Edited(MessageBody::Text(words.into()))
}

#[test]
fn what_a_customer_does_to_a_message_is_a_change_of_it() {
    let caption = MediaBody {
        kind: MediaKind::Image,
        caption: Some("mejor así".into()),
        file: MediaRef {
            gateway_ref: "jpeg-0a1b-2c3d".into(),
            mime: "image/jpeg".into(),
            ..MediaRef::default()
        },
    };
    let done = [
        ("reaction", MessageChangeKind::Reaction(Some("👍".into()))),
        ("reaction_taken_back", MessageChangeKind::Reaction(None)),
        ("edit", text("Tienen pan de anís?")),
        (
            "edit_of_caption",
            MessageChangeKind::Edited(MessageBody::Media(caption)),
        ),
        ("delete", MessageChangeKind::Deleted),
        ("vote", MessageChangeKind::Votes(vec!["lúcuma".into()])),
        ("vote_taken_back", MessageChangeKind::Votes(Vec::new())),
        ("pin", MessageChangeKind::Pinned(true)),
        ("unpin", MessageChangeKind::Pinned(false)),
    ];
    for (name, what) in done {
        let change = by_customer(OURS, what);
        assert_said(&format!("messages.post.{name}"), &[Inbound::Change(change)]);
    }
}

#[test]
fn what_we_do_has_nobody_as_its_doer() {
    let ours = |what| {
        Inbound::Change(MessageChange {
            by: None,
            ..by_customer(OURS, what)
        })
    };
    assert_said("messages.post.edit_own", &[ours(text("Sí, y queda poco"))]);
    assert_said("messages.post.star", &[ours(MessageChangeKind::Starred(true))]);
}

#[test]
fn in_a_group_each_member_reacts_for_themselves() {
    let change = MessageChange {
        chat: Some(Address::parse(GROUP)),
        by: Some(Address::parse("51900000022")),
        ..by_customer(OURS, MessageChangeKind::Reaction(Some("🍞".into())))
    };
    assert_said("messages.post.reaction_in_group", &[Inbound::Change(change)]);
    let mut body = fixture("messages.post.reaction_in_group");
    body["messages"][0]
        .as_object_mut()
        .expect("an object")
        .remove("from");
    assert!(
        matches!(only(said(&body)), Inbound::Unknown { .. }),
        "a reaction of nobody must not become ours"
    );
}

#[test]
fn a_vote_is_told_in_words_where_the_poll_stands_beside_it() {
    let vote = by_customer(
        "Poll.0001-aaaa0001",
        MessageChangeKind::Votes(vec!["lúcuma".into()]),
    );
    assert_said("messages.patch.poll", &[Inbound::Change(vote)]);
}

#[test]
fn an_update_tells_the_edit_with_and_without_what_triggered_it() {
    let edit = by_customer("Text.0001-aaaa0001", text("Tienen pan de anís?"));
    assert_said("messages.patch.edit", &[Inbound::Change(edit.clone())]);
    let edit = MessageChange {
        at: SECOND_LATER,
        ..edit
    };
    assert_said("messages.patch.edit_without_trigger", &[Inbound::Change(edit)]);
}

#[test]
fn a_file_that_was_taken_up_is_no_edit() {
    let delivered = StatusUpdate {
        gateway_id: "Own.00006-bbbb0001".into(),
        chat: Some(Address::parse(CHAT)),
        member: None,
        status: StatusKind::Reached(DeliveryStatus::Delivered),
        at: AT,
    };
    assert_said("messages.patch.status", &[Inbound::Status(delivered)]);
}

#[test]
fn an_edit_that_cannot_be_read_is_kept_raw_and_changes_nothing() {
    let mut body = fixture("messages.post.edit");
    body["messages"][0]["action"]["edited_content"] = json!({"x": 1});
    let Inbound::Unknown { raw_kind, .. } = only(said(&body)) else {
        panic!("its words are not told");
    };
    assert_eq!(raw_kind, "action.edit", "under its name");
}

#[test]
fn a_removal_is_told_by_the_id_alone() {
    let gone = MessageChange {
        chat: None,
        by: None,
        at: UnixMillis(0),
        ..by_customer(OURS, MessageChangeKind::Deleted)
    };
    assert_said("messages.delete", &[Inbound::Change(gone)]);
}
