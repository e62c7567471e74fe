//! How receipts are told: at once and in order, or as they come in the wild.
//!
//! A receipt takes effect when it is due; what a gateway *tells* of it may be late, out of order, or doubled. Only
//! the telling is touched here: whoever asks for a message or its statuses is told the truth of the moment.

use serde::{Deserialize, Serialize};

use super::{Event, Progress, World};
use crate::clock::Millis;

/// How a gateway tells receipts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptManner {
    /// Each is told so many milliseconds after it took effect.
    #[serde(default)]
    pub late_ms: u64,
    /// Lower steps are held back longer than higher ones, by so many milliseconds a step: *read* is told before
    /// *delivered*, and that before *sent*.
    #[serde(default)]
    pub reordered_ms: u64,
    /// Each is told twice.
    #[serde(default)]
    pub duplicated: bool,
}

/// The manner of the moment and what is being held back.
#[derive(Clone, Debug, Default)]
pub(super) struct Telling {
    manner: ReceiptManner,
    held: Vec<(Millis, Event)>,
}

impl World {
    /// From now on receipts are told so. What is held back already keeps its time.
    pub(crate) fn tell_receipts(&mut self, manner: ReceiptManner) {
        self.manner.manner = manner;
        self.revision += 1;
    }

    /// Tells a receipt in the manner of the moment.
    pub(super) fn tell_climbed(&mut self, event: Event, progress: Progress, at: Millis) {
        let ReceiptManner {
            late_ms,
            reordered_ms,
            duplicated,
        } = self.manner.manner;
        let steps_below = u64::from(6_u8.saturating_sub(progress.wire().1));
        let wait = late_ms.saturating_add(reordered_ms.saturating_mul(steps_below));
        for _ in 0..=u8::from(duplicated) {
            if wait == 0 {
                self.tell_if_linked(event.clone());
            } else {
                self.revision += 1;
                self.manner.held.push((at.saturating_add(wait), event.clone()));
            }
        }
    }

    /// When the next receipt that is held back is to be told.
    pub(super) fn held_until(&self) -> Option<Millis> {
        self.manner.held.iter().map(|(until, _)| *until).min()
    }

    /// Tells what was held back long enough, the longest due first.
    pub(super) fn tell_held(&mut self, now: Millis) {
        if self.manner.held.is_empty() {
            return;
        }
        let (mut due, held): (Vec<_>, Vec<_>) = std::mem::take(&mut self.manner.held)
            .into_iter()
            .partition(|(until, _)| *until <= now);
        self.manner.held = held;
        due.sort_by_key(|(until, _)| *until);
        due.into_iter().for_each(|(_, event)| self.tell_if_linked(event));
    }
}
