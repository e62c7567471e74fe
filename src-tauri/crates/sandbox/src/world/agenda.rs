//! What is going to happen by itself, and when.
//!
//! Things due at the same moment happen in the order in which they were written down. The agenda is saved with
//! the world: a tick that was due while the practice shop was closed comes as soon as it opens.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::{ChatId, Number};
use crate::clock::Millis;

/// One thing to be done.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Duty {
    /// WhatsApp has taken a message of the shop.
    Sent { message: String },
    /// WhatsApp gives a message of the shop up: nobody is behind that number.
    Failed { message: String },
    /// It is on its recipients' phones.
    Delivered { message: String },
    /// A person opens a chat.
    Opens { chat: ChatId, person: Number },
    /// A person answers what the shop wrote.
    Answers { chat: ChatId, person: Number },
    /// Somebody writes to the shop without being asked.
    SomebodyWrites,
}

/// The list of things to come, by time and then by the order in which they were noted.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Agenda {
    next_order: u64,
    #[serde(with = "as_list")]
    appointments: BTreeMap<(Millis, u64), Duty>,
    /// How often each thing stands in it, so that asking does not mean reading all of it.
    #[serde(skip)]
    noted: HashMap<Duty, usize>,
}

impl Agenda {
    /// Writes something down for `at`.
    pub(crate) fn note(&mut self, at: Millis, duty: Duty) {
        self.next_order += 1;
        *self.noted.entry(duty.clone()).or_default() += 1;
        self.appointments.insert((at, self.next_order), duty);
    }

    /// Whether exactly this is still to come.
    pub(crate) fn has(&self, duty: &Duty) -> bool {
        self.noted.contains_key(duty)
    }

    /// Counts again after it was loaded.
    pub(crate) fn recount(&mut self) {
        self.noted.clear();
        for duty in self.appointments.values() {
            *self.noted.entry(duty.clone()).or_default() += 1;
        }
    }

    /// Crosses out whatever `crossed` picks.
    pub(crate) fn cross_out(&mut self, crossed: impl Fn(&Duty) -> bool) {
        self.appointments.retain(|_, duty| !crossed(duty));
        self.noted.retain(|duty, _| !crossed(duty));
    }

    /// When the next thing is due.
    pub(crate) fn due(&self) -> Option<Millis> {
        self.appointments.first_key_value().map(|((at, _), _)| *at)
    }

    /// Takes the first thing that is due by `now`.
    pub(crate) fn take_due(&mut self, now: Millis) -> Option<Duty> {
        let first = self.appointments.first_entry()?;
        if first.key().0 > now {
            return None;
        }
        let duty = first.remove();
        if let Some(count) = self.noted.get_mut(&duty) {
            *count -= 1;
            if *count == 0 {
                self.noted.remove(&duty);
            }
        }
        Some(duty)
    }
}

/// JSON has no keys but strings: the appointments are saved as a list.
mod as_list {
    use std::collections::BTreeMap;

    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use super::{Duty, Millis};

    type Appointments = BTreeMap<(Millis, u64), Duty>;

    pub(super) fn serialize<S: Serializer>(list: &Appointments, serializer: S) -> Result<S::Ok, S::Error> {
        list.iter().collect::<Vec<_>>().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Appointments, D::Error> {
        Ok(Vec::<((Millis, u64), Duty)>::deserialize(deserializer)?
            .into_iter()
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{Agenda, Duty};

    #[test]
    fn what_is_due_together_happens_in_the_order_it_was_noted() {
        let sent = Duty::Sent {
            message: "a".to_owned(),
        };
        let delivered = Duty::Delivered {
            message: "a".to_owned(),
        };
        let mut agenda = Agenda::default();
        agenda.note(5, sent.clone());
        agenda.note(5, delivered.clone());
        agenda.note(9, Duty::SomebodyWrites);

        let done: Vec<Duty> = std::iter::from_fn(|| agenda.take_due(5)).collect();

        assert_eq!(
            done,
            [sent, delivered],
            "sent comes before delivered, and nothing comes before its time"
        );
    }
}
