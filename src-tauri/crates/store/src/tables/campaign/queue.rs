//! The next recipient's turn: from their row into the outbox.
//!
//! One durable transaction looks at all that can stand in the way (does the campaign run, is the undo window over, is there
//! room, do they want to be written to, were they written to a short time ago, is there a text for them), moves the row from
//! pending to queued by compare-and-set, and puts the message into the outbox under `campaign-{recipient}-{tries}`. If the
//! program dies before its commit, nothing happened; after it, the outbox has the message and the row says so.

use std::time::Duration;

use mostrador_campaigns::state::{CampaignState, FailReason, RecipientEvent, SkipReason};
use mostrador_domain::{
    CampaignId, ChatId, DeviceId, FailureCode, Longest, MessageId, RecipientId, UnixMillis,
};
use rusqlite::{Connection, OptionalExtension, params};

use super::bite::Way;
use super::follow::{self, Try, client_id, standing_client_id};
use super::recipient::{self, RecipientRow};
use super::row::{CampaignRow, get};
use super::{audience, bite, family, lapse, life, pace, series, wording};
use crate::tables::outbox::{self, NewContent, NewMessage};
use crate::tables::{chat, media};
use crate::{Change, StoreError, StoreErrorKind, Writing};

const DAY: Duration = Duration::from_secs(86_400);
/// So many who are not written to are passed in one transaction.
const PASSED_AT_ONCE: u32 = 100;

/// What the device's link allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// So many messages of campaigns may be in the device's outbox at once.
    pub room: u32,
    /// How long words may be.
    pub longest: Longest,
    /// A larger file is put at the gateway before its message is sent; `None` = all files travel with their messages.
    pub inline_up_to: Option<u64>,
}

/// What came of a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Somebody's message is in the outbox.
    Queued(Queued),
    /// Many were passed; there are more.
    Passed,
    /// The start may still be undone.
    NotBefore(UnixMillis),
    /// As many as may be are in the outbox.
    Full,
    /// Nobody knows what became of the newest ones: no more leave until that of one of them is known.
    InDoubt,
    /// Nobody waits for their turn; some are under way or uncertain.
    NobodyWaits,
    /// The same, and a person has to decide what some of them meant.
    Held,
    /// The last one was settled: it has ended.
    Finished,
    /// It does not run.
    NotRunning,
}

/// Somebody whose message is in the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queued {
    /// Who.
    pub recipient: RecipientId,
    /// Their chat.
    pub chat: ChatId,
    /// Their message.
    pub message: MessageId,
}

/// SQL: whose turn it is.
pub(in crate::tables) const NEXT: &str = "SELECT id FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND state = 'pending' AND held = 0 ORDER BY place LIMIT 1";

/// SQL: how many messages of campaigns are in a device's outbox.
pub(in crate::tables) const QUEUED: &str = "SELECT count(*) FROM campaign c INDEXED BY campaign_open
       CROSS JOIN recipient r ON r.audience_id = c.audience_id AND r.state = 'queued'
     WHERE c.state IN ('scheduled', 'running', 'paused', 'missed') AND c.state IN ('running', 'paused') AND c.device_id = ?1";

/// May another message of a campaign go into a device's outbox? A look before [`queue_next`], which decides.
///
/// # Errors
/// The file's.
pub fn has_room(connection: &Connection, device: DeviceId, room: u32) -> Result<bool, StoreError> {
    let queued: u32 = connection
        .prepare_cached(QUEUED)?
        .query_row([device.0], |row| row.get(0))?;
    Ok(queued < room)
}

/// Gives the next recipient of a campaign their turn.
///
/// # Errors
/// [`StoreErrorKind::NotFound`] for an unknown campaign; the file's.
pub fn queue_next(
    writing: &mut Writing<'_>,
    id: CampaignId,
    terms: Terms,
    now: UnixMillis,
) -> Result<Next, StoreError> {
    let campaign = get(writing, id)?;
    if campaign.state != CampaignState::Running {
        return Ok(Next::NotRunning);
    }
    if let Some(until) = campaign.undo_until.filter(|until| now < *until) {
        // A clock that was set back since then would hold it until it is that late again.
        if campaign.started_at.is_none_or(|started| started <= now) {
            return Ok(Next::NotBefore(until));
        }
    }
    if !has_room(writing, campaign.device, terms.room)? {
        return Ok(Next::Full);
    }
    if pace::in_doubt(writing, id)? != pace::Doubt::None {
        return Ok(Next::InDoubt);
    }
    for _ in 0..PASSED_AT_ONCE {
        let Some(next) = next_pending(writing, id)? else {
            return nobody_waits(writing, id, now);
        };
        match turn(writing, &campaign, next, terms, now)? {
            Turn::Queued(queued) => return Ok(Next::Queued(queued)),
            // The brake may have looked.
            Turn::Failed => return Ok(Next::Passed),
            Turn::Passed => {}
        }
    }
    Ok(Next::Passed)
}

fn nobody_waits(writing: &mut Writing<'_>, id: CampaignId, now: UnixMillis) -> Result<Next, StoreError> {
    if life::all_settled(writing, id, now)? {
        return Ok(Next::Finished);
    }
    Ok(match bite::held(writing, id)? {
        0 => Next::NobodyWaits,
        _ => Next::Held,
    })
}

fn next_pending(connection: &Connection, id: CampaignId) -> Result<Option<RecipientId>, StoreError> {
    Ok(connection
        .prepare_cached(NEXT)?
        .query_row([id.0], |row| Ok(RecipientId(row.get(0)?)))
        .optional()?)
}

/// What came of one recipient's turn.
enum Turn {
    Queued(Queued),
    /// They are not written to now, and their row says why.
    Passed,
    /// What is to be sent is not here.
    Failed,
}

/// One recipient's turn.
fn turn(
    writing: &mut Writing<'_>,
    campaign: &CampaignRow,
    id: RecipientId,
    terms: Terms,
    now: UnixMillis,
) -> Result<Turn, StoreError> {
    let recipient = recipient::get(writing, id)?;
    let passed = match in_the_way(writing, campaign, &recipient, now)? {
        Some(Way::Held) => {
            bite::hold(writing, campaign.id, id, true)?;
            return Ok(Turn::Passed);
        }
        Some(Way::Ends(event)) => Err(event),
        None => wording::content(campaign, &recipient, terms.longest).map_err(RecipientEvent::Skipped),
    };
    let content = match passed {
        Ok(content) => content,
        Err(event) => {
            recipient::step(writing, id, event, Some(now))?;
            return Ok(Turn::Passed);
        }
    };
    if !has_its_file(writing, &content)? {
        recipient::step(writing, id, RecipientEvent::Queued, None)?;
        let turn = pace::newest_turn(writing, campaign.id)? + 1;
        let sql = "UPDATE recipient SET queued_at = ?2, queued_no = ?3 WHERE id = ?1";
        writing.prepare_cached(sql)?.execute(params![id.0, now.0, turn])?;
        let missing = FailReason::Refused(FailureCode::MediaMissing);
        recipient::step(writing, id, RecipientEvent::Refused(missing), Some(now))?;
        follow::after_failure(writing, campaign.id, FailureCode::MediaMissing)?;
        return Ok(Turn::Failed);
    }
    let Some(address) = &recipient.address else {
        let invalid = RecipientEvent::Skipped(SkipReason::InvalidNumber);
        recipient::step(writing, id, invalid, Some(now))?;
        return Ok(Turn::Passed);
    };
    let chat = chat::ensure(writing, campaign.device, address)?;
    let tries = recipient.tries.saturating_add(1);
    let new = NewMessage {
        inline_up_to: terms.inline_up_to,
        ..NewMessage::new(chat, client_id(id, tries), content)
    };
    let message = outbox::enqueue(writing, &new, now)?;
    let turn = pace::newest_turn(writing, campaign.id)? + 1;
    enter(writing, (id, tries, turn), (chat, message), now)?;
    writing.touch(Change::Campaign(campaign.id));
    let tried = Try {
        recipient: id,
        tries,
        again: 0,
    };
    outbox::count_on(writing, &new.client_id, lapse::attempts_before(writing, tried)?)?;
    if went_before(writing, tried, now)? {
        return Ok(Turn::Passed);
    }
    Ok(Turn::Queued(Queued {
        recipient: id,
        chat,
        message,
    }))
}

fn enter(
    writing: &Writing<'_>,
    (id, tries, turn): (RecipientId, u32, i64),
    (chat, message): (ChatId, MessageId),
    now: UnixMillis,
) -> Result<(), StoreError> {
    let sql =
        "UPDATE recipient SET state = 'queued', tries = ?2, queued_at = ?3, chat_id = ?4, message_id = ?5, queued_no = ?6
                WHERE id = ?1 AND state = 'pending'";
    let entered = writing
        .prepare_cached(sql)?
        .execute(params![id.0, tries, now.0, chat.0, message.0, turn])?;
    if entered == 0 {
        return Err(StoreError::state_changed());
    }
    Ok(())
}

/// So many earlier tries are looked at.
const TRIES_LOOKED_AT: usize = 8;

/// Did an earlier try go after all? It was taken for absent, by proof or by a person's word, and its echo came later.
fn went_before(writing: &mut Writing<'_>, tried: Try, now: UnixMillis) -> Result<bool, StoreError> {
    let this = tried.client_id();
    for tries in (1..tried.tries).rev().take(TRIES_LOOKED_AT) {
        let earlier = standing_client_id(writing, tried.recipient, tries)?;
        if let Some((started_at, echo)) = outbox::went_before(writing, &this, &earlier, now)? {
            let sql = "UPDATE recipient SET queued_at = ?2 WHERE id = ?1";
            writing
                .prepare_cached(sql)?
                .execute(params![tried.recipient.0, started_at.0])?;
            follow::answered_after(writing, tried.recipient, echo)?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// Why this person is not written to now, whatever is said.
fn in_the_way(
    writing: &Writing<'_>,
    campaign: &CampaignRow,
    recipient: &RecipientRow,
    now: UnixMillis,
) -> Result<Option<Way>, StoreError> {
    let skipped = |why| Ok(Some(Way::Ends(RecipientEvent::Skipped(why))));
    let Some(address) = &recipient.address else {
        return skipped(SkipReason::InvalidNumber);
    };
    if let Some(way) = bite::in_the_way(writing, campaign.device, address)? {
        return Ok(Some(way));
    }
    if family::reached(writing, campaign.id, address)? {
        return skipped(SkipReason::WrittenRecently);
    }
    if series::meanwhile(writing, campaign.id, address)? {
        return skipped(SkipReason::WrittenRecently);
    }
    let not_again = DAY.saturating_mul(campaign.plan.not_again_days);
    if !not_again.is_zero() {
        let them = (campaign.id, address);
        if audience::was_written_to(writing, them, not_again, now)? {
            return skipped(SkipReason::WrittenRecently);
        }
    }
    Ok(None)
}

/// Is the message's file here still, if it has one?
fn has_its_file(connection: &Connection, content: &NewContent) -> Result<bool, StoreError> {
    let NewContent::Media { media, .. } = content else {
        return Ok(true);
    };
    match media::get(connection, *media) {
        Ok(_) => Ok(true),
        Err(error) if error.kind == StoreErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}
