//! An open link: one client, and every facet on top of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mostrador_domain::{Capabilities, Failure, NotSentCause, UnixMillis};
use secrecy::SecretString;
use url::Url;

use super::answers;
use super::budget::{Budget, Weight};
use super::capabilities::CAPABILITIES;
use super::session::Seen;
use super::webhooks::Registered;
use crate::http_kit::{Answer, Call, CallTimes, GatewayHttp, Key};
use crate::{Contacts, DeviceLink, Endpoints, Health, Messaging, OpenError, Pairing, Surroundings, Webhooks};

/// An open link to one server.
pub(super) struct ApiEngineLink {
    pub(super) http: GatewayHttp,
    surroundings: Surroundings,
    /// Shared with every link to the same server.
    budget: Arc<Budget>,
    seen: Mutex<Seen>,
    known_hook: Mutex<Option<Registered>>,
}

impl ApiEngineLink {
    /// Opens it. Makes no call.
    pub(super) fn open(
        url: &Url,
        token: &SecretString,
        times: CallTimes,
        surroundings: &Surroundings,
        budget: Arc<Budget>,
    ) -> Result<Self, OpenError> {
        Ok(Self {
            http: GatewayHttp::open(url, Key::named("x-api-key", token)?, times)?,
            surroundings: surroundings.clone(),
            budget,
            seen: Mutex::default(),
            known_hook: Mutex::default(),
        })
    }

    /// Makes a call, if one is left. What comes back is a success, or 404.
    pub(super) async fn ask(&self, call: Call, weight: Weight) -> Result<Answer, Failure> {
        let answer = self.answer(call, weight).await?;
        match answers::failure(&answer) {
            Some(failure) => Err(failure),
            None => Ok(answer),
        }
    }

    /// Makes a call, if one is left. Whatever comes back is an answer.
    pub(super) async fn answer(&self, call: Call, weight: Weight) -> Result<Answer, Failure> {
        let asked = self.now();
        self.budget.allows(weight, asked)?;
        let call = call.with_server_errors().with_rate_limits();
        let answer = self.http.call(call).await?;
        if answer.status == 429 {
            return Err(Failure::NotSent {
                cause: NotSentCause::RateLimited,
                retry_after: self.budget.refused(&answer.headers, self.now()),
            });
        }
        self.budget.learn(&answer.headers, asked);
        Ok(answer)
    }

    pub(super) fn now(&self) -> Duration {
        (self.surroundings.elapsed)()
    }

    pub(super) fn known_hook(&self) -> MutexGuard<'_, Option<Registered>> {
        self.known_hook.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DeviceLink for ApiEngineLink {
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

    fn contacts(&self) -> Option<&dyn Contacts> {
        Some(self)
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }

    fn endpoints(&self) -> Option<&dyn Endpoints> {
        Some(self)
    }
}
