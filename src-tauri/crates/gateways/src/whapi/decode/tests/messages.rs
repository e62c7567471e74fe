//! Messages: who wrote them, where, when, and what they refer to.

use mostrador_domain::{
    Address, DeliveryStatus, Inbound, MessageBody, MessageChange, MessageChangeKind, MessageContext,
    StatusKind,
};
use serde_json::json;

use super::{AT, CHAT, GROUP, LID, SECOND_LATER, decoded, fixture, from_customer, message, said};

#[test]
fn a_customers_text_is_a_message() {
    let expected = from_customer(
        "Text.0001-aaaa0001",
        MessageBody::Text("¿Tienen pan de yema?".into()),
    );
    assert!(
        message("messages.post.text") == expected,
        "digits in `from` are the chat's own address"
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
fn our_own_messages_carry_how_far_they_came_and_no_writer() {
    let statuses = [
        ("own_from_api", DeliveryStatus::Sent, true),
        ("own_from_phone", DeliveryStatus::Read, false),
    ];
    for (name, status, by_program) in statuses {
        let told = message(&format!("messages.post.{name}"));
        assert!(told.from_me, "{name} is ours");
        assert_eq!(told.context.by_program, by_program, "{name}: by whom");
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
fn a_message_may_come_from_a_hidden_number() {
    let told = message("messages.post.from_lid");
    assert_eq!(told.chat, Address::parse(LID), "the chat is the hidden number's");
    assert_eq!(
        told.sender,
        Some(Address::parse(LID)),
        "its digits in `from` are no phone number"
    );
}

#[test]
fn a_message_that_names_both_addresses_tells_that_they_are_one_persons() {
    let told = decoded("messages.post.both_addresses");
    let same = Inbound::SamePerson {
        phone: Address::parse(CHAT),
        lid: Address::parse(LID),
    };
    assert_eq!(told.get(1), Some(&same), "beside the message itself");
}

#[test]
fn a_message_says_what_it_refers_to() {
    let expected = MessageContext {
        quoted: Some("Own.00001-bbbb0001".into()),
        quoted_text: Some("¿Cuál torta?".into()),
        forwarded: true,
        mentions: vec![Address::parse("51900000022")],
        edited_at: Some(SECOND_LATER),
        starred: Some(true),
        by_program: false,
        reactions: vec![
            (Some(Address::parse("51900000022")), "👍".into()),
            (None, "❤️".into()),
            (Some(Address::parse(CHAT)), "🥖".into()),
        ],
    };
    assert!(
        message("messages.post.context").context == expected,
        "a reaction of nobody in particular is nobody's"
    );
}

#[test]
fn a_reply_names_the_message_that_it_answers() {
    let told = message("messages.post.reply_button");
    assert_eq!(
        told.context.quoted.as_deref(),
        Some("Own.00001-bbbb0001"),
        "the one with the buttons"
    );
}

#[test]
fn our_own_message_that_was_deleted_is_told_with_its_deletion() {
    let told = decoded("messages.post.deleted_own");
    let deleted = Inbound::Change(MessageChange {
        chat: Some(Address::parse(CHAT)),
        gateway_id: "Own.00005-bbbb0001".into(),
        by: None,
        at: AT,
        what: MessageChangeKind::Deleted,
    });
    assert!(matches!(told[0], Inbound::Message(_)), "it was written");
    assert_eq!(told[1..], [deleted], "and it was deleted");
}
