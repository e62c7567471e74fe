//! Messages: reading a conversation, sending, and what to do with one that did not go.

use mostrador_domain::{ChatId, MessageId, UnixMillis};
use mostrador_store::tables::message;
use mostrador_store::tables::outbox::OperatorWord;

use super::{cursor, page_limit};
use crate::dto::*;
use crate::error::ApiError;
use crate::shop::Shop;

mod act;
mod send;

pub(crate) use act::{act, take_back};
pub(crate) use send::send;

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

/// What it said before, and who chose what.
pub(crate) async fn past(shop: &Shop, args: MessageRef) -> Result<MessagePast, ApiError> {
    let id = MessageId(args.message_id);
    shop.engine().message(id).await?;
    let (earlier, votes) = shop
        .engine()
        .store()
        .read(move |connection| Ok((message::earlier(connection, id)?, message::votes(connection, id)?)))
        .await?;
    Ok(MessagePast {
        earlier: earlier.into_iter().map(Into::into).collect(),
        votes: votes.into_iter().map(Into::into).collect(),
    })
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
