//! The headless program with a million messages and linked devices: what it needs at rest and under load, and how soon a
//! customer's message is stored and told.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::Problem;
use crate::driven::{Headless, Hook, Practice};
use crate::figure::{Figure, Goal};
use crate::load::{self, Delivered};
use crate::timing::{now, pause, percentile};
use crate::usage;

/// How long a program is left alone before it counts as idle.
const REST: Duration = Duration::from_secs(10);
/// How many devices are linked when what the program does at rest is measured.
const DEVICES: usize = 5;
/// How often a window under load reads, and its memory is looked at.
const READ_EVERY: Duration = Duration::from_millis(100);

/// How long it is measured.
#[derive(Clone, Copy)]
pub(crate) struct Spans {
    pub(crate) load: Duration,
    pub(crate) load_with_window: Duration,
    pub(crate) idle: Duration,
}

impl Spans {
    /// The whole time, or a tenth of it.
    pub(crate) fn of(quick: bool) -> Self {
        let seconds = |whole: u64| Duration::from_secs(if quick { whole / 10 } else { whole });
        Self {
            load: seconds(60),
            load_with_window: seconds(30),
            idle: seconds(60),
        }
    }
}

/// The program with a file of many messages, and the practice shop that its device is linked to.
struct Linked {
    program: Headless,
    _practice: Practice,
    hook: Hook,
    file: PathBuf,
}

impl Linked {
    /// Opens a copy of the file at `filled` in the folder `name`, links its one device and waits until all is calm.
    async fn start(folder: &Path, filled: &Path, name: &str) -> Result<Self, Problem> {
        let data = folder.join(name);
        if data.exists() {
            std::fs::remove_dir_all(&data)?;
        }
        std::fs::create_dir_all(&data)?;
        let file = data.join("mostrador.db");
        std::fs::copy(filled, &file)?;
        let practice = Practice::start(1, &folder.join("practice.log")).await?;
        let connection = Connection::open(&file)?;
        connection.execute("UPDATE device SET gateway = 'whapi', url = ?1", [&practice.url])?;
        drop(connection);
        let program = Headless::start(&data).await?;
        program.set_token(1, practice.token(0)).await?;
        program.all_online(1).await?;
        let hook = practice.hook(0).await?;
        pause(REST).await;
        Ok(Self {
            program,
            _practice: practice,
            hook,
            file,
        })
    }

    async fn deliver(&self, name: &str, span: Duration) -> Result<Delivered, Problem> {
        let ids = load::chat_ids(&self.file)?;
        load::deliver(&self.program, &self.hook, ids, name, span).await
    }
}

/// How soon messages are stored and told, and whether any is lost.
pub(crate) async fn webhooks(folder: &Path, filled: &Path, spans: Spans) -> Result<Vec<Figure>, Problem> {
    let linked = Linked::start(folder, filled, "webhooks").await?;
    let delivered = linked.deliver("WEBHOOKS", spans.load).await?;
    linked.program.kill();
    let lost = delivered.posted - load::found(&linked.file, "WEBHOOKS")?;
    let time = |name: &str, times: &[f64], share, goal| {
        Figure::new(format!("webhook_{name}"), percentile(times, share), "ms", goal)
    };
    Ok(vec![
        Figure::new(
            "webhook_never_told",
            delivered.told.iter().filter(|time| time.is_infinite()).count() as f64,
            "messages",
            Goal::AtMost(0.0),
        ),
        time("stored_p50", &delivered.stored, 0.5, Goal::None),
        time("stored_p99", &delivered.stored, 0.99, Goal::AtMost(50.0)),
        time("told_p50", &delivered.told, 0.5, Goal::None),
        time("told_p99", &delivered.told, 0.99, Goal::AtMost(50.0)),
        Figure::new(
            "webhook_refused",
            delivered.refused as f64,
            "messages",
            Goal::AtMost(0.0),
        ),
        Figure::new("webhook_lost", lost as f64, "messages", Goal::AtMost(0.0)),
    ])
}

/// What it needs of memory.
pub(crate) async fn memory(folder: &Path, filled: &Path, spans: Spans) -> Result<Vec<Figure>, Problem> {
    let linked = Linked::start(folder, filled, "memory").await?;
    let idle = usage::memory(linked.program.pid())?;
    let loaded = tokio::select! {
        most = read_lists(&linked.program) => most?,
        most = async {
            let mut most = 0.0_f64;
            let delivered = linked.deliver("MEMORY", spans.load_with_window);
            tokio::pin!(delivered);
            loop {
                tokio::select! {
                    done = &mut delivered => {
                        if done?.refused > 0 {
                            return Err(Problem::InVain("all of the load is taken in".to_owned()));
                        }
                        return Ok::<f64, Problem>(most);
                    }
                    () = pause(READ_EVERY) => most = most.max(usage::memory(linked.program.pid())?),
                }
            }
        } => most?,
    };
    linked.program.kill();
    Ok(vec![
        Figure::new("memory_idle", idle, "MiB", Goal::AtMost(60.0)),
        Figure::new("memory_under_load", loaded, "MiB", Goal::AtMost(150.0)),
    ])
}

/// A window that reads its lists again and again; never ends by itself.
async fn read_lists(program: &Headless) -> Result<f64, Problem> {
    let (mut after, mut begun) = (Value::Null, now());
    loop {
        let args = json!({ "filter": "all", "deviceId": null, "after": after, "limit": 50 });
        let page = program.call("chat_list", args).await?;
        after = page["next"].clone();
        let chat = page["rows"][0]["id"].clone();
        if !chat.is_null() {
            let args = json!({ "chatId": chat, "before": null, "limit": 50 });
            program.call("message_list", args).await?;
        }
        program.call("label_list", json!({})).await?;
        pause(READ_EVERY.saturating_sub(begun.elapsed())).await;
        begun = now();
    }
}

/// What it does when there is nothing to do, with several devices linked.
pub(crate) async fn idle(folder: &Path, spans: Spans) -> Result<Vec<Figure>, Problem> {
    let data = folder.join("idle");
    if data.exists() {
        std::fs::remove_dir_all(&data)?;
    }
    std::fs::create_dir_all(&data)?;
    let practice = Practice::start(DEVICES, &folder.join("practice.log")).await?;
    let program = Headless::start(&data).await?;
    for device in 0..DEVICES {
        let args = json!({
            "gateway": "whapi", "name": format!("Tienda {device}"), "url": practice.url,
            "token": practice.token(device), "remember": false,
        });
        program.call("device_add", args).await?;
    }
    program.all_online(DEVICES).await?;
    pause(REST).await;
    let share = usage::processor(program.pid(), spans.idle).await?;
    let memory = usage::memory(program.pid())?;
    program.kill();
    Ok(vec![
        Figure::new("idle_processor", share, "% core", Goal::AtMost(0.5)),
        Figure::new("idle_memory_of_small_shop", memory, "MiB", Goal::None),
    ])
}
