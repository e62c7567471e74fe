//! Another number is linked behind the device of a campaign: a person decides whether it goes on from there.

use std::time::Duration;

use mostrador_campaigns::schedule::{Late, Repeats, Schedule};
use mostrador_campaigns::state::{CampaignState, Pause, RecipientState};
use mostrador_store::tables::campaign;
use mostrador_store::tables::campaign::SettleWord;
use mostrador_store::tables::campaign::audience::{self, People};
use mostrador_store::tables::{device, outbox};

use super::{DAY, person, saying};
use crate::world::{NOON, World, address, at, text};

const PAUSED: CampaignState = CampaignState::Paused(Pause::AnotherNumber);

async fn link(world: &World, own: &'static str, seconds: i64) {
    let device = world.device;
    world
        .write(move |w| device::linked(w, device, device::Told::Number(&address(own)), at(seconds)))
        .await;
}

async fn linked() -> World {
    let world = World::new().await;
    link(&world, "51900000098", 0).await;
    world
}

#[tokio::test]
async fn what_runs_or_is_paused_is_paused_for_it_and_nobody_is_queued() {
    let world = linked().await;
    let running = world.running([1, 2]).await;
    world.queue(running, NOON).await;
    let paused = world.running([3]).await;
    world
        .write(move |w| campaign::brake(w, paused, Pause::LoggedOut))
        .await;
    link(&world, "51900000099", 5).await;

    for id in [running, paused] {
        assert_eq!(world.campaign_state(id).await, PAUSED, "whoever resumes it knows");
    }
    assert_eq!(
        world.states(running).await,
        [RecipientState::Pending, RecipientState::Pending],
        "who was queued waits for the campaign"
    );
    assert!(world.claim(at(60)).await.is_none(), "nothing of it leaves");
    world.write(move |w| campaign::resume(w, running, at(60))).await;
    world.send_next(running, "g1", at(61)).await;
}

#[tokio::test]
async fn who_was_uncertain_is_written_to_by_the_other_number_only_if_a_person_says_so() {
    let world = linked().await;
    let id = world.running([1]).await;
    let queued = world.queue(id, NOON).await;
    let row = world.claim_one(NOON).await.id;
    world.no_answer(row, at(1)).await;
    link(&world, "51900000099", 5).await;
    world.write(move |w| outbox::proven_absent(w, row)).await;
    world.write(move |w| campaign::resume(w, id, at(60))).await;

    let recipient = world.people(id).await[0].clone();
    assert_eq!(
        (recipient.state, recipient.needs_operator),
        (RecipientState::Uncertain, true),
        "the other number's history says nothing of it"
    );
    assert!(world.claim(at(61)).await.is_none(), "nothing is sent");
    world
        .write(move |w| campaign::settle(w, queued.recipient, SettleWord::Again, at(70)))
        .await;
    world.send_next(id, "g1", at(71)).await;
}

#[tokio::test]
async fn what_was_to_start_by_itself_waits_for_a_person() {
    let world = linked().await;
    let id = world.draft(saying("Hola"), vec![person(1)]).await;
    world.rehearse(id).await;
    let schedule = Schedule {
        local: "2027-01-15T09:00".into(),
        zone: "UTC".into(),
        late: Late::Ask,
        repeats: Repeats::Never,
        day: None,
        put_off: None,
    };
    world
        .write(move |w| campaign::schedule(w, id, &schedule, at(600)))
        .await;
    link(&world, "51900000099", 5).await;
    assert_eq!(
        world.campaign_state(id).await,
        CampaignState::Missed,
        "it does not start"
    );
    world
        .write(move |w| campaign::start(w, id, Duration::ZERO, at(10)))
        .await;
    assert_eq!(
        world.campaign_state(id).await,
        CampaignState::Running,
        "a person starts it"
    );
}

#[tokio::test]
async fn campaigns_of_other_devices_go_on() {
    let world = linked().await;
    let id = world.running([1]).await;
    let other = world.another_device().await;
    for own in ["51900000096", "51900000097"] {
        world
            .write(move |w| device::linked(w, other, device::Told::Number(&address(own)), at(5)))
            .await;
    }
    assert_eq!(
        world.campaign_state(id).await,
        CampaignState::Running,
        "it is not theirs"
    );
}

#[tokio::test]
async fn its_age_is_its_own() {
    let world = linked().await;
    let device = world.device;
    let since = async || world.read(move |c| audience::in_use_since(c, device)).await;
    let days = |days: i64| at(-days * 86_400);
    world.history(text(1, "m1").at(-700 * 86_400).into()).await;
    assert_eq!(since().await, days(700), "the first number's");
    link(&world, "51900000099", 5).await;
    assert_eq!(since().await, at(5), "the other one is new, as far as is known");
    world.live(text(2, "m2").at(60).into()).await;
    assert_eq!(since().await, at(5), "a later message says nothing");
    world.history(text(2, "m3").at(-30 * 86_400).into()).await;
    assert_eq!(since().await, days(30), "until its own history tells more");
}

#[tokio::test]
async fn what_became_of_the_first_ones_messages_says_nothing_of_the_other_one() {
    let world = linked().await;
    let device = world.device;
    let id = world.running([1]).await;
    world.send_next(id, "g1", NOON).await;
    let outcomes = async || {
        let lately = world.read(move |c| audience::lately(c, device, at(-60))).await;
        lately.outcomes
    };
    assert_eq!(outcomes().await, 1, "of the first one");
    link(&world, "51900000099", 5).await;
    assert_eq!(outcomes().await, 0, "the other one has sent nothing");
}

#[tokio::test]
async fn whoever_wrote_to_the_number_before_does_not_know_the_other_one() {
    let world = linked().await;
    world.live(text(1, "m1").into()).await;
    world.live(text(2, "m2").into()).await;
    let mut plan = saying("Hola {{nombre}}");
    plan.not_again_days = 0;
    let id = world.draft(plan, (1..=3).map(person).collect()).await;
    let of = (id, world.device);
    let known = async || {
        let people: People = world.read(move |c| audience::facts_of(c, of, DAY, at(100))).await;
        people.known
    };
    assert_eq!(known().await, 2, "of the first one");
    link(&world, "51900000099", 5).await;
    assert_eq!(known().await, 0, "nobody has the other one's number");
    world.live(text(2, "m3").at(60).into()).await;
    assert_eq!(known().await, 1, "who writes to it has");
}
