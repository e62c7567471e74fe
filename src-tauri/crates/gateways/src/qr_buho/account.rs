//! Signing in: a token that was pasted, or one for an e-mail address and a password.
//!
//! The token of a sign-in runs out. A call that is answered 401 had no effect, so after another sign-in it is made once more.
//!
//! | Who | signs in at |
//! |---|---|
//! | a customer (a *tenant*) | `/api/login`; by an older page `/api/auth/login` |
//! | a reseller, who has customers and no device | `/auth/login` |

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, PoisonError};

use http::Method;
use mostrador_domain::{AuthLost, Failure, UnixMillis};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use url::Url;

use super::link::before_the_call;
use crate::baileys::answers::{self, MALFORMED};
use crate::fields::Fields;
use crate::http_kit::{Answer, Call, CallTimes, GatewayHttp, Key, Path};
use crate::{FieldKey, LinkConfig, MediaSink, OpenError};

const TOKEN_REFUSED: Failure = Failure::AuthLost {
    lost: AuthLost::Token,
};

/// Where somebody signs in; the next one where there is no such door.
const DOORS: [&str; 3] = ["/api/login", "/api/auth/login", "/auth/login"];

/// Who signs in.
struct Person {
    email: SecretString,
    password: SecretString,
}

/// The way in.
pub(super) struct Account {
    url: Url,
    times: CallTimes,
    door: GatewayHttp,
    person: Option<Person>,
    inside: Mutex<Option<Arc<Inside>>>,
}

/// Who was let in, and with which token.
struct Inside {
    http: GatewayHttp,
    token: SecretString,
}

impl Inside {
    fn with(url: &Url, token: SecretString, times: CallTimes) -> Result<Self, OpenError> {
        Ok(Self {
            http: GatewayHttp::open(url, Key::bearer(&token)?, times)?,
            token,
        })
    }
}

impl Account {
    /// Makes no call.
    pub(super) fn open(config: &LinkConfig, times: CallTimes) -> Result<Self, OpenError> {
        let url = config.url_or(None)?;
        let secret = |key| {
            config
                .secret(key)
                .filter(|secret| !secret.expose_secret().trim().is_empty())
        };
        let person = match (secret(FieldKey::Email), secret(FieldKey::Password)) {
            (Some(email), Some(password)) => Some(Person {
                email: email.clone(),
                password: password.clone(),
            }),
            _ => None,
        };
        let inside = match (secret(FieldKey::Token), &person) {
            (Some(token), _) => Some(Arc::new(Inside::with(&url, token.clone(), times)?)),
            (None, Some(_)) => None,
            (None, None) => return Err(OpenError::Missing(FieldKey::Token)),
        };
        Ok(Self {
            door: GatewayHttp::without_key(&url, times)?,
            url,
            times,
            person,
            inside: Mutex::new(inside),
        })
    }

    /// Where the gateway is.
    pub(super) fn base(&self) -> String {
        self.door.base()
    }

    /// Whose the gateway is: each customer has it at an address of their own.
    pub(super) fn mark(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.base().hash(&mut hasher);
        hasher.finish()
    }

    /// How long its calls may take.
    pub(super) fn times(&self) -> CallTimes {
        self.times
    }

    pub(super) fn is_local(&self) -> bool {
        self.door.is_local()
    }

    /// What its clock showed when it last answered.
    pub(super) fn clock(&self) -> Option<UnixMillis> {
        let inside = self.inside().and_then(|inside| inside.http.clock());
        inside.max(self.door.clock())
    }

    fn inside(&self) -> Option<Arc<Inside>> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Is the token good, though a call was refused with it? So it is with a reseller's, who has no device to list.
    pub(super) async fn has_good_token(&self) -> bool {
        let Some(inside) = self.inside() else {
            return false;
        };
        let said = json!({ "api_token": inside.token.expose_secret() });
        let call = Call::new(Method::POST, Path::fixed("/api/auth/verify_token")).json(&said);
        let answer = inside
            .http
            .call(call)
            .await
            .and_then(|answer| answers::success(&answer));
        answer.is_ok_and(|said| Fields::of(&said).and_then(|said| said.flag("valid")) == Some(true))
    }

    /// Makes the call, signing in before it where that is needed.
    pub(super) async fn call(&self, call: Call) -> Result<Answer, Failure> {
        let mut body = Vec::new();
        let answer = self.fetch(call, &mut body).await?;
        Ok(answer.with_gathered(body))
    }

    /// The same. The body of a success goes to `sink` as it comes: nothing of a refusal does, so the second call begins anew.
    pub(super) async fn fetch(&self, call: Call, sink: &mut dyn MediaSink) -> Result<Answer, Failure> {
        let entered = self.inside();
        let Some(person) = &self.person else {
            return entered.ok_or(TOKEN_REFUSED)?.http.fetch(call, sink).await;
        };
        if let Some(inside) = entered {
            let answer = inside.http.fetch(call.clone(), sink).await?;
            if answer.status != 401 {
                return Ok(answer);
            }
        }
        let entered = self.sign_in(person).await;
        // What went wrong with the sign-in is not what became of the call: that was not made.
        let entered = match call.only_looks() {
            true => entered,
            false => entered.map_err(before_the_call),
        };
        entered?.http.fetch(call, sink).await
    }

    /// Fetches a picture of somebody. Nobody's token goes along.
    pub(super) async fn fetch_picture(
        &self,
        url: &str,
        max_bytes: u64,
        sink: &mut dyn MediaSink,
    ) -> Result<(), Failure> {
        self.door.fetch_picture(url, max_bytes, sink).await
    }

    async fn sign_in(&self, person: &Person) -> Result<Arc<Inside>, Failure> {
        let said =
            json!({ "email": person.email.expose_secret(), "password": person.password.expose_secret() });
        let [newest, older, resellers] = DOORS;
        let mut answer = self.knock(Path::fixed(newest), &said).await?;
        for door in [older, resellers] {
            if answer.status == 404 {
                answer = self.knock(Path::fixed(door), &said).await?;
            }
        }
        // A 404 of somebody else means that this is another server.
        if matches!(answer.status, 401 | 403 | 422) || answers::is_its_own_404(&answer) {
            // An earlier token is worth nothing then.
            *self.inside.lock().unwrap_or_else(PoisonError::into_inner) = None;
            return Err(TOKEN_REFUSED);
        }
        let body = answers::success(&answer)?;
        let token = Fields::of(&body).and_then(token).ok_or(MALFORMED)?;
        let inside = Inside::with(&self.url, token, self.times).map_err(|_| MALFORMED)?;
        let inside = Arc::new(inside);
        *self.inside.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&inside));
        Ok(inside)
    }

    async fn knock(&self, path: Path, said: &serde_json::Value) -> Result<Answer, Failure> {
        self.door.call(Call::new(Method::POST, path).json(said)).await
    }
}

/// Each page of the documentation names it otherwise.
pub(super) fn token(body: Fields<'_>) -> Option<SecretString> {
    let named = |body: Fields<'_>| {
        ["access_token", "api_token", "token"]
            .into_iter()
            .find_map(|name| body.text(name).map(SecretString::from))
    };
    named(body).or_else(|| body.object("data").and_then(named))
}
