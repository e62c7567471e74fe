//! What calls the webhook: a method, the end of the path, a body. The first line is the method, the second the path's end.

use mostrador_gateways::whapi::fuzzing;

pub(crate) fn run(bytes: &[u8]) {
    let mut parts = bytes.splitn(3, |byte| *byte == b'\n');
    let mut word = || String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    let (method, tail) = (word(), word());
    let body = parts.next().unwrap_or_default();
    drop(fuzzing::webhook(&method, &tail, body));
}
