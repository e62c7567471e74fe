//! Inputs that are nearly what the corpus holds.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// What breaks readers of JSON, numbers and Unicode, and what addresses and headers are made of.
const TOKENS: [&str; 24] = [
    "null",
    "{}",
    "[]",
    "[[[[[[[[",
    "\"",
    "\\u0000",
    "\\ud800",
    "1e999",
    "-1",
    "0.1",
    "18446744073709551616",
    "true",
    "\n",
    "\r",
    "\u{202e}",
    "\u{1b}[2J",
    "\u{0}",
    "é",
    "👍🏽",
    "@lid",
    "@g.us",
    "@s.whatsapp.net",
    ":",
    ",",
];

pub(crate) fn fuzz_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fuzz")
}

/// Gives `run` all inputs of a target's corpus, then so many changed ones. One that ends it is named in full.
pub(crate) fn feed(target: &str, changed: u32, run: impl Fn(&[u8])) {
    let corpus = corpus(target);
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15 ^ target.len() as u64);
    let whole = corpus.iter().cloned();
    let mutated = (0..changed).map(|_| mutated(&corpus, &mut chance));
    for input in whole.chain(mutated) {
        if catch_unwind(AssertUnwindSafe(|| run(&input))).is_err() {
            panic!("{target}: this input ends it: {}", input.escape_ascii());
        }
    }
}

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(fuzz_folder().join("corpus").join(target)).expect("a corpus");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{target}: there is something to begin with");
    paths
        .iter()
        .map(|path| std::fs::read(path).expect("an input"))
        .collect()
}

fn mutated(corpus: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut input = corpus[chance.below(corpus.len())].clone();
    for _ in 0..=chance.below(4) {
        let (from, to) = chance.range(input.len());
        match chance.below(8) {
            0 if !input.is_empty() => {
                let place = chance.below(input.len());
                input[place] ^= 1 << chance.below(8);
            }
            1 if !input.is_empty() => {
                let place = chance.below(input.len());
                input[place] = [0, 0x7F, 0x80, 0xFF, b'"', b'\\'][chance.below(6)];
            }
            2 => drop(input.drain(from..to)),
            3 => {
                let again = input[from..to].to_vec();
                input.splice(from..from, again);
            }
            4 => input.truncate(to),
            5 => {
                let other = &corpus[chance.below(corpus.len())];
                let (start, end) = chance.range(other.len());
                input.splice(from..to, other[start..end].iter().copied());
            }
            _ => {
                let token = TOKENS[chance.below(TOKENS.len())];
                input.splice(from..to.min(from + 8), token.bytes());
            }
        }
    }
    input
}

/// Xorshift: the same inputs in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or_default() % end.max(1)
    }

    /// A stretch of something so long.
    fn range(&mut self, length: usize) -> (usize, usize) {
        let (one, other) = (self.below(length + 1), self.below(length + 1));
        (one.min(other), one.max(other))
    }
}
