//! What the rehearsal found, and how risky a campaign is.

use mostrador_campaigns::plan::PlanFault;
use mostrador_campaigns::safety::{Level, Reading, SignKind, Verdict};
use mostrador_domain::CampaignId;
use mostrador_engine::audience::{Fault, Rehearsal, Unfit};

use crate::dto::*;
use crate::error::ApiError;
use crate::handlers::campaign::view::waits_for;
use crate::shop::Shop;

pub(crate) async fn rehearse(shop: &Shop, args: CampaignRehearse) -> Result<RehearsalView, ApiError> {
    let id = CampaignId(args.campaign_id);
    let rehearsal = shop.engine().rehearse(id, args.starts_at).await?;
    Ok(view(rehearsal))
}

pub(crate) async fn safety(shop: &Shop, args: CampaignRef) -> Result<SafetyView, ApiError> {
    Ok(meter(shop.engine().safety(CampaignId(args.campaign_id)).await?))
}

fn view(rehearsal: Rehearsal) -> RehearsalView {
    let course = rehearsal.course;
    let skipped = course.skipped.iter().map(|(reason, people)| ReasonCount {
        reason: reason.as_str().to_owned(),
        count: count(*people),
    });
    let hours = course.hours.iter().map(|hour| HourCount {
        at: hour.began,
        count: count(hour.sends),
    });
    let waits = course.waits.iter().map(|(why, wait)| WaitTime {
        why: waits_for(*why),
        seconds: wait.as_secs_f64(),
    });
    RehearsalView {
        ready: rehearsal.faults.is_empty(),
        sends: count(course.sends),
        skipped: skipped.collect(),
        opted_out: count(course.opted_out),
        held: count(course.held),
        first: course.first,
        ends: course.ends,
        days: course.days,
        hours: hours.collect(),
        waits: waits.collect(),
        others: count(rehearsal.others),
        faults: rehearsal.faults.into_iter().map(fault).collect(),
        safety: meter(rehearsal.safety),
    }
}

fn fault(fault: Fault) -> RehearsalFault {
    match fault {
        Fault::NoAudience => RehearsalFault::NoAudience,
        Fault::EmptyText(variant) => RehearsalFault::EmptyText { variant },
        Fault::NotUnderstood(variant, at) => RehearsalFault::TextNotUnderstood {
            variant,
            at: count(at),
        },
        Fault::UnknownVariable(variant, variable) => RehearsalFault::UnknownVariable { variant, variable },
        Fault::Unresolved(variant, variable, many, rows) => RehearsalFault::Unresolved {
            variant,
            variable,
            count: count(many),
            rows,
        },
        Fault::TooLong(variant, many, max) => RehearsalFault::TooLong {
            variant,
            count: count(many),
            max: count(max),
        },
        Fault::Plan(PlanFault::Variants(_)) => RehearsalFault::Shares,
        Fault::Plan(PlanFault::Limits(why)) => pace(why.as_str()),
        Fault::Plan(PlanFault::TimeOfDay) => pace("time_of_day"),
        Fault::Plan(PlanFault::Seconds) => pace("seconds"),
        Fault::TooSlow => pace("too_slow"),
        Fault::Unfit(variant, why) => unfit(variant, why),
    }
}

fn unfit(variant: u8, why: Unfit) -> RehearsalFault {
    match why {
        Unfit::NotOffered => RehearsalFault::KindNotOffered { variant },
        Unfit::Answers { most } => RehearsalFault::Answers { variant, most },
        Unfit::StrayVariable => RehearsalFault::StrayVariable { variant },
        Unfit::NoPlace => RehearsalFault::NoPlace { variant },
        Unfit::MediaMissing => RehearsalFault::MediaMissing { variant },
        Unfit::FileTooLarge { most } => RehearsalFault::FileTooLarge {
            variant,
            max_bytes: most,
        },
        Unfit::FileNotTaken => RehearsalFault::FileNotTaken { variant },
    }
}

fn pace(why: &str) -> RehearsalFault {
    RehearsalFault::Pace { why: why.to_owned() }
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}

fn meter(reading: Reading) -> SafetyView {
    let signs = reading.signs.into_iter().map(|sign| SafetySign {
        kind: kind(sign.kind),
        found: sign.found,
        points: sign.points,
        weight: sign.weight,
        verdict: match sign.verdict {
            Verdict::Fine => SafetyVerdict::Fine,
            Verdict::Watch => SafetyVerdict::Watch,
            Verdict::Bad => SafetyVerdict::Bad,
            Verdict::Unknown => SafetyVerdict::Unknown,
        },
    });
    SafetyView {
        risk: reading.risk,
        level: match reading.level {
            Level::Low => SafetyLevel::Low,
            Level::Raised => SafetyLevel::Raised,
            Level::High => SafetyLevel::High,
        },
        signs: signs.collect(),
    }
}

fn kind(kind: SignKind) -> SafetySignKind {
    match kind {
        SignKind::Replies => SafetySignKind::Replies,
        SignKind::OptOuts => SafetySignKind::OptOuts,
        SignKind::Known => SafetySignKind::Known,
        SignKind::NumberAge => SafetySignKind::NumberAge,
        SignKind::Failures => SafetySignKind::Failures,
        SignKind::Unanswered => SafetySignKind::Unanswered,
        SignKind::Repeated => SafetySignKind::Repeated,
        SignKind::TextLength => SafetySignKind::TextLength,
        SignKind::Links => SafetySignKind::Links,
        SignKind::HiddenLinks => SafetySignKind::HiddenLinks,
    }
}
