use proptest::prelude::*;

use super::brake::{Brake, Outcome};
use super::*;

/// Old customers of an old number who answer.
fn safe() -> Facts {
    Facts {
        recipients: 200,
        known: 190,
        unanswered: 4,
        repeated: 0,
        number_age: Some(400),
        lately: 500,
        lately_replied: 200,
        lately_opted_out: 1,
        lately_failed: 2,
        text_chars: 240,
        links: Links::default(),
    }
}

fn sign(reading: &Reading, kind: SignKind) -> Sign {
    *reading
        .signs
        .iter()
        .find(|sign| sign.kind == kind)
        .expect("every sign is shown")
}

#[test]
fn old_customers_of_an_old_number_are_no_risk() {
    let reading = read(&safe());
    assert_eq!(
        (reading.risk, reading.level),
        (0.0, Level::Low),
        "{:?}",
        reading.signs
    );
}

#[test]
fn strangers_from_a_new_number_are_a_high_risk() {
    let facts = Facts {
        known: 4,
        number_age: Some(1),
        lately: 0,
        links: Links { count: 1, hidden: 1 },
        ..safe()
    };
    let reading = read(&facts);
    assert_eq!(reading.level, Level::High, "{reading:?}");
    assert_eq!(reading.signs[0].kind, SignKind::Known, "the heaviest comes first");
    assert_eq!(
        sign(&reading, SignKind::HiddenLinks).verdict,
        Verdict::Bad,
        "a link that hides its target"
    );
}

#[test]
fn the_weights_are_a_hundred() {
    let worst = Facts {
        recipients: 100,
        known: 0,
        unanswered: 100,
        repeated: 100,
        number_age: Some(0),
        lately: 100,
        lately_replied: 0,
        lately_opted_out: 100,
        lately_failed: 100,
        text_chars: 4_000,
        links: Links { count: 9, hidden: 0 },
    };
    assert_eq!(read(&worst).risk, 100.0, "all that can be bad is");
    assert_eq!(
        read(&worst)
            .signs
            .iter()
            .map(|sign| u32::from(sign.weight))
            .sum::<u32>(),
        100,
        "the weights"
    );
}

#[test]
fn each_sign_counts_in_proportion() {
    let cases = [
        (
            Facts {
                lately_replied: 80,
                ..safe()
            },
            SignKind::Replies,
            7.5,
        ),
        (Facts { known: 90, ..safe() }, SignKind::Known, 7.5),
        (
            Facts {
                number_age: Some(3),
                ..safe()
            },
            SignKind::NumberAge,
            15.0,
        ),
        (
            Facts {
                lately_failed: 40,
                ..safe()
            },
            SignKind::Failures,
            7.5,
        ),
        (
            Facts {
                lately_replied: 150,
                lately_opted_out: 7,
                ..safe()
            },
            SignKind::OptOuts,
            2.0,
        ),
        (
            Facts {
                unanswered: 55,
                ..safe()
            },
            SignKind::Unanswered,
            5.0,
        ),
        (
            Facts {
                repeated: 40,
                ..safe()
            },
            SignKind::Repeated,
            5.0,
        ),
        (
            Facts {
                text_chars: 1_300,
                ..safe()
            },
            SignKind::TextLength,
            2.0,
        ),
        (
            Facts {
                links: Links { count: 1, hidden: 0 },
                ..safe()
            },
            SignKind::Links,
            2.0,
        ),
    ];
    for (facts, kind, points) in cases {
        let reading = read(&facts);
        assert!(
            (sign(&reading, kind).points - points).abs() < 1e-9,
            "{kind:?}: {:?}",
            sign(&reading, kind)
        );
        assert!(
            (reading.risk - points).abs() < 1e-9,
            "{kind:?} alone: {}",
            reading.risk
        );
    }
}

#[test]
fn what_is_not_known_counts_half() {
    let facts = Facts {
        lately: TOO_FEW - 1,
        number_age: None,
        ..safe()
    };
    let reading = read(&facts);
    for kind in [
        SignKind::Replies,
        SignKind::OptOuts,
        SignKind::Failures,
        SignKind::NumberAge,
    ] {
        let sign = sign(&reading, kind);
        assert_eq!((sign.verdict, sign.found), (Verdict::Unknown, None), "{kind:?}");
        assert!(
            (sign.points * 2.0 - f64::from(sign.weight)).abs() < 1e-9,
            "{kind:?} counts half"
        );
    }
}

#[test]
fn one_heavy_sign_raises_the_level_alone() {
    let young = read(&Facts {
        number_age: Some(2),
        ..safe()
    });
    assert!(young.risk < RAISED, "the sum is small");
    assert_eq!(young.level, Level::Raised, "and it is said all the same");
    let linked = read(&Facts {
        links: Links { count: 5, hidden: 0 },
        ..safe()
    });
    assert_eq!(linked.level, Level::Low, "a light one does not");
}

#[test]
fn links_are_what_a_phone_makes_a_link_of() {
    let cases = [
        ("", 0, 0),
        ("Hola, pedidos hoy. Atte. Tienda S.A.C. a las 10.30, 2.5 kg", 0, 0),
        ("escriba a ventas@tienda.example.com", 0, 0),
        ("Vea https://tienda.example/oferta?x=1.", 1, 0),
        ("www.tienda.com.pe, tienda.com/ofertas (tienda.shop)", 3, 0),
        ("Entre a HTTPS://Bit.ly/Abc y bit.ly/x!", 2, 2),
        ("fin.Luego seguimos...com", 0, 0),
        ("no http:// ni https://x", 0, 0),
    ];
    for (text, count, hidden) in cases {
        assert_eq!(links_in(text), Links { count, hidden }, "{text}");
    }
}

#[test]
fn the_brake_looks_at_the_newest_outcomes() {
    let outcomes = |taken: usize, refused: usize| {
        std::iter::repeat_n(Outcome::Taken, taken).chain(std::iter::repeat_n(Outcome::Refused, refused))
    };
    assert!(!Brake::USUAL.trips(outcomes(0, 4)), "four are not five");
    assert!(Brake::USUAL.trips(outcomes(0, 5)), "the first five of a run");
    assert!(Brake::USUAL.trips(outcomes(15, 5)), "five of twenty");
    assert!(
        !Brake::USUAL.trips(outcomes(16, 50)),
        "what is older does not count"
    );
    assert!(
        !Brake {
            among: 20,
            failures: 0
        }
        .trips(outcomes(0, 20)),
        "a brake of none never trips"
    );
}

proptest! {
    #[test]
    fn worse_facts_never_lower_the_risk(
        known in 0_u32..200, replied in 0_u32..500, failed in 0_u32..500, age in 0_u32..500, repeated in 0_u32..200, opted_out in 0_u32..100, worse in 0_usize..6,
    ) {
        let facts = Facts { known, lately_replied: replied, lately_failed: failed, lately_opted_out: opted_out, number_age: Some(age), repeated, ..safe() };
        let mut bad = facts;
        match worse {
            0 => bad.known = known / 2,
            1 => bad.lately_replied = replied / 2,
            2 => bad.lately_failed = failed * 2,
            3 => bad.lately_opted_out = opted_out * 2,
            4 => bad.number_age = Some(age / 2),
            _ => bad.repeated = repeated * 2,
        }
        let (before, after) = (read(&facts), read(&bad));
        prop_assert!(after.risk >= before.risk, "{} falls to {}", before.risk, after.risk);
        prop_assert!(after.level >= before.level, "{:?} falls to {:?}", before.level, after.level);
        prop_assert!((0.0..=100.0).contains(&after.risk));
        let sum: f64 = after.signs.iter().map(|sign| sign.points).sum();
        prop_assert!((sum - after.risk).abs() < 1e-9, "the signs explain the reading");
    }
}
