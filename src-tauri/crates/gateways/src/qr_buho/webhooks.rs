//! Being called by the gateway, at one address for each customer.

use async_trait::async_trait;
use mostrador_domain::{Failure, FailureCode, Inbound};
use serde_json::{Value, json};

use super::link::{QrBuhoLink, inner};
use crate::baileys;
use crate::baileys::answers::{self, rejected};
use crate::baileys::hooks::{self, OneHook};
use crate::http_kit::{Call, Path};
use crate::{NotJson, WebhookCall, WebhookTarget, Webhooks};

#[async_trait]
impl Webhooks for QrBuhoLink {
    async fn register(&self, target: &WebhookTarget, replaces: &[&str]) -> Result<(), Failure> {
        hooks::register(self, target, replaces).await
    }

    async fn unregister(&self, prefix: &str, kept: &[WebhookTarget]) -> Result<(), Failure> {
        hooks::unregister(self, prefix, kept).await
    }

    /// The gateway has no way to invent an event.
    async fn test(&self, _target: &WebhookTarget) -> Result<(), Failure> {
        Err(rejected(FailureCode::RefusedContent))
    }

    fn decode(&self, call: &WebhookCall<'_>) -> Result<Vec<Inbound>, NotJson> {
        // The gateway calls one address for all devices of a customer, and names each by its number.
        baileys::webhook(call.body, call.at, |instance| {
            self.is_own(instance) == Some(false)
        })
    }

    /// An address of the gateway is one customer's.
    fn shared_by(&self) -> Option<u64> {
        Some(self.account.mark())
    }

    fn names(&self, call: &WebhookCall<'_>) -> Option<String> {
        baileys::instance(call.body)
    }

    fn is_called(&self, name: &str) -> Option<bool> {
        self.is_own(name)
    }
}

#[async_trait]
impl OneHook for QrBuhoLink {
    async fn found(&self) -> Result<Option<Value>, Failure> {
        let answer = self.ask(Call::get(Path::fixed("/webhook/find"))).await?;
        match answers::is_its_own_404(&answer) {
            // Documented: nobody has set one.
            true => Ok(None),
            false => Ok(Some(inner(&answers::success(&answer)?).clone())),
        }
    }

    async fn set(&self, webhook: Value) -> Result<(), Failure> {
        self.told(Self::post("/webhook/set", &json!({ "webhook": webhook })))
            .await
            .map(|_| ())
    }
}
