//! Too many failures in a short time: the run is paused before the number suffers.
//!
//! Looked at are the newest outcomes of a run, by count and not by the clock, so that a slow campaign is judged as a fast
//! one. What stands for a failure is what the recipient or WhatsApp refuses; what the network does to us is no sign of
//! anything and is left out by the caller. After a person has resumed, only what came since counts.

/// How many failures are too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Brake {
    /// Among so many of the newest outcomes,
    pub among: usize,
    /// so many failures.
    pub failures: usize,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The gateway took it.
    Taken,
    /// It was refused.
    Refused,
}

impl Brake {
    /// Five of the newest twenty.
    pub const USUAL: Self = Self {
        among: 20,
        failures: 5,
    };

    /// Are there too many among `newest` (the newest first)? A brake of no failures never trips.
    pub fn trips(self, newest: impl IntoIterator<Item = Outcome>) -> bool {
        let looked_at = newest.into_iter().take(self.among);
        let refused = looked_at.filter(|outcome| *outcome == Outcome::Refused).count();
        self.failures > 0 && refused >= self.failures
    }
}
