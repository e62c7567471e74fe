//! Chats. A gateway knows them from the phone: without a linked number the list is empty.

use axum::extract::Path;
use serde_json::{Value, json};

use super::{
    Refusal,
    entry::At,
    given::{Given, wrong},
    media::linked,
    page::Page,
    said::{Said, done},
    shapes::Wording,
};
use crate::world::{ChatId, Mute};

const NO_CHAT: Refusal = Refusal::new(axum::http::StatusCode::NOT_FOUND, "Specified chat not found");
/// Beyond this a silence is for ever: what a signed number of 64 bits cannot say.
const LATEST: f64 = 9.2e18;
const DAY: u32 = 86_400;

pub(super) async fn list(At(branch): At, page: Page) -> Said {
    let settings = branch.settings();
    Said(branch.look(|world, _| {
        let book = world.book();
        let total = if world.channel().is_linked() {
            book.chats_len()
        } else {
            0
        };
        let wording = Wording::new(world, &settings, branch.port());
        let wanted = book.chats().skip(page.offset).take(page.count.min(total));
        let chats: Vec<Value> = wanted
            .filter_map(|id| world.chat(id))
            .map(|chat| wording.chat(&chat))
            .collect();
        json!({ "chats": chats, "count": page.count, "total": total, "offset": page.offset })
    }))
}

pub(super) async fn one(At(branch): At, Path(chat): Path<String>) -> Result<Said, Refusal> {
    let settings = branch.settings();
    branch.look(|world, _| {
        let chat = world
            .chat(&ChatId::new(chat))
            .filter(|_| world.channel().is_linked());
        let chat = chat.ok_or(NO_CHAT)?;
        Ok(Said(Wording::new(world, &settings, branch.port()).chat(&chat)))
    })
}

pub(super) async fn archive(At(branch): At, Path(chat): Path<String>, given: Given) -> Result<Said, Refusal> {
    let archived = given.truth("archive")?.unwrap_or(true);
    branch.step(|world, _| {
        linked(world, "Need channel authorization for archive chat")?;
        let marked = world.mark_chat(&ChatId::new(chat), |flags| flags.archived = archived);
        if marked { Ok(done()) } else { Err(NO_CHAT) }
    })
}

/// One change for each call: which one is settled by the field that is given.
pub(super) async fn patch(At(branch): At, Path(chat): Path<String>, given: Given) -> Result<Said, Refusal> {
    let (pin, mute) = (given.truth("pin")?, given.number("mute_until")?);
    let (unread, ephemeral) = (given.truth("mark_unread")?, given.text("ephemeral")?);
    let changes = [
        pin.is_some(),
        mute.is_some(),
        unread.is_some(),
        ephemeral.is_some(),
    ];
    if changes.iter().filter(|change| **change).count() != 1 {
        return Err(wrong());
    }
    let ephemeral = ephemeral.map(lasting).transpose()?;
    branch.step(|world, _| {
        linked(world, "Need channel authorization for change chat")?;
        let marked = world.mark_chat(&ChatId::new(chat), |flags| {
            flags.pinned = pin.unwrap_or(flags.pinned);
            flags.mute = mute.map_or(flags.mute, silent_until);
            flags.marked_unread = unread.unwrap_or(flags.marked_unread);
            flags.ephemeral = ephemeral.unwrap_or(flags.ephemeral);
        });
        if marked { Ok(done()) } else { Err(NO_CHAT) }
    })
}

fn silent_until(at: f64) -> Mute {
    if at <= 0.0 {
        Mute::Off
    } else if at >= LATEST {
        Mute::Forever
    } else {
        Mute::Until(at as u64)
    }
}

fn lasting(word: &str) -> Result<u32, Refusal> {
    match word {
        "none" => Ok(0),
        "day" => Ok(DAY),
        "week" => Ok(7 * DAY),
        "quarter" => Ok(90 * DAY),
        _ => Err(wrong()),
    }
}

pub(super) async fn delete(At(branch): At, Path(chat): Path<String>) -> Result<Said, Refusal> {
    branch.step(|world, _| {
        linked(world, "Need channel authorization for delete chat")?;
        if world.delete_chat(&ChatId::new(chat)) {
            Ok(done())
        } else {
            Err(NO_CHAT)
        }
    })
}
