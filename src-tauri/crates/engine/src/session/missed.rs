//! Chats whose messages the first sync could not have, because the gateway stumbled at them: asked for again after each poll that went
//! well, a few at a time, less and less often while it goes on stumbling, until they are here. Which they are is in the store, so that
//! the end of the program forgets none. Where a plan counts calls there are fewer at a time, and so are those that the first sync left for
//! later because half of the plan was used.

use std::collections::HashSet;
use std::time::Duration;

use mostrador_domain::{ChatId, UnixMillis};
use mostrador_store::tables::device;

use super::first_sync::{Fetched, first_messages};
use super::follower::Follower;
use super::thrift;
use super::trouble::Trouble;

/// Chats asked for at once: news does not wait for more.
const AT_ONCE: usize = 25;
/// How long they are left while the gateway stumbles, each time twice as long.
const FIRST: Duration = Duration::from_secs(60);
const LONGEST: Duration = Duration::from_secs(6 * 3_600);

/// How it goes with them.
#[derive(Default)]
pub(super) struct Missed {
    /// How often in a row none of them could be had.
    failures: u32,
    /// When to ask again, by a clock that does not jump.
    again_at: Duration,
    /// Those at which it stumbled last: the others go first.
    stumbled: HashSet<ChatId>,
}

/// Asks for some of them, if it is time.
pub(super) async fn fetch(follower: &mut Follower) -> Result<(), Trouble> {
    let (device, clock) = (follower.desk.device, follower.desk.shared.clock.clone());
    if clock.elapsed() < follower.missed.again_at {
        return Ok(());
    }
    let store = follower.desk.shared.store.clone();
    let mut chats = store
        .read(move |connection| device::chats_missed(connection, device))
        .await?;
    chats.sort_by_key(|(id, _)| follower.missed.stumbled.contains(id));
    // What polling has seen, and is not here, is no news.
    let row = follower.row().await?;
    let (link, live_from) = (row.link, row.polled_until.unwrap_or(UnixMillis(i64::MIN)));
    let at_once = at_once(follower.desk.thrift.share(follower.desk.shared.clock.now()));
    let (asked, mut had) = (chats.len().min(at_once), 0);
    for (id, address) in chats.into_iter().take(at_once) {
        match first_messages(follower, &address, live_from).await? {
            Fetched::Messages => {
                had += 1;
                follower.missed.stumbled.remove(&id);
                store
                    .write(move |writing| device::chat_synced(writing, id, link))
                    .await?;
            }
            Fetched::Stumbled(_) => {
                follower.missed.stumbled.insert(id);
            }
        }
    }
    if had > 0 {
        tracing::info!(%device, chats = had, "messages that the first sync could not have are here");
    }
    follower.missed.note(asked == 0 || had > 0, clock.elapsed());
    Ok(())
}

/// How many are asked for at once, if each has to last for a share: half of what may be made up for by a longer rest.
fn at_once(share: Duration) -> usize {
    let share = share.as_millis().max(1);
    let fitting = usize::try_from(thrift::LONGEST.as_millis() / 2 / share);
    fitting.unwrap_or(AT_ONCE).clamp(1, AT_ONCE)
}

impl Missed {
    /// They were asked for now; `well` = some could be had, or there was none.
    fn note(&mut self, well: bool, now: Duration) {
        self.failures = if well { 0 } else { self.failures.saturating_add(1) };
        let pause = FIRST.saturating_mul(2_u32.saturating_pow(self.failures.saturating_sub(1)));
        self.again_at = now + pause.min(LONGEST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_calls_count_there_are_so_few_at_once_that_a_rest_makes_up_for_them() {
        let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
        for (share, expected) in [(0, AT_ONCE), (1, AT_ONCE), (30, 6), (86, 2), (360, 1), (900, 1)] {
            assert_eq!(at_once(minutes(share)), expected, "a share of {share} minutes");
        }
    }

    #[test]
    fn a_gateway_that_goes_on_stumbling_is_asked_less_and_less_often() {
        let mut missed = Missed::default();
        let mut pauses = Vec::new();
        for _ in 0..12 {
            missed.note(false, Duration::ZERO);
            pauses.push(missed.again_at.as_secs() / 60);
        }
        assert_eq!(
            pauses,
            [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360],
            "in minutes"
        );
        missed.note(true, Duration::ZERO);
        assert_eq!(missed.again_at, FIRST, "and as at first once it gives them");
    }
}
