//! Being called by the server, at one address for each instance.

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Failure, FailureCode, Inbound};
use serde_json::{Value, json};

use super::link::EvolutionLink;
use crate::baileys;
use crate::baileys::answers::{self, rejected};
use crate::baileys::hooks::{self, OneHook};
use crate::{NotJson, WebhookCall, WebhookTarget, Webhooks};

#[async_trait]
impl Webhooks for EvolutionLink {
    async fn register(&self, target: &WebhookTarget, replaces: &[&str]) -> Result<(), Failure> {
        hooks::register(self, target, replaces).await
    }

    async fn unregister(&self, prefix: &str, kept: &[WebhookTarget]) -> Result<(), Failure> {
        hooks::unregister(self, prefix, kept).await
    }

    /// The server has no way to invent an event.
    async fn test(&self, _target: &WebhookTarget) -> Result<(), Failure> {
        Err(rejected(FailureCode::RefusedContent))
    }

    fn decode(&self, call: &WebhookCall<'_>) -> Result<Vec<Inbound>, NotJson> {
        baileys::webhook(call.body, call.at, |instance| instance != self.instance)
    }

    fn names(&self, call: &WebhookCall<'_>) -> Option<String> {
        baileys::instance(call.body)
    }

    fn is_called(&self, name: &str) -> Option<bool> {
        Some(name == self.instance)
    }
}

#[async_trait]
impl OneHook for EvolutionLink {
    /// `null` as long as nobody has set one.
    async fn found(&self) -> Result<Option<Value>, Failure> {
        let answer = self
            .ask(self.at(Method::GET, "/webhook/find/{instance}")?)
            .await?;
        match answers::is_its_own_404(&answer) {
            true => Ok(None),
            false => answers::success(&answer).map(Some),
        }
    }

    async fn set(&self, webhook: Value) -> Result<(), Failure> {
        let fields = json!({ "webhook": webhook });
        self.told(self.post("/webhook/set/{instance}", &fields)?)
            .await
            .map(|_| ())
    }
}
