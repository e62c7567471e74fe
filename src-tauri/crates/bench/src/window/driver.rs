//! The web view's own driver: a program in its window, asked and pressed as a person would, by the protocol of WebDriver.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};

use super::process::{self, Process};
use crate::Problem;
use crate::driven::Running;
use crate::timing::{now, pause};

const DRIVER: &str = "WebKitWebDriver";
/// What runs in the page when it is asked something.
const PAGE: &str = include_str!("page.js");
/// How long a window may take to open, and a program to end.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a script in the page may take, in milliseconds.
const LONGEST_SCRIPT: u64 = 3_600_000;
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A key of the keyboard.
#[derive(Clone, Copy)]
pub(crate) enum Key {
    /// With this letter, figure or sign on it.
    Sign(char),
    Escape,
    Down,
    /// Held while another one is pressed.
    AltAnd(char),
    AltAndDown,
    ControlAnd(char),
}

/// A program with its window. Dropped, it is killed.
pub(crate) struct Window {
    _driver: Running,
    client: Client,
    /// `http://127.0.0.1:PORT/session/ID`
    session: String,
    pub(crate) process: Process,
}

impl Window {
    /// Starts `binary` on the folder `data`, and waits for its window.
    pub(crate) async fn open(binary: &Path, data: &Path) -> Result<Self, Problem> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut command = Command::new(DRIVER);
        command
            .arg(format!("--port={port}"))
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("LC_ALL", "es_PE.UTF-8")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let driver = Running(command.spawn()?);
        let client = Client::new();
        let url = format!("http://127.0.0.1:{port}");
        answers(&client, &url).await?;
        let options = json!({ "binary": binary, "args": ["--data", data] });
        let wanted = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": options } } });
        let told = asked(&client, &format!("{url}/session"), &wanted).await?;
        let id = told["sessionId"].as_str().unwrap_or_default();
        let window = Self {
            _driver: driver,
            session: format!("{url}/session/{id}"),
            process: process::of(binary, data)?,
            client,
        };
        window
            .ask("timeouts", &json!({ "script": LONGEST_SCRIPT }))
            .await?;
        Ok(window)
    }

    /// Runs a script in the page; `bench` is there.
    pub(crate) async fn page(&self, script: &str) -> Result<Value, Problem> {
        let script = format!("{PAGE}\n{script}");
        self.ask("execute/sync", &json!({ "script": script, "args": [] }))
            .await
    }

    /// The same of a script that gives a promise.
    pub(crate) async fn page_later(&self, promise: &str) -> Result<Value, Problem> {
        let script = format!(
            "{PAGE}\nconst done = arguments[0]; Promise.resolve({promise}).then(done, error => done({{ failed: String(error) }}));"
        );
        let told = self
            .ask("execute/async", &json!({ "script": script, "args": [] }))
            .await?;
        match told["failed"].as_str() {
            Some(error) => Err(Problem::InVain(format!(
                "the page does what it is asked: {error}"
            ))),
            None => Ok(told),
        }
    }

    /// Waits until something holds in the page.
    pub(crate) async fn until(&self, what: &str, condition: &str) -> Result<(), Problem> {
        let start = now();
        while self.page(&format!("return Boolean({condition})")).await? != json!(true) {
            if start.elapsed() > PATIENCE {
                return Err(Problem::InVain(what.to_owned()));
            }
            pause(LOOK_EVERY).await;
        }
        Ok(())
    }

    /// Calls a command of the core as the page does.
    pub(crate) async fn call(&self, command: &str, args: &Value) -> Result<Value, Problem> {
        self.page_later(&format!("window.__TAURI_INTERNALS__.invoke('{command}', {args})"))
            .await
    }

    pub(crate) async fn press(&self, key: Key) -> Result<(), Problem> {
        let (held, pressed) = match key {
            Key::Sign(sign) => (None, sign),
            Key::Escape => (None, '\u{e00c}'),
            Key::Down => (None, '\u{e015}'),
            Key::AltAnd(sign) => (Some('\u{e00a}'), sign),
            Key::AltAndDown => (Some('\u{e00a}'), '\u{e015}'),
            Key::ControlAnd(sign) => (Some('\u{e009}'), sign),
        };
        let mut moves = vec![("keyDown", pressed), ("keyUp", pressed)];
        if let Some(held) = held {
            moves.insert(0, ("keyDown", held));
            moves.push(("keyUp", held));
        }
        let moves: Vec<Value> = moves
            .into_iter()
            .map(|(kind, value)| json!({ "type": kind, "value": value }))
            .collect();
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": moves });
        self.ask("actions", &json!({ "actions": [keyboard] }))
            .await
            .map(drop)
    }

    /// Ends it as a session ends its programs, and waits until it is gone.
    pub(crate) async fn end(self) -> Result<(), Problem> {
        let id = self.process.id;
        Command::new("kill").args(["-TERM", &id.to_string()]).status()?;
        let start = now();
        while PathBuf::from(format!("/proc/{id}")).exists() {
            if start.elapsed() > PATIENCE {
                return Err(Problem::InVain("the program ends when it is asked to".to_owned()));
            }
            pause(LOOK_EVERY).await;
        }
        Ok(())
    }

    async fn ask(&self, what: &str, args: &Value) -> Result<Value, Problem> {
        asked(&self.client, &format!("{}/{what}", self.session), args).await
    }
}

async fn answers(client: &Client, url: &str) -> Result<(), Problem> {
    let start = now();
    while client.get(format!("{url}/status")).send().await.is_err() {
        if start.elapsed() > PATIENCE {
            return Err(Problem::InVain("the web view's driver answers".to_owned()));
        }
        pause(LOOK_EVERY).await;
    }
    Ok(())
}

async fn asked(client: &Client, url: &str, args: &Value) -> Result<Value, Problem> {
    let mut answer: Value = client.post(url).json(args).send().await?.json().await?;
    let told = answer["value"].take();
    match told["error"].as_str() {
        Some(error) => Err(Problem::InVain(format!(
            "the web view's driver says {error}: {}",
            told["message"].as_str().unwrap_or_default()
        ))),
        None => Ok(told),
    }
}
