//! What is done to messages and chats: the call of each action, and what its answers mean.

use mostrador_domain::{Address, Failure, FailureCode, UnixMillis, UnknownCause};
use serde_json::{Value, json};

use super::{NOT_READY, NUMBER, done, health, linked_to, only_asked, rejected};
use crate::peer::{Peer, Reply};
use crate::{ChatActions, DeviceLink, DisappearAfter, Effect, MessageActions, PinFor};

const ID: &str = "Own.00001-bbbb0001";

/// All actions, by number; `None` when there are no more.
async fn act(link: &dyn DeviceLink, number: usize) -> Option<Result<Effect, Failure>> {
    let messages: &dyn MessageActions = link.message_actions().expect("it acts on messages");
    let chats: &dyn ChatActions = link.chat_actions().expect("it acts on chats");
    let chat = &Address::parse(NUMBER);
    Some(match number {
        0 => messages.edit(chat, ID, "mejor así").await,
        1 => messages.delete(chat, ID).await,
        2 => messages.react(chat, ID, Some("🍞")).await,
        3 => messages.react(chat, ID, None).await,
        4 => messages.star(chat, ID, true).await,
        5 => messages.pin(chat, ID, Some(PinFor::Month)).await,
        6 => messages.pin(chat, ID, None).await,
        7 => chats.archive(chat, true).await,
        8 => chats.pin(chat, false).await,
        9 => chats.mute(chat, UnixMillis(1_790_000_000_000)).await,
        10 => chats.mute(chat, UnixMillis(i64::MAX)).await,
        11 => chats.mute(chat, UnixMillis(0)).await,
        12 => chats.mark_unread(chat).await,
        13 => chats.disappearing(chat, Some(DisappearAfter::Quarter)).await,
        14 => chats.disappearing(chat, None).await,
        15 => chats.delete(chat).await,
        _ => return None,
    })
}

fn expected() -> Vec<(&'static str, Value)> {
    vec![
        (
            "POST /messages/text",
            json!({"to": "51900000021@s.whatsapp.net", "body": "mejor así", "edit": ID}),
        ),
        ("DELETE /messages/Own.00001-bbbb0001", Value::Null),
        (
            "PUT /messages/Own.00001-bbbb0001/reaction",
            json!({"emoji": "🍞"}),
        ),
        ("DELETE /messages/Own.00001-bbbb0001/reaction", Value::Null),
        ("PUT /messages/Own.00001-bbbb0001/star", json!({"starred": true})),
        ("POST /messages/Own.00001-bbbb0001/pin", json!({"time": "month"})),
        ("DELETE /messages/Own.00001-bbbb0001/pin", Value::Null),
        ("POST /chats/51900000021@s.whatsapp.net", json!({"archive": true})),
        ("PATCH /chats/51900000021@s.whatsapp.net", json!({"pin": false})),
        (
            "PATCH /chats/51900000021@s.whatsapp.net",
            json!({"mute_until": 1_790_000_000_000_i64}),
        ),
        (
            "PATCH /chats/51900000021@s.whatsapp.net",
            json!({"mute_until": 253_402_300_799_000_i64}),
        ),
        (
            "PATCH /chats/51900000021@s.whatsapp.net",
            json!({"mute_until": 0}),
        ),
        (
            "PATCH /chats/51900000021@s.whatsapp.net",
            json!({"mark_unread": true}),
        ),
        (
            "PATCH /chats/51900000021@s.whatsapp.net",
            json!({"ephemeral": "quarter"}),
        ),
        (
            "PATCH /chats/51900000021@s.whatsapp.net",
            json!({"ephemeral": "none"}),
        ),
        ("DELETE /chats/51900000021@s.whatsapp.net", Value::Null),
    ]
}

async fn acted(number: usize, replies: Vec<Reply>) -> (Peer, Result<Effect, Failure>) {
    let (peer, link) = linked_to(replies).await;
    let result = act(&*link, number).await.expect("there is such an action");
    (peer, result)
}

#[tokio::test]
async fn every_action_is_one_call_that_names_the_state_that_shall_be() {
    let expected = expected();
    let (_peer, link) = linked_to(Vec::new()).await;
    assert!(
        act(&*link, expected.len()).await.is_none(),
        "all actions are looked at"
    );
    for (number, (line, body)) in expected.into_iter().enumerate() {
        let (peer, result) = acted(number, vec![done()]).await;
        assert_eq!(result, Ok(Effect::Done), "action {number}");
        assert_eq!(only_asked(&peer), (line.to_owned(), body), "action {number}");
    }
}

#[tokio::test]
async fn every_action_tells_a_refusal_from_nothing_there_and_from_nobody_knows() {
    let unknown = |cause| Err(Failure::Unknown { cause });
    for number in 0..expected().len() {
        let answers = [
            (Reply::json(404, "{}"), Ok(Effect::NothingThere)),
            (Reply::json(400, "{}"), Err(rejected(FailureCode::RefusedContent))),
            (Reply::json(402, "{}"), Err(rejected(FailureCode::PlanLimit))),
            (Reply::json(200, r#"{"success":false}"#), Err(NOT_READY)),
            (Reply::json(500, "{}"), unknown(UnknownCause::ServerError(500))),
            (Reply::Cut, unknown(UnknownCause::Cut)),
        ];
        for (case, (reply, expected)) in answers.into_iter().enumerate() {
            let (_peer, result) = acted(number, vec![reply, health("AUTH")]).await;
            assert_eq!(result, expected, "action {number}, answer {case}");
        }
    }
}

#[tokio::test]
async fn what_names_no_message_is_never_asked_for() {
    let (peer, link) = linked_to(Vec::new()).await;
    let messages = link.message_actions().expect("it acts on messages");
    let chat = Address::parse(NUMBER);
    for id in ["", "..", "a\nb"] {
        assert_eq!(
            messages.delete(&chat, id).await,
            Ok(Effect::NothingThere),
            "{id:?} is no message"
        );
        assert_eq!(
            messages.edit(&chat, id, "x").await,
            Ok(Effect::NothingThere),
            "{id:?}: without an id an edit would be a send"
        );
    }
    assert!(peer.requests().is_empty(), "no call was made");
}

#[tokio::test]
async fn an_edit_that_the_gateway_did_not_take_is_not_done() {
    let (_peer, result) = acted(0, vec![Reply::json(200, r#"{"sent":false}"#)]).await;
    assert_eq!(result, Err(NOT_READY), "it says that it sent nothing");
}
