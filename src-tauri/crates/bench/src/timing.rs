//! The one place here that reads a clock and waits by it: measuring is what this program does.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

#[allow(clippy::disallowed_methods, reason = "see the module's head")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Milliseconds since 1970.
#[allow(clippy::disallowed_methods, reason = "see the module's head")]
pub(crate) fn since_1970() -> f64 {
    let passed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    passed.as_secs_f64() * 1_000.0
}

#[allow(clippy::disallowed_methods, reason = "see the module's head")]
pub(crate) async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}

/// The value below which `share` of them lie; 0 of none.
pub(crate) fn percentile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (sorted.len() as f64 * share) as usize;
    sorted
        .get(place.min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or(0.0)
}
