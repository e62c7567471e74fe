//! What is done to a message after it was written: shown, once, and never undone by an older telling.

use mostrador_domain::{
    ChatId, Inbound, MediaBody, MediaKind, MediaRef, MessageBody, MessageChange, MessageChangeKind as Kind,
    MessageId, Poll,
};
use mostrador_store::tables::message::{self, Content, MessageRow};

use crate::world::{NOON, World, at, customer, done, edited, reaction, text};

/// A world with the message `m1` of customer 1.
async fn with_message() -> (World, MessageId) {
    let world = World::new().await;
    let done = world.live(text(1, "m1").words("hola").into()).await;
    let id = done.received[0].message;
    (world, id)
}

fn words(row: &MessageRow) -> Option<&str> {
    row.content.text()
}

async fn earlier(world: &World, id: MessageId) -> Vec<(i64, String)> {
    let kept = world.read(move |c| message::earlier(c, id)).await;
    kept.into_iter()
        .map(|kept| {
            let seconds = (kept.at.0 - NOON.0) / 1_000;
            (seconds, kept.content.text().unwrap_or_default().to_owned())
        })
        .collect()
}

async fn emojis(world: &World, id: MessageId) -> Vec<(bool, String)> {
    let row = world.message(id).await;
    row.reactions
        .into_iter()
        .map(|reaction| (reaction.by.is_none(), reaction.emoji))
        .collect()
}

#[tokio::test]
async fn an_edit_shows_the_new_words_and_keeps_the_old() {
    let (world, id) = with_message().await;
    world.live(vec![done(1, "m1", 5, edited("hola!"))]).await;
    world.live(vec![done(1, "m1", 9, edited("buenas"))]).await;

    let row = world.message(id).await;
    assert_eq!(
        (words(&row), row.edited_at),
        (Some("buenas"), Some(at(9))),
        "the newest words, since when"
    );
    assert_eq!(
        earlier(&world, id).await,
        [(0, "hola".into()), (5, "hola!".into())],
        "what was said before, oldest first"
    );
}

#[tokio::test]
async fn an_edit_that_comes_late_is_history() {
    let (world, id) = with_message().await;
    world.live(vec![done(1, "m1", 9, edited("buenas"))]).await;
    world.live(vec![done(1, "m1", 5, edited("hola!"))]).await;
    world.live(vec![done(1, "m1", 9, edited("buenas"))]).await;

    assert_eq!(
        words(&world.message(id).await),
        Some("buenas"),
        "the newest words stay"
    );
    assert_eq!(
        earlier(&world, id).await,
        [(0, "hola".into()), (5, "hola!".into())],
        "the late one goes where it belongs, once"
    );
}

#[tokio::test]
async fn an_edit_that_two_clocks_tell_of_is_one_and_the_first_words_come_first() {
    for times in [[5, 4], [4, 5], [5, -1], [-1, 5]] {
        let (world, id) = with_message().await;
        for seconds in times {
            world.live(vec![done(1, "m1", seconds, edited("buenas"))]).await;
        }
        assert_eq!(
            earlier(&world, id).await,
            [(0, "hola".into())],
            "told at {times:?}"
        );

        world.live(vec![done(1, "m1", 9, edited("buenas tardes"))]).await;
        let said: Vec<String> = earlier(&world, id)
            .await
            .into_iter()
            .map(|(_, said)| said)
            .collect();
        assert_eq!(said, ["hola", "buenas"], "told at {times:?}");
    }
}

#[tokio::test]
async fn what_we_wrote_is_edited_by_nobody_else() {
    let world = World::new().await;
    world
        .live(text(1, "m1").ours().words("Son 100 soles").into())
        .await;
    let of_ours = world.read(|c| Ok(c.query_row("SELECT id FROM message", [], |row| row.get::<_, i64>(0))?));
    let id = MessageId(of_ours.await);
    // Whoever got it knows its id, and an app of their own may say anything.
    world.live(vec![done(1, "m1", 5, edited("Son 10 soles"))]).await;
    assert_eq!(
        words(&world.message(id).await),
        Some("Son 100 soles"),
        "a customer has no say in it"
    );
    let Inbound::Change(told) = done(1, "m1", 6, edited("Son 90 soles")) else {
        panic!("it is a change")
    };
    let ours = MessageChange { by: None, ..told };
    world.live(vec![Inbound::Change(ours)]).await;
    assert_eq!(words(&world.message(id).await), Some("Son 90 soles"), "we have");
}

#[tokio::test]
async fn what_we_wrote_is_deleted_by_nobody_else_but_a_groups_admin() {
    let world = World::new().await;
    world
        .live(text(1, "m1").ours().words("Son 100 soles").into())
        .await;
    world.live(vec![done(1, "m1", 5, Kind::Deleted)]).await;
    let kept = world
        .read(|c| {
            Ok(c.query_row("SELECT text FROM message", [], |row| {
                row.get::<_, Option<String>>(0)
            })?)
        })
        .await;
    assert_eq!(
        kept.as_deref(),
        Some("Son 100 soles"),
        "a customer has no say in it"
    );
    // One that is told before its message is no other.
    world.live(vec![done(1, "m2", 5, Kind::Deleted)]).await;
    world.live(text(1, "m2").ours().words("y el pan").into()).await;
    let there = world
        .count("SELECT count(*) FROM message WHERE deleted_at IS NULL")
        .await;
    assert_eq!(there, 2, "neither before nor after");

    // The same chat as if it were a group: its admins may.
    world
        .write(|w| Ok(w.execute("UPDATE chat SET kind = 'group'", [])?))
        .await;
    world.live(vec![done(1, "m1", 6, Kind::Deleted)]).await;
    let left = world
        .count("SELECT count(*) FROM message WHERE deleted_at IS NULL")
        .await;
    assert_eq!(left, 1, "an admin has deleted it");

    let Inbound::Change(told) = done(1, "m2", 7, Kind::Deleted) else {
        panic!("it is a change")
    };
    let ours = MessageChange { by: None, ..told };
    world
        .write(|w| Ok(w.execute("UPDATE chat SET kind = 'person'", [])?))
        .await;
    world.live(vec![Inbound::Change(ours)]).await;
    let left = world
        .count("SELECT count(*) FROM message WHERE deleted_at IS NULL")
        .await;
    assert_eq!(left, 0, "we have");
}

#[tokio::test]
async fn an_edited_caption_leaves_the_file() {
    let world = World::new().await;
    let picture = |caption: &str| {
        MessageBody::Media(MediaBody {
            kind: MediaKind::Image,
            caption: Some(caption.into()),
            file: MediaRef::default(),
        })
    };
    let told = world.live(text(1, "m1").body(picture("pan")).into()).await;
    for (seconds, body) in [(5, picture("pan dulce")), (6, MessageBody::Text("torta".into()))] {
        world.live(vec![done(1, "m1", seconds, Kind::Edited(body))]).await;
    }
    let Content::Media { caption, media, .. } = world.message(told.received[0].message).await.content else {
        panic!("it is a picture still");
    };
    assert_eq!(caption.as_deref(), Some("torta"), "other words");
    assert!(media.is_some(), "the same file");
}

#[tokio::test]
async fn an_edit_that_we_cannot_read_changes_nothing() {
    let (world, id) = with_message().await;
    let body = MessageBody::Unknown {
        raw_kind: "new".into(),
        raw: "{}".into(),
    };
    world.live(vec![done(1, "m1", 5, Kind::Edited(body))]).await;
    assert_eq!(words(&world.message(id).await), Some("hola"), "the words stay");
}

#[tokio::test]
async fn a_message_told_again_as_edited_is_edited() {
    let (world, id) = with_message().await;
    let context = mostrador_domain::MessageContext {
        edited_at: Some(at(4)),
        ..mostrador_domain::MessageContext::default()
    };
    world
        .live(text(1, "m1").words("adiós").context(context).into())
        .await;
    let row = world.message(id).await;
    assert_eq!(
        (words(&row), row.edited_at),
        (Some("adiós"), Some(at(4))),
        "a poll tells edits too"
    );
    assert_eq!(
        earlier(&world, id).await,
        [(0, "hola".into())],
        "the old words are kept"
    );
}

#[tokio::test]
async fn a_deletion_erases_what_was_said_and_nothing_brings_it_back() {
    let (world, id) = with_message().await;
    world
        .live(vec![
            done(1, "m1", 2, edited("secreto")),
            done(2, "m1", 3, reaction("👍")),
        ])
        .await;
    world.live(vec![done(1, "m1", 5, Kind::Deleted)]).await;
    world
        .live(vec![
            text(1, "m1").words("hola").event(),
            done(1, "m1", 9, edited("otra vez")),
            done(2, "m1", 9, reaction("❤️")),
            done(1, "m1", 9, Kind::Starred(true)),
        ])
        .await;

    let row = world.message(id).await;
    assert_eq!(row.content, Content::Deleted, "shown as deleted");
    assert!(
        row.reactions.is_empty() && !row.starred,
        "nothing can be done to it any more"
    );
    for sql in [
        "SELECT count(*) FROM message WHERE text IS NOT NULL OR data IS NOT NULL OR raw IS NOT NULL",
        "SELECT count(*) FROM message_edit",
        "SELECT count(*) FROM reaction",
    ] {
        assert_eq!(world.count(sql).await, 0, "{sql}: erased");
    }
}

#[tokio::test]
async fn a_message_that_was_deleted_before_it_came_is_no_news() {
    let world = World::new().await;
    world.live(vec![done(1, "m1", 5, Kind::Deleted)]).await;
    let told = world.live(text(1, "m1").words("hola").into()).await;
    assert_eq!(
        (told.new_messages, told.received),
        (1, vec![]),
        "stored, not announced"
    );
    assert_eq!(
        world
            .count("SELECT count(*) FROM message WHERE text IS NOT NULL")
            .await,
        0,
        "and erased"
    );
}

#[tokio::test]
async fn one_reaction_a_person_the_latest_holds() {
    let (world, id) = with_message().await;
    let ours = |seconds, what| {
        let Inbound::Change(change) = done(1, "m1", seconds, what) else {
            panic!("a change")
        };
        Inbound::Change(MessageChange { by: None, ..change })
    };
    world
        .live(vec![
            done(2, "m1", 5, reaction("❤️")),
            done(2, "m1", 3, reaction("👍")),
            ours(6, reaction("🙏")),
        ])
        .await;
    assert_eq!(
        emojis(&world, id).await,
        [(false, "❤️".into()), (true, "🙏".into())],
        "the later one of each"
    );
    world
        .live(vec![
            done(2, "m1", 8, reaction("")),
            done(2, "m1", 7, reaction("👍")),
        ])
        .await;
    assert_eq!(
        emojis(&world, id).await,
        [(true, "🙏".into())],
        "one that was taken back stays so"
    );
}

#[tokio::test]
async fn votes_replace_each_other() {
    let world = World::new().await;
    let poll = Poll {
        question: "¿?".into(),
        options: vec!["sí".into(), "no".into()],
        several: false,
    };
    let told = world
        .live(text(1, "m1").body(MessageBody::Poll(poll)).into())
        .await;
    let id = told.received[0].message;
    let votes = |seconds, options: &[&str]| {
        let options = options.iter().map(|o| (*o).to_owned()).collect();
        done(2, "m1", seconds, Kind::Votes(options))
    };
    world.live(vec![votes(5, &["no"]), votes(3, &["sí"])]).await;
    let cast = world.read(move |c| message::votes(c, id)).await;
    assert_eq!(cast.len(), 1, "one row a person");
    assert_eq!(
        (cast[0].by.clone(), cast[0].options.clone()),
        (Some(customer(2)), vec!["no".into()]),
        "all that they chose last"
    );
    world.live(vec![votes(5, &["opt1"])]).await;
    let cast = world.read(move |c| message::votes(c, id)).await;
    assert_eq!(cast[0].options, ["no"], "told by ids once more, words stay");
    world.live(vec![votes(7, &["opt1"]), votes(7, &["sí"])]).await;
    let cast = world.read(move |c| message::votes(c, id)).await;
    assert_eq!(cast[0].options, ["sí"], "and words come in the place of ids");
    world.live(vec![votes(9, &[])]).await;
    let none = world.read(move |c| message::votes(c, id)).await;
    assert!(none.is_empty(), "who chose nothing any more has no vote");
}

#[tokio::test]
async fn stars_and_pins_hold_by_their_time() {
    let (world, id) = with_message().await;
    world
        .live(vec![
            done(1, "m1", 5, Kind::Starred(true)),
            done(1, "m1", 3, Kind::Starred(false)),
            done(1, "m1", 4, Kind::Pinned(true)),
            done(1, "m1", 6, Kind::Pinned(false)),
        ])
        .await;
    let row = world.message(id).await;
    assert_eq!((row.starred, row.pinned), (true, false), "the later word of each");
    let starred = world.read(|c| message::starred(c, None, 10)).await;
    assert_eq!(starred.len(), 1, "found among the starred ones");
    let chat: ChatId = row.chat;
    world.live(vec![done(1, "m1", 9, Kind::Pinned(true))]).await;
    let pinned = world.read(move |c| message::pinned(c, chat)).await;
    assert_eq!(pinned.len(), 1, "found at the top of its chat");
}

#[tokio::test]
async fn a_change_that_comes_first_waits_for_its_message() {
    let world = World::new().await;
    let first = vec![
        done(1, "m1", 7, edited("segunda")),
        done(1, "m1", 5, edited("primera")),
        done(2, "m1", 6, reaction("👍")),
    ];
    world.live(first.clone()).await;
    world.live(first).await;
    let sql = "SELECT count(*) FROM change_parked";
    assert_eq!(world.count(sql).await, 3, "kept once each");

    let told = world.live(text(1, "m1").words("hola").into()).await;

    let id = told.received[0].message;
    assert_eq!(
        words(&world.message(id).await),
        Some("segunda"),
        "as if it had come in order"
    );
    assert_eq!(
        earlier(&world, id).await,
        [(0, "hola".into()), (5, "primera".into())],
        "with its history"
    );
    assert_eq!(emojis(&world, id).await.len(), 1, "and its reaction");
    assert_eq!(world.count(sql).await, 0, "nothing waits any more");
}

#[tokio::test]
async fn a_change_waits_for_the_message_of_its_own_chat() {
    let world = World::new().await;
    world.live(vec![done(1, "m1", 5, edited("otra"))]).await;
    let told = world.live(text(2, "m1").words("hola").into()).await;
    let row = world.message(told.received[0].message).await;
    assert_eq!(words(&row), Some("hola"), "ids are unique within a chat only");
}

#[tokio::test]
async fn a_change_that_names_no_chat_finds_its_message() {
    let (world, id) = with_message().await;
    let Inbound::Change(change) = done(2, "m1", 5, reaction("👍")) else {
        panic!("a change")
    };
    world
        .live(vec![Inbound::Change(MessageChange { chat: None, ..change })])
        .await;
    assert_eq!(emojis(&world, id).await.len(), 1, "by its id alone");
}

#[tokio::test]
async fn what_was_done_to_an_echo_is_done_to_our_message() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let id = world.enqueue(chat, "c1", "hola", NOON).await;
    let row = world.claim_one(NOON).await.id;
    world
        .live(vec![
            text(1, "g1").ours().words("hola").at(1).event(),
            done(1, "g1", 2, reaction("👍")),
        ])
        .await;
    world.accepted(row, "g1", at(3)).await;
    assert_eq!(
        emojis(&world, id).await.len(),
        1,
        "the reaction is on the message that stays"
    );
}
