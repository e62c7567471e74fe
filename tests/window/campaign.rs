//! A campaign, in the real window, from the list to the report: two lists as shops have them are examined, the message is
//! written and rehearsed, it leaves, is paused, somebody asks to be left alone, the power fails in the middle of a message, a
//! customer asks something and is answered. Who got what, the gateway's ledger says.

use std::path::{Path, PathBuf};
use std::time::Duration;

use mostrador_sandbox::{Customer, Fault, FaultKind, Sandbox};
use rust_xlsxwriter::Workbook;

use crate::program::{Program, new_data};
use crate::screen::Screen;
use crate::waiting::until;
use crate::{day, desktop, turn, words};

const NAME: &str = "Ofertas de diciembre";
const BEGINNING: &str = "Hola ";
const TEXT: &str = "Hola {{nombre}}, hoy hay oferta.";
const WISH: &str = "BAJA";
const QUESTION: &str = "¿Hasta cuándo es la oferta?";
const ANSWER: &str = "Hasta el domingo";
/// Between two messages.
const SPACING: Duration = Duration::from_secs(2);

/// Who is on the lists.
struct People {
    /// Whom the campaign is for: they are on WhatsApp and have not said no.
    wanted: Vec<Customer>,
    /// Who said no before there was a campaign.
    out: Customer,
}

#[tokio::test]
async fn a_campaign_with_a_pause_a_power_cut_and_a_wish_reaches_everybody_once_and_nobody_who_was_out() {
    let _turn = turn().await;
    let (data, elsewhere) = (new_data(), new_data());
    let gateway = day::gateway(elsewhere.path(), 0).await;
    let people = people(&gateway);
    let program = Program::start(data.path()).await;
    let screen = program.screen();
    day::link(&screen, &gateway).await;
    hear_a_no(&screen, &gateway, &people.out).await;
    examine(&screen, elsewhere.path(), &people).await;
    write_and_rehearse(&screen, &people).await;
    assert!(got(&gateway).is_empty(), "nobody gets anything by a rehearsal");
    start_and_pause(&screen, &gateway, &people).await;
    let program = die_while_sending(program, data.path(), &gateway).await;
    answer_at_the_desk(&program.screen(), &gateway, &people).await;
    everybody_once(&program.screen(), &gateway, &people).await;
    program.end().await;
    gateway.stop().await;
}

fn people(gateway: &Sandbox) -> People {
    let mut customers = gateway.customers().into_iter();
    let wanted: Vec<Customer> = customers.by_ref().take(5).collect();
    let out = customers.next().expect("a sixth customer");
    People { wanted, out }
}

/// Somebody asked to be left alone before there was any campaign.
async fn hear_a_no(screen: &Screen<'_>, gateway: &Sandbox, who: &Customer) {
    gateway.write_as(&who.number, WISH).expect("a customer");
    screen.press(words::CAMPAIGNS).await;
    screen.choose(words::OPT_OUTS).await;
    screen.says(words::OPTED_OUT).await;
    screen.choose(words::CAMPAIGNS).await;
}

/// Two lists, of which the first is left: nothing of it is stored.
async fn examine(screen: &Screen<'_>, folder: &Path, people: &People) {
    screen.press(words::CREATE).await;
    screen.write(words::CAMPAIGN_NAME, NAME).await;
    screen.press_in_dialog(words::CREATE_DO).await;
    screen.heading(NAME).await;

    let rows = rows(people);
    screen.give_file(words::SHEET, &text_file(folder, &rows)).await;
    verdicts(screen, people).await;
    screen.photograph("campaign-list-csv").await;
    screen.press(words::LEAVE_SHEET).await;
    screen.give_file(words::SHEET, &workbook(folder, &rows)).await;
    screen.says(&words::rows("Falta el país", 1)).await;
    let country = screen.field(words::COUNTRY).await;
    country
        .select_by_value("PE")
        .await
        .expect("the country should be offered");
    verdicts(screen, people).await;
    screen.photograph("campaign-list-xlsx").await;
    screen.press(&words::use_people(people.wanted.len())).await;
    screen.says(&words::written_to(people.wanted.len())).await;
}

/// What the screen says of either list, before anything of it is kept.
async fn verdicts(screen: &Screen<'_>, people: &People) {
    screen.bring(words::NOTHING_STORED).await;
    for (verdict, count) in [
        ("Todas", people.wanted.len() + 4),
        ("Repetidos", 1),
        ("Sin número", 2),
        ("Dados de baja", 1),
    ] {
        screen.says(&words::rows(verdict, count)).await;
    }
}

/// The rows of a list as a shop keeps it: with somebody twice, with what is no number, with somebody who said no.
fn rows(people: &People) -> Vec<[String; 2]> {
    let plus = |customer: &Customer| format!("+{}", customer.number);
    let wanted = people.wanted.iter().enumerate();
    let mut rows: Vec<_> = wanted
        .map(|(at, customer)| [plus(customer), format!("Señora {}", at + 1)])
        .collect();
    rows.push([spaced(&people.wanted[0].number), "Otra vez".to_owned()]);
    rows.push(["no tiene".to_owned(), "Sin teléfono".to_owned()]);
    rows.push(["12".to_owned(), "Corto".to_owned()]);
    rows.push([plus(&people.out), "Ya no quiere".to_owned()]);
    rows
}

/// A number as people type it.
pub(crate) fn spaced(number: &str) -> String {
    let (country, rest) = number.split_at(2);
    let rest: Vec<String> = rest
        .as_bytes()
        .chunks(3)
        .map(|three| String::from_utf8_lossy(three).into_owned())
        .collect();
    format!("+{country} {}", rest.join(" "))
}

/// As a spreadsheet program saves text here: Windows-1252, with semicolons.
pub(crate) fn text_file(folder: &Path, rows: &[[String; 2]]) -> PathBuf {
    let lines = rows.iter().map(|[number, name]| format!("{number};{name}\r\n"));
    let text: String = std::iter::once("Teléfono;Nombre\r\n".to_owned())
        .chain(lines)
        .collect();
    let latin: Vec<u8> = text
        .chars()
        .map(|sign| u8::try_from(u32::from(sign)).expect("a sign of Windows-1252"))
        .collect();
    let file = folder.join("clientes.csv");
    std::fs::write(&file, latin).expect("a file");
    file
}

/// A workbook, in which one number is a number, as happens to whoever forgets to say that it is text.
fn workbook(folder: &Path, rows: &[[String; 2]]) -> PathBuf {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["Teléfono", "Nombre"]).expect("titles");
    for (at, row) in (1..).zip(rows) {
        sheet.write_row(at, 0, row).expect("a row");
    }
    let second: f64 = rows[1][0].trim_start_matches('+').parse().expect("digits");
    sheet.write_number(2, 0, second).expect("a number");
    let file = folder.join("clientes.xlsx");
    book.save(&file).expect("a workbook");
    file
}

async fn write_and_rehearse(screen: &Screen<'_>, people: &People) {
    screen.write(words::CAMPAIGN_TEXT, TEXT).await;
    screen.says_among("Hola Señora 1, hoy hay oferta.").await;
    screen.bring(words::MESSAGE_LEAD).await;
    screen.photograph("campaign-message").await;
    screen.fill(words::SPACING, &SPACING.as_secs().to_string()).await;
    screen.fill(words::JITTER, "0").await;
    screen.fill(words::REST_EVERY, "0").await;
    screen.fill(words::CAP, "").await;
    screen.fill(words::OPENS, "00:00").await;
    screen.fill(words::CLOSES, "00:00").await;
    if !screen.is_ticked(words::SUNDAY).await {
        screen.choose(words::SUNDAY).await;
    }
    screen.choose(words::WARM_UP).await;
    screen.press(words::REHEARSE).await;
    screen.says(words::REHEARSED).await;
    screen.bring(words::REHEARSAL_LEAD).await;
    screen.photograph("campaign-rehearsed").await;
    screen.press(&words::send_to(people.wanted.len())).await;
    screen.press_in_dialog(&words::send_to(people.wanted.len())).await;
    screen.says(words::UNDO).await;
    screen.photograph("campaign-starting").await;
}

/// A pause bites within one message, and while it lasts the last of the list asks to be left alone.
async fn start_and_pause(screen: &Screen<'_>, gateway: &Sandbox, people: &People) {
    until("the first should have it", async || {
        (!got(gateway).is_empty()).then_some(())
    })
    .await;
    screen.press(words::PAUSE).await;
    screen.says(words::PAUSED).await;
    let before = got(gateway).len();
    screen.photograph("campaign-paused").await;
    let last = people.wanted.last().expect("somebody is last");
    gateway.write_as(&last.number, WISH).expect("a customer");
    screen.press(words::CAMPAIGNS).await;
    screen.choose(words::OPT_OUTS).await;
    let both = format!(
        "return [...document.querySelectorAll('[role=row]')].filter(row => row.textContent.includes('«{WISH}»')).length === 2"
    );
    screen.holds("both who asked should be out", &both).await;
    screen.photograph("opt-outs").await;
    screen.choose(words::CAMPAIGNS).await;
    screen.press(NAME).await;
    screen.says(words::PAUSED).await;
    let goes_on = |gateway: &Sandbox| got(gateway).len() > before + 1;
    assert!(
        !gateway.wait_until(SPACING * 2, goes_on).await,
        "at most the one that was on its way leaves after a pause"
    );
}

/// The power fails while a message is on its way; the next start goes on by itself, and looks before it repeats anything.
async fn die_while_sending(program: Program, data: &Path, gateway: &Sandbox) -> Program {
    gateway.set_fault(Fault::once(
        "POST",
        "/messages/text",
        FaultKind::LateEffectMs(2_000),
    ));
    program.screen().press(words::RESUME).await;
    until("a message should be on its way", async || {
        (gateway.waiting_faults() == 0).then_some(())
    })
    .await;
    program.die().await;

    let program = Program::start(data).await;
    let screen = program.screen();
    screen.mark("[data-device-state='online']").await;
    screen.press(words::CAMPAIGNS).await;
    screen.press(NAME).await;
    screen.says(words::FINISHED).await;
    program
}

/// What a customer asks stands beside what they were sent, and is answered like anything else.
async fn answer_at_the_desk(screen: &Screen<'_>, gateway: &Sandbox, people: &People) {
    let customer = &people.wanted[0];
    gateway.write_as(&customer.number, QUESTION).expect("a customer");
    screen.choose(words::REPLIES).await;
    screen.says(QUESTION).await;
    screen.says("Hola Señora 1, hoy hay oferta.").await;
    screen.photograph("campaign-replies").await;
    screen.press(words::OPEN_CHAT).await;
    screen.heading(&customer.name).await;
    let field = screen.write(&words::message_to(&customer.name), ANSWER).await;
    screen.enter(&field).await;
    screen.message(ANSWER, "delivered").await;
    assert_eq!(
        day::got(gateway, &customer.number, ANSWER),
        1,
        "who asked has the answer once"
    );
}

/// By the ledger; then by the program's own proof, and in a report that can be kept.
async fn everybody_once(screen: &Screen<'_>, gateway: &Sandbox, people: &People) {
    let mut got = got(gateway);
    got.sort();
    let (_, before_last) = people.wanted.split_last().expect("somebody is last");
    let mut expected: Vec<String> = before_last
        .iter()
        .map(|customer| customer.number.clone())
        .collect();
    expected.sort();
    assert_eq!(got, expected, "everybody once, and nobody who said no");

    screen.press(words::CAMPAIGNS).await;
    screen.press(NAME).await;
    screen.choose(words::REPORT).await;
    screen.photograph("campaign-report").await;
    for format in ["PDF", "XLSX", "CSV"] {
        screen.press(format).await;
        desktop::accept(words::SAVE_FILE).await;
        let file = format!("{NAME}.{}", format.to_lowercase());
        screen.says_among(&words::saved_as(&file)).await;
        let home = std::env::var_os("HOME").expect("the session has a home");
        let kept = std::fs::read(Path::new(&home).join("downloads").join(&file));
        let kept = kept.unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(
            kept.starts_with(beginning_of(format)),
            "{file} should be what it is called"
        );
    }
    screen.choose(words::PROOF).await;
    screen.press(words::PROVE).await;
    screen.says(words::PROVED).await;
    screen.photograph("campaign-proof").await;
}

/// The first bytes of such a file.
fn beginning_of(format: &str) -> &'static [u8] {
    match format {
        "PDF" => b"%PDF-",
        "XLSX" => b"PK",
        _ => "\u{feff}".as_bytes(),
    }
}

/// Who got the campaign's message, once for each time.
fn got(gateway: &Sandbox) -> Vec<String> {
    let ledger = gateway.ledger().into_iter();
    ledger
        .filter(|entry| {
            entry
                .body
                .as_deref()
                .is_some_and(|body| body.starts_with(BEGINNING))
        })
        .map(|entry| entry.recipient)
        .collect()
}
