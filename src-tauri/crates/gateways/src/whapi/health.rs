//! How the channel is.
//!
//! | `status.text` | means |
//! |---|---|
//! | AUTH | linked |
//! | QR, LAUNCH, NOT_INIT | waits for a scan, launched and not yet linked, never started: not linked |
//! | INIT, STOP | starting, stopped: whether a number is linked shows later |
//! | ERROR, SYNC_ERROR, anything else | the gateway cannot tell now |
//!
//! The numeric code beside the text is not documented in full and is not used. Asking with `wakeup` starts a
//! sleeping channel, which takes it up to a minute.

use async_trait::async_trait;
use mostrador_domain::{Address, Failure};

use super::errors::{self, NOT_READY};
use super::fields::Fields;
use super::link::WhapiLink;
use crate::http_kit::{Call, Path};
use crate::{Health, LinkHealth};

#[async_trait]
impl Health for WhapiLink {
    async fn check(&self, wake: bool) -> Result<LinkHealth, Failure> {
        let path = Path::fixed("/health").query("wakeup", wake);
        // Not `ask`: that one asks here when it is in doubt.
        let answer = self.http.call(Call::get(path)).await?;
        if !answer.is_success() {
            return Err(errors::of_health(&answer));
        }
        let health = answer.json()?;
        Fields::of(&health).and_then(of).ok_or(NOT_READY)
    }
}

/// What the state of a channel says of the link; `None` when it says nothing.
pub(super) fn of(health: Fields<'_>) -> Option<LinkHealth> {
    match state(health)? {
        "AUTH" => Some(LinkHealth::Linked {
            own: own_address(health.object("user")),
        }),
        "QR" | "LAUNCH" | "NOT_INIT" => Some(LinkHealth::NotLinked),
        "INIT" | "STOP" => Some(LinkHealth::Starting),
        _ => None,
    }
}

/// Does the channel show a code? In an event only this means that no number is linked: a linked channel passes
/// through the other states when it restarts, and unlinking has an event of its own.
pub(super) fn shows_code(health: Fields<'_>) -> bool {
    state(health) == Some("QR")
}

fn state(health: Fields<'_>) -> Option<&str> {
    health.object("status")?.text("text")
}

/// The linked number, if it is told.
pub(super) fn own_address(user: Option<Fields<'_>>) -> Option<Address> {
    user?.text("id").map(Address::parse)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn health(json: &str) -> Option<LinkHealth> {
        of(Fields::of(&serde_json::from_str(json).expect("the test's own JSON")).expect("an object"))
    }

    fn state_of_text(text: &str) -> Option<LinkHealth> {
        health(&format!(r#"{{"status":{{"code":3,"text":"{text}"}}}}"#))
    }

    #[test]
    fn only_auth_is_linked() {
        let linked = health(r#"{"status":{"code":4,"text":"AUTH"},"user":{"id":"51900000009"}}"#);
        let own = Some(Address::parse("51900000009"));
        assert_eq!(linked, Some(LinkHealth::Linked { own }), "AUTH is linked");
        assert_eq!(
            state_of_text("AUTH"),
            Some(LinkHealth::Linked { own: None }),
            "linked, though the number is not told, and whatever the code says"
        );
        for text in ["QR", "LAUNCH", "NOT_INIT"] {
            assert_eq!(
                state_of_text(text),
                Some(LinkHealth::NotLinked),
                "{text} waits for somebody to link"
            );
        }
    }

    #[test]
    fn a_channel_that_starts_or_stands_still_is_not_taken_for_an_unlinked_one() {
        for text in ["INIT", "STOP"] {
            assert_eq!(
                state_of_text(text),
                Some(LinkHealth::Starting),
                "{text} does not say that it was unlinked"
            );
        }
    }

    #[test]
    fn a_channel_in_error_says_nothing_of_the_link() {
        for text in ["ERROR", "SYNC_ERROR", "SOMETHING_NEW"] {
            assert_eq!(state_of_text(text), None, "{text} must not unlink anybody");
        }
        for json in [r#"{"status":{}}"#, r#"{"status":"AUTH"}"#, "{}"] {
            assert_eq!(health(json), None, "{json} must not unlink anybody");
        }
    }
}
