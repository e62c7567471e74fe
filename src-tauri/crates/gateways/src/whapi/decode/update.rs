//! Messages that changed: `messages_updates` with the state before and after, and what made the change (`trigger`,
//! itself a message of type `action`).
//!
//! The trigger tells who did it and when, so it is preferred. Without one, what differs between the two states is
//! told: another content is an edit by whoever wrote it, another status is a status. A vote names answers by ids that
//! only the poll beside it explains; here they become words. What tells nothing of this is kept raw.
//!
//! `messages_removed` has ids and nothing else: neither chat nor person nor time. Its time is told as 0.

use mostrador_domain::{
    Address, Inbound, MessageBody, MessageChange, MessageChangeKind, StatusKind, StatusUpdate, UnixMillis,
};
use serde_json::Value;

use super::super::fields::Fields;
use super::message::{self, Envelope};
use super::{action, after, content, one, status, unknown};

/// A removal is told without its time.
const NO_TIME: UnixMillis = UnixMillis(0);

/// What the update says.
pub(super) fn read(item: &Value) -> Vec<Inbound> {
    let Some(update) = Fields::of(item) else {
        return vec![unknown("messages.patch", item)];
    };
    let by_trigger = triggered(update);
    let told: Vec<Inbound> = match by_trigger {
        Some(change) => vec![Inbound::Change(change)],
        None => differences(update, item),
    };
    if told.is_empty() {
        vec![unknown("messages.patch", item)]
    } else {
        told
    }
}

/// What the trigger did.
fn triggered(update: Fields<'_>) -> Option<MessageChange> {
    let trigger = update.object("trigger")?;
    let envelope = message::envelope(trigger)?;
    let said = action::read(action::of(trigger)?, &envelope);
    let Some(Inbound::Change(mut change)) = said else {
        return None;
    };
    let poll = update
        .object("after_update")
        .and_then(|after| after.object("poll"));
    if let (MessageChangeKind::Votes(votes), Some(poll)) = (&mut change.what, poll) {
        in_words(votes, poll);
    }
    Some(change)
}

/// Puts the words of a poll's answers in the place of their ids.
pub(in crate::whapi) fn in_words(votes: &mut [String], poll: Fields<'_>) {
    for vote in votes {
        let answer = poll
            .objects("results")
            .find(|result| result.text("id") == Some(vote.as_str()));
        if let Some(words) = answer.and_then(|answer| answer.string("name")) {
            *vote = words;
        }
    }
}

/// What is different after the update.
fn differences(update: Fields<'_>, item: &Value) -> Vec<Inbound> {
    let (Some(raw_after), Some(after)) = (after(item), update.object("after_update")) else {
        return Vec::new();
    };
    let Some(envelope) = message::envelope(after) else {
        return Vec::new();
    };
    let before = update.object("before_update");
    let edit = edit(before, after, &envelope, raw_after);
    edit.into_iter().chain(step(before, after, &envelope)).collect()
}

/// Another content, of a kind that is shown.
fn edit(before: Option<Fields<'_>>, after: Fields<'_>, envelope: &Envelope, raw: &Value) -> Option<Inbound> {
    let kind = after.text("type")?;
    let (old, new) = (before?.value(kind)?, after.value(kind)?);
    let body = content::content(after, kind, kind, raw).filter(|_| old != new)?;
    let was = content::content(before?, kind, kind, raw);
    if says_the_same(was.as_ref()?, &body) {
        return None;
    }
    Some(Inbound::Change(MessageChange {
        chat: Some(envelope.chat.clone()),
        gateway_id: envelope.id.clone(),
        by: envelope.sender.clone(),
        at: after.time("edited_at").unwrap_or(envelope.at),
        what: MessageChangeKind::Edited(body),
    }))
}

/// The votes below a question, a preview that was fetched, a file that was taken up: the content changed, what it says
/// did not. Nobody can put another file into a message, only other words under it.
fn says_the_same(was: &MessageBody, is: &MessageBody) -> bool {
    match (was, is) {
        (MessageBody::Media(was), MessageBody::Media(is)) => was.caption == is.caption,
        (was, is) => was == is,
    }
}

/// Another status of a message of ours.
fn step(before: Option<Fields<'_>>, after: Fields<'_>, envelope: &Envelope) -> Option<Inbound> {
    let word = after.text("status").filter(|_| envelope.from_me)?;
    if before.and_then(|before| before.text("status")) == Some(word) {
        return None;
    }
    let status = match word {
        "failed" => StatusKind::Failed,
        word => StatusKind::Reached(status::reached(word)?),
    };
    Some(Inbound::Status(StatusUpdate {
        gateway_id: envelope.id.clone(),
        chat: Some(envelope.chat.clone()),
        member: None,
        status,
        at: envelope.at,
    }))
}

/// A message that was deleted, by its id.
pub(super) fn removed(item: &Value) -> Vec<Inbound> {
    let gone = item.as_str().filter(|id| !id.is_empty()).map(|id| {
        Inbound::Change(MessageChange {
            chat: None,
            gateway_id: id.to_owned(),
            by: None,
            at: NO_TIME,
            what: MessageChangeKind::Deleted,
        })
    });
    one(gone, "messages.delete", item)
}

/// All messages of a chat were deleted.
pub(super) fn cleared(chat: &str) -> Inbound {
    Inbound::ChatCleared {
        chat: Address::parse(chat),
    }
}
