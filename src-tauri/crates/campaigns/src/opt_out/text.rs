//! A message as words: folded, so that how it was typed does not matter.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::around::{AROUND, ARTICLES, CONNECTING, DEVICES, LOW, NARROWING, OF, OWN};
use super::vocabulary::{LIST, MORE, MSG};

/// A word of a message.
pub(super) struct Word {
    /// Folded.
    pub(super) text: String,
    /// It begins a clause: after a comma, a full stop, a line's end.
    pub(super) begins: bool,
}

impl Word {
    pub(super) fn is_in(&self, choice: &[&str]) -> bool {
        choice.contains(&self.text.as_str())
    }

    /// Is it one or two digits: an answer's number, not a telephone's?
    pub(super) fn is_numeral(&self) -> bool {
        self.text.len() <= 2 && self.text.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Is it none of the words that are known here, and as long as a name?
    pub(super) fn may_be_a_name(&self) -> bool {
        let is_known = [
            AROUND, NARROWING, OF, ARTICLES, OWN, CONNECTING, DEVICES, LIST, MORE, MSG, LOW,
        ]
        .iter()
        .any(|known| self.is_in(known));
        !is_known
            && !is_courtesy(&self.text)
            && self.text.chars().count() > 2
            && self.text.chars().all(char::is_alphabetic)
    }
}

/// A message, folded.
pub(super) struct Read {
    /// Its words.
    pub(super) words: Vec<Word>,
    /// It asks something.
    pub(super) asks: bool,
}

impl Read {
    /// The first `most` words of a message.
    pub(super) fn of(message: &str, most: usize) -> Self {
        let mut read = Self {
            words: Vec::new(),
            asks: message.contains(['?', '\u{bf}', '\u{ff1f}']),
        };
        for clause in folded(message).replace(" - ", ",").split(MARKS) {
            read.take(clause, most);
        }
        read.join_spelt();
        read.name_recordings();
        read.asks |= read.core().first().is_some_and(|first| first.is_in(&ASKING));
        read
    }

    fn take(&mut self, clause: &str, most: usize) {
        let words = clause
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty());
        let mut begins = true;
        for word in words.take(most.saturating_sub(self.words.len())) {
            let text = once(word);
            let greeting = |last: &mut Word| !begins && greets(&last.text, &text);
            if let Some(greeted) = self.words.pop_if(greeting) {
                begins = greeted.begins;
                continue;
            }
            self.words.push(Word { text, begins });
            begins = false;
        }
    }

    /// `b.a.j.a` is a word that is spelt.
    fn join_spelt(&mut self) {
        let is_letter = |word: &Word| word.text.chars().count() == 1;
        if self.words.len() >= FEWEST_LETTERS && self.words.iter().all(is_letter) {
            let text = self.words.iter().map(|word| word.text.as_str()).collect();
            self.words = vec![Word { text, begins: true }];
        }
    }

    /// `mensajes de voz` are something else than what a shop sends to many.
    fn name_recordings(&mut self) {
        let is_recording = |three: &[Word]| {
            three[0].text.starts_with("mens") && three[1].text == "de" && three[2].is_in(&["voz", "audio"])
        };
        while let Some(at) = self.words.windows(3).position(is_recording) {
            let begins = self.words[at].begins;
            self.words.drain(at..at + 2);
            self.words[at].begins = begins;
        }
    }

    /// The words without the courtesies before and after them.
    pub(super) fn core(&self) -> &[Word] {
        without_courtesies(&self.words)
    }

    /// Where its clauses are; those that are nothing but courtesies are left out.
    pub(super) fn clauses(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let starts = (0..self.words.len()).filter(|at| *at == 0 || self.words[*at].begins);
        let clause = |start: usize| {
            let inside = self.words[start + 1..].iter().take_while(|word| !word.begins);
            start..start + 1 + inside.count()
        };
        starts
            .map(clause)
            .filter(|clause| !self.core_of(clause.clone()).is_empty())
    }

    /// The words of a clause without the courtesies before and after them.
    pub(super) fn core_of(&self, clause: Range<usize>) -> &[Word] {
        without_courtesies(&self.words[clause])
    }

    /// Is what is said at `place` said of a time, a part, a way or a thing only? `no me escriban más hasta el lunes`, `de la lista
    /// de espera`, `en mi celular`.
    pub(super) fn is_narrowed(&self, place: &Range<usize>) -> bool {
        let (before, behind) = (&self.words[..place.start], &self.words[place.end..]);
        let is_of_a_device = before.iter().chain(behind).any(|word| word.is_in(DEVICES));
        if is_of_a_device || behind.iter().any(|word| word.is_in(NARROWING)) {
            return true;
        }
        let goes_on = |word: &&Word| {
            [OF, ARTICLES, OWN, MORE, MSG, LIST]
                .iter()
                .any(|known| word.is_in(known))
                || is_courtesy(&word.text)
        };
        let clause = behind.iter().take_while(|word| !word.begins);
        let mut further = clause.skip_while(|word| !word.is_in(CONNECTING) && goes_on(word));
        further.next().is_some_and(|word| !word.is_in(CONNECTING))
    }

    /// Is what begins at word `at` said not to be so? `no dejen de`, `nunca pare`, `don't stop`; but not `no, gracias, paren`.
    pub(super) fn is_negated_before(&self, at: usize) -> bool {
        for before in (at.saturating_sub(REACH)..at).rev() {
            if self.words[before + 1].begins || is_courtesy(&self.words[before].text) {
                return false;
            }
            if self.words[before].is_in(&NEGATING) {
                return true;
            }
        }
        false
    }

    /// Is what begins at word `at` told of somebody, not asked of us? `you never`, `it does not`, `I don't`.
    pub(super) fn is_told_before(&self, at: usize) -> bool {
        let mut at = at;
        while at > 0 && !self.words[at].begins && self.words[at - 1].is_in(&["do", "just"]) {
            at -= 1;
        }
        at > 0 && !self.words[at].begins && self.words[at - 1].is_in(&SUBJECTS)
    }
}

fn without_courtesies(words: &[Word]) -> &[Word] {
    let mut core = words;
    while let Some((first, rest)) = core.split_first()
        && is_courtesy(&first.text)
    {
        core = rest;
    }
    while let Some((last, rest)) = core.split_last()
        && is_courtesy(&last.text)
    {
        core = rest;
    }
    core
}

/// What ends a clause, as does a dash between blanks.
const MARKS: [char; 14] = [
    ',', ';', '.', ':', '!', '?', '\u{a1}', '\u{bf}', '(', ')', '\u{2013}', '\u{2014}', '\n', '\u{ff1f}',
];

/// So many letters make a word.
const FEWEST_LETTERS: usize = 4;

/// How many words a negation reaches.
const REACH: usize = 3;

/// `buenas tardes`, `bom dia`, `thank you`: two words of courtesy, of which the second may mean something alone.
fn greets(first: &str, second: &str) -> bool {
    let is_greeting = ["buenas", "buenos", "boa", "bom", "good"].contains(&first)
        && [
            "dia", "dias", "tarde", "tardes", "noche", "noches", "noite", "morning", "evening",
        ]
        .contains(&second);
    is_greeting || (first, second) == ("thank", "you")
}

const NEGATING: [&str; 26] = [
    "no", "nao", "nunca", "jamas", "jamais", "not", "dont", "never", "ni", "nem", "sin", "sem", "without",
    "cant", "cannot", "wont", "doesnt", "didnt", "couldnt", "wouldnt", "havent", "hasnt", "nadie", "ninguem",
    "tampoco", "nobody",
];

/// Who does it, where English has one form for what is told and what is asked for.
const SUBJECTS: [&str; 12] = [
    "you", "they", "i", "we", "he", "she", "it", "does", "did", "phone", "ap", "u",
];

const ASKING: [&str; 22] = [
    "como", "cuando", "cuanto", "donde", "que", "quien", "cual", "puedo", "pueden", "puede", "posso", "pode",
    "podem", "quando", "onde", "how", "can", "could", "what", "sera", "why", "podrian",
];

/// Words of courtesy, and what people put around a word of command.
const COURTESIES: [&str; 59] = [
    "hola",
    "ola",
    "oi",
    "hello",
    "hi",
    "buenas",
    "buenos",
    "por",
    "favor",
    "porfavor",
    "porfa",
    "porfis",
    "pf",
    "pfv",
    "pfvr",
    "please",
    "pls",
    "x",
    "plz",
    "gracias",
    "grax",
    "muchas",
    "obrigado",
    "obrigada",
    "obg",
    "thanks",
    "thank",
    "thx",
    "amigo",
    "amiga",
    "amigos",
    "senor",
    "senora",
    "senores",
    "senorita",
    "moco",
    "moca",
    "sr",
    "sra",
    "estimados",
    "prezados",
    "ok",
    "bueno",
    "ya",
    "oye",
    "oiga",
    "oigan",
    "hey",
    "entonces",
    "entao",
    "gente",
    "just",
    "disculpe",
    "disculpen",
    "disculpa",
    "desculpe",
    "desculpa",
    "perdon",
    "sorry",
];

pub(super) fn is_courtesy(word: &str) -> bool {
    COURTESIES.contains(&word)
}

/// Small letters without accents; an apostrophe joins (`don't` is one word), what is not seen is nothing.
fn folded(message: &str) -> String {
    let bare = message.nfkd().filter(|c| !is_combining_mark(*c));
    let kept = bare.filter(|c| {
        !matches!(
            c,
            '\'' | '\u{2019}' | '`' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
        )
    });
    kept.flat_map(char::to_lowercase).collect()
}

/// A word with the letters that were held down once: `bajaaa` is `baja`. Two of a letter stay (`llamar`, `message`), but not
/// at the end of a word, save those that English doubles there.
fn once(word: &str) -> String {
    let mut said = String::with_capacity(word.len());
    let letters: Vec<char> = word.chars().collect();
    let mut from = 0;
    while from < letters.len() {
        let letter = letters[from];
        let held = letters[from..]
            .iter()
            .take_while(|other| **other == letter)
            .count();
        let ends = from + held == letters.len();
        let kept = if held > 2
            || (ends && letter != 'l' && letter != 's' && letter != 'f' && !letter.is_numeric())
        {
            1
        } else {
            held
        };
        said.extend(std::iter::repeat_n(letter, kept));
        from += held;
    }
    said
}
