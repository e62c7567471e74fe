//! How the fields of a message and of a deed are spelt, and what refusals of them mean.

use mostrador_domain::{
    Address, AuthLost, Choice, ContactCard, Failure, FailureCode, Interactive, NotSentCause, Outgoing,
    OutgoingBody, Poll, UnixMillis, UnknownCause,
};
use serde_json::{Value, json};

use super::{link, no, no_instance, ok};
use crate::Effect;
use crate::peer::{Peer, Reply};

const CUSTOMER: &str = "51900000031";

fn outgoing(body: OutgoingBody) -> Outgoing {
    Outgoing {
        to: Address::parse(CUSTOMER),
        body,
        quoted: None,
        mentions: Vec::new(),
        client_id: "c".to_owned(),
    }
}

/// The call and the fields of a send.
async fn sent(message: &Outgoing) -> (String, Value) {
    let taken = json!({ "key": { "remoteJid": "x", "fromMe": true, "id": "A1" }, "status": "PENDING" });
    let peer = Peer::start(vec![Reply::json(201, &taken.to_string())]).await;
    let (link, _) = link(&peer);
    let accepted = link.messaging().expect("it sends").send(message).await;
    assert_eq!(accepted.expect("it is taken").gateway_id, "A1", "under its id");
    let request = peer.requests().remove(0);
    let (head, body) = request.split_once("\r\n\r\n").expect("it has a body");
    let call = head.lines().next().unwrap_or_default().to_owned();
    (call, serde_json::from_str(body).expect("the body is JSON"))
}

#[tokio::test]
async fn a_text_that_answers_and_names_somebody_says_so_in_the_servers_words() {
    let message = Outgoing {
        quoted: Some("B2".to_owned()),
        mentions: vec![Address::parse("51900000032")],
        ..outgoing(OutgoingBody::Text("hola".to_owned()))
    };
    let (call, fields) = sent(&message).await;
    assert!(call.starts_with("POST /message/sendText/centro "), "{call}");
    let expected = json!({
        "number": CUSTOMER, "text": "hola", "quoted": { "key": { "id": "B2" } }, "mentioned": ["51900000032"],
    });
    assert_eq!(fields, expected, "no more and no less");
}

#[tokio::test]
async fn whoever_shows_only_a_hidden_number_is_named_by_it_and_each_once() {
    let naming = |named: &[&str]| Outgoing {
        mentions: named.iter().map(|who| Address::parse(who)).collect(),
        ..outgoing(OutgoingBody::Text("hola".to_owned()))
    };
    let hidden = "99000000000032@lid";
    let (_, fields) = sent(&naming(&["51900000032", hidden, "51900000032"])).await;
    assert_eq!(
        fields["mentioned"],
        json!(["51900000032", hidden]),
        "the schema takes digits with whatever follows, and nobody twice"
    );
    let (_, fields) = sent(&naming(&["120363000000000031@g.us"])).await;
    assert_eq!(fields.get("mentioned"), None, "an empty list would be refused");
}

#[tokio::test]
async fn an_edit_names_the_chat_as_the_server_has_it() {
    // It has the chat under the hidden number, and refuses another address of the same person.
    let stored = json!({ "id": "C3", "remoteJid": "99000000000031@lid", "fromMe": true });
    let found = ok(json!({ "messages": { "total": 1, "records": [{ "key": stored }] } }));
    let peer = Peer::start(vec![found, Reply::json(200, r#"{"key":{"id":"D4"}}"#)]).await;
    let (link, _) = link(&peer);
    let actions = link.message_actions().expect("it acts");
    let edited = actions.edit(&Address::parse(CUSTOMER), "C3", "otra").await;
    assert_eq!(edited, Ok(Effect::Done), "it is edited");
    let request = peer.requests().remove(1);
    let (_, body) = request.split_once("\r\n\r\n").expect("it has a body");
    let body: Value = serde_json::from_str(body).expect("the body is JSON");
    assert_eq!(
        body,
        json!({ "number": "99000000000031@lid", "text": "otra", "key": stored }),
        "no more and no less"
    );
}

#[tokio::test]
async fn cards_polls_and_lists_have_all_that_their_schemas_ask_for() {
    let card = |name: &str| ContactCard {
        name: name.to_owned(),
        vcard: format!("BEGIN:VCARD\nFN:{name}\nTEL:+51900000033\nEND:VCARD"),
    };
    let (call, fields) = sent(&outgoing(OutgoingBody::Contacts(vec![
        card("Julia"),
        card("Raúl"),
    ])))
    .await;
    assert!(call.starts_with("POST /message/sendContact/centro "), "{call}");
    assert_eq!(
        fields["contact"].as_array().map(Vec::len),
        Some(2),
        "cards are a list"
    );

    let asked = Poll {
        question: "¿Sabor?".to_owned(),
        options: vec!["lúcuma".to_owned(), "coco".to_owned()],
        several: true,
    };
    let (_, fields) = sent(&outgoing(OutgoingBody::Poll(asked))).await;
    assert_eq!(fields["selectableCount"], 2, "as many as there are");

    let choice = Choice {
        id: "1".to_owned(),
        title: "Torta".to_owned(),
        description: None,
    };
    let shown = Interactive {
        body: "Elija".to_owned(),
        list_label: Some("Carta".to_owned()),
        choices: vec![choice],
        ..Interactive::default()
    };
    let (_, fields) = sent(&outgoing(OutgoingBody::Interactive(shown))).await;
    assert_eq!(fields["footerText"], "", "it has to be there, and there is none");
    assert_eq!(
        fields["sections"][0]["rows"][0],
        json!({ "title": "Torta", "rowId": "1" }),
        "a description must not be empty"
    );
}

#[tokio::test]
async fn refusals_of_a_send_say_what_to_do() {
    let rejected = |code| Failure::Rejected { code };
    let not_there = json!([{ "jid": "x", "exists": false, "number": CUSTOMER }]);
    let cases = [
        (no(400, not_there), rejected(FailureCode::RefusedRecipient)),
        (
            no(400, json!(["Text is required"])),
            rejected(FailureCode::RefusedContent),
        ),
        (no(404, json!(["x"])), rejected(FailureCode::RefusedContent)),
        (
            Reply::bytes(404, "text/html", b"<html>nginx</html>"),
            Failure::Unknown {
                cause: UnknownCause::UnexpectedStatus(404),
            },
        ),
        (
            Reply::json(404, "{}"),
            Failure::Unknown {
                cause: UnknownCause::UnexpectedStatus(404),
            },
        ),
        (no_instance(), Failure::AuthLost { lost: AuthLost::Link }),
        (
            no(403, json!("x")),
            Failure::AuthLost {
                lost: AuthLost::Token,
            },
        ),
        (
            no(500, json!("Connection Closed")),
            Failure::NotSent {
                cause: NotSentCause::NotReady,
                retry_after: None,
            },
        ),
    ];
    for (place, (reply, expected)) in cases.into_iter().enumerate() {
        let peer = Peer::start(vec![reply]).await;
        let (link, _) = link(&peer);
        let told = link
            .messaging()
            .expect("it sends")
            .send(&outgoing(OutgoingBody::Text("hola".to_owned())))
            .await;
        assert_eq!(told.err(), Some(expected), "case {place}");
    }
}

#[tokio::test]
async fn what_is_done_to_a_message_names_it_by_its_whole_key() {
    let stored = json!({
        "id": "C3", "remoteJid": "120363000000000031@g.us", "fromMe": false, "participant": "99000000000031@lid",
        "participantAlt": "51900000031@s.whatsapp.net",
    });
    let found = |key: &Value| ok(json!({ "messages": { "total": 1, "records": [{ "key": key }] } }));
    let done = || Reply::json(201, r#"{"key":{"id":"D4"}}"#);
    let peer = Peer::start(vec![found(&stored), done()]).await;
    let (link, _) = link(&peer);
    let chat = Address::parse("120363000000000031@g.us");
    let actions = link.message_actions().expect("it acts");
    assert_eq!(
        actions.react(&chat, "C3", Some("👍")).await,
        Ok(Effect::Done),
        "it is our reaction"
    );
    let (_, body) = peer.requests()[1]
        .split_once("\r\n\r\n")
        .map(|(head, body)| (head.to_owned(), body.to_owned()))
        .expect("it has a body");
    let body: Value = serde_json::from_str(&body).expect("the body is JSON");
    let key = json!({
        "id": "C3", "remoteJid": "120363000000000031@g.us", "fromMe": false, "participant": "99000000000031@lid",
    });
    assert_eq!(
        body,
        json!({ "key": key, "reaction": "👍" }),
        "whose it is, and who wrote it"
    );

    let other = json!({ "id": "E5", "remoteJid": "x", "fromMe": true });
    let peer = Peer::start(vec![
        found(&other),
        ok(json!({ "messages": { "total": 0, "records": [] } })),
    ])
    .await;
    let (link, _) = super::link(&peer);
    let actions = link.message_actions().expect("it acts");
    for place in ["another message", "none"] {
        assert_eq!(
            actions.delete(&chat, "C3").await,
            Ok(Effect::NothingThere),
            "{place} is found: nothing is deleted"
        );
    }
}

#[tokio::test]
async fn a_page_of_a_proxy_has_done_nothing_and_denies_nothing() {
    let page = || Reply::bytes(404, "text/html", b"<html>nginx</html>");
    let unknown = Failure::Unknown {
        cause: UnknownCause::UnexpectedStatus(404),
    };
    let found = ok(json!([{ "key": { "id": "C3", "remoteJid": "x", "fromMe": true } }]));
    let peer = Peer::start(vec![page(), found, page(), page(), page()]).await;
    let (link, _) = link(&peer);
    let chat = Address::parse(CUSTOMER);
    let query = crate::HistoryQuery {
        since: None,
        offset: 0,
        count: 10,
    };
    let told = link.history().expect("it lists").of_chat(&chat, query).await;
    assert!(told == Err(unknown.clone()), "no list");
    let done = link.message_actions().expect("it acts").delete(&chat, "C3").await;
    assert_eq!(done, Err(unknown.clone()), "nobody knows whether it is there");
    let group = Address::parse("120363000000000031@g.us");
    let asked = link.groups().expect("it lists groups").one(&group).await;
    assert_eq!(asked, Err(unknown.clone()), "nobody is out of a group by that");
    let mut bytes = Vec::new();
    let media = link.media().expect("it hands files out");
    let fetched = media.download("C3", 1_000, &mut bytes).await;
    assert_eq!(fetched, Err(unknown), "the file may be there");
}

#[tokio::test]
async fn a_call_about_another_instance_says_nothing_of_ours() {
    let peer = Peer::start(Vec::new()).await;
    let (link, _) = link(&peer);
    for (instance, expected) in [("centro", 1), ("norte", 0)] {
        let body = json!({ "event": "connection.update", "instance": instance, "data": { "state": "open" } });
        let body = body.to_string();
        let call = crate::WebhookCall {
            method: "POST",
            tail: "",
            body: body.as_bytes(),
            at: UnixMillis(0),
        };
        let heard = link.webhooks().expect("it calls").decode(&call);
        assert_eq!(heard.map(|events| events.len()), Ok(expected), "{instance}");
    }
}

#[tokio::test]
async fn a_group_is_not_missing_because_the_line_is() {
    let closed = no(404, json!(["Error fetching group", "Error: Connection Closed"]));
    let missing = no(404, json!(["Error fetching group", "Error: item-not-found"]));
    let peer = Peer::start(vec![closed, missing]).await;
    let (link, _) = link(&peer);
    let groups = link.groups().expect("it lists groups");
    let group = Address::parse("120363000000000031@g.us");
    let not_ready = Failure::NotSent {
        cause: NotSentCause::NotReady,
        retry_after: None,
    };
    assert_eq!(groups.one(&group).await, Err(not_ready), "nobody knows");
    assert_eq!(groups.one(&group).await, Ok(None), "the number is not in it");
}

#[tokio::test]
async fn what_is_done_to_a_chat_takes_its_newest_message_along() {
    let (chat, jid) = (Address::parse(CUSTOMER), "51900000031@s.whatsapp.net");
    let key = json!({ "id": "A1", "remoteJid": jid, "fromMe": false });
    let newest = json!({ "key": key, "message": { "conversation": "x" }, "messageTimestamp": 1_768_263_506 });
    let page = |records: Value| ok(json!({ "messages": { "total": 1, "records": records } }));
    let peer = Peer::start(vec![
        page(json!([newest])),
        ok(json!({ "chatId": jid, "archived": true })),
        page(json!([newest])),
        ok(json!({ "chatId": jid, "markedChatUnread": true })),
        page(json!([])),
    ])
    .await;
    let (link, _) = link(&peer);
    let actions = link.chat_actions().expect("it does something to chats");
    assert_eq!(actions.archive(&chat, false).await, Ok(Effect::Done), "taken out");
    assert_eq!(actions.mark_unread(&chat).await, Ok(Effect::Done), "unread");
    assert_eq!(
        actions.archive(&chat, true).await,
        Ok(Effect::NothingThere),
        "without a message there is nothing to name it by"
    );
    let asked = peer.requests();
    let body = |place: usize| -> Value {
        let (_, body) = asked[place].split_once("\r\n\r\n").expect("it has a body");
        serde_json::from_str(body).expect("the body is JSON")
    };
    let last = json!({ "key": key, "messageTimestamp": 1_768_263_506 });
    assert!(
        asked[1].starts_with("POST /chat/archiveChat/centro "),
        "{}",
        asked[1]
    );
    assert_eq!(
        body(1),
        json!({ "lastMessage": last, "chat": jid, "archive": false })
    );
    assert!(
        asked[3].starts_with("POST /chat/markChatUnread/centro "),
        "{}",
        asked[3]
    );
    assert_eq!(body(3), json!({ "lastMessage": last, "chat": jid }));
    assert_eq!(asked.len(), 5, "and nothing more is asked");
}
