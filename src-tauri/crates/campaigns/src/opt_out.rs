//! Does a message ask us to stop writing?
//!
//! | Answer | when | what the shop does with it |
//! |---|---|---|
//! | [`Wish::Certain`] | it says so in plain words: `BAJA`, `sair`, `stop`, `não quero mais receber nada` | honoured by the very next send |
//! | [`Wish::Ask`] | it may mean that, or something near: `cancelar`, `ya basta`, `¿me pueden dar de baja?` | a person decides |
//! | none | it speaks of something else: `¿tiene cómo parar el dolor?`, `posso sair antes das 15h?` | nothing |
//!
//! How a message is read:
//!
//! 1. It is folded ([`text`]): small letters, no accents, punctuation and emoji are gaps, letters held down count once,
//!    greetings and thanks around the words do not count; letters that stand alone are a word that is spelt.
//! 2. What is left is the whole of a known word or phrase, be it said several times: that word's level. So `sair` asks for it and `quero sair cedo` does not.
//! 3. It contains a phrase of intent ([`phrases`]): certain in a short statement. In a question or a long message it is asked
//!    about; after a negation (`no dejen de escribirme`) it is nothing.
//!
//! Spanish, Portuguese and English are read at once: customers mix them, and no word of one means the opposite in another.

mod pattern;
mod phrases;
mod text;
mod vocabulary;

use serde::{Deserialize, Serialize};

use pattern::Pattern;
use text::Read;

/// How surely somebody wishes not to be written to any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// Perhaps: a person decides.
    Ask,
    /// In plain words.
    Certain,
}

/// The longest statement, in words, in which a phrase of intent is certain.
const SHORT: usize = 18;

/// The longest message that is read, in words: what follows is a letter, not a wish.
const READ: usize = 200;

/// What `message` says about being written to; `None` if it speaks of something else.
pub fn wish(message: &str) -> Option<Wish> {
    let read = Read::of(message, READ);
    whole(&read).or_else(|| within(&read))
}

fn whole(read: &Read) -> Option<Wish> {
    let core = said_once(read.core());
    if core.is_empty() {
        return None;
    }
    let is = |table: &[Pattern]| table.iter().any(|pattern| pattern.is_whole(core));
    let tables = phrases::tables();
    if is(&tables.whole_certain) {
        // "stop?" may ask what the word means.
        return Some(if read.asks { Wish::Ask } else { Wish::Certain });
    }
    is(&tables.whole_ask).then_some(Wish::Ask)
}

/// A word that is all there is, however often it is said: `BAJA BAJA`.
fn said_once(words: &[String]) -> &[String] {
    match words.split_first() {
        Some((first, rest)) if rest.iter().all(|word| word == first) => &words[..1],
        _ => words,
    }
}

fn within(read: &Read) -> Option<Wish> {
    let tables = phrases::tables();
    let found = |table: &[Pattern]| {
        let plain = |pattern: &Pattern| {
            pattern
                .places(&read.words)
                .any(|place| pattern.negates() || !read.is_negated_before(place))
        };
        table.iter().any(plain)
    };
    if found(&tables.certain) {
        let plain = !read.asks && read.words.len() <= SHORT;
        return Some(if plain { Wish::Certain } else { Wish::Ask });
    }
    found(&tables.ask).then_some(Wish::Ask)
}

#[cfg(test)]
mod tests;
