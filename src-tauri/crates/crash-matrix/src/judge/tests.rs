//! The judge can find what it looks for: three senders that are known to be wrong are run through it, and one that is right.

use super::*;
use crate::dice::Dice;

/// How a sender keeps its books around a call.
#[derive(Clone, Copy, PartialEq)]
enum Habit {
    /// Calls, then notes that it has: after a crash in between it calls again.
    SendThenMark,
    /// Notes that it has, then calls: after a crash in between it never does.
    MarkThenSend,
    /// Notes that it will, then calls: after a crash in between it says that it failed. So it never sends twice and loses nothing.
    FailWithoutAnswer,
    /// Notes that it will, calls, notes that it has; after a crash it looks into the ledger, as the program looks into the history.
    IntentThenLook,
}

#[derive(Clone, Copy, PartialEq)]
enum Note {
    Queued,
    Intended,
    Marked,
    Failed,
}

fn body(number: usize) -> String {
    format!("pedido {number}")
}

/// One attempt at one message, up to its end or to the sender's death: `None`.
fn attempt(
    habit: Habit,
    number: usize,
    note: &mut Note,
    ledger: &mut Vec<Delivery>,
    dice: &Dice,
) -> Option<()> {
    let survives = || (!dice.percent(20)).then_some(());
    let delivery = Delivery {
        recipient: "51900000011".to_owned(),
        body: body(number),
    };
    match habit {
        Habit::SendThenMark => {
            ledger.push(delivery);
            survives()?;
        }
        Habit::MarkThenSend => {
            *note = Note::Marked;
            survives()?;
            ledger.push(delivery);
        }
        Habit::FailWithoutAnswer => {
            if *note == Note::Intended {
                *note = Note::Failed;
                return Some(());
            }
            *note = Note::Intended;
            survives()?;
            ledger.push(delivery);
        }
        Habit::IntentThenLook => {
            let went_before = *note == Note::Intended && ledger.contains(&delivery);
            *note = Note::Intended;
            if !went_before {
                survives()?;
                ledger.push(delivery);
                survives()?;
            }
        }
    }
    *note = Note::Marked;
    Some(())
}

fn failed(body: &str, why: &str) -> Shown {
    Shown {
        chat: 1,
        body: body.to_owned(),
        standing: Some(Standing::Failed),
        failure: Some(why.to_owned()),
    }
}

/// Sends `count` messages and dies now and then between two steps. What is noted survives, everything else does not.
fn run(habit: Habit, seed: u64, count: usize) -> Case {
    let dice = Dice::new(seed, "sender");
    let mut notes = vec![Note::Queued; count];
    let mut ledger = Vec::new();
    let ended = |note: &Note| matches!(note, Note::Marked | Note::Failed);
    while !notes.iter().all(ended) {
        let mut unsent = notes.iter_mut().enumerate().filter(|(_, note)| !ended(note));
        let _until_it_dies =
            unsent.try_for_each(|(number, note)| attempt(habit, number, note, &mut ledger, &dice));
    }
    let asked = (0..count).map(|number| Asked {
        body: body(number),
        chat: 1,
        taken: true,
    });
    let shown = notes.iter().enumerate().map(|(number, note)| match note {
        Note::Failed => failed(&body(number), "no_answer"),
        _ => Shown {
            chat: 1,
            body: body(number),
            standing: Some(Standing::Gone),
            failure: None,
        },
    });
    Case {
        asked: asked.collect(),
        ledger,
        shown: shown.collect(),
        ..Case::default()
    }
}

#[test]
fn a_sender_that_sends_again_blindly_is_found_to_send_twice() {
    let verdict = judge(&run(Habit::SendThenMark, 1, 200));
    assert!(
        verdict.twice.len() > 20,
        "a fifth of 200 was sent again, found: {}",
        verdict.twice.len()
    );
    assert!(verdict.lost.is_empty(), "and nothing was lost");
}

#[test]
fn a_log_that_tells_a_token_a_number_or_a_text_is_found() {
    let judged = |line: &str| {
        judge(&Case {
            written: vec![Written {
                body: "hola kills-3-12".to_owned(),
            }],
            shown: vec![Shown {
                chat: 1,
                body: "hola kills-3-12".to_owned(),
                standing: None,
                failure: None,
            }],
            log: vec!["device 1 is online".to_owned(), line.to_owned()],
            secrets: vec!["sandbox-token".to_owned(), "51900000011".to_owned()],
            ..Case::default()
        })
    };
    for told in [
        "with Bearer sandbox-token",
        "a message of 51900000011@s.whatsapp.net",
        "not stored: «hola kills-3-7»",
    ] {
        let verdict = judged(told);
        assert_eq!(verdict.logged, [told], "only that line");
        assert!(!verdict.is_clean(), "{told}");
    }
    assert!(judged("a message is stored").is_clean());
}

#[test]
fn a_sender_that_marks_before_it_sends_is_found_to_lose() {
    let verdict = judge(&run(Habit::MarkThenSend, 1, 200));
    assert!(
        verdict.lost.len() > 20,
        "a fifth of 200 never went, found: {}",
        verdict.lost.len()
    );
    assert!(verdict.twice.is_empty(), "and nothing was sent twice");
}

#[test]
fn a_sender_that_fails_whatever_has_no_answer_is_found() {
    let verdict = judge(&run(Habit::FailWithoutAnswer, 1, 200));
    assert!(
        verdict.unexplained.len() > 20 && !verdict.is_clean(),
        "a fifth of 200 was given up for no reason, found: {}",
        verdict.unexplained.len()
    );
    assert!(
        verdict.lost.is_empty() && verdict.twice.is_empty() && verdict.untrue.is_empty(),
        "and nothing else can be said against it"
    );
}

#[test]
fn as_many_may_fail_as_the_weather_explains() {
    let judged = |weather: Weather, failures: &[&str]| {
        let bodies: Vec<String> = (0..failures.len()).map(body).collect();
        judge(&Case {
            asked: bodies
                .iter()
                .map(|body| Asked {
                    body: body.clone(),
                    chat: 1,
                    taken: true,
                })
                .collect(),
            shown: bodies
                .iter()
                .zip(failures)
                .map(|(body, why)| failed(body, why))
                .collect(),
            weather,
            ..Case::default()
        })
    };
    let storm = Weather {
        refusals: 3,
        tries: 15,
    };
    let all = [
        "refused_content",
        "too_large",
        "media_unsupported",
        "attempts_used_up",
    ];
    let verdict = judged(storm, &all);
    assert!(verdict.is_clean() && verdict.failed == 4, "{verdict:?}");
    for (one_too_many, why) in [
        (["refused_content"; 4].as_slice(), "it refused three"),
        (["attempts_used_up"; 2].as_slice(), "eight tries each"),
        (&["media_missing"], "its file was here"),
        (&["forbidden"], "nobody forbade it"),
        (&["no_answer"], "that is uncertain"),
    ] {
        let verdict = judged(storm, one_too_many);
        assert_eq!(verdict.unexplained.len(), 1, "{why}: {verdict:?}");
    }
    assert!(
        !judged(Weather::default(), &["refused_content"]).is_clean(),
        "nobody refused it"
    );
}

#[test]
fn a_run_without_traffic_proves_nothing() {
    assert!(!Verdict::default().has_traffic(), "nobody wrote");
}

#[test]
fn a_sender_that_looks_first_passes() {
    for seed in 0..20 {
        let verdict = judge(&run(Habit::IntentThenLook, seed, 200));
        assert!(verdict.is_clean(), "seed {seed}: {verdict:?}");
        assert_eq!(verdict.sent, 200, "all of them went");
    }
}

/// One message: whether the program took it, how often it was delivered, and how it is shown.
fn one(taken: bool, delivered: usize, shown: &[Standing]) -> Verdict {
    let body = "uno".to_owned();
    judge(&Case {
        asked: vec![Asked {
            body: body.clone(),
            chat: 1,
            taken,
        }],
        ledger: vec![
            Delivery {
                recipient: "51900000011".to_owned(),
                body: body.clone()
            };
            delivered
        ],
        shown: shown
            .iter()
            .map(|&standing| Shown {
                chat: 1,
                body: body.clone(),
                standing: Some(standing),
                failure: (standing == Standing::Failed).then(|| "refused_content".to_owned()),
            })
            .collect(),
        weather: Weather {
            refusals: 1,
            tries: 1,
        },
        ..Case::default()
    })
}

#[test]
fn each_way_to_go_wrong_has_its_finding() {
    use Standing as S;
    let lost = [
        one(true, 0, &[]),
        one(true, 0, &[S::Gone]),
        one(true, 1, &[]),
        one(false, 1, &[]),
        one(false, 0, &[S::Gone]),
    ];
    for verdict in lost {
        assert_eq!((verdict.lost.len(), verdict.twice.len()), (1, 0), "{verdict:?}");
    }
    for verdict in [
        one(true, 2, &[S::Gone]),
        one(true, 1, &[S::Gone, S::Gone]),
        one(true, 2, &[S::Uncertain]),
        one(false, 2, &[]),
    ] {
        assert_eq!((verdict.lost.len(), verdict.twice.len()), (0, 1), "{verdict:?}");
    }
    assert_eq!(
        one(true, 1, &[S::Failed]).untrue.len(),
        1,
        "retry would send it again"
    );
    for standing in [S::Waiting, S::Looking] {
        assert_eq!(
            one(true, 0, &[standing]).unsettled.len(),
            1,
            "{standing:?} is no end"
        );
    }
}

#[test]
fn what_a_person_can_see_and_decide_is_not_lost() {
    for fine in [
        one(true, 0, &[Standing::Failed]),
        one(true, 1, &[Standing::Gone]),
        one(false, 0, &[]),
    ] {
        assert!(fine.is_clean(), "{fine:?}");
    }
    for delivered in [0, 1] {
        let verdict = one(true, delivered, &[Standing::Uncertain]);
        assert!(verdict.is_clean(), "{verdict:?}");
        assert_eq!(verdict.uncertain, 1, "it is counted");
    }
}

#[test]
fn an_uncertain_message_that_is_not_shown_is_found() {
    let case = Case {
        uncertain_in_store: 1,
        ..Case::default()
    };
    assert!(!judge(&case).is_clean(), "the file holds one and nobody sees it");
}

#[test]
fn customers_messages_are_shown_exactly_once() {
    let theirs = |times: usize| {
        judge(&Case {
            written: vec![Written {
                body: "hola".to_owned(),
            }],
            shown: vec![
                Shown {
                    chat: 1,
                    body: "hola".to_owned(),
                    standing: None,
                    failure: None
                };
                times
            ],
            ..Case::default()
        })
    };
    assert_eq!(
        (theirs(0).lost.len(), theirs(1).received, theirs(2).twice.len()),
        (1, 1, 1),
        "none, one, two"
    );
}

#[test]
fn what_reaches_somebody_else_is_found() {
    let asked = |number: usize| Asked {
        body: format!("pedido {number}"),
        chat: 1,
        taken: true,
    };
    let delivered = |number: usize, recipient: &str| Delivery {
        recipient: recipient.to_owned(),
        body: format!("pedido {number}"),
    };
    let shown = |number: usize| Shown {
        chat: 1,
        body: format!("pedido {number}"),
        standing: Some(Standing::Gone),
        failure: None,
    };
    let verdict = judge(&Case {
        asked: vec![asked(1), asked(2)],
        ledger: vec![delivered(1, "51900000011"), delivered(2, "51900000012")],
        shown: vec![shown(1), shown(2)],
        ..Case::default()
    });
    assert_eq!(verdict.untrue.len(), 1, "one chat, two people: {verdict:?}");
}
