//! The practice shop as a newcomer meets it, speaking as each gateway: a number is added, linked by the practice phone, written to, and
//! answers. By the system's clock, as the practice shop itself.

use std::time::Duration;

use mostrador_api::Shop;
use mostrador_api::commands::dispatch;
use mostrador_engine::clock::{Clock as _, SystemClock};
use serde_json::{Value, json};

use crate::canaries::Listening;
use crate::dialects::practised_with;

/// How long something may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// What no change tells of is looked for again after so long.
const LOOK: Duration = Duration::from_millis(200);

/// A number of the practice shop, with its phone.
struct Number<'s> {
    shop: &'s Shop,
    gateway: String,
    device: Value,
    /// Where its phone's calls are, with a place for the call.
    phone: (String, String),
    client: reqwest::Client,
}

impl<'s> Number<'s> {
    async fn added(shop: &'s Shop, gateway: &str) -> Self {
        let args = json!({ "gateway": gateway, "name": gateway, "fields": {}, "remember": false });
        let device = run(shop, "device_add", args).await;
        let phone = shop.phone_url().expect("the practice shop is there");
        let number = device["practiceNumber"]
            .as_u64()
            .expect("one of the practice shop's");
        Self {
            shop,
            gateway: gateway.to_owned(),
            device: device["id"].clone(),
            phone: (format!("{phone}/api"), format!("?device={number}")),
            client: reqwest::Client::new(),
        }
    }

    async fn state(&self) -> Value {
        let all = run(self.shop, "device_list", json!({})).await;
        let found = all
            .as_array()
            .into_iter()
            .flatten()
            .find(|one| one["id"] == self.device);
        found.map(|device| device["state"].clone()).unwrap_or_default()
    }

    async fn until(&self, what: &str, holds: impl AsyncFn() -> bool) {
        let mut changes = self.shop.engine().store().changes();
        let patience = SystemClock.sleep(PATIENCE);
        tokio::pin!(patience);
        while !holds().await {
            tokio::select! {
                () = &mut patience => panic!("{}: in vain: {what}; {}", self.gateway, self.state().await),
                _ = changes.next() => {}
                () = SystemClock.sleep(LOOK) => {}
            }
        }
    }

    /// What the phone's page would do.
    async fn phone(&self, call: &str, body: Option<Value>) -> Value {
        let (phone, device) = &self.phone;
        let url = format!("{phone}/{call}{device}");
        let request = match body {
            Some(body) => self.client.post(url).json(&body),
            None => self.client.get(url),
        };
        let answer = request.send().await.expect("the phone is there");
        assert!(
            answer.status().is_success(),
            "{}: {call}: {}",
            self.gateway,
            answer.status()
        );
        answer.json().await.expect("it answers as its page reads it")
    }

    /// The words of its chats' newest messages: whether ours, and what.
    async fn said(&self) -> Vec<(Value, bool, String)> {
        let args = json!({ "filter": "all", "deviceId": self.device, "after": null, "limit": 200 });
        let chats = run(self.shop, "chat_list", args).await;
        let mut said = vec![];
        for chat in chats["rows"].as_array().into_iter().flatten() {
            let args = json!({ "chatId": chat["id"], "before": null, "limit": 200 });
            let page = run(self.shop, "message_list", args).await;
            said.extend(page["rows"].as_array().into_iter().flatten().map(|row| {
                let text = row["body"]["text"].as_str().unwrap_or_default();
                (chat["id"].clone(), row["fromMe"] == true, text.to_owned())
            }));
        }
        said
    }
}

async fn run(shop: &Shop, command: &str, args: Value) -> Value {
    let answer = dispatch(shop, command, args).await;
    answer.unwrap_or_else(|error| panic!("{command}: {error:?}"))
}

#[tokio::test]
async fn whichever_gateway_is_practised_a_number_is_linked_written_through_and_answered() {
    let folder = tempfile::tempdir().expect("a folder");
    let listening = Listening::begin();
    let shop = crate::world::practice(folder.path(), &listening.logs).await;
    let listed = run(&shop, "gateway_list", json!({})).await;
    let practised: Vec<&str> = listed
        .as_array()
        .into_iter()
        .flatten()
        .filter(|gateway| gateway["practice"] == true)
        .filter_map(|gateway| gateway["kind"].as_str())
        .collect();
    assert!(practised.len() > 4, "each gateway can be tried: {practised:?}");
    for gateway in practised {
        let number = Number::added(&shop, gateway).await;
        number
            .until("a code is shown", async || {
                number.state().await["step"]["kind"]
                    .as_str()
                    .is_some_and(|kind| ["qr", "picture"].contains(&kind))
            })
            .await;
        number.phone("scan", Some(json!({}))).await;
        number
            .until("it is online", async || number.state().await["kind"] == "online")
            .await;

        let customers = number.phone("customers", None).await;
        let customer = customers["customers"][0]["number"]
            .as_str()
            .expect("a customer")
            .to_owned();
        let messages = format!("customers/{customer}/messages");
        let customer_says = async |text: &str| number.phone(&messages, Some(json!({ "text": text }))).await;
        customer_says("¿Hay torta?").await;
        let is_here = async |text: &str| {
            let said = number.said().await;
            said.into_iter().find(|(_, ours, words)| !ours && words == text)
        };
        // Waconecta tells nothing of what customers write.
        let hears = gateway != "practice_waconecta";
        let chat = if hears {
            number
                .until("the question is here", async || {
                    is_here("¿Hay torta?").await.is_some()
                })
                .await;
            is_here("¿Hay torta?").await.expect("the question").0
        } else {
            let args =
                json!({ "deviceId": number.device, "number": format!("+{customer}"), "unchecked": true });
            run(&shop, "chat_start", args).await["chatId"].clone()
        };
        let send = json!({ "chatId": chat, "clientId": format!("{gateway}-1"), "text": "Sí, queda una", "mediaId": null });
        run(&shop, "message_send", send).await;
        let got = async || {
            let shown = number.phone(&format!("customers/{customer}"), None).await;
            let shown = shown["messages"].as_array().cloned().unwrap_or_default();
            shown
                .iter()
                .filter(|message| message["mine"] == false && message["text"] == "Sí, queda una")
                .count()
        };
        number
            .until("the customer has it", async || got().await > 0)
            .await;
        if hears {
            customer_says("Voy por ella").await;
            number
                .until("the answer is here", async || {
                    is_here("Voy por ella").await.is_some()
                })
                .await;
        }
        assert_eq!(got().await, 1, "{gateway}: once");
    }
    shop.close().await;
    listening.heard_none_of(&practised_with(folder.path()), folder.path());
}
