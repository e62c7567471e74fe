//! A desktop session of its own for the walk through the real window.
//!
//! The window needs a display, the keyring a session bus and an unlocked keyring, the notifications a daemon that
//! shows them. The person who runs the tests has all of that too, and none of it may be touched: no window on
//! their screen, no entry in their keyring, no notification in their corner. So a session is made from nothing
//! (Xvfb, `dbus-daemon`, `gnome-keyring-daemon`, `dunst`), each with the same fresh home, and taken down again in
//! reverse order when the [`Session`] is dropped: after a good run, a failed one, or Ctrl-C.
//!
//! Each part is waited for until it really serves: the display says its number, the bus its address, the other two
//! own their names on the bus. `WEBKIT_DISABLE_*` is taken away, because under these settings screenshots hang.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;

use crate::failure::Failure;
use crate::interrupt::{self, Ending};
use crate::log::Log;
use crate::program::{Program, Running};
use crate::steps;

/// Long, because a busy machine with two cores may be compiling something else.
const START_WITHIN: Duration = Duration::from_secs(60);
/// How long a part may take to clean up before it is killed.
const END_WITHIN: Duration = Duration::from_secs(3);
/// Between two looks at something that cannot wake us.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The shops' usual screen.
const SCREEN: &str = "1366x768x24";

/// A variable of the outer session that must not reach into this one.
const NOT_OURS: [&str; 7] = [
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "DBUS_SESSION_BUS_PID",
    "GNOME_KEYRING_CONTROL",
    "WEBKIT_DISABLE_COMPOSITING_MODE",
    "WEBKIT_DISABLE_DMABUF_RENDERER",
    "GTK_THEME",
];

/// A display, a bus, a keyring and a notification daemon. Dropped, all of them are gone.
pub(crate) struct Session {
    /// In the order in which they were started.
    parts: Vec<Running>,
    variables: Vec<(&'static str, OsString)>,
    home: TempDir,
}

impl Session {
    /// Starts it.
    pub(crate) fn open() -> Result<Self, Failure> {
        let home = tempfile::Builder::new().prefix("mostrador-session-").tempdir();
        let home = home.map_err(Failure::file(std::env::temp_dir()))?;
        let variables = folders(home.path())?;
        let mut session = Self {
            parts: Vec::new(),
            variables,
            home,
        };
        session.start_display()?;
        session.start_bus()?;
        session.start_keyring()?;
        session.start_notifications()?;
        Ok(session)
    }

    /// Where its programs keep their data.
    pub(crate) fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// Puts a program into it.
    pub(crate) fn around(&self, program: Program) -> Program {
        let program = NOT_OURS.into_iter().fold(program, Program::without_env);
        program.envs(self.variables.iter().map(|(name, value)| (name, value)))
    }

    fn start_display(&mut self) -> Result<(), Failure> {
        let program =
            Program::new("Xvfb").args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"]);
        let number = self.start_and_read_line("Xvfb", program)?;
        self.variables.push(("DISPLAY", format!(":{number}").into()));
        Ok(())
    }

    fn start_bus(&mut self) -> Result<(), Failure> {
        let socket = self.home.path().join("run").join("bus");
        let program = Program::new("dbus-daemon")
            .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
            .args([format!("--address=unix:path={}", socket.display())]);
        let address = self.start_and_read_line("dbus-daemon", program)?;
        self.variables.push(("DBUS_SESSION_BUS_ADDRESS", address.into()));
        Ok(())
    }

    fn start_keyring(&mut self) -> Result<(), Failure> {
        let log = Log::create("session keyring")?;
        let program = Program::new("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .streams(Stdio::piped(), log.stdio()?, log.stdio()?);
        let mut keyring = self.around(program).start_in_own_group()?;
        if let Some(mut password) = keyring.child.stdin.take() {
            // Of a keyring that lives for one test run in a folder of its own; it only must not be empty.
            password
                .write_all(b"this run only")
                .map_err(Failure::file("the keyring's input"))?;
        }
        self.parts.push(keyring);
        self.wait_for_name("org.freedesktop.secrets", &log)
    }

    fn start_notifications(&mut self) -> Result<(), Failure> {
        let log = Log::create("session notifications")?;
        let program = Program::new("dunst").streams(Stdio::null(), log.stdio()?, log.stdio()?);
        self.parts.push(self.around(program).start_in_own_group()?);
        self.wait_for_name("org.freedesktop.Notifications", &log)
    }

    /// Starts a part that prints one line when it serves.
    fn start_and_read_line(&mut self, name: &str, program: Program) -> Result<String, Failure> {
        let log = Log::create(&format!("session {name}"))?;
        let said = self.home.path().join(format!("{name}.said"));
        let output = fs::File::create(&said).map_err(Failure::file(&said))?;
        let program = program.streams(Stdio::null(), output.into(), log.stdio()?);
        self.parts.push(self.around(program).start_in_own_group()?);
        self.wait_until(name, &log, || {
            let text = fs::read_to_string(&said).ok()?;
            text.split_once('\n').map(|(line, _)| line.trim().to_owned())
        })
    }

    fn wait_for_name(&mut self, name: &str, log: &Log) -> Result<(), Failure> {
        let asked = format!("string:{name}");
        let session = &self.variables;
        let owned = || {
            let answer = Program::new("dbus-send")
                .args([
                    "--session",
                    "--print-reply=literal",
                    "--dest=org.freedesktop.DBus",
                    "/",
                ])
                .args(["org.freedesktop.DBus.NameHasOwner", &asked])
                .envs(session.iter().map(|(name, value)| (name, value)))
                .answer()?;
            answer.ends_with("true").then_some(())
        };
        let started = self.parts.len() - 1;
        wait(&mut self.parts[started], name, log, owned)
    }

    fn wait_until<T>(&mut self, name: &str, log: &Log, ready: impl Fn() -> Option<T>) -> Result<T, Failure> {
        let started = self.parts.len() - 1;
        wait(&mut self.parts[started], name, log, ready)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        while let Some(mut part) = self.parts.pop() {
            part.end(Ending::Asked);
            let start = steps::now();
            while !part.has_ended() && start.elapsed() < END_WITHIN {
                pause();
            }
            // What has not ended by now is killed by its own drop.
        }
    }
}

/// The session's folders, each named by the variable that programs look it up by.
fn folders(home: &Path) -> Result<Vec<(&'static str, OsString)>, Failure> {
    let mut variables = vec![("HOME", home.into())];
    for (variable, folder) in [
        ("XDG_RUNTIME_DIR", "run"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_STATE_HOME", "state"),
    ] {
        let path = home.join(folder);
        fs::create_dir(&path).map_err(Failure::file(&path))?;
        only_for_us(&path)?;
        variables.push((variable, path.into()));
    }
    downloads(home)?;
    variables.extend(rusts_own(std::env::home_dir().as_deref(), |name| {
        std::env::var_os(name)
    }));
    Ok(variables)
}

/// A folder for downloads, told as desktops tell it.
fn downloads(home: &Path) -> Result<(), Failure> {
    let folder = home.join("downloads");
    fs::create_dir(&folder).map_err(Failure::file(&folder))?;
    let told = home.join("config").join("user-dirs.dirs");
    fs::write(&told, "XDG_DOWNLOAD_DIR=\"$HOME/downloads\"\n").map_err(Failure::file(&told))
}

/// Cargo and rustup look for their things in the home folder; they are to find the real ones.
fn rusts_own(
    real_home: Option<&Path>,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Vec<(&'static str, OsString)> {
    let Some(real_home) = real_home else {
        return Vec::new();
    };
    [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")]
        .into_iter()
        .filter(|(name, _)| variable(name).is_none())
        .map(|(name, folder)| (name, real_home.join(folder).into()))
        .collect()
}

/// A runtime folder that others may read is refused by the programs that use it.
fn only_for_us(folder: &Path) -> Result<(), Failure> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(Failure::file(folder))?;
    }
    #[cfg(not(unix))]
    let _inherited = folder;
    Ok(())
}

/// Whether a program ends by itself in that time.
pub(crate) fn ends_within(program: &mut Running, span: Duration) -> bool {
    let start = steps::now();
    while !program.has_ended() {
        if start.elapsed() > span {
            return false;
        }
        pause();
    }
    true
}

/// Looks until a part serves, or fails with what it printed.
pub(crate) fn wait<T>(
    part: &mut Running,
    name: &str,
    log: &Log,
    ready: impl Fn() -> Option<T>,
) -> Result<T, Failure> {
    let start = steps::now();
    loop {
        if interrupt::requested() {
            return Err(Failure::Interrupted);
        }
        if let Some(value) = ready() {
            return Ok(value);
        }
        if part.has_ended() || start.elapsed() > START_WITHIN {
            log.show();
            return Err(Failure::Unexpected {
                what: format!("{name} did not start to serve"),
                advice: "What it printed is above; check that it is installed whole, then run this again."
                    .to_owned(),
            });
        }
        pause();
    }
}

/// The one place where these commands wait by the clock: other programs cannot wake us.
#[allow(
    clippy::disallowed_methods,
    reason = "a foreign program's readiness can only be looked at again and again"
)]
fn pause() {
    std::thread::sleep(LOOK_EVERY);
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{folders, rusts_own};

    #[test]
    fn every_folder_of_the_session_is_inside_its_home() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let variables = folders(home.path()).expect("folders can be made in a fresh home");
        for (name, value) in variables.iter().filter(|(name, _)| name.starts_with("XDG_")) {
            assert!(
                Path::new(value).starts_with(home.path()) && Path::new(value).is_dir(),
                "{name} should be a folder of the session, not {}",
                value.display()
            );
        }
    }

    #[test]
    fn rust_is_still_found_when_home_is_another() {
        let found = rusts_own(Some(Path::new("/home/ana")), |_| None);
        assert_eq!(
            found,
            [
                ("CARGO_HOME", "/home/ana/.cargo".into()),
                ("RUSTUP_HOME", "/home/ana/.rustup".into())
            ],
            "by default both are in the real home"
        );
    }

    #[test]
    fn a_rust_that_is_elsewhere_already_stays_there() {
        let found = rusts_own(Some(Path::new("/home/ana")), |_| Some("/opt/rust".into()));
        assert!(found.is_empty(), "what the user has set is inherited as it is");
    }
}
