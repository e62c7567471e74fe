//! Whatever happens to the program and its clock, no limit is passed, and a message can leave in the end.

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone)]
enum Event {
    Idle(u64),
    /// To so many milliseconds beside the truth.
    SetClock(i64),
    Restart {
        off: u64,
        clock: i64,
    },
    Hold(u64),
    Send(u8, f64),
    /// People of the shop write so many themselves.
    Write(u8),
}

/// What really happened.
#[derive(Debug, Default)]
struct Ledger {
    /// By a clock that nobody can set, in milliseconds.
    truly: Vec<u64>,
    /// By the wall clock as it was set.
    shown: Vec<UnixMillis>,
    /// How many of its day people had written themselves before each of them.
    beside: Vec<u32>,
    /// What people wrote themselves, by the wall clock as it was set.
    others: Vec<UnixMillis>,
    held: Vec<(u64, u64)>,
}

struct World {
    truth: u64,
    started_at: u64,
    wall: i64,
    pacer: Pacer,
    limits: Limits,
    ledger: Ledger,
    last_chance: f64,
}

impl World {
    fn new(limits: Limits) -> Self {
        let wall = at(LIMA, "2026-03-02 10:00:00").0;
        let began = Now {
            wall: UnixMillis(wall),
            steady: Duration::ZERO,
        };
        let pacer = fresh(limits.clone(), began);
        Self {
            truth: 0,
            started_at: 0,
            wall,
            pacer,
            limits,
            ledger: Ledger::default(),
            last_chance: 0.0,
        }
    }

    fn now(&self) -> Now {
        Now {
            wall: UnixMillis(self.wall),
            steady: Duration::from_millis(self.truth - self.started_at),
        }
    }

    fn pass(&mut self, millis: u64) {
        self.truth += millis;
        self.wall += i64::try_from(millis).expect("a span");
    }

    fn set_clock(&mut self, beside: i64) {
        self.wall = at(LIMA, "2026-03-02 10:00:00").0 + i64::try_from(self.truth).expect("a span") + beside;
    }

    fn happen(&mut self, event: &Event) {
        match *event {
            Event::Idle(millis) => self.pass(millis),
            Event::SetClock(beside) => self.set_clock(beside),
            Event::Restart { off, clock } => self.restart(off, clock),
            Event::Hold(millis) => {
                self.pacer.hold(self.now(), Duration::from_millis(millis));
                self.ledger.held.push((self.truth, self.truth + millis));
            }
            Event::Send(count, chance) => (0..count).for_each(|_| self.send(chance)),
            Event::Write(count) => {
                let now = UnixMillis(self.wall);
                self.ledger.others.extend((0..count).map(|_| now));
                let past = self.past();
                self.pacer.days_are(&past, now);
            }
        }
    }

    fn others_on(&self, day: NaiveDate) -> u32 {
        let calendar = self.limits.calendar();
        let of_day = self
            .ledger
            .others
            .iter()
            .filter(|at| calendar.day_of(**at) == day);
        u32::try_from(of_day.count()).expect("few")
    }

    fn restart(&mut self, off: u64, clock: i64) {
        self.pass(off);
        self.set_clock(clock);
        self.started_at = self.truth;
        let past = self.past();
        self.ledger.held.clear();
        self.pacer = Pacer::read_back(self.limits.clone(), &past, self.now()).expect("limits");
    }

    fn past(&self) -> Past {
        let from = self.ledger.shown.len().saturating_sub(self.limits.remembers());
        Past {
            started: self.ledger.shown[from..].to_vec(),
            others: self.ledger.others.clone(),
            in_campaign: self.ledger.shown.len() as u64,
            held_until: None,
            chance: self.last_chance,
        }
    }

    fn send(&mut self, chance: f64) {
        for _ in 0..9 {
            match self.pacer.next(self.now()) {
                Turn::Now => {
                    self.pacer.started(self.now(), chance);
                    self.last_chance = chance;
                    self.ledger.truly.push(self.truth);
                    let day = self.limits.calendar().day_of(UnixMillis(self.wall));
                    self.ledger.beside.push(self.others_on(day));
                    self.ledger.shown.push(UnixMillis(self.wall));
                    return;
                }
                Turn::NotBefore { at, .. } => {
                    let wait = at.since(UnixMillis(self.wall));
                    assert!(
                        wait > Duration::ZERO && wait < Duration::from_secs(86_400 * 100),
                        "a wait of {wait:?}"
                    );
                    self.pass(u64::try_from(wait.as_millis()).expect("a span"));
                }
            }
        }
        panic!("waiting as long as it says must lead to a send");
    }
}

fn events(clock: i64) -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        3 => (0_u64..90_000).prop_map(Event::Idle),
        1 => (0_u64..100_000_000).prop_map(Event::Idle),
        2 => (-clock..=clock).prop_map(Event::SetClock),
        2 => (0_u64..30_000, -clock..=clock).prop_map(|(off, clock)| Event::Restart { off, clock }),
        1 => (0_u64..200_000).prop_map(Event::Hold),
        1 => (1_u8..15).prop_map(Event::Write),
        6 => (1_u8..12, 0.0..1.0).prop_map(|(count, chance)| Event::Send(count, chance)),
    ];
    prop::collection::vec(event, 1..40)
}

fn limits(longest_window: u64) -> impl Strategy<Value = Limits> {
    let rates = prop::collection::vec((1_u32..8, 1..longest_window), 0..3);
    let hours = (
        0_u32..1440,
        0_u32..1440,
        prop::sample::select(vec![
            LIMA,
            chrono_tz::America::Santiago,
            chrono_tz::Europe::Madrid,
        ]),
    );
    let caps = (prop::option::of(1_u32..25), any::<bool>());
    (
        rates,
        0_u64..4_000,
        0_u64..4_000,
        prop::option::of((1_u32..6, 0_u64..90_000)),
        hours,
        caps,
    )
        .prop_map(
            |(rates, spacing, jitter, rest, (opens, closes, zone), (daily_cap, young))| {
                let minute = |minute: u32| {
                    chrono::NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).expect("a time")
                };
                let rate = |(count, window)| RateLimit {
                    count,
                    window: Duration::from_millis(window),
                };
                Limits {
                    rates: rates.into_iter().map(rate).collect(),
                    spacing: Duration::from_millis(spacing),
                    jitter: Duration::from_millis(jitter),
                    rest: rest.map(|(every, lasts)| Rest {
                        every,
                        lasts: Duration::from_millis(lasts),
                    }),
                    hours: Hours {
                        zone,
                        days: WorkDays([true, true, true, true, true, false, true]),
                        opens: minute(opens),
                        closes: minute(closes),
                    },
                    daily_cap,
                    warm_up: young.then(|| WarmUp::usual(at(LIMA, "2026-03-01 10:00:00"))),
                }
            },
        )
}

fn windows_hold(world: &World) -> Result<(), TestCaseError> {
    for limit in &world.limits.rates {
        let window = u64::try_from(limit.window.as_millis()).expect("a span");
        let count = limit.count as usize;
        for starts in world.ledger.truly.windows(count + 1) {
            prop_assert!(
                starts[count] - starts[0] >= window,
                "more than {count} in {window} ms"
            );
        }
    }
    Ok(())
}

fn hours_hold(world: &World) -> Result<(), TestCaseError> {
    let calendar = world.limits.calendar();
    for shown in &world.ledger.shown {
        prop_assert!(
            calendar.is_open(*shown),
            "sent at {shown:?}, when the shop is closed"
        );
    }
    Ok(())
}

fn days_hold(world: &World) -> Result<(), TestCaseError> {
    let calendar = world.limits.calendar();
    let mut days = BTreeMap::<_, u32>::new();
    for (shown, beside) in world.ledger.shown.iter().zip(&world.ledger.beside) {
        let day = calendar.day_of(*shown);
        let sent = days.entry(day).or_default();
        *sent += 1;
        let cap = world.limits.cap_on(day).map_or(u32::MAX, |(cap, _)| cap);
        prop_assert!(*sent + beside <= cap, "{sent} on {day} beside {beside}, of {cap}");
    }
    Ok(())
}

fn run(limits: Limits, events: &[Event]) -> World {
    let mut world = World::new(limits);
    events.iter().for_each(|event| world.happen(event));
    world
}

proptest! {
    #[test]
    fn no_limit_is_passed_while_the_clock_is_set_by_a_day(limits in limits(60_000), events in events(86_400_000)) {
        let world = run(limits, &events);
        windows_hold(&world)?;
        hours_hold(&world)?;
        days_hold(&world)?;
    }

    #[test]
    fn windows_and_hours_hold_whatever_the_clock_is_set_to(limits in limits(60_000), events in events(200_000_000_000)) {
        let world = run(limits, &events);
        windows_hold(&world)?;
        hours_hold(&world)?;
    }

    #[test]
    fn long_windows_and_gaps_hold_across_restarts(limits in limits(100_000_000), events in events(0)) {
        let world = run(limits, &events);
        windows_hold(&world)?;
        hours_hold(&world)?;
        days_hold(&world)?;
        for (sent, pair) in (1_u64..).zip(world.ledger.truly.windows(2)) {
            let gap = Duration::from_millis(pair[1] - pair[0]);
            prop_assert!(gap >= world.limits.spacing, "two sends {gap:?} apart");
            if let Some(rest) = world.limits.rest && sent.is_multiple_of(u64::from(rest.every)) {
                prop_assert!(gap >= rest.lasts, "no rest after {sent}");
            }
        }
        for (from, until) in &world.ledger.held {
            let in_hold = world.ledger.truly.iter().any(|sent| sent > from && sent < until);
            prop_assert!(!in_hold, "sent while the gateway wanted nothing");
        }
    }
}
