//! A shop with one device on a file of its own, and short ways to say what happens in it.

mod said;

use std::path::{Path, PathBuf};

use mostrador_domain::{
    Address, ChatId, DeliveryStatus, DeviceId, Inbound, MediaId, MessageAction, MessageId, OutboxEvent,
    OutboxId, OutboxState, UnixMillis,
};
use mostrador_store::tables::chat::{self, ChatRow};
use mostrador_store::tables::device::{self, NewDevice};
use mostrador_store::tables::ingest::{self, Ingested, Origin};
use mostrador_store::tables::media::{self, Stored};
use mostrador_store::tables::message::{self, MessageRow};
use mostrador_store::tables::outbox::{
    self, Claimed, NewAction, NewContent, NewMessage, OperatorWord, ToSend, Work,
};
use mostrador_store::{Store, StoreError, StoreErrorKind, Writing};
use proptest::prelude::ProptestConfig;
use rusqlite::Connection;
use tempfile::TempDir;

pub(crate) use said::{
    Said, by_member, customer, delivered, done, edited, group, image, reached, reaction, text, to_group,
};

/// The moment at which every story begins.
pub(crate) const NOON: UnixMillis = UnixMillis(1_800_000_000_000);

/// SQL: how many chats say otherwise than their messages since when somebody waits in them.
pub(crate) const WAITS_OTHERWISE: &str = "SELECT count(*) FROM chat c WHERE c.waiting_since IS NOT
    (SELECT min(t.at) FROM message t JOIN device d ON d.id = c.device_id
      WHERE t.chat_id = c.id AND c.kind = 'person' AND t.from_me = 0 AND t.deleted_at IS NULL AND t.kind NOT IN ('system', 'call')
        AND t.at >= coalesce(d.live_from, d.created_at) - 7 * 86400000
        AND NOT EXISTS (SELECT 1 FROM message o LEFT JOIN outbox s ON s.message_id = o.id AND s.kind = 'send'
                         WHERE o.chat_id = c.id AND o.from_me = 1 AND o.deleted_at IS NULL AND (o.at, o.id) > (t.at, t.id)
                           AND (o.failure IS NULL OR o.status >= 2)
                           AND NOT coalesce(s.state = 'dead' OR s.client_id LIKE 'campaign-%', 0)))";

/// So many seconds after [`NOON`].
pub(crate) fn at(seconds: i64) -> UnixMillis {
    UnixMillis(NOON.0 + seconds * 1_000)
}

/// How many cases a property is tried on: few with every change, as many as PROPTEST_CASES says in a longer run.
pub(crate) fn trials(few: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: asked.unwrap_or(few),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// A shop on a file.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) device: DeviceId,
    folder: TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let store = Store::open(&file_in(&folder), NOON)
            .expect("a new file opens")
            .store;
        let device = add_device(&store, "a").await;
        Self {
            store,
            device,
            folder,
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        file_in(&self.folder)
    }

    /// Closes the store and gives back the folder with its file.
    pub(crate) fn close(self) -> TempDir {
        self.folder
    }

    pub(crate) async fn another_device(&self) -> DeviceId {
        add_device(&self.store, "b").await
    }

    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.store.write_durably(work).await.expect("the write is done")
    }

    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.store.read(work).await.expect("the read is done")
    }

    /// One number, by SQL: for what the public functions do not tell.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        self.read(move |connection| Ok(connection.query_row(sql, [], |row| row.get(0))?))
            .await
    }

    pub(crate) async fn chat_with(&self, number: u32) -> ChatId {
        let device = self.device;
        self.write(move |w| chat::ensure(w, device, &customer(number)))
            .await
    }

    pub(crate) async fn chat(&self, id: ChatId) -> ChatRow {
        self.read(move |connection| chat::get(connection, id)).await
    }

    pub(crate) async fn message(&self, id: MessageId) -> MessageRow {
        self.read(move |connection| message::get(connection, id)).await
    }

    /// Everything in a chat, oldest first.
    pub(crate) async fn messages(&self, chat: ChatId) -> Vec<MessageRow> {
        let mut all = self
            .read(move |connection| message::page(connection, chat, None, 1_000))
            .await;
        all.reverse();
        all
    }

    pub(crate) async fn enqueue(
        &self,
        chat: ChatId,
        client_id: &str,
        words: &str,
        now: UnixMillis,
    ) -> MessageId {
        let new = NewMessage::new(chat, client_id, NewContent::Text(words.into()));
        self.write(move |w| outbox::enqueue(w, &new, now)).await
    }

    pub(crate) async fn claim(&self, now: UnixMillis) -> Option<Claimed> {
        let device = self.device;
        self.write(move |w| outbox::claim(w, device, now)).await
    }

    /// Claims what must be there to claim.
    pub(crate) async fn claim_one(&self, now: UnixMillis) -> Claimed {
        self.claim(now).await.expect("a row is ready, unblocked and due")
    }

    pub(crate) async fn accepted(&self, id: OutboxId, gateway_id: &str, now: UnixMillis) {
        let gateway_id = gateway_id.to_owned();
        self.write(move |w| outbox::accepted(w, id, &gateway_id, DeliveryStatus::Sent, now))
            .await;
    }

    pub(crate) async fn no_answer(&self, id: OutboxId, now: UnixMillis) {
        self.write(move |w| outbox::no_answer(w, id, now, now)).await;
    }

    pub(crate) async fn refused(&self, id: OutboxId) {
        let code = mostrador_domain::FailureCode::RefusedContent;
        self.write(move |w| outbox::dead(w, id, OutboxEvent::Refused, code))
            .await;
    }

    pub(crate) async fn hand_to_operator(&self, id: OutboxId) {
        self.write(move |w| outbox::hand_to_operator(w, id)).await;
    }

    pub(crate) async fn operator_says(
        &self,
        message: MessageId,
        word: OperatorWord,
        now: UnixMillis,
    ) -> Result<(), StoreErrorKind> {
        let done = self
            .store
            .write_durably(move |w| outbox::operator_says(w, message, word, now))
            .await;
        done.map_err(|error| error.kind)
    }

    /// A file of ours with these bytes' hash.
    pub(crate) async fn file(&self, sha256: &str) -> MediaId {
        let stored = Stored {
            mime: "image/png".into(),
            bytes: 9,
            sha256: sha256.into(),
            ..Stored::default()
        };
        self.write(move |w| media::add(w, "foto.png", &stored, NOON))
            .await
    }

    /// Stores a message of any kind.
    pub(crate) async fn send(&self, new: NewMessage, now: UnixMillis) -> MessageId {
        self.write(move |w| outbox::enqueue(w, &new, now)).await
    }

    /// Stores something to be done to a message.
    pub(crate) async fn act(
        &self,
        message: MessageId,
        client_id: &str,
        action: MessageAction,
    ) -> Result<OutboxId, StoreErrorKind> {
        self.act_at(message, client_id.into(), action, NOON).await
    }

    /// The same, at a time of its own.
    pub(crate) async fn act_at(
        &self,
        message: MessageId,
        client_id: String,
        action: MessageAction,
        now: UnixMillis,
    ) -> Result<OutboxId, StoreErrorKind> {
        let new = NewAction {
            message,
            client_id,
            action,
        };
        let done = self.store.write_durably(move |w| outbox::act(w, &new, now)).await;
        done.map_err(|error| error.kind)
    }

    /// Where a message that was written here is on its way out.
    pub(crate) async fn state(&self, message: MessageId) -> OutboxState {
        self.message(message)
            .await
            .outgoing
            .expect("a message that was written here")
            .state
    }

    /// Takes in a batch that came live.
    pub(crate) async fn live(&self, events: Vec<Inbound>) -> Ingested {
        self.ingest(self.device, events, Origin::Live).await
    }

    /// Takes in a batch of older history.
    pub(crate) async fn history(&self, events: Vec<Inbound>) -> Ingested {
        self.ingest(self.device, events, Origin::History).await
    }

    pub(crate) async fn ingest(&self, device: DeviceId, events: Vec<Inbound>, origin: Origin) -> Ingested {
        self.write(move |w| ingest::apply(w, device, events, origin, at(1_000_000)))
            .await
    }
}

/// What a claimed send is to send.
pub(crate) fn to_send(claimed: &Claimed) -> ToSend {
    let Work::Send(send) = &claimed.work else {
        panic!("it is a send: {claimed:?}")
    };
    (**send).clone()
}

/// Where the file of a world lies.
pub(crate) fn file_in(folder: &TempDir) -> PathBuf {
    folder.path().join("shop.db")
}

/// Opens the file at `path` and says that it must be sound.
pub(crate) fn reopen(path: &Path) -> Store {
    let opened = Store::open(path, at(60)).expect("the file opens again");
    assert_eq!(opened.set_aside, None, "a file that was only closed is sound");
    opened.store
}

async fn add_device(store: &Store, key: &str) -> DeviceId {
    let new = NewDevice {
        gateway: "practice".into(),
        name: "Mostrador".into(),
        url: None,
        secret_key: format!("key-{key}"),
    };
    store
        .write(move |w| device::add(w, &new, NOON))
        .await
        .expect("a device is added")
}

/// An address as a gateway writes it.
pub(crate) fn address(text: &str) -> Address {
    Address::parse(text)
}
