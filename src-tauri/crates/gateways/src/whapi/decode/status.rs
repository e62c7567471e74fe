//! How far our messages have come, by the gateway's words. The numeric code beside the word is not used.
//!
//! In a group each member's phone reports for itself (`viewer_id`). That one of them has read a message is not yet that *the
//! message* was read, so such a report is told with its member; one that says no more than that the message was sent, or was
//! given up, is kept raw. `deleted` is no step: it is told as a deletion. Errors beside a
//! failed status are kept raw behind it; one of them that says that the number is restricted is a change of the link too,
//! as it is when a send is refused for it.

use mostrador_domain::{
    Address, ChatKind, DeliveryStatus, Inbound, LinkChange, MessageChange, MessageChangeKind, StatusKind,
    StatusUpdate, UnixMillis,
};
use serde_json::Value;

use super::super::errors;
use super::super::fields::Fields;
use super::unknown;

/// What the item says.
pub(in super::super) fn read(item: &Value) -> Vec<Inbound> {
    let fields = Fields::of(item);
    let Some(said) = fields.and_then(said) else {
        return vec![unknown("status", item)];
    };
    let has_errors =
        fields.is_some_and(|status| status.list("errors").is_some_and(|errors| !errors.is_empty()));
    let restricted = restriction(&said);
    let errors = has_errors.then(|| unknown("status.errors", item));
    std::iter::once(said).chain(restricted).chain(errors).collect()
}

/// What a message that was given up for it says of the number.
fn restriction(said: &Inbound) -> Option<Inbound> {
    match said {
        Inbound::Status(update) if update.status == StatusKind::Restricted => {
            Some(Inbound::Link(LinkChange::Restricted { at: update.at }))
        }
        _ => None,
    }
}

/// Is one of the errors beside a status the code of a restricted number?
fn says_restricted(status: Fields<'_>) -> bool {
    status
        .objects("errors")
        .any(|error| error.count("code") == Some(u32::from(errors::RESTRICTED)))
}

fn said(status: Fields<'_>) -> Option<Inbound> {
    let word = status.text("status")?;
    let gateway_id = status.string("id")?;
    let chat = status.text("recipient_id").map(Address::parse);
    let at = status.time("timestamp")?;
    let in_group = chat
        .as_ref()
        .is_some_and(|chat| ChatKind::of(chat) == ChatKind::Group);
    if in_group && status.value("viewer_id").is_some() {
        return of_member(status, word, (gateway_id, chat, at));
    }
    if word == "deleted" {
        return Some(Inbound::Change(MessageChange {
            chat,
            gateway_id,
            by: None,
            at,
            what: MessageChangeKind::Deleted,
        }));
    }
    Some(Inbound::Status(StatusUpdate {
        gateway_id,
        chat,
        member: None,
        status: match word {
            "failed" if says_restricted(status) => StatusKind::Restricted,
            "failed" => StatusKind::Failed,
            word => StatusKind::Reached(reached(word)?),
        },
        at,
    }))
}

/// How far a message has come with one member of its group.
fn of_member(
    status: Fields<'_>,
    word: &str,
    (gateway_id, chat, at): (String, Option<Address>, UnixMillis),
) -> Option<Inbound> {
    let member = status.text("viewer_id").map(Address::parse)?;
    let reached = reached(word).filter(|reached| reached.rank() > DeliveryStatus::Sent.rank())?;
    Some(Inbound::Status(StatusUpdate {
        gateway_id,
        chat,
        member: Some(member),
        status: StatusKind::Reached(reached),
        at,
    }))
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
