//! What the window refuses, and what is said when there can be none.

use std::fs::File;
use std::path::Path;

use mostrador::words::Trouble;
use mostrador_api::dto::Language;
use serde_json::{Value, json};

use crate::desktop;
use crate::program::{Bare, Program, new_data};
use crate::{turn, words};

#[tokio::test]
async fn the_window_stays_where_it_is_and_offers_the_page_nothing_more() {
    let _turn = turn().await;
    let data = new_data();
    let program = Program::start(data.path()).await;
    let screen = program.screen();
    screen.heading(words::WELCOME).await;

    for address in [
        "https://shop.example/",
        "data:text/html,<h1>elsewhere</h1>",
        "file:///etc/hostname",
        "ipc://localhost/app_status",
    ] {
        screen
            .ask(&format!("location.href = {}; return true", json!(address)))
            .await;
        screen.heading(words::WELCOME).await;
    }
    let stayed = screen.ask("return location.protocol").await;
    assert_eq!(stayed, json!("tauri:"), "no address should have replaced the UI");

    let opened = screen
        .ask("return window.open('https://shop.example/') === null")
        .await;
    assert_eq!(opened, json!(true), "no further window should open");
    let global = screen.ask("return typeof window.__TAURI__").await;
    assert_eq!(
        global,
        json!("undefined"),
        "the bridge should not lie about for every script to use"
    );

    for command in [
        "plugin:window|close",
        "plugin:webview|create_webview_window",
        "plugin:event|emit",
        "plugin:app|version",
    ] {
        let answer = program.call(command, json!({})).await;
        assert!(
            answer.is_err(),
            "{command} should be refused to the page, not answered {answer:?}"
        );
    }
    let unknown = program.call("no_such_command", json!({})).await;
    assert_eq!(
        unknown.map_err(|error| error["code"].clone()),
        Err(json!("unknown_command")),
        "with the core's own code"
    );
    program.end().await;
}

#[tokio::test]
async fn a_second_start_on_the_same_data_shows_the_first_window_and_ends() {
    let _turn = turn().await;
    let data = new_data();
    let program = Program::start(data.path()).await;
    program.screen().heading(words::WELCOME).await;

    let (status, said) = Bare::start(data.path()).ended().await;
    assert!(status.success(), "the second start is no failure: {said}");

    program.screen().heading(words::WELCOME).await;
    let status = program
        .call("app_status", Value::Null)
        .await
        .expect("the first should still answer");
    assert!(
        status["practice"]["phoneUrl"].is_string(),
        "the first should go on with its shop"
    );
    program.end().await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_is_said_in_a_dialog_and_on_the_terminal() {
    let _turn = turn().await;
    let data = new_data();
    let in_the_way = data.path().join("shop");
    std::fs::write(&in_the_way, "a file where the folder should be").expect("a file");

    let said = start_in_vain(&in_the_way).await;

    assert_says(&said, Trouble::Unusable, &in_the_way);
}

#[tokio::test]
async fn data_that_another_program_works_with_is_left_alone_and_said() {
    let _turn = turn().await;
    let data = new_data();
    let lock = File::create(data.path().join("mostrador.lock")).expect("a file");
    lock.try_lock().expect("nobody else has it yet");

    let said = start_in_vain(data.path()).await;

    assert_says(&said, Trouble::InUse, data.path());
    assert!(
        !data.path().join("mostrador.db").exists(),
        "nothing should be written beside the other program's back"
    );
}

/// Starts the program where it cannot start, closes its dialog, and gives what it said on the terminal.
async fn start_in_vain(data: &Path) -> String {
    let program = Bare::start(data);
    let dialog = desktop::window(words::NO_START).await;
    desktop::painted(&dialog, desktop::A_FEW_LETTERS).await;
    assert_eq!(desktop::count(words::NO_START), 1, "it is said once");
    desktop::press_key(&dialog, "Return");
    let (status, said) = program.ended().await;
    assert_eq!(
        status.code(),
        Some(1),
        "a start that failed says so to whoever started it"
    );
    said
}

fn assert_says(said: &str, trouble: Trouble, folder: &Path) {
    let (_, message) = trouble.said(mostrador::words::of(Language::Es), &folder.display().to_string());
    let on_one_line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains(&on_one_line),
        "the terminal should read {on_one_line:?}, not {said:?}"
    );
}
