//! How the program behaves on a desktop: in the tray, on the screen where it was, disturbing nobody who does not want it, and
//! following links.

use mostrador::deep_links::SCHEME;
use serde_json::{Value, json};

use crate::phone::{Customer, Phone};
use crate::program::{Bare, Program, new_data};
use crate::tray::Tray;
use crate::waiting::until;
use crate::walk::{enter_the_practice_shop, link, two_customers};
use crate::{desktop, turn, words};

const TITLE: &str = "Mostrador";
/// From the left, from the top, width, height: within the screen, and not where a first start puts it.
const SOMEWHERE: [i64; 4] = [150, 40, 1_000, 650];

#[tokio::test]
async fn the_window_comes_back_where_it_was_and_never_out_of_sight() {
    let _turn = turn().await;
    let data = new_data();
    let program = Program::start(data.path()).await;
    program.screen().heading(words::WELCOME).await;
    let window = desktop::window(TITLE).await;
    desktop::put_window(&window, SOMEWHERE);
    desktop::window_at(&window, SOMEWHERE).await;
    program.end().await;

    let program = Program::start(data.path()).await;
    program.screen().heading(words::WELCOME).await;
    desktop::window_at(&desktop::window(TITLE).await, SOMEWHERE).await;
    program.end().await;

    let gone = json!({ "x": 9_000, "y": -4_000, "width": 1_000, "height": 650, "maximized": false });
    std::fs::write(data.path().join("window.json"), gone.to_string())
        .expect("a place on a screen that is gone");
    let program = Program::start(data.path()).await;
    program.screen().heading(words::WELCOME).await;
    // Found only if it is within the screen.
    desktop::window(TITLE).await;
    program.end().await;
}

#[tokio::test]
async fn a_start_in_the_tray_shows_no_window_and_the_tray_counts_and_holds_back() {
    let _turn = turn().await;
    let data = new_data();
    let tray = Tray::open().await;
    let program = Program::start_with(data.path(), &["--hidden"]).await;
    let open = tray.menu().await.swap_remove(0);
    assert_eq!(open.words, words::TRAY_OPEN, "the tray's menu begins with it");
    assert!(
        !desktop::is_shown(TITLE),
        "no window: it was started to be in the tray"
    );
    let (again, said) = Bare::start_with(data.path(), &["--hidden"]).ended().await;
    assert!(again.success(), "a second start is no failure: {said}");
    assert!(
        !desktop::is_shown(TITLE),
        "and does not bring the window up either"
    );

    tray.press(words::TRAY_OPEN).await;
    desktop::window(TITLE).await;
    let phone = enter_the_practice_shop(&program).await;
    link(&program.screen(), &phone).await;
    let (looked_at, customer) = two_customers(&phone).await;
    program.screen().open_chat(&looked_at.name).await;
    hear_only(&program, &customer).await;
    desktop::clear_notifications().await;

    phone.write(&customer, "¿Abren hoy?").await;
    desktop::notifications(1).await;
    counted(&program, &tray).await;

    hold_back(&program, &tray, &phone, &customer).await;
    say_less(&program, &phone, &customer).await;
    program.end().await;
}

/// Mutes everybody else, who write unasked and would be counted too.
async fn hear_only(program: &Program, customer: &Customer) {
    let args = json!({ "filter": "all", "deviceId": null, "after": null, "limit": 200 });
    let page = program.call("chat_list", args).await.expect("the chats");
    let others = page["rows"].as_array().cloned().unwrap_or_default();
    for row in others.iter().filter(|row| row["title"] != json!(customer.name)) {
        let muted = json!({ "kind": "muted", "until": 8_640_000_000_000_000_i64 });
        let change = json!({ "chatId": row["id"], "change": muted });
        program
            .call("chat_change", change)
            .await
            .expect("a chat can be muted");
    }
}

/// Waits until the tray tells as many unread chats as there are.
async fn counted(program: &Program, tray: &Tray) {
    until("the tray should tell how many chats wait", async || {
        let args = json!({ "filter": "unread", "deviceId": null, "after": null, "limit": 1 });
        let page = program.call("chat_list", args).await.ok()?;
        let count = page["unreadChats"].as_u64()?.to_string();
        let words = &tray.menu().await.first()?.words.clone();
        (words.contains(&format!("({count} ")) && tray.label() == count).then_some(())
    })
    .await;
}

async fn hold_back(program: &Program, tray: &Tray, phone: &Phone, customer: &Customer) {
    tray.press(words::TRAY_FOR_AN_HOUR).await;
    let again = tray
        .entry("until when notifications are held back", |said| {
            said.starts_with(words::TRAY_AGAIN) && said.contains("hasta las")
        })
        .await;
    desktop::notifications(0).await;
    phone.write(customer, "¿O mañana?").await;
    program.screen().row_says(&customer.name, "¿O mañana?").await;
    counted(program, tray).await;
    assert_eq!(
        desktop::shown(),
        0,
        "nobody is to be disturbed, and the count goes on"
    );

    tray.press(&again.words).await;
    until("the tray should say that notifications are shown", async || {
        let entry = tray
            .entry("nothing to end", |said| said == words::TRAY_AGAIN)
            .await;
        (!entry.enabled).then_some(())
    })
    .await;
    phone.write(customer, "Es para hoy").await;
    desktop::notifications(1).await;
}

/// The operator decides how much a notification says; and what is read on the phone goes.
async fn say_less(program: &Program, phone: &Phone, customer: &Customer) {
    let mut settings = program
        .call("setting_get", json!({}))
        .await
        .expect("the settings");
    settings["notifications"] = json!("name_only");
    let set = program.call("setting_set", json!({ "settings": settings })).await;
    set.expect("the settings are kept");
    desktop::notifications(0).await;
    phone.write(customer, "Mi dirección es otra").await;
    desktop::notifications(1).await;
    desktop::clear_notifications().await;
    let shown = desktop::last_notification();
    assert_eq!(shown.title, customer.name, "who");
    assert_eq!(shown.body, words::HIDDEN_MESSAGE, "and not what");
    phone.write(customer, "¿Lo anotaron?").await;
    desktop::notifications(1).await;
    phone.owner_reads(customer).await;
    desktop::notifications(0).await;
}

#[tokio::test]
async fn what_comes_to_the_open_chat_while_the_window_is_shut_is_announced_and_stays_unread() {
    let _turn = turn().await;
    let data = new_data();
    let tray = Tray::open().await;
    let program = Program::start(data.path()).await;
    let phone = enter_the_practice_shop(&program).await;
    link(&program.screen(), &phone).await;
    let (customer, _) = two_customers(&phone).await;
    hear_only(&program, &customer).await;
    program.screen().open_chat(&customer.name).await;
    unread(&program, &customer, 0).await;
    let window = desktop::window(TITLE).await;
    desktop::clear_notifications().await;

    desktop::close_window(&window);
    desktop::hidden(TITLE).await;
    let screen = program.screen();
    screen
        .holds(
            "the page should be out of sight",
            "return document.hidden && !document.hasFocus()",
        )
        .await;
    phone.write(&customer, "¿Siguen ahí?").await;
    desktop::notifications(1).await;
    phone.write(&customer, "Es por mi pedido").await;
    unread(&program, &customer, 2).await;
    assert_eq!(desktop::shown(), 1, "of one chat there is one notification");

    let open = tray
        .entry("the window, and how many wait", |said| {
            said.starts_with(words::TRAY_OPEN)
        })
        .await;
    tray.press(&open.words).await;
    let window = desktop::window(TITLE).await;
    desktop::focus(&window);
    unread(&program, &customer, 0).await;
    desktop::notifications(0).await;
    program.end().await;
}

/// Waits until so many messages of a customer are unread.
async fn unread(program: &Program, customer: &Customer, count: u64) {
    until(format!("{count} messages should be unread"), async || {
        let args = json!({ "filter": "all", "deviceId": null, "after": null, "limit": 200 });
        let page = program.call("chat_list", args).await.ok()?;
        let mut rows = page["rows"].as_array()?.iter();
        let row = rows.find(|row| row["title"] == json!(customer.name))?;
        (row["unread"] == json!(count)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_link_shows_a_chat_and_offers_words_and_can_do_nothing_else() {
    let _turn = turn().await;
    let data = new_data();
    let program = Program::start(data.path()).await;
    let phone = enter_the_practice_shop(&program).await;
    link(&program.screen(), &phone).await;
    let (first, second) = two_customers(&phone).await;

    follow(
        data.path(),
        &format!(
            "{SCHEME}://chat/{}?text=Su%20pedido%20est%C3%A1%20listo",
            first.number
        ),
    )
    .await;
    let screen = program.screen();
    screen.says(words::LINK_ASKS).await;
    screen.says("Su pedido está listo").await;
    let no_chat = "return !document.querySelector('.composer')";
    screen
        .holds("nothing should happen before the person agrees", no_chat)
        .await;
    screen.press_in_dialog(words::LINK_OPEN).await;
    screen.heading(&first.name).await;
    screen
        .holds(
            "the link's words should be in the draft",
            &draft_is(&first, "Su pedido está listo"),
        )
        .await;
    follow(
        data.path(),
        &format!("{SCHEME}://chat/{}?text=otra%20cosa", first.number),
    )
    .await;
    screen.says("otra cosa").await;
    screen.press_in_dialog(words::LINK_OPEN).await;
    for hostile in [
        format!("{SCHEME}://chat/{}?text=hola&send=1", second.number),
        format!("{SCHEME}://settings/{}", second.number),
        format!("{SCHEME}://chat/{}?text=%E2%80%AE", second.number),
    ] {
        follow(data.path(), &hostile).await;
    }
    follow(data.path(), &format!("{SCHEME}://chat/51900009999")).await;
    screen.says(words::LINK_NOWHERE).await;
    screen.press(words::CLOSE).await;
    screen.heading(&first.name).await;
    screen
        .holds(
            "what was written should stay",
            &draft_is(&first, "Su pedido está listo"),
        )
        .await;
    assert!(
        phone.got("Su pedido está listo").await.is_empty(),
        "a link never sends"
    );
    hear_only(&program, &second).await;
    desktop::clear_notifications().await;
    phone.write(&second, "¿Ya está?").await;
    desktop::notifications(1).await;
    program.end().await;
    // Nobody would hear a click on it.
    desktop::notifications(0).await;

    let link = format!("{SCHEME}://chat/{}", second.number);
    let program = Program::start_with(data.path(), &[&link]).await;
    let screen = program.screen();
    screen.says(words::LINK_ASKS).await;
    screen.press_in_dialog(words::LINK_OPEN).await;
    screen.heading(&second.name).await;
    let empty = draft_is(&second, "");
    screen
        .holds("the draft of one chat should not be in another", &empty)
        .await;
    screen.open_chat(&first.name).await;
    screen
        .holds(
            "a draft should be there after a restart",
            &draft_is(&first, "Su pedido está listo"),
        )
        .await;
    program.end().await;
}

async fn follow(data: &std::path::Path, link: &str) {
    let (status, said) = Bare::start_with(data, &[link]).ended().await;
    assert!(status.success(), "the running program takes a link: {said}");
}

fn draft_is(customer: &Customer, text: &str) -> String {
    let label = words::message_to(&customer.name);
    format!(
        "return document.querySelector(`textarea[aria-label='{label}']`)?.value === {}",
        json!(text)
    )
}

#[tokio::test]
async fn starting_with_the_system_is_off_until_it_is_turned_on_in_the_settings() {
    let _turn = turn().await;
    let data = new_data();
    let program = Program::start(data.path()).await;
    enter_the_practice_shop(&program).await;
    let screen = program.screen();
    screen.press(words::SETTINGS).await;
    let shown = program.call("start_with_system_get", Value::Null).await;
    assert_eq!(
        shown,
        Ok(json!({ "offered": true, "on": false })),
        "off by default"
    );

    tick(&program).await;
    starts(&program, true).await;
    screen.photograph("settings-habits").await;
    let entries = autostart_entries();
    assert_eq!(entries.len(), 1, "one entry: {entries:?}");
    for part in ["--hidden", "--practice", &data.path().display().to_string()] {
        assert!(
            entries[0].contains(part),
            "the same shop, in the tray: {}",
            entries[0]
        );
    }
    tick(&program).await;
    starts(&program, false).await;
    assert!(autostart_entries().is_empty(), "and nothing is left of it");
    program.end().await;
}

async fn tick(program: &Program) {
    let field = program.screen().field(words::START_WITH_SYSTEM).await;
    field.click().await.expect("the box takes a click");
}

async fn starts(program: &Program, on: bool) {
    until("the desktop should be told", async || {
        let told = program.call("start_with_system_get", Value::Null).await.ok()?;
        (told["on"] == json!(on)).then_some(())
    })
    .await;
}

/// What the desktop would start in the next session.
fn autostart_entries() -> Vec<String> {
    let settings = std::env::var_os("XDG_CONFIG_HOME").expect("a session of this run");
    let folder = std::path::Path::new(&settings).join("autostart");
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| std::fs::read_to_string(entry.path()).ok())
        .collect()
}
