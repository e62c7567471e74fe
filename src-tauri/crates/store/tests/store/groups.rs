//! Groups: who is in them, as far as it is told.

use mostrador_domain::{
    Address, ContactSnapshot, GroupSnapshot, Inbound, MemberChange, MemberChangeKind as Kind,
    MemberRank as Rank,
};
use mostrador_store::tables::chat::{self, Filter};
use mostrador_store::tables::group::{self, MemberRow};

use crate::world::{World, address, customer, text};

fn group() -> Address {
    address("120363000000000001@g.us")
}

fn said(members: Option<Vec<(Address, Rank)>>) -> Inbound {
    Inbound::Group(GroupSnapshot {
        group: group(),
        name: Some("Panaderos".into()),
        description: Some("Pan".into()),
        members,
        announcements: Some(true),
    })
}

fn change(number: u32, what: Kind) -> Inbound {
    Inbound::Member(MemberChange {
        group: group(),
        members: vec![customer(number)],
        what,
    })
}

async fn members(world: &World) -> Vec<(Address, Rank)> {
    let device = world.device;
    let rows: Vec<MemberRow> = world
        .write(move |w| {
            let chat = chat::ensure(w, device, &group())?;
            group::members(w, chat)
        })
        .await;
    rows.into_iter().map(|row| (row.address, row.rank)).collect()
}

#[tokio::test]
async fn a_whole_list_replaces_the_members_and_a_partial_one_does_not() {
    let world = World::new().await;
    let whole = vec![(customer(1), Rank::Member), (customer(2), Rank::Creator)];
    world.live(vec![said(Some(whole))]).await;
    let expected = [(customer(2), Rank::Creator), (customer(1), Rank::Member)];
    assert_eq!(members(&world).await, expected, "admins first");
    world.live(vec![said(None)]).await;
    assert_eq!(members(&world).await, expected, "silence takes nobody away");
    world
        .live(vec![said(Some(vec![(customer(3), Rank::Member)]))])
        .await;
    assert_eq!(
        members(&world).await,
        [(customer(3), Rank::Member)],
        "a whole list does"
    );
}

#[tokio::test]
async fn members_come_rise_fall_and_leave() {
    let world = World::new().await;
    for (what, expected) in [
        (Kind::Added, vec![(customer(1), Rank::Member)]),
        (Kind::Promoted, vec![(customer(1), Rank::Admin)]),
        (Kind::Promoted, vec![(customer(1), Rank::Admin)]),
        (Kind::Demoted, vec![(customer(1), Rank::Member)]),
        (Kind::Removed, vec![]),
        (Kind::Removed, vec![]),
    ] {
        world.live(vec![change(1, what)]).await;
        assert_eq!(members(&world).await, expected, "{what:?}");
    }
}

#[tokio::test]
async fn the_chat_tells_what_the_group_is_and_members_bear_their_saved_names() {
    let world = World::new().await;
    world
        .live(vec![
            said(Some(vec![(customer(1), Rank::Member)])),
            text(2, "m1").event(),
            Inbound::Contact(ContactSnapshot {
                address: customer(1),
                saved_name: Some("Ana".into()),
                push_name: None,
                business: None,
                picture: None,
            }),
        ])
        .await;
    let groups = Filter {
        groups: true,
        ..Filter::default()
    };
    let listed = world.read(move |c| chat::page(c, groups, None, 5)).await;
    assert_eq!(listed.len(), 1, "only the group");
    let row = &listed[0];
    assert_eq!(
        (row.name.as_deref(), row.description.as_deref(), row.read_only),
        (Some("Panaderos"), Some("Pan"), true),
        "its name, what it is for, who may write"
    );
    let id = row.id;
    let rows = world.read(move |c| group::members(c, id)).await;
    assert_eq!(rows[0].name.as_deref(), Some("Ana"), "as the shop saved her");
}

#[tokio::test]
async fn who_came_into_a_group_before_anybody_told_who_is_in_it_is_not_all_of_it() {
    let world = World::new().await;
    let device = world.device;
    let is_told = async || {
        let told = world.write(move |w| {
            let chat = chat::ensure(w, device, &group())?;
            Ok(group::get(w, chat)?.members_told)
        });
        told.await
    };
    world.live(vec![change(1, Kind::Added), said(None)]).await;
    assert!(!is_told().await, "the others are not known");
    world
        .live(vec![said(Some(vec![(customer(3), Rank::Member)]))])
        .await;
    world.live(vec![change(4, Kind::Added)]).await;
    assert!(is_told().await, "a whole list, and who came since");
}
