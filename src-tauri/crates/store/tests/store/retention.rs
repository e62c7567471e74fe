//! What is not kept for ever goes in small portions, and never what is still to be sent.

use mostrador_domain::{ChatId, Inbound, MediaId, MediaKind, MessageAction, MessageChangeKind, OutboxState};
use mostrador_store::tables::message::Content;
use mostrador_store::tables::outbox::{self, NewContent, NewMessage};
use mostrador_store::tables::retention::{self, Keep};
use mostrador_store::tables::{chat, device, media, size};

use crate::world::{NOON, World, at, delivered, done, image, text};

const EVERYTHING: Keep = Keep {
    since: mostrador_domain::UnixMillis(0),
    newest: u32::MAX,
};

fn unknown(n: u32) -> Inbound {
    Inbound::Unknown {
        raw_kind: "new".into(),
        raw: format!("{{\"n\":{n}}}"),
    }
}

/// Takes in events that nobody understands, at a time of ours.
async fn keep(world: &World, n: u32, seconds: i64) {
    let device = world.device;
    world
        .write(move |w| {
            let Inbound::Unknown { raw_kind, raw } = unknown(n) else {
                return Ok(());
            };
            mostrador_store::tables::raw_event::keep(w, device, at(seconds), &raw_kind, &raw)
        })
        .await;
}

async fn prune(world: &World, chat: ChatId, before: i64, limit: u32) -> u32 {
    world
        .write(move |w| retention::prune_chat(w, chat, at(before), limit))
        .await
}

#[tokio::test]
async fn an_event_that_is_told_again_is_kept_once_for_each_device() {
    let world = World::new().await;
    world.live(vec![unknown(1), unknown(1), unknown(2)]).await;
    world.live(vec![unknown(1)]).await;
    let other = world.another_device().await;
    world
        .ingest(
            other,
            vec![unknown(1)],
            mostrador_store::tables::ingest::Origin::Live,
        )
        .await;
    assert_eq!(
        world.count("SELECT count(*) FROM raw_event").await,
        3,
        "however often a poll tells it"
    );
}

#[tokio::test]
async fn events_go_by_age_and_by_number_in_portions() {
    let world = World::new().await;
    for n in 0..10 {
        keep(&world, n, n.into()).await;
    }
    let removed = |keep: Keep, limit| world.write(move |w| retention::prune_raw_events(w, keep, limit));
    assert_eq!(
        removed(EVERYTHING, 100).await,
        0,
        "nothing is old, nothing too much"
    );
    let young = Keep {
        since: at(4),
        ..EVERYTHING
    };
    assert_eq!(removed(young, 3).await, 3, "a portion");
    assert_eq!(removed(young, 3).await, 1, "the rest of the old ones");
    let few = Keep {
        newest: 2,
        ..EVERYTHING
    };
    assert_eq!(removed(few, 100).await, 4, "all but the newest two");
    assert_eq!(
        world.count("SELECT min(at) FROM raw_event").await,
        at(8).0,
        "the oldest go first"
    );
}

#[tokio::test]
async fn what_waits_for_a_message_that_never_comes_goes_too() {
    let world = World::new().await;
    world
        .live(vec![
            delivered("g1", at(1)),
            delivered("g2", at(9)),
            done(1, "m1", 1, MessageChangeKind::Deleted),
        ])
        .await;
    let old = Keep {
        since: at(5),
        ..EVERYTHING
    };
    assert_eq!(
        world.write(move |w| retention::prune_parked(w, old, 10)).await,
        1,
        "the receipt; the change has only just come"
    );
    let none = Keep {
        newest: 0,
        ..EVERYTHING
    };
    assert_eq!(
        world.write(move |w| retention::prune_parked(w, none, 10)).await,
        2,
        "what is too much, whatever its age"
    );
}

#[tokio::test]
async fn settled_rows_of_the_outbox_go_and_nothing_on_which_open_work_depends() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let content = NewContent::Media {
        kind: MediaKind::Image,
        media: world.file("ab").await,
        caption: None,
    };
    let new = NewMessage {
        inline_up_to: Some(0),
        ..NewMessage::new(chat, "c1", content)
    };
    let message = world.send(new, NOON).await;
    let upload = world.claim_one(NOON).await.id;
    world.write(move |w| outbox::uploaded(w, upload, "file-7")).await;
    let forget = || world.write(|w| retention::prune_outbox(w, at(99), 10));
    assert_eq!(forget().await, 0, "the send needs what was uploaded");

    let send = world.claim_one(at(1)).await;
    world.accepted(send.id, "g1", at(1)).await;
    world
        .act(message, "a1", MessageAction::Star(true))
        .await
        .expect("stored");
    let star = world.claim_one(at(2)).await.id;
    world.write(move |w| outbox::acted(w, star, at(2))).await;
    assert_eq!(forget().await, 2, "the upload and the star say nothing any more");
    assert_eq!(
        world.state(message).await,
        OutboxState::Done,
        "the send stays with its message"
    );
}

#[tokio::test]
async fn old_messages_go_in_portions_and_what_is_unsent_or_starred_stays() {
    let world = World::new().await;
    world
        .live((0..8).map(|n| text(1, &format!("m{n}")).at(n).event()).collect())
        .await;
    let chat = world.chat_with(1).await;
    let starred = world.messages(chat).await[2].id;
    world
        .live(vec![done(1, "m2", 3, MessageChangeKind::Starred(true))])
        .await;
    let dead = world.enqueue(chat, "c1", "rechazado", at(1)).await;
    let id = world.claim_one(at(1)).await.id;
    world.refused(id).await;
    let ready = world.enqueue(chat, "c2", "listo", at(2)).await;

    let next = world.read(|c| retention::next_to_prune(c, at(6), None)).await;
    assert_eq!(next, Some(chat), "it holds old messages");
    assert_eq!(prune(&world, chat, 6, 2).await, 2, "a portion");
    assert_eq!(prune(&world, chat, 6, 100).await, 3, "the rest");
    assert_eq!(prune(&world, chat, 6, 100).await, 0, "and no more");

    let left: Vec<_> = world.messages(chat).await.iter().map(|row| row.id).collect();
    for kept in [starred, dead, ready] {
        assert!(left.contains(&kept), "{kept:?} stays");
    }
    assert_eq!(left.len(), 5, "with the two young ones");
    assert_eq!(
        world.chat(chat).await.unread,
        3,
        "what is gone is not unread: the starred one and the young ones are"
    );
    assert_eq!(
        world
            .read(move |c| retention::next_to_prune(c, at(6), Some(chat)))
            .await,
        None,
        "the round is over"
    );
}

#[tokio::test]
async fn an_emptied_chat_keeps_its_place_and_history_does_not_fill_it_again() {
    let world = World::new().await;
    world
        .history(vec![text(1, "m1").at(1).event(), text(2, "m1").at(2).event()])
        .await;
    let chat = world.chat_with(1).await;
    prune(&world, chat, 50, 10).await;
    let row = world.chat(chat).await;
    assert_eq!(
        (row.last_at, row.last.is_none()),
        (at(1), true),
        "where it was, without a message"
    );
    let again = world
        .history(vec![text(1, "m1").at(1).event(), text(1, "m0").at(0).event()])
        .await;
    assert_eq!(again.new_messages, 0, "the shop does not want these");
    let live = world.live(text(1, "m9").at(3).into()).await;
    assert_eq!(
        live.new_messages, 1,
        "a message that comes now is kept, whatever its time"
    );
}

#[tokio::test]
async fn what_was_removed_for_its_age_is_no_news_when_it_is_listed_again() {
    const DAY: i64 = 86_400;
    let world = World::new().await;
    let old: Vec<_> = (0..5).map(|n| text(1, &format!("m{n}")).at(n)).collect();
    let told = || old.iter().cloned().map(|said| said.event()).collect();
    world.live(told()).await;
    let chat = world.chat_with(1).await;
    assert_eq!(prune(&world, chat, 60, 10).await, 5, "all are old");
    let device = world.device;
    let link = world.read(move |c| device::get(c, device)).await.link;
    world.write(move |w| device::polled(w, link, at(60 + DAY))).await;

    let again = world.live(told()).await;

    assert_eq!(
        (again.new_messages, again.received.len()),
        (0, 0),
        "somebody looked for a message of ours"
    );
    assert_eq!(world.chat(chat).await.unread, 0, "nothing is unread");
    // Our clock was a year ahead when that was reckoned.
    prune(&world, chat, 365 * DAY, 10).await;
    let news = world.live(text(1, "news").at(61 + DAY).into()).await;
    assert_eq!(
        news.received.len(),
        1,
        "what comes now is not old, whatever our clock said"
    );
}

#[tokio::test]
async fn files_that_nothing_shows_are_listed_and_forgotten() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let (unused, drafted, sent) = (
        world.file("aa").await,
        world.file("bb").await,
        world.file("cc").await,
    );
    let twin = world.file("cc").await;
    world
        .write(move |w| {
            let draft = chat::Draft {
                media: Some(drafted),
                ..chat::Draft::default()
            };
            chat::set_draft(w, chat, &draft)
        })
        .await;
    let content = NewContent::Media {
        kind: MediaKind::Image,
        media: sent,
        caption: None,
    };
    world.send(NewMessage::new(chat, "c1", content), NOON).await;
    let told = world.live(image(1, "m1").into()).await;

    let list = |before| world.read(move |c| media::orphans(c, before, None, 10));
    assert!(
        list(NOON).await.is_empty(),
        "what was just chosen may still be sent"
    );
    assert_eq!(list(at(1)).await, [unused, twin], "nothing shows these");
    assert_eq!(
        world
            .read(move |c| media::orphans(c, at(1), Some(unused), 10))
            .await,
        [twin],
        "page by page"
    );

    let all: Vec<MediaId> = vec![unused, drafted, sent, twin];
    let gone = world.write(move |w| media::forget(w, &all)).await;
    assert_eq!(gone, ["aa"], "only the bytes of which no row speaks");
    assert_eq!(
        world.count("SELECT count(*) FROM media").await,
        3,
        "the drafted one, the sent one and the customer's"
    );
    let Content::Media { media, .. } = world.message(told.received[0].message).await.content else {
        panic!("a picture")
    };
    assert!(media.is_some(), "what a message shows stays");
}

#[tokio::test]
async fn files_of_a_device_that_is_gone_are_known_by_their_names() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let content = NewContent::Media {
        kind: MediaKind::Image,
        media: world.file("aa").await,
        caption: None,
    };
    world.send(NewMessage::new(chat, "c1", content), NOON).await;
    let device = world.device;
    world.write(move |w| device::remove(w, device)).await;
    world.file("bb").await;
    let names = vec!["aa".to_owned(), "bb".to_owned(), "aa".to_owned()];
    let unknown = world.read(move |c| media::unknown(c, &names)).await;
    assert_eq!(unknown, ["aa"], "its bytes can be deleted");
}

#[tokio::test]
async fn sizes_say_what_there_is() {
    let world = World::new().await;
    world.live(vec![text(1, "m1").event(), unknown(1)]).await;
    world.live(vec![delivered("g9", at(1))]).await;
    let chat = world.chat_with(1).await;
    world.enqueue(chat, "c1", "hola", NOON).await;
    world.file("aa").await;
    let sizes = world.read(size::read).await;
    assert!(sizes.file > 0 && sizes.log > 0, "the file and its log");
    assert_eq!(
        (sizes.messages, sizes.chats, sizes.unsettled),
        (2, 1, 1),
        "messages, chats, work"
    );
    assert_eq!((sizes.media, sizes.media_bytes), (1, 9), "files");
    assert_eq!((sizes.raw_events, sizes.parked), (1, 1), "and the rest");
}
