use mostrador_domain::FailureCode;
use proptest::prelude::*;

use super::*;
use CampaignEvent as E;
use RecipientEvent as R;
use RecipientState as S;

const EVENTS: [E; 12] = [
    E::Rehearsed,
    E::Edited,
    E::Scheduled,
    E::Unscheduled,
    E::Started,
    E::StartUndone,
    E::TimePassed,
    E::PauseAsked,
    E::Braked(Pause::LoggedOut),
    E::Resumed,
    E::AllSettled,
    E::Cancelled,
];

const REFUSED: FailReason = FailReason::Refused(FailureCode::RefusedRecipient);

const STATES: [S; 10] = [
    S::Pending,
    S::Queued,
    S::Uncertain,
    S::Sent,
    S::Delivered,
    S::Read,
    S::Replied,
    S::Failed(REFUSED),
    S::Skipped(SkipReason::Duplicate),
    S::OptedOut,
];

const HAPPENINGS: [R; 14] = [
    R::Queued,
    R::TakenBack,
    R::Accepted,
    R::NoAnswer,
    R::ProvenAbsent,
    R::SaidSent,
    R::SaidNotSent,
    R::TryAgain,
    R::Refused(REFUSED),
    R::Delivered,
    R::Read,
    R::Replied,
    R::Skipped(SkipReason::Blocked),
    R::OptedOut,
];

fn leading_to(to: impl Fn(CampaignState) -> bool) -> Vec<(CampaignState, E)> {
    let pairs = CampaignState::ALL
        .into_iter()
        .flat_map(|from| EVENTS.map(|event| (from, event)));
    pairs
        .filter(|(from, event)| from.next(*event).is_some_and(&to))
        .collect()
}

#[test]
fn only_what_was_rehearsed_as_it_stands_runs() {
    let starts = leading_to(|to| to == CampaignState::Running);
    let expected = [
        (CampaignState::Rehearsed, E::Started),
        (CampaignState::Scheduled, E::Started),
        (CampaignState::Paused(Pause::Operator), E::Resumed),
        (CampaignState::Missed, E::Started),
    ];
    assert_eq!(
        starts, expected,
        "a draft cannot be started, nor what runs a second time"
    );
    assert_eq!(
        CampaignState::Rehearsed.next(E::Edited),
        Some(CampaignState::Draft),
        "an edit undoes the rehearsal"
    );
    assert_eq!(
        CampaignState::Running.next(E::Edited),
        None,
        "a frozen audience never moves"
    );
}

#[test]
fn a_pause_ends_by_a_person_alone() {
    for cause in [
        Pause::Operator,
        Pause::Forbidden,
        Pause::Restricted {
            until: Some(UnixMillis(1)),
        },
    ] {
        let paused = CampaignState::Paused(cause);
        assert!(!paused.sends(), "{cause:?}: nothing leaves");
        let out: Vec<_> = EVENTS
            .into_iter()
            .filter(|e| {
                paused
                    .next(*e)
                    .is_some_and(|to| !matches!(to, CampaignState::Paused(_)))
            })
            .collect();
        assert_eq!(
            out,
            [E::Resumed, E::Cancelled],
            "{cause:?}: a person resumes or ends it"
        );
    }
}

#[test]
fn the_brake_is_stronger_than_a_persons_pause_and_keeps_its_first_cause() {
    let braked = CampaignState::Paused(Pause::Operator).next(E::Braked(Pause::LoggedOut));
    assert_eq!(
        braked,
        Some(CampaignState::Paused(Pause::LoggedOut)),
        "the person learns of it before resuming"
    );
    let again = CampaignState::Paused(Pause::Forbidden).next(E::Braked(Pause::TooManyFailures));
    assert_eq!(again, None, "the first cause is the one to look at");
    let other = CampaignState::Paused(Pause::LoggedOut).next(E::Braked(Pause::AnotherNumber));
    assert_eq!(
        other,
        Some(CampaignState::Paused(Pause::AnotherNumber)),
        "whoever lets it go on has to know from where it will"
    );
    for state in [
        CampaignState::Draft,
        CampaignState::Scheduled,
        CampaignState::Finished,
    ] {
        assert_eq!(
            state.next(E::Braked(Pause::LoggedOut)),
            None,
            "{state:?} does not run"
        );
    }
}

#[test]
fn what_is_over_stays_over() {
    for state in CampaignState::ALL.into_iter().filter(|state| state.is_final()) {
        for event in EVENTS {
            assert_eq!(state.next(event), None, "{event:?} must not move {state:?}");
        }
    }
    let finishes = leading_to(|to| to == CampaignState::Finished);
    assert_eq!(
        finishes,
        [(CampaignState::Running, E::AllSettled)],
        "only a run finishes"
    );
}

#[test]
fn an_uncertain_one_is_sent_again_by_proof_or_by_a_person() {
    let again: Vec<_> = HAPPENINGS
        .into_iter()
        .filter(|e| matches!(S::Uncertain.next(*e), Some(S::Pending | S::Queued)))
        .collect();
    assert_eq!(
        again,
        [R::ProvenAbsent, R::TryAgain],
        "nothing else sends a second time"
    );
}

#[test]
fn a_failed_one_that_was_tried_again_without_an_answer_is_failed_no_more() {
    assert_eq!(
        S::Failed(REFUSED).next(R::NoAnswer),
        Some(S::Uncertain),
        "it may have gone: whoever writes to those who failed must not take it for one of them"
    );
}

#[test]
fn what_was_sent_is_never_sent_again() {
    for state in STATES.into_iter().filter(|state| state.was_sent()) {
        for event in HAPPENINGS {
            let to = state.next(event);
            assert!(
                !matches!(to, Some(S::Pending | S::Queued | S::Uncertain)),
                "{event:?} moves {state:?} to {to:?}"
            );
        }
    }
}

#[test]
fn who_is_not_written_to_stays_so() {
    for state in [S::Skipped(SkipReason::Duplicate), S::OptedOut] {
        for event in HAPPENINGS {
            assert_eq!(state.next(event), None, "{event:?} must not move {state:?}");
        }
    }
    let opts_out: Vec<_> = STATES
        .into_iter()
        .filter(|state| state.next(R::OptedOut).is_some())
        .collect();
    assert_eq!(opts_out, [S::Pending], "before their turn");
}

#[test]
fn receipts_only_raise() {
    let rank = |state: S| STATES.iter().position(|other| *other == state);
    for state in [S::Sent, S::Delivered, S::Read, S::Replied] {
        for event in [R::Delivered, R::Read, R::Replied] {
            let higher = state.next(event).is_none_or(|to| rank(to) > rank(state));
            assert!(higher, "{event:?} lowers {state:?}");
        }
    }
    assert_eq!(
        S::Pending.next(R::Delivered),
        None,
        "what was never queued has no receipt"
    );
    assert_eq!(
        S::Failed(REFUSED).next(R::Delivered),
        Some(S::Delivered),
        "a receipt is proof"
    );
}

#[test]
fn words_are_different_and_reasons_read_back() {
    let words: std::collections::BTreeSet<_> = STATES.iter().map(|state| state.as_str()).collect();
    assert_eq!(words.len(), STATES.len(), "a word for each state of a recipient");
    let words: std::collections::BTreeSet<_> =
        CampaignState::ALL.iter().map(|state| state.as_str()).collect();
    assert_eq!(
        words.len(),
        CampaignState::ALL.len(),
        "a word for each state of a campaign"
    );
    for reason in SkipReason::ALL {
        assert_eq!(
            SkipReason::from_word(reason.as_str()),
            Some(reason),
            "{reason:?} reads back"
        );
    }
}

#[test]
fn a_move_out_of_an_empty_state_changes_nothing() {
    let mut counts = Counts::of([S::Pending]);
    let before = counts;
    assert!(!counts.moved(S::Queued, S::Sent), "nobody is queued");
    assert_eq!(counts, before, "and nobody is sent");
}

proptest! {
    #[test]
    fn counters_always_add_up(
        audience in 1_usize..40,
        events in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(HAPPENINGS.to_vec())), 0..300),
    ) {
        let mut rows = vec![S::Pending; audience];
        let mut counts = Counts::of(rows.iter().copied());
        for (row, event) in events {
            let row = row.index(audience);
            if let Some(to) = rows[row].next(event) {
                prop_assert!(counts.moved(rows[row], to), "the row is counted where it is");
                rows[row] = to;
            }
            prop_assert_eq!(counts, Counts::of(rows.iter().copied()), "the counters are the rows");
            prop_assert_eq!(counts.total() as usize, audience, "everybody is counted once");
            prop_assert_eq!(counts.all_settled(), rows.iter().all(|row| row.is_final()), "settled is what the rows say");
            let funnel = counts.funnel();
            let sent = rows.iter().filter(|row| row.was_sent()).count();
            prop_assert_eq!(funnel.sent as usize, sent, "the funnel begins with all that was sent");
            prop_assert!(funnel.sent >= funnel.delivered && funnel.delivered >= funnel.read && funnel.read >= funnel.replied);
        }
    }
}
