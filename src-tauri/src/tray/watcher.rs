//! Linux: a tray is something that shows the status icons that programs offer on the session bus.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::{Either, select};
use zbus::{Connection, MatchRule, MessageStream};

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const BUS: &str = "org.freedesktop.DBus";
const PATIENCE: Duration = Duration::from_secs(2);

/// Ends when something shows such icons; never, if there is no session bus.
pub(super) async fn tray_comes() {
    if wait().await.is_err() {
        std::future::pending().await
    }
}

async fn wait() -> zbus::Result<()> {
    let bus = Connection::session().await?;
    // Listen first, then ask: what comes in between is heard.
    let mut watcher = signals(&bus, BUS, "NameOwnerChanged", Some(WATCHER)).await?;
    let mut host = signals(&bus, WATCHER, "StatusNotifierHostRegistered", None).await?;
    loop {
        if matches!(tokio::time::timeout(PATIENCE, ask(&bus)).await, Ok(Ok(true))) {
            return Ok(());
        }
        let heard = match select(watcher.next(), host.next()).await {
            Either::Left((heard, _)) | Either::Right((heard, _)) => heard,
        };
        if heard.is_none() {
            return Err(zbus::Error::InvalidReply);
        }
    }
}

async fn signals(
    bus: &Connection,
    interface: &'static str,
    member: &'static str,
    about: Option<&'static str>,
) -> zbus::Result<MessageStream> {
    let rule = MatchRule::builder()
        .msg_type(zbus::message::Type::Signal)
        .interface(interface)
        .member(member);
    let rule = match about {
        Some(name) => rule.arg(0, name),
        None => rule,
    };
    MessageStream::for_match_rule(rule.build()?, bus, None).await
}

async fn ask(bus: &Connection) -> zbus::Result<bool> {
    let question = (WATCHER, "IsStatusNotifierHostRegistered");
    let properties = Some("org.freedesktop.DBus.Properties");
    let answer = bus
        .call_method(
            Some(WATCHER),
            "/StatusNotifierWatcher",
            properties,
            "Get",
            &question,
        )
        .await?;
    let body = answer.body();
    let value: zbus::Variant<'_> = body.deserialize()?;
    value.downcast::<bool>()
}
