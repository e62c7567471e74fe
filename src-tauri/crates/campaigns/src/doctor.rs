//! The import doctor: each row of a list gets one verdict, and nothing is stored.
//!
//! The rows are examined in their order, with what the operator has decided so far; after another decision they are
//! examined anew from the first one, by the same rules to the same verdicts. The first rule that fits a row decides:
//!
//! | Rule | Verdict | In the audience |
//! |---|---|---|
//! | the cell holds no number | [`Verdict::NotANumber`], with the reason | no |
//! | it holds one that lacks the country, and none is known | [`Verdict::NeedsCountry`] | waits |
//! | it holds several people's, and none was chosen: the row was refused | [`Verdict::Refused`] | no |
//! | … it was not | [`Verdict::Several`] | waits |
//! | the person does not want to be written to, under any spelling | [`Verdict::OptedOut`] | no |
//! | the person is blocked, under any spelling | [`Verdict::Blocked`] | no |
//! | each spelling of the number is known not to be on WhatsApp | [`Verdict::NotOnWhatsApp`] | no |
//! | the operator refuses the row, or one of its repairs | [`Verdict::Refused`] | no |
//! | an earlier row that is in the audience is the same person's, under any spelling | [`Verdict::Duplicate`] | no |
//! | one of its repairs is a guess that nobody has accepted | [`Verdict::Proposed`] | waits |
//! | it was repaired | [`Verdict::Repaired`] | yes |
//! | else | [`Verdict::Good`] | yes |
//!
//! So nobody is in an audience twice, and whoever opted out is not asked about. [`Counters`] count each row once.

mod counters;
mod decisions;

use std::collections::HashMap;

use mostrador_domain::Address;

pub use counters::Counters;
pub use decisions::{Answer, Decisions, RowAnswer};

use crate::numbers::{self, Country, NotANumber, Number, Person, Reading, Repair};
use crate::sheet::Row;

/// What is known of an address before a campaign, from strictest to none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Does not want campaigns.
    OptedOut,
    /// The shop has blocked it.
    Blocked,
    /// The gateway said that it has no WhatsApp, recently enough to be believed.
    NotOnWhatsApp,
    /// Nothing against it.
    Clear,
}

/// Whoever keeps what is known.
pub trait Known {
    /// Why it could not be looked up.
    type Error;

    /// What is known of this spelling; the doctor asks for each.
    fn standing(&mut self, address: &Address) -> Result<Standing, Self::Error>;
}

/// How the rows are to be read.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The first row that is handed in holds titles, or the one below the preamble.
    pub has_header: bool,
    /// So many rows stand above the titles, if there are titles; they are no customers.
    pub preamble: usize,
    /// The column of the telephone number, from 0.
    pub number: usize,
    /// For numbers without a country code; asked once for a file.
    pub country: Option<Country>,
    /// What was decided about repairs.
    pub decisions: Decisions,
}

impl Plan {
    /// How many rows are no customers: the titles, and what stands above them.
    pub fn leading(&self) -> usize {
        if self.has_header {
            self.preamble.saturating_add(1)
        } else {
            0
        }
    }

    /// What stands in the cell of a row, once the number that a person chose of several is the only one. Whoever judges a row, shows it
    /// or writes to it reads it here.
    pub fn read(&self, row: u32, cell: &str) -> Reading {
        let reading = numbers::read(cell, self.country);
        let (Reading::Several(all), Some(RowAnswer::Choose(chosen))) = (&reading, self.decisions.of_row(row))
        else {
            return reading;
        };
        match all.iter().find(|number| number.address() == chosen) {
            Some(number) => Reading::Repaired {
                number: number.clone(),
                repairs: vec![Repair::Chosen],
            },
            // It is not among them any more: the question is open again.
            None => reading,
        }
    }
}

/// The verdict on one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// In the audience as it was written.
    Good,
    /// In the audience after repairs that are certain or were accepted.
    Repaired,
    /// A repair waits for a decision.
    Proposed,
    /// Several people's numbers: one waits to be chosen.
    Several,
    /// The file's country has to be told first.
    NeedsCountry,
    /// The operator does not want it.
    Refused,
    /// No number.
    NotANumber(NotANumber),
    /// The person is in the audience already.
    Duplicate {
        /// The row that brought the person.
        of: u32,
        /// The number is spelled otherwise there.
        is_other_spelling: bool,
    },
    /// Does not want campaigns.
    OptedOut,
    /// Is blocked.
    Blocked,
    /// Has no WhatsApp.
    NotOnWhatsApp,
}

impl Verdict {
    /// The row's person is in the audience.
    pub fn is_in(self) -> bool {
        matches!(self, Self::Good | Self::Repaired)
    }

    /// A decision may bring the row's person into the audience.
    pub fn is_waiting(self) -> bool {
        matches!(self, Self::Proposed | Self::Several | Self::NeedsCountry)
    }
}

/// What was found out about one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The row's number in the file.
    pub row: u32,
    /// The verdict.
    pub verdict: Verdict,
    /// The numbers in the cell: one, several to choose from, or none.
    pub numbers: Vec<Number>,
    /// What is done to the cell, or would be.
    pub repairs: Vec<Repair>,
}

/// Examines the rows of one file, one after the other.
pub struct Doctor<'a, K> {
    plan: &'a Plan,
    known: K,
    /// So many rows to come are no customers.
    leading: usize,
    /// Who is in the audience, by which row, under which spelling.
    audience: HashMap<Person, (u32, Spelling)>,
    counters: Counters,
}

/// A number's digits: fifteen at the most.
type Spelling = u64;

impl<'a, K: Known> Doctor<'a, K> {
    /// A doctor who has seen no row yet.
    pub fn new(plan: &'a Plan, known: K) -> Self {
        Self {
            plan,
            known,
            leading: plan.leading(),
            audience: HashMap::new(),
            counters: Counters::default(),
        }
    }

    /// The verdict on the next row; `None` for the header and what stands above it. After an error the row may be handed in again.
    pub fn examine(&mut self, row: Row<'_>) -> Result<Option<Diagnosis>, K::Error> {
        if self.leading > 0 {
            self.leading -= 1;
            return Ok(None);
        }
        let cell = row.cells.get(self.plan.number).map_or("", String::as_str);
        let reading = self.plan.read(row.number, cell);
        let diagnosis = self.judge(row.number, reading)?;
        if let (true, [number]) = (diagnosis.verdict.is_in(), diagnosis.numbers.as_slice()) {
            self.audience
                .insert(number.person(), (row.number, spelling(number)));
        }
        self.counters.count(&diagnosis);
        Ok(Some(diagnosis))
    }

    /// The rows so far.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    fn judge(&mut self, row: u32, reading: Reading) -> Result<Diagnosis, K::Error> {
        let (number, repairs) = match reading {
            Reading::Good(number) => (number, Vec::new()),
            Reading::Repaired { number, repairs } => (number, repairs),
            Reading::Several(numbers) => {
                let is_refused = self.plan.decisions.of_row(row) == Some(&RowAnswer::Refuse);
                let verdict = if is_refused {
                    Verdict::Refused
                } else {
                    Verdict::Several
                };
                return Ok(diagnosis(row, verdict, numbers));
            }
            Reading::NeedsCountry => return Ok(diagnosis(row, Verdict::NeedsCountry, Vec::new())),
            Reading::NotANumber(why) => return Ok(diagnosis(row, Verdict::NotANumber(why), Vec::new())),
        };
        let verdict = self.verdict(row, &number, &repairs)?;
        Ok(Diagnosis {
            row,
            verdict,
            numbers: vec![number],
            repairs,
        })
    }

    fn verdict(&mut self, row: u32, number: &Number, repairs: &[Repair]) -> Result<Verdict, K::Error> {
        match self.standing(number)? {
            Standing::OptedOut => return Ok(Verdict::OptedOut),
            Standing::Blocked => return Ok(Verdict::Blocked),
            Standing::NotOnWhatsApp => return Ok(Verdict::NotOnWhatsApp),
            Standing::Clear => {}
        }
        let answer = self.plan.decisions.on(row, repairs);
        if answer == Some(Answer::Refuse) {
            return Ok(Verdict::Refused);
        }
        if let Some((of, written)) = self.audience.get(&number.person()) {
            return Ok(Verdict::Duplicate {
                of: *of,
                is_other_spelling: *written != spelling(number),
            });
        }
        Ok(match answer {
            None => Verdict::Proposed,
            Some(_) if repairs.is_empty() => Verdict::Good,
            Some(_) => Verdict::Repaired,
        })
    }

    /// Of the person: one spelling is enough to be left out, but only all of them are no WhatsApp.
    fn standing(&mut self, number: &Number) -> Result<Standing, K::Error> {
        let (mut is_blocked, mut is_reachable) = (false, false);
        for address in number.spellings() {
            match self.known.standing(&address)? {
                Standing::OptedOut => return Ok(Standing::OptedOut),
                Standing::Blocked => is_blocked = true,
                Standing::NotOnWhatsApp => {}
                Standing::Clear => is_reachable = true,
            }
        }
        Ok(match (is_blocked, is_reachable) {
            (true, _) => Standing::Blocked,
            (false, true) => Standing::Clear,
            (false, false) => Standing::NotOnWhatsApp,
        })
    }
}

fn diagnosis(row: u32, verdict: Verdict, numbers: Vec<Number>) -> Diagnosis {
    Diagnosis {
        row,
        verdict,
        numbers,
        repairs: Vec::new(),
    }
}

fn spelling(number: &Number) -> Spelling {
    let digits = number.address().phone_digits();
    digits.and_then(|digits| digits.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
