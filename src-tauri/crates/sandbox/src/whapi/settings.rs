//! The channel's settings, above all its webhooks.
//!
//! A change is partial: what is not named stays, and the list of webhooks is replaced as a whole. Addresses must
//! lie on this machine: the practice shop speaks to nobody else.

use std::{collections::BTreeMap, time::Duration};

use axum::body::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use url::{Host, Url};

use super::{
    Refusal,
    entry::At,
    events,
    said::{Said, done},
};
use crate::{
    http::guard::is_loopback,
    parcel::{Hook, Mode},
    webhooks::Backoff,
};

const STEP_MS: std::ops::RangeInclusive<u64> = 3_000..=15_000;
const LONGEST_MS: std::ops::RangeInclusive<u64> = 600_000..=3_600_000;
const MOST_HEADERS: usize = 5;

/// What can be set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Settings {
    callback_backoff_delay_ms: u64,
    max_callback_backoff_delay_ms: u64,
    callback_persist: bool,
    media: MediaSettings,
    pub(crate) webhooks: Vec<Hook>,
    offline_mode: bool,
    full_history: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct MediaSettings {
    #[serde(default)]
    auto_download: Vec<String>,
    #[serde(default)]
    init_avatars: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            callback_backoff_delay_ms: 3_000,
            max_callback_backoff_delay_ms: 900_000,
            callback_persist: false,
            media: MediaSettings::default(),
            webhooks: Vec::new(),
            offline_mode: false,
            full_history: false,
        }
    }
}

impl Settings {
    /// Whether files of this kind get an address of their own.
    pub(crate) fn downloads(&self, kind: &str) -> bool {
        self.media
            .auto_download
            .iter()
            .any(|downloaded| downloaded == kind)
    }

    /// How long to wait between two attempts at a webhook.
    pub(crate) fn backoff(&self) -> Backoff {
        Backoff {
            step: Duration::from_millis(self.callback_backoff_delay_ms),
            longest: Duration::from_millis(self.max_callback_backoff_delay_ms),
        }
    }

    /// These settings with the named ones replaced; `None` when the result is not allowed.
    fn changed_by(&self, change: &Map<String, Value>) -> Option<Self> {
        let Ok(Value::Object(mut all)) = serde_json::to_value(self) else {
            return None;
        };
        let known: Vec<String> = all.keys().cloned().collect();
        for (name, value) in change.iter().filter(|(name, _)| known.contains(name)) {
            all.insert(name.clone(), value.clone());
        }
        serde_json::from_value::<Self>(Value::Object(all))
            .ok()
            .filter(Self::is_allowed)
    }

    fn is_allowed(&self) -> bool {
        STEP_MS.contains(&self.callback_backoff_delay_ms)
            && LONGEST_MS.contains(&self.max_callback_backoff_delay_ms)
            && self
                .webhooks
                .iter()
                .all(|hook| may_be_called(&hook.url) && hook.headers.len() <= MOST_HEADERS)
    }
}

/// Nobody outside of this machine is; all of its own addresses may be.
fn may_be_called(url: &Url) -> bool {
    let is_own = matches!(url.host(), Some(Host::Ipv4(ip)) if ip.is_loopback());
    matches!(url.scheme(), "http" | "https") && (is_own || is_loopback(url))
}

pub(super) async fn read(At(branch): At) -> Said {
    Said(json!(branch.settings()))
}

pub(super) async fn change(At(branch): At, body: Bytes) -> Result<Said, Refusal> {
    let wrong = || Refusal::bad_request("Wrong settings format");
    let change: Map<String, Value> = serde_json::from_slice(&body).map_err(|_| wrong())?;
    let before = branch.settings();
    let after = before.changed_by(&change).ok_or_else(wrong)?;
    let (shape_before, shape_after) = (json!(before), json!(after));
    let changes: Vec<&String> = change
        .keys()
        .filter(|name| shape_before.get(name) != shape_after.get(name))
        .collect();
    let answer = json!({ "before_update": shape_before, "after_update": shape_after, "changes": changes });
    branch.set_settings(after);
    Ok(Said(answer))
}

pub(super) async fn reset(At(branch): At) -> Result<Said, Refusal> {
    if branch.settings() == Settings::default() {
        return Err(Refusal::conflict("Settings already reset"));
    }
    branch.set_settings(Settings::default());
    Ok(done())
}

pub(super) async fn events() -> Said {
    let kinds = events::TOLD
        .iter()
        .map(|(kind, method)| json!({ "type": kind, "method": method }));
    Said(kinds.collect())
}

#[derive(Deserialize)]
struct Trial {
    #[serde(rename = "type")]
    kind: String,
    url: Url,
    #[serde(default)]
    mode: Mode,
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

/// Delivers one sample event at once. A receiver that does not take it is the caller's wrong parameter.
pub(super) async fn webhook_test(At(branch): At, body: Bytes) -> Result<Said, Refusal> {
    let wrong = || Refusal::bad_request("Wrong parameters");
    let trial: Trial = serde_json::from_slice(&body).map_err(|_| wrong())?;
    let sample = events::sample(&trial.kind, &branch).ok_or_else(wrong)?;
    if !may_be_called(&trial.url) || trial.headers.len() > MOST_HEADERS {
        return Err(wrong());
    }
    let hook = Hook {
        url: trial.url,
        mode: trial.mode,
        headers: trial.headers,
        events: Vec::new(),
    };
    if branch.webhooks().try_once(&hook, &sample).await {
        Ok(done())
    } else {
        Err(Refusal::bad_request("Webhook did not answer with 200"))
    }
}
