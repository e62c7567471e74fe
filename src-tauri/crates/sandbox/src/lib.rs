//! A simulated WhatsApp that speaks a gateway's own HTTP.
//!
//! It is the *practice shop* inside the program, where a newcomer links a number and answers customers without any
//! risk, and the other party in tests. It shares no code with the drivers: what they and the sandbox agree on is
//! only what the vendor documents.
//!
//! ```no_run
//! # async fn shown() -> Result<(), Box<dyn std::error::Error>> {
//! use mostrador_sandbox::{Sandbox, SandboxConfig};
//!
//! let sandbox = Sandbox::start(SandboxConfig::for_tests()).await?;
//! sandbox.link();
//! let id = sandbox.write_as("51900000011", "¿Hasta qué hora atienden?")?;
//! assert_eq!(sandbox.ledger().len(), 0, "the shop has not answered {id} yet");
//! sandbox.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! Inside: `world` is the WhatsApp without HTTP, `ledger` what each person got, `whapi` the first dialect, `dialects` the
//! others, `baileys` what two of them share,
//! `webhooks` the delivery of events, `faults` what can go wrong on order and by chance, `branch` one device of the
//! shop with its own world and token, `premises` all of them together, `playing` and `at_device` the people in-process, `phone` the
//! panel on which a person plays the shop's phone and its customers, `http::control` the same for another process,
//! `state_file` what survives a restart.
//!
//! A world may be as big as wanted ([`SandboxConfig::chats`], [`SandboxConfig::messages`]): its long past is worked
//! out when somebody asks for it, so that a million messages cost a few megabytes and no time to start.

mod api_engine;
mod at_device;
mod baileys;
mod branch;
mod bulk;
mod chance;
mod clock;
mod config;
mod contract;
mod dialects;
mod evolution;
mod faults;
mod http;
mod ledger;
mod on_phone;
mod opening;
mod parcel;
mod phone;
mod playing;
mod premises;
mod qr;
mod qr_buho;
mod sandbox;
mod state_file;
mod tasks;
mod waconecta;
mod webhooks;
mod whapi;
mod world;

pub use self::{
    at_device::OnDevice,
    config::{ReceiptDelays, SandboxConfig},
    faults::{Fault, FaultKind, Gust, Weather},
    ledger::{Effect, LedgerEntry},
    playing::{Attached, Customer, Presence, Unplayable},
    qr_buho::Generation as QrBuhoGeneration,
    sandbox::{Device, Sandbox, StartError},
    state_file::StateOrigin,
    webhooks::Temper as WebhookTemper,
    world::{ReceiptManner, ScanRefused},
};
