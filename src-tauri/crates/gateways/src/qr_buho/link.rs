//! An open link: the way in, the device, and every facet on top of them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::Method;
use mostrador_domain::{Capabilities, Failure, FailureCode, NotSentCause, UnixMillis};
use serde_json::Value;

use super::account::Account;
use super::generation::Generation;
use super::reseller::Reseller;
use crate::baileys::answers;
use crate::baileys::persons::Persons;
use crate::http_kit::{Answer, Call, CallTimes, Path};
use crate::{
    ChatActions, Chats, Contacts, DeviceLink, Endpoints, FieldKey, Groups, Health, History, Labels,
    LinkConfig, Media, MediaSink, MessageActions, Messaging, OpenError, Pairing, Pictures, PresenceFacet,
    ReadState, Webhooks,
};

/// What a 403 means here.
const PLAN_USED_UP: Failure = Failure::Rejected {
    code: FailureCode::PlanLimit,
};

/// What a question that stands before a call has met, said of that call: it was not made.
pub(super) fn before_the_call(failure: Failure) -> Failure {
    match failure {
        Failure::Unknown { .. } => Failure::NotSent {
            cause: NotSentCause::NotReady,
            retry_after: None,
        },
        other => other,
    }
}

/// What is known of the number of the device that has our name.
#[derive(Default)]
pub(super) struct Known {
    /// As it was listed last; `None` = it was not there, or nobody has looked.
    pub(super) listed: Option<String>,
    /// As it was ever listed. What is still told under it is ours, also once the device is gone.
    pub(super) last: Option<String>,
    /// The last look found no such device.
    pub(super) gone: bool,
}

/// An open link to one device.
pub(super) struct QrBuhoLink {
    pub(super) account: Account,
    /// The device's number, or its name, as it was typed.
    pub(super) instance: String,
    known: Mutex<Known>,
    pub(super) generation: Generation,
    pub(super) persons: Persons,
    /// The gateway has said that it has no call for earlier messages.
    pub(super) lists_nothing: AtomicBool,
    pub(super) reseller: Reseller,
}

impl QrBuhoLink {
    /// Opens it. Makes no call.
    pub(super) fn open(config: &LinkConfig, times: CallTimes) -> Result<Self, OpenError> {
        // First what was typed wrongly: it is told also of a device whose secrets are missing.
        let (generation, reseller) = (
            Generation::chosen(config.text(FieldKey::Generation))?,
            Reseller::of(config)?,
        );
        let account = Account::open(config, times)?;
        let instance = config.text(FieldKey::Instance);
        let instance = instance.ok_or(OpenError::Missing(FieldKey::Instance))?;
        let usable = Path::with("/{instance}", instance).is_some();
        Ok(Self {
            account,
            instance: usable
                .then(|| instance.trim_start_matches('+').to_owned())
                .ok_or(OpenError::Invalid(FieldKey::Instance))?,
            known: Mutex::default(),
            persons: Persons::default(),
            lists_nothing: AtomicBool::new(false),
            generation,
            reseller,
        })
    }

    pub(super) fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a call. What comes back is a success, or 404.
    pub(super) async fn ask(&self, call: Call) -> Result<Answer, Failure> {
        Self::understood(self.account.call(call.with_server_errors()).await?)
    }

    /// The same. The body of a success goes to `sink` as it comes.
    pub(super) async fn ask_into(&self, call: Call, sink: &mut dyn MediaSink) -> Result<Answer, Failure> {
        Self::understood(self.account.fetch(call.with_server_errors(), sink).await?)
    }

    fn understood(answer: Answer) -> Result<Answer, Failure> {
        match answers::failure(&answer, PLAN_USED_UP) {
            Some(failure) => Err(failure),
            None => Ok(answer),
        }
    }

    /// The same, of a question whose answer has to be there.
    pub(super) async fn told(&self, call: Call) -> Result<Value, Failure> {
        answers::success(&self.ask(call).await?)
    }

    /// A POST with these fields.
    pub(super) fn post(path: &'static str, fields: &Value) -> Call {
        Call::new(Method::POST, Path::fixed(path)).json(fields)
    }
}

/// The older pages wrap every answer once more.
pub(super) fn inner(answer: &Value) -> &Value {
    answer.get("data").unwrap_or(answer)
}

impl DeviceLink for QrBuhoLink {
    fn capabilities(&self) -> &Capabilities {
        self.generation.capabilities()
    }

    fn is_local(&self) -> bool {
        self.account.is_local()
    }

    fn clock(&self) -> Option<UnixMillis> {
        self.account.clock()
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

    fn presence(&self) -> Option<&dyn PresenceFacet> {
        Some(self)
    }

    fn pictures(&self) -> Option<&dyn Pictures> {
        Some(self)
    }

    fn chats(&self) -> Option<&dyn Chats> {
        Some(self)
    }

    fn history(&self) -> Option<&dyn History> {
        (!self.lists_nothing.load(Ordering::Relaxed)).then_some(self as &dyn History)
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

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }

    fn endpoints(&self) -> Option<&dyn Endpoints> {
        Some(self)
    }
}
