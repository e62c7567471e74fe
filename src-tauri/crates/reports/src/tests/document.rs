//! PDF.

use std::fs::{self, File};
use std::path::Path;

use chrono_tz::America::{Lima, New_York};
use mostrador_domain::UnixMillis;

use super::reader::Document;
use super::samples::{HOUR, NINE, long, nothing, person, readable, report};
use crate::numbers::counted;
use crate::pdf::testing::{Faces, Grain, INNER, bold, name_of, plain, spans};
use crate::{Hour, Language, Proof, Report, csv, pdf, xlsx};

/// Writes files to look at: `cargo test -p mostrador-reports -- --ignored look`.
#[test]
#[ignore = "writes files into target/reports, for people to look at"]
fn look() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../target/reports");
    fs::create_dir_all(&folder).expect("a folder under target");
    for language in Language::ALL {
        for (name, report) in [("usual", report()), ("long", long()), ("nothing", nothing())] {
            let file = pdf(&report, language).expect("a document");
            let path = |kind| folder.join(format!("{name}-{}.{kind}", language.words().tag));
            fs::write(path("pdf"), file).expect("a file");
            let people = || readable((1..=30).map(person).collect());
            csv(
                &report,
                people(),
                language,
                File::create(path("csv")).expect("a file"),
            )
            .expect("a table");
            xlsx(
                &report,
                people(),
                language,
                File::create(path("xlsx")).expect("a file"),
            )
            .expect("a workbook");
        }
    }
}

fn pages(report: &Report, language: Language) -> Vec<String> {
    Document::read(&pdf(report, language).expect("a document")).pages()
}

#[test]
fn a_usual_campaign_is_told_with_all_its_figures() {
    let pages = pages(&report(), Language::Es);
    assert_eq!(pages.len(), 2, "two pages");
    let text = pages.concat();
    for line in [
        "Informe de campaña",
        "Ofertas de diciembre",
        "27 nov 2026, 09:00\u{a0}– 18:12  ·  America/Lima",
        "1240",
        "1094",
        "829",
        "76\u{a0}%",
        "Enviados: 1094",
        "Respondieron: 158",
        "No está en WhatsApp",
        "Dijiste que no salió",
        "Todo cuadra: cada persona está en un solo estado y nadie recibió dos veces.",
    ] {
        assert!(
            text.lines().any(|told| told == line),
            "{line:?} cannot be found in {text}"
        );
    }
}

#[test]
fn every_page_says_which_it_is() {
    for (language, first) in [
        (Language::Es, "Página 1 de"),
        (Language::PtBr, "Página 1 de"),
        (Language::En, "Page 1 of"),
    ] {
        let pages = pages(&long(), language);
        assert!(
            (2..=3).contains(&pages.len()),
            "every reason that there is takes two pages or three in {language:?}, not {}",
            pages.len()
        );
        let first = format!("{first} {}", pages.len());
        assert!(pages[0].lines().any(|line| line == first), "{first} is missing");
        for page in pages {
            assert!(page.contains("Mostrador"), "each page says where it is from");
        }
    }
}

#[test]
fn what_is_still_being_closed_is_said_and_is_no_fault() {
    for language in Language::ALL {
        let figures = &language.words().figures;
        let report = Report {
            proof: Proof::Unsettled,
            ..report()
        };
        let said: String = pages(&report, language).concat().split_whitespace().collect();
        let words = |text: &str| -> String { text.split_whitespace().collect() };
        assert!(
            said.contains(&words(figures.proof_unsettled)),
            "said in {language:?}"
        );
        assert!(
            !said.contains(&words(figures.proof_broken)),
            "and is no fault in {language:?}"
        );
    }
}

#[test]
fn a_campaign_of_which_nothing_is_known_is_one_page() {
    for language in Language::ALL {
        let words = language.words();
        let pages = pages(&nothing(), language);
        assert_eq!(pages.len(), 1, "one page in {language:?}");
        for said in [
            words.page.untitled,
            words.page.nothing_sent,
            words.page.nobody_failed,
            words.figures.proof_not_run,
        ] {
            assert!(
                pages[0].lines().any(|line| line == said),
                "{said:?} is missing in {language:?}"
            );
        }
    }
}

#[test]
fn who_asked_to_be_left_alone_is_told_below_the_funnel_if_anybody_did() {
    for language in Language::ALL {
        let name = language.words().figures.asked_to_stop;
        let is_said = |report: &Report| pages(report, language).concat().lines().any(|line| line == name);
        assert!(is_said(&report()), "nine did");
        let nobody = Report {
            asked_to_stop: 0,
            ..report()
        };
        assert!(!is_said(&nobody), "nobody did");
    }
}

#[test]
fn parts_of_a_whole_are_all_of_it() {
    for report in [report(), long()] {
        let counts = report.counts;
        let parts = [counts.failed, counts.skipped, counts.opted_out, counts.uncertain]
            .iter()
            .sum::<u32>();
        assert_eq!(
            counts.reached() + counts.waiting() + parts,
            counts.total,
            "each person is in one part"
        );
        let text = pages(&report, Language::En).concat();
        for part in [
            counts.total,
            counts.reached(),
            counts.failed,
            counts.skipped,
            counts.opted_out,
        ] {
            let part = counted(u64::from(part), Language::En);
            assert!(text.lines().any(|line| line == part), "{part} is missing");
        }
    }
}

#[test]
fn what_the_font_lacks_is_a_box_and_can_still_be_found() {
    let name = "Navidad 🎄 سلام 你好 Ωμέγα Жук";
    let text = pages(
        &Report {
            name: name.to_owned(),
            ..report()
        },
        Language::Es,
    )
    .concat();
    assert!(
        text.contains("Navidad ") && text.contains("Ωμέγα Жук"),
        "what the font has: {text}"
    );
    let faces = Faces::embedded().expect("the fonts are there");
    for style in [plain(10.0), bold(10.0)] {
        for sign in ["🎄", "س", "你"] {
            let line = faces.line(sign, style);
            assert_eq!(line.glyphs.len(), 1, "{sign} is drawn once");
            assert_eq!(line.glyphs[0].glyph_id.to_u32(), 0, "{sign} is drawn as the box");
            assert!(line.width > 3.0, "the box takes room");
        }
    }
}

#[test]
fn every_word_of_ours_can_be_drawn() {
    let faces = Faces::embedded().expect("the fonts are there");
    for language in Language::ALL {
        let said = format!("{:?} …·–0123456789%.,:<>", language.words());
        let said: String = said.chars().filter(|sign| !sign.is_control()).collect();
        for style in [plain(10.0), bold(10.0)] {
            let boxes = faces
                .line(&said, style)
                .glyphs
                .iter()
                .filter(|glyph| glyph.glyph_id.to_u32() == 0)
                .count();
            assert_eq!(boxes, 0, "a word in {language:?} has a sign that the font lacks");
        }
    }
}

#[test]
fn hostile_names_stay_within_two_lines() {
    let faces = Faces::embedded().expect("the fonts are there");
    let names = [
        "W".repeat(5_000),
        "palabra ".repeat(900),
        format!("Z{}", "\u{301}".repeat(4_000)),
        "a\r\nb\u{0}\u{7}\tc\u{2028}d".to_owned(),
        "\u{202e}odavlas".to_owned(),
        "🎉".repeat(400),
        "\u{200b}\u{200d}\u{feff}".to_owned(),
        " \n ".to_owned(),
        "i".repeat(299) + "\u{301}\u{301}\u{301}",
    ];
    for name in names {
        let report = Report { name, ..report() };
        let name = name_of(&report, Language::Es.words());
        assert!(
            !name.contains(char::is_control),
            "no sign without a picture: {name:?}"
        );
        let lines = faces.wrapped(&name, bold(22.0), INNER, 2);
        assert!(
            (1..=2).contains(&lines.len()),
            "{name:?} has {} lines",
            lines.len()
        );
        assert!(
            lines.iter().all(|line| line.width <= INNER),
            "{name:?} is wider than the page"
        );
        assert!(
            (1..=3).contains(&pages(&report, Language::Es).len()),
            "a name makes no pages"
        );
    }
    let unseen = Report {
        name: "\u{200b}\u{200d}".to_owned(),
        ..report()
    };
    assert_eq!(
        name_of(&unseen, Language::En.words()),
        "Campaign without a name",
        "a name that is not seen is none"
    );
    let tower = Report {
        name: format!("Z{}", "\u{301}".repeat(9)),
        ..report()
    };
    assert_eq!(
        name_of(&tower, Language::En.words()),
        format!("Z\u{301}\u{301}{}", "\u{fffd}".repeat(7)),
        "a tower of marks does not rise over the page"
    );
}

#[test]
fn hours_become_days_and_days_become_months() {
    let hour = |at: i64| Hour {
        at: UnixMillis(NINE.0 + at * HOUR),
        sent: 1,
        read: 0,
        replied: 0,
        failed: 0,
    };
    let told = |hours: &[i64]| {
        let hours: Vec<Hour> = hours.iter().map(|at| hour(*at)).collect();
        let (grain, bars) = spans(&hours, Lima);
        assert_eq!(
            bars.iter().map(|bar| bar.counts[0]).sum::<u64>(),
            hours.len() as u64,
            "none is lost"
        );
        (grain, bars.len())
    };
    assert_eq!(told(&[]), (Grain::Hour, 0), "nothing happened");
    assert_eq!(
        told(&[3, 0]),
        (Grain::Hour, 4),
        "the hours between are shown, in whichever order they come"
    );
    assert_eq!(
        told(&[0, 47]),
        (Grain::Hour, 48),
        "two days at most are told by hours"
    );
    assert_eq!(told(&[0, 48]), (Grain::Day, 3), "more are told by days");
    assert_eq!(told(&[0, 24 * 91]), (Grain::Day, 92), "a quarter at most");
    assert_eq!(told(&[0, 24 * 92]), (Grain::Month, 4), "more are told by months");
}

#[test]
fn a_day_of_the_shop_has_its_own_length() {
    // New York goes from summer to winter time on 2026-11-01: that day has 25 hours.
    let midnight = UnixMillis(1_793_505_600_000);
    let hours: Vec<Hour> = (0..25)
        .map(|at| Hour {
            at: UnixMillis(midnight.0 + at * HOUR),
            sent: 1,
            read: 0,
            replied: 0,
            failed: 0,
        })
        .collect();
    let (grain, bars) = spans(&hours, New_York);
    assert_eq!(
        (grain, bars.len()),
        (Grain::Hour, 25),
        "the hour that comes twice has two bars"
    );
    assert_eq!(bars[1].at, bars[2].at, "both are called one o'clock");
    let far = Hour {
        at: UnixMillis(midnight.0 + 30 * 24 * HOUR),
        ..hours[0]
    };
    let (_, bars) = spans(&[hours, vec![far]].concat(), New_York);
    assert_eq!(bars[0].counts[0], 25, "by days, all of them are that day's");
}

#[test]
fn times_beyond_every_calendar_harm_nothing() {
    let hour = |at| Hour {
        at: UnixMillis(at),
        sent: 1,
        read: 1,
        replied: 1,
        failed: 1,
    };
    let report = Report {
        started_at: Some(UnixMillis(i64::MIN)),
        ended_at: Some(UnixMillis(i64::MAX)),
        hours: vec![hour(i64::MIN), hour(0), hour(NINE.0), hour(i64::MAX)],
        ..report()
    };
    assert!(
        pages(&report, Language::Es)[0].contains("Por mes"),
        "from 1970 to now is told by months"
    );
}
