//! One test per row of the table in the module's head.

use super::*;

fn code() -> PairingCode {
    PairingCode {
        content: PairingContent::Text("2@x".into()),
        expires_at: UnixMillis(20_000),
    }
}

fn typed() -> TypedCode {
    TypedCode {
        code: "A2CD9FGH".into(),
        expires_at: UnixMillis(120_000),
    }
}

fn steps() -> [PairingStep; 6] {
    [
        PairingStep::Waiting,
        PairingStep::Code(code()),
        PairingStep::Expired,
        PairingStep::TypedCode(typed()),
        PairingStep::TypedCodeEnded,
        PairingStep::Passkey,
    ]
}

fn every_state() -> Vec<DeviceState> {
    vec![
        DeviceState::Unconfigured {
            why: UnconfiguredReason::TokenMissing,
        },
        DeviceState::Connecting,
        DeviceState::Pairing(PairingStep::Waiting),
        DeviceState::Pairing(PairingStep::Code(code())),
        DeviceState::Pairing(PairingStep::Expired),
        DeviceState::Pairing(PairingStep::TypedCode(typed())),
        DeviceState::Pairing(PairingStep::TypedCodeEnded),
        DeviceState::Pairing(PairingStep::Passkey),
        DeviceState::Syncing {
            done: 1,
            total: Some(3),
        },
        DeviceState::Online,
        DeviceState::Degraded {
            since: UnixMillis(5),
            why: DegradedReason::Unreachable,
        },
        DeviceState::LoggedOut,
        DeviceState::Restricted { until: None },
        DeviceState::Stopped,
    ]
}

/// The states in which `event` leads to `to`, by the first word of their debug form.
fn from_states(event: &DeviceEvent) -> Vec<String> {
    let mut names: Vec<String> = every_state()
        .into_iter()
        .filter(|state| state.next(event).is_some())
        .map(|state| {
            format!("{state:?}")
                .split(|c: char| !c.is_alphanumeric())
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .collect();
    names.dedup();
    names
}

#[test]
fn a_device_starts_only_from_rest() {
    assert_eq!(
        from_states(&DeviceEvent::Start),
        ["Unconfigured", "LoggedOut", "Stopped"],
        "Start wakes what rests"
    );
}

#[test]
fn a_refused_token_always_asks_for_one() {
    for state in every_state() {
        let next = state.next(&DeviceEvent::TokenRejected);
        assert_eq!(
            next,
            Some(DeviceState::Unconfigured {
                why: UnconfiguredReason::TokenRejected
            }),
            "{state:?}: nothing works without a token"
        );
    }
}

#[test]
fn linked_leads_to_the_first_sync_and_then_online() {
    let first = DeviceEvent::Linked {
        synced: false,
        own: None,
    };
    let again = DeviceEvent::Linked {
        synced: true,
        own: None,
    };
    let pairing = DeviceState::Pairing(PairingStep::Code(code()));
    assert_eq!(
        pairing.next(&first),
        Some(DeviceState::Syncing { done: 0, total: None }),
        "a new link syncs first"
    );
    assert_eq!(
        pairing.next(&again),
        Some(DeviceState::Online),
        "a link that was synced is online at once"
    );
    assert_eq!(
        DeviceState::Syncing { done: 1, total: None }.next(&first),
        None,
        "a sync under way goes on"
    );
    assert_eq!(
        DeviceState::Stopped.next(&again),
        None,
        "a stopped device does not wake by itself"
    );
}

#[test]
fn unlinking_asks_a_new_number_to_pair_and_an_old_one_to_be_linked_again() {
    let never = DeviceEvent::NotLinked { was_linked: false };
    let was = DeviceEvent::NotLinked { was_linked: true };
    assert_eq!(
        DeviceState::Connecting.next(&never),
        Some(DeviceState::Pairing(PairingStep::Waiting)),
        "first time"
    );
    assert_eq!(
        DeviceState::Connecting.next(&was),
        Some(DeviceState::LoggedOut),
        "it was unlinked while we were away"
    );
    assert_eq!(
        DeviceState::Online.next(&was),
        Some(DeviceState::LoggedOut),
        "it was unlinked on the phone"
    );
    assert_eq!(
        DeviceState::Pairing(PairingStep::Waiting).next(&never),
        None,
        "pairing goes on"
    );
}

#[test]
fn a_code_is_shown_expires_and_is_asked_for_again() {
    let waiting = DeviceState::Pairing(PairingStep::Waiting);
    let shown = waiting
        .next(&DeviceEvent::CodeShown(code()))
        .expect("a code can be shown while pairing");
    let expired = shown
        .next(&DeviceEvent::CodeExpired)
        .expect("a shown code expires");
    assert_eq!(
        expired,
        DeviceState::Pairing(PairingStep::Expired),
        "the screen says that it expired"
    );
    assert_eq!(
        expired.next(&DeviceEvent::PairingAsked),
        Some(waiting),
        "a person asks for a new one"
    );
    assert_eq!(
        DeviceState::Online.next(&DeviceEvent::CodeShown(code())),
        None,
        "a linked device shows no code"
    );
    assert_eq!(
        expired.next(&DeviceEvent::PairingStopped),
        Some(DeviceState::LoggedOut),
        "linking can be left"
    );
}

#[test]
fn trouble_keeps_the_time_it_began() {
    let trouble = |at, why| DeviceEvent::Trouble {
        at: UnixMillis(at),
        why,
    };
    let first = DeviceState::Online
        .next(&trouble(10, DegradedReason::Unreachable))
        .expect("trouble shows");
    let later = first
        .next(&trouble(20, DegradedReason::GatewayError))
        .expect("another reason shows");
    assert_eq!(
        later,
        DeviceState::Degraded {
            since: UnixMillis(10),
            why: DegradedReason::GatewayError
        },
        "since when is what a shop asks first"
    );
    assert_eq!(
        later.next(&DeviceEvent::Linked {
            synced: true,
            own: None
        }),
        Some(DeviceState::Online),
        "it mends"
    );
    assert_eq!(
        DeviceState::LoggedOut.next(&trouble(10, DegradedReason::Deaf)),
        None,
        "logged out says more"
    );
}

#[test]
fn a_restriction_shows_and_ends() {
    let restricted = DeviceState::Online.next(&DeviceEvent::Restricted {
        until: Some(UnixMillis(9)),
    });
    assert_eq!(
        restricted,
        Some(DeviceState::Restricted {
            until: Some(UnixMillis(9))
        }),
        "with its end"
    );
    let restricted = DeviceState::Restricted { until: None };
    let linked = DeviceEvent::Linked {
        synced: true,
        own: None,
    };
    assert_eq!(
        restricted.next(&linked),
        None,
        "a restricted number stays linked: that ends no restriction"
    );
    assert_eq!(
        restricted.next(&DeviceEvent::RestrictionOver),
        Some(DeviceState::Connecting),
        "when its time is over the gateway is asked anew"
    );
    assert_eq!(
        from_states(&DeviceEvent::RestrictionOver),
        ["Restricted"],
        "others are not restricted"
    );
}

#[test]
fn a_deaf_device_is_degraded_since_it_fell_silent_and_still_sends() {
    let since = |at| DeviceEvent::Deaf {
        since: UnixMillis(at),
    };
    let deaf = DeviceState::Online.next(&since(7)).expect("deafness shows");
    assert_eq!(
        deaf,
        DeviceState::Degraded {
            since: UnixMillis(7),
            why: DegradedReason::Deaf
        },
        "for how long is what a shop asks"
    );
    assert_eq!(deaf.next(&since(9)), None, "it is deaf since the first time");
    assert!(deaf.may_send(), "the gateway takes messages all the same");
    assert_eq!(
        from_states(&since(7)),
        ["Syncing", "Online", "Degraded"],
        "only a linked device can be deaf"
    );
}

#[test]
fn only_a_linked_device_may_send() {
    let names: Vec<_> = every_state().into_iter().filter(DeviceState::may_send).collect();
    assert_eq!(
        names,
        [
            DeviceState::Syncing {
                done: 1,
                total: Some(3)
            },
            DeviceState::Online,
            DeviceState::Restricted { until: None },
        ],
        "others would fail; a restriction may concern new chats alone"
    );
}

#[test]
fn debug_of_a_code_hides_it() {
    let shown = format!("{:?}", DeviceState::Pairing(PairingStep::Code(code())));
    assert!(
        !shown.contains("2@x"),
        "whoever reads the log could take the number: {shown}"
    );
}

#[test]
fn a_typed_code_stays_until_a_person_asks_for_something_else() {
    let shown = DeviceState::Pairing(PairingStep::TypedCode(typed()));
    let ended = DeviceState::Pairing(PairingStep::TypedCodeEnded);
    for state in [&shown, &ended] {
        assert_eq!(
            state.next(&DeviceEvent::CodeShown(code())),
            None,
            "a QR code that comes by itself takes nothing off the screen"
        );
        assert_eq!(
            state.next(&DeviceEvent::PairingAsked),
            Some(DeviceState::Pairing(PairingStep::Waiting)),
            "a person goes back to codes to scan"
        );
    }
    assert_eq!(
        shown.next(&DeviceEvent::CodeExpired),
        Some(ended.clone()),
        "an ended code is said to be ended"
    );
    assert_eq!(
        ended.next(&DeviceEvent::TypedCodeShown(typed())),
        Some(shown),
        "and another one can be had"
    );
}

#[test]
fn a_typed_code_and_the_passkey_come_at_every_step_of_linking_and_nowhere_else() {
    for (event, to) in [
        (
            DeviceEvent::TypedCodeShown(typed()),
            PairingStep::TypedCode(typed()),
        ),
        (DeviceEvent::PasskeyAsked, PairingStep::Passkey),
    ] {
        for step in steps() {
            let expected = (step != to).then(|| DeviceState::Pairing(to.clone()));
            let next = DeviceState::Pairing(step.clone()).next(&event);
            assert_eq!(next, expected, "from {step:?} by {event:?}");
        }
        assert_eq!(from_states(&event), ["Pairing"], "{event:?}: only while linking");
    }
}

#[test]
fn a_passkey_that_nobody_confirms_gives_way_to_a_code() {
    let passkey = DeviceState::Pairing(PairingStep::Passkey);
    assert_eq!(
        passkey.next(&DeviceEvent::CodeShown(code())),
        Some(DeviceState::Pairing(PairingStep::Code(code()))),
        "the gateway has begun anew"
    );
}

#[test]
fn every_step_of_linking_is_left_by_the_link_by_trouble_by_a_person_and_by_the_end() {
    let linked = DeviceEvent::Linked {
        synced: true,
        own: None,
    };
    let trouble = DeviceEvent::Trouble {
        at: UnixMillis(5),
        why: DegradedReason::Unreachable,
    };
    let degraded = DeviceState::Degraded {
        since: UnixMillis(5),
        why: DegradedReason::Unreachable,
    };
    for step in steps() {
        let pairing = DeviceState::Pairing(step.clone());
        assert_eq!(
            pairing.next(&linked),
            Some(DeviceState::Online),
            "{step:?}: linked"
        );
        assert_eq!(
            pairing.next(&trouble),
            Some(degraded.clone()),
            "{step:?}: trouble shows"
        );
        assert_eq!(
            pairing.next(&DeviceEvent::PairingStopped),
            Some(DeviceState::LoggedOut),
            "{step:?}: linking can be left"
        );
        assert_eq!(
            pairing.next(&DeviceEvent::Stop),
            Some(DeviceState::Stopped),
            "{step:?}: the session ends"
        );
        assert_eq!(
            pairing.next(&DeviceEvent::NotLinked { was_linked: false }),
            None,
            "{step:?}: linking goes on"
        );
    }
}

#[test]
fn debug_of_a_typed_code_hides_it() {
    let event = DeviceEvent::TypedCodeShown(typed());
    let shown = format!(
        "{:?} {event:?} {:?}",
        DeviceState::Pairing(PairingStep::TypedCode(typed())),
        typed()
    );
    assert!(
        !shown.contains("A2CD"),
        "whoever reads the log could take the number: {shown}"
    );
}

#[test]
fn a_device_that_cannot_be_read_says_so_and_still_sends() {
    let since = |at| DeviceEvent::Unreadable {
        since: UnixMillis(at),
    };
    let why = DegradedReason::Unreadable;
    let shown = DeviceState::Online.next(&since(7)).expect("it shows");
    assert_eq!(
        shown,
        DeviceState::Degraded {
            since: UnixMillis(7),
            why
        },
        "since it could be read last"
    );
    assert_eq!(shown.next(&since(9)), None, "it is so since the first time");
    assert!(shown.may_send(), "the gateway takes messages all the same");
    let syncing = DeviceState::Syncing { done: 1, total: None };
    assert_eq!(syncing.next(&since(7)), None, "a first sync has its own patience");
    assert_eq!(DeviceState::LoggedOut.next(&since(7)), None, "nobody reads then");
}
