//! A plan that counts calls: its gateway is asked so seldom that they last for the month.

use std::collections::BTreeMap;
use std::time::Duration;

use mostrador_sandbox::{Fault, FaultKind};
use serde_json::json;

use crate::world::{ROSA, World};

const HOUR: Duration = Duration::from_secs(3_600);
const A_MONTH: u32 = 1_000;

/// A number at a gateway whose plan allows so many calls a month. `called`: the gateway can call this computer.
async fn on_trial(called: bool) -> World {
    let mut world = World::new().await;
    let answers = |method: &str, path: &str, code, body| Fault {
        method: Some(method.to_owned()),
        path_prefix: Some(path.to_owned()),
        times: u32::MAX,
        kind: FaultKind::Status {
            code,
            body,
            headers: BTreeMap::new(),
        },
    };
    let limits = json!({ "messages": 150, "chats": [], "checks": 30, "requests": A_MONTH });
    world
        .sandbox
        .set_fault(answers("GET", "/limits", 200, Some(limits)));
    if !called {
        world.expect_warning("could not be told where to call");
        world.sandbox.set_fault(answers("PATCH", "/settings", 400, None));
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
