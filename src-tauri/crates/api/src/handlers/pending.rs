//! Commands whose handlers are being written.

use crate::error::{ApiError, ErrorCode};
use crate::shop::Shop;

pub(crate) async fn not_yet<A, R>(_: &Shop, _: A) -> Result<R, ApiError> {
    Err(ErrorCode::NotOffered.into())
}
