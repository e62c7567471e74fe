//! Finding messages by their words.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;

use mostrador_domain::ChatId;
use mostrador_store::tables::chat::{self, Face};
use mostrador_store::tables::message::{Content, MessageRow};
use mostrador_store::tables::search::{self, Place, Typed};
use mostrador_store::{Connection, StoreError};

use super::pages::{place, place_text};
use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::handlers::page_limit;
use crate::shop::Shop;

/// Nobody types more; whoever pastes more is told.
pub(crate) const MOST_TYPED: usize = 1_000;

pub(crate) async fn search(shop: &Shop, args: MessageSearchArgs) -> Result<MessageHits, ApiError> {
    let limit = page_limit(args.limit)?;
    if args.text.len() > MOST_TYPED {
        return Err(ErrorCode::BadRequest.into());
    }
    let before = args.before.as_deref().map(place).transpose()?;
    let before = before.map(|place| Place {
        at: place.at,
        id: place.id,
    });
    let typed = Typed::parse(&args.text);
    let chat = args.chat_id.map(ChatId);
    shop.engine()
        .store()
        .read(move |connection| {
            let rows = search::messages(connection, &typed, chat, before, limit)?;
            let is_full = u32::try_from(rows.len()).is_ok_and(|count| count == limit);
            let next = rows
                .last()
                .filter(|_| is_full)
                .map(|last| place_text(last.cursor()));
            let faces = faces(connection, &rows)?;
            let hits = rows
                .into_iter()
                .filter_map(|row| {
                    let face = faces.get(&row.chat)?;
                    Some(hit(row, &typed, face))
                })
                .collect();
            Ok(MessageHits { hits, next })
        })
        .await
        .map_err(Into::into)
}

/// What the chats are shown by in which something was found.
fn faces(connection: &Connection, rows: &[MessageRow]) -> Result<BTreeMap<ChatId, Face>, StoreError> {
    let mut faces = BTreeMap::new();
    for row in rows {
        if let Entry::Vacant(face) = faces.entry(row.chat) {
            face.insert(chat::face(connection, row.chat)?);
        }
    }
    Ok(faces)
}

fn hit(row: MessageRow, typed: &Typed, face: &Face) -> MessageHit {
    let found = match words(&row.content) {
        Some(text) => typed
            .found_in(text)
            .into_iter()
            .map(|place| in_utf16(text, place))
            .collect(),
        None => Vec::new(),
    };
    MessageHit {
        device_id: face.device.0,
        chat_title: ChatRow::title_of(face.name.clone(), &face.address),
        chat_kind: face.kind.into(),
        picture_id: face.picture.map(|picture| picture.0),
        message: row.into(),
        found,
    }
}

/// The words of a message that is shown by its words alone.
fn words(content: &Content) -> Option<&str> {
    match content {
        Content::Text(text) | Content::LinkPreview { text, .. } => Some(text),
        Content::Media { caption, .. } => caption.as_deref(),
        _ => None,
    }
}

fn in_utf16(text: &str, place: Range<usize>) -> (u32, u32) {
    let units = |until: usize| {
        let before = text.get(..until).unwrap_or_default();
        u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX)
    };
    (units(place.start), units(place.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_as_the_window_counts() {
        let text = "🎂 torta";
        assert_eq!(
            in_utf16(text, 5..10),
            (3, 8),
            "the cake is two units there, four bytes here"
        );
    }
}
