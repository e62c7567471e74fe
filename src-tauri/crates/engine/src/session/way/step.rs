//! The step to take next: the table of [`super`], as a function of what is wanted and what is known.

use mostrador_store::tables::way::WayRow;

use crate::webhook::{Port, PublicAddress};

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

impl Wanted {
    /// The first table of [`super`]. `is_local`: the gateway is on this computer.
    pub(super) fn of(row: &WayRow, port: Port, is_local: bool) -> Self {
        let Port::Open(port) = port else {
            return if is_local { Self::NotHere } else { Self::None };
        };
        match address(row) {
            Some(address) if row.port == Some(port) => Self::Public(address),
            _ if is_local => Self::Here(port),
            _ => Self::None,
        }
    }
}

/// What is wanted of a gateway that lists nothing: as long as the shop's next address is not proved, the one that it was told of stays.
pub(super) fn until_proved(row: &WayRow, port: Port, wanted: Wanted) -> Wanted {
    let told = row
        .told
        .as_deref()
        .and_then(|told| PublicAddress::parse(told).ok());
    match (unproved(row, port), told) {
        (Some(next), Some(told)) if next != told => Wanted::Public(told),
        _ => wanted,
    }
}

/// The shop's address, if it has to be proved that it leads to our port; `None` = there is none, or nothing to prove.
pub(super) fn unproved(row: &WayRow, port: Port) -> Option<PublicAddress> {
    match port {
        Port::Open(port) if row.port != Some(port) => address(row),
        Port::Open(_) | Port::Taken(_) => None,
    }
}

fn address(row: &WayRow) -> Option<PublicAddress> {
    PublicAddress::parse(row.address.as_deref()?).ok()
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
    fn an_address_that_is_told_stays_until_the_next_one_is_proved() {
        let open = Port::Open(20_001);
        let row = |address: &str, told: Option<&str>, port| WayRow {
            address: Some(address.to_owned()),
            told: told.map(str::to_owned),
            port,
        };
        let kept = |row: WayRow| until_proved(&row, open, Wanted::None);
        assert_eq!(kept(row(B, Some(A), None)), public(A), "the next is not proved");
        assert_eq!(kept(row(B, Some(A), Some(20_001))), Wanted::None, "it is");
        assert_eq!(kept(row(B, None, None)), Wanted::None, "there was none");
        assert_eq!(
            kept(row(A, Some(A), None)),
            Wanted::None,
            "it leads nowhere any more"
        );
    }

    #[test]
    fn where_it_shall_call_and_what_is_to_be_proved_first() {
        const OURS: u16 = 20_001;
        let (open, taken) = (Port::Open(OURS), Port::Taken(OURS));
        for (stored, leads_to, port, is_local, expected, proof, why) in [
            (
                None,
                None,
                open,
                false,
                Wanted::None,
                false,
                "no tunnel, and it cannot reach us",
            ),
            (
                None,
                None,
                open,
                true,
                Wanted::Here(OURS),
                false,
                "on this computer it can",
            ),
            (
                Some(A),
                Some(OURS),
                open,
                false,
                public(A),
                false,
                "a tunnel that leads here",
            ),
            (
                Some(A),
                Some(OURS),
                open,
                true,
                public(A),
                false,
                "even where it could do without",
            ),
            (
                Some(A),
                Some(OURS),
                taken,
                false,
                Wanted::None,
                false,
                "it leads to another program",
            ),
            (
                Some(A),
                Some(OURS),
                taken,
                true,
                Wanted::NotHere,
                false,
                "as our port does",
            ),
            (
                Some(A),
                Some(OURS - 1),
                open,
                false,
                Wanted::None,
                true,
                "our port has moved",
            ),
            (
                Some(A),
                Some(OURS - 1),
                open,
                true,
                Wanted::Here(OURS),
                true,
                "our port itself is safe",
            ),
            (
                Some(A),
                Some(OURS - 1),
                taken,
                false,
                Wanted::None,
                false,
                "nothing can arrive that would prove it",
            ),
            (
                Some(A),
                None,
                open,
                false,
                Wanted::None,
                true,
                "it is known to lead nowhere",
            ),
            (
                Some("x y"),
                Some(OURS),
                open,
                false,
                Wanted::None,
                false,
                "that is no address",
            ),
        ] {
            let row = WayRow {
                address: stored.map(str::to_owned),
                told: None,
                port: leads_to,
            };
            assert_eq!(Wanted::of(&row, port, is_local), expected, "{why}");
            assert_eq!(unproved(&row, port).is_some(), proof, "{why}");
        }
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
                Wanted::None,
                Some(A),
                Some(public(A)),
                take_back(A),
                "our port has moved away from its end",
            ),
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
