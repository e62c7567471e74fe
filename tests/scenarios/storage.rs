//! What is kept, what it takes, and what the shop chooses about it.

use std::time::Duration;

use mostrador_domain::UnixMillis;
use mostrador_engine::clock::Clock;
use serde_json::{Value, json};

use crate::dialects::linked_at;
use crate::world::{ROSA, World};

const DAY: Duration = Duration::from_secs(86_400);
/// Another customer whom the sandbox knows.
const MATEO: &str = "51900000012";

/// Mateo writes, and it is here.
async fn mateo_says(world: &mut World, words: &'static str) {
    world.sandbox.write_as(MATEO, words).expect("Mateo writes");
    world
        .until("it is here", async |world| {
            let said = world.messages_of(MATEO).await;
            said.iter().any(|message| message["body"]["text"] == words)
        })
        .await;
}

async fn choose(world: &World, name: &str, value: &str) {
    let mut settings = world.run("setting_get", json!({})).await;
    settings[name] = value.into();
    world.run("setting_set", json!({ "settings": settings })).await;
}

/// Makes every message of the store but the newest two and a half years older.
async fn age(world: &World) {
    let back = i64::try_from(DAY.as_millis()).expect("few") * 900;
    world
        .shop
        .engine()
        .store()
        .write(move |writing| {
            let sql = "UPDATE message SET at = at - ?1 WHERE id < (SELECT max(id) FROM message)";
            writing.execute(sql, [back])?;
            Ok(())
        })
        .await
        .expect("aged");
}

pub(crate) async fn until_round_after(world: &mut World, after: UnixMillis) {
    world
        .until("a round has ended", async |world| {
            let status = world.run("storage_status", json!({})).await;
            status["lastRoundAt"].as_i64().is_some_and(|at| at > after.0)
        })
        .await;
}

#[tokio::test]
async fn the_first_round_comes_by_itself_and_removes_no_message() {
    let mut world = World::linked().await;
    age(&world).await;
    let before = world.run("storage_status", json!({})).await;
    assert_eq!(before["lastRoundAt"], Value::Null, "sessions come first");
    assert!(
        before["messages"].as_u64() > Some(0),
        "the phone's messages are here"
    );
    assert!(before["databaseBytes"].as_u64() > Some(0), "they take room");
    assert!(before["diskFreeBytes"].as_u64() > Some(0), "the disk is known");
    until_round_after(&mut world, UnixMillis(0)).await;
    let after = world.run("storage_status", json!({})).await;
    assert_eq!(
        after["messages"], before["messages"],
        "kept for ever unless the shop wants otherwise"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_shorter_time_says_what_goes_and_holds_at_once() {
    let mut world = World::linked().await;
    mateo_says(&mut world, "¡Hola!").await;
    age(&world).await;
    let all = world.run("storage_status", json!({})).await["messages"]
        .as_u64()
        .expect("a number")
        - 1;
    let would = |keep: &'static str| json!({ "keepMessages": keep, "mediaShare": "unlimited" });
    assert_eq!(
        world.run("storage_preview", would("five_years")).await["messages"],
        0,
        "none is that old"
    );
    assert_eq!(
        world.run("storage_preview", would("two_years")).await["messages"],
        all,
        "all but the newest are older"
    );

    until_round_after(&mut world, UnixMillis(0)).await;
    let chosen = world.clock.now();
    choose(&world, "keepMessages", "two_years").await;
    // By the gateway's clock they are young: the next poll may bring some again, which are not old.
    world
        .until("they are gone", async |world| {
            world.run("storage_preview", would("two_years")).await["messages"] == 0
        })
        .await;
    assert!(
        world.clock.now().since(chosen) < DAY / 2,
        "nobody has to wait for the daily round"
    );
    assert_eq!(
        world.run("setting_get", json!({})).await["keepMessages"],
        "two_years",
        "the choice is kept"
    );
    world.finish().await;
}

#[tokio::test]
async fn bytes_of_which_no_row_speaks_go_a_day_later() {
    let mut world = World::linked().await;
    let folder = world.folder().join("media").join("ab");
    std::fs::create_dir_all(&folder).expect("made");
    let orphan = folder.join(format!("ab{}", "0".repeat(62)));
    let stranger = folder.join("README");
    for path in [&orphan, &stranger] {
        std::fs::write(path, "x").expect("written");
    }
    until_round_after(&mut world, UnixMillis(0)).await;
    assert!(orphan.exists(), "its row may be about to come");
    world.leap(DAY + DAY);
    mateo_says(&mut world, "¿siguen ahí?").await;
    // The leap woke a round too, which ends before or after and did not know yet how late it is.
    choose(&world, "keepMessages", "one_year").await;
    world.until("nobody needs it", async |_| !orphan.exists()).await;
    assert!(stranger.exists(), "what is none of ours stays");
    world.finish().await;
}

/// The file of the newest message of Rosa's.
pub(crate) async fn newest_file(world: &World) -> Value {
    let rows = world.messages_of(ROSA).await;
    rows.last()
        .map_or(Value::Null, |row| row["body"]["media"].clone())
}

/// Where the bytes of a file lie.
pub(crate) async fn place_of(world: &World, media: &Value) -> std::path::PathBuf {
    let id = media["id"].as_i64().expect("a number");
    let read = world.shop.engine().store().read(move |connection| {
        let sql = "SELECT sha256 FROM media WHERE id = ?1";
        Ok(connection.query_row(sql, [id], |row| row.get::<_, String>(0))?)
    });
    let hash = read.await.expect("it is here");
    world.folder().join("media").join(&hash[..2]).join(hash)
}

#[tokio::test]
async fn files_beyond_the_share_leave_the_disk_and_come_back_when_they_are_asked_for() {
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
    let file = newest_file(&world).await;
    let place = place_of(&world, &file).await;
    assert!(place.exists(), "its bytes are here");
    // As if it were larger than all that the shop allows.
    let id = file["id"].as_i64().expect("a number");
    let grown = world.shop.engine().store().write(move |writing| {
        writing.execute("UPDATE media SET bytes = 2000000000 WHERE id = ?1", [id])?;
        Ok(())
    });
    grown.await.expect("grown");
    let preview = json!({ "keepMessages": "forever", "mediaShare": "gb1" });
    let would = world.run("storage_preview", preview).await;
    assert!(
        would["mediaBytes"].as_u64() >= Some(1_000_000_000),
        "it is said beforehand: {would}"
    );

    choose(&world, "mediaShare", "gb1").await;
    world
        .until("it went back to the gateway", async |world| {
            newest_file(world).await["state"] != "ready"
        })
        .await;
    assert_eq!(
        newest_file(&world).await["id"],
        file["id"],
        "its message still knows it"
    );
    world.leap(DAY + DAY);
    mateo_says(&mut world, "¿siguen ahí?").await;
    choose(&world, "keepMessages", "one_year").await;
    world
        .until("its bytes have left the disk", async |_| !place.exists())
        .await;

    world.run("media_fetch", json!({ "mediaId": file["id"] })).await;
    world
        .until("it came back", async |world| {
            newest_file(world).await["state"] == "ready"
        })
        .await;
    assert!(place.exists(), "the same bytes");
    world.finish().await;
}

/// How many messages are here.
async fn messages(world: &World) -> u64 {
    let status = world.run("storage_status", json!({})).await;
    status["messages"].as_u64().expect("a number")
}

#[tokio::test]
async fn a_clock_that_is_years_ahead_removes_nothing_and_keeps_no_history_out() {
    let years = DAY * 730;
    let mut world = World::linked().await;
    let all = messages(&world).await;
    world.clock.set(world.clock.now().after(years));
    let preview = json!({ "keepMessages": "one_year", "mediaShare": "unlimited" });
    // The gateway is asked for news, and says what time it is.
    world.pass(Duration::from_secs(120)).await;
    let would = world.run("storage_preview", preview).await;
    assert_eq!(would["messages"], 0, "nothing is a year old: {would}");

    // The round that is wanted may end in this very moment of virtual time.
    let now = world.clock.now().before(Duration::from_millis(1));
    choose(&world, "keepMessages", "one_year").await;
    until_round_after(&mut world, now).await;
    assert!(messages(&world).await >= all, "nothing went");

    world.clock.set(world.clock.now().before(years));
    let chat = world.chat_of(ROSA).await["id"].as_i64().expect("a number");
    let before = world.messages_of(ROSA).await.len();
    assert!(before > 0, "Rosa has a history");
    let forgotten = world.shop.engine().store().write(move |writing| {
        writing.execute("DELETE FROM message WHERE chat_id = ?1", [chat])?;
        writing.execute(
            "UPDATE chat SET synced_link = 0, last_message_id = NULL WHERE id = ?1",
            [chat],
        )?;
        Ok(())
    });
    forgotten.await.expect("as if it had never come");
    let device = json!({ "deviceId": world.device().await["id"] });
    world.run("device_sync_resume", device).await;
    world
        .until("her history comes", async |world| {
            world.messages_of(ROSA).await.len() >= before
        })
        .await;
    world.finish().await;
}

/// How the commit of a message was made: SQLite's `synchronous`, 1 = NORMAL, 2 = FULL. `None` = it is not here.
async fn made(world: &World, words: &'static str) -> Option<i64> {
    let sql = "SELECT max(synchronous) FROM made WHERE text = ?1";
    let store = world.shop.engine().store();
    let made = store.read(move |connection| Ok(connection.query_row(sql, [words], |row| row.get(0))?));
    made.await.expect("read")
}

/// Rosa writes; how the commit was made.
async fn synchronous_of(world: &mut World, words: &'static str) -> Option<i64> {
    world.sandbox.write_as(ROSA, words).expect("Rosa writes");
    world
        .until("it is here", async |world| made(world, words).await.is_some())
        .await;
    made(world, words).await
}

#[tokio::test]
async fn what_no_list_tells_again_and_a_wish_to_be_left_alone_outlive_a_power_cut() {
    for (gateway, ordinary) in [("api_engine", 2), ("whapi", 1)] {
        let mut world = linked_at(gateway).await;
        let note = "CREATE TABLE made (text TEXT, synchronous INTEGER);
             CREATE TRIGGER made_so AFTER INSERT ON message
             BEGIN INSERT INTO made SELECT NEW.text, synchronous FROM pragma_synchronous; END";
        world
            .shop
            .engine()
            .store()
            .write(move |writing| Ok(writing.execute_batch(note)?))
            .await
            .expect("noted from now on");

        assert_eq!(
            synchronous_of(&mut world, "¿Hay torta?").await,
            Some(ordinary),
            "{gateway}: what can be asked for again waits for no disk, what cannot does, before the call is answered"
        );
        assert_eq!(
            synchronous_of(&mut world, "BAJA").await,
            Some(2),
            "{gateway}: nobody is written to who has said that they want no more"
        );
        world.finish().await;
    }
}
