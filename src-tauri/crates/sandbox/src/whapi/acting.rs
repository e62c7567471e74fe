//! What is done to messages: read, forward, delete, react, star, pin.

use axum::{extract::Path, http::StatusCode};
use serde_json::json;

use super::{
    Refusal,
    entry::At,
    given::{Given, wrong},
    media::linked,
    messages::{NO_MESSAGE, find},
    said::{Said, done},
    send::address,
    shapes::Wording,
};
use crate::world::{ActRefused, Deed, Extras, Source};

impl From<ActRefused> for Refusal {
    fn from(refused: ActRefused) -> Self {
        match refused {
            ActRefused::NotLinked => Self::new(StatusCode::UNAUTHORIZED, "Need channel authorization"),
            ActRefused::NoSuchMessage => NO_MESSAGE,
            ActRefused::NotTheirs => Self::new(
                StatusCode::BAD_REQUEST,
                "Wrong request parameters: not your message",
            ),
            ActRefused::WrongKind => wrong(),
        }
    }
}

pub(super) async fn mark_read(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.step(|world, _| {
        linked(world, "Need channel authorization for mark message as read")?;
        if world.shop_opens(&id) {
            Ok(done())
        } else {
            Err(NO_MESSAGE)
        }
    })
}

/// A copy of a message for another chat. There is no key that makes a repeated request harmless.
pub(super) async fn forward(At(branch): At, Path(id): Path<String>, given: Given) -> Result<Said, Refusal> {
    let to = address(given.needed("to")?)?;
    let settings = branch.settings();
    branch.step(|world, now| {
        linked(world, "Need channel authorization for send message")?;
        let content = find(world, &id)?.forwarded_content();
        let extras = Extras {
            forwarded: true,
            ..Extras::default()
        };
        let message = world.send(to, content, extras, now)?;
        let wording = Wording::new(world, &settings, branch.port());
        Ok(Said(
            json!({ "sent": true, "message": wording.message(&message) }),
        ))
    })
}

/// Deletes for everybody what the shop wrote, and for itself what others did.
pub(super) async fn delete(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.step(|world, now| {
        linked(world, "Need channel authorization for delete message")?;
        if find(world, &id)?.from_shop {
            world.shop_acts(&id, Deed::Delete, Source::Gateway, now)?;
        } else {
            world.forget(&id)?;
        }
        Ok(done())
    })
}

pub(super) async fn react(At(branch): At, Path(id): Path<String>, given: Given) -> Result<Said, Refusal> {
    let emoji = given.text("emoji")?.unwrap_or_default().to_owned();
    branch.step(|world, now| {
        world.shop_acts(&id, Deed::Reaction { emoji }, Source::Gateway, now)?;
        Ok(done())
    })
}

pub(super) async fn unreact(at: At, id: Path<String>) -> Result<Said, Refusal> {
    react(at, id, Given::default()).await
}

pub(super) async fn star(At(branch): At, Path(id): Path<String>, given: Given) -> Result<Said, Refusal> {
    let starred = given.truth("starred")?.unwrap_or(true);
    branch.step(|world, _| {
        world.star(&id, starred)?;
        Ok(done())
    })
}

pub(super) async fn pin(At(branch): At, Path(id): Path<String>, given: Given) -> Result<Said, Refusal> {
    if !matches!(given.text("time")?, None | Some("day" | "week" | "month")) {
        return Err(wrong());
    }
    branch.step(|world, now| {
        world.shop_acts(&id, Deed::Pin, Source::Gateway, now)?;
        Ok(done())
    })
}

pub(super) async fn unpin(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.step(|world, now| {
        world.shop_acts(&id, Deed::Unpin, Source::Gateway, now)?;
        Ok(done())
    })
}
