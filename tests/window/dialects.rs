//! A number at each of the gateways, set up as a shop does it: the gateway is chosen, what it asks for is pasted, the connection
//! is tried, the code is scanned; then a customer writes and is answered, two rare calls are made from the Explorer, one of them after
//! it was asked about, and what the gateway has called with is looked at. The other side is the practice shop, which speaks as each
//! gateway does; what came of it, its ledger says.

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
    /// How far a message is shown to have come: not every gateway tells what becomes of it.
    tick: &'static str,
    /// A call of the Explorer that changes nothing, and a piece of what is answered.
    call: &'static str,
    /// What it asks for.
    arguments: &'static [(&'static str, Given)],
    answer: &'static str,
    /// A call of the Explorer that a customer sees, and what it asks for.
    telling: &'static str,
    told: &'static [(&'static str, Given)],
    /// How the way is by which it calls.
    way: &'static str,
}

/// What is given for a field.
enum Given {
    /// What lets the shop in.
    Secret,
    /// The shop's own number.
    Number,
    Word(&'static str),
    /// One of several.
    Choice(&'static str),
    /// The number of the customer, and the words for them.
    Customer,
    Words,
    /// Both, as JSON.
    Letter,
}

/// Who is on the other side, and what they are told by a call of the Explorer.
struct Other<'a> {
    gateway: &'a Sandbox,
    customer: &'a Customer,
    words: &'a str,
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
        tick: "delivered",
        call: "checkHealth",
        arguments: &[],
        answer: "\"AUTH\"",
        telling: "sendMessageText",
        told: &[("to", Given::Customer), ("body", Given::Words)],
        way: words::ALIVE,
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
        tick: "delivered",
        call: "devices_list",
        arguments: &[],
        answer: "\"connected\"",
        telling: "send_by_instance_text",
        told: &[
            ("instance", Given::Number),
            ("type", Given::Choice("sendText")),
            ("payload", Given::Letter),
        ],
        way: words::ALIVE,
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
        tick: "sent",
        call: "getQrStaticSession",
        arguments: &[("containerToken", Given::Secret)],
        answer: "\"Session is active\"",
        telling: "sendMessage",
        told: &[("number", Given::Customer), ("message", Given::Words)],
        way: words::NO_CALLS,
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
        tick: "sent",
        call: "getStatus",
        arguments: &[],
        answer: "\"connected\"",
        telling: "send",
        told: &[("phone", Given::Customer), ("message", Given::Words)],
        way: words::ALIVE,
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
        tick: "delivered",
        call: "instance_connection_state",
        arguments: &[("instanceName", Given::Word("reparto"))],
        answer: "\"open\"",
        telling: "message_send_text",
        told: &[
            ("instanceName", Given::Word("reparto")),
            ("number", Given::Customer),
            ("text", Given::Words),
        ],
        way: words::ALIVE,
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
        let customer = day::customer(&gateway, dialect.customer);
        let other = Other {
            gateway: &gateway,
            customer: &customer,
            words: &format!("Recuerdo de {}", dialect.device),
        };
        set_up(&screen, dialect, &other).await;
        online(&screen, place + 1).await;
        if dialect.hears {
            answer(&screen, dialect, &other).await;
        } else {
            write_first(&screen, dialect, &other, data.path()).await;
        }
        look_it_up(&screen, dialect, &other).await;
        look_at_its_calls(&screen, dialect).await;
        gateways.push(gateway);
    }
    screen.press(words::CHATS).await;
    each_row_says_through_which_number(&screen).await;
    screen.photograph("each-gateway").await;
    a_forged_call_is_told(&screen, &gateways).await;
    program.end().await;
    for gateway in gateways {
        gateway.stop().await;
    }
}

async fn set_up(screen: &Screen<'_>, dialect: &Dialect, other: &Other<'_>) {
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
        .write(words::URL, &format!("{}{}", other.gateway.url(), dialect.path))
        .await;
    fill_in(screen, dialect.fields, other).await;
    screen.press(words::TEST).await;
    screen.says(words::TESTED).await;
    screen.photograph(&format!("wizard-{}", dialect.picture)).await;
    screen.press(words::GO).await;
    screen.mark(words::CODE).await;
    screen.photograph(&format!("code-{}", dialect.picture)).await;
    other.gateway.scan().expect("a code is on show");
}

async fn fill_in(screen: &Screen<'_>, fields: &[(&str, Given)], other: &Other<'_>) {
    let number = other.gateway.devices().swap_remove(0).number;
    let letter = serde_json::json!({ "number": other.customer.number, "text": other.words }).to_string();
    for (field, given) in fields {
        let text = match given {
            Given::Secret => other.gateway.token(),
            Given::Number => &number,
            Given::Customer => &other.customer.number,
            Given::Words => other.words,
            Given::Letter => &letter,
            Given::Word(word) => word,
            Given::Choice(value) => {
                let choice = screen.field(field).await;
                choice.select_by_value(value).await.expect("it is offered");
                continue;
            }
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
async fn answer(screen: &Screen<'_>, dialect: &Dialect, other: &Other<'_>) {
    let Other {
        gateway, customer, ..
    } = other;
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
    screen.message(&answer, dialect.tick).await;
    screen.photograph(&format!("answered-{}", dialect.picture)).await;
}

/// Who cannot be heard can still be written to: a campaign's test is one message.
async fn write_first(screen: &Screen<'_>, dialect: &Dialect, other: &Other<'_>, folder: &Path) {
    let Other {
        gateway, customer, ..
    } = other;
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
    screen.says_among(words::WRITTEN_TO_ONE).await;
    screen.press(words::TEST_MESSAGE).await;
    screen
        .write(words::TEST_NUMBER, &format!("+{}", customer.number))
        .await;
    screen.press_in_dialog(words::TEST_DO).await;
    screen.says(words::TEST_SENT).await;
    arrives_once(gateway, customer, &text).await;
    screen.press(words::CHATS).await;
    screen.open_chat_saying(&text).await;
    screen.message(&text, dialect.tick).await;
    screen.photograph(&format!("answered-{}", dialect.picture)).await;
}

async fn arrives_once(gateway: &Sandbox, customer: &Customer, text: &str) {
    until(format!("«{text}» should arrive"), async || {
        (day::got(gateway, &customer.number, text) > 0).then_some(())
    })
    .await;
    assert_eq!(day::got(gateway, &customer.number, text), 1, "once");
}

async fn look_it_up(screen: &Screen<'_>, dialect: &Dialect, other: &Other<'_>) {
    screen.press(words::SETTINGS).await;
    screen.press_on_card(dialect.device, words::EXPLORER).await;
    screen.write(words::EXPLORER_SEARCH, dialect.call).await;
    screen.press(dialect.call).await;
    fill_in(screen, dialect.arguments, other).await;
    screen.press(words::CALL).await;
    screen.says_among(dialect.answer).await;
    screen.press(words::COPY_CURL).await;
    screen.says(words::COPIED).await;
    screen.photograph(&format!("explorer-{}", dialect.picture)).await;
    tell_a_customer(screen, dialect, other).await;
    screen.press(words::EXPLORER_BACK).await;
    screen.bring_card(dialect.device).await;
    screen.photograph(&format!("linked-{}", dialect.picture)).await;
}

/// A call that a customer sees is asked about first: whoever thinks better of it has called nobody.
async fn tell_a_customer(screen: &Screen<'_>, dialect: &Dialect, other: &Other<'_>) {
    screen.write(words::EXPLORER_SEARCH, dialect.telling).await;
    screen.press(dialect.telling).await;
    fill_in(screen, dialect.told, other).await;
    screen.press(words::CALL).await;
    screen.says(words::CALL_ASKED).await;
    screen
        .photograph(&format!("explorer-confirm-{}", dialect.picture))
        .await;
    screen.press_in_dialog(words::CANCEL).await;
    let closed = "return !document.querySelector('[role=dialog]')";
    screen.holds("the question should be gone", closed).await;
    screen.press(words::CALL).await;
    screen.press_in_dialog(words::CALL_DO).await;
    screen.says(words::ANSWER).await;
    arrives_once(other.gateway, other.customer, other.words).await;
}

/// The number's calls from its gateway: the customer's message among them, where it calls at all.
async fn look_at_its_calls(screen: &Screen<'_>, dialect: &Dialect) {
    screen.press_on_card(dialect.device, words::CALLS).await;
    screen.heading(dialect.way).await;
    if dialect.hears {
        screen.call_row(words::ACCEPTED, words::OF_A_MESSAGE).await;
    }
    screen.photograph(&format!("hooks-{}", dialect.picture)).await;
    screen.press(words::EXPLORER_BACK).await;
    screen.bring_card(dialect.device).await;
}

/// Who knows the address and not how to sign is told from the gateway.
async fn a_forged_call_is_told(screen: &Screen<'_>, gateways: &[Sandbox]) {
    let signs = |(dialect, _): &(&Dialect, &Sandbox)| dialect.picture == "api-engine";
    let (dialect, gateway) = DIALECTS.iter().zip(gateways).find(signs).expect("one signs");
    let url = format!("{}{}/api/webhooks", gateway.url(), dialect.path);
    let asked = reqwest::Client::new()
        .get(url)
        .header("x-api-key", gateway.token());
    let hooks = asked.send().await.expect("answers").json().await;
    let hooks: serde_json::Value = hooks.expect("JSON");
    let hook = hooks["data"][0]["url"].as_str().expect("it calls us");
    let forged = reqwest::Client::new()
        .post(hook)
        .header("x-webhook-signature", "0".repeat(64))
        .body(r#"{"event":"message","data":{"body":"Soy otro"}}"#);
    let status = forged.send().await.expect("answers").status();
    assert!(status.is_client_error(), "nobody is let in: {status}");
    screen.press(words::SETTINGS).await;
    screen.press_on_card(dialect.device, words::CALLS).await;
    screen.heading(words::FAILING).await;
    screen.press_call(words::BAD_SIGNATURE, words::NOT_READ).await;
    screen.says(words::NOT_HELD).await;
    screen.photograph("hooks-forged").await;
}
