//! An audience is gathered beside everything else, can be given up, and is taken over by one window alone.

use mostrador_api::ErrorCode;
use serde_json::{Value, json};

use crate::audience::{campaign, opened, recipients};
use crate::world::{ROSA, World};

/// People of a list that takes many transactions.
const MANY: u64 = 4_000;

fn list_of(people: u64) -> String {
    let rows = (1..=people).map(|row| format!("Cliente {row};+51988{row:06}\n"));
    std::iter::once("Nombre;Celular\n".to_owned())
        .chain(rows)
        .collect()
}

fn of(campaign: &Value) -> Value {
    json!({ "campaignId": campaign["id"] })
}

/// A draft to Rosa, and a long list that was read for it.
async fn with_a_long_list(world: &mut World) -> (Value, Value) {
    let campaign = campaign(world, "Hola {{nombre}}").await;
    let short = format!("Nombre;Celular\nRosa;+{ROSA}\n");
    let list = opened(world, &campaign, "a.csv", short.as_bytes()).await;
    world
        .run("import_accept", json!({ "importId": list["importId"] }))
        .await;
    let list = opened(world, &campaign, "b.csv", list_of(MANY).as_bytes()).await;
    assert_eq!(list["counters"]["good"], MANY, "all of them can be written to");
    (campaign, json!({ "importId": list["importId"] }))
}

/// Waits until some of them are gathered, and not all.
async fn some_are_gathered(world: &World, campaign: &Value) -> Value {
    loop {
        let gathering = world.run("campaign_gathering_get", of(campaign)).await;
        let people = gathering["people"].as_u64().expect("a count");
        if gathering["underWay"] == true && people > 0 {
            assert!(people < MANY, "it is seen while it is under way");
            return gathering;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_list_that_is_taken_over_shows_how_far_it_is_and_holds_nobody_up() {
    let mut world = World::linked().await;
    let (campaign, list) = with_a_long_list(&mut world).await;
    let meanwhile = async {
        let gathering = some_are_gathered(&world, &campaign).await;
        assert_eq!(gathering["of"], MANY, "of so many");
        let chat = world.chat_of(ROSA).await;
        let draft = json!({ "chatId": chat["id"], "text": "ya le digo" });
        let kept = world.try_run("chat_draft_set", draft).await;
        kept.expect("somebody else writes");
        let people = recipients(&world, &campaign).await;
        assert_eq!(
            people.len(),
            1,
            "the former audience is shown until the new one is whole"
        );
        let gathering = world.run("campaign_gathering_get", of(&campaign)).await;
        assert_eq!(gathering["underWay"], true, "and all that between two pieces");
    };
    let (taken, ()) = tokio::join!(world.run("import_accept", list), meanwhile);
    assert_eq!(taken["counts"]["pending"], MANY, "then all of it is there");
    let gathering = world.run("campaign_gathering_get", of(&campaign)).await;
    assert_eq!(
        gathering,
        json!({ "underWay": false, "people": 0, "of": null }),
        "and nothing is under way"
    );
    world.finish().await;
}

#[tokio::test]
async fn what_is_gathered_can_be_given_up_and_the_former_audience_stays() {
    let mut world = World::linked().await;
    let (campaign, list) = with_a_long_list(&mut world).await;
    let before = world.run("campaign_get", of(&campaign)).await;
    let meanwhile = async {
        some_are_gathered(&world, &campaign).await;
        world.run("campaign_gathering_stop", of(&campaign)).await;
    };
    let (refused, ()) = tokio::join!(world.refused("import_accept", list.clone()), meanwhile);
    assert_eq!(refused, ErrorCode::StateChanged, "it is not taken over");
    let after = world.run("campaign_get", of(&campaign)).await;
    assert_eq!(after, before, "nothing of it is shown, and nothing was edited");
    let rows = async |world: &World| {
        let read = world.shop.engine().store().read(|connection| {
            Ok(connection.query_row("SELECT count(*) FROM recipient", [], |row| row.get::<_, i64>(0))?)
        });
        read.await.expect("read")
    };
    world
        .until("what was gathered is removed", async |world| {
            rows(world).await == 1
        })
        .await;

    let taken = world.run("import_accept", list).await;
    assert_eq!(
        taken["counts"]["pending"], MANY,
        "the list is still open, and can be taken over"
    );
    world.run("campaign_gathering_stop", of(&campaign)).await;
    let after = world.run("campaign_get", of(&campaign)).await;
    assert_eq!(after["counts"]["pending"], MANY, "too late changes nothing");
    world.finish().await;
}

#[tokio::test]
async fn a_second_window_that_asks_for_the_same_is_told_that_another_is_at_it() {
    let mut world = World::linked().await;
    let (campaign, list) = with_a_long_list(&mut world).await;
    let plan_no = async |world: &World| {
        let id = campaign["id"].as_i64().expect("a number");
        let read = world.shop.engine().store().read(move |connection| {
            Ok(
                connection.query_row("SELECT plan_no FROM campaign WHERE id = ?1", [id], |row| {
                    row.get::<_, i64>(0)
                })?,
            )
        });
        read.await.expect("read")
    };
    let before = plan_no(&world).await;
    let second = async {
        some_are_gathered(&world, &campaign).await;
        let sources = json!({ "campaignId": campaign["id"], "sources": [{ "kind": "contacts" }] });
        (
            world.refused("import_accept", list.clone()).await,
            world.refused("campaign_audience_set", sources).await,
        )
    };
    let (taken, refused) = tokio::join!(world.run("import_accept", list.clone()), second);
    assert_eq!(
        refused,
        (ErrorCode::StateChanged, ErrorCode::StateChanged),
        "one at a time"
    );
    assert_eq!(taken["counts"]["pending"], MANY, "the first is not disturbed");
    assert_eq!(plan_no(&world).await, before + 1, "it was taken over once");
    world.finish().await;
}
