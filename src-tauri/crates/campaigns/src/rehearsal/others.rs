//! Other campaigns of the same device that run meanwhile. Their messages leave in between, by their own pacers, and count for the rates
//! and the caps of all, as when they run: whoever waited longest is first.

use std::time::Duration;

use mostrador_domain::UnixMillis;

use super::pass;
use crate::pacer::{Now, Pacer, Turn};

/// One of them.
#[derive(Debug, Clone)]
pub struct Other {
    /// Its pacer.
    pub pacer: Pacer,
    /// So many people wait for their turn in it. Who is left out when it comes is not known yet.
    pub left: usize,
}

/// All of them.
#[derive(Debug, Clone, Default)]
pub struct Others(Vec<Lane>);

#[derive(Debug, Clone)]
struct Lane {
    other: Other,
    /// When it had its last turn.
    last: Duration,
}

/// What they want to do.
pub(super) enum Wish {
    /// Nobody waits in any of them.
    Nothing,
    /// None of them may do anything before.
    NotBefore(UnixMillis),
    /// This one's turn has come.
    Send(Next),
}

/// Which one's turn has come.
#[derive(Clone, Copy)]
pub(super) struct Next {
    lane: usize,
    /// When it had its last one.
    pub(super) last: Duration,
}

impl Others {
    /// These.
    pub fn new(others: impl IntoIterator<Item = Other>) -> Self {
        let lanes = others.into_iter().map(|other| Lane {
            other,
            last: Duration::ZERO,
        });
        Self(lanes.collect())
    }

    /// How many of their messages are still to leave.
    pub fn left(&self) -> usize {
        self.0.iter().map(|lane| lane.other.left).sum()
    }

    /// They run alone until `until`. Gives when their messages leave.
    pub fn run_until(
        &mut self,
        mut now: Now,
        until: UnixMillis,
        each_takes: Duration,
        mut chance: impl FnMut() -> f64,
    ) -> Vec<UnixMillis> {
        let mut left = Vec::new();
        while now.wall < until {
            match self.wish(now) {
                Wish::Nothing => break,
                Wish::NotBefore(at) => now = pass(now, at.since(now.wall)),
                Wish::Send(next) => {
                    self.send(next, now, chance());
                    left.push(now.wall);
                    now = pass(now, each_takes);
                }
            }
        }
        left
    }

    pub(super) fn wish(&mut self, now: Now) -> Wish {
        let (mut first, mut soonest): (Option<Next>, Option<UnixMillis>) = (None, None);
        for (at, lane) in self.0.iter_mut().enumerate() {
            if lane.other.left == 0 {
                continue;
            }
            match lane.other.pacer.next(now) {
                Turn::NotBefore { at, .. } => soonest = Some(soonest.map_or(at, |soonest| soonest.min(at))),
                Turn::Now if first.is_none_or(|first| lane.last < first.last) => {
                    first = Some(Next {
                        lane: at,
                        last: lane.last,
                    });
                }
                Turn::Now => {}
            }
        }
        match (first, soonest) {
            (Some(next), _) => Wish::Send(next),
            (None, Some(at)) => Wish::NotBefore(at),
            (None, None) => Wish::Nothing,
        }
    }

    /// A message of this one leaves.
    pub(super) fn send(&mut self, next: Next, now: Now, chance: f64) {
        for (at, lane) in self.0.iter_mut().enumerate() {
            if at == next.lane {
                lane.other.pacer.started(now, chance);
                lane.other.left -= 1;
                lane.last = now.steady;
            } else {
                lane.other.pacer.other_started(now);
            }
        }
    }

    /// A message of the campaign that is rehearsed leaves.
    pub(super) fn started(&mut self, now: Now) {
        for lane in &mut self.0 {
            lane.other.pacer.other_started(now);
        }
    }
}
