//! The figures of a campaign, counted from its rows when somebody asks.

use std::collections::BTreeMap;

use mostrador_campaigns::pacer::{Calendar, Hours};
use mostrador_campaigns::state::{Counts, Funnel, RecipientState};
use mostrador_domain::{CampaignId, ChatId, MessageId, UnixMillis};
use rusqlite::{Connection, OptionalExtension};

use super::opt_out::wishes_after;
use super::recipient::state_of;
use super::row::get;
use crate::StoreError;

/// The figures of a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its people by state.
    pub counts: Counts,
    /// What happened in each hour of the shop's clock in which anything did.
    pub hours: Vec<Hour>,
    /// Each text by itself, from the first.
    pub variants: Vec<Variant>,
    /// Failures by reason, the commonest first.
    pub failures: Vec<(String, u32)>,
    /// Who was skipped, by reason, the commonest first.
    pub skipped: Vec<(String, u32)>,
    /// Of those who answered: who asks, or may ask, not to be written to any more.
    pub wished: u32,
}

/// What happened in an hour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hour {
    /// When it began.
    pub at: UnixMillis,
    /// Taken by the gateway.
    pub sent: u32,
    /// Read.
    pub read: u32,
    /// First answers.
    pub replied: u32,
    /// Failed.
    pub failed: u32,
}

/// One text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variant {
    /// Which, from 0.
    pub variant: u8,
    /// Whom it was meant for: all but those who were skipped from the start or asked not to be written to.
    pub people: u32,
    /// Its funnel.
    pub funnel: Funnel,
    /// Failed.
    pub failed: u32,
}

/// SQL: all that the figures are made of. Zones differ from each other by quarters of an hour, so nothing finer is needed. What the
/// gateway gave up after it had taken it has failed, and was not sent.
const ROWS: &str = concat!(
    "SELECT r.state, r.reason, r.variant, CASE WHEN r.state <> 'failed' THEN r.sent_at / 900000 END, r.read_at / 900000, r.replied_at / 900000,
       CASE r.state WHEN 'failed' THEN r.settled_at / 900000 END, r.state = 'replied' AND EXISTS (SELECT 1 ",
    wishes_after!(),
    ") FROM campaign c CROSS JOIN recipient r ON r.audience_id = c.audience_id WHERE c.id = ?1"
);

const QUARTER: i64 = 900_000;

/// Counts the rows of a campaign.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`]; the file's.
pub fn report(connection: &Connection, id: CampaignId) -> Result<Report, StoreError> {
    let campaign = get(connection, id)?;
    // A zone that is none any more: the world's.
    let zone = Hours::zone_named(&campaign.plan.pace.zone).or_else(|_| Hours::zone_named("UTC"));
    let calendar = zone.ok().map(|zone| Calendar {
        hours: Hours::always(zone),
    });
    let mut counted = Counted::default();
    let mut statement = connection.prepare_cached(ROWS)?;
    let mut rows = statement.query([id.0])?;
    while let Some(row) = rows.next()? {
        let word = row.get_ref(0)?.as_str().unwrap_or_default();
        let reason = row.get_ref(1)?.as_str().ok();
        let Some(state) = state_of(word, reason) else {
            continue;
        };
        counted.add(state, reason, row.get(2)?);
        counted.wished += u32::from(row.get::<_, bool>(7)?);
        for (part, column) in [
            (Part::Sent, 3),
            (Part::Read, 4),
            (Part::Replied, 5),
            (Part::Failed, 6),
        ] {
            if let Some(quarter) = row.get::<_, Option<i64>>(column)? {
                *counted.quarters.entry((quarter, part)).or_default() += 1;
            }
        }
    }
    Ok(counted.report(calendar))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Sent,
    Read,
    Replied,
    Failed,
}

#[derive(Default)]
struct Counted {
    counts: Counts,
    variants: BTreeMap<u8, Counts>,
    failures: BTreeMap<String, u32>,
    skipped: BTreeMap<String, u32>,
    quarters: BTreeMap<(i64, Part), u32>,
    wished: u32,
}

impl Counted {
    fn add(&mut self, state: RecipientState, reason: Option<&str>, variant: u8) {
        self.counts.add(state);
        self.variants.entry(variant).or_default().add(state);
        let by_reason = match state {
            RecipientState::Failed(_) => &mut self.failures,
            RecipientState::Skipped(_) => &mut self.skipped,
            _ => return,
        };
        let reason = reason.unwrap_or_default();
        match by_reason.get_mut(reason) {
            Some(count) => *count += 1,
            None => _ = by_reason.insert(reason.to_owned(), 1),
        }
    }

    fn report(self, calendar: Option<Calendar>) -> Report {
        let mut hours: BTreeMap<UnixMillis, Hour> = BTreeMap::new();
        for ((quarter, part), count) in self.quarters {
            let moment = UnixMillis(quarter.saturating_mul(QUARTER));
            let at = calendar.map_or(moment, |calendar| calendar.hour_of(moment));
            let hour = hours.entry(at).or_insert(Hour {
                at,
                ..Hour::default()
            });
            let place = match part {
                Part::Sent => &mut hour.sent,
                Part::Read => &mut hour.read,
                Part::Replied => &mut hour.replied,
                Part::Failed => &mut hour.failed,
            };
            *place += count;
        }
        let variants = self.variants.into_iter().map(|(variant, counts)| Variant {
            variant,
            people: counts.total() - counts.skipped - counts.opted_out,
            funnel: counts.funnel(),
            failed: counts.failed,
        });
        Report {
            counts: self.counts,
            hours: hours.into_values().collect(),
            variants: variants.collect(),
            failures: commonest_first(self.failures),
            skipped: commonest_first(self.skipped),
            wished: self.wished,
        }
    }
}

fn commonest_first(counts: BTreeMap<String, u32>) -> Vec<(String, u32)> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

/// A campaign in which somebody was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Which.
    pub campaign: CampaignId,
    /// What it is called.
    pub name: String,
    /// Where they are in it.
    pub state: RecipientState,
    /// When it was sent to them.
    pub sent_at: Option<UnixMillis>,
}

/// SQL: the campaigns that wrote in a chat, the newest first.
pub(in crate::tables) const OF_CHAT: &str = "SELECT c.id, c.name, r.state, r.reason, r.sent_at
     FROM recipient r INDEXED BY recipient_of_chat JOIN campaign c ON c.audience_id = r.audience_id
    WHERE r.chat_id = ?1 ORDER BY r.id DESC LIMIT 50";

/// The campaigns that wrote, or were about to write, in a chat: the newest fifty.
///
/// # Errors
/// The file's.
pub fn of_chat(connection: &Connection, chat: ChatId) -> Result<Vec<Received>, StoreError> {
    let mut statement = connection.prepare_cached(OF_CHAT)?;
    let rows = statement.query_map([chat.0], |row| {
        let (state, reason): (String, Option<String>) = (row.get(2)?, row.get(3)?);
        let state = state_of(&state, reason.as_deref());
        let (campaign, name, sent_at) = (
            CampaignId(row.get(0)?),
            row.get(1)?,
            row.get::<_, Option<i64>>(4)?,
        );
        Ok(state.map(|state| Received {
            campaign,
            name,
            state,
            sent_at: sent_at.map(UnixMillis),
        }))
    })?;
    let rows: Vec<Option<Received>> = rows.collect::<Result<_, _>>()?;
    Ok(rows.into_iter().flatten().collect())
}

/// The words of a message; `None` = it has none, or is not here any more.
///
/// # Errors
/// The file's.
pub fn words_of(connection: &Connection, message: MessageId) -> Result<Option<String>, StoreError> {
    let found = connection
        .prepare_cached("SELECT text FROM message WHERE id = ?1")?
        .query_row([message.0], |row| row.get(0));
    Ok(found.optional()?.flatten())
}
