//! What WhatsApp API Engine calls with and answers. The first byte says what: a call, a signature with its call, or an answer.

use mostrador_gateways::api_engine::fuzzing;

pub(crate) fn run(bytes: &[u8]) {
    let Some((which, body)) = bytes.split_first() else {
        return;
    };
    match which % 11 {
        9 => drop(fuzzing::webhook(body)),
        10 => {
            let end = body.iter().position(|byte| *byte == b'\n').unwrap_or(0);
            let (signature, body) = body.split_at(end);
            let _ = fuzzing::is_signed(signature, body);
        }
        status => fuzzing::answer(status, body),
    }
}
