//! Chats, from their list and from their updates.

use mostrador_domain::{Address, ChatSnapshot, Inbound, UnixMillis};
use serde_json::Value;

use super::super::fields::{self, Fields};
use super::{after, label, one, people, unknown};

/// What the item says.
pub(in super::super) fn read(item: &Value) -> Vec<Inbound> {
    told(item).unwrap_or_else(|| vec![unknown("chat", item)])
}

/// What an update says: the chat as it is after it.
pub(super) fn read_update(item: &Value) -> Vec<Inbound> {
    after(item)
        .and_then(told)
        .unwrap_or_else(|| vec![unknown("chat update", item)])
}

/// A chat that was deleted, by its id.
pub(super) fn gone(item: &Value) -> Vec<Inbound> {
    let gone = item
        .as_str()
        .filter(|id| !id.is_empty())
        .map(|id| Inbound::ChatGone {
            chat: Address::parse(id),
        });
    one(gone, "chats.delete", item)
}

/// The chat, and the other address of its person if both are told.
fn told(item: &Value) -> Option<Vec<Inbound>> {
    let snapshot = snapshot(item)?;
    let same = people::other_address(Fields::of(item)?, &snapshot.chat);
    Some(std::iter::once(Inbound::Chat(snapshot)).chain(same).collect())
}

/// The chat, if the item names one.
fn snapshot(item: &Value) -> Option<ChatSnapshot> {
    let chat = Fields::of(item)?;
    Some(ChatSnapshot {
        chat: Address::parse(chat.text("id")?),
        muted_until: muted_until(chat.flag("mute"), chat.number("mute_until")),
        name: chat.string("name"),
        unread: chat.count("unread").map(i64::from),
        zero_is_read: true,
        pinned: chat.flag("pin"),
        archived: chat.flag("archive"),
        at: chat.time("timestamp"),
        read_to: None,
        labels: chat.list("labels").and_then(label::all),
        read_only: chat.flag("read_only"),
        picture: chat.string("chat_pic_full").or_else(|| chat.string("chat_pic")),
    })
}

const FOR_EVER: UnixMillis = UnixMillis(i64::MAX);

/// The last second of the year 9999, in milliseconds. Muting for ever is asked for as muting until then: a number
/// that every reader of JSON can hold. Nobody mutes until later than that and means a date.
pub(in super::super) const END_OF_TIME: i64 = 253_402_300_799_000;
const NOT_MUTED: UnixMillis = UnixMillis(0);

/// "For ever" is printed as 2^64, which no integer of ours holds; negative numbers are WhatsApp's own word for it.
/// A flag without a time is for ever or not at all.
fn muted_until(muted: Option<bool>, until: Option<f64>) -> Option<UnixMillis> {
    match (muted, until) {
        (_, Some(until)) if until < 0.0 => Some(FOR_EVER),
        (_, Some(until)) if until >= END_OF_TIME as f64 => Some(FOR_EVER),
        (_, Some(until)) if until > 0.0 => fields::time(Some(until)),
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
            (None, Some(END_OF_TIME as f64), Some(FOR_EVER)),
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
