//! Pictures of people and groups: under every address of a person, and under a new number when they move.

use mostrador_domain::{Address, ChatSnapshot, ContactSnapshot, Inbound, PictureId};
use mostrador_store::tables::{chat, group, picture};
use mostrador_store::{Change, StoreErrorKind};

use crate::world::{World, address, customer, text};

const FIRST: &str = "https://pps.pictures.example/1.jpg";
const SECOND: &str = "https://pps.pictures.example/2.jpg";
const LID: &str = "99000000000011@lid";

fn contact(who: Address, url: Option<&str>) -> Inbound {
    Inbound::Contact(ContactSnapshot {
        address: who,
        saved_name: None,
        push_name: None,
        business: None,
        picture: url.map(Into::into),
    })
}

async fn of(world: &World, who: Address) -> Option<PictureId> {
    let device = world.device;
    world.read(move |c| picture::of(c, device, &who)).await
}

#[tokio::test]
async fn a_picture_keeps_its_number_until_it_moves() {
    let world = World::new().await;
    let id = world.chat_with(1).await;
    world.live(vec![contact(customer(1), Some(FIRST))]).await;
    let first = world.chat(id).await.picture.expect("told");
    world
        .live(vec![
            contact(customer(1), Some(FIRST)),
            contact(customer(1), None),
        ])
        .await;
    assert_eq!(
        world.chat(id).await.picture,
        Some(first),
        "nothing new, or nothing said"
    );
    let mut changes = world.store.changes();
    world.live(vec![contact(customer(1), Some(SECOND))]).await;
    assert!(
        changes.wait_for(|change| *change == Change::Chat(id)).await,
        "whoever shows it is told"
    );
    let second = world.chat(id).await.picture.expect("told");
    assert_ne!(second, first, "another picture is another number");
    let device = world.device;
    assert_eq!(
        world.read(move |c| picture::get(c, second)).await,
        (device, SECOND.to_owned()),
        "where it lies"
    );
    let gone = world.store.read(move |c| picture::get(c, first)).await;
    assert_eq!(
        gone.expect_err("gone").kind,
        StoreErrorKind::NotFound,
        "the old number shows nothing any more"
    );
}

#[tokio::test]
async fn a_new_signature_makes_no_new_picture_and_is_the_one_that_is_used() {
    let world = World::new().await;
    let id = world.chat_with(1).await;
    let signed = |place: &str, oh: u8| format!("https://pps.whatsapp.net/v/{place}_n.jpg?oh={oh}&oe=6A");
    for oh in [1, 2] {
        world
            .live(vec![contact(customer(1), Some(&signed("1", oh)))])
            .await;
    }
    let first = world.chat(id).await.picture.expect("told");
    let (_, url) = world.read(move |c| picture::get(c, first)).await;
    assert_eq!(url, signed("1", 2), "the old signature may have ended");
    world
        .live(vec![contact(customer(1), Some(&signed("1", 3)))])
        .await;
    assert_eq!(world.chat(id).await.picture, Some(first), "the same picture");
    world
        .live(vec![contact(customer(1), Some(&signed("2", 3)))])
        .await;
    assert_ne!(world.chat(id).await.picture, Some(first), "another one");
    assert_eq!(
        picture::identity("https://gateway.example/p.jpg?v=2"),
        "https://gateway.example/p.jpg?v=2",
        "elsewhere all of it counts"
    );
}

#[tokio::test]
async fn a_person_has_one_picture_under_all_addresses() {
    let world = World::new().await;
    world.live(vec![contact(customer(1), Some(FIRST))]).await;
    assert_eq!(
        of(&world, address(LID)).await,
        None,
        "nobody knows yet whose that is"
    );
    world
        .live(vec![Inbound::SamePerson {
            phone: customer(1),
            lid: address(LID),
        }])
        .await;
    assert!(of(&world, address(LID)).await.is_some(), "it is the same person");
    world.live(vec![contact(address(LID), Some(SECOND))]).await;
    let under_number = of(&world, customer(1)).await.expect("told");
    let (_, url) = world.read(move |c| picture::get(c, under_number)).await;
    assert_eq!(url, SECOND, "told under one, it holds under both");
}

#[tokio::test]
async fn a_groups_picture_is_told_with_its_chat_and_a_members_with_the_member() {
    let world = World::new().await;
    let panaderos = address("120363000000000001@g.us");
    let snapshot = ChatSnapshot {
        picture: Some(FIRST.into()),
        ..ChatSnapshot::of(panaderos.clone())
    };
    world
        .live(vec![
            Inbound::Chat(snapshot),
            contact(customer(1), Some(SECOND)),
            text(1, "m1").in_chat(panaderos.clone()).event(),
        ])
        .await;
    let device = world.device;
    let (row, members) = world
        .write(move |w| {
            let id = chat::ensure(w, device, &panaderos)?;
            w.execute(
                "INSERT INTO group_member (chat_id, address_id, rank)
                 SELECT ?1, id, 'member' FROM address WHERE value = ?2",
                (id.0, customer(1).as_str()),
            )?;
            Ok((chat::get(w, id)?, group::members(w, id)?))
        })
        .await;
    assert!(row.picture.is_some(), "the group's");
    assert_eq!(
        members.first().map(|member| member.picture),
        Some(of(&world, customer(1)).await),
        "the member's"
    );
}

#[tokio::test]
async fn a_removed_device_shows_no_pictures() {
    let world = World::new().await;
    world.live(vec![contact(customer(1), Some(FIRST))]).await;
    let id = of(&world, customer(1)).await.expect("told");
    let device = world.device;
    world
        .write(move |w| mostrador_store::tables::device::remove(w, device))
        .await;
    assert!(
        world.store.read(move |c| picture::get(c, id)).await.is_err(),
        "gone with it"
    );
}
