//! What a column of a table is called in a text.

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

/// The names of the variables of a table with these headings: `Fecha de envío` is `fecha_de_envío`. Each is given once; a
/// heading that is blank is `column_N`.
pub fn variable_names(headings: &[impl AsRef<str>]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(headings.len());
    let mut taken = std::collections::HashSet::new();
    for (at, heading) in headings.iter().enumerate() {
        let wanted = named(heading.as_ref(), at + 1);
        let free = (1_usize..).map(|again| match again {
            1 => wanted.clone(),
            again => format!("{wanted}_{again}"),
        });
        let name = free.into_iter().find(|name| taken.insert(folded(name)));
        names.push(name.unwrap_or(wanted));
    }
    names
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

fn named(heading: &str, number: usize) -> String {
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

fn folded(name: &str) -> String {
    name.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect()
}
