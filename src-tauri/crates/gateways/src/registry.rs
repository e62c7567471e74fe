//! The gateways that this program knows: one line for each folder.
//!
//! Each can be tried without an account: the practice shop speaks its dialect, below a path of its own and with a
//! number of its own for each of them.

use std::sync::Arc;
use std::time::Duration;

use mostrador_domain::Capabilities;
use secrecy::SecretString;
use url::Url;

use crate::{
    DeviceLink, Driver, Field, FieldKey, GatewayKind, LinkConfig, Needs, OpenError, api_engine, evolution,
    qr_buho, waconecta, whapi,
};

/// The gateways, in the order in which they are offered. The place of each is also the place of its number in the
/// practice shop, so a new one comes last.
const GATEWAYS: &[&Gateway] = &[
    &whapi::GATEWAY,
    &waconecta::GATEWAY,
    &api_engine::GATEWAY,
    &qr_buho::GATEWAY,
    &evolution::GATEWAY,
];

/// What a gateway's folder says of it.
pub(crate) struct Gateway {
    /// The gateway itself.
    pub(crate) kind: GatewayKind,
    /// The practice shop, speaking its dialect.
    pub(crate) practice: GatewayKind,
    /// Where below its address the practice shop speaks it; ends in a slash, or is empty.
    pub(crate) practice_path: &'static str,
    /// Its driver.
    pub(crate) driver: fn(&Surroundings) -> Arc<dyn Driver>,
}

/// What drivers are given of the world around them.
#[derive(Clone)]
pub struct Surroundings {
    /// Time since some moment, by a clock that does not jump.
    pub elapsed: Arc<dyn Fn() -> Duration + Send + Sync>,
}

/// The practice shop that runs inside the program.
#[derive(Clone)]
pub struct PracticeShop {
    /// Where.
    pub url: Url,
    /// The tokens of its numbers, see [`practice_numbers`]. A dialect without one is not offered.
    pub tokens: Vec<SecretString>,
}

/// How many numbers the practice shop needs: one for each dialect.
pub fn practice_numbers() -> usize {
    GATEWAYS.len()
}

/// The drivers at hand. The practice shop is among them only when it runs.
#[derive(Clone)]
pub struct Drivers(Vec<Arc<dyn Driver>>);

/// All drivers of real gateways, and the practice shop in each dialect if it runs.
pub fn drivers(surroundings: &Surroundings, practice: Option<&PracticeShop>) -> Drivers {
    let real = GATEWAYS.iter().map(|gateway| (gateway.driver)(surroundings));
    let practised = GATEWAYS.iter().enumerate().filter_map(|(place, gateway)| {
        let shop = practice?;
        let driver = PracticeDriver {
            kind: gateway.practice,
            inner: (gateway.driver)(surroundings),
            url: shop.url.join(gateway.practice_path).ok()?,
            token: shop.tokens.get(place)?.clone(),
        };
        Some(Arc::new(driver) as Arc<dyn Driver>)
    });
    Drivers(real.chain(practised).collect())
}

impl Drivers {
    /// The driver of one kind, if it is offered.
    pub fn get(&self, kind: GatewayKind) -> Option<&Arc<dyn Driver>> {
        self.0.iter().find(|driver| driver.kind() == kind)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn Driver>> {
        self.0.iter()
    }
}

impl GatewayKind {
    /// All of them, whether or not the practice shop runs.
    pub fn all() -> impl Iterator<Item = Self> {
        GATEWAYS
            .iter()
            .flat_map(|gateway| [gateway.kind, gateway.practice])
    }

    /// The kind that [`Self::as_str`] printed.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::all().find(|kind| kind.as_str() == word)
    }

    /// At which of the practice shop's numbers it is; `None` = it is not the practice shop.
    pub fn practice_number(self) -> Option<usize> {
        GATEWAYS.iter().position(|gateway| gateway.practice == self)
    }
}

/// A gateway's own driver, led to the practice shop: nothing has to be given.
///
/// The practice shop takes its number's token wherever a dialect wants a secret, and any word where it wants a name. What can be
/// changed later can be changed here too.
struct PracticeDriver {
    kind: GatewayKind,
    inner: Arc<dyn Driver>,
    url: Url,
    token: SecretString,
}

/// What the practice shop is told where a dialect wants a name.
const ANY_NAME: &str = "practice";

impl Driver for PracticeDriver {
    fn kind(&self) -> GatewayKind {
        self.kind
    }

    fn needs(&self) -> Needs {
        Needs::NOTHING
    }

    fn changeable(&self) -> Vec<Field> {
        self.inner.changeable()
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    fn open(&self, given: LinkConfig) -> Result<Arc<dyn DeviceLink>, OpenError> {
        let fields = self.inner.needs().fields.iter();
        let config = fields.fold(LinkConfig::default(), |config, field| match field.key {
            FieldKey::Url => config.at(&self.url),
            key if key.is_secret() => config.with_secret(key, self.token.clone()),
            key if key.may_change() => {
                config.with(key, given.text(key).or(field.default).unwrap_or_default())
            }
            key => config.with(key, field.default.unwrap_or(ANY_NAME)),
        });
        self.inner.open(config)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn surroundings() -> Surroundings {
        Surroundings {
            elapsed: Arc::new(|| Duration::ZERO),
        }
    }

    fn practice() -> PracticeShop {
        PracticeShop {
            url: Url::parse("http://127.0.0.1:9").expect("well-formed"),
            tokens: vec![SecretString::from("practice-token"); practice_numbers()],
        }
    }

    #[test]
    fn every_kind_has_a_word_of_its_own_that_reads_back() {
        let words: BTreeSet<_> = GatewayKind::all().map(GatewayKind::as_str).collect();
        assert_eq!(
            words.len(),
            GatewayKind::all().count(),
            "the store tells devices apart by it"
        );
        for kind in GatewayKind::all() {
            assert_eq!(
                GatewayKind::from_word(kind.as_str()),
                Some(kind),
                "{kind:?} reads back"
            );
        }
        let first = GatewayKind::from_word("practice").and_then(GatewayKind::practice_number);
        assert_eq!(
            first,
            Some(0),
            "practice shops of earlier versions keep their number"
        );
    }

    #[test]
    fn the_practice_shop_is_offered_only_where_it_runs_and_needs_nothing() {
        let without = drivers(&surroundings(), None);
        assert!(
            without.iter().all(|driver| !driver.kind().is_practice()),
            "it does not run"
        );
        let with = drivers(&surroundings(), Some(&practice()));
        for kind in GatewayKind::all() {
            let driver = with.get(kind).expect("each kind has a driver");
            let opened = driver.open(LinkConfig::default());
            if kind.is_practice() {
                assert_eq!(
                    driver.needs(),
                    Needs::NOTHING,
                    "{kind:?}: nobody is asked for anything"
                );
                assert!(
                    opened.is_ok_and(|link| link.is_local()),
                    "{kind:?}: it opens, on this computer"
                );
            } else {
                assert!(
                    matches!(opened.err(), Some(OpenError::Missing(_))),
                    "{kind:?}: a person has to give something"
                );
            }
        }
    }

    #[test]
    fn each_dialect_of_the_practice_shop_has_a_path_of_its_own() {
        let paths: BTreeSet<_> = GATEWAYS.iter().map(|gateway| gateway.practice_path).collect();
        assert_eq!(
            paths.len(),
            GATEWAYS.len(),
            "two dialects at one place would answer for each other"
        );
        for path in paths {
            assert!(
                path.is_empty() || path.ends_with('/'),
                "{path:?} is joined to an address"
            );
        }
    }
}
