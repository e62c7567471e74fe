//! Do not disturb.

use mostrador_domain::UnixMillis;
use mostrador_engine::notify::Quiet;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Whether notifications are held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum QuietView {
    /// They are shown.
    Off,
    /// Held back for a time.
    Until {
        /// When they are shown again.
        #[ts(type = "number")]
        at: UnixMillis,
    },
    /// Held back until a person turns it off.
    On,
}

impl From<Quiet> for QuietView {
    fn from(quiet: Quiet) -> Self {
        match quiet {
            Quiet::Off => Self::Off,
            Quiet::Until(at) => Self::Until { at },
            Quiet::On => Self::On,
        }
    }
}

/// How long notifications are to be held back from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum QuietChoice {
    /// Not at all.
    Off,
    /// For an hour.
    Hour,
    /// Until nine o'clock tomorrow morning, by the computer's time zone.
    Tomorrow,
    /// Until it is turned off.
    On,
}

/// Arguments of `quiet_set`.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
pub struct QuietSet {
    /// How long.
    pub choice: QuietChoice,
}
