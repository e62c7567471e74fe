//! An event on its way to a webhook: what is in it, and to which address and with which verb it goes.

use std::collections::BTreeMap;

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

/// How a webhook's request is built from an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mode {
    /// POST to the address itself.
    #[default]
    Body,
    /// POST to `address/type/method`.
    Path,
    /// The event's own method to `address/type`.
    Method,
}

/// A kind of event that a webhook wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wanted {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) method: String,
}

/// One webhook, as the settings name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hook {
    pub(crate) url: Url,
    #[serde(default)]
    pub(crate) mode: Mode,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) events: Vec<Wanted>,
}

/// An event, ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Parcel {
    pub(crate) kind: &'static str,
    pub(crate) method: &'static str,
    /// Under which field of the body the things lie.
    pub(crate) key: &'static str,
    pub(crate) body: Value,
}

impl Parcel {
    /// Takes the things of the next parcel in, when both carry lists of the same kind.
    pub(crate) fn gather(&mut self, next: &Self) -> bool {
        if (self.kind, self.method, self.key) != (next.kind, next.method, next.key) {
            return false;
        }
        match (self.body.get_mut(self.key), next.body.get(next.key)) {
            (Some(Value::Array(own)), Some(Value::Array(more))) => {
                own.extend(more.iter().cloned());
                true
            }
            _ => false,
        }
    }
}

/// Verb and address of a parcel, as the webhook's mode wants them.
pub(crate) fn addressed(hook: &Hook, parcel: &Parcel) -> (Method, Url) {
    let (method, more) = match hook.mode {
        Mode::Body => return (Method::POST, hook.url.clone()),
        Mode::Path => (Method::POST, vec![parcel.kind, parcel.method]),
        Mode::Method => {
            let verb = parcel.method.to_ascii_uppercase();
            (
                Method::from_bytes(verb.as_bytes()).unwrap_or(Method::POST),
                vec![parcel.kind],
            )
        }
    };
    let mut url = hook.url.clone();
    // Only addresses with a host get into the settings, and those have segments.
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(more);
    }
    (method, url)
}

#[cfg(test)]
mod tests {
    use reqwest::Method;
    use serde_json::json;

    use super::{Hook, Mode, Parcel, addressed};

    #[test]
    fn the_mode_settles_verb_and_address() {
        let parcel = Parcel {
            kind: "messages",
            method: "patch",
            key: "messages_updates",
            body: json!({}),
        };
        for (mode, verb, path) in [
            (Mode::Body, Method::POST, "/in"),
            (Mode::Path, Method::POST, "/in/messages/patch"),
            (Mode::Method, Method::PATCH, "/in/messages"),
        ] {
            let url = "http://127.0.0.1:9/in".parse().expect("an address");
            let hook = Hook {
                url,
                mode,
                headers: Default::default(),
                events: Vec::new(),
            };
            let (method, url) = addressed(&hook, &parcel);
            assert_eq!((method, url.path()), (verb, path), "{mode:?} is documented so");
        }
    }
}
