//! What a server of version 2.3.6 answered that had no number linked, handed to the facets that ask for it.

use mostrador_domain::{Address, Failure, FailureCode, Inbound, NotSentCause, UnknownCause};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use super::{code, health, link};
use crate::peer::{Peer, Reply};
use crate::recorded::{read, through_operations};
use crate::{CodeAnswer, HistoryQuery, LinkHealth, WebhookTarget};

const RECORDED: &str = include_str!("../../baileys/recorded/evolution.json");

/// The answer to this path with this status.
fn answer(path: &str, status: u16) -> Reply {
    let all: Vec<Value> = serde_json::from_str(RECORDED).expect("the recording is JSON");
    let found = all
        .iter()
        .find(|item| item["path"] == path && item["status"] == status);
    let found = found.unwrap_or_else(|| panic!("{status} of {path} was recorded"));
    Reply::json(status, &found["body"].to_string())
}

fn not_ready() -> Failure {
    Failure::NotSent {
        cause: NotSentCause::NotReady,
        retry_after: None,
    }
}

#[tokio::test]
async fn the_link_is_starting_or_is_not_there() {
    let connecting = || answer("/instance/connectionState/demo", 200);
    let none_yet = || answer("/instance/connect/demo", 200);
    let nobody = || answer("/instance/connectionState/nope", 404);
    let peer = Peer::start(vec![connecting(), none_yet(), nobody()]).await;
    let (link, _) = link(&peer);
    assert_eq!(
        health(&link).await,
        Ok(LinkHealth::Starting),
        "no code is on show"
    );
    assert_eq!(
        health(&link).await,
        Ok(LinkHealth::NotLinked),
        "there is no such instance"
    );
    for replies in [
        vec![connecting(), none_yet()],
        vec![nobody(), answer("/instance/create", 201)],
        vec![nobody(), answer("/instance/create", 403)],
    ] {
        let (told, _) = code(replies).await;
        assert!(told == Ok(CodeAnswer::Waiting), "the code is still to come");
    }
}

#[tokio::test]
async fn a_server_at_another_address_is_not_a_number_that_is_not_linked() {
    let peer = Peer::start(vec![answer("/nope", 404)]).await;
    let (link, _) = link(&peer);
    let unknown = Failure::Unknown {
        cause: UnknownCause::UnexpectedStatus(404),
    };
    assert_eq!(health(&link).await, Err(unknown), "nobody knows");
}

#[tokio::test]
async fn chats_and_messages_are_listed() {
    let peer = Peer::start(vec![
        answer("/chat/findChats/demo", 200),
        answer("/chat/findMessages/demo", 200),
        answer("/chat/findContacts/demo", 200),
    ])
    .await;
    let (link, _) = link(&peer);
    let chats = link.chats().expect("it lists chats").page(0, 10).await;
    let chats = chats.expect("it is understood");
    assert_eq!(chats.covered, 1, "one chat");
    let kinds = |said: &[Inbound]| {
        said.iter()
            .map(|one| matches!(one, Inbound::Chat(_) | Inbound::Message(_)))
            .collect::<Vec<bool>>()
    };
    assert_eq!(kinds(&chats.items), [true, true], "with its last message");
    let query = HistoryQuery {
        since: None,
        offset: 0,
        count: 1,
    };
    let history = link.history().expect("it has a history").recent(query).await;
    assert_eq!(
        kinds(&history.expect("it is understood").items),
        [true],
        "a page of one"
    );
    let person = Address::parse("51900000007");
    let contacts = link.contacts().expect("it knows persons");
    let found = contacts.one(&person).await.expect("it is understood");
    assert!(found.is_some_and(|found| found.push_name.is_some()), "by name");
}

#[tokio::test]
async fn persons_are_fetched_once_for_all_of_their_pages_and_none_is_taken_for_saved() {
    let row = |number: u32| {
        json!({
            "id": "c1", "remoteJid": format!("519000000{number}@s.whatsapp.net"), "pushName": "Ana", "profilePicUrl": null,
            "isGroup": false, "isSaved": true, "type": "contact",
        })
    };
    let peer = Peer::start(vec![Reply::json(
        200,
        &json!([row(23), row(22), row(21)]).to_string(),
    )])
    .await;
    let (link, _) = link(&peer);
    let contacts = link.contacts().expect("it lists persons");
    let mut told = Vec::new();
    for offset in [0, 2] {
        let page = contacts.page(offset, 2).await.expect("it is understood");
        told.extend(page.items.into_iter().map(|item| match item {
            Inbound::Contact(one) => (one.address, one.saved_name, one.push_name),
            other => panic!("{other:?} is no person"),
        }));
    }
    let ana = |number: &str| (Address::parse(number), None, Some("Ana".to_owned()));
    let expected = ["51900000021", "51900000022", "51900000023"].map(ana);
    assert_eq!(told, expected, "each once, by the name that may be their own");
    assert_eq!(peer.requests().len(), 1, "of a list that comes all at once");
}

#[tokio::test]
async fn what_needs_the_line_says_that_it_is_closed() {
    let peer = Peer::start(vec![
        answer("/chat/whatsappNumbers/demo", 400),
        answer("/group/fetchAllGroups/demo?getParticipants=false", 500),
        answer("/group/participants/demo?groupJid=120363000000000001@g.us", 404),
    ])
    .await;
    let (link, _) = link(&peer);
    let checked = link
        .contacts()
        .expect("it looks up")
        .check(&["51900000007".to_owned()])
        .await;
    assert_eq!(checked.err(), Some(not_ready()), "nobody is said to be missing");
    let groups = link.groups().expect("it lists groups");
    assert_eq!(groups.page(0, 5).await.err(), Some(not_ready()), "no empty list");
    let group = Address::parse("120363000000000001@g.us");
    assert_eq!(
        groups.one(&group).await.err(),
        Some(not_ready()),
        "no group that was left"
    );
}

#[tokio::test]
async fn the_address_of_somebody_else_is_found_and_left_alone() {
    let peer = Peer::start(vec![answer("/webhook/find/demo", 200)]).await;
    let (link, _) = link(&peer);
    let target = WebhookTarget {
        url: Url::parse("http://127.0.0.1:9/hook/x").expect("well-formed"),
        header: Some(("x-mostrador".to_owned(), SecretString::from("canary"))),
    };
    let hooks = link.webhooks().expect("it calls");
    let refused = Failure::Rejected {
        code: FailureCode::RefusedContent,
    };
    assert_eq!(
        hooks.register(&target, &["/hook/"]).await,
        Err(refused),
        "there is no room"
    );
    assert_eq!(peer.requests().len(), 1, "nothing was set");
}

#[tokio::test]
async fn each_recorded_exchange_comes_through_the_operations_as_it_is() {
    let exchanges = read(RECORDED);
    let (same, failed, unknown) = through_operations(&exchanges, |peer| link(peer).0).await;
    assert_eq!(unknown, ["/nope"], "the one that there is not");
    assert_eq!(same + failed.len() + unknown.len(), 41, "all of them");
    assert!(
        failed.iter().all(|(status, _)| matches!(status, 401 | 500)),
        "whatever is about the key or the server itself is no answer: {failed:?}"
    );
}
