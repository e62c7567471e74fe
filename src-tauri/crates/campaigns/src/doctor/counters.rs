//! How many rows have which verdict.

use std::collections::BTreeMap;

use super::{Diagnosis, Verdict};
use crate::numbers::{NotANumber, Repair};

/// Each row is in exactly one of the counters from `good` to `not_on_whatsapp`, so that they add up to `rows`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counters {
    /// Rows that were examined, without the header.
    pub rows: u32,
    /// [`Verdict::Good`]
    pub good: u32,
    /// [`Verdict::Repaired`]
    pub repaired: u32,
    /// [`Verdict::Proposed`]
    pub proposed: u32,
    /// [`Verdict::Several`]
    pub several: u32,
    /// [`Verdict::NeedsCountry`]
    pub needs_country: u32,
    /// [`Verdict::Refused`]
    pub refused: u32,
    /// [`Verdict::NotANumber`]
    pub not_a_number: u32,
    /// [`Verdict::Duplicate`]
    pub duplicates: u32,
    /// [`Verdict::OptedOut`]
    pub opted_out: u32,
    /// [`Verdict::Blocked`]
    pub blocked: u32,
    /// [`Verdict::NotOnWhatsApp`]
    pub not_on_whatsapp: u32,
    /// The repaired and proposed rows by what is done to them; a row may have more than one repair.
    pub by_repair: BTreeMap<Repair, Repairs>,
    /// The rows without a number by the reason; they add up to `not_a_number`.
    pub by_reason: BTreeMap<NotANumber, u32>,
}

/// How many rows have one kind of repair.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Repairs {
    /// Done: certain, or accepted.
    pub done: u32,
    /// In rows that wait for a decision.
    pub proposed: u32,
}

impl Counters {
    /// How many people are in the audience.
    pub fn audience(&self) -> u32 {
        self.good + self.repaired
    }

    /// Rows that a decision may bring in.
    pub fn waiting(&self) -> u32 {
        self.proposed + self.several + self.needs_country
    }

    /// Rows that stay out.
    pub fn left_out(&self) -> u32 {
        self.refused
            + self.not_a_number
            + self.duplicates
            + self.opted_out
            + self.blocked
            + self.not_on_whatsapp
    }

    pub(super) fn count(&mut self, diagnosis: &Diagnosis) {
        self.rows += 1;
        *self.counter(diagnosis.verdict) += 1;
        if let Verdict::NotANumber(why) = diagnosis.verdict {
            *self.by_reason.entry(why).or_default() += 1;
        }
        for repair in &diagnosis.repairs {
            let repairs = self.by_repair.entry(*repair).or_default();
            match diagnosis.verdict {
                Verdict::Repaired => repairs.done += 1,
                Verdict::Proposed => repairs.proposed += 1,
                _ => {}
            }
        }
    }

    fn counter(&mut self, verdict: Verdict) -> &mut u32 {
        match verdict {
            Verdict::Good => &mut self.good,
            Verdict::Repaired => &mut self.repaired,
            Verdict::Proposed => &mut self.proposed,
            Verdict::Several => &mut self.several,
            Verdict::NeedsCountry => &mut self.needs_country,
            Verdict::Refused => &mut self.refused,
            Verdict::NotANumber(_) => &mut self.not_a_number,
            Verdict::Duplicate { .. } => &mut self.duplicates,
            Verdict::OptedOut => &mut self.opted_out,
            Verdict::Blocked => &mut self.blocked,
            Verdict::NotOnWhatsApp => &mut self.not_on_whatsapp,
        }
    }
}
