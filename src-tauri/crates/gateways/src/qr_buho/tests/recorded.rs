//! What a real server answered, as its vendor recorded it: each exchange comes through the operations as it is, and each that a facet asks
//! for is read field by field.

use mostrador_domain::{
    Choice, ContactCard, DeliveryStatus, GroupSnapshot, Inbound, Interactive, LabelSnapshot, Location,
    MediaBody, MediaKind, MemberRank, MessageBody, OutgoingFile, OutgoingMedia, Poll, UnixMillis,
    UnknownCause,
};

use super::*;
use crate::recorded::{Exchange, read, through_operations};
use crate::{Effect, HistoryQuery, NumberVerdict};

const RECORDING: &str = include_str!("../../baileys/recorded/qr_buho.json");
const GROUP: &str = "120363000000000001@g.us";

fn recorded() -> Vec<Exchange> {
    read(RECORDING)
}

/// The answer of this path, the `nth` of its kind.
fn answer(path: &str, nth: usize) -> Reply {
    let found = recorded().into_iter().filter(|one| one.path == path).nth(nth);
    let found = found.unwrap_or_else(|| panic!("{path} was recorded"));
    found.reply()
}

#[tokio::test]
async fn each_recorded_exchange_comes_through_the_operations_as_it_is() {
    let open = |peer: &Peer| with_token(peer, "qrapi2");
    let (same, failed, unknown) = through_operations(&recorded(), open).await;
    assert_eq!(unknown, Vec::<String>::new(), "each is in the catalogue");
    assert_eq!(same + failed.len(), 38, "all that have an answer");
    let broken = Failure::Unknown {
        cause: UnknownCause::ServerError(500),
    };
    assert!(
        failed.iter().all(|failed| *failed == (500, broken.clone())),
        "only a server's own error is no answer: {failed:?}"
    );
}

fn media(kind: MediaKind, mime: &str, bytes: &[u8]) -> OutgoingBody {
    OutgoingBody::Media(OutgoingMedia {
        kind,
        caption: (kind == MediaKind::Document).then(|| "Texto 4".to_owned()),
        mime: mime.to_owned(),
        file_name: (kind == MediaKind::Document).then(|| "Texto 3".to_owned()),
        seconds: None,
        waveform: None,
        file: OutgoingFile::from(bytes.to_vec()),
    })
}

fn card() -> ContactCard {
    ContactCard {
        name: "Ana".to_owned(),
        vcard: "BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nTEL:+51900000041\nEND:VCARD".to_owned(),
    }
}

fn poll() -> Poll {
    Poll {
        question: "Texto 10".to_owned(),
        options: ["Texto 11", "Texto 12", "Texto 13"].map(str::to_owned).to_vec(),
        several: false,
    }
}

fn buttons() -> Interactive {
    Interactive {
        header: Some("Título".to_owned()),
        body: "Texto 14".to_owned(),
        footer: Some("Texto 15".to_owned()),
        list_label: None,
        choices: vec![Choice {
            id: "si".to_owned(),
            title: "Sí".to_owned(),
            description: None,
        }],
    }
}

/// Each send that was recorded: its place, what was sent, the fields that it took, the id and the second in which it was taken.
fn sends() -> Vec<(usize, OutgoingBody, Value, &'static str, i64)> {
    let place = Location {
        latitude: -16.5,
        longitude: -151.7,
        name: Some("Bora Bora".to_owned()),
        address: Some("Polinesia".to_owned()),
        live: false,
    };
    let contact = json!({ "fullName": "Ana", "phoneNumber": "+51900000041", "wuid": "51900000041" });
    vec![
        (
            0,
            media(MediaKind::Document, "application/pdf", b"%PDF"),
            json!({ "number": NUMBER, "filename": "Texto 3", "message": "Texto 4", "file": "JVBERg==" }),
            "MSGID000000000000001",
            1_768_263_279,
        ),
        (
            2,
            OutgoingBody::Text("hola".to_owned()),
            json!({ "number": NUMBER, "message": "hola" }),
            "MSGID000000000000002",
            1_768_263_506,
        ),
        (
            5,
            media(MediaKind::Voice, "audio/ogg", b"OggS"),
            json!({ "number": NUMBER, "audio": "T2dnUw==" }),
            "MSGID000000000000003",
            1_768_264_877,
        ),
        (
            6,
            OutgoingBody::Location(place),
            json!({ "number": NUMBER, "name": "Bora Bora", "address": "Polinesia", "latitude": -16.5, "longitude": -151.7 }),
            "MSGID000000000000004",
            1_768_264_960,
        ),
        (
            7,
            OutgoingBody::Contacts(vec![card(), card()]),
            json!({ "number": NUMBER, "contact": [contact, contact] }),
            "MSGID000000000000005",
            1_768_265_493,
        ),
        (
            8,
            OutgoingBody::Poll(poll()),
            json!({
                "number": NUMBER, "name": "Texto 10", "selectableCount": 1, "values": ["Texto 11", "Texto 12", "Texto 13"],
            }),
            "MSGID000000000000006",
            1_768_265_567,
        ),
        (
            10,
            OutgoingBody::Interactive(buttons()),
            json!({
                "number": NUMBER, "title": "Título", "description": "Texto 14", "footer": "Texto 15",
                "buttons": [{ "type": "reply", "displayText": "Sí", "id": "si" }],
            }),
            "MSGID000000000000007",
            1_768_266_130,
        ),
    ]
}

fn body_of(request: &str) -> Value {
    let (_, body) = request.split_once("\r\n\r\n").expect("it has a body");
    serde_json::from_str(body).unwrap_or_default()
}

async fn deliver(link: &dyn DeviceLink, body: OutgoingBody) -> Result<Accepted, Failure> {
    let message = Outgoing {
        to: Address::parse(NUMBER),
        body,
        quoted: None,
        mentions: Vec::new(),
        client_id: "c".to_owned(),
    };
    link.messaging().expect("it sends").send(&message).await
}

#[tokio::test]
async fn each_recorded_send_takes_its_recorded_fields_and_gives_its_id_and_time() {
    for (nth, body, fields, id, second) in sends() {
        let peer = Peer::start(vec![answer("/message/send", nth)]).await;
        let taken = deliver(&*with_token(&peer, "qrapi2"), body).await;
        let expected = Accepted {
            gateway_id: id.to_owned(),
            status: DeliveryStatus::Sent,
            at: Some(UnixMillis(second * 1_000)),
        };
        assert_eq!(taken, Ok(expected), "{id}");
        let request = peer.requests().remove(0);
        assert!(request.starts_with("POST /message/send "), "{id}");
        assert_eq!(body_of(&request), fields, "{id}");
    }
    let refused = |code| Failure::Rejected { code };
    let peer = Peer::start(Vec::new()).await;
    let list = Interactive {
        list_label: Some("Carta".to_owned()),
        ..buttons()
    };
    let told = deliver(&*with_token(&peer, "qrapi2"), OutgoingBody::Interactive(list)).await;
    assert_eq!(
        told,
        Err(refused(FailureCode::RefusedContent)),
        "lists failed when they were recorded"
    );
    assert_eq!(peer.requests(), Vec::<String>::new(), "so none leaves");
    let server = Failure::Unknown {
        cause: UnknownCause::ServerError(500),
    };
    let refusals = [
        (1, refused(FailureCode::RefusedRecipient)),
        (3, server),
        (4, refused(FailureCode::RefusedContent)),
        (9, refused(FailureCode::RefusedContent)),
    ];
    for (nth, failure) in refusals {
        let peer = Peer::start(vec![answer("/message/send", nth)]).await;
        let body = OutgoingBody::Text("hola".to_owned());
        let told = deliver(&*with_token(&peer, "qrapi2"), body).await;
        assert_eq!(told, Err(failure), "refusal {nth}");
    }
}

fn file_of(body: &MessageBody) -> &MediaBody {
    match body {
        MessageBody::Media(media) => media,
        other => panic!("it is a file, not {}", other.kind_word()),
    }
}

#[test]
fn each_recorded_message_is_read_field_by_field() {
    let sent: Vec<Value> = recorded()
        .iter()
        .filter_map(|one| one.body.pointer("/data/data").cloned())
        .filter(|sent| sent.get("key").is_some())
        .collect();
    let ids: Vec<String> = (1..=7).map(|n| format!("MSGID{n:015}")).collect();
    let seconds = [
        1_768_263_279,
        1_768_263_506,
        1_768_264_877,
        1_768_264_960,
        1_768_265_493,
        1_768_265_567,
        1_768_266_130,
    ];
    let mut bodies = Vec::new();
    for ((sent, id), second) in sent.iter().zip(&ids).zip(seconds) {
        let Some(Inbound::Message(message)) = crate::baileys::message(sent).into_iter().next() else {
            panic!("{id} is a message")
        };
        assert_eq!(&message.gateway_id, id, "its id");
        assert_eq!(message.chat, Address::parse("51900000001"), "{id}: its chat");
        assert_eq!(message.at, UnixMillis(second * 1_000), "{id}: its time");
        assert!(message.from_me && message.sender.is_none(), "{id}: it is ours");
        assert_eq!(message.sender_name, None, "{id}: our own name is not a sender's");
        assert_eq!(message.status, Some(DeliveryStatus::Sent), "{id}: on its way");
        assert!(
            message.context.quoted.is_none() && message.context.mentions.is_empty(),
            "{id}: it answers nothing and names nobody"
        );
        bodies.push(message.body);
    }
    let hash = "00070e151c232a31383f464d545b0108";
    let document = file_of(&bodies[0]);
    assert_eq!(document.kind, MediaKind::Document);
    assert_eq!(document.caption.as_deref(), Some("Texto 4"));
    assert_eq!(document.file.file_name.as_deref(), Some("Texto 3"));
    assert_eq!(document.file.mime, "application/pdf");
    assert_eq!(document.file.bytes, Some(71_689));
    assert_eq!(
        document.file.gateway_ref, ids[0],
        "its bytes are asked for by its message"
    );
    assert!(
        document
            .file
            .sha256
            .as_ref()
            .is_some_and(|told| told.starts_with(hash))
    );
    assert!(bodies[1] == MessageBody::Text("Texto 5".to_owned()));
    let voice = file_of(&bodies[2]);
    assert_eq!(voice.kind, MediaKind::Voice);
    assert_eq!(voice.file.mime, "audio/ogg; codecs=opus");
    assert_eq!(
        (voice.file.bytes, voice.file.seconds),
        (Some(2_934_567), Some(182))
    );
    assert_eq!(voice.file.waveform.as_ref().map(Vec::len), Some(64));
    let place = Location {
        latitude: -16.505_538_233_564_373,
        longitude: -151.742_277_049_499_6,
        name: Some("Texto 6".to_owned()),
        address: Some("Texto 7".to_owned()),
        live: false,
    };
    assert!(bodies[3] == MessageBody::Location(place));
    let told = ContactCard {
        name: "Texto 8".to_owned(),
        vcard: "BEGIN:VCARD\nVERSION:3.0\nFN:Texto\nTEL;waid=51900000041:+51 900 000 041\nEND:VCARD"
            .to_owned(),
    };
    assert!(bodies[4] == MessageBody::Contacts(vec![told.clone(), told]));
    assert!(bodies[5] == MessageBody::Poll(poll()));
    let MessageBody::Interactive(Interactive {
        header,
        body,
        footer,
        list_label,
        choices,
    }) = &bodies[6]
    else {
        panic!("it has buttons")
    };
    assert_eq!((header, list_label), (&None, &None));
    assert_eq!((body.as_str(), footer.as_deref()), ("Texto 14", Some("Texto 15")));
    let choices: Vec<_> = choices
        .iter()
        .map(|one| (one.id.as_str(), one.title.as_str()))
        .collect();
    assert_eq!(choices, [("si", "Sí")]);
}

fn found(id: &str, chat: &str) -> Reply {
    let key = json!({ "id": id, "remoteJid": chat, "fromMe": true });
    ok(&json!([{ "key": key, "message": { "conversation": "x" }, "messageTimestamp": 1 }]))
}

#[tokio::test]
async fn what_is_done_to_messages_and_chats_takes_its_recorded_fields() {
    let chat = Address::parse("51900000006");
    let jid = "51900000006@s.whatsapp.net";
    let id = "MSGID000000000000013";
    let key = json!({ "id": id, "remoteJid": jid, "fromMe": true });
    let there = || found(id, jid);
    let peer = Peer::start(vec![
        there(),
        answer("/chat/message/update", 1),
        there(),
        answer("/chat/message/update", 0),
        there(),
        answer("/chat/message/delete", 0),
        there(),
        answer("/chat/message/mark-unread", 0),
        there(),
        ok(&json!({ "message": "x" })),
        answer("/chat/message/mark-read", 0),
    ])
    .await;
    let link = with_token(&peer, "qrapi2");
    let on_messages = link.message_actions().expect("it does something to messages");
    let on_chats = link.chat_actions().expect("and to chats");
    assert_eq!(on_messages.edit(&chat, id, "holaaa").await, Ok(Effect::Done));
    let refused = Failure::Rejected {
        code: FailureCode::RefusedContent,
    };
    let late = on_messages.edit(&chat, id, "holaaa").await;
    assert_eq!(
        late,
        Err(refused),
        "a message that was deleted takes no other words"
    );
    assert_eq!(on_messages.delete(&chat, id).await, Ok(Effect::Done));
    assert_eq!(on_chats.mark_unread(&chat).await, Ok(Effect::Done));
    assert_eq!(on_chats.archive(&chat, true).await, Ok(Effect::Done));
    let read = link.read_state().expect("it marks as read");
    assert_eq!(read.mark_read(&chat, id).await, Ok(()));

    let asked = peer.requests();
    let update = json!({ "number": "51900000006", "key": key, "text": "holaaa" });
    let last = json!({ "key": key });
    let expected = [
        (1, "POST /chat/message/update ", update),
        (5, "DELETE /chat/message/delete ", key.clone()),
        (
            7,
            "POST /chat/message/mark-unread ",
            json!({ "lastMessage": last, "chat": jid }),
        ),
        (
            9,
            "POST /chat/archive ",
            json!({ "lastMessage": last, "chat": jid, "archive": true }),
        ),
        (
            10,
            "POST /chat/message/mark-read ",
            json!({ "readMessages": [{ "remoteJid": jid, "fromMe": false, "id": id }] }),
        ),
    ];
    for (place, call, fields) in expected {
        assert!(asked[place].starts_with(call), "{call}: {}", asked[place]);
        assert_eq!(body_of(&asked[place]), fields, "{call}");
    }
}

#[tokio::test]
async fn the_newest_generation_deletes_by_the_query_and_archives_by_its_own_call() {
    let chat = Address::parse("51900000006");
    let id = "MSGID000000000000013";
    let done = || ok(&json!({ "archived": true }));
    let peer = Peer::start(vec![
        found(id, chat.as_str()),
        answer("/chat/message/delete", 0),
        done(),
        ok(&json!({ "deleted": true, "message": "x" })),
        found("another", chat.as_str()),
        ok(&json!([])),
    ])
    .await;
    let link = with_token(&peer, "current");
    let on_messages = link.message_actions().expect("it does something to messages");
    let on_chats = link.chat_actions().expect("and to chats");
    assert_eq!(on_messages.delete(&chat, id).await, Ok(Effect::Done));
    assert_eq!(on_chats.archive(&chat, true).await, Ok(Effect::Done));
    assert_eq!(on_chats.delete(&chat).await, Ok(Effect::Done));
    let other = on_messages.delete(&chat, id).await;
    assert_eq!(
        other,
        Ok(Effect::NothingThere),
        "another message is never deleted"
    );
    assert_eq!(
        on_chats.archive(&chat, false).await,
        Ok(Effect::NothingThere),
        "no message, no key"
    );
    let asked = peer.requests();
    assert!(
        asked[1].starts_with(
            "DELETE /chat/message/delete?remoteJid=51900000006%40s.whatsapp.net&id=MSGID000000000000013&fromMe=true "
        ),
        "{}",
        asked[1]
    );
    assert!(asked[2].starts_with("POST /api/chat/archive "), "its own call");
    assert_eq!(
        body_of(&asked[3]),
        json!({ "remoteJid": chat.as_str(), "deleteForEveryone": false }),
        "for us alone"
    );
    assert_eq!(asked.len(), 6, "nothing is done without a key");
}

fn gone() -> Reply {
    Reply::json(404, r#"{"success":false,"message":"x"}"#)
}

#[tokio::test]
async fn recorded_look_ups_are_read_field_by_field() {
    let peer = Peer::start(vec![
        answer("/chat/numbers/check", 0),
        answer("/chat/message/base64", 0),
        answer("/api/label/find", 0),
        answer("/api/group/find", 0),
        answer("/api/group/all", 0),
        gone(),
        gone(),
        answer("/chat/message/delete", 0),
    ])
    .await;
    let link = with_token(&peer, "qrapi2");
    let numbers = ["51900000007".to_owned(), "51900000009".to_owned()];
    let verdicts = link.contacts().expect("it looks up").check(&numbers).await;
    let on = |number: &str| NumberVerdict::OnWhatsApp(Address::parse(number));
    assert_eq!(
        verdicts,
        Ok(vec![on("51900000001"), on("51900000008")]),
        "by WhatsApp's own spelling"
    );

    let mut bytes = Vec::new();
    let media = link.media().expect("it hands files out");
    assert_eq!(
        media.download("MSGID000000000000012", 1_000, &mut bytes).await,
        Ok(())
    );
    assert_eq!(bytes, [0, 1, 2, 3], "out of their base64");

    let label = |id: &str, name: &str| LabelSnapshot {
        gateway_id: id.to_owned(),
        name: Some(name.to_owned()),
        colour: Some("0".to_owned()),
    };
    let labels = link.labels().expect("it has labels").list().await;
    let expected = [
        ("4", "Texto 29"),
        ("2", "Texto 30"),
        ("1", "Texto 31"),
        ("3", "Texto 32"),
    ];
    assert_eq!(labels, Ok(expected.map(|(id, name)| label(id, name)).to_vec()));

    let groups = link.groups().expect("it has groups");
    let group = groups.one(&Address::parse(GROUP)).await;
    let member = |id: &str, rank| (Address::parse(&format!("{id}@lid")), rank);
    let expected = GroupSnapshot {
        group: Address::parse(GROUP),
        name: Some("Texto 22".to_owned()),
        description: Some("Texto 23".to_owned()),
        members: Some(vec![
            member("100000000000002", MemberRank::Member),
            member("100000000000001", MemberRank::Creator),
            member("100000000000003", MemberRank::Member),
        ]),
        announcements: Some(false),
    };
    assert!(group == Ok(Some(expected)), "a group with everybody in it");
    let page = groups.page(0, 10).await.expect("it is answered");
    let names: Vec<_> = page
        .items
        .iter()
        .filter_map(|item| match item {
            Inbound::Group(group) => Some((group.group.as_str(), group.name.as_deref())),
            _ => None,
        })
        .collect();
    let expected = [
        ("120363000000000002@g.us", Some("Texto 24")),
        ("51900000014-1556995976@g.us", Some("Texto 26")),
    ];
    assert_eq!(names, expected, "of two groups, as the list names them");

    let query = HistoryQuery {
        since: None,
        offset: 0,
        count: 5,
    };
    let history = link.history().expect("it has a history");
    assert!(
        history.recent(query).await.is_err(),
        "an answer that is no list is none"
    );
}
