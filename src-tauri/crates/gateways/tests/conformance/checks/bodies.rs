//! Every kind of message that a link offers to send; judged by what the customer got.

use std::io::Read as _;

use mostrador_domain::{
    Address, Capabilities, Choice, ContactCard, Failure, FailureCode, Interactive, LinkPreview, Location,
    MediaKind, MediaLimits, Outgoing, OutgoingBody, OutgoingFile, OutgoingMedia, Poll,
};
use mostrador_gateways::{Effect, Story, StoryAudience};
use mostrador_sandbox::Effect as Reached;

use crate::harness::{Dialect, PNG, Shop, file, hash, text};

/// One pixel, as a sticker has to be.
const WEBP: &[u8] = &[
    0x52, 0x49, 0x46, 0x46, 0x1a, 0, 0, 0, 0x57, 0x45, 0x42, 0x50, 0x56, 0x50, 0x38, 0x4c, 0x0d, 0, 0, 0,
    0x2f, 0, 0, 0, 0x10, 0x07, 0x10, 0x11, 0x11, 0x88, 0x88, 0xfe, 0x07, 0,
];
/// What an MPEG-4 file begins with, which is as far as anybody looks here.
const MP4: &[u8] = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08free";
const OGG: &[u8] = b"OggS\0\x02\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead";

fn media_of(kind: MediaKind) -> OutgoingMedia {
    let (mime, bytes) = match kind {
        MediaKind::Image => ("image/png", PNG),
        MediaKind::Sticker => ("image/webp", WEBP),
        MediaKind::Video | MediaKind::ShortVideo | MediaKind::Gif => ("video/mp4", MP4),
        MediaKind::Audio | MediaKind::Voice => ("audio/ogg", OGG),
        MediaKind::Document => ("text/plain", "Pan de anís: 3 por un sol.".as_bytes()),
    };
    OutgoingMedia {
        file_name: (kind == MediaKind::Document).then(|| "precios.txt".to_owned()),
        ..file(kind, mime, bytes)
    }
}

/// The same, or a PDF where nothing else is taken.
fn fitting(kind: MediaKind, limits: &MediaLimits) -> OutgoingMedia {
    let usual = media_of(kind);
    match limits.takes(&usual.mime) {
        true => usual,
        false => OutgoingMedia {
            file_name: Some("precios.pdf".to_owned()),
            ..file(kind, "application/pdf", b"%PDF-1.4 x")
        },
    }
}

/// What a body is called in the ledger.
fn word_in_ledger(word: &str) -> &str {
    match word {
        "short_video" => "short",
        word => word,
    }
}

/// One of each kind that the link says it sends.
fn offered(capabilities: &Capabilities) -> Vec<OutgoingBody> {
    let send = &capabilities.send;
    let card = |name: &str| ContactCard {
        name: name.to_owned(),
        vcard: format!("BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nTEL:+51900000031\nEND:VCARD"),
    };
    let place = |live| {
        OutgoingBody::Location(Location {
            latitude: -12.0464,
            longitude: -77.0428,
            live,
            ..Location::default()
        })
    };
    let choices = |count: usize| -> Vec<Choice> {
        (0..count)
            .map(|n| Choice {
                id: format!("c{n}"),
                title: format!("Opción {n}"),
                description: None,
            })
            .collect()
    };
    let interactive = |list_label: Option<&str>| {
        OutgoingBody::Interactive(Interactive {
            body: "Elija".to_owned(),
            list_label: list_label.map(str::to_owned),
            choices: choices(2),
            ..Interactive::default()
        })
    };
    let poll = |most: u32| {
        OutgoingBody::Poll(Poll {
            question: "¿Sabor?".to_owned(),
            options: (0..most).map(|n| format!("sabor {n}")).collect(),
            several: false,
        })
    };
    let preview = OutgoingBody::LinkPreview {
        text: "mire https://shop.example/tortas".to_owned(),
        preview: LinkPreview {
            title: "Tortas".to_owned(),
            description: None,
            url: Some("https://shop.example/tortas".to_owned()),
        },
    };
    let mut bodies: Vec<OutgoingBody> = send
        .media
        .iter()
        .map(|(kind, limits)| OutgoingBody::Media(fitting(*kind, limits)))
        .collect();
    bodies.extend(send.text.map(|_| OutgoingBody::Text("hola".to_owned())));
    bodies.extend(send.link_preview.then_some(preview));
    bodies.extend(send.location.then(|| place(false)));
    bodies.extend(send.live_location.then(|| place(true)));
    bodies.extend(send.contacts.map(|_| OutgoingBody::Contacts(vec![card("Julia")])));
    bodies.extend(
        send.contacts
            .filter(|most| *most > 1)
            .map(|_| OutgoingBody::Contacts(vec![card("Julia"), card("Raúl")])),
    );
    bodies.extend(send.poll.map(poll));
    bodies.extend(send.buttons.then(|| interactive(None)));
    bodies.extend(send.lists.then(|| interactive(Some("Carta"))));
    bodies
}

pub(crate) async fn every_kind_that_is_offered_arrives_once(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let bodies = offered(shop.link.capabilities());
    assert!(!bodies.is_empty(), "a link that sends nothing is none");
    for (place, body) in bodies.into_iter().enumerate() {
        let expected = word_in_ledger(body.kind_word()).to_owned();
        let sent_file = body.source().map(|file| {
            let mut bytes = Vec::new();
            let mut reading = file.open().expect("it is here");
            reading.read_to_end(&mut bytes).expect("it is read");
            hash(&bytes)
        });
        let message = Outgoing {
            body,
            ..text(&shop.customer(), "")
        };
        let accepted = shop.deliver(&message).await;
        let accepted = accepted.unwrap_or_else(|failure| panic!("{expected}: {failure}"));
        let got = shop.got();
        assert_eq!(got.len(), place + 1, "{expected}: the customer got it once");
        let last = &got[place];
        assert_eq!(last.kind, expected, "as the kind that it is");
        assert_eq!(
            last.message_id, accepted.gateway_id,
            "{expected}: under the id that we were told"
        );
        assert_eq!(
            last.media_sha256, sent_file,
            "{expected}: not one byte is different"
        );
    }
}

const UNSENT: Failure = Failure::Rejected {
    code: FailureCode::RefusedContent,
};

pub(crate) async fn words_beside_a_file_arrive_or_it_is_refused(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let words = "así quedó";
    let mut arrived = 0;
    for (kind, limits) in shop.link.capabilities().send.media {
        let media = OutgoingMedia {
            caption: Some(words.to_owned()),
            ..fitting(*kind, limits)
        };
        let message = Outgoing {
            body: OutgoingBody::Media(media),
            ..text(&shop.customer(), "")
        };
        match shop.deliver(&message).await {
            Ok(_) => {
                arrived += 1;
                let got = shop.got().pop().expect("the customer got it");
                assert_eq!(got.body.as_deref(), Some(words), "{kind:?}: with its words");
            }
            Err(failure) => {
                assert_eq!(failure, UNSENT, "{kind:?}: refused, not sent without its words");
                assert!(!kind.carries_words(), "{kind:?}: WhatsApp shows words under it");
            }
        }
    }
    assert_eq!(shop.got().len(), arrived, "what was refused went to nobody");
}

/// Does the link say that a message of this kind may answer one, and that it may name somebody?
fn says(capabilities: &Capabilities, body: &OutgoingBody) -> (bool, bool) {
    let send = &capabilities.send;
    let quotes = match body {
        OutgoingBody::Contacts(_) => send.quote && send.quote_in_cards,
        _ => send.quote,
    };
    let names = match body {
        OutgoingBody::Text(_) | OutgoingBody::LinkPreview { .. } => send.mentions,
        OutgoingBody::Media(media) => send.mentions_under.contains(&media.kind),
        _ => false,
    };
    (quotes, names)
}

pub(crate) async fn each_kind_answers_and_names_as_is_said_or_is_refused(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let capabilities = shop.link.capabilities();
    let asked = shop
        .sandbox
        .write_as(&shop.customer(), "¿hay?")
        .expect("the customer writes");
    let named = Address::parse(&format!("{}@s.whatsapp.net", shop.customers()[1]));
    let (mut arrived, mut wrong) = (0, Vec::new());
    for body in offered(capabilities) {
        let (quotes, names) = says(capabilities, &body);
        let word = body.kind_word();
        let bare = Outgoing {
            body,
            ..text(&shop.customer(), "")
        };
        let answering = Outgoing {
            quoted: Some(asked.clone()),
            ..bare.clone()
        };
        let naming = Outgoing {
            mentions: vec![named.clone()],
            ..bare
        };
        for (what, message, said) in [("answers", answering, quotes), ("names", naming, names)] {
            let sent = shop.deliver(&message).await;
            arrived += usize::from(sent.is_ok());
            // Some links take more than they say: names where there are no words are offered to nobody.
            let kept = match &sent {
                Ok(_) => said || what == "names",
                Err(failure) => !said && *failure == UNSENT,
            };
            if !kept {
                wrong.push(format!("{word} {what}, said: {said}: {sent:?}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "as it is said");
    assert_eq!(shop.got().len(), arrived, "what was refused went to nobody");
}

pub(crate) async fn a_file_that_was_uploaded_is_sent_by_its_id(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let Some(uploads) = shop.link.uploads() else {
        return;
    };
    let id = uploads
        .upload("image/png", &PNG.to_vec().into())
        .await
        .expect("it takes the file");
    let picture = OutgoingMedia {
        caption: Some("así quedó".to_owned()),
        file: OutgoingFile::Uploaded(id.clone()),
        ..media_of(MediaKind::Image)
    };
    let message = Outgoing {
        body: OutgoingBody::Media(picture),
        ..text(&shop.customer(), "")
    };
    shop.deliver(&message).await.expect("the gateway has the file");
    let got = shop.got();
    assert_eq!(got.len(), 1, "the customer got it once");
    assert_eq!(got[0].media_sha256, Some(hash(PNG)), "not one byte is different");
    assert_eq!(
        got[0].body.as_deref(),
        Some("así quedó"),
        "with the words under it"
    );

    assert_eq!(uploads.delete(&id).await, Ok(Effect::Done), "it is taken away");
    assert_eq!(
        uploads.delete(&id).await,
        Ok(Effect::NothingThere),
        "again does no harm"
    );
    let missing = Failure::Rejected {
        code: FailureCode::MediaMissing,
    };
    assert_eq!(
        shop.deliver(&message).await.err(),
        Some(missing),
        "it is not there any more"
    );
    assert_eq!(shop.got().len(), 1, "nobody got anything");
}

pub(crate) async fn an_answer_names_the_message_that_it_answers(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    if !shop.link.capabilities().send.quote {
        return;
    }
    let asked = shop
        .sandbox
        .write_as(&shop.customer(), "¿hay?")
        .expect("the customer writes");
    let answer = Outgoing {
        quoted: Some(asked.clone()),
        ..text(&shop.customer(), "sí, recién salido")
    };
    shop.deliver(&answer).await.expect("the gateway takes it");
    assert_eq!(
        shop.got()[0].quoted,
        Some(asked),
        "the customer sees what it answers"
    );
}

pub(crate) async fn a_message_is_sent_on_and_each_time_it_is_another(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    if !shop.link.capabilities().send.forward {
        return;
    }
    let gateway_id = shop
        .sandbox
        .write_as(&shop.customer(), "la dirección")
        .expect("the customer writes");
    let forward = Outgoing {
        body: OutgoingBody::Forward { gateway_id },
        ..text(&shop.customers()[1], "")
    };
    let first = shop.deliver(&forward).await.expect("the gateway takes it");
    let second = shop.deliver(&forward).await.expect("the gateway takes it");
    assert_ne!(
        first.gateway_id, second.gateway_id,
        "a forward is a send: two are two"
    );
    let got = shop.sandbox.ledger_of(&shop.customers()[1]);
    let words: Vec<_> = got.iter().map(|entry| entry.body.as_deref()).collect();
    assert_eq!(words, [Some("la dirección"); 2], "the same words, twice");

    let nothing = Outgoing {
        body: OutgoingBody::Forward {
            gateway_id: "Nobody.00-00000000".to_owned(),
        },
        ..text(&shop.customer(), "")
    };
    let refused = Failure::Rejected {
        code: FailureCode::RefusedContent,
    };
    assert_eq!(
        shop.deliver(&nothing).await.err(),
        Some(refused),
        "there is no such message"
    );
}

pub(crate) async fn a_story_is_published_and_reaches_who_may_see_it(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let Some(stories) = shop.link.stories() else {
        return;
    };
    let words = Story::Text {
        words: "hoy hay lúcuma".to_owned(),
        background: Some("#a0522d".to_owned()),
    };
    let only = StoryAudience::Only(vec![Address::parse(&shop.customer())]);
    let published = stories
        .publish(&words, &only)
        .await
        .expect("the gateway takes it");
    let picture = Story::Media(media_of(MediaKind::Image));
    stories
        .publish(&picture, &only)
        .await
        .expect("the gateway takes it");
    let seen = shop.got();
    assert_eq!(seen.len(), 2, "both are stories");
    assert!(
        seen.iter().all(|entry| entry.effect == Reached::Story),
        "and nothing else"
    );
    assert_eq!(
        seen[0].message_id, published.gateway_id,
        "under the id that we were told"
    );
    assert_eq!(seen[1].media_sha256, Some(hash(PNG)), "the picture as it is");
    assert_eq!(
        shop.sandbox.ledger_of(&shop.customers()[1]),
        [],
        "nobody else sees it"
    );
}
