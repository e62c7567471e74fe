//! Which trouble of a device pauses its campaigns, and with which cause. What passes by itself (no network, a gateway that is
//! slow or asks to wait) pauses nothing.

use mostrador_campaigns::state::Pause;
use mostrador_domain::{AuthLost, DeviceState, Failure, FailureCode, UnconfiguredReason};

/// What a failed call says.
pub(crate) fn of_failure(failure: &Failure) -> Option<Pause> {
    match failure {
        Failure::Restricted { until } => Some(Pause::Restricted { until: *until }),
        Failure::AuthLost {
            lost: AuthLost::Token | AuthLost::Session,
        } => Some(Pause::TokenRejected),
        Failure::AuthLost { lost: AuthLost::Link } => Some(Pause::LoggedOut),
        Failure::Rejected { code } => of_refusal(*code),
        Failure::NotSent { .. }
        | Failure::Unknown { .. }
        | Failure::AuthLost {
            lost: AuthLost::Device,
        } => None,
    }
}

/// A refusal that is not about the message.
fn of_refusal(code: FailureCode) -> Option<Pause> {
    match code {
        FailureCode::PlanLimit => Some(Pause::PlanLimit),
        FailureCode::Restricted => Some(Pause::Restricted { until: None }),
        FailureCode::NotLinked => Some(Pause::LoggedOut),
        FailureCode::TokenRejected => Some(Pause::TokenRejected),
        _ => None,
    }
}

/// What a device's state says.
pub(crate) fn of_state(state: &DeviceState) -> Option<Pause> {
    match state {
        DeviceState::LoggedOut => Some(Pause::LoggedOut),
        DeviceState::Restricted { until } => Some(Pause::Restricted { until: *until }),
        DeviceState::Unconfigured {
            why: UnconfiguredReason::TokenRejected,
        } => Some(Pause::TokenRejected),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use mostrador_domain::{NotSentCause, UnixMillis, UnknownCause};

    use super::*;

    #[test]
    fn a_restriction_a_lost_link_a_lost_token_and_a_used_up_plan_pause() {
        let until = Some(UnixMillis(5));
        for (failure, cause) in [
            (Failure::Restricted { until }, Pause::Restricted { until }),
            (Failure::AuthLost { lost: AuthLost::Link }, Pause::LoggedOut),
            (
                Failure::AuthLost {
                    lost: AuthLost::Token,
                },
                Pause::TokenRejected,
            ),
            (
                Failure::Rejected {
                    code: FailureCode::PlanLimit,
                },
                Pause::PlanLimit,
            ),
        ] {
            assert_eq!(of_failure(&failure), Some(cause), "{failure}");
        }
    }

    #[test]
    fn what_passes_by_itself_or_concerns_one_message_pauses_nothing() {
        let refused = FailureCode::RefusedRecipient;
        for failure in [
            Failure::unreachable(),
            Failure::NotSent {
                cause: NotSentCause::RateLimited,
                retry_after: None,
            },
            Failure::Unknown {
                cause: UnknownCause::TimedOut,
            },
            Failure::Rejected { code: refused },
        ] {
            assert_eq!(of_failure(&failure), None, "{failure}");
        }
        for state in [DeviceState::Online, DeviceState::Connecting, DeviceState::Stopped] {
            assert_eq!(of_state(&state), None, "{state:?}");
        }
    }
}
