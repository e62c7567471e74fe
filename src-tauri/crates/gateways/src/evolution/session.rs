//! How the link is, the code to scan, and unlinking.
//!
//! | `state` | means |
//! |---|---|
//! | `open` | linked; which number is not said |
//! | `close`, `refused` | not linked |
//! | `connecting` | not linked if a code is on show, else starting |
//! | 404 | there is no such instance: not linked, and made when a code is wanted |
//!
//! A server that loses its line goes through `close` and `connecting` too, many times over. So whoever was seen `open` is starting for
//! as long as a start may take, and only then not linked. (That the phone has unlinked the number, a call tells at once.)

use std::time::Duration;

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Address, AuthLost, Failure, FailureCode, PairingContent, UnknownCause};
use serde_json::{Value, json};

use super::link::EvolutionLink;
use crate::baileys;
use crate::baileys::answers::{self, MALFORMED, rejected};
use crate::fields::Fields;
use crate::http_kit::{Call, Path, picture};
use crate::{CodeAnswer, Health, LinkHealth, Pairing, TypedCodeAnswer};

/// How long finding its line again may take. Ours: the server waits a few seconds between two attempts.
const START: Duration = Duration::from_secs(45);

/// What was seen of the instance so far.
#[derive(Default)]
pub(super) struct Seen {
    /// A number was linked, and we have not ended that.
    open: bool,
    /// Since when it is said not to be.
    silent_since: Option<Duration>,
}

impl Seen {
    /// Is the line only lost for a while, as far as can be known?
    fn may_come_back(&mut self, now: Duration) -> bool {
        let since = *self.silent_since.get_or_insert(now);
        self.open && now.saturating_sub(since) < START
    }
}

/// What the server says.
enum State {
    Open,
    Connecting,
    Closed,
    NoInstance,
}

impl EvolutionLink {
    async fn state(&self) -> Result<State, Failure> {
        let call = self.at(Method::GET, "/instance/connectionState/{instance}")?;
        let said = match self.told(call).await {
            Err(Failure::AuthLost { lost: AuthLost::Link }) => {
                *self.seen() = Seen::default();
                return Ok(State::NoInstance);
            }
            said => said?,
        };
        let told = Fields::of(&said).and_then(|said| said.object("instance"));
        match told.and_then(|told| told.text("state")).ok_or(MALFORMED)? {
            "open" => {
                *self.seen() = Seen {
                    open: true,
                    silent_since: None,
                };
                Ok(State::Open)
            }
            "connecting" => Ok(State::Connecting),
            "close" | "refused" => Ok(State::Closed),
            _ => Err(MALFORMED),
        }
    }

    /// The code on show; an instance that rests begins to show one. `None` = none yet, or somebody has scanned it just now.
    async fn shown(&self) -> Result<Option<PairingContent>, Failure> {
        let call = self.at(Method::GET, "/instance/connect/{instance}")?;
        Ok(code(&self.told(call.transfer()).await?))
    }

    /// Makes the instance. Its name may be taken already, by one that is not ready yet.
    async fn create(&self) -> Result<Option<PairingContent>, Failure> {
        let fields =
            json!({ "instanceName": self.instance, "integration": "WHATSAPP-BAILEYS", "qrcode": true });
        let call = Call::new(Method::POST, Path::fixed("/instance/create")).json(&fields);
        let answer = self.answer(call.transfer()).await?;
        if answer.status == 403 {
            return if is_name_taken(&answer.json().unwrap_or_default()) {
                Ok(None)
            } else {
                Err(Failure::AuthLost {
                    lost: AuthLost::Token,
                })
            };
        }
        let said = answers::success(&answer)?;
        Ok(said.get("qrcode").and_then(code))
    }
}

/// Recorded: `This name "demo2" is already in use.`
fn is_name_taken(body: &Value) -> bool {
    let said = answers::texts(body);
    said.iter().any(|text| text.contains("already in use"))
}

/// `{code, base64, count}`, or `{count: 0}` as long as there is none.
pub(super) fn code(said: &Value) -> Option<PairingContent> {
    let told = Fields::of(said)?;
    match told.string("code") {
        Some(text) => Some(PairingContent::Text(text)),
        None => picture::of_base64(told.text("base64")?),
    }
}

#[async_trait]
impl Health for EvolutionLink {
    async fn check(&self, _wake: bool) -> Result<LinkHealth, Failure> {
        let state = self.state().await?;
        let may_come_back = match state {
            State::Open => return Ok(LinkHealth::Linked { own: None }),
            State::NoInstance => return Ok(LinkHealth::NotLinked),
            State::Connecting | State::Closed => self.seen().may_come_back(self.now()),
        };
        Ok(match state {
            _ if may_come_back => LinkHealth::Starting,
            State::Connecting if self.shown().await?.is_none() => LinkHealth::Starting,
            _ => LinkHealth::NotLinked,
        })
    }

    fn tells_number(&self) -> bool {
        false
    }
}

#[async_trait]
impl Pairing for EvolutionLink {
    async fn code(&self) -> Result<CodeAnswer, Failure> {
        let shown = match self.state().await? {
            State::Open => return Ok(CodeAnswer::AlreadyLinked),
            State::NoInstance => self.create().await?,
            State::Connecting | State::Closed => self.shown().await?,
        };
        Ok(match shown {
            Some(content) => CodeAnswer::Code {
                content,
                valid_for: baileys::CODE_LIFE,
            },
            None => CodeAnswer::Waiting,
        })
    }

    async fn code_for_phone(&self, _number: &Address) -> Result<TypedCodeAnswer, Failure> {
        Err(rejected(FailureCode::RefusedContent))
    }

    /// An instance that is not open has nothing to end, and says so with a 400.
    async fn logout(&self) -> Result<(), Failure> {
        if !matches!(self.state().await?, State::Open) {
            *self.seen() = Seen::default();
            return Ok(());
        }
        let answer = self
            .ask(self.at(Method::DELETE, "/instance/logout/{instance}")?.transfer())
            .await?;
        if !answer.is_success() {
            return Err(Failure::Unknown {
                cause: UnknownCause::UnexpectedStatus(answer.status),
            });
        }
        *self.seen() = Seen::default();
        Ok(())
    }
}
