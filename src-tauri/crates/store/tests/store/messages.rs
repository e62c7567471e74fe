//! A conversation, read in pages from its end.

use mostrador_domain::ChatId;
use mostrador_store::StoreErrorKind;
use mostrador_store::tables::message::{self, Content, MessageRow};

use crate::world::{NOON, World, at, text};

async fn all_pages(world: &World, chat: ChatId, limit: u32) -> Vec<MessageRow> {
    let mut rows: Vec<MessageRow> = Vec::new();
    loop {
        let before = rows.last().map(MessageRow::cursor);
        let next = world.read(move |c| message::page(c, chat, before, limit)).await;
        if next.is_empty() {
            return rows;
        }
        rows.extend(next);
    }
}

#[tokio::test]
async fn pages_give_every_message_once_newest_first() {
    let world = World::new().await;
    let said = (0..17_i64)
        .map(|n| text(1, &format!("m{n}")).at(n / 3).event())
        .collect();
    world.live(said).await;
    let chat = world.chat_with(1).await;
    for limit in [1, 4, 17, 100] {
        let rows = all_pages(&world, chat, limit).await;
        let places: Vec<_> = rows.iter().map(|row| (row.at, row.id)).collect();
        let mut sorted = places.clone();
        sorted.sort_by(|a, b| b.cmp(a));
        sorted.dedup();
        assert_eq!(places, sorted, "pages of {limit}: newest first, none twice");
        assert_eq!(
            rows.len(),
            17,
            "pages of {limit}: all of them, though three share each second"
        );
    }
}

#[tokio::test]
async fn a_message_that_comes_while_pages_are_read_moves_nothing() {
    let world = World::new().await;
    world
        .live(
            (0..6_i64)
                .map(|n| text(1, &format!("m{n}")).at(n).event())
                .collect(),
        )
        .await;
    let chat = world.chat_with(1).await;
    let first = world.read(move |c| message::page(c, chat, None, 3)).await;
    world.live(text(1, "new").at(9).into()).await;

    let before = first.last().map(MessageRow::cursor);
    let second = world.read(move |c| message::page(c, chat, before, 3)).await;

    let ids: Vec<_> = second
        .iter()
        .filter_map(|row| row.gateway_id.as_deref())
        .collect();
    assert_eq!(
        ids,
        ["m2", "m1", "m0"],
        "the second page goes on where the first ended"
    );
}

#[tokio::test]
async fn a_page_holds_one_chat_only() {
    let world = World::new().await;
    world
        .live(vec![text(1, "m1").event(), text(2, "m2").event()])
        .await;
    let chat = world.chat_with(2).await;
    let rows = all_pages(&world, chat, 5).await;
    assert_eq!(rows.len(), 1, "the other chat's message is not here");
    assert_eq!(rows[0].content, Content::Text("texto m2".into()), "its own is");
}

#[tokio::test]
async fn only_what_was_written_here_has_a_way_out() {
    let world = World::new().await;
    world
        .live(vec![text(1, "m1").event(), text(1, "m2").ours().event()])
        .await;
    let chat = world.chat_with(1).await;
    let here = world.enqueue(chat, "c1", "hola", at(5)).await;
    for row in world.messages(chat).await {
        assert_eq!(
            row.outgoing.is_some(),
            row.id == here,
            "{:?} was written elsewhere",
            row.id
        );
    }
}

#[tokio::test]
async fn a_message_that_is_gone_is_not_found() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let id = world.enqueue(chat, "c1", "hola", NOON).await;
    world
        .write(move |w| Ok(w.execute("DELETE FROM message WHERE id = ?1", [id.0])?))
        .await;
    let gone = world
        .store
        .read(move |c| message::get(c, id))
        .await
        .expect_err("it is gone");
    assert_eq!(gone.kind, StoreErrorKind::NotFound, "said as what it is");
}
