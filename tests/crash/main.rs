//! A real process dies at each named point between "send this" and "it was sent", and is started again on the same folder.
//! By the ledger of a gateway in another process: nothing lost, nothing twice.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use mostrador_engine::clock::{Clock, SystemClock};
use mostrador_sandbox::{Sandbox, SandboxConfig};
use reqwest::Client;
use serde_json::{Value, json};

const ROSA: &str = "51900000011";
/// Longer than a call may be at work after it was left: before that, nothing is sent again.
const PATIENCE: Duration = Duration::from_secs(150);

/// The headless program as a real process.
struct Program {
    child: Child,
    url: String,
    token: String,
    client: Client,
}

impl Program {
    fn start(data: &Path, crash_at: Option<&str>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mostrador-headless"));
        command
            .arg("--data")
            .arg(data)
            .args(["--port", "0", "--secrets", "memory"])
            .stdout(Stdio::piped());
        if let Some(point) = crash_at {
            command.env("MOSTRADOR_CRASH_AT", point);
        }
        let mut child = command.spawn().expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output"))
            .read_line(&mut line)
            .expect("its line");
        let said: Value = serde_json::from_str(&line).expect("JSON");
        let word = |name: &str| said[name].as_str().expect("a word").to_owned();
        Self {
            child,
            url: word("url"),
            token: word("token"),
            client: Client::new(),
        }
    }

    async fn call(&self, command: &str, args: Value) -> Option<Value> {
        let request = self
            .client
            .post(format!("{}/api/{command}", self.url))
            .bearer_auth(&self.token)
            .json(&args);
        request.send().await.ok()?.json().await.ok()
    }

    /// Waits until `holds` of a command's answer.
    async fn until(&self, what: &str, command: &str, args: Value, holds: impl Fn(&Value) -> bool) -> Value {
        let patience = SystemClock.sleep(PATIENCE);
        tokio::pin!(patience);
        loop {
            if let Some(answer) = self.call(command, args.clone()).await.filter(&holds) {
                return answer;
            }
            tokio::select! {
                () = &mut patience => panic!("in vain: {what}"),
                () = SystemClock.sleep(Duration::from_millis(50)) => {}
            }
        }
    }

    /// Gives the token for this run and waits until the device is online.
    async fn online(&self, sandbox: &Sandbox) {
        let device = json!({ "deviceId": 1, "token": sandbox.token(), "remember": false });
        self.call("device_token_set", device)
            .await
            .expect("the token is taken");
        self.until("online", "device_list", json!({}), |list| {
            list[0]["state"]["kind"] == "online"
        })
        .await;
    }

    async fn chat_of_rosa(&self) -> Value {
        let args = json!({ "filter": "all", "deviceId": null, "after": null, "limit": 200 });
        let page = self
            .until("chats", "chat_list", args, |page| {
                page["rows"].as_array().is_some()
            })
            .await;
        let rows = page["rows"].as_array().cloned().expect("rows");
        let rosa = rows.into_iter().find(|row| {
            row["title"]
                .as_str()
                .is_some_and(|title| title.starts_with("Rosa"))
        });
        rosa.expect("Rosa's chat")["id"].clone()
    }

    async fn wait_for_its_death(&mut self) {
        let patience = SystemClock.sleep(PATIENCE);
        tokio::pin!(patience);
        loop {
            if let Some(status) = self.child.try_wait().expect("asked") {
                assert!(!status.success(), "it was meant to die: {status}");
                return;
            }
            tokio::select! {
                () = &mut patience => panic!("the crash point was never passed"),
                () = SystemClock.sleep(Duration::from_millis(20)) => {}
            }
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _dead_already = self.child.kill();
        let _reaped = self.child.wait();
    }
}

async fn dies_at(point: &str) {
    let sandbox = Sandbox::start(SandboxConfig::for_tests())
        .await
        .expect("the sandbox");
    sandbox.link();
    let folder = tempfile::tempdir().expect("a folder");
    let text = format!("después de {point}");
    {
        let mut program = Program::start(folder.path(), Some(point));
        let add = json!({ "gateway": "whapi", "name": "Tienda", "url": sandbox.url(), "token": sandbox.token(), "remember": false });
        program.call("device_add", add).await.expect("added");
        program
            .until("online", "device_list", json!({}), |list| {
                list[0]["state"]["kind"] == "online"
            })
            .await;
        let chat = program.chat_of_rosa().await;
        let send = json!({ "chatId": chat, "clientId": "crash-1", "text": text, "mediaId": null });
        program.call("message_send", send).await;
        program.wait_for_its_death().await;
    }

    let program = Program::start(folder.path(), None);
    program.online(&sandbox).await;
    let chat = program.chat_of_rosa().await;
    let list = json!({ "chatId": chat, "before": null, "limit": 50 });
    let mine = |page: &Value| -> Vec<Value> {
        let rows = page["rows"].as_array().cloned().unwrap_or_default();
        rows.into_iter()
            .filter(|row| row["body"]["text"] == text.as_str())
            .collect()
    };
    let page = program
        .until("it is delivered", "message_list", list, |page| {
            mine(page).first().is_some_and(|row| row["status"] == "delivered")
        })
        .await;
    assert_eq!(mine(&page).len(), 1, "{point}: it shows once");
    let got = sandbox
        .ledger_of(ROSA)
        .into_iter()
        .filter(|entry| entry.body.as_deref() == Some(&text))
        .count();
    assert_eq!(got, 1, "{point}: Rosa got it exactly once");
    drop(program);
    sandbox.stop().await;
}

#[tokio::test]
async fn after_enqueue_it_is_sent() {
    dies_at("outbox.enqueued").await;
}

#[tokio::test]
async fn after_the_claim_it_is_looked_for_and_sent() {
    dies_at("outbox.claimed").await;
}

#[tokio::test]
async fn after_the_call_it_is_found_and_not_sent_again() {
    dies_at("outbox.called").await;
}

#[tokio::test]
async fn after_the_answer_it_is_done() {
    dies_at("outbox.answered").await;
}
