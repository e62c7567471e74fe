//! A tray: something on the session bus that says it shows status icons, and looks at ours as it would.
//!
//! An icon registers itself with whoever owns `org.kde.StatusNotifierWatcher`, and offers its menu as `com.canonical.dbusmenu`.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::task::JoinHandle;
use zbus::message::{Message, Type};
use zbus::{Connection, MessageStream};

use crate::desktop::answer;
use crate::waiting::until;

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const MENU: &str = "com.canonical.dbusmenu";

/// Where an icon is: whose, and its object.
type Place = (String, String);

/// The tray, while it is held.
pub(crate) struct Tray {
    icon: Arc<Mutex<Option<Place>>>,
    serving: JoinHandle<()>,
}

/// One entry of the icon's menu.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    id: i64,
    pub(crate) words: String,
    pub(crate) enabled: bool,
}

impl Tray {
    #[allow(
        clippy::disallowed_methods,
        reason = "one task, which this value owns and ends"
    )]
    pub(crate) async fn open() -> Self {
        let bus = Connection::session().await.expect("a session bus");
        let asked = MessageStream::from(&bus);
        bus.request_name(WATCHER).await.expect("nobody else is the tray");
        let icon = Arc::default();
        let serving = tokio::spawn(serve(bus, asked, Arc::clone(&icon)));
        Self { icon, serving }
    }

    /// The entries of the icon's menu, with those of the menus in it, once the icon is there.
    pub(crate) async fn menu(&self) -> Vec<Entry> {
        until("the program should put its icon into the tray", async || {
            let (owner, menu) = self.menu_place()?;
            let call = [
                "--user",
                "--json=short",
                "--",
                "call",
                &owner,
                &menu,
                MENU,
                "GetLayout",
                "iias",
                "0",
                "-1",
                "0",
            ];
            let layout: Value = serde_json::from_str(&answer("busctl", &call)).ok()?;
            let mut entries = Vec::new();
            gather(&layout["data"][1], &mut entries);
            (!entries.is_empty()).then_some(entries)
        })
        .await
    }

    /// Waits until the menu has an entry with words like these, and gives it.
    pub(crate) async fn entry(&self, what: &str, fits: impl Fn(&str) -> bool) -> Entry {
        until(format!("the tray's menu should say {what}"), async || {
            self.menu().await.into_iter().find(|entry| fits(&entry.words))
        })
        .await
    }

    /// Presses an entry of the menu.
    pub(crate) async fn press(&self, words: &str) {
        let entry = self.entry(words, |said| said == words).await;
        assert!(entry.enabled, "«{words}» can be pressed");
        let (owner, menu) = self.menu_place().expect("the icon has a menu");
        let id = entry.id.to_string();
        answer(
            "busctl",
            &[
                "--user", "call", &owner, &menu, MENU, "Event", "isvu", &id, "clicked", "s", "", "0",
            ],
        );
    }

    /// What stands beside the icon.
    pub(crate) fn label(&self) -> String {
        self.property("XAyatanaLabel").unwrap_or_default()
    }

    fn menu_place(&self) -> Option<Place> {
        let (owner, _) = self.place()?;
        Some((owner, self.property("Menu")?))
    }

    fn property(&self, name: &str) -> Option<String> {
        let (owner, object) = self.place()?;
        let item = "org.kde.StatusNotifierItem";
        let told = answer(
            "busctl",
            &[
                "--user",
                "--json=short",
                "--",
                "get-property",
                &owner,
                &object,
                item,
                name,
            ],
        );
        let told: Value = serde_json::from_str(&told).ok()?;
        told["data"].as_str().map(str::to_owned)
    }

    fn place(&self) -> Option<Place> {
        self.icon.lock().expect("lock").clone()
    }
}

impl Drop for Tray {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Entries come as `[id, properties, entries within]`, each wrapped once more.
fn gather(node: &Value, entries: &mut Vec<Entry>) {
    let property = |name: &str| node[1][name]["data"].clone();
    if let (Some(id), Some(words)) = (node[0].as_i64(), property("label").as_str()) {
        entries.push(Entry {
            id,
            words: words.replace("__", "_"),
            enabled: property("enabled") != Value::Bool(false),
        });
    }
    for within in node[2].as_array().into_iter().flatten() {
        gather(&within["data"], entries);
    }
}

async fn serve(bus: Connection, mut asked: MessageStream, icon: Arc<Mutex<Option<Place>>>) {
    use futures_util::StreamExt as _;
    while let Some(Ok(message)) = asked.next().await {
        if message.message_type() == Type::MethodCall {
            reply(&bus, &message, &icon).await;
        }
    }
}

async fn reply(bus: &Connection, message: &Message, icon: &Mutex<Option<Place>>) {
    let header = message.header();
    let Some(member) = header.member().map(ToString::to_string) else {
        return;
    };
    let replied = match member.as_str() {
        "RegisterStatusNotifierItem" => {
            let object: String = message.body().deserialize().unwrap_or_default();
            let owner = header.sender().map(ToString::to_string).unwrap_or_default();
            *icon.lock().expect("lock") = Some((owner, object));
            bus.reply(&header, &()).await
        }
        "Get" => bus.reply(&header, &zbus::Variant::from(true)).await,
        "GetAll" => {
            let properties = [("IsStatusNotifierHostRegistered", zbus::Variant::from(true))];
            let properties: std::collections::HashMap<_, _> = properties.into_iter().collect();
            bus.reply(&header, &properties).await
        }
        _ => bus.reply(&header, &()).await,
    };
    replied.expect("the session bus takes an answer");
}
