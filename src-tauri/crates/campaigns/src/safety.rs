//! How risky is a campaign for the shop's number? Local, and it explains itself.
//!
//! | Sign | weight | fine at | wholly bad at |
//! |---|---|---|---|
//! | Replies: of those written to lately, who answered, but not to be left alone | 15 | 30 % | 2 % |
//! | Known: of the recipients, who ever wrote to us | 15 | 80 % | 10 % |
//! | Number age: days in use | 15 | 60 | 3 |
//! | Failures: of what was sent lately, what failed | 15 | 1 % | 15 % |
//! | Opt-outs: of those written to lately, who asked to be left alone, or may have | 10 | 0.5 % | 5 % |
//! | Unanswered: recipients who left our last three messages without an answer | 10 | 5 % | 50 % |
//! | Repeated: recipients to whom a campaign wrote in the last seven days | 10 | 0 % | 40 % |
//! | Length of the text, in characters | 4 | 600 | 2 000 |
//! | Links in the text; one that hides its target is wholly bad | 6 | 0 | 3 |
//!
//! Between fine and bad a sign counts in proportion. What is not known yet counts half: a new number is neither safe nor lost.
//! The sum, of 100, is the reading; from [`RAISED`] and from [`HIGH`] on it has another level. A sign that is wholly bad and
//! weighs 15 or more raises the level by itself.
//!
//! The limits are a careful shop's, not WhatsApp's: those are not published. The meter advises; only the [`brake`] acts.

pub mod brake;
mod links;

use serde::{Deserialize, Serialize};

pub use links::{Links, links_in};

/// From this reading on the risk is raised.
pub const RAISED: f64 = 25.0;

/// From this reading on the risk is high.
pub const HIGH: f64 = 50.0;

/// Fewer messages than this say nothing about rates.
const TOO_FEW: u32 = 20;

/// What is known before, and at any moment of, a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Facts {
    /// Who is to be written to.
    pub recipients: u32,
    /// Of them, who ever wrote to us.
    pub known: u32,
    /// Of them, who left our last three messages or more unanswered.
    pub unanswered: u32,
    /// Of them, to whom a campaign wrote in the last seven days.
    pub repeated: u32,
    /// Days since the number is in use, if known.
    pub number_age: Option<u32>,
    /// Of campaigns of the last thirty days, this one included: messages with an outcome.
    pub lately: u32,
    /// Of these, answered by somebody who does not ask to be left alone.
    pub lately_replied: u32,
    /// Of these, answered by somebody who asks for that, or may.
    pub lately_opted_out: u32,
    /// Of these, failed.
    pub lately_failed: u32,
    /// Characters of the longest text.
    pub text_chars: u32,
    /// Links in the text.
    pub links: Links,
}

/// What the meter shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// 0 (no risk seen) to 100.
    pub risk: f64,
    /// In a word.
    pub level: Level,
    /// All signs, the heaviest first.
    pub signs: Vec<Sign>,
}

/// How much risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing speaks against it.
    Low,
    /// Look at the signs first.
    Raised,
    /// Better not like this.
    High,
}

/// One reason for the reading.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sign {
    /// What was looked at.
    pub kind: SignKind,
    /// What was found, in the unit of its kind; none: not known yet.
    pub found: Option<f64>,
    /// What it adds to the risk: 0 to `weight`.
    pub points: f64,
    /// The most that it can add.
    pub weight: u8,
    /// In a word.
    pub verdict: Verdict,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignKind {
    /// Percent of messages of late that were answered by people who do not ask to be left alone.
    Replies,
    /// Percent of recipients who ever wrote to us.
    Known,
    /// Days since the number is in use.
    NumberAge,
    /// Percent of messages of late that failed.
    Failures,
    /// Percent of messages of late after which somebody asked to be left alone.
    OptOuts,
    /// Percent of recipients who do not answer.
    Unanswered,
    /// Percent of recipients to whom a campaign wrote a short time ago.
    Repeated,
    /// Characters.
    TextLength,
    /// Links.
    Links,
    /// Links that hide where they lead.
    HiddenLinks,
}

/// What a sign says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Adds nothing.
    Fine,
    /// Adds something.
    Watch,
    /// Adds all that it can.
    Bad,
    /// Not known yet: adds half.
    Unknown,
}

/// Where a sign is fine and where it is wholly bad.
struct Scale {
    kind: SignKind,
    weight: u8,
    fine: f64,
    bad: f64,
}

const fn scale(kind: SignKind, weight: u8, fine: f64, bad: f64) -> Scale {
    Scale {
        kind,
        weight,
        fine,
        bad,
    }
}

const REPLIES: Scale = scale(SignKind::Replies, 15, 30.0, 2.0);
const KNOWN: Scale = scale(SignKind::Known, 15, 80.0, 10.0);
const NUMBER_AGE: Scale = scale(SignKind::NumberAge, 15, 60.0, 3.0);
const FAILURES: Scale = scale(SignKind::Failures, 15, 1.0, 15.0);
const OPT_OUTS: Scale = scale(SignKind::OptOuts, 10, 0.5, 5.0);
const UNANSWERED: Scale = scale(SignKind::Unanswered, 10, 5.0, 50.0);
const REPEATED: Scale = scale(SignKind::Repeated, 10, 0.0, 40.0);
const TEXT_LENGTH: Scale = scale(SignKind::TextLength, 4, 600.0, 2_000.0);
const LINKS: Scale = scale(SignKind::Links, 6, 0.0, 3.0);
const HIDDEN_LINKS: Scale = scale(SignKind::HiddenLinks, 6, 0.0, 1.0);

/// A sign that weighs so much and is wholly bad raises the level by itself.
const HEAVY: u8 = 15;

/// Reads the meter.
pub fn read(facts: &Facts) -> Reading {
    let of_recipients = |part| percent(part, facts.recipients, 1);
    let of_lately = |part| percent(part, facts.lately, TOO_FEW);
    let links = match facts.links.hidden {
        0 => LINKS.judges(Some(f64::from(facts.links.count))),
        hidden => HIDDEN_LINKS.judges(Some(f64::from(hidden))),
    };
    let mut signs = vec![
        REPLIES.judges(of_lately(facts.lately_replied)),
        KNOWN.judges(of_recipients(facts.known)),
        NUMBER_AGE.judges(facts.number_age.map(f64::from)),
        FAILURES.judges(of_lately(facts.lately_failed)),
        OPT_OUTS.judges(of_lately(facts.lately_opted_out)),
        UNANSWERED.judges(of_recipients(facts.unanswered)),
        REPEATED.judges(of_recipients(facts.repeated)),
        TEXT_LENGTH.judges(Some(f64::from(facts.text_chars))),
        links,
    ];
    let risk = signs.iter().map(|sign| sign.points).sum();
    let level = level(risk, &signs);
    signs.sort_by(|one, other| other.points.total_cmp(&one.points));
    Reading { risk, level, signs }
}

fn level(risk: f64, signs: &[Sign]) -> Level {
    let heavy = signs
        .iter()
        .any(|sign| sign.verdict == Verdict::Bad && sign.weight >= HEAVY);
    match risk {
        risk if risk >= HIGH => Level::High,
        risk if risk >= RAISED || heavy => Level::Raised,
        _ => Level::Low,
    }
}

/// `part` of `whole`, if the whole is large enough to say anything.
fn percent(part: u32, whole: u32, least: u32) -> Option<f64> {
    (whole >= least).then(|| f64::from(part.min(whole)) * 100.0 / f64::from(whole))
}

impl Scale {
    fn judges(&self, found: Option<f64>) -> Sign {
        let share = found.map(|found| ((found - self.fine) / (self.bad - self.fine)).clamp(0.0, 1.0));
        let verdict = match share {
            None => Verdict::Unknown,
            Some(share) if share <= 0.0 => Verdict::Fine,
            Some(share) if share >= 1.0 => Verdict::Bad,
            Some(_) => Verdict::Watch,
        };
        Sign {
            kind: self.kind,
            found,
            points: share.unwrap_or(0.5) * f64::from(self.weight),
            weight: self.weight,
            verdict,
        }
    }
}

#[cfg(test)]
mod tests;
