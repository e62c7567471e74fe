//! Persons, groups, presences and calls.

use mostrador_domain::{
    Address, CallOutcome, CallUpdate, ContactSnapshot, GroupSnapshot, Inbound, MemberChange,
    MemberChangeKind, MemberRank, Presence, PresenceUpdate, UnixMillis,
};
use serde_json::json;

use super::{CHAT, GROUP, LID, SECOND_LATER, assert_said, fixture, only, said};

fn contact(number: &str) -> ContactSnapshot {
    ContactSnapshot {
        address: Address::parse(number),
        saved_name: None,
        push_name: None,
        business: None,
        picture: None,
    }
}

fn group() -> GroupSnapshot {
    GroupSnapshot {
        group: Address::parse(GROUP),
        name: None,
        description: None,
        members: None,
        announcements: None,
    }
}

fn same_person() -> Inbound {
    Inbound::SamePerson {
        phone: Address::parse(CHAT),
        lid: Address::parse(LID),
    }
}

#[test]
fn a_person_has_a_saved_name_and_a_name_of_their_own() {
    let full = ContactSnapshot {
        saved_name: Some("Rosa panadería".into()),
        push_name: Some("Rosa".into()),
        business: Some(true),
        picture: Some("https://media.example/l.jpg".into()),
        ..contact("51900000021")
    };
    assert_said("contacts.post.full", &[Inbound::Contact(full), same_person()]);
    let stranger = ContactSnapshot {
        push_name: Some("Ana".into()),
        ..contact("51900000023")
    };
    assert_said("contacts.post.stranger", &[Inbound::Contact(stranger)]);
}

#[test]
fn an_update_tells_the_person_as_they_are_now() {
    let renamed = ContactSnapshot {
        saved_name: Some("Rosa M.".into()),
        ..contact("51900000021")
    };
    assert_said("contacts.patch", &[Inbound::Contact(renamed)]);
}

#[test]
fn two_addresses_of_one_person_are_told_by_whoever_names_both() {
    assert_said("lids", &[same_person()]);
    let mut body = fixture("chats.post");
    body["chats"][0]["id"] = json!(LID);
    body["chats"][0]["phone"] = json!("51900000021");
    assert_eq!(
        said(&body).get(1),
        Some(&same_person()),
        "a chat of a hidden number with its phone"
    );
    for odd in [json!("5190@g.us"), json!("Rosa"), json!(""), json!(5)] {
        body["chats"][0]["phone"] = odd.clone();
        assert_eq!(said(&body).len(), 1, "{odd} is no phone number");
    }
}

#[test]
fn a_group_tells_its_members_only_if_it_tells_all() {
    let members = |lid: &str, rank| {
        Some(vec![
            (Address::parse("51900000010"), MemberRank::Creator),
            (Address::parse(lid), rank),
        ])
    };
    let new = GroupSnapshot {
        name: Some("Vecinos".into()),
        members: members("51900000021", MemberRank::Member),
        ..group()
    };
    assert_said("groups.post", &[Inbound::Group(new)]);
    let changed = GroupSnapshot {
        name: Some("A".into()),
        description: Some("avisos".into()),
        members: members(LID, MemberRank::Admin),
        announcements: Some(true),
        ..group()
    };
    assert_said("groups.patch.members", &[Inbound::Group(changed)]);

    let mut body = fixture("groups.patch.members");
    body["groups_updates"][0]["after_update"]["participants"] = json!([]);
    let Inbound::Group(told) = only(said(&body)) else {
        panic!("it is a group")
    };
    assert_eq!(
        told.members, None,
        "two are in it and none is listed: nobody has left"
    );
}

#[test]
fn members_come_leave_and_change_rank() {
    let verbs = [
        ("add", MemberChangeKind::Added),
        ("remove", MemberChangeKind::Removed),
        ("promote", MemberChangeKind::Promoted),
        ("demote", MemberChangeKind::Demoted),
    ];
    for (verb, what) in verbs {
        let mut body = fixture("groups.put");
        body["groups_participants"][0]["action"] = json!(verb);
        let change = MemberChange {
            group: Address::parse(GROUP),
            members: vec![Address::parse(CHAT)],
            what,
        };
        assert!(only(said(&body)) == Inbound::Member(change), "{verb} is {what:?}");
    }
}

#[test]
fn presences_are_told_as_they_come() {
    let doing = |presence, last_seen| {
        [Inbound::Presence(PresenceUpdate {
            address: Address::parse(CHAT),
            presence,
            last_seen,
        })]
    };
    assert_said("presences.post", &doing(Presence::Typing, None));
    assert_said(
        "presences.post.offline",
        &doing(Presence::Offline, Some(SECOND_LATER)),
    );
}

#[test]
fn a_call_tells_its_time_in_milliseconds() {
    let ringing = CallUpdate {
        gateway_id: "CAFE01".into(),
        chat: Address::parse(CHAT),
        from: Address::parse(CHAT),
        at: UnixMillis(1_790_000_000_123),
        outcome: CallOutcome::Ringing,
        video: false,
    };
    let missed = CallUpdate {
        gateway_id: "CAFE02".into(),
        chat: Address::parse(LID),
        from: Address::parse(LID),
        outcome: CallOutcome::Missed,
        video: true,
        ..ringing.clone()
    };
    assert_said("calls.post", &[Inbound::Call(ringing)]);
    assert_said("calls.post.missed", &[Inbound::Call(missed)]);
}
