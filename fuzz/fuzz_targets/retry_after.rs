//! `Retry-After`, as seconds or as a date. A line break stands between it and the answer's `Date`.

#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use mostrador_gateways::fuzzing;

fuzz_target!(|bytes: &[u8]| {
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
});
