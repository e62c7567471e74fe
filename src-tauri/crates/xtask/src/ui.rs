//! The web UI: its npm packages, its checks, its build.

use std::fs;
use std::path::PathBuf;

use crate::failure::Failure;
use crate::node::Node;
use crate::project;

/// Installs exactly what the lock file says, unless that was done already with this Node. No package's own scripts
/// run: nothing that we use needs them, and they are how a bad package does its harm.
pub(crate) fn install(node: &Node) -> Result<(), Failure> {
    let lock = project::ui().join("package-lock.json");
    let wanted = fs::read_to_string(&lock).map_err(Failure::file(&lock))?;
    let wanted = format!("Node {}\n{wanted}", node.version());
    if fs::read_to_string(installed_note()).is_ok_and(|installed| installed == wanted) {
        eprintln!("      as the lock file says already");
        return Ok(());
    }
    node.npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .advice("Check the connection to npm's registry and that ui/package-lock.json is in step, then run this again.")
        .quietly()?;
    // Written last, into the folder that the next `npm ci` empties first: it never outlives what it speaks of.
    let note = installed_note();
    fs::write(&note, wanted).map_err(Failure::file(&note))
}

fn installed_note() -> PathBuf {
    project::ui().join("node_modules").join(".installed-from")
}

/// Builds it into `ui/dist`, where the desktop program and the headless one take it from.
pub(crate) fn build(node: &Node) -> Result<(), Failure> {
    node.npm(["run", "build"]).quietly()
}

/// Runs one of the checks in its `package.json`.
pub(crate) fn check(node: &Node, script: &str) -> Result<(), Failure> {
    node.npm(["run", script]).quietly()
}
