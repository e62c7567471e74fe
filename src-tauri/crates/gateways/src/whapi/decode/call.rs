//! Calls. Their time is in milliseconds, unlike all others.

use mostrador_domain::{Address, CallOutcome, CallUpdate, Inbound};
use serde_json::Value;

use super::super::fields::Fields;
use super::message::person;
use super::one;

/// What the item says of a call.
pub(in super::super) fn read(item: &Value) -> Vec<Inbound> {
    one(Fields::of(item).and_then(update).map(Inbound::Call), "call", item)
}

/// A call without a chat of its own is in the caller's.
fn update(call: Fields<'_>) -> Option<CallUpdate> {
    let chat = call.text("chat_id").or_else(|| call.text("from"))?;
    let chat = Address::parse(chat);
    Some(CallUpdate {
        gateway_id: call.string("id")?,
        from: call
            .text("from")
            .map_or_else(|| chat.clone(), |from| person(from, &chat)),
        chat,
        at: call.time("timestamp")?,
        outcome: match call.text("status")? {
            "initiated" | "ringing" => CallOutcome::Ringing,
            "missed" => CallOutcome::Missed,
            "canceled" => CallOutcome::Cancelled,
            "answered" => CallOutcome::Answered,
            _ => return None,
        },
        video: call.flag("video_call").unwrap_or(false),
    })
}
