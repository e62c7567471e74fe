//! The program's log.

use mostrador_domain::UnixMillis;
use serde::Deserialize;
use ts_rs::TS;

use crate::logs::LogLevel;

/// Arguments of `logs_query`. Null = does not matter.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LogsQuery {
    /// Not older than this.
    #[ts(type = "number | null")]
    pub since: Option<UnixMillis>,
    /// At least as grave as this.
    pub level: Option<LogLevel>,
    /// Anywhere in the line, in any case.
    pub text: Option<String>,
    /// Of one device.
    #[ts(type = "number | null")]
    pub device_id: Option<i64>,
    /// The newest so many, 1 to 2000.
    pub limit: u32,
}
