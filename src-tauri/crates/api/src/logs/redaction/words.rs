//! What a single word may show, and the two rules that reach over several words.

/// In place of a secret.
pub(super) const SECRET: &str = "[secret]";
const ADDRESS: &str = "[address]";

/// Words after which a secret stands.
const KEYWORDS: [&str; 9] = [
    "bearer",
    "token",
    "access_token",
    "authorization",
    "apikey",
    "api_key",
    "password",
    "secret",
    "x-api-key",
];
/// From this length on a word of mixed letters and digits is taken for a secret.
const SECRET_LENGTH: usize = 20;
/// With at least so many digits in it: names of types and tasks have none, hashes and tokens have many.
const SECRET_DIGITS: usize = 3;
/// A run of so many digits may be a number.
const NUMBER_DIGITS: usize = 6;
/// Digits with separators between them may be a number from here on.
const SPACED_DIGITS: usize = 8;

/// What may be shown of a word.
pub(super) fn of(word: &str) -> String {
    let word = without_address(&without_query(word));
    word.split_inclusive(|character: char| !is_of_secret(character))
        .map(without_long)
        .collect()
}

fn is_of_secret(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-')
}

/// One stretch of a word, with the separator that ends it.
fn without_long(stretch: &str) -> String {
    let core = stretch.trim_end_matches(|character: char| !is_of_secret(character));
    let digits = core.chars().filter(char::is_ascii_digit).count();
    let letters = core.chars().any(|character| character.is_ascii_alphabetic());
    if core.len() >= SECRET_LENGTH && digits >= SECRET_DIGITS && letters {
        format!("{SECRET}{}", stretch.get(core.len()..).unwrap_or_default())
    } else {
        stretch.to_owned()
    }
}

/// A web address without user, query and fragment.
fn without_query(word: &str) -> String {
    let Some(begin) = word.find("://").map(|at| at + 3) else {
        return word.to_owned();
    };
    let (scheme, rest) = word.split_at(begin);
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let cut = if end < rest.len() { "?…" } else { "" };
    let kept = rest.get(..end).unwrap_or_default();
    let (host, path) = kept.split_at(kept.find('/').unwrap_or(kept.len()));
    let host = host.rsplit_once('@').map_or(host, |(_user, host)| host);
    format!("{scheme}{host}{path}{cut}")
}

/// `name@host` becomes a word that says no more than that it was one.
fn without_address(word: &str) -> String {
    let is_part = |character: char| {
        character.is_alphanumeric() || matches!(character, '.' | '-' | '_' | '+' | ':' | '%')
    };
    let mut kept = word.to_owned();
    while let Some(at) = kept.find('@') {
        let before = kept.get(..at).unwrap_or_default();
        let after = kept.get(at + 1..).unwrap_or_default();
        let begin = before.len()
            - before
                .chars()
                .rev()
                .take_while(|c| is_part(*c))
                .map(char::len_utf8)
                .sum::<usize>();
        let end = at
            + 1
            + after
                .chars()
                .take_while(|c| is_part(*c))
                .map(char::len_utf8)
                .sum::<usize>();
        kept.replace_range(begin..end, ADDRESS);
    }
    kept
}

/// Takes away what stands after `Bearer`, `token:`, `token=` and the like.
pub(super) fn after_keywords(words: &[String]) -> Vec<String> {
    let mut follows = false;
    let mut kept = Vec::with_capacity(words.len());
    for word in words {
        if follows && !word.is_empty() {
            // `Authorization: Bearer …`: the secret is the next one.
            follows = is_keyword(word);
            kept.push(if follows { word.clone() } else { SECRET.to_owned() });
            continue;
        }
        match word
            .split_once('=')
            .filter(|(name, value)| is_keyword(name) && !value.is_empty())
        {
            Some((name, _)) => kept.push(format!("{name}={SECRET}")),
            None => {
                follows |= is_opening(word);
                kept.push(word.clone());
            }
        }
    }
    kept
}

fn is_keyword(word: &str) -> bool {
    let word = word.trim_matches(|character: char| !is_of_secret(character));
    // The last part of `device.token` and of `&token`.
    KEYWORDS.iter().any(|keyword| word.eq_ignore_ascii_case(keyword))
}

/// `Bearer` alone, or a keyword with `:` or `=` behind it: "the token of a device" is no such thing.
fn is_opening(word: &str) -> bool {
    is_keyword(word) && (word.ends_with([':', '=']) || word.eq_ignore_ascii_case("bearer"))
}

/// Leaves two digits of each number.
pub(super) fn without_numbers(said: &str) -> String {
    let characters: Vec<char> = said.chars().collect();
    let mut kept = String::with_capacity(said.len());
    let mut at = 0;
    while let Some(&character) = characters.get(at) {
        if !character.is_numeric() {
            kept.push(character);
            at += 1;
            continue;
        }
        let (end, digits, run) = number_at(&characters, at);
        let stretch = characters.get(at..end).unwrap_or_default();
        if run >= NUMBER_DIGITS || digits >= SPACED_DIGITS {
            let last: Vec<&char> = stretch
                .iter()
                .filter(|character| character.is_numeric())
                .collect();
            kept.push_str("**");
            kept.extend(last.iter().skip(last.len().saturating_sub(2)).copied());
        } else {
            kept.extend(stretch);
        }
        at = end;
    }
    kept
}

/// Where the number that begins at `begin` ends, its digits, and its longest run of them.
fn number_at(characters: &[char], begin: usize) -> (usize, usize, usize) {
    let (mut end, mut digits, mut run, mut longest) = (begin, 0, 0_usize, 0);
    let mut at = begin;
    while let Some(&character) = characters.get(at) {
        if character.is_numeric() {
            digits += 1;
            run += 1;
            longest = longest.max(run);
            end = at + 1;
        } else if matches!(character, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{A0}') && at < end + 2 {
            run = 0;
        } else {
            break;
        }
        at += 1;
    }
    (end, digits, longest)
}
