//! What a person's panel shows: notes, files, groups in common.

use mostrador_domain::{GroupSnapshot, Inbound, MediaKind, MemberRank};
use mostrador_store::tables::message::{self, Files};
use mostrador_store::tables::outbox::{NewContent, NewMessage};
use mostrador_store::tables::{chat, device, group, note, person};

use crate::world::{NOON, World, address, at, customer};

#[tokio::test]
async fn a_note_is_found_from_every_address_of_the_person_and_replaced_as_one() {
    let world = World::new().await;
    let (phone, lid) = (customer(1), address("99000000000011@lid"));
    let by_phone = world.chat_with(1).await;
    world
        .write(move |w| note::set(w, by_phone, "talla M", NOON))
        .await;
    world
        .live(vec![Inbound::SamePerson {
            phone: phone.clone(),
            lid: lid.clone(),
        }])
        .await;
    let read = lid.clone();
    assert_eq!(
        world.read(move |c| note::get(c, &read)).await.as_deref(),
        Some("talla M"),
        "from the other address"
    );
    let device = world.device;
    let own = lid.clone();
    world
        .write(move |w| {
            let by_lid = chat::ensure(w, device, &own)?;
            note::set(w, by_lid, "talla L", at(1))
        })
        .await;
    assert_eq!(
        world.read(move |c| note::get(c, &phone)).await.as_deref(),
        Some("talla L"),
        "there is one note"
    );
    world.write(move |w| note::set(w, by_phone, "  ", at(2))).await;
    assert_eq!(
        world.read(move |c| note::get(c, &lid)).await,
        None,
        "blank is none"
    );
}

#[tokio::test]
async fn a_note_outlives_the_device() {
    let world = World::new().await;
    let (id, device) = (world.chat_with(1).await, world.device);
    world.write(move |w| note::set(w, id, "talla M", NOON)).await;
    world.write(move |w| device::remove(w, device).map(drop)).await;
    let kept = world.read(|c| note::get(c, &customer(1))).await;
    assert_eq!(kept.as_deref(), Some("talla M"), "it is the shop's");
}

#[tokio::test]
async fn files_are_read_newest_first_page_by_page_and_by_what_they_are() {
    let world = World::new().await;
    let here = world.chat_with(1).await;
    let kinds = [
        MediaKind::Image,
        MediaKind::Document,
        MediaKind::Video,
        MediaKind::Image,
    ];
    let mut sent = Vec::new();
    for (number, kind) in kinds.into_iter().enumerate() {
        let content = NewContent::Media {
            kind,
            media: world.file(&format!("a{number}")).await,
            caption: None,
        };
        let seconds = i64::try_from(number).expect("few");
        sent.push(
            world
                .send(NewMessage::new(here, format!("c{number}"), content), at(seconds))
                .await,
        );
    }
    let first = world
        .read(move |c| message::files(c, here, Files::Pictures, None, 2))
        .await;
    let ids: Vec<_> = first.iter().map(|row| row.message).collect();
    assert_eq!(ids, [sent[3], sent[2]], "the newest two");
    let last = first.last().map(|row| (row.at, row.message));
    let rest = world
        .read(move |c| message::files(c, here, Files::Pictures, last, 2))
        .await;
    assert_eq!(rest.len(), 1, "the rest");
    assert_eq!(rest[0].message, sent[0], "goes on after the last one");
    let papers = world
        .read(move |c| message::files(c, here, Files::Documents, None, 9))
        .await;
    assert_eq!(papers.len(), 1, "documents are apart");
    assert_eq!(papers[0].message, sent[1], "the document");
}

#[tokio::test]
async fn groups_in_common_are_those_with_any_of_the_persons_addresses() {
    let world = World::new().await;
    let (phone, lid) = (customer(1), address("99000000000011@lid"));
    let of = |group: &str, name: &str, member| {
        Inbound::Group(GroupSnapshot {
            group: address(group),
            name: Some(name.into()),
            description: None,
            members: Some(vec![(member, MemberRank::Member)]),
            announcements: None,
        })
    };
    world
        .live(vec![
            of("120363000000000001@g.us", "Vecinos", phone.clone()),
            of("120363000000000002@g.us", "Panaderos", lid.clone()),
            of("120363000000000003@g.us", "Otros", customer(2)),
            Inbound::SamePerson {
                phone: phone.clone(),
                lid,
            },
        ])
        .await;
    let device = world.device;
    let found = world
        .read(move |c| group::with(c, device, &person::addresses_of(c, &phone)?))
        .await;
    let names: Vec<_> = found.iter().filter_map(|group| group.name.as_deref()).collect();
    assert_eq!(names, ["Panaderos", "Vecinos"], "by name, and nobody else's");
}
