//! Conversations outlive a damaged file: not every gateway can tell of them again.

use mostrador_domain::{
    ChatId, ContactSnapshot, DeliveryStatus, Inbound, MessageBody, MessageChangeKind as Kind, MessageContext,
    Poll, Triage,
};
use mostrador_store::Store;
use mostrador_store::tables::chat::{self, ChatRow, Draft};
use mostrador_store::tables::ingest::{self, Origin};
use mostrador_store::tables::media::{self, Stored};
use mostrador_store::tables::message::{self, Earlier, MessageRow, Vote};
use mostrador_store::tables::outbox::{self, NewContent, NewMessage};
use mostrador_store::tables::receipt::{self, MemberReceipt};
use mostrador_store::tables::search::{self, Typed};
use mostrador_store::tables::{device, retention};
use tempfile::TempDir;

use super::shop::{PAGE, open_damaged, overwrite, page_with};
use crate::world::{
    NOON, World, at, by_member, customer, delivered, done, edited, file_in, group, image, reaction, text,
    to_group,
};

/// All that a person sees of a chat.
type Seen = (
    ChatRow,
    Vec<MessageRow>,
    Vec<Earlier>,
    Vec<Vote>,
    Vec<MemberReceipt>,
);

async fn seen(store: &Store, chat: ChatId) -> Seen {
    let read = store.read(move |c| {
        let rows = message::page(c, chat, None, 1_000)?;
        let (mut before, mut votes, mut members) = (vec![], vec![], vec![]);
        for row in &rows {
            before.extend(message::earlier(c, row.id)?);
            votes.extend(message::votes(c, row.id)?);
            members.extend(receipt::members(c, row.id)?);
        }
        Ok((chat::get(c, chat)?, rows, before, votes, members))
    });
    read.await.expect("read")
}

/// A shop with a conversation in which all has happened that can, a group, a chat that was pruned, one that was deleted, and somebody
/// who waits for an answer.
async fn talking_shop() -> (TempDir, Vec<ChatId>) {
    let world = World::new().await;
    let (device, one, group) = (world.device, customer(1), group());
    let poll = Poll {
        question: "¿Cuál?".into(),
        options: vec!["lúcuma".into(), "chocolate".into()],
        several: false,
    };
    let answers = MessageContext {
        quoted: Some("m1".into()),
        quoted_text: Some("¿Hay torta?".into()),
        forwarded: true,
        mentions: vec![customer(3)],
        ..MessageContext::default()
    };
    let said = |n: u32, id: &str, seconds| {
        text(n, id)
            .in_chat(group.clone())
            .sender_name("Ana")
            .at(seconds)
            .event()
    };
    world
        .live(vec![
            text(1, "m1")
                .words("¿Hay torta?")
                .at(1)
                .sender_name("Rosa")
                .event(),
            text(1, "m2").at(2).context(answers).event(),
            image(1, "m3").at(3).event(),
            image(1, "m4").at(4).event(),
            text(1, "m5").at(5).body(MessageBody::Poll(poll)).event(),
            text(1, "m6").at(6).event(),
            said(2, "g1", 7),
            said(3, "g2", 8),
            to_group("g3").at(9).event(),
            by_member(&customer(2), "g3", DeliveryStatus::Read, 10),
            by_member(&customer(3), "g3", DeliveryStatus::Delivered, 11),
            text(4, "old").at(-90_000).event(),
            text(4, "new").at(9).event(),
            text(5, "gone").event(),
        ])
        .await;
    world
        .live(vec![
            done(1, "m1", 20, edited("¿Hay torta de lúcuma?")),
            done(1, "m2", 21, reaction("🎂")),
            done(1, "m5", 22, Kind::Votes(vec!["lúcuma".into()])),
            done(1, "m2", 23, Kind::Starred(true)),
            done(1, "m2", 24, Kind::Pinned(true)),
            done(1, "m6", 25, Kind::Deleted),
            Inbound::ChatGone { chat: customer(5) },
            Inbound::Contact(ContactSnapshot {
                address: one.clone(),
                saved_name: Some("Rosa Quispe".into()),
                push_name: None,
                business: Some(true),
                picture: None,
            }),
        ])
        .await;
    let chat = world.chat_with(1).await;
    let picture = world.messages(chat).await[2].clone();
    let message::Content::Media {
        media: Some(file), ..
    } = picture.content
    else {
        panic!("the third one is a picture")
    };
    let stored = Stored {
        mime: "image/jpeg".into(),
        bytes: 40,
        sha256: "ab".into(),
        ..Stored::default()
    };
    world
        .write(move |w| {
            media::claim(w, file.id)?;
            media::arrived(w, file.id, &stored)
        })
        .await;
    let ours = world.enqueue(chat, "c1", "sí, queda una", at(30)).await;
    let claimed = world.claim_one(at(30)).await.id;
    world.accepted(claimed, "o1", at(31)).await;
    world.live(vec![delivered("o1", at(32))]).await;
    let draft = Draft {
        text: Some("¿la".into()),
        media: Some(world.file("cd").await),
        quoted: Some(picture.id),
    };
    let pruned = world.chat_with(4).await;
    let link = world.read(move |c| device::get(c, device)).await.link;
    world
        .write(move |w| {
            chat::set_draft(w, chat, &draft)?;
            chat::set_triage(w, chat, Triage::Waiting, None)?;
            device::polled(w, link, at(33))?;
            retention::prune_chat(w, pruned, at(-80_000), 10)
        })
        .await;
    assert_eq!(
        world.message(ours).await.delivered_at,
        Some(at(32)),
        "it came to her"
    );
    let group = world.write(move |w| chat::ensure(w, device, &group)).await;
    world.live(text(6, "w1").at(40).into()).await;
    let waits = world.chat_with(6).await;
    (world.close(), vec![chat, group, pruned, waits])
}

#[tokio::test]
async fn conversations_are_as_they_were() {
    let (folder, chats) = talking_shop().await;
    let sound = Store::open(&file_in(&folder), at(59)).expect("opens").store;
    let mut before = Vec::new();
    for chat in &chats {
        before.push(seen(&sound, *chat).await);
    }
    drop(sound);
    assert_eq!(before[0].1.len(), 7, "hers and ours");
    assert!(before[0].0.unread > 0, "nobody has looked at it yet");
    assert_eq!(
        (before[0].2.len(), before[0].3.len()),
        (1, 1),
        "an edit and an answer"
    );
    assert_eq!(before[1].4.len(), 2, "two of the group have what we wrote there");
    assert_eq!(before[3].0.waiting_since, Some(at(40)), "somebody waits");
    overwrite(&file_in(&folder), 60, &[0; 4]);

    let (store, aside) = open_damaged(&folder);

    assert_eq!(aside.messages_kept, 0, "nothing waits to be sent");
    for (chat, before) in chats.iter().zip(before) {
        let after = seen(&store, *chat).await;
        assert!(
            after.0 == before.0,
            "the list shows it as before: {:?}, not {:?}",
            after.0,
            before.0
        );
        for (new, old) in after.1.iter().zip(&before.1) {
            assert!(new == old, "each message is as it was: {new:?}, not {old:?}");
        }
        assert_eq!(after.1.len(), before.1.len(), "none is missing");
        assert!(after.2 == before.2, "with what it said before it was edited");
        assert!(after.3 == before.3, "and what was chosen");
        assert!(after.4 == before.4, "and who received and read it");
    }
    let hits = store
        .read(|c| search::hits(c, &Typed::parse("lúcuma"), None, None, 10))
        .await;
    assert_eq!(hits.expect("read").len(), 1, "and it is found");
    let row = store.read(device::list).await.expect("read").remove(0);
    assert_eq!(
        (row.polled_until, row.synced_at),
        (Some(at(33)), None),
        "what came since the last look is news; the sync brings what could not be read"
    );
    let gone = store.read(move |c| chat::find(c, row.id, &customer(5))).await;
    assert_eq!(gone.expect("read"), None, "a deleted chat does not come back");
}

#[tokio::test]
async fn what_is_told_again_after_the_rescue_is_not_doubled() {
    let (folder, chats) = talking_shop().await;
    overwrite(&file_in(&folder), 60, &[0; 4]);
    let (store, _) = open_damaged(&folder);
    let before = seen(&store, chats[0]).await.1.len();

    let device = store.read(device::list).await.expect("read")[0].id;
    let told = vec![
        text(1, "m2").at(2).event(),
        text(1, "o1").ours().at(31).event(),
        text(4, "old").at(-90_000).event(),
    ];
    let again = store.write(move |w| ingest::apply(w, device, told, Origin::History, at(90)));

    assert_eq!(
        again.await.expect("taken in").new_messages,
        0,
        "all of it is known, or not wanted any more"
    );
    assert_eq!(seen(&store, chats[0]).await.1.len(), before, "one bubble each");
}

#[tokio::test]
async fn a_lost_page_of_chats_does_not_take_their_messages_along() {
    const CHATS: u32 = 60;
    let world = World::new().await;
    let device = world.device;
    let link = world.read(move |c| device::get(c, device)).await.link;
    world
        .live((1..=CHATS).map(|n| text(n, &format!("m{n}")).event()).collect())
        .await;
    world.write(move |w| device::polled(w, link, at(33))).await;
    let folder = world.close();
    let path = file_in(&folder);
    // In a row of the chats, and nowhere else, what it is follows the address.
    overwrite(
        &path,
        page_with(&path, b"51900000030@s.whatsapp.netperson") * PAGE,
        &[0xFF; 4_096],
    );

    let (store, _) = open_damaged(&folder);

    for number in 1..=CHATS {
        let device = store.read(device::list).await.expect("read")[0].id;
        let found = store
            .read(move |c| chat::find(c, device, &customer(number)))
            .await
            .expect("read");
        let chat = found.expect("the index of addresses tells where it was");
        let (row, messages, ..) = seen(&store, chat).await;
        assert_eq!(messages.len(), 1, "{number}: what was said is there");
        assert_eq!(
            (row.last.map(|last| last.id), row.last_at),
            (Some(messages[0].id), NOON),
            "{number}: and in the list"
        );
    }
    let polled = store.read(device::list).await.expect("read")[0].polled_until;
    assert_eq!(polled, None, "how many were unread the gateway is asked anew");
}

#[tokio::test]
async fn what_was_asked_for_twice_is_still_sent_once() {
    let (folder, chats) = talking_shop().await;
    overwrite(&file_in(&folder), 60, &[0; 4]);
    let (store, _) = open_damaged(&folder);
    let chat = chats[0];

    let again = NewMessage::new(chat, "c1", NewContent::Text("sí, queda una".into()));
    let again = store.write(move |w| outbox::enqueue(w, &again, at(95))).await;
    let ours = seen(&store, chat).await.1.remove(0);
    assert_eq!(
        again.expect("known"),
        ours.id,
        "whoever asks again hears of the one that went"
    );
    let device = store.read(device::list).await.expect("read")[0].id;
    let waits = store
        .write(move |w| outbox::claim(w, device, at(200)))
        .await
        .expect("written");
    assert!(waits.is_none(), "nothing goes a second time");
}
