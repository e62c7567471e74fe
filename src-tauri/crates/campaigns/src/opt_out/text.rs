//! A message as words: folded, so that how it was typed does not matter.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A message, folded.
pub(super) struct Read {
    /// Its words.
    pub(super) words: Vec<String>,
    /// Which of the words begin after a mark: a comma, a full stop, a line's end.
    after_mark: Vec<bool>,
    /// It asks something.
    pub(super) asks: bool,
}

impl Read {
    /// The first `most` words of a message.
    pub(super) fn of(message: &str, most: usize) -> Self {
        let mut read = Self {
            words: Vec::new(),
            after_mark: Vec::new(),
            asks: message.contains(['?', '\u{bf}', '\u{ff1f}']),
        };
        for clause in folded(message).split([',', ';', '.', ':', '!', '\n']) {
            read.take(clause, most);
        }
        read.join_spelt();
        read.name_recordings();
        let begins = read.core().first();
        read.asks |= begins.is_some_and(|first| ASKING.contains(&first.as_str()));
        read
    }

    fn take(&mut self, clause: &str, most: usize) {
        let words = clause
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty());
        let mut begins = true;
        for word in words.take(most.saturating_sub(self.words.len())) {
            let word = once(word);
            if self
                .words
                .last()
                .is_some_and(|last| !begins && greets(last, &word))
            {
                self.words.pop();
                begins = self.after_mark.pop().unwrap_or(true);
                continue;
            }
            self.words.push(word);
            self.after_mark.push(begins);
            begins = false;
        }
    }

    /// `b.a.j.a` is a word that is spelt.
    fn join_spelt(&mut self) {
        let is_letter = |word: &String| word.chars().count() == 1;
        if self.words.len() >= FEWEST_LETTERS && self.words.iter().all(is_letter) {
            self.words = vec![self.words.concat()];
            self.after_mark = vec![true];
        }
    }

    /// `mensajes de voz` are something else than what a shop sends to many.
    fn name_recordings(&mut self) {
        let is_recording = |three: &[String]| {
            three[0].starts_with("mens") && three[1] == "de" && ["voz", "audio"].contains(&three[2].as_str())
        };
        while let Some(at) = self.words.windows(3).position(is_recording) {
            self.words.drain(at..at + 2);
            self.after_mark.drain(at + 1..at + 3);
        }
    }

    /// The words without the courtesies before and after them.
    pub(super) fn core(&self) -> &[String] {
        let mut core = self.words.as_slice();
        while let Some((first, rest)) = core.split_first()
            && is_courtesy(first)
        {
            core = rest;
        }
        while let Some((last, rest)) = core.split_last()
            && is_courtesy(last)
        {
            core = rest;
        }
        core
    }

    /// Is what begins at word `at` said not to be so? `no dejen de`, `nunca pare`, `don't stop`; but not `no, gracias, paren`.
    pub(super) fn is_negated_before(&self, at: usize) -> bool {
        for before in (at.saturating_sub(REACH)..at).rev() {
            if self.after_mark[before + 1] || is_courtesy(&self.words[before]) {
                return false;
            }
            if NEGATING.contains(&self.words[before].as_str()) {
                return true;
            }
        }
        false
    }
}

/// So many letters make a word.
const FEWEST_LETTERS: usize = 4;

/// How many words a negation reaches.
const REACH: usize = 3;

/// `buenas tardes`, `bom dia`: two words of courtesy, of which the second may mean something alone.
fn greets(first: &str, second: &str) -> bool {
    ["buenas", "buenos", "boa", "bom", "good"].contains(&first)
        && [
            "dia", "dias", "tarde", "tardes", "noche", "noches", "noite", "morning", "evening",
        ]
        .contains(&second)
}

const NEGATING: [&str; 10] = [
    "no", "nao", "nunca", "jamas", "not", "dont", "never", "ni", "nem", "sin",
];

const ASKING: [&str; 20] = [
    "como", "cuando", "cuanto", "donde", "que", "quien", "cual", "puedo", "pueden", "puede", "posso", "pode",
    "podem", "quando", "onde", "how", "can", "could", "what", "sera",
];

/// Words of courtesy, and what people put around a word of command.
const COURTESIES: [&str; 44] = [
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
    "you",
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
