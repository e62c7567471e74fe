//! What has changed, told after the commit to whoever shows or does something about it.
//!
//! A change is an invalidation with an id, never the data: who hears it reads again. The channel is bounded; a
//! listener that falls behind is told so ([`NextChanges::Missed`]) and reads everything again.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use mostrador_domain::{CampaignId, ChatId, DeviceId, MediaId};
use tokio::sync::broadcast;

/// One thing that is not as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// The list of devices or one of them.
    Devices,
    /// Which chats there are, or their order.
    Chats,
    /// The row of one chat.
    Chat(ChatId),
    /// The messages of one chat.
    Messages(ChatId),
    /// One media.
    Media(MediaId),
    /// The settings.
    Settings,
    /// The outbox of one device has work.
    Outbox(DeviceId),
    /// A chat of this device waits for its "read" to be told.
    ReadToTell(DeviceId),
    /// A gateway waits to be told what was changed here about a chat.
    ChatWish(DeviceId),
    /// The labels of a device.
    Labels(DeviceId),
    /// The calls of a device.
    Calls(DeviceId),
    /// The gateway of this device has called.
    Hooks(DeviceId),
    /// Which campaigns there are, or where they are in their lives.
    Campaigns,
    /// One campaign: its plan, its audience, or what became of somebody in it.
    Campaign(CampaignId),
    /// Who does not want to be written to.
    OptOuts,
    /// Something was taken away whose rows are still here.
    Leftovers,
}

/// The changes of one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSet {
    /// Rises by one with each commit that changed something, from 1 at each start of the program.
    pub seq: u64,
    /// What changed.
    pub changes: BTreeSet<Change>,
}

/// How many commits a listener may fall behind before it has to read everything again.
const FEED_CAPACITY: usize = 512;

/// The sending half, owned by the writer.
#[derive(Clone)]
pub(crate) struct Feed {
    sender: broadcast::Sender<Arc<ChangeSet>>,
    seq: Arc<AtomicU64>,
}

impl Feed {
    pub(crate) fn new() -> Self {
        Self {
            sender: broadcast::channel(FEED_CAPACITY).0,
            seq: Arc::default(),
        }
    }

    /// Tells of a commit. Nobody listening is fine.
    pub(crate) fn publish(&self, changes: BTreeSet<Change>) {
        if changes.is_empty() {
            return;
        }
        let seq = self.seq.fetch_add(1, Ordering::SeqCst) + 1;
        let _nobody_listens = self.sender.send(Arc::new(ChangeSet { seq, changes }));
    }

    pub(crate) fn subscribe(&self) -> Changes {
        Changes {
            receiver: self.sender.subscribe(),
            seen: self.seq.load(Ordering::SeqCst),
        }
    }
}

/// A listener's own place in the feed. Subscribe first, then read: then nothing falls between the two.
pub struct Changes {
    receiver: broadcast::Receiver<Arc<ChangeSet>>,
    seen: u64,
}

/// What a listener hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextChanges {
    /// The changes of one commit.
    Changed(Arc<ChangeSet>),
    /// Some were missed: everything after commit `since` may have changed.
    Missed {
        /// The last commit that this listener heard of.
        since: u64,
    },
    /// The store is closed.
    Closed,
}

impl Changes {
    /// Waits for the next. May be dropped and called again: nothing is lost.
    pub async fn next(&mut self) -> NextChanges {
        match self.receiver.recv().await {
            Ok(set) => {
                self.seen = set.seq;
                NextChanges::Changed(set)
            }
            Err(broadcast::error::RecvError::Lagged(_)) => NextChanges::Missed { since: self.seen },
            Err(broadcast::error::RecvError::Closed) => NextChanges::Closed,
        }
    }

    /// What was told up to now, without waiting; `None` = some of it was missed. Asked within a write, that is everything that was committed
    /// before it.
    pub fn so_far(&mut self) -> Option<BTreeSet<Change>> {
        let (mut told, mut missed) = (BTreeSet::new(), false);
        loop {
            match self.receiver.try_recv() {
                Ok(set) => {
                    self.seen = set.seq;
                    told.extend(set.changes.iter().copied());
                }
                Err(broadcast::error::TryRecvError::Lagged(_)) => missed = true,
                Err(broadcast::error::TryRecvError::Empty | broadcast::error::TryRecvError::Closed) => break,
            }
        }
        (!missed).then_some(told)
    }

    /// Waits until something happens for which `wanted` holds; a missed stretch counts. `false` = the store is closed.
    pub async fn wait_for(&mut self, wanted: impl Fn(&Change) -> bool) -> bool {
        loop {
            match self.next().await {
                NextChanges::Changed(set) if set.changes.iter().any(&wanted) => return true,
                NextChanges::Changed(_) => {}
                NextChanges::Missed { .. } => return true,
                NextChanges::Closed => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_listener_that_falls_behind_is_told_since_when() {
        let feed = Feed::new();
        let mut changes = feed.subscribe();
        feed.publish([Change::Chats].into());
        assert!(
            matches!(changes.next().await, NextChanges::Changed(set) if set.seq == 1),
            "the first commit is heard"
        );
        for _ in 0..=FEED_CAPACITY {
            feed.publish([Change::Chats].into());
        }
        assert_eq!(
            changes.next().await,
            NextChanges::Missed { since: 1 },
            "overflow is itself an event"
        );
    }

    #[tokio::test]
    async fn what_was_told_so_far_is_had_at_once_unless_some_of_it_was_missed() {
        let feed = Feed::new();
        let mut changes = feed.subscribe();
        assert_eq!(changes.so_far(), Some(BTreeSet::new()), "nothing was told");
        feed.publish([Change::Chats].into());
        feed.publish([Change::Devices].into());
        let told = changes.so_far();
        assert_eq!(told, Some([Change::Chats, Change::Devices].into()), "all of it");
        assert_eq!(changes.so_far(), Some(BTreeSet::new()), "once");
        for _ in 0..=FEED_CAPACITY {
            feed.publish([Change::Chats].into());
        }
        assert_eq!(changes.so_far(), None, "overflow is itself an event");
    }

    #[tokio::test]
    async fn a_commit_that_changed_nothing_is_not_told() {
        let feed = Feed::new();
        let mut changes = feed.subscribe();
        feed.publish(BTreeSet::new());
        feed.publish([Change::Devices].into());
        assert!(
            matches!(changes.next().await, NextChanges::Changed(set) if set.seq == 1),
            "only the second counts"
        );
    }
}
