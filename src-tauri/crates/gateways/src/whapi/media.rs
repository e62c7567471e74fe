//! Bytes of media, down and up. The gateway keeps an upload for thirty days.

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Failure, FailureCode, OutgoingSource, UnknownCause};
use serde_json::Value;

use super::errors::{self, MALFORMED};
use super::fields::Fields;
use super::link::WhapiLink;
use crate::http_kit::{Call, Path};
use crate::{Effect, Media, MediaSink, Pictures, Uploads};

#[async_trait]
impl Media for WhapiLink {
    /// A file above `max_bytes` is refused for good: it will not be smaller next time. One that the gateway does not
    /// have (any more: it keeps uploads for thirty days) is missing.
    async fn download(
        &self,
        gateway_ref: &str,
        max_bytes: u64,
        sink: &mut dyn MediaSink,
    ) -> Result<(), Failure> {
        let missing = errors::rejected(FailureCode::MediaMissing);
        let path = Path::with("/media/{MediaID}", gateway_ref).ok_or_else(|| missing.clone())?;
        let call = Call::get(path).accept("*/*").at_most(max_bytes).transfer();
        match self.fetch(call, sink).await {
            Ok(answer) if answer.is_success() => Ok(()),
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
impl Pictures for WhapiLink {
    /// They lie on WhatsApp's own servers, under addresses that end after some days.
    async fn fetch(&self, url: &str, max_bytes: u64, sink: &mut dyn MediaSink) -> Result<(), Failure> {
        self.http.fetch_picture(url, max_bytes, sink).await
    }
}

#[async_trait]
impl Uploads for WhapiLink {
    /// The bytes go as they are, under their own media type; the answer is `{"media":[{"id":…}]}`.
    async fn upload(&self, mime: &str, file: &OutgoingSource) -> Result<String, Failure> {
        if !is_media_type(mime) {
            return Err(errors::rejected(FailureCode::MediaUnsupported));
        }
        let call = Call::new(Method::POST, Path::fixed("/media")).stored(mime, file);
        let answer = self.ask(call).await?;
        if !answer.is_success() {
            return Err(errors::of_call(&answer));
        }
        uploaded(&answer.json()?)
    }

    async fn delete(&self, gateway_ref: &str) -> Result<Effect, Failure> {
        self.act(Method::DELETE, "/media/{MediaID}", gateway_ref, None)
            .await
    }
}

/// The id of a file that was put there.
pub(super) fn uploaded(body: &Value) -> Result<String, Failure> {
    let files = Fields::of(body).ok_or(MALFORMED)?;
    let id = files.objects("media").next().and_then(|file| file.string("id"));
    id.ok_or(MALFORMED)
}

/// `type/subtype`, with or without parameters: what a header can hold.
pub(super) fn is_media_type(mime: &str) -> bool {
    let named = mime
        .split_once('/')
        .is_some_and(|(kind, rest)| !kind.is_empty() && !rest.is_empty());
    named && mime.len() <= 128 && mime.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}
