//! The program as a real process: started, called over HTTP, killed.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use mostrador_engine::clock::{Clock, SystemClock};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::Broken;
use crate::practice::Practice;

/// How long a start may take on a busy machine.
const START: Duration = Duration::from_secs(30);
/// How long a call may take before it is given up.
const CALL: Duration = Duration::from_secs(60);

/// Where the program is and where it keeps everything.
#[derive(Debug, Clone)]
pub struct Place {
    /// The program.
    pub program: PathBuf,
    /// Its data folder.
    pub data: PathBuf,
}

/// A running program. Dropped, it is killed.
pub struct Program {
    child: Child,
    line: Line,
}

/// How to call a running program; outlives it, and gets no answers then.
#[derive(Clone)]
pub struct Line {
    url: String,
    token: String,
    client: Client,
}

/// What the program said to a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Done.
    Done(Value),
    /// Refused, with its code.
    Refused(String),
    /// Nothing: it is dead, or died over it.
    Nothing,
}

impl Program {
    /// Starts it and waits until it says where it can be called. With `crash_at` (`name:n`) it kills itself when it passes that
    /// point for the n-th time, which may be before it is up: [`Ok`] of `None`.
    ///
    /// # Errors
    /// It does not start.
    pub async fn start(place: &Place, crash_at: Option<&str>) -> Result<Option<Self>, Broken> {
        let mut child = Self::spawn(place, crash_at)?;
        let mut line = String::new();
        let said = match child.stdout.take() {
            Some(output) => {
                let mut output = BufReader::new(output);
                tokio::select! {
                    read = output.read_line(&mut line) => read.is_ok(),
                    () = SystemClock.sleep(START) => false,
                }
            }
            None => false,
        };
        let said: Option<Value> = serde_json::from_str(&line).ok().filter(|_| said);
        let Some((url, token)) = said
            .as_ref()
            .and_then(|said| Some((said["url"].as_str()?, said["token"].as_str()?)))
        else {
            return Self::did_not_come_up(child, crash_at.is_some()).await;
        };
        let client = Client::builder().timeout(CALL).build();
        let client = client.map_err(|error| broken_start(error.to_string()))?;
        let line = Line {
            url: url.to_owned(),
            token: token.to_owned(),
            client,
        };
        Ok(Some(Self { child, line }))
    }

    /// Starts it and kills it `after` that, whatever it is doing then: it may not even be up.
    ///
    /// # Errors
    /// It cannot be started at all.
    pub async fn start_and_kill(place: &Place, after: Duration) -> Result<(), Broken> {
        let mut child = Self::spawn(place, None)?;
        SystemClock.sleep(after).await;
        child.kill().await?;
        Ok(())
    }

    fn spawn(place: &Place, crash_at: Option<&str>) -> Result<Child, Broken> {
        std::fs::create_dir_all(&place.data)?;
        // What it logs is kept beside the folder, for whoever looks into a failing run.
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(place.data.with_extension("log"))?;
        let mut command = Command::new(&place.program);
        command
            .arg("--data")
            .arg(&place.data)
            .args(["--port", "0", "--secrets", "memory"])
            .env_remove("MOSTRADOR_CRASH_AT")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true);
        if let Some(point) = crash_at {
            command.env("MOSTRADOR_CRASH_AT", point);
        }
        Ok(command.spawn()?)
    }

    async fn did_not_come_up(mut child: Child, may_die: bool) -> Result<Option<Self>, Broken> {
        let ended = tokio::select! {
            status = child.wait() => Some(status?),
            () = SystemClock.sleep(START) => None,
        };
        match ended {
            Some(status) if may_die && !status.success() && status.code().is_none() => Ok(None),
            Some(status) => Err(broken_start(format!(
                "it ended with {status} instead of saying where it is"
            ))),
            None => Err(broken_start("it does not say where it is".to_owned())),
        }
    }

    /// How to call it.
    pub fn line(&self) -> Line {
        self.line.clone()
    }

    /// `kill -9`.
    ///
    /// # Errors
    /// The system's.
    pub async fn kill(mut self) -> Result<(), Broken> {
        Ok(self.child.kill().await?)
    }

    /// `kill -9` after a while, for use beside calls that are under way: they are not dropped before it is dead.
    ///
    /// # Errors
    /// It ended by itself before that, which is a fault; the system's.
    pub async fn kill_after(&mut self, after: Duration) -> Result<(), Broken> {
        if self.dies_within(after).await? {
            return Err(Broken::InVain(
                "the program goes on until it is killed".to_owned(),
            ));
        }
        Ok(self.child.kill().await?)
    }

    /// Waits for it to kill itself; `false` = it did not within `patience`.
    ///
    /// # Errors
    /// The system's.
    pub async fn dies_within(&mut self, patience: Duration) -> Result<bool, Broken> {
        tokio::select! {
            status = self.child.wait() => {
                status?;
                Ok(true)
            }
            () = SystemClock.sleep(patience) => Ok(false),
        }
    }
}

fn broken_start(why: String) -> Broken {
    Broken::Start {
        what: "mostrador-headless",
        why,
    }
}

impl Line {
    /// Runs a command.
    pub async fn call(&self, command: &str, args: Value) -> Answer {
        let request = self.client.post(format!("{}/api/{command}", self.url));
        let Ok(response) = request.bearer_auth(&self.token).json(&args).send().await else {
            return Answer::Nothing;
        };
        let fine = response.status().is_success();
        match response.json::<Value>().await {
            Ok(answer) if fine => Answer::Done(answer),
            Ok(error) => Answer::Refused(error["code"].as_str().unwrap_or("unknown").to_owned()),
            Err(_) => Answer::Nothing,
        }
    }

    /// What a command that only reads answers.
    pub async fn read(&self, command: &str, args: Value) -> Option<Value> {
        match self.call(command, args).await {
            Answer::Done(answer) => Some(answer),
            Answer::Refused(_) | Answer::Nothing => None,
        }
    }

    /// Gives the device its token for this run; adds the device if there is none yet. What does not answer is dead, which the
    /// caller will notice.
    pub async fn plug_in(&self, practice: &Practice) {
        let devices = self.read("device_list", json!({})).await;
        let token = practice.token();
        let known = devices.as_ref().and_then(|devices| devices[0]["id"].as_i64());
        let _answer = match (devices, known) {
            (None, _) => return,
            (_, Some(id)) => {
                let args = json!({ "deviceId": id, "token": token, "remember": false });
                self.call("device_token_set", args).await
            }
            (_, None) => {
                let args = json!({
                    "gateway": "whapi", "name": "Tienda", "url": practice.url(), "token": token, "remember": false,
                });
                self.call("device_add", args).await
            }
        };
    }

    /// The people's chats: their ids.
    pub async fn chats(&self) -> Option<Vec<i64>> {
        let mut chats = Vec::new();
        let mut after = Value::Null;
        loop {
            let args = json!({ "filter": "all", "deviceId": null, "after": after, "limit": 200 });
            let page = self.read("chat_list", args).await?;
            let rows = page["rows"].as_array()?;
            chats.extend(
                rows.iter()
                    .filter(|row| row["kind"] == "person")
                    .filter_map(|row| row["id"].as_i64()),
            );
            after = page["next"].clone();
            if after.is_null() || rows.is_empty() {
                return Some(chats);
            }
        }
    }
}

impl Place {
    /// In `folder`, which is made when the program starts.
    pub fn new(program: &Path, folder: &Path) -> Self {
        Self {
            program: program.to_owned(),
            data: folder.to_owned(),
        }
    }
}
