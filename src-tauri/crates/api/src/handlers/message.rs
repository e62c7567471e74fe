//! Messages: reading a conversation, sending, and what to do with one that did not go.

use mostrador_domain::MessageId;
use mostrador_store::tables::outbox::OperatorWord;
use mostrador_store::tables::{message, receipt};

use crate::dto::*;
use crate::error::ApiError;
use crate::shop::Shop;

mod act;
mod pages;
mod search;
mod send;

pub(crate) use act::{act, take_back};
pub(crate) use pages::list;
pub(crate) use search::{MOST_TYPED, search};
pub(crate) use send::{MAX_UNDO, check_client_id, send};

/// What it said before, who chose what, and whom of its group it reached.
pub(crate) async fn past(shop: &Shop, args: MessageRef) -> Result<MessagePast, ApiError> {
    let id = MessageId(args.message_id);
    shop.engine().message(id).await?;
    let (earlier, votes, sending, members) = shop
        .engine()
        .store()
        .read(move |connection| {
            Ok((
                message::earlier(connection, id)?,
                message::votes(connection, id)?,
                message::sending(connection, id)?,
                receipt::members(connection, id)?,
            ))
        })
        .await?;
    Ok(MessagePast {
        earlier: earlier.into_iter().map(Into::into).collect(),
        votes: votes.into_iter().map(Into::into).collect(),
        sending: sending.map(Into::into),
        members: members.into_iter().map(Into::into).collect(),
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
