//! The shop while it is being opened.
//!
//! Opening takes as long as the data folder and the keyring take (a locked keyring asks a person), and the window does not
//! wait for it: it comes up at once, and its first calls wait here. There is no third state: a shop that cannot be opened
//! ends the program ([`crate::fatal`]).

use std::sync::Arc;

use mostrador_api::Shop;
use tokio::sync::watch;

/// Where the open shop is found. Every clone leads to the same one.
#[derive(Clone, Default)]
pub(crate) struct Door(watch::Sender<Option<Arc<Shop>>>);

impl Door {
    /// The shop is open: lets everybody in who waits.
    pub(crate) fn open(&self, shop: Arc<Shop>) {
        self.0.send_replace(Some(shop));
    }

    /// The shop, as soon as it is open.
    pub(crate) async fn shop(&self) -> Arc<Shop> {
        let mut door = self.0.subscribe();
        // The sender is `self`: it cannot be gone while somebody waits here.
        match door.wait_for(Option::is_some).await.map(|shop| shop.clone()) {
            Ok(Some(shop)) => shop,
            Ok(None) | Err(_) => std::future::pending().await,
        }
    }

    /// The shop, if it is open now.
    pub(crate) fn shop_if_open(&self) -> Option<Arc<Shop>> {
        self.0.borrow().clone()
    }
}
