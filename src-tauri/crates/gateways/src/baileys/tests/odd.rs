//! What a server says that is not what it seems. None of it was recorded: it is read off the server's published sources (2.3).

use mostrador_domain::ChatSnapshot;

use super::*;

const RAUL: &str = "51900000021@s.whatsapp.net";
const TEAM: &str = "120363000000000021@g.us";

fn live(content: Value) -> Vec<Inbound> {
    let key = json!({ "remoteJid": RAUL, "fromMe": false, "id": "A" });
    message(&json!({ "key": key, "message": content, "messageTimestamp": 1_768_263_506, "pushName": "Raúl" }))
}

fn only_chat(said: &[Inbound]) -> ChatSnapshot {
    match said.first() {
        Some(Inbound::Chat(chat)) => chat.clone(),
        other => panic!("a chat was told, not {other:?}"),
    }
}

#[test]
fn the_address_of_a_stored_copy_beside_a_file_is_not_the_kind_of_the_message() {
    for kind in ["stickerMessage", "videoMessage", "ptvMessage", "imageMessage"] {
        let content = json!({ kind: { "mimetype": "x/y" }, "mediaUrl": "https://bucket.test/a", "speechToText": "[audio] x" });
        let told = only_message(live(content)).body;
        assert!(matches!(told, MessageBody::Media(_)), "{kind} is a file");
    }
}

#[test]
fn a_picture_of_an_album_and_a_text_that_names_a_group_are_what_is_in_them() {
    for wrapping in [
        "associatedChildMessage",
        "groupMentionedMessage",
        "lottieStickerMessage",
    ] {
        let told = only_message(live(json!({ wrapping: { "message": { "imageMessage": {} } } }))).body;
        assert!(matches!(told, MessageBody::Media(_)), "{wrapping} wraps a file");
    }
}

#[test]
fn what_says_nothing_to_anybody_is_no_message_in_the_chat() {
    for content in [
        json!({ "protocolMessage": { "type": "EPHEMERAL_SYNC_RESPONSE" } }),
        json!({ "protocolMessage": { "type": 5, "historySyncNotification": {} } }),
        json!({ "pollUpdateMessage": { "pollCreationMessageKey": { "id": "B" }, "vote": { "encPayload": "x" } } }),
        json!({ "encReactionMessage": { "targetMessageKey": { "id": "B" } } }),
        json!({ "keepInChatMessage": { "key": { "id": "B" } } }),
        json!({ "albumMessage": { "expectedImageCount": 3 } }),
        json!({ "senderKeyDistributionMessage": { "groupId": TEAM }, "messageContextInfo": {} }),
        json!({}),
    ] {
        let said = live(content.clone());
        assert!(
            matches!(said.first(), Some(Inbound::Unknown { .. })),
            "{content} is kept, and not shown"
        );
    }
    let new = live(json!({ "someNewMessage": { "x": 1 } }));
    assert!(
        matches!(only_message(new).body, MessageBody::Unknown { .. }),
        "a kind that we do not know may say something: it is shown as such"
    );
}

#[test]
fn a_vote_that_the_server_has_opened_is_told_in_words() {
    let vote = |chosen: Value| {
        let update = json!({ "pollCreationMessageKey": { "id": "B" }, "vote": { "encPayload": "x", "selectedOptions": chosen } });
        live(json!({ "pollUpdateMessage": update }))
    };
    let opened = vote(json!(["fresa"]));
    let Some(Inbound::Change(change)) = opened.first() else {
        panic!("a change was told")
    };
    assert_eq!(change.gateway_id, "B", "of the question");
    assert!(
        change.what == MessageChangeKind::Votes(vec!["fresa".to_owned()]),
        "in words"
    );
    for sealed in [json!([]), json!([{ "type": "Buffer", "data": [1] }])] {
        let said = vote(sealed);
        assert!(
            matches!(said.first(), Some(Inbound::Unknown { .. })),
            "nobody knows what a sealed one says"
        );
    }
}

#[test]
fn an_edit_is_found_by_its_id_for_its_key_is_as_whoever_edited_sees_it() {
    // To a customer the chat is called after the shop, and the message is their own.
    let key = json!({ "remoteJid": "51900000001@s.whatsapp.net", "fromMe": true, "id": "A" });
    let told = json!({ "key": key, "type": 14, "editedMessage": { "conversation": "a las nueve" }, "timestampMs": "1768263506000" });
    for name in ["messages.edited", "send.message.update"] {
        let said = event(name, told.clone());
        let [Inbound::Change(change)] = said.as_slice() else {
            panic!("{name} tells a change, not {said:?}")
        };
        assert_eq!(
            (change.gateway_id.as_str(), &change.chat),
            ("A", &None),
            "{name}: in whatever chat it is"
        );
        assert!(
            change.what == MessageChangeKind::Edited(MessageBody::Text("a las nueve".to_owned())),
            "{name}: what it says now"
        );
    }
}

#[test]
fn a_deletion_says_who_did_it_and_where_as_far_as_it_is_told() {
    let of = |said: Vec<Inbound>| match said.as_slice() {
        [Inbound::Change(change)] if change.what == MessageChangeKind::Deleted => {
            (change.chat.clone(), change.by.clone())
        }
        other => panic!("a deletion, not {other:?}"),
    };
    let update = |chat: &str, from_me: bool| {
        let told = json!({ "keyId": "A", "remoteJid": chat, "fromMe": from_me, "participant": RAUL, "status": "DELETED" });
        of(event("messages.update", told))
    };
    let (raul, team) = (Some(Address::parse(RAUL)), Some(Address::parse(TEAM)));
    assert_eq!(update(RAUL, true), (raul.clone(), None), "we did");
    assert_eq!(
        update(RAUL, false),
        (raul.clone(), raul.clone()),
        "the customer did"
    );
    assert_eq!(update(TEAM, false), (team.clone(), raul), "a member did");
    let revoked = |chat: &str| {
        let key = json!({ "remoteJid": chat, "fromMe": true, "id": "A" });
        of(event("messages.edited", json!({ "key": key, "type": "REVOKE" })))
    };
    assert_eq!(revoked(TEAM), (team, None), "a group is called the same by all");
    assert_eq!(
        revoked(RAUL),
        (None, None),
        "that may be what the customer calls us"
    );
}

#[test]
fn a_receipt_does_not_read_the_chat_although_the_server_says_so() {
    // With every step of a message of ours the server says that nothing is unread in its chat.
    let zero = json!([{ "remoteJid": RAUL, "instanceId": "x", "unreadMessages": 0 }]);
    for name in ["chats.upsert", "chats.update"] {
        assert_eq!(
            only_chat(&event(name, zero.clone())).unread,
            None,
            "{name} does not tell"
        );
    }
    assert_eq!(only_chat(&people::chat(&zero[0])).unread, Some(0), "a list does");
}

#[test]
fn that_nothing_of_a_group_is_unread_says_not_that_the_shop_has_read_it_where_a_list_does() {
    let none = |jid: &str| json!({ "remoteJid": jid, "unreadCount": 0 });
    let listed = |jid| only_chat(&people::chat(&none(jid)));
    assert!(listed(RAUL).zero_is_read, "with a person there is nobody else");
    let group = listed("120363000000000001@g.us");
    assert_eq!(group.unread, Some(0), "the count is told");
    assert!(!group.zero_is_read, "any member may have read it");
    let told = only_chat(&event("chats.update", json!([none("120363000000000001@g.us")])));
    assert!(
        told.zero_is_read,
        "the phone's own count, which only the shop changes"
    );
}

#[test]
fn what_was_read_on_the_phone_is_read() {
    let read = json!({ "keyId": "A", "remoteJid": RAUL, "fromMe": false, "status": "READ" });
    let told = only_chat(&event("messages.update", read));
    assert_eq!(told.unread, Some(0), "its chat was opened there");
    assert!(told.at.is_some(), "then, and what came later is unread");
    let come = json!({ "keyId": "A", "remoteJid": RAUL, "fromMe": false, "status": "DELIVERY_ACK" });
    assert_eq!(
        event("messages.update", come),
        [],
        "that theirs has come is no step of ours"
    );
}

#[test]
fn a_receipt_whose_chat_lost_its_ending_is_found_by_its_id() {
    let said = event(
        "messages.update",
        json!({ "keyId": "A", "remoteJid": "99000000000021", "fromMe": true, "status": "READ" }),
    );
    assert!(
        matches!(said.as_slice(), [Inbound::Status(update)] if update.chat.is_none()),
        "nobody knows whether it is a number or a hidden one"
    );
}

#[test]
fn the_digits_of_an_address_are_nobodys_name() {
    let contact =
        |name: &str, jid: &str| match people::contact(&json!({ "remoteJid": jid, "pushName": name }))
            .remove(0)
        {
            Inbound::Contact(contact) => contact.push_name,
            other => panic!("a contact, not {other:?}"),
        };
    assert_eq!(
        contact("51900000021", RAUL),
        None,
        "the server fills in the number"
    );
    assert_eq!(
        contact("99000000000021", "99000000000021@lid"),
        None,
        "or the hidden one"
    );
    assert_eq!(
        contact("Raúl 2", RAUL),
        Some("Raúl 2".to_owned()),
        "a name is one"
    );
    let key = json!({ "remoteJid": TEAM, "participant": "99000000000021@lid", "fromMe": false, "id": "A" });
    let item = json!({ "key": key, "message": { "conversation": "x" }, "messageTimestamp": 1, "pushName": "99000000000021" });
    assert_eq!(only_message(message(&item)).sender_name, None, "in a message too");
}

#[test]
fn whoever_stands_in_a_row_of_the_servers_own_is_not_taken_for_saved() {
    // Of somebody who only shares a group with the number it says the same as of one whom the phone has saved.
    let rows = [
        json!({ "id": "c1", "remoteJid": RAUL, "pushName": "Raúl", "profilePicUrl": null, "isSaved": true, "type": "contact" }),
        json!({ "id": "c1", "remoteJid": RAUL, "pushName": "Raúl", "name": "Raúl taller", "isSaved": true }),
        json!({ "id": "c1", "remoteJid": RAUL, "pushName": null, "name": "Raúl", "isSaved": false }),
        json!({ "remoteJid": RAUL, "pushName": "Raúl", "instanceId": "c1" }),
        json!({ "remoteJid": RAUL, "name": "Raúl" }),
        json!({ "id": RAUL, "name": "Raúl", "isSaved": true }),
        json!({ "id": RAUL, "pushName": "Raúl", "name": "Raúl" }),
    ];
    for row in rows {
        let told = people::contact(&row);
        let Some(Inbound::Contact(contact)) = told.first() else {
            panic!("a contact, not {told:?}")
        };
        assert_eq!(contact.saved_name, None, "{row}");
        assert_eq!(contact.push_name.as_deref(), Some("Raúl"), "it names them: {row}");
    }
    let librarys = people::contact(&json!({ "id": RAUL, "name": "Raúl taller", "notify": "Raúl" }));
    let Some(Inbound::Contact(contact)) = librarys.first() else {
        panic!("a contact, not {librarys:?}")
    };
    let names = (contact.saved_name.as_deref(), contact.push_name.as_deref());
    assert_eq!(
        names,
        (Some("Raúl taller"), Some("Raúl")),
        "the library tells both"
    );
}

#[test]
fn a_group_is_not_called_after_whoever_wrote_last() {
    // The server keeps the writer's name under the group's address.
    let row = json!({ "id": "c1", "remoteJid": TEAM, "pushName": "Raúl", "profilePicUrl": null });
    let told = people::contact(&row);
    assert!(
        matches!(told.first(), Some(Inbound::Contact(contact)) if contact.push_name.is_none()),
        "it is no name of the group"
    );
    assert_eq!(only_chat(&people::chat(&row)).name, None, "nor of its chat");
    let named = json!({ "remoteJid": TEAM, "name": "Equipo", "pushName": "Raúl" });
    assert_eq!(
        only_chat(&people::chat(&named)).name.as_deref(),
        Some("Equipo"),
        "its own name is"
    );
}

#[test]
fn the_hidden_number_beside_a_chat_is_the_same_persons() {
    let said = event(
        "chats.set",
        json!([{ "remoteJid": RAUL, "remoteLid": "99000000000021@lid", "name": "Raúl" }]),
    );
    assert!(
        matches!(said.get(1), Some(Inbound::SamePerson { .. })),
        "a pair was told: {said:?}"
    );
}

#[test]
fn what_is_kept_raw_holds_neither_the_token_nor_our_address() {
    let call = json!({
        "event": "typebot.start", "data": { "x": 1 }, "destination": "https://shop.test/mostrador-hook/canary-way",
        "server_url": "https://server.test", "apikey": "canary-token",
    });
    let said = webhook(call.to_string().as_bytes(), CAME, |_| false).expect("it is JSON");
    let Some(Inbound::Unknown { raw, .. }) = said.first() else {
        panic!("what is not known is kept")
    };
    assert!(!raw.contains("canary"), "who has the address may call us: {raw}");
}

#[test]
fn a_number_that_whatsapp_has_closed_is_not_linked() {
    for reason in [401, 402, 403, 406] {
        let said = event(
            "connection.update",
            json!({ "state": "close", "statusReason": reason }),
        );
        assert_eq!(
            said,
            [Inbound::Link(LinkChange::Unlinked)],
            "{reason}: the server tries no more"
        );
    }
}

#[test]
fn what_happens_has_the_time_of_its_arrival_whatever_zone_the_server_is_in_and_never_a_later_one() {
    const MINUTE: i64 = 60_000;
    const HOUR: i64 = 60 * MINUTE;
    let written = |at: i64| {
        let moment = chrono::DateTime::from_timestamp_millis(at).expect("a moment");
        moment.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
    };
    let read = |date_time: Option<String>| {
        let mut call = json!({
            "event": "messages.update", "instance": "practice",
            "data": { "keyId": "A", "remoteJid": "51900000021@s.whatsapp.net", "fromMe": false, "status": "READ" },
        });
        if let Some(date_time) = date_time {
            call["date_time"] = json!(date_time);
        }
        let said = webhook(call.to_string().as_bytes(), CAME, |_| false).expect("it is JSON");
        let chat = only_chat(&said);
        assert_eq!(chat.read_to.as_deref(), Some("A"), "and of which message");
        chat.at.expect("it is said when")
    };
    for (zone, late, expected, why) in [
        (0, 400, CAME.0 - 400, "Greenwich"),
        (-3 * HOUR, 400, CAME.0 - 400, "São Paulo: not three hours ago"),
        (
            -5 * HOUR,
            2 * MINUTE,
            CAME.0 - 2 * MINUTE,
            "Lima, and told a second time",
        ),
        (2 * HOUR, 400, CAME.0 - 400, "Madrid: not in two hours"),
        (5 * HOUR + 45 * MINUTE, 0, CAME.0, "Katmandu"),
        (
            HOUR,
            -3_000,
            CAME.0,
            "its clock goes before the one that we know of it",
        ),
        (
            -3 * HOUR,
            10 * MINUTE,
            CAME.0,
            "so late that it might be another zone",
        ),
        (-20 * HOUR, 0, CAME.0, "no zone at all"),
    ] {
        let told = read(Some(written(CAME.0 - late + zone)));
        assert_eq!(told, UnixMillis(expected), "{why}");
        assert!(told <= CAME, "{why}: what is written next is not read yet");
    }
    assert_eq!(read(None), CAME, "it is not said when");
    assert_eq!(
        read(Some("ayer".to_owned())),
        CAME,
        "nor in a way that is understood"
    );
}
