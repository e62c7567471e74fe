//! What a damaged file must not take along.

use mostrador_campaigns::state::{CampaignState, Pause, RecipientState as S};
use mostrador_store::Store;
use mostrador_store::tables::campaign::{self, opt_out, recipient};
use tempfile::TempDir;

use super::{person, saying};
use crate::damaged_file::shop::{open_damaged, overwrite};
use crate::world::{NOON, World, at, customer, file_in};

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
        CampaignState::Paused(Pause::Operator),
        "a person looks at it first"
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
