//! What a campaign says and how it holds back, as a person sets it and the store keeps it (JSON).
//!
//! | Part | unit, and what it may be |
//! |---|---|
//! | texts | one to five, each with a share in percent; together 100 |
//! | spacing, jitter, rest | seconds |
//! | hours | an IANA zone, working days, from and until as `HH:MM`; the same twice: the whole day |
//! | reply window | days after a message in which an answer counts as one to the campaign |
//! | not again within | days in which nobody gets a second campaign; 0 = no matter |
//!
//! A plan is kept whatever it says: a draft may be unfinished. [`Plan::limits`] and [`Plan::variants`] say whether it can run.

use std::time::Duration;

use chrono::NaiveTime;
use mostrador_domain::{Longest, MediaId, MediaKind, RateLimit, UnixMillis};
use serde::{Deserialize, Serialize};

use crate::pacer::{Calendar, Hours, Limits, LimitsFault, Rest, WarmUp, WorkDays};
use crate::wording::{Variants, VariantsFault};

/// What a campaign says and how it holds back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// What is sent; several are variants.
    pub texts: Vec<Text>,
    /// How it holds back.
    pub pace: Pace,
    /// Days after a message in which an answer counts as one to the campaign.
    pub reply_days: u32,
    /// Days in which nobody gets a second campaign; 0 = no matter. The repetitions of a recurring one are one campaign.
    pub not_again_days: u32,
}

/// One variant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Text {
    /// Percent of the recipients.
    pub share: u8,
    /// What they get.
    pub body: Body,
}

/// What is sent. Its words may have variables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Body {
    /// Words.
    Text {
        /// The words.
        text: String,
    },
    /// A picture, a film, a sound or a document that is kept here.
    Media {
        /// How it is sent.
        media_kind: MediaKind,
        /// Which.
        media_id: MediaId,
        /// The words under it; may be empty.
        caption: String,
    },
    /// A question with answers to choose from.
    Poll {
        /// The question.
        question: String,
        /// The answers.
        options: Vec<String>,
        /// How many may be chosen.
        choices: u32,
    },
    /// A place.
    Location {
        /// Degrees.
        latitude: f64,
        /// Degrees.
        longitude: f64,
        /// What is there; may be empty.
        name: String,
        /// Where that is; may be empty.
        address: String,
    },
}

/// How a campaign holds back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pace {
    /// Seconds between two messages, at least.
    pub spacing_seconds: f64,
    /// At most so many seconds more, by chance.
    pub jitter_seconds: f64,
    /// A pause after every so many messages; 0 = none.
    pub rest_every: u32,
    /// How many seconds that pause lasts.
    pub rest_seconds: u32,
    /// The IANA zone of the shop's clock.
    pub zone: String,
    /// Monday to Sunday.
    pub days: [bool; 7],
    /// `HH:MM`.
    pub opens: String,
    /// `HH:MM`; the same as `opens` is the whole day.
    pub closes: String,
    /// At most so many a day.
    pub daily_cap: Option<u32>,
    /// Fewer a day while the number is young.
    pub warm_up: bool,
}

/// Why a plan cannot run as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "code", content = "why")]
pub enum PlanFault {
    /// The pace would never let anything leave.
    #[error(transparent)]
    Limits(LimitsFault),
    /// The shares of the texts.
    #[error(transparent)]
    Variants(VariantsFault),
    /// A time of day that is none.
    #[error("not a time of day")]
    TimeOfDay,
    /// A number of seconds that is none.
    #[error("not a number of seconds")]
    Seconds,
}

/// A day: nobody waits longer between two messages, and a rehearsal of centuries would not end.
const MOST_SECONDS: f64 = 86_400.0;

impl Plan {
    /// A careful shop's plan without any words yet: one message every 8 to 20 seconds, a pause after every 40, from nine to seven
    /// on working days and Saturday, at most 400 a day, fewer while the number is young.
    pub fn careful(zone: &str) -> Self {
        Self {
            texts: vec![Text {
                share: 100,
                body: Body::Text { text: String::new() },
            }],
            pace: Pace {
                spacing_seconds: 8.0,
                jitter_seconds: 12.0,
                rest_every: 40,
                rest_seconds: 300,
                zone: zone.to_owned(),
                days: [true, true, true, true, true, true, false],
                opens: "09:00".to_owned(),
                closes: "19:00".to_owned(),
                daily_cap: Some(400),
                warm_up: true,
            },
            reply_days: 7,
            not_again_days: 3,
        }
    }

    /// The limits of its pacer: the plan's, the gateway's `rates`, and those of a number that is in use since `since`, if known.
    ///
    /// # Errors
    /// What is wrong with the plan.
    pub fn limits(&self, rates: Vec<RateLimit>, since: Option<UnixMillis>) -> Result<Limits, PlanFault> {
        let pace = &self.pace;
        let lasts = seconds(f64::from(pace.rest_seconds))?;
        let rest = (pace.rest_every > 0).then_some(Rest {
            every: pace.rest_every,
            lasts,
        });
        Ok(Limits {
            rates,
            spacing: seconds(pace.spacing_seconds)?,
            jitter: seconds(pace.jitter_seconds)?,
            rest,
            hours: Hours {
                zone: Hours::zone_named(&pace.zone).map_err(PlanFault::Limits)?,
                days: WorkDays(pace.days),
                opens: time_of_day(&pace.opens)?,
                closes: time_of_day(&pace.closes)?,
            },
            daily_cap: pace.daily_cap,
            warm_up: since.filter(|_| pace.warm_up).map(WarmUp::usual),
        })
    }

    /// When the shop writes; `None` = the plan would never let anything leave.
    pub fn calendar(&self) -> Option<Calendar> {
        let limits = self.limits(Vec::new(), None).ok()?;
        limits.check().ok()?;
        Some(limits.calendar())
    }

    /// The shares of its texts.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn variants(&self) -> Result<Variants, PlanFault> {
        let shares: Vec<u8> = self.texts.iter().map(|text| text.share).collect();
        Variants::with_shares(&shares).map_err(PlanFault::Variants)
    }
}

impl Body {
    /// The words that may hold variables; of a poll, its question.
    pub fn words(&self) -> &str {
        match self {
            Self::Text { text } => text,
            Self::Media { caption, .. } => caption,
            Self::Poll { question, .. } => question,
            Self::Location { name, .. } => name,
        }
    }

    /// How many characters its words may have.
    pub fn longest(&self, longest: Longest) -> usize {
        match self {
            Self::Media { .. } => longest.caption,
            Self::Text { .. } | Self::Poll { .. } | Self::Location { .. } => longest.text,
        }
    }

    /// May nothing be left to say? A picture needs no words.
    pub fn needs_words(&self) -> bool {
        matches!(self, Self::Text { .. } | Self::Poll { .. })
    }
}

fn seconds(count: f64) -> Result<Duration, PlanFault> {
    if count > MOST_SECONDS {
        return Err(PlanFault::Seconds);
    }
    Duration::try_from_secs_f64(count).map_err(|_| PlanFault::Seconds)
}

fn time_of_day(written: &str) -> Result<NaiveTime, PlanFault> {
    NaiveTime::parse_from_str(written, "%H:%M").map_err(|_| PlanFault::TimeOfDay)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pacer::{Now, Pacer, Past};
    use crate::rehearsal::{Assumed, Fate, rehearse};

    #[test]
    fn a_careful_plan_can_run_as_it_is_but_for_its_words() {
        let plan = Plan::careful("America/Lima");
        let limits = plan.limits(Vec::new(), Some(UnixMillis(0))).expect("limits");
        assert_eq!(limits.spacing, Duration::from_secs(8), "as it says");
        assert!(limits.warm_up.is_some(), "a young number writes less");
        assert_eq!(plan.variants().expect("one text").shares(), [100], "for all");
    }

    #[test]
    fn what_is_wrong_with_a_plan_is_named() {
        let plan = Plan::careful("America/Lima");
        let faulty = |change: fn(&mut Pace)| {
            let mut plan = plan.clone();
            change(&mut plan.pace);
            plan.limits(Vec::new(), None).err()
        };
        assert_eq!(
            faulty(|pace| pace.opens = "25:00".to_owned()),
            Some(PlanFault::TimeOfDay)
        );
        assert_eq!(
            faulty(|pace| pace.spacing_seconds = -1.0),
            Some(PlanFault::Seconds)
        );
        assert_eq!(
            faulty(|pace| pace.jitter_seconds = f64::NAN),
            Some(PlanFault::Seconds)
        );
        assert_eq!(
            faulty(|pace| pace.rest_seconds = u32::MAX),
            Some(PlanFault::Seconds)
        );
        assert_eq!(
            faulty(|pace| pace.zone = "America/Nowhere".to_owned()),
            Some(PlanFault::Limits(LimitsFault::UnknownZone))
        );
    }

    #[test]
    fn any_number_of_seconds_is_paced_or_refused() {
        for seconds in [0.0, 86_400.0, 1e7, 1e12, 1e18, 1.8e19, f64::INFINITY] {
            let mut plan = Plan::careful("America/Lima");
            plan.pace.spacing_seconds = seconds;
            plan.pace.jitter_seconds = seconds;
            plan.pace.rest_every = 1;
            plan.pace.rest_seconds = 86_400;
            let Ok(limits) = plan.limits(Vec::new(), None) else {
                assert!(seconds > MOST_SECONDS, "{seconds} is not too much");
                continue;
            };
            let start = Now {
                wall: UnixMillis(1_800_000_000_000),
                steady: Duration::from_secs(5),
            };
            let pacer = Pacer::read_back(limits, &Past::default(), start).expect("sound limits");
            let assumed = Assumed {
                start,
                each_takes: Duration::ZERO,
                chance: || 1.0,
            };
            let course = rehearse(pacer, [Fate::Send; 3], assumed, |_, _| {});
            assert!(course.sends <= 3, "{seconds}: it is played to some end");
        }
    }

    #[test]
    fn a_plan_is_kept_as_it_is() {
        let mut plan = Plan::careful("America/Sao_Paulo");
        plan.texts.push(Text {
            share: 0,
            body: Body::Media {
                media_kind: MediaKind::Image,
                media_id: MediaId(4),
                caption: "{{nome}}".to_owned(),
            },
        });
        let kept = serde_json::to_string(&plan).expect("JSON");
        assert_eq!(
            serde_json::from_str::<Plan>(&kept).expect("a plan"),
            plan,
            "unfinished or not"
        );
    }
}
