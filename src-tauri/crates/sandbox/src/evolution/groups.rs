//! Groups: all of them, one, and who is in it.

use axum::{
    Json,
    extract::Query,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    baileys::{At, closed, no, shapes},
    branch::Branch,
    dialects::Refusal,
    world::ChatId,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Whole {
    get_participants: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Which {
    group_jid: String,
}

pub(super) async fn all(At(branch): At, Query(whole): Query<Whole>) -> Response {
    let whole = whole.get_participants == "true";
    let all: Option<Vec<Value>> = branch.look(|world, _| {
        let groups = world.groups().filter(|group| group.shop.is_some());
        world
            .channel()
            .is_linked()
            .then(|| groups.map(|group| shapes::group(world, group, whole)).collect())
    });
    all.map_or_else(|| closed().into_response(), |all| Json(all).into_response())
}

/// A line that is closed looks like a group that is not there.
fn found(branch: &Branch, which: &Which, what: &str) -> Result<Value, Refusal> {
    let id = ChatId::new(&which.group_jid);
    branch.look(|world, _| {
        let missing = |why: &str| no(StatusCode::NOT_FOUND, json!([what, why]));
        if !world.channel().is_linked() {
            return Err(missing("Error: Connection Closed"));
        }
        let group = world.group(&id).filter(|group| group.shop.is_some());
        let group = group.ok_or_else(|| missing("Error: item-not-found"))?;
        Ok(shapes::group(world, group, true))
    })
}

pub(super) async fn one(At(branch): At, Query(which): Query<Which>) -> Response {
    match found(&branch, &which, "Error fetching group") {
        Ok(group) => Json(group).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

pub(super) async fn participants(At(branch): At, Query(which): Query<Which>) -> Response {
    match found(&branch, &which, "No participants") {
        Ok(group) => Json(json!({ "participants": group["participants"] })).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}
