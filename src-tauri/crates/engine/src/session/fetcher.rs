//! Fetches the files that customers send, newest first, one at a time.
//!
//! A file that is larger than the shop wants ([`BY_ITSELF`]) waits until a person asks for it. Its bytes go to a file as they
//! come: none is ever held whole.
//!
//! What came of fetching one is stored before the next is claimed, however long the file cannot be written: nobody else would ever
//! take the claim back while the session runs.
//!
//! A picture is claimed by compare-and-set, so that two never fetch the same one; what was claimed when the last
//! session ended is released at the start of the next. One that could not be fetched for a passing reason is given back and tried again after a pause
//! ([`PAUSES`]); meanwhile the others have their turn. One that the gateway refuses, or that stays away for longer than all
//! pauses, is marked failed, and a person can ask for it again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use mostrador_domain::{DeviceState, Failure, MediaId};
use mostrador_store::tables::media::{self, MediaRow};
use mostrador_store::tables::setting;
use mostrador_store::{Change, StoreError};

use super::{Desk, Shared};
use crate::EngineError;
use crate::media::{claim_of, max_bytes};
use crate::outbox::may_pass;

/// Before each further try; after the last one a picture has failed.
const PAUSES: [Duration; 4] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_secs(120),
    Duration::from_secs(600),
];
/// After trouble with the store.
const STORE_TROUBLE: Duration = Duration::from_secs(10);
/// When there is nothing to fetch; a new picture wakes us.
const NOTHING: Duration = Duration::from_secs(3_600);

/// The setting that says how many bytes a file may have that is fetched without anybody's asking.
pub const BY_ITSELF: &str = "fetch_up_to";
/// The same, when nothing was chosen.
const USUALLY_BY_ITSELF: u64 = 16 * 1024 * 1024;

/// What the setting says.
pub fn by_itself(stored: Option<&str>) -> u64 {
    stored
        .and_then(|bytes| bytes.parse().ok())
        .unwrap_or(USUALLY_BY_ITSELF)
}

/// Runs until the session ends.
pub(super) async fn run(desk: Desk) {
    Fetcher {
        desk,
        put_off: BTreeMap::new(),
    }
    .run()
    .await;
}

struct Fetcher {
    desk: Desk,
    /// Pictures that are to be tried again. Lost with the session: then they are tried as if for the first time.
    put_off: BTreeMap<MediaId, PutOff>,
}

/// A picture that could not be fetched so far.
struct PutOff {
    tries: usize,
    /// By the clock that does not jump.
    again_at: Duration,
}

impl Fetcher {
    async fn run(mut self) {
        let wanted = std::sync::Arc::clone(&self.desk.media_wanted);
        let mut changes = self.desk.shared.store.changes();
        loop {
            // Subscribed before looking: a wake-up between the two is not lost.
            let woken = wanted.notified();
            if !self.desk.wait_until(DeviceState::may_send).await {
                return std::future::pending().await;
            }
            let rest = match self.fetch_next().await {
                Ok(None) => continue,
                Ok(Some(rest)) => rest,
                Err(error) => {
                    tracing::warn!(device = %self.desk.device, %error, "fetching pictures stopped for now");
                    STORE_TROUBLE
                }
            };
            tokio::select! {
                () = woken => {}
                // How large they may be.
                _ = changes.wait_for(|change| *change == Change::Settings) => {}
                () = self.desk.shared.clock.sleep(rest) => {}
            }
        }
    }

    /// Fetches one, and says `None`; or says for how long there is none to fetch.
    async fn fetch_next(&mut self) -> Result<Option<Duration>, StoreError> {
        let (device, now) = (self.desk.device, self.desk.shared.clock.elapsed());
        let waiting: Vec<MediaId> = self
            .put_off
            .iter()
            .filter(|(_, put_off)| put_off.again_at > now)
            .map(|(id, _)| *id)
            .collect();
        let next = self.desk.shared.store.read(move |connection| {
            let by_itself = by_itself(setting::get(connection, BY_ITSELF)?.as_deref());
            let next = media::next_remote(connection, device, by_itself, &waiting)?;
            let next = next.map(|row| media::sent_as(connection, row.id).map(|kind| (row, kind)));
            Ok((by_itself, next.transpose()?))
        });
        let (by_itself, next) = next.await?;
        let Some((row, sent_as)) = next else {
            let until_next = self
                .put_off
                .values()
                .map(|put_off| put_off.again_at.saturating_sub(now))
                .min();
            return Ok(Some(until_next.unwrap_or(NOTHING).max(Duration::from_millis(1))));
        };
        // The type that it is told with is its sender's own word.
        let claim = claim_of(sent_as, &row.mime);
        let id = row.id;
        if self
            .desk
            .shared
            .store
            .write(move |writing| media::claim(writing, id))
            .await?
        {
            let fetched = self.fetch(&row, claim, by_itself).await;
            self.settle(id, fetched).await?;
        }
        Ok(None)
    }

    async fn fetch(&self, row: &MediaRow, claim: &str, by_itself: u64) -> Result<media::Stored, EngineError> {
        let facet = self.desk.link.media().ok_or(EngineError::NotOffered)?;
        let reference = row.gateway_ref.as_deref().ok_or(EngineError::MediaMissing)?;
        let mut arriving = self.desk.shared.media.receive();
        let most = match row.wanted {
            true => max_bytes(claim),
            false => max_bytes(claim).min(by_itself),
        };
        let came = facet.download(reference, most, &mut arriving).await;
        if let Err(failure @ (Failure::AuthLost { .. } | Failure::Restricted { .. })) = &came {
            self.desk.met(failure.clone()).await;
        }
        arriving.end(came, Some(claim)).await
    }

    async fn settle(
        &mut self,
        id: MediaId,
        fetched: Result<media::Stored, EngineError>,
    ) -> Result<(), StoreError> {
        let again = fetched.as_ref().is_err_and(may_come_yet) && self.put_off(id);
        if !again {
            self.put_off.remove(&id);
        }
        let Shared { store, clock, .. } = &self.desk.shared;
        let (fetched, mut tries) = (Arc::new(fetched.ok()), 0);
        loop {
            let fetched = Arc::clone(&fetched);
            let stored = store.write(move |writing| match &*fetched {
                Some(stored) => media::arrived(writing, id, stored),
                None if again => media::given_back(writing, id),
                None => media::failed(writing, id),
            });
            match stored.await {
                Err(error) if may_pass(error.kind, tries) => {
                    tries += 1;
                    tracing::warn!(device = %self.desk.device, %error, "what came of fetching a picture is not stored yet: trying again");
                }
                other => return other,
            }
            clock.sleep(STORE_TROUBLE).await;
        }
    }

    /// Notes one more try in vain. `false` = that was the last.
    fn put_off(&mut self, id: MediaId) -> bool {
        let tries = self.put_off.get(&id).map_or(0, |put_off| put_off.tries);
        let Some(pause) = PAUSES.get(tries) else {
            return false;
        };
        let again_at = self.desk.shared.clock.elapsed() + *pause;
        self.put_off.insert(
            id,
            PutOff {
                tries: tries + 1,
                again_at,
            },
        );
        true
    }
}

/// Is it worth another try? A refusal is not, nor are bytes that are no picture; a full disk may be emptied.
fn may_come_yet(error: &EngineError) -> bool {
    match error {
        EngineError::Gateway(Failure::Rejected { .. }) => false,
        EngineError::Gateway(_) | EngineError::Store(_) => true,
        _ => false,
    }
}
