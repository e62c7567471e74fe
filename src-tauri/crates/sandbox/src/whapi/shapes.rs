//! The world's things, worded in the dialect's JSON.

use serde_json::{Map, Value, json};

use super::Settings;
use crate::{
    clock::seconds,
    world::{ChatView, Content, Media, Message, Person, Progress, SHOP_NAME, SHOP_NUMBER, Source, World},
};

/// What the wording of a message depends on besides the message.
#[derive(Clone, Copy)]
pub(crate) struct Wording<'a> {
    pub(crate) world: &'a World,
    /// Whether pictures carry an address from which they can be fetched without a token.
    pub(crate) image_links: bool,
    pub(crate) port: u16,
}

impl<'a> Wording<'a> {
    pub(crate) fn new(world: &'a World, settings: &Settings, port: u16) -> Self {
        Self {
            world,
            image_links: settings.downloads("image"),
            port,
        }
    }

    /// A message, as far as it has come in the copy that is given.
    pub(crate) fn message(self, message: &Message) -> Value {
        let mut shape = Map::new();
        let mut put = |key: &str, value: Value| shape.insert(key.to_owned(), value);
        put("id", json!(message.id));
        put("from_me", json!(message.from_shop));
        put("type", json!(message.content.kind()));
        put("chat_id", json!(message.chat.as_str()));
        put("timestamp", json!(seconds(message.at)));
        put("source", json!(source(message.source)));
        put("from", json!(message.author.as_str()));
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
        if let Some(content) = self.content(&message.content) {
            put(message.content.kind(), content);
        }
        Value::Object(shape)
    }

    fn author_name(self, message: &Message) -> Option<String> {
        if message.from_shop {
            return Some(SHOP_NAME.to_owned());
        }
        let person = self.world.person(&message.author)?;
        (message.is_shown() && !person.name.is_empty()).then(|| person.name.clone())
    }

    fn content(self, content: &Content) -> Option<Value> {
        match content {
            Content::Text { body } => Some(json!({ "body": body })),
            Content::Image { media, caption } => {
                let mut shape = self.image(self.world.media(media)?);
                if let Some(caption) = caption {
                    shape["caption"] = json!(caption);
                }
                Some(shape)
            }
            Content::Noise => None,
        }
    }

    fn image(self, media: &Media) -> Value {
        let mut shape = json!({
            "id": media.id,
            "mime_type": media.mime,
            "file_size": media.bytes.len(),
            "sha256": media.look.sha256_base64(),
            "timestamp": seconds(media.at),
            "width": media.look.width,
            "height": media.look.height,
            "preview": format!("data:image/jpeg;base64,{}", media.look.thumbnail),
        });
        if self.image_links {
            shape["link"] = json!(format!("http://127.0.0.1:{}/files/{}", self.port, media.id));
        }
        shape
    }

    /// A chat of the list, with its last message.
    pub(crate) fn chat(self, chat: &ChatView) -> Value {
        let mut shape = chat_bare(chat);
        if let Some(last) = &chat.last {
            shape["last_message"] = self.message(last);
        }
        shape
    }
}

/// A chat without its last message, as webhooks give it.
pub(crate) fn chat_bare(chat: &ChatView) -> Value {
    let mut shape = json!({
        "id": chat.id.as_str(),
        "type": if chat.id.is_group() { "group" } else { "contact" },
        "timestamp": seconds(chat.at),
        "unread": chat.unread,
        "pin": false,
        "mute": false,
        "mute_until": 0,
        "archive": false,
        "not_spam": true,
    });
    if !chat.name.is_empty() {
        shape["name"] = json!(chat.name);
    }
    shape
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

/// The shop itself.
pub(crate) fn user() -> Value {
    json!({ "id": SHOP_NUMBER, "name": SHOP_NAME })
}

/// A step of a message. Its time is a text here, although it is a number in messages.
pub(crate) fn status(
    message: &str,
    chat: &str,
    viewer: Option<&str>,
    progress: Progress,
    at: crate::clock::Millis,
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

fn source(source: Source) -> &'static str {
    match source {
        Source::Phone => "mobile",
        Source::Gateway => "api",
        Source::System => "system",
    }
}
