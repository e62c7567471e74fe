//! Who is here now. The documentation declares the answer of another operation here, so the body of a success is not
//! looked at for more than a `success: false`.

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Address, Failure, PresenceUpdate};
use serde_json::json;

use super::contacts::contact_id;
use super::decode::people;
use super::errors::{self, MALFORMED, done, effect};
use super::link::WhapiLink;
use crate::http_kit::{Call, Path};
use crate::{Doing, Effect, PresenceFacet};

const OF_ONE: &str = "/presences/{EntryID}";

#[async_trait]
impl PresenceFacet for WhapiLink {
    async fn set_own(&self, available: bool) -> Result<(), Failure> {
        let word = if available { "online" } else { "offline" };
        let call = Call::new(Method::PUT, Path::fixed("/presences/me")).json(&json!({ "presence": word }));
        done(&self.ask(call).await?)
    }

    async fn show(&self, chat: &Address, doing: Doing) -> Result<Effect, Failure> {
        let word = match doing {
            Doing::Typing => "typing",
            Doing::Recording => "recording",
            Doing::Paused => "pause",
        };
        let body = json!({ "presence": word });
        self.act(Method::PUT, OF_ONE, chat.as_str(), Some(body)).await
    }

    /// 409 says that the person is watched already.
    async fn watch(&self, person: &Address) -> Result<Effect, Failure> {
        let Some(path) = entry(person) else {
            return Ok(Effect::NothingThere);
        };
        let answer = self.ask(Call::new(Method::POST, path)).await?;
        match answer.status {
            409 => Ok(Effect::Done),
            _ => effect(&answer),
        }
    }

    /// 404 says that the person is not watched.
    async fn of(&self, person: &Address) -> Result<Option<PresenceUpdate>, Failure> {
        let Some(path) = entry(person) else {
            return Ok(None);
        };
        let answer = self.ask(Call::get(path)).await?;
        match answer.status {
            404 => Ok(None),
            _ if !answer.is_success() => Err(errors::of_call(&answer)),
            _ => {
                let body = answer.json()?;
                body.is_object()
                    .then(|| people::presence_of(&body))
                    .ok_or(MALFORMED)
            }
        }
    }
}

/// Persons by their id, as everywhere; groups by their address.
fn entry(person: &Address) -> Option<Path> {
    Path::with(OF_ONE, contact_id(person).unwrap_or(person.as_str()))
}
