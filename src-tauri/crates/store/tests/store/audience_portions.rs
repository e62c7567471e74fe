//! An audience is exchanged at once and removed in portions, and a death in between neither loses one nor shows half of one.

use mostrador_campaigns::plan::Plan;
use mostrador_campaigns::state::{RecipientState, SkipReason};
use mostrador_campaigns::wording::Table;
use mostrador_domain::{Address, AudienceId, CampaignId, DeviceId};
use mostrador_store::tables::block::{self, Blocked};
use mostrador_store::tables::campaign::audience::{self, Gathering, Joining, Patience, Range};
use mostrador_store::tables::campaign::{self, Copied, FollowsAs, recipient};
use mostrador_store::tables::{device, leftover, number_check};
use mostrador_store::{Store, StoreErrorKind, Writing};

use crate::audience::draft;
use crate::upgrade::tables_of;
use crate::world::{NOON, World, at, file_in, reopen};

const PATIENCE: Patience = Patience {
    there: std::time::Duration::from_secs(1),
    not_there: std::time::Duration::from_secs(1),
};
/// More than goes at once.
const MANY: u32 = 700;
const PORTION: u32 = 200;

pub(crate) fn gathering(campaign: CampaignId, device: DeviceId) -> Gathering {
    Gathering {
        own: None,
        patience: PATIENCE,
        ..crate::audience::gathering(campaign, device)
    }
}

pub(crate) fn joining(n: u32) -> Joining {
    Joining {
        row: Some(n + 2),
        written: format!("51900000{n:03}"),
        address: Some(Address::parse(&format!("51900000{n:03}"))),
        cells: vec![format!("n{n}")],
        left_out: None,
    }
}

/// Begins, and gathers people without taking them over.
async fn gathered(
    world: &World,
    campaign: CampaignId,
    people: std::ops::Range<u32>,
) -> (AudienceId, Gathering) {
    let audience = world.write(audience::begin).await;
    let gathering = gathering(campaign, world.device);
    let people: Vec<Joining> = people.map(joining).collect();
    for piece in people.chunks(PORTION as usize) {
        let (gathering, piece) = (gathering.clone(), piece.to_vec());
        world
            .write(move |w| audience::stage(w, audience, &gathering, &piece))
            .await;
    }
    (audience, gathering)
}

async fn taken(world: &World, campaign: CampaignId, people: std::ops::Range<u32>) -> AudienceId {
    let (audience, gathering) = gathered(world, campaign, people).await;
    world
        .write(move |w| audience::take_over(w, audience, &gathering, "[]", &Table::of(["Nombre"])))
        .await;
    audience
}

async fn shown(store: &Store, campaign: CampaignId) -> Vec<String> {
    let page = store.read(move |c| recipient::page(c, campaign, &[], None, 10_000));
    let page = page.await.expect("read");
    page.into_iter().map(|row| row.written).collect()
}

fn numbers(people: std::ops::Range<u32>) -> Vec<String> {
    people.map(|n| joining(n).written).collect()
}

async fn rows(world: &World) -> i64 {
    world.count("SELECT count(*) FROM recipient").await
}

async fn further(world: &World) -> bool {
    world.write(|w| leftover::remove_some(w, PORTION)).await
}

#[tokio::test]
async fn another_audience_is_there_at_once_and_the_former_goes_in_portions() {
    let world = World::new().await;
    let id = draft(&world).await;
    taken(&world, id, 0..MANY).await;
    let (audience, gathering) = gathered(&world, id, 10..12).await;
    assert_eq!(
        shown(&world.store, id).await,
        numbers(0..MANY),
        "the former holds while another is gathered"
    );
    world
        .write(move |w| audience::take_over(w, audience, &gathering, "[]", &Table::default()))
        .await;
    assert_eq!(
        shown(&world.store, id).await,
        numbers(10..12),
        "all of the new one, and nothing else"
    );
    assert_eq!(
        rows(&world).await,
        i64::from(MANY) + 2,
        "to take it over removes nothing"
    );
    let mut portions = 0;
    let mut before = rows(&world).await;
    while further(&world).await {
        let now = rows(&world).await;
        assert!(before - now <= i64::from(PORTION), "each portion has its limit");
        (portions, before) = (portions + 1, now);
    }
    assert_eq!((portions, before), (4, 2), "all of the former is gone");
    assert_eq!(
        world.count("SELECT count(*) FROM audience").await,
        1,
        "and it itself"
    );
}

#[tokio::test]
async fn a_death_while_an_audience_is_gathered_leaves_the_former_and_nothing_else() {
    let world = World::new().await;
    let id = draft(&world).await;
    taken(&world, id, 0..3).await;
    let late = gathered(&world, id, 100..100 + MANY).await;
    let folder = world.close();

    let store = reopen(&file_in(&folder));
    assert_eq!(shown(&store, id).await, numbers(0..3), "the former holds");
    let unfinished = store.read(audience::is_unfinished).await.expect("read");
    assert!(unfinished, "the start sees that something was not ended");
    store.write(audience::leave_unfinished).await.expect("left over");
    assert!(!store.read(audience::is_unfinished).await.expect("read"), "once");
    let refused = store
        .write(move |w| audience::take_over(w, late.0, &late.1, "[]", &Table::default()))
        .await;
    assert_eq!(
        refused.expect_err("half of it").kind,
        StoreErrorKind::StateChanged,
        "half of an audience is never taken over"
    );
    while store
        .write(|w| leftover::remove_some(w, PORTION))
        .await
        .expect("removed")
    {}
    let left =
        store.read(|c| Ok(c.query_row("SELECT count(*) FROM recipient", [], |row| row.get::<_, i64>(0))?));
    assert_eq!(left.await.expect("read"), 3, "what was gathered is gone");
    assert_eq!(
        shown(&store, id).await,
        numbers(0..3),
        "the former is not touched"
    );
}

#[tokio::test]
async fn whoever_begins_another_takes_the_place_of_what_was_being_gathered() {
    let world = World::new().await;
    let id = draft(&world).await;
    let first = gathered(&world, id, 0..5).await;
    let second = gathered(&world, id, 5..8).await;
    world
        .write(move |w| audience::take_over(w, second.0, &second.1, "[]", &Table::default()))
        .await;
    let refused = world
        .store
        .write(move |w| audience::take_over(w, first.0, &first.1, "[]", &Table::default()))
        .await;
    assert_eq!(
        refused.expect_err("it was let go").kind,
        StoreErrorKind::StateChanged,
        "the first is not taken over any more"
    );
    assert_eq!(
        shown(&world.store, id).await,
        numbers(5..8),
        "the second is there"
    );
}

#[tokio::test]
async fn a_campaign_is_gone_at_once_and_its_people_go_in_portions_also_after_a_death() {
    let world = World::new().await;
    let id = draft(&world).await;
    taken(&world, id, 0..MANY).await;
    world.write(move |w| campaign::delete(w, id)).await;
    assert!(
        world.read(campaign::list).await.is_empty(),
        "it is shown nowhere at once"
    );
    assert_eq!(
        rows(&world).await,
        i64::from(MANY),
        "to delete it removes no row of them"
    );
    let one = world
        .store
        .read(|c| recipient::get(c, mostrador_domain::RecipientId(1)))
        .await;
    assert_eq!(
        one.expect_err("nobody's").kind,
        StoreErrorKind::NotFound,
        "nobody of them is found any more"
    );
    assert!(further(&world).await, "a portion went");
    let folder = world.close();
    let store = reopen(&file_in(&folder));
    let mut portions = 1;
    while store
        .write(|w| leftover::remove_some(w, PORTION))
        .await
        .expect("removed")
    {
        portions += 1;
    }
    assert_eq!(portions, 4, "the next start goes on");
    let left =
        store.read(|c| Ok(c.query_row("SELECT count(*) FROM recipient", [], |row| row.get::<_, i64>(0))?));
    assert_eq!(left.await.expect("read"), 0, "to the end");
}

#[tokio::test]
async fn a_device_takes_its_campaigns_along_at_once_and_their_people_in_portions() {
    let world = World::new().await;
    let id = draft(&world).await;
    taken(&world, id, 0..MANY).await;
    let of = world.device;
    world.write(move |w| device::remove(w, of)).await;
    assert!(
        world.read(campaign::list).await.is_empty(),
        "no campaign is shown"
    );
    assert_eq!(
        rows(&world).await,
        i64::from(MANY),
        "none of their rows went with it"
    );
    while further(&world).await {}
    assert_eq!(rows(&world).await, 0, "they went in portions");
    assert_eq!(
        world.count("SELECT count(*) FROM device").await,
        0,
        "and so did the device"
    );
}

#[tokio::test]
async fn whoever_ends_a_large_campaign_holds_nobody_up_and_all_are_skipped_in_portions() {
    let world = World::new().await;
    let id = draft(&world).await;
    taken(&world, id, 0..MANY).await;
    world
        .write(move |w: &mut Writing<'_>| {
            let plan_no = campaign::get(w, id)?.plan_no;
            campaign::rehearsed(w, id, plan_no)?;
            campaign::start(w, id, std::time::Duration::ZERO, at(1))?;
            campaign::cancel(w, id, at(2))
        })
        .await;
    let pending = async || world.read(move |c| recipient::counts(c, id)).await.pending;
    assert_eq!(pending().await, MANY - 500, "one portion went with it");
    let mut portions = 0;
    while further(&world).await {
        portions += 1;
    }
    assert_eq!((pending().await, portions), (0, 1), "the others follow");
    let all = world
        .read(move |c| recipient::page(c, id, &[], None, 10_000))
        .await;
    assert!(
        all.iter().all(|row| row.settled_at == Some(at(2))),
        "when it was ended, whenever their portion came"
    );
}

#[tokio::test]
async fn the_database_itself_keeps_a_started_campaigns_audience() {
    let world = World::new().await;
    let id = draft(&world).await;
    taken(&world, id, 0..3).await;
    let other = draft(&world).await;
    let another = taken(&world, other, 3..5).await;
    world
        .write(move |w: &mut Writing<'_>| {
            let plan_no = campaign::get(w, id)?.plan_no;
            campaign::rehearsed(w, id, plan_no)?;
            campaign::start(w, id, std::time::Duration::ZERO, at(1))
        })
        .await;
    for sql in [
        "DELETE FROM recipient WHERE place = 1",
        "UPDATE campaign SET audience_id = NULL WHERE state = 'running'",
        "INSERT INTO recipient (audience_id, place, written, state) SELECT audience_id, 9, '', 'pending' FROM campaign WHERE state = 'running'",
        "DELETE FROM audience",
    ] {
        let tried = world.store.write(move |w| Ok(w.execute(sql, [])?)).await;
        assert!(
            tried.is_err(),
            "{sql}: nobody joins, nobody leaves, none is exchanged"
        );
    }
    assert_eq!(shown(&world.store, id).await, numbers(0..3), "it never moved");
    let left = world.store.write(move |w| audience::leave(w, another)).await;
    left.expect("nothing happens");
    assert_eq!(
        shown(&world.store, other).await,
        numbers(3..5),
        "what a campaign has is not let go"
    );
}

#[tokio::test]
async fn the_same_people_are_gathered_stretch_by_stretch_and_not_from_one_that_goes() {
    let world = World::new().await;
    let id = draft(&world).await;
    let from = taken(&world, id, 0..MANY).await;
    let to = world.write(audience::begin).await;
    for first in (0..MANY).step_by(PORTION as usize) {
        let range = Range {
            from,
            to,
            first,
            end: first + PORTION,
        };
        world.write(move |w| audience::same_people(w, range, NOON)).await;
    }
    let copied = Copied {
        from: id,
        how: FollowsAs::Copy,
    };
    let copy = world
        .write(move |w| campaign::copy(w, copied, "Otra", Some(to), NOON))
        .await;
    assert_eq!(
        shown(&world.store, copy).await,
        numbers(0..MANY),
        "in their order"
    );
    let states = world
        .read(move |c| recipient::page(c, copy, &[], None, 10_000))
        .await;
    assert!(
        states.iter().all(|row| row.state == RecipientState::Pending),
        "as if from the same list"
    );

    let to = world.write(audience::begin).await;
    world.write(move |w| campaign::delete(w, id)).await;
    let range = Range {
        from,
        to,
        first: 0,
        end: PORTION,
    };
    let refused = world
        .store
        .write(move |w| audience::same_people(w, range, NOON))
        .await;
    assert_eq!(
        refused.expect_err("it is being removed").kind,
        StoreErrorKind::StateChanged,
        "what is being removed is no whole"
    );
}

#[tokio::test]
async fn who_was_refused_is_refused_again_and_who_was_blocked_or_not_there_is_looked_at_anew() {
    let world = World::new().await;
    let (id, device) = (draft(&world).await, world.device);
    let left_out = |n, why| Joining {
        left_out: Some(why),
        ..joining(n)
    };
    let people = vec![
        // Refused, and in another row the same person, who was not.
        left_out(0, SkipReason::TakenOut),
        joining(0),
        left_out(1, SkipReason::TakenOut),
        left_out(2, SkipReason::Blocked),
        left_out(3, SkipReason::NotOnWhatsapp),
        // Twice left out, so that both could be written to.
        left_out(4, SkipReason::NotOnWhatsapp),
        left_out(4, SkipReason::NotOnWhatsapp),
        left_out(5, SkipReason::Blocked),
    ];
    let from = world.write(audience::begin).await;
    let of = gathering(id, device);
    world
        .write(move |w| {
            let (not_there, blocked) = (joining(3).address, joining(2).address);
            let digits = not_there
                .as_ref()
                .and_then(|at| at.phone_digits())
                .unwrap_or_default();
            number_check::keep(w, device, digits, None, NOON)?;
            if let Some(address) = blocked {
                block::set(w, device, &address, Blocked::Here, NOON)?;
            }
            audience::stage(w, from, &of, &people)?;
            audience::take_over(w, from, &of, "[]", &Table::default()).map(drop)
        })
        .await;
    let of = gathering(id, device);
    let to = world.write(audience::begin).await;
    world
        .write(move |w| {
            for first in [0, 4] {
                let end = first + 4;
                audience::same_people(w, Range { from, to, first, end }, NOON)?;
            }
            for first in [0, 4] {
                audience::judged_anew(w, &of, (to, first, first + 4))?;
            }
            Ok(())
        })
        .await;
    let copied = Copied {
        from: id,
        how: FollowsAs::Repeat,
    };
    let next = world
        .write(move |w| campaign::copy(w, copied, "Otra", Some(to), NOON))
        .await;
    let rows = world
        .read(move |c| recipient::page(c, next, &[], None, 100))
        .await;
    let states: Vec<RecipientState> = rows.iter().map(|row| row.state).collect();
    let skip = RecipientState::Skipped;
    assert_eq!(
        states,
        [
            skip(SkipReason::TakenOut),
            RecipientState::Pending,
            skip(SkipReason::TakenOut),
            skip(SkipReason::Blocked),
            skip(SkipReason::NotOnWhatsapp),
            RecipientState::Pending,
            skip(SkipReason::Duplicate),
            RecipientState::Pending,
        ],
        "nobody who was refused is written to, nobody twice, and no reason outlasts what it comes from"
    );
}

#[tokio::test]
async fn campaigns_of_the_version_before_keep_their_people_and_no_number_is_given_again() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let file = tables_of(18, &file_in(&folder));
    file.execute_batch(&format!(
        "PRAGMA journal_mode = WAL;
         INSERT INTO device (id, gateway, name, url, secret_key, linked, created_at) VALUES (1, 'practice', 'Caja', 'http://127.0.0.1:1', 'key-a', 1, {n});
         INSERT INTO campaign (id, device_id, name, state, plan, created_at) VALUES (3, 1, 'Uno', 'draft', '{plan}', {n}), (7, 1, 'Dos', 'draft', '{plan}', {n});
         INSERT INTO recipient (id, campaign_id, place, written, address, person, state, tries, queued_at) VALUES
           (1, 3, 0, 'a', '51900000010@s.whatsapp.net', '51900000010', 'sent', 1, {n}),
           (2, 3, 1, 'b', '51900000011@s.whatsapp.net', '51900000011', 'pending', 0, NULL),
           (4, 7, 0, 'c', '51900000010@s.whatsapp.net', '51900000010', 'pending', 0, NULL),
           (9, 7, 1, 'd', '51900000012@s.whatsapp.net', '51900000012', 'pending', 0, NULL);
         DELETE FROM recipient WHERE id = 9;
         UPDATE campaign SET state = 'running' WHERE id = 3;",
        n = NOON.0,
        plan = serde_json::to_string(&Plan::careful("America/Lima")).expect("a plan"),
    ))
    .expect("filled");
    drop(file);

    let store = reopen(&file_in(&folder));
    assert_eq!(
        shown(&store, CampaignId(3)).await,
        ["a", "b"],
        "the first's people"
    );
    assert_eq!(shown(&store, CampaignId(7)).await, ["c"], "the second's");
    let first = store
        .read(|c| recipient::get(c, mostrador_domain::RecipientId(1)))
        .await;
    let first = first.expect("under its number");
    assert_eq!(
        (first.state, first.tries, first.queued_at),
        (RecipientState::Sent, 1, Some(NOON)),
        "as it was"
    );
    let next = store.read(|c| {
        Ok(c.query_row(
            "SELECT seq FROM sqlite_sequence WHERE name = 'recipient'",
            [],
            |row| row.get::<_, i64>(0),
        )?)
    });
    assert_eq!(
        next.await.expect("read"),
        9,
        "what waits in the outbox is known by a number that is not given again"
    );
    let hanging = store.read(|c| {
        Ok(
            c.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| {
                row.get::<_, i64>(0)
            })?,
        )
    });
    assert_eq!(hanging.await.expect("read"), 0, "every reference is met");
}
