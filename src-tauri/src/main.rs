//! `mostrador`: the desktop program. See the library for what it is made of.

// On Windows a release has no console of its own beside the window.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

use std::process::ExitCode;

use clap::Parser;
use mostrador::options::Options;

/// See `docs/adr/0016-memory.md`.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static MEMORY: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    mostrador::run(&Options::parse())
}
