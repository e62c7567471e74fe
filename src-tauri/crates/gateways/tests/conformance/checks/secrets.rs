//! Tokens, numbers and words stay out of errors, of `Debug` and of the log.

use std::io;
use std::sync::{Arc, Mutex, Once, PoisonError};

use mostrador_domain::Address;
use mostrador_gateways::{DeviceLink, HistoryQuery};
use mostrador_sandbox::FaultKind;
use tracing_subscriber::fmt::MakeWriter;

use crate::harness::{CANARY_TOKEN, Dialect, Shop, patient, status};

const CANARY_WORDS: &str = "palabras-canario-31";
const STRANGER: &str = "canary-stranger-02";

/// All that is logged, in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

/// Without this, a place in the code that another check's thread comes by first is remembered as one to which nobody
/// listens, and then says nothing in this check's log either.
fn somebody_listens_everywhere() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let listener = tracing_subscriber::registry();
        tracing::subscriber::set_global_default(listener).expect("nobody else listens");
    });
}

/// What the other facets print, with the canary wherever words go.
async fn other_facets(link: &dyn DeviceLink, chat: &Address, id: &str) -> String {
    let mut printed = String::new();
    if let Some(actions) = link.message_actions() {
        printed += &format!("{:?}", actions.edit(chat, id, CANARY_WORDS).await);
        printed += &format!("{:?}", actions.react(chat, id, Some(CANARY_WORDS)).await);
    }
    if let Some(actions) = link.chat_actions() {
        printed += &format!("{:?}", actions.archive(chat, true).await);
    }
    if let Some(contacts) = link.contacts() {
        let number = chat.phone_digits().unwrap_or_default().to_owned();
        printed += &format!("{:?} {:?}", contacts.page(0, 50).await, contacts.one(chat).await);
        printed += &format!("{:?}", contacts.check(&[number]).await);
    }
    if let Some(groups) = link.groups() {
        printed += &format!("{:?}", groups.page(0, 50).await);
    }
    if let Some(labels) = link.labels() {
        printed += &format!("{:?}", labels.create(CANARY_WORDS, None).await);
        printed += &format!(
            "{:?} {:?}",
            labels.put("1", chat, true).await,
            labels.list().await
        );
    }
    if let Some(profile) = link.profile() {
        printed += &format!(
            "{:?} {:?}",
            profile.set_about(CANARY_WORDS).await,
            profile.get().await
        );
    }
    if let Some(presence) = link.presence() {
        printed += &format!("{:?} {:?}", presence.watch(chat).await, presence.of(chat).await);
    }
    printed
}

pub(crate) async fn nothing_that_is_printed_or_logged_holds_a_secret(dialect: &'static Dialect) {
    somebody_listens_everywhere();
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);

    let shop = Shop::linked(dialect).await;
    let customer = shop.customer();
    let mut printed = String::new();
    for kind in [
        status(400),
        status(403),
        status(404),
        status(429),
        status(500),
        FaultKind::MalformedBody,
        FaultKind::CutAfterEffect,
    ] {
        shop.spoil(dialect.send, kind);
        let failure = shop.send(CANARY_WORDS).await.expect_err("the send was spoilt");
        printed += &format!("{failure} {failure:?}\n");
    }
    let accepted = shop.send(CANARY_WORDS).await.expect("the gateway takes it");
    let query = HistoryQuery {
        since: None,
        offset: 0,
        count: 50,
    };
    let chat = Address::parse(&customer);
    if let Some(history) = shop.link.history() {
        printed += &format!("{:?}", history.of_chat(&chat, query).await);
    }
    if let Some(chats) = shop.link.chats() {
        printed += &format!("{:?}", chats.page(0, 50).await);
    }
    let stranger = shop.reopened(STRANGER, patient()).health().check(false).await;
    printed += &format!("{accepted:?} {stranger:?}");
    printed += &other_facets(&*shop.link, &chat, &accepted.gateway_id).await;

    let log = log.text();
    assert!(
        log.contains("gateway answered"),
        "the driver's calls were logged, or this check proves nothing"
    );
    for secret in [CANARY_TOKEN, STRANGER, CANARY_WORDS, &customer] {
        assert!(!printed.contains(secret), "an error or a Debug holds a secret");
        assert!(!log.contains(secret), "the log holds a secret");
    }
}
