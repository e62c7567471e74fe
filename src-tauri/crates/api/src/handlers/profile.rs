//! What a number shows of itself.

use mostrador_domain::{DeviceId, MediaId};
use mostrador_engine::ProfileChange;

use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::shop::Shop;

/// Bytes of a name or of the words below it; how many characters they may have is the gateway's to say.
const MAX_WORDS: usize = 4_096;

pub(crate) async fn get(shop: &Shop, args: DeviceRef) -> Result<ProfileView, ApiError> {
    view(shop, DeviceId(args.device_id)).await
}

pub(crate) async fn set(shop: &Shop, args: ProfileSet) -> Result<ProfileView, ApiError> {
    let too_long = |words: &Option<String>| words.as_ref().is_some_and(|words| words.len() > MAX_WORDS);
    if too_long(&args.name) || too_long(&args.about) {
        return Err(ErrorCode::BadRequest.into());
    }
    let id = DeviceId(args.device_id);
    let change = ProfileChange {
        name: args.name.map(|name| name.trim().to_owned()),
        about: args.about.map(|about| about.trim().to_owned()),
        picture: args.picture_media_id.map(MediaId),
    };
    shop.engine().change_profile(id, change).await?;
    view(shop, id).await
}

async fn view(shop: &Shop, id: DeviceId) -> Result<ProfileView, ApiError> {
    let profile = shop.engine().profile(id).await?;
    Ok(ProfileView {
        name: profile.name,
        about: profile.about,
        has_picture: profile.picture.is_some(),
    })
}
