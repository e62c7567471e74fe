//! XLSX.

use std::io::{Cursor, Read};

use super::payloads::PAYLOADS;
use super::samples::{nothing, person, readable, report};
use crate::{Error, Language, Person, Report, xlsx};

fn written(report: &Report, people: Vec<Person>, language: Language) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    xlsx(report, readable(people), language, &mut out).expect("memory takes everything");
    out.into_inner()
}

fn part(file: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).expect("a workbook is an archive");
    let mut text = String::new();
    archive
        .by_name(name)
        .expect("the part is there")
        .read_to_string(&mut text)
        .expect("parts are UTF-8");
    text
}

/// The value of a cell, as it is stored.
fn cell(sheet: &str, place: &str) -> Option<String> {
    let from = sheet.split_once(&format!("<c r=\"{place}\""))?.1;
    let cell = from.split_once("</c>").map_or(from, |(cell, _)| cell);
    let value = cell.split_once("<t").or_else(|| cell.split_once("<v"))?.1;
    Some(value.split_once('>')?.1.split_once("</")?.0.to_owned())
}

#[test]
fn the_sheets_are_there_in_every_language() {
    for language in Language::ALL {
        let book = part(&written(&report(), vec![person(1)], language), "xl/workbook.xml");
        let sheets = &language.words().sheets;
        let mut rest = book.as_str();
        for name in [
            sheets.summary,
            sheets.people,
            sheets.hours,
            sheets.variants,
            sheets.reasons,
        ] {
            rest = rest
                .split_once(&format!("name=\"{name}\""))
                .expect("each sheet, in this order")
                .1;
        }
    }
}

#[test]
fn figures_are_numbers_and_add_up() {
    let report = report();
    let summary = part(
        &written(&report, vec![], Language::Es),
        "xl/worksheets/sheet1.xml",
    );
    let number = |place: &str| cell(&summary, place).and_then(|value| value.parse::<u32>().ok());
    let states: u32 = (7..17)
        .map(|row| number(&format!("B{row}")).expect("a figure each state"))
        .sum();
    assert_eq!(Some(states), number("B17"), "the states add up to the total");
    assert_eq!(
        number("B17"),
        Some(report.counts.total),
        "the total is the campaign's"
    );
    assert_eq!(
        number("B20"),
        Some(report.funnel.sent),
        "the funnel begins with what was sent"
    );
    assert_eq!(
        number("B24"),
        Some(report.asked_to_stop),
        "who asked to stop, below the funnel"
    );
    assert_eq!(
        cell(&summary, "C20").as_deref(),
        Some("1"),
        "shares are numbers too"
    );
}

#[test]
fn hours_versions_and_reasons_add_up() {
    let report = report();
    let file = written(&report, vec![], Language::Es);
    let sum = |sheet: &str, column: &str, rows: usize| -> u32 {
        let sheet = part(&file, &format!("xl/worksheets/{sheet}.xml"));
        (2..2 + rows)
            .map(|row| cell(&sheet, &format!("{column}{row}")).and_then(|value| value.parse::<u32>().ok()))
            .map(|count| count.expect("a figure a row"))
            .sum()
    };
    assert_eq!(
        sum("sheet3", "B", 10),
        report.funnel.sent,
        "the hours hold all that was sent"
    );
    assert_eq!(
        sum("sheet3", "E", 10),
        report.counts.failed,
        "and all that failed"
    );
    assert_eq!(
        sum("sheet4", "B", 2),
        report.counts.total,
        "the versions share all people"
    );
    assert_eq!(sum("sheet4", "F", 2), report.funnel.replied, "and all answers");
    assert_eq!(
        sum("sheet5", "C", 6),
        report.counts.failed + report.counts.skipped,
        "reasons"
    );
}

#[test]
fn a_person_is_numbers_texts_and_dates() {
    let sheet = part(
        &written(&report(), vec![person(1)], Language::En),
        "xl/worksheets/sheet2.xml",
    );
    assert_eq!(cell(&sheet, "A2").as_deref(), Some("1"), "the place is a number");
    assert_eq!(
        cell(&sheet, "C2").as_deref(),
        Some("+51900000001"),
        "the number is a text, as it is dialled"
    );
    // 2026-11-27 is day 46353 of the workbook's calendar, and 9 in the morning three eighths of it.
    assert_eq!(
        cell(&sheet, "H2").as_deref(),
        Some("46353.375"),
        "a time is a date in the shop's zone"
    );
    assert_eq!(
        cell(&sheet, "F2").as_deref(),
        Some("Replied"),
        "the state is said in words"
    );
    assert!(sheet.contains("state=\"frozen\""), "the heading stays in sight");
    assert!(
        sheet.contains("<autoFilter ref=\"A1:M2\"/>"),
        "people can be chosen among"
    );
}

#[test]
fn no_cell_of_a_workbook_is_a_formula() {
    let hostile: Vec<Person> = (0..)
        .zip(PAYLOADS)
        .map(|(place, payload)| Person {
            number: payload.to_owned(),
            name: Some(payload.to_owned()),
            reply: Some(payload.to_owned()),
            reason: Some(payload.to_owned()),
            state: payload,
            ..person(place)
        })
        .collect();
    for payload in PAYLOADS {
        let report = Report {
            name: payload.to_owned(),
            failures: vec![(payload.to_owned(), 1)],
            skipped: vec![(payload.to_owned(), 1)],
            ..report()
        };
        let people = if payload == PAYLOADS[0] {
            hostile.clone()
        } else {
            vec![]
        };
        let rows = people.len() * 13;
        let file = written(&report, people, Language::Es);
        for sheet in 1..=5 {
            let sheet = part(&file, &format!("xl/worksheets/sheet{sheet}.xml"));
            assert!(
                !sheet.contains("<f>") && !sheet.contains("<f "),
                "{payload:?} became a formula"
            );
        }
        let sheet = part(&file, "xl/worksheets/sheet2.xml");
        assert!(
            sheet.matches("t=\"inlineStr\"").count() >= rows / 13 * 6,
            "texts are texts"
        );
    }
}

#[test]
fn texts_stay_texts_when_a_cell_is_edited() {
    let file = written(&report(), vec![person(1)], Language::Es);
    let styles = part(&file, "xl/styles.xml");
    assert!(
        styles.contains("quotePrefix=\"1\""),
        "what others wrote is marked as text"
    );
    let sheet = part(&file, "xl/worksheets/sheet2.xml");
    let marked: Vec<usize> = styles
        .split_once("<cellXfs")
        .and_then(|(_, rest)| rest.split_once("</cellXfs>"))
        .expect("the looks of cells")
        .0
        .split("<xf ")
        .skip(1)
        .enumerate()
        .filter(|(_, look)| look.contains("quotePrefix=\"1\""))
        .map(|(place, _)| place)
        .collect();
    for column in ["C2", "D2", "L2"] {
        let look = sheet
            .split_once(&format!("<c r=\"{column}\" s=\""))
            .and_then(|(_, rest)| rest.split_once('"'));
        let look = look.and_then(|(look, _)| look.parse().ok()).expect("a look");
        assert!(marked.contains(&look), "{column} is not marked as text");
    }
}

#[test]
fn a_text_is_cut_where_a_cell_ends() {
    let long = Person {
        reply: Some("😀".repeat(40_000)),
        name: Some("\u{0}\u{ffff}<a>&".to_owned()),
        ..person(1)
    };
    let sheet = part(
        &written(&report(), vec![long], Language::Es),
        "xl/worksheets/sheet2.xml",
    );
    let reply = cell(&sheet, "L2").expect("the answer is there");
    assert_eq!(
        reply.encode_utf16().count(),
        32_767,
        "a cell's end, in units of UTF-16"
    );
    assert!(reply.ends_with('…'), "it is said that more was written");
    assert_eq!(
        cell(&sheet, "D2").as_deref(),
        Some("_x0000__xFFFF_&lt;a&gt;&amp;"),
        "what XML cannot hold"
    );
}

#[test]
fn a_campaign_without_anything_is_a_workbook_too() {
    for language in Language::ALL {
        let file = written(&nothing(), vec![], language);
        assert!(
            part(&file, "xl/worksheets/sheet2.xml").contains("A1"),
            "its people have a heading at least"
        );
    }
}

#[test]
fn people_that_cannot_be_read_end_it() {
    let broken = [Ok(person(1)), Err("the store is gone")];
    let error =
        xlsx(&report(), broken, Language::Es, Cursor::new(Vec::new())).expect_err("they cannot be read");
    assert!(
        matches!(error, Error::People(_)),
        "it is the people's fault: {error:?}"
    );
}
