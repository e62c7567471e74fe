//! One text to several numbers in one call: the gateway sends them one after another while we wait, and answers 200 even if none of them
//! was sent. Campaigns do not use it, and a person calls it from the Explorer, which counts the results that failed.

use std::time::Duration;

use serde_json::Value;

/// The pause that the gateway makes where none is asked for.
const USUAL_PAUSE: Duration = Duration::from_secs(2);
/// How long one message may take, besides the pause.
const EACH: Duration = Duration::from_secs(5);

/// How long the gateway works before it answers, by the body that a person has filled in.
pub(super) fn work_for(body: &Value) -> Duration {
    let count = body["recipients"].as_array().map_or(0, Vec::len);
    let pause = body["delay"].as_u64().map_or(USUAL_PAUSE, Duration::from_millis);
    (pause + EACH).saturating_mul(u32::try_from(count).unwrap_or(u32::MAX))
}
