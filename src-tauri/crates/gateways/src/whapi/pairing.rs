//! Linking and unlinking the number, by a code to scan or by one to type.
//!
//! The code is asked for as text first, because a QR drawn here is sharp at any size. A gateway that has none is
//! asked for the JSON with a picture, and one that cannot draw that either, for the bare picture:
//!
//! | Asked | Answer | then |
//! |---|---|---|
//! | any of them | 409 | a number is linked already |
//! | any of them | 406 | this channel cannot be linked by QR, for good |
//! | `/users/login/rowdata` | a code; or WAITING, TIMEOUT, ERROR | the code; or ask again soon |
//! | `/users/login/rowdata` | 404, or OK without the text | `/users/login` |
//! | `/users/login` | 404, 422 (could not draw), or OK without a picture | `/users/login/image` |
//! | `/users/login/image` | a PNG, or the JSON of the others; 422 | the code; ask again soon |
//! | `/users/login/{PhoneNumber}` | 8 characters to type; 400 | the code; the number is none |
//! | any of them | `type: webauthn` | the account wants its passkey: nothing to scan, and no error |

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Address, Failure, FailureCode};
use serde_json::Value;

use super::decode::code;
use super::errors::{self, MALFORMED, NOT_READY, done};
use super::fields::Fields;
use super::link::WhapiLink;
use crate::http_kit::{Answer, Call, Path, picture};
use crate::{CodeAnswer, Pairing, TypedCodeAnswer};

#[async_trait]
impl Pairing for WhapiLink {
    async fn code(&self) -> Result<CodeAnswer, Failure> {
        if let Some(answer) = self.code_from("/users/login/rowdata").await? {
            return Ok(answer);
        }
        if let Some(answer) = self.code_from("/users/login").await? {
            return Ok(answer);
        }
        self.code_as_picture().await
    }

    async fn code_for_phone(&self, number: &Address) -> Result<TypedCodeAnswer, Failure> {
        let no_number = errors::rejected(FailureCode::RefusedRecipient);
        let digits = number.phone_digits().ok_or_else(|| no_number.clone())?;
        let path = Path::with("/users/login/{PhoneNumber}", digits).ok_or_else(|| no_number.clone())?;
        let answer = self.ask(Call::get(path)).await?;
        match answer.status {
            409 => Ok(TypedCodeAnswer::AlreadyLinked),
            422 => Err(NOT_READY),
            400 => Err(no_number),
            _ if !answer.is_success() => Err(refused(&answer)),
            _ => code::typed(Fields::of(&answer.json()?).ok_or(MALFORMED)?).ok_or(MALFORMED),
        }
    }

    async fn logout(&self) -> Result<(), Failure> {
        let answer = self
            .ask(Call::new(Method::POST, Path::fixed("/users/logout")))
            .await?;
        match answer.status {
            409 => Ok(()),
            _ => done(&answer),
        }
    }
}

impl WhapiLink {
    /// The code by a path that answers JSON; `None`: another path may have it.
    async fn code_from(&self, path: &'static str) -> Result<Option<CodeAnswer>, Failure> {
        let answer = self.ask(Call::get(login(path))).await?;
        match answer.status {
            409 => Ok(Some(CodeAnswer::AlreadyLinked)),
            404 | 422 => Ok(None),
            _ if answer.is_success() => in_json(&answer.json()?),
            _ => Err(refused(&answer)),
        }
    }

    async fn code_as_picture(&self) -> Result<CodeAnswer, Failure> {
        let answer = self
            .ask(Call::get(login("/users/login/image")).accept("image/png"))
            .await?;
        match answer.status {
            409 => return Ok(CodeAnswer::AlreadyLinked),
            422 => return Err(NOT_READY),
            _ if !answer.is_success() => return Err(refused(&answer)),
            _ => {}
        }
        if let Ok(value) = answer.json() {
            return in_json(&value)?.ok_or(MALFORMED);
        }
        let content = picture::png(answer.body).ok_or(MALFORMED)?;
        Ok(CodeAnswer::Code {
            content,
            valid_for: code::valid_for(None),
        })
    }
}

fn login(path: &'static str) -> Path {
    Path::fixed(path).query("wakeup", true)
}

/// What the JSON says; `None`: there is a code, but not here.
pub(super) fn in_json(value: &Value) -> Result<Option<CodeAnswer>, Failure> {
    let qr = Fields::of(value).ok_or(MALFORMED)?;
    Ok(match code::read(qr) {
        _ if code::wants_passkey(qr) => Some(CodeAnswer::Passkey),
        Some((content, valid_for)) => Some(CodeAnswer::Code { content, valid_for }),
        None if qr.text("status") == Some("OK") => None,
        None => Some(CodeAnswer::Waiting),
    })
}

/// 406: a channel of another type, which no QR can link; everything else as usual.
fn refused(answer: &Answer) -> Failure {
    match answer.status {
        406 => errors::rejected(FailureCode::NotLinked),
        _ => errors::of_call(answer),
    }
}
