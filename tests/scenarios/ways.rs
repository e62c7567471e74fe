//! A way in from the internet: the shop brings a tunnel, the gateway is told of it, and what comes through it is taken in.

mod kept;
mod shared;
mod unlisted;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mostrador_api::ErrorCode;
use mostrador_sandbox::{Fault, FaultKind};
use reqwest::StatusCode;
use reqwest::header::{HOST, HeaderMap};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::bad_input::hook;
use crate::dialects;
use crate::world::{ROSA, World};

/// A tunnel that begins and ends on this computer: what comes in at its port goes to the port `end`.
struct Tunnel {
    url: String,
    end: Arc<AtomicU16>,
    _work: JoinSet<()>,
}

impl Tunnel {
    async fn to(port: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let own = listener.local_addr().expect("its address").port();
        let end = Arc::new(AtomicU16::new(port));
        let leads_to = Arc::clone(&end);
        let mut work = JoinSet::new();
        work.spawn(async move {
            let mut lines = JoinSet::new();
            while let Ok((mut line, _)) = listener.accept().await {
                let port = leads_to.load(Ordering::Relaxed);
                lines.spawn(async move {
                    if let Ok(mut end) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await {
                        let _gone = copy_bidirectional(&mut line, &mut end).await;
                    }
                });
            }
        });
        Self {
            url: format!("http://127.0.0.1:{own}"),
            end,
            _work: work,
        }
    }

    /// It is pointed there.
    fn point(&self, port: u16) {
        self.end.store(port, Ordering::Relaxed);
    }

    async fn to_us(world: &World) -> Self {
        Self::to(port(world).await).await
    }
}

async fn of_device(world: &World, command: &str) -> Value {
    let args = json!({ "deviceId": world.device().await["id"] });
    world.run(command, args).await
}

async fn way(world: &World) -> Value {
    of_device(world, "hook_route").await["way"].clone()
}

async fn port(world: &World) -> u16 {
    let number = way(world).await["port"].as_u64().expect("a port");
    u16::try_from(number).expect("a port")
}

async fn set_args(world: &World, address: Option<&str>) -> Value {
    let seen = way(world).await["address"].clone();
    json!({ "deviceId": world.device().await["id"], "seen": seen, "address": address })
}

async fn set(world: &World, address: Option<&str>) -> Value {
    world
        .run("hook_address_set", set_args(world, address).await)
        .await
}

async fn until_told(world: &mut World, told: &'static str) {
    world
        .until(told, async |world| way(world).await["told"]["kind"] == told)
        .await;
}

async fn calls_that_tell(world: &World, kind: &str) -> usize {
    let calls = of_device(world, "hook_list").await;
    let tells = |call: &&Value| {
        let good = call["verdict"] == "accepted" || call["verdict"] == "duplicate";
        good && call["kinds"]
            .as_array()
            .is_some_and(|kinds| kinds.contains(&kind.into()))
    };
    calls.as_array().into_iter().flatten().filter(tells).count()
}

/// Waits until Rosa's words are here, however they came.
async fn until_here(world: &mut World, text: &'static str) {
    world
        .until(text, async |world| {
            let rows = world.messages_of(ROSA).await;
            rows.iter().any(|row| row["body"]["text"] == text)
        })
        .await;
}

/// The same, where not even the chat was there before.
async fn until_here_at_last(world: &mut World, text: &'static str) {
    world
        .until("a chat", async |world| !world.chats().await.is_empty())
        .await;
    until_here(world, text).await;
}

/// Calls as the gateway would, under this name.
async fn call(url: &str, headers: HeaderMap, host: &str) -> StatusCode {
    let request = reqwest::Client::new()
        .post(url)
        .headers(headers)
        .header(HOST, host)
        .body("{}");
    request.send().await.expect("answers").status()
}

/// The secret at the end of a path of ours.
fn secret_of(url: &str) -> String {
    url.rsplit('/').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn the_gateway_is_told_of_a_tunnel_and_what_comes_through_it_arrives() {
    let mut world = World::linked().await;
    let tunnel = Tunnel::to_us(&world).await;
    let address = format!("{}/caja", tunnel.url);
    assert_eq!(set(&world, Some(&address)).await["kind"], "stored");
    until_told(&mut world, "known").await;
    let (url, _) = hook(&world).await;
    assert!(
        url.starts_with(&format!("{address}/mostrador-hook/")),
        "the gateway calls the tunnel"
    );
    world.saw_secret(&secret_of(&url));
    assert_eq!(of_device(&world, "hook_address_test").await["kind"], "arrived");
    assert_eq!(
        calls_that_tell(&world, "message").await,
        0,
        "our own call is none of the gateway's"
    );

    world.sandbox.write_as(ROSA, "¿Hay torta?").expect("Rosa writes");
    world
        .until("its call came through the tunnel", async |world| {
            calls_that_tell(world, "message").await > 0
        })
        .await;
    assert_eq!(of_device(&world, "hook_route").await["health"]["kind"], "alive");
    assert_eq!(of_device(&world, "hook_test").await["arrived"], true);
    world.finish().await;
}

#[tokio::test]
async fn the_address_that_a_local_gateway_knows_works_until_it_has_taken_the_next() {
    let mut world = dialects::linked_at("api_engine").await;
    world.sandbox.write_as(ROSA, "¿Hay torta?").expect("Rosa writes");
    until_here_at_last(&mut world, "¿Hay torta?").await;
    let fault = |path: &str| Fault {
        method: None,
        path_prefix: Some(format!("/dialects/api_engine{path}")),
        times: u32::MAX,
        kind: FaultKind::Status {
            code: 500,
            body: None,
            headers: BTreeMap::new(),
        },
    };
    world.expect_warning("the gateway could not be told where to call");
    world.sandbox.set_fault(fault("/api/session/status"));
    world
        .until("the gateway is in trouble", async |world| {
            world.device().await["state"]["kind"] == "degraded"
        })
        .await;
    world.sandbox.clear_faults();
    world.sandbox.set_fault(fault("/api/webhooks"));
    let before = world.sandbox.spoilt();
    world.until_online().await;
    world
        .until("it could not be told anew", async |world| {
            world.sandbox.spoilt() > before
        })
        .await;
    // The gateway calls once and lists nothing: whatever is refused is lost.
    world.sandbox.write_as(ROSA, "Voy por ella").expect("Rosa writes");
    until_here(&mut world, "Voy por ella").await;
    world.sandbox.clear_faults();
    world.finish().await;
}

#[tokio::test]
async fn a_changed_address_is_told_and_a_removed_one_is_taken_back() {
    let mut world = World::linked().await;
    let (first, second) = (Tunnel::to_us(&world).await, Tunnel::to_us(&world).await);
    set(&world, Some(&first.url)).await;
    until_told(&mut world, "known").await;
    let (old, headers) = hook(&world).await;
    world.saw_secret(&secret_of(&old));

    set(&world, Some(&format!("{}/caja", second.url))).await;
    world
        .until("the gateway calls the second", async |world| {
            webhooks(world)
                .await
                .iter()
                .any(|url| url.starts_with(&second.url))
        })
        .await;
    until_told(&mut world, "known").await;
    assert_eq!(webhooks(&world).await.len(), 1, "and no longer the first");

    set(&world, None).await;
    until_told(&mut world, "nothing").await;
    world
        .until("it calls this computer itself", async |world| {
            let url = webhooks(world).await.pop().unwrap_or_default();
            url.starts_with(&format!("http://127.0.0.1:{}/", port(world).await))
        })
        .await;
    assert_eq!(webhooks(&world).await.len(), 1, "and nobody else");
    assert_eq!(
        call(&old, headers, "127.0.0.1").await,
        StatusCode::NOT_FOUND,
        "the old path leads nowhere"
    );
    world.sandbox.write_as(ROSA, "¿Hay torta?").expect("Rosa writes");
    until_here(&mut world, "¿Hay torta?").await;
    world.finish().await;
}

/// Where the gateway calls.
async fn webhooks(world: &World) -> Vec<String> {
    let settings = reqwest::Client::new()
        .get(format!("{}/settings", world.sandbox.url()))
        .bearer_auth(world.sandbox.token());
    let settings: Value = settings
        .send()
        .await
        .expect("answers")
        .json()
        .await
        .expect("JSON");
    let hooks = settings["webhooks"].as_array().into_iter().flatten();
    hooks
        .filter_map(|hook| hook["url"].as_str().map(str::to_owned))
        .collect()
}

#[tokio::test]
async fn the_port_and_the_secret_are_the_same_after_a_restart() {
    let mut world = World::linked().await;
    let tunnel = Tunnel::to_us(&world).await;
    set(&world, Some(&tunnel.url)).await;
    until_told(&mut world, "known").await;
    let (before, port_before) = (hook(&world).await, port(&world).await);
    world.saw_secret(&secret_of(&before.0));

    world.restart().await;
    assert_eq!(port(&world).await, port_before, "the tunnel leads there still");
    until_told(&mut world, "known").await;
    let after = hook(&world).await;
    assert!(before == after, "the gateway calls with the same secrets");
    world.sandbox.write_as(ROSA, "¿Hay torta?").expect("Rosa writes");
    world
        .until("its call came through the tunnel", async |world| {
            calls_that_tell(world, "message").await > 0
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_call_is_taken_under_the_tunnels_name_and_under_no_other() {
    let mut world = World::linked().await;
    let listener = format!("http://127.0.0.1:{}", port(&world).await);
    // A name as good as any on the internet: it is none of those by which this computer calls itself here.
    set(&world, Some("http://127.0.0.2:9")).await;
    until_told(&mut world, "known").await;
    let (url, headers) = hook(&world).await;
    world.saw_secret(&secret_of(&url));
    let here = url.replace("http://127.0.0.2:9", &listener);

    assert_eq!(call(&here, headers.clone(), "127.0.0.2").await, StatusCode::OK);
    assert_eq!(call(&here, headers.clone(), "127.0.0.1").await, StatusCode::OK);
    assert_eq!(
        call(&here, headers.clone(), "127.0.0.3").await,
        StatusCode::FORBIDDEN,
        "a page that gives this computer another name"
    );
    assert_eq!(
        call(&here, HeaderMap::new(), "127.0.0.2").await,
        StatusCode::NOT_FOUND,
        "who cannot repeat the header is nobody"
    );
    let elsewhere = format!("{listener}/mostrador-hook/{}", "0".repeat(32));
    assert_eq!(
        call(&elsewhere, headers, "127.0.0.2").await,
        StatusCode::NOT_FOUND,
        "and so is who does not know the path"
    );
    world.finish().await;
}

#[tokio::test]
async fn an_address_that_the_gateway_refuses_is_told_and_messages_arrive_all_the_same() {
    let mut world = World::linked().await;
    world.expect_warning("could not be told where to call");
    // The practice shop calls nobody outside of this computer.
    set(&world, Some("https://tienda.invalid")).await;
    until_told(&mut world, "refused").await;
    assert_eq!(
        of_device(&world, "hook_route").await["health"]["kind"],
        "refused",
        "nobody calls there"
    );
    assert_eq!(
        of_device(&world, "hook_address_test").await["kind"],
        "name_not_found",
        "nobody has that name"
    );
    world.sandbox.write_as(ROSA, "¿Hay torta?").expect("Rosa writes");
    until_here(&mut world, "¿Hay torta?").await;
    let tunnel = Tunnel::to_us(&world).await;
    set(&world, Some(&tunnel.url)).await;
    until_told(&mut world, "known").await;
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_whose_one_address_is_another_programs_says_so_and_is_asked_meanwhile() {
    let mut world = World::new().await;
    world.expect_warning("could not be told where to call");
    let of_another = async |world: &World, enabled: bool| {
        let url = format!("{}/webhook/set/tienda", dialects::at(world, "evolution"));
        let events = json!(["MESSAGES_UPSERT"]);
        let hook = json!({ "enabled": enabled, "url": "http://127.0.0.1:9/robot", "events": events });
        let asked = reqwest::Client::new()
            .post(url)
            .header("apikey", world.sandbox.token())
            .json(&json!({ "webhook": hook }));
        let status = asked.send().await.expect("answers").status();
        assert_eq!(status, StatusCode::CREATED);
    };
    of_another(&world, true).await;
    dialects::link_through(&mut world, "evolution").await;
    until_told(&mut world, "refused_here").await;
    let route = of_device(&world, "hook_route").await;
    assert_eq!(route["health"]["kind"], "refused", "nobody is waited for");
    assert_eq!(
        route["way"]["address"],
        Value::Null,
        "there is nothing to save again"
    );
    assert_eq!(world.device().await["inbound"], "polling");
    world.sandbox.write_as(ROSA, "¿Hay torta?").expect("Rosa writes");
    until_here(&mut world, "¿Hay torta?").await;

    of_another(&world, false).await;
    until_told(&mut world, "nothing").await;
    world.sandbox.write_as(ROSA, "¿Y pan?").expect("Rosa writes");
    world
        .until("its call has come", async |world| {
            of_device(world, "hook_route").await["health"]["kind"] == "alive"
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn what_is_no_tunnels_address_is_refused_in_words_and_changes_nothing() {
    let world = World::linked().await;
    for (typed, why) in [
        ("dos palabras", "not_an_address"),
        ("http://tienda.example", "not_https"),
        ("https://ana@tienda.example", "user_info"),
        ("https://tienda.example?a=1", "query"),
        ("https://tienda.example#a", "fragment"),
    ] {
        let stored = set(&world, Some(typed)).await;
        assert_eq!(stored, json!({ "kind": "invalid", "why": why }), "{typed}");
    }
    assert_eq!(way(&world).await["address"], Value::Null);
    let mut args = set_args(&world, Some("https://tienda.example")).await;
    args["seen"] = "https://otra.example".into();
    assert_eq!(
        world.refused("hook_address_set", args).await,
        ErrorCode::StateChanged,
        "somebody else was faster"
    );
    let device = json!({ "deviceId": world.device().await["id"] });
    assert_eq!(
        world.refused("hook_address_test", device).await,
        ErrorCode::NotOffered,
        "there is none to test"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_test_tells_who_answers_in_our_place() {
    let world = World::linked().await;
    // The gateway itself: it answers whatever is asked, and passes nothing on.
    let gateway = world.sandbox.url();
    set(&world, Some(&gateway)).await;
    assert_eq!(
        of_device(&world, "hook_address_test").await["kind"],
        "somebody_else"
    );
    let nobody = {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        format!("http://{}", listener.local_addr().expect("its address"))
    };
    set(&world, Some(&nobody)).await;
    assert_eq!(of_device(&world, "hook_address_test").await["kind"], "no_answer");
    world.finish().await;
}

#[tokio::test]
async fn a_port_that_another_program_has_taken_is_told_and_nobody_calls_that_program() {
    let mut world = World::linked().await;
    let taken = port(&world).await;
    set(&world, Some("http://127.0.0.2:9")).await;
    until_told(&mut world, "known").await;
    world.expect_warning("another program has the port");
    let other = world
        .restart_after(async |_| {
            TcpListener::bind((Ipv4Addr::LOCALHOST, taken))
                .await
                .expect("it is free")
        })
        .await;
    world.until_online().await;
    let route = of_device(&world, "hook_route").await;
    assert_eq!(route["health"]["kind"], "port_taken");
    assert_eq!(
        (&route["way"]["port"], &route["way"]["portTaken"]),
        (&json!(taken), &json!(true)),
        "no other one is chosen"
    );
    assert_eq!(of_device(&world, "hook_address_test").await["kind"], "port_taken");
    world
        .until("the gateway is asked not to call there", async |world| {
            webhooks(world).await.is_empty()
        })
        .await;
    world.sandbox.write_as(ROSA, "¿Hay torta?").expect("Rosa writes");
    until_here(&mut world, "¿Hay torta?").await;

    drop(other);
    world.pass(Duration::from_secs(20)).await;
    until_told(&mut world, "known").await;
    assert_eq!(way(&world).await["portTaken"], false, "it is ours again");

    world.run("hook_port_change", json!({})).await;
    let moved = port(&world).await;
    assert_ne!(moved, taken, "a person wants another one");
    let line = TcpStream::connect((Ipv4Addr::LOCALHOST, moved)).await;
    assert!(line.is_ok(), "and it is served");
    world.finish().await;
}

/// Another program at a port of this computer, and all that it hears.
struct Stranger {
    heard: Arc<Mutex<String>>,
    _work: JoinSet<()>,
}

impl Stranger {
    /// As soon as the port is free.
    async fn at(port: u16) -> Self {
        let listener = loop {
            match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
                Ok(listener) => break listener,
                Err(_) => tokio::task::yield_now().await,
            }
        };
        let heard = Arc::<Mutex<String>>::default();
        let all = Arc::clone(&heard);
        let mut work = JoinSet::new();
        work.spawn(async move {
            while let Ok((mut line, _)) = listener.accept().await {
                let mut bytes = vec![0; 65_536];
                let count = line.read(&mut bytes).await.unwrap_or_default();
                let said = String::from_utf8_lossy(&bytes[..count]).into_owned();
                all.lock().expect("lock").push_str(&said);
            }
        });
        Self { heard, _work: work }
    }

    fn has_heard(&self, what: &str) -> bool {
        self.heard.lock().expect("lock").contains(what)
    }
}

/// Does the gateway call through this tunnel?
async fn calls_through(world: &World, tunnel: &Tunnel) -> bool {
    webhooks(world)
        .await
        .iter()
        .any(|url| url.starts_with(&tunnel.url))
}

/// Our port has moved, and another program has the one to which the tunnel leads still.
async fn moved_away(world: &mut World, tunnel: &Tunnel) -> Stranger {
    let before = port(world).await;
    set(world, Some(&tunnel.url)).await;
    until_told(world, "known").await;
    let (url, _) = hook(world).await;
    world.saw_secret(&secret_of(&url));
    world.run("hook_port_change", json!({})).await;
    let stranger = Stranger::at(before).await;
    until_told(world, "leads_elsewhere").await;
    assert!(
        !calls_through(world, tunnel).await,
        "whoever is there now hears nobody"
    );
    world.sandbox.write_as(ROSA, "¿Hay torta?").expect("Rosa writes");
    until_here(world, "¿Hay torta?").await;
    assert!(
        !stranger.has_heard("torta"),
        "what Rosa writes is nobody else's business"
    );
    assert!(!stranger.has_heard(&secret_of(&url)), "nor is the route's secret");
    stranger
}

#[tokio::test]
async fn after_a_move_of_our_port_the_gateway_is_told_once_the_tunnel_leads_to_the_new_one() {
    let mut world = World::linked().await;
    let tunnel = Tunnel::to_us(&world).await;
    let stranger = moved_away(&mut world, &tunnel).await;

    world.restart().await;
    world.until_online().await;
    until_told(&mut world, "leads_elsewhere").await;
    assert!(!calls_through(&world, &tunnel).await, "a restart proves nothing");

    tunnel.point(port(&world).await);
    until_told(&mut world, "known").await;
    assert!(
        calls_through(&world, &tunnel).await,
        "it leads here: it is found out without anybody's help"
    );
    world.restart().await;
    until_told(&mut world, "known").await;
    assert!(
        !stranger.has_heard("torta"),
        "what Rosa writes is nobody else's business"
    );
    world.finish().await;
}

#[tokio::test]
async fn after_a_move_of_our_port_a_person_who_tries_the_tunnel_out_has_the_gateway_told_at_once() {
    let mut world = World::linked().await;
    let tunnel = Tunnel::to_us(&world).await;
    let _stranger = moved_away(&mut world, &tunnel).await;
    assert_ne!(of_device(&world, "hook_address_test").await["kind"], "arrived");
    assert_eq!(
        way(&world).await["told"]["kind"],
        "leads_elsewhere",
        "that is no proof"
    );
    // The same address stored once more says nothing of where it leads.
    set(&world, Some(&tunnel.url)).await;
    until_told(&mut world, "leads_elsewhere").await;
    assert!(!calls_through(&world, &tunnel).await, "nor is that");

    tunnel.point(port(&world).await);
    assert_eq!(of_device(&world, "hook_address_test").await["kind"], "arrived");
    until_told(&mut world, "known").await;
    assert!(calls_through(&world, &tunnel).await);
    world.finish().await;
}

#[tokio::test]
async fn what_cannot_be_noted_is_not_told() {
    let mut world = World::linked().await;
    world.expect_warning("what the gateway was told has changed meanwhile");
    let tunnel = Tunnel::to_us(&world).await;
    let sql = async |world: &World, sql: &'static str| {
        let store = world.shop.engine().store();
        store
            .write(move |writing| Ok(writing.execute_batch(sql)?))
            .await
            .expect("written");
    };
    // As if somebody else were faster each time.
    sql(
        &world,
        "CREATE TRIGGER faster BEFORE UPDATE OF told ON public_way BEGIN SELECT RAISE(IGNORE); END",
    )
    .await;
    set(&world, Some(&tunnel.url)).await;
    world.pass(Duration::from_secs(180)).await;
    assert!(!calls_through(&world, &tunnel).await, "nobody would take it back");
    assert_eq!(way(&world).await["told"]["kind"], "not_yet");
    sql(&world, "DROP TRIGGER faster").await;
    until_told(&mut world, "known").await;
    world.finish().await;
}

#[tokio::test]
async fn a_device_that_is_removed_takes_its_address_along() {
    let mut world = World::linked().await;
    set(&world, Some("http://127.0.0.2:9/caja")).await;
    until_told(&mut world, "known").await;
    assert_eq!(webhooks(&world).await.len(), 1);
    of_device(&world, "device_remove").await;
    assert_eq!(
        webhooks(&world).await,
        Vec::<String>::new(),
        "the gateway calls nobody"
    );
    world.finish().await;
}

#[tokio::test]
async fn each_gateway_that_calls_is_told_of_the_tunnel() {
    for gateway in ["api_engine", "qr_buho", "evolution"] {
        let mut world = dialects::linked_at(gateway).await;
        let tunnel = Tunnel::to_us(&world).await;
        set(&world, Some(&format!("{}/caja", tunnel.url))).await;
        let lists = gateway != "api_engine";
        until_told(&mut world, if lists { "known" } else { "known_alone" }).await;
        world.sandbox.write_as(ROSA, "¿Hay torta?").expect("Rosa writes");
        world
            .until("its call came through the tunnel", async |world| {
                calls_that_tell(world, "message").await > 0
            })
            .await;
        set(&world, None).await;
        until_told(&mut world, if lists { "nothing" } else { "nothing_alone" }).await;
        world.sandbox.write_as(ROSA, "¿Y pan?").expect("Rosa writes");
        world
            .until("it calls this computer itself", async |world| {
                calls_that_tell(world, "message").await > 1
            })
            .await;
        world.finish().await;
    }
}

/// The addresses that the server calls.
async fn called_at(world: &World) -> Vec<String> {
    let at = format!("{}/api/webhooks", dialects::at(world, "api_engine"));
    let asked = reqwest::Client::new()
        .get(at)
        .header("x-api-key", world.sandbox.token());
    let told: Value = asked.send().await.expect("answers").json().await.expect("JSON");
    let all = told["data"].as_array().expect("a list").iter();
    all.map(|hook| hook["url"].as_str().expect("an address").to_owned())
        .collect()
}

#[tokio::test]
async fn two_counters_at_one_server_are_both_called_and_each_takes_back_its_own_address_only() {
    let mut ana = dialects::linked_at("api_engine").await;
    let mut luis = World::new().await;
    let fields = json!({ "url": dialects::at(&ana, "api_engine"), "token": ana.sandbox.token() });
    luis.saw_secret(ana.sandbox.token());
    dialects::add(&luis, "api_engine", fields).await;
    luis.until_online().await;
    luis.until("both are to be called", async |_| {
        called_at(&ana).await.len() == 2
    })
    .await;
    // Both look after their addresses, several times.
    for _ in 0..3 {
        ana.pass(Duration::from_secs(90)).await;
        luis.pass(Duration::from_secs(90)).await;
    }
    assert_eq!(called_at(&ana).await.len(), 2, "each has its own");

    ana.sandbox.write_as(ROSA, "¿Hay torta?").expect("Rosa writes");
    until_here_at_last(&mut ana, "¿Hay torta?").await;
    until_here_at_last(&mut luis, "¿Hay torta?").await;

    let before = called_at(&ana).await;
    ana.run("hook_port_change", json!({})).await;
    let moved = format!(":{}/", port(&ana).await);
    ana.until("its new port is told", async |world| {
        called_at(world).await.iter().any(|url| url.contains(&moved))
    })
    .await;
    ana.pass(Duration::from_secs(90)).await;
    let after = called_at(&ana).await;
    assert_eq!(after.len(), 2, "its old port is not called any more");
    assert_eq!(
        before.iter().filter(|url| after.contains(url)).count(),
        1,
        "and the other counter is, as before"
    );
    luis.finish().await;
    ana.finish().await;
}
