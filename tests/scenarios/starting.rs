//! Starting: a damaged file, a second program on the same folder, a keyring that is not there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use mostrador_api::logs::Logs;
use mostrador_api::{ErrorCode, OpenShopError, Shop, ShopOptions};
use mostrador_domain::{DeviceId, UnixMillis};
use mostrador_engine::chance::SystemChance;
use mostrador_engine::clock::{Clock, SystemClock};
use mostrador_engine::secrets::{MemorySecrets, Secrets, SecretsProblem};
use mostrador_sandbox::{Fault, FaultKind, SandboxConfig};
use mostrador_store::tables::device::{self, Heard, Told};
use secrecy::SecretString;
use serde_json::json;

use crate::canaries::{Canaries, Listening};
use crate::dialects::{link_through, linked_at};
use crate::storage::{newest_file, place_of, until_round_after};
use crate::world::{ROSA, World};

/// A keyring that is locked, or not there.
struct NoKeyring(SecretsProblem);

#[async_trait]
impl Secrets for NoKeyring {
    fn lasts(&self) -> bool {
        true
    }

    async fn get(&self, _: &str) -> Result<Option<SecretString>, SecretsProblem> {
        Err(self.0)
    }

    async fn set(&self, _: &str, _: &SecretString) -> Result<(), SecretsProblem> {
        Err(self.0)
    }

    async fn delete(&self, _: &str) -> Result<(), SecretsProblem> {
        Err(self.0)
    }
}

pub(crate) fn options(folder: &std::path::Path, secrets: Arc<dyn Secrets>) -> ShopOptions {
    ShopOptions {
        data: folder.to_owned(),
        secrets,
        notifier: Box::new(|hub| Arc::new(hub)),
        practice: false,
        clock: Arc::new(SystemClock),
        chance: Arc::new(SystemChance),
        logs: Logs::new(Arc::new(SystemClock)),
    }
}

#[tokio::test]
async fn without_a_keyring_a_token_is_kept_for_this_run_only_if_a_person_wants_that() {
    let world = World::new().await;
    for (problem, code) in [
        (SecretsProblem::Unavailable, ErrorCode::KeyringUnavailable),
        (SecretsProblem::Locked, ErrorCode::KeyringLocked),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let shop = Shop::open(options(folder.path(), Arc::new(NoKeyring(problem))))
            .await
            .expect("it opens");
        let mut args = world.device_args("canary-token-5190000");
        let refused = mostrador_api::commands::dispatch(&shop, "device_add", args.clone())
            .await
            .expect_err("refused");
        assert_eq!(refused.code, code, "it says so");
        args["remember"] = json!(false);
        let added = mostrador_api::commands::dispatch(&shop, "device_add", args)
            .await
            .expect("for this run");
        assert_eq!(added["token"], "this_run", "it works until the program ends");
        shop.close().await;
        drop(shop);
        assert!(
            !folder_holds(folder.path(), b"canary-token-5190000"),
            "the token is in no file"
        );
    }
    world.finish().await;
}

/// A keyring that a person may lock.
#[derive(Default)]
struct Lockable {
    kept: MemorySecrets,
    locked: AtomicBool,
}

#[async_trait]
impl Secrets for Lockable {
    fn lasts(&self) -> bool {
        true
    }

    async fn get(&self, key: &str) -> Result<Option<SecretString>, SecretsProblem> {
        self.kept.get(key).await
    }

    async fn set(&self, key: &str, secret: &SecretString) -> Result<(), SecretsProblem> {
        match self.locked.load(Ordering::Relaxed) {
            true => Err(SecretsProblem::Locked),
            false => self.kept.set(key, secret).await,
        }
    }

    async fn delete(&self, key: &str) -> Result<(), SecretsProblem> {
        self.kept.delete(key).await
    }
}

#[tokio::test]
async fn a_token_that_the_keyring_did_not_take_is_no_other_token() {
    let folder = tempfile::tempdir().expect("a folder");
    let keyring = Arc::new(Lockable::default());
    let listening = Listening::begin();
    let with_log = ShopOptions {
        logs: listening.logs.clone(),
        ..options(folder.path(), keyring.clone())
    };
    let shop = Shop::open(with_log).await.expect("it opens");
    let [first, second] = ["first-token-of-the-shop", "second-token-of-the-shop"];
    let mut canaries = Canaries::default();
    canaries.add(first);
    canaries.add(second);
    let add = json!({ "gateway": "whapi", "name": "Tienda", "url": "http://127.0.0.1:9", "token": first, "remember": true });
    let added = mostrador_api::commands::dispatch(&shop, "device_add", add)
        .await
        .expect("added");
    let id = DeviceId(added["id"].as_i64().expect("its id"));
    let store = shop.engine().store().clone();
    let linked = async || {
        let linked = store.write(move |writing| device::linked(writing, id, Told::Never, UnixMillis(1)));
        linked.await.expect("written")
    };
    assert_eq!(linked().await, Heard::Same, "a number that nobody tells");

    let other = json!({ "deviceId": id.0, "token": second, "remember": true });
    keyring.locked.store(true, Ordering::Relaxed);
    let refused = mostrador_api::commands::dispatch(&shop, "device_token_set", other.clone())
        .await
        .expect_err("refused");
    assert_eq!(refused.code, ErrorCode::KeyringLocked, "it says so");
    assert_eq!(
        linked().await,
        Heard::Same,
        "it goes on with the token that it has, and so does all that waits"
    );

    keyring.locked.store(false, Ordering::Relaxed);
    mostrador_api::commands::dispatch(&shop, "device_token_set", other)
        .await
        .expect("kept");
    assert_eq!(linked().await, Heard::Another, "now it is another one");
    shop.close().await;
    listening.heard_none_of(&canaries, folder.path());
}

/// A keyring that asks a person before it keeps anything, once it is told to: the person refuses when they are let.
#[derive(Default)]
struct Asking {
    kept: MemorySecrets,
    asks: AtomicBool,
    refused: tokio::sync::Notify,
}

#[async_trait]
impl Secrets for Asking {
    fn lasts(&self) -> bool {
        true
    }

    async fn get(&self, key: &str) -> Result<Option<SecretString>, SecretsProblem> {
        self.kept.get(key).await
    }

    async fn set(&self, key: &str, secret: &SecretString) -> Result<(), SecretsProblem> {
        if self.asks.load(Ordering::Relaxed) {
            self.refused.notified().await;
            return Err(SecretsProblem::Locked);
        }
        self.kept.set(key, secret).await
    }

    async fn delete(&self, key: &str) -> Result<(), SecretsProblem> {
        self.kept.delete(key).await
    }
}

#[tokio::test]
async fn while_the_keyring_asks_a_person_the_number_of_before_is_no_other_one() {
    let keyring = Arc::new(Asking::default());
    let mut world = World::with(SandboxConfig::for_tests(), keyring.clone()).await;
    link_through(&mut world, "waconecta").await;
    let others = async |world: &World| {
        let store = world.shop.engine().store();
        let others = store
            .read(|file| Ok(file.query_row("SELECT number_no FROM device", [], |row| row.get::<_, i64>(0))?));
        others.await.expect("read")
    };
    world.saw_secret("another-key-of-the-shop");
    let other = json!({
        "deviceId": world.device().await["id"], "fields": { "container_token": "another-key-of-the-shop" }, "remember": true
    });
    keyring.asks.store(true, Ordering::Relaxed);
    let given = mostrador_api::commands::dispatch(&world.shop, "device_token_set", other);
    let asked_meanwhile = async {
        let question = Fault::once("GET", "/dialects/waconecta", FaultKind::DelayMs(0));
        // More than one question after the link.
        world.sandbox.set_fault(Fault {
            method: None,
            times: 3,
            ..question
        });
        while world.sandbox.waiting_faults() > 0 {
            SystemClock.sleep(Duration::from_millis(25)).await;
            if let Some(passed) = world.clock.advance_to_next(Duration::from_secs(60)) {
                world.sandbox.skip(passed);
            }
        }
        SystemClock.sleep(Duration::from_millis(100)).await;
        keyring.refused.notify_one();
    };
    let (refused, ()) = tokio::join!(given, asked_meanwhile);
    assert_eq!(refused.expect_err("refused").code, ErrorCode::KeyringLocked);
    assert_eq!(
        others(&world).await,
        0,
        "it has the key that it had all the while"
    );
    world.pass(Duration::from_secs(180)).await;
    assert_eq!(others(&world).await, 0, "also afterwards");
    world.finish().await;
}

/// Does any file of the folder hold these bytes?
fn folder_holds(folder: &std::path::Path, wanted: &[u8]) -> bool {
    std::fs::read_dir(folder).expect("the folder").any(|entry| {
        let bytes = std::fs::read(entry.expect("an entry").path()).unwrap_or_default();
        bytes.windows(wanted.len()).any(|window| window == wanted)
    })
}

#[tokio::test]
async fn a_second_program_on_the_same_folder_is_turned_away() {
    let world = World::new().await;

    let secrets: Arc<dyn Secrets> = Arc::new(NoKeyring(SecretsProblem::Unavailable));
    let second = Shop::open(options(world.folder(), secrets)).await;
    assert!(
        matches!(second, Err(OpenShopError::InUse)),
        "two programs would send everything twice"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_damaged_file_is_put_aside_and_unsent_messages_are_kept() {
    let mut world = World::linked().await;
    world.unlink().await;
    world.send(ROSA, "que no se pierda", "dmg-1").await;
    world.shop.close().await;
    damage(&world.folder().join("mostrador.db"));

    world.restart().await;
    let status = world.run("app_status", json!({})).await;
    assert_eq!(
        status["database"]["kind"], "set_aside",
        "the operator is told: {status}"
    );
    assert_eq!(status["database"]["devicesKept"], 1, "the device is still there");
    assert_eq!(
        status["database"]["messagesKept"], 1,
        "and the message that was not sent"
    );
    world
        .until("a code is shown", async |world| {
            world.device().await["state"]["step"]["kind"] == "qr"
        })
        .await;
    world.sandbox.scan().expect("the code is live");
    world.until_status(ROSA, "que no se pierda", "delivered").await;
    assert_eq!(world.got(ROSA, "que no se pierda"), 1, "it went once");
    assert!(world.chats().await.len() >= 10, "the rest was fetched again");
    world.expect_warning("was damaged");
    world.finish().await;
}

/// A header that forgot its version: all that is behind it is there.
fn damage_header(path: &std::path::Path) {
    checkpointed(path);
    let mut bytes = std::fs::read(path).expect("read");
    bytes[60..64].fill(0);
    std::fs::write(path, bytes).expect("written");
}

fn checkpointed(path: &std::path::Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(path).expect("opens");
    let checkpointed: i64 = connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .expect("checkpoint");
    assert_eq!(checkpointed, 0, "everything is in the file itself");
    connection
}

#[tokio::test]
async fn a_damaged_file_takes_no_picture_along() {
    let mut world = World::linked().await;
    let cake = include_bytes!("../fixtures/cake.png").to_vec();
    world
        .sandbox
        .write_image_as(ROSA, cake, Some("torta"))
        .expect("Rosa sends a picture");
    world
        .until("it is here", async |world| {
            newest_file(world).await["state"] == "ready"
        })
        .await;
    let place = place_of(&world, &newest_file(&world).await).await;
    let file = std::fs::File::options()
        .append(true)
        .open(&place)
        .expect("it lies there");
    let came = file.metadata().and_then(|data| data.modified()).expect("dated");
    file.set_modified(came - Duration::from_secs(2 * 86_400))
        .expect("two days ago");
    let said = world.messages_of(ROSA).await.len();
    world.shop.close().await;
    damage_header(&world.folder().join("mostrador.db"));

    world.restart().await;
    assert_eq!(
        newest_file(&world).await["state"],
        "ready",
        "her message still shows it"
    );
    let now = UnixMillis(world.clock.now().0 - 1);
    until_round_after(&mut world, now).await;
    assert!(place.exists(), "the daily round leaves it alone");
    assert_eq!(
        world.messages_of(ROSA).await.len(),
        said,
        "nothing is missing or doubled"
    );
    world.expect_warning("was damaged");
    world.finish().await;
}

#[tokio::test]
async fn a_conversation_that_its_gateway_cannot_tell_again_outlives_a_damaged_file() {
    let mut world = linked_at("api_engine").await;
    world.sandbox.write_as(ROSA, "¿Hay torta?").expect("Rosa writes");
    world
        .until("it is here", async |world| world.chats().await.len() == 1)
        .await;
    world.send(ROSA, "Sí, queda una", "c-1").await;
    world.until_status(ROSA, "Sí, queda una", "sent").await;
    world.shop.close().await;
    damage_header(&world.folder().join("mostrador.db"));

    world.restart().await;
    let said = world.messages_of(ROSA).await;
    let words: Vec<&str> = said
        .iter()
        .filter_map(|row| row["body"]["text"].as_str())
        .collect();
    assert_eq!(words.len(), 2, "each once");
    for words_said in ["¿Hay torta?", "Sí, queda una"] {
        assert!(
            words.contains(&words_said),
            "this file is the only one that knows"
        );
    }
    world.until_online().await;
    world.sandbox.write_as(ROSA, "Voy por ella").expect("Rosa writes");
    world
        .until("it goes on", async |world| {
            world.messages_of(ROSA).await.len() == 3
        })
        .await;
    assert_eq!(world.got(ROSA, "Sí, queda una"), 1, "nothing went twice");
    world.expect_warning("was damaged");
    world.finish().await;
}

/// Overwrites a stretch in the pages of an index, so that the check finds it.
fn damage(path: &std::path::Path) {
    let connection = checkpointed(path);
    let page: i64 = connection
        .query_row(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'message_in_order'",
            [],
            |row| row.get(0),
        )
        .expect("the index");
    let size: i64 = connection
        .query_row("PRAGMA page_size", [], |row| row.get(0))
        .expect("size");
    drop(connection);
    let mut bytes = std::fs::read(path).expect("read");
    let begin = usize::try_from((page - 1) * size).expect("fits");
    for byte in &mut bytes[begin..begin + 512] {
        *byte = 0xA5;
    }
    std::fs::write(path, bytes).expect("written");
}

#[tokio::test]
async fn a_program_that_has_ended_is_not_called_any_more() {
    let world = World::linked().await;
    assert_eq!(hooks_of(&world).await, 1, "while it runs the gateway calls it");

    world.shop.close().await;
    assert_eq!(
        hooks_of(&world).await,
        0,
        "whoever gets its port next gets no customers' messages"
    );
    world.finish().await;
}

/// How many webhooks the gateway has noted.
async fn hooks_of(world: &World) -> usize {
    let settings = reqwest::Client::new()
        .get(format!("{}/settings", world.sandbox.url()))
        .bearer_auth(world.sandbox.token());
    let settings: serde_json::Value = settings
        .send()
        .await
        .expect("answers")
        .json()
        .await
        .expect("JSON");
    settings["webhooks"].as_array().map_or(0, Vec::len)
}
