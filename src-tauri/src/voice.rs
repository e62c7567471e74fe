//! The microphone, for a voice message: from the press of a button to the next.
//!
//! The page says when; what is heard is encoded here while it is spoken, and only the whole file goes to the page. There is one
//! recording at a time: a page that begins another has lost the first, which is thrown away.

use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mostrador_api::{ApiError, ErrorCode};
use mostrador_voice::{Recording, VoiceError};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::outward::read;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    keep: bool,
}

/// The recording, if there is one. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Voice(Arc<Mutex<Option<Recording>>>);

impl Voice {
    /// Begins to listen.
    pub(crate) async fn begin(&self) -> Result<Value, ApiError> {
        self.in_background(|recording| {
            *recording = None;
            *recording = Some(Recording::begin()?);
            Ok(Value::Null)
        })
        .await
    }

    /// Stops; the answer is `{contentBase64}`, an Ogg file, or null if nothing was heard or it is not to be kept.
    pub(crate) async fn end(&self, args: Value) -> Result<Value, ApiError> {
        let End { keep } = read(args)?;
        self.in_background(move |recording| {
            let file = match recording.take() {
                Some(recording) if keep => recording.end()?,
                _ => None,
            };
            Ok(file.map_or(
                Value::Null,
                |file| json!({ "contentBase64": STANDARD.encode(file) }),
            ))
        })
        .await
    }

    /// A microphone may take a while to answer.
    async fn in_background(
        &self,
        work: impl FnOnce(&mut Option<Recording>) -> Result<Value, VoiceError> + Send + 'static,
    ) -> Result<Value, ApiError> {
        let recording = Arc::clone(&self.0);
        let worked = tokio::task::spawn_blocking(move || {
            work(&mut recording.lock().unwrap_or_else(PoisonError::into_inner))
        })
        .await;
        match worked {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                tracing::warn!(%error, "no voice was recorded");
                Err(ErrorCode::NotFound.into())
            }
            Err(_) => Err(ErrorCode::Internal.into()),
        }
    }
}
