//! The gateway of a device: its settings, its limits.

use mostrador_domain::DeviceId;

use crate::dto::*;
use crate::error::ApiError;
use crate::shop::Shop;

pub(crate) async fn settings(shop: &Shop, args: DeviceRef) -> Result<GatewaySettings, ApiError> {
    let settings = shop.engine().gateway_settings(DeviceId(args.device_id)).await?;
    Ok(settings.into())
}

pub(crate) async fn set_settings(shop: &Shop, args: GatewaySettingsSet) -> Result<GatewaySettings, ApiError> {
    let id = DeviceId(args.device_id);
    let settings = shop
        .engine()
        .change_gateway_settings(id, args.settings.into())
        .await?;
    Ok(settings.into())
}

pub(crate) async fn limits(shop: &Shop, args: DeviceRef) -> Result<DeviceLimits, ApiError> {
    let limits = shop.engine().limits(DeviceId(args.device_id)).await?;
    Ok(DeviceLimits {
        plan: limits.plan.map(Into::into),
        day: limits.day.into(),
        month: limits.month.into(),
        calls: limits.calls.map(Into::into),
    })
}
