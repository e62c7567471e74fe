//! Numbers as people read them.

use crate::words::Language;

/// `count` with its thousands parted, as the window prints it too.
pub(crate) fn counted(count: u64, language: Language) -> String {
    let digits = count.to_string();
    // Spanish leaves four digits together.
    if digits.len() < 4 || (language == Language::Es && digits.len() < 5) {
        return digits;
    }
    let mark = if language == Language::En { ',' } else { '.' };
    let mut parted = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            parted.push(mark);
        }
        parted.push(digit);
    }
    parted
}

/// `part` of `whole` in whole percents, as the language writes them; what is neither none nor all is never printed as such.
pub(crate) fn percent(part: u32, whole: u32, language: Language) -> Option<String> {
    if whole == 0 {
        return None;
    }
    let (part, whole) = (u64::from(part), u64::from(whole));
    let rounded = (part * 100 + whole / 2) / whole;
    let number = match rounded {
        0 if part > 0 => "<1".to_owned(),
        100 if part < whole => ">99".to_owned(),
        _ => rounded.to_string(),
    };
    // Spanish keeps the sign apart.
    let apart = if language == Language::Es { "\u{a0}" } else { "" };
    Some(format!("{number}{apart}%"))
}
