//! What people answered, newest first, beside what was sent to them.
//!
//! An answer is often more than one message, and the last one may ask what the first one did not: what is shown, and what it is, is told
//! by all that they wrote since the shop's own last word, within the campaign's days, and by their vote if a poll was sent. Its place in
//! the list is the first one's.
//!
//! Beside the answers stand the wishes of those whom the campaign did not write to because of them ([`unsent`]).

mod unsent;

#[cfg(test)]
pub(in crate::tables) use unsent::KEPT_BY;

use std::cmp::Reverse;
use std::collections::BTreeSet;

use mostrador_campaigns::question::is_question;
use mostrador_domain::{Address, CampaignId, ChatId, MessageId, OptOutId, RecipientId, UnixMillis};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use super::opt_out::{OptOutState, of_no_newer};
use crate::StoreError;
use crate::quiet::quiet_debug;
use crate::row::Columns;
use crate::tables::ingest::QUICK;

/// So many rows are looked through for a page at the most: one that is filtered may end early, and says where it goes on.
const LOOKED_THROUGH: usize = 2_000;
/// So many are read at once.
const AT_ONCE: usize = 200;
/// So many messages of one answer are shown, the newest ones.
const TOLD: usize = 5;

/// What kind of answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyKind {
    /// It waits for an answer.
    Question,
    /// A wish, or what may be one, not to be written to.
    OptOut,
    /// Any other.
    Other,
}

/// An answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// Of whom.
    pub recipient: RecipientId,
    /// To which campaign.
    pub campaign: CampaignId,
    /// Its name.
    pub campaign_name: String,
    /// Their chat.
    pub chat: Option<ChatId>,
    /// What the chat is called.
    pub name: Option<String>,
    /// Where they were written to.
    pub address: Option<Address>,
    /// What was sent to them; `None` = nothing yet, or without words.
    pub sent: Option<String>,
    /// What they answered since the shop's own last word, a message a line.
    pub reply: Option<String>,
    /// When.
    pub at: UnixMillis,
    /// What kind.
    pub kind: ReplyKind,
    /// Their wish, if there is one.
    pub opt_out: Option<(OptOutId, OptOutState)>,
    /// The shop has written since.
    pub answered: bool,
}

quiet_debug!(Reply {
    recipient,
    campaign,
    at,
    kind,
    answered
});

/// Which answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// To which campaign; `None` = to all.
    pub campaign: Option<CampaignId>,
    /// Only these.
    pub kind: Option<ReplyKind>,
    /// Only those to which nothing was written since.
    pub open: bool,
}

/// The place of an answer in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Its time.
    pub at: UnixMillis,
    /// Whose.
    pub recipient: RecipientId,
}

/// SQL: the newest wish `o` that a recipient said in answer to the campaign, within its days, as the report counts it
/// ([`super::opt_out::wished_after`]); here also one that was taken back.
const WISH: &str = concat!(
    "o.chat_id IN (r.chat_id, a.chat_id) AND o.at >= r.sent_at - 120000
       AND o.at <= r.sent_at + 86400000 * json_extract(c.plan, '$.replyDays') AND ",
    of_no_newer!(),
    " ORDER BY o.at DESC LIMIT 1"
);
const _: () = assert!(super::follow::AHEAD == 120_000, "as it stands in the text above");

/// SQL: a stretch of the list.
pub(in crate::tables) fn query(wanted: Wanted, after: Option<Place>) -> (String, Vec<Value>) {
    let index = match wanted.campaign {
        Some(_) => "recipient_replied_of",
        None => "recipient_replied",
    };
    let mut sql = format!(
        "SELECT r.id, c.id, c.name, r.chat_id, h.name, r.address, m.text, r.replied_at, m.id, a.chat_id,
           coalesce(r.sent_at, r.replied_at) + 86400000 * json_extract(c.plan, '$.replyDays'),
           (SELECT o.id FROM opt_out o WHERE {WISH}), (SELECT o.state FROM opt_out o WHERE {WISH})
         FROM recipient r INDEXED BY {index} JOIN campaign c ON c.audience_id = r.audience_id LEFT JOIN chat h ON h.id = r.chat_id
         LEFT JOIN message m ON m.id = r.message_id LEFT JOIN message a ON a.id = r.reply_id
         WHERE r.replied_at IS NOT NULL"
    );
    let mut values = Vec::new();
    if let Some(campaign) = wanted.campaign {
        sql.push_str(" AND r.audience_id = (SELECT audience_id FROM campaign WHERE id = ?)");
        values.push(Value::from(campaign.0));
    }
    if let Some(after) = after {
        sql.push_str(" AND (r.replied_at, r.id) < (?, ?)");
        values.extend([Value::from(after.at.0), Value::from(after.recipient.0)]);
    }
    sql.push_str(" ORDER BY r.replied_at DESC, r.id DESC LIMIT ?");
    values.push(Value::from(i64::try_from(AT_ONCE).unwrap_or(i64::MAX)));
    (sql, values)
}

/// Up to `limit` answers after `after`, and where the next page begins; `None` = there are no more.
///
/// # Errors
/// The file's.
pub fn page(
    connection: &Connection,
    wanted: Wanted,
    mut after: Option<Place>,
    limit: usize,
) -> Result<(Vec<Reply>, Option<Place>), StoreError> {
    let mut found = Vec::new();
    for _ in 0..LOOKED_THROUGH / AT_ONCE {
        let rows = stretch(connection, wanted, after)?;
        let is_last = rows.len() < AT_ONCE;
        for reply in rows {
            after = Some(reply.place());
            let fits = wanted.kind.is_none_or(|kind| kind == reply.kind) && !(wanted.open && reply.answered);
            if fits {
                found.push(reply);
            }
            if found.len() == limit {
                return Ok((found, after));
            }
        }
        if is_last {
            return Ok((found, None));
        }
    }
    Ok((found, after))
}

fn stretch(connection: &Connection, wanted: Wanted, after: Option<Place>) -> Result<Vec<Reply>, StoreError> {
    let (sql, values) = query(wanted, after);
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(values), read)?;
    let mut found = rows.collect::<Result<Vec<_>, _>>()?;
    found.extend(unsent::wishes(connection, wanted, after, AT_ONCE)?);
    found.sort_by_key(|(reply, _)| Reverse(reply.place()));
    found.truncate(AT_ONCE);
    let mut replies = Vec::new();
    for (mut reply, window) in found {
        let told = told(connection, &window)?;
        if reply.opt_out.is_some_and(|(_, state)| is_wish(state)) {
            reply.kind = ReplyKind::OptOut;
        } else if told.words.iter().any(|words| is_question(words)) {
            reply.kind = ReplyKind::Question;
        }
        reply.answered = told.answered;
        if !told.words.is_empty() {
            reply.reply = Some(told.words.join("\n"));
        }
        replies.push(reply);
    }
    Ok(replies)
}

impl Reply {
    fn place(&self) -> Place {
        Place {
            at: self.at,
            recipient: self.recipient,
        }
    }
}

fn is_wish(state: OptOutState) -> bool {
    matches!(state, OptOutState::Asked | OptOutState::Out)
}

/// Where and when what somebody wrote is an answer.
struct Window {
    /// Their chat, and the one in which they answered if that is another one.
    chats: BTreeSet<i64>,
    /// What was sent to them.
    sent: Option<i64>,
    from: UnixMillis,
    until: UnixMillis,
}

/// What they wrote since the shop's own last word, the oldest first.
struct Told {
    words: Vec<String>,
    answered: bool,
}

/// SQL: what a customer wrote within some time, the newest first.
pub(in crate::tables) const WROTE: &str = "SELECT at, text FROM message
     WHERE chat_id = ?1 AND at >= ?2 AND at <= ?3 AND from_me = 0 ORDER BY at DESC, id DESC LIMIT ?4";

/// SQL: what customers chose in a poll within some time.
pub(in crate::tables) const VOTES: &str = "SELECT at, v.options FROM vote v
     WHERE v.message_id = ?1 AND v.at >= ?2 AND v.at <= ?3 AND v.sender_id IS NOT NULL AND v.options <> '[]'";

/// Stands before what was chosen in a poll.
const CHOSEN: &str = "☑";

/// SQL: when people of the shop wrote themselves within some time, the newest. What was written here tells by its outbox row whether a
/// campaign sent it, also one that was deleted since. What was written elsewhere may be an away text or a bot, which answers at once: it
/// counts if no customer has written within the 5 seconds before it, as when it is told what was read.
pub(in crate::tables) const ANSWERED: &str = "SELECT at FROM message w
     WHERE chat_id = ?1 AND at >= ?2 AND at <= ?3 AND from_me = 1 AND failure IS NULL
       AND NOT EXISTS (SELECT 1 FROM recipient x WHERE x.message_id = w.id)
       AND CASE (SELECT o.client_id GLOB 'campaign-*' FROM outbox o WHERE o.message_id = w.id AND o.kind = 'send')
             WHEN 0 THEN 1 WHEN 1 THEN 0
             ELSE NOT EXISTS (SELECT 1 FROM message q WHERE q.chat_id = w.chat_id AND q.at > w.at - 5000 AND q.at <= w.at AND q.from_me = 0) END
     ORDER BY at DESC, id DESC LIMIT 1";
const _: () = assert!(QUICK.as_millis() == 5_000, "as it stands in the text above");

fn told(connection: &Connection, window: &Window) -> Result<Told, StoreError> {
    let most = i64::try_from(TOLD).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(WROTE)?;
    let mut wrote: Vec<(i64, Option<String>)> = Vec::new();
    for chat in &window.chats {
        let of_chat = params![chat, window.from.0, window.until.0, most];
        for row in statement.query_map(of_chat, |row| Ok((row.get(0)?, row.get(1)?)))? {
            wrote.push(row?);
        }
    }
    let votes = votes(connection, window.sent, (window.from.0, window.until.0))?;
    wrote.extend(votes.into_iter().map(|(at, words)| (at, Some(words))));
    wrote.sort_by_key(|(at, _)| *at);
    // The message itself may be gone by the shop's own choice of what is kept.
    let newest = wrote.last().map_or(window.from.0, |(at, _)| *at);
    let answered = last_word(connection, window, (newest + 1, i64::MAX))?.is_some();
    let before = last_word(connection, window, (window.from.0, newest))?;
    let since = wrote
        .into_iter()
        .filter(|(at, _)| before.is_none_or(|before| *at >= before));
    let mut words: Vec<String> = since.filter_map(|(_, text)| text).collect();
    words.drain(..words.len().saturating_sub(TOLD));
    Ok(Told { words, answered })
}

/// What customers chose in the poll `sent` between two times, and when, in words.
fn votes(
    connection: &Connection,
    sent: Option<i64>,
    (from, until): (i64, i64),
) -> Result<Vec<(i64, String)>, StoreError> {
    let mut statement = connection.prepare_cached(VOTES)?;
    let rows = statement.query_map(params![sent, from, until], |row| {
        let options: Vec<String> = serde_json::from_str(&row.get::<_, String>(1)?).unwrap_or_default();
        Ok((row.get(0)?, format!("{CHOSEN} {}", options.join(", "))))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What a customer chose in the poll `sent`, in words; `None` = it is no poll, or they chose nothing.
///
/// # Errors
/// The file's.
pub fn chosen(connection: &Connection, sent: MessageId) -> Result<Option<String>, StoreError> {
    let votes = votes(connection, Some(sent.0), (i64::MIN, i64::MAX))?;
    Ok(votes.into_iter().next_back().map(|(_, words)| words))
}

/// When the shop wrote last between two times.
fn last_word(
    connection: &Connection,
    window: &Window,
    (from, until): (i64, i64),
) -> Result<Option<i64>, StoreError> {
    let mut statement = connection.prepare_cached(ANSWERED)?;
    let mut last = None;
    for chat in &window.chats {
        let of_chat = statement.query_row(params![chat, from, until], |row| row.get(0));
        last = last.max(of_chat.optional()?);
    }
    Ok(last)
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<(Reply, Window)> {
    let mut read = Columns::from(row, 0);
    let (recipient, campaign, campaign_name) =
        (RecipientId(read.take()?), CampaignId(read.take()?), read.take()?);
    let (chat, name) = (read.take_as(ChatId)?, read.take()?);
    let address = read.take_as(|text: String| Address::parse(&text))?;
    let (sent, at) = (read.take()?, UnixMillis(read.take()?));
    let sent_as: Option<i64> = read.take()?;
    let (answered_in, until): (Option<i64>, i64) = (read.take()?, read.take()?);
    let (wish, state): (Option<i64>, Option<String>) = (read.take()?, read.take()?);
    let reply = Reply {
        recipient,
        campaign,
        campaign_name,
        chat,
        name,
        address,
        sent,
        reply: None,
        at,
        kind: ReplyKind::Other,
        opt_out: wish
            .map(OptOutId)
            .zip(state.as_deref().and_then(OptOutState::from_word)),
        answered: false,
    };
    let window = Window {
        chats: chat.map(|chat| chat.0).into_iter().chain(answered_in).collect(),
        sent: sent_as,
        from: at,
        until: UnixMillis(until),
    };
    Ok((reply, window))
}
