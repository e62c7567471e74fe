//! `cargo xtask test`: everything that says whether the tree is good, in one go.
//!
//! First what is quick to fail and needs nothing graphical, then the desktop program. Preparation that fails ends
//! the run; a failed check does not, so one run shows all that is wrong. A check that stands on a failed one is
//! left out. The last line is the sum.

use std::path::Path;
use std::process::ExitCode;

use crate::browser;
use crate::cargo::{self, cargo};
use crate::chromium;
use crate::failure::Failure;
use crate::node::Node;
use crate::packages::{self, COMPILER, DESKTOP, WINDOW};
use crate::steps::{Steps, Verdict};
use crate::ui;
use crate::walk;

const FAST_CHECKS: usize = 8;
const ALL_CHECKS: usize = FAST_CHECKS + 4;

/// Installs what the tests need and runs all of them, or the fast ones.
pub(crate) fn run_all(fast: bool) -> Result<ExitCode, Failure> {
    let preparations = if fast { 3 } else { 4 };
    let mut steps = Steps::new(preparations + if fast { FAST_CHECKS } else { ALL_CHECKS });
    let needs: &[&[packages::Need]] = if fast {
        &[COMPILER]
    } else {
        &[COMPILER, DESKTOP, WINDOW]
    };
    steps.prepare("System packages", || packages::ensure(needs))?;
    let node = steps.prepare("Node", Node::ensure)?;
    steps.prepare("The UI's npm packages", || ui::install(&node))?;
    if fast {
        without_desktop(&mut steps, &node, &cargo::NO_DESKTOP)?;
    } else {
        let chromium = steps.prepare("Chromium", || chromium::ensure(&node))?;
        let ui_built = without_desktop(&mut steps, &node, &["--workspace"])?;
        with_desktop(&mut steps, &node, &chromium, &ui_built)?;
    }
    Ok(if steps.summary() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Gives how the UI's build went, because the rest stands on it. Rust lints are for `linted`: those of the desktop
/// package need its libraries.
fn without_desktop(steps: &mut Steps, node: &Node, linted: &[&str]) -> Result<Verdict, Failure> {
    steps.check("Rust formatting", || {
        passed(cargo(["fmt", "--all", "--check"]).quietly())
    })?;
    steps.check("Rust tests without the window", || {
        passed(cargo(["test"]).args(cargo::NO_DESKTOP).with_progress())
    })?;
    for (name, script) in [("UI lint", "lint"), ("UI types", "check"), ("UI tests", "test")] {
        steps.check(name, || passed(ui::check(node, script)))?;
    }
    let ui_built = steps.check("Build the UI", || passed(ui::build(node)))?;
    steps.check("Dependencies", dependencies)?;
    steps.check("Rust lints", || passed(lints(linted)))?;
    Ok(ui_built)
}

fn with_desktop(steps: &mut Steps, node: &Node, chromium: &Path, ui_built: &Verdict) -> Result<(), Failure> {
    steps.check("Browser walk", || {
        unless_failed(ui_built, || passed(browser::walk(node, chromium, None)))
    })?;
    let built = steps.check("Build the desktop program", || {
        unless_failed(ui_built, || {
            passed(cargo(["build"]).args(cargo::DESKTOP).with_progress())
        })
    })?;
    steps.check("Desktop tests", || {
        unless_failed(&built, || passed(walk::desktop_tests()))
    })?;
    steps.check("Window walk", || {
        unless_failed(&built, || walk::build_window().and_then(|()| walk::window(None)))
    })?;
    Ok(())
}

fn passed(result: Result<(), Failure>) -> Result<Verdict, Failure> {
    result.map(|()| Verdict::Passed)
}

fn unless_failed(
    before: &Verdict,
    work: impl FnOnce() -> Result<Verdict, Failure>,
) -> Result<Verdict, Failure> {
    match before {
        Verdict::Passed => work(),
        Verdict::Failed | Verdict::Skipped(_) => {
            Ok(Verdict::Skipped("stands on a step that failed".to_owned()))
        }
    }
}

fn lints(packages: &[&str]) -> Result<(), Failure> {
    cargo(["clippy"])
        .args(packages)
        .args(["--all-targets", "--", "-D", "warnings"])
        .with_progress()
}

/// Licences, bans and sources. Known vulnerabilities need the network, and are asked for where releases are made.
fn dependencies() -> Result<Verdict, Failure> {
    if !cargo(["deny", "--version"]).succeeds() {
        return Ok(Verdict::Skipped(
            "cargo-deny is not installed (cargo install cargo-deny --locked)".to_owned(),
        ));
    }
    passed(cargo(["deny", "--all-features", "check", "bans", "licenses", "sources"]).quietly())
}

#[cfg(test)]
mod tests {
    use super::unless_failed;
    use crate::steps::Verdict;

    #[test]
    fn a_check_runs_only_if_what_it_stands_on_passed() {
        let runs = |before: &Verdict| {
            let mut ran = false;
            let verdict = unless_failed(before, || {
                ran = true;
                Ok(Verdict::Passed)
            });
            (ran, verdict.ok())
        };
        assert_eq!(runs(&Verdict::Passed), (true, Some(Verdict::Passed)));
        let (ran, verdict) = runs(&Verdict::Failed);
        assert!(!ran, "nothing is opened that was not built");
        assert!(
            matches!(verdict, Some(Verdict::Skipped(_))),
            "and it is said to be left out, not passed"
        );
    }
}
