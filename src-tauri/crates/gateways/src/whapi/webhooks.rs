//! Being called by the gateway.
//!
//! A channel's webhooks are one array that is replaced as a whole, and the shop may have others in it (a shop
//! system, a bot). So ours is always exchanged within what is there: read the settings, take out what is ours by the
//! beginning of its path, put the new one in, write everything else back as it came. What cannot be read is never
//! written over.
//!
//! The gateway signs nothing; the secret is in the path and in a header of our own. It is told to deliver in the
//! body (mode `body`), but what others may have switched it to is understood as well, see the `decode` module.

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Failure, Inbound};
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};
use url::Url;

use super::decode;
use super::errors::{self, MALFORMED, done};
use super::link::WhapiLink;
use crate::http_kit::{Call, Path};
use crate::{NotJson, WebhookCall, WebhookTarget, Webhooks};

/// What we want to hear of, with the gateway's verbs for it.
const EVENTS: [(&str, &[&str]); 11] = [
    ("messages", &["post", "patch", "delete"]),
    ("statuses", &["post"]),
    ("chats", &["post", "patch", "delete"]),
    ("contacts", &["post", "patch"]),
    ("groups", &["post", "put", "patch"]),
    ("presences", &["post"]),
    ("labels", &["post", "delete"]),
    ("calls", &["post"]),
    ("channel", &["post", "patch"]),
    ("users", &["post", "delete"]),
    // What they say is not documented: it is kept raw.
    ("service", &["post"]),
];

#[async_trait]
impl Webhooks for WhapiLink {
    async fn register(&self, target: &WebhookTarget, replaces: &[&str]) -> Result<(), Failure> {
        let mut hooks = self.registered().await?;
        let is_replaced = |hook: &Value| replaces.iter().any(|prefix| is_ours(hook, prefix));
        hooks.retain(|hook| !is_replaced(hook) && !is_at(hook, &target.url));
        hooks.push(hook(target));
        self.replace(hooks).await
    }

    async fn unregister(&self, prefix: &str, kept: &[WebhookTarget]) -> Result<(), Failure> {
        let mut hooks = self.registered().await?;
        let before = hooks.len();
        let is_kept = |hook: &Value| kept.iter().any(|kept| is_at(hook, &kept.url));
        hooks.retain(|hook| !is_ours(hook, prefix) || is_kept(hook));
        if hooks.len() == before {
            Ok(())
        } else {
            self.replace(hooks).await
        }
    }

    fn can_test(&self) -> bool {
        true
    }

    /// The gateway invents an event and delivers it as it would deliver a real one. A presence is asked for: it is the
    /// one kind that is never stored, so that nothing invented stays.
    async fn test(&self, target: &WebhookTarget) -> Result<(), Failure> {
        let mut body = address(target);
        body["type"] = Value::from("presences");
        let call = Call::new(Method::POST, Path::fixed("/settings/webhook_test")).json(&body);
        done(&self.ask(call).await?)
    }

    fn decode(&self, call: &WebhookCall<'_>) -> Result<Vec<Inbound>, NotJson> {
        decode::webhook(call)
    }
}

impl WhapiLink {
    /// The webhooks that there are, each as it came.
    async fn registered(&self) -> Result<Vec<Value>, Failure> {
        let answer = self.ask(Call::get(Path::fixed("/settings"))).await?;
        if !answer.is_success() {
            return Err(errors::of_call(&answer));
        }
        let Value::Object(mut settings) = answer.json()? else {
            return Err(MALFORMED);
        };
        match settings.remove("webhooks") {
            Some(Value::Array(hooks)) => Ok(hooks),
            Some(Value::Null) | None => Ok(Vec::new()),
            Some(_) => Err(MALFORMED),
        }
    }

    async fn replace(&self, hooks: Vec<Value>) -> Result<(), Failure> {
        let call = Call::new(Method::PATCH, Path::fixed("/settings")).json(&json!({ "webhooks": hooks }));
        done(&self.ask(call).await?)
    }
}

/// Where and how the gateway delivers.
fn address(target: &WebhookTarget) -> Value {
    let headers: Map<String, Value> = target
        .header
        .iter()
        .map(|(name, secret)| (name.clone(), Value::from(secret.expose_secret())))
        .collect();
    json!({ "url": target.url.as_str(), "mode": "body", "headers": headers })
}

fn hook(target: &WebhookTarget) -> Value {
    let events: Vec<Value> = EVENTS
        .iter()
        .flat_map(|(kind, verbs)| {
            verbs
                .iter()
                .map(move |verb| json!({ "type": kind, "method": verb }))
        })
        .collect();
    let mut hook = address(target);
    hook["events"] = Value::from(events);
    hook
}

fn url_of(hook: &Value) -> Option<Url> {
    Url::parse(hook.get("url")?.as_str()?).ok()
}

/// Does the webhook's path start with our prefix? An empty prefix is nobody's: it would take everything out.
fn is_ours(hook: &Value, prefix: &str) -> bool {
    let prefix = prefix.trim_start_matches('/');
    let path = url_of(hook).map(|url| url.path().trim_start_matches('/').to_owned());
    !prefix.is_empty() && path.is_some_and(|path| path.starts_with(prefix))
}

fn is_at(hook: &Value, url: &Url) -> bool {
    url_of(hook).is_some_and(|there| there == *url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(url: &str) -> Value {
        json!({ "url": url })
    }

    #[test]
    fn ours_is_told_by_the_beginning_of_the_path_only() {
        let ours = at("http://127.0.0.1:9000/hook/3/abc");
        for prefix in ["/hook/3/", "hook/3/"] {
            assert!(
                is_ours(&ours, prefix),
                "{prefix} begins the path, on whatever port it was"
            );
        }
        for other in [
            "https://shop.example/x/hook/3/",
            "https://hook/3/",
            "not an address",
        ] {
            assert!(!is_ours(&at(other), "/hook/3/"), "{other} is somebody else's");
        }
    }

    #[test]
    fn an_empty_prefix_takes_nobodys_webhook_out() {
        for empty in ["", "/"] {
            assert!(
                !is_ours(&at("https://shop.example/hook"), empty),
                "{empty:?} must not match everything"
            );
        }
    }

    #[test]
    fn every_event_has_its_own_entry() {
        let target = WebhookTarget {
            url: Url::parse("http://127.0.0.1:1/h").expect("well-formed"),
            header: None,
        };
        let hook = hook(&target);
        let events = hook["events"].as_array().expect("a list of events");
        assert!(
            events.contains(&json!({"type": "users", "method": "delete"})),
            "unlinking is told by users.delete"
        );
        assert!(
            events.contains(&json!({"type": "messages", "method": "post"})),
            "messages are asked for"
        );
        assert_eq!(hook["mode"], "body", "delivered to the one address that we name");
    }
}
