//! `cargo xtask package`: the package that people install.
//!
//! What is in it is said in `tauri.conf.json` (`bundle`) and in `src-tauri/package`; Tauri's own tool puts it together from the
//! optimised program. With `--check` it is also [installed](crate::installed) here, looked at, and removed.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cargo;
use crate::failure::Failure;
use crate::installed;
use crate::machine::System;
use crate::node::Node;
use crate::packages::{self, COMPILER, DESKTOP, PACKAGE, WINDOW};
use crate::program::Program;
use crate::project;
use crate::steps::Steps;
use crate::ui;

const PROGRAM: &str = "mostrador";

/// Builds it; with `check`, installs, tries and removes it.
pub(crate) fn make(check: bool) -> Result<ExitCode, Failure> {
    if System::here() != System::LinuxWithApt {
        return Err(Failure::Missing(
            "Packages are made on Debian, Ubuntu and their relatives so far: run this there.".to_owned(),
        ));
    }
    let mut steps = Steps::new(if check { 11 } else { 6 });
    let needs: &[&[packages::Need]] = if check {
        &[COMPILER, DESKTOP, PACKAGE, WINDOW]
    } else {
        &[COMPILER, DESKTOP, PACKAGE]
    };
    steps.prepare("System packages", || packages::ensure(needs))?;
    let node = steps.prepare("Node", Node::ensure)?;
    steps.prepare("The UI's npm packages", || ui::install(&node))?;
    steps.prepare("Build the UI", || ui::build(&node))?;
    let program = steps.prepare("Build the desktop program with optimisation", || {
        let arguments: Vec<&str> = cargo::DESKTOP.into_iter().chain(["--release"]).collect();
        cargo::build(PROGRAM, &arguments)
    })?;
    let package = steps.prepare("Make the package", || bundle(&node, &program))?;
    println!("      {}", package.display());
    if check {
        installed::try_out(&mut steps, &package)?;
    }
    Ok(if steps.summary() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Puts the package together, and gives where it is.
fn bundle(node: &Node, program: &std::path::Path) -> Result<PathBuf, Failure> {
    let folder = program.with_file_name("bundle").join("deb");
    if folder.exists() {
        // One of an earlier version must not be taken for this one.
        std::fs::remove_dir_all(&folder).map_err(Failure::file(&folder))?;
    }
    tool(node)
        .args([
            "bundle",
            "--ci",
            "--bundles",
            "deb",
            "--features",
            "custom-protocol",
        ])
        .quietly()?;
    let made = std::fs::read_dir(&folder).map_err(Failure::file(&folder))?;
    let mut packages = made
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "deb"));
    packages.next().ok_or_else(|| Failure::Unexpected {
        what: format!("No package came out in {}", folder.display()),
        advice: "Look at `bundle` in tauri.conf.json.".to_owned(),
    })
}

/// Tauri's tool, which looks for `tauri.conf.json` where it is called.
fn tool(node: &Node) -> Program {
    let script = project::ui().join("node_modules/@tauri-apps/cli/tauri.js");
    node.node([]).args([script]).within(project::root())
}
