//! Calls: told once each, never ringing again, missed until somebody has seen it.

use mostrador_domain::{CallOutcome as How, CallUpdate, Inbound};
use mostrador_store::tables::call::{self, CallRow, Cursor};

use crate::world::{World, at, customer};

fn told(id: &str, seconds: i64, outcome: How) -> Inbound {
    Inbound::Call(CallUpdate {
        gateway_id: id.into(),
        chat: customer(1),
        from: customer(1),
        at: at(seconds),
        outcome,
        video: true,
    })
}

async fn all(world: &World) -> Vec<CallRow> {
    world.read(|c| call::page(c, None, 50)).await
}

#[tokio::test]
async fn a_call_goes_from_ringing_to_its_end_and_not_back() {
    for end in [How::Missed, How::Cancelled, How::Answered] {
        let world = World::new().await;
        world.live(vec![told("k1", 1, How::Ringing)]).await;
        world.live(vec![told("k1", 1, end)]).await;
        world.live(vec![told("k1", 1, How::Ringing)]).await;
        let calls = all(&world).await;
        assert_eq!(calls.len(), 1, "one call");
        assert_eq!(
            (calls[0].outcome, calls[0].at, calls[0].video),
            (end, at(1), true),
            "as it went"
        );
        assert_eq!(calls[0].caller, customer(1), "who called");
    }
}

#[tokio::test]
async fn calls_are_read_in_pages_newest_first() {
    let world = World::new().await;
    let events = (0..7_i64)
        .map(|n| told(&format!("k{n}"), n / 2, How::Missed))
        .collect();
    world.live(events).await;
    let mut seen: Vec<Cursor> = Vec::new();
    loop {
        let before = seen.last().copied();
        let page = world.read(move |c| call::page(c, before, 2)).await;
        if page.is_empty() {
            break;
        }
        seen.extend(page.into_iter().map(|row| Cursor {
            at: row.at,
            id: row.id,
        }));
    }
    let mut sorted: Vec<_> = seen.iter().map(|cursor| (cursor.at, cursor.id)).collect();
    assert_eq!(sorted.len(), 7, "each once");
    sorted.sort_by(|a, b| b.cmp(a));
    let order: Vec<_> = seen.iter().map(|cursor| (cursor.at, cursor.id)).collect();
    assert_eq!(order, sorted, "newest first");
}

#[tokio::test]
async fn missed_calls_count_until_they_were_seen() {
    let world = World::new().await;
    world
        .live(vec![
            told("k1", 1, How::Missed),
            told("k2", 2, How::Answered),
            told("k3", 3, How::Cancelled),
        ])
        .await;
    let device = world.device;
    let count = || world.read(move |c| call::unseen_count(c, device));
    assert_eq!(count().await, 2, "nobody took these");
    let up_to = all(&world).await.last().expect("the oldest").id;
    world.write(move |w| call::seen(w, device, up_to)).await;
    assert_eq!(count().await, 1, "the later one was not on the screen");
    let other = world.another_device().await;
    assert_eq!(
        world.read(move |c| call::unseen_count(c, other)).await,
        0,
        "another device has its own"
    );
}
