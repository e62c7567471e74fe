//! What calls the webhook: a method, the end of the path, a body. The first line is the method, the second the path's end.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mostrador_gateways::whapi::fuzzing;

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(3, |byte| *byte == b'\n');
    let mut word = || String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    let (method, tail) = (word(), word());
    let body = parts.next().unwrap_or_default();
    drop(fuzzing::webhook(&method, &tail, body));
});
