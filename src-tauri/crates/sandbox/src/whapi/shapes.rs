//! The world's things, worded in the dialect's JSON.

use serde_json::{Map, Value, json};

use super::Settings;
use crate::{
    clock::{Millis, seconds},
    world::{
        ChatId, ChatView, Content, Deed, FileContent, FileKind, Group, Label, Media, Message, Mute, Number,
        Person, Poll, Progress, Shop, Source, World,
    },
};

/// How *for ever* is said of a muted chat: beyond 64 bits, as a JavaScript number spells 2⁶⁴.
const FOR_EVER: f64 = 18_446_744_073_709_551_615.0;

/// What the wording of a message depends on besides the message.
#[derive(Clone, Copy)]
pub(crate) struct Wording<'a> {
    pub(crate) world: &'a World,
    /// Whether files carry an address from which they can be fetched without a token.
    settings: &'a Settings,
    port: u16,
}

impl<'a> Wording<'a> {
    pub(crate) fn new(world: &'a World, settings: &'a Settings, port: u16) -> Self {
        Self {
            world,
            settings,
            port,
        }
    }

    /// A message, as far as it has come in the copy that is given.
    pub(crate) fn message(self, message: &Message) -> Value {
        let mut shape = Map::new();
        let mut put = |key: &str, value: Value| shape.insert(key.to_owned(), value);
        let story = message.chat.as_str() == crate::world::STORIES;
        put("id", json!(message.id));
        put("from_me", json!(message.from_shop));
        put(
            "type",
            json!(if story { "story" } else { message.content.kind() }),
        );
        put("chat_id", json!(message.chat.as_str()));
        put("timestamp", json!(seconds(message.at)));
        put("source", json!(source(message.source)));
        put("from", json!(self.author(message)));
        if let Some(name) = self.author_name(message) {
            put("from_name", json!(name));
        }
        if message.chat.is_group() {
            put("chat_name", json!(self.world.chat_name(&message.chat)));
        }
        if message.source == Source::Gateway {
            put("device_id", json!(2));
        }
        if let Some(progress) = message.progress() {
            put("status", json!(progress.wire().0));
        }
        if let Some(content) = self.content(&message.content, message.extras.view_once) {
            put(message.content.kind(), content);
        }
        if let Some(context) = self.context(message) {
            put("context", context);
        }
        if !message.reactions.is_empty() {
            put("reactions", reactions(message));
        }
        let labels = self.world.labels_of(&message.id);
        if !labels.is_empty() {
            put("labels", labels.iter().map(label).collect());
        }
        Value::Object(shape)
    }

    /// Digits only, hidden ones for somebody who writes from them.
    fn author<'m>(self, message: &'m Message) -> &'m str
    where
        'a: 'm,
    {
        let hidden = self.world.person(&message.author).filter(|person| person.hidden);
        match (message.chat.hidden(), hidden) {
            (Some(lid), _) if !message.from_shop => lid,
            (None, Some(person)) if message.chat.is_group() => &person.lid,
            _ => message.author.as_str(),
        }
    }

    fn author_name(self, message: &Message) -> Option<&'a str> {
        if message.from_shop {
            return Some(&self.world.shop().name);
        }
        let person = self.world.person(&message.author)?;
        (message.source != Source::System && !person.name.is_empty()).then_some(person.name.as_str())
    }

    fn context(self, message: &Message) -> Option<Value> {
        let extras = &message.extras;
        let mut context = Map::new();
        if extras.forwarded {
            context.insert("forwarded".to_owned(), json!(true));
            context.insert("forwarding_score".to_owned(), json!(1));
        }
        if !extras.mentions.is_empty() {
            context.insert("mentions".to_owned(), json!(extras.mentions));
        }
        if let Some(id) = &extras.quoted {
            context.insert("quoted_id".to_owned(), json!(id));
            if let Some(quoted) = self.world.message(id) {
                context.insert("quoted_type".to_owned(), json!(quoted.content.kind()));
                context.insert("quoted_author".to_owned(), json!(self.author(&quoted)));
                let content = self.content(&quoted.content, false);
                context.insert("quoted_content".to_owned(), content.unwrap_or(json!({})));
            }
        }
        (!context.is_empty()).then_some(Value::Object(context))
    }

    /// What a message carries, under the field that has the name of its kind.
    pub(super) fn content(self, content: &Content, view_once: bool) -> Option<Value> {
        let mut shape = match content {
            Content::Text { body } => json!({ "body": body }),
            Content::File(file) => self.file(file)?,
            Content::Poll(poll) => poll_shape(poll),
            Content::Action { target, deed } => self.action(target, deed),
            Content::Shaped { fields, .. } => Value::Object(fields.clone()),
            Content::Noise => return None,
        };
        if view_once {
            shape["view_once"] = json!(true);
        }
        Some(shape)
    }

    fn file(self, file: &FileContent) -> Option<Value> {
        let media = self.world.media(&file.media)?;
        let mut shape = json!({
            "id": file.media,
            "mime_type": media.mime,
            "file_size": media.bytes.len(),
            "sha256": media.sha256_base64(),
            "timestamp": seconds(media.at),
        });
        add_look(&mut shape, &media);
        if let Some(caption) = &file.caption {
            shape["caption"] = json!(caption);
        }
        if let Some(seconds) = file.seconds {
            shape["seconds"] = json!(seconds);
        }
        if file.kind == FileKind::Document {
            let name = file.name.clone().unwrap_or_else(|| file.media.clone());
            shape["file_name"] = json!(name);
            shape["filename"] = json!(name);
        }
        if self.settings.downloads(file.kind.word()) {
            shape["link"] = json!(format!("http://127.0.0.1:{}/files/{}", self.port, file.media));
        }
        Some(shape)
    }

    fn action(self, target: &str, deed: &Deed) -> Value {
        let mut shape = json!({ "target": target, "type": deed.word() });
        match deed {
            Deed::Reaction { emoji } => shape["emoji"] = json!(emoji),
            Deed::Edit { now } => {
                shape["edited_type"] = json!(now.kind());
                shape["edited_content"] = self.content(now, false).unwrap_or(json!({}));
            }
            Deed::Vote { options } => {
                let votes: Vec<String> = options.iter().map(|place| Poll::option_id(*place)).collect();
                shape["votes"] = json!(votes);
            }
            Deed::Delete | Deed::Pin | Deed::Unpin => {}
        }
        shape
    }

    /// A chat of the list, with its last message.
    pub(crate) fn chat(self, chat: &ChatView) -> Value {
        let mut shape = chat_bare(chat);
        if let Some(last) = &chat.last {
            shape["last_message"] = self.message(last);
        }
        let who = chat.id.as_str().split('@').next().unwrap_or_default();
        if let Some(picture) = picture(self.port, who) {
            shape["chat_pic"] = json!(picture);
        }
        shape
    }

    /// Somebody, with where their picture lies.
    pub(crate) fn contact(self, person: &Person) -> Value {
        let mut shape = contact(person);
        if let Some(picture) = picture(self.port, person.number.as_str()) {
            shape["profile_pic"] = json!(picture);
        }
        shape
    }
}

fn add_look(shape: &mut Value, media: &Media) {
    if let Some(look) = &media.look {
        shape["width"] = json!(look.width);
        shape["height"] = json!(look.height);
        shape["preview"] = json!(format!("data:image/jpeg;base64,{}", look.thumbnail));
    }
}

fn reactions(message: &Message) -> Value {
    let shapes = message.reactions.iter().map(|(who, (emoji, at))| {
        json!({ "id": format!("{}-{}", message.id, who), "emoji": emoji, "group_key": who.as_str(), "t": seconds(*at), "count": 1 })
    });
    shapes.collect()
}

fn poll_shape(poll: &Poll) -> Value {
    let results = poll.options.iter().enumerate().map(|(place, name)| {
        let voters: Vec<&str> = poll
            .votes
            .iter()
            .filter(|(_, chosen)| chosen.contains(&place))
            .map(|(who, _)| who.as_str())
            .collect();
        json!({ "id": Poll::option_id(place), "name": name, "count": voters.len(), "voters": voters })
    });
    json!({
        "title": poll.title,
        "options": poll.options,
        "vote_limit": u8::from(poll.single),
        "total": poll.votes.values().map(Vec::len).sum::<usize>(),
        "results": results.collect::<Vec<Value>>(),
    })
}

/// A chat without its last message, as webhooks give it.
pub(crate) fn chat_bare(chat: &ChatView) -> Value {
    let muted = chat.flags.mute != Mute::Off;
    let mut shape = json!({
        "id": chat.id.as_str(),
        "type": if chat.id.is_group() { "group" } else { "contact" },
        "timestamp": seconds(chat.at),
        "unread": chat.unread.max(usize::from(chat.flags.marked_unread)),
        "pin": chat.flags.pinned,
        "mute": muted,
        "mute_until": mute_until(chat.flags.mute),
        "archive": chat.flags.archived,
        "not_spam": true,
    });
    if !chat.name.is_empty() {
        shape["name"] = json!(chat.name);
    }
    if chat.flags.ephemeral > 0 {
        shape["ephemeral"] = json!(chat.flags.ephemeral);
    }
    if !chat.labels.is_empty() {
        shape["labels"] = chat.labels.iter().map(label).collect();
    }
    shape
}

/// Where the picture of somebody lies, of those who have one: like WhatsApp's own it needs no token.
fn picture(port: u16, who: &str) -> Option<String> {
    super::faces::of(who)?;
    Some(format!("http://127.0.0.1:{port}/pictures/{who}"))
}

fn mute_until(mute: Mute) -> Value {
    match mute {
        Mute::Off => json!(0),
        Mute::Until(at) => json!(at),
        Mute::Forever => json!(FOR_EVER),
    }
}

/// Somebody in the address book, or who has written.
pub(crate) fn contact(person: &Person) -> Value {
    let name = person.saved_as.as_deref().unwrap_or(&person.name);
    json!({
        "id": person.number.as_str(),
        "name": name,
        "pushname": person.name,
        "is_business": false,
        "saved": person.saved_as.is_some(),
    })
}

/// A group with everybody in it.
pub(crate) fn group(world: &World, group: &Group) -> Value {
    let mut people: Vec<Value> = Vec::new();
    if let Some(rank) = group.shop {
        people.push(json!({ "id": world.shop().number.as_str(), "rank": rank.word() }));
    }
    let shown = |number: &Number| {
        let hidden = world.person(number).filter(|person| person.hidden);
        hidden.map_or_else(|| number.to_string(), |person| person.lid.clone())
    };
    people.extend(
        group
            .members
            .iter()
            .map(|(number, rank)| json!({ "id": shown(number), "rank": rank.word() })),
    );
    let mut shape = world.chat(&group.id).map_or_else(
        || json!({ "id": group.id.as_str(), "type": "group", "timestamp": seconds(group.created_at) }),
        |chat| chat_bare(&chat),
    );
    let own = json!({
        "name": group.name, "description": group.description, "participants_count": people.len(),
        "participants": people, "name_at": seconds(group.created_at), "created_at": seconds(group.created_at),
        "created_by": group.created_by.as_str(), "announcements": group.announcements,
        "restricted": group.restricted, "adminAddMemberMode": !group.members_may_add,
    });
    if let (Some(shape), Value::Object(own)) = (shape.as_object_mut(), own) {
        shape.extend(own);
    }
    shape
}

pub(crate) fn label(label: &Label) -> Value {
    json!({ "id": label.id, "name": label.name, "color": label.colour })
}

/// The shop itself.
pub(crate) fn user(shop: &Shop) -> Value {
    json!({ "id": shop.number.as_str(), "name": shop.name })
}

/// A step of a message. Its time is a text here, although it is a number in messages.
pub(crate) fn status(
    message: &str,
    chat: &str,
    viewer: Option<&str>,
    progress: Progress,
    at: Millis,
) -> Value {
    let (text, code) = progress.wire();
    let mut shape = json!({
        "id": message,
        "code": code,
        "status": text,
        "recipient_id": chat,
        "timestamp": seconds(at).to_string(),
    });
    if let Some(viewer) = viewer {
        shape["viewer_id"] = json!(viewer);
    }
    shape
}

/// A call. Its time is in milliseconds, unlike every other.
pub(crate) fn call(id: &str, from: &Number, status: &str, video: bool, at: Millis) -> Value {
    json!({
        "id": id, "chat_id": ChatId::as_str(&from.chat()), "status": status, "from": from.as_str(),
        "timestamp": at, "group_call": false, "video_call": video, "offline_call": false,
    })
}

fn source(source: Source) -> &'static str {
    match source {
        Source::Phone => "mobile",
        Source::Gateway => "api",
        Source::System => "system",
    }
}
