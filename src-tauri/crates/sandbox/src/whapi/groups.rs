//! Groups: founding, joining and leaving, who is in them, what they are called, invitations.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::{
    Refusal,
    entry::At,
    given::{Given, wrong},
    media::{handed_over, linked, response},
    page::Page,
    said::{Said, done},
    send, shapes,
};
use crate::{
    clock::seconds,
    world::{ChatId, Content, Group, GroupMove, GroupRefused, Number},
};

const NO_GROUP: Refusal = Refusal::new(StatusCode::NOT_FOUND, "Specified group not found");

impl From<GroupRefused> for Refusal {
    fn from(refused: GroupRefused) -> Self {
        match refused {
            GroupRefused::NotLinked => Self::new(StatusCode::UNAUTHORIZED, "Need channel authorization"),
            GroupRefused::NoSuchGroup => NO_GROUP,
            GroupRefused::NotAllowed => Self::new(
                StatusCode::FORBIDDEN,
                "You do not have permissions for this action",
            ),
            GroupRefused::NoSuchPerson => Self::not_found("Specified group or participant not found"),
            GroupRefused::AlreadyIn => Self::conflict("Specified participant already in group"),
            GroupRefused::WrongCode => Self::not_found("Wrong invite code"),
        }
    }
}

pub(super) async fn list(At(branch): At, page: Page) -> Said {
    Said(branch.look(|world, _| {
        let linked = world.channel().is_linked();
        let groups: Vec<&Group> = world.groups().filter(|_| linked).collect();
        page.cut("groups", &groups, |group| shapes::group(world, group))
    }))
}

pub(super) async fn one(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.look(|world, _| {
        let group = world
            .group(&ChatId::new(id))
            .filter(|_| world.channel().is_linked());
        Ok(Said(shapes::group(world, group.ok_or(NO_GROUP)?)))
    })
}

pub(super) async fn found(At(branch): At, given: Given) -> Result<Said, Refusal> {
    let (subject, people) = (given.needed("subject")?, given.texts("participants")?);
    if people.is_empty() {
        return Err(wrong());
    }
    branch.step(|world, now| {
        let (group, failed) = world
            .found_group(subject, &people, now)
            .map_err(|refused| match refused {
                GroupRefused::NoSuchPerson => {
                    Refusal::not_found("Specified participant not found in contacts list")
                }
                other => other.into(),
            })?;
        let mut shape = shapes::group(world, &group);
        shape["unprocessed_participants"] = json!(failed);
        Ok(Said(shape))
    })
}

pub(super) async fn join(At(branch): At, given: Given) -> Result<Said, Refusal> {
    let code = given.needed("invite_code")?;
    branch.step(|world, _| Ok(Said(json!({ "group_id": world.join_group(code)?.as_str() }))))
}

pub(super) async fn leave(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.step(|world, _| {
        world.leave_group(&ChatId::new(id))?;
        Ok(done())
    })
}

pub(super) async fn rename(At(branch): At, Path(id): Path<String>, given: Given) -> Result<Said, Refusal> {
    let (subject, description) = (
        given.said("subject")?,
        given.text("description")?.map(str::to_owned),
    );
    if subject.is_none() && description.is_none() {
        return Err(wrong());
    }
    branch.step(|world, _| {
        world.change_group(&ChatId::new(id), |group| {
            group.name = subject.unwrap_or_else(|| group.name.clone());
            group.description = description.unwrap_or_else(|| group.description.clone());
        })?;
        Ok(done())
    })
}

/// One setting for each call.
pub(super) async fn set(At(branch): At, Path(id): Path<String>, given: Given) -> Result<Said, Refusal> {
    let admins = match given.needed("policy")? {
        "admins" => true,
        "anyone" => false,
        _ => return Err(wrong()),
    };
    let setting = given.needed("setting")?.to_owned();
    if ![
        "send_messages",
        "edit_group_info",
        "approve_participants",
        "add_participants",
    ]
    .contains(&setting.as_str())
    {
        return Err(wrong());
    }
    branch.step(|world, _| {
        world.change_group(&ChatId::new(id), |group| match setting.as_str() {
            "send_messages" => group.announcements = admins,
            "edit_group_info" => group.restricted = admins,
            "approve_participants" => group.approve = admins,
            _ => group.members_may_add = !admins,
        })?;
        Ok(done())
    })
}

pub(super) async fn invitation(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.look(|world, _| {
        linked(world, "Need channel authorization")?;
        let group = world.group(&ChatId::new(id)).ok_or(NO_GROUP)?;
        Ok(Said(json!({ "invite_code": group.invite_code })))
    })
}

pub(super) async fn revoke(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.step(|world, _| {
        linked(world, "Need channel authorization")?;
        world.revoke_invitation(&ChatId::new(id))?;
        Ok(done())
    })
}

async fn moving(
    At(branch): At,
    id: String,
    given: Given,
    how: GroupMove,
) -> Result<(Vec<Number>, Vec<String>), Refusal> {
    let people = given.texts("participants")?;
    if people.is_empty() {
        return Err(wrong());
    }
    branch.step(|world, _| {
        let moved = world.move_in_group(&ChatId::new(id), &people, how)?;
        Ok((moved.processed, moved.failed))
    })
}

fn told((processed, failed): (Vec<Number>, Vec<String>)) -> Said {
    let processed: Vec<&str> = processed.iter().map(Number::as_str).collect();
    Said(json!({ "success": true, "processed": processed, "failed": failed }))
}

pub(super) async fn add(at: At, Path(id): Path<String>, given: Given) -> Result<Said, Refusal> {
    moving(at, id, given, GroupMove::Add).await.map(told)
}

pub(super) async fn remove(at: At, Path(id): Path<String>, given: Given) -> Result<Said, Refusal> {
    moving(at, id, given, GroupMove::Remove).await.map(told)
}

pub(super) async fn promote(at: At, Path(id): Path<String>, given: Given) -> Result<Said, Refusal> {
    moving(at, id, given, GroupMove::Promote).await.map(|_| done())
}

pub(super) async fn demote(at: At, Path(id): Path<String>, given: Given) -> Result<Said, Refusal> {
    moving(at, id, given, GroupMove::Demote).await.map(|_| done())
}

pub(super) async fn behind_code(At(branch): At, Path(code): Path<String>) -> Result<Said, Refusal> {
    branch.look(|world, _| {
        linked(world, "Need channel authorization")?;
        let group = world.group_by_code(&code).ok_or(NO_GROUP)?;
        let people: Vec<Value> = group
            .members
            .iter()
            .map(|(number, rank)| json!({ "id": number.as_str(), "rank": rank.word() }))
            .collect();
        Ok(Said(json!({
            "id": group.id.as_str(), "name": group.name, "name_at": seconds(group.created_at),
            "participantsCount": people.len() + usize::from(group.shop.is_some()), "participants": people,
            "created_at": seconds(group.created_at), "created_by": group.created_by.as_str(), "ephemeral": 0,
        })))
    })
}

pub(super) async fn invite(At(branch): At, Path(code): Path<String>, given: Given) -> Result<Said, Refusal> {
    let (title, body) = (given.said("title")?, given.said("body")?);
    send::send(&branch, &given, |world, _| {
        let group = world.group_by_code(&code).ok_or(NO_GROUP)?;
        let title = title.unwrap_or_else(|| group.name.clone());
        let url = format!("https://chat.whatsapp.com/{code}");
        let body = body.unwrap_or_else(|| url.clone());
        Ok(Content::shaped(
            "group_invite",
            json!({ "title": title, "body": body, "url": url, "invite_code": code }),
        ))
    })
}

/// 204 means that there is none.
pub(super) async fn icon(At(branch): At, Path(id): Path<String>) -> Result<Response, Refusal> {
    branch.look(|world, _| {
        linked(world, "Need channel authorization")?;
        let group = world.group(&ChatId::new(id)).ok_or(NO_GROUP)?;
        let media = group.icon.as_ref().and_then(|icon| world.media(icon));
        Ok(media.map_or_else(
            || StatusCode::NO_CONTENT.into_response(),
            |media| response(&media),
        ))
    })
}

pub(super) async fn set_icon(
    At(branch): At,
    Path(id): Path<String>,
    mut given: Given,
) -> Result<Said, Refusal> {
    let file = handed_over(&mut given, "media")?.ok_or_else(wrong)?;
    branch.step(|world, now| {
        let icon = file.into_world(world, now)?;
        world.change_group(&ChatId::new(id), |group| group.icon = Some(icon))?;
        Ok(done())
    })
}

pub(super) async fn drop_icon(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.step(|world, _| {
        world.change_group(&ChatId::new(id), |group| group.icon = None)?;
        Ok(done())
    })
}
