//! Showing in a chat that somebody writes. Nothing else of presence has a call: neither whether we are here nor who else is.

use async_trait::async_trait;
use mostrador_domain::{Address, Failure, FailureCode, PresenceUpdate};
use serde_json::json;

use super::link::QrBuhoLink;
use crate::baileys::send::recipient;
use crate::{Doing, Effect, PresenceFacet};

/// How long it is shown: as long as the call lasts. Recorded with 1200; ours is what a sentence takes.
const SHOWN_MS: u32 = 3_000;

const NOT_OFFERED: Failure = Failure::Rejected {
    code: FailureCode::RefusedContent,
};

#[async_trait]
impl PresenceFacet for QrBuhoLink {
    async fn set_own(&self, _: bool) -> Result<(), Failure> {
        Err(NOT_OFFERED)
    }

    async fn show(&self, chat: &Address, doing: Doing) -> Result<Effect, Failure> {
        let (word, delay) = match doing {
            Doing::Typing => ("composing", SHOWN_MS),
            Doing::Recording => ("recording", SHOWN_MS),
            Doing::Paused => ("paused", 0),
        };
        let fields = json!({ "number": recipient(chat)?, "delay": delay, "presence": word });
        self.done(Self::post("/chat/presence/send", &fields)).await
    }

    async fn watch(&self, _: &Address) -> Result<Effect, Failure> {
        Err(NOT_OFFERED)
    }

    async fn of(&self, _: &Address) -> Result<Option<PresenceUpdate>, Failure> {
        Err(NOT_OFFERED)
    }
}
