//! Campaigns for those whom another did not reach, some of which are deleted: nobody is written to twice.

use mostrador_campaigns::state::{RecipientState as S, SkipReason};
use mostrador_domain::{CampaignId, StatusKind, UnixMillis};
use mostrador_store::tables::outbox::OperatorWord;
use mostrador_store::tables::{campaign, leftover};

use super::retries::{missed_by, retry_of};
use super::{person, saying};
use crate::damaged_file::shop::{open_damaged, overwrite};
use crate::upgrade::tables_of;
use crate::world::{NOON, World, at, customer, file_in, reached, reopen};

const TWICE: S = S::Skipped(SkipReason::WrittenRecently);

/// A campaign that ended without reaching either of two people.
async fn missed_two(world: &World) -> CampaignId {
    let mut plan = saying("Hola {{nombre}}");
    plan.not_again_days = 0;
    let id = world.draft(plan, vec![person(1), person(2)]).await;
    world.start(id, NOON).await;
    for gateway_id in ["a", "b"] {
        fails(world, id, gateway_id, NOON).await;
    }
    world.next(id, NOON).await;
    id
}

/// The next one's message is taken by the gateway and given up.
async fn fails(world: &World, id: CampaignId, gateway_id: &str, now: UnixMillis) {
    world.send_next(id, gateway_id, now).await;
    world
        .live(vec![reached(gateway_id, StatusKind::Failed, now)])
        .await;
}

/// Removes a campaign, and whatever of it is to go.
async fn deleted(world: &World, id: CampaignId) {
    world.write(move |w| campaign::delete(w, id)).await;
    let mut portions = 0;
    while world.write(|w| leftover::remove_some(w, 1)).await {
        portions += 1;
        assert!(portions < 20, "it comes to an end");
    }
}

#[tokio::test]
async fn two_that_followed_a_deleted_one_do_not_write_to_the_same_person() {
    let world = World::new().await;
    let first = missed_two(&world).await;
    let (one, other) = (retry_of(&world, first).await, retry_of(&world, first).await);
    deleted(&world, first).await;
    world.start(one, at(1)).await;
    world.send_next(one, "c", at(1)).await;
    fails(&world, one, "d", at(2)).await;
    world.next(one, at(2)).await;
    assert_eq!(
        missed_by(&world, other).await,
        0,
        "the other one has not missed anybody"
    );
    assert_eq!(missed_by(&world, one).await, 1, "this one has");

    world.start(other, at(3)).await;
    world.send_next(other, "e", at(3)).await;
    assert_eq!(
        world.states(other).await,
        [TWICE, S::Sent],
        "the first of the two reached one of them"
    );
    assert_eq!(missed_by(&world, one).await, 0, "and now the other one the other");
}

#[tokio::test]
async fn whom_a_deleted_one_reached_is_not_written_to_by_those_that_are_left() {
    let world = World::new().await;
    let first = missed_two(&world).await;
    let (one, other) = (retry_of(&world, first).await, retry_of(&world, first).await);
    world.start(one, at(1)).await;
    world.send_next(one, "c", at(1)).await;
    fails(&world, one, "d", at(2)).await;
    world.next(one, at(2)).await;
    deleted(&world, one).await;
    let after = retry_of(&world, first).await;
    assert_eq!(
        world.people(after).await.len(),
        1,
        "one who was reached is none of those who were missed"
    );

    world.start(other, at(3)).await;
    world.send_next(other, "e", at(3)).await;
    assert_eq!(world.states(other).await, [TWICE, S::Sent], "nobody twice");
}

#[tokio::test]
async fn whom_a_message_reached_after_its_campaign_was_deleted_is_not_written_to_again() {
    let world = World::new().await;
    let first = missed_two(&world).await;
    let next = retry_of(&world, first).await;
    let missed = world.people(first).await[0].message.expect("a message");
    world
        .operator_says(missed, OperatorWord::Retry, at(1))
        .await
        .expect("a person may");
    let again = world.claim_one(at(1)).await;
    assert_eq!(again.message, missed, "by hand, in their chat");
    deleted(&world, first).await;
    world.accepted(again.id, "f", at(2)).await;

    world.start(next, at(3)).await;
    world.send_next(next, "e", at(3)).await;
    assert_eq!(
        world.states(next).await,
        [TWICE, S::Sent],
        "they have it from a person"
    );
}

#[tokio::test]
async fn the_people_of_a_deleted_one_stay_until_the_last_one_that_must_not_write_to_them_goes() {
    let world = World::new().await;
    let first = missed_two(&world).await;
    let (one, other) = (retry_of(&world, first).await, retry_of(&world, first).await);
    let people = "SELECT count(*) FROM recipient";
    let audiences = "SELECT count(*) FROM audience";
    deleted(&world, first).await;
    deleted(&world, one).await;
    assert_eq!(
        (world.count(people).await, world.count(audiences).await),
        (6, 3),
        "somebody asks for them yet"
    );
    deleted(&world, other).await;
    assert_eq!(
        (world.count(people).await, world.count(audiences).await),
        (0, 0),
        "nobody does any more"
    );
    let alone = missed_two(&world).await;
    deleted(&world, alone).await;
    assert_eq!(world.count(people).await, 0, "nobody ever asked for these");
}

#[tokio::test]
async fn a_damaged_file_keeps_whom_a_deleted_one_reached() {
    let world = World::new().await;
    let first = missed_two(&world).await;
    let (one, other) = (retry_of(&world, first).await, retry_of(&world, first).await);
    world.start(one, at(1)).await;
    world.send_next(one, "c", at(1)).await;
    fails(&world, one, "d", at(2)).await;
    world.next(one, at(2)).await;
    deleted(&world, first).await;
    deleted(&world, one).await;
    let folder = world.close();
    overwrite(&file_in(&folder), 60, &[0; 4]);
    let (store, _) = open_damaged(&folder);
    let reached = store.read(move |c| {
        let mut reached = campaign::Reached::by_others(c, other)?;
        let of = |number| campaign::person_key(&customer(number));
        Ok((reached.person(&of(1))?, reached.person(&of(2))?))
    });
    assert_eq!(
        reached.await.expect("read"),
        (true, false),
        "one was reached, the other was not"
    );
}

/// Campaigns of the version before: 1 is followed by 2, that by 3 and 4; 6 and 7 by way of 5, which is gone; 8 is a copy of 1.
fn of_the_version_before(folder: &tempfile::TempDir) {
    let file = tables_of(25, &file_in(folder));
    let plan = serde_json::to_string(&saying("hola")).expect("a plan");
    file.execute_batch(&format!(
        "PRAGMA journal_mode = WAL;
         INSERT INTO device (id, gateway, name, url, secret_key, linked, created_at) VALUES (1, 'practice', 'Caja', 'http://127.0.0.1:1', 'key-a', 1, {});",
        NOON.0
    ))
    .expect("a device");
    let gone = r#"[{"kind":"failed","campaignId":5}]"#;
    for (id, follows, how, source) in [
        (1, None, None, "[]"),
        (2, Some(1), Some("retry"), "[]"),
        (3, Some(2), Some("retry"), "[]"),
        (4, Some(2), Some("retry"), "[]"),
        (6, None, Some("retry"), gone),
        (7, None, Some("retry"), gone),
        (8, Some(1), Some("copy"), gone),
        (9, None, Some("retry"), "not JSON"),
    ] {
        let sql = "INSERT INTO campaign (id, device_id, name, state, plan, created_at, follows_id, follows_as, source)
                   VALUES (?1, 1, 'Aviso', 'draft', ?2, 0, ?3, ?4, ?5)";
        file.execute(sql, (id, &plan, follows, how, source))
            .expect("a campaign");
    }
}

async fn families(store: &mostrador_store::Store) -> Vec<(i64, Option<i64>)> {
    let read = store.read(|c| {
        let mut all = c.prepare("SELECT id, family_id FROM campaign ORDER BY id")?;
        let all = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(all.collect::<Result<_, _>>()?)
    });
    read.await.expect("read")
}

#[tokio::test]
async fn those_of_the_version_before_are_families_as_they_followed_one_another() {
    let folder = tempfile::TempDir::new().expect("a folder");
    of_the_version_before(&folder);
    let store = reopen(&file_in(&folder));
    let expected = [
        (1, Some(1)),
        (2, Some(1)),
        (3, Some(1)),
        (4, Some(1)),
        (6, Some(5)),
        (7, Some(5)),
        (8, None),
        (9, None),
    ];
    assert_eq!(
        families(&store).await,
        expected,
        "the one that is gone is told by where their people came from; a copy is for all"
    );
}

#[tokio::test]
async fn a_damaged_file_of_the_version_before_keeps_them_too() {
    let folder = tempfile::TempDir::new().expect("a folder");
    of_the_version_before(&folder);
    overwrite(&file_in(&folder), 60, &[0; 4]);
    let (store, _) = open_damaged(&folder);
    let kept = families(&store).await;
    let followed: Vec<_> = kept.into_iter().filter(|(id, _)| *id < 5).collect();
    assert_eq!(
        followed,
        [(1, Some(1)), (2, Some(1)), (3, Some(1)), (4, Some(1))],
        "by the first of them"
    );
}
