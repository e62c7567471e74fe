//! The people of a campaign, each a row, and the one way in which a row changes its state.

use mostrador_campaigns::state::{Counts, FailReason, RecipientEvent, RecipientState, SkipReason};
use mostrador_domain::{Address, CampaignId, ChatId, FailureCode, MessageId, RecipientId, UnixMillis};
use rusqlite::{Connection, OptionalExtension, params};

use super::audience;
use super::row::{CampaignRow, from_json};
use crate::quiet::quiet_debug;
use crate::row::Columns;
use crate::tables::message::columns::json;
use crate::tables::person;
use crate::{Change, StoreError, Writing};

/// Somebody to be put into an audience, at its end.
#[derive(Clone, PartialEq)]
pub struct NewRecipient {
    /// The number that the spreadsheet shows beside their row.
    pub row: Option<u32>,
    /// Their number as it was written.
    pub written: String,
    /// Whom it is sent to; `None` = no number.
    pub address: Option<Address>,
    /// What stands in their columns.
    pub cells: Vec<String>,
    /// Which text, from 0.
    pub variant: u8,
    /// Pending, or why they are left out from the start.
    pub state: RecipientState,
}

quiet_debug!(NewRecipient { row, variant, state });

/// Somebody in an audience.
#[derive(Clone, PartialEq)]
pub struct RecipientRow {
    /// Which.
    pub id: RecipientId,
    /// Of which campaign.
    pub campaign: CampaignId,
    /// Their turn, from 0.
    pub place: u32,
    /// The number that the spreadsheet shows beside their row.
    pub row: Option<u32>,
    /// Their number as it was written.
    pub written: String,
    /// Whom it is sent to; `None` = no number.
    pub address: Option<Address>,
    /// What stands in their columns.
    pub cells: Vec<String>,
    /// Which text, from 0.
    pub variant: u8,
    /// Where they are.
    pub state: RecipientState,
    /// Their chat.
    pub chat: Option<ChatId>,
    /// Their message.
    pub message: Option<MessageId>,
    /// How often they were queued.
    pub tries: u32,
    /// When they were queued last.
    pub queued_at: Option<UnixMillis>,
    /// When the gateway took the message.
    pub sent_at: Option<UnixMillis>,
    /// When it was on their phone.
    pub delivered_at: Option<UnixMillis>,
    /// When they read it.
    pub read_at: Option<UnixMillis>,
    /// When they answered.
    pub replied_at: Option<UnixMillis>,
    /// Their first answer.
    pub reply: Option<MessageId>,
    /// Of failed, skipped and opted out: when.
    pub settled_at: Option<UnixMillis>,
    /// Uncertain, and looking did not settle it: a person has to.
    pub needs_operator: bool,
    /// Pending, and a person has to decide first what they meant.
    pub held: bool,
}

quiet_debug!(RecipientRow {
    id,
    campaign,
    place,
    state,
    tries
});

const COLUMNS: &str = "r.id, c.id, r.place, r.row, r.written, r.address, r.cells, r.variant, r.state, r.reason, r.chat_id,
    r.message_id, r.tries, r.queued_at, r.sent_at, r.delivered_at, r.read_at, r.replied_at, r.reply_id, r.settled_at,
    r.state = 'uncertain' AND NOT EXISTS (SELECT 1 FROM outbox o
      WHERE o.message_id = r.message_id AND o.kind = 'send' AND o.state = 'uncertain' AND o.needs_operator = 0), r.held";

/// SQL: the people of campaigns. Who belongs to none is being gathered, or left over.
const FROM: &str = "recipient r JOIN campaign c ON c.audience_id = r.audience_id";

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<RecipientRow> {
    let mut read = Columns::from(row, 0);
    let (id, campaign, place) = (RecipientId(read.take()?), CampaignId(read.take()?), read.take()?);
    let (line, written, address) = (
        read.take()?,
        read.take()?,
        read.take_as(|text: String| Address::parse(&text))?,
    );
    let (cells, variant) = (from_json(6, &read.take::<String>()?)?, read.take()?);
    let (state, reason): (String, Option<String>) = (read.take()?, read.take()?);
    let state = state_of(&state, reason.as_deref()).ok_or_else(|| {
        rusqlite::Error::InvalidColumnType(8, "recipient".to_owned(), rusqlite::types::Type::Text)
    })?;
    Ok(RecipientRow {
        id,
        campaign,
        place,
        row: line,
        written,
        address,
        cells,
        variant,
        state,
        chat: read.take_as(ChatId)?,
        message: read.take_as(MessageId)?,
        tries: read.take()?,
        queued_at: read.take_as(UnixMillis)?,
        sent_at: read.take_as(UnixMillis)?,
        delivered_at: read.take_as(UnixMillis)?,
        read_at: read.take_as(UnixMillis)?,
        replied_at: read.take_as(UnixMillis)?,
        reply: read.take_as(MessageId)?,
        settled_at: read.take_as(UnixMillis)?,
        needs_operator: read.take()?,
        held: read.take()?,
    })
}

/// The word for "a person says that it did not go" among the reasons.
const SAID_NOT_SENT: &str = "said_not_sent";

/// The state that two columns tell. A failure without a reason that can be read is the recipient's.
pub fn state_of(word: &str, reason: Option<&str>) -> Option<RecipientState> {
    use RecipientState as S;
    Some(match word {
        "failed" => S::Failed(match reason {
            Some(SAID_NOT_SENT) => FailReason::SaidNotSent,
            other => FailReason::Refused(
                other
                    .and_then(FailureCode::from_word)
                    .unwrap_or(FailureCode::RefusedRecipient),
            ),
        }),
        "skipped" => S::Skipped(
            reason
                .and_then(SkipReason::from_word)
                .unwrap_or(SkipReason::TakenOut),
        ),
        word => [
            S::Pending,
            S::Queued,
            S::Uncertain,
            S::Sent,
            S::Delivered,
            S::Read,
            S::Replied,
            S::OptedOut,
        ]
        .into_iter()
        .find(|state| state.as_str() == word)?,
    })
}

/// The word of a state's reason, if it has one.
pub fn reason_of(state: RecipientState) -> Option<&'static str> {
    match state {
        RecipientState::Failed(FailReason::Refused(code)) => Some(code.as_str()),
        RecipientState::Failed(FailReason::SaidNotSent) => Some(SAID_NOT_SENT),
        RecipientState::Skipped(reason) => Some(reason.as_str()),
        _ => None,
    }
}

/// Whose an address is: the same for all spellings of a number, and only for them.
pub fn person_key(address: &Address) -> String {
    let spellings = std::iter::once(address.clone()).chain(address.variants());
    let smallest = spellings
        .filter_map(|spelling| spelling.phone_digits()?.parse::<u64>().ok())
        .min();
    smallest.map_or_else(|| address.as_str().to_owned(), |digits| digits.to_string())
}

/// Puts somebody at the end of an audience that is not frozen yet.
///
/// # Errors
/// The file's: a person may be in an audience once.
pub fn add(
    writing: &mut Writing<'_>,
    campaign: CampaignId,
    new: &NewRecipient,
    now: UnixMillis,
) -> Result<RecipientId, StoreError> {
    let audience = match audience::of(writing, campaign)? {
        Some(audience) => audience,
        None => {
            let audience = audience::begin(writing)?;
            audience::whole::give(writing, campaign, audience)?;
            audience
        }
    };
    let sql = "INSERT INTO recipient (audience_id, place, row, written, address, person, cells, variant, state, reason, settled_at)
               VALUES (?1, (SELECT coalesce(max(place) + 1, 0) FROM recipient WHERE audience_id = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    writing.prepare_cached(sql)?.execute(params![
        audience.0,
        new.row,
        new.written,
        new.address.as_ref().map(Address::as_str),
        new.address.as_ref().map(person_key),
        json(&new.cells),
        new.variant,
        new.state.as_str(),
        reason_of(new.state),
        new.state.is_final().then_some(now.0)
    ])?;
    let id = RecipientId(writing.last_insert_rowid());
    writing
        .prepare_cached("UPDATE campaign SET people = people + 1 WHERE id = ?1")?
        .execute([campaign.0])?;
    writing.touch(Change::Campaign(campaign));
    Ok(id)
}

/// What somebody of a campaign is called: on the phone or by themselves, else in their list.
///
/// # Errors
/// The file's.
pub fn called(
    connection: &Connection,
    campaign: &CampaignRow,
    address: Option<&Address>,
    cells: &[String],
) -> Result<Option<String>, StoreError> {
    let known = match address {
        Some(address) => person::get(connection, campaign.device, address)?.name,
        None => None,
    };
    Ok(known.or_else(|| campaign.columns.name_in(cells).map(str::to_owned)))
}

/// One of them.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn get(connection: &Connection, id: RecipientId) -> Result<RecipientRow, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM {FROM} WHERE r.id = ?1");
    Ok(connection.prepare_cached(&sql)?.query_row([id.0], read)?)
}

/// The one whose message this is.
///
/// # Errors
/// The file's.
pub fn of_message(connection: &Connection, message: MessageId) -> Result<Option<RecipientRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM {FROM} WHERE r.message_id = ?1");
    Ok(connection
        .prepare_cached(&sql)?
        .query_row([message.0], read)
        .optional()?)
}

/// SQL: those of a campaign in one state, after a turn.
pub(in crate::tables) const PAGE: &str = "SELECT r.id, r.place FROM recipient r WHERE r.audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND r.state = ?2 AND r.place > ?3 ORDER BY r.place LIMIT ?4";

/// SQL: all of a campaign, after a turn.
const PAGE_OF_ALL: &str = "SELECT r.id, r.place FROM recipient r WHERE r.audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND r.place > ?2 ORDER BY r.place LIMIT ?3";

/// Those of a campaign that are in one of `states` (words of the states; none = all), by their turns, after the turn `after`.
///
/// # Errors
/// The file's.
pub fn page(
    connection: &Connection,
    campaign: CampaignId,
    states: &[&str],
    after: Option<u32>,
    limit: u32,
) -> Result<Vec<RecipientRow>, StoreError> {
    let after = after.map_or(-1, i64::from);
    let mut found: Vec<(u32, RecipientId)> = Vec::new();
    if states.is_empty() {
        let mut statement = connection.prepare_cached(PAGE_OF_ALL)?;
        let rows = statement.query_map(params![campaign.0, after, limit], place_and_id)?;
        found = rows.collect::<Result<_, _>>()?;
    }
    for state in states {
        let mut statement = connection.prepare_cached(PAGE)?;
        let rows = statement.query_map(params![campaign.0, state, after, limit], place_and_id)?;
        for row in rows {
            found.push(row?);
        }
    }
    found.sort_unstable();
    found.dedup();
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    found.into_iter().map(|(_, id)| get(connection, id)).collect()
}

fn place_and_id(row: &rusqlite::Row<'_>) -> rusqlite::Result<(u32, RecipientId)> {
    Ok((row.get(1)?, RecipientId(row.get(0)?)))
}

/// How many are where.
///
/// # Errors
/// The file's.
pub fn counts(connection: &Connection, campaign: CampaignId) -> Result<Counts, StoreError> {
    let sql = "SELECT state, count(*) FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) GROUP BY state";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([campaign.0], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, u32>(1)?))
    })?;
    let mut counts = Counts::default();
    for row in rows {
        let (state, count) = row?;
        let place = match state.as_str() {
            "pending" => &mut counts.pending,
            "queued" => &mut counts.queued,
            "uncertain" => &mut counts.uncertain,
            "sent" => &mut counts.sent,
            "delivered" => &mut counts.delivered,
            "read" => &mut counts.read,
            "replied" => &mut counts.replied,
            "failed" => &mut counts.failed,
            "skipped" => &mut counts.skipped,
            _ => &mut counts.opted_out,
        };
        *place = count;
    }
    Ok(counts)
}

/// How many uncertain ones of a campaign have no message of ours.
///
/// # Errors
/// The file's.
pub fn untold(connection: &Connection, campaign: CampaignId) -> Result<u32, StoreError> {
    let sql =
        "SELECT count(*) FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1)
                  AND state = 'uncertain' AND message_id IS NULL";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([campaign.0], |row| row.get(0))?)
}

/// Where a recipient is, and whose.
#[derive(Debug, Clone, Copy)]
pub(in crate::tables) struct Standing {
    pub(in crate::tables) campaign: CampaignId,
    pub(in crate::tables) state: RecipientState,
    pub(in crate::tables) tries: u32,
}

/// Where a recipient is; `None` = there is none of that number.
pub(in crate::tables) fn standing(
    connection: &Connection,
    id: RecipientId,
) -> Result<Option<Standing>, StoreError> {
    let sql = "SELECT c.id, r.state, r.reason, r.tries FROM recipient r JOIN campaign c ON c.audience_id = r.audience_id WHERE r.id = ?1";
    let found = connection
        .prepare_cached(sql)?
        .query_row([id.0], |row| {
            let (word, reason): (String, Option<String>) = (row.get(1)?, row.get(2)?);
            let state = state_of(&word, reason.as_deref());
            let (campaign, tries) = (CampaignId(row.get(0)?), row.get(3)?);
            Ok(state.map(|state| (campaign, state, tries)))
        })
        .optional()?;
    Ok(found.flatten().map(|(campaign, state, tries)| Standing {
        campaign,
        state,
        tries,
    }))
}

/// One change of a recipient's state, by compare-and-set. `None` = it does not apply to the state that they are in, and nothing
/// is changed.
///
/// # Errors
/// The file's.
pub fn step(
    writing: &mut Writing<'_>,
    id: RecipientId,
    event: RecipientEvent,
    at: Option<UnixMillis>,
) -> Result<Option<RecipientState>, StoreError> {
    let Some(standing) = standing(writing, id)? else {
        return Ok(None);
    };
    let Some(next) = standing.state.next(event) else {
        return Ok(None);
    };
    let sql = "UPDATE recipient SET state = ?2, reason = ?3, held = 0, settled_at = CASE WHEN ?4 THEN ?5 END WHERE id = ?1 AND state = ?6";
    let ends = matches!(
        next,
        RecipientState::Failed(_) | RecipientState::Skipped(_) | RecipientState::OptedOut
    );
    writing.prepare_cached(sql)?.execute(params![
        id.0,
        next.as_str(),
        reason_of(next),
        ends,
        at.map(|at| at.0),
        standing.state.as_str()
    ])?;
    if next == RecipientState::Pending {
        let sql = "UPDATE recipient SET queued_at = NULL, queued_no = NULL, message_id = NULL WHERE id = ?1";
        writing.prepare_cached(sql)?.execute([id.0])?;
    }
    if matches!(next, RecipientState::Pending | RecipientState::Uncertain) {
        // What the gateway took once and gave up is being tried again: that time tells nothing of this try.
        let sql = "UPDATE recipient SET sent_at = NULL WHERE id = ?1 AND sent_at IS NOT NULL";
        writing.prepare_cached(sql)?.execute([id.0])?;
    }
    if next == RecipientState::Sent {
        let sql = "UPDATE recipient SET sent_at = coalesce(sent_at, ?2) WHERE id = ?1";
        writing
            .prepare_cached(sql)?
            .execute(params![id.0, at.map(|at| at.0)])?;
    }
    writing.touch(Change::Campaign(standing.campaign));
    Ok(Some(next))
}
