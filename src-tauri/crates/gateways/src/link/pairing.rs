//! How a link is, and linking and unlinking a number.

use std::time::Duration;

use async_trait::async_trait;
use mostrador_domain::{Address, Failure, PairingContent};

/// How a link is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkHealth {
    /// A number is linked.
    Linked {
        /// Its address, if told. Where [`Health::tells_number`] says no: the number under which the gateway lists it.
        own: Option<Address>,
    },
    /// No number is linked.
    NotLinked,
    /// The gateway is waking up; ask again soon.
    Starting,
}

/// Asking how the link is.
#[async_trait]
pub trait Health: Send + Sync {
    /// `wake`: also start a sleeping link, which costs the gateway work; without it nothing changes there.
    async fn check(&self, wake: bool) -> Result<LinkHealth, Failure>;

    /// Do its answers say which number is linked? If not, nothing that is asked proves that it is still the same one; what they give may
    /// be what was typed when the device was made.
    fn tells_number(&self) -> bool {
        true
    }
}

/// The answer to asking for a code to scan.
#[derive(Clone, PartialEq, Eq)]
pub enum CodeAnswer {
    /// A code to scan.
    Code {
        /// What is in it.
        content: PairingContent,
        /// For how long it can be scanned from now on.
        valid_for: Duration,
    },
    /// Not yet; ask again soon.
    Waiting,
    /// A number is linked already.
    AlreadyLinked,
    /// WhatsApp wants the passkey of this account instead of a code. The owner confirms it on the phone or at the
    /// gateway; nothing can be scanned until then. Not an error: ask again, as for [`CodeAnswer::Waiting`].
    Passkey,
}

/// The answer to asking for a code to type on the phone.
#[derive(Clone, PartialEq, Eq)]
pub enum TypedCodeAnswer {
    /// A code to type under "link with phone number".
    Code {
        /// The code as it is typed, without separators.
        code: String,
        /// For how long it can be typed from now on.
        valid_for: Duration,
    },
    /// Not yet; ask again soon.
    Waiting,
    /// A number is linked already.
    AlreadyLinked,
    /// As [`CodeAnswer::Passkey`].
    Passkey,
}

/// Linking and unlinking a number.
#[async_trait]
pub trait Pairing: Send + Sync {
    /// The code to scan now.
    async fn code(&self) -> Result<CodeAnswer, Failure>;

    /// A code to type on the phone that has this number; asked again, it is another one. Only where the capabilities
    /// say `pairing.code`. A number that is none is rejected ([`mostrador_domain::FailureCode::RefusedRecipient`]).
    async fn code_for_phone(&self, number: &Address) -> Result<TypedCodeAnswer, Failure>;

    /// Unlinks the number. Already unlinked is success.
    async fn logout(&self) -> Result<(), Failure>;
}
