//! Many customers writing at once, or so many messages a second: a busy morning on order.
//!
//! Messages go round among the customers, each with a number of its own in its text, so that a test can tell which
//! of them it has. At a pace they are written in steps of a tenth of a second, by the moments that have passed and
//! not by counting steps: a computer that falls behind catches up.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    branch::Branch,
    clock::{self, Millis},
    world::{ChatId, Content, Number, Person},
};

const STEP: Duration = Duration::from_millis(100);

/// What is to be written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rush {
    /// These customers by their numbers; without any, the first `of`.
    #[serde(default)]
    customers: Vec<String>,
    /// How many customers write, when they are not named; all of them unless told.
    #[serde(default)]
    of: Option<usize>,
    /// How many messages in all.
    #[serde(default = "one")]
    pub(crate) count: usize,
    /// What each of them begins with.
    #[serde(default)]
    text: Option<String>,
    /// How many a second; without it, all at once.
    #[serde(default)]
    pub(crate) per_second: Option<u32>,
    /// At which device of the shop, from 0.
    #[serde(default)]
    pub(crate) device: usize,
}

fn one() -> usize {
    1
}

/// One message of a rush.
#[derive(Clone, Serialize)]
pub(crate) struct Written {
    id: String,
    customer: String,
    text: String,
}

impl Rush {
    /// Who writes; empty when nobody of that name is there.
    pub(crate) fn writers(&self, branch: &Branch) -> Vec<(Number, ChatId)> {
        branch.look(|world, _| {
            let writer = |person: &Person| (person.number.clone(), person.chat());
            if self.customers.is_empty() {
                let played = world.people().filter(|person| person.played);
                return played.take(self.of.unwrap_or(usize::MAX)).map(writer).collect();
            }
            self.customers
                .iter()
                .filter_map(|named| world.contact(named))
                .map(writer)
                .collect()
        })
    }

    /// Writes the messages with these numbers, in one step.
    pub(crate) fn write(
        &self,
        branch: &Branch,
        writers: &[(Number, ChatId)],
        numbers: std::ops::Range<usize>,
    ) -> Vec<Written> {
        let opening = self.text.as_deref().unwrap_or("Hola, ¿tienen pan?");
        branch.step(|world, now: Millis| {
            let written = numbers.filter_map(|number| {
                let (customer, chat) = writers.get(number % writers.len().max(1))?;
                let text = format!("{opening} {}", number + 1);
                let id = world.person_writes(customer, chat.clone(), Content::text(text.as_str()), now);
                Some(Written {
                    id,
                    customer: customer.to_string(),
                    text,
                })
            });
            written.collect()
        })
    }

    /// Writes all of them at the pace that was ordered.
    pub(crate) async fn write_at_pace(
        self,
        branch: Arc<Branch>,
        writers: Vec<(Number, ChatId)>,
        per_second: u32,
    ) {
        let began = clock::now();
        let mut written = 0;
        while written < self.count {
            let passed = clock::now().saturating_sub(began) + 1;
            let due = passed.saturating_mul(u64::from(per_second)).div_ceil(1000);
            let due = usize::try_from(due).unwrap_or(usize::MAX).min(self.count);
            if due > written {
                self.write(&branch, &writers, written..due);
                written = due;
            }
            clock::sleep(STEP).await;
        }
    }
}
