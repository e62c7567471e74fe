//! A cell without what cannot be seen: the first step of reading.

/// The text of a cell in ordinary blanks and digits.
pub(super) struct Cell {
    /// Never empty, no blank at either end.
    pub(super) text: String,
    /// There was an apostrophe, an invisible mark or a digit of another script.
    pub(super) had_marks: bool,
}

impl Cell {
    /// `None`: nothing is written in it.
    pub(super) fn of(raw: &str) -> Option<Self> {
        let mut had_marks = false;
        let mut text = String::with_capacity(raw.len());
        for c in raw.chars() {
            match ordinary(c) {
                Some(plain) => {
                    had_marks |= c != plain && !c.is_whitespace();
                    text.push(plain);
                }
                None => had_marks = true,
            }
        }
        let trimmed = text.trim();
        let bare = trimmed
            .trim_matches(|c| matches!(c, '\'' | '"' | '`' | '´' | '‘' | '’' | '=' | '“' | '”'))
            .trim();
        had_marks |= bare.len() != trimmed.len();
        (!bare.is_empty()).then(|| Self {
            text: bare.to_owned(),
            had_marks,
        })
    }
}

/// The plain character that `c` stands for; `None`: it cannot be seen.
fn ordinary(c: char) -> Option<char> {
    match c {
        // Zero-width blanks and joiners, marks of direction (iOS contacts wrap numbers in them), soft hyphen, BOM.
        '\u{00ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => None,
        '\n' | '\r' => Some('\n'),
        c if c.is_whitespace() => Some(' '),
        c if c.is_control() => None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' => Some('-'),
        '\u{ff0b}' => Some('+'),
        _ => Some(digit(c).unwrap_or(c)),
    }
}

/// The zeros of the scripts in which a phone's keyboard offers numbers; their other digits follow in order.
const ZEROS: [char; 5] = ['\u{0660}', '\u{06f0}', '\u{0966}', '\u{09e6}', '\u{ff10}'];

fn digit(c: char) -> Option<char> {
    let value = ZEROS
        .iter()
        .find_map(|zero| (c as u32).checked_sub(*zero as u32).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}
