//! `cargo xtask bindings`: the files that are written from the one list of commands.
//!
//! The list is in the api crate, and so is the program that writes them; its tests fail when a file is stale.

use std::process::ExitCode;

use crate::cargo;
use crate::failure::Failure;

/// Writes the UI's typed commands and the commands' documentation anew.
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
    Ok(ExitCode::SUCCESS)
}
