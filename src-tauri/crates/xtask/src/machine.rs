//! What this machine is: its system, whether it can show a window, what is on its path.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The systems that these commands tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum System {
    /// Linux with apt: Debian, Ubuntu and their relatives. What is missing can be installed.
    LinuxWithApt,
    /// Any other Linux.
    OtherLinux,
    /// macOS.
    Mac,
    /// Windows.
    Windows,
}

impl System {
    /// The one we run on.
    pub(crate) fn here() -> Self {
        match std::env::consts::OS {
            "macos" => Self::Mac,
            "windows" => Self::Windows,
            _ if on_path("apt-get").is_some() => Self::LinuxWithApt,
            _ => Self::OtherLinux,
        }
    }

    /// Whether it is a Linux of any kind.
    pub(crate) fn is_linux(self) -> bool {
        matches!(self, Self::LinuxWithApt | Self::OtherLinux)
    }

    /// Whether a window can be shown to the person who typed the command.
    pub(crate) fn has_display(self) -> bool {
        self.has_display_given(|name| std::env::var_os(name))
    }

    /// On Linux a display is announced by a variable; macOS and Windows are taken to have one.
    fn has_display_given(self, variable: impl Fn(&str) -> Option<OsString>) -> bool {
        !self.is_linux()
            || ["DISPLAY", "WAYLAND_DISPLAY"]
                .into_iter()
                .any(|name| variable(name).is_some_and(|value| !value.is_empty()))
    }
}

/// Where a program is on the path.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(&file))
        .find(|candidate| candidate.is_file())
}

/// Whether we may install packages without asking anybody.
#[cfg(unix)]
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// There is no such user elsewhere.
#[cfg(not(unix))]
pub(crate) fn is_root() -> bool {
    false
}

/// Whether the distribution's Chromium comes as a snap, which keeps its own `/tmp` and so cannot be driven by a
/// test that hands it a profile there: Ubuntu.
pub(crate) fn chromium_is_a_snap() -> bool {
    std::fs::read_to_string("/etc/os-release").is_ok_and(|text| names_ubuntu(&text))
}

fn names_ubuntu(os_release: &str) -> bool {
    os_release.lines().any(|line| match line.split_once('=') {
        Some(("ID" | "ID_LIKE", value)) => value.trim_matches('"').split(' ').any(|word| word == "ubuntu"),
        _ => false,
    })
}

/// Where this user's programs keep their data.
pub(crate) fn data_folder() -> Option<PathBuf> {
    let variable = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    match System::here() {
        System::Windows => variable("APPDATA"),
        System::Mac => variable("HOME").map(|home| home.join("Library").join("Application Support")),
        System::LinuxWithApt | System::OtherLinux => variable("XDG_DATA_HOME")
            .filter(|folder| folder.is_absolute())
            .or_else(|| variable("HOME").map(|home| home.join(Path::new(".local/share")))),
    }
}

#[cfg(test)]
mod tests {
    use super::{System, names_ubuntu};

    fn with<'a>(set: &'a [(&str, &str)]) -> impl Fn(&str) -> Option<std::ffi::OsString> + 'a {
        move |name| {
            set.iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).into())
        }
    }

    #[test]
    fn a_linux_without_x_or_wayland_has_no_display() {
        assert!(
            !System::LinuxWithApt.has_display_given(with(&[])),
            "no variable announces a display"
        );
        assert!(
            !System::OtherLinux.has_display_given(with(&[("DISPLAY", "")])),
            "an empty variable announces nothing"
        );
    }

    #[test]
    fn either_x_or_wayland_is_a_display() {
        for variable in [("DISPLAY", ":0"), ("WAYLAND_DISPLAY", "wayland-0")] {
            assert!(
                System::LinuxWithApt.has_display_given(with(&[variable])),
                "{} should count as a display",
                variable.0
            );
        }
    }

    #[test]
    fn mac_and_windows_are_taken_to_have_a_display() {
        assert!(System::Mac.has_display_given(with(&[])) && System::Windows.has_display_given(with(&[])));
    }

    #[test]
    fn ubuntu_and_what_is_built_on_it_are_recognised() {
        assert!(
            names_ubuntu("NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\n"),
            "Ubuntu itself"
        );
        assert!(
            names_ubuntu("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"),
            "a system built on Ubuntu"
        );
        assert!(
            !names_ubuntu("ID=debian\nHOME_URL=\"https://ubuntu.example/\"\n"),
            "Debian is not Ubuntu"
        );
    }
}
