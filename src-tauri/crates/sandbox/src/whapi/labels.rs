//! Labels of chats and messages. The list is a bare array; whoever makes a label chooses its id.

use axum::{extract::Path, http::StatusCode};
use serde_json::{Value, json};

use super::{
    Refusal,
    entry::At,
    given::{Given, wrong},
    media::linked,
    said::{Said, done},
    shapes::{self, Wording},
};
use crate::world::{COLOURS, ChatId, Label, LabelRefused};

const NO_LABEL: Refusal = Refusal::new(StatusCode::NOT_FOUND, "Specified label not found");

impl From<LabelRefused> for Refusal {
    fn from(refused: LabelRefused) -> Self {
        match refused {
            LabelRefused::NoSuchLabel => NO_LABEL,
            LabelRefused::NothingToLabel => Self::not_found("Specified chat or message not found"),
            LabelRefused::AlreadySo => Self::conflict("Label association already exists"),
        }
    }
}

pub(super) async fn list(At(branch): At) -> Said {
    Said(branch.look(|world, _| {
        let labels = world.labels().into_iter().filter(|_| world.channel().is_linked());
        let shape = |(label, count): (Label, usize)| {
            let mut shape = shapes::label(&label);
            shape["count"] = json!(count);
            shape
        };
        labels.map(shape).collect()
    }))
}

/// The caller chooses an id from `0` to `19`, and one of twenty colours.
pub(super) async fn make(At(branch): At, given: Given) -> Result<Said, Refusal> {
    let (id, name, colour) = (given.needed("id")?, given.needed("name")?, given.needed("color")?);
    let known = id.parse::<u8>().is_ok_and(|id| id < 20) && COLOURS.contains(&colour);
    if !known {
        return Err(wrong());
    }
    let label = Label {
        id: id.to_owned(),
        name: name.to_owned(),
        colour: colour.to_owned(),
    };
    branch.step(|world, _| {
        linked(world, "Need channel authorization")?;
        world.make_label(label);
        Ok(done())
    })
}

pub(super) async fn rename(At(branch): At, Path(id): Path<String>, given: Given) -> Result<Said, Refusal> {
    let name = given.needed("name")?.to_owned();
    branch.step(|world, _| {
        linked(world, "Need channel authorization")?;
        let label = world.label(&id).cloned().ok_or(NO_LABEL)?;
        world.make_label(Label { name, ..label });
        Ok(done())
    })
}

pub(super) async fn remove(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.step(|world, _| {
        linked(world, "Need channel authorization")?;
        if world.remove_label(&id) {
            Ok(done())
        } else {
            Err(NO_LABEL)
        }
    })
}

/// What carries a label.
pub(super) async fn one(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    let settings = branch.settings();
    branch.look(|world, _| {
        linked(world, "Need channel authorization")?;
        world.label(&id).ok_or(NO_LABEL)?;
        let wording = Wording::new(world, &settings, branch.port());
        let (mut chats, mut messages): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
        for wearer in world.labelled(&id) {
            if let Some(chat) = world.chat(&ChatId::new(wearer)) {
                chats.push(wording.chat(&chat));
            } else if let Some(message) = world.message(wearer) {
                messages.push(wording.message(&message));
            }
        }
        Ok(Said(json!({ "chats": chats, "messages": messages })))
    })
}

pub(super) async fn put_on(
    At(branch): At,
    Path((id, wearer)): Path<(String, String)>,
) -> Result<Said, Refusal> {
    branch.step(|world, _| {
        linked(world, "Need channel authorization")?;
        world.wear(&id, &wearer, true)?;
        Ok(done())
    })
}

pub(super) async fn take_off(
    At(branch): At,
    Path((id, wearer)): Path<(String, String)>,
) -> Result<Said, Refusal> {
    branch.step(|world, _| {
        linked(world, "Need channel authorization")?;
        world.wear(&id, &wearer, false).map_err(|refused| match refused {
            LabelRefused::AlreadySo => Refusal::not_found("Specified association not found"),
            other => other.into(),
        })?;
        Ok(done())
    })
}
