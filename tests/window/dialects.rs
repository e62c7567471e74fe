//! A number at each of the gateways, set up as a shop does it: the gateway is chosen, what it asks for is pasted, the connection
//! is tried, the code is scanned; then a customer writes and is answered, and a rare call is made from the Explorer. The other side
//! is the practice shop, which speaks as each gateway does; what came of it, its ledger says.

use std::path::Path;

use mostrador_sandbox::{Customer, Sandbox, SandboxConfig};

use crate::program::{Program, new_data};
use crate::screen::Screen;
use crate::waiting::until;
use crate::{campaign, day, turn, words};

/// A gateway, as the practice shop speaks like it.
struct Dialect {
    /// What it is called on the screen.
    name: &'static str,
    /// What its number is called in this shop.
    device: &'static str,
    /// Who writes to it.
    customer: &'static str,
    /// For pictures.
    picture: &'static str,
    /// Where below its address the practice shop speaks so.
    path: &'static str,
    /// Is its address among the options that few people need?
    usual_address: bool,
    /// What it asks for, besides its address.
    fields: &'static [(&'static str, Given)],
    /// Does it tell what customers write?
    hears: bool,
    /// And what they are called?
    names: bool,
    /// A call of the Explorer that changes nothing, and a piece of what is answered.
    call: &'static str,
    /// What it asks for.
    arguments: &'static [(&'static str, Given)],
    answer: &'static str,
}

/// What is given for a field.
enum Given {
    /// What lets the shop in.
    Secret,
    /// The shop's own number.
    Number,
    Word(&'static str),
}

const DIALECTS: [Dialect; 5] = [
    Dialect {
        name: "Whapi",
        device: "Tienda centro",
        customer: "Rosa Quispe",
        picture: "whapi",
        path: "",
        usual_address: true,
        fields: &[(words::TOKEN, Given::Secret)],
        hears: true,
        names: true,
        call: "checkHealth",
        arguments: &[],
        answer: "\"AUTH\"",
    },
    Dialect {
        name: "QR Búho",
        device: "Tienda norte",
        customer: "Mariana Souza",
        picture: "qr-buho",
        path: "/dialects/qr_buho",
        usual_address: false,
        fields: &[
            (words::INSTANCE, Given::Number),
            (words::EMAIL, Given::Word("ventas@tienda.example")),
            (words::PASSWORD, Given::Secret),
        ],
        hears: true,
        names: true,
        call: "devices_list",
        arguments: &[],
        answer: "\"connected\"",
    },
    Dialect {
        name: "Waconecta",
        device: "Tienda sur",
        customer: "Milagros Huamán",
        picture: "waconecta",
        path: "/dialects/waconecta",
        usual_address: true,
        fields: &[
            (words::TOKEN, Given::Secret),
            (words::CONTAINER_TOKEN, Given::Secret),
        ],
        hears: false,
        names: false,
        call: "getQrStaticSession",
        arguments: &[("containerToken", Given::Secret)],
        answer: "\"Session is active\"",
    },
    Dialect {
        name: "WhatsApp API Engine",
        device: "Pedidos",
        customer: "Pilar Cárdenas",
        picture: "api-engine",
        path: "/dialects/api_engine",
        usual_address: false,
        fields: &[(words::TOKEN, Given::Secret)],
        hears: true,
        names: false,
        call: "getStatus",
        arguments: &[],
        answer: "\"connected\"",
    },
    Dialect {
        name: "Evolution API",
        device: "Reparto",
        customer: "Rosa Quispe",
        picture: "evolution",
        path: "/dialects/evolution",
        usual_address: false,
        fields: &[
            (words::INSTANCE, Given::Word("reparto")),
            (words::TOKEN, Given::Secret),
        ],
        hears: true,
        names: true,
        call: "instance_connection_state",
        arguments: &[("instanceName", Given::Word("reparto"))],
        answer: "\"open\"",
    },
];

#[tokio::test]
async fn a_number_at_each_gateway_is_set_up_written_through_and_heard() {
    let _turn = turn().await;
    let data = new_data();
    let program = Program::start(data.path()).await;
    let screen = program.screen();
    screen.heading(words::WELCOME).await;
    let mut gateways = Vec::new();
    for (place, dialect) in DIALECTS.iter().enumerate() {
        if place > 0 {
            screen.press(words::SETTINGS).await;
            screen.press(words::ADD_NUMBER).await;
        }
        let gateway = Sandbox::start(SandboxConfig::for_tests()).await;
        let gateway = gateway.expect("the practice shop starts");
        set_up(&screen, dialect, &gateway).await;
        online(&screen, place + 1).await;
        let customer = day::customer(&gateway, dialect.customer);
        if dialect.hears {
            answer(&screen, dialect, &gateway, &customer).await;
        } else {
            write_first(&screen, dialect, &gateway, &customer, data.path()).await;
        }
        look_it_up(&screen, dialect, &gateway).await;
        gateways.push(gateway);
    }
    screen.press(words::CHATS).await;
    each_row_says_through_which_number(&screen).await;
    screen.photograph("each-gateway").await;
    program.end().await;
    for gateway in gateways {
        gateway.stop().await;
    }
}

async fn set_up(screen: &Screen<'_>, dialect: &Dialect, gateway: &Sandbox) {
    screen.press(words::REAL).await;
    let choice = screen.field(words::GATEWAY).await;
    choice
        .select_by_label(dialect.name)
        .await
        .unwrap_or_else(|error| panic!("{} should be offered: {error}", dialect.name));
    screen.write(words::DEVICE_NAME, dialect.device).await;
    if dialect.usual_address {
        screen.press_summary(words::ADVANCED).await;
    }
    screen
        .write(words::URL, &format!("{}{}", gateway.url(), dialect.path))
        .await;
    fill_in(screen, dialect.fields, gateway).await;
    screen.press(words::TEST).await;
    screen.says(words::TESTED).await;
    screen.photograph(&format!("wizard-{}", dialect.picture)).await;
    screen.press(words::GO).await;
    screen.mark(words::CODE).await;
    screen.photograph(&format!("code-{}", dialect.picture)).await;
    gateway.scan().expect("a code is on show");
}

async fn fill_in(screen: &Screen<'_>, fields: &[(&str, Given)], gateway: &Sandbox) {
    let number = gateway.devices().swap_remove(0).number;
    for (field, given) in fields {
        let text = match given {
            Given::Secret => gateway.token(),
            Given::Number => &number,
            Given::Word(word) => word,
        };
        screen.write(field, text).await;
    }
}

/// Waits until so many devices are online, by their lights.
async fn online(screen: &Screen<'_>, count: usize) {
    let lights = format!("return document.querySelectorAll('[data-device-state=online]').length === {count}");
    screen
        .holds(&format!("{count} numbers should be online"), &lights)
        .await;
}

/// Each number has a chip of its own in the list, with its name and a colour that no other has.
async fn each_row_says_through_which_number(screen: &Screen<'_>) {
    let heard: Vec<&str> = DIALECTS
        .iter()
        .filter(|dialect| dialect.hears)
        .map(|dialect| dialect.device)
        .collect();
    let script = format!(
        "const tints = new Map(); \
         for (const row of document.querySelectorAll('[role=option]')) {{ \
             const chip = row.querySelector('.through'); \
             if (!chip) return false; \
             const name = chip.textContent.trim(); \
             const tint = [...chip.classList].find(part => part.startsWith('tint-')); \
             if (!tint || (tints.has(name) && tints.get(name) !== tint)) return false; \
             tints.set(name, tint); \
         }} \
         return {}.every(name => tints.has(name)) && new Set(tints.values()).size === tints.size",
        serde_json::json!(heard)
    );
    screen
        .holds(
            "each row should say through which number it came, in a colour of its own",
            &script,
        )
        .await;
}

/// A customer asks, and is answered through the number that was asked.
async fn answer(screen: &Screen<'_>, dialect: &Dialect, gateway: &Sandbox, customer: &Customer) {
    let (question, answer) = (
        format!("¿Abren hoy en {}?", dialect.device),
        format!("Sí, en {}", dialect.device),
    );
    gateway.write_as(&customer.number, &question).expect("a customer");
    screen.press(words::CHATS).await;
    let name = if dialect.names {
        customer.name.clone()
    } else {
        campaign::spaced(&customer.number)
    };
    screen.row_says(&name, &question).await;
    screen.open_chat_saying(&question).await;
    let field = screen.write(&words::message_to(&name), &answer).await;
    screen.enter(&field).await;
    arrives_once(gateway, customer, &answer).await;
    screen.photograph(&format!("answered-{}", dialect.picture)).await;
}

/// Who cannot be heard can still be written to: a campaign's test is one message.
async fn write_first(
    screen: &Screen<'_>,
    dialect: &Dialect,
    gateway: &Sandbox,
    customer: &Customer,
    folder: &Path,
) {
    let text = format!("Aviso de {}", dialect.device);
    screen.press(words::CAMPAIGNS).await;
    screen.press(words::CREATE).await;
    screen.write(words::CAMPAIGN_NAME, dialect.device).await;
    let device = screen.field(words::SENT_FROM).await;
    device
        .select_by_label(dialect.device)
        .await
        .expect("each number can send a campaign");
    screen.press_in_dialog(words::CREATE_DO).await;
    screen.write(words::CAMPAIGN_TEXT, &text).await;
    let row = [format!("+{}", customer.number), customer.name.clone()];
    screen
        .give_file(words::SHEET, &campaign::text_file(folder, &[row]))
        .await;
    screen.press(words::USE_ONE).await;
    screen.press(words::TEST_MESSAGE).await;
    screen
        .write(words::TEST_NUMBER, &format!("+{}", customer.number))
        .await;
    screen.press_in_dialog(words::TEST_DO).await;
    screen.says(words::TEST_SENT).await;
    arrives_once(gateway, customer, &text).await;
}

async fn arrives_once(gateway: &Sandbox, customer: &Customer, text: &str) {
    until(format!("«{text}» should arrive"), async || {
        (day::got(gateway, &customer.number, text) > 0).then_some(())
    })
    .await;
    assert_eq!(day::got(gateway, &customer.number, text), 1, "once");
}

async fn look_it_up(screen: &Screen<'_>, dialect: &Dialect, gateway: &Sandbox) {
    screen.press(words::SETTINGS).await;
    screen.press_on_card(dialect.device, words::EXPLORER).await;
    screen.write(words::EXPLORER_SEARCH, dialect.call).await;
    screen.press(dialect.call).await;
    fill_in(screen, dialect.arguments, gateway).await;
    screen.press(words::CALL).await;
    screen.says_among(dialect.answer).await;
    screen.press(words::COPY_CURL).await;
    screen.says(words::COPIED).await;
    screen.photograph(&format!("explorer-{}", dialect.picture)).await;
    screen.press(words::EXPLORER_BACK).await;
    screen.bring_card(dialect.device).await;
    screen.photograph(&format!("linked-{}", dialect.picture)).await;
}
