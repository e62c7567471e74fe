//! What customers wrote stays a text when a spreadsheet opens the file.
//!
//! A program that opens a CSV takes a cell for a formula by its first sign. Some skip blanks before it, some split a cell of
//! several lines, and some take the full-width forms of an East Asian keyboard for the plain ones. And where a cell begins is not
//! ours to say: a computer of another country cuts the rows at another separator, LibreOffice at all of them. So an apostrophe is
//! put before each line of a cell, and before each part of it behind a separator, that begins like that; spreadsheets know it as
//! "this is a text", and our own reader of lists takes it off again. A workbook says of each cell what it is, and needs none.

use std::borrow::Cow;

/// `text` as a cell of a CSV that no program takes for a formula.
pub(crate) fn guarded(text: &str) -> Cow<'_, str> {
    if !pieces(text).any(|(place, piece)| is_taken_for_formula(piece, place == 0)) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for (place, piece) in pieces(text) {
        if is_taken_for_formula(piece, place == 0) {
            safe.push('\'');
        }
        safe.push_str(piece);
    }
    Cow::Owned(safe)
}

/// What some program may take for a cell of its own, each with the sign that ends it.
fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive(|sign| is_break(sign) || is_separator(sign))
        .enumerate()
}

fn is_break(sign: char) -> bool {
    matches!(
        sign,
        '\r' | '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

fn is_separator(sign: char) -> bool {
    matches!(sign, ',' | ';' | '\t')
}

fn is_taken_for_formula(piece: &str, is_first: bool) -> bool {
    let seen = piece.trim_start_matches(is_blank);
    // A break at the very beginning is one of the signs itself; between lines it is a break.
    (is_first && piece.starts_with(['\r', '\n']))
        || seen.starts_with([
            '=', '+', '-', '@', '\t', '＝', '＋', '－', '＠', '−', '﹢', '﹣', '﹦', '﹫',
        ])
}

/// What programs skip before they look: spaces of every width, and marks that have no width at all. Quotation marks too: where
/// a row is cut in the middle of a text, they are taken for those around a cell.
fn is_blank(sign: char) -> bool {
    sign != '\t'
        && (sign.is_whitespace()
            || sign.is_control()
            || matches!(sign, '"' | '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'))
}
