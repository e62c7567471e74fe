//! Sending: what cannot be sent is refused before it is stored.

use std::time::Duration;

use mostrador_domain::{
    Address, Capabilities, ChatId, ContactCard, Interactive, LinkPreview, Location, MediaId, MediaKind,
    MessageId, Poll,
};
use mostrador_engine::largest_of;
use mostrador_store::tables::outbox::{self, NewContent, NewMessage};
use mostrador_store::tables::{chat, media};

use super::view;
use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::handlers::app::MAX_TEXT_CHARS;
use crate::shop::Shop;

/// Characters of a caller's id.
const MAX_CLIENT_ID: usize = 64;
/// Seconds for which a message can be held back.
pub(crate) const MAX_UNDO: u32 = 60;
/// Persons who can be named in one message: as many as a group has.
const MAX_MENTIONS: usize = 1_024;
/// Answers that a question needs.
const FEWEST_OPTIONS: usize = 2;
/// Buttons that WhatsApp shows below a message, and rows in its lists.
const MAX_CHOICES: usize = 10;

pub(crate) async fn send(shop: &Shop, args: MessageSend) -> Result<MessageView, ApiError> {
    check_client_id(&args.client_id)?;
    let chat = ChatId(args.chat_id);
    if let Some(known) = sent_before(shop, chat, &args).await? {
        return view(shop, known).await;
    }
    let capabilities = shop.engine().capabilities_of_chat(chat).await?;
    let text = args.text.filter(|text| !text.trim().is_empty());
    let content = match (args.content, args.media_id, text) {
        (Some(content), None, None) => other(content, &capabilities)?,
        (None, Some(id), caption) => file(shop, MediaId(id), args.shown_as, caption, &capabilities).await?,
        (None, None, Some(text)) => {
            check_length(&text, &capabilities)?;
            NewContent::Text(text)
        }
        (None, None, None) => return Err(ErrorCode::MessageEmpty.into()),
        _ => return Err(ErrorCode::BadRequest.into()),
    };
    let mentions = args.mentions.unwrap_or_default();
    let undo = args.undo_seconds.unwrap_or_default();
    if mentions.len() > MAX_MENTIONS || undo > MAX_UNDO {
        return Err(ErrorCode::BadRequest.into());
    }
    let (quotes, names) = (args.quoted_id.is_some(), !mentions.is_empty());
    if (quotes && !may_answer(&content, &capabilities)) || (names && !may_name(&content, &capabilities)) {
        return Err(ErrorCode::NotOffered.into());
    }
    let new = NewMessage {
        quoted: args.quoted_id.map(MessageId),
        mentions: mentions.iter().map(|address| Address::parse(address)).collect(),
        hold: Duration::from_secs(undo.into()),
        sends_draft: args.sends_draft.unwrap_or_default(),
        ..NewMessage::new(chat, args.client_id, content)
    };
    let id = shop.engine().send(new).await?;
    // It is stored: whatever fails from now on must not be told as if it were not.
    view(shop, id).await.map_err(|_| ErrorCode::Internal.into())
}

/// The message that was stored when the same was asked before. Whoever asks again wants to know what became of it, also where
/// such a message would not be taken any more.
async fn sent_before(shop: &Shop, chat: ChatId, args: &MessageSend) -> Result<Option<MessageId>, ApiError> {
    let (store, client_id) = (shop.engine().store(), args.client_id.clone());
    let known = store
        .read(move |connection| outbox::sent_as(connection, chat, &client_id))
        .await?;
    if known.is_some() && args.sends_draft.unwrap_or_default() {
        store
            .write_durably(move |writing| chat::set_draft(writing, chat, &chat::Draft::default()))
            .await?;
    }
    Ok(known)
}

/// Is such a message taken as an answer to another?
fn may_answer(content: &NewContent, capabilities: &Capabilities) -> bool {
    let send = &capabilities.send;
    let is_card = matches!(content, NewContent::Contacts(_));
    send.quote && (send.quote_in_cards || !is_card)
}

/// May persons be named in it?
fn may_name(content: &NewContent, capabilities: &Capabilities) -> bool {
    let send = &capabilities.send;
    match content {
        NewContent::Text(_) | NewContent::LinkPreview { .. } => send.mentions,
        NewContent::Media { kind, .. } => send.mentions_under.contains(kind),
        _ => false,
    }
}

pub(crate) fn check_client_id(id: &str) -> Result<(), ApiError> {
    // What a campaign's message is called follows its recipient.
    let reserved = mostrador_store::tables::campaign::is_reserved(id);
    if (1..=MAX_CLIENT_ID).contains(&id.len()) && id.is_ascii() && !reserved {
        Ok(())
    } else {
        Err(ErrorCode::BadRequest.into())
    }
}

/// Words that stand alone: the gateway has to take any, and not fewer.
pub(super) fn check_length(text: &str, capabilities: &Capabilities) -> Result<(), ApiError> {
    let limits = capabilities.send.text.ok_or(ErrorCode::NotOffered)?;
    fits(text, limits.max_chars.min(MAX_TEXT_CHARS))
}

fn fits(text: &str, max: u32) -> Result<(), ApiError> {
    if u32::try_from(text.chars().count()).unwrap_or(u32::MAX) > max {
        return Err(ApiError::of(ErrorCode::MessageTooLong).with("max", max));
    }
    Ok(())
}

async fn file(
    shop: &Shop,
    id: MediaId,
    shown_as: Option<ShownAs>,
    caption: Option<String>,
    capabilities: &Capabilities,
) -> Result<NewContent, ApiError> {
    if let Some(caption) = &caption {
        let limits = capabilities.send.caption.or(capabilities.send.text);
        let longest = limits.map_or(MAX_TEXT_CHARS, |limits| limits.max_chars);
        fits(caption, longest.min(MAX_TEXT_CHARS))?;
    }
    let row = shop
        .engine()
        .store()
        .read(move |connection| media::get(connection, id))
        .await
        .map_err(|_| ErrorCode::MediaMissing)?;
    if row.state != media::MediaState::Ready {
        return Err(ErrorCode::MediaMissing.into());
    }
    let kind = shown_as.map_or_else(|| kind_of(&row.mime), Into::into);
    // WhatsApp would drop the words, and the message would look as if they had arrived.
    if caption.is_some() && !kind.carries_words() {
        return Err(ErrorCode::NotOffered.into());
    }
    let limits = capabilities.send.media(kind).ok_or(ErrorCode::NotOffered)?;
    if !limits.takes(&row.mime) {
        return Err(ErrorCode::MediaUnsupported.into());
    }
    let bytes = row.bytes.and_then(|bytes| u64::try_from(bytes).ok());
    if bytes.unwrap_or_default() > limits.max_bytes.min(largest_of(kind)) {
        return Err(ErrorCode::MediaTooLarge.into());
    }
    Ok(NewContent::Media {
        kind,
        media: id,
        caption,
    })
}

fn kind_of(mime: &str) -> MediaKind {
    match mime.split('/').next() {
        Some("image") => MediaKind::Image,
        Some("video") => MediaKind::Video,
        Some("audio") => MediaKind::Audio,
        _ => MediaKind::Document,
    }
}

fn other(content: SendContent, capabilities: &Capabilities) -> Result<NewContent, ApiError> {
    let send = &capabilities.send;
    let (content, offered) = match content {
        SendContent::LinkPreview {
            text,
            title,
            description,
            url,
        } => {
            check_length(&text, capabilities)?;
            let preview = LinkPreview {
                title,
                description,
                url,
            };
            (NewContent::LinkPreview { text, preview }, send.link_preview)
        }
        SendContent::Location {
            latitude,
            longitude,
            name,
            address,
            live,
        } => {
            if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
                return Err(ErrorCode::BadRequest.into());
            }
            let place = Location {
                latitude,
                longitude,
                name,
                address,
                live,
            };
            let offered = if live { send.live_location } else { send.location };
            (NewContent::Location(place), offered)
        }
        SendContent::Contacts { cards } => {
            let most = send.contacts.unwrap_or_default();
            within(cards.len(), 1, most)?;
            let cards = cards
                .into_iter()
                .map(|Card { name, vcard }| ContactCard { name, vcard });
            (NewContent::Contacts(cards.collect()), most > 0)
        }
        SendContent::Poll {
            question,
            options,
            several,
        } => {
            let most = send.poll.unwrap_or_default();
            within(options.len(), FEWEST_OPTIONS, most)?;
            let poll = Poll {
                question,
                options,
                several,
            };
            (NewContent::Poll(poll), most > 0)
        }
        SendContent::Interactive {
            body,
            header,
            footer,
            list_label,
            choices,
        } => {
            if choices.is_empty() || choices.len() > MAX_CHOICES {
                return Err(ErrorCode::BadRequest.into());
            }
            check_length(&body, capabilities)?;
            let choices = choices.into_iter().map(choice).collect();
            let offered = match list_label {
                Some(_) => send.lists,
                None => send.buttons,
            };
            let interactive = Interactive {
                header,
                body,
                footer,
                list_label,
                choices,
            };
            (NewContent::Interactive(interactive), offered)
        }
        // A copy goes where the gateway cannot send on itself.
        SendContent::Forward { message_id } => (NewContent::Forward(MessageId(message_id)), true),
    };
    if offered {
        Ok(content)
    } else {
        Err(ErrorCode::NotOffered.into())
    }
}

/// Not offered at all, or too few or too many of them.
fn within(count: usize, fewest: usize, most: u32) -> Result<(), ApiError> {
    match usize::try_from(most).unwrap_or(usize::MAX) {
        0 => Err(ErrorCode::NotOffered.into()),
        most if (fewest..=most).contains(&count) => Ok(()),
        _ => Err(ErrorCode::BadRequest.into()),
    }
}

fn choice(choice: ChoiceArg) -> mostrador_domain::Choice {
    mostrador_domain::Choice {
        id: choice.id,
        title: choice.title,
        description: choice.description,
    }
}
