//! See the body.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../bodies/deep_link.rs"]
mod body;

fuzz_target!(|bytes: &[u8]| body::run(bytes));
