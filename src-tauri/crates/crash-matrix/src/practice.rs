//! The practice shop, as one speaks to it from another process: its ledger, its faults, its people.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use mostrador_engine::clock::{Clock, SystemClock};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::Broken;
use crate::judge::Delivery;

const START: Duration = Duration::from_secs(30);
/// A chat waits while one of its messages is uncertain, so there are more of them than a small shop has.
const CHATS: &str = "60";
/// What lies in them at the first sync.
const MESSAGES: &str = "600";

/// A practice shop.
pub struct Practice {
    url: String,
    token: String,
    client: Client,
    /// Killed when this is dropped; `None` = somebody else's.
    _process: Option<Child>,
}

impl Practice {
    /// One that runs already, at `url`.
    pub fn at(url: &str, token: &str) -> Self {
        Self {
            url: url.to_owned(),
            token: token.to_owned(),
            client: Client::new(),
            _process: None,
        }
    }

    /// Starts `mostrador-practice` as a process of its own: its world is settled by `seed`, ticks and answers come at once.
    ///
    /// # Errors
    /// It does not start.
    pub async fn start(program: &Path, seed: u64) -> Result<Self, Broken> {
        let mut child = Command::new(program)
            .args([
                "--fast",
                "--customers-write-every",
                "0",
                "--chats",
                CHATS,
                "--messages",
                MESSAGES,
                "--seed",
                &seed.to_string(),
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            let mut output = BufReader::new(output);
            tokio::select! {
                read = output.read_line(&mut line) => { read?; }
                () = SystemClock.sleep(START) => {}
            }
        }
        let said: Value = serde_json::from_str(&line).unwrap_or_default();
        let (Some(url), Some(token)) = (said["url"].as_str(), said["token"].as_str()) else {
            return Err(Broken::Start {
                what: "mostrador-practice",
                why: "it does not say where it is".to_owned(),
            });
        };
        Ok(Self {
            _process: Some(child),
            ..Self::at(url, token)
        })
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its access token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The phone scans the code on show; `false` = none is.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn scan(&self) -> Result<bool, Broken> {
        let response = self
            .client
            .post(format!("{}/phone/api/scan", self.url))
            .send()
            .await;
        Ok(response.map_err(silent)?.status().is_success())
    }

    /// The owner unlinks the number on the phone.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn unlink(&self) -> Result<(), Broken> {
        self.ask(Method::POST, "/phone/api/unlink", None).await.map(drop)
    }

    /// Is its number linked?
    ///
    /// # Errors
    /// It does not answer.
    pub async fn is_linked(&self) -> Result<bool, Broken> {
        Ok(self.ask(Method::GET, "/phone/api/state", None).await?["linked"] == true)
    }

    /// The numbers of the people who can be played.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn customers(&self) -> Result<Vec<String>, Broken> {
        let answer = self.ask(Method::GET, "/phone/api/customers", None).await?;
        let people = answer["customers"].as_array().into_iter().flatten();
        Ok(people
            .filter_map(|person| person["number"].as_str())
            .map(str::to_owned)
            .collect())
    }

    /// A customer writes, with a picture or without.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn write_as(&self, number: &str, text: &str, picture: bool) -> Result<(), Broken> {
        let path = format!("/phone/api/customers/{number}/messages");
        self.ask(
            Method::POST,
            &path,
            Some(json!({ "text": text, "picture": picture })),
        )
        .await
        .map(drop)
    }

    /// What people got that has words.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn ledger(&self) -> Result<Vec<Delivery>, Broken> {
        let answer = self.ask(Method::GET, "/sandbox/ledger", None).await?;
        let entries = answer["entries"].as_array().into_iter().flatten();
        let deliveries = entries.filter_map(|entry| {
            let (recipient, body) = (entry["recipient"].as_str()?, entry["body"].as_str()?);
            Some(Delivery {
                recipient: recipient.to_owned(),
                body: body.to_owned(),
            })
        });
        Ok(deliveries.collect())
    }

    /// Orders faults, in the spelling of the practice shop, in place of those that are left.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn order(&self, faults: Vec<Value>) -> Result<(), Broken> {
        self.ask(Method::DELETE, "/sandbox/faults", None).await?;
        if !faults.is_empty() {
            self.ask(Method::POST, "/sandbox/faults", Some(Value::Array(faults)))
                .await?;
        }
        Ok(())
    }

    /// Delivers webhooks twice, or not at all.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn temper(&self, duplicate: bool, deaf: bool) -> Result<(), Broken> {
        let temper = json!({ "duplicate": duplicate, "deaf": deaf });
        self.ask(Method::POST, "/sandbox/webhooks", Some(temper))
            .await
            .map(drop)
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, Broken> {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.map_err(silent)?;
        let response = response.error_for_status().map_err(silent)?;
        response.json().await.map_err(silent)
    }
}

fn silent(error: reqwest::Error) -> Broken {
    Broken::Practice(error.to_string())
}
