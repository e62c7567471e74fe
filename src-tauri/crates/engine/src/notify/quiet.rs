//! Do not disturb: for how long no notification is shown.
//!
//! It holds by the wall clock, so a computer that slept does not stay quiet for longer. What comes in meanwhile is counted as
//! unread like everything else, and is not announced afterwards.

use std::time::Duration;

use mostrador_domain::UnixMillis;

use super::Level;

const ON: &str = "on";
const OFF: &str = "off";

/// For how long no notification is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Quiet {
    /// Not now.
    #[default]
    Off,
    /// Until then.
    Until(UnixMillis),
    /// Until a person turns it off.
    On,
}

impl Quiet {
    /// The name of the setting.
    pub const SETTING: &'static str = "quiet";

    /// The same with what is over taken as off.
    #[must_use]
    pub fn at(self, now: UnixMillis) -> Self {
        match self {
            Self::Until(end) if end <= now => Self::Off,
            holds => holds,
        }
    }

    /// The word in the settings.
    pub fn word(self) -> String {
        match self {
            Self::Off => OFF.to_owned(),
            Self::On => ON.to_owned(),
            Self::Until(end) => end.0.to_string(),
        }
    }

    /// What a word stands for, which may be over. What is not known is off: a notification too many is better than none.
    pub fn from_word(word: Option<&str>) -> Self {
        match word {
            Some(ON) => Self::On,
            Some(word) => word.parse().map_or(Self::Off, |end| Self::Until(UnixMillis(end))),
            None => Self::Off,
        }
    }
}

/// What decides how much is said now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Voice {
    pub(super) level: Level,
    pub(super) quiet: Quiet,
}

/// A wall clock that is set, or a computer that slept, is noticed after this at the latest.
const LOOK_EVERY: Duration = Duration::from_secs(60);

impl Voice {
    /// By the words in the settings.
    pub(super) fn of(level: Option<&str>, quiet: Option<&str>) -> Self {
        Self {
            level: Level::from_word(level),
            quiet: Quiet::from_word(quiet),
        }
    }

    pub(super) fn level_at(self, now: UnixMillis) -> Level {
        if self.quiet.at(now) == Quiet::Off {
            self.level
        } else {
            Level::Off
        }
    }

    /// Does this say less than `before`? Then what is on the screen says too much.
    pub(super) fn says_less_than(self, before: Self, now: UnixMillis) -> bool {
        self.level_at(now) > before.level_at(now)
    }

    /// How long until it is to be looked at whether the quiet is over. `None` = it does not end by itself.
    pub(super) fn rest(self, now: UnixMillis) -> Option<Duration> {
        match self.quiet {
            Quiet::Until(end) => Some(end.since(now).min(LOOK_EVERY)),
            Quiet::Off | Quiet::On => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_000_000);
    const LATER: UnixMillis = UnixMillis(1_060_000);

    fn voice(level: Level, quiet: Quiet) -> Voice {
        Voice { level, quiet }
    }

    #[test]
    fn a_choice_is_read_as_it_was_kept_and_nonsense_is_off() {
        for quiet in [Quiet::Off, Quiet::On, Quiet::Until(LATER)] {
            assert_eq!(Quiet::from_word(Some(&quiet.word())), quiet, "{quiet:?}");
        }
        for nonsense in [None, Some(""), Some("yes"), Some("1e9")] {
            assert_eq!(
                Quiet::from_word(nonsense),
                Quiet::Off,
                "{nonsense:?} keeps nobody from being told"
            );
        }
    }

    #[test]
    fn quiet_ends_at_its_time_and_not_before() {
        let voice = voice(Level::Full, Quiet::Until(LATER));
        assert_eq!(voice.level_at(NOW), Level::Off, "a minute is left");
        assert_eq!(voice.level_at(LATER), Level::Full, "it is over");
        assert_eq!(Quiet::Until(LATER).at(LATER), Quiet::Off, "and said to be");
        assert_eq!(
            Quiet::On.at(UnixMillis(i64::MAX)),
            Quiet::On,
            "only a person ends this one"
        );
    }

    #[test]
    fn what_says_less_is_told_from_what_says_as_much_or_more() {
        let full = voice(Level::Full, Quiet::Off);
        for less in [
            voice(Level::NameOnly, Quiet::Off),
            voice(Level::Off, Quiet::Off),
            voice(Level::Full, Quiet::On),
        ] {
            assert!(less.says_less_than(full, NOW), "{less:?}");
            assert!(!full.says_less_than(less, NOW), "{less:?} said less");
        }
        let over = voice(Level::Full, Quiet::Until(NOW));
        assert!(!over.says_less_than(full, NOW), "what is over says as much");
    }

    #[test]
    fn only_what_ends_by_itself_is_waited_for_and_never_long_at_a_time() {
        let rest = |quiet| voice(Level::Full, quiet).rest(NOW);
        assert_eq!(rest(Quiet::Off), None, "nothing ends");
        assert_eq!(rest(Quiet::On), None, "a person ends it");
        assert_eq!(
            rest(Quiet::Until(UnixMillis(1_001_000))),
            Some(Duration::from_secs(1))
        );
        assert_eq!(
            rest(Quiet::Until(UnixMillis(i64::MAX))),
            Some(LOOK_EVERY),
            "the wall clock may be set meanwhile"
        );
    }
}
