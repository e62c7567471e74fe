//! Chats: the list, reading, drafts.

use mostrador_domain::{Address, ChatId, DeviceId, LabelId, MediaId, MessageId, Triage, UnixMillis};
use mostrador_engine::Started;
use mostrador_gateways::{DisappearAfter, Doing};
use mostrador_store::tables::chat::{self, Cursor, Filter, Wish};
use mostrador_store::tables::{message, outbox, search};

use super::message::MOST_TYPED;
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
        device: args.device_id.map(DeviceId),
        label: args.label_id.map(LabelId),
        ..filter(args.filter)
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
        let place = last.cursor_in(filter);
        format!("{}:{}:{}", i64::from(place.pinned), place.last_at.0, place.id)
    });
    let now = shop.engine().clock().now();
    Ok(ChatPage {
        rows: rows.into_iter().map(|row| ChatRow::of(row, now)).collect(),
        next,
        unread_chats,
    })
}

/// Chats by name or number.
pub(crate) async fn search(shop: &Shop, args: ChatSearchArgs) -> Result<Vec<ChatRow>, ApiError> {
    let limit = page_limit(args.limit)?;
    if args.text.len() > MOST_TYPED {
        return Err(ErrorCode::BadRequest.into());
    }
    let rows = shop
        .engine()
        .store()
        .read(move |connection| search::chats(connection, &args.text, limit))
        .await?;
    let now = shop.engine().clock().now();
    Ok(rows.into_iter().map(|row| ChatRow::of(row, now)).collect())
}

/// The newest chat with whoever has a number.
pub(crate) async fn find(shop: &Shop, args: ChatFindArgs) -> Result<ChatRow, ApiError> {
    let number = Address::of_written_number(&args.number).ok_or(ErrorCode::NumberInvalid)?;
    let found = shop
        .engine()
        .store()
        .read(move |connection| chat::of_number(connection, &number))
        .await?;
    row(shop, found.ok_or(ErrorCode::NotFound)?).await
}

pub(crate) async fn number(shop: &Shop, args: ChatNumberArgs) -> Result<ChatNumber, ApiError> {
    if args.typed.len() > MOST_TYPED {
        return Err(ErrorCode::BadRequest.into());
    }
    let typed = shop
        .engine()
        .typed_number(DeviceId(args.device_id), &args.typed)
        .await?;
    let digits = typed.as_ref().and_then(|typed| typed.address.phone_digits());
    Ok(ChatNumber {
        number: digits.map(|digits| format!("+{digits}")),
        chat_id: typed.as_ref().and_then(|typed| typed.chat).map(|chat| chat.0),
    })
}

pub(crate) async fn start(shop: &Shop, args: ChatStartArgs) -> Result<ChatStarted, ApiError> {
    if args.number.len() > MOST_TYPED {
        return Err(ErrorCode::BadRequest.into());
    }
    let id = DeviceId(args.device_id);
    Ok(
        match shop.engine().start_chat(id, &args.number, args.unchecked).await? {
            Started::Open(chat) => ChatStarted::Open { chat_id: chat.0 },
            Started::NotThere => ChatStarted::NotOnWhatsapp,
            Started::NotTold => ChatStarted::NotTold,
        },
    )
}

fn filter(which: ChatFilter) -> Filter {
    let all = Filter::default();
    let in_state = |state| Filter {
        triage: Some(state),
        ..all
    };
    match which {
        ChatFilter::All => all,
        ChatFilter::Unread => Filter { unread: true, ..all },
        ChatFilter::Groups => Filter { groups: true, ..all },
        ChatFilter::Archived => Filter {
            archived: true,
            ..all
        },
        ChatFilter::Unanswered => Filter {
            unanswered: true,
            ..all
        },
        ChatFilter::Open => in_state(Triage::Open),
        ChatFilter::Waiting => in_state(Triage::Waiting),
        ChatFilter::Snoozed => in_state(Triage::Snoozed),
        ChatFilter::Done => in_state(Triage::Done),
    }
}

/// From when on a mute is for ever: the last moment that a window's clock can name.
const FOR_EVER: UnixMillis = UnixMillis(8_640_000_000_000_000);

pub(crate) async fn change(shop: &Shop, args: ChatChange) -> Result<ChatRow, ApiError> {
    let id = ChatId(args.chat_id);
    let wish = match args.change {
        ChatWish::Archived { on } => Wish::Archived(on),
        ChatWish::Pinned { on } => Wish::Pinned(on),
        ChatWish::Muted { until } if until >= FOR_EVER => Wish::MutedUntil(UnixMillis(i64::MAX)),
        ChatWish::Muted { until } => Wish::MutedUntil(until.max(UnixMillis(0))),
        ChatWish::MarkedUnread { on } => Wish::MarkedUnread(on),
        ChatWish::Label { label_id, on } => Wish::Label(LabelId(label_id), on),
    };
    shop.engine().wish(id, wish).await?;
    row(shop, id).await
}

pub(crate) async fn set_triage(shop: &Shop, args: ChatTriageSet) -> Result<ChatRow, ApiError> {
    let id = ChatId(args.chat_id);
    shop.engine()
        .set_triage(id, args.state.into(), args.until)
        .await?;
    row(shop, id).await
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

pub(crate) async fn size(shop: &Shop, args: ChatRef) -> Result<ChatSize, ApiError> {
    let id = ChatId(args.chat_id);
    let (messages, waiting) = shop
        .engine()
        .store()
        .read(move |connection| {
            chat::get(connection, id)?;
            Ok((
                message::count(connection, id)?,
                outbox::on_their_way(connection, id)?,
            ))
        })
        .await?;
    Ok(ChatSize { messages, waiting })
}

pub(crate) async fn read(shop: &Shop, args: ChatRead) -> Result<ChatRow, ApiError> {
    let (id, up_to) = (ChatId(args.chat_id), MessageId(args.up_to));
    shop.engine()
        .store()
        .write(move |writing| chat::read_here(writing, id, up_to))
        .await?;
    row(shop, id).await
}

pub(crate) async fn delete(shop: &Shop, args: ChatRef) -> Result<(), ApiError> {
    Ok(shop.engine().delete_chat(ChatId(args.chat_id)).await?)
}

pub(crate) async fn set_disappearing(shop: &Shop, args: ChatDisappearingSet) -> Result<(), ApiError> {
    let after = match args.after {
        None => None,
        Some(DisappearWord::Day) => Some(DisappearAfter::Day),
        Some(DisappearWord::Week) => Some(DisappearAfter::Week),
        Some(DisappearWord::Quarter) => Some(DisappearAfter::Quarter),
    };
    Ok(shop
        .engine()
        .set_disappearing(ChatId(args.chat_id), after)
        .await?)
}

pub(crate) async fn set_typing(shop: &Shop, args: ChatTypingSet) -> Result<(), ApiError> {
    let doing = match args.doing {
        DoingWord::Typing => Doing::Typing,
        DoingWord::Recording => Doing::Recording,
        DoingWord::Paused => Doing::Paused,
    };
    Ok(shop.engine().show_doing(ChatId(args.chat_id), doing).await?)
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
    let draft = chat::Draft {
        text: args.draft,
        media: args.media_id.map(MediaId),
        quoted: args.quoted_id.map(MessageId),
    };
    Ok(shop
        .engine()
        .store()
        .write(move |writing| chat::set_draft(writing, id, &draft))
        .await?)
}
