//! How many calls are left, by the gateway's own headers.
//!
//! Every answer says how many of a window's calls remain and when the next window begins. Once none remain, nothing more is
//! asked before then: the answer would be 429, and each refused call may count as well. Shortly before that, only what somebody
//! waits for is let through, and messages go before questions; a question that is held back is no trouble of the gateway's.
//!
//! The server counts by where it is called from, whoever's key it is: all links to one server have one budget ([`Budgets`]), and each
//! call is taken off before it is made. What an answer says holds from then on, though a call of another link may be under way; an
//! answer to a call that was made before the one that is known says nothing new.
//!
//! The window's end is a time by the gateway's clock, so it is read against the `Date` of the same answer; without one it is
//! taken to be a whole window away. All of it is of the moment at which the call was counted: a text to many blocks for longer than a
//! window, and its answer tells of one that is over.
//!
//! A refusal for too many calls says the same, and by `Retry-After` for how long none is wanted. A proxy may have taken that away:
//! then it lasts until the window's end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use http::HeaderMap;
use http::header::DATE;
use mostrador_domain::{Failure, NotSentCause};
use url::Url;

use crate::http_kit::retry_after;

/// Documented.
const WINDOW: Duration = Duration::from_secs(900);

/// Who wants to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// A message on its way.
    Message,
    /// A person, who can ask again.
    Person,
    /// We, by routine.
    Routine,
}

impl Weight {
    /// How many calls it leaves to those that matter more.
    fn leaves(self) -> u32 {
        match self {
            Self::Message => 0,
            Self::Person => 5,
            Self::Routine => 10,
        }
    }
}

/// The budgets of all servers that were ever asked. A link that is gone leaves its server's budget behind: the server counts on.
#[derive(Default)]
pub(super) struct Budgets(Mutex<HashMap<String, Arc<Budget>>>);

impl Budgets {
    /// That of the server at this address, whatever path it is under.
    pub(super) fn of(&self, url: &Url) -> Arc<Budget> {
        let server = url.origin().ascii_serialization();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(server).or_default())
    }
}

/// What is left of the present window, as far as it was told.
#[derive(Default)]
pub(super) struct Budget(Mutex<Option<Left>>);

#[derive(Clone, Copy)]
struct Left {
    calls: u32,
    until: Duration,
    /// When the call was made whose answer said so.
    asked: Duration,
}

impl Budget {
    /// May it be asked at this moment? Then it is taken off what is left.
    ///
    /// # Errors
    /// Certainly not sent, with the time until the next window: none remain, or those that do are kept for what matters more.
    pub(super) fn allows(&self, weight: Weight, now: Duration) -> Result<(), Failure> {
        let mut left = self.lock();
        match &mut *left {
            Some(Left { calls, until, .. }) if now < *until && *calls <= weight.leaves() => {
                Err(Failure::NotSent {
                    cause: match *calls {
                        0 => NotSentCause::RateLimited,
                        _ => NotSentCause::Spared,
                    },
                    retry_after: Some(until.saturating_sub(now)),
                })
            }
            Some(Left { calls, until, .. }) if now < *until => {
                *calls -= 1;
                Ok(())
            }
            _ => {
                *left = None;
                Ok(())
            }
        }
    }

    /// Notes what the answer says of it to a call that was made at `asked`.
    pub(super) fn learn(&self, headers: &HeaderMap, asked: Duration) {
        let Some(calls) = number(headers, "x-ratelimit-remaining") else {
            return;
        };
        let calls = u32::try_from(calls).unwrap_or(u32::MAX);
        let until = asked.saturating_add(to_the_next(headers));
        let mut left = self.lock();
        if left.is_none_or(|known| known.asked <= asked) {
            *left = Some(Left { calls, until, asked });
        }
    }

    /// Notes what a refusal for too many calls says: for how long there are none left. `None` = it does not say.
    pub(super) fn refused(&self, headers: &HeaderMap, now: Duration) -> Option<Duration> {
        let tells =
            || number(headers, "x-ratelimit-remaining").or_else(|| number(headers, "x-ratelimit-reset"));
        let wait = retry_after::of(headers).or_else(|| {
            // A window that is over when the answer leaves says nothing of the next one.
            tells()
                .map(|_| to_the_next(headers))
                .filter(|wait| !wait.is_zero())
        })?;
        self.used_up(wait, now);
        Some(wait)
    }

    fn used_up(&self, wait: Duration, now: Duration) {
        let until = now.saturating_add(wait.min(WINDOW));
        *self.lock() = Some(Left {
            calls: 0,
            until,
            asked: now,
        });
    }

    fn lock(&self) -> MutexGuard<'_, Option<Left>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// From when the call was counted to the next window; nothing where the answer left after its end.
fn to_the_next(headers: &HeaderMap) -> Duration {
    let told = || {
        let reset = UNIX_EPOCH.checked_add(Duration::from_secs(number(headers, "x-ratelimit-reset")?))?;
        let date = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
        Some(reset.duration_since(date).unwrap_or_default())
    };
    told().unwrap_or(WINDOW).min(WINDOW)
}

#[cfg(test)]
mod tests {
    use http::header::RETRY_AFTER;

    use super::*;

    const NOW: Duration = Duration::from_secs(1_000);

    /// As recorded, with the `Date` that every answer has.
    fn headers(remaining: &str, seconds_left: u64) -> HeaderMap {
        let reset = 784_111_777 + seconds_left;
        let mut headers = HeaderMap::new();
        headers.insert("x-ratelimit-limit", "100".parse().expect("plain"));
        headers.insert("x-ratelimit-remaining", remaining.parse().expect("plain"));
        headers.insert("x-ratelimit-reset", reset.to_string().parse().expect("plain"));
        headers.insert(DATE, "Sun, 06 Nov 1994 08:49:37 GMT".parse().expect("plain"));
        headers
    }

    fn wait(budget: &Budget, weight: Weight, now: Duration) -> Option<Duration> {
        match budget.allows(weight, now) {
            Ok(()) => None,
            Err(Failure::NotSent { retry_after, .. }) => retry_after,
            Err(other) => panic!("certainly not sent, not {other:?}"),
        }
    }

    #[test]
    fn when_none_remain_nothing_is_asked_before_the_next_window() {
        let budget = Budget::default();
        assert_eq!(wait(&budget, Weight::Routine, NOW), None, "nothing is known yet");
        budget.learn(&headers("0", 60), NOW);
        let left = Some(Duration::from_secs(60));
        assert_eq!(wait(&budget, Weight::Message, NOW), left, "none remain");
        let later = NOW + Duration::from_secs(59);
        assert_eq!(
            wait(&budget, Weight::Message, later),
            Some(Duration::from_secs(1)),
            "still none"
        );
        assert_eq!(
            wait(&budget, Weight::Message, NOW + Duration::from_secs(60)),
            None,
            "a new window"
        );
    }

    #[test]
    fn the_last_calls_are_kept_for_messages() {
        let budget = Budget::default();
        budget.learn(&headers("7", 60), NOW);
        assert!(wait(&budget, Weight::Routine, NOW).is_some(), "routine can wait");
        assert_eq!(wait(&budget, Weight::Person, NOW), None, "somebody asks");
        budget.learn(&headers("3", 60), NOW);
        assert!(wait(&budget, Weight::Person, NOW).is_some(), "they can ask again");
        assert_eq!(wait(&budget, Weight::Message, NOW), None, "a customer waits");
    }

    #[test]
    fn a_call_that_was_held_back_is_told_apart_from_one_too_many() {
        let cause = |remaining: &str, weight| {
            let budget = Budget::default();
            budget.learn(&headers(remaining, 60), NOW);
            match budget.allows(weight, NOW) {
                Err(Failure::NotSent { cause, .. }) => Some(cause),
                _ => None,
            }
        };
        assert_eq!(
            cause("9", Weight::Routine),
            Some(NotSentCause::Spared),
            "the gateway would have answered"
        );
        assert_eq!(
            cause("5", Weight::Person),
            Some(NotSentCause::Spared),
            "so it would"
        );
        for weight in [Weight::Message, Weight::Person, Weight::Routine] {
            assert_eq!(
                cause("0", weight),
                Some(NotSentCause::RateLimited),
                "it would have refused it: {weight:?}"
            );
        }
    }

    #[test]
    fn of_two_that_want_the_last_call_one_gets_it() {
        let budget = Budget::default();
        budget.learn(&headers("1", 60), NOW);
        assert_eq!(wait(&budget, Weight::Message, NOW), None, "the last one");
        assert!(
            wait(&budget, Weight::Message, NOW).is_some(),
            "it is under way, though nothing has answered yet"
        );
    }

    #[test]
    fn a_server_has_one_budget_whatever_path_it_is_under() {
        let budgets = Budgets::default();
        let of = |url: &str| budgets.of(&Url::parse(url).expect("an address"));
        let one = of("http://127.0.0.1:3000/");
        assert!(
            Arc::ptr_eq(&one, &of("http://127.0.0.1:3000/engine/")),
            "one server"
        );
        assert!(!Arc::ptr_eq(&one, &of("http://127.0.0.1:3001/")), "another one");
    }

    #[test]
    fn an_answer_that_comes_after_its_windows_end_says_nothing_of_the_next_one() {
        let (short, long) = (Duration::from_secs(60), Duration::from_secs(1_000));
        // The library dates the answer when it counts the call; a server in front of it may date it when it leaves.
        let counted = headers("3", short.as_secs());
        let mut left_late = counted.clone();
        left_late.insert(DATE, "Sun, 06 Nov 1994 09:06:17 GMT".parse().expect("plain"));
        for said in [counted, left_late] {
            let budget = Budget::default();
            assert_eq!(wait(&budget, Weight::Person, NOW), None, "a text to many leaves");
            budget.learn(&said, NOW);
            assert_eq!(
                wait(&budget, Weight::Routine, NOW + long),
                None,
                "its few calls were of a window that is over"
            );
        }
    }

    #[test]
    fn an_answer_that_was_overtaken_by_a_later_calls_says_nothing_new() {
        let budget = Budget::default();
        let later = NOW + Duration::from_secs(1);
        budget.learn(&headers("0", 60), later);
        budget.learn(&headers("50", 61), NOW);
        assert!(
            wait(&budget, Weight::Message, later).is_some(),
            "none remain, whatever did before"
        );
        budget.learn(&headers("99", 60), later + Duration::from_secs(60));
        assert_eq!(
            wait(&budget, Weight::Routine, later + Duration::from_secs(60)),
            None,
            "a new window"
        );
    }

    #[test]
    fn odd_headers_never_silence_it_for_longer_than_a_window() {
        let budget = Budget::default();
        budget.learn(&headers("0", 9_999_999), NOW);
        assert_eq!(
            wait(&budget, Weight::Message, NOW),
            Some(WINDOW),
            "no window is longer"
        );
        let mut undated = headers("0", 60);
        undated.remove(DATE);
        budget.learn(&undated, NOW);
        assert_eq!(
            wait(&budget, Weight::Message, NOW),
            Some(WINDOW),
            "nobody knows when it ends"
        );
        let fresh = Budget::default();
        fresh.learn(&headers("many", 60), NOW);
        assert_eq!(wait(&fresh, Weight::Routine, NOW), None, "that says nothing");
    }

    #[test]
    fn a_refusal_tells_for_how_long_there_are_none_left() {
        let refused = |headers: &HeaderMap| {
            let budget = Budget::default();
            let told = budget.refused(headers, NOW);
            (told, wait(&budget, Weight::Message, NOW))
        };
        let so_long = |seconds| {
            let wait = Some(Duration::from_secs(seconds));
            (wait, wait)
        };
        let bare = headers("0", 60);
        assert_eq!(refused(&bare), so_long(60), "until the window ends");
        let mut asked = bare.clone();
        asked.insert(RETRY_AFTER, "9".parse().expect("plain"));
        assert_eq!(refused(&asked), so_long(9), "as long as it asks for");
        assert_eq!(
            refused(&headers("3", 60)),
            so_long(60),
            "it was refused, whatever is said to be left"
        );
        let mut undated = bare;
        undated.remove(DATE);
        assert_eq!(
            refused(&undated),
            so_long(900),
            "a window, where nobody knows when it ends"
        );
        assert_eq!(
            refused(&HeaderMap::new()),
            (None, None),
            "somebody on the way, who says nothing"
        );
        assert_eq!(
            refused(&headers("0", 0)),
            (None, None),
            "its window is over: the next one may be asked"
        );
    }
}
