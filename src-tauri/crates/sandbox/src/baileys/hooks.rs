//! The one address that is called, and what is told there. A call that is not taken is not made again.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::{bad, by_the_servers_clock, moment, shapes};
use crate::{
    clock::{Millis, seconds},
    dialects::Refusal,
    tasks::Tasks,
    webhooks::Temper,
    world::{Content, Deed, Event, Label, Message, Source, World},
};

const ATTEMPT: Duration = Duration::from_secs(10);

/// What a dialect keeps for one number.
pub(crate) struct Desk {
    hook: Mutex<Option<Hook>>,
    client: reqwest::Client,
    tasks: Tasks,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Hook {
    pub(crate) enabled: bool,
    /// Nobody looks whether it is one.
    pub(crate) url: String,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) by_events: bool,
    #[serde(default)]
    pub(crate) base64: bool,
    #[serde(default)]
    pub(crate) events: Vec<String>,
}

impl Hook {
    /// In the settings events are written otherwise than in the calls.
    fn wants(&self, event: &str) -> bool {
        let written = event.replace(['.', '-'], "_").to_ascii_uppercase();
        self.enabled && self.events.contains(&written)
    }
}

impl Desk {
    pub(crate) fn new(tasks: Tasks) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(ATTEMPT)
            .build()?;
        Ok(Self {
            hook: Mutex::default(),
            client,
            tasks,
        })
    }

    /// From now on this address is called.
    pub(crate) fn set(&self, told: Value) -> Result<Hook, Refusal> {
        let hook: Hook = serde_json::from_value(told).map_err(|_| bad("Invalid \"url\" property"))?;
        *lock(&self.hook) = Some(hook.clone());
        Ok(hook)
    }

    /// The address that is called.
    pub(crate) fn hook(&self) -> Option<Hook> {
        lock(&self.hook).clone()
    }

    /// Calls, if somebody wants to hear of this.
    pub(crate) fn hear(&self, instance: &str, event: &Event, world: &World, temper: Temper, now: Millis) {
        let Some(hook) = self.hook().filter(|_| !temper.deaf) else {
            return;
        };
        let Ok(mut url) = Url::parse(&hook.url) else {
            return;
        };
        let Some((word, data)) = told(event, world).filter(|(word, _)| hook.wants(word)) else {
            return;
        };
        if hook.by_events {
            url.set_path(&format!(
                "{}/{}",
                url.path().trim_end_matches('/'),
                word.replace('.', "-")
            ));
        }
        let body = json!({
            "event": word, "instance": instance, "data": data, "destination": hook.url, "date_time": by_the_servers_clock(now),
            "server_url": "http://127.0.0.1", "apikey": "practice-instance",
        });
        let body = body.to_string();
        for _ in 0..=u8::from(temper.duplicate) {
            let request = self
                .client
                .post(url.clone())
                .header("content-type", "application/json");
            let request = hook
                .headers
                .iter()
                .fold(request, |request, (name, value)| request.header(name, value));
            let call = request.body(body.clone());
            self.tasks.once(async move {
                if let Err(error) = call.send().await {
                    tracing::debug!(word, error = %error.without_url(), "a webhook was not taken");
                }
            });
        }
    }
}

/// An edit is passed on with its key as it came: to whoever edits, the message is their own, in a chat that is called after the other side.
fn seen_by_the_editor(key: &mut Value, edit: &Message, world: &World) {
    if edit.from_shop {
        return;
    }
    key["fromMe"] = json!(true);
    if !edit.chat.is_group() {
        key["remoteJid"] = json!(world.shop().number.chat().as_str());
    }
}

/// What is told of an event.
fn told(event: &Event, world: &World) -> Option<(&'static str, Value)> {
    Some(match event {
        Event::Wrote(message) => match &message.content {
            Content::Action {
                deed: Deed::Edit { .. },
                ..
            } => {
                let (_, mut edit) = shapes::content(world, &message.content);
                seen_by_the_editor(&mut edit["key"], message, world);
                edit["timestampMs"] = json!(message.at.to_string());
                ("messages.edited", edit)
            }
            // The message itself is there no longer.
            Content::Action {
                target,
                deed: Deed::Delete,
            } => {
                let mut key = shapes::key(world, message);
                key["id"] = json!(target);
                ("messages.delete", key)
            }
            _ if message.source == Source::Gateway => ("send.message", shapes::message(world, message)),
            _ => ("messages.upsert", shapes::message(world, message)),
        },
        Event::Climbed {
            message,
            chat,
            progress,
            ..
        } => (
            "messages.update",
            json!({ "keyId": message, "remoteJid": chat.as_str(), "fromMe": true, "status": shapes::word(*progress) }),
        ),
        Event::ChatOpened(chat) => ("chats.upsert", json!([shapes::chat(chat)])),
        Event::ChatChanged(update) => ("chats.update", json!([shapes::chat(&update.after)])),
        Event::ChatGone(chat) => ("chats.delete", json!([chat.as_str()])),
        Event::ContactSaved(person) => ("contacts.upsert", json!([shapes::contact_in_event(person)])),
        Event::ContactChanged(change) => ("contacts.update", json!([shapes::contact_in_event(&change.1)])),
        Event::GroupMade(group) => ("groups.upsert", json!([shapes::group(world, group, true)])),
        Event::GroupChanged(change) => ("group.update", json!([shapes::group(world, &change.1, true)])),
        Event::GroupMoved { group, people, how } => {
            let people: Vec<String> = people.iter().map(|who| shapes::jid(world, who)).collect();
            let moved = json!({ "id": group.as_str(), "participants": people, "action": how.word() });
            ("group-participants.update", moved)
        }
        Event::Presence { who, doing, at } => {
            let (who, doing) = (shapes::jid(world, who), presence(doing.word()));
            let told = json!({ "lastKnownPresence": doing, "lastSeen": seconds(*at) });
            (
                "presence.update",
                json!({ "id": who, "presences": { who.as_str(): told } }),
            )
        }
        Event::Call {
            id,
            from,
            status,
            video,
            at,
        } => {
            let from = shapes::jid(world, from);
            let status = match *status {
                "missed" => "timeout",
                "ringing" => "offer",
                other => other,
            };
            let told = json!({
                "id": id, "from": from, "chatId": from, "status": status, "isVideo": video, "isGroup": false,
                "date": moment(*at),
            });
            ("call", told)
        }
        Event::Labelled(told) => ("labels.edit", label(told)),
        Event::LabelGone(label) => ("labels.edit", json!({ "id": label.id, "deleted": true })),
        Event::CodeShown { rowdata, .. } => (
            "qrcode.updated",
            json!({ "qrcode": { "instance": "practice", "pairingCode": null, "code": rowdata } }),
        ),
        Event::Linked => {
            let own = world.shop().number.chat();
            let told =
                json!({ "instance": "practice", "state": "open", "statusReason": 200, "wuid": own.as_str() });
            ("connection.update", told)
        }
        Event::Unlinked => (
            "connection.update",
            json!({ "instance": "practice", "state": "close", "statusReason": 401 }),
        ),
        Event::Changed(_) | Event::Removed(_) | Event::RemovedAll(_) | Event::ChannelChanged { .. } => {
            return None;
        }
    })
}

fn label(label: &Label) -> Value {
    json!({ "id": label.id, "name": label.name, "color": label.colour, "deleted": false })
}

fn presence(doing: &str) -> &'static str {
    match doing {
        "online" => "available",
        "typing" => "composing",
        "recording" => "recording",
        "offline" => "unavailable",
        _ => "paused",
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
