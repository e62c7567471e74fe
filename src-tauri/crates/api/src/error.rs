//! Errors as they cross to the window: a code and parameters. The window words them in the operator's language.

use std::collections::BTreeMap;

use mostrador_domain::{AuthLost, Failure, FailureCode, NotSentCause};
use mostrador_engine::EngineError;
use mostrador_engine::secrets::SecretsProblem;
use mostrador_gateways::{FieldKey, OpenError};
use mostrador_store::{StoreError, StoreErrorKind};
use serde::Serialize;
use ts_rs::TS;

/// What went wrong. Each code has its words in every language of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The arguments do not have the command's shape.
    BadRequest,
    /// There is no such command.
    UnknownCommand,
    /// What was asked for is not there (any more).
    NotFound,
    /// A fault of ours.
    Internal,
    /// A token has to be given.
    TokenMissing,
    /// The gateway refuses the token.
    TokenRejected,
    /// The gateway accepts the token, and refuses the key of this number's session.
    SessionKeyRejected,
    /// The operating system's keyring is not there.
    KeyringUnavailable,
    /// The keyring is locked.
    KeyringLocked,
    /// No connection to the gateway. Where that was tested, `why` is `name_not_found`, `nobody_there`, `unsafe` (its certificate is not
    /// trusted, or it speaks no TLS) or `too_slow`; absent = it is not known.
    GatewayUnreachable,
    /// The gateway answers with errors.
    GatewayError,
    /// What answers at this address is not the gateway that was chosen.
    AnotherServer,
    /// The gateway asks to slow down.
    RateLimited,
    /// WhatsApp has restricted the number.
    Restricted,
    /// The gateway has no device of the name that was given.
    DeviceUnknown,
    /// No number is linked.
    NotLinked,
    /// A number is linked already.
    AlreadyLinked,
    /// This gateway does not offer that.
    NotOffered,
    /// That is not a number, with its country code, that can be linked.
    NumberInvalid,
    /// The gateway's address cannot be used.
    UrlInvalid,
    /// The gateway asks for `field`, and it was not given.
    FieldMissing,
    /// `field` has characters or a form that it cannot have.
    FieldInvalid,
    /// There is nothing to send.
    MessageEmpty,
    /// The text is longer than `max` characters.
    MessageTooLong,
    /// The picture is larger than allowed.
    MediaTooLarge,
    /// It is not a picture that can be sent.
    MediaUnsupported,
    /// The picture is not there (any more).
    MediaMissing,
    /// The disk is full.
    StorageFull,
    /// Another program holds the file.
    StorageBusy,
    /// The file cannot be read or written.
    StorageFailed,
    /// The gateway does not accept this; `reason` is a word of the failures that a message can have.
    Refused,
    /// It left, and nobody knows whether it had an effect.
    Uncertain,
    /// Somebody else was faster: what is shown is out of date.
    StateChanged,
    /// Somebody of the audience has been written to, or may have been: it stays as it is.
    WrittenTo,
    /// The caller did not show the token of this run (headless program only).
    Unauthorized,
}

/// An error as it crosses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, thiserror::Error)]
#[error("{code:?}")]
pub struct ApiError {
    /// What.
    pub code: ErrorCode,
    /// What the words need to know.
    #[ts(type = "Record<string, string | number>")]
    pub params: BTreeMap<&'static str, serde_json::Value>,
}

impl ApiError {
    /// An error without parameters.
    pub fn of(code: ErrorCode) -> Self {
        Self {
            code,
            params: BTreeMap::new(),
        }
    }

    /// With one parameter more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<serde_json::Value>) -> Self {
        self.params.insert(name, value.into());
        self
    }
}

impl From<ErrorCode> for ApiError {
    fn from(code: ErrorCode) -> Self {
        Self::of(code)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let code = match error.kind {
            StoreErrorKind::NotFound => ErrorCode::NotFound,
            StoreErrorKind::StateChanged => ErrorCode::StateChanged,
            StoreErrorKind::WrittenTo => ErrorCode::WrittenTo,
            StoreErrorKind::Full => ErrorCode::StorageFull,
            StoreErrorKind::Busy => ErrorCode::StorageBusy,
            StoreErrorKind::ReadOnly
            | StoreErrorKind::Damaged
            | StoreErrorKind::NewerVersion
            | StoreErrorKind::Closed
            | StoreErrorKind::Other => ErrorCode::StorageFailed,
        };
        if code == ErrorCode::StorageFailed {
            tracing::error!(%error, "the store failed");
        }
        Self::of(code)
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        Self::of(match failure {
            Failure::NotSent {
                cause: NotSentCause::Unreachable,
                ..
            } => ErrorCode::GatewayUnreachable,
            Failure::NotSent {
                cause: NotSentCause::RateLimited | NotSentCause::Spared,
                ..
            } => ErrorCode::RateLimited,
            Failure::NotSent {
                cause: NotSentCause::NotReady,
                ..
            }
            | Failure::Unknown { .. } => ErrorCode::GatewayError,
            Failure::Rejected { code } => return refused(code),
            Failure::AuthLost {
                lost: AuthLost::Token,
            } => ErrorCode::TokenRejected,
            Failure::AuthLost {
                lost: AuthLost::Session,
            } => ErrorCode::SessionKeyRejected,
            Failure::AuthLost { lost: AuthLost::Link } => ErrorCode::NotLinked,
            Failure::AuthLost {
                lost: AuthLost::Device,
            } => ErrorCode::DeviceUnknown,
            Failure::Restricted { .. } => ErrorCode::Restricted,
        })
    }
}

/// Why the gateway does not accept something: with a code of its own where there is one.
fn refused(why: FailureCode) -> ApiError {
    ApiError::of(match why {
        FailureCode::TooLarge => ErrorCode::MediaTooLarge,
        FailureCode::MediaUnsupported => ErrorCode::MediaUnsupported,
        FailureCode::MediaMissing => ErrorCode::MediaMissing,
        FailureCode::NotLinked => ErrorCode::NotLinked,
        FailureCode::TokenRejected => ErrorCode::TokenRejected,
        FailureCode::Restricted => ErrorCode::Restricted,
        FailureCode::RefusedRecipient
        | FailureCode::Forbidden
        | FailureCode::RefusedContent
        | FailureCode::PlanLimit
        | FailureCode::AttemptsUsedUp
        | FailureCode::NoAnswer
        | FailureCode::NumberChanged
        | FailureCode::EarlierNumber => return ApiError::of(ErrorCode::Refused).with("reason", why.as_str()),
    })
}

impl From<OpenError> for ApiError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Missing(FieldKey::Token) => ErrorCode::TokenMissing.into(),
            OpenError::Invalid(FieldKey::Token) => ErrorCode::TokenRejected.into(),
            OpenError::Invalid(FieldKey::Url) => ErrorCode::UrlInvalid.into(),
            OpenError::Missing(field) => Self::of(ErrorCode::FieldMissing).with("field", field.as_str()),
            OpenError::Invalid(field) => Self::of(ErrorCode::FieldInvalid).with("field", field.as_str()),
            OpenError::NotOffered => ErrorCode::NotOffered.into(),
        }
    }
}

impl From<SecretsProblem> for ApiError {
    fn from(problem: SecretsProblem) -> Self {
        Self::of(match problem {
            SecretsProblem::Unavailable => ErrorCode::KeyringUnavailable,
            SecretsProblem::Locked => ErrorCode::KeyringLocked,
        })
    }
}

impl From<EngineError> for ApiError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Store(error) => error.into(),
            EngineError::Gateway(failure) => failure.into(),
            EngineError::Open(error) => error.into(),
            EngineError::Secrets(problem) => problem.into(),
            EngineError::TokenMissing => ErrorCode::TokenMissing.into(),
            EngineError::AlreadyLinked => ErrorCode::AlreadyLinked.into(),
            EngineError::NotPairing => ErrorCode::StateChanged.into(),
            EngineError::NumberInvalid => ErrorCode::NumberInvalid.into(),
            EngineError::NotOffered => ErrorCode::NotOffered.into(),
            EngineError::MediaTooLarge => ErrorCode::MediaTooLarge.into(),
            EngineError::MediaUnsupported => ErrorCode::MediaUnsupported.into(),
            EngineError::MediaMissing => ErrorCode::MediaMissing.into(),
            EngineError::Uncertain => ErrorCode::Uncertain.into(),
            EngineError::SessionEnded => ErrorCode::StateChanged.into(),
        }
    }
}
