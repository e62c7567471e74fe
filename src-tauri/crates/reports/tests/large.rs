//! As many people as a campaign may have, in a process of their own.

use std::convert::Infallible;
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read};

use chrono_tz::America::Lima;
use mostrador_domain::UnixMillis;
use mostrador_reports::{Counts, Funnel, Language, Person, Report, csv, xlsx};

const PEOPLE: u32 = 200_000;
/// A person of this test takes some 400 bytes in memory: all of them at once would take five times this.
const MOST_KIB: u64 = 16 * 1024;

#[test]
fn memory_does_not_grow_with_the_people() {
    let folder = tempfile::tempdir().expect("a folder");
    let report = report();
    let before = peak_kib();

    let path = folder.path().join("report.csv");
    let out = BufWriter::new(File::create(&path).expect("a file"));
    let written = csv(&report, people(), Language::Es, out).expect("a table");
    assert_eq!(written, PEOPLE, "everybody is in the table");
    let lines = BufReader::new(File::open(&path).expect("the file")).bytes();
    let lines = lines
        .filter(|byte| byte.as_ref().is_ok_and(|byte| *byte == b'\n'))
        .count();
    assert_eq!(lines, PEOPLE as usize + 1, "a row each, and the heading");

    let path = folder.path().join("report.xlsx");
    let written = xlsx(
        &report,
        people(),
        Language::Es,
        File::create(&path).expect("a file"),
    )
    .expect("a workbook");
    assert_eq!(written, PEOPLE, "everybody is in the workbook");
    assert_eq!(rows(&path), PEOPLE as usize + 1, "a row each, and the heading");

    if let (Some(before), Some(after)) = (before, peak_kib()) {
        println!(
            "peak: {before} KiB before, {after} KiB after; {} bytes",
            fs::metadata(&path).map_or(0, |file| file.len())
        );
        assert!(after - before < MOST_KIB, "memory grew by {} KiB", after - before);
    }
}

fn people() -> impl Iterator<Item = Result<Person, Infallible>> {
    (1..=PEOPLE).map(|place| {
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
            reply: Some(format!(
                "Sí, quiero {place} unidades para el sábado por la mañana, por favor"
            )),
        })
    })
}

fn rows(path: &std::path::Path) -> usize {
    let mut archive = zip::ZipArchive::new(File::open(path).expect("the file")).expect("an archive");
    let mut sheet = BufReader::new(
        archive
            .by_name("xl/worksheets/sheet2.xml")
            .expect("the people's sheet"),
    );
    let (mut rows, mut kept) = (0, Vec::new());
    let mut piece = vec![0; 1 << 16];
    loop {
        let read = sheet.read(&mut piece).expect("the sheet can be read");
        if read == 0 {
            return rows;
        }
        kept.extend_from_slice(&piece[..read]);
        rows += kept.windows(5).filter(|window| window == b"<row ").count();
        // A tag that is cut in two is found with the next piece, and none twice.
        kept.drain(..kept.len().saturating_sub(4));
    }
}

/// The most memory that this process has used so far, where the system tells.
fn peak_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

fn report() -> Report {
    Report {
        name: "Todos".to_owned(),
        zone: Lima,
        started_at: None,
        ended_at: None,
        counts: Counts {
            total: PEOPLE,
            replied: PEOPLE,
            ..Counts::default()
        },
        funnel: Funnel {
            sent: PEOPLE,
            delivered: PEOPLE,
            read: PEOPLE,
            replied: PEOPLE,
        },
        hours: Vec::new(),
        variants: Vec::new(),
        failures: Vec::new(),
        skipped: Vec::new(),
        proof: None,
    }
}
