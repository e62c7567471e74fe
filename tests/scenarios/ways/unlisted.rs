//! Gateways that list nothing: what they call to a wrong address is lost, so none is taken from them before the next one is proved.

use std::collections::BTreeMap;
use std::time::Duration;

use mostrador_sandbox::{Fault, FaultKind, WebhookTemper};
use serde_json::json;

use super::{Tunnel, called_at, of_device, port, set, until_here_at_last, until_told, way};
use crate::dialects;
use crate::world::{ROSA, World};

/// Where no message is listed, one that is not called in is lost: Rosa writes, and it is looked for here.
pub(super) async fn nothing_is_lost(world: &mut World, text: &'static str) {
    world.sandbox.write_as(ROSA, text).expect("Rosa writes");
    until_here_at_last(world, text).await;
}

/// Its first call has shown that it gets through.
pub(super) async fn until_known_to_call(world: &mut World) {
    world
        .until("it is known to call", async |world| {
            world.device().await["inbound"] == "webhook"
        })
        .await;
}

pub(super) fn all_begin(urls: &[String], with: &str) -> bool {
    !urls.is_empty() && urls.iter().all(|url| url.starts_with(with))
}

#[tokio::test]
async fn a_gateway_that_lists_nothing_calls_our_port_until_the_tunnel_is_proved() {
    let mut world = dialects::linked_at("api_engine").await;
    let ours = format!("http://127.0.0.1:{}/", port(&world).await);
    // Somebody has typed it wrong.
    set(&world, Some("https://tunel.example.invalid/x")).await;
    world.pass(Duration::from_secs(150)).await;
    assert_eq!(way(&world).await["told"]["kind"], "not_proved");
    assert!(
        all_begin(&called_at(&world).await, &ours),
        "nobody is told of an address that leads nowhere"
    );
    nothing_is_lost(&mut world, "¿Hay torta?").await;
    until_known_to_call(&mut world).await;
    assert_eq!(of_device(&world, "hook_route").await["health"]["kind"], "alive");

    let tunnel = Tunnel::to(9).await;
    set(&world, Some(&tunnel.url)).await;
    world.pass(Duration::from_secs(150)).await;
    assert_eq!(
        way(&world).await["told"]["kind"],
        "not_proved",
        "it leads elsewhere"
    );
    nothing_is_lost(&mut world, "¿Y pan?").await;

    tunnel.point(port(&world).await);
    until_told(&mut world, "known_alone").await;
    assert!(
        all_begin(&called_at(&world).await, &tunnel.url),
        "it calls the tunnel, and our port no more"
    );
    assert_eq!(
        world.device().await["inbound"],
        "unproved",
        "nobody knows yet whether the gateway gets through"
    );
    nothing_is_lost(&mut world, "Voy por ella").await;
    until_known_to_call(&mut world).await;

    set(&world, Some("https://tunel.example.invalid/y")).await;
    world.pass(Duration::from_secs(150)).await;
    let told = json!({ "kind": "earlier_kept", "address": tunnel.url });
    assert_eq!(way(&world).await["told"], told, "messages come by the one before");
    assert!(
        all_begin(&called_at(&world).await, &tunnel.url),
        "a next address that leads nowhere takes the one that works from nobody"
    );
    nothing_is_lost(&mut world, "¿Hasta qué hora?").await;

    set(&world, None).await;
    until_told(&mut world, "nothing_alone").await;
    assert!(all_begin(&called_at(&world).await, &ours), "our port again");
    nothing_is_lost(&mut world, "Gracias").await;
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_that_lists_nothing_calls_our_port_until_it_has_taken_the_tunnel() {
    let mut world = dialects::linked_at("api_engine").await;
    nothing_is_lost(&mut world, "¿Hay torta?").await;
    world.expect_warning("the gateway could not be told where to call");
    world.sandbox.set_fault(Fault {
        method: Some("POST".to_owned()),
        path_prefix: Some("/dialects/api_engine/api/webhooks/register".to_owned()),
        times: u32::MAX,
        kind: FaultKind::Status {
            code: 400,
            body: None,
            headers: BTreeMap::new(),
        },
    });
    let tunnel = Tunnel::to_us(&world).await;
    set(&world, Some(&tunnel.url)).await;
    until_told(&mut world, "refused").await;
    nothing_is_lost(&mut world, "¿Y pan?").await;

    set(&world, None).await;
    world.sandbox.clear_faults();
    until_told(&mut world, "nothing_alone").await;
    nothing_is_lost(&mut world, "Voy por ella").await;
    world.finish().await;
}

#[tokio::test]
async fn a_server_in_a_container_takes_our_port_and_is_not_said_to_reach_it() {
    let mut world = dialects::linked_at("api_engine").await;
    // Inside of it, this computer's own address is the container: whatever it calls there comes to nobody.
    let reaches_us = |reaches: bool| WebhookTemper {
        deaf: !reaches,
        ..WebhookTemper::default()
    };
    world.sandbox.set_webhook_temper(reaches_us(false));
    until_told(&mut world, "nothing_alone").await;
    let ours = format!("http://127.0.0.1:{}/", port(&world).await);
    assert!(
        all_begin(&called_at(&world).await, &ours),
        "it took the address without a word"
    );
    world.sandbox.write_as(ROSA, "¿Hay torta?").expect("Rosa writes");
    world.pass(Duration::from_secs(300)).await;
    let device = world.device().await;
    assert_eq!(device["state"]["kind"], "online", "it sends");
    assert_eq!(
        device["inbound"], "unproved",
        "nobody knows that anything arrives"
    );
    let route = of_device(&world, "hook_route").await;
    assert_eq!(
        (&route["health"]["kind"], &route["way"]["told"]["kind"]),
        (&json!("never"), &json!("nothing_alone")),
        "what to do is said where its calls are looked at"
    );

    let tunnel = Tunnel::to_us(&world).await;
    set(&world, Some(&tunnel.url)).await;
    until_told(&mut world, "known_alone").await;
    assert_eq!(world.device().await["inbound"], "unproved", "nor is that a proof");
    world.sandbox.set_webhook_temper(reaches_us(true));
    nothing_is_lost(&mut world, "¿Y pan?").await;
    until_known_to_call(&mut world).await;
    world.finish().await;
}

/// Its gateway is away for a while: the next stretch of being linked begins.
pub(super) async fn linked_once_more(world: &mut World) {
    world.sandbox.set_fault(Fault {
        method: None,
        path_prefix: Some("/dialects/api_engine/api/session/status".to_owned()),
        times: u32::MAX,
        kind: FaultKind::Status {
            code: 500,
            body: None,
            headers: BTreeMap::new(),
        },
    });
    world
        .until("the gateway is in trouble", async |world| {
            world.device().await["state"]["kind"] == "degraded"
        })
        .await;
    world.sandbox.clear_faults();
    world.until_online().await;
}

#[tokio::test]
async fn a_server_that_has_reached_our_port_is_known_to_in_the_next_stretch_too() {
    let mut world = dialects::linked_at("api_engine").await;
    nothing_is_lost(&mut world, "¿Hay torta?").await;
    until_known_to_call(&mut world).await;
    linked_once_more(&mut world).await;
    until_known_to_call(&mut world).await;
    world.finish().await;
}
