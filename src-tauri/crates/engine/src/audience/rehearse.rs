//! The rehearsal: the whole run, simulated on the real audience by the real pacer. Nothing is sent.
//!
//! One pass over the audience finds out who is written to and who is not, fills in each text, and counts what the safety meter reads.
//! A rehearsal without a fault marks the campaign as rehearsed, if plan and audience are still those that were rehearsed.
//!
//! It begins now, or when the campaign is to begin: in the evening a run meets other hours, caps and earlier messages than in the morning.
//! One that has its time, or missed it, can be looked at in the same way; that marks nothing.
//!
//! Other campaigns of the number that run go on meanwhile: they are played with it, from now on.
//!
//! Who gets it when is kept of the last campaign that was rehearsed ([`turns`]), for whoever looks at its people.

mod pass;
mod turns;

use std::ops::ControlFlow;
use std::time::Duration;

use mostrador_campaigns::pacer::{Now, Pacer};
use mostrador_campaigns::plan::{Plan, PlanFault};
use mostrador_campaigns::rehearsal::{self, Assumed, Course, Other, Others};
use mostrador_campaigns::safety::Reading;
use mostrador_campaigns::state::CampaignState;
use mostrador_domain::{CampaignId, Capabilities, RateLimit, RecipientId, UnixMillis};
use mostrador_store::tables::campaign::audience;
use mostrador_store::tables::campaign::{self, CampaignRow, recipient};
use mostrador_store::{Connection, StoreError};

use super::preview::file_of;
use super::safety::meter;
use super::texts::{NotTied, Texts, Tied, Unfit, says_nothing, unfit};
use pass::Pass;
pub(super) use turns::{Kept, Turns};

use crate::EngineError;
use crate::engine::Engine;

/// The gap after each message is assumed to be in the middle of what chance may make it.
const MIDDLE: f64 = 0.5;
/// How long a gateway is assumed to take for each message: longer than most do, so that nobody switches the computer off too early.
/// Where there is a gap between two messages it makes no difference but at the end.
const EACH_TAKES: Duration = Duration::from_millis(300);
/// People who get another text are noted so many at a time.
const AT_ONCE: usize = 1_000;

/// What stands in the way of a launch.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// Nobody is in its audience.
    NoAudience,
    /// A text says nothing.
    EmptyText(u8),
    /// A text is not understood, at this character.
    NotUnderstood(u8, usize),
    /// A variable of a text that is no column.
    UnknownVariable(u8, String),
    /// A variable of a text that has no value in so many rows; the first of them.
    Unresolved(u8, String, usize, Vec<u32>),
    /// A text is too long in so many rows; the most characters that it may have.
    TooLong(u8, usize, usize),
    /// The plan.
    Plan(PlanFault),
    /// Not all are reached in any time that a person would wait for.
    TooSlow,
    /// The device's gateway would send a text to nobody.
    Unfit(u8, Unfit),
}

/// What a rehearsal has found.
#[derive(Debug, Clone, PartialEq)]
pub struct Rehearsal {
    /// What stands in the way.
    pub faults: Vec<Fault>,
    /// How it goes.
    pub course: Course,
    /// So many messages of other campaigns of the number, which run, were still to leave: they leave in between.
    pub others: usize,
    /// How risky it is.
    pub safety: Reading,
}

/// What a rehearsal needs to know besides the store.
struct Stage {
    campaign: CampaignRow,
    capabilities: Capabilities,
    now: Now,
    /// When the run begins.
    start: Now,
}

impl Engine {
    /// Rehearses a campaign that has not started, from `starts_at` on; `None` = from its time on if it has one, else from now on.
    ///
    /// # Errors
    /// Not found; state changed if it has started, or was changed meanwhile.
    pub async fn rehearse(
        &self,
        id: CampaignId,
        starts_at: Option<UnixMillis>,
    ) -> Result<Rehearsal, EngineError> {
        let campaign = self.campaign_row(id).await?;
        let (marks, its_time) = match campaign.state {
            CampaignState::Draft | CampaignState::Rehearsed => (true, None),
            CampaignState::Scheduled => (false, campaign.starts_at),
            CampaignState::Missed => (false, None),
            _ => return Err(StoreError::state_changed().into()),
        };
        let plan_no = campaign.plan_no;
        let (now, steady) = (self.clock().now(), self.clock().elapsed());
        let wall = starts_at.or(its_time).map_or(now, |at| at.max(now));
        let stage = Stage {
            capabilities: self.capabilities(campaign.device).await?,
            campaign,
            now: Now { wall: now, steady },
            start: Now {
                wall,
                steady: steady.saturating_add(wall.since(now)),
            },
        };
        let read = self
            .store()
            .read(move |connection| in_one_moment(connection, |connection| run(connection, &stage)));
        let (rehearsal, varied, turns) = read.await?;
        if starts_at.is_none() {
            self.keep_turns((id, plan_no), turns);
        }
        if marks && rehearsal.faults.is_empty() {
            self.rehearsed(id, plan_no, varied).await?;
        }
        Ok(rehearsal)
    }

    async fn rehearsed(
        &self,
        id: CampaignId,
        plan_no: u32,
        varied: Vec<(RecipientId, u8)>,
    ) -> Result<(), EngineError> {
        for some in varied.chunks(AT_ONCE) {
            let some = some.to_vec();
            let noted = self.store().write(move |writing| {
                if campaign::get(writing, id)?.plan_no != plan_no {
                    return Err(StoreError::state_changed());
                }
                audience::varied(writing, &some)
            });
            noted.await?;
        }
        let marked = self
            .store()
            .write_durably(move |writing| campaign::rehearsed(writing, id, plan_no));
        Ok(marked.await?)
    }
}

/// All that is read is of one moment.
fn in_one_moment<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let moment = connection.unchecked_transaction()?;
    let done = work(&moment);
    moment.finish()?;
    done
}

type Found = (Rehearsal, Vec<(RecipientId, u8)>, Turns);

fn run(connection: &Connection, stage: &Stage) -> Result<Found, StoreError> {
    let campaign = campaign::get(connection, stage.campaign.id)?;
    if campaign.plan_no != stage.campaign.plan_no {
        return Err(StoreError::state_changed());
    }
    let plan = &campaign.plan;
    let longest = stage.capabilities.send.longest();
    let texts = Texts::read(plan);
    let tied = texts.tied(&campaign.columns, longest);
    let since = audience::in_use_since(connection, campaign.device)?;
    let mut faults = of_texts(connection, plan, &tied, &stage.capabilities)?;
    let mut others = others(connection, &campaign, stage)?;
    let meanwhile = others.run_until(stage.now, stage.start.wall, EACH_TAKES, || MIDDLE);
    // What has left before this one begins does not leave between its messages.
    let left = others.left();
    let pacer = pacer(connection, &campaign, stage, (stage.start, meanwhile.as_slice()))?;
    let mut pass = Pass::over(connection, &campaign, &tied, stage.start.wall)?;
    audience::each(connection, campaign.id, |member| {
        pass.see(member)?;
        Ok(ControlFlow::Continue(()))
    })?;
    let mut turns = Turns::from(stage.start.wall);
    let course = match pacer {
        Ok(pacer) => played(others, pacer, &pass, stage.start, &mut turns),
        Err(fault) => {
            faults.push(Fault::Plan(fault));
            Course::default()
        }
    };
    if let Err(fault) = plan.variants() {
        faults.push(Fault::Plan(fault));
    }
    faults.extend(pass.faults(longest));
    if course.not_reached > 0 {
        faults.push(Fault::TooSlow);
    }
    let (people, longest_text) = (pass.people, pass.longest());
    let rehearsal = Rehearsal {
        faults,
        course,
        others: left,
        safety: meter(
            connection,
            &campaign,
            people,
            (since, stage.now.wall),
            longest_text,
        )?,
    };
    Ok((rehearsal, pass.varied, turns))
}

/// The other campaigns of the device that run.
fn others(connection: &Connection, campaign: &CampaignRow, stage: &Stage) -> Result<Others, StoreError> {
    let mut others = Vec::new();
    for row in campaign::of_device(connection, campaign.device)? {
        let left = recipient::counts(connection, row.id)?.pending;
        // One that could never run as it is planned is paused when its turn comes.
        if row.id != campaign.id
            && left > 0
            && let Ok(pacer) = pacer(connection, &row, stage, (stage.now, &[]))?
        {
            let left = usize::try_from(left).unwrap_or(usize::MAX);
            others.push(Other { pacer, left });
        }
    }
    Ok(Others::new(others))
}

/// The pacer that a campaign would have then, if messages of others have left `meanwhile`.
fn pacer(
    connection: &Connection,
    campaign: &CampaignRow,
    stage: &Stage,
    (at, meanwhile): (Now, &[UnixMillis]),
) -> Result<Result<Pacer, PlanFault>, StoreError> {
    let since = audience::in_use_since(connection, campaign.device)?;
    let rate = stage.capabilities.rate;
    let rates = rate.map(|(count, window)| RateLimit { count, window });
    let limits = match campaign.plan.limits(rates.into_iter().collect(), Some(since)) {
        Ok(limits) => limits,
        Err(fault) => return Ok(Err(fault)),
    };
    let of = (campaign.device, campaign.id);
    let mut past = campaign::past(connection, of, &limits, (at.wall, MIDDLE))?;
    past.started.extend(meanwhile);
    let too_many = past.started.len().saturating_sub(limits.remembers());
    past.started.drain(..too_many);
    Ok(Pacer::read_back(limits, &past, at).map_err(PlanFault::Limits))
}

fn played(others: Others, pacer: Pacer, pass: &Pass<'_>, start: Now, turns: &mut Turns) -> Course {
    let assumed = Assumed {
        start,
        each_takes: EACH_TAKES,
        chance: || MIDDLE,
    };
    let fates = pass.fates.iter().copied();
    rehearsal::rehearse_beside(others, pacer, fates, assumed, |at, moment| {
        turns.extend(pass.places.get(at).map(|place| (*place, moment)));
    })
}

/// What is wrong with the texts whoever gets them.
fn of_texts(
    connection: &Connection,
    plan: &Plan,
    tied: &Tied<'_>,
    capabilities: &Capabilities,
) -> Result<Vec<Fault>, StoreError> {
    let mut faults = Vec::new();
    for (at, text) in (0_u8..).zip(&plan.texts) {
        let body = &text.body;
        let file = file_of(connection, body)?;
        if let Some(why) = unfit(body, file.as_ref(), capabilities) {
            faults.push(Fault::Unfit(at, why));
        }
        if body.needs_words() && body.words().trim().is_empty() {
            faults.push(Fault::EmptyText(at));
            continue;
        }
        if says_nothing(body) {
            continue;
        }
        match tied.bound(at) {
            Some(Err(NotTied::NotUnderstood(fault))) => faults.push(Fault::NotUnderstood(at, fault.at)),
            Some(Err(NotTied::Unknown(names))) => {
                faults.extend(names.iter().map(|name| Fault::UnknownVariable(at, name.clone())));
            }
            Some(Ok(_)) | None => {}
        }
    }
    Ok(faults)
}
