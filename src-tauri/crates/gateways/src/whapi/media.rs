//! Bytes of media, and telling that messages were read.

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Address, Failure, FailureCode, UnknownCause};

use super::errors;
use super::link::WhapiLink;
use super::pairing::done;
use crate::http_kit::{Call, Path};
use crate::{Media, ReadState};

#[async_trait]
impl Media for WhapiLink {
    /// A file above `max_bytes` is refused for good: it will not be smaller next time. One that the gateway does not
    /// have (any more: it keeps uploads for thirty days) is missing.
    async fn download(&self, gateway_ref: &str, max_bytes: u64) -> Result<Vec<u8>, Failure> {
        let missing = errors::rejected(FailureCode::MediaMissing);
        let path = Path::with("/media/{MediaID}", gateway_ref).ok_or_else(|| missing.clone())?;
        let call = Call::get(path).accept("*/*").at_most(max_bytes).transfer();
        match self.ask(call).await {
            Ok(answer) if answer.is_success() => Ok(answer.body),
            Ok(answer) if answer.status == 404 => Err(missing),
            Ok(answer) => Err(errors::of_call(&answer)),
            Err(Failure::Unknown {
                cause: UnknownCause::TooLarge,
            }) => Err(errors::rejected(FailureCode::TooLarge)),
            Err(failure) => Err(failure),
        }
    }
}

#[async_trait]
impl ReadState for WhapiLink {
    /// The gateway marks by message and needs no chat. A message that it does not have cannot be unread there, so
    /// that is success.
    async fn mark_read(&self, _chat: &Address, gateway_id: &str) -> Result<(), Failure> {
        let Some(path) = Path::with("/messages/{MessageID}", gateway_id) else {
            return Ok(());
        };
        let answer = self.ask(Call::new(Method::PUT, path)).await?;
        match answer.status {
            404 => Ok(()),
            _ => done(&answer),
        }
    }
}
