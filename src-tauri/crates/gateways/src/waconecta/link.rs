//! An open link: its two calls and the facets on top of them.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{
    Address, AddressKind, AuthLost, Capabilities, DeliveryStatus, Failure, FailureCode, Outgoing,
    OutgoingBody, UnixMillis,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use url::Url;

use super::CAPABILITIES;
use super::answers::{self, MALFORMED, Refusal, Session};
use crate::http_kit::{Call, CallTimes, GatewayHttp, Key, Path};
use crate::{
    Accepted, CodeAnswer, DeviceLink, Endpoints, Health, LinkHealth, Messaging, OpenError, Pairing,
    TypedCodeAnswer,
};

/// WhatsApp changes a code about as often; the gateway does not say for how long one lives.
const CODE_LIFE: Duration = Duration::from_secs(20);

/// An open link to one session.
pub(super) struct WaconectaLink {
    pub(super) http: GatewayHttp,
    container: SecretString,
    /// Told apart from other keys, and nothing more.
    key_mark: u64,
}

impl WaconectaLink {
    /// Opens it. Makes no call.
    pub(super) fn open(
        url: &Url,
        token: &SecretString,
        container: &SecretString,
        times: CallTimes,
    ) -> Result<Self, OpenError> {
        let mut mark = DefaultHasher::new();
        (url.as_str(), token.expose_secret().trim()).hash(&mut mark);
        Ok(Self {
            key_mark: mark.finish(),
            http: GatewayHttp::open(url, Key::named("x-api-key", token)?, times)?,
            container: SecretString::from(container.expose_secret().trim()),
        })
    }

    /// How the session is, and the code to scan if it has one.
    async fn session(&self) -> Result<Session, Failure> {
        let body = json!({ "containerToken": self.container.expose_secret() });
        let call = Call::new(Method::POST, Path::fixed("/api/v1/services/getQrStaticSession")).json(&body);
        let answer = self.http.call(call).await?;
        if answer.is_success() {
            return answers::session(&answer.json()?);
        }
        match answers::refusal(&answer) {
            Refusal::SessionEnded => Ok(Session::Ended),
            Refusal::Unauthorised => Err(self.which_key().await),
            refusal => Err(refusal.into()),
        }
    }

    /// Which of the two keys was refused. The other call wants the first one alone, and refuses a message without a number and words
    /// once that is accepted; so nobody is written to. Whatever else comes of it tells neither: it is passed on as what it is, and asked
    /// again later.
    async fn which_key(&self) -> Failure {
        let nothing = json!({ "number": "", "message": "" });
        let call = Call::new(Method::POST, Path::fixed("/api/v1/services/sendMessage")).json(&nothing);
        let answer = match self.http.call(call).await {
            Ok(answer) => answer,
            Err(failure) => return failure,
        };
        let lost = |lost| Failure::AuthLost { lost };
        match (answer.status, answers::refusal(&answer)) {
            (400, _) => lost(AuthLost::Session),
            (_, Refusal::Unauthorised) => lost(AuthLost::Token),
            (_, refusal) => refusal.into(),
        }
    }
}

impl DeviceLink for WaconectaLink {
    fn capabilities(&self) -> &Capabilities {
        const { &CAPABILITIES }
    }

    fn is_local(&self) -> bool {
        self.http.is_local()
    }

    /// 30 a minute are for each key, whatever containers it has.
    fn counted_by(&self) -> Option<u64> {
        Some(self.key_mark)
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

    fn endpoints(&self) -> Option<&dyn Endpoints> {
        Some(self)
    }
}

#[async_trait]
impl Health for WaconectaLink {
    async fn check(&self, _wake: bool) -> Result<LinkHealth, Failure> {
        Ok(match self.session().await? {
            Session::Code(_) | Session::Ended => LinkHealth::NotLinked,
            Session::Active => LinkHealth::Linked { own: None },
        })
    }

    fn tells_number(&self) -> bool {
        false
    }
}

#[async_trait]
impl Pairing for WaconectaLink {
    async fn code(&self) -> Result<CodeAnswer, Failure> {
        Ok(match self.session().await? {
            Session::Code(content) => CodeAnswer::Code {
                content,
                valid_for: CODE_LIFE,
            },
            Session::Ended => CodeAnswer::Waiting,
            Session::Active => CodeAnswer::AlreadyLinked,
        })
    }

    async fn code_for_phone(&self, _number: &Address) -> Result<TypedCodeAnswer, Failure> {
        Err(rejected(FailureCode::RefusedContent))
    }

    async fn logout(&self) -> Result<(), Failure> {
        Err(rejected(FailureCode::RefusedContent))
    }
}

#[async_trait]
impl Messaging for WaconectaLink {
    async fn send(&self, message: &Outgoing) -> Result<Accepted, Failure> {
        let number = recipient(&message.to)?;
        let OutgoingBody::Text(words) = &message.body else {
            return Err(rejected(FailureCode::RefusedContent));
        };
        if message.quoted.is_some() || !message.mentions.is_empty() {
            return Err(rejected(FailureCode::RefusedContent));
        }
        let body = json!({ "number": number, "message": words });
        let call = Call::new(Method::POST, Path::fixed("/api/v1/services/sendMessage")).json(&body);
        let answer = self.http.call(call).await?;
        if !answer.is_success() {
            return Err(answers::refusal(&answer).into());
        }
        let (gateway_id, at) = answers::accepted(&answer.json()?).ok_or(MALFORMED)?;
        Ok(Accepted {
            gateway_id,
            status: DeliveryStatus::Sent,
            at,
        })
    }

    fn longest_send(&self, _carries_file: bool) -> Duration {
        self.http.times().short()
    }
}

/// Digits of a telephone number: nothing else is documented to be taken.
fn recipient(to: &Address) -> Result<&str, Failure> {
    let digits = to.phone_digits().filter(|_| to.kind() == AddressKind::Phone);
    digits.ok_or_else(|| rejected(FailureCode::RefusedRecipient))
}

fn rejected(code: FailureCode) -> Failure {
    Failure::Rejected { code }
}
