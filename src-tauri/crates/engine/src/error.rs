//! What can go wrong with something the operator asks of the engine.

use mostrador_domain::Failure;
use mostrador_gateways::OpenError;
use mostrador_store::StoreError;

use crate::secrets::SecretsProblem;

impl From<std::io::Error> for EngineError {
    /// The disk's: a full one is told as the store tells it.
    fn from(error: std::io::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Why the engine did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The gateway.
    #[error(transparent)]
    Gateway(#[from] Failure),
    /// The configuration of the link.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store of secrets.
    #[error(transparent)]
    Secrets(#[from] SecretsProblem),
    /// The device has no token now.
    #[error("the device has no token")]
    TokenMissing,
    /// A number is linked already.
    #[error("a number is linked already")]
    AlreadyLinked,
    /// No number can be linked in the state that the device is in.
    #[error("no number can be linked now")]
    NotPairing,
    /// That is not a number that can be linked.
    #[error("not a number that can be linked")]
    NumberInvalid,
    /// This link does not offer that.
    #[error("not offered by this link")]
    NotOffered,
    /// The picture is larger than allowed.
    #[error("the picture is too large")]
    MediaTooLarge,
    /// It is not a picture that can be sent.
    #[error("not a picture that can be sent")]
    MediaUnsupported,
    /// The bytes are not there.
    #[error("the bytes are not there")]
    MediaMissing,
    /// It left, and nobody knows whether it had an effect. It must not be done again by itself.
    #[error("nobody knows whether it went")]
    Uncertain,
    /// The device's session is not running.
    #[error("the session has ended")]
    SessionEnded,
}
