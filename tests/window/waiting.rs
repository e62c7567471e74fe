//! Waiting for other programs: they cannot wake us, so they are looked at until a deadline.

use std::fmt::Display;
use std::time::Duration;

/// Long enough for a busy computer; what takes longer has failed.
pub(crate) const DEADLINE: Duration = Duration::from_secs(45);

const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Looks until there is something, or fails with what was waited for.
pub(crate) async fn until<T>(awaited: impl Display, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let found = async {
        let mut again = tokio::time::interval(LOOK_EVERY);
        loop {
            again.tick().await;
            if let Some(found) = look().await {
                return found;
            }
        }
    };
    match tokio::time::timeout(DEADLINE, found).await {
        Ok(found) => found,
        Err(_) => panic!("waited {DEADLINE:?} in vain: {awaited}"),
    }
}
