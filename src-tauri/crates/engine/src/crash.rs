//! Named points at which a real process dies, for the crash tests.
//!
//! Without the feature `crash-points` a point is nothing. With it, the variable `MOSTRADOR_CRASH_AT=name:n` makes the
//! process abort at the n-th passing of that point. The points of the outbox:
//!
//! | Point | between |
//! |---|---|
//! | `outbox.enqueued` | the message is stored, its asker is not answered |
//! | `outbox.claimed` | the claim is stored, the call is not made |
//! | `outbox.called` | the gateway has answered, nothing of it is stored |
//! | `outbox.answered` | the answer is stored, nobody is told |

#[cfg(feature = "crash-points")]
pub(crate) fn point(name: &str) {
    use std::sync::atomic::{AtomicU32, Ordering};
    static PASSED: AtomicU32 = AtomicU32::new(0);

    let Ok(wanted) = std::env::var("MOSTRADOR_CRASH_AT") else {
        return;
    };
    let (wanted_name, count) = wanted.split_once(':').unwrap_or((wanted.as_str(), "1"));
    if wanted_name == name && PASSED.fetch_add(1, Ordering::SeqCst) + 1 == count.parse().unwrap_or(1) {
        std::process::abort();
    }
}

#[cfg(not(feature = "crash-points"))]
pub(crate) fn point(_name: &str) {}
