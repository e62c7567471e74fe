//! Messages that went without an answer, and that whoever saw it on the phone edited or took back before the program knew. Judged by
//! the ledger: what the owner has taken back does not go out again.

use std::time::Duration;

use mostrador_sandbox::{Effect, FaultKind};

use crate::uncertain::{deaf, fault, is_asked_about};
use crate::world::{ROSA, World};

const NEW_WORDS: &str = "Son 35, disculpe";

/// What the owner does to it on the phone.
#[derive(Clone, Copy)]
enum Deed {
    Edit,
    Delete,
}

/// It is done to what Rosa has got.
fn on_the_phone(world: &World, text: &str, deed: Deed) {
    let ledger = world.sandbox.ledger_of(ROSA);
    let got = ledger
        .iter()
        .find(|entry| entry.effect == Effect::Message && entry.body.as_deref() == Some(text));
    let id = &got.expect("Rosa has it").message_id;
    let phone = world.sandbox.on(0).expect("the shop has a phone");
    match deed {
        Deed::Edit => phone.edit_on_phone(id, NEW_WORDS),
        Deed::Delete => phone.delete_on_phone(id),
    }
    .expect("it is the shop's");
}

#[tokio::test]
async fn what_is_listed_edited_or_deleted_may_be_what_went_and_a_person_decides() {
    for (text, deed) in [("Son 30", Deed::Edit), ("La torta es suya", Deed::Delete)] {
        let mut world = World::linked().await;
        world.sandbox.set_webhook_temper(deaf(true));
        let unwell = FaultKind::Status {
            code: 503,
            body: None,
            headers: Default::default(),
        };
        world
            .sandbox
            .set_fault(fault("GET", "/messages/list", u32::MAX, unwell));
        world
            .sandbox
            .set_fault(fault("POST", "/messages/text", 1, FaultKind::CutAfterEffect));
        world.send(ROSA, text, "back-1").await;
        world
            .until("it went", async |world| world.got(ROSA, text) == 1)
            .await;

        on_the_phone(&world, text, deed);
        world.sandbox.clear_faults();

        is_asked_about(&mut world, ROSA, text).await;
        world.finish().await;
    }
}

/// A shop that was left while Rosa's message was under way. By then its echo had come, and that this was done to it.
async fn left_after(text: &'static str, deed: Deed) -> World {
    let mut world = World::linked().await;
    world.expect_warning("were in flight when the last session ended");
    let late = FaultKind::DelayMs(3_600_000);
    world.sandbox.set_fault(fault("POST", "/messages/text", 1, late));
    world.send(ROSA, text, "back-2").await;
    world
        .until("its echo is here", async |world| {
            world.ours(ROSA, text).await.len() == 2
        })
        .await;
    on_the_phone(&world, text, deed);
    world
        .until("what was done is told", async |world| {
            world.ours(ROSA, text).await.len() == 1
        })
        .await;
    world.restart().await;
    world
}

#[tokio::test]
async fn what_is_edited_while_its_call_is_at_work_is_known_by_its_first_words() {
    let mut world = left_after("Son 30", Deed::Edit).await;
    world.until_status(ROSA, NEW_WORDS, "delivered").await;
    world.pass(Duration::from_secs(300)).await;
    assert_eq!(world.got(ROSA, "Son 30"), 1, "it went once");
    assert_eq!(
        world.ours(ROSA, "Son 30").await.len(),
        0,
        "and shows as it is on the phone"
    );
    world.finish().await;
}

#[tokio::test]
async fn what_is_taken_back_while_its_call_is_at_work_does_not_go_out_again() {
    let mut world = left_after("La torta es suya", Deed::Delete).await;
    is_asked_about(&mut world, ROSA, "La torta es suya").await;
    world.finish().await;
}
