//! What stands in the index of words, and when it gets there.
//!
//! SQLite's own triggers take words out and change them. Putting new ones in is done here: FTS5 is quick only with rows that
//! come in the order of their numbers, so those of a batch are gathered and go in sorted ([`Pending`]). Whatever may change
//! the words of a message puts in first what is gathered.

use mostrador_domain::{ChatId, MessageId, UnixMillis};
use rusqlite::{Connection, params};

use crate::StoreError;

/// Where a message stands in the index: by its second, then by its number. Newest first is this order backwards, whatever was
/// taken in when; a message's number is its lower half.
pub(crate) const ROWID: &str = "(min(max(at, 0), 4294967295000) / 1000 << 31) | id";

/// The lower half of [`ROWID`].
pub(crate) const MESSAGE_OF_ROWID: i64 = (1 << 31) - 1;

const LAST_SECOND: i64 = 4_294_967_295;

/// [`ROWID`], of a message that is not in the file.
pub(super) fn rowid(at: UnixMillis, id: MessageId) -> i64 {
    ((at.0 / 1_000).clamp(0, LAST_SECOND) << 31) | id.0
}

/// How many different words for chats there are. Two chats may share one: who asks for a chat looks at its number too.
const CHAT_WORDS: i64 = 65_000;

/// The word that stands for a chat: one character of Unicode's private plane. It is shorter than the prefixes that are
/// indexed, so it costs one entry a message, not three.
pub(super) fn chat_word(chat: ChatId) -> char {
    u32::try_from(0xF_0000 + chat.0.rem_euclid(CHAT_WORDS))
        .ok()
        .and_then(char::from_u32)
        .unwrap_or('\u{F0000}')
}

/// New messages whose words are not in the index yet.
#[derive(Default)]
pub(crate) struct Pending(Vec<New>);

struct New {
    rowid: i64,
    chat: ChatId,
    text: Box<str>,
}

impl Pending {
    /// A new message with these words.
    pub(crate) fn add(&mut self, chat: ChatId, id: MessageId, at: UnixMillis, text: &str) {
        self.0.push(New {
            rowid: rowid(at, id),
            chat,
            text: text.into(),
        });
    }

    /// Puts in what is gathered.
    pub(crate) fn index(&mut self, connection: &Connection) -> Result<(), StoreError> {
        if self.0.is_empty() {
            return Ok(());
        }
        let mut all = std::mem::take(&mut self.0);
        all.sort_unstable_by_key(|new| new.rowid);
        let mut insert = connection
            .prepare_cached("INSERT INTO message_search (rowid, text, chat) VALUES (?1, ?2, ?3)")?;
        for new in &all {
            let mut word = [0; 4];
            let chat: &str = chat_word(new.chat).encode_utf8(&mut word);
            insert.execute(params![new.rowid, new.text, chat])?;
        }
        Ok(())
    }
}

/// SQL that puts messages of a condition into the index.
fn insert_where(condition: &str) -> String {
    format!(
        "INSERT INTO message_search (rowid, text, chat) SELECT {ROWID}, text, char(983040 + chat_id % 65000)
           FROM message WHERE text IS NOT NULL AND {condition} ORDER BY 1"
    )
}

/// Puts one message that was just stored into the index.
pub(crate) fn add(connection: &Connection, id: MessageId) -> Result<(), StoreError> {
    connection
        .prepare_cached(&insert_where("id = ?1"))?
        .execute([id.0])?;
    Ok(())
}

/// Puts all messages of a file into its empty index.
pub(crate) fn fill(connection: &Connection) -> Result<(), StoreError> {
    connection.execute(&insert_where("1"), [])?;
    Ok(())
}
