//! The step to take next: the tables of [`super`], as functions of what is wanted and what is known.

use mostrador_store::tables::way::WayRow;

use crate::webhook::{Port, PublicAddress, Told};

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
    fn of(row: &WayRow, port: Port, is_local: bool) -> Self {
        let Some(port) = open(port) else {
            return if is_local { Self::NotHere } else { Self::None };
        };
        match address(row) {
            Some(address) if row.port == Some(port) => Self::Public(address),
            _ if is_local => Self::Here(port),
            _ => Self::None,
        }
    }

    /// Does it call us there?
    pub(super) fn calls(&self) -> bool {
        matches!(self, Self::Here(_) | Self::Public(_))
    }

    /// The address, if it is behind the shop's tunnel.
    pub(super) fn public(&self) -> Option<&str> {
        match self {
            Self::Public(address) => Some(address.as_str()),
            Self::None | Self::NotHere | Self::Here(_) => None,
        }
    }
}

/// What is wanted of a gateway, and what it can call meanwhile.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wish {
    /// Our port, when it was drawn.
    pub(super) port: Port,
    pub(super) wanted: Wanted,
    /// It lists nothing: what it calls to where nobody answers is lost.
    pub(super) alone: bool,
    /// Where one that is alone can call us while it does not take an address.
    pub(super) here: Option<u16>,
    /// The same, while the address that it was told leads to us, and is to be taken back.
    pub(super) beside: Option<u16>,
    /// What is to be said of the shop's address until the gateway has taken it.
    pub(super) waits: Told,
}

impl Wish {
    /// The first table of [`super`], and what is different of a gateway that is `alone`.
    pub(super) fn of(row: &WayRow, port: Port, is_local: bool, alone: bool) -> Self {
        let kept = earlier(row, port).filter(|_| alone);
        let here = open(port).filter(|_| alone && is_local);
        Self {
            port,
            wanted: kept.map_or_else(|| Wanted::of(row, port, is_local), Wanted::Public),
            alone,
            here,
            beside: here.filter(|port| row.told_port == Some(*port)),
            waits: waits(row, port, alone),
        }
    }
}

/// What is to be said of the shop's address until the gateway has taken it.
pub(crate) fn waits(row: &WayRow, port: Port, alone: bool) -> Told {
    match unproved(row, port) {
        None => Told::NotYet,
        Some(_) if !alone => Told::LeadsElsewhere,
        Some(_) if earlier(row, port).is_some() => Told::EarlierKept,
        Some(_) => Told::NotProved,
    }
}

/// The address that the gateway was told before the shop's present one, if that one has to be proved and this one leads to our port.
fn earlier(row: &WayRow, port: Port) -> Option<PublicAddress> {
    let next = unproved(row, port)?;
    let told = PublicAddress::parse(row.told.as_deref()?).ok()?;
    (told != next && row.told_port == open(port)).then_some(told)
}

/// The shop's address, if it has to be proved that it leads to our port; `None` = there is none, or nothing to prove.
pub(super) fn unproved(row: &WayRow, port: Port) -> Option<PublicAddress> {
    let port = open(port)?;
    address(row).filter(|_| row.port != Some(port))
}

fn address(row: &WayRow) -> Option<PublicAddress> {
    PublicAddress::parse(row.address.as_deref()?).ok()
}

fn open(port: Port) -> Option<u16> {
    match port {
        Port::Open(port) => Some(port),
        Port::Taken(_) => None,
    }
}

/// What is to be done now.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    Rest,
    /// Our port too, so that what it was told can be taken back.
    Beside(u16),
    TakeBack(String),
    Tell,
}

/// The second table of [`super`]. `done`: what the gateway was told in this stretch, and took; `beside`: as in [`Wish`].
pub(super) fn step(wanted: &Wanted, told: Option<&str>, done: Option<&Wanted>, beside: Option<u16>) -> Step {
    match (told, beside) {
        (Some(told), Some(port)) if wanted.public() != Some(told) && done != Some(&Wanted::Here(port)) => {
            Step::Beside(port)
        }
        (Some(told), _) if wanted.public() != Some(told) => Step::TakeBack(told.to_owned()),
        _ if *wanted == Wanted::None || done == Some(wanted) => Step::Rest,
        _ => Step::Tell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "https://a.example";
    const B: &str = "https://b.example/caja";
    const OURS: u16 = 20_001;
    const OPEN: Port = Port::Open(OURS);
    const TAKEN: Port = Port::Taken(OURS);
    const MOVED: Option<u16> = Some(OURS - 1);

    fn public(address: &str) -> Wanted {
        Wanted::Public(PublicAddress::parse(address).expect("well-formed"))
    }

    fn take_back(address: &str) -> Step {
        Step::TakeBack(address.to_owned())
    }

    /// The shop's address and where it leads, and the same of the one that was told.
    fn row(address: (Option<&str>, Option<u16>), told: (Option<&str>, Option<u16>)) -> WayRow {
        WayRow {
            address: address.0.map(str::to_owned),
            told: told.0.map(str::to_owned),
            port: address.1,
            told_port: told.1,
        }
    }

    #[test]
    fn an_address_that_is_told_stays_until_the_next_one_is_proved_if_it_leads_here() {
        let here = Some(OURS);
        for (address, told, kept, waits, why) in [
            (
                (Some(B), None),
                (Some(A), here),
                Some(A),
                Told::EarlierKept,
                "the next is not proved",
            ),
            (
                (Some(B), MOVED),
                (Some(A), here),
                Some(A),
                Told::EarlierKept,
                "nor is it at this port",
            ),
            ((Some(B), here), (Some(A), here), Some(B), Told::NotYet, "it is"),
            (
                (Some(B), None),
                (Some(A), MOVED),
                None,
                Told::NotProved,
                "another program may be where the one that is told leads",
            ),
            (
                (Some(B), None),
                (Some(A), None),
                None,
                Told::NotProved,
                "nobody knows where it leads",
            ),
            (
                (Some(B), None),
                (None, None),
                None,
                Told::NotProved,
                "there was none",
            ),
            (
                (Some(A), None),
                (Some(A), MOVED),
                None,
                Told::NotProved,
                "it leads nowhere any more",
            ),
            (
                (Some(A), here),
                (Some(A), here),
                Some(A),
                Told::NotYet,
                "the shop came back to it",
            ),
            (
                (None, None),
                (Some(A), here),
                None,
                Told::NotYet,
                "nobody wants any",
            ),
        ] {
            let row = row(address, told);
            for is_local in [false, true] {
                let wish = Wish::of(&row, OPEN, is_local, true);
                let otherwise = if is_local {
                    Wanted::Here(OURS)
                } else {
                    Wanted::None
                };
                assert_eq!(wish.wanted, kept.map_or(otherwise, public), "{why}");
                assert_eq!(wish.waits, waits, "{why}");
                assert_eq!(wish.here, here.filter(|_| is_local), "{why}");
                assert_eq!(
                    wish.beside,
                    here.filter(|_| is_local && told.1 == here),
                    "{why}: what does not lead here is not waited with"
                );
            }
            let lists = Wish::of(&row, OPEN, true, false);
            assert_eq!(
                lists.wanted,
                Wanted::of(&row, OPEN, true),
                "{why}: where all is listed"
            );
            assert_eq!(
                (lists.here, lists.beside),
                (None, None),
                "{why}: where all is listed"
            );
        }
        let wish = Wish::of(&row((Some(B), None), (Some(A), here)), TAKEN, true, true);
        assert_eq!(
            (wish.wanted, wish.here, wish.beside),
            (Wanted::NotHere, None, None)
        );
    }

    #[test]
    fn where_it_shall_call_and_what_is_to_be_proved_first() {
        for (stored, leads_to, port, is_local, expected, proof, why) in [
            (
                None,
                None,
                OPEN,
                false,
                Wanted::None,
                false,
                "no tunnel, and it cannot reach us",
            ),
            (
                None,
                None,
                OPEN,
                true,
                Wanted::Here(OURS),
                false,
                "on this computer it can",
            ),
            (
                Some(A),
                Some(OURS),
                OPEN,
                false,
                public(A),
                false,
                "a tunnel that leads here",
            ),
            (
                Some(A),
                Some(OURS),
                OPEN,
                true,
                public(A),
                false,
                "even where it could do without",
            ),
            (
                Some(A),
                Some(OURS),
                TAKEN,
                false,
                Wanted::None,
                false,
                "it leads to another program",
            ),
            (
                Some(A),
                Some(OURS),
                TAKEN,
                true,
                Wanted::NotHere,
                false,
                "as our port does",
            ),
            (
                Some(A),
                MOVED,
                OPEN,
                false,
                Wanted::None,
                true,
                "our port has moved",
            ),
            (
                Some(A),
                MOVED,
                OPEN,
                true,
                Wanted::Here(OURS),
                true,
                "our port itself is safe",
            ),
            (
                Some(A),
                MOVED,
                TAKEN,
                false,
                Wanted::None,
                false,
                "nothing can arrive that would prove it",
            ),
            (
                Some(A),
                None,
                OPEN,
                false,
                Wanted::None,
                true,
                "it is known to lead nowhere",
            ),
            (
                Some("x y"),
                Some(OURS),
                OPEN,
                false,
                Wanted::None,
                false,
                "that is no address",
            ),
        ] {
            let row = row((stored, leads_to), (None, None));
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
                step(&wanted, told, done.as_ref(), None),
                expected,
                "{why}: {wanted:?} {told:?}"
            );
        }
    }

    #[test]
    fn nothing_is_taken_back_that_works_before_our_port_is_called_beside_it() {
        let here = Wanted::Here(OURS);
        for (wanted, told, done, expected, why) in [
            (
                here.clone(),
                A,
                None,
                Step::Beside(OURS),
                "the address was removed",
            ),
            (
                here.clone(),
                A,
                Some(public(A)),
                Step::Beside(OURS),
                "in the same stretch",
            ),
            (
                here.clone(),
                A,
                Some(here.clone()),
                take_back(A),
                "it has something else",
            ),
            (
                public(B),
                A,
                Some(public(A)),
                Step::Beside(OURS),
                "another one is proved",
            ),
            (
                public(B),
                A,
                Some(here.clone()),
                take_back(A),
                "it gets by our port",
            ),
            (public(A), A, None, Step::Tell, "nothing is to be taken back"),
            (
                public(A),
                A,
                Some(here),
                Step::Tell,
                "from our port to the tunnel",
            ),
        ] {
            let told = Some(told);
            let next = step(&wanted, told, done.as_ref(), Some(OURS));
            assert_eq!(next, expected, "{why}: {wanted:?} {told:?}");
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
            for (told, beside) in [(None, None), (Some(A), None), (Some(B), None), (Some(A), Some(1))] {
                let (mut told, mut done) = (told.map(str::to_owned), None);
                let mut steps = 0;
                loop {
                    match step(&wanted, told.as_deref(), done.as_ref(), beside) {
                        Step::Rest => break,
                        Step::Beside(port) => done = Some(Wanted::Here(port)),
                        Step::TakeBack(_) => told = None,
                        Step::Tell => {
                            if let Some(address) = wanted.public() {
                                told = Some(address.to_owned());
                            }
                            done = Some(wanted.clone());
                        }
                    }
                    steps += 1;
                    assert!(steps <= 3, "{wanted:?} from {told:?} goes round");
                }
                assert_eq!(
                    told.as_deref(),
                    wanted.public(),
                    "the gateway calls there and nowhere else"
                );
            }
        }
    }
}
