//! Labels. Their list is a bare array; the id of a new one is chosen by us, 0 to 19, which is also how many there can
//! be. Labels made on the phone may have larger ids.

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Address, Failure, FailureCode, LabelSnapshot};
use serde_json::json;

use super::decode::label;
use super::errors::{self, MALFORMED, done};
use super::link::WhapiLink;
use crate::http_kit::{Answer, Call, Path};
use crate::{Effect, Labels};

/// The colours that the gateway documents; a label has one of them.
pub(super) const COLOURS: &[&str] = &[
    "salmon",
    "lightskyblue",
    "gold",
    "plum",
    "silver",
    "mediumturquoise",
    "violet",
    "goldenrod",
    "cornflowerblue",
    "greenyellow",
    "cyan",
    "lightpink",
    "mediumaquamarine",
    "orangered",
    "deepskyblue",
    "limegreen",
    "darkorange",
    "lightsteelblue",
    "mediumpurple",
    "rebeccapurple",
];

/// Ids that can be chosen.
const ROOM: usize = 20;

#[async_trait]
impl Labels for WhapiLink {
    fn colours(&self) -> &'static [&'static str] {
        COLOURS
    }

    async fn list(&self) -> Result<Vec<LabelSnapshot>, Failure> {
        let answer = self.ask(Call::get(Path::fixed("/labels"))).await?;
        listed(&answer)
    }

    async fn create(&self, name: &str, colour: Option<&str>) -> Result<LabelSnapshot, Failure> {
        let refused = errors::rejected(FailureCode::RefusedContent);
        if name.is_empty() || colour.is_some_and(|colour| !COLOURS.contains(&colour)) {
            return Err(refused);
        }
        let labels = Labels::list(self).await?;
        if let Some(same) = labels.iter().find(|label| label.name.as_deref() == Some(name)) {
            return Ok(same.clone());
        }
        let free = (0..ROOM).find(|id| {
            let id = id.to_string();
            labels.iter().all(|label| label.gateway_id != id)
        });
        let id = free.ok_or(refused)?;
        // A colour of its own for each, as far as nobody asks for another.
        let colour = colour.or(COLOURS.get(id).copied()).ok_or(MALFORMED)?;
        let body = json!({ "id": id.to_string(), "name": name, "color": colour });
        let call = Call::new(Method::POST, Path::fixed("/labels")).json(&body);
        done(&self.ask(call).await?)?;
        Ok(LabelSnapshot {
            gateway_id: id.to_string(),
            name: Some(name.to_owned()),
            colour: Some(colour.to_owned()),
        })
    }

    /// A name alone is changed in place. A colour is given by making the label once more under its id, which it keeps; ids of the
    /// phone's own cannot be chosen, so labels with such ids keep their colour.
    async fn change(&self, label: &str, name: &str, colour: Option<&str>) -> Result<Effect, Failure> {
        let refused = errors::rejected(FailureCode::RefusedContent);
        if name.is_empty() {
            return Err(refused);
        }
        let Some(colour) = colour else {
            let body = json!({ "name": name });
            return self
                .act(Method::PATCH, "/labels/{LabelID}", label, Some(body))
                .await;
        };
        let chosen = label.parse().is_ok_and(|id: usize| id < ROOM);
        if !chosen || !COLOURS.contains(&colour) {
            return Err(refused);
        }
        let body = json!({ "id": label, "name": name, "color": colour });
        let call = Call::new(Method::POST, Path::fixed("/labels")).json(&body);
        done(&self.ask(call).await?)?;
        Ok(Effect::Done)
    }

    async fn remove(&self, label: &str) -> Result<Effect, Failure> {
        self.act(Method::DELETE, "/labels/{LabelID}", label, None).await
    }

    /// 409 says that the chat has it already; taking off what is not on it answers 404.
    async fn put(&self, label: &str, chat: &Address, on: bool) -> Result<Effect, Failure> {
        let template = "/labels/{LabelID}/{AssociationID}";
        let Some(path) = Path::with(template, label).and_then(|path| path.and(chat.as_str())) else {
            return Ok(Effect::NothingThere);
        };
        let method = if on { Method::POST } else { Method::DELETE };
        let answer = self.ask(Call::new(method, path)).await?;
        match answer.status {
            409 if on => Ok(Effect::Done),
            _ => errors::effect(&answer),
        }
    }
}

/// A list with a label that cannot be read is no answer: a free id could not be told.
fn listed(answer: &Answer) -> Result<Vec<LabelSnapshot>, Failure> {
    if !answer.is_success() {
        return Err(errors::of_call(answer));
    }
    let body = answer.json()?;
    let items = body.as_array().ok_or(MALFORMED)?;
    items
        .iter()
        .map(|item| label::snapshot(item).ok_or(MALFORMED))
        .collect()
}
