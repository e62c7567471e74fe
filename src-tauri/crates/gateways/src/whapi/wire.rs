//! The gateway's JSON shapes, as far as they are used.
//!
//! Every field is optional and forgiving (see [`loose`](super::loose)): the documentation, the help pages and real
//! traffic disagree, and one odd field must not cost the message. The names are the gateway's.

use serde::Deserialize;
use serde_json::Value;

use super::loose;

/// `GET /health`, and the `health` of a webhook.
#[derive(Deserialize)]
pub(super) struct Health {
    #[serde(default, deserialize_with = "loose::object")]
    pub(super) status: Option<ChannelStatus>,
    #[serde(default, deserialize_with = "loose::object")]
    pub(super) user: Option<Contact>,
}

/// The state of the channel.
#[derive(Deserialize)]
pub(super) struct ChannelStatus {
    #[serde(default, deserialize_with = "loose::text")]
    pub(super) text: Option<String>,
}

/// A person; of the linked one, only the id is used.
#[derive(Deserialize)]
pub(super) struct Contact {
    #[serde(default, deserialize_with = "loose::text")]
    pub(super) id: Option<String>,
}

/// A code to scan.
#[derive(Deserialize)]
pub(super) struct Qr {
    #[serde(default, deserialize_with = "loose::text")]
    pub(super) status: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    pub(super) base64: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    pub(super) rowdata: Option<String>,
    /// Seconds.
    #[serde(default, deserialize_with = "loose::number")]
    pub(super) expire: Option<f64>,
}

/// A message of any kind.
#[derive(Deserialize)]
pub(super) struct Message {
    #[serde(default, deserialize_with = "loose::text")]
    pub(super) id: Option<String>,
    #[serde(default, rename = "type", deserialize_with = "loose::text")]
    pub(super) kind: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    pub(super) chat_id: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    pub(super) chat_name: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    pub(super) from: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    pub(super) from_name: Option<String>,
    #[serde(default, deserialize_with = "loose::flag")]
    pub(super) from_me: Option<bool>,
    #[serde(default, deserialize_with = "loose::text")]
    pub(super) source: Option<String>,
    #[serde(default, deserialize_with = "loose::number")]
    pub(super) timestamp: Option<f64>,
    #[serde(default, deserialize_with = "loose::text")]
    pub(super) status: Option<String>,
    #[serde(default, deserialize_with = "loose::object")]
    pub(super) text: Option<Words>,
    #[serde(default, deserialize_with = "loose::object")]
    pub(super) link_preview: Option<Words>,
    #[serde(default, deserialize_with = "loose::object")]
    pub(super) image: Option<Image>,
    #[serde(default, deserialize_with = "loose::object")]
    pub(super) action: Option<Action>,
}

/// The words of a text, or of a text with a preview of its link.
#[derive(Deserialize)]
pub(super) struct Words {
    #[serde(default, deserialize_with = "loose::text")]
    pub(super) body: Option<String>,
}

/// A picture.
#[derive(Deserialize)]
pub(super) struct Image {
    #[serde(default, deserialize_with = "loose::text")]
    pub(super) id: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    pub(super) mime_type: Option<String>,
    #[serde(default, deserialize_with = "loose::number")]
    pub(super) file_size: Option<f64>,
    #[serde(default, deserialize_with = "loose::number")]
    pub(super) width: Option<f64>,
    #[serde(default, deserialize_with = "loose::number")]
    pub(super) height: Option<f64>,
    #[serde(default, deserialize_with = "loose::text")]
    pub(super) caption: Option<String>,
}

/// Something done to another message: a reaction, an edit, a deletion, a vote.
#[derive(Deserialize)]
pub(super) struct Action {
    #[serde(default, rename = "type", deserialize_with = "loose::text")]
    pub(super) kind: Option<String>,
}

/// How far a message has come; here the seconds are a string.
#[derive(Deserialize)]
pub(super) struct Status {
    #[serde(default, deserialize_with = "loose::text")]
    pub(super) id: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    pub(super) status: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    pub(super) recipient_id: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    pub(super) viewer_id: Option<String>,
    #[serde(default, deserialize_with = "loose::number")]
    pub(super) timestamp: Option<f64>,
}

/// A chat.
#[derive(Deserialize)]
pub(super) struct Chat {
    #[serde(default, deserialize_with = "loose::text")]
    pub(super) id: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    pub(super) name: Option<String>,
    #[serde(default, deserialize_with = "loose::number")]
    pub(super) unread: Option<f64>,
    #[serde(default, deserialize_with = "loose::flag")]
    pub(super) pin: Option<bool>,
    #[serde(default, deserialize_with = "loose::flag")]
    pub(super) archive: Option<bool>,
    #[serde(default, deserialize_with = "loose::flag")]
    pub(super) mute: Option<bool>,
    #[serde(default, deserialize_with = "loose::number")]
    pub(super) mute_until: Option<f64>,
    #[serde(default, deserialize_with = "loose::number")]
    pub(super) timestamp: Option<f64>,
    #[serde(default, deserialize_with = "loose::flag")]
    pub(super) read_only: Option<bool>,
}

/// The answer to a send.
#[derive(Deserialize)]
pub(super) struct Sent {
    #[serde(default, deserialize_with = "loose::flag")]
    pub(super) sent: Option<bool>,
    #[serde(default, deserialize_with = "loose::object")]
    pub(super) message: Option<Message>,
}

/// The answer to most other actions.
#[derive(Deserialize)]
pub(super) struct Done {
    #[serde(default, deserialize_with = "loose::flag")]
    pub(super) success: Option<bool>,
}

/// A page of a list. `count` is not here on purpose: it repeats what was asked for, not what came.
#[derive(Deserialize)]
pub(super) struct List {
    pub(super) messages: Option<Vec<Value>>,
    pub(super) chats: Option<Vec<Value>>,
    pub(super) statuses: Option<Vec<Value>>,
    #[serde(default, deserialize_with = "loose::number")]
    pub(super) total: Option<f64>,
}
