//! Files and links, as the window really gets and gives them: a sound that is played, a part of it, a document that is only
//! saved, and addresses that never reach the desktop.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::program::{Program, new_data};
use crate::{turn, words};

/// Half a second of it, 8 000 samples a second, one byte each.
const SAMPLES: u32 = 4_000;
const HEADER: u32 = 44;
const HTML: &[u8] = b"<!doctype html><html><script>alert(1)</script></html>";

#[tokio::test]
async fn a_sound_is_played_and_a_document_is_only_ever_saved() {
    let _turn = turn().await;
    let data = new_data();
    let program = Program::start(data.path()).await;
    program.screen().heading(words::WELCOME).await;

    let sound = add(&program, "nota.wav", &silence()).await;
    let got = fetched(&program, sound).await;
    assert_eq!(got["type"], json!("audio/wav"), "a sound as one");
    assert_eq!(got["length"], json!(SAMPLES + HEADER), "and the whole of it");
    let heard = heard(&program, sound).await;
    assert_eq!(heard, json!(0.5), "the web view should know how long it lasts");

    let page = add(&program, "menu.html", HTML).await;
    let got = fetched(&program, page).await;
    assert_eq!(
        got["type"],
        json!("application/octet-stream"),
        "a page is no page here"
    );
    save_twice(&program, page).await;
    program.end().await;
}

#[tokio::test]
async fn what_is_no_link_never_reaches_the_desktop() {
    let _turn = turn().await;
    let data = new_data();
    let program = Program::start(data.path()).await;
    program.screen().heading(words::WELCOME).await;

    for href in [
        "file:///etc/hostname",
        "javascript:alert(1)",
        "ssh://shop.example",
        "https://bank.example@evil.example/",
    ] {
        let answer = program.call("link_open", json!({ "href": href })).await;
        assert_eq!(
            answer.map_err(|error| error["code"].clone()),
            Err(json!("bad_request")),
            "{href} must not reach the desktop"
        );
    }
    assert!(program.opened().is_empty(), "the desktop should be told nothing");
    program.end().await;
}

async fn add(program: &Program, name: &str, bytes: &[u8]) -> u64 {
    let args = json!({ "fileName": name, "dataBase64": STANDARD.encode(bytes) });
    let media = program.call("media_add", args).await.expect("a file to be kept");
    media["id"].as_u64().expect("it has a number")
}

/// What the page gets of a file by our scheme.
async fn fetched(program: &Program, media: u64) -> Value {
    let script = format!(
        "fetch('media://localhost/{media}').then(async answer => done({{ \
            type: answer.headers.get('content-type'), length: (await answer.blob()).size }}), \
            error => done(String(error)))"
    );
    program.screen().ask_later(&script).await
}

/// How long the web view finds that a sound lasts, when it is played as the UI plays it.
async fn heard(program: &Program, media: u64) -> Value {
    let script = format!(
        "fetch('media://localhost/{media}').then(answer => answer.blob()).then(blob => {{ \
            const sound = new Audio(URL.createObjectURL(blob)); \
            sound.onloadedmetadata = () => done(sound.duration); \
            sound.onerror = () => done('error ' + sound.error.code + ' ' + sound.error.message); \
        }}, error => done(String(error)))"
    );
    program.screen().ask_later(&script).await
}

/// Whatever its sender calls it: into the folder, under a safe name, and never over another file.
async fn save_twice(program: &Program, page: u64) {
    for name in ["menú.html", "menú (2).html"] {
        let args = json!({ "mediaId": page, "fileName": "../../\u{202e}menú.html" });
        let saved = program
            .call("media_save", args)
            .await
            .expect("it should be saved");
        assert_eq!(saved, json!({ "fileName": name }), "under a name that nobody has");
        let home = std::env::var_os("HOME").expect("the session has a home");
        let file = std::path::Path::new(&home).join("downloads").join(name);
        let bytes = std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert_eq!(bytes, HTML, "the same bytes");
    }
}

/// A sound in which nothing is heard.
fn silence() -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend(b"RIFF");
    bytes.extend((SAMPLES + HEADER - 8).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(16_u32.to_le_bytes());
    bytes.extend([1_u16, 1].into_iter().flat_map(u16::to_le_bytes));
    bytes.extend([8_000_u32, 8_000].into_iter().flat_map(u32::to_le_bytes));
    bytes.extend([1_u16, 8].into_iter().flat_map(u16::to_le_bytes));
    bytes.extend(b"data");
    bytes.extend(SAMPLES.to_le_bytes());
    bytes.extend(std::iter::repeat_n(128, SAMPLES as usize));
    bytes
}
