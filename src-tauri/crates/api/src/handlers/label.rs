//! Labels.

use mostrador_domain::{DeviceId, LabelId};
use mostrador_store::tables::label;

use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::shop::Shop;

const MAX_NAME_CHARS: usize = 100;

pub(crate) async fn list(shop: &Shop, _: NoArgs) -> Result<Vec<LabelView>, ApiError> {
    let rows = shop
        .engine()
        .store()
        .read(|connection| label::list(connection, None))
        .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

pub(crate) async fn add(shop: &Shop, args: LabelAdd) -> Result<LabelView, ApiError> {
    let (device, name) = (DeviceId(args.device_id), name(&args.name)?);
    colour_is_known(shop, device, args.colour.as_deref()).await?;
    let id = shop.engine().add_label(device, name, args.colour).await?;
    Ok(shop.engine().label(id).await?.into())
}

pub(crate) async fn change(shop: &Shop, args: LabelChange) -> Result<LabelView, ApiError> {
    let (id, name) = (LabelId(args.label_id), name(&args.name)?);
    let device = shop.engine().label(id).await?.device;
    colour_is_known(shop, device, args.colour.as_deref()).await?;
    shop.engine().change_label(id, name, args.colour).await?;
    Ok(shop.engine().label(id).await?.into())
}

pub(crate) async fn remove(shop: &Shop, args: LabelRef) -> Result<(), ApiError> {
    Ok(shop.engine().remove_label(LabelId(args.label_id)).await?)
}

/// Blanks around it are no part of a name.
fn name(given: &str) -> Result<String, ApiError> {
    let name = given.trim();
    let fits = (1..=MAX_NAME_CHARS).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    fits.then(|| name.to_owned())
        .ok_or_else(|| ErrorCode::BadRequest.into())
}

async fn colour_is_known(shop: &Shop, device: DeviceId, colour: Option<&str>) -> Result<(), ApiError> {
    let Some(colour) = colour else { return Ok(()) };
    let live = shop.engine().live(device).await?;
    if label_colours(&live.capabilities).contains(&colour) {
        Ok(())
    } else {
        Err(ErrorCode::BadRequest.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_of_some_length() {
        let code = |given: &str| name(given).map_err(|error| error.code);
        assert_eq!(
            code("  Por pagar "),
            Ok("Por pagar".to_owned()),
            "without its blanks"
        );
        for wrong in ["", "   ", "a\nb", &"x".repeat(101)] {
            assert_eq!(code(wrong), Err(ErrorCode::BadRequest), "{wrong:?} is no name");
        }
    }
}
