//! Every kind of message on its way out: its path and its JSON.

use mostrador_domain::{
    Address, Choice, ContactCard, Interactive, LinkPreview, Location, MediaKind, Outgoing, OutgoingBody,
    OutgoingFile, OutgoingMedia, Poll,
};
use serde_json::{Value, json};

use super::{NUMBER, linked_to, only_asked, text_to};
use crate::peer::Reply;

const TO: &str = "51900000021@s.whatsapp.net";

pub(super) fn of(body: OutgoingBody) -> Outgoing {
    Outgoing {
        body,
        ..text_to(NUMBER)
    }
}

pub(super) fn file(kind: MediaKind, mime: &str) -> OutgoingMedia {
    OutgoingMedia {
        kind,
        caption: None,
        mime: mime.into(),
        file_name: None,
        seconds: None,
        waveform: None,
        file: OutgoingFile::from(vec![0xff; 3]),
    }
}

pub(super) fn card(name: &str) -> ContactCard {
    ContactCard {
        name: name.into(),
        vcard: format!("BEGIN:VCARD\nFN:{name}\nEND:VCARD"),
    }
}

pub(super) fn poll(options: &[&str]) -> OutgoingBody {
    OutgoingBody::Poll(Poll {
        question: "¿Sabor?".into(),
        options: options.iter().map(|option| (*option).to_owned()).collect(),
        several: true,
    })
}

pub(super) fn choices(count: usize) -> Vec<Choice> {
    (0..count)
        .map(|n| Choice {
            id: format!("c{n}"),
            title: format!("Opción {n}"),
            description: None,
        })
        .collect()
}

pub(super) fn interactive(list_label: Option<&str>, count: usize) -> Interactive {
    Interactive {
        header: None,
        body: "Elija".into(),
        footer: Some("Luna".into()),
        list_label: list_label.map(str::to_owned),
        choices: choices(count),
    }
}

async fn sent_as(message: &Outgoing) -> (String, Value) {
    let answer = r#"{"sent":true,"message":{"id":"Own.2-b"}}"#;
    let (peer, link) = linked_to(vec![Reply::json(200, answer)]).await;
    let accepted = link.messaging().expect("it sends").send(message).await;
    accepted.unwrap_or_else(|failure| panic!("{message:?}: {failure}"));
    only_asked(&peer)
}

#[tokio::test]
async fn every_kind_has_its_path_and_its_fields() {
    let preview = LinkPreview {
        title: "Tortas".into(),
        description: Some("De yema".into()),
        url: Some("https://shop.example".into()),
    };
    let place = Location {
        latitude: -12.5,
        longitude: -77.25,
        name: Some("Luna".into()),
        address: None,
        live: false,
    };
    let live = Location {
        live: true,
        ..place.clone()
    };
    let one_row = json!([{"title": "Carta", "rows": [{"id": "c0", "title": "Opción 0"}]}]);
    let cases = [
        (OutgoingBody::Text("hola".into()), "text", json!({"body": "hola"})),
        (
            OutgoingBody::LinkPreview {
                text: "mire https://shop.example".into(),
                preview,
            },
            "link_preview",
            json!({"body": "mire https://shop.example", "title": "Tortas", "description": "De yema", "canonical": "https://shop.example"}),
        ),
        (
            OutgoingBody::Location(place),
            "location",
            json!({"latitude": -12.5, "longitude": -77.25, "name": "Luna"}),
        ),
        (
            OutgoingBody::Location(live),
            "live_location",
            json!({"latitude": -12.5, "longitude": -77.25, "name": "Luna"}),
        ),
        (
            OutgoingBody::Contacts(vec![card("Julia")]),
            "contact",
            json!({"name": "Julia", "vcard": "BEGIN:VCARD\nFN:Julia\nEND:VCARD"}),
        ),
        (
            OutgoingBody::Contacts(vec![card("Julia"), card("Raúl")]),
            "contact_list",
            json!({"list": [
                {"name": "Julia", "vcard": "BEGIN:VCARD\nFN:Julia\nEND:VCARD"},
                {"name": "Raúl", "vcard": "BEGIN:VCARD\nFN:Raúl\nEND:VCARD"},
            ]}),
        ),
        (
            poll(&["lúcuma", "fresa"]),
            "poll",
            json!({"title": "¿Sabor?", "options": ["lúcuma", "fresa"], "count": 0}),
        ),
        (
            OutgoingBody::Interactive(interactive(None, 1)),
            "interactive",
            json!({
                "type": "button", "body": {"text": "Elija"}, "footer": {"text": "Luna"},
                "action": {"buttons": [{"type": "quick_reply", "id": "c0", "title": "Opción 0"}]},
            }),
        ),
        (
            OutgoingBody::Interactive(interactive(Some("Carta"), 1)),
            "interactive",
            json!({
                "type": "list", "body": {"text": "Elija"}, "footer": {"text": "Luna"},
                "action": {"list": {"label": "Carta", "sections": one_row}},
            }),
        ),
    ];
    for (body, path, mut expected) in cases {
        expected["to"] = json!(TO);
        let (line, json) = sent_as(&of(body)).await;
        assert_eq!(line, format!("POST /messages/{path}"), "its own path");
        assert_eq!(json, expected, "{path}");
    }
}

#[tokio::test]
async fn every_kind_of_file_has_its_path() {
    let kinds = [
        (MediaKind::Image, "image/jpeg", "image"),
        (MediaKind::Video, "video/mp4", "video"),
        (MediaKind::ShortVideo, "video/mp4", "short"),
        (MediaKind::Gif, "video/mp4", "gif"),
        (MediaKind::Audio, "audio/mpeg", "audio"),
        (MediaKind::Voice, "audio/ogg; codecs=opus", "voice"),
        (MediaKind::Document, "application/x-anything", "document"),
        (MediaKind::Sticker, "image/webp", "sticker"),
    ];
    assert_eq!(kinds.len(), MediaKind::ALL.len(), "all of them are sent");
    for (kind, mime, path) in kinds {
        let (line, json) = sent_as(&of(OutgoingBody::Media(file(kind, mime)))).await;
        assert_eq!(
            line,
            format!("POST /messages/{path}"),
            "{kind:?} has its own path"
        );
        let expected = json!({"to": TO, "mime_type": mime, "media": format!("data:{mime};base64,////")});
        assert_eq!(json, expected, "{kind:?}");
    }
}

#[tokio::test]
async fn a_file_says_what_belongs_to_its_kind_and_nothing_else() {
    let all = |kind, mime| OutgoingMedia {
        file_name: Some("a.pdf".into()),
        seconds: Some(4),
        waveform: Some(vec![0, 50, 100]),
        file: OutgoingFile::Uploaded("pdf-0a1b-2c3d".into()),
        ..file(kind, mime)
    };
    let (_, voice) = sent_as(&of(OutgoingBody::Media(all(MediaKind::Voice, "audio/ogg")))).await;
    assert_eq!(
        voice,
        json!({"to": TO, "media": "pdf-0a1b-2c3d", "seconds": 4, "waveform": "ADJk"}),
        "a voice has a length and a shape"
    );
    let document = OutgoingMedia {
        caption: Some("la lista".into()),
        ..all(MediaKind::Document, "application/pdf")
    };
    let (_, document) = sent_as(&of(OutgoingBody::Media(document))).await;
    assert_eq!(
        document,
        json!({"to": TO, "media": "pdf-0a1b-2c3d", "caption": "la lista", "filename": "a.pdf"}),
        "a document has a name and words"
    );
}

#[tokio::test]
async fn a_message_answers_names_and_is_sent_on() {
    let message = Outgoing {
        quoted: Some("Text.0001-aaaa0001".into()),
        mentions: vec![Address::parse("51900000022")],
        ..text_to(NUMBER)
    };
    let (_, json) = sent_as(&message).await;
    assert_eq!(
        json["quoted"], "Text.0001-aaaa0001",
        "the message that it answers"
    );
    assert_eq!(
        json["mentions"],
        json!(["51900000022@s.whatsapp.net"]),
        "who is named"
    );

    let forward = OutgoingBody::Forward {
        gateway_id: "Text.0001-aaaa0001".into(),
    };
    let (line, json) = sent_as(&of(forward)).await;
    assert_eq!(
        line, "POST /messages/Text.0001-aaaa0001",
        "the message itself is the path"
    );
    assert_eq!(json, json!({ "to": TO }), "and only where it goes is said");
}
