//! What a row of the outbox carries beside its message, as JSON.

use serde::{Deserialize, Serialize};

/// Of a send: the message that is sent on.
#[derive(Serialize, Deserialize)]
pub(super) struct Forwarded {
    #[serde(rename = "forward")]
    pub(super) gateway_id: String,
}

/// Of an upload that is done: what the gateway calls the file.
#[derive(Serialize, Deserialize)]
pub(super) struct Uploaded {
    #[serde(rename = "uploaded")]
    pub(super) reference: String,
}

/// What `payload` says, if it says that.
pub(super) fn read<T: serde::de::DeserializeOwned>(payload: Option<&str>) -> Option<T> {
    serde_json::from_str(payload?).ok()
}
