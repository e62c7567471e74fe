//! CSV.

use std::io;

use mostrador_domain::UnixMillis;

use super::payloads::{PAYLOADS, wakes};
use super::samples::{NINE, person, readable, report};
use crate::{Error, Language, Person, csv};

fn written(people: Vec<Person>, language: Language) -> Vec<u8> {
    let mut out = Vec::new();
    csv(&report(), readable(people), language, &mut out).expect("memory takes everything");
    out
}

fn rows(file: &[u8], separator: u8) -> Vec<Vec<String>> {
    let mut reader = ::csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .from_reader(
            file.strip_prefix(b"\xef\xbb\xbf")
                .expect("the mark of UTF-8 comes first"),
        );
    reader
        .records()
        .map(|row| {
            row.expect("every row is as long as the first")
                .iter()
                .map(str::to_owned)
                .collect()
        })
        .collect()
}

#[test]
fn each_language_has_the_separator_of_its_spreadsheets() {
    for (language, separator, first) in [
        (Language::Es, b';', "N.º"),
        (Language::PtBr, b';', "N.º"),
        (Language::En, b',', "No."),
    ] {
        let file = written(vec![person(1)], language);
        assert!(file.ends_with(b"\r\n"), "lines end in CR LF");
        let rows = rows(&file, separator);
        assert_eq!(rows.len(), 2, "a heading and a person");
        assert_eq!(
            (rows[0].len(), rows[0][0].as_str()),
            (13, first),
            "the heading is in {language:?}"
        );
    }
}

#[test]
fn who_asked_to_be_left_alone_is_told_with_the_time() {
    let asked = Person {
        asked_to_stop_at: Some(UnixMillis(NINE.0 + 125_000)),
        ..person(1)
    };
    let rows = rows(&written(vec![asked], Language::Es), b';');
    assert_eq!(
        (rows[0][12].as_str(), rows[1][12].as_str()),
        ("Pidió baja (America/Lima)", "2026-11-27 09:02:05"),
        "beside the answer"
    );
}

#[test]
fn a_person_is_a_row_and_times_are_the_shops() {
    let rows = rows(&written(vec![person(1)], Language::Es), b';');
    assert_eq!(
        rows[1],
        [
            "1",
            "2",
            "'+51900000001",
            "Ana Pérez",
            "A",
            "Respondió",
            "",
            "2026-11-27 09:00:00",
            "2026-11-27 09:00:04",
            "2026-11-27 09:01:05",
            "2026-11-27 09:02:05",
            "Sí, quiero dos",
            ""
        ],
        "what is told of a person, in the order of the heading"
    );
    assert_eq!(
        rows[0][7], "Enviado (America/Lima)",
        "a time without its zone is no time"
    );
}

#[test]
fn why_somebody_failed_is_said_in_words() {
    let failed = |reason: &str| Person {
        state: "failed",
        reason: Some(reason.to_owned()),
        ..person(1)
    };
    let rows = rows(
        &written(vec![failed("plan_limit"), failed("never_heard_of")], Language::En),
        b',',
    );
    assert_eq!(
        rows[1][5..7],
        ["Failed", "Your plan at the gateway is used up"],
        "a known reason"
    );
    assert_eq!(
        rows[2][6], "Another reason",
        "an unknown one is never shown as its word"
    );
}

#[test]
fn quotes_separators_and_breaks_stay_inside_their_cell() {
    let name = "Ana \"la jefa\"; López, S.A.\r\nPiso 2";
    for (language, separator) in [(Language::Es, b';'), (Language::En, b',')] {
        let person = Person {
            name: Some(name.to_owned()),
            ..person(1)
        };
        assert_eq!(
            rows(&written(vec![person], language), separator)[1][3],
            name,
            "in {language:?}"
        );
    }
}

#[test]
fn no_cell_of_a_table_is_a_formula() {
    for (language, separator) in [(Language::Es, b';'), (Language::PtBr, b';'), (Language::En, b',')] {
        for payload in PAYLOADS {
            let hostile = Person {
                number: payload.to_owned(),
                name: Some(payload.to_owned()),
                reply: Some(payload.to_owned()),
                reason: Some(payload.to_owned()),
                state: payload,
                ..person(1)
            };
            let rows = rows(&written(vec![hostile], language), separator);
            assert_eq!(rows.len(), 2, "{payload:?} must not begin a row of its own");
            for cell in &rows[1] {
                assert!(!wakes(cell), "{payload:?} came out as {cell:?}");
            }
            for column in [2, 3, 5, 11] {
                let told: String = rows[1][column].chars().filter(|sign| *sign != '\'').collect();
                assert_eq!(
                    told,
                    payload.replace('\'', ""),
                    "column {column} keeps what was written"
                );
            }
        }
    }
}

/// A spreadsheet of another language cuts at another sign, and LibreOffice at all of them.
#[test]
fn no_cell_is_a_formula_wherever_a_spreadsheet_cuts_the_rows() {
    for language in Language::ALL {
        for payload in PAYLOADS {
            for separator in [',', ';', '\t'] {
                let said = format!("hola{separator}{payload}{separator} {payload} adiós");
                let hostile = Person {
                    name: Some(said.clone()),
                    reply: Some(said),
                    ..person(1)
                };
                let file = written(vec![hostile], language);
                for cuts in [b',', b';', b'\t'] {
                    for cell in cut(&file, cuts).iter().flatten() {
                        assert!(!wakes(cell), "{payload:?} came out as {cell:?} in {language:?}");
                    }
                }
            }
        }
    }
}

/// The rows as a program reads them that expects another separator.
fn cut(file: &[u8], separator: u8) -> Vec<Vec<String>> {
    let mut reader = ::csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(file.strip_prefix(b"\xef\xbb\xbf").expect("the mark of UTF-8"));
    let rows = reader.records().map(|row| row.expect("any row will do"));
    rows.map(|row| row.iter().map(str::to_owned).collect()).collect()
}

#[test]
fn what_goes_wrong_is_told() {
    let broken = [Ok(person(1)), Err("the store is gone")];
    let error = csv(&report(), broken, Language::Es, Vec::new()).expect_err("the people could not be read");
    assert!(
        matches!(error, Error::People(_)),
        "it is the people's fault: {error:?}"
    );

    struct Full;
    impl io::Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let error = csv(&report(), readable(vec![person(1)]), Language::Es, Full).expect_err("the disk is full");
    assert!(
        matches!(&error, Error::Write(error) if error.kind() == io::ErrorKind::StorageFull),
        "the caller can say that the disk is full: {error:?}"
    );
}
