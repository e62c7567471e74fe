//! Being called by the gateway. It calls one address for each customer, with headers that we choose, and signs nothing.
//!
//! An address of somebody else's is theirs: it is not replaced, and the shop is told that there is no room.

use async_trait::async_trait;
use mostrador_domain::{Failure, FailureCode, Inbound};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use url::Url;

use super::link::{QrBuhoLink, inner};
use crate::baileys;
use crate::baileys::answers::{self, rejected};
use crate::fields::Fields;
use crate::http_kit::{Call, Path};
use crate::{NotJson, WebhookCall, WebhookTarget, Webhooks};

/// All that is of use to us.
const EVENTS: [&str; 22] = [
    "QRCODE_UPDATED",
    "CONNECTION_UPDATE",
    "MESSAGES_SET",
    "MESSAGES_UPSERT",
    "MESSAGES_EDITED",
    "MESSAGES_UPDATE",
    "MESSAGES_DELETE",
    "SEND_MESSAGE",
    "SEND_MESSAGE_UPDATE",
    "CONTACTS_SET",
    "CONTACTS_UPSERT",
    "CONTACTS_UPDATE",
    "PRESENCE_UPDATE",
    "CHATS_SET",
    "CHATS_UPSERT",
    "CHATS_UPDATE",
    "CHATS_DELETE",
    "GROUPS_UPSERT",
    "GROUP_UPDATE",
    "GROUP_PARTICIPANTS_UPDATE",
    "LABELS_EDIT",
    "CALL",
];

#[async_trait]
impl Webhooks for QrBuhoLink {
    async fn register(&self, target: &WebhookTarget, replaces: &str) -> Result<(), Failure> {
        if let Some(url) = self.called().await?
            && url != target.url
            && !is_ours(&url, replaces)
        {
            return Err(rejected(FailureCode::RefusedContent));
        }
        let mut webhook = json!({
            "enabled": true, "url": target.url.as_str(), "byEvents": false, "base64": false, "events": EVENTS,
        });
        if let Some((name, value)) = &target.header {
            webhook["headers"] = json!({ name.as_str(): value.expose_secret() });
        }
        self.set(webhook).await
    }

    async fn unregister(&self, prefix: &str) -> Result<(), Failure> {
        match self.called().await? {
            Some(url) if is_ours(&url, prefix) => {
                let webhook = json!({
                    "enabled": false, "url": url.as_str(), "byEvents": false, "base64": false, "events": EVENTS,
                });
                self.set(webhook).await
            }
            _ => Ok(()),
        }
    }

    /// The gateway has no way to invent an event.
    async fn test(&self, _target: &WebhookTarget) -> Result<(), Failure> {
        Err(rejected(FailureCode::RefusedContent))
    }

    fn decode(&self, call: &WebhookCall<'_>) -> Result<Vec<Inbound>, NotJson> {
        baileys::webhook(call.body)
    }
}

impl QrBuhoLink {
    /// The address that is called now.
    async fn called(&self) -> Result<Option<Url>, Failure> {
        let answer = self.ask(Call::get(Path::fixed("/webhook/find"))).await?;
        if answer.status == 404 {
            return Ok(None);
        }
        let said = answers::success(&answer)?;
        let hook = Fields::of(inner(&said)).filter(|hook| hook.flag("enabled") == Some(true));
        Ok(hook.and_then(|hook| Url::parse(hook.text("url")?).ok()))
    }

    async fn set(&self, webhook: Value) -> Result<(), Failure> {
        self.told(Self::post("/webhook/set", &json!({ "webhook": webhook })))
            .await
            .map(|_| ())
    }
}

/// By the beginning of its path; an empty beginning is nobody's.
fn is_ours(url: &Url, prefix: &str) -> bool {
    let prefix = prefix.trim_start_matches('/');
    !prefix.is_empty() && url.path().trim_start_matches('/').starts_with(prefix)
}
