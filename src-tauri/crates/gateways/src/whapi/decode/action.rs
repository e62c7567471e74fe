//! Something done to another message, which comes as a message of its own: type `action` (`pin` in older versions),
//! with `action.target` naming the other one.
//!
//! | `action.type` | becomes |
//! |---|---|
//! | `reaction` | `Reaction`; without an emoji it was taken back |
//! | `edit`, `edited` | `Edited`, if the new content can be read |
//! | `delete` | `Deleted` |
//! | `vote` | `Votes`: the ids of the answers, or their words where an update tells both |
//! | `star`, `unstar`, `pin`, `unpin` | `Starred`, `Pinned` |
//! | `ephemeral`, `comment`, `event_response`, anything else | kept raw |

use mostrador_domain::{Inbound, MessageBody, MessageChange, MessageChangeKind};

use super::super::fields::Fields;
use super::content;
use super::message::Envelope;

/// The action of a message that is one.
pub(super) fn of(message: Fields<'_>) -> Option<Fields<'_>> {
    let is_action = matches!(message.text("type"), Some("action" | "pin"));
    message.object("action").filter(|_| is_action)
}

/// What an action that is kept raw is called.
pub(super) fn name(action: Fields<'_>) -> String {
    format!("action.{}", action.text("type").unwrap_or("unnamed"))
}

/// What was done, if it is something that we know, and to whom.
pub(super) fn read(action: Fields<'_>, envelope: &Envelope) -> Option<Inbound> {
    // Somebody did it: us, or a person who is named.
    if !envelope.from_me && envelope.sender.is_none() {
        return None;
    }
    Some(Inbound::Change(MessageChange {
        chat: Some(envelope.chat.clone()),
        gateway_id: action.string("target")?,
        by: envelope.sender.clone(),
        at: envelope.at,
        what: what(action)?,
    }))
}

fn what(action: Fields<'_>) -> Option<MessageChangeKind> {
    Some(match action.text("type")? {
        "reaction" => MessageChangeKind::Reaction(action.string("emoji")),
        "edit" | "edited" => MessageChangeKind::Edited(edited(action)?),
        "delete" => MessageChangeKind::Deleted,
        "vote" => MessageChangeKind::Votes(votes(action)?),
        "star" => MessageChangeKind::Starred(action.flag("starred").unwrap_or(true)),
        "unstar" => MessageChangeKind::Starred(false),
        "pin" => MessageChangeKind::Pinned(true),
        "unpin" => MessageChangeKind::Pinned(false),
        _ => return None,
    })
}

/// The new content: without the message around it, and sometimes with its kind only in `edited_type`.
fn edited(action: Fields<'_>) -> Option<MessageBody> {
    let kind = action.text("edited_type").unwrap_or("text");
    content::of_kind(kind, action.object("edited_content")?)
}

/// No answer at all is an answer that was taken back; a list that cannot be read is none.
fn votes(action: Fields<'_>) -> Option<Vec<String>> {
    let votes = action.list("votes")?;
    votes
        .iter()
        .map(|vote| vote.as_str().map(str::to_owned))
        .collect()
}
