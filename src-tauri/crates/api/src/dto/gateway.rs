//! A device's gateway: its settings, the limits of its plan, and how much of them was used.

use std::time::Duration;

use mostrador_domain::UnixMillis;
use mostrador_gateways::{DeliverySettings, PlanLimits};
use mostrador_store::tables::plan_use::PlanUse;
use mostrador_store::tables::usage::Usage;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Settings of a gateway that decide whether events arrive; null = not told, or to be left as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct GatewaySettings {
    /// Calls that fail are kept on the gateway's disk until they succeed.
    pub keep_failed: Option<bool>,
    /// Seconds before a failed call is made again for the first time.
    pub first_wait: Option<u32>,
    /// The longest such wait, in seconds.
    pub longest_wait: Option<u32>,
    /// The whole history is fetched from the phone when a number is linked.
    pub full_history: Option<bool>,
}

impl From<DeliverySettings> for GatewaySettings {
    fn from(settings: DeliverySettings) -> Self {
        let seconds =
            |wait: Option<Duration>| wait.map(|wait| u32::try_from(wait.as_secs()).unwrap_or(u32::MAX));
        Self {
            keep_failed: settings.keep_failed,
            first_wait: seconds(settings.first_wait),
            longest_wait: seconds(settings.longest_wait),
            full_history: settings.full_history,
        }
    }
}

impl From<GatewaySettings> for DeliverySettings {
    fn from(settings: GatewaySettings) -> Self {
        let wait = |seconds: Option<u32>| seconds.map(|seconds| Duration::from_secs(seconds.into()));
        Self {
            keep_failed: settings.keep_failed,
            first_wait: wait(settings.first_wait),
            longest_wait: wait(settings.longest_wait),
            full_history: settings.full_history,
        }
    }
}

/// Arguments of `gateway_settings_set`.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GatewaySettingsSet {
    /// Whose.
    #[ts(type = "number")]
    pub device_id: i64,
    /// What is null stays.
    pub settings: GatewaySettings,
}

/// What the plan at a gateway allows; null = not told.
#[derive(Debug, Clone, Copy, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanView {
    /// Messages.
    pub messages: Option<u32>,
    /// Different chats that were used up so far.
    pub chats_used: Option<u32>,
    /// Numbers that may be looked up.
    pub checks: Option<u32>,
    /// Calls.
    pub requests: Option<u32>,
}

impl From<PlanLimits> for PlanView {
    fn from(plan: PlanLimits) -> Self {
        Self {
            messages: plan.messages,
            chats_used: plan.chats_used,
            checks: plan.checks,
            requests: plan.requests,
        }
    }
}

/// What a number did in a while, by what is here.
#[derive(Debug, Clone, Copy, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UsageView {
    /// Messages that it sent, from here or from the phone.
    pub messages: u32,
    /// To so many chats.
    pub chats: u32,
    /// Numbers that were looked up from here.
    pub checks: u32,
}

impl From<Usage> for UsageView {
    fn from(usage: Usage) -> Self {
        Self {
            messages: usage.messages,
            chats: usage.chats,
            checks: usage.checks,
        }
    }
}

/// What a number may do, and what it did.
#[derive(Debug, Clone, Copy, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeviceLimits {
    /// What the plan allows; null = there are no limits, or the gateway does not say.
    pub plan: Option<PlanView>,
    /// In the last 24 hours.
    pub day: UsageView,
    /// In the last 30 days.
    pub month: UsageView,
    /// The calls of any kind that were made of those that the plan counts; null = it counts none, or that is not known yet.
    pub calls: Option<CallsView>,
}

/// How many calls were made.
#[derive(Debug, Clone, Copy, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CallsView {
    /// From here.
    pub used: u32,
    /// Since then, when the month of counting began.
    #[ts(type = "number")]
    pub since: UnixMillis,
}

impl From<PlanUse> for CallsView {
    fn from(plan: PlanUse) -> Self {
        Self {
            used: plan.used,
            since: plan.since,
        }
    }
}
