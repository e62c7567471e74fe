//! What an Evolution server calls with and answers. The first byte says what: 9 is a call.

use mostrador_gateways::evolution::fuzzing;

pub(crate) fn run(bytes: &[u8]) {
    let Some((which, body)) = bytes.split_first() else {
        return;
    };
    match which % 10 {
        9 => drop(fuzzing::webhook(body)),
        which => drop(fuzzing::answer(which, body)),
    }
}
