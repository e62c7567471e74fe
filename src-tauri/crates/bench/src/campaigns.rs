//! Campaigns: the whole run of a large one rehearsed, and its texts filled in.

use std::time::Duration;

use mostrador_campaigns::pacer::{Hours, Limits, LimitsFault, Now, Pacer, Past, Rest, WorkDays};
use mostrador_campaigns::rehearsal::{Assumed, Fate, rehearse};
use mostrador_campaigns::state::SkipReason;
use mostrador_campaigns::wording::{Table, Wording};
use mostrador_domain::{RateLimit, UnixMillis};

use crate::Problem;
use crate::figure::{Figure, Goal};
use crate::timing::now;

/// Monday, 2 March 2026, 15:00 UTC.
const START: Now = Now {
    wall: UnixMillis(1_772_463_600_000),
    steady: Duration::ZERO,
};

const TEXT: &str =
    "Hola {{ nombre | first | title | default(\"amigo\") }}, su pedido de {{producto}} llega a {{ciudad}}.";

pub(crate) fn figures(recipients: usize) -> Result<Vec<Figure>, Problem> {
    let told = |fault: LimitsFault| Problem::InVain(fault.to_string());
    let limits = limits().map_err(told)?;
    let begun = now();
    let pacer = Pacer::read_back(limits, &Past::default(), START).map_err(told)?;
    let course = rehearse(pacer, audience(recipients), assumed(), |_, _| {});
    let rehearsed = begun.elapsed();
    let all = course.sends + course.skipped.values().sum::<usize>() + course.opted_out + course.not_reached;
    let texts = filled_in(recipients)?;
    Ok(vec![
        Figure::new(
            "campaign_rehearsal",
            rehearsed.as_secs_f64(),
            "s",
            Goal::AtMost(1.0),
        ),
        Figure::new("campaign_texts", texts.as_secs_f64(), "s", Goal::AtMost(1.0)),
        Figure::new(
            "campaign_not_counted",
            recipients.abs_diff(all) as f64,
            "people",
            Goal::AtMost(0.0),
        ),
        Figure::new("campaign_days", f64::from(course.days), "days", Goal::None),
    ])
}

/// All limits at once, none of them idle.
fn limits() -> Result<Limits, LimitsFault> {
    let mut limits = Limits::only(Hours::always(Hours::zone_named("America/Santiago")?));
    limits.hours.days = WorkDays([true, true, true, true, true, true, false]);
    limits.hours.opens = chrono::NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
    limits.hours.closes = chrono::NaiveTime::from_hms_opt(19, 30, 0).unwrap_or_default();
    let second = Duration::from_secs(1);
    limits.rates = vec![
        RateLimit {
            count: 5,
            window: second,
        },
        RateLimit {
            count: 200,
            window: second * 60,
        },
    ];
    limits.jitter = second;
    limits.rest = Some(Rest {
        every: 100,
        lasts: second * 20,
    });
    limits.daily_cap = Some(1_500);
    Ok(limits)
}

/// One in ten is skipped, one in a hundred has asked not to be written to.
fn audience(recipients: usize) -> impl Iterator<Item = Fate> {
    (0..recipients).map(|at| match at {
        at if at % 100 == 1 => Fate::OptedOut,
        at if at % 10 == 2 => Fate::Skip(SkipReason::NotOnWhatsapp),
        _ => Fate::Send,
    })
}

/// A gateway that takes its time, and a gap that is another each time.
fn assumed() -> Assumed<impl FnMut() -> f64> {
    let mut at = 0_u32;
    Assumed {
        start: START,
        each_takes: Duration::from_millis(120),
        chance: move || {
            at = (at + 37) % 101;
            f64::from(at) / 101.0
        },
    }
}

fn filled_in(rows: usize) -> Result<Duration, Problem> {
    let wording = Wording::read(TEXT).map_err(|fault| Problem::InVain(fault.to_string()))?;
    let table = Table::of(["Nombre", "Producto", "Ciudad"]);
    let begun = now();
    let bound = wording
        .bind(&table, 4_096)
        .map_err(|unknown| Problem::InVain(format!("{} unknown", unknown.len())))?;
    let check = bound.check((0..rows).map(|at| {
        [
            format!("NOMBRE {at}"),
            format!("producto {at}"),
            "Lima".to_owned(),
        ]
    }));
    let took = begun.elapsed();
    if check.good == rows {
        Ok(took)
    } else {
        Err(Problem::InVain(format!("{} of {rows} texts", check.good)))
    }
}
