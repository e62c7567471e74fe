//! What each command does, one module a noun. Arguments are checked here: a window is not trusted.

pub(crate) mod about;
pub(crate) mod app;
pub(crate) mod campaign;
pub(crate) mod campaign_audience;
pub(crate) mod campaign_export;
pub(crate) mod campaign_report;
pub(crate) mod chat;
pub(crate) mod contact;
pub(crate) mod device;
pub(crate) mod explorer;
pub(crate) mod gateway;
pub(crate) mod group;
pub(crate) mod hook;
pub(crate) mod label;
pub(crate) mod logs;
pub(crate) mod media;
pub(crate) mod message;
pub(crate) mod presence;
pub(crate) mod profile;
pub(crate) mod quiet;
pub(crate) mod storage;
pub(crate) mod story;

use crate::error::{ApiError, ErrorCode};

/// A page has 1 to 200 rows.
fn page_limit(limit: u32) -> Result<u32, ApiError> {
    if (1..=200).contains(&limit) {
        Ok(limit)
    } else {
        Err(ErrorCode::BadRequest.into())
    }
}

/// A cursor is whole numbers between colons; it is ours, the window only gives it back.
fn cursor<const N: usize>(text: &str) -> Result<[i64; N], ApiError> {
    let numbers: Option<Vec<i64>> = text.split(':').map(|part| part.parse().ok()).collect();
    numbers
        .and_then(|numbers| numbers.try_into().ok())
        .ok_or_else(|| ErrorCode::BadRequest.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_cursor_of_ours_is_read() {
        assert_eq!(cursor::<2>("5:7").ok(), Some([5, 7]), "as it was given");
        for wrong in ["", "5", "5:7:9", "5:x", "5:7 OR 1=1"] {
            assert!(cursor::<2>(wrong).is_err(), "{wrong:?} is none of ours");
        }
    }
}
