//! How often a gateway is asked for news.
//!
//! Where it calls us, asking is a safety net and rare. Where it cannot, asking is the way in: often while something is going
//! on, more seldom while nothing is, so that a quiet night costs few of the calls that a plan allows.
//!
//! | Route | news in the last | pause |
//! |---|---|---|
//! | webhook, or none: then only the way in is looked after | | 60 s |
//! | polling | 2 minutes | 5 s |
//! | polling | 15 minutes | 15 s |
//! | polling | longer ago | 30 s |

use std::time::Duration;

use super::InboundRoute;

const AS_NET: Duration = Duration::from_secs(60);
/// (as long as the last news is younger than this, the pause is that)
const BY_NEWS: [(Duration, Duration); 2] = [
    (Duration::from_secs(120), Duration::from_secs(5)),
    (Duration::from_secs(900), Duration::from_secs(15)),
];
const QUIET: Duration = Duration::from_secs(30);

/// When something last came in, by a clock that does not jump.
pub(super) struct Rhythm {
    last_news: Duration,
}

impl Rhythm {
    /// A rhythm that begins now, as if there were news.
    pub(super) fn at(elapsed: Duration) -> Self {
        Self { last_news: elapsed }
    }

    /// Something new came in, or a person did something.
    pub(super) fn news(&mut self, elapsed: Duration) {
        self.last_news = elapsed;
    }

    /// Is it slower than while something is going on?
    pub(super) fn is_slow(&self, elapsed: Duration) -> bool {
        BY_NEWS
            .first()
            .is_none_or(|(fresh, _)| elapsed.saturating_sub(self.last_news) >= *fresh)
    }

    /// How long to wait before asking again.
    pub(super) fn pause(&self, route: InboundRoute, elapsed: Duration) -> Duration {
        if route != InboundRoute::Polling {
            return AS_NET;
        }
        let age = elapsed.saturating_sub(self.last_news);
        BY_NEWS
            .into_iter()
            .find(|(younger_than, _)| age < *younger_than)
            .map_or(QUIET, |(_, pause)| pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn seconds(rhythm: &Rhythm, elapsed: Duration) -> u64 {
        rhythm.pause(InboundRoute::Polling, elapsed).as_secs()
    }

    #[test]
    fn asking_slows_down_while_nothing_happens() {
        let mut rhythm = Rhythm::at(Duration::ZERO);
        assert_eq!(seconds(&rhythm, Duration::ZERO), 5, "at the start");
        assert_eq!(seconds(&rhythm, 3 * MINUTE), 15, "nothing for three minutes");
        assert_eq!(seconds(&rhythm, 600 * MINUTE), 30, "a quiet night");
        rhythm.news(600 * MINUTE);
        assert_eq!(seconds(&rhythm, 601 * MINUTE), 5, "a customer has written");
    }

    #[test]
    fn a_gateway_that_calls_is_asked_once_a_minute() {
        let rhythm = Rhythm::at(Duration::ZERO);
        let pause = rhythm.pause(InboundRoute::WebhookAndPolling, Duration::ZERO);
        assert_eq!(pause, MINUTE, "asking is only a safety net");
    }
}
