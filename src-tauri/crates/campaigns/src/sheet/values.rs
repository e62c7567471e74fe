//! The values of a workbook's cells as text.
//!
//! A number is written with all its digits and without an exponent: `51900000010`, whatever the cell shows. A date is a
//! number whose style shows days or hours. Shares, currencies and the like lose their signs.

/// How a date is written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateOrder {
    /// `28/11/2026`
    #[default]
    DayFirst,
    /// `11/28/2026`
    MonthFirst,
    /// `2026-11-28`
    Iso,
}

/// Which parts of a moment a style shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Shows {
    pub(super) date: bool,
    pub(super) time: bool,
}

impl Shows {
    /// Of a style that the file names by number only (ECMA-376 part 1, 18.8.30).
    pub(super) fn built_in(id: u32) -> Self {
        match id {
            14..=17 | 27..=31 | 36 | 50..=54 | 57 | 58 => Self {
                date: true,
                time: false,
            },
            18..=21 | 32..=35 | 45..=47 | 55 | 56 => Self {
                date: false,
                time: true,
            },
            22 => Self {
                date: true,
                time: true,
            },
            _ => Self::default(),
        }
    }

    /// Of a style written out: `dd/mm/yyyy hh:mm`, `[$-es-PE]d "de" mmmm`.
    pub(super) fn of_code(code: &str) -> Self {
        let mut shows = Self::default();
        let mut letters = code.chars();
        while let Some(letter) = letters.next() {
            match letter.to_ascii_lowercase() {
                '"' => {
                    letters.find(|c| *c == '"');
                }
                '[' => {
                    let inside: String = letters.by_ref().take_while(|c| *c != ']').collect();
                    shows.time |= matches!(
                        inside.to_ascii_lowercase().as_str(),
                        "h" | "hh" | "m" | "mm" | "s" | "ss"
                    );
                }
                '\\' | '_' | '*' => {
                    letters.next();
                }
                'd' | 'y' => shows.date = true,
                'h' | 's' => shows.time = true,
                // `General`, and the first section is enough.
                'g' | ';' => break,
                _ => {}
            }
        }
        // `mmm` alone is a month; beside hours the letter means minutes.
        let has_month = code.to_ascii_lowercase().contains("mmm");
        shows.date |= has_month;
        shows
    }
}

/// The number in `raw` written out; `raw` itself if it is none.
pub(super) fn number(raw: &str) -> String {
    match raw.trim().parse::<f64>() {
        Ok(value) if value.is_finite() => format!("{value}"),
        _ => raw.to_owned(),
    }
}

/// The moment that is `raw` days after the workbook's first day.
pub(super) fn moment(raw: &str, shows: Shows, order: DateOrder, is_1904: bool) -> String {
    let Some(days) = raw
        .trim()
        .parse::<f64>()
        .ok()
        .filter(|days| (0.0..2_958_466.0).contains(days))
    else {
        return number(raw);
    };
    let minutes = (days * 1440.0).round();
    let whole = (minutes / 1440.0).floor();
    let minute = (minutes - whole * 1440.0) as u32;
    let time = format!("{:02}:{:02}", minute / 60, minute % 60);
    let date = || date(whole as i64, order, is_1904);
    match (shows.date, shows.time && (minute > 0 || !shows.date)) {
        (true, true) => format!("{} {time}", date()),
        (true, false) => date(),
        // A length of more than a day has no other writing in a message.
        (false, _) if whole > 0.0 => format!("{}:{:02}", whole as u32 * 24 + minute / 60, minute % 60),
        (false, _) => time,
    }
}

fn date(days: i64, order: DateOrder, is_1904: bool) -> String {
    // Day 60 is 1900-02-29, which never was: before it the count is one ahead.
    let since_1970 = match is_1904 {
        true => days - 24_107,
        false if days < 60 => days - 25_568,
        false => days - 25_569,
    };
    let (year, month, day) = civil(since_1970);
    match order {
        DateOrder::DayFirst => format!("{day:02}/{month:02}/{year}"),
        DateOrder::MonthFirst => format!("{month:02}/{day:02}/{year}"),
        DateOrder::Iso => format!("{year}-{month:02}-{day:02}"),
    }
}

/// The Gregorian date of a day since 1970-01-01, counted in eras of 400 years that begin in March.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// `_x000D_` and its kin are characters that XML cannot hold.
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let code = from.get(2..6).filter(|_| from.get(6..7) == Some("_"));
        let letter = code
            .and_then(|code| u32::from_str_radix(code, 16).ok())
            .and_then(char::from_u32);
        let length = match letter {
            Some('\r') => 7,
            Some(letter) => {
                plain.push(letter);
                7
            }
            None => {
                plain.push_str("_x");
                2
            }
        };
        rest = from.get(length..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_is_a_date_only_if_it_shows_one() {
        for (code, date, time) in [
            ("dd/mm/yyyy", true, false),
            ("[$-es-PE]d \"de\" mmmm", true, false),
            ("mmm-yy", true, false),
            ("yyyy-mm-dd hh:mm", true, true),
            ("hh:mm", false, true),
            ("[h]:mm", false, true),
            ("General", false, false),
            ("0.00", false, false),
            ("\"días\" 0", false, false),
            ("[Red]#,##0;[Blue]-#,##0", false, false),
            ("\\d0", false, false),
        ] {
            assert_eq!(Shows::of_code(code), Shows { date, time }, "{code}");
        }
    }

    #[test]
    fn numbers_keep_each_digit_and_have_no_exponent() {
        for (raw, text) in [
            ("51900000010", "51900000010"),
            ("5.1900000010E10", "51900000010"),
            ("12.5", "12.5"),
            ("0.1", "0.1"),
            ("5511987654321", "5511987654321"),
            ("-3", "-3"),
            ("no", "no"),
        ] {
            assert_eq!(number(raw), text, "{raw}");
        }
    }

    #[test]
    fn days_are_counted_from_the_workbooks_first_day() {
        let day = Shows {
            date: true,
            time: false,
        };
        let both = Shows {
            date: true,
            time: true,
        };
        let hour = Shows {
            date: false,
            time: true,
        };
        for (raw, shows, order, is_1904, text) in [
            ("46354", day, DateOrder::DayFirst, false, "28/11/2026"),
            ("46354", day, DateOrder::MonthFirst, false, "11/28/2026"),
            ("46354.5", both, DateOrder::Iso, false, "2026-11-28 12:00"),
            ("46354", both, DateOrder::Iso, false, "2026-11-28"),
            ("44892", day, DateOrder::Iso, true, "2026-11-28"),
            ("1", day, DateOrder::Iso, false, "1900-01-01"),
            ("61", day, DateOrder::Iso, false, "1900-03-01"),
            ("45351", day, DateOrder::Iso, false, "2024-02-29"),
            ("0.75", hour, DateOrder::Iso, false, "18:00"),
            ("1.25", hour, DateOrder::Iso, false, "30:00"),
            ("0.99999999", hour, DateOrder::Iso, false, "24:00"),
            ("-1", day, DateOrder::Iso, false, "-1"),
            ("1e300", day, DateOrder::Iso, false, &number("1e300")),
        ] {
            assert_eq!(moment(raw, shows, order, is_1904), text, "{raw} {shows:?}");
        }
    }

    #[test]
    fn characters_that_xml_cannot_hold_are_read() {
        assert_eq!(
            unescape("a_x000D_\nb_x0041__xZZZZ_"),
            "a\nbA_xZZZZ_",
            "a carriage return is dropped"
        );
        assert_eq!(unescape("nota_x"), "nota_x", "an ordinary text stays");
        assert_eq!(unescape("_x00ñ_"), "_x00ñ_", "letters are not cut");
    }
}
