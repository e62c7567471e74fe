//! The sandbox's own clock.
//!
//! The sandbox plays another party on the network: its time is the real time, whatever clock the program under
//! test was given. Everything else in this crate receives the time as a number, so that the simulated world can
//! be stepped through by hand in tests; this module is the only one that asks the operating system.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970, as every part of the simulated world counts time.
pub(crate) type Millis = u64;

/// The present moment.
#[allow(
    clippy::disallowed_methods,
    reason = "the sandbox is a peer with its own real clock; this is its home"
)]
pub(crate) fn now() -> Millis {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map(millis)
        .unwrap_or_default()
}

/// Waits for `span` of real time.
#[allow(
    clippy::disallowed_methods,
    reason = "the sandbox is a peer with its own real clock; this is its home"
)]
pub(crate) async fn sleep(span: Duration) {
    tokio::time::sleep(span).await;
}

/// A span as milliseconds; spans beyond the range of the clock become its end.
pub(crate) fn millis(span: Duration) -> Millis {
    Millis::try_from(span.as_millis()).unwrap_or(Millis::MAX)
}

/// Whole seconds since 1970, as WhatsApp writes its times.
pub(crate) fn seconds(at: Millis) -> u64 {
    at / 1000
}
