//! A day at the counter, in the real window, on a gateway that is no part of the program: a number is linked with its key, the
//! morning is sorted, a customer gets a picture and a voice message, an old message is looked up, a link is opened, the power
//! fails in the middle of a sending, and the gateway is away for a while.

use std::path::Path;

use mostrador_sandbox::{Customer, Fault, FaultKind, Sandbox, SandboxConfig};
use sha2::{Digest as _, Sha256};

use crate::program::{Program, new_data};
use crate::screen::Screen;
use crate::waiting::until;
use crate::{turn, words};

const ALT: char = '\u{e00a}';
const CONTROL: char = '\u{e009}';
/// Lets go of the keys that are held.
const NULL: char = '\u{e000}';
const ENTER: char = '\u{e007}';
const ESCAPE: char = '\u{e00c}';

const PICTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/cake.png");
const ASKED: &str = "¿Tienen canción de cumpleaños?";
/// Cyrillic letters that look like a bank's.
const LINK: &str = "https://bаnk.example/pagar";
const LINK_HOST: &str = "xn--bnk-6cd.example";
const CUT: &str = "Sale a las cinco";
const QUEUED: &str = "Te aviso mañana";

#[tokio::test]
async fn a_day_with_a_power_cut_and_without_a_gateway_loses_nothing_and_sends_nothing_twice() {
    let _turn = turn().await;
    let (data, elsewhere) = (new_data(), new_data());
    let gateway = gateway(elsewhere.path(), 0).await;
    // Two whom the shop's phone has no other name for.
    let (first, second) = (
        &customer(&gateway, "Rosa Quispe"),
        &customer(&gateway, "Mariana Souza"),
    );
    let program = Program::start(data.path()).await;
    let screen = program.screen();
    link(&screen, &gateway).await;
    sort_the_morning(&screen, &gateway, first, second).await;
    answer_with_a_picture(&screen, &gateway, first).await;
    answer_by_voice(&screen, &gateway, first).await;
    look_up(&screen, second).await;
    see_it_larger(&screen).await;
    open_a_link(&program, &gateway, first).await;

    let program = die_while_sending(program, data.path(), &gateway, (first, second)).await;
    let gateway = be_without_a_gateway(&program.screen(), gateway, elsewhere.path(), second).await;
    program.end().await;
    gateway.stop().await;
}

/// One that keeps what it knows, and comes back where it was.
pub(crate) async fn gateway(folder: &Path, port: u16) -> Sandbox {
    let config = SandboxConfig {
        port,
        state_file: Some(folder.join("practice.json")),
        ..SandboxConfig::for_tests()
    };
    Sandbox::start(config).await.expect("the practice shop starts")
}

pub(crate) async fn link(screen: &Screen<'_>, gateway: &Sandbox) {
    screen.heading(words::WELCOME).await;
    screen.press(words::REAL).await;
    screen.press_summary(words::ADVANCED).await;
    screen.write(words::URL, &gateway.url()).await;
    screen.write(words::TOKEN, gateway.token()).await;
    screen.press(words::GO).await;
    screen.mark("[data-testid='qr']").await;
    gateway.scan().expect("a code is on show");
    screen.mark("[data-device-state='online']").await;
}

/// Done by its key, and back by the undo bar.
async fn sort_the_morning(screen: &Screen<'_>, gateway: &Sandbox, first: &Customer, second: &Customer) {
    gateway
        .write_as(&first.number, "¿Abren hoy?")
        .expect("a customer");
    gateway.write_as(&second.number, ASKED).expect("a customer");
    screen.row_says(&first.name, "¿Abren hoy?").await;
    screen.row_says(&second.name, ASKED).await;
    screen.press(words::UNANSWERED).await;
    screen.open_chat(&first.name).await;
    screen.field(&words::message_to(&first.name)).await;
    screen.keys(&format!("{ALT}k{NULL}")).await;
    screen.chat_row_goes(&first.name).await;
    screen.press(words::UNDO).await;
    screen.chat_row(&first.name).await;
    screen.press(words::ALL).await;
}

async fn answer_with_a_picture(screen: &Screen<'_>, gateway: &Sandbox, customer: &Customer) {
    screen.open_chat(&customer.name).await;
    screen.drop_file(PICTURE, "torta.png", "image/png").await;
    screen.says("torta.png").await;
    screen
        .write(&words::message_to(&customer.name), "Así quedó")
        .await;
    screen.press(words::SEND).await;
    screen.message("Así quedó", "delivered").await;
    let bytes = std::fs::read(PICTURE).expect("a picture");
    assert_eq!(
        files(gateway, &customer.number, "image"),
        [sha256(&bytes)],
        "the customer should have it once, and the very bytes"
    );
}

/// Into the microphone of this run, which hears silence.
async fn answer_by_voice(screen: &Screen<'_>, gateway: &Sandbox, customer: &Customer) {
    screen.press(words::VOICE).await;
    screen.says("Grabando 0:01").await;
    screen.photograph("recording").await;
    screen.press(words::VOICE_DONE).await;
    screen.press(words::SEND).await;
    until("the voice message should arrive", async || {
        (!files(gateway, &customer.number, "voice").is_empty()).then_some(())
    })
    .await;
    screen
        .holds(
            "it should be shown, delivered",
            "return [...document.querySelectorAll('article')].some(one => \
                one.querySelector('.sound') && one.querySelector('[data-status=delivered]'))",
        )
        .await;
    assert_eq!(files(gateway, &customer.number, "voice").len(), 1, "once");
}

/// Without its accents, and by keys alone.
async fn look_up(screen: &Screen<'_>, customer: &Customer) {
    screen.keys(&format!("{CONTROL}k{NULL}")).await;
    screen.write(words::SEARCH, "cancion cumple").await;
    screen.mark("[role=listbox] [id^='search-results-message']").await;
    screen.keys(&ENTER.to_string()).await;
    screen.heading(&customer.name).await;
    screen.says(ASKED).await;
    screen.photograph("search").await;
    screen.keys(&format!("{CONTROL}k{NULL}")).await;
    screen.keys(&ESCAPE.to_string()).await;
}

/// A step by the keys and back: the larger the window is drawn, the fewer of the page's own pixels it is wide.
async fn see_it_larger(screen: &Screen<'_>) {
    let width = screen.ask("return window.innerWidth").await;
    screen.keys(&format!("{CONTROL}+{NULL}")).await;
    let larger = format!("return window.innerWidth < {width}");
    screen.holds("the window should be drawn larger", &larger).await;
    screen.keys(&format!("{CONTROL}0{NULL}")).await;
    let as_before = format!("return window.innerWidth === {width}");
    screen
        .holds("the window should be drawn as it was", &as_before)
        .await;
}

/// The person is told the real host; only then, and only this address, does the desktop hear of it.
async fn open_a_link(program: &Program, gateway: &Sandbox, customer: &Customer) {
    let screen = program.screen();
    gateway.write_as(&customer.number, LINK).expect("a customer");
    screen.open_chat(&customer.name).await;
    screen.press(LINK).await;
    screen.says(words::LINK_TITLE).await;
    screen.says(LINK_HOST).await;
    screen.says(words::LINK_DISGUISED).await;
    screen.photograph("link").await;
    assert!(
        program.opened().is_empty(),
        "nothing should be opened before the person says so"
    );
    screen.press(words::LINK_OPEN).await;
    let opened = until("the desktop should be told", async || {
        Some(program.opened()).filter(|opened| !opened.is_empty())
    })
    .await;
    assert_eq!(
        opened,
        [format!("https://{LINK_HOST}/pagar")],
        "what was shown, once"
    );
}

/// What is sent was a draft before, which whoever goes elsewhere finds again: it must not outlive the sending.
async fn die_while_sending(
    program: Program,
    data: &Path,
    gateway: &Sandbox,
    (other, customer): (&Customer, &Customer),
) -> Program {
    let screen = program.screen();
    screen.open_chat(&customer.name).await;
    screen.write(&words::message_to(&customer.name), CUT).await;
    screen.open_chat(&other.name).await;
    screen.row_says(&customer.name, CUT).await;
    screen.open_chat(&customer.name).await;
    gateway.set_fault(Fault::once(
        "POST",
        "/messages/text",
        FaultKind::LateEffectMs(2_000),
    ));
    let field = screen.field(&words::message_to(&customer.name)).await;
    screen.enter(&field).await;
    screen.message(CUT, "sending").await;
    program.die().await;

    let program = Program::start(data).await;
    let screen = program.screen();
    screen.mark("[data-device-state='online']").await;
    screen.open_chat(&customer.name).await;
    screen.message(CUT, "delivered").await;
    let empty = "return document.querySelector('.composer textarea').value === ''";
    screen
        .holds("what was sent should not stand in the field again", empty)
        .await;
    assert_eq!(
        got(gateway, &customer.number, CUT),
        1,
        "the customer should have it once"
    );
    program
}

async fn be_without_a_gateway(
    screen: &Screen<'_>,
    gateway: Sandbox,
    folder: &Path,
    customer: &Customer,
) -> Sandbox {
    let port = gateway.port();
    gateway.stop().await;
    let field = screen.write(&words::message_to(&customer.name), QUEUED).await;
    screen.enter(&field).await;
    let away = "return !document.querySelector('[data-device-state=online]')";
    screen
        .holds("the number should be told to be without its gateway", away)
        .await;
    screen.message(QUEUED, "queued").await;
    screen.photograph("away").await;

    let gateway = self::gateway(folder, port).await;
    screen.message(QUEUED, "delivered").await;
    screen.mark("[data-device-state='online']").await;
    assert_eq!(
        got(&gateway, &customer.number, QUEUED),
        1,
        "the customer should have it once"
    );
    gateway
}

pub(crate) fn customer(gateway: &Sandbox, name: &str) -> Customer {
    let customers = gateway.customers();
    let found = customers.into_iter().find(|customer| customer.name == name);
    found.unwrap_or_else(|| panic!("{name} should be a customer"))
}

pub(crate) fn got(gateway: &Sandbox, recipient: &str, body: &str) -> usize {
    let entries = gateway.ledger_of(recipient);
    entries
        .iter()
        .filter(|entry| entry.body.as_deref() == Some(body))
        .count()
}

/// The hashes of the files of this kind that somebody got.
fn files(gateway: &Sandbox, recipient: &str, kind: &str) -> Vec<String> {
    let entries = gateway.ledger_of(recipient).into_iter();
    entries
        .filter(|entry| entry.kind == kind)
        .filter_map(|entry| entry.media_sha256)
        .collect()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
