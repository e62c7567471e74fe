//! What a run is judged by: a pure function of what was asked of the program, what the practice shop's ledger says was
//! delivered, what customers wrote, and what the program shows in the end.
//!
//! | Finding | when |
//! |---|---|
//! | lost | a message that the program took is neither in the ledger nor shown as waiting, failed or uncertain; or it was delivered and is not shown; or a customer's message is not shown |
//! | twice | somebody got it more than once, or it is shown more than once |
//! | untrue | it is shown as failed though it was delivered, or reached another chat than it was meant for |
//! | unexplained | it is shown as failed for a reason that the weather does not explain, or more are than it refused ([`Weather`]) |
//! | unsettled | it is still waiting, though nothing is in its way any more |
//! | logged | a line of the program's log holds the token, somebody's number or a text |
//!
//! An uncertain message is no finding: it is counted, and it has to be shown as one that a person decides on.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::logged;

/// A message that the operator asked the program to send. Its text is used once in a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// The text, or the words under the picture.
    pub body: String,
    /// Which chat, by its id in the program.
    pub chat: i64,
    /// The program said that it has taken it.
    pub taken: bool,
}

/// A message that a customer wrote. Its text is used once in a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    /// The text.
    pub body: String,
}

/// A line of the ledger: somebody got something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// The number of who got it.
    pub recipient: String,
    /// The text.
    pub body: String,
}

/// How the program shows a message of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Queued or being sent.
    Waiting,
    /// Sent, delivered, read.
    Gone,
    /// It will not be sent; a person may try again.
    Failed,
    /// It may or may not have gone; a person is asked.
    Uncertain,
    /// It may or may not have gone; the program is still looking.
    Looking,
}

/// A message as the program shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// In which chat.
    pub chat: i64,
    /// The text.
    pub body: String,
    /// Ours, and how it stands; `None` = a customer's.
    pub standing: Option<Standing>,
    /// Why it failed, in the program's word.
    pub failure: Option<String>,
}

/// What could make a message of ours fail: ordered of the practice shop over all lives, or done to the program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Weather {
    /// Answers that refuse a message for good.
    pub refusals: usize,
    /// Whatever may use up a try of a message: faults of any kind, and kills.
    pub tries: usize,
}

/// What a refusal that was ordered may be shown as: 400, 413, 415.
const REFUSED: &[&str] = &["refused_content", "too_large", "media_unsupported"];
/// What is shown once so many tries were in vain, and how many.
const USED_UP: (&str, usize) = ("attempts_used_up", 8);

impl Weather {
    /// The same and this too.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            refusals: self.refusals + other.refusals,
            tries: self.tries + other.tries,
        }
    }

    /// Is one more failure of this kind its doing? Each takes something of it.
    fn explains(&mut self, failure: Option<&str>) -> bool {
        let (left, price) = match failure {
            Some(code) if REFUSED.contains(&code) => (&mut self.refusals, 1),
            Some(code) if code == USED_UP.0 => (&mut self.tries, USED_UP.1),
            _ => return false,
        };
        match left.checked_sub(price) {
            Some(rest) => *left = rest,
            None => return false,
        }
        true
    }
}

/// All of a run.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Case {
    /// What the operator asked for.
    pub asked: Vec<Asked>,
    /// What customers wrote.
    pub written: Vec<Written>,
    /// What people got.
    pub ledger: Vec<Delivery>,
    /// What the program shows.
    pub shown: Vec<Shown>,
    /// How many messages the program's own file holds as uncertain.
    pub uncertain_in_store: usize,
    /// Files that the program set aside because they were damaged.
    pub set_aside: usize,
    /// What went wrong on purpose.
    pub weather: Weather,
    /// What the program has logged in all its lives.
    #[serde(skip)]
    pub log: Vec<String>,
    /// What may not stand there, beside the texts: the token, people's numbers.
    #[serde(skip)]
    pub secrets: Vec<String>,
}

/// What a run found; the texts are the runner's own inventions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Messages of ours that somebody got.
    pub sent: usize,
    /// Customers' messages that are shown, each once.
    pub received: usize,
    /// Lost.
    pub lost: Vec<String>,
    /// Sent or shown twice.
    pub twice: Vec<String>,
    /// Shown as uncertain.
    pub uncertain: usize,
    /// Shown as failed, for a reason that the weather explains.
    pub failed: usize,
    /// Shown as failed, and nothing explains it.
    pub unexplained: Vec<String>,
    /// Shown as what they are not.
    pub untrue: Vec<String>,
    /// Not come to rest.
    pub unsettled: Vec<String>,
    /// Uncertain in the program's file and not shown as such.
    pub hidden_uncertain: usize,
    /// Files of the program's that were damaged.
    pub damaged: usize,
    /// Lines of the log that hold what nobody may read there.
    pub logged: Vec<String>,
}

impl Verdict {
    /// Nothing was found.
    pub fn is_clean(&self) -> bool {
        self.lost.is_empty()
            && self.twice.is_empty()
            && self.untrue.is_empty()
            && self.unexplained.is_empty()
            && self.unsettled.is_empty()
            && self.hidden_uncertain == 0
            && self.damaged == 0
            && self.logged.is_empty()
    }

    /// Did anything go either way? A run in which nobody wrote proves nothing.
    pub fn has_traffic(&self) -> bool {
        self.sent > 0 && self.received > 0
    }

    /// The findings of two runs together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.sent += other.sent;
        self.received += other.received;
        self.uncertain += other.uncertain;
        self.failed += other.failed;
        self.hidden_uncertain += other.hidden_uncertain;
        self.damaged += other.damaged;
        self.lost.extend(other.lost);
        self.twice.extend(other.twice);
        self.untrue.extend(other.untrue);
        self.unexplained.extend(other.unexplained);
        self.unsettled.extend(other.unsettled);
        self.logged.extend(other.logged);
        self
    }
}

/// Judges a run.
pub fn judge(case: &Case) -> Verdict {
    let ours = by_body(case.shown.iter().filter(|shown| shown.standing.is_some()));
    let theirs = by_body(case.shown.iter().filter(|shown| shown.standing.is_none()));
    let got = deliveries(&case.ledger);
    let mut verdict = Verdict::default();
    let mut weather = case.weather;
    for asked in &case.asked {
        let shown = ours.get(asked.body.as_str()).map_or(&[][..], Vec::as_slice);
        let got = got.get(asked.body.as_str());
        judge_ours(asked, shown, got, &mut weather, &mut verdict);
    }
    for written in &case.written {
        match theirs.get(written.body.as_str()).map_or(0, Vec::len) {
            0 => verdict.lost.push(written.body.clone()),
            1 => verdict.received += 1,
            _ => verdict.twice.push(written.body.clone()),
        }
    }
    judge_addressees(case, &mut verdict);
    verdict.hidden_uncertain = case.uncertain_in_store.saturating_sub(verdict.uncertain);
    verdict.damaged = case.set_aside;
    verdict.logged = judge_log(case);
    verdict
}

/// The texts of a run have their beginnings in common: they end with a number of their own.
fn judge_log(case: &Case) -> Vec<String> {
    let asked = case.asked.iter().map(|asked| asked.body.as_str());
    let bodies = asked.chain(case.written.iter().map(|written| written.body.as_str()));
    let beginnings: BTreeSet<&str> = bodies
        .map(|body| body.trim_end_matches(|end: char| end.is_ascii_digit()))
        .collect();
    let secrets = case.secrets.iter().map(String::as_str);
    logged::holding(&case.log, secrets.chain(beginnings.iter().copied()))
}

/// How often each text reached each person.
type Deliveries<'a> = BTreeMap<&'a str, BTreeMap<&'a str, usize>>;

fn deliveries(ledger: &[Delivery]) -> Deliveries<'_> {
    let mut got = Deliveries::new();
    for delivery in ledger {
        let people = got.entry(&delivery.body).or_default();
        *people.entry(&delivery.recipient).or_default() += 1;
    }
    got
}

fn by_body<'a>(shown: impl Iterator<Item = &'a Shown>) -> BTreeMap<&'a str, Vec<&'a Shown>> {
    let mut rows = BTreeMap::<&str, Vec<&Shown>>::new();
    for row in shown {
        rows.entry(&row.body).or_default().push(row);
    }
    rows
}

fn judge_ours(
    asked: &Asked,
    shown: &[&Shown],
    got: Option<&BTreeMap<&str, usize>>,
    weather: &mut Weather,
    verdict: &mut Verdict,
) {
    let name = || asked.body.clone();
    let most = got.and_then(|people| people.values().max()).copied().unwrap_or(0);
    verdict.sent += usize::from(most > 0);
    if most > 1 || shown.len() > 1 {
        verdict.twice.push(name());
        return;
    }
    let standing = shown.first().and_then(|row| row.standing);
    match (most > 0, standing) {
        (true, None) => verdict.lost.push(name()),
        (false, None) if asked.taken => verdict.lost.push(name()),
        (false, Some(Standing::Gone)) => verdict.lost.push(name()),
        (true, Some(Standing::Failed)) => verdict.untrue.push(name()),
        (_, Some(Standing::Waiting | Standing::Looking)) => verdict.unsettled.push(name()),
        (_, Some(Standing::Uncertain)) => verdict.uncertain += 1,
        (false, Some(Standing::Failed)) => {
            let failure = shown.first().and_then(|row| row.failure.as_deref());
            if weather.explains(failure) {
                verdict.failed += 1;
            } else {
                let why = failure.unwrap_or("no reason");
                verdict.unexplained.push(format!("{}: {why}", asked.body));
            }
        }
        (false, None) | (true, Some(Standing::Gone)) => {}
    }
}

/// Each chat is one person's: what was asked for in it must have reached nobody else.
fn judge_addressees(case: &Case, verdict: &mut Verdict) {
    let chats: BTreeMap<&str, i64> = case
        .asked
        .iter()
        .map(|asked| (asked.body.as_str(), asked.chat))
        .collect();
    let mut reached = BTreeMap::<i64, BTreeSet<&str>>::new();
    for delivery in &case.ledger {
        match chats.get(delivery.body.as_str()) {
            Some(&chat) => drop(reached.entry(chat).or_default().insert(&delivery.recipient)),
            // Nobody asked for it.
            None => verdict.untrue.push(delivery.body.clone()),
        }
    }
    let strays = reached.iter().filter(|(_, people)| people.len() > 1);
    verdict
        .untrue
        .extend(strays.map(|(chat, people)| format!("chat {chat} reached {} people", people.len())));
}

#[cfg(test)]
mod tests;
