//! What a sandbox can be told before it starts.
//!
//! Two presets cover nearly every use: [`SandboxConfig::for_tests`] does nothing that it was not asked for and
//! waits for nothing, [`SandboxConfig::practice`] behaves as a small shop's WhatsApp does on a quiet day. Each
//! field may be changed afterwards.

use std::{path::PathBuf, time::Duration};

/// How long the shop's own messages take from one tick to the next.
#[derive(Clone, Copy, Debug)]
pub struct ReceiptDelays {
    /// From accepted by the gateway (pending) to accepted by WhatsApp (sent).
    pub sent: Duration,
    /// From accepted by the gateway to the recipient's phone (delivered).
    pub delivered: Duration,
    /// From delivered to opened. `None`: the person opens the chat only when told to, see
    /// [`Sandbox::read_as`](crate::Sandbox::read_as), or when they answer.
    pub read: Option<Duration>,
}

/// Everything that can be settled about a sandbox. Build it from a preset.
#[derive(Clone, Debug)]
pub struct SandboxConfig {
    /// The loopback port; 0 takes any free one. With a state file, 0 takes the port of the last run again when
    /// it is free.
    pub port: u16,
    /// The access token. `None` takes the one of the state file, or else makes a new one.
    pub token: Option<String>,
    /// Settles ids and texts of the invented world.
    pub seed: u64,
    /// How many chats there are; `None` leaves it at the written parts: a dozen customers and a group.
    pub chats: Option<u32>,
    /// How many messages lie in them; `None` leaves it at what the written parts have said.
    pub messages: Option<u32>,
    /// How many of the shop's numbers there are, each with a token of its own; at least one.
    pub devices: u32,
    /// They are one customer's at QR Búho, which calls one address for all of them and lists them together. Each has a token of its own
    /// all the same.
    pub one_customer: bool,
    /// The phone scans each code as soon as one is shown.
    pub auto_scan: bool,
    /// How fast the ticks change.
    pub receipts: ReceiptDelays,
    /// Whether customers answer when the shop writes to them.
    pub customers_answer: bool,
    /// How long a customer takes to answer, counted from delivery.
    pub answer_after: Duration,
    /// How often some customer writes without being asked; `None` is never.
    pub customers_write_every: Option<Duration>,
    /// Where the world is kept between runs; `None` keeps it in memory only.
    pub state_file: Option<PathBuf>,
    /// How many seconds one QR code can be scanned.
    pub qr_seconds: u32,
    /// How many codes are shown, one after another, before the gateway gives up and says TIMEOUT.
    pub qr_codes: u32,
    /// How long the channel takes from being woken to its first code.
    pub starting: Duration,
    /// The step of the waiting time between two attempts at a webhook; `None` follows the channel's settings,
    /// which allow nothing under three seconds.
    pub webhook_backoff: Option<Duration>,
    /// How many events of one kind may travel in one webhook, when they wait behind each other; at least one.
    pub webhook_batch: usize,
}

impl SandboxConfig {
    /// The fixed token of [`SandboxConfig::for_tests`].
    pub const TEST_TOKEN: &str = "practice-token-for-tests";

    /// Nothing happens by itself, and what is asked for happens at once.
    #[must_use]
    pub fn for_tests() -> Self {
        Self {
            port: 0,
            token: Some(Self::TEST_TOKEN.to_owned()),
            seed: 1,
            chats: None,
            messages: None,
            devices: 1,
            one_customer: false,
            auto_scan: false,
            receipts: ReceiptDelays {
                sent: Duration::ZERO,
                delivered: Duration::ZERO,
                read: None,
            },
            customers_answer: false,
            answer_after: Duration::ZERO,
            customers_write_every: None,
            state_file: None,
            qr_seconds: 20,
            qr_codes: 6,
            starting: Duration::ZERO,
            webhook_backoff: Some(Duration::from_millis(20)),
            webhook_batch: 1,
        }
    }

    /// The same, in other haste: every wait of the world is divided by `speed`. Webhooks' retries keep theirs. A
    /// speed that is no positive number changes nothing.
    #[must_use]
    pub fn at_speed(mut self, speed: f64) -> Self {
        let at = |span: Duration| {
            Duration::try_from_secs_f64(span.as_secs_f64() / speed)
                .ok()
                .filter(|_| speed > 0.0)
                .unwrap_or(span)
        };
        self.receipts.sent = at(self.receipts.sent);
        self.receipts.delivered = at(self.receipts.delivered);
        self.receipts.read = self.receipts.read.map(at);
        self.answer_after = at(self.answer_after);
        self.customers_write_every = self.customers_write_every.map(at);
        self.starting = at(self.starting);
        self
    }

    /// A shop on a quiet day: ticks take a moment, customers answer, and now and then one writes first.
    #[must_use]
    pub fn practice() -> Self {
        Self {
            port: 0,
            token: None,
            seed: 1,
            chats: None,
            messages: None,
            devices: 1,
            one_customer: false,
            auto_scan: false,
            receipts: ReceiptDelays {
                sent: Duration::from_millis(500),
                delivered: Duration::from_millis(1400),
                read: Some(Duration::from_millis(2600)),
            },
            customers_answer: true,
            answer_after: Duration::from_secs(6),
            customers_write_every: Some(Duration::from_secs(90)),
            state_file: None,
            qr_seconds: 20,
            qr_codes: 6,
            starting: Duration::from_millis(1200),
            webhook_backoff: None,
            webhook_batch: 20,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wait_of_the_world_is_divided_and_nothing_else() {
        let (plain, fast) = (
            SandboxConfig::practice(),
            SandboxConfig::practice().at_speed(10.0),
        );
        let tenth = |span: Duration| span / 10;
        for (what, at_speed, usual) in [
            ("sent", fast.receipts.sent, plain.receipts.sent),
            ("delivered", fast.receipts.delivered, plain.receipts.delivered),
            (
                "read",
                fast.receipts.read.expect("they read"),
                plain.receipts.read.expect("they read"),
            ),
            ("answers", fast.answer_after, plain.answer_after),
            (
                "customers write",
                fast.customers_write_every.expect("they write"),
                plain.customers_write_every.expect("they write"),
            ),
            ("starting", fast.starting, plain.starting),
        ] {
            assert_eq!(at_speed, tenth(usual), "{what}: ten times as fast");
        }
        assert_eq!(fast.qr_seconds, plain.qr_seconds, "a person scans no faster");
        assert_eq!(
            fast.webhook_backoff, plain.webhook_backoff,
            "nor is a receiver back sooner"
        );
        let slow = SandboxConfig::practice().at_speed(0.5);
        assert_eq!(slow.answer_after, plain.answer_after * 2, "half as fast");
    }

    #[test]
    fn a_speed_that_is_none_changes_nothing() {
        let plain = SandboxConfig::practice();
        for speed in [0.0, -1.0, f64::NAN, f64::INFINITY * 0.0, f64::MIN_POSITIVE] {
            let same = SandboxConfig::practice().at_speed(speed);
            assert_eq!(
                (same.answer_after, same.starting, same.receipts.read),
                (plain.answer_after, plain.starting, plain.receipts.read),
                "{speed} is no speed"
            );
        }
        let never = SandboxConfig::for_tests().at_speed(10.0);
        assert_eq!(never.customers_write_every, None, "who never writes does not");
    }
}
