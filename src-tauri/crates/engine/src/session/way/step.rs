//! The step to take next: the table of [`super`], as a function of what is wanted and what is known.

use crate::webhook::PublicAddress;

/// Where the gateway shall call us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Nowhere: it is on another computer.
    None,
    /// Nowhere for now, though it could reach our port: another program has that.
    NotHere,
    /// At our own port.
    Here(u16),
    /// At the beginning of the shop's tunnel.
    Public(PublicAddress),
}

/// What is to be done now.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    Rest,
    TakeBack(String),
    Tell,
}

/// The table of [`super`]. `done`: what the gateway was told in this stretch, and took.
pub(super) fn step(wanted: &Wanted, told: Option<&str>, done: Option<&Wanted>) -> Step {
    let public = match wanted {
        Wanted::Public(address) => Some(address.as_str()),
        Wanted::None | Wanted::NotHere | Wanted::Here(_) => None,
    };
    match told {
        Some(told) if public != Some(told) => Step::TakeBack(told.to_owned()),
        _ if *wanted == Wanted::None || done == Some(wanted) => Step::Rest,
        _ => Step::Tell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "https://a.example";
    const B: &str = "https://b.example/caja";

    fn public(address: &str) -> Wanted {
        Wanted::Public(PublicAddress::parse(address).expect("well-formed"))
    }

    fn take_back(address: &str) -> Step {
        Step::TakeBack(address.to_owned())
    }

    #[test]
    fn every_line_of_the_table() {
        let here = Wanted::Here(20_001);
        for (wanted, told, done, expected, why) in [
            (Wanted::None, None, None, Step::Rest, "nothing to do"),
            (
                Wanted::None,
                Some(A),
                None,
                take_back(A),
                "left by an earlier run",
            ),
            (here.clone(), None, None, Step::Tell, "a gateway on this computer"),
            (here.clone(), None, Some(here.clone()), Step::Rest, "it knows"),
            (
                here.clone(),
                None,
                Some(Wanted::Here(20_002)),
                Step::Tell,
                "the port has moved",
            ),
            (here, Some(A), None, take_back(A), "the tunnel first"),
            (
                Wanted::NotHere,
                None,
                None,
                Step::Tell,
                "our port is another program's",
            ),
            (
                Wanted::NotHere,
                None,
                Some(Wanted::NotHere),
                Step::Rest,
                "and it knows",
            ),
            (public(A), None, None, Step::Tell, "a new address"),
            (
                public(A),
                Some(A),
                None,
                Step::Tell,
                "noted, and not known to be told",
            ),
            (public(A), Some(A), Some(public(A)), Step::Rest, "it knows"),
            (
                public(B),
                Some(A),
                Some(public(A)),
                take_back(A),
                "the old one before the new one",
            ),
            (public(B), None, None, Step::Tell, "and then the new one"),
        ] {
            assert_eq!(
                step(&wanted, told, done.as_ref()),
                expected,
                "{why}: {wanted:?} {told:?}"
            );
        }
    }

    #[test]
    fn whatever_happens_in_between_it_comes_to_rest_at_what_is_wanted() {
        for wanted in [
            Wanted::None,
            Wanted::NotHere,
            Wanted::Here(1),
            public(A),
            public(B),
        ] {
            for told in [None, Some(A), Some(B)] {
                let (mut told, mut done) = (told.map(str::to_owned), None);
                let mut steps = 0;
                loop {
                    match step(&wanted, told.as_deref(), done.as_ref()) {
                        Step::Rest => break,
                        Step::TakeBack(_) => told = None,
                        Step::Tell => {
                            if let Wanted::Public(address) = &wanted {
                                told = Some(address.as_str().to_owned());
                            }
                            done = Some(wanted.clone());
                        }
                    }
                    steps += 1;
                    assert!(steps <= 2, "{wanted:?} from {told:?} goes round");
                }
                let expected = match &wanted {
                    Wanted::Public(address) => Some(address.as_str()),
                    _ => None,
                };
                assert_eq!(
                    told.as_deref(),
                    expected,
                    "the gateway calls there and nowhere else"
                );
            }
        }
    }
}
