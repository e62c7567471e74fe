//! Who is there, who types, who calls.

use axum::{extract::Path, http::StatusCode};
use serde_json::json;

use super::{
    Refusal,
    entry::At,
    given::{Given, wrong},
    media::linked,
    said::{Said, done},
};
use crate::{
    clock::seconds,
    world::{ChatId, Doing},
};

const NOT_ON_WHATSAPP: Refusal =
    Refusal::new(StatusCode::NOT_FOUND, "Specified contact not found in whatsapp");

pub(super) async fn me(At(branch): At, given: Given) -> Result<Said, Refusal> {
    let online = match given.needed("presence")? {
        "online" => true,
        "offline" => false,
        _ => return Err(wrong()),
    };
    branch.step(|world, _| {
        linked(world, "Need channel authorization for send presence")?;
        world.go_online(online);
        Ok(done())
    })
}

/// Shows the person on the other side that the shop types. In a group there is nobody to remember it for.
pub(super) async fn show(At(branch): At, Path(id): Path<String>, given: Given) -> Result<Said, Refusal> {
    let shown = match given.needed("presence")? {
        "typing" => "typing",
        "recording" => "recording",
        "pause" => "pause",
        _ => return Err(wrong()),
    };
    branch.step(|world, _| {
        linked(world, "Need channel authorization for send presence")?;
        let group = world.group(&ChatId::new(id.as_str())).is_some();
        match world.contact(&id).map(|person| person.number.clone()) {
            Some(number) => world.shop_shows(&number, shown),
            None if group => {}
            None => return Err(Refusal::not_found("Specified contact not found")),
        }
        Ok(done())
    })
}

pub(super) async fn follow(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.step(|world, _| {
        linked(world, "Need channel authorization for subscribe to presence")?;
        let number = world
            .contact(&id)
            .map(|person| person.number.clone())
            .ok_or(NOT_ON_WHATSAPP)?;
        if world.follow(&number) {
            Ok(done())
        } else {
            Err(Refusal::conflict("Specified contact presence already subscribed"))
        }
    })
}

/// `pending` until something was heard.
pub(super) async fn one(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.look(|world, _| {
        linked(world, "Need channel authorization for get presence")?;
        let person = world.contact(&id).ok_or(NOT_ON_WHATSAPP)?;
        let missing = Refusal::not_found("Specified contact presence not subscribed");
        let presence = world.presence(&person.number).ok_or(missing)?;
        let mut shape = json!({ "contact_id": person.number.as_str() });
        shape["status"] = json!(presence.map_or("pending", |(doing, _)| doing.word()));
        if let Some((Doing::Offline, at)) = presence {
            shape["last_seen"] = json!(seconds(at));
        }
        Ok(Said(shape))
    })
}

pub(super) async fn reject_call(
    At(branch): At,
    Path(id): Path<String>,
    given: Given,
) -> Result<Said, Refusal> {
    given.needed("callFrom")?;
    branch.step(|world, now| {
        linked(world, "Need channel authorization for reject call")?;
        if world.call_ends(&id, "canceled", now) {
            Ok(done())
        } else {
            Err(Refusal::not_found("Call not found"))
        }
    })
}

/// A link to a call that is to take place; it leads nowhere.
pub(super) async fn plan_call(At(branch): At, given: Given) -> Result<Said, Refusal> {
    planned(&branch, &given, "call_url")
}

pub(super) async fn plan_group_call(At(branch): At, given: Given) -> Result<Said, Refusal> {
    planned(&branch, &given, "link")
}

/// The moment is a text of seconds, as this gateway wants it.
fn planned(branch: &crate::branch::Branch, given: &Given, field: &str) -> Result<Said, Refusal> {
    let at: u64 = given.needed("start_time")?.parse().map_err(|_| wrong())?;
    branch.look(|world, _| {
        linked(world, "Need channel authorization for create call")?;
        Ok(Said(
            json!({ field: format!("https://call.whatsapp.com/video/{at:022}") }),
        ))
    })
}
