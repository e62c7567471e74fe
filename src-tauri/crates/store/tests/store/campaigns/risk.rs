//! What the safety meter is told of a campaign's people and of its number, from the rows, before a run and during it.

use mostrador_domain::{CampaignId, DeliveryStatus, StatusKind, UnixMillis};
use mostrador_store::tables::campaign;
use mostrador_store::tables::campaign::audience::{self, Lately, People};

use super::{DAY, person, saying};
use crate::world::{NOON, World, at, delivered, reached, text};

/// Whoever a campaign wrote to within so many days is written to again and again.
const WEEK: u32 = 7;

async fn people(world: &World, id: CampaignId, now: UnixMillis) -> People {
    let of = (id, world.device);
    world
        .read(move |c| audience::facts_of(c, of, DAY * WEEK, now))
        .await
}

async fn lately(world: &World, since: UnixMillis) -> Lately {
    let device = world.device;
    world.read(move |c| audience::lately(c, device, since)).await
}

/// A draft to the customers of these numbers, however lately another one wrote to them.
async fn draft(world: &World, numbers: impl IntoIterator<Item = u32>) -> CampaignId {
    let mut plan = saying("Hola {{nombre}}");
    plan.not_again_days = 0;
    world.draft(plan, numbers.into_iter().map(person).collect()).await
}

/// A campaign to one person, which the gateway took under this id.
async fn sent_to(world: &World, number: u32, gateway_id: &str, now: UnixMillis) -> CampaignId {
    let id = draft(world, [number]).await;
    world.start(id, now).await;
    world.send_next(id, gateway_id, now).await;
    id
}

#[tokio::test]
async fn whoever_ever_wrote_to_us_is_known_and_whoever_was_only_written_to_is_not() {
    let world = World::new().await;
    world.live(text(1, "m1").into()).await;
    world.history(text(2, "m2").at(-90 * 86_400).into()).await;
    world.live(text(3, "m3").ours().into()).await;
    let id = draft(&world, 1..=4).await;
    let known = People {
        all: 4,
        known: 2,
        silent: 0,
        repeated: 0,
    };
    assert_eq!(
        people(&world, id, at(1)).await,
        known,
        "once is enough, and long ago too"
    );
}

#[tokio::test]
async fn whoever_leaves_our_last_three_without_an_answer_is_silent_until_they_write() {
    let world = World::new().await;
    let id = draft(&world, [1, 2]).await;
    for (number, gateway_id) in [(1, "a"), (1, "b"), (2, "c"), (2, "d"), (2, "e")] {
        world.live(text(number, gateway_id).ours().into()).await;
    }
    assert_eq!(
        people(&world, id, at(1)).await.silent,
        1,
        "three, and not two, of ours"
    );
    world.live(text(2, "f").at(5).into()).await;
    let now = people(&world, id, at(6)).await;
    assert_eq!(
        (now.silent, now.known),
        (0, 1),
        "an answer ends it, and they are known"
    );
}

#[tokio::test]
async fn what_the_gateway_gave_up_is_no_message_that_was_left_without_an_answer() {
    let world = World::new().await;
    for gateway_id in ["a", "b", "c"] {
        sent_to(&world, 1, gateway_id, NOON).await;
    }
    let id = draft(&world, [1]).await;
    assert_eq!(people(&world, id, at(1)).await.silent, 1, "three of ours");
    world.live(vec![reached("b", StatusKind::Failed, at(2))]).await;
    assert_eq!(people(&world, id, at(3)).await.silent, 0, "they got two of them");
}

#[tokio::test]
async fn whom_another_campaign_wrote_to_within_the_week_is_repeated_and_by_this_one_nobody_is() {
    let world = World::new().await;
    sent_to(&world, 1, "a", NOON).await;
    let id = draft(&world, [1, 2]).await;
    let later = |days: u32| NOON.after(DAY * days);
    assert_eq!(people(&world, id, later(6)).await.repeated, 1, "before the run");
    assert_eq!(people(&world, id, later(8)).await.repeated, 0, "a week is over");
    world.start(id, later(1)).await;
    world.send_next(id, "b", later(1)).await;
    world.send_next(id, "c", later(1)).await;
    assert_eq!(
        people(&world, id, later(2)).await.repeated,
        1,
        "during the run, its own messages do not count"
    );
}

#[tokio::test]
async fn whom_a_deleted_campaign_wrote_to_is_repeated_too() {
    let world = World::new().await;
    let earlier = sent_to(&world, 1, "a", NOON).await;
    world.next(earlier, at(1)).await;
    world.live(vec![delivered("a", at(1))]).await;
    world.next(earlier, at(2)).await;
    world.write(move |w| campaign::delete(w, earlier)).await;
    let id = draft(&world, [1, 2]).await;
    assert_eq!(people(&world, id, at(3)).await.repeated, 1, "they got it");
}

#[tokio::test]
async fn who_is_left_out_is_none_of_those_whose_risk_is_read() {
    let world = World::new().await;
    world.live(text(1, "m1").into()).await;
    let id = draft(&world, 1..=3).await;
    let first = world.people(id).await[0].id;
    world.write(move |w| campaign::take_out(w, first, NOON)).await;
    let left = people(&world, id, at(1)).await;
    assert_eq!((left.all, left.known), (2, 0), "the only one who ever wrote");
}

#[tokio::test]
async fn what_became_of_the_numbers_campaigns_is_counted_while_they_run() {
    let world = World::new().await;
    let id = draft(&world, 1..=5).await;
    assert_eq!(lately(&world, NOON).await, Lately::default(), "nothing was sent");
    world.start(id, at(1)).await;
    for (gateway_id, seconds) in [("a", 1), ("b", 2), ("c", 3)] {
        world.send_next(id, gateway_id, at(seconds)).await;
    }
    world.queue(id, at(4)).await;
    world.live(text(1, "m1").at(60).into()).await;
    world.live(vec![reached("b", StatusKind::Failed, at(61))]).await;
    let read = StatusKind::Reached(DeliveryStatus::Read);
    world.live(vec![reached("c", read, at(62))]).await;
    let expected = Lately {
        outcomes: 3,
        replied: 1,
        wished: 0,
        failed: 1,
    };
    assert_eq!(
        lately(&world, NOON).await,
        expected,
        "who waits, or is on the way, has no outcome"
    );
    assert_eq!(
        lately(&world, at(2)).await,
        Lately {
            outcomes: 1,
            replied: 0,
            wished: 0,
            failed: 0
        },
        "of what came later, that alone"
    );
}

#[tokio::test]
async fn a_number_is_in_use_since_its_oldest_message_and_without_one_since_it_was_added() {
    let world = World::new().await;
    let device = world.device;
    let since = async || world.read(move |c| audience::in_use_since(c, device)).await;
    let added = since().await;
    world.live(text(1, "m1").at(60).into()).await;
    assert_eq!(since().await, added, "a later one says nothing");
    world.history(text(2, "m2").at(-90 * 86_400).into()).await;
    world.history(text(2, "m3").at(-30 * 86_400).into()).await;
    assert_eq!(
        since().await,
        at(-90 * 86_400),
        "the oldest of all chats, though it came later"
    );
}
