//! System packages by purpose, and their installation.
//!
//! A need is proved by what it is for (a program on the path, a library that pkg-config knows), not by a
//! package's name: it does not matter where the thing came from, and other distributions than Debian and Ubuntu get
//! a list of what is missing in words that they can look up. Only what is missing is installed, and `apt-get` is
//! not even called when nothing is.

use std::io::IsTerminal;

use crate::failure::Failure;
use crate::machine::{self, System};
use crate::program::Program;

/// How we see that something is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// A program on the path.
    Program(&'static str),
    /// A library with its headers, by its pkg-config name.
    Library(&'static str),
    /// A font, by its family's name.
    Font(&'static str),
}

/// Something that a command needs, and the Debian packages that bring it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Need {
    proof: Proof,
    packages: &'static [&'static str],
}

const fn need(proof: Proof, packages: &'static [&'static str]) -> Need {
    Need { proof, packages }
}

/// Any build: SQLite and the cryptography come as C.
pub(crate) const COMPILER: &[Need] = &[need(Proof::Program("cc"), &["build-essential"])];

/// Building and running the desktop program.
pub(crate) const DESKTOP: &[Need] = &[
    need(Proof::Program("pkg-config"), &["pkg-config"]),
    need(Proof::Library("webkit2gtk-4.1"), &["libwebkit2gtk-4.1-dev"]),
    need(
        Proof::Library("ayatana-appindicator3-0.1"),
        &["libayatana-appindicator3-dev"],
    ),
    // The microphone.
    need(Proof::Library("alsa"), &["libasound2-dev"]),
];

/// The walk through the real window: a display, a session bus, a keyring and a notification daemon of its own.
pub(crate) const WINDOW: &[Need] = &[
    need(Proof::Program("Xvfb"), &["xvfb"]),
    need(Proof::Program("WebKitWebDriver"), &["webkit2gtk-driver"]),
    need(Proof::Program("dbus-daemon"), &["dbus", "dbus-x11"]),
    need(Proof::Program("dbus-send"), &["dbus"]),
    need(
        Proof::Program("gnome-keyring-daemon"),
        &["gnome-keyring", "dbus-x11"],
    ),
    need(Proof::Program("dunst"), &["dunst", "dbus-x11"]),
    // dunstctl speaks through it; a container may lack it.
    need(Proof::Program("busctl"), &["systemd"]),
    need(Proof::Program("xdotool"), &["xdotool"]),
    need(Proof::Program("import"), &["imagemagick"]),
    EMOJI,
];

/// Building a package, and what the system then makes of it.
pub(crate) const PACKAGE: &[Need] = &[
    need(Proof::Program("dpkg-deb"), &["dpkg"]),
    need(Proof::Program("desktop-file-validate"), &["desktop-file-utils"]),
    need(Proof::Program("gio"), &["libglib2.0-bin"]),
];

/// The walk through a browser, where the distribution's own Chromium will do.
pub(crate) const CHROMIUM: &[Need] = &[need(Proof::Program("chromium"), &["chromium"]), EMOJI];

/// Customers write with pictures; screenshots should show them.
const EMOJI: Need = need(Proof::Font("Noto Color Emoji"), &["fonts-noto-color-emoji"]);

/// Node and npm as the distribution has them; [`node`](crate::node) judges whether they are new enough.
pub(crate) const NODE: &[Need] = &[
    need(Proof::Program("node"), &["nodejs"]),
    need(Proof::Program("npm"), &["npm"]),
];

/// Makes sure that everything in `needs` is there, and says what it installs.
pub(crate) fn ensure(needs: &[&[Need]]) -> Result<(), Failure> {
    let system = System::here();
    if !system.is_linux() {
        // macOS and Windows bring the web view; the compiler came with Rust.
        return Ok(());
    }
    let missing = missing(needs, is_there);
    if missing.is_empty() {
        return Ok(());
    }
    if system == System::OtherLinux {
        return Err(cannot_install(&missing));
    }
    install(&packages_of(&missing))?;
    let still_missing = self::missing(needs, is_there);
    if still_missing.is_empty() {
        Ok(())
    } else {
        Err(cannot_install(&still_missing))
    }
}

fn is_there(proof: Proof) -> bool {
    match proof {
        Proof::Program(name) => machine::on_path(name).is_some(),
        Proof::Library(name) => Program::new("pkg-config").args(["--exists", name]).succeeds(),
        Proof::Font(name) => Program::new("fc-list").args(["--quiet", name]).succeeds(),
    }
}

fn missing(needs: &[&[Need]], is_there: impl Fn(Proof) -> bool) -> Vec<Need> {
    needs
        .iter()
        .flat_map(|purpose| purpose.iter())
        .filter(|need| !is_there(need.proof))
        .copied()
        .collect()
}

fn packages_of(needs: &[Need]) -> Vec<&'static str> {
    let mut packages: Vec<&str> = needs.iter().flat_map(|need| need.packages).copied().collect();
    packages.sort_unstable();
    packages.dedup();
    packages
}

fn cannot_install(missing: &[Need]) -> Failure {
    let names: Vec<String> = missing
        .iter()
        .map(|need| match need.proof {
            Proof::Program(name) => format!("the program {name}"),
            Proof::Library(name) => format!("the library {name} with its headers"),
            Proof::Font(name) => format!("the font {name}"),
        })
        .collect();
    Failure::Missing(format!(
        "This needs {}: install them with your system's package tool, then run this again.",
        names.join(", ")
    ))
}

fn install(packages: &[&'static str]) -> Result<(), Failure> {
    eprintln!("      installing {}", packages.join(" "));
    let by_hand = format!("apt-get install {}", packages.join(" "));
    // A third-party source that does not answer is no reason to give up: what counts is whether the packages come.
    let refreshed = apt_get(&["update"], &by_hand)?.quietly_in_terminal();
    if matches!(refreshed, Err(Failure::Interrupted)) {
        return Err(Failure::Interrupted);
    }
    let arguments: Vec<&str> = ["install", "--yes", "--no-install-recommends"]
        .iter()
        .chain(packages)
        .copied()
        .collect();
    apt_get(&arguments, &by_hand)?.quietly_in_terminal()
}

/// `apt-get` as root, directly or through sudo; it waits for another apt to finish, and asks nothing.
pub(crate) fn apt_get(arguments: &[&str], by_hand: &str) -> Result<Program, Failure> {
    let mut line: Vec<&str> = Vec::new();
    if !machine::is_root() {
        if machine::on_path("sudo").is_none() {
            return Err(Failure::Missing(format!(
                "Packages are missing and there is no sudo: run `{by_hand}` as root, then run this again."
            )));
        }
        line.push("sudo");
        if !std::io::stdin().is_terminal() {
            // Nobody can type a password: say so at once instead of waiting for it.
            line.push("--non-interactive");
        }
    }
    line.extend([
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-o",
        "DPkg::Lock::Timeout=300",
    ]);
    line.extend(arguments);
    Ok(Program::new(line[0]).args(&line[1..]).advice(format!(
        "Run `{by_hand}` as root, mend what it says, then run this again."
    )))
}

#[cfg(test)]
mod tests {
    use super::{COMPILER, DESKTOP, Proof, WINDOW, cannot_install, missing, packages_of};

    #[test]
    fn only_what_is_missing_is_installed() {
        let has_all_but_webkit = |proof: Proof| proof != Proof::Library("webkit2gtk-4.1");
        let missing = missing(&[COMPILER, DESKTOP], has_all_but_webkit);
        assert_eq!(
            packages_of(&missing),
            ["libwebkit2gtk-4.1-dev"],
            "the rest is there already"
        );
    }

    #[test]
    fn a_machine_that_has_everything_installs_nothing() {
        assert!(
            missing(&[COMPILER, DESKTOP, WINDOW], |_| true).is_empty(),
            "a second run changes nothing"
        );
    }

    #[test]
    fn a_package_that_serves_several_needs_is_named_once() {
        let packages = packages_of(&missing(&[WINDOW], |_| false));
        let named = packages.iter().filter(|package| **package == "dbus-x11").count();
        assert_eq!(named, 1, "each package once: {packages:?}");
    }

    #[test]
    fn without_a_window_no_web_view_is_asked_for() {
        let packages = packages_of(&missing(&[COMPILER], |_| false));
        assert_eq!(
            packages,
            ["build-essential"],
            "serving to a browser needs a C compiler and nothing graphical"
        );
    }

    #[test]
    fn where_apt_is_missing_one_line_names_all_that_is_needed() {
        let line = cannot_install(&missing(&[DESKTOP], |_| false)).to_string();
        assert_eq!(line.lines().count(), 1, "one line: {line}");
        assert!(
            line.contains("webkit2gtk-4.1") && line.contains("pkg-config"),
            "all needs are named: {line}"
        );
    }
}
