//! A phrase as it is written in the tables of [`phrases`](super::phrases).
//!
//! | Written | stands for |
//! |---|---|
//! | `baja` | this word |
//! | `quiero\|deseo` | one of these words |
//! | `MSG` | one of a class of words, named in capitals |
//! | `[me]` | this, or nothing |
//! | `NAME` | a word that may be somebody's name |
//! | `#` | a numeral of one or two digits, as in `BAJA 2` |
//! | `..` | up to three words of any kind within a clause, but for those that turn the meaning around (`dejar`, `stop`, `solo`) |
//! | `^` | the beginning of a clause, courtesies aside; at the beginning of a phrase only |
//! | `,` | the end of a clause, courtesies aside |
//! | `$` | the end of the message, courtesies aside |
//!
//! A word that says no to what was said before (`no, quiero recibirlas`) says it to nothing that follows: with it a phrase neither begins
//! nor goes on.

use std::ops::Range;

use super::around::{AROUND, NARROWING};
use super::text::{Word, is_courtesy};
use super::vocabulary::NOT;

/// A phrase.
pub(super) struct Pattern {
    begins_clause: bool,
    parts: Vec<Part>,
}

enum Part {
    OneOf(Vec<&'static str>),
    Perhaps(Vec<&'static str>),
    Name,
    PerhapsName,
    Numeral,
    Gap,
    ClauseEnd,
    End,
}

/// The widest gap, in words.
const GAP: usize = 3;

impl Pattern {
    /// Reads a phrase; `class` gives the words of a class.
    pub(super) fn read(written: &'static str, class: fn(&str) -> &'static [&'static str]) -> Self {
        let choice = |part: &'static str| -> Vec<&'static str> {
            let expand = |word: &'static str| match class(word) {
                [] => vec![word],
                words => words.to_vec(),
            };
            part.split('|').flat_map(expand).collect()
        };
        let part = |part: &'static str| match part {
            ".." => Part::Gap,
            "," => Part::ClauseEnd,
            "$" => Part::End,
            "NAME" => Part::Name,
            "[NAME]" => Part::PerhapsName,
            "#" => Part::Numeral,
            _ => match part.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                Some(inner) => Part::Perhaps(choice(inner)),
                None => Part::OneOf(choice(part)),
            },
        };
        let rest = written.strip_prefix('^');
        Self {
            begins_clause: rest.is_some(),
            parts: rest.unwrap_or(written).split_whitespace().map(part).collect(),
        }
    }

    /// Each word that it names.
    #[cfg(test)]
    pub(super) fn words(&self) -> impl Iterator<Item = &'static str> + '_ {
        let choices = self.parts.iter().filter_map(|part| match part {
            Part::OneOf(choice) | Part::Perhaps(choice) => Some(choice),
            Part::Name | Part::PerhapsName | Part::Numeral | Part::Gap | Part::ClauseEnd | Part::End => None,
        });
        choices.flatten().copied()
    }

    /// Does the phrase itself begin with a negation?
    pub(super) fn negates(&self) -> bool {
        matches!(self.parts.first(), Some(Part::OneOf(choice)) if choice.contains(&"no") || choice.contains(&"nao"))
    }

    /// Are these words the phrase, and nothing more?
    pub(super) fn is_whole(&self, words: &[Word]) -> bool {
        ends(&self.parts, words).contains(&words.len())
    }

    /// Where in `words` the phrase begins and ends.
    pub(super) fn places<'a>(&'a self, words: &'a [Word]) -> impl Iterator<Item = Range<usize>> + 'a {
        let begins = move |at: &usize| !self.begins_clause || begins_clause(words, *at);
        (0..words.len()).filter(begins).filter_map(move |at| {
            let longest = ends(&self.parts, &words[at..]).into_iter().max()?;
            Some(at..at + longest)
        })
    }
}

/// Is there nothing in the clause before word `at`, courtesies aside?
fn begins_clause(words: &[Word], at: usize) -> bool {
    let mut first = at;
    while first > 0 && !words[first].begins {
        first -= 1;
        if !is_courtesy(&words[first].text) {
            return false;
        }
    }
    true
}

/// Does the first word say no to what was said before? What follows begins a clause of its own.
fn is_a_no(words: &[Word]) -> bool {
    matches!(words, [first, next, ..] if first.is_in(NOT) && next.begins)
}

/// Do these words begin with nothing but courtesies up to the end of the clause?
fn says_no_more(words: &[Word]) -> bool {
    let mut clause = words.iter().take_while(|word| !word.begins);
    clause.all(|word| is_courtesy(&word.text))
}

/// After how many of the words the parts may end.
fn ends(parts: &[Part], words: &[Word]) -> Vec<usize> {
    let Some((part, rest)) = parts.split_first() else {
        return vec![0];
    };
    let after = |used: usize| -> Vec<usize> {
        let later = ends(rest, &words[used..]);
        later.into_iter().map(|more| used + more).collect()
    };
    let first_is_in = |choice: &[&str]| {
        words
            .first()
            .is_some_and(|word| word.is_in(choice) && !is_a_no(words))
    };
    let first_may_be_a_name = || words.first().is_some_and(Word::may_be_a_name);
    match part {
        Part::OneOf(choice) if first_is_in(choice) => after(1),
        Part::OneOf(_) => Vec::new(),
        Part::Perhaps(choice) if first_is_in(choice) => [after(1), after(0)].concat(),
        Part::Perhaps(_) => after(0),
        Part::Name if first_may_be_a_name() => after(1),
        Part::Name => Vec::new(),
        Part::PerhapsName if first_may_be_a_name() => [after(1), after(0)].concat(),
        Part::PerhapsName => after(0),
        Part::Numeral if words.first().is_some_and(Word::is_numeral) => after(1),
        Part::Numeral => Vec::new(),
        Part::Gap => {
            let kept = words
                .iter()
                .take_while(|word| !word.begins && !word.is_in(AROUND) && !word.is_in(NARROWING));
            (0..=kept.take(GAP).count()).flat_map(after).collect()
        }
        Part::ClauseEnd if says_no_more(words) => after(0),
        Part::ClauseEnd => Vec::new(),
        Part::End if words.iter().all(|word| is_courtesy(&word.text)) => after(0),
        Part::End => Vec::new(),
    }
}
