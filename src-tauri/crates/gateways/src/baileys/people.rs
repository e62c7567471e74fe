//! Contacts, chats, groups, labels, presence and calls.

use mostrador_domain::{
    Address, AddressKind, CallOutcome, CallUpdate, ChatSnapshot, ContactSnapshot, GroupSnapshot, Inbound,
    LabelSnapshot, MemberChange, MemberChangeKind, MemberRank, Presence, PresenceUpdate, UnixMillis,
};
use serde_json::Value;

use super::{key, unknown, wire};
use crate::fields::Fields;

/// Of a chat that is muted nobody says until when.
const FOR_EVER: UnixMillis = UnixMillis(i64::MAX);

/// The address of an item: the gateway's own row has another `id`.
pub(super) fn address(item: Fields<'_>) -> Option<Address> {
    let jid = item.text("remoteJid");
    jid.or_else(|| item.text("id").filter(|id| id.contains('@')))
        .map(key::address)
}

/// A name. The server fills in the digits of the address where it knows none.
pub(super) fn name(item: Fields<'_>, field: &str) -> Option<String> {
    const DIGITS: usize = 8;
    let is_number = |name: &String| name.len() >= DIGITS && name.bytes().all(|byte| byte.is_ascii_digit());
    item.string(field).filter(|name| !is_number(name))
}

/// What a person calls themselves. Under the address of a group stands the name of whoever wrote there last.
fn own_name(item: Fields<'_>, address: &Address) -> Option<String> {
    let is_group = address.kind() == AddressKind::Group;
    name(item, "pushName").filter(|_| !is_group)
}

fn other_address(item: Fields<'_>, one: &Address) -> Option<Inbound> {
    ["remoteJidAlt", "remoteLid", "lid", "phoneNumber", "jid"]
        .into_iter()
        .filter_map(|name| item.text(name))
        .find_map(|other| key::pair(one, &key::address(other)))
}

/// What is said of a person.
///
/// The library itself tells two names apart: `name` is the phone's, `notify` their own. The server keeps one, `pushName`, in which it
/// writes the one or the other, whichever it heard last, and its `isSaved` says only that it has that name or a picture (its source:
/// `fetchContacts`), which it has also of people who only share a group with the number. Of a row of its own nobody is taken for
/// saved, whatever stands in it.
pub(crate) fn contact(item: &Value) -> Vec<Inbound> {
    let told = || {
        let contact = Fields::of(item)?;
        let address = address(contact)?;
        let same = other_address(contact, &address);
        let is_the_servers = ["remoteJid", "pushName", "isSaved"]
            .iter()
            .any(|field| contact.value(field).is_some());
        let own = own_name(contact, &address).or_else(|| name(contact, "notify"));
        let (saved_name, push_name) = match name(contact, "name") {
            other if is_the_servers => (None, own.or(other)),
            saved => (saved, own),
        };
        let told = Inbound::Contact(ContactSnapshot {
            saved_name,
            push_name,
            business: None,
            picture: contact.string("profilePicUrl"),
            address,
        });
        Some(std::iter::once(told).chain(same).collect())
    };
    told().unwrap_or_else(|| vec![unknown("contact", item)])
}

/// What a list says of a chat, and its last message if it comes along. The server counts what it has not noted as read: in a group a message
/// is that as soon as any member has read it.
pub(crate) fn chat(item: &Value) -> Vec<Inbound> {
    told_of_chat(item, |address| address.kind() != AddressKind::Group)
}

fn told_of_chat(item: &Value, zero_is_read: fn(&Address) -> bool) -> Vec<Inbound> {
    let told = || {
        let chat = Fields::of(item)?;
        let address = address(chat)?;
        let same = other_address(chat, &address);
        let told = Inbound::Chat(ChatSnapshot {
            name: name(chat, "name").or_else(|| own_name(chat, &address)),
            unread: wire::count(chat, "unreadCount").or_else(|| wire::count(chat, "unreadMessages")),
            zero_is_read: zero_is_read(&address),
            pinned: chat.flag("pinned"),
            archived: chat.flag("archived"),
            muted_until: chat
                .flag("isMuted")
                .map(|muted| if muted { FOR_EVER } else { UnixMillis(0) }),
            at: chat_time(chat),
            picture: chat.string("profilePicUrl"),
            ..ChatSnapshot::of(address)
        });
        let last = chat.value("lastMessage").filter(|last| last.is_object());
        let last = last.map(super::message).unwrap_or_default();
        Some(std::iter::once(told).chain(same).chain(last).collect())
    };
    told().unwrap_or_else(|| vec![unknown("chat", item)])
}

/// The same, as an event tells it, whose count is the phone's. `unreadMessages` is said to be 0 there with every step of a message of ours,
/// whatever is unread.
pub(super) fn chat_event(item: &Value) -> Vec<Inbound> {
    let mut item = item.clone();
    if let Some(fields) = item.as_object_mut() {
        fields.remove("unreadMessages");
    }
    told_of_chat(&item, |_| true)
}

fn chat_time(chat: Fields<'_>) -> Option<UnixMillis> {
    let last = chat.object("lastMessage");
    wire::time(chat, "timestamp").or_else(|| wire::time(last?, "messageTimestamp"))
}

/// What is said of a group, and which addresses of its members are one person's.
pub(crate) fn group(item: &Value) -> Vec<Inbound> {
    let told = || {
        let group = Fields::of(item)?;
        let pairs = group.objects("participants").filter_map(|member| {
            let one = key::address(member.text("id")?);
            other_address(member, &one)
        });
        let pairs: Vec<Inbound> = pairs.collect();
        Some(
            std::iter::once(Inbound::Group(snapshot(group)?))
                .chain(pairs)
                .collect(),
        )
    };
    told().unwrap_or_else(|| vec![unknown("group", item)])
}

/// The group, if the item names one.
pub(crate) fn snapshot(group: Fields<'_>) -> Option<GroupSnapshot> {
    let members = group
        .list("participants")
        .map(|all| all.iter().filter_map(member).collect());
    Some(GroupSnapshot {
        group: Address::parse(group.text("id").filter(|id| id.ends_with("@g.us"))?),
        name: group.string("subject"),
        description: group.string("desc").or_else(|| group.string("description")),
        members,
        announcements: group.flag("announce"),
    })
}

fn member(item: &Value) -> Option<(Address, MemberRank)> {
    if let Some(id) = item.as_str() {
        return Some((key::address(id), MemberRank::Member));
    }
    let member = Fields::of(item)?;
    let rank = match (member.text("admin"), member.flag("admin")) {
        (Some("superadmin"), _) => MemberRank::Creator,
        (Some("admin"), _) | (_, Some(true)) => MemberRank::Admin,
        _ => MemberRank::Member,
    };
    Some((key::address(member.text("id")?), rank))
}

/// Who came, went, rose or fell.
pub(super) fn members(item: &Value) -> Option<Inbound> {
    let moved = Fields::of(item)?;
    let what = match moved.text("action")? {
        "add" => MemberChangeKind::Added,
        "remove" => MemberChangeKind::Removed,
        "promote" => MemberChangeKind::Promoted,
        "demote" => MemberChangeKind::Demoted,
        _ => return None,
    };
    let members: Vec<_> = moved.list("participants")?.iter().filter_map(member).collect();
    Some(Inbound::Member(MemberChange {
        group: Address::parse(moved.text("id")?),
        members: members.into_iter().map(|(address, _)| address).collect(),
        what,
    }))
}

/// What somebody does: `{id, presences: {jid: {lastKnownPresence, lastSeen?}}}`.
pub(super) fn presences(item: &Value) -> Option<Vec<Inbound>> {
    let all = Fields::of(item)?.object("presences")?;
    all.names()
        .map(|who| {
            let told = all.object(who)?;
            let presence = match told.text("lastKnownPresence")? {
                "available" | "paused" => Presence::Online,
                "unavailable" => Presence::Offline,
                "composing" => Presence::Typing,
                "recording" => Presence::Recording,
                _ => return None,
            };
            Some(Inbound::Presence(PresenceUpdate {
                address: key::address(who),
                presence,
                last_seen: wire::time(told, "lastSeen"),
            }))
        })
        .collect()
}

/// A label, or that one is gone.
pub(crate) fn label(item: &Value) -> Option<Inbound> {
    let label = Fields::of(item)?;
    let id = label.value("id")?;
    let gateway_id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    if label.flag("deleted") == Some(true) {
        return Some(Inbound::LabelGone { gateway_id });
    }
    let colour = label.value("color");
    Some(Inbound::Label(LabelSnapshot {
        gateway_id,
        name: label.string("name"),
        colour: colour.map(|colour| colour.as_str().map_or_else(|| colour.to_string(), str::to_owned)),
    }))
}

/// A call. `at`: when it was told, where it does not say itself when it began.
pub(super) fn call(item: &Value, at: UnixMillis) -> Option<Inbound> {
    let call = Fields::of(item)?;
    let from = key::address(call.text("from")?);
    let outcome = match call.text("status")? {
        "offer" | "ringing" => CallOutcome::Ringing,
        "timeout" => CallOutcome::Missed,
        "reject" | "terminate" => CallOutcome::Cancelled,
        "accept" => CallOutcome::Answered,
        _ => return None,
    };
    Some(Inbound::Call(CallUpdate {
        gateway_id: call.string("id")?,
        chat: call.text("chatId").map_or_else(|| from.clone(), key::address),
        from,
        at: wire::moment(call, "date").unwrap_or(at),
        outcome,
        video: call.flag("isVideo").unwrap_or(false),
    }))
}
