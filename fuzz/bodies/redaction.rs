//! Whatever is logged: what comes out holds no number, and is one line.

use mostrador_api::logs::Redaction;

pub(crate) fn run(bytes: &[u8]) {
    let Ok(said) = str::from_utf8(bytes) else { return };
    let shown = Redaction::default().of(said);
    assert!(
        !shown.contains(['\n', '\r', '\u{1b}', '\u{202e}']),
        "one line, from left to right"
    );
    let mut run = 0;
    for character in shown.chars() {
        run = if character.is_ascii_digit() { run + 1 } else { 0 };
        assert!(run < 6, "no number comes through");
    }
}
