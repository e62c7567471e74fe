//! What somebody types into a search field, as words and as a question to the index; and where its words stand in a text.

use mostrador_domain::ChatId;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::index::chat_word;

/// More words than this are not looked for: the first ones are enough to find anything.
const MOST_WORDS: usize = 16;

/// What was typed, in its parts.
#[derive(Clone, PartialEq, Eq)]
pub struct Typed {
    parts: Vec<Part>,
}

/// Words that have to follow one another; most often one.
#[derive(Clone, PartialEq, Eq)]
struct Part {
    words: Vec<String>,
    /// They as they were typed: the index folds a question as it folds a text.
    typed: String,
    /// Its last word is being typed: it may go on.
    still_typed: bool,
}

impl Typed {
    /// Reads what was typed.
    pub fn parse(typed: &str) -> Self {
        let mut parts: Vec<Part> = Vec::new();
        let mut left = MOST_WORDS;
        for (number, quoted) in typed.split('"').enumerate() {
            let is_phrase = number % 2 == 1;
            let chunks: Vec<&str> = if is_phrase {
                vec![quoted]
            } else {
                quoted.split_whitespace().collect()
            };
            for chunk in chunks {
                let there: Vec<_> = words(chunk).take(left).collect();
                left -= there.len();
                if !there.is_empty() {
                    let typed: Vec<&str> = there.iter().filter_map(|(at, _)| chunk.get(at.clone())).collect();
                    parts.push(Part {
                        typed: typed.join(" "),
                        words: there.into_iter().map(|(_, word)| word).collect(),
                        still_typed: false,
                    });
                }
            }
        }
        let goes_on = typed
            .chars()
            .last()
            .is_some_and(|c| is_word(c) || is_diacritic(c));
        if goes_on && let Some(last) = parts.last_mut() {
            last.still_typed = true;
        }
        Self { parts }
    }

    /// Was nothing typed that could be found?
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The question in FTS5's language, of all chats or one. Only letters and digits of what was typed get into it.
    pub(super) fn query(&self, chat: Option<ChatId>) -> Option<String> {
        let words = format!("text : ({})", self.all_parts(false)?);
        Some(match chat {
            Some(chat) => format!("chat : \"{}\" AND {words}", chat_word(chat)),
            None => words,
        })
    }

    /// The question to the names of chats: there even one letter is a beginning.
    pub(super) fn of_names(&self) -> Option<String> {
        self.all_parts(true)
    }

    fn all_parts(&self, one_letter: bool) -> Option<String> {
        let parts: Vec<String> = self
            .parts
            .iter()
            .map(|part| {
                let goes_on = part.still_typed && (one_letter || part.is_long());
                let open = if goes_on { " *" } else { "" };
                format!("\"{}\"{open}", part.typed)
            })
            .collect();
        (!parts.is_empty()).then(|| parts.join(" AND "))
    }

    /// Are all the words in a text?
    pub fn is_in(&self, text: &Words) -> bool {
        !self.is_empty()
            && self
                .parts
                .iter()
                .all(|part| (0..text.0.len()).any(|place| part.stands_at(&text.0[place..])))
    }

    /// Where the words stand in `text`: byte ranges, in order, none of them overlapping.
    pub fn found_in(&self, text: &str) -> Vec<std::ops::Range<usize>> {
        let there = Words::of(text).0;
        let mut found: Vec<std::ops::Range<usize>> = Vec::new();
        let mut place = 0;
        while place < there.len() {
            let longest = self
                .parts
                .iter()
                .filter(|part| part.stands_at(&there[place..]))
                .map(|part| part.words.len())
                .max();
            let Some(length) = longest else {
                place += 1;
                continue;
            };
            if let (Some((first, _)), Some((last, _))) = (there.get(place), there.get(place + length - 1)) {
                found.push(first.start..last.end);
            }
            place += length;
        }
        found
    }
}

/// The words of a text.
pub struct Words(Vec<(std::ops::Range<usize>, String)>);

impl Words {
    /// Reads a text.
    pub fn of(text: &str) -> Self {
        Self(words(text).collect())
    }
}

impl Part {
    /// Has its last word more than one letter?
    fn is_long(&self) -> bool {
        self.words
            .last()
            .is_some_and(|word| word.chars().nth(1).is_some())
    }

    fn stands_at(&self, there: &[(std::ops::Range<usize>, String)]) -> bool {
        let Some((last, before)) = self.words.split_last() else {
            return false;
        };
        there.len() > before.len()
            && before.iter().zip(there).all(|(word, (_, there))| word == there)
            && there.get(before.len()).is_some_and(|(_, there)| {
                if self.still_typed && self.is_long() {
                    there.starts_with(last.as_str())
                } else {
                    there == last
                }
            })
    }
}

/// As the index parts texts: letters, digits and what is in Unicode's private planes are words.
fn is_word(c: char) -> bool {
    let only_a_sign =
        matches!(c, '\u{24B6}'..='\u{24E9}' | '\u{1F130}'..='\u{1F189}') || is_combining_mark(c);
    c.is_alphanumeric() && !only_a_sign || matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}')
}

/// The accents that the index passes over within a word. Any other mark ends the word.
fn is_diacritic(c: char) -> bool {
    const FIRST: u32 = 0x300;
    const ALL: u64 = 0x0003_61F8_0802_9FDF;
    u32::from(c)
        .checked_sub(FIRST)
        .is_some_and(|place| place < u64::BITS && ALL >> place & 1 == 1)
}

/// The words of a text with their places, in lower case and without accents.
fn words(text: &str) -> impl Iterator<Item = (std::ops::Range<usize>, String)> + '_ {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text.get(rest..)?.find(is_word)?;
        let length = text
            .get(start..)?
            .find(|c| !is_word(c) && !is_diacritic(c))
            .unwrap_or(text.len() - start);
        rest = start + length;
        Some((start..rest, folded(text.get(start..rest)?)))
    })
}

/// In lower case and without accents, as the index does it: of Latin letters only. A syllable of another script is one letter,
/// whatever it is made of.
pub(in crate::tables) fn folded(word: &str) -> String {
    word.chars().filter(|c| !is_diacritic(*c)).map(fold).collect()
}

fn fold(c: char) -> char {
    match c {
        '\u{B5}' => '\u{3BC}',
        '\u{17F}' | '\u{1E9B}' => 's',
        '\u{1E0}' | '\u{1E1}' => '\u{1E1}',
        '\u{3C2}' => '\u{3C3}',
        _ => match std::iter::once(c).nfd().next() {
            Some(base) if base.is_ascii_alphabetic() => base.to_ascii_lowercase(),
            _ => c.to_lowercase().next().unwrap_or(c),
        },
    }
}

#[cfg(test)]
mod tests;
