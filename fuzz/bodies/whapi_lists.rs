//! What Whapi answers to being asked for lists. The first byte says which list.

use mostrador_gateways::whapi::fuzzing;

pub(crate) fn run(bytes: &[u8]) {
    let Some((which, body)) = bytes.split_first() else {
        return;
    };
    match which % 6 {
        0 => drop(fuzzing::messages(body)),
        1 => drop(fuzzing::statuses(body)),
        2 => drop(fuzzing::chats(body)),
        3 => drop(fuzzing::contacts(body)),
        4 => drop(fuzzing::groups(body)),
        _ => drop(fuzzing::labels(body)),
    }
}
