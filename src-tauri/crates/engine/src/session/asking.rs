//! What a person asks of the gateway itself, and waits for: a profile, a number, the limits of a plan.
//!
//! Nothing of it is stored before it is asked: it only asks, or names a state that shall be, so whoever gets no answer may ask
//! again. What is not repeatable (a story) is stored by who asks. Rules that hold for all of it:
//!
//! - a device that is not linked, or whose gateway is in trouble, is not asked: the answer says at once what is wrong
//! - no more than [`ASKS`] in a minute, and far fewer look-ups of numbers ([`CHECKS`]): a person who is that fast is a program,
//!   and WhatsApp restricts numbers for less. Who would have to wait longer than [`PATIENCE`] is told so
//! - where the gateway counts calls of any kind, each also has its turn among the messages of all that are counted with the device
//! - a lost token, a lost link, a restriction and an unreachable gateway are met here as anywhere: the actor hears of them
//! - the end of the session ends what is being asked

use std::future::Future;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use mostrador_domain::{
    AuthLost, Capabilities, DegradedReason, DeviceState, Failure, NotSentCause, Pace, RateLimit,
    UnconfiguredReason,
};
use mostrador_gateways::DeviceLink;
use mostrador_store::Change;

use super::Desk;
use crate::EngineError;
use crate::clock::Clock;
use crate::supervisor::GRACE;

/// Calls of any kind.
const ASKS: RateLimit = RateLimit {
    count: 60,
    window: Duration::from_secs(60),
};
/// Calls that look numbers up, each of some dozens of numbers.
const CHECKS: RateLimit = RateLimit {
    count: 4,
    window: Duration::from_secs(60),
};
/// How long somebody waits for his turn.
const PATIENCE: Duration = Duration::from_secs(3);

/// See the module.
pub(crate) struct Asking {
    desk: Desk,
    asks: Mutex<Pace>,
    checks: Mutex<Pace>,
}

impl Asking {
    pub(super) fn new(desk: Desk) -> Self {
        let pace = |limit| Mutex::new(Pace::new(vec![limit], Duration::ZERO));
        Self {
            desk,
            asks: pace(ASKS),
            checks: pace(CHECKS),
        }
    }

    pub(crate) fn link(&self) -> &dyn DeviceLink {
        &*self.desk.link
    }

    pub(crate) fn capabilities(&self) -> &Capabilities {
        self.desk.link.capabilities()
    }

    /// Asks something of the linked number.
    ///
    /// # Errors
    /// The gateway's; what is wrong with the device.
    pub(crate) async fn ask<T>(
        &self,
        call: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, EngineError> {
        self.is_linked()?;
        self.ask_gateway(call).await
    }

    /// Asks something of the gateway, for which no number need be linked.
    ///
    /// # Errors
    /// The gateway's; what is wrong with the device.
    pub(crate) async fn ask_gateway<T>(
        &self,
        call: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, EngineError> {
        self.has_token()?;
        self.turn(&self.asks).await?;
        if self.capabilities().rate_of_calls {
            self.turn(&self.desk.pace).await?;
        }
        self.make(call).await
    }

    /// Looks numbers up.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub(crate) async fn check<T>(
        &self,
        call: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, EngineError> {
        self.is_linked()?;
        self.turn(&self.checks).await?;
        self.ask(call).await
    }

    /// May a message leave now, by the state and the pace? Takes its turn.
    ///
    /// # Errors
    /// What is wrong with the device.
    pub(crate) async fn may_send(&self) -> Result<(), EngineError> {
        self.is_linked()?;
        if let DeviceState::Restricted { until } = *self.desk.state.borrow() {
            return Err(Failure::Restricted { until }.into());
        }
        self.turn(&self.desk.pace).await
    }

    /// Makes a call that goes as a message goes, once [`Self::may_send`] has said so.
    ///
    /// # Errors
    /// The gateway's.
    pub(crate) async fn make<T>(
        &self,
        call: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, EngineError> {
        let mut state = self.desk.state.clone();
        let answer = tokio::select! {
            answer = call => answer,
            // No state is waited for: this ends when the actor does.
            _ = state.wait_for(|_| false) => return Err(EngineError::SessionEnded),
        };
        if let Err(failure) = &answer {
            self.desk.met_unless_uncertain(failure).await;
        }
        Ok(answer?)
    }

    /// Notes whether a person wants the number to be shown as being here, and has it told.
    pub(crate) fn is_shown(&self, available: bool) {
        if self.desk.shown.swap(available, Ordering::Relaxed) != available {
            self.desk.shared.store.announce(Change::Devices);
        }
    }

    /// Is it shown as being here, as far as a person wants it?
    pub(crate) fn shows(&self) -> bool {
        self.desk.shown.load(Ordering::Relaxed)
    }

    /// Does the plan count calls of any kind? Then none is spent on what only looks well.
    pub(crate) fn are_calls_counted(&self) -> bool {
        self.desk.thrift.counts()
    }

    /// The session ends: a number that is shown as being here is so no longer, or the owner's phone stays silent.
    pub(super) async fn leave(&self) {
        let was_shown = self.desk.shown.swap(false, Ordering::Relaxed) && self.is_linked().is_ok();
        if let Some(presence) = self.desk.link.presence().filter(|_| was_shown)
            && !matches!(
                tokio::time::timeout(GRACE, presence.set_own(false)).await,
                Ok(Ok(()))
            )
        {
            tracing::info!(device = %self.desk.device, "the gateway could not be told that nobody is here any more");
        }
    }

    async fn turn(&self, pace: &Mutex<Pace>) -> Result<(), EngineError> {
        take_turns(pace, 1, &*self.desk.shared.clock).await
    }

    fn has_token(&self) -> Result<(), EngineError> {
        match &*self.desk.state.borrow() {
            DeviceState::Unconfigured {
                why: UnconfiguredReason::TokenMissing,
            } => Err(EngineError::TokenMissing),
            DeviceState::Unconfigured {
                why: UnconfiguredReason::TokenRejected,
            } => Err(Failure::AuthLost {
                lost: AuthLost::Token,
            }
            .into()),
            _ => Ok(()),
        }
    }

    /// Is a number linked, and the gateway well?
    pub(crate) fn is_linked(&self) -> Result<(), EngineError> {
        self.has_token()?;
        let state = self.desk.state.borrow();
        if state.is_linked() {
            return Ok(());
        }
        let cause = match &*state {
            DeviceState::Connecting => NotSentCause::NotReady,
            DeviceState::Degraded { why, .. } => match why {
                DegradedReason::Unreachable => NotSentCause::Unreachable,
                DegradedReason::RateLimited => NotSentCause::RateLimited,
                DegradedReason::DeviceUnknown => {
                    return Err(Failure::AuthLost {
                        lost: AuthLost::Device,
                    }
                    .into());
                }
                DegradedReason::GatewayError | DegradedReason::Deaf | DegradedReason::Unreadable => {
                    NotSentCause::NotReady
                }
            },
            _ => return Err(Failure::AuthLost { lost: AuthLost::Link }.into()),
        };
        Err(Failure::NotSent {
            cause,
            retry_after: None,
        }
        .into())
    }
}

/// Takes `count` turns for a call that a person waits for and that may become as many; it starts with the last of them.
///
/// # Errors
/// That would be too far away; then none was taken.
pub(crate) async fn take_turns(
    pace: &Mutex<Pace>,
    count: usize,
    clock: &dyn Clock,
) -> Result<(), EngineError> {
    let now = clock.elapsed();
    let wait = {
        let mut pace = pace.lock().unwrap_or_else(PoisonError::into_inner);
        let mut after = pace.clone();
        let mut start = now;
        for _ in 0..count {
            start = after.next_start(now);
            after.started(start);
        }
        let wait = start.saturating_sub(now);
        if wait > PATIENCE {
            return Err(Failure::NotSent {
                cause: NotSentCause::RateLimited,
                retry_after: Some(wait),
            }
            .into());
        }
        *pace = after;
        wait
    };
    if !wait.is_zero() {
        clock.sleep(wait).await;
    }
    Ok(())
}
