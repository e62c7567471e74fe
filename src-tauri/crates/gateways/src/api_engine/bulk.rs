//! One text to several numbers in one call.
//!
//! The gateway sends them one after another while we wait, and answers 200 even if none of them was sent; so each number's
//! own result is read, and the status says nothing. A number of which nothing is said was sent to or was not: nobody knows.

use std::time::Duration;

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Address, Failure, FailureCode};
use serde_json::{Value, json};

use super::answers::{self, MALFORMED, NOT_CONNECTED, data, rejected};
use super::budget::Weight;
use super::capabilities::RECIPIENTS_AT_ONCE;
use super::link::ApiEngineLink;
use super::send::{accepted, recipient};
use crate::fields::Fields;
use crate::http_kit::{Call, Path};
use crate::{Accepted, BulkMessaging};

/// What the gateway takes for the pause between two messages.
const PAUSES: std::ops::RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(10);
/// The pause that the gateway makes where none is asked for.
const USUAL_PAUSE: Duration = Duration::from_secs(2);
/// How long one message may take, besides the pause.
const EACH: Duration = Duration::from_secs(5);

/// How long the gateway works before it answers that it has sent to so many.
fn work(count: u32, pause: Duration) -> Duration {
    (pause + EACH).saturating_mul(count)
}

/// The same of a body that a person has filled in.
pub(super) fn work_for(body: &Value) -> Duration {
    let count = body["recipients"].as_array().map_or(0, Vec::len);
    let pause = body["delay"].as_u64().map_or(USUAL_PAUSE, Duration::from_millis);
    work(u32::try_from(count).unwrap_or(u32::MAX), pause)
}

#[async_trait]
impl BulkMessaging for ApiEngineLink {
    fn at_once(&self) -> u32 {
        RECIPIENTS_AT_ONCE
    }

    async fn send_to_all(
        &self,
        to: &[Address],
        words: &str,
        pause: Duration,
    ) -> Result<Vec<Result<Accepted, Failure>>, Failure> {
        let count = u32::try_from(to.len()).unwrap_or(u32::MAX);
        if count == 0 || count > RECIPIENTS_AT_ONCE {
            return Err(rejected(FailureCode::RefusedContent));
        }
        let phones: Vec<&str> = to.iter().map(recipient).collect::<Result<_, _>>()?;
        let pause = pause.clamp(*PAUSES.start(), *PAUSES.end());
        let delay = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
        let body = json!({ "recipients": phones, "message": words, "delay": delay });
        let call = Call::new(Method::POST, Path::fixed("/api/messages/send-bulk"))
            .json(&body)
            .working(work(count, pause));
        let answer = self.ask(call, Weight::Message).await?;
        let said = data(&answer)?;
        let results = Fields::of(&said)
            .and_then(|said| said.list("results"))
            .ok_or(MALFORMED)?;
        Ok(phones
            .iter()
            .enumerate()
            .map(|(place, phone)| result_of(results, place, phone))
            .collect())
    }
}

/// What is said of the number at this place of the list. The gateway keeps the order; a result of another number is none of ours.
pub(super) fn result_of(results: &[Value], place: usize, phone: &str) -> Result<Accepted, Failure> {
    let own = results.get(place).and_then(Fields::of);
    let own = own
        .filter(|result| result.text("phone") == Some(phone))
        .ok_or(MALFORMED)?;
    match (own.flag("success"), own.text("error")) {
        (Some(true), _) => accepted(own).ok_or(MALFORMED),
        (Some(false), Some(error)) if answers::is_not_connected(error) => Err(NOT_CONNECTED),
        _ => Err(MALFORMED),
    }
}
