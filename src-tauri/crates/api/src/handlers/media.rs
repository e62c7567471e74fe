//! Files: keeping one that is to be sent or read as a customer list, at once or piece by piece; wanting one that did not come.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mostrador_domain::MediaId;
use mostrador_store::tables::media;

use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::shop::Shop;

/// The bytes of a piece, or of a file that comes at once, at the most.
const MOST_AT_ONCE: usize = 1024 * 1024;
/// Characters of a file's name that are kept.
const MAX_FILE_NAME: usize = 200;

pub(crate) async fn add(shop: &Shop, args: MediaAdd) -> Result<MediaView, ApiError> {
    let bytes = decoded(&args.data_base64)?;
    let id = shop.engine().add_media(named(&args.file_name), bytes).await?;
    view(shop, id).await
}

pub(crate) async fn begin(shop: &Shop, args: MediaBegin) -> Result<MediaUpload, ApiError> {
    let upload = shop.engine().begin_media(named(&args.file_name), args.bytes)?;
    Ok(MediaUpload { upload })
}

pub(crate) async fn piece(shop: &Shop, args: MediaPiece) -> Result<(), ApiError> {
    let bytes = decoded(&args.data_base64)?;
    Ok(shop
        .engine()
        .take_media_piece(args.upload, args.at, &bytes)
        .await?)
}

pub(crate) async fn end(shop: &Shop, args: MediaUpload) -> Result<MediaView, ApiError> {
    let id = shop.engine().end_media(args.upload).await?;
    view(shop, id).await
}

pub(crate) async fn give_up(shop: &Shop, args: MediaUpload) -> Result<(), ApiError> {
    shop.engine().give_up_media(args.upload);
    Ok(())
}

fn decoded(base64: &str) -> Result<Vec<u8>, ApiError> {
    if base64.len() > MOST_AT_ONCE.div_ceil(3) * 4 {
        return Err(ErrorCode::MediaTooLarge.into());
    }
    STANDARD.decode(base64).map_err(|_| ErrorCode::BadRequest.into())
}

fn named(file_name: &str) -> String {
    file_name
        .chars()
        .filter(|c| !c.is_control())
        .take(MAX_FILE_NAME)
        .collect()
}

pub(crate) async fn fetch(shop: &Shop, args: MediaRef) -> Result<MediaView, ApiError> {
    shop.engine().fetch_media(MediaId(args.media_id)).await?;
    view(shop, MediaId(args.media_id)).await
}

async fn view(shop: &Shop, id: MediaId) -> Result<MediaView, ApiError> {
    Ok(shop
        .engine()
        .store()
        .read(move |connection| media::get(connection, id))
        .await?
        .into())
}
