//! Who is here now.

use mostrador_domain::{ChatId, DeviceId};

use crate::dto::*;
use crate::error::ApiError;
use crate::shop::Shop;

pub(crate) async fn get(shop: &Shop, args: ChatRef) -> Result<PresenceView, ApiError> {
    let now = shop.engine().presence_of(ChatId(args.chat_id)).await?;
    Ok(PresenceView {
        presence: now.as_ref().map(|now| now.presence.into()),
        last_seen: now.and_then(|now| now.last_seen),
    })
}

pub(crate) async fn set(shop: &Shop, args: PresenceSet) -> Result<(), ApiError> {
    let id = DeviceId(args.device_id);
    let available = args.available.unwrap_or(false);
    Ok(shop.engine().set_presence(id, available).await?)
}
