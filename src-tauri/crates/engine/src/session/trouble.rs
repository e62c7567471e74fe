//! What ends a piece of a session's work for now: the gateway's failure, or the store's.

use mostrador_domain::Failure;
use mostrador_store::StoreError;

/// One of the two; who meets it decides when to try again.
pub(super) enum Trouble {
    /// A call to the gateway failed.
    Gateway(Failure),
    /// What came could not be stored, or what is stored not read.
    Store(StoreError),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Gateway(failure)
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
