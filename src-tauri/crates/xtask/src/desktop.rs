//! `cargo xtask run`: from nothing to the practice shop on the screen.
//!
//! With a display it opens the window. Without one, or when asked to, it goes the [`browser`] way, for which
//! nothing graphical is installed or compiled.

use std::process::ExitCode;

use crate::browser;
use crate::cargo;
use crate::failure::Failure;
use crate::machine::System;
use crate::node::Node;
use crate::packages::{self, COMPILER, DESKTOP};
use crate::steps::Steps;
use crate::ui;

/// Installs what is missing, builds, opens.
pub(crate) fn run_practice_shop(in_browser: bool, release: bool) -> Result<ExitCode, Failure> {
    let has_display = System::here().has_display();
    if in_browser {
        println!("Serving the practice shop to a browser on this machine, as asked.");
    } else if !has_display {
        println!(
            "No display here (neither DISPLAY nor WAYLAND_DISPLAY is set): serving the practice shop to a browser \
             on this machine instead."
        );
    }
    if in_browser || !has_display {
        serve(release)
    } else {
        open(release)
    }
}

fn open(release: bool) -> Result<ExitCode, Failure> {
    let mut steps = Steps::new(6);
    prepare(&mut steps, &[COMPILER, DESKTOP])?;
    let arguments = with_profile(&cargo::DESKTOP, release);
    steps.prepare("Build the desktop program", || {
        cargo::cargo(["build"]).args(&arguments).with_progress()
    })?;
    steps.announce("Open the practice shop");
    println!("      close its window, or press Ctrl-C here, to end it");
    cargo::cargo(["run", "--quiet"])
        .args(&arguments)
        .args(["--", "--practice"])
        .in_terminal()?;
    Ok(ExitCode::SUCCESS)
}

fn serve(release: bool) -> Result<ExitCode, Failure> {
    let mut steps = Steps::new(6);
    prepare(&mut steps, &[COMPILER])?;
    let arguments = with_profile(&browser::HEADLESS, release);
    let program = steps.prepare("Build the program", || {
        cargo::build(browser::HEADLESS_NAME, &arguments)
    })?;
    steps.announce("Serve the practice shop");
    browser::serve_practice_shop(&program)?;
    Ok(ExitCode::SUCCESS)
}

fn prepare(steps: &mut Steps, needs: &[&[packages::Need]]) -> Result<(), Failure> {
    steps.prepare("System packages", || packages::ensure(needs))?;
    let node = steps.prepare("Node", Node::ensure)?;
    steps.prepare("The UI's npm packages", || ui::install(&node))?;
    steps.prepare("Build the UI", || ui::build(&node))
}

fn with_profile<'a>(arguments: &[&'a str], release: bool) -> Vec<&'a str> {
    arguments
        .iter()
        .copied()
        .chain(release.then_some("--release"))
        .collect()
}
