//! A phrase as it is written in the tables of [`phrases`](super::phrases).
//!
//! | Written | stands for |
//! |---|---|
//! | `baja` | this word |
//! | `quiero\|deseo` | one of these words |
//! | `MSG` | one of a class of words, named in capitals |
//! | `[me]` | this, or nothing |
//! | `..` | up to three words of any kind |
//! | `$` | the end of the message, courtesies aside |

/// A phrase.
pub(super) struct Pattern(Vec<Part>);

enum Part {
    OneOf(Vec<&'static str>),
    Perhaps(Vec<&'static str>),
    Gap,
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
            "$" => Part::End,
            _ => match part.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                Some(inner) => Part::Perhaps(choice(inner)),
                None => Part::OneOf(choice(part)),
            },
        };
        Self(written.split_whitespace().map(part).collect())
    }

    /// Does the phrase itself begin with a negation?
    pub(super) fn negates(&self) -> bool {
        matches!(self.0.first(), Some(Part::OneOf(choice)) if choice.contains(&"no") || choice.contains(&"nao"))
    }

    /// Are these words the phrase, and nothing more?
    pub(super) fn is_whole(&self, words: &[String]) -> bool {
        ends(&self.0, words).contains(&words.len())
    }

    /// Where in `words` the phrase begins.
    pub(super) fn places<'a>(&'a self, words: &'a [String]) -> impl Iterator<Item = usize> + 'a {
        (0..words.len()).filter(|at| !ends(&self.0, &words[*at..]).is_empty())
    }
}

/// After how many of the words the parts may end.
fn ends(parts: &[Part], words: &[String]) -> Vec<usize> {
    let Some((part, rest)) = parts.split_first() else {
        return vec![0];
    };
    let after = |used: usize| -> Vec<usize> {
        let later = ends(rest, &words[used..]);
        later.into_iter().map(|more| used + more).collect()
    };
    let first_is_in = |choice: &[&str]| words.first().is_some_and(|word| choice.contains(&word.as_str()));
    match part {
        Part::OneOf(choice) if first_is_in(choice) => after(1),
        Part::OneOf(_) => Vec::new(),
        Part::Perhaps(choice) if first_is_in(choice) => [after(1), after(0)].concat(),
        Part::Perhaps(_) => after(0),
        Part::Gap => (0..=GAP.min(words.len())).flat_map(after).collect(),
        Part::End if words.iter().all(|word| super::text::is_courtesy(word)) => after(0),
        Part::End => Vec::new(),
    }
}
