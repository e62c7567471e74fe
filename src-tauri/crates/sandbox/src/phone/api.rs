//! The panel's calls.

use std::{borrow::Cow, sync::Arc, time::Duration};

use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    branch::Branch,
    clock,
    premises::Premises,
    world::{ChatId, Content, FileKind, Message, Number, Person, World},
};

/// How many of the newest messages the panel shows.
const SHOWN: usize = 80;
/// How many customers the panel lists.
const LISTED: usize = 200;
const LONGEST_TEXT: usize = 4_096;
/// How long a question for changes is kept waiting.
const PATIENCE: Duration = Duration::from_secs(20);

type Calls = State<Arc<Premises>>;

/// Which of the shop's devices the panel is about, from 0.
#[derive(Clone, Copy, Default, Deserialize)]
pub(super) struct AtDevice {
    #[serde(default)]
    device: usize,
}

type Device = Query<AtDevice>;

fn at(premises: &Premises, Query(AtDevice { device }): Device) -> Result<&Arc<Branch>, Declined> {
    premises
        .branch(device)
        .ok_or(Declined(StatusCode::NOT_FOUND, "no_such_device"))
}

/// A call that could not be done: a status and a code that the page words in its language.
pub(super) struct Declined(StatusCode, &'static str);

impl axum::response::IntoResponse for Declined {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "code": self.1 }))).into_response()
    }
}

const WRONG_CALL: Declined = Declined(StatusCode::BAD_REQUEST, "wrong_call");
const NO_SUCH_PERSON: Declined = Declined(StatusCode::NOT_FOUND, "no_such_person");

pub(super) async fn state(State(premises): Calls, device: Device) -> Result<Json<Value>, Declined> {
    Ok(Json(at(&premises, device)?.look(|world, now| {
        let channel = world.channel();
        let book = world.book();
        let expires = channel
            .live_code()
            .map(|live| live.until.saturating_sub(now).div_ceil(1000));
        json!({
            "shop": { "name": world.shop().name, "number": world.shop().number.as_str() },
            "linked": channel.is_linked(),
            "code_on_show": expires.is_some(),
            "code_seconds": expires,
            "letters_seconds": channel.letters_left(now).map(|left| left.div_ceil(1000)),
            "passkey_wanted": channel.wants_passkey(),
            "chats": book.chats_len(),
            "unread": book.unread(),
            "devices": premises.branches().len(),
        })
    })))
}

#[derive(Default, Deserialize)]
struct Scan {
    code: Option<String>,
}

pub(super) async fn scan(
    State(premises): Calls,
    device: Device,
    body: Bytes,
) -> Result<Json<Value>, Declined> {
    let Scan { code } = read_or_default(&body)?;
    at(&premises, device)?
        .step(|world, now| world.scan(code.as_deref(), now))
        .map(|()| Json(json!({ "linked": true })))
        .map_err(|refused| Declined(StatusCode::CONFLICT, refused.code()))
}

#[derive(Deserialize)]
struct Letters {
    letters: String,
}

/// The phone is given the code that the counter shows, instead of scanning.
pub(super) async fn letters(
    State(premises): Calls,
    device: Device,
    body: Bytes,
) -> Result<Json<Value>, Declined> {
    let Letters { letters } = serde_json::from_slice(&body).map_err(|_| WRONG_CALL)?;
    let branch = at(&premises, device)?;
    branch
        .step(|world, now| world.type_letters(&letters, now))
        .map_err(|refused| Declined(StatusCode::CONFLICT, refused.code()))?;
    Ok(Json(json!({ "linked": branch.is_linked() })))
}

/// The owner confirms with the passkey.
pub(super) async fn passkey(State(premises): Calls, device: Device) -> Result<Json<Value>, Declined> {
    match at(&premises, device)?.step(|world, now| world.confirm_passkey(now)) {
        true => Ok(Json(json!({ "linked": true }))),
        false => Err(Declined(StatusCode::CONFLICT, "no_passkey")),
    }
}

pub(super) async fn unlink(State(premises): Calls, device: Device) -> Result<Json<Value>, Declined> {
    if at(&premises, device)?.step(|world, now| world.unlink(now)) {
        Ok(Json(json!({ "linked": false })))
    } else {
        Err(Declined(StatusCode::CONFLICT, "not_linked"))
    }
}

/// Those with whom the shop spoke last, the newest first.
pub(super) async fn customers(State(premises): Calls, device: Device) -> Result<Json<Value>, Declined> {
    Ok(Json(at(&premises, device)?.look(|world, _| {
        let met = world
            .book()
            .chats()
            .filter_map(|chat| world.person_at(chat))
            .filter(|person| person.played);
        let mut people: Vec<&Person> = met.take(LISTED).collect();
        if people.len() < LISTED {
            let silent = |person: &&Person| person.played && world.book().shelf(&person.chat()).is_none();
            people.extend(world.people().filter(silent).take(LISTED - people.len()));
        }
        let customers: Vec<Value> = people
            .into_iter()
            .map(|person| {
                json!({
                    "number": person.number.as_str(),
                    "name": person.name,
                    "unread": unread(world, person),
                    "last": shown(world, person).next_back().map(|message| shape(&message)),
                })
            })
            .collect();
        json!({ "customers": customers })
    })))
}

fn shown<'a>(
    world: &'a World,
    person: &Person,
) -> impl DoubleEndedIterator<Item = Cow<'a, Message>> + use<'a> {
    world
        .messages_of(&person.chat())
        .into_iter()
        .flatten()
        .filter(|message| message.is_shown())
}

/// How many of the shop's messages this person has not opened.
fn unread(world: &World, person: &Person) -> usize {
    world.book().climbing(&person.chat()).len()
}

/// A message as its customer sees it: `mine` is theirs, `tick` is what their own phone shows.
fn shape(message: &Message) -> Value {
    let tick = match message.progress() {
        Some(progress) => progress.wire().0,
        None if message.seen_by_shop => "read",
        None => "delivered",
    };
    json!({
        "id": message.id,
        "mine": !message.from_shop,
        "at": message.at,
        "kind": message.content.kind(),
        "text": message.content.words(),
        "picture": picture_of(message),
        "tick": tick,
    })
}

/// Only pictures are drawn on the panel.
fn picture_of(message: &Message) -> Option<&str> {
    match &message.content {
        Content::File(file) if file.kind == FileKind::Image => Some(&file.media),
        _ => None,
    }
}

pub(super) async fn conversation(
    State(premises): Calls,
    Path(number): Path<String>,
    device: Device,
) -> Result<Json<Value>, Declined> {
    at(&premises, device)?.look(|world, _| {
        let person = played(world, &number)?;
        let newest = shown(world, person).rev().take(SHOWN);
        let mut messages: Vec<Value> = newest.map(|message| shape(&message)).collect();
        messages.reverse();
        Ok(Json(
            json!({ "number": number, "name": person.name, "messages": messages }),
        ))
    })
}

fn played<'a>(world: &'a World, number: &str) -> Result<&'a Person, Declined> {
    world
        .person(&Number::new(number))
        .filter(|person| person.played)
        .ok_or(NO_SUCH_PERSON)
}

#[derive(Deserialize)]
struct Written {
    text: Option<String>,
    #[serde(default)]
    picture: bool,
}

pub(super) async fn write(
    State(premises): Calls,
    Path(number): Path<String>,
    device: Device,
    body: Bytes,
) -> Result<Json<Value>, Declined> {
    let written: Written = serde_json::from_slice(&body).map_err(|_| WRONG_CALL)?;
    let text = written.text.filter(|text| !text.trim().is_empty());
    if text
        .as_ref()
        .is_some_and(|text| text.chars().count() > LONGEST_TEXT)
    {
        return Err(Declined(StatusCode::PAYLOAD_TOO_LARGE, "too_long"));
    }
    at(&premises, device)?.step(|world, now| {
        let person = played(world, &number)?;
        let (number, chat): (Number, ChatId) = (person.number.clone(), person.chat());
        world.person_opens(&number, &chat, now);
        let content = match text {
            text if written.picture => world.any_picture(text, now),
            Some(body) => Content::text(body),
            None => return Err(WRONG_CALL),
        };
        Ok(Json(
            json!({ "id": world.person_writes(&number, chat, content, now) }),
        ))
    })
}

pub(super) async fn read(
    State(premises): Calls,
    Path(number): Path<String>,
    device: Device,
) -> Result<Json<Value>, Declined> {
    at(&premises, device)?.step(|world, now| {
        let person = played(world, &number)?;
        let (number, chat) = (person.number.clone(), person.chat());
        world.person_opens(&number, &chat, now);
        Ok(Json(json!({ "read": true })))
    })
}

pub(super) async fn picture(
    State(premises): Calls,
    Path(id): Path<String>,
    device: Device,
) -> Result<Response, Declined> {
    at(&premises, device)?.look(|world, _| {
        let media = world
            .media(&id)
            .ok_or(Declined(StatusCode::NOT_FOUND, "no_such_picture"))?;
        let headers = [
            (header::CONTENT_TYPE, shown_as(&media.mime)),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
            (header::CACHE_CONTROL, "private, max-age=86400".to_owned()),
        ];
        Ok((headers, media.bytes.to_vec()).into_response())
    })
}

/// What is no picture is only ever saved, never shown: its kind may be a sender's claim.
fn shown_as(mime: &str) -> String {
    if mime.starts_with("image/") {
        mime.to_owned()
    } else {
        "application/octet-stream".to_owned()
    }
}

#[derive(Deserialize)]
pub(super) struct Since {
    since: Option<u64>,
}

/// Answers as soon as something has changed since `since`, at once without it, or when patience ends.
pub(super) async fn changes(State(premises): Calls, Query(Since { since }): Query<Since>) -> Json<Value> {
    let mut changes = premises.changes();
    let stopping = premises.tasks().stopping();
    tokio::select! {
        _ = changes.wait_for(|now| Some(*now) != since) => {},
        () = clock::sleep(PATIENCE) => {},
        () = stopping.cancelled() => {},
    }
    let now = *changes.borrow();
    Json(json!({ "changes": now }))
}

fn read_or_default<T: Default + serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Declined> {
    if body.is_empty() {
        Ok(T::default())
    } else {
        serde_json::from_slice(body).map_err(|_| WRONG_CALL)
    }
}
