//! An open link: one client, one instance, and every facet on top of them.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::Method;
use mostrador_domain::{AuthLost, Capabilities, Failure, UnixMillis};
use serde_json::Value;

use super::capabilities::CAPABILITIES;
use super::session::Seen;
use crate::baileys::answers::{self, MALFORMED};
use crate::baileys::persons::Persons;
use crate::http_kit::{Answer, Call, CallTimes, GatewayHttp, Key, Path};
use crate::{
    ChatActions, Chats, Contacts, DeviceLink, Endpoints, FieldKey, Groups, Health, History, Labels,
    LinkConfig, Media, MediaSink, MessageActions, Messaging, OpenError, Pairing, Pictures, ReadState,
    Surroundings, Webhooks,
};

/// The key may not do this: an instance's own key makes no instance.
const NOT_ALLOWED: Failure = Failure::AuthLost {
    lost: AuthLost::Token,
};

/// There is no such instance, so no number is linked.
const NO_INSTANCE: Failure = Failure::AuthLost { lost: AuthLost::Link };

/// An open link to one instance.
pub(super) struct EvolutionLink {
    pub(super) http: GatewayHttp,
    /// Its name.
    pub(super) instance: String,
    surroundings: Surroundings,
    seen: Mutex<Seen>,
    pub(super) persons: Persons,
}

impl EvolutionLink {
    /// Opens it. Makes no call.
    pub(super) fn open(
        config: &LinkConfig,
        times: CallTimes,
        surroundings: &Surroundings,
    ) -> Result<Self, OpenError> {
        let url = config.url_or(None)?;
        let instance = config.text(FieldKey::Instance);
        let instance = instance.ok_or(OpenError::Missing(FieldKey::Instance))?;
        Path::with("/{instance}", instance).ok_or(OpenError::Invalid(FieldKey::Instance))?;
        let token = config.needed(FieldKey::Token)?;
        Ok(Self {
            http: GatewayHttp::open(&url, Key::named("apikey", token)?, times)?,
            instance: instance.to_owned(),
            surroundings: surroundings.clone(),
            seen: Mutex::default(),
            persons: Persons::default(),
        })
    }

    /// A call whose path ends in the instance.
    pub(super) fn at(&self, method: Method, template: &'static str) -> Result<Call, Failure> {
        let path = Path::with(template, &self.instance).ok_or(MALFORMED)?;
        Ok(Call::new(method, path))
    }

    /// A POST with these fields.
    pub(super) fn post(&self, template: &'static str, fields: &Value) -> Result<Call, Failure> {
        Ok(self.at(Method::POST, template)?.json(fields))
    }

    /// A question with one value beside the instance.
    pub(super) fn get_by(
        &self,
        template: &'static str,
        name: &'static str,
        value: &str,
    ) -> Result<Call, Failure> {
        let path = Path::with(template, &self.instance).ok_or(MALFORMED)?;
        Ok(Call::get(path.query(name, value)))
    }

    /// Makes a call. What comes back is a success, a 403, or a 404 of what was asked for in the instance.
    pub(super) async fn answer(&self, call: Call) -> Result<Answer, Failure> {
        let answer = self.http.call(call.with_server_errors()).await?;
        Self::understood(answer)
    }

    fn understood(answer: Answer) -> Result<Answer, Failure> {
        if answer.status == 404 && is_no_instance(&answer) {
            return Err(NO_INSTANCE);
        }
        if answer.status == 403 {
            return Ok(answer);
        }
        match answers::failure(&answer, NOT_ALLOWED) {
            Some(failure) => Err(failure),
            None => Ok(answer),
        }
    }

    /// The same, where a 403 is about the key.
    pub(super) async fn ask(&self, call: Call) -> Result<Answer, Failure> {
        about_the_key(self.answer(call).await?)
    }

    /// The same. The body of a success goes to `sink` as it comes.
    pub(super) async fn ask_into(&self, call: Call, sink: &mut dyn MediaSink) -> Result<Answer, Failure> {
        let answer = self.http.fetch(call.with_server_errors(), sink).await?;
        about_the_key(Self::understood(answer)?)
    }

    /// The same, of a question whose answer has to be there.
    pub(super) async fn told(&self, call: Call) -> Result<Value, Failure> {
        answers::success(&self.ask(call).await?)
    }

    /// Time since some moment.
    pub(super) fn now(&self) -> Duration {
        (self.surroundings.elapsed)()
    }

    /// What was seen of the instance so far.
    pub(super) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A 403 that is about the key.
fn about_the_key(answer: Answer) -> Result<Answer, Failure> {
    match answer.status {
        403 => Err(NOT_ALLOWED),
        _ => Ok(answer),
    }
}

/// Recorded: `The "nope" instance does not exist`. Another 404 is about what was asked for, or there is no such server.
fn is_no_instance(answer: &Answer) -> bool {
    let body = answer.json().unwrap_or_default();
    let said = answers::texts(&body);
    said.iter().any(|text| text.contains("instance does not exist"))
}

impl DeviceLink for EvolutionLink {
    fn capabilities(&self) -> &Capabilities {
        const { &CAPABILITIES }
    }

    fn is_local(&self) -> bool {
        self.http.is_local()
    }

    fn clock(&self) -> Option<UnixMillis> {
        self.http.clock()
    }

    fn health(&self) -> &dyn Health {
        self
    }

    fn pairing(&self) -> Option<&dyn Pairing> {
        Some(self)
    }

    fn messaging(&self) -> Option<&dyn Messaging> {
        Some(self)
    }

    fn message_actions(&self) -> Option<&dyn MessageActions> {
        Some(self)
    }

    fn chat_actions(&self) -> Option<&dyn ChatActions> {
        Some(self)
    }

    fn labels(&self) -> Option<&dyn Labels> {
        Some(self)
    }

    fn chats(&self) -> Option<&dyn Chats> {
        Some(self)
    }

    fn history(&self) -> Option<&dyn History> {
        Some(self)
    }

    fn read_state(&self) -> Option<&dyn ReadState> {
        Some(self)
    }

    fn contacts(&self) -> Option<&dyn Contacts> {
        Some(self)
    }

    fn groups(&self) -> Option<&dyn Groups> {
        Some(self)
    }

    fn media(&self) -> Option<&dyn Media> {
        Some(self)
    }

    fn pictures(&self) -> Option<&dyn Pictures> {
        Some(self)
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }

    fn endpoints(&self) -> Option<&dyn Endpoints> {
        Some(self)
    }
}
