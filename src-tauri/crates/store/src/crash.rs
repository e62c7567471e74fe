//! Named points at which a process dies while it opens a file, for the tests of this crate: outside of them a point is nothing.
//!
//! | Point | between |
//! |---|---|
//! | `migration.made` | a migration has run, it is not committed |
//! | `migration.committed` | it is committed, the next one has not begun |
//! | `salvage.row` | a row of a damaged file is taken over, nothing is committed |
//! | `salvage.committed` | all of them are, the new file is not closed |
//! | `exchange.whole` | the new file is whole and has the name that says so, nothing of the damaged one was moved |
//! | `exchange.named` | the damaged file has its second name |
//! | `exchange.log` | its log has gone along |
//! | `exchange.done` | the new file is in its place, nobody has opened it |

/// Ends the process if the variable `MOSTRADOR_STORE_DIES_AT` says `name:n`, at the n-th passing.
#[cfg(test)]
pub(crate) fn point(name: &str) {
    use std::sync::atomic::{AtomicU32, Ordering};
    static PASSED: AtomicU32 = AtomicU32::new(0);

    let wanted = std::env::var(tests::DIES_AT).unwrap_or_default();
    let Some((_, passing)) = wanted.split_once(':').filter(|(wanted, _)| *wanted == name) else {
        return;
    };
    let passing: u32 = passing.parse().expect("a number");
    if PASSED.fetch_add(1, Ordering::SeqCst) + 1 == passing {
        std::process::abort();
    }
}

#[cfg(not(test))]
pub(crate) fn point(_name: &str) {}

#[cfg(test)]
mod tests;
