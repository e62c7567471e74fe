//! A Chromium that a test can drive.
//!
//! In this order: the one that `CHROMIUM_PATH` names; one on the path or where macOS and Windows put it; the
//! distribution's package; and where that is a snap (Ubuntu), the one that the browser tests' own library fetches.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::machine::{self, System};
use crate::node::Node;
use crate::packages;

const ON_PATH: [&str; 4] = [
    "chromium",
    "google-chrome",
    "google-chrome-stable",
    "chromium-browser",
];

const ELSEWHERE: [&str; 4] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
];

/// Asks the browser tests' library for the path of the Chromium that it manages.
const LIBRARYS_OWN: &str = "console.log(require('playwright-core').chromium.executablePath())";

/// Finds one, or installs one.
pub(crate) fn ensure(node: &Node) -> Result<PathBuf, Failure> {
    if let Some(path) = found() {
        return Ok(path);
    }
    match System::here() {
        System::LinuxWithApt if machine::chromium_is_a_snap() => fetch(node),
        System::LinuxWithApt => {
            packages::ensure(&[packages::CHROMIUM])?;
            found().ok_or_else(missing)
        }
        System::OtherLinux | System::Mac | System::Windows => Err(missing()),
    }
}

fn found() -> Option<PathBuf> {
    std::env::var_os("CHROMIUM_PATH")
        .map(PathBuf::from)
        .into_iter()
        .chain(ON_PATH.into_iter().filter_map(machine::on_path))
        .chain(ELSEWHERE.into_iter().map(PathBuf::from))
        .find(|path| path.is_file() && !is_snap(path))
}

/// A snap's launcher, or Ubuntu's script that only points to one.
fn is_snap(path: &PathBuf) -> bool {
    let resolved = std::fs::canonicalize(path).unwrap_or_else(|_| path.clone());
    let launcher =
        path.starts_with("/snap") || resolved.starts_with("/snap") || resolved.ends_with("bin/snap");
    launcher || (path.ends_with("chromium-browser") && machine::chromium_is_a_snap())
}

fn fetch(node: &Node) -> Result<PathBuf, Failure> {
    eprintln!("      Chromium is a snap here, which tests cannot drive; fetching one for them");
    node.node([
        "node_modules/playwright-core/cli.js",
        "install",
        "--with-deps",
        "chromium",
    ])
    .advice("Install Google Chrome, or name a Chromium in CHROMIUM_PATH, then run this again.")
    .quietly_in_terminal()?;
    let path = node.node(["--eval", LIBRARYS_OWN]).answer().map(PathBuf::from);
    path.filter(|path| path.is_file()).ok_or_else(missing)
}

fn missing() -> Failure {
    Failure::Missing(
        "The browser tests need Chromium or Chrome: install one, or name it in CHROMIUM_PATH, then run this again."
            .to_owned(),
    )
}
