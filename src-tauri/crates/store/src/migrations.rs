//! Numbered migrations. Each runs in one transaction together with its version; none drops unsent work.
//!
//! A table that is made anew is dropped under its old name: references to it must neither be followed nor checked meanwhile, so
//! foreign keys are off while migrations run.
//!
//! The version is SQLite's `user_version`. A file from a newer program is refused as it is
//! ([`StoreErrorKind::NewerVersion`]): going back is done by installing the newer program again.

use rusqlite::Connection;

use crate::{StoreError, StoreErrorKind, crash};

/// All migrations, in order; the version of a file is how many of them it has seen.
pub(crate) const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_start.sql"),
    include_str!("migrations/0002_messages.sql"),
    include_str!("migrations/0003_outbox.sql"),
    include_str!("migrations/0004_people.sql"),
    include_str!("migrations/0005_chats.sql"),
    include_str!("migrations/0006_devices.sql"),
    include_str!("migrations/0007_retention.sql"),
    include_str!("migrations/0008_search.sql"),
    include_str!("migrations/0009_number_check.sql"),
    include_str!("migrations/0010_storage.sql"),
    include_str!("migrations/0011_notes.sql"),
    include_str!("migrations/0012_unread.sql"),
    include_str!("migrations/0013_pictures.sql"),
    include_str!("migrations/0014_campaigns.sql"),
    include_str!("migrations/0015_audience.sql"),
    include_str!("migrations/0016_device_fields.sql"),
    include_str!("migrations/0017_public_ways.sql"),
    include_str!("migrations/0018_blocks.sql"),
    include_str!("migrations/0019_audiences.sql"),
    include_str!("migrations/0020_proved_ways.sql"),
    include_str!("migrations/0021_search_pieces.sql"),
    include_str!("migrations/0022_first_sync.sql"),
    include_str!("migrations/0023_missed_chats.sql"),
    include_str!("migrations/0024_put_away.sql"),
    include_str!("migrations/0025_order_of_turns.sql"),
    include_str!("migrations/0026_family.sql"),
    include_str!("migrations/0027_emptied_chats.sql"),
    include_str!("migrations/0028_spare.sql"),
    include_str!("migrations/0029_nobody_saved.sql"),
    include_str!("migrations/0030_told_port.sql"),
    include_str!("migrations/0031_emptied_newest.sql"),
    include_str!("migrations/0032_another_number.sql"),
    include_str!("migrations/0033_series.sql"),
    include_str!("migrations/0034_unproven_number.sql"),
    include_str!("migrations/0035_listed_number.sql"),
    include_str!("migrations/0036_withheld_before.sql"),
    include_str!("migrations/0037_people.sql"),
    include_str!("migrations/0038_name_column.sql"),
    include_str!("migrations/0039_member_receipts.sql"),
    include_str!("migrations/0040_waiting_since.sql"),
    include_str!("migrations/0041_told_since.sql"),
];

/// The version of a file: how many migrations it has seen.
fn version(connection: &Connection) -> Result<usize, StoreError> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(usize::try_from(version).unwrap_or(usize::MAX))
}

/// Says [`StoreErrorKind::NewerVersion`] of a file that a newer program has written.
pub(crate) fn refuse_newer(connection: &Connection) -> Result<(), StoreError> {
    let newer = version(connection)? > MIGRATIONS.len();
    if newer {
        Err(StoreError::of(StoreErrorKind::NewerVersion))
    } else {
        Ok(())
    }
}

/// Are there migrations that the file has not seen?
pub(crate) fn is_older(connection: &Connection) -> Result<bool, StoreError> {
    Ok(version(connection)? < MIGRATIONS.len())
}

/// Brings a file to the present version. A file that has tables but no version is not one that this program wrote so: it is
/// [`StoreErrorKind::Damaged`].
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    refuse_newer(connection)?;
    let version = version(connection)?;
    if version == 0
        && connection.query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| {
            row.get(0)
        })?
    {
        return Err(StoreError::of(StoreErrorKind::Damaged));
    }
    let foreign_keys: bool = connection.pragma_query_value(None, "foreign_keys", |row| row.get(0))?;
    connection.pragma_update(None, "foreign_keys", false)?;
    for (number, sql) in MIGRATIONS.iter().enumerate().skip(version) {
        let tx = connection.transaction()?;
        tx.execute_batch(sql)?;
        tx.pragma_update(
            None,
            "user_version",
            i64::try_from(number + 1).unwrap_or(i64::MAX),
        )?;
        crash::point("migration.made");
        tx.commit()?;
        crash::point("migration.committed");
        tracing::info!(version = number + 1, "store migrated");
    }
    connection.pragma_update(None, "foreign_keys", foreign_keys)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is in a database, by name and by its definition without comments and spacing.
    fn shape(connection: &Connection) -> Vec<(String, String)> {
        let mut statement = connection
            .prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY name")
            .expect("schema can be read");
        let rows = statement
            .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))
            .expect("schema can be listed");
        rows.map(|row| row.expect("row"))
            .map(|(name, sql)| (name, plain(&sql)))
            .collect()
    }

    fn plain(sql: &str) -> String {
        let without_comments: Vec<&str> = sql
            .lines()
            .map(|line| line.split("--").next().unwrap_or_default())
            .collect();
        without_comments
            .join(" ")
            .chars()
            // A table that was renamed is quoted.
            .filter(|c| !c.is_whitespace() && *c != '"')
            .collect()
    }

    #[test]
    fn schema_sql_documents_what_the_migrations_make() {
        let mut migrated = Connection::open_in_memory().expect("memory");
        migrate(&mut migrated).expect("migrations run");
        let documented = Connection::open_in_memory().expect("memory");
        documented
            .execute_batch(include_str!("schema.sql"))
            .expect("schema.sql is valid SQL");
        assert_eq!(
            shape(&documented),
            shape(&migrated),
            "schema.sql must say what a migrated file holds"
        );
    }

    #[test]
    fn a_file_of_any_earlier_version_becomes_what_schema_sql_documents() {
        let mut fresh = Connection::open_in_memory().expect("memory");
        migrate(&mut fresh).expect("migrations run");
        for seen in 1..MIGRATIONS.len() {
            let mut earlier = Connection::open_in_memory().expect("memory");
            earlier
                .execute_batch(&MIGRATIONS[..seen].concat())
                .expect("an earlier version");
            let version = i64::try_from(seen).expect("few");
            earlier.pragma_update(None, "user_version", version).expect("set");
            migrate(&mut earlier).expect("migrations run");
            assert_eq!(shape(&earlier), shape(&fresh), "from version {seen}");
        }
    }

    #[test]
    fn foreign_keys_are_kept_again_after_migrating() {
        let mut connection = Connection::open_in_memory().expect("memory");
        connection.pragma_update(None, "foreign_keys", true).expect("set");
        migrate(&mut connection).expect("migrations run");
        let kept: bool = connection
            .pragma_query_value(None, "foreign_keys", |row| row.get(0))
            .expect("read");
        assert!(kept, "what the migrations turned off is on again");
    }

    #[test]
    fn a_tunnel_of_an_earlier_version_leads_to_the_port_of_today() {
        let mut earlier = Connection::open_in_memory().expect("memory");
        earlier
            .execute_batch(&MIGRATIONS[..18].concat())
            .expect("an earlier version");
        earlier.pragma_update(None, "user_version", 18).expect("set");
        earlier
            .execute_batch(
                "PRAGMA foreign_keys = 0;
                 INSERT INTO setting (name, value) VALUES ('hook_port', '20001');
                 INSERT INTO public_way (device_id, address) VALUES (1, 'https://shop.example'), (2, NULL);",
            )
            .expect("two ways");
        migrate(&mut earlier).expect("migrations run");
        let port = |device: i64| -> Option<u16> {
            let sql = "SELECT port FROM public_way WHERE device_id = ?1";
            earlier
                .query_row(sql, [device], |row| row.get(0))
                .expect("its row")
        };
        assert_eq!(
            port(1),
            Some(20_001),
            "nothing has to be proved that worked yesterday"
        );
        assert_eq!(port(2), None, "nobody's address leads nowhere");
    }

    #[test]
    fn what_a_gateway_was_told_leads_where_the_shops_address_does_if_it_is_the_same() {
        let mut earlier = Connection::open_in_memory().expect("memory");
        earlier
            .execute_batch(&MIGRATIONS[..29].concat())
            .expect("an earlier version");
        earlier.pragma_update(None, "user_version", 29).expect("set");
        earlier
            .execute_batch(
                "PRAGMA foreign_keys = 0;
                 INSERT INTO public_way (device_id, address, told, port) VALUES
                   (1, 'https://a.example', 'https://a.example', 20001), (2, 'https://b.example', 'https://a.example', 20001),
                   (3, NULL, 'https://a.example', NULL);",
            )
            .expect("three ways");
        migrate(&mut earlier).expect("migrations run");
        let ports: Vec<Option<u16>> = (1..=3)
            .map(|device| {
                let sql = "SELECT told_port FROM public_way WHERE device_id = ?1";
                earlier
                    .query_row(sql, [device], |row| row.get(0))
                    .expect("its row")
            })
            .collect();
        assert_eq!(
            ports,
            [Some(20_001), None, None],
            "of an address that is the shop's no more nothing is known"
        );
    }

    #[test]
    fn the_rows_of_recurring_campaigns_are_told_by_whom_each_follows() {
        let mut earlier = Connection::open_in_memory().expect("memory");
        earlier
            .execute_batch(&MIGRATIONS[..32].concat())
            .expect("an earlier version");
        earlier
            .execute_batch(
                "PRAGMA user_version = 32;
                 INSERT INTO device (id, gateway, name, secret_key, created_at) VALUES (1, 'practice', 'Mostrador', 'key', 1);
                 INSERT INTO campaign (id, device_id, name, state, plan, created_at, follows_id, follows_as, family_id) VALUES
                   (1, 1, 'first', 'finished', '{}', 1, NULL, NULL, 1), (2, 1, 'again', 'running', '{}', 1, 1, 'retry', 1),
                   (3, 1, 'second', 'finished', '{}', 1, 1, 'repeat', NULL), (4, 1, 'third', 'scheduled', '{}', 1, 3, 'repeat', NULL),
                   (5, 1, 'a copy', 'draft', '{}', 1, 3, 'copy', NULL), (7, 1, 'its first is gone', 'finished', '{}', 1, NULL, 'repeat', NULL),
                   (8, 1, 'of a family', 'running', '{}', 1, NULL, 'retry', 7), (9, 1, 'the next', 'scheduled', '{}', 1, 7, 'repeat', NULL)",
            )
            .expect("rows");
        migrate(&mut earlier).expect("migrations run");
        let mut statement = earlier
            .prepare("SELECT series_id FROM campaign ORDER BY id")
            .expect("sound");
        let rows = statement.query_map([], |row| row.get(0)).expect("read");
        let told: Vec<Option<i64>> = rows.map(|row| row.expect("row")).collect();
        let [first, seventh] = [Some(1), Some(7)];
        assert_eq!(
            told,
            [first, first, first, first, None, seventh, seventh, seventh]
        );
    }

    #[test]
    fn what_was_unlinked_or_only_listed_before_that_was_kept_proves_no_number() {
        let mut earlier = Connection::open_in_memory().expect("memory");
        earlier
            .execute_batch(&MIGRATIONS[..33].concat())
            .expect("an earlier version");
        earlier
            .execute_batch(
                "PRAGMA user_version = 33;
                 INSERT INTO device (id, gateway, name, secret_key, created_at, own_address, linked, link_number) VALUES
                   (1, 'whapi', 'linked', 'a', 1, '51900000001@s.whatsapp.net', 1, 1), (2, 'evolution', 'unlinked', 'b', 1, NULL, 0, 2),
                   (3, 'whapi', 'never linked', 'c', 1, NULL, 0, 1), (4, 'qr_buho', 'listed', 'd', 1, '51900000004@s.whatsapp.net', 1, 1)",
            )
            .expect("rows");
        migrate(&mut earlier).expect("migrations run");
        let told = |sql: &str| -> Vec<(i64, Option<String>, Option<String>)> {
            let mut statement = earlier.prepare(sql).expect("sound");
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
            rows.expect("read").map(|row| row.expect("row")).collect()
        };
        let [first, fourth] = ["51900000001", "51900000004"].map(|it| Some(format!("{it}@s.whatsapp.net")));
        let expected = [
            (0, first, None),
            (1, None, None),
            (0, None, None),
            (0, None, fourth),
        ];
        assert_eq!(
            told("SELECT own_unproven, own_address, own_listed FROM device ORDER BY id"),
            expected
        );
        assert_eq!(
            told(
                "SELECT row ->> 'own_unproven', row ->> 'own_address', row ->> 'own_listed' FROM spare WHERE what = 'device' ORDER BY key"
            ),
            expected,
            "so does their second copy"
        );
    }

    #[test]
    fn one_that_was_withheld_before_that_was_kept_has_no_next_one() {
        let mut earlier = Connection::open_in_memory().expect("memory");
        earlier
            .execute_batch(&MIGRATIONS[..34].concat())
            .expect("an earlier version");
        earlier
            .execute_batch(
                r#"PRAGMA user_version = 34;
                 INSERT INTO device (id, gateway, name, secret_key, created_at) VALUES (1, 'practice', 'Mostrador', 'key', 1);
                 INSERT INTO campaign (id, device_id, name, state, plan, created_at, schedule, follows_id, follows_as) VALUES
                   (1, 1, 'withheld', 'missed', '{}', 1, '{"repeats":"daily"}', NULL, NULL),
                   (2, 1, 'a copy of it', 'draft', '{}', 1, NULL, 1, 'copy'),
                   (3, 1, 'missed', 'missed', '{}', 1, '{"repeats":"daily"}', NULL, NULL),
                   (4, 1, 'its next', 'finished', '{}', 1, '{"repeats":"daily"}', 3, 'repeat'),
                   (5, 1, 'once', 'missed', '{}', 1, '{"repeats":"never"}', NULL, NULL),
                   (6, 1, 'waits', 'scheduled', '{}', 1, '{"repeats":"daily"}', NULL, NULL),
                   (7, 1, 'unreadable', 'missed', '{}', 1, '{', NULL, NULL)"#,
            )
            .expect("rows");
        migrate(&mut earlier).expect("migrations run");
        let mut statement = earlier
            .prepare("SELECT id FROM campaign WHERE withheld = 1")
            .expect("sound");
        let rows = statement.query_map([], |row| row.get(0)).expect("read");
        let withheld: Vec<i64> = rows.map(|row| row.expect("row")).collect();
        assert_eq!(
            withheld,
            [1],
            "the one that recurs and is followed by no repetition"
        );
    }

    #[test]
    fn how_many_an_audience_has_is_known_of_what_was_there_before_that_was_kept() {
        let mut earlier = Connection::open_in_memory().expect("memory");
        earlier
            .execute_batch(&MIGRATIONS[..36].concat())
            .expect("an earlier version");
        earlier
            .execute_batch(
                "PRAGMA user_version = 36;
                 INSERT INTO device (id, gateway, name, secret_key, created_at) VALUES (1, 'practice', 'Mostrador', 'key', 1);
                 INSERT INTO audience (id, state) VALUES (7, 'whole');
                 INSERT INTO campaign (id, device_id, name, state, plan, created_at, audience_id) VALUES
                   (1, 1, 'two people', 'draft', '{}', 1, 7), (2, 1, 'nobody yet', 'draft', '{}', 1, NULL);
                 INSERT INTO recipient (audience_id, place, written, state) VALUES (7, 0, '', 'pending'), (7, 1, '', 'skipped')",
            )
            .expect("rows");
        migrate(&mut earlier).expect("migrations run");
        let mut statement = earlier
            .prepare("SELECT people FROM campaign ORDER BY id")
            .expect("sound");
        let rows = statement.query_map([], |row| row.get(0)).expect("read");
        let people: Vec<i64> = rows.map(|row| row.expect("row")).collect();
        assert_eq!(people, [2, 0], "those who are left out among them");
    }

    #[test]
    fn what_waited_for_its_message_before_members_were_told_of_is_about_the_whole_message() {
        let mine = MIGRATIONS
            .iter()
            .position(|sql| sql.contains("receipt_parked_before"))
            .expect("its migration");
        let mut earlier = Connection::open_in_memory().expect("memory");
        earlier
            .execute_batch(&MIGRATIONS[..mine].concat())
            .expect("an earlier version");
        let version = i64::try_from(mine).expect("few");
        earlier.pragma_update(None, "user_version", version).expect("set");
        earlier
            .execute_batch(
                "INSERT INTO device (id, gateway, name, secret_key, created_at) VALUES (1, 'practice', 'Mostrador', 'key', 1);
                 INSERT INTO receipt_parked (device_id, gateway_id, status, at) VALUES (1, 'g1', 2, 5), (1, 'g1', -1, 7)",
            )
            .expect("rows");
        migrate(&mut earlier).expect("migrations run");
        let mut statement = earlier
            .prepare("SELECT gateway_id, status, member, at FROM receipt_parked ORDER BY at")
            .expect("sound");
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)));
        let waiting: Vec<(String, i64, String, i64)> =
            rows.expect("read").map(|row| row.expect("row")).collect();
        let waits = |status, at| ("g1".to_owned(), status, String::new(), at);
        assert_eq!(waiting, [waits(2, 5), waits(-1, 7)], "each with its time");
    }

    #[test]
    fn migrating_twice_changes_nothing() {
        let mut connection = Connection::open_in_memory().expect("memory");
        migrate(&mut connection).expect("first");
        let before = shape(&connection);
        migrate(&mut connection).expect("second");
        assert_eq!(shape(&connection), before, "a migrated file is left as it is");
    }

    #[test]
    fn a_file_from_a_newer_program_is_refused() {
        let mut connection = Connection::open_in_memory().expect("memory");
        connection
            .pragma_update(None, "user_version", 9_999)
            .expect("set");
        let refused = migrate(&mut connection).expect_err("must refuse");
        assert_eq!(
            refused.kind,
            StoreErrorKind::NewerVersion,
            "never touch what we do not understand"
        );
    }
}
