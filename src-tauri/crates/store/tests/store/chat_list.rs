//! The chat list: in order, page by page, each chat once.

use std::collections::BTreeSet;

use mostrador_domain::{ChatId, ChatSnapshot, Inbound};
use mostrador_store::tables::chat::{self, ChatRow, Cursor, Filter};

use crate::world::{World, address, at, customer, text};

async fn page(world: &World, filter: Filter, after: Option<Cursor>, limit: u32) -> Vec<ChatRow> {
    world.read(move |c| chat::page(c, filter, after, limit)).await
}

/// All pages, one after the other.
async fn all(world: &World, filter: Filter, limit: u32) -> Vec<ChatRow> {
    let mut rows: Vec<ChatRow> = Vec::new();
    loop {
        let next = page(world, filter, rows.last().map(ChatRow::cursor), limit).await;
        if next.is_empty() {
            return rows;
        }
        rows.extend(next);
    }
}

/// Chats 1 to `count`, the last with the newest message; every third pinned, two of each time.
async fn filled(count: u32) -> World {
    let world = World::new().await;
    let mut events = Vec::new();
    for number in 1..=count {
        events.push(text(number, "m").at(i64::from(number / 2)).event());
        if number % 3 == 0 {
            let snapshot = ChatSnapshot {
                pinned: Some(true),
                ..ChatSnapshot::of(customer(number))
            };
            events.push(Inbound::Chat(snapshot));
        }
    }
    world.live(events).await;
    world
}

#[tokio::test]
async fn pages_give_every_chat_once_and_in_order() {
    let world = filled(23).await;
    for limit in [1, 2, 5, 23, 50] {
        let rows = all(&world, Filter::default(), limit).await;
        let places: Vec<_> = rows.iter().map(|row| (row.pinned, row.last_at, row.id)).collect();
        let mut sorted = places.clone();
        sorted.sort_by(|a, b| b.cmp(a));
        assert_eq!(places, sorted, "pages of {limit}: pinned first, then the newest");
        let distinct: BTreeSet<ChatId> = rows.iter().map(|row| row.id).collect();
        assert_eq!(
            (rows.len(), distinct.len()),
            (23, 23),
            "pages of {limit}: every chat once"
        );
    }
}

#[tokio::test]
async fn chats_that_stand_still_are_given_once_while_others_move() {
    let world = filled(20).await;
    let before: Vec<ChatId> = all(&world, Filter::default(), 50)
        .await
        .iter()
        .map(|row| row.id)
        .collect();
    let mut given = Vec::new();
    let mut moved = BTreeSet::new();
    let mut after = None;
    for round in 0_i64.. {
        let rows = page(&world, Filter::default(), after, 4).await;
        let Some(last) = rows.last() else { break };
        after = Some(last.cursor());
        given.extend(rows.iter().map(|row| row.id));
        // A customer at the far end writes while the next page is not yet asked for.
        let at_the_end = page(&world, Filter::default(), after, 50).await.pop();
        if let Some(writer) = at_the_end.filter(|_| round < 3) {
            moved.insert(writer.id);
            let said = text(1, &format!("new{round}"))
                .in_chat(writer.address)
                .at(100 + round);
            world.live(said.into()).await;
        }
    }
    let still: Vec<ChatId> = before.iter().copied().filter(|id| !moved.contains(id)).collect();
    let given_still: Vec<ChatId> = given.iter().copied().filter(|id| !moved.contains(id)).collect();
    assert_eq!(moved.len(), 3, "three chats moved up while the pages were read");
    assert_eq!(given_still, still, "all others are given once, in their order");
    let distinct: BTreeSet<ChatId> = given.iter().copied().collect();
    assert_eq!(distinct.len(), given.len(), "no chat is given twice");
}

#[tokio::test]
async fn the_unread_filter_and_count_agree() {
    let world = filled(10).await;
    for number in [2, 3, 7] {
        let seen = ChatSnapshot {
            unread: Some(0),
            ..ChatSnapshot::of(customer(number))
        };
        world.live(vec![Inbound::Chat(seen)]).await;
    }
    let unread = all(
        &world,
        Filter {
            unread: true,
            ..Filter::default()
        },
        3,
    )
    .await;
    assert_eq!(unread.len(), 7, "ten less the three that were seen");
    assert!(unread.iter().all(|row| row.unread > 0), "only unread ones");
    assert_eq!(world.read(chat::unread_count).await, 7, "the count says the same");
}

#[tokio::test]
async fn archived_chats_and_broadcasts_are_not_listed() {
    let world = filled(3).await;
    let away = ChatSnapshot {
        archived: Some(true),
        ..ChatSnapshot::of(customer(1))
    };
    world
        .live(vec![
            Inbound::Chat(away),
            text(9, "s1").in_chat(address("status@broadcast")).event(),
        ])
        .await;
    assert_eq!(
        all(&world, Filter::default(), 50).await.len(),
        2,
        "two ordinary chats are left"
    );
    assert_eq!(world.read(chat::unread_count).await, 2, "and counted");
}

#[tokio::test]
async fn the_device_filter_leaves_out_other_devices() {
    let world = filled(4).await;
    let other = world.another_device().await;
    world
        .ingest(
            other,
            text(1, "m").into(),
            mostrador_store::tables::ingest::Origin::Live,
        )
        .await;
    let filter = Filter {
        device: Some(other),
        ..Filter::default()
    };
    let rows = all(&world, filter, 2).await;
    assert_eq!(
        rows.iter().map(|row| row.device).collect::<Vec<_>>(),
        [other],
        "one chat of that device"
    );
    assert_eq!(
        all(&world, Filter::default(), 2).await.len(),
        5,
        "all together without it"
    );
}

#[tokio::test]
async fn a_draft_is_kept_and_blank_is_none() {
    let world = filled(1).await;
    let id = world.chat_with(1).await;
    world
        .write(move |w| chat::set_draft(w, id, &chat::Draft::of("ya le")))
        .await;
    assert_eq!(
        world.chat(id).await.draft.text.as_deref(),
        Some("ya le"),
        "what was being written"
    );
    world
        .write(move |w| chat::set_draft(w, id, &chat::Draft::of(" \n")))
        .await;
    assert_eq!(world.chat(id).await.draft.text, None, "blank is no draft");
}

#[tokio::test]
async fn the_newest_message_in_the_list_is_as_it_is_in_its_chat() {
    let world = filled(5).await;
    for (number, client) in [(1, "refused"), (2, "uncertain"), (3, "queued")] {
        let chat = world.chat_with(number).await;
        world.enqueue(chat, client, client, at(60)).await;
        if client != "queued" {
            let claimed = world.claim_one(at(60)).await;
            match client {
                "refused" => world.refused(claimed.id).await,
                _ => world.no_answer(claimed.id, at(61)).await,
            }
        }
    }
    let mut seen = BTreeSet::new();
    for row in all(&world, Filter::default(), 50).await {
        let last = row.last.expect("each has one");
        let message = world.message(last.id).await;
        seen.insert(format!("{:?}", last.outgoing));
        assert_eq!(
            (
                last.from_me,
                last.content,
                last.status,
                last.failure,
                last.outgoing
            ),
            (
                message.from_me,
                message.content,
                message.status,
                message.failure,
                message.outgoing.map(|outgoing| outgoing.state)
            ),
            "the same message, read for a line"
        );
    }
    assert_eq!(seen.len(), 4, "theirs, and ours in three states: {seen:?}");
}

#[tokio::test]
async fn a_list_that_tells_of_some_chats_only_removes_none() {
    let world = filled(12).await;
    let before: BTreeSet<ChatId> = all(&world, Filter::default(), 5)
        .await
        .iter()
        .map(|row| row.id)
        .collect();
    let some = (1..=3).map(|number| Inbound::Chat(ChatSnapshot::of(customer(number))));
    world.live(some.collect()).await;
    let after: BTreeSet<ChatId> = all(&world, Filter::default(), 5)
        .await
        .iter()
        .map(|row| row.id)
        .collect();
    assert_eq!(before.len(), 12, "all are listed");
    assert_eq!(after, before, "what is not told of stays");
}
