//! What a column of a table is called in a text.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words that the engine keeps for itself.
const KEPT: [&str; 14] = [
    "true",
    "false",
    "none",
    "not",
    "and",
    "or",
    "in",
    "is",
    "if",
    "else",
    "loop",
    "self",
    "recursive",
    "ignore",
];

/// The longest name, in characters.
const LONGEST: usize = 40;

/// The first of `name`, `name_2`, … that nobody has; from now on somebody does.
pub(super) fn free(name: &str, taken: &mut HashSet<String>) -> String {
    let mut free = name.to_owned();
    let mut again = 1;
    while !taken.insert(folded(&free)) {
        again += 1;
        free = format!("{name}_{again}");
    }
    free
}

/// Do both mean the same variable? Capitals and accents do not matter.
pub fn same_name(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}

/// Every word with a capital, the rest small: `MARÍA josé` is `María José`.
pub(super) fn titled(text: &str) -> String {
    let mut begins = true;
    let mut titled = String::with_capacity(text.len());
    for letter in text.chars() {
        if begins {
            titled.extend(letter.to_uppercase());
        } else {
            titled.extend(letter.to_lowercase());
        }
        begins = letter.is_whitespace() || letter == '-';
    }
    titled
}

/// What a column is called by itself, `number` from 1.
pub(super) fn named(heading: &str, number: usize) -> String {
    let lower = heading.nfc().collect::<String>().to_lowercase();
    let words: Vec<_> = lower
        .split(|c: char| c == '_' || !unicode_ident::is_xid_continue(c))
        .filter(|word| !word.is_empty())
        .collect();
    let name: String = words.join("_").chars().take(LONGEST).collect();
    match name.chars().next() {
        None => format!("column_{number}"),
        Some(first) if !super::template::begins_name(first) => format!("_{name}"),
        Some(_) if KEPT.contains(&name.as_str()) => format!("{name}_"),
        Some(_) => name,
    }
}

/// Alike for the same variable.
pub(super) fn folded(name: &str) -> String {
    name.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect()
}
