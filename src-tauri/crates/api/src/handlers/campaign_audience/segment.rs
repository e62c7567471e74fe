//! Saved audiences.

use mostrador_domain::SegmentId;
use mostrador_store::tables::campaign::segment::{self, SegmentRow};

use super::{MOST_SOURCES, json};
use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::shop::Shop;

const MAX_NAME_CHARS: usize = 100;

pub(crate) async fn list(shop: &Shop, _: NoArgs) -> Result<Vec<SegmentView>, ApiError> {
    let rows = shop.engine().store().read(segment::list).await?;
    Ok(rows.into_iter().map(view).collect())
}

pub(crate) async fn save(shop: &Shop, args: SegmentSave) -> Result<SegmentView, ApiError> {
    let name = args.name.trim().to_owned();
    let fits = (1..=MAX_NAME_CHARS).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    let is_kept =
        |source: &SourceView| !matches!(source, SourceView::Sheet { .. } | SourceView::Segment { .. });
    let count = args.sources.len();
    if !fits || count == 0 || count > MOST_SOURCES || !args.sources.iter().all(is_kept) {
        return Err(ErrorCode::BadRequest.into());
    }
    let (sources, now) = (json(&args.sources)?, shop.engine().clock().now());
    let saved = shop.engine().store().write_durably(move |writing| {
        let id = segment::save(writing, &name, &sources, now)?;
        segment::get(writing, id)
    });
    Ok(view(saved.await?))
}

pub(crate) async fn remove(shop: &Shop, args: SegmentRef) -> Result<(), ApiError> {
    let id = SegmentId(args.segment_id);
    let removed = shop
        .engine()
        .store()
        .write_durably(move |writing| segment::remove(writing, id));
    Ok(removed.await?)
}

fn view(row: SegmentRow) -> SegmentView {
    SegmentView {
        id: row.id.0,
        name: row.name,
        // Sources of a newer program are left out.
        sources: serde_json::from_str(&row.sources).unwrap_or_default(),
    }
}
