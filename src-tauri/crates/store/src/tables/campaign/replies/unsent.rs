//! The wishes of people to whom a campaign has sent nothing because of them: who said it before their turn came while it ran, and who is held until
//! a person decides. They have answered nothing, so no row tells when: they are found from the list of wishes, of which there are few.

use mostrador_domain::{Address, CampaignId, ChatId, OptOutId, RecipientId, UnixMillis};
use rusqlite::{Connection, params};

use super::super::follow::AHEAD;
use super::super::opt_out::{self, OptOutRow};
use super::super::recipient::person_key;
use super::{Place, Reply, ReplyKind, Wanted, Window, is_wish};
use crate::StoreError;
use crate::row::Columns;
use crate::tables::person;

/// SQL: the wishes of the time ?1 or before that still stand, the newest first.
const STANDING: &str =
    "SELECT id FROM opt_out WHERE at <= ?1 AND state IN ('asked', 'out') ORDER BY at DESC, id DESC";

/// SQL: in which campaigns the wish of the time ?2 keeps the person ?1 from being written to. Who was out before it started is in no list of
/// its answers.
pub(in crate::tables) const KEPT_BY: &str = "SELECT r.id, c.id, c.name, r.address, coalesce(?3, r.chat_id),
       (SELECT h.name FROM chat h WHERE h.id = coalesce(?3, r.chat_id)), ?2 + 86400000 * json_extract(c.plan, '$.replyDays')
     FROM campaign c CROSS JOIN recipient r INDEXED BY recipient_once ON r.audience_id = c.audience_id AND r.person = ?1 AND r.state <> 'skipped'
     WHERE (?4 IS NULL OR c.id = ?4) AND r.replied_at IS NULL
       AND (r.held = 1 OR (r.state = 'opted_out' AND r.settled_at >= c.started_at AND ?2 >= c.started_at - ?5))";

/// Those after `after`, the newest first: `most` at the least, if there are so many.
pub(super) fn wishes(
    connection: &Connection,
    wanted: Wanted,
    after: Option<Place>,
    most: usize,
) -> Result<Vec<(Reply, Window)>, StoreError> {
    let mut standing = connection.prepare_cached(STANDING)?;
    let mut rows = standing.query([after.map_or(i64::MAX, |after| after.at.0)])?;
    let mut found: Vec<(Reply, Window)> = Vec::new();
    while let Some(row) = rows.next()? {
        let wish = opt_out::get(connection, OptOutId(row.get(0)?))?;
        if found.len() >= most && found.last().is_some_and(|(last, _)| wish.at < last.at) {
            break;
        }
        let theirs = kept_by(connection, wanted.campaign, &wish)?;
        found.extend(
            theirs
                .into_iter()
                .filter(|(reply, _)| after.is_none_or(|after| reply.place() < after)),
        );
    }
    Ok(found)
}

/// Whom of which campaigns a wish keeps from being written to; nobody if they said it again since, under whichever of their addresses.
fn kept_by(
    connection: &Connection,
    campaign: Option<CampaignId>,
    wish: &OptOutRow,
) -> Result<Vec<(Reply, Window)>, StoreError> {
    let mut people: Vec<String> = Vec::new();
    for known in person::addresses_of(connection, &wish.address)? {
        let said = opt_out::of_address(connection, &known)?;
        if said.is_some_and(|said| is_wish(said.state) && (said.at, said.id) > (wish.at, wish.id)) {
            return Ok(Vec::new());
        }
        let key = person_key(&known);
        if !people.contains(&key) {
            people.push(key);
        }
    }
    let mut statement = connection.prepare_cached(KEPT_BY)?;
    let mut found = Vec::new();
    for person in people {
        let values = params![
            person,
            wish.at.0,
            wish.chat.map(|chat| chat.0),
            campaign.map(|id| id.0),
            AHEAD
        ];
        for row in statement.query_map(values, |row| reply(row, wish))? {
            found.push(row?);
        }
    }
    Ok(found)
}

fn reply(row: &rusqlite::Row<'_>, wish: &OptOutRow) -> rusqlite::Result<(Reply, Window)> {
    let mut read = Columns::from(row, 0);
    let (recipient, campaign, campaign_name) =
        (RecipientId(read.take()?), CampaignId(read.take()?), read.take()?);
    let address = read.take_as(|text: String| Address::parse(&text))?;
    let (chat, name) = (read.take_as(ChatId)?, read.take()?);
    let until = UnixMillis(read.take()?);
    let reply = Reply {
        recipient,
        campaign,
        campaign_name,
        chat,
        name,
        address,
        sent: None,
        reply: wish.text.clone(),
        at: wish.at,
        kind: ReplyKind::OptOut,
        opt_out: Some((wish.id, wish.state)),
        answered: false,
    };
    let window = Window {
        chats: chat.into_iter().map(|chat| chat.0).collect(),
        sent: None,
        from: wish.at,
        until,
    };
    Ok((reply, window))
}
