//! The whole run of a campaign, simulated: the real pacer over the real audience, by a clock that is moved instead of waited for.
//!
//! Whoever runs the campaign asks the same [`Pacer`] in the same way: when it says *not before T*, nothing happens until T. So the
//! rehearsal's timeline is the run's, as long as nothing changes on the way: no 429, no pause, no answer slower than
//! assumed, the same chance for each gap, and no other campaign of the number that begins later. What does change only ever makes the run
//! later. Other campaigns of the number that run already are played with it ([`Others`]).

mod others;

use std::collections::BTreeMap;
use std::time::Duration;

use mostrador_domain::UnixMillis;

use others::Wish;
pub use others::{Other, Others};

use crate::pacer::{Now, Pacer, Turn, Why};
use crate::state::SkipReason;

/// A run that goes on for longer is not rehearsed to its end; nobody leaves a computer on for it.
pub const MOST_DAYS: u32 = 730;

/// What will become of a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Is written to.
    Send,
    /// Is not.
    Skip(SkipReason),
    /// Asked not to be.
    OptedOut,
    /// May have asked not to be: waits for a person to decide.
    Held,
}

/// What the rehearsal has found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Course {
    /// How many are written to.
    pub sends: usize,
    /// Who is not, by reason.
    pub skipped: BTreeMap<SkipReason, usize>,
    /// Who asked not to be.
    pub opted_out: usize,
    /// Who waits for a person to decide whether they asked not to be.
    pub held: usize,
    /// Who would be written to after [`MOST_DAYS`].
    pub not_reached: usize,
    /// When the first message leaves.
    pub first: Option<UnixMillis>,
    /// When the last one has left: this computer must stay on until then.
    pub ends: Option<UnixMillis>,
    /// Sends by the hour of the shop's clock; hours without any are left out.
    pub hours: Vec<Hour>,
    /// On how many days of the shop's calendar something is sent.
    pub days: u32,
    /// How long each limit holds the run up. They add up to the time that is waited, but for what others' messages take.
    pub waits: BTreeMap<Why, Duration>,
}

/// An hour of the shop's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hour {
    /// When it began.
    pub began: UnixMillis,
    /// How many messages leave in it.
    pub sends: usize,
}

/// How the run is assumed to go.
pub struct Assumed<C> {
    /// When it starts.
    pub start: Now,
    /// How long the gateway takes to answer each call.
    pub each_takes: Duration,
    /// The chance (0.0..1.0) of the gap after each send.
    pub chance: C,
}

/// Runs `audience` through `pacer`. `told` hears when each recipient who is written to gets the message, in their order.
pub fn rehearse<C: FnMut() -> f64>(
    pacer: Pacer,
    audience: impl IntoIterator<Item = Fate>,
    assumed: Assumed<C>,
    told: impl FnMut(usize, UnixMillis),
) -> Course {
    rehearse_beside(Others::default(), pacer, audience, assumed, told)
}

/// The same while other campaigns of the device run.
pub fn rehearse_beside<C: FnMut() -> f64>(
    others: Others,
    pacer: Pacer,
    audience: impl IntoIterator<Item = Fate>,
    mut assumed: Assumed<C>,
    mut told: impl FnMut(usize, UnixMillis),
) -> Course {
    let mut course = Course::default();
    let mut now = assumed.start;
    let mut lane = Lane {
        pacer,
        others,
        last: Duration::ZERO,
    };
    let calendar = lane.pacer.calendar();
    let last_day = assumed.start.wall.after(Duration::from_secs(86_400) * MOST_DAYS);
    let mut last_sent_on = None;
    for (at, fate) in audience.into_iter().enumerate() {
        if !course.takes(fate) {
            continue;
        }
        now = course.waited(&mut lane, now, &mut assumed);
        if now.wall > last_day {
            course.sends -= 1;
            course.not_reached += 1;
            continue;
        }
        lane.started(now, (assumed.chance)());
        told(at, now.wall);
        let day = calendar.day_of(now.wall);
        course.days += u32::from(last_sent_on != Some(day));
        last_sent_on = Some(day);
        course.sent(now.wall, calendar.hour_of(now.wall));
        now = pass(now, assumed.each_takes);
        course.ends = Some(now.wall);
    }
    course
}

/// The campaign that is rehearsed, among the others.
struct Lane {
    pacer: Pacer,
    others: Others,
    /// When it had its last turn.
    last: Duration,
}

impl Lane {
    fn started(&mut self, now: Now, chance: f64) {
        self.pacer.started(now, chance);
        self.others.started(now);
        self.last = now.steady;
    }
}

impl Course {
    /// Notes a fate; whether something is sent.
    fn takes(&mut self, fate: Fate) -> bool {
        match fate {
            Fate::Send => self.sends += 1,
            Fate::Skip(reason) => *self.skipped.entry(reason).or_default() += 1,
            Fate::OptedOut => self.opted_out += 1,
            Fate::Held => self.held += 1,
        }
        fate == Fate::Send
    }

    /// The moment at which the next message may leave, and its turn has come.
    fn waited<C: FnMut() -> f64>(&mut self, lane: &mut Lane, mut now: Now, assumed: &mut Assumed<C>) -> Now {
        loop {
            let until = match (lane.pacer.next(now), lane.others.wish(now)) {
                (ours, Wish::Send(next)) if ours != Turn::Now || next.last < lane.last => {
                    lane.others.send(next, now, (assumed.chance)());
                    lane.pacer.other_started(now);
                    now = pass(now, assumed.each_takes);
                    continue;
                }
                (Turn::Now, _) => return now,
                (Turn::NotBefore { at, why }, Wish::NotBefore(theirs)) => (at.min(theirs), why),
                (Turn::NotBefore { at, why }, _) => (at, why),
            };
            let wait = until.0.since(now.wall);
            *self.waits.entry(until.1).or_default() += wait;
            now = pass(now, wait);
        }
    }

    fn sent(&mut self, at: UnixMillis, began: UnixMillis) {
        self.first.get_or_insert(at);
        match self.hours.last_mut() {
            Some(hour) if hour.began == began => hour.sends += 1,
            _ => self.hours.push(Hour { began, sends: 1 }),
        }
    }
}

fn pass(now: Now, by: Duration) -> Now {
    Now {
        wall: now.wall.after(by),
        steady: now.steady + by,
    }
}

#[cfg(test)]
mod tests;
