//! The one way from what is said to what is logged.
//!
//! | What | becomes |
//! |---|---|
//! | a secret that the program knows | `[secret]` |
//! | what stands after `Bearer`, `token=` and the like | `[secret]` |
//! | a word of 20 or more letters and digits mixed, as tokens and keys are | `[secret]` |
//! | an address (`…@s.whatsapp.net`, an e-mail) | `[address]` |
//! | a web address | without user, query and fragment |
//! | 6 or more digits, also with the separators of telephone numbers between them | `**` and the last two |
//! | anything between double quotes or backticks: `Debug` of a text, a parser's quotation | `"…"` |
//! | line breaks, escapes, marks that change the direction of writing | a blank |
//! | what is longer than a field may be | its beginning and `…` |
//!
//! The order matters: secrets first, because a part of them must not be recognised as something else.

mod words;

use std::sync::{Arc, PoisonError, RwLock};

use secrecy::{ExposeSecret, SecretString};

/// Characters of one field.
const LONGEST: usize = 400;
/// Shorter secrets than this would make everything unreadable; no gateway has them.
const SHORTEST_SECRET: usize = 6;

/// See the module. Cheap to clone; all clones know the same secrets.
#[derive(Clone, Default)]
pub struct Redaction {
    secrets: Arc<RwLock<Vec<SecretString>>>,
}

impl Redaction {
    /// Learns a secret.
    pub fn never_tell(&self, secret: &SecretString) {
        let text = secret.expose_secret();
        let mut known = self.secrets.write().unwrap_or_else(PoisonError::into_inner);
        if text.len() >= SHORTEST_SECRET && !known.iter().any(|other| other.expose_secret() == text) {
            known.push(secret.clone());
        }
    }

    /// What may be logged of `said`.
    pub fn of(&self, said: &str) -> String {
        let said = self.without_secrets(said);
        let said: String = said.chars().map(plain).collect();
        let said = without_quoted(&said);
        let said: Vec<String> = said.split(' ').map(words::of).collect();
        shortened(&words::without_numbers(&words::after_keywords(&said).join(" ")))
    }

    fn without_secrets(&self, said: &str) -> String {
        let known = self.secrets.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().fold(said.to_owned(), |said, secret| {
            said.replace(secret.expose_secret(), words::SECRET)
        })
    }
}

/// A line of the log is one line, and reads from left to right.
fn plain(character: char) -> char {
    let turns = matches!(character, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}');
    if character.is_control() || turns {
        ' '
    } else {
        character
    }
}

/// Takes away what stands between double quotes or backticks. A quotation that does not end goes on to the end.
fn without_quoted(said: &str) -> String {
    let mut kept = String::with_capacity(said.len());
    let mut inside: Option<char> = None;
    let mut escaped = false;
    for character in said.chars() {
        match inside {
            Some('"') if escaped => escaped = false,
            Some('"') if character == '\\' => escaped = true,
            Some(quote) if character == quote => {
                inside = None;
                kept.push(quote);
            }
            Some(_) => {}
            None => {
                kept.push(character);
                if matches!(character, '"' | '`') {
                    inside = Some(character);
                    kept.push('…');
                }
            }
        }
    }
    kept
}

fn shortened(said: &str) -> String {
    if said.chars().nth(LONGEST).is_none() {
        return said.to_owned();
    }
    let mut beginning: String = said.chars().take(LONGEST).collect();
    beginning.push('…');
    beginning
}

#[cfg(test)]
mod tests;
