//! What Whapi answers to being asked for lists. The first byte says which list.

use mostrador_gateways::whapi::fuzzing;

pub(crate) fn run(bytes: &[u8]) {
    let Some((which, body)) = bytes.split_first() else {
        return;
    };
    match which % 5 {
        0 => drop(fuzzing::messages(body)),
        1 => drop(fuzzing::chats(body)),
        2 => drop(fuzzing::contacts(body)),
        3 => drop(fuzzing::groups(body)),
        _ => drop(fuzzing::labels(body)),
    }
}
