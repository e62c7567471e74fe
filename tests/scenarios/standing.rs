//! What is wrong with a device and outlives the program: that its number is restricted, that its gateway does not call. Each ends however it ends,
//! and what begins after that is another one.

use std::time::Duration;

use mostrador_sandbox::WebhookTemper;

use crate::restricted::given_up;
use crate::truth::{refusing, restricted, state};
use crate::world::{ROSA, World};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);
/// A customer of whom nothing waits.
const MATEO: &str = "51900000012";

/// Time passes while the program is closed.
async fn closed_for(world: &mut World, span: Duration) {
    let clock = world.clock.clone();
    world
        .restart_after(async |sandbox| {
            clock.advance(span);
            sandbox.skip(span);
        })
        .await;
}

/// WhatsApp restricts the number anew.
async fn restricted_anew(world: &mut World) {
    world
        .sandbox
        .set_fault(refusing("POST", "/messages/text", 463, 1));
    world.send(MATEO, "tampoco", "s-2").await;
    is_restricted(world).await;
}

async fn is_restricted(world: &mut World) {
    world
        .until("it is restricted", async |world| {
            state(world).await == "restricted"
        })
        .await;
}

/// The program is started again: the number is restricted as before, and for what is left of the hour.
async fn is_restricted_after_a_restart(world: &mut World) {
    world.pass(5 * MINUTE).await;
    world.restart().await;
    world.pass(5 * MINUTE).await;
    assert_eq!(state(world).await, "restricted", "the hour is not over");
    world.leap(HOUR);
    world.pass(5 * MINUTE).await;
    assert_ne!(state(world).await, "restricted", "it is");
}

#[tokio::test]
async fn a_restriction_that_ended_while_the_program_was_closed_is_no_beginning_of_the_next_one() {
    let mut world = restricted().await;
    closed_for(&mut world, 20 * HOUR).await;
    world.until_online().await;
    world.until_status(ROSA, "todavía no", "delivered").await;
    world.leap(20 * HOUR);

    restricted_anew(&mut world).await;

    is_restricted_after_a_restart(&mut world).await;
    world.finish().await;
}

#[tokio::test]
async fn a_restriction_that_ended_during_another_trouble_is_no_beginning_of_the_next_one() {
    let mut world = restricted().await;
    world.sandbox.set_fault(refusing("GET", "/health", 503, 1_000));
    world
        .until("another trouble shows", async |world| {
            state(world).await == "degraded"
        })
        .await;
    world.leap(2 * HOUR);
    world.pass(10 * MINUTE).await;
    assert_eq!(state(&world).await, "degraded", "all the while");
    world.sandbox.clear_faults();
    world.until_online().await;
    world.until_status(ROSA, "todavía no", "delivered").await;

    restricted_anew(&mut world).await;

    is_restricted_after_a_restart(&mut world).await;
    world.finish().await;
}

#[tokio::test]
async fn a_restriction_that_is_told_again_lasts_as_long_after_a_restart() {
    let mut world = World::linked().await;
    world.send(ROSA, "primera", "s-1").await;
    world.until_status(ROSA, "primera", "delivered").await;
    let sent = world.sandbox.ledger_of(ROSA)[0].message_id.clone();
    given_up(&world, &sent, Duration::from_secs(1)).await;
    is_restricted(&mut world).await;

    world.leap(50 * MINUTE);
    given_up(&world, &sent, Duration::from_secs(1)).await;
    world.leap(15 * MINUTE);
    world.pass(5 * MINUTE).await;

    assert_eq!(state(&world).await, "restricted", "an hour from then on");
    is_restricted_after_a_restart(&mut world).await;
    world.finish().await;
}

fn deaf(world: &World, deaf: bool) {
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf,
        ..WebhookTemper::default()
    });
}

/// The gateway does not call. Gives since when it is said not to.
async fn does_not_call(world: &mut World) -> i64 {
    deaf(world, true);
    world.sandbox.write_as(ROSA, "¿me oyen?").expect("she writes");
    world
        .until("that shows", async |world| {
            world.device().await["state"]["why"] == "deaf"
        })
        .await;
    world.device().await["state"]["since"].as_i64().expect("a time")
}

/// It calls again, and two days later it does not: since then.
async fn is_deaf_since_the_second_time(world: &mut World, first: i64) {
    deaf(world, false);
    // It has been told where to call by then.
    world.pass(2 * MINUTE).await;
    world.sandbox.write_as(MATEO, "hola").expect("he writes");
    world.pass(2 * MINUTE).await;
    world.leap(48 * HOUR);
    world.pass(5 * MINUTE).await;
    assert_eq!(state(world).await, "online", "it calls");

    let second = does_not_call(world).await;

    let between = Duration::from_millis(u64::try_from(second - first).expect("later"));
    assert!(between >= 48 * HOUR, "since it stopped again: {between:?} later");
}

/// Since when it does not call, as the file has it.
async fn kept(world: &World) -> Option<i64> {
    let since = world.shop.engine().store().read(|connection| {
        let sql = "SELECT deaf_since FROM device";
        Ok(connection.query_row(sql, [], |row| row.get::<_, Option<i64>>(0))?)
    });
    since.await.expect("read")
}

#[tokio::test]
async fn a_gateway_that_calls_again_after_a_restart_was_deaf_until_then() {
    let mut world = World::linked().await;
    let first = does_not_call(&mut world).await;
    world.restart().await;
    world.until_online().await;
    assert_eq!(kept(&world).await, Some(first), "nobody has said that it is over");

    deaf(&world, false);
    // It has been told where to call by then.
    world.pass(2 * MINUTE).await;
    world.sandbox.write_as(MATEO, "hola").expect("he writes");
    world
        .until("it calls, and was deaf until then", async |world| {
            kept(world).await.is_none()
        })
        .await;
    assert_eq!(state(&world).await, "online", "it calls");
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_that_calls_again_after_another_trouble_was_deaf_until_then() {
    let mut world = World::linked().await;
    let first = does_not_call(&mut world).await;
    world.sandbox.set_fault(refusing("GET", "/health", 503, 1_000));
    world
        .until("another trouble shows", async |world| {
            let device = world.device().await;
            device["state"]["kind"] == "degraded" && device["state"]["why"] != "deaf"
        })
        .await;
    deaf(&world, false);
    world.sandbox.clear_faults();
    world.until_online().await;
    is_deaf_since_the_second_time(&mut world, first).await;
    world.finish().await;
}
