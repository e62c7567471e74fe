//! Named points at which a real process dies, for the crash tests.
//!
//! Without the feature `crash-points` a point is nothing. With it, the variable `MOSTRADOR_CRASH_AT=name:n` makes the
//! process abort at the n-th passing of that point:
//!
//! | Point | between |
//! |---|---|
//! | `outbox.enqueued` | the message is stored, its asker is not answered |
//! | `outbox.claimed` | the claim is stored, the call is not made |
//! | `outbox.called` | the gateway has answered, nothing of it is stored |
//! | `outbox.answered` | the answer is stored, nobody is told |
//! | `poll.stored` | a page of news is stored, how far we have seen is not |
//! | `sync.chat` | a chat of the first sync is stored, the sync is not done |
//! | `webhook.stored` | what a call said is stored, the gateway is not told so |

/// The points at which a campaign is under way:
///
/// | Point | between |
/// |---|---|
/// | `campaign.started` | the start is stored, its asker is not answered |
/// | `campaign.queued` | a recipient and their message are stored, the pacer has not heard |
/// | `campaign.paused` | the pause is stored, its asker is not answered |
/// | `campaign.braked` | a pause with its cause is stored, nobody has seen it |
/// | `campaign.scheduled` | what became of a time that came is stored, nobody has seen it |
pub const CAMPAIGN_POINTS: &[&str] = &[
    "campaign.started",
    "campaign.queued",
    "campaign.paused",
    "campaign.braked",
    "campaign.scheduled",
];

/// The points at which people are gathered, exchanged and removed:
///
/// | Point | between |
/// |---|---|
/// | `audience.staged` | some hundreds of an audience are stored, the others are not |
/// | `audience.gathered` | all of it is stored, no campaign has it |
/// | `audience.taken` | a campaign has it, its asker is not answered and the former one is not removed |
/// | `leftovers.portion` | a portion of what was taken away is removed, the rest is not |
pub const AUDIENCE_POINTS: &[&str] = &[
    "audience.staged",
    "audience.gathered",
    "audience.taken",
    "leftovers.portion",
];

/// The names of all other points; the crash matrix goes through them.
pub const POINTS: &[&str] = &[
    "outbox.enqueued",
    "outbox.claimed",
    "outbox.called",
    "outbox.answered",
    "poll.stored",
    "sync.chat",
    "webhook.stored",
];

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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::{AUDIENCE_POINTS, CAMPAIGN_POINTS, POINTS};

    /// The names at which the sources in `folder` call a point.
    fn called_in(folder: &Path, names: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).expect("the sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                called_in(&path, names);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a source");
            // In two halves, so that this line is none.
            let call = ["crash::", "point(\""].concat();
            let after = text.split(&call).skip(1);
            names.extend(after.filter_map(|rest| rest.split('"').next()).map(str::to_owned));
        }
    }

    #[test]
    fn every_point_is_listed_and_every_listed_point_is_passed_somewhere() {
        let mut called = BTreeSet::new();
        called_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut called);
        let all = POINTS.iter().chain(CAMPAIGN_POINTS).chain(AUDIENCE_POINTS);
        let listed: BTreeSet<String> = all.map(|&name| name.to_owned()).collect();
        assert_eq!(called, listed, "the crash matrix kills at what is listed");
    }
}
