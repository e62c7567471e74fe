//! The line between the gateway and the shop's phone.
//!
//! ```text
//! Asleep ──wake──▶ Starting ──(a moment)──▶ Showing codes ──scan──▶ Linked
//!                                             ▲    │ no code scanned: codes used up
//!                                        wake │    ▼
//!                                           Launched ◀── unlink (phone) / log out (gateway) ── Linked
//! ```
//!
//! A code lives for a fixed time and is then replaced by another one; after a number of codes the gateway stops
//! showing them and says so until it is woken again. Only the code that is live *now* can be scanned. Waking a
//! channel that is starting, showing codes or linked changes nothing.
//!
//! Instead of scanning, the phone may be given the eight letters that the gateway shows for its number; they live for
//! a time of their own, while codes to scan come and go. An account that demands a passkey is linked only when its owner has confirmed.

use serde::{Deserialize, Serialize};

use crate::{chance::Chance, clock::Millis};

/// Letters and digits that are not mistaken for each other.
const TYPED: &[u8] = b"ABCDEFGHJKLMNPQRSTVWXYZ123456789";
/// How long letters can be typed.
const LETTERS_LIFE: Millis = 120_000;
/// How long a passkey is waited for.
const PASSKEY_LIFE: Millis = 120_000;

/// A code on show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LiveCode {
    /// What the QR picture spells.
    pub(crate) rowdata: String,
    /// When it stops being valid.
    pub(crate) until: Millis,
    /// Its place in this round of codes, from 1.
    pub(crate) turn: u32,
}

/// Letters to type on the phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Letters {
    text: String,
    until: Millis,
}

/// What an account that demands a passkey waits for after its code was scanned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Passkey {
    /// By which the gateway asks for it.
    pub(crate) request_id: String,
    pub(crate) until: Millis,
}

/// Where the channel stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Line {
    /// Never started.
    Asleep,
    /// Woken; the first code comes at `until`.
    Starting { until: Millis },
    /// A code waits to be scanned.
    Showing(LiveCode),
    /// A code was scanned; the account's owner has to confirm with a passkey.
    Confirming(Passkey),
    /// Started, with no code on show; `gave_up` when the last round of codes was used up.
    Launched { gave_up: bool },
    /// The shop's number is linked.
    Linked,
}

/// Why a scan did not link the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanRefused {
    /// The number is linked already.
    AlreadyLinked,
    /// The scanned code is no longer the one on show.
    CodeExpired,
    /// No code is on show.
    NoCode,
}

impl ScanRefused {
    /// The code by which the phone panel knows it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::AlreadyLinked => "already_linked",
            Self::CodeExpired => "code_expired",
            Self::NoCode => "no_code",
        }
    }
}

/// How codes come and go.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CodeHabits {
    pub(crate) starting: Millis,
    pub(crate) life: Millis,
    pub(crate) per_round: u32,
}

/// The channel: its line and since when it has run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Channel {
    pub(crate) line: Line,
    pub(crate) started_at: Millis,
    /// The eight letters that may be typed instead of scanning, once somebody asked for them.
    #[serde(default)]
    letters: Option<Letters>,
}

impl Channel {
    /// A channel that nobody has started yet.
    pub(crate) fn asleep(now: Millis) -> Self {
        Self {
            line: Line::Asleep,
            started_at: now,
            letters: None,
        }
    }

    pub(crate) fn is_linked(&self) -> bool {
        self.line == Line::Linked
    }

    /// The code that can be scanned now.
    pub(crate) fn live_code(&self) -> Option<&LiveCode> {
        match &self.line {
            Line::Showing(code) => Some(code),
            _ => None,
        }
    }

    /// WhatsApp's words for the state, with the vendor's number.
    pub(crate) fn wire(&self) -> (u8, &'static str) {
        match self.line {
            Line::Asleep => (0, "NOT_INIT"),
            Line::Starting { .. } => (1, "INIT"),
            Line::Launched { .. } => (2, "LAUNCH"),
            Line::Showing(_) | Line::Confirming(_) => (3, "QR"),
            Line::Linked => (4, "AUTH"),
        }
    }

    /// Starts the channel, or a new round of codes, if it stands still; true when anything changed.
    pub(crate) fn wake(&mut self, now: Millis, habits: CodeHabits, chance: &mut Chance) -> bool {
        match self.line {
            Line::Asleep => {
                self.started_at = now;
                self.line = Line::Starting {
                    until: now.saturating_add(habits.starting),
                };
                true
            }
            Line::Launched { .. } => {
                self.line = Line::Showing(new_code(now, 1, habits, chance));
                true
            }
            Line::Starting { .. } | Line::Showing(_) | Line::Confirming(_) | Line::Linked => false,
        }
    }

    /// When the line changes next by itself.
    pub(crate) fn due(&self) -> Option<Millis> {
        match &self.line {
            Line::Starting { until } => Some(*until),
            Line::Showing(code) => Some(code.until),
            Line::Confirming(passkey) => Some(passkey.until),
            Line::Asleep | Line::Launched { .. } | Line::Linked => None,
        }
    }

    /// Makes the change that is due, if any; true when something changed.
    pub(crate) fn pass(&mut self, now: Millis, habits: CodeHabits, chance: &mut Chance) -> bool {
        let next = match &self.line {
            Line::Starting { until } if *until <= now => Line::Showing(new_code(now, 1, habits, chance)),
            Line::Showing(code) if code.until <= now && code.turn >= habits.per_round => {
                Line::Launched { gave_up: true }
            }
            Line::Showing(code) if code.until <= now => {
                Line::Showing(new_code(now, code.turn + 1, habits, chance))
            }
            Line::Confirming(passkey) if passkey.until <= now => Line::Launched { gave_up: true },
            _ => return false,
        };
        self.line = next;
        true
    }

    /// The phone scans: `seen` is what its camera read, or `None` to scan whatever is on show.
    pub(crate) fn scan(&mut self, seen: Option<&str>) -> Result<(), ScanRefused> {
        let live = match &self.line {
            Line::Linked => return Err(ScanRefused::AlreadyLinked),
            Line::Showing(code) => code,
            _ if seen.is_some() => return Err(ScanRefused::CodeExpired),
            _ => return Err(ScanRefused::NoCode),
        };
        if seen.is_some_and(|seen| seen != live.rowdata) {
            return Err(ScanRefused::CodeExpired);
        }
        self.line = Line::Linked;
        Ok(())
    }

    /// The letters to type on the phone, the same ones while they live; `None` while the channel shows no codes.
    pub(crate) fn letters(&mut self, now: Millis, chance: &mut Chance) -> Option<String> {
        if !matches!(self.line, Line::Showing(_)) {
            return None;
        }
        let fresh = || {
            let typed: String = (0..8).map(|_| char::from(chance.one_of(TYPED))).collect();
            let (first, second) = typed.split_at(4);
            Letters {
                text: format!("{first}-{second}"),
                until: now.saturating_add(LETTERS_LIFE),
            }
        };
        let live = self.letters.take().filter(|letters| letters.until > now);
        let letters = self.letters.insert(live.unwrap_or_else(fresh));
        Some(letters.text.clone())
    }

    /// For how long letters can still be typed; `None` when nobody asked for any.
    pub(crate) fn letters_left(&self, now: Millis) -> Option<Millis> {
        let letters = self.letters.as_ref().filter(|_| !self.is_linked())?;
        Some(letters.until.saturating_sub(now)).filter(|left| *left > 0)
    }

    /// The phone is given letters.
    pub(crate) fn type_letters(&mut self, typed: &str, now: Millis) -> Result<(), ScanRefused> {
        let plain = |letters: &str| {
            let kept = letters.chars().filter(|letter| letter.is_ascii_alphanumeric());
            kept.collect::<String>().to_uppercase()
        };
        match (&self.line, &self.letters) {
            (Line::Linked, _) => return Err(ScanRefused::AlreadyLinked),
            (Line::Confirming(_), _) | (_, None) => return Err(ScanRefused::NoCode),
            (_, Some(letters)) if letters.until <= now || plain(&letters.text) != plain(typed) => {
                return Err(ScanRefused::CodeExpired);
            }
            _ => {}
        }
        self.letters = None;
        self.line = Line::Linked;
        Ok(())
    }

    /// The account demands a passkey: what was linked by a scan waits for its owner first.
    pub(crate) fn demand_passkey(&mut self, now: Millis, chance: &mut Chance) {
        self.line = Line::Confirming(Passkey {
            request_id: chance.hex(32),
            until: now.saturating_add(PASSKEY_LIFE),
        });
    }

    /// Does it wait for the owner's passkey?
    pub(crate) fn wants_passkey(&self) -> bool {
        matches!(self.line, Line::Confirming(_))
    }

    /// The owner confirms; false when nothing waits for that.
    pub(crate) fn confirm(&mut self) -> bool {
        let waits = matches!(self.line, Line::Confirming(_));
        if waits {
            self.line = Line::Linked;
        }
        waits
    }

    /// Ends the link; false when there was none.
    pub(crate) fn unlink(&mut self) -> bool {
        let linked = self.is_linked();
        if linked {
            self.line = Line::Launched { gave_up: false };
        }
        linked
    }
}

fn new_code(now: Millis, turn: u32, habits: CodeHabits, chance: &mut Chance) -> LiveCode {
    let rowdata = format!(
        "2@{},{},{},1",
        chance.letters(44),
        chance.letters(43),
        chance.letters(43)
    );
    LiveCode {
        rowdata,
        until: now.saturating_add(habits.life.max(1)),
        turn,
    }
}

#[cfg(test)]
mod tests {
    use super::{Channel, CodeHabits, Line, ScanRefused};
    use crate::chance::Chance;

    const HABITS: CodeHabits = CodeHabits {
        starting: 100,
        life: 1000,
        per_round: 2,
    };

    fn showing(chance: &mut Chance) -> Channel {
        let mut channel = Channel::asleep(0);
        channel.wake(0, HABITS, chance);
        channel.pass(100, HABITS, chance);
        channel
    }

    #[test]
    fn an_old_code_cannot_be_scanned() {
        let mut chance = Chance::from_seed(1);
        let mut channel = showing(&mut chance);
        let old = channel.live_code().expect("a code is on show").rowdata.clone();

        channel.pass(1100, HABITS, &mut chance);

        assert_eq!(
            channel.scan(Some(&old)),
            Err(ScanRefused::CodeExpired),
            "its time was over"
        );
        assert_eq!(channel.scan(None), Ok(()), "the new code is live");
    }

    #[test]
    fn codes_run_out_until_the_channel_is_woken() {
        let mut chance = Chance::from_seed(1);
        let mut channel = showing(&mut chance);

        channel.pass(1100, HABITS, &mut chance);
        channel.pass(2100, HABITS, &mut chance);

        assert_eq!(
            channel.line,
            Line::Launched { gave_up: true },
            "two codes to a round, both unused"
        );
        assert_eq!(channel.scan(None), Err(ScanRefused::NoCode), "nothing is on show");
        assert!(
            channel.wake(3000, HABITS, &mut chance),
            "waking starts another round"
        );
        assert!(channel.live_code().is_some(), "a code is on show again");
    }

    #[test]
    fn letters_outlive_the_code_on_show_and_end_at_their_own_time() {
        let mut chance = Chance::from_seed(1);
        let mut channel = showing(&mut chance);
        let letters = channel.letters(100, &mut chance).expect("codes are on show");

        channel.pass(1100, HABITS, &mut chance);
        let again = channel.letters(1100, &mut chance);
        let end = 100 + super::LETTERS_LIFE;

        assert_eq!(
            again.as_deref(),
            Some(letters.as_str()),
            "another QR, the same letters"
        );
        assert_eq!(
            channel.type_letters(&letters, end),
            Err(ScanRefused::CodeExpired),
            "their time is over"
        );
        assert_eq!(channel.letters_left(end), None, "and nothing says otherwise");
        assert_eq!(
            channel.type_letters(&letters, end - 1),
            Ok(()),
            "a moment before they linked"
        );
    }

    #[test]
    fn a_linked_number_is_not_linked_twice() {
        let mut chance = Chance::from_seed(1);
        let mut channel = showing(&mut chance);
        assert_eq!(channel.scan(None), Ok(()), "the live code links");
        assert_eq!(
            channel.scan(None),
            Err(ScanRefused::AlreadyLinked),
            "there is nothing left to scan"
        );
    }
}
