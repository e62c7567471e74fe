//! How things look: a `key`, a `message` with one field named after its kind, times in seconds, numbers of 64 bits in halves.

use serde_json::{Map, Value, json};

use crate::{
    clock::seconds,
    world::{
        ChatView, Content, Deed, FileContent, FileKind, Group, Message, Mute, Number, Person, Progress, Rank,
        World,
    },
};

/// The key of a message.
pub(crate) fn key(world: &World, message: &Message) -> Value {
    let mut key =
        json!({ "remoteJid": message.chat.as_str(), "fromMe": message.from_shop, "id": message.id });
    if message.chat.is_group() && !message.from_shop {
        key["participant"] = json!(jid(world, &message.author));
    }
    key
}

/// Somebody, by the hidden number if that is all they show.
pub(crate) fn jid(world: &World, number: &Number) -> String {
    world
        .person(number)
        .map_or_else(|| number.chat(), Person::chat)
        .as_str()
        .to_owned()
}

/// A message.
pub(crate) fn message(world: &World, message: &Message) -> Value {
    let (kind, content) = content(world, &message.content);
    let mut shape = json!({
        "key": key(world, message), "messageType": kind, "message": { kind.as_str(): content },
        "messageTimestamp": seconds(message.at), "instanceId": "practice", "source": "android",
    });
    let name = world.person(&message.author).map(|person| person.name.as_str());
    let name = if message.from_shop { Some("Você") } else { name };
    if let Some(name) = name.filter(|name| !name.is_empty()) {
        shape["pushName"] = json!(name);
    }
    if let Some(progress) = message.progress() {
        shape["status"] = json!(word(progress));
    }
    if let Some(context) = context(world, message) {
        shape["contextInfo"] = context;
    }
    shape
}

fn context(world: &World, message: &Message) -> Option<Value> {
    let extras = &message.extras;
    let mut context = Map::new();
    if let Some(id) = &extras.quoted {
        context.insert("stanzaId".to_owned(), json!(id));
        if let Some(quoted) = world.message(id) {
            let (kind, content) = content(world, &quoted.content);
            context.insert("quotedMessage".to_owned(), json!({ kind: content }));
        }
    }
    if !extras.mentions.is_empty() {
        context.insert("mentionedJid".to_owned(), json!(extras.mentions));
    }
    if extras.forwarded {
        context.insert("isForwarded".to_owned(), json!(true));
    }
    (!context.is_empty()).then_some(Value::Object(context))
}

/// How far a message has come.
pub(crate) fn word(progress: Progress) -> &'static str {
    match progress {
        Progress::Failed => "ERROR",
        Progress::Pending => "PENDING",
        Progress::Sent => "SERVER_ACK",
        Progress::Delivered => "DELIVERY_ACK",
        Progress::Read => "READ",
        Progress::Played => "PLAYED",
    }
}

/// What a message carries: the name of its kind, and its fields.
pub(crate) fn content(world: &World, content: &Content) -> (String, Value) {
    match content {
        Content::Text { body } => ("conversation".to_owned(), json!(body)),
        Content::File(file) => (file_kind(file.kind).to_owned(), file_shape(world, file)),
        Content::Poll(poll) => {
            let options: Vec<Value> = poll
                .options
                .iter()
                .map(|name| json!({ "optionName": name }))
                .collect();
            let most = if poll.single { 1 } else { 0 };
            let shape = json!({ "name": poll.title, "options": options, "selectableOptionsCount": most });
            ("pollCreationMessageV3".to_owned(), shape)
        }
        Content::Action { target, deed } => action(world, target, deed),
        Content::Shaped { kind, fields } => shaped(kind, fields),
        Content::Noise => (
            "protocolMessage".to_owned(),
            json!({ "type": "EPHEMERAL_SYNC_RESPONSE" }),
        ),
    }
}

fn action(world: &World, target: &str, deed: &Deed) -> (String, Value) {
    let key = world
        .message(target)
        .map_or_else(|| json!({ "id": target }), |message| key(world, &message));
    match deed {
        Deed::Reaction { emoji } => ("reactionMessage".to_owned(), json!({ "key": key, "text": emoji })),
        Deed::Edit { now } => {
            let (kind, edited) = content(world, now);
            let shape = json!({ "key": key, "type": "MESSAGE_EDIT", "editedMessage": { kind: edited } });
            ("protocolMessage".to_owned(), shape)
        }
        Deed::Delete => (
            "protocolMessage".to_owned(),
            json!({ "key": key, "type": "REVOKE" }),
        ),
        // What was chosen is sealed.
        Deed::Vote { .. } => (
            "pollUpdateMessage".to_owned(),
            json!({ "pollCreationMessageKey": key }),
        ),
        Deed::Pin => (
            "pinInChatMessage".to_owned(),
            json!({ "key": key, "type": "PIN_FOR_ALL" }),
        ),
        Deed::Unpin => (
            "pinInChatMessage".to_owned(),
            json!({ "key": key, "type": "UNPIN_FOR_ALL" }),
        ),
    }
}

fn shaped(kind: &str, fields: &Map<String, Value>) -> (String, Value) {
    let field = |name: &str| fields.get(name).cloned().unwrap_or(Value::Null);
    let (kind, shape) = match kind {
        "location" | "live_location" => (
            "locationMessage",
            json!({
                "degreesLatitude": field("latitude"), "degreesLongitude": field("longitude"), "name": field("name"),
                "address": field("address"),
            }),
        ),
        "contact" => (
            "contactMessage",
            json!({ "displayName": field("name"), "vcard": field("vcard") }),
        ),
        "contact_list" => ("contactsArrayMessage", json!({ "contacts": field("list") })),
        "link_preview" => (
            "extendedTextMessage",
            json!({ "text": field("body"), "title": field("title"), "description": field("description") }),
        ),
        "order" => (
            "orderMessage",
            json!({ "orderId": field("order_id"), "orderTitle": field("title") }),
        ),
        other => return (format!("{other}Message"), Value::Object(fields.clone())),
    };
    (kind.to_owned(), shape)
}

fn file_kind(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Image => "imageMessage",
        FileKind::Video | FileKind::Gif => "videoMessage",
        FileKind::Short => "ptvMessage",
        FileKind::Audio | FileKind::Voice => "audioMessage",
        FileKind::Document => "documentMessage",
        FileKind::Sticker => "stickerMessage",
    }
}

/// A number of 64 bits, as it leaks out of the library.
fn long(number: usize) -> Value {
    json!({ "low": number, "high": 0, "unsigned": true })
}

fn file_shape(world: &World, file: &FileContent) -> Value {
    let mut shape = json!({ "caption": file.caption, "fileName": file.name, "seconds": file.seconds });
    if let Some(media) = world.media(&file.media) {
        shape["mimetype"] = json!(media.mime);
        shape["fileLength"] = long(media.bytes.len());
        shape["fileSha256"] = json!(media.sha256_base64());
        if let Some(look) = &media.look {
            (shape["width"], shape["height"]) = (json!(look.width), json!(look.height));
        }
    }
    if file.kind == FileKind::Voice {
        shape["ptt"] = json!(true);
    }
    if file.kind == FileKind::Gif {
        shape["gifPlayback"] = json!(true);
    }
    shape
}

/// A chat of the list.
pub(crate) fn chat(chat: &ChatView) -> Value {
    let mut shape = json!({
        "id": chat.id.as_str(), "isGroup": chat.id.is_group(), "unreadCount": chat.unread,
        "isMuted": chat.flags.mute != Mute::Off, "timestamp": seconds(chat.at), "archived": chat.flags.archived,
        "pinned": chat.flags.pinned,
    });
    if !chat.name.is_empty() {
        shape["name"] = json!(chat.name);
    }
    shape
}

/// The one name that the server keeps of somebody: the phone's, or what they call themselves.
fn one_name(person: &Person) -> Option<&str> {
    let own = Some(person.name.as_str()).filter(|name| !name.is_empty());
    person.saved_as.as_deref().or(own)
}

/// Somebody, as the server lists them. Whoever has a name or a picture is said to be saved, whether the phone has saved them or not.
pub(crate) fn contact(person: &Person) -> Value {
    let name = one_name(person);
    let is_saved = name.is_some();
    json!({
        "id": "c1", "remoteJid": person.chat().as_str(), "pushName": name, "profilePicUrl": null, "isGroup": false,
        "isSaved": is_saved, "type": if is_saved { "contact" } else { "group_member" },
    })
}

/// The same with the further name that one documentation lists, without a word on whose it is.
pub(crate) fn contact_with_another_name(person: &Person) -> Value {
    let mut shape = contact(person);
    shape["name"] = shape["pushName"].clone();
    shape
}

/// The same, as an event tells it: without a word on who is saved.
pub(crate) fn contact_in_event(person: &Person) -> Value {
    let name = one_name(person).map_or_else(|| person.number.to_string(), str::to_owned);
    json!({ "remoteJid": person.chat().as_str(), "pushName": name, "profilePicUrl": null, "instanceId": "c1" })
}

/// The same, as the library itself has it: the phone's name, and what they call themselves.
pub(crate) fn contact_as_it_is(person: &Person) -> Value {
    let mut shape = json!({ "id": person.chat().as_str() });
    if let Some(saved) = &person.saved_as {
        shape["name"] = json!(saved);
    }
    if !person.name.is_empty() {
        shape["notify"] = json!(person.name);
    }
    shape
}

/// A group in the list of persons, where it stands too.
pub(crate) fn group_among_contacts(group: &Group) -> Value {
    json!({
        "id": "c2", "remoteJid": group.id.as_str(), "pushName": group.name, "isGroup": true, "isSaved": true, "type": "group",
    })
}

/// A group; `whole` = with everybody in it.
pub(crate) fn group(world: &World, group: &Group, whole: bool) -> Value {
    let mut shape = json!({
        "id": group.id.as_str(), "subject": group.name, "desc": group.description, "announce": group.announcements,
        "creation": seconds(group.created_at),
    });
    if whole {
        let shop = group
            .shop
            .map(|rank| (world.shop().number.chat().as_str().to_owned(), rank));
        let others = group
            .members
            .iter()
            .map(|(number, rank)| (jid(world, number), *rank));
        let people = shop.into_iter().chain(others);
        shape["participants"] = people
            .map(|(id, rank)| json!({ "id": id, "admin": admin(rank) }))
            .collect();
    }
    shape
}

fn admin(rank: Rank) -> Option<&'static str> {
    match rank {
        Rank::Member => None,
        Rank::Admin => Some("admin"),
        Rank::Creator => Some("superadmin"),
    }
}
