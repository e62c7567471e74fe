//! Undoing a message, and what is done to one that was sent.

use mostrador_domain::{MessageAction, MessageId};
use mostrador_store::tables::outbox::NewAction;

use super::send::{check_client_id, check_length};
use super::view;
use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::handlers::chat;
use crate::shop::Shop;

/// Scalar values of an emoji: the longest that there are (families, flags) have ten.
const MAX_EMOJI: usize = 16;

pub(crate) async fn take_back(shop: &Shop, args: MessageRef) -> Result<TakenBack, ApiError> {
    let id = MessageId(args.message_id);
    // It is gone once it is undone, and whoever undoes it may want what a draft cannot hold.
    let message = view(shop, id).await?;
    let undone = shop.engine().take_back(id).await?;
    let chat = chat::row(shop, undone.chat).await?;
    Ok(TakenBack { chat, message })
}

pub(crate) async fn act(shop: &Shop, args: MessageAct) -> Result<MessageView, ApiError> {
    check_client_id(&args.client_id)?;
    let id = MessageId(args.message_id);
    let chat_id = shop.engine().message(id).await?.chat;
    let capabilities = shop.engine().capabilities_of_chat(chat_id).await?;
    let (action, offered) = match args.action {
        ActArg::Edit { text } if text.trim().is_empty() => return Err(ErrorCode::MessageEmpty.into()),
        ActArg::Edit { text } => {
            check_length(&text, &capabilities)?;
            (MessageAction::Edit(text), capabilities.actions.edit)
        }
        ActArg::Delete => (MessageAction::Delete, capabilities.actions.delete),
        ActArg::React { emoji } => {
            let emoji = emoji.filter(|emoji| !emoji.is_empty());
            if emoji
                .as_ref()
                .is_some_and(|emoji| emoji.chars().count() > MAX_EMOJI)
            {
                return Err(ErrorCode::BadRequest.into());
            }
            (MessageAction::React(emoji), capabilities.actions.react)
        }
        ActArg::Star { on } => (MessageAction::Star(on), capabilities.actions.star),
        ActArg::Pin { days } => (MessageAction::Pin(days), capabilities.actions.pin),
    };
    if !offered {
        return Err(ErrorCode::NotOffered.into());
    }
    let new = NewAction {
        message: id,
        client_id: args.client_id,
        action,
    };
    shop.engine().act(new).await?;
    view(shop, id).await
}
