//! The real programs, as processes of their own: the headless program and the practice shop, called over loopback.
//!
//! Both lie beside this program, where `cargo xtask bench` builds them. Dropped, they are killed; what they kept stays in the
//! run's folder.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::Problem;
use crate::timing::{now, pause};

/// How long a start, or a state that is waited for, may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A process; dropped, it is killed.
pub(crate) struct Running(pub(crate) Child);

/// The headless program.
pub(crate) struct Headless {
    child: Running,
    url: String,
    token: String,
    client: Client,
}

/// The practice shop.
pub(crate) struct Practice {
    _child: Running,
    pub(crate) url: String,
    tokens: Vec<String>,
    client: Client,
}

/// Where a device's gateway delivers to.
#[derive(Clone)]
pub(crate) struct Hook {
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
}

impl Headless {
    /// Opens the data folder `data`.
    pub(crate) async fn start(data: &Path) -> Result<Self, Problem> {
        let mut command = Command::new(beside("mostrador-headless")?);
        command
            .arg("--data")
            .arg(data)
            .args(["--port", "0", "--secrets", "memory"]);
        let (child, said) = start(command, data.with_extension("log")).await?;
        Ok(Self {
            child,
            url: word(&said["url"]),
            token: word(&said["token"]),
            client: Client::new(),
        })
    }

    /// The process's number.
    pub(crate) fn pid(&self) -> u32 {
        self.child.0.id()
    }

    /// A call that can be sent.
    pub(crate) fn request(&self, command: &str, args: &Value) -> RequestBuilder {
        let request = self.client.post(format!("{}/api/{command}", self.url));
        request.bearer_auth(&self.token).json(args)
    }

    /// Runs a command.
    pub(crate) async fn call(&self, command: &str, args: Value) -> Result<Value, Problem> {
        let response = self.request(command, &args).send().await?;
        Ok(response.error_for_status()?.json().await?)
    }

    /// The stream of what a window is told.
    pub(crate) async fn events(&self) -> Result<reqwest::Response, Problem> {
        let request = self.client.get(format!("{}/events", self.url));
        Ok(request
            .bearer_auth(&self.token)
            .send()
            .await?
            .error_for_status()?)
    }

    /// Gives a device its token.
    pub(crate) async fn set_token(&self, device: i64, token: &str) -> Result<(), Problem> {
        let args = json!({ "deviceId": device, "token": token, "remember": false });
        self.call("device_token_set", args).await.map(drop)
    }

    /// Waits until every device is linked and has fetched what there was.
    pub(crate) async fn all_online(&self, devices: usize) -> Result<(), Problem> {
        let start = now();
        loop {
            let list = self.call("device_list", json!({})).await?;
            let online = list.as_array().into_iter().flatten();
            let online = online
                .filter(|device| device["state"]["kind"] == "online")
                .count();
            if online >= devices {
                return Ok(());
            }
            if start.elapsed() > PATIENCE {
                return Err(Problem::InVain("the devices are linked".to_owned()));
            }
            pause(Duration::from_millis(100)).await;
        }
    }

    /// `kill -9`: what it answered well has to be in its file then, too.
    pub(crate) fn kill(self) {
        drop(self.child);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _gone_already = self.0.kill();
        let _unknown = self.0.wait();
    }
}

impl Practice {
    /// A shop with so many linked numbers, in which nothing happens by itself.
    pub(crate) async fn start(devices: usize, log: &Path) -> Result<Self, Problem> {
        let mut command = Command::new(beside("mostrador-practice")?);
        command.args([
            "--fast",
            "--customers-write-every",
            "0",
            "--seed",
            "1",
            "--devices",
        ]);
        command.arg(devices.to_string());
        let (child, said) = start(command, log.to_owned()).await?;
        let tokens = said["devices"].as_array().into_iter().flatten();
        let practice = Self {
            _child: child,
            url: word(&said["url"]),
            tokens: tokens.map(|device| word(&device["token"])).collect(),
            client: Client::new(),
        };
        for device in 0..devices {
            let request = practice.client.post(format!("{}/sandbox/link", practice.url));
            request
                .json(&json!({ "device": device }))
                .send()
                .await?
                .error_for_status()?;
        }
        Ok(practice)
    }

    /// So many of its customers write, one message each.
    pub(crate) async fn customers_write(&self, count: u32) -> Result<(), Problem> {
        let request = self.client.post(format!("{}/sandbox/write", self.url));
        let rush = json!({ "of": count, "count": count });
        request.json(&rush).send().await?.error_for_status()?;
        Ok(())
    }

    /// A device's token.
    pub(crate) fn token(&self, device: usize) -> &str {
        self.tokens.get(device).map(String::as_str).unwrap_or_default()
    }

    /// Where the events of a device are delivered to, once that was asked for.
    pub(crate) async fn hook(&self, device: usize) -> Result<Hook, Problem> {
        let start = now();
        loop {
            let request = self.client.get(format!("{}/settings", self.url));
            let settings: Value = request
                .bearer_auth(self.token(device))
                .send()
                .await?
                .json()
                .await?;
            let hook = &settings["webhooks"][0];
            if let Some(url) = hook["url"].as_str() {
                let headers = hook["headers"].as_object().into_iter().flatten();
                return Ok(Hook {
                    url: url.to_owned(),
                    headers: headers.map(|(name, value)| (name.clone(), word(value))).collect(),
                });
            }
            if start.elapsed() > PATIENCE {
                return Err(Problem::InVain("a webhook is registered".to_owned()));
            }
            pause(Duration::from_millis(100)).await;
        }
    }
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The path of a program that lies beside this one.
pub(crate) fn beside(name: &str) -> Result<PathBuf, Problem> {
    let path = std::env::current_exe()?.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if path.exists() {
        Ok(path)
    } else {
        Err(Problem::InVain(format!(
            "{name} is built: `cargo xtask bench` does"
        )))
    }
}

/// Starts a program and reads the line of JSON that it says once it is up.
async fn start(mut command: Command, log: PathBuf) -> Result<(Running, Value), Problem> {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(log)?)
        .spawn()?;
    let mut running = Running(child);
    let output = running.0.stdout.take();
    let line = tokio::task::spawn_blocking(move || {
        let mut line = String::new();
        // What cannot be read says nothing.
        let _read = output.map(|output| BufReader::new(output).read_line(&mut line));
        line
    });
    let said = tokio::select! {
        line = line => line.unwrap_or_default(),
        () = pause(PATIENCE) => String::new(),
    };
    match serde_json::from_str(&said) {
        Ok(said) => Ok((running, said)),
        Err(_) => Err(Problem::InVain("a program says where it is".to_owned())),
    }
}
