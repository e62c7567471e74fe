//! The walk itself.

use std::path::Path;

use serde_json::Value;

use crate::phone::{Customer, Phone};
use crate::program::{Program, new_data};
use crate::screen::Screen;
use crate::{desktop, turn, words};

/// What a customer asks; markup in it is text to everybody.
const GREETING: &str = "Buenos días";
const QUESTION: &str = "¿Tienen <b>pan</b> & leche?";
const QUESTION_AS_MARKUP: &str = "¿Tienen &lt;b&gt;pan&lt;/b&gt; &amp; leche?";
const ANSWER: &str = "Sí, de las dos cosas. ¿Cuánto le guardo?";
const CAPTION: &str = "Así quedó la mesa";
const WRONG_TOKEN: &str = "this-is-not-the-token";
const PRACTICE_AND_SECOND: usize = 2;

#[tokio::test]
async fn a_newcomer_links_a_number_answers_a_customer_and_comes_back_tomorrow() {
    let _turn = turn().await;
    let data = new_data();
    let program = Program::start(data.path()).await;
    let phone = enter_the_practice_shop(&program).await;
    link(&program.screen(), &phone).await;

    let (looked_at, customer) = two_customers(&phone).await;
    hear_of_a_customer(&program.screen(), &phone, &looked_at, &customer).await;
    answer(&program.screen(), &phone, &customer).await;
    see_a_picture(&program.screen(), &phone, &customer).await;
    wear_the_dark(&program.screen(), &customer).await;
    add_a_number_with_a_token(&program, &phone, &sandbox_token(data.path())).await;
    program.end().await;

    let program = Program::start(data.path()).await;
    everything_is_still_there(&program, &phone, &customer).await;
    program.end().await;
}

pub(crate) async fn enter_the_practice_shop(program: &Program) -> Phone {
    let screen = program.screen();
    screen.heading(words::WELCOME).await;
    screen.photograph("welcome").await;
    screen.press(words::PRACTICE).await;
    screen.mark("[data-testid='qr']").await;
    screen.photograph("pairing").await;

    screen.press(words::OPEN_PHONE).await;
    let window = desktop::window(words::PHONE_WINDOW).await;
    desktop::painted(&window, desktop::A_WHOLE_PAGE).await;
    desktop::photograph("practice-phone");

    let status = program.call("app_status", Value::Null).await.expect("the status");
    Phone::at(
        status["practice"]["phoneUrl"]
            .as_str()
            .expect("the practice shop has a phone"),
    )
}

/// Links the number, and waits for the first customer who writes unasked: the next one leaves a minute in peace, in which
/// notifications can be counted.
pub(crate) async fn link(screen: &Screen<'_>, phone: &Phone) {
    let before = phone.last_words().await;
    phone.scan().await;
    screen.mark("[data-device-state='online']").await;
    let said = phone.new_words(&before).await;
    screen
        .row_says(&said.name, said.text.as_deref().unwrap_or(words::PHOTO))
        .await;
    screen.photograph("chats").await;
}

pub(crate) async fn two_customers(phone: &Phone) -> (Customer, Customer) {
    let mut customers = phone.customers().await.into_iter();
    match (customers.next(), customers.next()) {
        (Some(first), Some(second)) => (first, second),
        _ => panic!("the practice shop should have two customers"),
    }
}

async fn hear_of_a_customer(screen: &Screen<'_>, phone: &Phone, looked_at: &Customer, customer: &Customer) {
    screen.open_chat(&looked_at.name).await;
    desktop::clear_notifications().await;

    phone.write(customer, GREETING).await;
    desktop::notifications(1).await;
    phone.write(customer, QUESTION).await;
    screen.row_says(&customer.name, QUESTION).await;
    desktop::notifications(1).await;
    screen.heading(&looked_at.name).await;
    screen.come_to_rest().await;
    desktop::photograph("notification");

    desktop::click_notification();
    screen.heading(&customer.name).await;
    screen.says(QUESTION).await;
    desktop::notifications(0).await;
    let shown = desktop::last_notification();
    assert_eq!(shown.title, customer.name, "a notification says who wrote");
    assert_eq!(
        shown.body, QUESTION_AS_MARKUP,
        "and shows the newest of what they wrote, markup as text"
    );
}

async fn answer(screen: &Screen<'_>, phone: &Phone, customer: &Customer) {
    let field = screen.write(&words::message_to(&customer.name), ANSWER).await;
    screen.enter(&field).await;
    screen.message(ANSWER, "delivered").await;
    phone.read(customer).await;
    screen.message(ANSWER, "read").await;
    screen.photograph("conversation").await;

    let got = phone.got(ANSWER).await;
    assert_eq!(
        got.len(),
        1,
        "the answer should be delivered exactly once, not to {got:?}"
    );
    assert!(customer.is(&got[0]), "and to who had asked, not to {got:?}");
}

/// The picture comes by the window's own scheme.
async fn see_a_picture(screen: &Screen<'_>, phone: &Phone, customer: &Customer) {
    phone.send_picture(customer, CAPTION).await;
    screen.says(CAPTION).await;
    let drawn = "return [...document.querySelectorAll('article img')].some(img => img.complete && img.naturalWidth > 1 \
        && /^(media:|http:\\/\\/media\\.localhost\\/)/.test(img.src))";
    screen
        .holds("the customer's picture should be drawn", drawn)
        .await;
    screen.photograph("picture").await;
}

async fn wear_the_dark(screen: &Screen<'_>, customer: &Customer) {
    screen.press(words::SETTINGS).await;
    screen.photograph("settings").await;
    screen.wear(words::THEME, words::THEME_DARK).await;
    screen.photograph("settings-dark").await;
    screen.press(words::CHATS).await;
    screen.open_chat(&customer.name).await;
    screen.photograph("conversation-dark").await;
    screen.press(words::SETTINGS).await;
    screen.wear(words::THEME, words::THEME_LIGHT).await;
}

/// First with a wrong token, then with the right one, which the keyring keeps.
async fn add_a_number_with_a_token(program: &Program, phone: &Phone, token: &str) {
    let screen = program.screen();
    screen.press(words::ADD_NUMBER).await;
    screen.press(words::REAL).await;
    screen.press_summary(words::ADVANCED).await;
    screen.write(words::URL, &phone.gateway).await;
    screen.write(words::TOKEN, WRONG_TOKEN).await;
    screen.press(words::TEST).await;
    screen.says_among(words::TOKEN_REJECTED).await;
    screen.says_among(words::TOKEN_REJECTED_NOW).await;
    screen.photograph("wrong-token").await;

    screen.write(words::TOKEN, token).await;
    screen.press(words::GO).await;
    online(&screen, PRACTICE_AND_SECOND).await;
    assert_eq!(
        tokens(program).await,
        ["keyring", "not_needed"],
        "the token is kept in the keyring"
    );
}

async fn everything_is_still_there(program: &Program, phone: &Phone, customer: &Customer) {
    let screen = program.screen();
    online(&screen, PRACTICE_AND_SECOND).await;
    assert_eq!(
        tokens(program).await,
        ["keyring", "not_needed"],
        "read from the keyring, and asked of nobody"
    );

    screen.open_chat(&customer.name).await;
    screen.message(ANSWER, "read").await;
    let got = phone.got(ANSWER).await;
    assert_eq!(
        got.len(),
        1,
        "a second start should send nothing again, but {got:?} got it"
    );
    screen.photograph("second-start").await;
}

/// Waits until so many devices are online, by their lights.
async fn online(screen: &Screen<'_>, count: usize) {
    let lights = format!("return document.querySelectorAll('[data-device-state=online]').length === {count}");
    screen
        .holds(&format!("{count} numbers should be online"), &lights)
        .await;
}

/// Where each device's token is.
async fn tokens(program: &Program) -> Vec<String> {
    let devices = program
        .call("device_list", Value::Null)
        .await
        .expect("the devices");
    let devices = devices.as_array().cloned().unwrap_or_default();
    let mut places: Vec<String> = devices
        .iter()
        .map(|device| device["token"].as_str().unwrap_or_default().to_owned())
        .collect();
    places.sort();
    places
}

/// The practice shop's own token, as somebody would copy it from their gateway's panel.
fn sandbox_token(data: &Path) -> String {
    let file = data.join("practice.json");
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let state: Value = serde_json::from_str(&text).expect("the practice shop's state is JSON");
    state["branches"][0]["token"]
        .as_str()
        .expect("the state holds the token")
        .to_owned()
}
