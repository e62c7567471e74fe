//! What a damaged file must not take along.

use std::time::Duration;

use mostrador_campaigns::schedule::{Late, Repeats, Schedule};
use mostrador_campaigns::state::{CampaignState, FailReason, Pause, RecipientState as S};
use mostrador_campaigns::wording::Table;
use mostrador_domain::CampaignId;
use mostrador_store::tables::campaign::audience::{self, Joining, Shunned};
use mostrador_store::tables::campaign::proof::{self, Verdict, What};
use mostrador_store::tables::campaign::{self, Copied, FollowsAs, Next, SettleWord, opt_out, recipient};
use mostrador_store::tables::setting;
use mostrador_store::{Store, StoreError, StoreErrorKind, Writing};
use tempfile::TempDir;

use super::{TERMS, UNDO, person, saying};
use crate::audience_portions::{gathering, joining};
use crate::damaged_file::left_by_a_death;
use crate::damaged_file::shop::{open_damaged, overwrite};
use crate::world::{NOON, World, address, at, customer, file_in, reopen, text};

async fn damaged() -> (Store, TempDir, [mostrador_domain::CampaignId; 2]) {
    let world = World::new().await;
    let running = world.running([1, 2, 3, 4]).await;
    world.send_next(running, "g1", NOON).await;
    world.queue(running, at(1)).await;
    let claimed = world.claim_one(at(1)).await;
    world.no_answer(claimed.id, at(2)).await;
    world.queue(running, at(3)).await;
    world.claim_one(at(3)).await;
    let draft = world.draft(saying("hola"), vec![person(9)]).await;
    world.write(|w| opt_out::said(w, &customer(7), NOON)).await;
    world
        .write(|w| {
            w.execute(
                "INSERT INTO segment (name, source, created_at) VALUES ('Fieles', '[]', 1)",
                [],
            )?;
            Ok(())
        })
        .await;
    let folder = world.close();
    overwrite(&file_in(&folder), 60, &[0; 4]);
    let (store, _) = open_damaged(&folder);
    (store, folder, [running, draft])
}

#[tokio::test]
async fn campaigns_their_people_and_wishes_are_kept_and_nothing_goes_on_by_itself() {
    let (store, _folder, [running, draft]) = damaged().await;
    let row = store
        .read(move |c| campaign::get(c, running))
        .await
        .expect("kept");
    assert_eq!(
        row.state,
        CampaignState::Paused(Pause::Rescued),
        "a person looks at it first, and is told why"
    );
    let people = store
        .read(move |c| recipient::page(c, running, &[], None, 10))
        .await
        .expect("kept");
    let states: Vec<S> = people.iter().map(|person| person.state).collect();
    assert_eq!(
        states,
        [S::Sent, S::Uncertain, S::Uncertain, S::Pending],
        "what was in flight is uncertain"
    );
    assert!(
        people[1].message.is_some(),
        "its message is here for the reconciler"
    );
    let row = store.read(move |c| campaign::get(c, draft)).await.expect("kept");
    assert_eq!(row.state, CampaignState::Draft, "a draft stays one");
    let out = store
        .read(|c| opt_out::is_out(c, &customer(7)))
        .await
        .expect("read");
    assert!(out, "who does not want to be written to");
    let segments: i64 = store
        .read(|c| Ok(c.query_row("SELECT count(*) FROM segment", [], |row| row.get(0))?))
        .await
        .expect("read");
    assert_eq!(segments, 1, "saved audiences");
}

#[tokio::test]
async fn who_was_lost_with_a_damaged_file_is_missed_though_nobody_comes_after_them() {
    let world = World::new().await;
    let (running, whole) = (world.running(1..=5).await, world.running(11..=12).await);
    let lost = move |w: &mut Writing<'_>| {
        w.execute_batch("DROP TRIGGER recipient_frozen_delete")?;
        let sql = "DELETE FROM recipient WHERE place >= 3 AND audience_id = (SELECT audience_id FROM campaign WHERE id = ?1)";
        w.execute(sql, [running.0])?;
        Ok(())
    };
    world.write(lost).await;
    let folder = world.close();
    overwrite(&file_in(&folder), 60, &[0; 4]);
    let (store, _) = open_damaged(&folder);
    let missing = async |id| store.read(move |c| audience::missing(c, id)).await.expect("read");
    assert_eq!((missing(running).await, missing(whole).await), (2, 0));
    let proof = store.read(move |c| proof::check(c, running)).await.expect("read");
    let sums = proof.checks.iter().find(|check| check.what == What::Sums);
    let sums = sums.expect("it is checked");
    assert_eq!((sums.wrong, &sums.first), (2, &vec![3, 4]), "the last two turns");
    assert_eq!(proof.verdict, Verdict::Broken, "and not that all holds");
}

#[tokio::test]
async fn a_row_that_a_person_ended_is_not_revived_by_a_rescue() {
    let world = World::new().await;
    let id = scheduled(&world, 30).await;
    world.write(move |w| campaign::missed(w, id)).await;
    let next = world
        .write(move |w| {
            let copied = Copied {
                from: id,
                how: FollowsAs::Repeat,
            };
            campaign::copy(w, copied, "Aviso", None, at(31))
        })
        .await;
    world.write(move |w| campaign::delete(w, next)).await;
    let waits = scheduled(&world, 9_000).await;
    let makes_next = async |store: &Store, id| {
        let read = store.read(move |c| campaign::makes_next(c, id)).await;
        read.expect("read")
    };
    let folder = world.close();
    overwrite(&file_in(&folder), 60, &[0; 4]);
    let (store, _) = open_damaged(&folder);
    assert!(!makes_next(&store, id).await, "its next one was deleted");
    assert!(
        makes_next(&store, waits).await,
        "this one the rescue took from its time"
    );
}

#[tokio::test]
async fn a_draft_to_nobody_yet_takes_no_other_campaigns_people_in_a_rescue() {
    let world = World::new().await;
    let nobody = world.draft(saying("hola"), Vec::new()).await;
    let id = world.draft(saying("hola"), (1..=3).map(person).collect()).await;
    let folder = world.close();
    overwrite(&file_in(&folder), 60, &[0; 4]);
    let (store, _) = open_damaged(&folder);
    for (id, people) in [(nobody, 0), (id, 3)] {
        assert_eq!(
            state_and_people(&store, id).await,
            (CampaignState::Draft, vec![S::Pending; people]),
            "campaign {}",
            id.0
        );
    }
}

/// A campaign to three people that starts by itself at `seconds`, and would be late by a day.
async fn scheduled(world: &World, seconds: i64) -> CampaignId {
    let id = world.draft(saying("hola"), (1..=3).map(person).collect()).await;
    world.rehearse(id).await;
    let schedule = Schedule {
        local: "2027-01-15T09:00".into(),
        zone: "America/Lima".into(),
        late: Late::StartUpTo { minutes: 1_440 },
        repeats: Repeats::Daily,
        day: None,
        put_off: None,
    };
    world
        .write(move |w| campaign::schedule(w, id, &schedule, at(seconds)))
        .await;
    id
}

async fn state_and_people(store: &Store, id: CampaignId) -> (CampaignState, Vec<S>) {
    let read = store.read(move |c| {
        let people = recipient::page(c, id, &[], None, 10)?;
        let states = people.into_iter().map(|person| person.state).collect();
        Ok((campaign::get(c, id)?.state, states))
    });
    read.await.expect("kept")
}

#[tokio::test]
async fn what_was_to_start_by_itself_is_asked_about_after_a_rescue() {
    let world = World::new().await;
    let (due, later) = (scheduled(&world, 30).await, scheduled(&world, 9_000).await);
    let folder = world.close();
    overwrite(&file_in(&folder), 60, &[0; 4]);
    let (store, _) = open_damaged(&folder);
    for id in [due, later] {
        assert_eq!(
            state_and_people(&store, id).await,
            (CampaignState::Missed, vec![S::Pending; 3]),
            "perhaps without some of its people: a person looks at it first"
        );
    }
    let waiting = store.read(campaign::scheduled).await.expect("read");
    assert!(waiting.is_empty(), "nothing starts by itself");
    let row = store.read(move |c| campaign::get(c, later)).await.expect("kept");
    assert_eq!(row.starts_at, Some(at(9_000)), "when it was to start is told");

    let makes_next = store.read(move |c| campaign::makes_next(c, due)).await;
    assert!(
        makes_next.expect("read"),
        "its start makes the next one of its row, late as it is"
    );
    let undone = store.write_durably(move |w| {
        campaign::start(w, later, UNDO, at(100))?;
        campaign::undo_start(w, later, at(101))
    });
    undone.await.expect("undone");
    assert_eq!(
        state_and_people(&store, later).await.0,
        CampaignState::Missed,
        "a start that is undone does not let it start by itself"
    );
}

/// The file of a shop that was damaged, and the log torn in the middle: what was written last stood behind the tear.
async fn torn(folder: TempDir, last: impl FnOnce(&mut Writing<'_>) -> Written + Send + 'static) -> TempDir {
    let path = file_in(&folder);
    let open = reopen(&path);
    let set = |theme| open.write_durably(move |w| setting::set(w, "theme", theme));
    set("light").await.expect("stored");
    let so_far = std::fs::metadata(folder.path().join("shop.db-wal"))
        .expect("there")
        .len();
    set("dark").await.expect("stored");
    open.write_durably(last).await.expect("stored");
    for theme in ["light", "dark"] {
        set(theme).await.expect("stored");
    }
    let left = left_by_a_death(&folder);
    overwrite(&file_in(&left), 0, &[0xA5; 4_096]);
    overwrite(&left.path().join("shop.db-wal"), so_far + 100, &[0xA5; 8]);
    left
}

type Written = Result<(), StoreError>;

#[tokio::test]
async fn whose_turn_may_lie_behind_the_tear_of_a_log_is_uncertain() {
    let world = World::new().await;
    let running = world.running([11, 12, 13]).await;
    world.send_next(running, "g1", NOON).await;
    let (due, later) = (scheduled(&world, 30).await, scheduled(&world, 9_000).await);
    let draft = world.draft(saying("hola"), vec![person(9)]).await;
    let left = torn(world.close(), |_| Ok(())).await;

    let (store, _) = open_damaged(&left);

    for (id, state, people) in [
        (
            running,
            CampaignState::Paused(Pause::Rescued),
            vec![S::Sent, S::Uncertain, S::Uncertain],
        ),
        (due, CampaignState::Missed, vec![S::Uncertain; 3]),
        (later, CampaignState::Missed, vec![S::Uncertain; 3]),
        (draft, CampaignState::Draft, vec![S::Pending]),
    ] {
        assert_eq!(
            state_and_people(&store, id).await,
            (state, people),
            "nobody is written to twice by what a person lets go on"
        );
    }
}

/// A person starts a campaign, and its first message leaves.
fn starts(writing: &mut Writing<'_>, id: CampaignId) -> Written {
    campaign::start(writing, id, Duration::ZERO, at(60))?;
    let next = campaign::queue_next(writing, id, TERMS, at(60))?;
    assert!(matches!(next, Next::Queued(_)), "it leaves: {next:?}");
    Ok(())
}

/// The same people, brought anew to a campaign.
async fn brought_anew(store: &Store, id: CampaignId) -> Result<(), StoreError> {
    let begin = move |w: &mut Writing<'_>| {
        let (audience, device) = (audience::begin(w)?, campaign::get(w, id)?.device);
        let gathering = gathering(id, device);
        let people: Vec<Joining> = (1..=3).map(joining).collect();
        audience::stage(w, audience, &gathering, &people)?;
        audience::take_over(w, audience, &gathering, "[]", &Table::of(["Nombre"])).map(drop)
    };
    store.write_durably(begin).await
}

/// Has any campaign written to each of the three lately, as far as another one has to know?
async fn written_lately(store: &Store) -> [bool; 3] {
    let read = store.read(|c| {
        let mut shunned = Shunned::by(c, CampaignId(99), Duration::from_secs(3 * 86_400), at(100))?;
        let mut of = |number| -> Result<bool, StoreError> {
            let written = shunned.written(&recipient::person_key(&customer(number)))?;
            Ok(written.by_another.is_some())
        };
        Ok([of(1)?, of(2)?, of(3)?])
    });
    read.await.expect("read")
}

#[tokio::test]
async fn who_has_it_by_a_persons_word_and_wanted_no_more_before_that_was_not_written_to_against_their_wish() {
    let world = World::new().await;
    let running = world.running([1, 2]).await;
    world.send_next(running, "g1", NOON).await;
    let left = torn(world.close(), |_| Ok(())).await;
    let (store, _) = open_damaged(&left);
    let settled = store.write_durably(move |w| {
        opt_out::said(w, &customer(2), at(60))?;
        let second = recipient::page(w, running, &["uncertain"], None, 1)?.remove(0);
        campaign::settle(w, second.id, SettleWord::Sent, at(70))
    });
    settled.await.expect("settled");
    let proof = store.read(move |c| proof::check(c, running)).await.expect("read");
    let outs = proof.checks.iter().find(|check| check.what == What::OptOuts);
    assert_eq!(outs.map(|check| (check.looked_at, check.wrong)), Some((1, 0)));
}

#[tokio::test]
async fn since_when_two_addresses_are_one_persons_is_kept_and_counts_no_message_that_is_lost() {
    let world = World::new().await;
    world
        .live(vec![text(1, "m1").event(), text(1, "m2").at(1).event()])
        .await;
    let told = mostrador_domain::Inbound::SamePerson {
        phone: customer(1),
        lid: address("99000000000011@lid"),
    };
    world.live(vec![told]).await;
    let lost = "DELETE FROM message WHERE gateway_id = 'm2'";
    world.write(move |w| Ok(w.execute_batch(lost)?)).await;
    let folder = world.close();
    overwrite(&file_in(&folder), 60, &[0; 4]);
    let (store, _) = open_damaged(&folder);

    let kept = "SELECT count(*) FROM person_address WHERE told_at > 0 AND told_after = (SELECT max(id) FROM message)";
    let read = store.read(move |c| Ok(c.query_row(kept, [], |row| row.get::<_, u32>(0))?));
    assert_eq!(
        read.await.expect("read"),
        2,
        "what comes now has the number of the lost one, and is newer"
    );
}

#[tokio::test]
async fn a_start_behind_the_tear_of_a_log_is_not_made_again_to_everybody() {
    for was_scheduled in [false, true] {
        let world = World::new().await;
        let id = match was_scheduled {
            true => scheduled(&world, 9_000).await,
            false => {
                let id = world.draft(saying("hola"), (1..=3).map(person).collect()).await;
                world.rehearse(id).await;
                id
            }
        };
        let left = torn(world.close(), move |w| starts(w, id)).await;
        let (store, _) = open_damaged(&left);
        let state = match was_scheduled {
            true => CampaignState::Missed,
            false => CampaignState::Rehearsed,
        };
        assert_eq!(
            state_and_people(&store, id).await,
            (state, vec![S::Uncertain; 3]),
            "nobody knows that it was started"
        );

        if was_scheduled {
            let unscheduled = store.write_durably(move |w| campaign::unschedule(w, id)).await;
            unscheduled.expect("it can be edited");
        }
        let anew = brought_anew(&store, id).await.map_err(|error| error.kind);
        assert_eq!(
            anew,
            Err(StoreErrorKind::WrittenTo),
            "they would all be written to once more"
        );
        let rows = store.read(move |c| recipient::page(c, id, &[], None, 10)).await;
        let rows = rows.expect("kept");
        assert!(
            rows.iter().all(|row| row.needs_operator),
            "a person is asked about each"
        );
        let words = [SettleWord::Sent, SettleWord::NotSent, SettleWord::Again];
        let settle = move |w: &mut Writing<'_>| {
            let mut each = rows.iter().zip(words);
            each.try_for_each(|(row, word)| campaign::settle(w, row.id, word, at(70)))
        };
        assert_eq!(written_lately(&store).await, [true; 3], "each may have it");
        store.write_durably(settle).await.expect("settled");
        assert_eq!(
            written_lately(&store).await,
            [true, false, false],
            "no other campaign writes to whoever has it"
        );
        let undone = store.write_durably(move |w| {
            campaign::start(w, id, UNDO, at(71))?;
            campaign::undo_start(w, id, at(72))
        });
        undone
            .await
            .expect("a word is no turn: the start can be taken back");
        let anew = brought_anew(&store, id).await.map_err(|error| error.kind);
        assert_eq!(anew, Err(StoreErrorKind::WrittenTo), "the first one has it");

        store
            .write_durably(move |w| starts(w, id))
            .await
            .expect("it can be started");
        assert_eq!(
            state_and_people(&store, id).await,
            (
                CampaignState::Running,
                vec![S::Sent, S::Failed(FailReason::SaidNotSent), S::Queued]
            ),
            "it goes to whom a person wants it sent, and to nobody else"
        );
    }
}
