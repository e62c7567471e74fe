//! What is looked up: chats, messages, files, numbers, persons.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};

use super::shapes;
use crate::world::{ChatId, ChatView, Content, Label, Person, Progress, World};

/// The chats, most recent first. Without a linked number there are none.
pub(crate) fn listed(world: &World) -> Vec<ChatView> {
    if !world.channel().is_linked() {
        return Vec::new();
    }
    let mut chats: Vec<ChatView> = world.book().chats().filter_map(|id| world.chat(id)).collect();
    chats.sort_by(|one, other| {
        other
            .at
            .cmp(&one.at)
            .then_with(|| one.id.as_str().cmp(other.id.as_str()))
    });
    chats
}

/// A chat of the list. The server counts there what it has not noted as read. In a group that is, each time that a member has read something of the
/// shop's, everything up to then.
pub(crate) fn chat(world: &World, of: &ChatView) -> Value {
    let mut shape = shapes::chat(of);
    if of.id.is_group() && of.unread > 0 {
        shape["unreadCount"] = json!(of.unread - noted_as_read(world, &of.id).min(of.unread));
    }
    shape
}

/// How many messages of a group that the shop has not opened were written before a member last read something of the shop's.
fn noted_as_read(world: &World, group: &ChatId) -> usize {
    let all: Vec<_> = world.messages_of(group).into_iter().flatten().collect();
    let receipts = all.iter().flat_map(|message| message.receipts.values());
    let read = receipts.filter(|receipt| receipt.progress >= Progress::Read);
    let Some(until) = read.map(|receipt| receipt.at).max() else {
        return 0;
    };
    let noted = all
        .iter()
        .filter(|message| !message.seen_by_shop && message.at <= until);
    noted.count()
}

/// How many messages there are, and a page of them, newest first; `offset` is the size of one.
pub(crate) fn messages(world: &World, said: &Value) -> (usize, Vec<Value>) {
    if !world.channel().is_linked() {
        return (0, Vec::new());
    }
    let number = |name: &str| {
        said[name]
            .as_u64()
            .and_then(|number| usize::try_from(number).ok())
    };
    let size = number("offset").filter(|size| *size > 0).unwrap_or(50);
    let skipped = number("page").unwrap_or(1).saturating_sub(1).saturating_mul(size);
    let book = world.book();
    let key = |name: &str| said["where"]["key"][name].as_str();
    let places: Vec<usize> = match (key("id"), key("remoteJid")) {
        (Some(id), _) => book.place_of(id).into_iter().collect(),
        (None, Some(chat)) => {
            let places = book.places(&ChatId::new(chat)).unwrap_or_default();
            places.iter().map(|place| *place as usize).collect()
        }
        (None, None) => book.between(None, None).collect(),
    };
    let left: Vec<usize> = places
        .into_iter()
        .rev()
        .filter(|place| !book.is_gone(*place))
        .collect();
    let listed = left.iter().skip(skipped).take(size);
    let listed = listed
        .filter_map(|place| book.get(*place))
        .map(|message| shapes::message(world, &message));
    (left.len(), listed.collect())
}

/// The file of a message.
pub(crate) fn file(world: &World, said: &Value) -> Option<Value> {
    let id = ["/message/key/id", "/key/id"]
        .into_iter()
        .find_map(|place| said.pointer(place)?.as_str())?;
    let message = world.message(id)?;
    let Content::File(file) = &message.content else {
        return None;
    };
    let media = world.media(&file.media)?;
    let (kind, shape) = shapes::content(world, &message.content);
    Some(json!({
        "mediaType": kind, "fileName": file.name, "mimetype": media.mime,
        "size": { "fileLength": shape["fileLength"] }, "base64": BASE64.encode(&media.bytes), "buffer": null,
    }))
}

/// Which numbers are on WhatsApp; `None` = no number is linked, so nobody can be asked.
pub(crate) fn verdicts(world: &World, said: &Value) -> Option<Vec<Value>> {
    let numbers = said["numbers"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    let verdict = |number: &str| {
        let found = world.check(number);
        let jid = found.as_ref().map_or_else(
            || format!("{number}@s.whatsapp.net"),
            |found| found.chat().as_str().to_owned(),
        );
        json!({ "jid": jid, "exists": found.is_some(), "number": number, "name": "" })
    };
    world
        .channel()
        .is_linked()
        .then(|| numbers.map(verdict).collect())
}

/// The persons and the groups, or the one who is asked for, or only those that are groups, or are none. Nobody promises an order.
pub(crate) fn people(world: &World, said: &Value, shape: fn(&Person) -> Value) -> Vec<Value> {
    let wanted = said.pointer("/where/remoteJid").and_then(Value::as_str);
    let of_groups = said.pointer("/where/isGroup").and_then(Value::as_bool);
    let people = world
        .people()
        .filter(|person| wanted.is_none_or(|jid| person.chat().as_str() == jid))
        .map(shape)
        .filter(|_| of_groups != Some(true));
    let groups = world
        .groups()
        .filter(|group| group.shop.is_some() && wanted.is_none_or(|jid| group.id.as_str() == jid))
        .map(shapes::group_among_contacts)
        .filter(|_| of_groups != Some(false));
    let mut all: Vec<Value> = people.chain(groups).collect();
    all.reverse();
    all
}

/// The labels.
pub(crate) fn labels(world: &World) -> Vec<Value> {
    let shape = |label: Label| json!({ "color": label.colour, "name": label.name, "id": label.id, "predefinedId": null });
    world
        .labels()
        .into_iter()
        .map(|(label, _)| shape(label))
        .collect()
}
