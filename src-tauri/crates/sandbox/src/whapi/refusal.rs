//! How the dialect says no.
//!
//! The vendor documents `{"error": {"code", "message"}}`. The answer to a used-up trial was seen in another shape:
//! `{"code": 402, "error": "…"}`. Both are given here, each where it belongs.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::world::{MediaRefused, SendRefused};

/// An error answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    status: StatusCode,
    message: &'static str,
}

impl Refusal {
    pub(crate) const fn new(status: StatusCode, message: &'static str) -> Self {
        Self { status, message }
    }

    pub(crate) fn bad_request(message: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(crate) fn not_found(message: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    pub(crate) fn conflict(message: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, message)
    }

    /// The usual words for a status.
    pub(crate) fn with_status(status: StatusCode) -> Self {
        let message = match status.as_u16() {
            400 => "Wrong request parameters",
            401 => "Need channel authorization",
            402 => "trial version limit exceeded",
            403 => "Forbidden",
            404 => "Not found",
            429 => "Too many requests",
            _ => "Internal Error",
        };
        Self { status, message }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let code = self.status.as_u16();
        let body = if self.status == StatusCode::PAYMENT_REQUIRED {
            json!({ "code": code, "error": self.message })
        } else {
            json!({ "error": { "code": code, "message": self.message } })
        };
        (self.status, Json(body)).into_response()
    }
}

impl From<SendRefused> for Refusal {
    fn from(refused: SendRefused) -> Self {
        match refused {
            SendRefused::NotLinked => Self::new(
                StatusCode::UNAUTHORIZED,
                "Need channel authorization for send message",
            ),
            SendRefused::NotAMember => Self::new(
                StatusCode::FORBIDDEN,
                "It is forbidden to send to this group or recipient",
            ),
            SendRefused::NothingToQuote => Self::not_found("Specified message not found"),
        }
    }
}

impl From<MediaRefused> for Refusal {
    fn from(refused: MediaRefused) -> Self {
        match refused {
            MediaRefused::TooHeavy => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "Request media too large"),
            MediaRefused::NotAPicture => {
                Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported media type")
            }
        }
    }
}
