//! What the program logged.

use crate::dto::LogsQuery;
use crate::error::{ApiError, ErrorCode};
use crate::logs::{LogLine, LogQuery};
use crate::shop::Shop;

/// Lines of one answer.
const MOST_LINES: u32 = 2_000;

pub(crate) async fn query(shop: &Shop, args: LogsQuery) -> Result<Vec<LogLine>, ApiError> {
    if !(1..=MOST_LINES).contains(&args.limit) {
        return Err(ErrorCode::BadRequest.into());
    }
    let query = LogQuery {
        since: args.since,
        level: args.level,
        text: args.text.filter(|text| !text.is_empty()),
        device: args.device_id,
        limit: usize::try_from(args.limit).unwrap_or_default(),
    };
    Ok(shop.logs().query(query).await)
}
