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
//! 3. Its first or last clause is such a phrase: certain in a short statement (`no me interesa, denme de baja`). What may be said to anybody
//!    (`ya llegué, baja`) is certain only if all else is a reason to end it (`BAJA, ya no soy María`), else it is asked about.
//! 4. It contains a phrase of intent ([`phrases`]): certain in a short statement. In a question, in a long message, or narrowed to a
//!    time or a part (`hasta el lunes`, `de la lista de espera`) it is asked about; after a negation (`no dejen de escribirme`) it is nothing.
//!
//! Spanish, Portuguese and English are read at once: customers mix them, and no word of one means the opposite in another.

mod around;
mod pattern;
mod phrases;
mod text;
mod vocabulary;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use around::NARROWING;
use pattern::Pattern;
use text::{Read, Word};

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
    whole(&read).or_else(|| by_clause(&read).max(within(&read)))
}

fn whole(read: &Read) -> Option<Wish> {
    let core = said_once(read.core());
    if core.is_empty() {
        return None;
    }
    let tables = phrases::tables();
    if is_one_of(&tables.whole_certain, core) || is_one_of(&tables.command, core) {
        // "stop?" may ask what the word means.
        return Some(if read.asks { Wish::Ask } else { Wish::Certain });
    }
    is_one_of(&tables.whole_ask, core).then_some(Wish::Ask)
}

fn is_one_of(table: &[Pattern], words: &[Word]) -> bool {
    table.iter().any(|pattern| pattern.is_whole(words))
}

/// A word that is all there is, however often it is said: `BAJA BAJA`.
fn said_once(words: &[Word]) -> &[Word] {
    match words.split_first() {
        Some((first, rest)) if rest.iter().all(|word| word.text == first.text) => &words[..1],
        _ => words,
    }
}

/// What the first or the last clause says alone.
fn by_clause(read: &Read) -> Option<Wish> {
    let tables = phrases::tables();
    let clauses: Vec<&[Word]> = read.clauses().map(|clause| read.core_of(clause)).collect();
    let ends = match clauses.len() {
        0 | 1 => return None,
        count => [0, count - 1],
    };
    let said = |at: usize| {
        let clause = said_once(clauses[at]);
        let is_plain = if is_one_of(&tables.whole_certain, clause) {
            !read.words.iter().any(|word| word.is_in(NARROWING))
        } else if is_one_of(&tables.command, clause) {
            is_explained(&clauses, at)
        } else {
            return None;
        };
        Some(level(read, is_plain))
    };
    ends.into_iter().filter_map(said).max()
}

/// Is each clause but the one at `at` a reason to end it? `No` and `no quiero` are one before it, not after it: `parar, não`.
fn is_explained(clauses: &[&[Word]], at: usize) -> bool {
    let tables = phrases::tables();
    let wholes = [&tables.whole_certain, &tables.command, &tables.whole_ask];
    let parts = [&tables.because, &tables.certain, &tables.told, &tables.ask];
    let contains = |table: &[Pattern], clause: &[Word]| {
        table
            .iter()
            .any(|pattern| pattern.places(clause).next().is_some())
    };
    let is_reason = |clause: &[Word]| {
        wholes.iter().any(|table| is_one_of(table, said_once(clause)))
            || parts.iter().any(|table| contains(table, clause))
    };
    let is_reason_at = |place: usize, clause: &[Word]| match is_one_of(&tables.no, clause) {
        true => place < at,
        false => is_reason(clause),
    };
    let mut others = clauses.iter().enumerate().filter(|(place, _)| *place != at);
    others.all(|(place, clause)| is_reason_at(place, clause))
}

fn within(read: &Read) -> Option<Wish> {
    let tables = phrases::tables();
    let plain = intents(read, 0..read.words.len());
    if !plain.is_empty() {
        let is_plain = plain.iter().any(|place| !read.is_narrowed(place));
        return Some(level(read, is_plain));
    }
    let is_clause = || read.clauses().any(|clause| !intents(read, clause).is_empty());
    let may_be = !places(read, &tables.ask, 0..read.words.len()).is_empty();
    (may_be || is_clause()).then_some(Wish::Ask)
}

/// Plain words are certain in a short statement.
fn level(read: &Read, is_plain: bool) -> Wish {
    match is_plain && !read.asks && read.words.len() <= SHORT {
        true => Wish::Certain,
        false => Wish::Ask,
    }
}

/// Where these words, to their end, say in plain words that it is to end.
fn intents(read: &Read, words: Range<usize>) -> Vec<Range<usize>> {
    let tables = phrases::tables();
    let mut found = places(read, &tables.told, words.clone());
    found.retain(|place| read.asks || !read.is_told_before(place.start));
    found.extend(places(read, &tables.certain, words));
    found
}

/// Where these words say something of `table`, and not its contrary.
fn places(read: &Read, table: &[Pattern], words: Range<usize>) -> Vec<Range<usize>> {
    let first = words.start;
    let of_pattern = |pattern: &Pattern| {
        let within = pattern.places(&read.words[words.clone()]);
        let places = within.map(|place| first + place.start..first + place.end);
        let is_said = |place: &Range<usize>| pattern.negates() || !read.is_negated_before(place.start);
        places.filter(is_said).collect::<Vec<_>>()
    };
    table.iter().flat_map(of_pattern).collect()
}

#[cfg(test)]
mod tests;
