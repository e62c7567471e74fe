//! What QR Búho calls with and answers, in each of its generations. The first byte says what: 10 is a call.

use mostrador_gateways::qr_buho::fuzzing;

pub(crate) fn run(bytes: &[u8]) {
    let Some((which, body)) = bytes.split_first() else {
        return;
    };
    match which % 11 {
        10 => drop(fuzzing::webhook(body)),
        which => drop(fuzzing::answer(which, body)),
    }
}
