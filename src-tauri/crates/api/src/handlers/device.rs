//! Devices: adding, linking, taking away.

use mostrador_domain::{Address, DeviceId};
use mostrador_engine::{AddDevice, OptionChange};
use mostrador_store::tables::{device, size};

use super::app::{gateway, given};
use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::shop::Shop;

/// Characters of a device's name.
const MAX_NAME: usize = 60;

pub(crate) async fn list(shop: &Shop, _: NoArgs) -> Result<Vec<DeviceView>, ApiError> {
    let rows = shop.engine().store().read(device::list).await?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        // A device that is being removed has no session any more.
        if let Ok(live) = shop.engine().live(row.id).await {
            views.push(DeviceView::of(row, live, shop.engine().drivers()));
        }
    }
    Ok(views)
}

async fn view(shop: &Shop, id: DeviceId) -> Result<DeviceView, ApiError> {
    let row = shop
        .engine()
        .store()
        .read(move |connection| device::get(connection, id))
        .await?;
    let live = shop.engine().live(id).await?;
    Ok(DeviceView::of(row, live, shop.engine().drivers()))
}

pub(crate) async fn add(shop: &Shop, args: DeviceAdd) -> Result<DeviceView, ApiError> {
    let name = args.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > MAX_NAME {
        return Err(ErrorCode::BadRequest.into());
    }
    let add = AddDevice {
        gateway: gateway(&args.gateway)?,
        name,
        config: given(shop, args.fields, args.url, args.token),
        remember: args.remember,
    };
    let id = shop.engine().add_device(add).await?;
    view(shop, id).await
}

pub(crate) async fn set_token(shop: &Shop, args: DeviceTokenSet) -> Result<DeviceView, ApiError> {
    let id = DeviceId(args.device_id);
    let config = given(shop, args.fields, None, args.token);
    let only_secrets = config.texts().next().is_none() && config.secrets().next().is_some();
    if !only_secrets {
        return Err(ErrorCode::BadRequest.into());
    }
    shop.engine().set_secrets(id, config, args.remember).await?;
    view(shop, id).await
}

pub(crate) async fn options(shop: &Shop, args: DeviceRef) -> Result<Vec<DeviceOption>, ApiError> {
    let options = shop.engine().device_options(DeviceId(args.device_id)).await?;
    Ok(options.into_iter().map(Into::into).collect())
}

pub(crate) async fn set_options(shop: &Shop, args: DeviceOptionSet) -> Result<DeviceView, ApiError> {
    let id = DeviceId(args.device_id);
    let seen = |key| args.seen.get(key).cloned().unwrap_or_default();
    let changes = args.fields.iter().map(|(key, value)| OptionChange {
        key: (*key).into(),
        seen: seen(key),
        value: value.clone(),
    });
    shop.engine().change_options(id, changes.collect()).await?;
    view(shop, id).await
}

pub(crate) async fn size(shop: &Shop, args: DeviceRef) -> Result<DeviceSize, ApiError> {
    let id = DeviceId(args.device_id);
    let counted = shop
        .engine()
        .store()
        .read(move |connection| size::of_device(connection, id));
    let (chats, messages) = counted.await?;
    Ok(DeviceSize { chats, messages })
}

pub(crate) async fn remove(shop: &Shop, args: DeviceRef) -> Result<(), ApiError> {
    Ok(shop.engine().remove_device(DeviceId(args.device_id)).await?)
}

pub(crate) async fn pair_start(shop: &Shop, args: DeviceRef) -> Result<DeviceView, ApiError> {
    shop.engine().start_pairing(DeviceId(args.device_id)).await?;
    view(shop, DeviceId(args.device_id)).await
}

pub(crate) async fn pair_code(shop: &Shop, args: DevicePairCode) -> Result<DeviceView, ApiError> {
    let id = DeviceId(args.device_id);
    let number = Address::of_written_number(&args.phone).ok_or(ErrorCode::NumberInvalid)?;
    shop.engine().pair_by_code(id, number).await?;
    view(shop, id).await
}

pub(crate) async fn pair_stop(shop: &Shop, args: DeviceRef) -> Result<DeviceView, ApiError> {
    shop.engine().stop_pairing(DeviceId(args.device_id)).await?;
    view(shop, DeviceId(args.device_id)).await
}

pub(crate) async fn sync_stop(shop: &Shop, args: DeviceRef) -> Result<DeviceView, ApiError> {
    shop.engine().stop_sync(DeviceId(args.device_id)).await?;
    view(shop, DeviceId(args.device_id)).await
}

pub(crate) async fn sync_resume(shop: &Shop, args: DeviceRef) -> Result<DeviceView, ApiError> {
    shop.engine().resume_sync(DeviceId(args.device_id)).await?;
    view(shop, DeviceId(args.device_id)).await
}

pub(crate) async fn logout(shop: &Shop, args: DeviceRef) -> Result<DeviceView, ApiError> {
    shop.engine().log_out(DeviceId(args.device_id)).await?;
    view(shop, DeviceId(args.device_id)).await
}
