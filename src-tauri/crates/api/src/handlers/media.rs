//! Files: keeping one that is to be sent or read as a customer list, wanting one that did not come.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mostrador_domain::MediaId;
use mostrador_engine::MAX_IMAGE_BYTES;
use mostrador_store::tables::media;

use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::shop::Shop;

/// The largest customer list, in bytes: some hundred thousand customers.
const MAX_LIST_BYTES: u64 = 32 * 1024 * 1024;
/// How the names of customer lists end.
const LISTS: [&str; 4] = ["csv", "tsv", "txt", "xlsx"];
/// Characters of a file's name that are kept.
const MAX_FILE_NAME: usize = 200;

pub(crate) async fn add(shop: &Shop, args: MediaAdd) -> Result<MediaView, ApiError> {
    let most = if is_list(&args.file_name) {
        MAX_LIST_BYTES
    } else {
        MAX_IMAGE_BYTES
    };
    let longest = usize::try_from(most.div_ceil(3) * 4).unwrap_or(usize::MAX);
    if args.data_base64.len() > longest {
        return Err(ErrorCode::MediaTooLarge.into());
    }
    let bytes = STANDARD
        .decode(args.data_base64.as_bytes())
        .map_err(|_| ErrorCode::BadRequest)?;
    let file_name = args
        .file_name
        .chars()
        .filter(|c| !c.is_control())
        .take(MAX_FILE_NAME)
        .collect();
    let id = shop.engine().add_media(file_name, bytes).await?;
    view(shop, id).await
}

pub(crate) async fn fetch(shop: &Shop, args: MediaRef) -> Result<MediaView, ApiError> {
    shop.engine().fetch_media(MediaId(args.media_id)).await?;
    view(shop, MediaId(args.media_id)).await
}

fn is_list(file_name: &str) -> bool {
    let ending = file_name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| LISTS.contains(&ending.as_str()))
}

async fn view(shop: &Shop, id: MediaId) -> Result<MediaView, ApiError> {
    Ok(shop
        .engine()
        .store()
        .read(move |connection| media::get(connection, id))
        .await?
        .into())
}
