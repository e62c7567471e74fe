//! Scenarios: the whole program without its face, against a simulated WhatsApp, one scenario a rule.
//!
//! Each runs the real store, engine, driver and HTTP; only time is virtual ([`world::World::until`] lets it pass). Sending is
//! judged by the sandbox's ledger, never by our own tables. At its end a scenario fails on a warning that it did not expect, on
//! a message left in flight, on a task that ended early or was left behind, and on a token, a number, a name or a text that was
//! logged ([`canaries`]).

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod campaigns;
mod canaries;
mod ways;
mod world;

mod about;
mod acting;
mod another_number;
mod asking;
mod audience;
mod bad_input;
mod chats;
mod dialects;
mod documented;
mod explorer;
mod files;
mod first_sync;
mod first_words;
mod gathering;
mod headless;
mod hooks;
mod inbound;
mod labels;
mod linking;
mod logs;
mod members;
mod names;
mod notifications;
mod on_the_phone;
mod outbound;
mod pacing;
mod people;
mod pictures;
mod practice;
mod reading;
mod rehearsal;
mod restricted;
mod search;
mod second_try;
mod standing;
mod starting;
mod storage;
mod taken_back;
mod thrift;
mod titled_lists;
mod truth;
mod uncertain;
mod unwritable;
