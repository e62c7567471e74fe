//! Messages: lists, one of them, marking as read, and how far they have come.
//!
//! Lists are newest first unless asked otherwise. Times are whole seconds, both ends included, so a client that
//! asks from its last time on gets the messages of that second again.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Refusal,
    page::Page,
    shapes::{self, Wording},
};
use crate::{
    clock::seconds,
    premises::Premises,
    world::{ChatId, Message, Source, World},
};

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Sort {
    Asc,
    #[default]
    Desc,
}

/// The filters of both lists.
#[derive(Deserialize)]
pub(super) struct Wanted {
    count: Option<usize>,
    offset: Option<usize>,
    time_from: Option<u64>,
    time_to: Option<u64>,
    from_me: Option<bool>,
    normal_types: Option<bool>,
    author: Option<String>,
    #[serde(default)]
    sort: Sort,
}

type Question = Result<Query<Wanted>, axum::extract::rejection::QueryRejection>;

impl Wanted {
    fn takes(&self, message: &Message) -> bool {
        let at = seconds(message.at);
        self.time_from.is_none_or(|from| at >= from)
            && self.time_to.is_none_or(|to| at <= to)
            && self.from_me.is_none_or(|from_me| from_me == message.from_shop)
            && self
                .author
                .as_ref()
                .is_none_or(|author| author == message.author.as_str())
            && (self.normal_types != Some(true) || message.source != Source::System)
    }
}

pub(super) async fn list(
    State(premises): State<Arc<Premises>>,
    question: Question,
) -> Result<Json<Value>, Refusal> {
    listed(&premises, question, |world| Some(world.messages().collect()))
}

pub(super) async fn list_of_chat(
    State(premises): State<Arc<Premises>>,
    Path(chat): Path<String>,
    question: Question,
) -> Result<Json<Value>, Refusal> {
    let chat = ChatId::new(chat);
    listed(&premises, question, |world| {
        Some(world.messages_of(&chat)?.collect())
    })
}

fn listed(
    premises: &Premises,
    question: Question,
    choose: impl FnOnce(&World) -> Option<Vec<&Message>>,
) -> Result<Json<Value>, Refusal> {
    let Query(wanted) = question.map_err(|_| Refusal::bad_request("Wrong request parameters"))?;
    let page = Page::asked(wanted.count, wanted.offset)?;
    let settings = premises.settings();
    premises.look(|world, _| {
        let mut messages = match choose(world) {
            _ if !world.channel().is_linked() => Vec::new(),
            Some(messages) => messages,
            None => return Err(Refusal::not_found("Specified chat not found")),
        };
        messages.retain(|message| wanted.takes(message));
        if wanted.sort == Sort::Desc {
            messages.reverse();
        }
        let wording = Wording::new(world, &settings, premises.port());
        let mut shape = page.cut("messages", &messages, |message| wording.message(message));
        let given = shape["messages"].as_array().map_or(0, Vec::len);
        shape["first"] = json!(page.offset);
        shape["last"] = json!((page.offset + given).saturating_sub(1));
        Ok(Json(shape))
    })
}

fn find<'a>(world: &'a World, id: &str) -> Result<&'a Message, Refusal> {
    let message = world.message(id).filter(|_| world.channel().is_linked());
    message.ok_or(Refusal::not_found("Specified message not found"))
}

pub(super) async fn one(
    State(premises): State<Arc<Premises>>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let settings = premises.settings();
    premises.look(|world, _| {
        let message = find(world, &id)?;
        Ok(Json(
            Wording::new(world, &settings, premises.port()).message(message),
        ))
    })
}

pub(super) async fn mark_read(
    State(premises): State<Arc<Premises>>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    premises.step(|world, _| {
        if !world.channel().is_linked() {
            let message = "Need channel authorization for mark message as read";
            return Err(Refusal::new(StatusCode::UNAUTHORIZED, message));
        }
        if world.shop_opens(&id) {
            Ok(Json(json!({ "success": true })))
        } else {
            Err(Refusal::not_found("Specified message not found"))
        }
    })
}

/// How far an own message has come: one line, or in a group one for each member.
pub(super) async fn statuses(
    State(premises): State<Arc<Premises>>,
    Path(id): Path<String>,
    page: Page,
) -> Result<Json<Value>, Refusal> {
    premises.look(|world, _| {
        let message = find(world, &id)?;
        if !message.from_shop {
            let words = "View statuses available only for outgoing messages";
            return Err(Refusal::new(StatusCode::FORBIDDEN, words));
        }
        let lines: Vec<_> = message.receipts.iter().collect();
        let chat = message.chat.as_str();
        Ok(Json(page.cut("statuses", &lines, |(viewer, receipt)| {
            shapes::status(
                &message.id,
                chat,
                Some(viewer.as_str()),
                receipt.progress,
                receipt.at,
            )
        })))
    })
}
