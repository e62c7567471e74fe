//! Chats, from their list and from their updates.

use mostrador_domain::{Address, ChatSnapshot, Inbound, UnixMillis};
use serde_json::Value;

use super::super::{loose, wire};
use super::unknown;

/// What the item says.
pub(in super::super) fn read(item: &Value) -> Inbound {
    match snapshot(item) {
        Some(snapshot) => Inbound::Chat(snapshot),
        None => unknown("chat", item),
    }
}

/// What an update says: the chat as it is after it.
pub(super) fn read_update(item: &Value) -> Inbound {
    match item.get("after_update").and_then(snapshot) {
        Some(snapshot) => Inbound::Chat(snapshot),
        None => unknown("chat update", item),
    }
}

/// The chat, if the item names one.
pub(in super::super) fn snapshot(item: &Value) -> Option<ChatSnapshot> {
    let chat: wire::Chat = loose::read(item)?;
    Some(ChatSnapshot {
        chat: Address::parse(chat.id.as_deref()?),
        muted_until: muted_until(chat.mute, chat.mute_until),
        name: chat.name,
        unread: loose::count(chat.unread).map(i64::from),
        pinned: chat.pin,
        archived: chat.archive,
        at: loose::time(chat.timestamp),
        labels: None,
        read_only: chat.read_only,
    })
}

const FOR_EVER: UnixMillis = UnixMillis(i64::MAX);
const NOT_MUTED: UnixMillis = UnixMillis(0);

/// "For ever" is printed as 2^64, which no integer of ours holds; negative numbers are WhatsApp's own word for it.
/// A flag without a time is for ever or not at all.
fn muted_until(muted: Option<bool>, until: Option<f64>) -> Option<UnixMillis> {
    match (muted, until) {
        (_, Some(until)) if until < 0.0 => Some(FOR_EVER),
        (_, Some(until)) if until > 0.0 => loose::time(Some(until)),
        (Some(true), _) => Some(FOR_EVER),
        (Some(false), _) | (None, Some(_)) => Some(NOT_MUTED),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn muting_is_read_in_every_spelling() {
        let spellings = [
            (None, None, None),
            (None, Some(0.0), Some(NOT_MUTED)),
            (Some(false), None, Some(NOT_MUTED)),
            (Some(true), None, Some(FOR_EVER)),
            (Some(true), Some(0.0), Some(FOR_EVER)),
            (Some(true), Some(18_446_744_073_709_552_000.0), Some(FOR_EVER)),
            (None, Some(-1.0), Some(FOR_EVER)),
            (
                Some(true),
                Some(1_900_000_000_000.0),
                Some(UnixMillis(1_900_000_000_000)),
            ),
            (
                Some(true),
                Some(1_900_000_000.0),
                Some(UnixMillis(1_900_000_000_000)),
            ),
        ];
        for (muted, until, expected) in spellings {
            assert_eq!(
                muted_until(muted, until),
                expected,
                "mute {muted:?} until {until:?}"
            );
        }
    }
}
