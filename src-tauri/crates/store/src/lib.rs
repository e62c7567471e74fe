//! The local SQLite cache: one writer thread, many `query_only` readers, numbered migrations.
//!
//! - [`Store`] opens the file, checks it, and runs closures: [`Store::write`] on the one writer, [`Store::read`] on a reader
//! - [`tables`]: what can be asked and changed, one module a table; [`tables::ingest`] takes in what gateways tell
//! - [`Change`]: what a write invalidates, told to [`Store::changes`] after its commit and never before
//! - `schema.sql` beside this file documents every column
//!
//! What is durable: the outbox commits with `synchronous=FULL` ([`Durability::PowerLoss`]), since an intent that a
//! power cut forgets is a message sent twice. The message cache commits with `NORMAL`: it can be fetched again.

pub mod tables;

mod checkpoint;
mod connection;
mod crash;
mod error;
mod feed;
mod integrity;
mod migrations;
mod quiet;
mod readers;
mod row;
mod store;
mod writer;

pub use error::{StoreError, StoreErrorKind};
pub use feed::{Change, ChangeSet, Changes, NextChanges};
pub use integrity::SetAside;
/// What a read runs on.
pub use rusqlite::Connection;
pub use store::{Opened, Store};
pub use writer::{Durability, Writing};
