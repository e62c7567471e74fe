//! What is refused before anything leaves, because the gateway surely would.

use mostrador_domain::{
    Address, Choice, ContactCard, FailureCode, Interactive, LinkPreview, Location, MediaKind, Outgoing,
    OutgoingBody, OutgoingFile, OutgoingMedia,
};

use super::bodies::{card, choices, file, interactive, of, poll};
use super::{linked_to, rejected};

#[tokio::test]
async fn what_the_gateway_cannot_carry_never_leaves() {
    let content = FailureCode::RefusedContent;
    let named = |body| Outgoing {
        mentions: vec![Address::parse("51900000022")],
        ..of(body)
    };
    let worded = |kind, mime| {
        OutgoingBody::Media(OutgoingMedia {
            caption: Some("palabras".into()),
            ..file(kind, mime)
        })
    };
    let with_description = Interactive {
        choices: vec![Choice {
            description: Some("más".into()),
            ..choices(1).remove(0)
        }],
        ..interactive(None, 1)
    };
    let twice = Interactive {
        choices: [choices(1), choices(1)].concat(),
        ..interactive(None, 1)
    };
    let off_earth = Location {
        latitude: f64::NAN,
        ..Location::default()
    };
    let forward = |id: &str| OutgoingBody::Forward {
        gateway_id: id.into(),
    };
    let thirteen: Vec<String> = (0..13).map(|n| n.to_string()).collect();
    let thirteen: Vec<&str> = thirteen.iter().map(String::as_str).collect();
    let uploaded = OutgoingMedia {
        file: OutgoingFile::Uploaded(String::new()),
        ..file(MediaKind::Image, "image/png")
    };
    let refused = [
        ("no words", of(OutgoingBody::Text(String::new())), content),
        ("one answer", of(poll(&["lúcuma"])), content),
        ("13 answers", of(poll(&thirteen)), content),
        ("the same answer twice", of(poll(&["sí", "sí"])), content),
        ("an empty answer", of(poll(&["sí", ""])), content),
        (
            "no button",
            of(OutgoingBody::Interactive(interactive(None, 0))),
            content,
        ),
        (
            "4 buttons",
            of(OutgoingBody::Interactive(interactive(None, 4))),
            content,
        ),
        (
            "11 rows",
            of(OutgoingBody::Interactive(interactive(Some("x"), 11))),
            content,
        ),
        (
            "a button that explains",
            of(OutgoingBody::Interactive(with_description)),
            content,
        ),
        ("one id twice", of(OutgoingBody::Interactive(twice)), content),
        ("no place", of(OutgoingBody::Location(off_earth)), content),
        ("no card", of(OutgoingBody::Contacts(Vec::new())), content),
        (
            "51 cards",
            of(OutgoingBody::Contacts(vec![card("x"); 51])),
            content,
        ),
        (
            "an empty card",
            of(OutgoingBody::Contacts(vec![ContactCard::default()])),
            content,
        ),
        ("names in a poll", named(poll(&["sí", "no"])), content),
        (
            "names in a document",
            named(OutgoingBody::Media(file(MediaKind::Document, "text/plain"))),
            content,
        ),
        (
            "words under a voice",
            of(worded(MediaKind::Voice, "audio/ogg")),
            content,
        ),
        (
            "words under a sticker",
            of(worded(MediaKind::Sticker, "image/webp")),
            content,
        ),
        (
            "a link without a title",
            of(OutgoingBody::LinkPreview {
                text: "x".into(),
                preview: LinkPreview::default(),
            }),
            content,
        ),
        ("no message to send on", of(forward("")), content),
        (
            "a forward that answers",
            Outgoing {
                quoted: Some("x".into()),
                ..of(forward("Text.1-a"))
            },
            content,
        ),
        (
            "a film as a picture",
            of(OutgoingBody::Media(file(MediaKind::Image, "video/mp4"))),
            FailureCode::MediaUnsupported,
        ),
        (
            "no type",
            of(OutgoingBody::Media(file(MediaKind::Document, "x"))),
            FailureCode::MediaUnsupported,
        ),
        (
            "a type with a line break",
            of(OutgoingBody::Media(file(MediaKind::Document, "a/b\r\nx: y"))),
            FailureCode::MediaUnsupported,
        ),
        (
            "no uploaded file",
            of(OutgoingBody::Media(uploaded)),
            FailureCode::MediaMissing,
        ),
    ];
    let (peer, link) = linked_to(Vec::new()).await;
    for (what, message, reason) in refused {
        let failure = link.messaging().expect("it sends").send(&message).await.err();
        assert_eq!(failure, Some(rejected(reason)), "{what} would be refused anyway");
    }
    assert!(peer.requests().is_empty(), "nothing left");
}
