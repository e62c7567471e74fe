//! Gateways that list nothing: nothing that works is taken from them while they have nothing else, and nothing that leads elsewhere is left
//! to them.

use std::collections::BTreeMap;
use std::time::Duration;

use mostrador_sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

use super::unlisted::{all_begin, linked_once_more, nothing_is_lost, until_known_to_call};
use super::{Stranger, Tunnel, called_at, of_device, port, secret_of, set, until_told, way};
use crate::dialects;
use crate::world::{ROSA, World};

/// Nobody has that name.
const NOWHERE: &str = "https://tunel.example.invalid/x";
const FAILED: &str = "the gateway could not be told where to call";

async fn at_our_port(world: &World) -> String {
    format!("http://127.0.0.1:{}/", port(world).await)
}

/// A server of one's own that calls through a tunnel, and the tunnel.
async fn behind_a_tunnel() -> (World, Tunnel) {
    let mut world = dialects::linked_at("api_engine").await;
    let tunnel = Tunnel::to_us(&world).await;
    set(&world, Some(&tunnel.url)).await;
    until_told(&mut world, "known_alone").await;
    nothing_is_lost(&mut world, "¿Hay torta?").await;
    (world, tunnel)
}

/// From now on the server fails at this.
fn fails_at(world: &World, method: Option<&str>, code: u16) {
    world.sandbox.set_fault(Fault {
        method: method.map(str::to_owned),
        path_prefix: Some("/dialects/api_engine/api/webhooks".to_owned()),
        times: u32::MAX,
        kind: FaultKind::Status {
            code,
            body: None,
            headers: BTreeMap::new(),
        },
    });
}

/// The server knows no name without a dot, and whoever calls from here does: the tunnel leads here, and is refused.
fn refused_by_it(tunnel: &Tunnel) -> String {
    tunnel.url.replace("127.0.0.1", "localhost")
}

#[tokio::test]
async fn an_address_that_is_kept_goes_when_our_port_does() {
    let (mut world, tunnel) = behind_a_tunnel().await;
    let told = called_at(&world).await.pop().expect("it is told");
    world.saw_secret(&secret_of(&told));
    set(&world, Some(NOWHERE)).await;
    until_told(&mut world, "earlier_kept").await;
    assert_eq!(
        way(&world).await["told"]["address"],
        tunnel.url,
        "it is said by which address messages come"
    );
    nothing_is_lost(&mut world, "¿Y pan?").await;

    let before = port(&world).await;
    world.run("hook_port_change", json!({})).await;
    let stranger = Stranger::at(before).await;
    let ours = at_our_port(&world).await;
    until_told(&mut world, "not_proved").await;
    world
        .until("it calls our new port alone", async |world| {
            all_begin(&called_at(world).await, &ours)
        })
        .await;
    nothing_is_lost(&mut world, "Voy por ella").await;
    assert!(
        !stranger.has_heard("Voy por ella"),
        "what Rosa writes is nobody else's business"
    );
    assert!(
        !stranger.has_heard(&secret_of(&told)),
        "nor is the route's secret"
    );
    until_known_to_call(&mut world).await;
    world.finish().await;
}

#[tokio::test]
async fn a_tunnel_that_it_refuses_takes_our_port_from_nobody_after_a_start_either() {
    let mut world = dialects::linked_at("api_engine").await;
    world.expect_warning(FAILED);
    let tunnel = Tunnel::to_us(&world).await;
    set(&world, Some(&refused_by_it(&tunnel))).await;
    until_told(&mut world, "refused").await;
    nothing_is_lost(&mut world, "¿Hay torta?").await;
    assert_eq!(
        of_device(&world, "hook_route").await["health"]["kind"],
        "alive",
        "by our port"
    );

    world.restart().await;
    world.until_online().await;
    until_told(&mut world, "refused").await;
    nothing_is_lost(&mut world, "¿Y pan?").await;
    until_known_to_call(&mut world).await;

    linked_once_more(&mut world).await;
    nothing_is_lost(&mut world, "Voy por ella").await;
    assert!(all_begin(&called_at(&world).await, &at_our_port(&world).await));
    world.finish().await;
}

#[tokio::test]
async fn an_address_that_was_removed_works_until_it_is_taken_back_and_our_port_before_that() {
    let (mut world, tunnel) = behind_a_tunnel().await;
    world.expect_warning(FAILED);
    fails_at(&world, None, 500);
    set(&world, None).await;
    world.pass(Duration::from_secs(20)).await;
    assert_eq!(way(&world).await["told"]["kind"], "not_yet_taken_back");
    nothing_is_lost(&mut world, "¿Y pan?").await;

    world.sandbox.clear_faults();
    fails_at(&world, Some("DELETE"), 500);
    world.pass(Duration::from_secs(90)).await;
    assert_eq!(way(&world).await["told"]["kind"], "not_yet_taken_back");
    // It is not heard by the tunnel any more, and it cannot be told so.
    tunnel.point(9);
    nothing_is_lost(&mut world, "Voy por ella").await;

    world.sandbox.clear_faults();
    until_told(&mut world, "nothing_alone").await;
    assert!(all_begin(&called_at(&world).await, &at_our_port(&world).await));
    nothing_is_lost(&mut world, "Gracias").await;
    world.finish().await;
}

#[tokio::test]
async fn with_the_last_calls_of_a_window_an_address_is_taken_back() {
    let (mut world, _tunnel) = behind_a_tunnel().await;
    let ours = at_our_port(&world).await;
    let list = format!("{}/api/webhooks", dialects::at(&world, "api_engine"));
    let client = reqwest::Client::new();
    loop {
        let asked = client.get(&list).header("x-api-key", world.sandbox.token());
        let answer = asked.send().await.expect("answers");
        let left = answer.headers()["x-ratelimit-remaining"].to_str().expect("plain");
        if left.parse::<u32>().expect("a number") <= 9 {
            break;
        }
    }
    set(&world, None).await;
    until_told(&mut world, "nothing_alone").await;
    assert!(
        all_begin(&called_at(&world).await, &ours),
        "and our port is called"
    );
    nothing_is_lost(&mut world, "¿Y pan?").await;
    world.finish().await;
}

#[tokio::test]
async fn from_one_tunnel_to_the_next_it_gets_by_our_port() {
    let (mut world, _first) = behind_a_tunnel().await;
    world.expect_warning(FAILED);
    fails_at(&world, Some("DELETE"), 500);
    let second = Tunnel::to_us(&world).await;
    set(&world, Some(&refused_by_it(&second))).await;
    world
        .until("its address is proved", async |world| {
            way(world).await["told"]["kind"] == "not_yet"
        })
        .await;
    world.pass(Duration::from_secs(90)).await;
    nothing_is_lost(&mut world, "¿Y pan?").await;
    world.sandbox.clear_faults();
    until_told(&mut world, "refused").await;
    nothing_is_lost(&mut world, "Voy por ella").await;

    set(&world, Some(&second.url)).await;
    until_told(&mut world, "known_alone").await;
    assert!(
        all_begin(&called_at(&world).await, &second.url),
        "and nothing else"
    );
    nothing_is_lost(&mut world, "Gracias").await;
    world.finish().await;
}

#[tokio::test]
async fn coming_back_to_the_address_that_works_proves_nothing_and_takes_nothing() {
    let (mut world, tunnel) = behind_a_tunnel().await;
    set(&world, Some(NOWHERE)).await;
    until_told(&mut world, "earlier_kept").await;
    // For a moment the tunnel is shut: just then nobody would get through.
    tunnel.point(9);
    set(&world, Some(&tunnel.url)).await;
    until_told(&mut world, "known_alone").await;
    assert!(all_begin(&called_at(&world).await, &tunnel.url));
    tunnel.point(port(&world).await);
    nothing_is_lost(&mut world, "¿Y pan?").await;
    world.finish().await;
}

/// The one address that QR Búho calls.
async fn one_address(world: &World) -> String {
    let asked = reqwest::Client::new()
        .get(format!("{}/webhook/find", dialects::at(world, "qr_buho")))
        .bearer_auth(world.sandbox.token());
    let hook: Value = asked.send().await.expect("answers").json().await.expect("JSON");
    hook["url"].as_str().expect("an address").to_owned()
}

#[tokio::test]
async fn a_gateway_that_calls_one_address_and_lists_nothing_goes_to_a_tunnel_and_keeps_it_over_a_start() {
    let mut world = World::new().await;
    let none = FaultKind::Status {
        code: 404,
        body: None,
        headers: BTreeMap::new(),
    };
    world.sandbox.set_fault(Fault {
        times: u32::MAX,
        ..Fault::once("POST", "/dialects/qr_buho/chat/message/find", none)
    });
    let url = dialects::at(&world, "qr_buho");
    let fields = json!({ "url": url, "token": world.sandbox.token(), "instance": "practice" });
    dialects::add(&world, "qr_buho", fields).await;
    dialects::link(&mut world).await;
    nothing_is_lost(&mut world, "¿Hay torta?").await;
    world.pass(Duration::from_secs(30)).await;
    assert!(one_address(&world).await.starts_with(&at_our_port(&world).await));

    let tunnel = Tunnel::to_us(&world).await;
    let address = format!("{}/caja", tunnel.url);
    set(&world, Some(&address)).await;
    until_told(&mut world, "known_alone").await;
    assert!(one_address(&world).await.starts_with(&address));
    nothing_is_lost(&mut world, "¿Y pan?").await;

    set(&world, Some(NOWHERE)).await;
    until_told(&mut world, "earlier_kept").await;
    // Before it has asked, its link does not know that there is nothing to ask for.
    world.restart().await;
    world.until_online().await;
    until_told(&mut world, "earlier_kept").await;
    assert!(one_address(&world).await.starts_with(&address));
    nothing_is_lost(&mut world, "Voy por ella").await;

    set(&world, None).await;
    until_told(&mut world, "nothing_alone").await;
    assert!(one_address(&world).await.starts_with(&at_our_port(&world).await));
    world.sandbox.write_as(ROSA, "Gracias").expect("Rosa writes");
    super::until_here(&mut world, "Gracias").await;
    world.finish().await;
}
