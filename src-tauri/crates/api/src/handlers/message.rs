//! Messages: reading a conversation, sending, and what to do with one that did not go.

use mostrador_domain::{Capabilities, ChatId, MediaId, MediaKind, MessageId, UnixMillis};
use mostrador_store::tables::outbox::{NewMessage, OperatorWord};
use mostrador_store::tables::{chat, media, message};

use super::app::MAX_TEXT_CHARS;
use super::{cursor, page_limit};
use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::shop::Shop;

/// Characters of a caller's id.
const MAX_CLIENT_ID: usize = 64;

pub(crate) async fn list(shop: &Shop, args: MessageListArgs) -> Result<MessagePage, ApiError> {
    let limit = page_limit(args.limit)?;
    let before = args.before.as_deref().map(cursor::<2>).transpose()?;
    let before = before.map(|[at, id]| message::Cursor {
        at: UnixMillis(at),
        id: MessageId(id),
    });
    let chat_id = ChatId(args.chat_id);
    let rows = shop
        .engine()
        .store()
        .read(move |connection| message::page(connection, chat_id, before, limit))
        .await?;
    let is_full = u32::try_from(rows.len()).is_ok_and(|count| count == limit);
    let earlier = rows.last().filter(|_| is_full).map(|oldest| {
        let place = oldest.cursor();
        format!("{}:{}", place.at.0, place.id)
    });
    Ok(MessagePage {
        rows: rows.into_iter().rev().map(Into::into).collect(),
        earlier,
    })
}

pub(crate) async fn send(shop: &Shop, args: MessageSend) -> Result<MessageView, ApiError> {
    let id_fits = (1..=MAX_CLIENT_ID).contains(&args.client_id.len()) && args.client_id.is_ascii();
    if !id_fits {
        return Err(ErrorCode::BadRequest.into());
    }
    let text = args.text.filter(|text| !text.trim().is_empty());
    if text.is_none() && args.media_id.is_none() {
        return Err(ErrorCode::MessageEmpty.into());
    }
    let chat_id = ChatId(args.chat_id);
    let row = shop
        .engine()
        .store()
        .read(move |connection| chat::get(connection, chat_id))
        .await?;
    let capabilities = shop.engine().capabilities(row.device).await?;
    check_text(text.as_deref(), &capabilities, args.media_id.is_some())?;
    if let Some(media_id) = args.media_id {
        check_picture(shop, MediaId(media_id), &capabilities).await?;
    }
    let new = NewMessage {
        chat: chat_id,
        client_id: args.client_id,
        text,
        media: args.media_id.map(MediaId),
    };
    let id = shop.engine().send(new).await?;
    view(shop, id).await
}

fn check_text(text: Option<&str>, capabilities: &Capabilities, is_caption: bool) -> Result<(), ApiError> {
    let max = match (&capabilities.send.text, is_caption) {
        (Some(limits), _) => limits.max_chars.min(MAX_TEXT_CHARS),
        (None, true) => MAX_TEXT_CHARS,
        (None, false) => return Err(ErrorCode::NotOffered.into()),
    };
    let chars = text.map_or(0, |text| text.chars().count());
    if u32::try_from(chars).unwrap_or(u32::MAX) > max {
        return Err(ApiError::of(ErrorCode::MessageTooLong).with("max", max));
    }
    Ok(())
}

async fn check_picture(shop: &Shop, id: MediaId, capabilities: &Capabilities) -> Result<(), ApiError> {
    let limits = capabilities.send.media(MediaKind::Image).ok_or(ErrorCode::NotOffered)?;
    let row = shop
        .engine()
        .store()
        .read(move |connection| media::get(connection, id))
        .await;
    let row = row.map_err(|_| ErrorCode::MediaMissing)?;
    if row.state != media::MediaState::Ready {
        return Err(ErrorCode::MediaMissing.into());
    }
    if !limits.mimes.contains(&row.mime.as_str()) {
        return Err(ErrorCode::MediaUnsupported.into());
    }
    if row
        .bytes
        .is_some_and(|bytes| u64::try_from(bytes).unwrap_or_default() > limits.max_bytes)
    {
        return Err(ErrorCode::MediaTooLarge.into());
    }
    Ok(())
}

async fn view(shop: &Shop, id: MessageId) -> Result<MessageView, ApiError> {
    Ok(shop.engine().message(id).await?.into())
}

pub(crate) async fn retry(shop: &Shop, args: MessageRef) -> Result<MessageView, ApiError> {
    shop.engine()
        .operator_says(MessageId(args.message_id), OperatorWord::Retry)
        .await?;
    view(shop, MessageId(args.message_id)).await
}

pub(crate) async fn discard(shop: &Shop, args: MessageRef) -> Result<(), ApiError> {
    Ok(shop
        .engine()
        .operator_says(MessageId(args.message_id), OperatorWord::Discard)
        .await?)
}

pub(crate) async fn resolve(shop: &Shop, args: MessageResolve) -> Result<MessageView, ApiError> {
    let word = match args.outcome {
        MessageOutcome::ItWent => OperatorWord::ItWent,
        MessageOutcome::ItDidNot => OperatorWord::ItDidNot,
    };
    shop.engine()
        .operator_says(MessageId(args.message_id), word)
        .await?;
    view(shop, MessageId(args.message_id)).await
}
