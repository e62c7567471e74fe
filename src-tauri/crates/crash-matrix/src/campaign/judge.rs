//! What a killed campaign is judged by: a pure function of the list that was brought, of what the practice shop's ledger says was
//! delivered, and of how the program shows each person.
//!
//! | Finding | when |
//! |---|---|
//! | lost | somebody of the list is not shown at all; or is shown as sent and got nothing; or got it and is not shown |
//! | twice | somebody got it more than once, or is shown more than once |
//! | untrue | somebody is shown as failed or skipped who got it |
//! | unexplained | somebody is shown as failed or skipped for a reason that nothing of the run explains ([`EXPLAINED`], [`REFUSED`]) |
//! | unsettled | somebody is still waiting, or looked for, though nothing is in the way any more |
//!
//! An uncertain person whom a person is asked about is no finding: they are counted.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::text;
use crate::judge::Delivery;

/// Why somebody may have failed in such a run: the gateway failed at each of the tries.
pub const EXPLAINED: &[&str] = &["attempts_used_up"];
/// Why as many may have as the gateway was told to refuse.
pub const REFUSED: &str = "refused_content";

/// A person of a campaign as the program shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Their number in the campaign.
    pub id: i64,
    /// Their turn.
    pub place: usize,
    /// Where they are.
    pub state: String,
    /// Why they failed or were left out.
    pub reason: Option<String>,
    /// Uncertain, and nobody looks for it any more.
    pub needs_operator: bool,
}

impl Person {
    /// A row of the program's list.
    pub(super) fn read(row: &Value) -> Option<Self> {
        Some(Self {
            id: row["id"].as_i64()?,
            place: usize::try_from(row["place"].as_u64()?).ok()?,
            state: row["state"].as_str()?.to_owned(),
            reason: row["reason"].as_str().map(str::to_owned),
            needs_operator: row["needsOperator"].as_bool()?,
        })
    }
}

/// All of a run.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Case {
    /// The run's name, which is in each text.
    pub name: String,
    /// How many people were on the list.
    pub recipients: usize,
    /// How the program shows them.
    pub people: Vec<Person>,
    /// What people got.
    pub ledger: Vec<Delivery>,
    /// So many messages the gateway was told to refuse at the most.
    pub refusals: usize,
}

/// What a run found: turns of people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// People who got it.
    pub sent: usize,
    /// Lost.
    pub lost: Vec<usize>,
    /// Twice.
    pub twice: Vec<usize>,
    /// Shown as uncertain.
    pub uncertain: usize,
    /// Shown as failed or left out.
    pub failed: usize,
    /// How many of them for which reason.
    pub reasons: BTreeMap<String, usize>,
    /// For a reason that nothing explains.
    pub unexplained: Vec<usize>,
    /// Shown as what they are not.
    pub untrue: Vec<usize>,
    /// Not come to rest.
    pub unsettled: Vec<usize>,
    /// Campaigns that did not finish after everything was settled.
    pub unfinished: usize,
    /// Campaigns whose own proof does not hold.
    pub unproven: usize,
    /// How often a person had to resume what the brake had paused.
    pub resumed: usize,
    /// Lines of the log that hold what nobody may read there.
    pub logged: Vec<String>,
}

impl Verdict {
    /// Nothing was found.
    pub fn is_clean(&self) -> bool {
        let found = [
            &self.lost,
            &self.twice,
            &self.untrue,
            &self.unexplained,
            &self.unsettled,
        ];
        found.iter().all(|found| found.is_empty())
            && self.unfinished + self.unproven == 0
            && self.logged.is_empty()
    }

    /// This one and another.
    pub fn and(mut self, other: Self) -> Self {
        self.sent += other.sent;
        self.uncertain += other.uncertain;
        self.failed += other.failed;
        self.unfinished += other.unfinished;
        self.unproven += other.unproven;
        self.resumed += other.resumed;
        for (reason, people) in other.reasons {
            *self.reasons.entry(reason).or_default() += people;
        }
        self.unexplained.extend(other.unexplained);
        self.lost.extend(other.lost);
        self.twice.extend(other.twice);
        self.untrue.extend(other.untrue);
        self.unsettled.extend(other.unsettled);
        self.logged.extend(other.logged);
        self
    }
}

/// Judges a run.
pub fn judge(case: &Case) -> Verdict {
    let mut got: BTreeMap<&str, usize> = BTreeMap::new();
    for delivery in &case.ledger {
        *got.entry(delivery.body.as_str()).or_default() += 1;
    }
    let mut shown: BTreeMap<usize, Vec<&Person>> = BTreeMap::new();
    for person in &case.people {
        shown.entry(person.place).or_default().push(person);
    }
    let mut verdict = Verdict::default();
    let mut refusals = case.refusals;
    for place in 0..case.recipients {
        let times = got
            .get(text(&case.name, place).as_str())
            .copied()
            .unwrap_or_default();
        let people = shown.get(&place).map_or(&[][..], Vec::as_slice);
        verdict.add(place, times, people, &mut refusals);
    }
    verdict
}

impl Verdict {
    /// `refusals`: so many more of them would be no wonder.
    fn add(&mut self, place: usize, times: usize, people: &[&Person], refusals: &mut usize) {
        self.sent += usize::from(times > 0);
        if times > 1 || people.len() > 1 {
            self.twice.push(place);
        }
        let Some(person) = people.first() else {
            self.lost.push(place);
            return;
        };
        match (person.state.as_str(), times) {
            ("sent" | "delivered" | "read" | "replied", 0) => self.lost.push(place),
            ("sent" | "delivered" | "read" | "replied", _) => {}
            ("uncertain", _) if person.needs_operator => self.uncertain += 1,
            ("failed" | "skipped" | "opted_out", 0) => {
                let reason = person.reason.as_deref().unwrap_or(person.state.as_str());
                self.failed += 1;
                *self.reasons.entry(reason.to_owned()).or_default() += 1;
                if reason == REFUSED && *refusals > 0 {
                    *refusals -= 1;
                } else if !EXPLAINED.contains(&reason) {
                    self.unexplained.push(place);
                }
            }
            ("failed" | "skipped" | "opted_out", _) => self.untrue.push(place),
            _ => self.unsettled.push(place),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(place: usize, state: &str) -> Person {
        Person {
            id: 1,
            place,
            state: state.to_owned(),
            reason: None,
            needs_operator: state == "uncertain",
        }
    }

    fn got(place: usize) -> Delivery {
        Delivery {
            recipient: format!("519{place:08}"),
            body: text("run", place),
        }
    }

    fn judged(people: Vec<Person>, ledger: Vec<Delivery>) -> Verdict {
        judge(&Case {
            name: "run".to_owned(),
            recipients: 1,
            people,
            ledger,
            refusals: 0,
        })
    }

    #[test]
    fn one_who_got_it_once_and_is_shown_so_is_fine() {
        let verdict = judged(vec![person(0, "delivered")], vec![got(0)]);
        assert!(verdict.is_clean() && verdict.sent == 1, "{verdict:?}");
    }

    #[test]
    fn a_double_delivery_is_found_whatever_is_shown() {
        for state in ["sent", "uncertain", "failed"] {
            let verdict = judged(vec![person(0, state)], vec![got(0), got(0)]);
            assert_eq!(verdict.twice, [0], "shown as {state}");
        }
        let verdict = judged(vec![person(0, "sent"), person(0, "sent")], vec![got(0)]);
        assert_eq!(verdict.twice, [0], "two rows of one person");
    }

    #[test]
    fn one_who_is_shown_as_sent_and_got_nothing_is_lost() {
        for state in ["sent", "delivered", "read", "replied"] {
            assert_eq!(
                judged(vec![person(0, state)], vec![]).lost,
                [0],
                "shown as {state}"
            );
        }
        assert_eq!(judged(vec![], vec![got(0)]).lost, [0], "not shown at all");
    }

    #[test]
    fn one_who_is_shown_as_failed_and_got_it_is_untrue() {
        for state in ["failed", "skipped", "opted_out"] {
            assert_eq!(
                judged(vec![person(0, state)], vec![got(0)]).untrue,
                [0],
                "shown as {state}"
            );
        }
    }

    #[test]
    fn one_who_is_left_out_is_counted_by_a_reason_that_the_run_explains() {
        let failed = |reason: Option<&str>| Person {
            reason: reason.map(str::to_owned),
            ..person(0, "failed")
        };
        let verdict = judged(vec![failed(Some("attempts_used_up"))], vec![]);
        assert!(
            verdict.is_clean() && verdict.reasons["attempts_used_up"] == 1,
            "{verdict:?}"
        );
        for reason in [Some("refused_content"), None] {
            let verdict = judged(vec![failed(reason)], vec![]);
            assert_eq!(verdict.unexplained, [0], "{reason:?}: nobody refused them");
        }
    }

    #[test]
    fn as_many_may_be_refused_as_the_gateway_was_told_to_refuse() {
        let refused = |place| Person {
            reason: Some(REFUSED.to_owned()),
            ..person(place, "failed")
        };
        let of = |people: Vec<Person>, ledger| {
            judge(&Case {
                name: "run".to_owned(),
                recipients: people.len(),
                people,
                ledger,
                refusals: 1,
            })
        };
        let verdict = of(vec![refused(0)], vec![]);
        assert!(verdict.is_clean() && verdict.failed == 1, "{verdict:?}");
        let verdict = of(vec![refused(0), refused(1)], vec![]);
        assert_eq!(verdict.unexplained, [1], "one more than that");
        assert_eq!(
            of(vec![refused(0)], vec![got(0)]).untrue,
            [0],
            "who got it was not"
        );
    }

    #[test]
    fn one_who_still_waits_is_unsettled_and_an_uncertain_one_is_counted() {
        for state in ["pending", "queued"] {
            assert_eq!(
                judged(vec![person(0, state)], vec![]).unsettled,
                [0],
                "shown as {state}"
            );
        }
        let looked_for = Person {
            needs_operator: false,
            ..person(0, "uncertain")
        };
        assert_eq!(
            judged(vec![looked_for], vec![got(0)]).unsettled,
            [0],
            "nobody is asked about them"
        );
        let verdict = judged(vec![person(0, "uncertain")], vec![got(0)]);
        assert!(
            verdict.is_clean() && verdict.uncertain == 1,
            "a person decides: {verdict:?}"
        );
    }
}
