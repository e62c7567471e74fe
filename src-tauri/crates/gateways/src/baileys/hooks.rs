//! Being called by a gateway that calls one address, with headers that we choose, and signs nothing.
//!
//! An address of somebody else's is theirs: it is not replaced, and the shop is told that there is no room.

use async_trait::async_trait;
use mostrador_domain::{Failure, FailureCode};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use url::Url;

use super::answers::rejected;
use crate::WebhookTarget;
use crate::fields::Fields;

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

/// The gateway's one address.
#[async_trait]
pub(crate) trait OneHook: Sync {
    /// What it has in store of the address that it calls; `None` = nothing.
    async fn found(&self) -> Result<Option<Value>, Failure>;

    /// Sets it.
    async fn set(&self, webhook: Value) -> Result<(), Failure>;
}

/// The address is called from now on, if it is ours or free.
pub(crate) async fn register(
    gateway: &dyn OneHook,
    target: &WebhookTarget,
    replaces: &str,
) -> Result<(), Failure> {
    if let Some(url) = called(gateway).await?
        && url != target.url
        && !is_ours(&url, replaces)
    {
        return Err(rejected(FailureCode::RefusedContent));
    }
    let mut webhook = setting(&target.url, true);
    if let Some((name, value)) = &target.header {
        webhook["headers"] = json!({ name.as_str(): value.expose_secret() });
    }
    gateway.set(webhook).await
}

/// Nothing of ours is called any more.
pub(crate) async fn unregister(gateway: &dyn OneHook, prefix: &str) -> Result<(), Failure> {
    match called(gateway).await? {
        Some(url) if is_ours(&url, prefix) => gateway.set(setting(&url, false)).await,
        _ => Ok(()),
    }
}

/// The address that is called now.
async fn called(gateway: &dyn OneHook) -> Result<Option<Url>, Failure> {
    let found = gateway.found().await?.unwrap_or_default();
    let hook = Fields::of(&found).filter(|hook| hook.flag("enabled") == Some(true));
    Ok(hook.and_then(|hook| Url::parse(hook.text("url")?).ok()))
}

fn setting(url: &Url, enabled: bool) -> Value {
    json!({ "enabled": enabled, "url": url.as_str(), "byEvents": false, "base64": false, "events": EVENTS })
}

/// By the beginning of its path; an empty beginning is nobody's.
fn is_ours(url: &Url, prefix: &str) -> bool {
    let prefix = prefix.trim_start_matches('/');
    !prefix.is_empty() && url.path().trim_start_matches('/').starts_with(prefix)
}
