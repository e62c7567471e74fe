//! `cargo xtask e2e`: the walks through the program as a person would take them.
//!
//! Two of them: the browser's, on the headless program, and the real window's, in a [`Session`] of its own. Both
//! are tests, written where such tests live (`ui/` and `tests/`); here they are given what they need. With
//! screenshots wanted, they are told the folder; what they leave there is meant to be looked at.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::browser;
use crate::cargo;
use crate::chromium;
use crate::failure::Failure;
use crate::machine::System;
use crate::node::Node;
use crate::packages::{self, COMPILER, DESKTOP, WINDOW};
use crate::program::Program;
use crate::project;
use crate::session::Session;
use crate::steps::{Steps, Verdict};
use crate::ui;

/// The test that starts the desktop program and drives its window.
const WINDOW_TEST: &str = "window";

/// Installs what the walks need and takes both.
pub(crate) fn run_both(check_only: bool) -> Result<ExitCode, Failure> {
    let screenshots = (!check_only).then(project::screenshots);
    let mut steps = Steps::new(8);
    steps.prepare("System packages", || {
        packages::ensure(&[COMPILER, DESKTOP, WINDOW])
    })?;
    let node = steps.prepare("Node", Node::ensure)?;
    steps.prepare("The UI's npm packages", || ui::install(&node))?;
    let chromium = steps.prepare("Chromium", || chromium::ensure(&node))?;
    steps.prepare("Build the UI", || ui::build(&node))?;
    steps.check("Walk through the browser", || {
        browser::walk(&node, &chromium, screenshots.as_deref()).map(|()| Verdict::Passed)
    })?;
    steps.prepare("Build the desktop program", build_window)?;
    steps.check("Walk through the window", || window(screenshots))?;
    Ok(if steps.summary() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Compiles the window's walk and the program it starts, so that the session need not stand about meanwhile.
pub(crate) fn build_window() -> Result<(), Failure> {
    test_of_window().args(["--no-run"]).with_progress()
}

/// Runs the desktop package's other tests, in a session too: what they do to a keyring or a notification daemon
/// is not to be done to the user's.
pub(crate) fn desktop_tests() -> Result<(), Failure> {
    let tests = || -> Result<Program, Failure> {
        Ok(cargo::cargo(["test"])
            .args(cargo::DESKTOP)
            .args(cargo::desktop_tests_but(WINDOW_TEST)?))
    };
    tests()?.args(["--no-run"]).with_progress()?;
    if !System::here().is_linux() {
        return tests()?.with_progress();
    }
    let session = Session::open()?;
    session.around(tests()?).quietly()
}

/// Walks through the real window; `screenshots` says where its pictures go, if they are wanted.
pub(crate) fn window(screenshots: Option<PathBuf>) -> Result<Verdict, Failure> {
    if !System::here().is_linux() {
        return Ok(Verdict::Skipped(
            "only Linux has a virtual display and a driver for this web view".to_owned(),
        ));
    }
    let session = Session::open()?;
    let walk = session.around(test_of_window().args(["--", "--nocapture"]));
    let walk = match screenshots {
        Some(folder) => walk.env("MOSTRADOR_SCREENSHOTS", folder),
        None => walk.without_env("MOSTRADOR_SCREENSHOTS"),
    };
    walk.quietly()?;
    drop(session);
    Ok(Verdict::Passed)
}

fn test_of_window() -> Program {
    cargo::cargo(["test"])
        .args(cargo::DESKTOP)
        .args(["--test", WINDOW_TEST])
}
