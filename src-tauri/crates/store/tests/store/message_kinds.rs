//! Every kind of message is kept whole and read back as what it is.

use mostrador_domain::{
    Choice, ContactCard, Interactive, LinkPreview, Location, MediaBody, MediaKind, MediaRef, MessageBody,
    MessageChangeKind, MessageContext, Notice, NoticeKind, Poll,
};
use mostrador_store::tables::media::MediaState;
use mostrador_store::tables::message::{self, Content, Writer};

use crate::world::{World, at, customer, done, image, text};

fn preview() -> LinkPreview {
    LinkPreview {
        title: "Panadería".into(),
        description: Some("Pan cada día".into()),
        url: Some("https://tienda.example/pan".into()),
    }
}

fn cards(n: usize) -> Vec<ContactCard> {
    (0..n)
        .map(|n| ContactCard {
            name: format!("Persona {n}"),
            vcard: format!("BEGIN:VCARD\nN:{n}\nEND:VCARD"),
        })
        .collect()
}

fn poll() -> Poll {
    Poll {
        question: "¿Cuándo?".into(),
        options: vec!["Hoy".into(), "Mañana".into()],
        several: true,
    }
}

fn place(live: bool) -> Location {
    Location {
        latitude: -12.046_374,
        longitude: -77.042_793,
        name: Some("Plaza".into()),
        address: Some("Jirón 1".into()),
        live,
    }
}

fn list() -> Interactive {
    Interactive {
        header: Some("Menú".into()),
        body: "Elija".into(),
        footer: Some("Gracias".into()),
        list_label: Some("Ver".into()),
        choices: vec![Choice {
            id: "1".into(),
            title: "Pan".into(),
            description: None,
        }],
    }
}

/// Bodies without a file, and what is read of them: content, words.
fn plain() -> Vec<(MessageBody, Content, Option<&'static str>)> {
    let link = ("mire".to_owned(), preview());
    let mut all = vec![
        (
            MessageBody::Text("hola".into()),
            Content::Text("hola".into()),
            Some("hola"),
        ),
        (
            MessageBody::LinkPreview {
                text: link.0.clone(),
                preview: link.1.clone(),
            },
            Content::LinkPreview {
                text: link.0,
                preview: link.1,
            },
            Some("mire"),
        ),
        (MessageBody::Poll(poll()), Content::Poll(poll()), Some("¿Cuándo?")),
        (
            MessageBody::Interactive(list()),
            Content::Interactive(list()),
            Some("Menú\nElija\nGracias"),
        ),
    ];
    for live in [false, true] {
        all.push((
            MessageBody::Location(place(live)),
            Content::Location(place(live)),
            Some("Plaza\nJirón 1"),
        ));
    }
    for (n, words) in [(1, "Persona 0"), (2, "Persona 0\nPersona 1")] {
        all.push((
            MessageBody::Contacts(cards(n)),
            Content::Contacts(cards(n)),
            Some(words),
        ));
    }
    for kind in NoticeKind::ALL.iter().copied() {
        let notice = Notice {
            kind,
            text: Some("palabras".into()),
            raw: "{}".into(),
        };
        let text = notice.text.clone();
        all.push((
            MessageBody::Notice(notice),
            Content::Notice { kind, text },
            Some("palabras"),
        ));
    }
    all
}

#[tokio::test]
async fn every_kind_without_a_file_reads_back_whole() {
    let world = World::new().await;
    for (n, (body, content, words)) in plain().into_iter().enumerate() {
        let word = body.kind_word();
        let done = world.live(text(1, &format!("m{n}")).body(body).into()).await;
        let row = world.message(done.received[0].message).await;
        assert!(row.content == content, "{word} is not what it was");
        let id = row.id.0;
        let kept: (String, Option<String>) = world
            .read(move |c| {
                Ok(
                    c.query_row("SELECT kind, text FROM message WHERE id = ?1", [id], |row| {
                        Ok((row.get(0)?, row.get(1)?))
                    })?,
                )
            })
            .await;
        assert_eq!(
            (kept.0.as_str(), kept.1.as_deref()),
            (word, words),
            "its word, and the words that are searched"
        );
    }
}

#[tokio::test]
async fn every_kind_of_file_reads_back_with_all_that_was_told_of_it() {
    let world = World::new().await;
    for kind in MediaKind::ALL.iter().copied() {
        let told = MediaBody {
            kind,
            caption: Some("mire".into()),
            file: MediaRef {
                gateway_ref: "r".into(),
                mime: "application/x".into(),
                bytes: Some(10),
                width: Some(3),
                height: Some(4),
                seconds: Some(5),
                file_name: Some("lista.pdf".into()),
                sha256: Some("ab".repeat(32)),
                waveform: Some(vec![0, 50, 100]),
            },
        };
        let done = world
            .live(text(1, kind.as_str()).body(MessageBody::Media(told)).into())
            .await;
        assert!(done.new_media, "{kind:?}: somebody has to fetch it");
        let row = world.message(done.received[0].message).await;
        let Content::Media {
            kind: read,
            caption,
            media: Some(media),
        } = row.content
        else {
            panic!("{kind:?} is a file");
        };
        assert_eq!((read, caption.as_deref()), (kind, Some("mire")), "shown as it is");
        assert_eq!(
            (media.bytes, media.width, media.height, media.seconds),
            (Some(10), Some(3), Some(4), Some(5)),
            "its measures"
        );
        assert_eq!(media.file_name.as_deref(), Some("lista.pdf"), "its name");
        assert_eq!(media.waveform, Some(vec![0, 50, 100]), "its loudness");
        assert_eq!(media.told_sha256, Some("ab".repeat(32)), "the hash that was told");
        assert_eq!(
            (media.sha256, media.state),
            (None, MediaState::Remote),
            "not here yet"
        );
    }
}

#[tokio::test]
async fn what_a_message_refers_to_is_kept() {
    let world = World::new().await;
    let context = |quoted: &str, words: Option<&str>| MessageContext {
        quoted: Some(quoted.into()),
        quoted_text: words.map(Into::into),
        forwarded: true,
        mentions: vec![customer(7), customer(8)],
        starred: Some(true),
        reactions: vec![(Some(customer(9)), "👍".into()), (None, "❤️".into())],
        edited_at: Some(at(3)),
        by_program: false,
    };
    let done = world
        .live(vec![
            text(1, "m1").words("la pregunta").event(),
            text(1, "m2").at(1).context(context("m1", None)).event(),
            text(1, "m3").at(2).context(context("gone", Some("otra"))).event(),
        ])
        .await;
    let answer = world.message(done.received[1].message).await;
    let quoted = answer.quoted.expect("it answers one");
    let here = quoted.message.expect("the message is here");
    assert_eq!(
        (here.id, quoted.text.as_deref()),
        (done.received[0].message, Some("la pregunta")),
        "the message that is here"
    );
    assert!(answer.forwarded && answer.starred, "forwarded, starred");
    assert_eq!(answer.mentions, [customer(7), customer(8)], "who is named");
    assert_eq!(answer.edited_at, Some(at(3)), "when it was edited");
    let reactions: Vec<_> = answer.reactions.into_iter().map(|r| (r.by, r.emoji)).collect();
    assert_eq!(
        reactions,
        [(None, "❤️".into()), (Some(customer(9)), "👍".into())],
        "who reacted"
    );
    assert_eq!(answer.writer.address, Some(customer(1)), "who wrote it");

    let quoted = world
        .message(done.received[2].message)
        .await
        .quoted
        .expect("it answers one");
    assert_eq!(
        (quoted.message, quoted.text.as_deref()),
        (None, Some("otra")),
        "of one that is not here the words that were told"
    );
}

#[tokio::test]
async fn a_kind_that_was_not_known_is_understood_when_it_is_told_again() {
    let world = World::new().await;
    let unknown = MessageBody::Unknown {
        raw_kind: "poll".into(),
        raw: "{}".into(),
    };
    let done = world.live(text(1, "m1").body(unknown.clone()).into()).await;
    let id = done.received[0].message;

    let again = world
        .live(text(1, "m1").body(MessageBody::Poll(poll())).into())
        .await;
    assert_eq!(again.new_messages, 0, "it is the same message");
    assert_eq!(
        world.message(id).await.content,
        Content::Poll(poll()),
        "now known"
    );
    world.live(text(1, "m1").body(unknown).into()).await;
    assert_eq!(world.message(id).await.content, Content::Poll(poll()), "for good");
}

#[tokio::test]
async fn a_file_that_failed_is_tried_where_it_lies_now() {
    let world = World::new().await;
    let done = world.live(image(1, "m1").into()).await;
    let Content::Media {
        media: Some(media), ..
    } = world.message(done.received[0].message).await.content
    else {
        panic!("a picture");
    };
    let id = media.id;
    world
        .write(move |w| {
            mostrador_store::tables::media::claim(w, id)?;
            mostrador_store::tables::media::failed(w, id)
        })
        .await;
    let state = |world: &World| {
        let store = world.store.clone();
        async move {
            let row = store
                .read(move |c| mostrador_store::tables::media::get(c, id))
                .await;
            row.expect("there").state
        }
    };

    let same = world.live(image(1, "m1").into()).await;
    assert!(!same.new_media, "nothing new is told");
    assert_eq!(state(&world).await, MediaState::Failed, "no use in trying again");

    let moved = MessageBody::Media(MediaBody {
        kind: MediaKind::Image,
        caption: None,
        file: MediaRef {
            gateway_ref: "elsewhere".into(),
            ..MediaRef::default()
        },
    });
    let again = world.live(text(1, "m1").body(moved).into()).await;
    assert!(again.new_media, "somebody has to fetch it");
    assert_eq!(state(&world).await, MediaState::Remote, "from where it lies now");
}

#[tokio::test]
async fn a_detail_that_cannot_be_read_spoils_its_message_only() {
    let world = World::new().await;
    let done = world
        .live(vec![
            text(1, "m1").body(MessageBody::Poll(poll())).event(),
            text(1, "m2").at(1).event(),
        ])
        .await;
    let (chat, id) = (done.received[0].chat, done.received[0].message);
    world
        .write(move |w| Ok(w.execute("UPDATE message SET data = '{' WHERE id = ?1", [id.0])?))
        .await;
    let rows = world.messages(chat).await;
    let expected = Content::Unknown {
        raw_kind: "poll".into(),
    };
    assert_eq!(
        (rows.len(), &rows[0].content),
        (2, &expected),
        "the conversation is read all the same"
    );
}

#[tokio::test]
async fn the_whole_event_of_a_notice_can_be_looked_at() {
    let world = World::new().await;
    let order = MessageBody::Notice(Notice {
        kind: NoticeKind::Order,
        text: None,
        raw: r#"{"total":3}"#.into(),
    });
    let done = world.live(text(1, "m1").body(order).into()).await;
    let id = done.received[0].message;
    let raw = world.read(move |c| message::raw(c, id)).await;
    assert_eq!(raw.as_deref(), Some(r#"{"total":3}"#), "as it came");
}

#[test]
fn debug_of_a_content_shows_nothing_of_it() {
    for (_, content, _) in plain() {
        let shown = format!("{content:?}");
        for secret in [
            "hola",
            "Panadería",
            "Persona",
            "Cuándo",
            "Plaza",
            "Elija",
            "palabras",
        ] {
            assert!(!shown.contains(secret), "{shown}: no content may reach a log");
        }
    }
}

#[tokio::test]
async fn an_answer_tells_who_wrote_what_it_answers_and_of_what_kind_that_is() {
    let world = World::new().await;
    let answer = |id: &str, quoted: &str| {
        let context = MessageContext {
            quoted: Some(quoted.into()),
            ..MessageContext::default()
        };
        text(1, id).at(9).context(context).event()
    };
    world
        .live(vec![
            image(1, "m1").sender_name("Ana").event(),
            text(1, "m2").at(1).ours().event(),
            answer("m3", "m1"),
            answer("m4", "m2"),
        ])
        .await;
    let chat = world.chat_with(1).await;
    let quoted_by = async |id: &str| {
        let all = world.messages(chat).await;
        let answer = all.into_iter().find(|row| row.gateway_id.as_deref() == Some(id));
        let quoted = answer.and_then(|row| row.quoted).expect("it answers one");
        quoted.message.expect("which is here")
    };

    let photo = quoted_by("m3").await;
    let writer = (photo.writer.address, photo.writer.name.as_deref());
    assert_eq!(
        (photo.kind.as_str(), photo.from_me),
        ("image", false),
        "a photo without words"
    );
    assert_eq!(writer, (Some(customer(1)), Some("Ana")), "and whose");
    let ours = quoted_by("m4").await;
    assert_eq!((ours.kind.as_str(), ours.from_me), ("text", true), "one of ours");
    assert_eq!(ours.writer, Writer::default(), "which is nobody else's");

    world
        .live(vec![done(1, "m1", 20, MessageChangeKind::Deleted)])
        .await;
    assert_eq!(
        quoted_by("m3").await.kind,
        "deleted",
        "what it was is not said any more"
    );
}
