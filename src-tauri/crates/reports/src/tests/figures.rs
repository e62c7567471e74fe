//! Figures as people read them.

use chrono_tz::America::{Lima, New_York};
use mostrador_domain::UnixMillis;

use super::samples::{HOUR, NINE};
use crate::figures::variant_name;
use crate::numbers::{counted, percent};
use crate::{Language, local};

#[test]
fn thousands_are_parted_as_each_language_does() {
    let told = |count| Language::ALL.map(|language| counted(count, language));
    assert_eq!(told(0), ["0", "0", "0"], "nothing is a figure too");
    assert_eq!(
        told(1234),
        ["1234", "1.234", "1,234"],
        "Spanish leaves four digits together"
    );
    assert_eq!(told(200_000), ["200.000", "200.000", "200,000"], "thousands");
    assert_eq!(
        told(12_345_678),
        ["12.345.678", "12.345.678", "12,345,678"],
        "millions"
    );
}

#[test]
fn a_share_is_neither_none_nor_all_unless_it_is() {
    let told = |part, whole| percent(part, whole, Language::Es).map(|text| text.replace('\u{a0}', " "));
    assert_eq!(told(0, 0), None, "no part of nothing");
    assert_eq!(told(0, 9).as_deref(), Some("0 %"), "none");
    assert_eq!(told(1, 1000).as_deref(), Some("<1 %"), "few are not none");
    assert_eq!(told(999, 1000).as_deref(), Some(">99 %"), "most are not all");
    assert_eq!(told(9, 9).as_deref(), Some("100 %"), "all");
    assert_eq!(
        Language::ALL.map(|language| percent(9, 9, language)),
        ["100\u{a0}%", "100%", "100%"].map(|text| Some(text.to_owned())),
        "as each language writes it, and as the window does"
    );
    assert_eq!(told(1, 3).as_deref(), Some("33 %"), "rounded");
    assert_eq!(
        told(u32::MAX, u32::MAX).as_deref(),
        Some("100 %"),
        "no sum is too large"
    );
}

#[test]
fn times_are_those_of_the_shops_wall() {
    let at = local::wall(NINE, Lima).expect("a day of our time");
    assert_eq!(
        local::sortable(at),
        "2026-11-27 09:00:00",
        "Lima is five hours behind"
    );
    let at = local::wall(UnixMillis(NINE.0 - 180 * 24 * HOUR), New_York).expect("a day of our time");
    assert_eq!(
        local::sortable(at),
        "2026-05-31 10:00:00",
        "summer time is followed"
    );
    for far in [i64::MIN, i64::MAX, 253_402_500_000_000] {
        assert_eq!(
            local::wall(UnixMillis(far), Lima),
            None,
            "{far} lies in no year of four digits"
        );
    }
}

#[test]
fn texts_are_named_by_letters() {
    assert_eq!(
        [0, 25, 26, 255].map(variant_name),
        ["A", "Z", "27", "256"],
        "letters, then numbers"
    );
}
