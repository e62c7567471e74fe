//! How far our messages have come, by the gateway's words. The numeric code beside the word is not used.
//!
//! In a group each member's phone reports for itself. That one of them has read a message is not yet that *the
//! message* was read, so such a report is kept raw.

use mostrador_domain::{Address, ChatKind, DeliveryStatus, Inbound, StatusKind, StatusUpdate};
use serde_json::Value;

use super::super::{loose, wire};
use super::unknown;

/// What the item says.
pub(in super::super) fn read(item: &Value) -> Inbound {
    match loose::read(item).and_then(update) {
        Some(update) => Inbound::Status(update),
        None => unknown("status", item),
    }
}

fn update(status: wire::Status) -> Option<StatusUpdate> {
    let kind = match status.status.as_deref()? {
        "failed" => StatusKind::Failed,
        word => StatusKind::Reached(reached(word)?),
    };
    let chat = status.recipient_id.as_deref().map(Address::parse);
    let in_group = chat
        .as_ref()
        .is_some_and(|chat| ChatKind::of(chat) == ChatKind::Group);
    if in_group && status.viewer_id.is_some() {
        return None;
    }
    Some(StatusUpdate {
        gateway_id: status.id?,
        chat,
        status: kind,
        at: loose::time(status.timestamp)?,
    })
}

/// The step that a word names. `pending` is the gateway's queue: it has accepted the message.
pub(super) fn reached(word: &str) -> Option<DeliveryStatus> {
    match word {
        "pending" | "sent" => Some(DeliveryStatus::Sent),
        "delivered" => Some(DeliveryStatus::Delivered),
        "read" => Some(DeliveryStatus::Read),
        "played" => Some(DeliveryStatus::Played),
        _ => None,
    }
}
