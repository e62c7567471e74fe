//! What a gateway driver is, the HTTP kit that drivers share, and one module per gateway.
//!
//! A [`Driver`] opens a [`DeviceLink`]; the link says what it can do ([`mostrador_domain::Capabilities`]) and hands
//! out small optional facets. Nothing above this crate asks for a gateway by name: a new gateway is a folder here, a
//! line in the registry, and a run of the conformance battery (`tests/conformance`).

pub mod api_engine;
pub mod catalogue;
pub mod evolution;
pub mod link;
pub mod qr_buho;
pub mod waconecta;
pub mod whapi;

mod baileys;
mod fields;
#[doc(hidden)]
pub mod fuzzing;
mod http_kit;
#[cfg(test)]
mod peer;
#[cfg(test)]
mod recorded;
mod registry;

pub use http_kit::{CallTimes, read_json};
pub use link::*;
pub use registry::{Drivers, PracticeShop, Surroundings, drivers, practice_numbers};
