//! How gateways call us, looked at and tried.

use mostrador_domain::DeviceId;

use crate::dto::*;
use crate::error::ApiError;
use crate::shop::Shop;

pub(crate) async fn route(shop: &Shop, args: DeviceRef) -> Result<HookRouteView, ApiError> {
    Ok(shop.engine().hook_route(DeviceId(args.device_id)).await?.into())
}

pub(crate) async fn list(shop: &Shop, args: DeviceRef) -> Result<Vec<HookCallView>, ApiError> {
    let calls = shop.engine().hook_deliveries(DeviceId(args.device_id)).await?;
    Ok(calls.into_iter().map(Into::into).collect())
}

pub(crate) async fn get(shop: &Shop, args: HookCallRef) -> Result<HookCallDetail, ApiError> {
    let id = DeviceId(args.device_id);
    let (call, structure) = shop.engine().hook_delivery(id, args.call_id).await?;
    Ok(HookCallDetail {
        call: call.into(),
        structure,
    })
}

pub(crate) async fn replay(shop: &Shop, args: HookCallRef) -> Result<HookReplayed, ApiError> {
    let id = DeviceId(args.device_id);
    Ok(shop.engine().hook_replay(id, args.call_id).await?.into())
}

pub(crate) async fn test(shop: &Shop, args: DeviceRef) -> Result<HookTested, ApiError> {
    let arrived = shop.engine().hook_test(DeviceId(args.device_id)).await?;
    Ok(HookTested { arrived })
}

pub(crate) async fn set_address(shop: &Shop, args: HookAddressSet) -> Result<HookAddressStored, ApiError> {
    let id = DeviceId(args.device_id);
    let set = shop.engine().set_hook_address(id, args.seen, args.address);
    Ok(set.await?.into())
}

pub(crate) async fn test_address(shop: &Shop, args: DeviceRef) -> Result<HookProbed, ApiError> {
    let probed = shop.engine().probe_hook_address(DeviceId(args.device_id));
    Ok(probed.await?.into())
}

pub(crate) async fn change_port(shop: &Shop, _args: NoArgs) -> Result<(), ApiError> {
    Ok(shop.engine().change_hook_port().await?)
}
