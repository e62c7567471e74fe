//! The settings of the channel that decide whether events arrive, and the limits of the plan.
//!
//! `PATCH /settings` changes only what it names. The waits are documented in milliseconds with a range each; what lies
//! outside is refused here. `GET /limits` answers 204 where there are none.

use std::ops::RangeInclusive;
use std::time::Duration;

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Failure, FailureCode};
use serde_json::{Map, Value};

use super::errors::{self, MALFORMED, done};
use super::fields::Fields;
use super::link::WhapiLink;
use crate::http_kit::{Call, Path};
use crate::{DeliverySettings, GatewaySettings, Limits, PlanLimits};

const FIRST_WAIT: &str = "callback_backoff_delay_ms";
const LONGEST_WAIT: &str = "max_callback_backoff_delay_ms";
const FIRST_WAIT_MS: RangeInclusive<u128> = 3_000..=15_000;
const LONGEST_WAIT_MS: RangeInclusive<u128> = 600_000..=3_600_000;

#[async_trait]
impl GatewaySettings for WhapiLink {
    async fn get(&self) -> Result<DeliverySettings, Failure> {
        let answer = self.ask(Call::get(Path::fixed("/settings"))).await?;
        if !answer.is_success() {
            return Err(errors::of_call(&answer));
        }
        settings(&answer.json()?)
    }

    async fn change(&self, settings: &DeliverySettings) -> Result<(), Failure> {
        let mut change = Map::new();
        if let Some(keep) = settings.keep_failed {
            change.insert("callback_persist".to_owned(), Value::from(keep));
        }
        if let Some(full) = settings.full_history {
            change.insert("full_history".to_owned(), Value::from(full));
        }
        if let Some(wait) = settings.first_wait {
            change.insert(FIRST_WAIT.to_owned(), millis(wait, FIRST_WAIT_MS)?);
        }
        if let Some(wait) = settings.longest_wait {
            change.insert(LONGEST_WAIT.to_owned(), millis(wait, LONGEST_WAIT_MS)?);
        }
        if change.is_empty() {
            return Ok(());
        }
        let call = Call::new(Method::PATCH, Path::fixed("/settings")).json(&Value::Object(change));
        done(&self.ask(call).await?)
    }
}

/// What the channel's settings say.
pub(super) fn settings(body: &Value) -> Result<DeliverySettings, Failure> {
    let settings = Fields::of(body).ok_or(MALFORMED)?;
    let wait = |field: &str| {
        settings
            .count(field)
            .map(|millis| Duration::from_millis(millis.into()))
    };
    Ok(DeliverySettings {
        keep_failed: settings.flag("callback_persist"),
        first_wait: wait(FIRST_WAIT),
        longest_wait: wait(LONGEST_WAIT),
        full_history: settings.flag("full_history"),
    })
}

fn millis(wait: Duration, range: RangeInclusive<u128>) -> Result<Value, Failure> {
    let millis = wait.as_millis();
    u64::try_from(millis)
        .ok()
        .filter(|_| range.contains(&millis))
        .map(Value::from)
        .ok_or(errors::rejected(FailureCode::RefusedContent))
}

#[async_trait]
impl Limits for WhapiLink {
    async fn limits(&self) -> Result<Option<PlanLimits>, Failure> {
        let answer = self.ask(Call::get(Path::fixed("/limits"))).await?;
        if !answer.is_success() {
            return Err(errors::of_call(&answer));
        }
        if answer.status == 204 || answer.body.is_empty() {
            return Ok(None);
        }
        limits(&answer.json()?).map(Some)
    }
}

/// What the limits of the plan are said to be.
pub(super) fn limits(body: &Value) -> Result<PlanLimits, Failure> {
    let limits = Fields::of(body).ok_or(MALFORMED)?;
    let used = limits.list("chats").map(<[Value]>::len);
    Ok(PlanLimits {
        messages: limits.count("messages"),
        chats_used: used.and_then(|used| u32::try_from(used).ok()),
        checks: limits.count("checks"),
        requests: limits.count("requests"),
    })
}
