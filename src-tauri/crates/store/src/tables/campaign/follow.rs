//! What becomes of a recipient's outbox row and message becomes of the recipient, in the same transaction.
//!
//! | Where it happens | what | the recipient |
//! |---|---|---|
//! | the outbox row's step | accepted, found, a person says that it went | Accepted |
//! | | no answer, the program died meanwhile | NoAnswer |
//! | | proven absent, a person says that it did not go | ProvenAbsent; Refused once the campaign has finished |
//! | | discarded or undone in the chat, or its message is gone | TakenBack, then Skipped(taken out) |
//! | the outbox row's failure is stored | dead | Refused, and the brake looks |
//! | nobody finds out what became of it | handed to a person | Uncertain still, and the brake looks |
//! | the message's status rises | sent, delivered, read | the same, with its times |
//! | the gateway gives it up after it took it | failed | Refused, and the brake looks |
//! | a customer's message comes live, or their vote in the poll that was sent | within the campaign's days | Replied |
//!
//! One message is an answer to one campaign, however many have written to its writer: to the one whose message it quotes, else to the one
//! that wrote last.
//!
//! An outbox row knows its recipient by its client id, `campaign-{recipient}-{tries}`, and so does the row of what was given up and is
//! sent again, which ends in [`outbox::AGAIN`] once for each time: a row of an earlier try moves nobody, and for any other message
//! nothing is asked. What was proven absent while the campaign does not run is taken back at once; while it runs,
//! the outbox has it again, and may claim it only as long as its turn holds ([`super::lapse`]).
//!
//! An answer may be here before it is known that the message went: it is looked for once that is known.

use mostrador_campaigns::safety::brake::{Brake, Outcome};
use mostrador_campaigns::state::{
    CampaignState, FailReason, Pause, RecipientEvent, RecipientState, SkipReason,
};
use mostrador_domain::{
    CampaignId, ChatId, DeliveryStatus, FailureCode, MessageId, OutboxEvent, OutboxState, RecipientId,
    UnixMillis,
};
use rusqlite::{Connection, OptionalExtension, params};

use super::{bite, life, pace, recipient, stop};
use crate::tables::{outbox, person};
use crate::{Change, StoreError, Writing};

/// Which try of which recipient an outbox row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tables) struct Try {
    pub(in crate::tables) recipient: RecipientId,
    pub(in crate::tables) tries: u32,
    /// How often a person had it sent again after the gateway had taken it and given it up.
    pub(in crate::tables) again: usize,
}

const PREFIX: &str = "campaign-";

/// Is it an id as campaigns give them to their messages? Nobody else may.
pub fn is_reserved(client_id: &str) -> bool {
    client_id.starts_with(PREFIX)
}

/// The client id of a try, as the campaign makes it.
pub(super) fn client_id(recipient: RecipientId, tries: u32) -> String {
    format!("{PREFIX}{recipient}-{tries}")
}

/// The client id under which a try is in the outbox by now: of what was given up and is sent again, the last one.
pub(super) fn standing_client_id(
    connection: &Connection,
    recipient: RecipientId,
    tries: u32,
) -> Result<String, StoreError> {
    outbox::newest_of(connection, client_id(recipient, tries))
}

impl Try {
    /// The try that a client id names, if it does.
    pub(in crate::tables) fn of(client_id: &str) -> Option<Self> {
        let (first, again) = outbox::without_again(client_id);
        let (recipient, tries) = first.strip_prefix(PREFIX)?.split_once('-')?;
        Some(Self {
            recipient: RecipientId(recipient.parse().ok()?),
            tries: tries.parse().ok()?,
            again,
        })
    }

    /// Its client id.
    pub(super) fn client_id(self) -> String {
        client_id(self.recipient, self.tries) + &outbox::AGAIN.repeat(self.again)
    }
}

/// Is this still the try that counts, and is the recipient's message the row's?
fn counts(
    connection: &Connection,
    tried: Try,
    message: Option<MessageId>,
) -> Result<Option<recipient::Standing>, StoreError> {
    let Some(standing) = recipient::standing(connection, tried.recipient)? else {
        return Ok(None);
    };
    let theirs: Option<i64> = connection
        .prepare_cached("SELECT message_id FROM recipient WHERE id = ?1")?
        .query_row([tried.recipient.0], |row| row.get(0))?;
    let same = message.zip(theirs).is_none_or(|(row, theirs)| row.0 == theirs);
    Ok(Some(standing).filter(|standing| standing.tries == tried.tries && same))
}

/// An outbox row that is a try has come into `state` by `event`. Why it is dead is told by [`failed`].
pub(in crate::tables) fn stepped(
    writing: &mut Writing<'_>,
    tried: Try,
    message: Option<MessageId>,
    (event, state): (OutboxEvent, OutboxState),
) -> Result<(), StoreError> {
    let Some(standing) = counts(writing, tried, message)? else {
        return Ok(());
    };
    let id = tried.recipient;
    match (event, state) {
        (_, OutboxState::Done) => accepted(writing, id)?,
        (_, OutboxState::Uncertain) => _ = recipient::step(writing, id, RecipientEvent::NoAnswer, None)?,
        (_, OutboxState::Discarded) => let_go(writing, id)?,
        (OutboxEvent::ProvenAbsent | OutboxEvent::OperatorSaysNotSent, OutboxState::Ready) => {
            not_there(writing, (id, standing.campaign), event)?;
        }
        _ => {}
    }
    Ok(())
}

/// It certainly did not go. A campaign that has finished has no turns: whoever is uncertain in it had failed, and was tried again in
/// their chat by a person, whose the outbox row still is.
fn not_there(
    writing: &mut Writing<'_>,
    (id, campaign): (RecipientId, CampaignId),
    event: OutboxEvent,
) -> Result<(), StoreError> {
    let why = match event {
        OutboxEvent::OperatorSaysNotSent => FailReason::SaidNotSent,
        _ => FailReason::Refused(FailureCode::NoAnswer),
    };
    let event = match life::state(writing, campaign)? {
        CampaignState::Finished => RecipientEvent::Refused(why),
        _ => RecipientEvent::ProvenAbsent,
    };
    recipient::step(writing, id, event, None).map(drop)
}

/// A person took the message out of the chat, or it is gone: it is not sent.
fn let_go(writing: &mut Writing<'_>, id: RecipientId) -> Result<(), StoreError> {
    if recipient::step(writing, id, RecipientEvent::TakenBack, None)?.is_some() {
        let out = RecipientEvent::Skipped(SkipReason::TakenOut);
        recipient::step(writing, id, out, None)?;
    }
    Ok(())
}

/// A try is dead for this reason; `at` is when it was tried.
pub(in crate::tables) fn failed(
    writing: &mut Writing<'_>,
    tried: Try,
    message: Option<MessageId>,
    (code, at): (FailureCode, UnixMillis),
) -> Result<(), StoreError> {
    match counts(writing, tried, message)? {
        Some(standing) => refused(writing, (tried.recipient, standing.campaign), code, Some(at)),
        None => Ok(()),
    }
}

/// Nobody finds out what became of a try: a person has to. So many of them in a row say that the next ones would fare no better.
pub(in crate::tables) fn handed_over(writing: &mut Writing<'_>, tried: Try) -> Result<(), StoreError> {
    let Some(standing) = counts(writing, tried, None)? else {
        return Ok(());
    };
    // Whoever looks at it can say now what became of them.
    writing.touch(Change::Campaign(standing.campaign));
    if pace::in_doubt(writing, standing.campaign)? == pace::Doubt::LeftToAPerson {
        stop::brake(writing, standing.campaign, Pause::TooManyFailures)?;
    }
    Ok(())
}

/// A try was certainly not made. If nothing may be sent for it now, it is taken back, and its turn comes when it may. Of a campaign that
/// was deleted meanwhile nothing is sent any more; of one that has finished, only what a person tries again in its chat.
pub(in crate::tables) fn absent(writing: &mut Writing<'_>, tried: Try) -> Result<(), StoreError> {
    if recipient::standing(writing, tried.recipient)?.is_none() {
        return stop::withdraw(writing, tried).map(drop);
    }
    let Some(standing) = counts(writing, tried, None)? else {
        return Ok(());
    };
    let state = life::state(writing, standing.campaign)?;
    let address = recipient::get(writing, tried.recipient)?.address;
    let device = super::get(writing, standing.campaign)?.device;
    let out = match &address {
        Some(address) => bite::in_the_way(writing, device, address)?.is_some(),
        None => false,
    };
    let goes_on = matches!(state, CampaignState::Running | CampaignState::Finished);
    if !goes_on && !out && matches!(standing.state, RecipientState::Failed(_)) {
        return stop::retry(writing, tried, standing.state).map(drop);
    }
    if (goes_on && !out) || !stop::take_back(writing, tried.recipient, tried.tries)? {
        return Ok(());
    }
    if state.is_final() {
        let cancelled = RecipientEvent::Skipped(SkipReason::Cancelled);
        recipient::step(writing, tried.recipient, cancelled, None)?;
    }
    Ok(())
}

/// A person wants a message that failed sent again, from its chat. What stops the campaign stops that too, and so does what the
/// customer wants.
pub(in crate::tables) fn may_go_again(writing: &mut Writing<'_>, tried: Try) -> Result<(), StoreError> {
    let standing = counts(writing, tried, None)?.ok_or_else(StoreError::state_changed)?;
    let stopped = life::state(writing, standing.campaign)?.is_stopped();
    let device = super::get(writing, standing.campaign)?.device;
    let out = match recipient::get(writing, tried.recipient)?.address {
        Some(address) => bite::in_the_way(writing, device, &address)?.is_some(),
        None => true,
    };
    match stopped || out {
        true => Err(StoreError::state_changed()),
        false => Ok(()),
    }
}

fn refused(
    writing: &mut Writing<'_>,
    (id, campaign): (RecipientId, CampaignId),
    code: FailureCode,
    at: Option<UnixMillis>,
) -> Result<(), StoreError> {
    let refused = RecipientEvent::Refused(FailReason::Refused(code));
    if recipient::step(writing, id, refused, at)?.is_some() {
        after_failure(writing, campaign, code)?;
    }
    Ok(())
}

/// The brake looks at what failed just now.
pub(super) fn after_failure(
    writing: &mut Writing<'_>,
    campaign: CampaignId,
    code: FailureCode,
) -> Result<(), StoreError> {
    let cause = match code {
        FailureCode::PlanLimit => Some(Pause::PlanLimit),
        FailureCode::Restricted => Some(Pause::Restricted { until: None }),
        FailureCode::Forbidden => Some(Pause::Forbidden),
        FailureCode::NotLinked => Some(Pause::LoggedOut),
        FailureCode::TokenRejected => Some(Pause::TokenRejected),
        _ => None,
    };
    let cause = match cause {
        Some(cause) => Some(cause),
        None if is_refusal(code) => {
            let newest: Vec<Outcome> = pace::newest_outcomes(writing, campaign, Brake::USUAL.among)?;
            Brake::USUAL.trips(newest).then_some(Pause::TooManyFailures)
        }
        None => None,
    };
    match cause {
        Some(cause) => stop::brake(writing, campaign, cause).map(drop),
        None => Ok(()),
    }
}

/// Does it speak against what is sent, or to whom? What the network does to us is no sign of anything.
pub(super) fn is_refusal(code: FailureCode) -> bool {
    use FailureCode as F;
    !matches!(
        code,
        F::AttemptsUsedUp | F::NoAnswer | F::NumberChanged | F::EarlierNumber
    )
}

/// What a message's row tells of its recipient.
struct Told {
    recipient: RecipientId,
    campaign: CampaignId,
    status: DeliveryStatus,
    times: [Option<i64>; 3],
    failure: Option<FailureCode>,
}

/// A message's status has risen, or it has failed after the gateway took it.
pub(in crate::tables) fn message(writing: &mut Writing<'_>, id: MessageId) -> Result<(), StoreError> {
    let Some(told) = told(writing, id)? else {
        return Ok(());
    };
    let [sent, delivered, read] = told.times.map(|at| at.map(UnixMillis));
    for (least, event, at) in [
        (DeliveryStatus::Sent, RecipientEvent::Accepted, sent),
        (DeliveryStatus::Delivered, RecipientEvent::Delivered, delivered),
        (DeliveryStatus::Read, RecipientEvent::Read, read),
    ] {
        if told.status.rank() >= least.rank() {
            recipient::step(writing, told.recipient, event, at)?;
        }
    }
    let sql = "UPDATE recipient SET sent_at = coalesce(?2, sent_at), delivered_at = coalesce(?3, delivered_at), read_at = coalesce(?4, read_at)
                WHERE id = ?1";
    let [sent, delivered, read] = told.times;
    writing
        .prepare_cached(sql)?
        .execute(params![told.recipient.0, sent, delivered, read])?;
    writing.touch(Change::Campaign(told.campaign));
    match told.failure {
        Some(code) => refused(
            writing,
            (told.recipient, told.campaign),
            code,
            sent.map(UnixMillis),
        ),
        None => Ok(()),
    }
}

fn told(connection: &Connection, id: MessageId) -> Result<Option<Told>, StoreError> {
    let sql = "SELECT r.id, c.id, m.status, m.sent_at, m.delivered_at, m.read_at, m.failure
                 FROM recipient r JOIN campaign c ON c.audience_id = r.audience_id JOIN message m ON m.id = r.message_id
                WHERE r.message_id = ?1";
    let found = connection.prepare_cached(sql)?.query_row([id.0], |row| {
        let status = row.get::<_, Option<i64>>(2)?.and_then(DeliveryStatus::from_rank);
        let failure: Option<String> = row.get(6)?;
        Ok(Told {
            recipient: RecipientId(row.get(0)?),
            campaign: CampaignId(row.get(1)?),
            status: status.unwrap_or(DeliveryStatus::Queued),
            times: [row.get(3)?, row.get(4)?, row.get(5)?],
            failure: failure.and_then(|word| FailureCode::from_word(&word)),
        })
    });
    Ok(found.optional()?)
}

/// Does any campaign wait for an answer of anybody?
pub(in crate::tables) fn any_awaits_reply(connection: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM recipient INDEXED BY recipient_awaits_reply WHERE state IN ('sent', 'delivered', 'read'))";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// How far ahead this computer's clock may be of the gateway's, which tells when customers wrote, in whole seconds: an answer may
/// seem to be so much older than what it answers.
pub(super) const AHEAD: i64 = 120_000;

/// SQL: who waits for an answer that a message of the time ?2 in the chat ?1 can be, which came after ours, by its number ?3; the one who
/// was written to last.
pub(in crate::tables) const AWAITS: &str =
    "SELECT r.sent_at, r.id FROM recipient r INDEXED BY recipient_awaits_reply JOIN campaign c ON c.audience_id = r.audience_id
     WHERE r.chat_id = ?1 AND r.state IN ('sent', 'delivered', 'read') AND r.sent_at <= ?2 + ?4
       AND r.sent_at >= ?2 - 86400000 * json_extract(c.plan, '$.replyDays') AND coalesce(r.message_id, 0) < ?3
     ORDER BY r.sent_at DESC, r.id DESC LIMIT 1";

/// SQL: is a message of the time ?2 in the chat ?1, which came after ours, by its number ?3, one more answer to a campaign that was sent
/// after the time ?5?
pub(in crate::tables) const ANSWERED_A_NEWER: &str =
    "SELECT EXISTS (SELECT 1 FROM recipient r INDEXED BY recipient_of_chat JOIN campaign c ON c.audience_id = r.audience_id
     WHERE r.chat_id = ?1 AND r.state = 'replied' AND r.sent_at > ?5 AND r.sent_at <= ?2 + ?4
       AND r.sent_at >= ?2 - 86400000 * json_extract(c.plan, '$.replyDays') AND coalesce(r.message_id, 0) < ?3)";

/// SQL: our message in the chat ?1 that the message ?2 quotes, if it was a campaign's.
pub(in crate::tables) const QUOTED: &str = "SELECT q.id FROM message m JOIN message q ON q.chat_id = ?1 AND q.gateway_id = m.quoted_gateway_id
     WHERE m.id = ?2 AND EXISTS (SELECT 1 FROM recipient r JOIN campaign c ON c.audience_id = r.audience_id WHERE r.message_id = q.id)";

/// A message of a customer has come live, in one of `chats`: all of them are with that person. It is one answer: to the campaign whose
/// message it quotes, else to the one that wrote to them last. Of that it may be one more than the first.
pub(in crate::tables) fn answered(
    writing: &mut Writing<'_>,
    chats: &[ChatId],
    (reply, at): (MessageId, UnixMillis),
) -> Result<(), StoreError> {
    for chat in chats {
        let quoted: Option<i64> = writing
            .prepare_cached(QUOTED)?
            .query_row([chat.0, reply.0], |row| row.get(0))
            .optional()?;
        if let Some(ours) = quoted {
            return match awaits_about(writing, MessageId(ours), at)? {
                Some(id) => replied(writing, id, (at, Some(reply))),
                None => Ok(()),
            };
        }
    }
    let mut newest: Option<(i64, i64)> = None;
    for chat in chats {
        let found = writing
            .prepare_cached(AWAITS)?
            .query_row(params![chat.0, at.0, reply.0, AHEAD], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        newest = newest.max(found);
    }
    let Some((sent_at, id)) = newest else {
        return Ok(());
    };
    for chat in chats {
        let of_a_newer: bool = writing
            .prepare_cached(ANSWERED_A_NEWER)?
            .query_row(params![chat.0, at.0, reply.0, AHEAD, sent_at], |row| row.get(0))?;
        if of_a_newer {
            return Ok(());
        }
    }
    replied(writing, RecipientId(id), (at, Some(reply)))
}

/// SQL: who waits for an answer to the message ?1, that a vote, or what quotes it, of the time ?2 can be.
pub(in crate::tables) const AWAITS_VOTE: &str =
    "SELECT r.id FROM recipient r JOIN campaign c ON c.audience_id = r.audience_id
     WHERE r.message_id = ?1 AND r.state IN ('sent', 'delivered', 'read') AND r.sent_at <= ?2 + ?3
       AND r.sent_at >= ?2 - 86400000 * json_extract(c.plan, '$.replyDays')";

/// A customer has voted in the poll `ours`: who got it in a campaign has answered.
pub(in crate::tables) fn voted(
    writing: &mut Writing<'_>,
    ours: MessageId,
    at: UnixMillis,
) -> Result<(), StoreError> {
    match awaits_about(writing, ours, at)? {
        Some(id) => replied(writing, id, (at, None)),
        None => Ok(()),
    }
}

fn awaits_about(
    connection: &Connection,
    ours: MessageId,
    at: UnixMillis,
) -> Result<Option<RecipientId>, StoreError> {
    Ok(connection
        .prepare_cached(AWAITS_VOTE)?
        .query_row(params![ours.0, at.0, AHEAD], |row| Ok(RecipientId(row.get(0)?)))
        .optional()?)
}

/// SQL: is this message somebody's answer already?
pub(in crate::tables) const TAKEN: &str = "SELECT EXISTS (SELECT 1 FROM recipient WHERE reply_id = ?1)";

/// They have answered then, by a message or by a vote, which is none. A message answers one campaign.
fn replied(
    writing: &mut Writing<'_>,
    id: RecipientId,
    (at, reply): (UnixMillis, Option<MessageId>),
) -> Result<(), StoreError> {
    if let Some(reply) = reply {
        let taken: bool = writing
            .prepare_cached(TAKEN)?
            .query_row([reply.0], |row| row.get(0))?;
        if taken {
            return Ok(());
        }
    }
    if recipient::step(writing, id, RecipientEvent::Replied, None)? == Some(RecipientState::Replied) {
        let sql = "UPDATE recipient SET replied_at = ?2, reply_id = ?3 WHERE id = ?1";
        writing
            .prepare_cached(sql)?
            .execute(params![id.0, at.0, reply.map(|reply| reply.0)])?;
    }
    Ok(())
}

/// SQL: the first message of a customer in the chat ?1 that came after ours, the message ?2, which was tried at ?3.
pub(in crate::tables) const ANSWERED: &str = "SELECT m.id, m.at FROM message m INDEXED BY message_in_order
     WHERE m.chat_id = ?1 AND m.at >= ?3 AND m.from_me = 0 AND m.id > ?2 ORDER BY m.at, m.id LIMIT 1";

/// SQL: when a customer first voted in our messages ?1 and ?2.
pub(in crate::tables) const VOTED: &str =
    "SELECT min(at) FROM vote WHERE message_id IN (?1, ?2) AND sender_id IS NOT NULL AND options <> '[]'";

fn accepted(writing: &mut Writing<'_>, id: RecipientId) -> Result<(), StoreError> {
    match recipient::step(writing, id, RecipientEvent::Accepted, None)? {
        Some(_) => answered_meanwhile(writing, id),
        None => Ok(()),
    }
}

/// It is known now that somebody's message went. They may have answered while that was not known.
pub(super) fn answered_meanwhile(writing: &mut Writing<'_>, id: RecipientId) -> Result<(), StoreError> {
    match recipient::get(writing, id)?.message {
        Some(ours) => answered_after(writing, id, ours),
        None => Ok(()),
    }
}

/// The same of what was known here by the number `ours`.
pub(super) fn answered_after(
    writing: &mut Writing<'_>,
    id: RecipientId,
    ours: MessageId,
) -> Result<(), StoreError> {
    let row = recipient::get(writing, id)?;
    let (Some(chat), Some(queued_at)) = (row.chat, row.queued_at) else {
        return Ok(());
    };
    let mut first: Option<(UnixMillis, Option<MessageId>)> = writing
        .prepare_cached(VOTED)?
        .query_row(params![ours.0, row.message.map(|message| message.0)], |row| {
            Ok(row.get::<_, Option<i64>>(0)?.map(|at| (UnixMillis(at), None)))
        })?;
    for chat in person::kin(writing, chat)? {
        let since = queued_at.0.saturating_sub(AHEAD);
        let found = writing
            .prepare_cached(ANSWERED)?
            .query_row(params![chat.0, ours.0, since], |row| {
                Ok((UnixMillis(row.get(1)?), Some(MessageId(row.get(0)?))))
            })
            .optional()?;
        first = first.into_iter().chain(found).min();
    }
    match first {
        Some(first) => replied(writing, id, first),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_try_is_known_by_its_client_id_and_nothing_else_is_one() {
        for (again, client_id) in [
            "campaign-41-2",
            "campaign-41-2/again",
            "campaign-41-2/again/again",
        ]
        .into_iter()
        .enumerate()
        {
            let tried = Try {
                recipient: RecipientId(41),
                tries: 2,
                again,
            };
            assert_eq!(Try::of(client_id), Some(tried), "{client_id} is one");
            assert_eq!(tried.client_id(), client_id, "and written so");
        }
        for other in [
            "c1",
            "c1/again",
            "campaign-41/again",
            "campaign-41-2/again/upload",
            "campaign-",
            "campaign-41",
            "campaign-41-",
            "campaign-41-2/upload",
            "campaign-x-1",
        ] {
            assert_eq!(Try::of(other), None, "{other} is not a try");
        }
    }
}
