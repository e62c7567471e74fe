//! Whom a chat is with: what is known and noted, their files, the groups in common.

use mostrador_domain::{ChatId, ChatKind, MessageId, UnixMillis};
use mostrador_store::tables::{block, chat, group, message, note, person};

use super::{cursor, page_limit};
use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::shop::Shop;

const MAX_NOTE_CHARS: usize = 10_000;

pub(crate) async fn get(shop: &Shop, args: ChatRef) -> Result<ChatAbout, ApiError> {
    let id = ChatId(args.chat_id);
    let about = shop.engine().store().read(move |connection| {
        let row = chat::get(connection, id)?;
        let addresses = person::addresses_of(connection, &row.address)?;
        let mut about = ChatAbout {
            number: addresses.iter().find_map(number),
            saved_name: None,
            own_name: None,
            business: None,
            description: row.description,
            read_only: row.read_only,
            blocked: block::of(connection, row.device, &row.address)?.map(Into::into),
            note: note::get(connection, &row.address)?,
            members: Vec::new(),
            groups: Vec::new(),
        };
        if row.kind == ChatKind::Group {
            let members = group::members(connection, id)?;
            about.members = members.into_iter().map(Into::into).collect();
            return Ok(about);
        }
        for address in &addresses {
            if let Some(known) = person::contact(connection, row.device, address)? {
                about.saved_name = about.saved_name.or(known.saved_name);
                about.own_name = about.own_name.or(known.push_name);
                about.business = about.business.or(known.business);
            }
        }
        let groups = group::with(connection, row.device, &addresses)?;
        about.groups = groups
            .into_iter()
            .map(|group| SharedGroup {
                chat_id: group.chat.0,
                name: group.name,
                picture_id: group.picture.map(|picture| picture.0),
            })
            .collect();
        Ok(about)
    });
    Ok(about.await?)
}

pub(crate) async fn set_note(shop: &Shop, args: ChatNoteSet) -> Result<ChatAbout, ApiError> {
    if args.note.chars().count() > MAX_NOTE_CHARS {
        return Err(ErrorCode::BadRequest.into());
    }
    let (id, now) = (ChatId(args.chat_id), shop.engine().clock().now());
    shop.engine()
        .store()
        .write(move |writing| note::set(writing, id, &args.note, now))
        .await?;
    get(
        shop,
        ChatRef {
            chat_id: args.chat_id,
        },
    )
    .await
}

pub(crate) async fn set_blocked(shop: &Shop, args: ChatBlockSet) -> Result<ChatAbout, ApiError> {
    let id = ChatId(args.chat_id);
    shop.engine().set_blocked(id, args.blocked).await?;
    let about = ChatRef {
        chat_id: args.chat_id,
    };
    get(shop, about).await
}

pub(crate) async fn files(shop: &Shop, args: ChatFileListArgs) -> Result<ChatFilePage, ApiError> {
    let limit = page_limit(args.limit)?;
    let before = args.after.as_deref().map(cursor::<2>).transpose()?;
    let before = before.map(|[at, id]| (UnixMillis(at), MessageId(id)));
    let (id, which) = (ChatId(args.chat_id), args.files.into());
    let rows = shop
        .engine()
        .store()
        .read(move |connection| message::files(connection, id, which, before, limit))
        .await?;
    let is_full = u32::try_from(rows.len()).is_ok_and(|count| count == limit);
    let next = rows
        .last()
        .filter(|_| is_full)
        .map(|last| format!("{}:{}", last.at.0, last.message.0));
    Ok(ChatFilePage {
        rows: rows.into_iter().map(Into::into).collect(),
        next,
    })
}
