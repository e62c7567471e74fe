//! What Waconecta answers. The first byte says with which status.

use mostrador_gateways::waconecta::fuzzing;

pub(crate) fn run(bytes: &[u8]) {
    if let Some((status, body)) = bytes.split_first() {
        fuzzing::answer(*status, body);
    }
}
