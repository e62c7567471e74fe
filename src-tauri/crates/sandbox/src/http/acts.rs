//! One thing that somebody in the simulated world does, on order of another process: `POST /sandbox/act`.
//!
//! The body is `{"act": …, "device"?}` with these acts, each in the words of [`OnDevice`]:
//!
//! | act | fields |
//! |---|---|
//! | `edit`, `delete` | `customer`, `message`, for an edit `text` |
//! | `react` | `customer`, `message`, `emoji` |
//! | `vote` | `customer`, `message`, `options` (places) |
//! | `read` | `customer` |
//! | `play_voice` | `customer`, `message` |
//! | `reply` | `customer`, `message`, `text` |
//! | `group_write` | `customer`, `group`, `text` |
//! | `order` | `customer`, `items` (pairs of place and quantity) |
//! | `hide_number` | `customer`, `hidden` |
//! | `presence` | `customer`, `presence` |
//! | `call` | `customer`, `video`? |
//! | `phone_write` | `customer`, `text` |
//! | `phone_edit`, `phone_delete`, `phone_read` | `message`, for an edit `text` |
//! | `phone_delete_chat` | `chat` |

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::control::{Declined, branch, conflict, read};
use crate::{
    at_device::OnDevice,
    playing::{Presence, Unplayable},
    premises::Premises,
};

#[derive(Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
enum Act {
    Edit {
        customer: String,
        message: String,
        text: String,
    },
    Delete {
        customer: String,
        message: String,
    },
    React {
        customer: String,
        message: String,
        emoji: String,
    },
    Vote {
        customer: String,
        message: String,
        options: Vec<usize>,
    },
    Read {
        customer: String,
    },
    PlayVoice {
        customer: String,
        message: String,
    },
    Reply {
        customer: String,
        message: String,
        text: String,
    },
    GroupWrite {
        customer: String,
        group: String,
        text: String,
    },
    Order {
        customer: String,
        items: Vec<(usize, u32)>,
    },
    HideNumber {
        customer: String,
        hidden: bool,
    },
    Presence {
        customer: String,
        presence: Presence,
    },
    Call {
        customer: String,
        #[serde(default)]
        video: bool,
    },
    PhoneWrite {
        customer: String,
        text: String,
    },
    PhoneEdit {
        message: String,
        text: String,
    },
    PhoneDelete {
        message: String,
    },
    PhoneRead {
        message: String,
    },
    PhoneDeleteChat {
        chat: String,
    },
}

#[derive(Deserialize)]
struct Ordered {
    #[serde(flatten)]
    act: Act,
    #[serde(default)]
    device: usize,
}

impl From<Unplayable> for Declined {
    fn from(unplayable: Unplayable) -> Self {
        conflict(match unplayable {
            Unplayable::NoSuchPerson => "no_such_person",
            Unplayable::NotAPicture | Unplayable::WrongFile => "wrong_file",
            Unplayable::NotDone => "not_done",
        })
    }
}

pub(super) async fn act(State(premises): State<Arc<Premises>>, body: Bytes) -> Result<Json<Value>, Declined> {
    let Ordered { act, device } = read(&body)?;
    let here = OnDevice {
        branch: branch(&premises, device)?,
    };
    Ok(Json(json!({ "id": done(here, act)? })))
}

/// Does it; gives the id of what came of it, where something did.
fn done(here: OnDevice<'_>, act: Act) -> Result<Option<String>, Declined> {
    match act {
        Act::Edit {
            customer,
            message,
            text,
        } => here.edit_as(&customer, &message, &text)?,
        Act::Delete { customer, message } => here.delete_as(&customer, &message)?,
        Act::React {
            customer,
            message,
            emoji,
        } => here.react_as(&customer, &message, &emoji)?,
        Act::Vote {
            customer,
            message,
            options,
        } => here.vote_as(&customer, &message, &options)?,
        Act::Read { customer } => here.read_as(&customer)?,
        Act::PlayVoice { customer, message } => here.play_voice_as(&customer, &message)?,
        Act::HideNumber { customer, hidden } => here.hide_number_of(&customer, hidden)?,
        Act::Presence { customer, presence } => here.be_seen_as(&customer, presence)?,
        Act::PhoneEdit { message, text } => here.edit_on_phone(&message, &text)?,
        Act::PhoneDelete { message } => here.delete_on_phone(&message)?,
        Act::Reply {
            customer,
            message,
            text,
        } => return Ok(Some(here.reply_as(&customer, &message, &text)?)),
        Act::GroupWrite {
            customer,
            group,
            text,
        } => {
            return Ok(Some(here.write_in_group_as(&customer, &group, &text)?));
        }
        Act::Order { customer, items } => return Ok(Some(here.order_as(&customer, &items)?.0)),
        Act::Call { customer, video } => return Ok(Some(here.call_as(&customer, video)?)),
        Act::PhoneWrite { customer, text } => return Ok(Some(here.write_on_phone(&customer, &text)?)),
        Act::PhoneRead { message } if !here.read_on_phone(&message) => {
            return Err(conflict("no_such_message"));
        }
        Act::PhoneDeleteChat { chat } if !here.delete_chat_on_phone(&chat) => {
            return Err(conflict("no_such_chat"));
        }
        Act::PhoneRead { .. } | Act::PhoneDeleteChat { .. } => {}
    }
    Ok(None)
}
