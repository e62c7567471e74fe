//! `Retry-After`, as seconds or as a date. A line break stands between it and the answer's `Date`.

use std::time::Duration;

use mostrador_gateways::fuzzing;

pub(crate) fn run(bytes: &[u8]) {
    let mut halves = bytes.splitn(2, |byte| *byte == b'\n');
    let (told, date) = (
        halves.next().unwrap_or_default(),
        halves.next().unwrap_or_default(),
    );
    if let Some(delay) = fuzzing::retry_after(told, date) {
        assert!(
            delay <= Duration::from_secs(24 * 3_600),
            "nobody waits longer on one header's word"
        );
    }
}
