//! Every kind of message by what is in it. Each content of the fixtures is looked at here.

use std::collections::BTreeSet;

use mostrador_domain::{
    Choice, ContactCard, Inbound, Interactive, LinkPreview, Location, MediaBody, MediaKind, MessageBody,
    NoticeKind, Poll,
};
use serde_json::Value;

use super::super::message;
use super::{contents, only, with_content};

fn body(name: &str) -> MessageBody {
    match only(message::read(&with_content(name))) {
        Inbound::Message(message) => message.body,
        other => panic!("{name} is a message, not {other:?}"),
    }
}

fn media(name: &str) -> MediaBody {
    match body(name) {
        MessageBody::Media(media) => media,
        other => panic!("{name} is a file, not {other:?}"),
    }
}

fn interactive(name: &str) -> Interactive {
    match body(name) {
        MessageBody::Interactive(interactive) => interactive,
        other => panic!("{name} is something to choose from, not {other:?}"),
    }
}

fn choice(id: &str, title: &str, description: Option<&str>) -> Choice {
    Choice {
        id: id.into(),
        title: title.into(),
        description: description.map(str::to_owned),
    }
}

const KINDS: [(&str, &str); 40] = [
    ("text", "text"),
    ("text.with_buttons", "interactive"),
    ("link_preview", "link_preview"),
    ("image", "image"),
    ("video", "video"),
    ("short", "short_video"),
    ("gif", "gif"),
    ("audio", "audio"),
    ("voice", "voice"),
    ("document", "document"),
    ("documentWithCaption", "document"),
    ("sticker", "sticker"),
    ("location", "location"),
    ("live_location", "live_location"),
    ("contact", "contact"),
    ("contact_list", "contact_list"),
    ("poll", "poll"),
    ("interactive.buttons", "interactive"),
    ("interactive.list", "interactive"),
    ("hsm", "interactive"),
    ("list", "interactive"),
    ("buttons", "interactive"),
    ("reply.button", "reply"),
    ("reply.list", "reply"),
    ("order", "order"),
    ("product", "product"),
    ("product_items", "product"),
    ("catalog", "catalogue"),
    ("group_invite", "group_invite"),
    ("newsletter_invite", "channel_invite"),
    ("admin_invite", "channel_invite"),
    ("event", "event"),
    ("call", "call"),
    ("call.bare", "call"),
    ("system", "system"),
    ("story", "image"),
    ("story.text", "text"),
    ("album", "unknown"),
    ("carousel", "unknown"),
    ("quiz", "unknown"),
];

#[test]
fn every_kind_of_message_has_its_body() {
    let kinds = &KINDS;
    let named: BTreeSet<String> = kinds.iter().map(|(name, _)| (*name).to_owned()).collect();
    let recorded: BTreeSet<String> = contents().into_keys().collect();
    assert_eq!(
        named, recorded,
        "each content of the fixtures is expected to be something"
    );
    for (name, word) in kinds {
        assert_eq!(body(name).kind_word(), *word, "{name}");
    }
}

#[test]
fn a_kind_that_is_not_shown_loses_nothing() {
    for name in ["album", "carousel", "quiz"] {
        let MessageBody::Unknown { raw_kind, raw } = body(name) else {
            panic!("{name} is not shown yet");
        };
        assert_eq!(raw_kind, name, "the gateway's own word");
        let raw: Value = serde_json::from_str(&raw).expect("raw is JSON");
        assert_eq!(raw, with_content(name), "{name} is kept whole");
    }
}

#[test]
fn a_kind_without_its_content_is_kept_raw() {
    for (name, _) in &KINDS {
        let mut item = with_content(name);
        let kind = item["type"].as_str().expect("a kind").to_owned();
        let fields = item.as_object_mut().expect("an object");
        for field in contents()[*name].as_object().expect("an object").keys() {
            if !matches!(field.as_str(), "type" | "chat_id") {
                fields.remove(field);
            }
        }
        let Inbound::Message(told) = only(message::read(&item)) else {
            panic!("{name} is still a message");
        };
        let speaks_for_itself = matches!(kind.as_str(), "call" | "system");
        let is_unknown = matches!(told.body, MessageBody::Unknown { .. });
        assert_eq!(
            is_unknown, !speaks_for_itself,
            "{name} says nothing that can be shown"
        );
    }
}

#[test]
fn a_picture_is_announced_with_what_is_needed_to_fetch_and_check_it() {
    let image = media("image");
    assert_eq!(
        image.caption.as_deref(),
        Some("así la quiero"),
        "the words under it"
    );
    let file = image.file;
    assert_eq!(
        file.gateway_ref, "jpeg-0a1b-2c3d",
        "by its id, not by its address"
    );
    assert_eq!(
        (file.bytes, file.width, file.height),
        (Some(51_234), Some(640), Some(480)),
        "its size and its shape"
    );
    let hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    assert_eq!(file.sha256.as_deref(), Some(hex), "its hash");
}

#[test]
fn sounds_have_a_length_and_a_voice_has_a_shape() {
    assert_eq!(media("audio").file.seconds, Some(61), "a minute and a second");
    let voice = media("voice").file;
    assert_eq!(
        (voice.seconds, voice.waveform),
        (Some(4), Some(vec![0, 10, 50, 100])),
        "as loud as it was"
    );
}

#[test]
fn a_document_has_the_name_that_its_sender_gave_it() {
    let document = media("document");
    assert_eq!(
        document.file.file_name.as_deref(),
        Some("lista de precios.pdf"),
        "whichever field it stands in"
    );
    let other = media("documentWithCaption");
    assert_eq!(other.kind, MediaKind::Document, "one more word for a document");
    assert_eq!(
        other.file.file_name.as_deref(),
        Some("pedido.pdf"),
        "with its name"
    );
    assert_eq!(media("video").file.file_name, None, "a film has none");
}

#[test]
fn a_link_has_words_and_a_card() {
    let expected = MessageBody::LinkPreview {
        text: "mire https://shop.example/tortas".into(),
        preview: LinkPreview {
            title: "Tortas".into(),
            description: Some("De yema y de lúcuma".into()),
            url: Some("https://shop.example/tortas".into()),
        },
    };
    assert!(body("link_preview") == expected, "the words are what was written");
}

#[test]
fn places_are_on_earth() {
    let expected = Location {
        latitude: -12.0464,
        longitude: -77.0428,
        name: Some("Panadería Luna".into()),
        address: Some("Jr. Inventado 123".into()),
        live: false,
    };
    assert!(
        body("location") == MessageBody::Location(expected),
        "degrees and words"
    );
    let mut item = with_content("location");
    item["location"]["latitude"] = 91.0.into();
    let Inbound::Message(told) = only(message::read(&item)) else {
        panic!("it is a message")
    };
    assert!(
        matches!(told.body, MessageBody::Unknown { .. }),
        "there is no such place"
    );
}

#[test]
fn cards_and_questions_are_whole() {
    let MessageBody::Contacts(cards) = body("contact_list") else {
        panic!("they are cards")
    };
    let names: Vec<&str> = cards
        .iter()
        .map(|card: &ContactCard| card.name.as_str())
        .collect();
    assert_eq!(names, ["Julia", "Raúl"], "in their order");
    let poll = Poll {
        question: "¿Sabor?".into(),
        options: vec!["lúcuma".into(), "fresa".into()],
        several: false,
    };
    assert!(
        body("poll") == MessageBody::Poll(poll),
        "one answer may be chosen"
    );
}

#[test]
fn what_may_be_opened_once_is_shown_and_kept_raw_as_that() {
    let mut item = with_content("image");
    assert_eq!(message::read(&item).len(), 1, "a picture, and nothing besides");
    item["image"]["view_once"] = serde_json::json!(true);
    let told = message::read(&item);
    let [Inbound::Message(shown), Inbound::Unknown { raw_kind, raw }] = told.as_slice() else {
        panic!("the picture, and that it is seen once, not {told:?}")
    };
    assert_eq!(shown.body.kind_word(), "image", "as a picture");
    assert_eq!(raw_kind, message::SEEN_ONCE, "by its name");
    assert_eq!(*raw, item.to_string(), "as it came");
}

#[test]
fn a_choice_says_where_it_leads_below_its_own_words() {
    let mut item = with_content("interactive.buttons");
    item["interactive"]["action"]["buttons"] = serde_json::json!([
        { "type": "url", "id": "u", "title": "Ver", "description": "La carta", "url": "https://shop.example" },
        { "type": "call", "id": "c", "title": "Llamar", "phone_number": "51900000010" },
        { "type": "copy", "id": "k", "title": "Copiar", "copy_code": "LUNA10" },
    ]);
    let Inbound::Message(told) = only(message::read(&item)) else {
        panic!("it is a message")
    };
    let MessageBody::Interactive(told) = told.body else {
        panic!("it is something to choose from")
    };
    let expected = [
        choice("u", "Ver", Some("La carta\nhttps://shop.example")),
        choice("c", "Llamar", Some("51900000010")),
        choice("k", "Copiar", Some("LUNA10")),
    ];
    assert_eq!(told.choices, expected, "a page, a number, a code");
}

#[test]
fn all_four_shapes_of_something_to_choose_are_read() {
    let buttons = interactive("interactive.buttons");
    assert_eq!(
        (buttons.header.as_deref(), buttons.footer.as_deref()),
        (Some("Pedido 31"), Some("Luna")),
        "above and below"
    );
    assert_eq!(
        buttons.choices,
        [
            choice("r", "Recojo", None),
            choice("u", "Ver", Some("https://shop.example"))
        ],
        "every button, and where it leads"
    );
    let list = interactive("interactive.list");
    assert_eq!(
        list.list_label.as_deref(),
        Some("Tortas"),
        "the word on the button"
    );
    assert_eq!(
        list.choices,
        [
            choice("t1", "Yema", Some("12 porciones")),
            choice("t2", "Lúcuma", None)
        ],
        "the rows of all sections"
    );
    let template = interactive("hsm");
    assert_eq!(template.header.as_deref(), Some("Aviso"), "a template's header");
    assert_eq!(template.body, "Su pedido está listo", "a template's words");
    assert_eq!(interactive("list").choices.len(), 1, "an older list");
    assert_eq!(interactive("buttons").body, "¿Confirma?", "older buttons");
    assert_eq!(
        interactive("text.with_buttons").body,
        "¿Lo preparamos?",
        "a text with buttons"
    );
}

#[test]
fn a_notice_has_its_words_and_all_the_rest_raw() {
    let words = [
        ("reply.button", NoticeKind::Reply, Some("Sí, por favor")),
        ("reply.list", NoticeKind::Reply, Some("Lúcuma")),
        ("order", NoticeKind::Order, Some("Para el sábado")),
        ("product", NoticeKind::Product, None),
        ("catalog", NoticeKind::Catalogue, Some("Nuestra carta")),
        ("group_invite", NoticeKind::GroupInvite, Some("Únase a Vecinos")),
        ("admin_invite", NoticeKind::ChannelInvite, Some("Ofertas")),
        ("event", NoticeKind::Event, Some("Degustación")),
        ("call", NoticeKind::Call, Some("Llamada perdida")),
        ("call.bare", NoticeKind::Call, None),
        ("system", NoticeKind::System, Some("Rosa cambió el asunto")),
    ];
    for (name, kind, expected) in words {
        let MessageBody::Notice(notice) = body(name) else {
            panic!("{name} is a notice");
        };
        assert_eq!((notice.kind, notice.text.as_deref()), (kind, expected), "{name}");
        let raw: Value = serde_json::from_str(&notice.raw).expect("raw is JSON");
        assert_eq!(raw, with_content(name), "{name} is kept whole");
    }
}
