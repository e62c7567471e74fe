//! What Whapi answers that is no list. The first byte says what.

use mostrador_gateways::whapi::fuzzing;

pub(crate) fn run(bytes: &[u8]) {
    if let Some((which, body)) = bytes.split_first() {
        let _understood = fuzzing::answer(*which, body);
    }
}
