//! Chats: the list, reading, drafts.

use mostrador_domain::{ChatId, DeviceId, MessageId, UnixMillis};
use mostrador_store::tables::chat::{self, Cursor, Filter};

use super::{cursor, page_limit};
use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::shop::Shop;

/// A draft may be longer than a message: whoever pasted too much can still cut it.
const MAX_DRAFT_BYTES: usize = 256 * 1024;

pub(crate) async fn list(shop: &Shop, args: ChatListArgs) -> Result<ChatPage, ApiError> {
    let limit = page_limit(args.limit)?;
    let after = args.after.as_deref().map(cursor::<3>).transpose()?;
    let after = after.map(|[pinned, last_at, id]| Cursor {
        pinned: pinned == 1,
        last_at: UnixMillis(last_at),
        id: ChatId(id),
    });
    let filter = Filter {
        unread: args.filter == ChatFilter::Unread,
        device: args.device_id.map(DeviceId),
        ..Filter::default()
    };
    let (rows, unread_chats) = shop
        .engine()
        .store()
        .read(move |connection| {
            Ok((
                chat::page(connection, filter, after, limit)?,
                chat::unread_count(connection)?,
            ))
        })
        .await?;
    let is_full = u32::try_from(rows.len()).is_ok_and(|count| count == limit);
    let next = rows.last().filter(|_| is_full).map(|last| {
        let place = last.cursor();
        format!("{}:{}:{}", i64::from(place.pinned), place.last_at.0, place.id)
    });
    let now = shop.engine().clock().now();
    Ok(ChatPage {
        rows: rows.into_iter().map(|row| ChatRow::of(row, now)).collect(),
        next,
        unread_chats,
    })
}

pub(super) async fn row(shop: &Shop, id: ChatId) -> Result<ChatRow, ApiError> {
    let row = shop
        .engine()
        .store()
        .read(move |connection| chat::get(connection, id))
        .await?;
    Ok(ChatRow::of(row, shop.engine().clock().now()))
}

pub(crate) async fn get(shop: &Shop, args: ChatRef) -> Result<ChatRow, ApiError> {
    row(shop, ChatId(args.chat_id)).await
}

pub(crate) async fn read(shop: &Shop, args: ChatRead) -> Result<ChatRow, ApiError> {
    let (id, up_to) = (ChatId(args.chat_id), MessageId(args.up_to));
    shop.engine()
        .store()
        .write(move |writing| chat::read_here(writing, id, up_to))
        .await?;
    row(shop, id).await
}

pub(crate) async fn set_draft(shop: &Shop, args: ChatDraftSet) -> Result<(), ApiError> {
    if args
        .draft
        .as_ref()
        .is_some_and(|draft| draft.len() > MAX_DRAFT_BYTES)
    {
        return Err(ErrorCode::BadRequest.into());
    }
    let id = ChatId(args.chat_id);
    Ok(shop
        .engine()
        .store()
        .write(move |writing| chat::set_draft(writing, id, args.draft.as_deref()))
        .await?)
}
