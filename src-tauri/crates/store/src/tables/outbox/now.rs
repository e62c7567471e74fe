//! What time it is, by our clock and by the gateway's (docs/adr/0008-two-clocks.md).

use std::time::Duration;

use mostrador_domain::{ChatId, UnixMillis};
use rusqlite::{Connection, params};

use crate::StoreError;

/// A gateway tells whole seconds, and no two clocks are quite the same: so little later than now is now.
const SKEW: Duration = Duration::from_secs(60);

/// What time it is. Waits and turns go by our clock. A message bears the gateway's time, as the customer's messages around it do: so
/// they stand in one order, in the chat and in the list, however wrong this computer's clock is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// By our clock.
    pub ours: UnixMillis,
    /// By the gateway's, as far as it has said.
    pub gateway: UnixMillis,
}

/// Nobody has said what time it is at the gateway.
impl From<UnixMillis> for Now {
    fn from(now: UnixMillis) -> Self {
        Self {
            ours: now,
            gateway: now,
        }
    }
}

impl Now {
    /// The time that a message bears which is written now in this chat: it stands below what it answers.
    pub(super) fn written(self, connection: &Connection, chat: ChatId) -> Result<UnixMillis, StoreError> {
        let sql = "SELECT last_at FROM chat WHERE id = ?1";
        let last: i64 = connection
            .prepare_cached(sql)?
            .query_row(params![chat.0], |row| row.get(0))?;
        let last = UnixMillis(last);
        let is_now = last <= self.gateway.after(SKEW);
        Ok(if is_now {
            self.gateway.max(last)
        } else {
            self.gateway
        })
    }
}
