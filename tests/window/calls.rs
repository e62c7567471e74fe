//! Somebody asks why nothing arrived, in the real window: whether the gateway calls, what became of its last calls, one of them taken
//! in again; then a tunnel is brought that first leads nowhere, then to somebody else, then here, and is taken away.

use mostrador_sandbox::{Customer, Sandbox, WebhookTemper};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName};
use serde_json::{Value, json};

use crate::program::{Program, new_data};
use crate::screen::Screen;
use crate::tunnel::Tunnel;
use crate::{day, turn, words};

const ONCE: &str = "¿Tienen torta de lúcuma?";
const TWICE: &str = "¿Y de chocolate?";
const THROUGH: &str = "Paso a las seis";

#[tokio::test]
async fn what_a_gateway_called_with_is_told_taken_in_again_and_led_through_a_tunnel() {
    let _turn = turn().await;
    let (data, elsewhere) = (new_data(), new_data());
    let gateway = day::gateway(elsewhere.path(), 0).await;
    let customer = day::customer(&gateway, "Rosa Quispe");
    let program = Program::start(data.path()).await;
    let screen = program.screen();
    day::link(&screen, &gateway).await;
    be_called(&screen, &gateway, &customer).await;
    let before = row(&screen, &customer).await;

    screen.press(words::SETTINGS).await;
    screen.press(words::CALLS).await;
    screen.heading(words::FAILING).await;
    refused_and_not_understood(&screen, &gateway).await;
    taken_in_again(&screen, &gateway, &customer).await;
    screen.press(words::CHATS).await;
    assert_eq!(
        row(&screen, &customer).await,
        before,
        "neither more unread nor other words"
    );
    each_is_there_once(&screen, &customer).await;

    screen.press(words::SETTINGS).await;
    screen.press(words::CALLS).await;
    the_gateways_own_test(&screen).await;
    a_tunnel(&screen, &gateway, &customer).await;
    program.end().await;
    gateway.stop().await;
}

/// A message that comes once, one that comes twice, and somebody who is not the gateway.
async fn be_called(screen: &Screen<'_>, gateway: &Sandbox, customer: &Customer) {
    gateway.write_as(&customer.number, ONCE).expect("a customer");
    screen.row_says(&customer.name, ONCE).await;
    let twice = |duplicate| WebhookTemper {
        duplicate,
        ..WebhookTemper::default()
    };
    gateway.set_webhook_temper(twice(true));
    gateway.write_as(&customer.number, TWICE).expect("a customer");
    screen.row_says(&customer.name, TWICE).await;
    crate::waiting::until("both should have been delivered", async || {
        (!gateway.is_busy()).then_some(())
    })
    .await;
    gateway.set_webhook_temper(twice(false));
    let (url, _) = hook(gateway).await;
    assert_eq!(call(&url, HeaderMap::new(), "{}").await, StatusCode::NOT_FOUND);
}

/// Of who did not show that they are the gateway nothing was read; what is not understood is kept.
async fn refused_and_not_understood(screen: &Screen<'_>, gateway: &Sandbox) {
    screen.press_call(words::BAD_SIGNATURE, words::NOT_READ).await;
    screen.says(words::NOT_HELD).await;
    screen.photograph("hooks-refused").await;
    let (url, headers) = hook(gateway).await;
    let parade = json!({ "parade": [{ "who": "Rosa" }], "event": { "type": "parade", "event": "post" } });
    assert_eq!(call(&url, headers, &parade.to_string()).await, StatusCode::OK);
    screen.press_call(words::UNKNOWN, words::OF_SOMETHING).await;
    screen.heading(words::ALIVE).await;
    screen.press(words::REPLAY).await;
    screen.says(words::REPLAYED_UNKNOWN).await;
    screen.photograph("hooks-unknown").await;
}

/// A message that is here already: no value of it is shown, and nothing comes of it.
async fn taken_in_again(screen: &Screen<'_>, gateway: &Sandbox, customer: &Customer) {
    screen.call_row(words::DUPLICATE, words::OF_A_MESSAGE).await;
    let (calls, sent) = (calls(screen).await, gateway.ledger().len());
    screen.press_call(words::ACCEPTED, words::OF_A_MESSAGE).await;
    let shown = screen.mark("pre").await.text().await.expect("it has a text");
    assert!(shown.contains("messages"), "its structure is shown: {shown}");
    for hidden in [customer.number.as_str(), "torta", "chocolate", "Rosa"] {
        assert!(!shown.contains(hidden), "{hidden} is not shown: {shown}");
    }
    screen.press(words::REPLAY).await;
    screen.says(words::REPLAYED_KNOWN).await;
    screen.photograph("hooks-replayed").await;
    assert_eq!(self::calls(screen).await, calls, "nobody called");
    assert_eq!(gateway.ledger().len(), sent, "and nobody was written to");
}

async fn the_gateways_own_test(screen: &Screen<'_>) {
    screen.call_row(words::ACCEPTED, words::OF_A_MESSAGE).await;
    let before = calls(screen).await;
    screen.press(words::TEST_CALL).await;
    screen.says(words::TEST_ARRIVED).await;
    screen.heading(words::ALIVE).await;
    let more = format!("return document.querySelectorAll('[data-hook]').length > {before}");
    screen.holds("the gateway's call should be told", &more).await;
    screen.photograph("hooks").await;
}

async fn a_tunnel(screen: &Screen<'_>, gateway: &Sandbox, customer: &Customer) {
    screen.heading(words::WAY).await;
    let tunnel = Tunnel::open().await;
    screen.write(words::TUNNEL, "http://tienda.example").await;
    screen.press(words::SAVE).await;
    screen.says(words::NOT_HTTPS).await;
    screen.photograph("hooks-way").await;
    screen.write(words::TUNNEL, &tunnel.url).await;
    screen.press(words::SAVE).await;
    screen.says(words::TOLD).await;
    screen.press(words::PROBE).await;
    screen.says(words::NOBODY).await;
    screen.bring(words::WAY_TEST).await;
    screen.photograph("hooks-way-nobody").await;

    tunnel.point(gateway.port());
    screen.press(words::PROBE).await;
    screen.says_among(words::SOMEBODY_ELSE).await;

    tunnel.point(our_port(screen).await);
    screen.press(words::PROBE).await;
    screen.says(words::THROUGH).await;
    screen.bring(words::WAY_TEST).await;
    screen.photograph("hooks-way-through").await;
    let before = tunnel.lines();
    screen.press(words::TEST_CALL).await;
    screen.says(words::TEST_ARRIVED).await;
    gateway.write_as(&customer.number, THROUGH).expect("a customer");
    screen.press(words::CHATS).await;
    screen.row_says(&customer.name, THROUGH).await;
    assert!(tunnel.lines() > before, "the gateway calls through the tunnel");

    screen.press(words::SETTINGS).await;
    screen.press(words::CALLS).await;
    screen.press(words::TUNNEL_AWAY).await;
    screen.says_among(words::NO_TUNNEL).await;
}

/// The customer's row in the list: their last words, and how many are unread.
async fn row(screen: &Screen<'_>, customer: &Customer) -> String {
    let row = screen.chat_row(&customer.name).await;
    row.text().await.expect("it has a text")
}

async fn each_is_there_once(screen: &Screen<'_>, customer: &Customer) {
    screen.open_chat(&customer.name).await;
    let once = format!(
        "const said = [...document.querySelectorAll('article')].map(one => one.textContent); \
         return {}.every(text => said.filter(one => one.includes(text)).length === 1)",
        json!([ONCE, TWICE])
    );
    screen.holds("each message should be there once", &once).await;
}

/// How many of the gateway's calls are listed.
async fn calls(screen: &Screen<'_>) -> Value {
    screen
        .ask("return document.querySelectorAll('[data-hook]').length")
        .await
}

/// Where a tunnel should lead, by the first line of what is explained.
async fn our_port(screen: &Screen<'_>) -> u16 {
    let line = screen.mark("code").await.text().await.expect("it has a text");
    let port = line.rsplit(':').next().and_then(|port| port.parse().ok());
    port.unwrap_or_else(|| panic!("«{line}» should end in a port"))
}

/// Where the gateway calls, and what it shows there.
async fn hook(gateway: &Sandbox) -> (String, HeaderMap) {
    let asked = reqwest::Client::new()
        .get(format!("{}/settings", gateway.url()))
        .bearer_auth(gateway.token());
    let settings: Value = asked.send().await.expect("answers").json().await.expect("JSON");
    let hook = &settings["webhooks"][0];
    let headers = hook["headers"].as_object().cloned().unwrap_or_default();
    let headers = headers.iter().map(|(name, value)| {
        let name: HeaderName = name.parse().expect("a name");
        (name, value.as_str().expect("a value").parse().expect("a value"))
    });
    (
        hook["url"].as_str().expect("it calls us").to_owned(),
        headers.collect(),
    )
}

async fn call(url: &str, headers: HeaderMap, body: &str) -> StatusCode {
    let call = reqwest::Client::new()
        .post(url)
        .headers(headers)
        .body(body.to_owned());
    call.send().await.expect("answers").status()
}
