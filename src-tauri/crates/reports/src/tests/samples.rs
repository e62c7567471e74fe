//! A campaign that was never sent, to numbers that nobody has.

use std::convert::Infallible;

use chrono_tz::America::Lima;
use mostrador_domain::UnixMillis;

use crate::{Counts, Funnel, Hour, Person, Proof, Report, Variant};

/// 2026-11-27 09:00 in Lima.
pub(super) const NINE: UnixMillis = UnixMillis(1_795_788_000_000);
pub(super) const HOUR: i64 = 3_600_000;

pub(super) fn report() -> Report {
    Report {
        name: "Ofertas de diciembre".to_owned(),
        zone: Lima,
        started_at: Some(NINE),
        ended_at: Some(UnixMillis(NINE.0 + 9 * HOUR + 720_000)),
        counts: Counts {
            total: 1240,
            pending: 0,
            queued: 0,
            uncertain: 2,
            sent: 61,
            delivered: 204,
            read: 671,
            replied: 158,
            failed: 37,
            skipped: 94,
            opted_out: 13,
        },
        funnel: Funnel {
            sent: 1094,
            delivered: 1033,
            read: 829,
            replied: 158,
        },
        hours: (0..10)
            .map(|hour| Hour {
                at: UnixMillis(NINE.0 + i64::from(hour) * HOUR),
                sent: if hour < 9 { 120 - hour * 2 } else { 86 },
                read: [20, 57, 94, 131, 48, 85, 122, 39, 120, 113][hour as usize],
                replied: [4, 17, 30, 14, 27, 11, 24, 8, 18, 5][hour as usize],
                failed: [9, 0, 3, 7, 1, 0, 5, 6, 4, 2][hour as usize],
            })
            .collect(),
        variants: vec![
            Variant {
                variant: 0,
                people: 620,
                funnel: Funnel {
                    sent: 551,
                    delivered: 519,
                    read: 431,
                    replied: 92,
                },
                failed: 17,
            },
            Variant {
                variant: 1,
                people: 620,
                funnel: Funnel {
                    sent: 543,
                    delivered: 514,
                    read: 398,
                    replied: 66,
                },
                failed: 20,
            },
        ],
        failures: vec![
            ("refused_recipient".to_owned(), 31),
            ("attempts_used_up".to_owned(), 5),
            ("said_not_sent".to_owned(), 1),
        ],
        skipped: vec![
            ("not_on_whatsapp".to_owned(), 58),
            ("duplicate".to_owned(), 21),
            ("written_recently".to_owned(), 15),
        ],
        asked_to_stop: 9,
        proof: Proof::Holds,
    }
}

/// A campaign of which nothing is known but its zone.
pub(super) fn nothing() -> Report {
    Report {
        name: String::new(),
        zone: Lima,
        started_at: None,
        ended_at: None,
        counts: Counts::default(),
        funnel: Funnel::default(),
        hours: Vec::new(),
        variants: Vec::new(),
        failures: Vec::new(),
        skipped: Vec::new(),
        asked_to_stop: 0,
        proof: Proof::NotYet,
    }
}

pub(super) fn person(place: u32) -> Person {
    Person {
        place,
        row: Some(place + 1),
        number: format!("+51{}", 900_000_000 + u64::from(place)),
        name: Some("Ana Pérez".to_owned()),
        variant: u8::from(place.is_multiple_of(2)),
        state: "replied",
        reason: None,
        sent_at: Some(NINE),
        delivered_at: Some(UnixMillis(NINE.0 + 4_000)),
        read_at: Some(UnixMillis(NINE.0 + 65_000)),
        replied_at: Some(UnixMillis(NINE.0 + 125_000)),
        asked_to_stop_at: None,
        reply: Some("Sí, quiero dos".to_owned()),
    }
}

/// Nobody who is read goes wrong.
pub(super) fn readable(people: Vec<Person>) -> impl Iterator<Item = Result<Person, Infallible>> {
    people.into_iter().map(Ok)
}

/// A campaign that has as much of everything as there may be.
pub(super) fn long() -> Report {
    let reasons = crate::words::Reasons::WORDS;
    let counted = |words: &[&str], least: u32| -> Vec<(String, u32)> {
        (0..)
            .zip(words)
            .map(|(place, word)| ((*word).to_owned(), least + place * place * 7))
            .collect()
    };
    let failures = counted(&reasons[10..], 3);
    let skipped = counted(&reasons[..10], 11);
    let sum = |all: &[(String, u32)]| all.iter().map(|(_, count)| count).sum::<u32>();
    let (failed, left_out) = (sum(&failures), sum(&skipped));
    Report {
        name: "Aviso de fin de temporada 🎉 para clientes de Łódź, Αθήνα y Київ: «todo al 50 %», ¡última semana! \
               Una sola línea no alcanza, y dos tampoco, porque este nombre sigue y sigue y no se acaba nunca"
            .to_owned(),
        zone: chrono_tz::America::Argentina::Buenos_Aires,
        started_at: Some(NINE),
        ended_at: None,
        counts: Counts {
            total: 200_000,
            pending: 51_000,
            queued: 12,
            uncertain: 31,
            sent: 9_000,
            delivered: 200_000 - 51_043 - 9_000 - 61_000 - 4_321 - failed - left_out - 190,
            read: 61_000,
            replied: 4_321,
            failed,
            skipped: left_out,
            opted_out: 190,
        },
        funnel: Funnel { sent: 147_000, delivered: 138_000, read: 65_321, replied: 4_321 },
        hours: (0..24 * 30)
            .filter(|hour| (12..23).contains(&(hour % 24)))
            .map(|hour: u32| Hour {
                at: UnixMillis(NINE.0 + i64::from(hour) * HOUR),
                sent: 400 + (hour * 71) % 97,
                read: (hour * 131) % 260,
                replied: (hour * 17) % 19,
                failed: (hour * 7) % 5,
            })
            .collect(),
        variants: (0..5)
            .map(|variant| Variant {
                variant,
                people: 40_000,
                funnel: Funnel { sent: 29_400, delivered: 27_600, read: 13_064, replied: 864 + u32::from(variant) },
                failed: failed / 5,
            })
            .collect(),
        failures,
        skipped,
        asked_to_stop: 2_117,
        proof: Proof::Broken,
    }
}
