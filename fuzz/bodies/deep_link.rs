//! Links that lead into the program: whatever is not refused names one chat, and words that read as they are.

use mostrador::deep_links::{LinkedChat, read};

pub(crate) fn run(bytes: &[u8]) {
    let Ok(link) = str::from_utf8(bytes) else { return };
    let Some(found) = read(link) else { return };
    let again = match &found.chat {
        LinkedChat::Number { number } => {
            assert!((8..=15).contains(&number.len()), "an E.164 number");
            assert!(
                number.bytes().all(|byte| byte.is_ascii_digit()),
                "digits and nothing else"
            );
            format!("mostrador://chat/{number}")
        }
        LinkedChat::Id { id } => {
            assert!(*id > 0, "an id of ours");
            format!("mostrador://chat/id/{id}")
        }
    };
    let text = found.text.as_deref().unwrap_or_default();
    assert!(text.chars().count() <= 4_096, "as long as a message");
    assert!(
        !text.contains(['\0', '\u{1b}', '\r', '\u{202e}', '\u{2066}']),
        "it reads as it is"
    );
    assert!(
        read(&again).is_some_and(|plain| plain.chat == found.chat),
        "what was read is read the same again"
    );
}
