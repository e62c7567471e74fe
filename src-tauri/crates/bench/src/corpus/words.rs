//! Invented words, and chance that repeats itself.

use std::collections::HashSet;

/// How many different words there are.
const WORDS: usize = 40_000;

/// Numbers that look random and follow from a seed (SplitMix64).
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to, but not, `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// From 0 up to, but not, 1.
    pub(crate) fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// One of a list.
    pub(crate) fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        let place = self.below(list.len() as u64) as usize;
        list.get(place).copied().unwrap_or_default()
    }
}

/// A distribution over 0..n.
pub(crate) struct Draw {
    up_to: Vec<f64>,
}

impl Draw {
    /// Zipf's: place `i` has the weight 1 / (i + 3)^exponent. The three flattens the very top.
    pub(crate) fn zipf(n: usize, exponent: f64) -> Self {
        let mut sum = 0.0;
        let mut up_to: Vec<f64> = (0..n)
            .map(|place| {
                sum += (place as f64 + 3.0).powf(-exponent);
                sum
            })
            .collect();
        for value in &mut up_to {
            *value /= sum;
        }
        Self { up_to }
    }

    pub(crate) fn draw(&self, rng: &mut Rng) -> usize {
        let at = rng.fraction();
        self.up_to
            .partition_point(|up_to| *up_to < at)
            .min(self.up_to.len().saturating_sub(1))
    }
}

/// Words that no language has, from Spanish and Portuguese syllables; the frequent ones are short.
pub(crate) struct Vocabulary {
    words: Vec<String>,
}

impl Vocabulary {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        let mut seen = HashSet::new();
        let mut words = Vec::with_capacity(WORDS);
        while words.len() < WORDS {
            let syllables = match words.len() {
                0..60 => 1,
                60..300 => 1 + rng.below(2),
                300..4_000 => 2,
                _ => 2 + rng.below(2),
            };
            let word: String = (0..syllables).map(|_| syllable(&mut rng)).collect();
            if seen.insert(word.clone()) {
                words.push(word);
            }
        }
        Self { words }
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// The `place`-th most frequent word.
    pub(crate) fn word(&self, place: usize) -> &str {
        self.words.get(place).map(String::as_str).unwrap_or_default()
    }
}

fn syllable(rng: &mut Rng) -> String {
    const ONSETS: [&str; 26] = [
        "b", "c", "d", "f", "g", "l", "m", "n", "p", "qu", "r", "s", "t", "v", "ch", "ll", "br", "tr", "pr",
        "cl", "", "j", "z", "nh", "lh", "ñ",
    ];
    const VOWELS: [&str; 18] = [
        "a", "e", "i", "o", "u", "a", "e", "o", "ie", "ue", "ão", "á", "é", "í", "ó", "ú", "ei", "ou",
    ];
    const CODAS: [&str; 9] = ["", "", "", "", "n", "s", "r", "l", "m"];
    [rng.of(&ONSETS), rng.of(&VOWELS), rng.of(&CODAS)].concat()
}
