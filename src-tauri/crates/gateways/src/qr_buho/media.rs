//! The bytes of a file, by the id of the message that carries it. They come in base64, inside of JSON, so whole.

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mostrador_domain::{Failure, FailureCode, UnknownCause};
use serde_json::json;

use super::link::{QrBuhoLink, inner};
use crate::baileys::answers::{self, MALFORMED, rejected};
use crate::fields::Fields;
use crate::{Media, MediaSink};

/// What stands around the bytes.
const AROUND: u64 = 64 * 1024;

/// Larger files are not asked for: they would be held whole.
const LARGEST: u64 = 64 * 1024 * 1024;

#[async_trait]
impl Media for QrBuhoLink {
    async fn download(
        &self,
        gateway_ref: &str,
        max_bytes: u64,
        sink: &mut dyn MediaSink,
    ) -> Result<(), Failure> {
        let max_bytes = max_bytes.min(LARGEST);
        let fields = json!({ "message": { "key": { "id": gateway_ref } }, "convertToMp4": false });
        let longest = max_bytes.saturating_mul(4).div_ceil(3).saturating_add(AROUND);
        let call = Self::post("/chat/message/base64", &fields)
            .transfer()
            .at_most(longest);
        let too_large = rejected(FailureCode::TooLarge);
        let answer = match self.ask(call).await {
            Err(Failure::Unknown {
                cause: UnknownCause::TooLarge,
            }) => return Err(too_large),
            // The message is not there, or there is no file in it.
            Err(Failure::Rejected {
                code: FailureCode::RefusedContent,
            }) => return Err(rejected(FailureCode::MediaMissing)),
            answer => answer?,
        };
        if answer.status == 404 {
            return Err(rejected(FailureCode::MediaMissing));
        }
        let said = answers::success(&answer)?;
        let encoded = Fields::of(inner(&said))
            .and_then(|file| file.text("base64"))
            .ok_or(MALFORMED)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| MALFORMED)?;
        if bytes.len() as u64 > max_bytes {
            return Err(too_large);
        }
        match sink.take(&bytes).await {
            true => Ok(()),
            false => Err(Failure::Unknown {
                cause: UnknownCause::Cut,
            }),
        }
    }
}
