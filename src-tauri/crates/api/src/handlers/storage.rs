//! What is kept and how much room it takes.

use mostrador_domain::UnixMillis;
use mostrador_engine::housekeeping::LastRound;
use mostrador_store::tables::{setting, size};

use crate::dto::*;
use crate::error::ApiError;
use crate::shop::Shop;

pub(crate) async fn status(shop: &Shop, _: NoArgs) -> Result<StorageStatus, ApiError> {
    let (sizes, last) = shop
        .engine()
        .store()
        .read(|connection| {
            Ok((
                size::read(connection)?,
                setting::get(connection, LastRound::SETTING)?,
            ))
        })
        .await?;
    Ok(StorageStatus {
        messages: sizes.messages,
        chats: sizes.chats,
        media: sizes.media,
        media_bytes: sizes.media_bytes,
        database_bytes: sizes.file + sizes.log,
        database_free_bytes: sizes.free,
        disk_free_bytes: fs4::available_space(shop.data()).ok(),
        last_round_at: last.and_then(|at| at.parse().ok()).map(UnixMillis),
    })
}

pub(crate) async fn preview(shop: &Shop, args: StoragePreviewArgs) -> Result<StoragePreview, ApiError> {
    let (keep, share) = (args.keep_messages.into(), args.media_share.into());
    let (messages, media_bytes) = shop.engine().would_go(keep, share).await?;
    Ok(StoragePreview {
        messages,
        media_bytes,
    })
}
