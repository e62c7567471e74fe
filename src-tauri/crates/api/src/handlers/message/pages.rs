//! Reading a conversation: its end, what is before or after a page, and what is around a message.

use mostrador_domain::{ChatId, MessageId, UnixMillis};
use mostrador_store::tables::message::{self, Cursor, MessageRow};
use mostrador_store::{Connection, StoreError};

use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::handlers::{cursor, page_limit};
use crate::shop::Shop;

/// Which messages.
#[derive(Clone, Copy)]
enum Which {
    Newest,
    Oldest,
    Before(Cursor),
    After(Cursor),
    Around(MessageId),
}

impl Which {
    fn read(args: &MessageListArgs) -> Result<Self, ApiError> {
        let oldest = args.oldest.unwrap_or_default();
        match (&args.before, &args.after, args.around) {
            (None, None, None) if oldest => Ok(Self::Oldest),
            (None, None, None) => Ok(Self::Newest),
            (Some(before), None, None) if !oldest => Ok(Self::Before(place(before)?)),
            (None, Some(after), None) if !oldest => Ok(Self::After(place(after)?)),
            (None, None, Some(id)) if !oldest => Ok(Self::Around(MessageId(id))),
            _ => Err(ErrorCode::BadRequest.into()),
        }
    }
}

pub(super) fn place(text: &str) -> Result<Cursor, ApiError> {
    let [at, id] = cursor::<2>(text)?;
    Ok(Cursor {
        at: UnixMillis(at),
        id: MessageId(id),
    })
}

pub(super) fn place_text(place: Cursor) -> String {
    format!("{}:{}", place.at.0, place.id)
}

/// Messages oldest first, and whether there may be more before and after them.
struct Window {
    rows: Vec<MessageRow>,
    earlier: bool,
    later: bool,
}

pub(crate) async fn list(shop: &Shop, args: MessageListArgs) -> Result<MessagePage, ApiError> {
    let limit = page_limit(args.limit)?;
    let which = Which::read(&args)?;
    let chat = ChatId(args.chat_id);
    let window = shop
        .engine()
        .store()
        .read(move |connection| window(connection, chat, which, limit))
        .await?;
    let end = |row: Option<&MessageRow>, more: bool| row.filter(|_| more).map(|row| place_text(row.cursor()));
    Ok(MessagePage {
        earlier: end(window.rows.first(), window.earlier),
        later: end(window.rows.last(), window.later),
        rows: window.rows.into_iter().map(Into::into).collect(),
    })
}

fn window(connection: &Connection, chat: ChatId, which: Which, limit: u32) -> Result<Window, StoreError> {
    let is_full =
        |rows: &[MessageRow], limit: u32| u32::try_from(rows.len()).is_ok_and(|count| count == limit);
    let backwards = |before: Option<Cursor>, limit: u32| -> Result<(Vec<MessageRow>, bool), StoreError> {
        let mut rows = message::page(connection, chat, before, limit)?;
        rows.reverse();
        let more = is_full(&rows, limit);
        Ok((rows, more))
    };
    match which {
        Which::Newest => {
            let (rows, earlier) = backwards(None, limit)?;
            Ok(Window {
                rows,
                earlier,
                later: false,
            })
        }
        Which::Oldest => {
            let rows = message::page_after(connection, chat, Cursor::START, limit)?;
            Ok(Window {
                later: is_full(&rows, limit),
                rows,
                earlier: false,
            })
        }
        Which::Before(before) => {
            let (rows, earlier) = backwards(Some(before), limit)?;
            Ok(Window {
                rows,
                earlier,
                later: true,
            })
        }
        Which::After(after) => {
            let rows = message::page_after(connection, chat, after, limit)?;
            Ok(Window {
                later: is_full(&rows, limit),
                rows,
                earlier: true,
            })
        }
        Which::Around(id) => {
            let place = message::place(connection, chat, id)?;
            let half = (limit / 2).max(1);
            let (mut rows, earlier) = backwards(Some(place), half)?;
            rows.push(message::get(connection, id)?);
            let after = message::page_after(connection, chat, place, half)?;
            let later = is_full(&after, half);
            rows.extend(after);
            Ok(Window { rows, earlier, later })
        }
    }
}
