//! What gateways tell is stored once, kept whole, and counted as unread only if nobody has seen it.

use mostrador_domain::{
    ChatKind, ChatSnapshot, DeliveryStatus, Inbound, LinkChange, MediaKind, MessageBody, UnixMillis,
};
use mostrador_store::tables::chat;
use mostrador_store::tables::ingest::Origin;
use mostrador_store::tables::message::Content;

use crate::world::{World, address, at, customer, image, text};

#[tokio::test]
async fn the_same_message_again_is_stored_and_counted_once() {
    let world = World::new().await;
    let first = world.live(text(1, "m1").into()).await;
    let again = world
        .live(vec![text(1, "m1").event(), text(1, "m1").event()])
        .await;

    assert_eq!(
        (first.new_messages, first.received.len()),
        (1, 1),
        "news the first time"
    );
    assert_eq!(
        (again.new_messages, again.received.len()),
        (0, 0),
        "no news the second"
    );
    let chat = world.chat_with(1).await;
    assert_eq!(world.messages(chat).await.len(), 1, "stored once");
    assert_eq!(world.chat(chat).await.unread, 1, "counted once");
}

#[tokio::test]
async fn what_comes_live_is_unread_and_what_comes_from_history_is_not() {
    let world = World::new().await;
    let old = world.history(text(1, "m1").at(-9).into()).await;
    let new = world.live(text(1, "m2").into()).await;

    assert_eq!(
        (old.new_messages, old.received),
        (1, vec![]),
        "history is nobody's news"
    );
    assert_eq!(new.received.len(), 1, "a live message is");
    let chat = world.chat_with(1).await;
    assert_eq!(world.chat(chat).await.unread, 1, "only the live one is unread");
}

#[tokio::test]
async fn received_is_told_oldest_first() {
    let world = World::new().await;
    let done = world
        .live(vec![
            text(2, "m3").at(3).event(),
            text(1, "m2").at(2).event(),
            text(2, "m1").at(1).event(),
        ])
        .await;
    let times: Vec<_> = done.received.iter().map(|received| received.at).collect();
    assert_eq!(times, [at(1), at(2), at(3)], "by the time they were written");
}

#[tokio::test]
async fn an_unknown_kind_of_message_is_kept_and_counts() {
    let world = World::new().await;
    let body = MessageBody::Unknown {
        raw_kind: "poll".into(),
        raw: r#"{"type":"poll"}"#.into(),
    };
    let done = world.live(text(1, "m1").body(body).into()).await;

    let row = world.message(done.received[0].message).await;
    assert_eq!(
        row.content,
        Content::Unknown {
            raw_kind: "poll".into()
        },
        "shown as what the gateway calls it"
    );
    assert_eq!(
        world
            .count(r#"SELECT count(*) FROM message WHERE raw = '{"type":"poll"}'"#)
            .await,
        1,
        "kept whole"
    );
}

#[tokio::test]
async fn an_unknown_event_is_kept_raw() {
    let world = World::new().await;
    world
        .live(vec![Inbound::Unknown {
            raw_kind: "calls".into(),
            raw: r#"{"a":1}"#.into(),
        }])
        .await;
    let sql = r#"SELECT count(*) FROM raw_event WHERE raw_kind = 'calls' AND raw = '{"a":1}'"#;
    assert_eq!(world.count(sql).await, 1, "never dropped");
}

#[tokio::test]
async fn a_picture_is_announced_for_fetching() {
    let world = World::new().await;
    let done = world.live(image(1, "m1").into()).await;
    assert!(done.new_media, "somebody has to fetch it");
    let Content::Media {
        kind: MediaKind::Image,
        media: Some(media),
        ..
    } = world.message(done.received[0].message).await.content
    else {
        panic!("a picture is stored as a picture");
    };
    assert_eq!(
        media.gateway_ref.as_deref(),
        Some("ref-m1"),
        "with the reference for fetching"
    );
}

#[tokio::test]
async fn changes_of_the_link_go_to_the_session() {
    let world = World::new().await;
    let done = world.live(vec![Inbound::Link(LinkChange::Unlinked)]).await;
    assert_eq!(done.link, [LinkChange::Unlinked], "in the order they came");
}

#[tokio::test]
async fn a_snapshot_changes_only_what_it_says() {
    let world = World::new().await;
    let whole = ChatSnapshot {
        name: Some("Ana".into()),
        unread: Some(3),
        pinned: Some(true),
        archived: Some(true),
        muted_until: Some(at(60)),
        ..ChatSnapshot::of(customer(1))
    };
    world.history(vec![Inbound::Chat(whole)]).await;
    let chat = world.chat_with(1).await;
    let before = world.chat(chat).await;
    assert_eq!(
        (before.name.as_deref(), before.unread),
        (Some("Ana"), 3),
        "all of it was taken over"
    );
    assert_eq!(
        (before.pinned, before.archived, before.muted_until),
        (true, true, at(60)),
        "these too"
    );

    world
        .live(vec![Inbound::Chat(ChatSnapshot::of(customer(1)))])
        .await;
    assert_eq!(
        world.chat(chat).await,
        before,
        "a snapshot that says nothing changes nothing"
    );

    let one = ChatSnapshot {
        pinned: Some(false),
        name: Some("  ".into()),
        ..ChatSnapshot::of(customer(1))
    };
    world.live(vec![Inbound::Chat(one)]).await;
    let after = chat::ChatRow {
        pinned: false,
        ..before
    };
    assert_eq!(
        world.chat(chat).await,
        after,
        "only the pin has changed; a blank name is no name"
    );
}

#[tokio::test]
async fn the_first_sync_takes_the_phones_count_and_later_only_its_zero() {
    let world = World::new().await;
    let says = |unread| {
        Inbound::Chat(ChatSnapshot {
            unread: Some(unread),
            ..ChatSnapshot::of(customer(1))
        })
    };
    world
        .history(vec![
            says(2),
            text(1, "m1").at(-2).event(),
            text(1, "m2").at(-1).event(),
        ])
        .await;
    let chat = world.chat_with(1).await;
    assert_eq!(
        world.chat(chat).await.unread,
        2,
        "history itself counts nothing; the phone's count holds"
    );

    world.live(vec![text(1, "m3").event()]).await;
    world.live(vec![says(9)]).await;
    assert_eq!(world.chat(chat).await.unread, 3, "later our own count is better");
    world.live(vec![says(0)]).await;
    assert_eq!(world.chat(chat).await.unread, 0, "read on the phone is read");

    world.history(vec![says(-1)]).await;
    assert_eq!(
        world.chat(chat).await.unread,
        0,
        "a count below nothing is nothing"
    );
}

#[tokio::test]
async fn equal_ids_and_addresses_of_two_devices_are_two_things() {
    let world = World::new().await;
    let other = world.another_device().await;
    world
        .ingest(world.device, text(1, "m1").words("uno").into(), Origin::Live)
        .await;
    world
        .ingest(other, text(1, "m1").words("dos").into(), Origin::Live)
        .await;

    let (here, there) = (world.device, other);
    let chats = world
        .write(move |w| {
            Ok((
                chat::ensure(w, here, &customer(1))?,
                chat::ensure(w, there, &customer(1))?,
            ))
        })
        .await;
    assert_ne!(chats.0, chats.1, "one chat each");
    for (chat, words) in [(chats.0, "uno"), (chats.1, "dos")] {
        let rows = world.messages(chat).await;
        assert_eq!(rows.len(), 1, "one message each");
        assert_eq!(rows[0].content, Content::Text(words.into()), "its own");
        assert_eq!(world.chat(chat).await.unread, 1, "counted on its own");
    }
}

#[tokio::test]
async fn one_gateway_id_in_two_chats_is_two_messages() {
    let world = World::new().await;
    world
        .live(vec![text(1, "m1").event(), text(2, "m1").event()])
        .await;
    assert_eq!(
        world.count("SELECT count(*) FROM message").await,
        2,
        "an id is unique within its chat only"
    );
}

#[tokio::test]
async fn a_person_is_named_by_what_he_calls_himself_until_a_name_is_told() {
    let world = World::new().await;
    let name = |world: &World, chat| {
        let store = world.store.clone();
        async move { store.read(move |c| chat::get(c, chat)).await.expect("chat").name }
    };
    let chat = world.chat_with(1).await;
    world.live(text(1, "m0").at(0).sender_name("  ").into()).await;
    assert_eq!(name(&world, chat).await, None, "blank is no name");
    world.live(text(1, "m1").at(1).sender_name("anita").into()).await;
    assert_eq!(
        name(&world, chat).await.as_deref(),
        Some("anita"),
        "better than a number"
    );
    world.live(text(1, "m0").at(0).chat_name("Ana").into()).await;
    assert_eq!(
        name(&world, chat).await.as_deref(),
        Some("Ana"),
        "a told name beats a guess, however old"
    );
    world
        .live(
            text(1, "m2")
                .at(2)
                .sender_name("anita")
                .chat_name("Ana Q.")
                .into(),
        )
        .await;
    assert_eq!(
        name(&world, chat).await.as_deref(),
        Some("Ana Q."),
        "a newer message knows better"
    );
    world.live(text(1, "m1").at(1).chat_name("Ana").into()).await;
    assert_eq!(
        name(&world, chat).await.as_deref(),
        Some("Ana Q."),
        "an old one told again does not"
    );
}

#[tokio::test]
async fn a_group_is_not_named_after_who_writes_in_it() {
    let world = World::new().await;
    let group = address("120363000000000001@g.us");
    let done = world
        .live(text(1, "m1").in_chat(group).sender_name("anita").into())
        .await;
    let row = world.chat(done.received[0].chat).await;
    assert_eq!(
        (row.kind, row.name),
        (ChatKind::Group, None),
        "a member's name is not the group's"
    );
    assert_eq!(
        row.last.and_then(|last| last.writer.name).as_deref(),
        Some("anita"),
        "it is the message's"
    );
}

#[tokio::test]
async fn a_retelling_raises_a_status_and_invents_no_time() {
    let world = World::new().await;
    let ours = |status| text(1, "m1").ours().status(status);
    world.history(ours(DeliveryStatus::Delivered).into()).await;
    world.live(ours(DeliveryStatus::Read).into()).await;
    world.live(ours(DeliveryStatus::Sent).into()).await;

    let chat = world.chat_with(1).await;
    let row = world.messages(chat).await.remove(0);
    assert_eq!(row.status, Some(DeliveryStatus::Read), "it rises and never falls");
    assert_eq!((row.delivered_at, row.read_at), (None, None), "nobody said when");
}

#[tokio::test]
async fn a_late_older_message_does_not_become_the_newest() {
    let world = World::new().await;
    world.live(text(1, "m2").at(2).into()).await;
    world.live(text(1, "m1").at(1).into()).await;
    let chat = world.chat_with(1).await;
    let row = world.chat(chat).await;
    assert_eq!(row.last_at, at(2), "the list stands by the newest");
    assert_eq!(
        row.last.map(|last| last.id),
        world.messages(chat).await.last().map(|newest| newest.id),
        "and shows it"
    );
    let order: Vec<UnixMillis> = world.messages(chat).await.iter().map(|row| row.at).collect();
    assert_eq!(order, [at(1), at(2)], "the chat is in order of time");
}
