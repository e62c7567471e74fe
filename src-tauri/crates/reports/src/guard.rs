//! What customers wrote stays a text when a spreadsheet opens the file.
//!
//! A program that opens a CSV takes a cell for a formula by its first sign. Some skip blanks before it, some split a cell of
//! several lines, and some take the full-width forms of an East Asian keyboard for the plain ones. So an apostrophe is put
//! before each line of a cell that begins like that; spreadsheets know it as "this is a text", and our own reader of lists
//! takes it off again. A workbook says of each cell what it is, and needs none.

use std::borrow::Cow;

/// `text` as a cell of a CSV that no program takes for a formula.
pub(crate) fn guarded(text: &str) -> Cow<'_, str> {
    // A break at the very beginning is one of the signs itself; between lines it is a break.
    let begins = text.starts_with(['\r', '\n']);
    if !begins && !lines(text).any(is_formula) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for (place, line) in lines(text).enumerate() {
        if is_formula(line) || (place == 0 && begins) {
            safe.push('\'');
        }
        safe.push_str(line);
    }
    Cow::Owned(safe)
}

/// The physical lines, each with the break that ends it.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(is_break)
}

fn is_break(sign: char) -> bool {
    matches!(
        sign,
        '\r' | '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

fn is_formula(line: &str) -> bool {
    let seen = line.trim_start_matches(is_blank);
    seen.starts_with([
        '=', '+', '-', '@', '\t', '＝', '＋', '－', '＠', '−', '﹢', '﹣', '﹦', '﹫',
    ])
}

/// What programs skip before they look: spaces of every width, and marks that have no width at all.
fn is_blank(sign: char) -> bool {
    sign != '\t'
        && (sign.is_whitespace()
            || sign.is_control()
            || matches!(sign, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'))
}
