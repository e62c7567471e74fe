//! Whom the number has blocked. The list is bare: the ids of persons, all at once.

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Address, Failure};
use serde_json::Value;

use super::contacts::contact_id;
use super::errors::{self, MALFORMED};
use super::link::WhapiLink;
use crate::http_kit::{Call, Path};
use crate::{Blocks, Effect};

/// The persons of the list; `None` = it is not one, whole: a part of it would let somebody in again.
pub(super) fn blocked(said: &Value) -> Option<Vec<Address>> {
    let ids = said.as_array()?.iter();
    ids.map(|id| id.as_str().map(Address::parse)).collect()
}

#[async_trait]
impl Blocks for WhapiLink {
    async fn list(&self) -> Result<Vec<Address>, Failure> {
        let answer = self.ask(Call::get(Path::fixed("/blacklist"))).await?;
        if !answer.is_success() {
            return Err(errors::of_call(&answer));
        }
        blocked(&answer.json()?).ok_or(MALFORMED)
    }

    async fn set(&self, person: &Address, blocked: bool) -> Result<Effect, Failure> {
        let Some(id) = contact_id(person) else {
            return Ok(Effect::NothingThere);
        };
        let method = if blocked { Method::PUT } else { Method::DELETE };
        self.act(method, "/blacklist/{ContactID}", id, None).await
    }
}
