//! The one list of commands, and everything a host needs to offer them.
//!
//! - [`commands`]: the list; each host (desktop window, headless program, generated documents) expands it
//! - `handlers`: what each command does, one module a noun
//! - [`dto`]: what crosses to the window; [`error`]: codes and parameters, worded there
//! - [`Shop`]: the composition root: which store, which drivers, which sinks. The desktop and the headless program share it
//! - [`events`]: what the window is told
//! - [`keyring`]: tokens in the operating system's keyring
//! - [`logs`]: what is logged, and the one way to it
//! - [`headless`]: the HTTP face, on loopback
//! - [`generate`]: the TypeScript bindings and the commands' documentation

pub mod commands;
pub mod dto;
pub mod error;
pub mod events;
pub mod generate;
pub mod headless;
pub mod keyring;
pub mod logs;

mod handlers;
mod shop;

pub use error::{ApiError, ErrorCode};
pub use events::{Events, Hub};
pub use shop::{MakeNotifier, OpenShopError, Shop, ShopOptions};
