use mostrador_domain::UnixMillis;
use mostrador_store::Store;
use mostrador_store::tables::device::{self, NewDevice};
use mostrador_store::tables::media;
use tempfile::TempDir;

use super::{FILES, SINCE_WRITTEN, agreed_now, make_room};

/// Bytes of each file.
const BYTES: u64 = 10;

/// A shop with so many customers' files here, and three that the operator has chosen.
async fn shop_with(files: u64) -> (Store, TempDir) {
    let folder = TempDir::new().expect("a folder");
    let opened = Store::open(&folder.path().join("shop.db"), UnixMillis(0)).expect("a new file");
    let store = opened.store;
    let new = NewDevice {
        gateway: "practice".into(),
        name: "Mostrador".into(),
        url: None,
        secret_key: "key".into(),
    };
    let filled = store.write(move |writing| {
        let device = device::add(writing, &new, UnixMillis(0))?;
        for own in 0..3 {
            let sql = "INSERT INTO media (mime, bytes, sha256, state) VALUES ('image/png', 1000000, ?1, 'ready')";
            writing.execute(sql, [format!("own{own}")])?;
        }
        for file in 0..files {
            let sql = "INSERT INTO media (device_id, gateway_ref, mime, bytes, sha256, state) VALUES (?1, ?2, 'image/jpeg', ?3, ?2, 'ready')";
            writing.execute(sql, (device.0, format!("f{file}"), i64::try_from(BYTES).unwrap_or_default()))?;
        }
        Ok(())
    });
    filled.await.expect("filled");
    (store, folder)
}

async fn count(store: &Store, sql: &'static str) -> u64 {
    let count = store.read(move |connection| Ok(connection.query_row(sql, [], |row| row.get::<_, i64>(0))?));
    u64::try_from(count.await.expect("counted")).expect("not negative")
}

#[tokio::test]
async fn room_is_made_across_many_files_the_oldest_first_and_no_more_than_is_needed() {
    let files = u64::from(FILES) * 5 + 7;
    let (store, _folder) = shop_with(files).await;

    let share = 123 * BYTES + 5;
    make_room(&store, share).await.expect("room is made");

    let left = store.read(media::fetched_bytes).await;
    assert_eq!(
        left.expect("summed"),
        123 * BYTES,
        "one more would be beyond the share"
    );
    let oldest = "SELECT count(*) FROM media WHERE let_go = 1 AND id > (SELECT min(id) FROM media WHERE state = 'ready' AND gateway_ref IS NOT NULL)";
    assert_eq!(count(&store, oldest).await, 0, "those that were noted last stay");
    let own = "SELECT count(*) FROM media WHERE gateway_ref IS NULL AND state = 'ready'";
    assert_eq!(
        count(&store, own).await,
        3,
        "what the operator chose has no other place"
    );
    let rows = "SELECT count(*) FROM media";
    assert_eq!(
        count(&store, rows).await,
        files + 3,
        "every message still knows its file"
    );
}

#[tokio::test]
async fn a_file_that_came_in_many_chats_takes_its_room_once() {
    let (store, _folder) = shop_with(50).await;
    let same = store.write(|writing| {
        writing.execute(
            "UPDATE media SET sha256 = 'same' WHERE gateway_ref IS NOT NULL",
            [],
        )?;
        Ok(())
    });
    same.await.expect("set");
    make_room(&store, BYTES).await.expect("there is room");
    let let_go = "SELECT count(*) FROM media WHERE let_go = 1";
    assert_eq!(
        count(&store, let_go).await,
        0,
        "all of them together are within the share"
    );
}

#[tokio::test]
async fn files_of_no_size_end_the_making_of_room_too() {
    let (store, _folder) = shop_with(3).await;
    let sizeless = store.write(|writing| {
        writing.execute(
            "UPDATE media SET bytes = NULL WHERE gateway_ref IN ('f0', 'f1')",
            [],
        )?;
        Ok(())
    });
    sizeless.await.expect("set");
    make_room(&store, 0).await.expect("it ends");
    let left = store.read(media::fetched_bytes).await;
    assert_eq!(left.expect("summed"), 0, "nothing is left beyond the share");
}

#[tokio::test]
async fn it_is_no_later_than_a_day_after_a_customer_last_wrote_whatever_the_clocks_say() {
    let (store, _folder) = shop_with(0).await;
    let (ours, year) = (UnixMillis(1_900_000_000_000), 31_536_000_000_i64);
    let now = agreed_now(&store, ours).await.expect("read");
    assert_eq!(now, ours, "nobody has written yet: the clocks are all there is");

    let said = store.write(move |writing| {
        writing.execute_batch(
            "INSERT INTO chat (id, device_id, address, kind) SELECT 1, id, '51900000001@s.whatsapp.net', 'person' FROM device;
             INSERT INTO chat (id, device_id, address, kind) SELECT 2, id, '51900000002@s.whatsapp.net', 'person' FROM device;",
        )?;
        for (chat, from_me, at) in [(1, 0, ours.0 - year), (2, 0, ours.0 - 2 * year), (2, 1, ours.0)] {
            let sql = "INSERT INTO message (chat_id, from_me, at, kind, text) VALUES (?1, ?2, ?3, 'text', 'hola')";
            writing.execute(sql, (chat, from_me, at))?;
        }
        Ok(())
    });
    said.await.expect("said");
    let written = UnixMillis(ours.0 - year);
    let now = agreed_now(&store, ours).await.expect("read");
    assert_eq!(
        now,
        written.after(SINCE_WRITTEN),
        "what is written here bears the clock that may be wrong"
    );
    let now = agreed_now(&store, written).await.expect("read");
    assert_eq!(now, written, "a clock that is behind removes less");
}
