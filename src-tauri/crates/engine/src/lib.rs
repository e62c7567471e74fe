//! Everything that runs.
//!
//! - [`Engine`]: starts and stops device sessions, and does what the commands ask
//! - `session`: one actor a device, with its poller, its outbox worker, its media fetcher; [`LiveDevice`] is what it shows
//! - `outbox`: sends what is stored, settles what is uncertain
//! - `campaigns`: gives the next recipient their turn, starts what is scheduled, hears who does not want to be written to
//! - `ingest`: takes in what gateways tell, then tells the notification policy
//! - [`housekeeping`]: removes what is not kept for ever
//! - `webhook`: the listener that gateways on this computer call
//! - [`audience`]: who a campaign writes to, and what would become of it
//! - [`clock`], [`chance`], [`supervisor`]: time, randomness and tasks, each with one home
//! - [`secrets`], [`notify`]: what the host provides (keyring, desktop notifications), as traits

pub mod audience;
pub mod chance;
pub mod clock;
pub mod crash;
pub mod fuzzing;
pub mod housekeeping;
pub mod notify;
pub mod secrets;
pub mod supervisor;

mod campaigns;
mod engine;
mod error;
mod gateway_clocks;
mod ingest;
mod media;
mod outbox;
mod pictures;
mod portion;
mod presence;
mod session;
mod snooze;
mod view;
mod webhook;

pub use campaigns::{Waits, WaitsFor};
pub use engine::{
    AddDevice, Engine, EngineParts, NumberCheck, NumberLimits, NumberSaid, ProfileChange, PublishStory,
    START_UNDO, StoryContent,
};
pub use engine::{
    AddressSet, DeviceOption, Explored, HookRoute, Offered, OptionChange, PublicWay, Started, TypedNumber,
};
pub use error::EngineError;
pub use media::{MAX_BYTES, MAX_IMAGE_BYTES, MediaFolder, Part, largest_of};
pub use presence::PresenceHeard;
pub use session::{BY_ITSELF, InboundRoute, LiveDevice, TokenPlace, by_itself};
pub use webhook::{
    AddressProblem, Delivery, EventKind, Port, Probed, Replayed, RouteHealth, Told, Unreached, Verdict,
    WhyClosed,
};
