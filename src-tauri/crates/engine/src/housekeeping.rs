//! Keeps the file small: once a day, and a while after the start, what is not kept for ever goes.
//!
//! Two tasks. [`sweep`] removes what was taken away already and is shown nowhere (an emptied chat, a removed device): at the
//! start, and whenever the store tells of [`Change::Leftovers`]. [`run`] is the daily round: what nobody understood or claimed,
//! settled work, messages older than the shop wants to keep, customers' files beyond their share, files that nothing shows.
//!
//! How old something is, the computer's clock alone does not say: see [`round`].
//!
//! Everything goes in portions, each a transaction of its own: who waits for the writer has his turn in between. A death in
//! the middle leaves less to do for the next round. Rows go before bytes: see [`crate::media::MediaFolder::sweep`].

mod choice;
mod round;

use std::sync::Arc;
use std::time::Duration;

use mostrador_store::tables::leftover;
use mostrador_store::{Change, Store, StoreError};

pub use choice::{KeepMessages, MediaShare};
pub use round::LastRound;
pub(crate) use round::{agreed_now, would_go};

use crate::clock::Clock;
use crate::crash;
use crate::gateway_clocks::GatewayClocks;
use crate::media::MediaFolder;
use crate::pictures::Pictures;
use crate::portion::Portion;

/// Rows of a portion: some 20 ms on an ordinary disk.
const PORTION: u32 = 500;
/// How long after the start the first round begins: sessions come first.
const FIRST: Duration = Duration::from_secs(600);
/// From round to round.
const DAILY: Duration = Duration::from_secs(86_400);
/// After trouble with the store.
const STORE_TROUBLE: Duration = Duration::from_secs(60);

/// What both tasks work with.
#[derive(Clone)]
pub(crate) struct Housekeeping {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) gateway_clocks: GatewayClocks,
    pub(crate) media: MediaFolder,
    pub(crate) pictures: Pictures,
}

/// Removes what is left over, until the program ends.
pub(crate) async fn sweep(house: Housekeeping) {
    let mut changes = house.store.changes();
    loop {
        match leftovers(&house).await {
            Ok(()) => {
                changes.wait_for(|change| *change == Change::Leftovers).await;
            }
            Err(error) => {
                tracing::warn!(%error, "what was taken away could not be removed yet");
                house.clock.sleep(STORE_TROUBLE).await;
            }
        }
    }
}

async fn leftovers(house: &Housekeeping) -> Result<(), StoreError> {
    let mut portion = Portion::default();
    loop {
        let (rows, clock) = (portion.rows(), Arc::clone(&house.clock));
        let write = house.store.write(move |writing| {
            let begun = clock.elapsed();
            Ok((leftover::remove_some(writing, rows)?, begun))
        });
        let (any, begun) = write.await?;
        if !any {
            return Ok(());
        }
        portion.took(house.clock.elapsed().saturating_sub(begun));
        crash::point("leftovers.portion");
    }
}

/// The daily round, until the program ends. A choice of the shop is heeded at once.
pub(crate) async fn run(house: Housekeeping) {
    let mut changes = house.store.changes();
    let mut rest = FIRST;
    let mut chosen = round::choices(&house.store).await.ok();
    loop {
        let mut pause = house.clock.sleep(rest);
        loop {
            tokio::select! {
                () = &mut pause => break,
                _ = changes.wait_for(|change| *change == Change::Settings) => {
                    let now = round::choices(&house.store).await.ok();
                    if now != chosen {
                        chosen = now;
                        break;
                    }
                }
            }
        }
        rest = match round::go(&house).await {
            Ok(()) => DAILY,
            Err(error) => {
                tracing::warn!(%error, "the daily round could not be ended");
                STORE_TROUBLE
            }
        };
    }
}
