//! Every entry of a catalogue, called with the least that its schema allows: the practice shop, which holds requests against its own
//! copy of the documentation, takes each of them.

#![allow(
    clippy::expect_used,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "code of tests"
)]

mod api_engine;
mod asked;
mod evolution;
mod qr_buho;
mod tables;
mod waconecta;
mod whapi;
