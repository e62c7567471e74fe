//! Being called by a gateway that calls one address, with headers that we choose, and signs nothing.
//!
//! An address of somebody else's is theirs: it is not replaced, and the shop is told that there is no room. Where the devices of a
//! customer share it, the last one that registered is called for all of them: whoever leaves takes only its own address out, and the
//! engine hands the calls to whom they are about.

use async_trait::async_trait;
use mostrador_domain::{Failure, FailureCode};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use url::Url;

use super::answers::rejected;
use crate::WebhookTarget;
use crate::fields::Fields;

/// All that happens on the number. What is told of a label on a chat is described nowhere: it is kept raw.
const EVENTS: [&str; 23] = [
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
    "LABELS_ASSOCIATION",
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
    replaces: &[&str],
) -> Result<(), Failure> {
    if let Some(url) = called(gateway).await?
        && url != target.url
        && !replaces.iter().any(|prefix| is_ours(&url, prefix))
    {
        return Err(rejected(FailureCode::RefusedContent));
    }
    let mut webhook = setting(&target.url, true);
    if let Some((name, value)) = &target.header {
        webhook["headers"] = json!({ name.as_str(): value.expose_secret() });
    }
    gateway.set(webhook).await
}

/// Nothing of ours is called any more, but for what is `kept`.
pub(crate) async fn unregister(
    gateway: &dyn OneHook,
    prefix: &str,
    kept: &[WebhookTarget],
) -> Result<(), Failure> {
    let is_kept = |url: &Url| kept.iter().any(|kept| kept.url == *url);
    match called(gateway).await? {
        Some(url) if is_ours(&url, prefix) && !is_kept(&url) => gateway.set(setting(&url, false)).await,
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Evolution's list of them, which is QR Búho's too.
    const DOCUMENTED: &str = "APPLICATION_STARTUP, QRCODE_UPDATED, MESSAGES_SET, MESSAGES_UPSERT, MESSAGES_EDITED, MESSAGES_UPDATE, \
        MESSAGES_DELETE, SEND_MESSAGE, SEND_MESSAGE_UPDATE, CONTACTS_SET, CONTACTS_UPSERT, CONTACTS_UPDATE, PRESENCE_UPDATE, CHATS_SET, \
        CHATS_UPSERT, CHATS_UPDATE, CHATS_DELETE, GROUPS_UPSERT, GROUP_UPDATE, GROUP_PARTICIPANTS_UPDATE, CONNECTION_UPDATE, \
        LABELS_EDIT, LABELS_ASSOCIATION, CALL, TYPEBOT_START, TYPEBOT_CHANGE_STATUS";

    /// Not asked for, and why.
    const LEFT_OUT: [(&str, &str); 3] = [
        ("APPLICATION_STARTUP", "of the server, and not of a number"),
        ("TYPEBOT_START", "of a robot that the shop keeps at the gateway"),
        ("TYPEBOT_CHANGE_STATUS", "of the same robot"),
    ];

    #[test]
    fn every_documented_event_is_asked_for_or_left_out_for_a_reason() {
        let documented: BTreeSet<&str> = DOCUMENTED.split(',').map(str::trim).collect();
        let asked: BTreeSet<&str> = EVENTS.into();
        let left_out: BTreeSet<&str> = LEFT_OUT.map(|(name, _)| name).into();
        assert!(asked.is_disjoint(&left_out), "one or the other");
        assert_eq!(&asked | &left_out, documented, "and none is forgotten");
    }

    #[test]
    fn a_label_on_a_chat_is_kept_as_it_is_told() {
        let body = json!({ "event": "labels.association", "instance": "caja", "data": { "labelId": "3" } });
        let at = mostrador_domain::UnixMillis(0);
        let said = crate::baileys::webhook(body.to_string().as_bytes(), at, |_| false);
        let kept = |said: &[mostrador_domain::Inbound]| matches!(said, [mostrador_domain::Inbound::Unknown { raw, .. }] if raw.contains("labelId"));
        assert!(said.is_ok_and(|said| kept(&said)), "nothing of it is lost");
    }
}
