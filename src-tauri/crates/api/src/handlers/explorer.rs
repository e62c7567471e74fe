//! The gateway's endpoints, listed and called.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use mostrador_domain::DeviceId;
use mostrador_engine::Explored;
use mostrador_gateways::catalogue::{Arguments, FileArgument};

use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::shop::Shop;

pub(crate) async fn list(shop: &Shop, args: DeviceRef) -> Result<ExplorerCatalogue, ApiError> {
    let offered = shop.engine().endpoints(DeviceId(args.device_id)).await?;
    Ok(ExplorerCatalogue::of(offered))
}

pub(crate) async fn call(shop: &Shop, args: ExplorerCall) -> Result<ExplorerAnswer, ApiError> {
    let id = DeviceId(args.device_id);
    let endpoint = shop.engine().endpoints(id).await?.endpoint(&args.endpoint)?;
    if endpoint.danger.is_some() && !args.confirmed {
        return Ok(ExplorerAnswer::Unconfirmed);
    }
    let arguments = Arguments {
        parameters: args.parameters,
        body: args.body,
        file: args.file.map(file).transpose()?,
    };
    Ok(match shop.engine().explore(id, endpoint, arguments).await? {
        Explored::Answered(called, took) => ExplorerAnswer::answered(called, took),
        Explored::Invalid(problems) => ExplorerAnswer::Invalid {
            problems: problems.into_iter().map(Into::into).collect(),
        },
    })
}

fn file(given: ExplorerFile) -> Result<FileArgument, ApiError> {
    let bytes = BASE64
        .decode(given.content_base64)
        .map_err(|_| ErrorCode::BadRequest)?;
    Ok(FileArgument {
        media_type: given.media_type,
        bytes,
    })
}
