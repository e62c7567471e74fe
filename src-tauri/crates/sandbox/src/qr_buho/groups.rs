//! Groups: all of them, one, who is in it, what it is called, invitations.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::{entry::Told, nothing_there};
use crate::{
    baileys::{Answered, At, answer, closed, no, sending, shapes},
    branch::Branch,
    clock::Millis,
    dialects::Refusal,
    world::{ChatId, Extras, Group, GroupMove, GroupRefused, Number, World},
};

/// The backend's own words for what it could not do.
fn failed(what: &str, refused: GroupRefused) -> Refusal {
    let why = match refused {
        GroupRefused::NotLinked => return closed(),
        GroupRefused::NoSuchGroup => return nothing_there(),
        GroupRefused::NotAllowed => "Error: forbidden",
        GroupRefused::NoSuchPerson => "Error: bad-request",
        GroupRefused::AlreadyIn => "Error: conflict",
        GroupRefused::WrongCode => "Error: not-acceptable",
    };
    no(StatusCode::INTERNAL_SERVER_ERROR, json!([what, why]))
}

fn id(told: &Told) -> ChatId {
    ChatId::new(told.text("groupJid"))
}

/// Looks at the group that is asked for.
fn found<R>(branch: &Branch, told: &Told, view: impl FnOnce(&World, &Group) -> R) -> Result<R, Refusal> {
    branch.look(|world, _| {
        if !world.channel().is_linked() {
            return Err(closed());
        }
        let group = world.group(&id(told)).ok_or_else(nothing_there)?;
        Ok(view(world, group))
    })
}

/// Changes it, and says so as the backend does.
fn changed(
    branch: &Branch,
    what: &str,
    change: impl FnOnce(&mut World, Millis) -> Result<(), GroupRefused>,
) -> Result<(), Refusal> {
    branch.step(change).map_err(|refused| failed(what, refused))
}

fn created(said: Value) -> Response {
    (StatusCode::CREATED, Json(said)).into_response()
}

pub(super) async fn all(At(branch): At) -> Response {
    let all: Option<Vec<Value>> = branch.look(|world, _| {
        let linked = world.channel().is_linked();
        linked.then(|| {
            world
                .groups()
                .map(|group| shapes::group(world, group, false))
                .collect()
        })
    });
    all.map_or_else(|| closed().into_response(), |all| Json(all).into_response())
}

pub(super) async fn one(At(branch): At, told: Told) -> Response {
    let shape = found(&branch, &told, |world, group| shapes::group(world, group, true));
    answer(shape.map(|shape| Json(shape).into_response()))
}

pub(super) async fn participants(At(branch): At, told: Told) -> Response {
    let shape = found(&branch, &told, |world, group| {
        shapes::group(world, group, true)["participants"].take()
    });
    answer(shape.map(|people| Json(json!({ "participants": people })).into_response()))
}

pub(super) async fn create(At(branch): At, told: Told) -> Response {
    let made = || -> Answered {
        let people = sending::named(&told.0["participants"]);
        let (shape, failed_ones) = branch
            .step(|world, now| {
                let (group, failed) = world.found_group(told.text("subject"), &people, now)?;
                if let Some(words) = told.0["description"].as_str() {
                    world.change_group(&group.id, |group| words.clone_into(&mut group.description))?;
                }
                Ok((shapes::group(world, &group, true), failed))
            })
            .map_err(|refused| failed("Error creating group", refused))?;
        let mut shape = shape;
        shape["groupId"] = shape["id"].clone();
        shape["unprocessed"] = json!(failed_ones);
        Ok(created(shape))
    };
    answer(made())
}

pub(super) async fn leave(At(branch): At, told: Told) -> Response {
    let left = changed(&branch, "Error leaving group", |world, _| {
        world.leave_group(&id(&told))
    });
    answer(left.map(|()| created(json!({ "groupJid": told.text("groupJid"), "leave": true }))))
}

/// Changes one of its fields.
fn set(branch: &Branch, told: &Told, change: impl FnOnce(&mut Group)) -> Answered {
    changed(branch, "Error updating group", |world, _| {
        world.change_group(&id(told), change)
    })?;
    Ok(created(json!({ "update": "success" })))
}

pub(super) async fn rename(At(branch): At, told: Told) -> Response {
    answer(set(&branch, &told, |group| {
        told.text("subject").clone_into(&mut group.name)
    }))
}

pub(super) async fn describe(At(branch): At, told: Told) -> Response {
    answer(set(&branch, &told, |group| {
        told.text("description").clone_into(&mut group.description);
    }))
}

/// The practice shop fetches nothing from anywhere: a picture of its own lies there.
pub(super) async fn picture(At(branch): At, told: Told) -> Response {
    let painted = || -> Answered {
        branch
            .step(|world, now| {
                let drawn = world.any_picture(None, now);
                let icon = drawn.media().map(str::to_owned);
                world.change_group(&id(&told), |group| group.icon = icon)
            })
            .map_err(|refused| failed("Error updating group picture", refused))?;
        Ok(created(json!({ "update": "success" })))
    };
    answer(painted())
}

/// One word of the backend's, or the older generation's two switches.
pub(super) async fn settle(At(branch): At, told: Told) -> Response {
    let settled = set(&branch, &told, |group| {
        match told.text("action") {
            "announcement" => group.announcements = true,
            "not_announcement" => group.announcements = false,
            "locked" => group.restricted = true,
            "unlocked" => group.restricted = false,
            _ => {}
        }
        let switch = |name: &str| told.0["settings"][name].as_bool();
        group.announcements = switch("announcement").unwrap_or(group.announcements);
        group.restricted = switch("restrict").unwrap_or(group.restricted);
    });
    answer(settled.map(|_| created(json!([]))))
}

pub(super) async fn move_people(At(branch): At, told: Told) -> Response {
    let moved = || -> Answered {
        let people = sending::named(&told.0["participants"]);
        let how = match told.text("action") {
            "add" => GroupMove::Add,
            "remove" => GroupMove::Remove,
            "promote" => GroupMove::Promote,
            _ => GroupMove::Demote,
        };
        let moved = branch.step(|world, _| world.move_in_group(&id(&told), &people, how));
        let moved = moved.map_err(|refused| failed("Error updating participants", refused))?;
        let did = |who: &Number| json!({ "status": "200", "jid": who.chat().as_str(), "content": {} });
        let not = |who: &String| json!({ "status": "404", "jid": who, "content": {} });
        let told: Vec<Value> = moved
            .processed
            .iter()
            .map(did)
            .chain(moved.failed.iter().map(not))
            .collect();
        Ok(created(json!({ "updateParticipants": told })))
    };
    answer(moved())
}

/// The time comes as a number or as a text, under either name.
pub(super) async fn vanish(At(branch): At, told: Told) -> Response {
    let set = || -> Answered {
        let given = ["expiration", "ephemeral"]
            .iter()
            .find_map(|name| match &told.0[*name] {
                Value::Number(number) => number.as_u64(),
                Value::String(text) => text.parse().ok(),
                _ => None,
            });
        let after = given.and_then(|after| u32::try_from(after).ok()).unwrap_or(0);
        let marked = branch.step(|world, _| world.mark_chat(&id(&told), |flags| flags.ephemeral = after));
        if !marked {
            return Err(nothing_there());
        }
        Ok(created(json!({ "success": true })))
    };
    answer(set())
}

fn invitation(code: &str) -> Value {
    json!({ "inviteUrl": format!("https://chat.whatsapp.com/{code}"), "inviteCode": code })
}

pub(super) async fn invite_code(At(branch): At, told: Told) -> Response {
    let shape = found(&branch, &told, |_, group| invitation(&group.invite_code));
    answer(shape.map(|shape| Json(shape).into_response()))
}

/// The same path asks for a group's code, or which group is behind one.
pub(super) async fn invite_code_or_group(at: At, told: Told) -> Response {
    if !told.text("groupJid").is_empty() {
        return invite_code(at, told).await;
    }
    let At(branch) = at;
    let group = branch.look(|world, _| {
        let group = world.group_by_code(told.text("inviteCode"))?;
        Some(json!({ "groupJid": group.id.as_str(), "subject": group.name }))
    });
    match group {
        Some(group) => Json(json!({ "data": group })).into_response(),
        None => nothing_there().into_response(),
    }
}

pub(super) async fn revoke(At(branch): At, told: Told) -> Response {
    let revoked = || -> Answered {
        changed(&branch, "Error revoking invite", |world, _| {
            world.revoke_invitation(&id(&told))
        })?;
        let code = found(&branch, &told, |_, group| group.invite_code.clone())?;
        Ok(created(json!({ "revoked": true, "inviteCode": code })))
    };
    answer(revoked())
}

/// Sends the invitation as a text, as the backend does.
pub(super) async fn invite(At(branch): At, told: Told) -> Response {
    let sent = || -> Answered {
        let code = found(&branch, &told, |_, group| group.invite_code.clone())?;
        let url = format!("https://chat.whatsapp.com/{code}");
        let words = format!("{}\n\n{url}", told.text("description"));
        for number in sending::named(&told.0["numbers"]) {
            let letter = json!({ "number": number, "text": words.trim() });
            sending::send(&branch, "sendText", &letter, Extras::default())?;
        }
        Ok(created(json!({ "send": true, "inviteUrl": url })))
    };
    answer(sent())
}
