//! What can be asked of the store and changed in it, one module a table.
//!
//! Functions that read take a [`rusqlite::Connection`] and serve readers and the writer alike; functions that write take
//! a [`crate::Writing`] and note what they change. No function here opens a transaction: who calls decides what belongs
//! together.

pub mod address;
pub mod block;
pub mod call;
pub mod campaign;
pub mod change;
pub mod chat;
pub mod device;
pub mod group;
pub mod ingest;
pub mod label;
pub mod leftover;
pub mod media;
pub mod message;
pub mod note;
pub mod number_check;
pub mod outbox;
pub mod person;
pub mod picture;
pub mod plan_use;
mod put_away;
pub mod raw_event;
pub mod receipt;
pub mod retention;
pub mod search;
pub mod setting;
pub mod size;
pub mod story;
pub mod usage;
pub mod way;

#[cfg(test)]
mod plans;
