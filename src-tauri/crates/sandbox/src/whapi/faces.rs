//! Pictures of people and groups. Not everybody has one.

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};

use super::Refusal;
use crate::world::portrait;

const NOT_FOUND: Refusal = Refusal::new(StatusCode::NOT_FOUND, "Specified picture not found");

/// Which face the owner of these digits shows: of five, two show none.
pub(super) fn of(who: &str) -> Option<usize> {
    let digits = who.bytes().filter(u8::is_ascii_digit).map(usize::from);
    let which = digits.fold(0_usize, |sum, digit| (sum * 7 + digit) % 100_003);
    (which % 5 > 1).then_some(which)
}

pub(super) async fn get(Path(who): Path<String>) -> Result<Response, Refusal> {
    let which = of(&who).ok_or(NOT_FOUND)?;
    let kind = [
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((kind, portrait(which)).into_response())
}
