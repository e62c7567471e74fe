//! The log: what is kept of what was said, and asking for it.

use mostrador_api::logs::Logs;
use serde_json::{Value, json};

use crate::canaries::{Canaries, kept};
use crate::world::{ROSA, World};

/// The arguments of `logs_query` for everything.
fn everything() -> Value {
    json!({ "since": null, "level": null, "text": null, "deviceId": null, "limit": 2_000 })
}

async fn lines(world: &World, args: Value) -> Vec<Value> {
    world
        .run("logs_query", args)
        .await
        .as_array()
        .cloned()
        .expect("lines")
}

#[tokio::test]
async fn the_search_finds_what_is_logged_by_mistake_and_the_redaction_keeps_it_out() {
    let world = World::linked().await;
    let canaries = Canaries::of(&world.sandbox);
    let token = world.sandbox.token();
    let words = "quiero una torta de tres leches";
    let mut with_words = Canaries::default();
    with_words.add(words);

    tracing::info!(target: "mostrador::by_mistake", token, chat = ROSA, body = ?words, "by mistake: {ROSA}@s.whatsapp.net with Bearer {token}");

    let handed = world.handed_over().join("\n");
    assert!(
        canaries.in_text(&handed).any(|found| found == token),
        "the search sees a token before the redaction"
    );
    assert!(
        canaries.in_text(&handed).any(|found| found == ROSA),
        "and a number"
    );
    assert_eq!(with_words.in_text(&handed).count(), 1, "and a text");
    let kept = kept(world.folder()).join("\n");
    assert!(kept.contains("by mistake"), "the line is kept");
    assert_eq!(
        canaries.in_text(&kept).next(),
        None,
        "without the token and the number"
    );
    assert_eq!(with_words.in_text(&kept).next(), None, "and without the text");
    world.finish_after_telling_secrets().await;
}

#[tokio::test]
async fn what_was_logged_can_be_asked_for() {
    let mut world = World::linked().await;
    world.expect_warning("omething");
    tracing::warn!(device = %1, "Something Odd");
    tracing::warn!(device = %2, "something even");

    let all = lines(&world, everything()).await;
    assert!(
        all.iter()
            .any(|line| line["message"] == "device" && line["fields"]["state"] == "Online"),
        "how it was linked: {all:?}"
    );
    let ask = |change: &dyn Fn(&mut Value)| {
        let mut args = everything();
        change(&mut args);
        args
    };
    let odd = lines(&world, ask(&|args| args["text"] = json!("something"))).await;
    assert_eq!(odd.len(), 2, "in any case");
    let odd = lines(
        &world,
        ask(&|args| {
            args["text"] = json!("something");
            args["deviceId"] = json!(1)
        }),
    )
    .await;
    assert_eq!(odd.len(), 1, "of one device");
    let grave = lines(&world, ask(&|args| args["level"] = json!("error"))).await;
    assert!(grave.is_empty(), "a warning is no error: {grave:?}");
    let newest = lines(
        &world,
        ask(&|args| {
            args["text"] = json!("something");
            args["limit"] = json!(1);
        }),
    )
    .await;
    assert_eq!(newest[0]["message"], "something even", "the newest");
    let later = all.last().expect("a line")["at"].as_i64().expect("a time") + 3_600_000;
    let none = lines(&world, ask(&|args| args["since"] = json!(later))).await;
    assert!(none.is_empty(), "nothing is that new");
    world.finish().await;
}

#[tokio::test]
async fn an_unreasonable_question_is_refused() {
    let world = World::new().await;
    for limit in [0, 2_001] {
        let mut args = everything();
        args["limit"] = json!(limit);
        let code = world.refused("logs_query", args).await;
        assert_eq!(code, mostrador_api::ErrorCode::BadRequest, "{limit} lines");
    }
    world.finish().await;
}

/// In a process of its own: the hook for panics belongs to the whole process.
#[test]
fn a_panic_is_logged_like_everything_else() {
    const INSIDE: &str = "MOSTRADOR_TEST_PANICS_IN";
    if let Some(folder) = std::env::var_os(INSIDE) {
        let logs = Logs::new(std::sync::Arc::new(mostrador_engine::clock::SystemClock));
        logs.start();
        logs.keep_in(folder.as_ref()).expect("it is kept");
        let text = "mañana paso por la torta";
        let _panics = std::panic::catch_unwind(|| text.split_at(3));
        panic!("for {ROSA}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let program = std::env::current_exe().expect("this program");
    let output = std::process::Command::new(program)
        .args([
            "logs::a_panic_is_logged_like_everything_else",
            "--exact",
            "--nocapture",
        ])
        .env(INSIDE, folder.path())
        .output()
        .expect("it runs");

    assert!(!output.status.success(), "it panics");
    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    let kept = kept(folder.path()).join("\n");
    for (place, text) in [("standard error", &printed), ("the file", &kept)] {
        assert!(
            text.contains("mostrador::panic") && text.contains("logs.rs"),
            "{place} says where: {text}"
        );
        assert!(
            !text.contains(ROSA) && !text.contains("torta"),
            "{place} says nothing else: {text}"
        );
    }
}
