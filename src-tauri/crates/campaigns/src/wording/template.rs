//! What may stand in a text: words, and `{{ name | filter | … }}`. Anything else is refused here, with its place.

use serde::{Deserialize, Serialize};

/// The longest text, in characters: no gateway takes more.
const LONGEST: usize = 65_536;

/// More variables than anybody writes.
const MOST: usize = 200;

/// More filters on one variable than anybody writes. The engine goes into each within the one after it: thousands would end the program.
const MOST_FILTERS: usize = 10;

/// The filters without arguments.
const FILTERS: [&str; 5] = ["trim", "upper", "lower", "title", "first"];

/// A variable in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placeholder {
    /// As it is written.
    pub(super) name: String,
    /// A blank cell is no error.
    pub(super) has_fallback: bool,
}

/// Why a text cannot be used, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{fault:?} at character {at}")]
pub struct TemplateFault {
    /// The character at which it was noticed, from 0.
    pub at: usize,
    /// What it is.
    pub fault: Fault,
}

/// Why a text cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Nothing but blanks.
    Empty,
    /// Longer than any gateway takes.
    TooLong,
    /// More variables than a text may have.
    TooManyVariables,
    /// More filters than a variable may have.
    TooManyFilters,
    /// `{%` or `{#`: instructions and comments are not for messages.
    Instruction,
    /// `{{` without `}}`.
    Unclosed,
    /// `{{ }}`, or something that is no name.
    NotAName,
    /// A filter that there is not.
    UnknownFilter,
    /// A fallback is written `default("…")`, without backslashes or line ends.
    BadFallback,
    /// What follows belongs to no variable.
    Trailing,
    /// The engine does not understand it.
    NotUnderstood,
}

/// The variables of a text, in their order.
pub(super) fn scan(source: &str) -> Result<Vec<Placeholder>, TemplateFault> {
    let letters: Vec<char> = source.chars().take(LONGEST + 1).collect();
    let fault = |at, fault| Err(TemplateFault { at, fault });
    if letters.len() > LONGEST {
        return fault(LONGEST, Fault::TooLong);
    }
    if source.trim().is_empty() {
        return fault(0, Fault::Empty);
    }
    let mut found = Vec::new();
    let mut reader = Reader {
        letters: &letters,
        at: 0,
    };
    while let Some(letter) = reader.next() {
        match (letter, reader.peek()) {
            ('{', Some('%' | '#')) => return fault(reader.at - 1, Fault::Instruction),
            ('{', Some('{')) => found.push(reader.placeholder()?),
            _ => {}
        }
        if found.len() > MOST {
            return fault(reader.at, Fault::TooManyVariables);
        }
    }
    Ok(found)
}

/// May a name begin with this?
pub(super) fn begins_name(letter: char) -> bool {
    unicode_ident::is_xid_start(letter) || letter == '_'
}

struct Reader<'a> {
    letters: &'a [char],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += 1;
        Some(letter)
    }

    fn takes(&mut self, wanted: char) -> bool {
        let is = self.peek() == Some(wanted);
        self.at += usize::from(is);
        is
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(|letter| matches!(letter, ' ' | '\t')) {
            self.at += 1;
        }
    }

    fn fails<T>(&self, fault: Fault) -> Result<T, TemplateFault> {
        let fault = if self.at >= self.letters.len() {
            Fault::Unclosed
        } else {
            fault
        };
        Err(TemplateFault { at: self.at, fault })
    }

    /// From the second brace to the closing ones.
    fn placeholder(&mut self) -> Result<Placeholder, TemplateFault> {
        self.takes('{');
        let Some(name) = self.word() else {
            return self.fails(Fault::NotAName);
        };
        let mut has_fallback = false;
        let mut filters = 0;
        while self.takes('|') {
            if filters == MOST_FILTERS {
                return self.fails(Fault::TooManyFilters);
            }
            has_fallback |= self.filter()?;
            filters += 1;
        }
        if self.takes('}') && self.takes('}') {
            return Ok(Placeholder { name, has_fallback });
        }
        self.fails(Fault::Trailing)
    }

    /// A filter after its bar; whether it is a fallback.
    fn filter(&mut self) -> Result<bool, TemplateFault> {
        match self.word() {
            Some(name) if name == "default" && self.fallback() => Ok(true),
            Some(name) if name == "default" => self.fails(Fault::BadFallback),
            Some(name) if FILTERS.contains(&name.as_str()) => Ok(false),
            _ => self.fails(Fault::UnknownFilter),
        }
    }

    /// `("…")`.
    fn fallback(&mut self) -> bool {
        if !self.takes('(') {
            return false;
        }
        self.blanks();
        let Some(quote @ ('"' | '\'')) = self.next() else {
            return false;
        };
        while let Some(letter) = self.next() {
            match letter {
                '\\' | '\n' | '\r' => return false,
                letter if letter == quote => {
                    self.blanks();
                    let closed = self.takes(')');
                    self.blanks();
                    return closed;
                }
                _ => {}
            }
        }
        false
    }

    /// A name with the blanks around it.
    fn word(&mut self) -> Option<String> {
        self.blanks();
        let from = self.at;
        if !self.peek().is_some_and(begins_name) {
            return None;
        }
        while self.peek().is_some_and(unicode_ident::is_xid_continue) {
            self.at += 1;
        }
        let word = self.letters[from..self.at].iter().collect();
        self.blanks();
        Some(word)
    }
}
