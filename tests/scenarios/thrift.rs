//! A plan that counts calls: its gateway is asked so seldom that they last for the month.

use std::collections::BTreeMap;
use std::time::Duration;

use mostrador_api::ErrorCode;
use mostrador_sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::world::{ROSA, World};

const HOUR: Duration = Duration::from_secs(3_600);
const A_MONTH: u32 = 1_000;

/// As often as it is asked, it answers that.
fn answering(method: &str, path: &str, code: u16, body: Option<Value>) -> Fault {
    Fault {
        method: Some(method.to_owned()),
        path_prefix: Some(path.to_owned()),
        times: u32::MAX,
        kind: FaultKind::Status {
            code,
            body,
            headers: BTreeMap::new(),
        },
    }
}

fn refusing(method: &str, path: &str, code: u16) -> Fault {
    answering(method, path, code, None)
}

/// The gateway's plan allows so many calls a month.
fn limited(world: &World, calls: u32) {
    let limits = json!({ "messages": 150, "chats": [], "checks": 30, "requests": calls });
    world
        .sandbox
        .set_fault(answering("GET", "/limits", 200, Some(limits)));
}

/// A number at a gateway whose plan allows so many calls a month. `called`: the gateway can call this computer.
async fn on_trial(called: bool) -> World {
    let mut world = World::new().await;
    limited(&world, A_MONTH);
    if !called {
        world.expect_warning("could not be told where to call");
        world.sandbox.set_fault(refusing("PATCH", "/settings", 400));
    }
    world.link().await;
    world
}

/// From now on every call is counted.
fn count(world: &World) -> u64 {
    world.sandbox.set_fault(Fault {
        method: None,
        path_prefix: None,
        times: u32::MAX,
        kind: FaultKind::DelayMs(0),
    });
    world.sandbox.spoilt()
}

/// How many calls were made while this time passed; never more than their share of the month.
async fn made_in(world: &mut World, hours: u32) -> u64 {
    let before = count(world);
    let mut made = 0;
    for hour in 1..=hours {
        world.pass(HOUR).await;
        made = world.sandbox.spoilt() - before;
        let share = u64::from(A_MONTH * hour / (30 * 24));
        // A link begins with some that are not routine.
        assert!(
            made <= share + 15,
            "{made} calls in {hour} hours, of {A_MONTH} a month"
        );
    }
    made
}

#[tokio::test]
async fn a_gateway_that_cannot_call_is_asked_within_the_months_calls_also_after_a_restart() {
    let mut world = on_trial(false).await;
    let made = made_in(&mut world, 36).await;
    assert!(made >= 5, "it is asked all the same: {made}");

    world.sandbox.write_as(ROSA, "¿Hay torta?").expect("Rosa writes");
    world
        .until("it is here", async |world| !world.chats().await.is_empty())
        .await;
    world.sandbox.clear_faults();
    world.restart().await;
    world.until_online().await;
    world.pass(HOUR).await;
    // Who asks for the limits now hears of none: what was learned lasts for a day.
    made_in(&mut world, 6).await;
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_that_calls_is_asked_less_often_still() {
    let mut world = on_trial(true).await;
    let made = made_in(&mut world, 36).await;
    assert!(
        made <= 50,
        "asking is a safety net, well within the month's share: {made}"
    );
    world.sandbox.write_as(ROSA, "¿Hay torta?").expect("Rosa writes");
    world
        .until("its call is here", async |world| !world.chats().await.is_empty())
        .await;
    world.finish().await;
}

/// A number that is being linked at such a gateway, and has run out of codes.
async fn out_of_codes() -> World {
    let mut world = World::new().await;
    limited(&world, A_MONTH);
    world.add_device().await;
    world
        .until("no more codes are shown", async |world| {
            world.device().await["state"]["step"]["kind"] == "expired"
        })
        .await;
    world
}

#[tokio::test]
async fn a_code_that_is_left_on_the_screen_overnight_uses_no_plan_up() {
    let mut world = out_of_codes().await;
    let before = count(&world);
    world.pass(HOUR * 12).await;
    let made = world.sandbox.spoilt() - before;
    assert!(made >= 3, "somebody may link it elsewhere: {made}");
    assert!(made <= 24, "{made} calls in a night, of {A_MONTH} a month");
    world.sandbox.clear_faults();

    let device = json!({ "deviceId": world.device().await["id"] });
    world.run("device_pair_start", device).await;
    world
        .until("a code is shown as soon as somebody asks", async |world| {
            world.device().await["state"]["step"]["kind"] == "qr"
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_number_that_was_logged_out_is_asked_after_within_the_months_calls_also_after_a_restart() {
    let mut world = on_trial(true).await;
    world.unlink().await;
    made_in(&mut world, 24).await;
    world.sandbox.clear_faults();
    world.restart().await;
    world
        .until("it has shown its codes", async |world| {
            world.device().await["state"]["step"]["kind"] == "expired"
        })
        .await;
    made_in(&mut world, 24).await;
    world.finish().await;
}

#[tokio::test]
async fn a_restricted_number_is_asked_after_within_the_months_calls_and_is_free_in_time() {
    let mut world = on_trial(true).await;
    let refused = refusing("POST", "/messages/text", 463);
    world.sandbox.set_fault(Fault { times: 1, ..refused });
    world.send(ROSA, "todavía no", "r-1").await;
    world
        .until("the restriction shows", async |world| {
            world.device().await["state"]["kind"] == "restricted"
        })
        .await;
    let before = count(&world);
    world.pass(HOUR - Duration::from_secs(60)).await;
    let made = world.sandbox.spoilt() - before;
    // Some of those with which a link begins may be among them.
    assert!(made <= 15, "{made} calls in an hour: it is not asked each minute");
    world.sandbox.clear_faults();
    world.pass(Duration::from_secs(120)).await;
    let state = world.device().await["state"]["kind"].clone();
    assert_ne!(state, "restricted", "nobody has to be asked whether it is over");
    world.until_status(ROSA, "todavía no", "delivered").await;
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_that_cannot_be_read_is_asked_within_the_months_calls() {
    for called in [true, false] {
        let mut world = on_trial(called).await;
        world.sandbox.set_fault(refusing("GET", "/messages/list", 503));
        made_in(&mut world, 36).await;
        world.finish().await;
    }
}

/// The chats without the messages of the first sync.
async fn missed(world: &World) -> i64 {
    let sql = "SELECT count(*) FROM chat c JOIN device d ON d.id = c.device_id
                WHERE c.missed_link = d.link_number AND c.synced_link < d.link_number";
    let store = world.shop.engine().store();
    let missed = store.read(move |connection| Ok(connection.query_row(sql, [], |row| row.get(0))?));
    missed.await.expect("the store answers")
}

#[tokio::test]
async fn a_first_sync_leaves_half_of_the_plan_and_what_it_left_out_comes_later() {
    let mut world = World::new().await;
    const FEW: u32 = 30;
    limited(&world, FEW);
    world.add_device().await;
    world
        .until("a code is shown", async |world| {
            world.device().await["state"]["step"]["kind"] == "qr"
        })
        .await;
    let before = count(&world);
    world.sandbox.scan().expect("the code is live");
    world.until_online().await;
    let made = world.sandbox.spoilt() - before;
    assert!(made <= u64::from(FEW), "{made} calls of {FEW}");
    let left = missed(&world).await;
    assert!(left > 0, "some chats are still without their messages");
    world.sandbox.clear_faults();
    world
        .until("they come with the news", async |world| {
            missed(world).await < left
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn no_call_of_a_counted_plan_is_spent_on_showing_that_somebody_writes() {
    let world = on_trial(true).await;
    let limits = world
        .run("device_limits", crate::asking::device_args(&world).await)
        .await;
    assert_eq!(limits["plan"]["requests"], A_MONTH);
    let used = limits["calls"]["used"].as_u64().expect("they are counted");
    assert!(used < A_MONTH.into(), "and not used up: {used}");
    let typing = json!({ "chatId": world.chat_of(ROSA).await["id"], "doing": "typing" });
    assert_eq!(
        world.refused("chat_typing_set", typing).await,
        ErrorCode::NotOffered,
        "the calls are for messages"
    );
    let shown = world.sandbox.on(0).expect("a device").shown_to(ROSA);
    assert_eq!(shown, None, "she sees nothing");
    world.finish().await;
}
