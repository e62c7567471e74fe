//! How the link is, the code to scan, logging out, and starting the session again.
//!
//! | `status` | means |
//! |---|---|
//! | `connected`, and ready | linked |
//! | `qr_pending`, `auth_failed`, or any other with a code on show | not linked |
//! | `authenticated`, or `connected` and not ready | starting |
//! | `disconnected` | starting, for as long as a start takes; then not linked |
//!
//! `disconnected` is what a server says while it starts, with its number or without, and also what it says for ever once the
//! phone has unlinked the number. Only time tells them apart. A session that has ended shows no code until it is started
//! again, so that is done when a code is wanted, and not more often than a start takes.
//!
//! A link that is well is asked after with calls that nobody else needs. One that is in trouble is asked after like a message on its
//! way: none can leave before it is known to be well again.

use std::time::Duration;

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Address, Failure, FailureCode};

use super::answers::{self, MALFORMED, data};
use super::budget::Weight;
use super::link::ApiEngineLink;
use crate::fields::Fields;
use crate::http_kit::{Call, Path, picture};
use crate::{CodeAnswer, Health, LinkHealth, Pairing, TypedCodeAnswer};

/// How long a start may take: the server itself waits thirty seconds for it.
const START: Duration = Duration::from_secs(45);
/// WhatsApp changes a code about as often; the gateway does not say for how long one lives.
pub(super) const CODE_LIFE: Duration = Duration::from_secs(20);

/// What was seen of the session so far.
#[derive(Default)]
pub(super) struct Seen {
    /// The linked number.
    own: Option<Address>,
    /// Since when the server says `disconnected`.
    silent_since: Option<Duration>,
    /// We have ended the session ourselves.
    ended: bool,
}

impl Seen {
    /// Has the session ended, and not only not begun yet?
    fn has_ended(&self, now: Duration) -> bool {
        self.ended
            || self
                .silent_since
                .is_some_and(|since| now.saturating_sub(since) >= START)
    }
}

/// What the server says.
enum Status {
    Linked,
    NotLinked,
    Starting,
    Disconnected,
}

impl ApiEngineLink {
    async fn status(&self, weight: Weight) -> Result<Status, Failure> {
        let answer = self
            .ask(Call::get(Path::fixed("/api/session/status")), weight)
            .await?;
        let body = data(&answer)?;
        let told = Fields::of(&body).ok_or(MALFORMED)?;
        let (ready, shows_code) = (told.flag("isReady"), told.flag("hasQR"));
        let status = match told.text("status").ok_or(MALFORMED)? {
            "connected" if ready == Some(true) => Status::Linked,
            "connected" | "authenticated" => Status::Starting,
            "qr_pending" | "auth_failed" => Status::NotLinked,
            _ if shows_code == Some(true) => Status::NotLinked,
            "disconnected" => Status::Disconnected,
            _ => return Err(MALFORMED),
        };
        self.note(&status);
        Ok(status)
    }

    fn note(&self, status: &Status) {
        let now = self.now();
        let mut seen = self.seen();
        match status {
            Status::Disconnected => {
                seen.own = None;
                seen.silent_since.get_or_insert(now);
            }
            Status::NotLinked => *seen = Seen::default(),
            Status::Linked | Status::Starting => {
                if matches!(status, Status::Starting) {
                    seen.own = None;
                }
                seen.silent_since = None;
                seen.ended = false;
            }
        }
    }

    /// Starts the session again, if it has ended.
    async fn restart_if_ended(&self) -> Result<(), Failure> {
        let now = self.now();
        {
            let mut seen = self.seen();
            if !seen.has_ended(now) {
                return Ok(());
            }
            // Noted before it is done: whoever asks meanwhile must not start it a second time.
            *seen = Seen {
                silent_since: Some(now),
                ..Seen::default()
            };
        }
        let call = Call::new(Method::POST, Path::fixed("/api/session/restart")).transfer();
        data(&self.ask(call, Weight::Person).await?).map(|_| ())
    }

    /// The number that was linked may be another one by now: it is asked for anew.
    pub(super) fn forget_own(&self) {
        self.seen().own = None;
    }

    /// The linked number. It is asked for once, and told as long as the number stays linked; asked `anew` where it matters that it still does.
    async fn own(&self, anew: bool) -> Option<Address> {
        if anew {
            self.forget_own();
        }
        if let Some(own) = self.seen().own.clone() {
            return Some(own);
        }
        let call = Call::get(Path::fixed("/api/session/profile"));
        let body = data(&self.ask(call, Weight::Routine).await.ok()?).ok()?;
        let own = Fields::of(&body)?.text("phone").map(Address::parse)?;
        self.seen().own = Some(own.clone());
        Some(own)
    }
}

#[async_trait]
impl Health for ApiEngineLink {
    async fn check(&self, wake: bool) -> Result<LinkHealth, Failure> {
        let weight = if wake { Weight::Message } else { Weight::Routine };
        Ok(match self.status(weight).await? {
            Status::Linked => LinkHealth::Linked {
                own: self.own(wake).await,
            },
            Status::NotLinked => LinkHealth::NotLinked,
            Status::Starting => LinkHealth::Starting,
            Status::Disconnected if self.seen().has_ended(self.now()) => {
                if wake {
                    self.restart_if_ended().await?;
                }
                LinkHealth::NotLinked
            }
            Status::Disconnected => LinkHealth::Starting,
        })
    }
}

#[async_trait]
impl Pairing for ApiEngineLink {
    async fn code(&self) -> Result<CodeAnswer, Failure> {
        let answer = self
            .ask(Call::get(Path::fixed("/api/session/qr")), Weight::Person)
            .await?;
        if answers::is_its_own_404(&answer) {
            return self.without_code().await;
        }
        let body = data(&answer)?;
        let shown = Fields::of(&body).and_then(|body| picture::of_base64(body.text("qrCode")?));
        let content = match shown {
            Some(content) => content,
            None => self.bare_picture().await?,
        };
        Ok(CodeAnswer::Code {
            content,
            valid_for: CODE_LIFE,
        })
    }

    async fn code_for_phone(&self, _number: &Address) -> Result<TypedCodeAnswer, Failure> {
        Err(answers::rejected(FailureCode::RefusedContent))
    }

    async fn logout(&self) -> Result<(), Failure> {
        let call = Call::new(Method::POST, Path::fixed("/api/session/logout")).transfer();
        let outcome = self.ask(call, Weight::Person).await;
        match outcome.and_then(|answer| data(&answer)) {
            Ok(_) => {}
            Err(failure @ Failure::AuthLost { .. }) => return Err(failure),
            // A session that is none cannot be ended, and the server stumbles over it.
            Err(failure) => match self.status(Weight::Person).await {
                Ok(Status::NotLinked | Status::Disconnected) => {}
                _ => return Err(failure),
            },
        }
        *self.seen() = Seen {
            ended: true,
            ..Seen::default()
        };
        Ok(())
    }
}

impl ApiEngineLink {
    /// There is no code: a number is linked, the session has ended, or the code is being made.
    async fn without_code(&self) -> Result<CodeAnswer, Failure> {
        match self.status(Weight::Person).await? {
            Status::Linked => return Ok(CodeAnswer::AlreadyLinked),
            Status::Disconnected => self.restart_if_ended().await?,
            Status::NotLinked | Status::Starting => {}
        }
        Ok(CodeAnswer::Waiting)
    }

    /// The code as a picture by itself, where the one in the answer cannot be read.
    async fn bare_picture(&self) -> Result<mostrador_domain::PairingContent, Failure> {
        let call = Call::get(Path::fixed("/api/session/qr/image")).accept("image/png");
        let answer = self.ask(call, Weight::Person).await?;
        if !answer.is_success() {
            return Err(MALFORMED);
        }
        picture::png(answer.body).ok_or(MALFORMED)
    }
}
