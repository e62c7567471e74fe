//! Chats and the address book.
//!
//! A gateway knows them from the phone: without a linked number the lists are empty.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::Value;

use super::{
    Refusal,
    page::Page,
    shapes::{self, Wording},
};
use crate::{
    premises::Premises,
    world::{ChatId, Person},
};

pub(super) async fn list(State(premises): State<Arc<Premises>>, page: Page) -> Json<Value> {
    let settings = premises.settings();
    Json(premises.look(|world, _| {
        let chats = if world.channel().is_linked() {
            world.chats()
        } else {
            Vec::new()
        };
        let wording = Wording::new(world, &settings, premises.port());
        page.cut("chats", &chats, |chat| wording.chat(chat))
    }))
}

pub(super) async fn one(
    State(premises): State<Arc<Premises>>,
    Path(chat): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let settings = premises.settings();
    premises.look(|world, _| {
        let chat = world
            .chat(&ChatId::new(chat))
            .filter(|_| world.channel().is_linked());
        let chat = chat.ok_or(Refusal::not_found("Specified chat not found"))?;
        Ok(Json(Wording::new(world, &settings, premises.port()).chat(&chat)))
    })
}

pub(super) async fn contacts(State(premises): State<Arc<Premises>>, page: Page) -> Json<Value> {
    Json(premises.look(|world, _| {
        let known = |person: &&Person| world.channel().is_linked() && !person.name.is_empty();
        let people: Vec<&Person> = world.people().filter(known).collect();
        page.cut("contacts", &people, |person| shapes::contact(person))
    }))
}
