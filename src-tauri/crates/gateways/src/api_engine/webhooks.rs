//! Being called by the gateway.
//!
//! The server keeps the addresses in its memory: whatever it is restarted for, it has forgotten them. So they are looked after
//! ([`Webhooks::remind`]). What it tried to tell meanwhile it tells no more; nothing lists it either.
//!
//! Each call bears an HMAC of its body, in hexadecimal, with the secret that was given with the address.

use async_trait::async_trait;
use hmac::{Hmac, Mac};
use http::Method;
use mostrador_domain::{Failure, FailureCode, Inbound};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use url::Url;

use super::answers::{MALFORMED, data, rejected};
use super::budget::Weight;
use super::decode;
use super::link::ApiEngineLink;
use crate::fields::Fields;
use crate::http_kit::{Call, Path};
use crate::{CallProof, NotJson, WebhookCall, WebhookTarget, Webhooks};

/// All that it tells of.
const EVENTS: [&str; 5] = ["message", "qr", "ready", "authenticated", "disconnected"];

/// An address that the server calls.
struct Hook {
    id: String,
    url: Option<Url>,
    active: bool,
}

impl Hook {
    /// Is it ours, by the beginning of its path? An empty beginning is nobody's.
    fn is_ours(&self, prefix: &str) -> bool {
        let prefix = prefix.trim_start_matches('/');
        let path = self.url.as_ref().map(|url| url.path().trim_start_matches('/'));
        !prefix.is_empty() && path.is_some_and(|path| path.starts_with(prefix))
    }
}

#[async_trait]
impl Webhooks for ApiEngineLink {
    fn proof(&self) -> CallProof {
        CallProof::Signature("x-webhook-signature")
    }

    fn is_signed(&self, body: &[u8], signature: &[u8], key: &SecretString) -> bool {
        is_signed(body, signature, key.expose_secret().as_bytes())
    }

    async fn register(&self, target: &WebhookTarget, replaces: &str) -> Result<(), Failure> {
        self.take_out(replaces, Some(&target.url)).await?;
        let mut body = json!({ "url": target.url.as_str(), "events": EVENTS });
        if let Some((_, secret)) = &target.header {
            body["secret"] = secret.expose_secret().into();
        }
        let call = Call::new(Method::POST, Path::fixed("/api/webhooks/register")).json(&body);
        data(&self.ask(call, Weight::Routine).await?).map(|_| ())
    }

    async fn unregister(&self, prefix: &str) -> Result<(), Failure> {
        self.take_out(prefix, None).await
    }

    /// The server has no way to invent an event.
    async fn test(&self, _target: &WebhookTarget) -> Result<(), Failure> {
        Err(rejected(FailureCode::RefusedContent))
    }

    async fn remind(&self, target: &WebhookTarget, replaces: &str) -> Result<bool, Failure> {
        let hooks = self.registered().await?;
        let ours = hooks.iter().find(|hook| hook.url.as_ref() == Some(&target.url));
        match ours {
            Some(hook) if hook.active => Ok(false),
            Some(hook) => self.toggle(&hook.id).await.map(|()| true),
            None => self.register(target, replaces).await.map(|()| true),
        }
    }

    fn decode(&self, call: &WebhookCall<'_>) -> Result<Vec<Inbound>, NotJson> {
        decode::webhook(call.body)
    }
}

impl ApiEngineLink {
    async fn registered(&self) -> Result<Vec<Hook>, Failure> {
        let answer = self
            .ask(Call::get(Path::fixed("/api/webhooks")), Weight::Routine)
            .await?;
        let said = data(&answer)?;
        let hooks = said.as_array().ok_or(MALFORMED)?;
        let read = |hook: Fields<'_>| {
            Some(Hook {
                id: hook.string("id")?,
                url: hook.text("url").and_then(|url| Url::parse(url).ok()),
                active: hook.flag("active").unwrap_or(true),
            })
        };
        Ok(hooks.iter().filter_map(Fields::of).filter_map(read).collect())
    }

    /// Takes out what is ours, and what leads to the same place.
    async fn take_out(&self, prefix: &str, at: Option<&Url>) -> Result<(), Failure> {
        let hooks = self.registered().await?;
        let leaving = hooks
            .iter()
            .filter(|hook| hook.is_ours(prefix) || (at.is_some() && hook.url.as_ref() == at));
        for hook in leaving {
            let path = Path::with("/api/webhooks/{id}", &hook.id).ok_or(MALFORMED)?;
            let answer = self.ask(Call::new(Method::DELETE, path), Weight::Routine).await?;
            // 404: somebody else has taken it out.
            if answer.status != 404 {
                data(&answer)?;
            }
        }
        Ok(())
    }

    /// Switches an address on that was off; whether it is on now, the next look says.
    async fn toggle(&self, id: &str) -> Result<(), Failure> {
        let path = Path::with("/api/webhooks/{id}/toggle", id).ok_or(MALFORMED)?;
        let answer = self.ask(Call::new(Method::POST, path), Weight::Routine).await?;
        data(&answer).map(|_| ())
    }
}

/// Is this the signature of the body, in hexadecimal?
pub(super) fn is_signed(body: &[u8], signature: &[u8], key: &[u8]) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return false;
    };
    mac.update(body);
    let ours: String = mac
        .finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    bool::from(ours.as_bytes().ct_eq(signature))
}
