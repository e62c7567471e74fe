//! `cargo xtask bindings`: the files that are written from the one list of commands, and the table of the gateways.
//!
//! The list is in the api crate, and so is the program that writes them; its tests fail when a file is stale. The table is
//! the conformance battery's, and so is what writes it.

use std::process::ExitCode;

use crate::cargo;
use crate::failure::Failure;

/// Writes the UI's typed commands, the commands' documentation and the gateways' table anew.
pub(crate) fn write() -> Result<ExitCode, Failure> {
    cargo::cargo([
        "run",
        "--quiet",
        "--package",
        "mostrador-api",
        "--bin",
        "mostrador-generate",
    ])
    .in_terminal()?;
    cargo::cargo([
        "test",
        "--quiet",
        "--package",
        "mostrador-gateways",
        "--test",
        "conformance",
        "table",
    ])
    .env("MOSTRADOR_WRITE", "1")
    .in_terminal()?;
    Ok(ExitCode::SUCCESS)
}
