//! Who does not want to be written to, with the proof. Kept for ever.
//!
//! | State | means | is it honoured? |
//! |---|---|---|
//! | asked | a message may have meant it: a person of the shop decides | nothing is sent until then; then they are out, or their turn comes |
//! | out | they said so plainly, or a person of the shop says so | yes |
//! | not_meant | a person decided that it was not meant so | no |
//! | undone | they want to be written to again, says a person of the shop | no |
//!
//! | Event | from | to |
//! |---|---|---|
//! | heard, certain | nothing, asked | out |
//! | heard, perhaps | nothing | asked |
//! | heard, certain or perhaps, written after the shop decided | not_meant, undone | out, asked |
//! | said by the shop | nothing, asked, not_meant, undone | out, with the words that are known |
//! | decided: meant so, not meant so | asked | out, not_meant |
//! | undone | out; asked under another address of the person | undone |
//!
//! Of an address there is one row, as they wrote from it. It is looked up under every spelling and every address of the person
//! ([`wished`]), so neither another import, nor another spelling, nor a LID brings anybody back. A message that is told
//! again, or that is older than what the shop decided, changes nothing: both times are the gateway's, since the clock of a shop's computer
//! may be wrong by hours (docs/adr/0008-two-clocks.md).
//!
//! It bites at once, in the transaction in which it is heard (`bite`), and so does what a person decides.

use mostrador_campaigns::opt_out::Wish;
use mostrador_domain::{Address, ChatId, DeviceId, OptOutId, RecipientId, UnixMillis};
use rusqlite::{Connection, OptionalExtension, params};

use super::bite;
use crate::quiet::quiet_debug;
use crate::row::Columns;
use crate::tables::outbox::Now;
use crate::tables::{chat, person};
use crate::{Change, StoreError, Writing};

/// Where a wish stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptOutState {
    /// A person of the shop decides.
    Asked,
    /// They get no campaigns.
    Out,
    /// It was not meant so.
    NotMeant,
    /// Taken back.
    Undone,
}

/// How a wish was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// In plain words.
    Certain,
    /// Perhaps.
    Ask,
    /// A person of the shop noted it.
    ByShop,
}

/// A message of a customer that asks, or may ask, not to be written to.
#[derive(Clone, PartialEq, Eq)]
pub struct Heard {
    /// Whose.
    pub address: Address,
    /// In which chat.
    pub chat: Address,
    /// How surely.
    pub wish: Wish,
    /// The gateway's id of the message.
    pub gateway_id: String,
    /// Its words.
    pub text: String,
    /// Its time.
    pub at: UnixMillis,
}

/// Somebody who asked.
#[derive(Clone, PartialEq, Eq)]
pub struct OptOutRow {
    /// Which.
    pub id: OptOutId,
    /// As they wrote from.
    pub address: Address,
    /// Where it stands.
    pub state: OptOutState,
    /// How it was said.
    pub said: Said,
    /// Where.
    pub chat: Option<ChatId>,
    /// The words that say so.
    pub text: Option<String>,
    /// When.
    pub at: UnixMillis,
    /// When the shop decided, by the gateway's clock.
    pub decided_at: Option<UnixMillis>,
}

quiet_debug!(Heard { wish, at }, OptOutRow { id, state, said, at });

impl OptOutState {
    const ALL: [Self; 4] = [Self::Asked, Self::Out, Self::NotMeant, Self::Undone];

    /// The word that the file uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Out => "out",
            Self::NotMeant => "not_meant",
            Self::Undone => "undone",
        }
    }

    /// The state of that word.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

impl Said {
    const ALL: [Self; 3] = [Self::Certain, Self::Ask, Self::ByShop];

    fn as_str(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Ask => "ask",
            Self::ByShop => "said",
        }
    }
}

const COLUMNS: &str = "id, address, state, wish, chat_id, text, at, decided_at";

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<OptOutRow> {
    let mut read = Columns::from(row, 0);
    let id = OptOutId(read.take()?);
    let address = Address::parse(&read.take::<String>()?);
    let state = read.take_word(OptOutState::from_word)?;
    let said = read.take_word(|word| Said::ALL.into_iter().find(|said| said.as_str() == word))?;
    Ok(OptOutRow {
        id,
        address,
        // A word that cannot be read is taken for the wish itself.
        state: state.unwrap_or(OptOutState::Out),
        said: said.unwrap_or(Said::ByShop),
        chat: read.take_as(ChatId)?,
        text: read.take()?,
        at: UnixMillis(read.take()?),
        decided_at: read.take_as(UnixMillis)?,
    })
}

/// SQL: the row of one address.
pub(in crate::tables) const OF_ADDRESS: &str = "SELECT state FROM opt_out WHERE address = ?1";

/// What somebody wants, as far as it is honoured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wished {
    /// Nothing that would keep a campaign from them.
    Nothing,
    /// Perhaps no more campaigns: a person decides, and nothing is sent until then.
    Asked,
    /// No more campaigns.
    Out,
}

/// What the person at `address` wants, under whichever of their addresses they said so: the strictest holds.
///
/// # Errors
/// The file's.
pub fn wished(connection: &Connection, address: &Address) -> Result<Wished, StoreError> {
    let mut statement = connection.prepare_cached(OF_ADDRESS)?;
    let mut strictest = Wished::Nothing;
    for known in person::addresses_of(connection, address)? {
        let word: Option<String> = statement
            .query_row([known.as_str()], |row| row.get(0))
            .optional()?;
        let wished = word.map_or(Wished::Nothing, |word| match OptOutState::from_word(&word) {
            Some(OptOutState::NotMeant | OptOutState::Undone) => Wished::Nothing,
            Some(OptOutState::Asked) => Wished::Asked,
            Some(OptOutState::Out) | None => Wished::Out,
        });
        strictest = strictest.max(wished);
    }
    Ok(strictest)
}

/// SQL: no campaign of which the wish `o` could be an answer as well was sent to the person of the recipient `r` later, and answered. So one wish is
/// one, of the last campaign within whose days it was written.
macro_rules! of_no_newer {
    () => {
        "NOT EXISTS (SELECT 1 FROM recipient l INDEXED BY recipient_of_person CROSS JOIN campaign lc ON lc.audience_id = l.audience_id
           WHERE l.person = r.person AND l.queued_at > 0 AND l.state = 'replied' AND (l.sent_at, l.id) > (r.sent_at, r.id)
             AND o.chat_id IN (l.chat_id, (SELECT b.chat_id FROM message b WHERE b.id = l.reply_id))
             AND o.at >= l.sent_at - 120000 AND o.at <= l.sent_at + 86400000 * json_extract(lc.plan, '$.replyDays'))"
    };
}
pub(super) use of_no_newer;

/// SQL: the wishes `o`, still standing, that the person of the recipient `r` wrote in answer to the campaign `c`, and to none after it: in their chat
/// or the one in which they answered, within the campaign's days. The shop's clock may be ahead of the gateway's by
/// [`AHEAD`](super::follow::AHEAD).
macro_rules! wishes_after {
    () => {
        concat!(
            "FROM opt_out o
             WHERE o.chat_id IN (r.chat_id, (SELECT a.chat_id FROM message a WHERE a.id = r.reply_id)) AND o.state IN ('asked', 'out')
               AND o.at >= r.sent_at - 120000 AND o.at <= r.sent_at + 86400000 * json_extract(c.plan, '$.replyDays') AND ",
            $crate::tables::campaign::opt_out::of_no_newer!()
        )
    };
}
const _: () = assert!(super::follow::AHEAD == 120_000, "as it stands in the text above");
pub(super) use wishes_after;

/// SQL: when a recipient asked to be left alone after they got it.
pub(in crate::tables) const WISHED_AFTER: &str = concat!(
    "SELECT (SELECT min(o.at) ",
    wishes_after!(),
    ") FROM recipient r JOIN campaign c ON c.audience_id = r.audience_id WHERE r.id = ?1 AND r.state = 'replied'"
);

/// When somebody who got a campaign answered it with a wish, or what may be one, not to be written to; `None` = they did not, or take it back.
///
/// # Errors
/// The file's.
pub fn wished_after(connection: &Connection, id: RecipientId) -> Result<Option<UnixMillis>, StoreError> {
    let found = connection
        .prepare_cached(WISHED_AFTER)?
        .query_row([id.0], |row| row.get::<_, Option<i64>>(0));
    Ok(found.optional()?.flatten().map(UnixMillis))
}

/// Does the person at `address` want no campaigns?
///
/// # Errors
/// The file's.
pub fn is_out(connection: &Connection, address: &Address) -> Result<bool, StoreError> {
    Ok(wished(connection, address)? == Wished::Out)
}

/// One of them.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn get(connection: &Connection, id: OptOutId) -> Result<OptOutRow, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM opt_out WHERE id = ?1");
    Ok(connection.prepare_cached(&sql)?.query_row([id.0], read)?)
}

/// The newest, after the one of number `after`; only those in `state`, if that is given.
///
/// # Errors
/// The file's.
pub fn page(
    connection: &Connection,
    state: Option<OptOutState>,
    after: Option<OptOutId>,
    limit: u32,
) -> Result<Vec<OptOutRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM opt_out WHERE id < ?1 AND (?2 IS NULL OR state = ?2) ORDER BY id DESC LIMIT ?3"
    );
    let after = after.map_or(i64::MAX, |after| after.0);
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params![after, state.map(OptOutState::as_str), limit], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What is known of an address itself, be it honoured or not.
///
/// # Errors
/// The file's.
pub fn of_address(connection: &Connection, address: &Address) -> Result<Option<OptOutRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM opt_out WHERE address = ?1");
    Ok(connection
        .prepare_cached(&sql)?
        .query_row([address.as_str()], read)
        .optional()?)
}

/// A customer's message was heard. `true` = it changed something.
///
/// # Errors
/// The file's.
pub fn heard(
    writing: &mut Writing<'_>,
    device: DeviceId,
    heard: &Heard,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    let known = of_address(writing, &heard.address)?.map(|row| row.state);
    let (state, said) = match heard.wish {
        Wish::Certain => (OptOutState::Out, Said::Certain),
        Wish::Ask => (OptOutState::Asked, Said::Ask),
    };
    let is_news = match known {
        Some(OptOutState::Out) => false,
        Some(OptOutState::Asked) => state == OptOutState::Out,
        Some(OptOutState::NotMeant | OptOutState::Undone) | None => {
            decided_against(writing, &heard.address)?.is_none_or(|decided| decided < heard.at)
                && !is_told_again(writing, heard)?
        }
    };
    if !is_news {
        return Ok(false);
    }
    let chat = chat::find(writing, device, &heard.chat)?;
    keep(
        writing,
        &heard.address,
        (state, said),
        Some((device, chat, heard)),
        [heard.at, now],
        None,
    )?;
    bite::bites(writing, None, &heard.address, now)?;
    Ok(true)
}

/// When the shop last decided that the person at `address` may be written to, under whichever of their addresses.
fn decided_against(connection: &Connection, address: &Address) -> Result<Option<UnixMillis>, StoreError> {
    let mut last = None;
    for known in person::addresses_of(connection, address)? {
        let row = of_address(connection, &known)?;
        let decided = row.filter(|row| matches!(row.state, OptOutState::NotMeant | OptOutState::Undone));
        last = last.max(decided.and_then(|row| row.decided_at));
    }
    Ok(last)
}

/// Is it the message that is known already, of any of this person's addresses? Words that were changed since, and what is chosen anew in a
/// poll, bear a later time.
fn is_told_again(connection: &Connection, heard: &Heard) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM opt_out WHERE address = ?1 AND gateway_id = ?2 AND at >= ?3)";
    let mut known = connection.prepare_cached(sql)?;
    for address in person::addresses_of(connection, &heard.address)? {
        if known.query_row(params![address.as_str(), heard.gateway_id, heard.at.0], |row| {
            row.get(0)
        })? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The row by which the person at `address` is out, under whichever of their addresses.
///
/// # Errors
/// The file's.
pub fn out_row(connection: &Connection, address: &Address) -> Result<Option<OptOutRow>, StoreError> {
    for known in person::addresses_of(connection, address)? {
        let row = of_address(connection, &known)?;
        if let Some(row) = row.filter(|row| row.state == OptOutState::Out) {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// A person of the shop says that somebody does not want to be written to. `false` = that was known, under whichever of their addresses.
///
/// # Errors
/// The file's.
pub fn said(writing: &mut Writing<'_>, address: &Address, now: impl Into<Now>) -> Result<bool, StoreError> {
    let now = now.into();
    if is_out(writing, address)? {
        return Ok(false);
    }
    let out = (OptOutState::Out, Said::ByShop);
    let times = [now.gateway, now.ours];
    keep(writing, address, out, None, times, Some(now.gateway))?;
    bite::bites(writing, None, address, now.ours)?;
    Ok(true)
}

/// A person of the shop decides what a message meant.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`]; [`crate::StoreErrorKind::StateChanged`] if that was decided already.
pub fn decide(
    writing: &mut Writing<'_>,
    id: OptOutId,
    meant: bool,
    now: impl Into<Now>,
) -> Result<(), StoreError> {
    let now = now.into();
    let to = if meant {
        OptOutState::Out
    } else {
        OptOutState::NotMeant
    };
    step(writing, id, OptOutState::Asked, to, now.gateway)?;
    bite::decided(writing, now.ours)
}

/// They want to be written to again, under whichever of their addresses they did not.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`]; [`crate::StoreErrorKind::StateChanged`] if they are not out.
pub fn undo(writing: &mut Writing<'_>, id: OptOutId, now: impl Into<Now>) -> Result<(), StoreError> {
    let now = now.into();
    let row = get(writing, id)?;
    step(writing, id, OptOutState::Out, OptOutState::Undone, now.gateway)?;
    for known in person::addresses_of(writing, &row.address)? {
        if let Some(other) = of_address(writing, &known)?
            && matches!(other.state, OptOutState::Out | OptOutState::Asked)
        {
            step(writing, other.id, other.state, OptOutState::Undone, now.gateway)?;
        }
    }
    bite::decided(writing, now.ours)
}

fn step(
    writing: &mut Writing<'_>,
    id: OptOutId,
    from: OptOutState,
    to: OptOutState,
    decided: UnixMillis,
) -> Result<(), StoreError> {
    get(writing, id)?;
    let sql = "UPDATE opt_out SET state = ?2, decided_at = ?3 WHERE id = ?1 AND state = ?4";
    if writing
        .prepare_cached(sql)?
        .execute(params![id.0, to.as_str(), decided.0, from.as_str()])?
        == 0
    {
        return Err(StoreError::state_changed());
    }
    writing.touch(Change::OptOuts);
    Ok(())
}

/// Writes the row of an address. Without words of their own it keeps those that it has.
fn keep(
    writing: &mut Writing<'_>,
    address: &Address,
    (state, said): (OptOutState, Said),
    proof: Option<(DeviceId, Option<ChatId>, &Heard)>,
    [at, heard_at]: [UnixMillis; 2],
    decided_at: Option<UnixMillis>,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO opt_out (address, state, wish, device_id, chat_id, gateway_id, text, at, decided_at, heard_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
               ON CONFLICT (address) DO UPDATE SET state = excluded.state, wish = excluded.wish,
                 device_id = iif(?11 OR text IS NULL, excluded.device_id, device_id), chat_id = iif(?11 OR text IS NULL, excluded.chat_id, chat_id),
                 gateway_id = iif(?11 OR text IS NULL, excluded.gateway_id, gateway_id), at = iif(?11 OR text IS NULL, excluded.at, at),
                 text = coalesce(excluded.text, text), decided_at = excluded.decided_at, heard_at = excluded.heard_at";
    writing.prepare_cached(sql)?.execute(params![
        address.as_str(),
        state.as_str(),
        said.as_str(),
        proof.map(|(device, ..)| device.0),
        proof.and_then(|(_, chat, _)| chat).map(|chat| chat.0),
        proof.map(|(.., heard)| &heard.gateway_id),
        proof.map(|(.., heard)| &heard.text),
        at.0,
        decided_at.map(|at| at.0),
        heard_at.0,
        proof.is_some()
    ])?;
    writing.touch(Change::OptOuts);
    Ok(())
}
