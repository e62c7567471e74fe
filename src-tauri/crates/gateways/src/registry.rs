//! The drivers that this program has, by kind.

use std::sync::Arc;

use secrecy::SecretString;
use url::Url;

use crate::whapi::WhapiDriver;
use crate::{Driver, GatewayKind};

/// The drivers at hand. The practice shop is among them only when it runs.
#[derive(Clone)]
pub struct Drivers(Vec<Arc<dyn Driver>>);

/// All drivers of real gateways, and the practice shop if `practice` says where it runs.
pub fn drivers(practice: Option<(Url, SecretString)>) -> Drivers {
    let mut all: Vec<Arc<dyn Driver>> = vec![Arc::new(WhapiDriver::real())];
    if let Some((url, token)) = practice {
        all.push(Arc::new(WhapiDriver::practice(url, token)));
    }
    Drivers(all)
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
