//! The codes that are shown while a number is being linked.
//!
//! A code lasts some seconds; the next one is asked for by itself. After a few that nobody scanned we stop asking and say so:
//! whoever walked away finds a button, and the gateway is left in peace. One that stays on show for longer than it was said to last is
//! asked for no oftener than the link wants to be asked how it is: there every call counts.

use std::time::Duration;

use mostrador_domain::{PairingCode, PairingContent, UnixMillis};

/// How many codes are shown before a person has to ask for more.
const CODES: u32 = 6;
/// For so long a code that was told again is not asked for a third time.
const SAME: Duration = Duration::from_secs(1);

/// What was shown since a person last asked.
#[derive(Default)]
pub(super) struct Codes {
    shown: u32,
    last: Option<PairingCode>,
}

impl Codes {
    /// Notes a code. The same code again keeps the earlier end if that comes first, and lasts for [`SAME`], or `ask_every`, at the least.
    pub(super) fn shown(
        &mut self,
        content: PairingContent,
        valid_for: Duration,
        ask_every: Duration,
        now: UnixMillis,
    ) -> PairingCode {
        let expires_at = now.after(valid_for);
        let code = match &self.last {
            Some(last) if last.content == content => PairingCode {
                content,
                expires_at: last
                    .expires_at
                    .min(expires_at)
                    .max(now.after(ask_every.max(SAME))),
            },
            _ => {
                self.shown += 1;
                PairingCode { content, expires_at }
            }
        };
        self.last = Some(code.clone());
        code
    }

    /// May another one be asked for without a person?
    pub(super) fn may_ask_again(&self) -> bool {
        self.shown < CODES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: Duration = Duration::from_secs(20);

    fn text(word: &str) -> PairingContent {
        PairingContent::Text(word.into())
    }

    #[test]
    fn after_six_codes_a_person_has_to_ask() {
        let mut codes = Codes::default();
        for number in 0..CODES {
            assert!(codes.may_ask_again(), "code {number} may be asked for");
            codes.shown(text(&number.to_string()), LIFE, Duration::ZERO, UnixMillis(0));
        }
        assert!(!codes.may_ask_again(), "nobody is there: stop asking");
    }

    #[test]
    fn the_same_code_again_does_not_count_and_does_not_last_longer() {
        let mut codes = Codes::default();
        let first = codes.shown(text("a"), LIFE, Duration::ZERO, UnixMillis(0));
        let again = codes.shown(text("a"), LIFE, Duration::ZERO, UnixMillis(5_000));
        assert_eq!(
            again.expires_at, first.expires_at,
            "it was told twice, it ends once"
        );
        assert_eq!(codes.shown, 1, "one code was shown");
    }

    #[test]
    fn one_that_stays_on_show_is_asked_for_no_oftener_than_the_link_wants() {
        for (ask_every, expected) in [(0, 1_000), (10, 10_000)] {
            let mut codes = Codes::default();
            let (mut now, mut asked) = (UnixMillis(0), Vec::new());
            while now < UnixMillis(60_000) {
                let code = codes.shown(text("a"), LIFE, Duration::from_secs(ask_every), now);
                now = code.expires_at;
                asked.push(now);
            }
            let shortest = asked.windows(2).map(|two| two[1].0 - two[0].0).min();
            assert_eq!(shortest, Some(expected), "every {ask_every} seconds at the most");
            assert_eq!(codes.shown, 1, "one code was shown");
        }
    }
}
