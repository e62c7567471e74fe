//! A cell of one number, or of more: where it is cut, and what beside it is dropped.
//!
//! One number is tried first, so that `2345/6789` and `+51 900,000,010` are not torn apart. Then the cell is cut at line
//! ends, `/ ; , | &` and the words between two things in three languages; blanks cut only where both sides are numbers.

use super::{Country, NotANumber, Number, Reading, Repair, plan};

pub(super) fn read(text: &str, country: Option<Country>) -> Reading {
    let whole = one(text, country);
    if matches!(whole, Reading::Good(_)) || is_certain(&whole) {
        return whole;
    }
    let pieces = cut(text);
    if pieces.len() > 1
        && let Some(reading) = of_pieces(&pieces, country)
    {
        return reading;
    }
    halves(text, country).unwrap_or(whole)
}

fn is_certain(reading: &Reading) -> bool {
    matches!(reading, Reading::Repaired { .. }) && reading.guesses().next().is_none()
}

/// One number and what may stand around it.
fn one(text: &str, country: Option<Country>) -> Reading {
    if let Some(reading) = exponent(text, country) {
        return reading;
    }
    if let Some(whole) = without_decimal_tail(text) {
        return digits(whole, country).after(Repair::DecimalTail);
    }
    if let Some(number) = without_extension(text) {
        return digits(number, country).after(Repair::ExtensionDropped);
    }
    if text.chars().any(is_foreign) {
        return match alone_among_words(text) {
            Some(number) => digits(number, country).after(Repair::WordsDropped),
            None => Reading::NotANumber(NotANumber::Words),
        };
    }
    digits(text, country)
}

/// Neither a digit nor what is put between digits.
fn is_foreign(c: char) -> bool {
    !(c.is_ascii_digit()
        || c.is_whitespace()
        || matches!(c, '+' | '-' | '.' | '(' | ')' | '[' | ']' | '/' | ',' | '_'))
}

/// Digits with their punctuation, and nothing else.
fn digits(text: &str, country: Option<Country>) -> Reading {
    let bare: String = text.chars().filter(char::is_ascii_digit).collect();
    if bare.is_empty() {
        return Reading::NotANumber(NotANumber::Words);
    }
    let first = text.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '+');
    if first.starts_with('+') {
        // `+0051…` and `+ 51…` are the same habit.
        return plan::international(bare.trim_start_matches('0'));
    }
    if let Some(rest) = bare.strip_prefix("00") {
        return plan::international(rest).after(Repair::InternationalPrefix);
    }
    plan::national(&bare, country)
}

/// `5.51199E+12`, with a point or a comma. Its digits are whole only if there are as many as the exponent asks for.
fn exponent(text: &str, country: Option<Country>) -> Option<Reading> {
    let (mantissa, power) = text.split_once(['e', 'E'])?;
    let power: usize = power
        .trim()
        .strip_prefix('+')
        .unwrap_or(power.trim())
        .parse()
        .ok()?;
    let (whole, fraction) = mantissa
        .trim()
        .split_once(['.', ','])
        .unwrap_or((mantissa.trim(), ""));
    let is_number = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.len() != 1 || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    if fraction.len() != power {
        return Some(Reading::NotANumber(NotANumber::Ruined));
    }
    Some(digits(&format!("{whole}{fraction}"), country).after(Repair::Exponent))
}

/// `51900000010.0`: what a column of decimals makes of a number.
fn without_decimal_tail(text: &str) -> Option<&str> {
    let (whole, tail) = text.rsplit_once(['.', ','])?;
    let is_tail = matches!(tail, "0" | "00");
    let bare = whole.strip_prefix('+').unwrap_or(whole);
    (is_tail && bare.len() >= 7 && bare.bytes().all(|b| b.is_ascii_digit())).then_some(whole)
}

/// The number before `ext. 12`, `anexo 12`, `ramal 12`, `x12`.
fn without_extension(text: &str) -> Option<&str> {
    const WORDS: [&str; 7] = [
        "extension",
        "extensión",
        "ext",
        "anexo",
        "ramal",
        "interno",
        "int",
    ];
    let at = text.find(|c: char| c.is_alphabetic() || c == '#')?;
    let (number, rest) = text.split_at(at);
    let rest = rest.to_lowercase();
    let tail = WORDS
        .iter()
        .chain(&["x", "#"])
        .find_map(|word| rest.strip_prefix(word))?;
    let tail = tail.trim_start_matches([' ', '.', ':', '-']).trim_end();
    let is_extension = (1..=6).contains(&tail.len()) && tail.bytes().all(|b| b.is_ascii_digit());
    let has_number = number.bytes().filter(u8::is_ascii_digit).count() >= 6;
    (is_extension && has_number).then(|| number.trim_end_matches([',', ' ']))
}

/// The only stretch of digits among words: `Cel: 900 000 010 (Ana)`.
fn alone_among_words(text: &str) -> Option<&str> {
    let mut stretches = text
        .split(is_foreign)
        .filter(|stretch| stretch.bytes().any(|b| b.is_ascii_digit()));
    let only = stretches.next()?;
    let is_long = only.bytes().filter(u8::is_ascii_digit).count() >= 6;
    (stretches.next().is_none() && is_long).then_some(only)
}

fn cut(text: &str) -> Vec<&str> {
    const WORDS: [&str; 8] = ["y", "e", "o", "ou", "u", "and", "or", "und"];
    let mut pieces: Vec<&str> = Vec::new();
    for piece in text.split(['\n', '/', ';', ',', '|', '&']) {
        let mut start = 0;
        for (at, word) in words(piece) {
            if WORDS.contains(&word.to_lowercase().as_str()) {
                pieces.extend(piece.get(start..at));
                start = at + word.len();
            }
        }
        pieces.extend(piece.get(start..));
    }
    pieces.retain(|piece| piece.bytes().any(|b| b.is_ascii_digit()));
    pieces
}

/// The words of a text with the byte at which each begins.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    text.split(' ').map(move |word| {
        let at = from;
        from += word.len() + 1;
        (at, word)
    })
}

/// `None`: not one of the pieces is a number.
fn of_pieces(pieces: &[&str], country: Option<Country>) -> Option<Reading> {
    let readings: Vec<Reading> = pieces.iter().map(|piece| one(piece.trim(), country)).collect();
    let mut people: Vec<Number> = Vec::new();
    for number in readings.iter().filter_map(Reading::number) {
        if people.iter().all(|known| known.person() != number.person()) {
            people.push(number.clone());
        }
    }
    if people.len() > 1 {
        return Some(Reading::Several(people));
    }
    if readings.contains(&Reading::NeedsCountry) {
        return Some(Reading::NeedsCountry);
    }
    let was_all_read = readings.iter().all(|reading| reading.number().is_some());
    let first = readings.into_iter().find(|reading| reading.number().is_some())?;
    Some(first.after(if was_all_read {
        Repair::WrittenTwice
    } else {
        Repair::RestDropped
    }))
}

/// Two numbers with only a blank between them; each side has to be a number by itself, without a guess.
fn halves(text: &str, country: Option<Country>) -> Option<Reading> {
    let bare = text.bytes().filter(u8::is_ascii_digit).count();
    if bare < 14 || text.chars().any(is_foreign) {
        return None;
    }
    text.match_indices(' ').find_map(|(at, _)| {
        let (left, right) = (text.get(..at)?, text.get(at + 1..)?);
        let both = [one(left.trim(), country), one(right.trim(), country)];
        let are_numbers = both
            .iter()
            .all(|reading| matches!(reading, Reading::Good(_)) || is_certain(reading));
        are_numbers.then(|| of_pieces(&[left, right], country)).flatten()
    })
}
