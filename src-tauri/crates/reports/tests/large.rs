//! As many people as a campaign may have, in a process of their own.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test may end at once, and tells what it measured"
)]

use std::convert::Infallible;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Read};
use std::path::Path;

use chrono_tz::America::Lima;
use mostrador_domain::UnixMillis;
use mostrador_reports::{Counts, Funnel, Language, Person, Proof, Report, csv, xlsx};

/// Twenty thousand people of this test take more than this when they are held at once.
const MOST_KIB: u64 = 6 * 1024;

#[test]
fn memory_does_not_grow_with_the_people() {
    write_both(20_000);
}

/// The most that a campaign may have: a minute and more without optimisation.
#[test]
#[ignore = "takes a minute; nothing but time differs"]
fn two_hundred_thousand_people_need_no_more_memory() {
    write_both(200_000);
}

fn write_both(count: u32) {
    let folder = tempfile::tempdir().expect("a folder");
    let report = report(count);
    let before = peak_kib();

    let path = folder.path().join("report.csv");
    let out = BufWriter::new(File::create(&path).expect("a file"));
    let written = csv(&report, people(count), Language::Es, out).expect("a table");
    assert_eq!(written, count, "everybody is in the table");
    let mut lines = BufReader::new(File::open(&path).expect("the file")).lines();
    assert_eq!(
        lines.by_ref().count(),
        usize::try_from(count).expect("it fits") + 1,
        "a row each, and the heading"
    );

    let path = folder.path().join("report.xlsx");
    let written = xlsx(
        &report,
        people(count),
        Language::Es,
        File::create(&path).expect("a file"),
    )
    .expect("a workbook");
    assert_eq!(written, count, "everybody is in the workbook");
    let end = end_of_people(&path);
    assert!(
        end.contains(&format!("<row r=\"{}\"", count + 1)),
        "the last of them has the last row: {end}"
    );

    if let (Some(before), Some(after)) = (before, peak_kib()) {
        println!(
            "peak: {before} KiB before, {after} KiB after; {} bytes",
            fs::metadata(&path).map_or(0, |file| file.len())
        );
        assert!(after - before < MOST_KIB, "memory grew by {} KiB", after - before);
    }
}

fn people(count: u32) -> impl Iterator<Item = Result<Person, Infallible>> {
    (1..=count).map(|place| {
        let at = UnixMillis(1_795_788_000_000 + i64::from(place) * 17_000);
        Ok(Person {
            place,
            row: Some(place + 1),
            number: format!("+51{}", 900_000_000 + place),
            name: Some(format!("Cliente de prueba número {place}")),
            variant: 0,
            state: "replied",
            reason: None,
            sent_at: Some(at),
            delivered_at: Some(at),
            read_at: Some(at),
            replied_at: Some(at),
            asked_to_stop_at: None,
            reply: Some(format!(
                "Sí, quiero {place} unidades para el sábado por la mañana, por favor"
            )),
        })
    })
}

/// The last rows of the people's sheet.
fn end_of_people(path: &Path) -> String {
    let mut archive = zip::ZipArchive::new(File::open(path).expect("the file")).expect("an archive");
    let mut sheet = archive
        .by_name("xl/worksheets/sheet2.xml")
        .expect("the people's sheet");
    let (mut last, mut piece) = (Vec::new(), vec![0; 1 << 14]);
    loop {
        let read = sheet.read(&mut piece).expect("the sheet can be read");
        if read == 0 {
            return String::from_utf8_lossy(&last).into_owned();
        }
        last.extend_from_slice(&piece[..read]);
        last.drain(..last.len().saturating_sub(1 << 13));
    }
}

/// The most memory that this process has used so far, where the system tells.
fn peak_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

fn report(count: u32) -> Report {
    Report {
        name: "Todos".to_owned(),
        zone: Lima,
        started_at: None,
        ended_at: None,
        counts: Counts {
            total: count,
            replied: count,
            ..Counts::default()
        },
        funnel: Funnel {
            sent: count,
            delivered: count,
            read: count,
            replied: count,
        },
        hours: Vec::new(),
        variants: Vec::new(),
        failures: Vec::new(),
        skipped: Vec::new(),
        asked_to_stop: 0,
        proof: Proof::NotYet,
    }
}
