//! What is in a message: one field, named after the kind, in up to three wrappings.

use mostrador_domain::{
    Choice, ContactCard, Interactive, LinkPreview, Location, MediaBody, MediaKind, MediaRef, MessageBody,
    Notice, NoticeKind, Poll,
};
use serde_json::Value;

use super::wire;
use crate::fields::Fields;

const WRAPPINGS: [&str; 9] = [
    "ephemeralMessage",
    "viewOnceMessage",
    "viewOnceMessageV2",
    "viewOnceMessageV2Extension",
    "documentWithCaptionMessage",
    "editedMessage",
    "associatedChildMessage",
    "groupMentionedMessage",
    "lottieStickerMessage",
];

/// Fields beside the content, which say nothing to anybody.
const BESIDE: [&str; 2] = ["messageContextInfo", "senderKeyDistributionMessage"];

/// Kinds that carry nothing for people to read: what apps tell each other, and the head of an album, whose pictures follow.
const SILENT: [&str; 8] = [
    "albumMessage",
    "encReactionMessage",
    "keepInChatMessage",
    "pinInChatMessage",
    "pollUpdateMessage",
    "protocolMessage",
    "reactionMessage",
    "secretEncryptedMessage",
];

/// The message without its wrappings.
pub(super) fn unwrapped(message: Fields<'_>) -> Fields<'_> {
    let mut inner = message;
    for _ in 0..WRAPPINGS.len() {
        let wrapped = WRAPPINGS
            .iter()
            .find_map(|name| inner.object(name)?.object("message"));
        match wrapped {
            Some(message) => inner = message,
            None => break,
        }
    }
    inner
}

/// The name of the kind. Texts beside it are the gateway's own: the file itself, where a copy of it lies, what was heard in it.
pub(super) fn kind<'a>(message: Fields<'a>) -> Option<&'a str> {
    let mut names = message
        .names()
        .filter(|name| !BESIDE.contains(name) && message.object(name).is_some());
    names.next()
}

/// Is there nothing in it for people?
pub(super) fn is_silent(message: Fields<'_>) -> bool {
    match kind(message) {
        Some(kind) => SILENT.contains(&kind),
        None => message.string("conversation").is_none(),
    }
}

/// What is in the message `id`; `None` = nothing that is known.
pub(super) fn read(message: Fields<'_>, id: &str, raw: &Value) -> Option<MessageBody> {
    let message = unwrapped(message);
    if let Some(words) = message.string("conversation") {
        return Some(MessageBody::Text(words));
    }
    let kind = kind(message)?;
    let content = message.object(kind)?;
    let media = |kind| Some(file(kind, content, id));
    match kind {
        "extendedTextMessage" => text(content),
        "imageMessage" => media(MediaKind::Image),
        "videoMessage" if content.flag("gifPlayback") == Some(true) => media(MediaKind::Gif),
        "videoMessage" => media(MediaKind::Video),
        "ptvMessage" => media(MediaKind::ShortVideo),
        "audioMessage" if content.flag("ptt") == Some(true) => media(MediaKind::Voice),
        "audioMessage" => media(MediaKind::Audio),
        "documentMessage" => media(MediaKind::Document),
        "stickerMessage" => media(MediaKind::Sticker),
        "locationMessage" => place(content, false),
        "liveLocationMessage" => place(content, true),
        "contactMessage" => card(content).map(|card| MessageBody::Contacts(vec![card])),
        "contactsArrayMessage" => Some(MessageBody::Contacts(
            content.objects("contacts").filter_map(card).collect(),
        )),
        "pollCreationMessage" | "pollCreationMessageV2" | "pollCreationMessageV3" => poll(content),
        "interactiveMessage" => Some(flow(content)),
        "listMessage" => list(content),
        "buttonsMessage" => buttons(content),
        _ => notice(kind, content, raw),
    }
}

/// The words of a message, wherever they stand.
pub(super) fn words(message: Fields<'_>) -> Option<String> {
    let message = unwrapped(message);
    if let Some(words) = message.string("conversation") {
        return Some(words);
    }
    let content = message.object(kind(message)?)?;
    ["text", "caption", "name", "displayName", "description"]
        .into_iter()
        .find_map(|field| content.string(field))
}

fn text(content: Fields<'_>) -> Option<MessageBody> {
    let text = content.string("text")?;
    Some(match content.string("title") {
        Some(title) => MessageBody::LinkPreview {
            text,
            preview: LinkPreview {
                title,
                description: content.string("description"),
                url: content
                    .string("canonicalUrl")
                    .or_else(|| content.string("matchedText")),
            },
        },
        None => MessageBody::Text(text),
    })
}

fn file(kind: MediaKind, content: Fields<'_>, id: &str) -> MessageBody {
    let whole = |name| wire::count(content, name);
    let sha256 = content.value("fileSha256").and_then(wire::bytes);
    let sha256 = sha256.filter(|bytes| bytes.len() == 32);
    let waveform = content.value("waveform").and_then(wire::bytes);
    MessageBody::Media(MediaBody {
        kind,
        caption: content.string("caption"),
        file: MediaRef {
            gateway_ref: id.to_owned(),
            mime: content.string("mimetype").unwrap_or_default(),
            bytes: whole("fileLength"),
            width: whole("width"),
            height: whole("height"),
            seconds: whole("seconds"),
            file_name: content
                .string("fileName")
                .or_else(|| content.string("title"))
                .filter(|_| kind == MediaKind::Document),
            sha256: sha256.map(|bytes| bytes.iter().map(|byte| format!("{byte:02x}")).collect()),
            waveform: waveform
                .filter(|wave| !wave.is_empty() && wave.len() <= 256 && wave.iter().all(|l| *l <= 100)),
        },
    })
}

fn place(content: Fields<'_>, live: bool) -> Option<MessageBody> {
    Some(MessageBody::Location(Location {
        latitude: content.number("degreesLatitude")?,
        longitude: content.number("degreesLongitude")?,
        name: content.string("name"),
        address: content.string("address"),
        live,
    }))
}

fn card(card: Fields<'_>) -> Option<ContactCard> {
    Some(ContactCard {
        name: card.string("displayName").unwrap_or_default(),
        vcard: card.string("vcard")?,
    })
}

fn poll(content: Fields<'_>) -> Option<MessageBody> {
    Some(MessageBody::Poll(Poll {
        question: content.string("name")?,
        options: content
            .objects("options")
            .filter_map(|option| option.string("optionName"))
            .collect(),
        several: content.number("selectableOptionsCount") != Some(1.0),
    }))
}

fn flow(content: Fields<'_>) -> MessageBody {
    let part = |name: &str, field: &str| content.object(name).and_then(|part| part.string(field));
    let buttons = content.object("nativeFlowMessage");
    MessageBody::Interactive(Interactive {
        header: part("header", "title"),
        body: part("body", "text").unwrap_or_default(),
        footer: part("footer", "text"),
        list_label: None,
        choices: buttons.map_or_else(Vec::new, |flow| {
            flow.objects("buttons").filter_map(flow_button).collect()
        }),
    })
}

/// What a button says stands in a text that is JSON itself.
fn flow_button(button: Fields<'_>) -> Option<Choice> {
    let told: Value = serde_json::from_str(button.text("buttonParamsJson")?).ok()?;
    let told = Fields::of(&told)?;
    let title = told.string("display_text").or_else(|| told.string("title"))?;
    Some(Choice {
        id: told.string("id").unwrap_or_else(|| title.clone()),
        title,
        description: None,
    })
}

fn list(content: Fields<'_>) -> Option<MessageBody> {
    let row = |row: Fields<'_>| {
        Some(Choice {
            id: row.string("rowId")?,
            title: row.string("title")?,
            description: row.string("description"),
        })
    };
    Some(MessageBody::Interactive(Interactive {
        header: content.string("title"),
        body: content.string("description").unwrap_or_default(),
        footer: content.string("footerText"),
        list_label: content.string("buttonText"),
        choices: content
            .objects("sections")
            .flat_map(|part| part.objects("rows"))
            .filter_map(row)
            .collect(),
    }))
}

fn buttons(content: Fields<'_>) -> Option<MessageBody> {
    let button = |button: Fields<'_>| {
        Some(Choice {
            id: button.string("buttonId")?,
            title: button.object("buttonText")?.string("displayText")?,
            description: None,
        })
    };
    Some(MessageBody::Interactive(Interactive {
        header: content.string("text"),
        body: content.string("contentText")?,
        footer: content.string("footerText"),
        list_label: None,
        choices: content.objects("buttons").filter_map(button).collect(),
    }))
}

fn notice(kind: &str, content: Fields<'_>, raw: &Value) -> Option<MessageBody> {
    let (kind, text) = match kind {
        "orderMessage" => (
            NoticeKind::Order,
            content.string("orderTitle").or_else(|| content.string("message")),
        ),
        "productMessage" => {
            let product = content.object("product");
            (
                NoticeKind::Product,
                product.and_then(|product| product.string("title")),
            )
        }
        "groupInviteMessage" => (NoticeKind::GroupInvite, content.string("groupName")),
        "newsletterAdminInviteMessage" => (NoticeKind::ChannelInvite, content.string("newsletterName")),
        "eventMessage" => (NoticeKind::Event, content.string("name")),
        "call" | "callLogMesssage" | "callLogMessage" => (NoticeKind::Call, None),
        "buttonsResponseMessage" | "templateButtonReplyMessage" => {
            (NoticeKind::Reply, content.string("selectedDisplayText"))
        }
        "listResponseMessage" => (NoticeKind::Reply, content.string("title")),
        "interactiveResponseMessage" => {
            let body = content.object("body");
            (NoticeKind::Reply, body.and_then(|body| body.string("text")))
        }
        _ => return None,
    };
    Some(MessageBody::Notice(Notice {
        kind,
        text,
        raw: raw.to_string(),
    }))
}
