//! How much of a gateway's permitted rate a campaign really uses, and how often it is refused.
//!
//! The gateway here is a counter: it takes so many messages in any window of its length, and refuses what is above that with the
//! delay after which there is room again. A message is 5 to 15 ms on its way to it, and answered 80 to 150 ms after it left. Time
//! is real. Beside our pacer run two
//! others that are commonly seen, against gateways of the same kind: so many in each window of a fixed grid, and so many among
//! those started in the last window. They try a refused message again after the gateway's delay.
//!
//! The share is the time that as many messages need if each window is used up, by the time from the first to the last that was
//! taken.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use mostrador_campaigns::pacer::{Hours, Limits, LimitsFault, Now, Pacer, Past, Turn};
use mostrador_domain::{RateLimit, UnixMillis};
use tokio::task::JoinSet;

use crate::Problem;
use crate::corpus::Rng;
use crate::figure::{Figure, Goal};
use crate::timing::{now, pause};

/// What is permitted: its name, how many in how long, and for how many windows it is run.
const RATES: [(&str, u32, Duration, u32); 4] = [
    ("0_5", 5, Duration::from_secs(10), 6),
    ("5", 5, Duration::from_secs(1), 30),
    ("50", 50, Duration::from_secs(1), 30),
    ("500", 500, Duration::from_secs(1), 30),
];

/// How long a message is on its way to the gateway, in milliseconds.
const WAYS: (u64, u64) = (5, 15);
/// How long its answer takes from there, in milliseconds.
const ANSWERS: (u64, u64) = (75, 135);

/// Measures all of them.
pub(crate) async fn figures(quick: bool) -> Result<Vec<Figure>, Problem> {
    let ours = all(Kind::Ours, quick).await?;
    let grid = all(Kind::Grid, quick).await?;
    let sliding = all(Kind::Sliding, quick).await?;
    let mut figures = Vec::new();
    for (name, runs, is_ours) in [
        ("", ours, true),
        ("grid_", grid, false),
        ("sliding_", sliding, false),
    ] {
        for (rate, run) in runs {
            let goal = |goal| if is_ours { goal } else { Goal::None };
            figures.push(Figure::new(
                format!("rate_{name}{rate}_used"),
                run.used * 100.0,
                "%",
                goal(Goal::AtLeast(98.0)),
            ));
            figures.push(Figure::new(
                format!("rate_{name}{rate}_refused"),
                f64::from(run.refused),
                "messages",
                goal(Goal::AtMost(1.0)),
            ));
        }
    }
    Ok(figures)
}

/// Who decides when a message leaves.
#[derive(Clone, Copy)]
enum Kind {
    Ours,
    Grid,
    Sliding,
}

struct Run {
    used: f64,
    refused: u32,
}

/// All rates at once, each with a gateway of its own.
async fn all(kind: Kind, quick: bool) -> Result<Vec<(&'static str, Run)>, Problem> {
    let mut running = JoinSet::new();
    for (at, (_, count, window, windows)) in RATES.into_iter().enumerate() {
        let windows = if quick { 3 } else { windows };
        running.spawn(async move { (at, run(kind, RateLimit { count, window }, windows).await) });
    }
    let mut runs = Vec::new();
    while let Some(ended) = running.join_next().await {
        let (at, run) = ended.map_err(|_| Problem::InVain("a run ended early".to_owned()))?;
        runs.push((at, run?));
    }
    runs.sort_by_key(|(at, _)| *at);
    Ok(RATES
        .iter()
        .zip(runs)
        .map(|((name, ..), (_, run))| (*name, run))
        .collect())
}

async fn run(kind: Kind, limit: RateLimit, windows: u32) -> Result<Run, Problem> {
    let gateway = Arc::new(Mutex::new(Gateway::new(limit)));
    let mut gate = Gate::new(kind, limit)?;
    let mut calls = JoinSet::new();
    let all = limit.count * windows;
    let mut to_send = all;
    while to_send > 0 || !is_done(&gateway, all) {
        while let Some(answered) = calls.try_join_next() {
            if let Ok(Some(delay)) = answered {
                gate.refused(delay);
                to_send += 1;
            }
        }
        let wait = gate.wait();
        if to_send == 0 || !wait.is_zero() {
            pause(wait.clamp(Duration::from_millis(1), Duration::from_millis(20))).await;
            continue;
        }
        gate.started();
        to_send -= 1;
        calls.spawn(call(Arc::clone(&gateway)));
    }
    let gateway = gateway.lock().unwrap_or_else(PoisonError::into_inner);
    let needed = limit.window * (windows - 1);
    Ok(Run {
        used: needed.as_secs_f64() / gateway.took().as_secs_f64(),
        refused: gateway.refused,
    })
}

fn is_done(gateway: &Mutex<Gateway>, all: u32) -> bool {
    gateway.lock().unwrap_or_else(PoisonError::into_inner).taken == all
}

/// One call: on its way, counted when it arrives, answered later. The delay after which it may be tried again, if it was refused.
async fn call(gateway: Arc<Mutex<Gateway>>) -> Option<Duration> {
    let gateway = || gateway.lock().unwrap_or_else(PoisonError::into_inner);
    let way = gateway().drawn(WAYS);
    pause(way).await;
    let (refused, answer) = gateway().arrives();
    pause(answer).await;
    refused
}

/// A gateway that counts.
struct Gateway {
    limit: RateLimit,
    lately: VecDeque<Instant>,
    first: Option<Instant>,
    last: Option<Instant>,
    taken: u32,
    refused: u32,
    rng: Rng,
}

impl Gateway {
    fn new(limit: RateLimit) -> Self {
        Self {
            limit,
            lately: VecDeque::new(),
            first: None,
            last: None,
            taken: 0,
            refused: 0,
            rng: Rng::new(u64::from(limit.count)),
        }
    }

    /// Counts a message; the delay after which there is room if there is none now, and how long the answer takes.
    fn arrives(&mut self) -> (Option<Duration>, Duration) {
        let at = now();
        let answer = self.drawn(ANSWERS);
        while self
            .lately
            .front()
            .is_some_and(|first| at - *first >= self.limit.window)
        {
            self.lately.pop_front();
        }
        if self.lately.len() >= self.limit.count as usize {
            self.refused += 1;
            let oldest = self.lately.front().copied().unwrap_or(at);
            return (Some(self.limit.window.saturating_sub(at - oldest)), answer);
        }
        self.lately.push_back(at);
        self.first.get_or_insert(at);
        self.last = Some(at);
        self.taken += 1;
        (None, answer)
    }

    fn drawn(&mut self, (least, most): (u64, u64)) -> Duration {
        Duration::from_millis(least + self.rng.below(most - least))
    }

    fn took(&self) -> Duration {
        self.first
            .zip(self.last)
            .map_or(Duration::MAX, |(first, last)| last - first)
    }
}

/// Says when the next message may leave.
enum Gate {
    Ours {
        pacer: Box<Pacer>,
        begun: Instant,
    },
    Grid {
        limit: RateLimit,
        begun: Instant,
        window: u32,
        started: u32,
        again_at: Instant,
    },
    Sliding {
        limit: RateLimit,
        started: VecDeque<Instant>,
        again_at: Instant,
    },
}

impl Gate {
    fn new(kind: Kind, limit: RateLimit) -> Result<Self, Problem> {
        let begun = now();
        Ok(match kind {
            Kind::Ours => Self::Ours {
                pacer: Box::new(pacer(limit).map_err(|fault| Problem::InVain(fault.to_string()))?),
                begun,
            },
            Kind::Grid => Self::Grid {
                limit,
                begun,
                window: 0,
                started: 0,
                again_at: begun,
            },
            Kind::Sliding => Self::Sliding {
                limit,
                started: VecDeque::new(),
                again_at: begun,
            },
        })
    }

    /// How long to wait before asking again; zero = now.
    fn wait(&mut self) -> Duration {
        let at = now();
        match self {
            Self::Ours { pacer, begun } => match pacer.next(by(*begun)) {
                Turn::Now => Duration::ZERO,
                Turn::NotBefore { at, .. } => at.since(by(*begun).wall),
            },
            Self::Grid {
                limit,
                begun,
                window,
                started,
                again_at,
            } => {
                let (passed, length) = (at - *begun, limit.window);
                let present = (passed.as_secs_f64() / length.as_secs_f64()) as u32;
                if present > *window {
                    (*window, *started) = (present, 0);
                }
                if *started < limit.count {
                    return again_at.saturating_duration_since(at);
                }
                (length * (*window + 1)).saturating_sub(passed)
            }
            Self::Sliding {
                limit,
                started,
                again_at,
            } => {
                while started.front().is_some_and(|first| at - *first >= limit.window) {
                    started.pop_front();
                }
                let room = match started.front() {
                    Some(first) if started.len() >= limit.count as usize => limit.window - (at - *first),
                    _ => Duration::ZERO,
                };
                room.max(again_at.saturating_duration_since(at))
            }
        }
    }

    fn started(&mut self) {
        match self {
            Self::Ours { pacer, begun } => pacer.started(by(*begun), 0.0),
            Self::Grid { started, .. } => *started += 1,
            Self::Sliding { started, .. } => started.push_back(now()),
        }
    }

    fn refused(&mut self, delay: Duration) {
        match self {
            Self::Ours { pacer, begun } => pacer.hold(by(*begun), delay),
            Self::Grid { again_at, .. } | Self::Sliding { again_at, .. } => *again_at = now() + delay,
        }
    }
}

/// A pacer that only the gateway's rate holds back.
fn pacer(limit: RateLimit) -> Result<Pacer, LimitsFault> {
    let mut limits = Limits::only(Hours::always(Hours::zone_named("UTC")?));
    limits.rates = vec![limit];
    Pacer::read_back(limits, &Past::default(), by(now()))
}

/// The time of a run that began then.
fn by(begun: Instant) -> Now {
    let steady = now() - begun;
    Now {
        wall: UnixMillis(1_772_463_600_000).after(steady),
        steady,
    }
}
