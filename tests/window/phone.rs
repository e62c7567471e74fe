//! The practice phone and its customers, by the HTTP that the phone's own page uses; and the ledger, which cannot be talked
//! round: it says what each simulated person really got.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::waiting::until;

pub(crate) struct Phone {
    /// `http://127.0.0.1:PORT`
    pub(crate) gateway: String,
    http: reqwest::Client,
}

/// Somebody who writes to the shop.
#[derive(Debug, Clone)]
pub(crate) struct Customer {
    pub(crate) name: String,
    pub(crate) number: String,
}

/// The last message of a conversation.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Said {
    pub(crate) name: String,
    /// The words, if there are any.
    pub(crate) text: Option<String>,
    id: String,
}

impl Said {
    fn of(customer: &Value) -> Self {
        let last = &customer["last"];
        let text = |value: &Value| value.as_str().map(str::to_owned);
        Self {
            name: text(&customer["name"]).unwrap_or_default(),
            text: text(&last["text"]),
            id: text(&last["id"]).unwrap_or_default(),
        }
    }
}

impl Phone {
    /// The phone whose page is at `url`.
    pub(crate) fn at(url: &str) -> Self {
        let gateway = url.split("/phone").next().unwrap_or_default().to_owned();
        Self {
            gateway,
            http: reqwest::Client::new(),
        }
    }

    /// Scans the code that is on the screen, as soon as the gateway has one.
    pub(crate) async fn scan(&self) {
        until("the gateway should show a code to scan", async || {
            let state = self.get("/phone/api/state").await;
            (state["code_on_show"] == json!(true)).then_some(())
        })
        .await;
        self.post("/phone/api/scan", json!({})).await;
    }

    pub(crate) async fn customers(&self) -> Vec<Customer> {
        let answer = self.get("/phone/api/customers").await;
        let customers = answer["customers"].as_array().cloned().unwrap_or_default();
        let text = |customer: &Value, what: &str| customer[what].as_str().unwrap_or_default().to_owned();
        customers
            .iter()
            .map(|one| Customer {
                name: text(one, "name"),
                number: text(one, "number"),
            })
            .collect()
    }

    /// The last message of each conversation.
    pub(crate) async fn last_words(&self) -> BTreeSet<Said> {
        let answer = self.get("/phone/api/customers").await;
        let customers = answer["customers"].as_array().cloned().unwrap_or_default();
        customers.iter().map(Said::of).collect()
    }

    /// Waits until some customer writes unasked, and gives what.
    pub(crate) async fn new_words(&self, before: &BTreeSet<Said>) -> Said {
        until("a customer should write unasked", async || {
            self.last_words()
                .await
                .into_iter()
                .find(|said| !before.contains(said))
        })
        .await
    }

    /// The owner opens the chat with a customer on the phone.
    pub(crate) async fn owner_reads(&self, from: &Customer) {
        let answer = self.get("/phone/api/customers").await;
        let customers = answer["customers"].as_array().cloned().unwrap_or_default();
        let theirs = customers.iter().find(|one| one["number"] == json!(from.number));
        let message = theirs.map(|one| one["last"]["id"].clone());
        self.post("/sandbox/act", json!({ "act": "phone_read", "message": message }))
            .await;
    }

    /// A customer writes.
    pub(crate) async fn write(&self, from: &Customer, text: &str) {
        self.post(
            &format!("/phone/api/customers/{}/messages", from.number),
            json!({ "text": text }),
        )
        .await;
    }

    /// A customer sends a picture.
    pub(crate) async fn send_picture(&self, from: &Customer, text: &str) {
        let message = json!({ "picture": true, "text": text });
        self.post(&format!("/phone/api/customers/{}/messages", from.number), message)
            .await;
    }

    /// A customer opens the chat.
    pub(crate) async fn read(&self, who: &Customer) {
        self.post(&format!("/phone/api/customers/{}/read", who.number), json!({}))
            .await;
    }

    /// Who got a message with these words, once for each time.
    pub(crate) async fn got(&self, body: &str) -> Vec<String> {
        let ledger = self.get("/sandbox/ledger").await;
        let entries = ledger["entries"].as_array().cloned().unwrap_or_default();
        let ours = entries.iter().filter(|entry| entry["body"] == json!(body));
        ours.map(|entry| entry["recipient"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.http.get(format!("{}{path}", self.gateway)).send().await;
        Self::read_answer(path, answer).await
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let answer = self
            .http
            .post(format!("{}{path}", self.gateway))
            .json(&body)
            .send()
            .await;
        Self::read_answer(path, answer).await
    }

    async fn read_answer(path: &str, answer: reqwest::Result<reqwest::Response>) -> Value {
        let answer = answer.and_then(reqwest::Response::error_for_status);
        let answer = answer.unwrap_or_else(|error| panic!("the practice shop should answer {path}: {error}"));
        answer
            .json()
            .await
            .unwrap_or_else(|error| panic!("{path} should answer JSON: {error}"))
    }
}

impl Customer {
    /// Is this who got something, by the ledger?
    pub(crate) fn is(&self, recipient: &str) -> bool {
        self.number == recipient
    }
}
