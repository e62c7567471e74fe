//! Groups, and who comes into them, leaves them and changes rank.

use mostrador_domain::{Address, GroupSnapshot, Inbound, MemberChange, MemberChangeKind, MemberRank};
use serde_json::Value;

use super::super::fields::Fields;
use super::{after, one};

/// What the item says of a group.
pub(in super::super) fn read(item: &Value) -> Vec<Inbound> {
    one(snapshot(item).map(Inbound::Group), "group", item)
}

/// What an update says: the group as it is after it.
pub(super) fn read_update(item: &Value) -> Vec<Inbound> {
    let told = after(item).and_then(snapshot).map(Inbound::Group);
    one(told, "group update", item)
}

/// The group, if the item names one.
pub(in super::super) fn snapshot(item: &Value) -> Option<GroupSnapshot> {
    let group = Fields::of(item)?;
    Some(GroupSnapshot {
        group: Address::parse(group.text("id")?),
        name: group.string("name"),
        description: group.string("description"),
        members: everybody(group),
        announcements: group.flag("announcements"),
    })
}

/// The members, if all of them are there: updates leave the list out and keep its length.
fn everybody(group: Fields<'_>) -> Option<Vec<(Address, MemberRank)>> {
    let listed = group.list("participants")?;
    let members: Vec<_> = group.objects("participants").filter_map(member).collect();
    let told = group.count("participants_count").map(|count| count as usize);
    let complete = !members.is_empty()
        && members.len() == listed.len()
        && told.is_none_or(|count| count == members.len());
    complete.then_some(members)
}

fn member(participant: Fields<'_>) -> Option<(Address, MemberRank)> {
    let rank = match participant.text("rank") {
        Some("creator") => MemberRank::Creator,
        Some("admin") => MemberRank::Admin,
        _ => MemberRank::Member,
    };
    Some((Address::parse(participant.text("id")?), rank))
}

/// Who came, left or changed rank. Wishes to be let in are not shown yet, so they are kept raw.
pub(super) fn members(item: &Value) -> Vec<Inbound> {
    one(change(item).map(Inbound::Member), "group members", item)
}

fn change(item: &Value) -> Option<MemberChange> {
    let event = Fields::of(item)?;
    let members: Option<Vec<Address>> = event
        .list("participants")?
        .iter()
        .map(|member| member.as_str().filter(|id| !id.is_empty()).map(Address::parse))
        .collect();
    Some(MemberChange {
        group: Address::parse(event.text("group_id")?),
        members: members.filter(|members| !members.is_empty())?,
        what: match event.text("action")? {
            "add" => MemberChangeKind::Added,
            "remove" => MemberChangeKind::Removed,
            "promote" => MemberChangeKind::Promoted,
            "demote" => MemberChangeKind::Demoted,
            _ => return None,
        },
    })
}
