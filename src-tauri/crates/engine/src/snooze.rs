//! Opens snoozed chats when their time has come.

use std::time::Duration;

use mostrador_store::tables::chat;
use mostrador_store::{Change, Store, StoreError};

use crate::clock::Clock;

/// When nothing is snoozed; a change of the chats wakes us.
const NOTHING: Duration = Duration::from_secs(3_600);
/// After trouble with the store.
const STORE_TROUBLE: Duration = Duration::from_secs(10);

/// Runs until the program ends.
pub(crate) async fn run(store: Store, clock: std::sync::Arc<dyn Clock>) {
    let mut changes = store.changes();
    loop {
        let rest = match wake(&store, &*clock).await {
            Ok(rest) => rest,
            Err(error) => {
                tracing::warn!(%error, "snoozed chats could not be opened");
                STORE_TROUBLE
            }
        };
        tokio::select! {
            _ = changes.wait_for(|change| *change == Change::Chats) => {}
            () = clock.sleep(rest) => {}
        }
    }
}

/// Opens those whose time has come; says how long until the next one.
async fn wake(store: &Store, clock: &dyn Clock) -> Result<Duration, StoreError> {
    let now = clock.now();
    let next = store.read(chat::next_wake).await?;
    match next {
        Some(at) if at <= now => {
            store
                .write(move |writing| chat::wake_snoozed(writing, now))
                .await?;
            Ok(Duration::from_millis(1))
        }
        Some(at) => Ok(at.since(now).min(NOTHING)),
        None => Ok(NOTHING),
    }
}
