//! What people answered, newest first, beside what was sent to them.

use mostrador_campaigns::question::is_question;
use mostrador_domain::{Address, CampaignId, ChatId, OptOutId, RecipientId, UnixMillis};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::opt_out::OptOutState;
use crate::StoreError;
use crate::quiet::quiet_debug;
use crate::row::Columns;

/// So many rows are looked through for a page at the most: one that is filtered may end early, and says where it goes on.
const LOOKED_THROUGH: usize = 2_000;
/// So many are read at once.
const AT_ONCE: usize = 200;

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
    /// What was sent to them.
    pub sent: Option<String>,
    /// What they answered.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its time.
    pub at: UnixMillis,
    /// Whose.
    pub recipient: RecipientId,
}

/// SQL: a stretch of the list.
pub(in crate::tables) fn query(wanted: Wanted, after: Option<Place>) -> (String, Vec<Value>) {
    let index = match wanted.campaign {
        Some(_) => "recipient_replied_of",
        None => "recipient_replied",
    };
    let mut sql = format!(
        "SELECT r.id, c.id, c.name, r.chat_id, h.name, r.address, m.text, a.text, r.replied_at,
           (SELECT o.id FROM opt_out o WHERE o.chat_id = r.chat_id AND o.at >= r.sent_at ORDER BY o.at DESC LIMIT 1),
           (SELECT o.state FROM opt_out o WHERE o.chat_id = r.chat_id AND o.at >= r.sent_at ORDER BY o.at DESC LIMIT 1),
           EXISTS (SELECT 1 FROM message w WHERE w.chat_id = r.chat_id AND w.at > r.replied_at AND w.from_me = 1 AND w.failure IS NULL
             AND NOT EXISTS (SELECT 1 FROM recipient x WHERE x.message_id = w.id))
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
            after = Some(Place {
                at: reply.at,
                recipient: reply.recipient,
            });
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
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Reply> {
    let mut read = Columns::from(row, 0);
    let (recipient, campaign, campaign_name) =
        (RecipientId(read.take()?), CampaignId(read.take()?), read.take()?);
    let (chat, name) = (read.take_as(ChatId)?, read.take()?);
    let address = read.take_as(|text: String| Address::parse(&text))?;
    let (sent, reply): (Option<String>, Option<String>) = (read.take()?, read.take()?);
    let at = UnixMillis(read.take()?);
    let (wish, state): (Option<i64>, Option<String>) = (read.take()?, read.take()?);
    let opt_out = wish
        .map(OptOutId)
        .zip(state.as_deref().and_then(OptOutState::from_word));
    let is_wish = matches!(opt_out, Some((_, OptOutState::Asked | OptOutState::Out)));
    let kind = if is_wish {
        ReplyKind::OptOut
    } else if reply.as_deref().is_some_and(is_question) {
        ReplyKind::Question
    } else {
        ReplyKind::Other
    };
    Ok(Reply {
        recipient,
        campaign,
        campaign_name,
        chat,
        name,
        address,
        sent,
        reply,
        at,
        kind,
        opt_out,
        answered: read.take()?,
    })
}
