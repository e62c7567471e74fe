//! Being called by the gateway.
//!
//! The server keeps the addresses in its memory: whatever it is restarted for, it has forgotten them. So they are looked after
//! ([`Webhooks::remind`]). What it tried to tell meanwhile it tells no more; nothing lists it either.
//!
//! So an address that works is not taken out before the next one is there, and what makes us hear is asked like a message on its way:
//! the last calls of a window are for it too, and for taking out what is not to be called any more. What the next one has replaced is
//! taken out after that, when calls are left for it.
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
    fn leads_to(&self, url: &Url) -> bool {
        self.url.as_ref() == Some(url)
    }

    /// Is it ours, by the beginning of its path? An empty beginning is nobody's.
    fn is_ours(&self, prefix: &str) -> bool {
        let prefix = prefix.trim_start_matches('/');
        let path = self.url.as_ref().map(|url| url.path().trim_start_matches('/'));
        !prefix.is_empty() && path.is_some_and(|path| path.starts_with(prefix))
    }

    fn is_one_of(&self, prefixes: &[&str]) -> bool {
        prefixes.iter().any(|prefix| self.is_ours(prefix))
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

    async fn register(&self, target: &WebhookTarget, replaces: &[&str]) -> Result<(), Failure> {
        let hooks = self.registered(Weight::Message).await?;
        self.replace(&hooks, target, replaces).await
    }

    async fn unregister(&self, prefix: &str, kept: &[WebhookTarget]) -> Result<(), Failure> {
        let hooks = self.registered(Weight::Message).await?;
        let is_kept = |hook: &Hook| kept.iter().any(|kept| hook.leads_to(&kept.url));
        for hook in hooks.iter().filter(|hook| hook.is_ours(prefix) && !is_kept(hook)) {
            self.take_out(hook, Weight::Message).await?;
        }
        Ok(())
    }

    /// The server has no way to invent an event.
    async fn test(&self, _target: &WebhookTarget) -> Result<(), Failure> {
        Err(rejected(FailureCode::RefusedContent))
    }

    async fn remind(&self, target: &WebhookTarget, replaces: &[&str]) -> Result<bool, Failure> {
        let hooks = self.registered(Weight::Person).await?;
        let Some(ours) = hooks.iter().find(|hook| hook.leads_to(&target.url)) else {
            return self.replace(&hooks, target, replaces).await.map(|()| true);
        };
        if !ours.active {
            return self.toggle(&ours.id).await.map(|()| true);
        }
        // What an earlier replacement had no calls left for.
        let before = hooks
            .iter()
            .filter(|hook| hook.is_one_of(replaces) && !hook.leads_to(&target.url));
        self.tidy(before).await.map(|()| false)
    }

    fn decode(&self, call: &WebhookCall<'_>) -> Result<Vec<Inbound>, NotJson> {
        let said = decode::webhook(call.body)?;
        if decode::tells_of_link(&said) {
            self.forget_own();
        }
        Ok(said)
    }
}

/// The address that this link has registered last, and the key of its signatures: the server lists no keys.
pub(super) struct Registered {
    id: String,
    target: WebhookTarget,
}

impl ApiEngineLink {
    async fn registered(&self, weight: Weight) -> Result<Vec<Hook>, Failure> {
        let answer = self.ask(Call::get(Path::fixed("/api/webhooks")), weight).await?;
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

    /// Registers the address if it does not work already, then takes out what is ours of the others.
    async fn replace(
        &self,
        hooks: &[Hook],
        target: &WebhookTarget,
        replaces: &[&str],
    ) -> Result<(), Failure> {
        let own = match self.working(hooks, target) {
            Some(hook) => hook.id.clone(),
            None => self.add(target).await?,
        };
        let before = hooks
            .iter()
            .filter(|hook| hook.id != own && (hook.is_one_of(replaces) || hook.leads_to(&target.url)));
        self.tidy(before).await
    }

    /// The address among these that calls there already, with the same key.
    fn working<'h>(&self, hooks: &'h [Hook], target: &WebhookTarget) -> Option<&'h Hook> {
        let known = self.known_hook();
        let known = known.as_ref().filter(|known| is_same(&known.target, target))?;
        hooks
            .iter()
            .find(|hook| hook.id == known.id && hook.active && hook.leads_to(&target.url))
    }

    /// Registers the address; gives its id.
    async fn add(&self, target: &WebhookTarget) -> Result<String, Failure> {
        let mut body = json!({ "url": target.url.as_str(), "events": EVENTS });
        if let Some((_, secret)) = &target.header {
            body["secret"] = secret.expose_secret().into();
        }
        let call = Call::new(Method::POST, Path::fixed("/api/webhooks/register")).json(&body);
        let said = data(&self.ask(call, Weight::Message).await?)?;
        let id = Fields::of(&said).and_then(|said| said.string("webhookId"));
        let id = id.ok_or(MALFORMED)?;
        *self.known_hook() = Some(Registered {
            id: id.clone(),
            target: target.clone(),
        });
        Ok(id)
    }

    /// Takes these out, as far as there are calls for it; the rest goes when the server is reminded.
    async fn tidy<'h>(&self, hooks: impl Iterator<Item = &'h Hook>) -> Result<(), Failure> {
        for hook in hooks {
            match self.take_out(hook, Weight::Routine).await {
                Err(Failure::NotSent { .. }) => return Ok(()),
                other => other?,
            }
        }
        Ok(())
    }

    async fn take_out(&self, hook: &Hook, weight: Weight) -> Result<(), Failure> {
        let path = Path::with("/api/webhooks/{id}", &hook.id).ok_or(MALFORMED)?;
        let answer = self.ask(Call::new(Method::DELETE, path), weight).await?;
        // 404: somebody else has taken it out.
        match answer.status {
            404 => Ok(()),
            _ => data(&answer).map(|_| ()),
        }
    }

    /// Switches an address on that was off; whether it is on now, the next look says.
    async fn toggle(&self, id: &str) -> Result<(), Failure> {
        let path = Path::with("/api/webhooks/{id}/toggle", id).ok_or(MALFORMED)?;
        let answer = self.ask(Call::new(Method::POST, path), Weight::Message).await?;
        data(&answer).map(|_| ())
    }
}

fn is_same(one: &WebhookTarget, other: &WebhookTarget) -> bool {
    let key = |target: &WebhookTarget| {
        let header = target.header.as_ref();
        header.map(|(_, secret)| secret.expose_secret().to_owned())
    };
    one.url == other.url && key(one) == key(other)
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
