//! The list of a hundred thousand chats as a window gets it: JSON over loopback, from the headless program.

use std::path::Path;

use mostrador_store::StoreError;
use mostrador_store::tables::label;
use serde_json::{Value, json};

use crate::Problem;
use crate::driven::Headless;
use crate::figure::{Figure, Goal};
use crate::lists;
use crate::timing::{now, percentile};

/// How often each is asked.
const ASKED: usize = 300;
/// Milliseconds.
const GOAL: f64 = 5.0;

/// Measures each list that a window opens.
pub(crate) async fn figures(folder: &Path, chats: usize) -> Result<Vec<Figure>, Problem> {
    let data = folder.join("listing");
    std::fs::create_dir_all(&data)?;
    let path = data.join("mostrador.db");
    let store = if path.exists() {
        lists::open(&path)?
    } else {
        lists::fill(&path, chats).await?
    };
    let deep = store.read(lists::seventy_percent_down).await?;
    let deep = format!("{}:{}:{}", i64::from(deep.pinned), deep.last_at.0, deep.id);
    let label = store.read(first_label).await?;
    drop(store);
    let program = Headless::start(&data).await?;
    let list = |filter: &str, label: Value, after: Value| json!({ "filter": filter, "labelId": label, "deviceId": null, "after": after, "limit": 50 });
    let mut figures = Vec::new();
    for (name, command, args) in [
        (
            "chats_first_page",
            "chat_list",
            list("all", Value::Null, Value::Null),
        ),
        (
            "chats_page_at_70_percent",
            "chat_list",
            list("all", Value::Null, deep.into()),
        ),
        (
            "chats_unread",
            "chat_list",
            list("unread", Value::Null, Value::Null),
        ),
        (
            "chats_unanswered",
            "chat_list",
            list("unanswered", Value::Null, Value::Null),
        ),
        ("chats_label", "chat_list", list("all", label.into(), Value::Null)),
        ("label_counters", "label_list", json!({})),
    ] {
        let times = timed(&program, command, &args).await?;
        figures.push(Figure::new(
            format!("http_{name}_p95"),
            percentile(&times, 0.95),
            "ms",
            Goal::AtMost(GOAL),
        ));
    }
    Ok(figures)
}

fn first_label(connection: &mostrador_store::Connection) -> Result<Option<i64>, StoreError> {
    Ok(label::list(connection, None)?.first().map(|label| label.id.0))
}

/// Milliseconds of each of many askings, up to the last byte; one that brings nothing would measure nothing.
async fn timed(program: &Headless, command: &str, args: &Value) -> Result<Vec<f64>, Problem> {
    let mut times = Vec::new();
    for _ in 0..ASKED {
        let start = now();
        let response = program.request(command, args).send().await?;
        let body = response.error_for_status()?.bytes().await?;
        times.push(start.elapsed().as_secs_f64() * 1_000.0);
        let told: Value = serde_json::from_slice(&body).unwrap_or_default();
        let rows = told["rows"].as_array().or(told.as_array());
        if rows.is_none_or(Vec::is_empty) {
            return Err(Problem::InVain(format!("{command} brings something")));
        }
    }
    Ok(times)
}
