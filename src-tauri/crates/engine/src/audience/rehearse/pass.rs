//! One pass over an audience: who is written to and who is not, and what is wrong with their texts.

use std::collections::BTreeMap;
use std::time::Duration;

use mostrador_campaigns::rehearsal::Fate;
use mostrador_campaigns::state::{RecipientState, SkipReason};
use mostrador_campaigns::wording::{Check, RowFault};
use mostrador_domain::{Longest, RecipientId, UnixMillis};
use mostrador_store::tables::campaign::audience::{self, Kept, Member, People, Shunned, Wrote};
use mostrador_store::tables::campaign::{CampaignRow, Reached};
use mostrador_store::{Connection, StoreError};

use super::Fault;
use crate::audience::preview::variant_now;
use crate::audience::safety::REPEATED_WITHIN;
use crate::audience::texts::{Tied, says_nothing};

const DAY: Duration = Duration::from_secs(86_400);

/// One pass over the audience.
pub(super) struct Pass<'a> {
    campaign: &'a CampaignRow,
    tied: &'a Tied<'a>,
    out: Kept,
    blocked: Kept,
    asked: Kept,
    wrote: Wrote,
    reached: Reached<'a>,
    shunned: Shunned<'a>,
    /// Nobody to whom another campaign wrote after this is written to, but for one of the same series.
    not_since: Option<UnixMillis>,
    repeated_since: UnixMillis,
    pub(super) fates: Vec<Fate>,
    /// The turn of each of them.
    pub(super) places: Vec<u32>,
    checks: BTreeMap<u8, Check>,
    pub(super) people: People,
    pub(super) varied: Vec<(RecipientId, u8)>,
}

impl<'a> Pass<'a> {
    pub(super) fn over(
        connection: &'a Connection,
        campaign: &'a CampaignRow,
        tied: &'a Tied<'a>,
        now: UnixMillis,
    ) -> Result<Self, StoreError> {
        let not_again = DAY.saturating_mul(campaign.plan.not_again_days);
        let longest = not_again.max(REPEATED_WITHIN);
        Ok(Self {
            campaign,
            tied,
            out: audience::left_alone(connection)?,
            blocked: audience::blocked(connection, campaign.device)?,
            asked: audience::asked(connection)?,
            wrote: audience::who_wrote(connection, campaign.device)?,
            reached: Reached::by_others(connection, campaign.id)?,
            shunned: Shunned::by(connection, campaign.id, longest, now)?,
            not_since: (!not_again.is_zero()).then(|| now.before(not_again)),
            repeated_since: now.before(REPEATED_WITHIN),
            fates: Vec::new(),
            places: Vec::new(),
            checks: BTreeMap::new(),
            people: People::default(),
            varied: Vec::new(),
        })
    }

    pub(super) fn see(&mut self, member: Member) -> Result<(), StoreError> {
        let fate = match member.state {
            RecipientState::Pending => self.pending(&member)?,
            RecipientState::OptedOut => Fate::OptedOut,
            RecipientState::Skipped(reason) => Fate::Skip(reason),
            // It has not started: nobody is anywhere else.
            _ => return Ok(()),
        };
        self.fates.push(fate);
        self.places.push(member.place);
        Ok(())
    }

    /// Of somebody whose turn has not come: as the run will look at them. Whatever is in the way today may be gone by then, so their text
    /// is looked at in any case.
    fn pending(&mut self, member: &Member) -> Result<Fate, StoreError> {
        let Some(person) = &member.person else {
            return Ok(Fate::Skip(SkipReason::InvalidNumber));
        };
        let text = self.text(member);
        if self.out.contains(person) {
            return Ok(Fate::OptedOut);
        }
        if self.blocked.contains(person) {
            return Ok(Fate::Skip(SkipReason::Blocked));
        }
        if self.asked.contains(person) {
            return Ok(Fate::Held);
        }
        if self.reached.person(person)? {
            return Ok(Fate::Skip(SkipReason::WrittenRecently));
        }
        let written = self.shunned.written(person)?;
        let by_another = written.by_another.zip(self.not_since);
        if by_another.is_some_and(|(at, since)| at > since) {
            return Ok(Fate::Skip(SkipReason::WrittenRecently));
        }
        self.count(person, written.at_all);
        Ok(text)
    }

    fn count(&mut self, person: &str, written: Option<UnixMillis>) {
        self.people.all += 1;
        self.people.known += u32::from(self.wrote.known.contains(person));
        self.people.silent += u32::from(self.wrote.silent.contains(person));
        self.people.repeated += u32::from(written.is_some_and(|at| at > self.repeated_since));
    }

    fn text(&mut self, member: &Member) -> Fate {
        let variant = variant_now(self.campaign, member);
        if variant != member.variant {
            self.varied.push((member.id, variant));
        }
        if let Some(Ok(bound)) = self.tied.bound(variant)
            && !self.says_nothing(variant)
        {
            let called = member.row.unwrap_or(member.place + 1) as usize;
            let check = self.checks.entry(variant).or_default();
            bound.check_row(&member.cells, called, check);
        }
        match self.tied.words(variant, &member.cells) {
            Ok(_) => Fate::Send,
            Err(RowFault::TooLong { .. }) => Fate::Skip(SkipReason::TextTooLong),
            Err(_) => Fate::Skip(SkipReason::NoText),
        }
    }

    fn says_nothing(&self, variant: u8) -> bool {
        let text = self.campaign.plan.texts.get(usize::from(variant));
        text.is_some_and(|text| says_nothing(&text.body))
    }

    pub(super) fn longest(&self) -> usize {
        self.checks.values().map(|check| check.longest).max().unwrap_or(0)
    }

    /// What is wrong with the audience, and with the texts for some of it.
    pub(super) fn faults(&self, longest: Longest) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.people.all == 0 {
            faults.push(Fault::NoAudience);
        }
        for (variant, check) in &self.checks {
            for unresolved in &check.unresolved {
                let rows = &unresolved.rows;
                let named = rows.first.iter().filter_map(|row| u32::try_from(*row).ok());
                faults.push(Fault::Unresolved(
                    *variant,
                    unresolved.variable.clone(),
                    rows.count,
                    named.collect(),
                ));
            }
            let text = self.campaign.plan.texts.get(usize::from(*variant));
            if check.too_long.count > 0 {
                let most = text.map_or(0, |text| text.body.longest(longest));
                faults.push(Fault::TooLong(*variant, check.too_long.count, most));
            }
            let needs_words = text.is_some_and(|text| text.body.needs_words());
            if check.refused.count > 0 || (check.empty.count > 0 && needs_words) {
                faults.push(Fault::EmptyText(*variant));
            }
        }
        faults
    }
}
