//! The package as somebody who installs it meets it: what is in it, that it installs, runs, is known to the desktop, and goes.
//!
//! This installs on the machine that it runs on, and so begins only where no Mostrador is installed. Whatever fails in between,
//! the package is removed again. The program runs in a [`Session`] of its own: nobody's chats are touched.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use crate::cargo;
use crate::failure::Failure;
use crate::interrupt::Ending;
use crate::log::Log;
use crate::packages;
use crate::program::Program;
use crate::session::{self, Session};
use crate::steps::{Steps, Verdict};

const PACKAGE: &str = "mostrador";
const BINARY: &str = "/usr/bin/mostrador";
const ENTRY: &str = "/usr/share/applications/Mostrador.desktop";
/// The shop's chats, where the program keeps what is a person's.
const SHOP: &str = "mostrador/mostrador.db";
const LINKS: &str = "x-scheme-handler/mostrador";
/// An empty window has one colour; the first screen, with its text and drawings, many.
const A_WHOLE_PAGE: u32 = 200;
const ENDS_WITHIN: Duration = Duration::from_secs(15);

/// Installs it, tries it, removes it.
pub(crate) fn try_out(steps: &mut Steps, package: &Path) -> Result<(), Failure> {
    let files = steps.prepare("Look into the package", || look_into(package))?;
    steps.prepare("Install it", || install(package))?;
    let mut installed = Installed { removed: false };
    let session = Session::open()?;
    steps.check("Open it as the desktop does", || {
        open(&session).map(|()| Verdict::Passed)
    })?;
    steps.check("Walk through the installed program's window", || {
        walk().map(|()| Verdict::Passed)
    })?;
    steps.check("Remove it", || {
        installed.remove()?;
        nothing_left(&files, &session).map(|()| Verdict::Passed)
    })?;
    Ok(())
}

/// What must be said in it; gives the files that it installs.
fn look_into(package: &Path) -> Result<Vec<PathBuf>, Failure> {
    for field in ["Maintainer", "Description", "Section", "Depends", "Recommends"] {
        let said = dpkg_deb("--field", package).args([field]).answer();
        if said.is_none_or(|said| said.is_empty()) {
            return Err(unexpected(format!("The package names no {field}")));
        }
    }
    let listed = dpkg_deb("--contents", package).answer().unwrap_or_default();
    let files = files_of(&listed);
    let icon = |file: &PathBuf| file.starts_with("/usr/share/icons/hicolor");
    let holds = |path: &str| files.iter().any(|file| file == Path::new(path));
    let whole = holds(BINARY)
        && holds(ENTRY)
        && holds("/usr/share/doc/mostrador/copyright")
        && files.iter().any(icon);
    if whole {
        Ok(files)
    } else {
        Err(unexpected(format!("The package is not whole: {listed}")))
    }
}

fn dpkg_deb(what: &str, package: &Path) -> Program {
    Program::new("dpkg-deb").args([what]).args([package])
}

/// The files, without folders, in `dpkg-deb`'s list of contents: rights, owner, size, day, time, path. Ours have no blanks.
fn files_of(listed: &str) -> Vec<PathBuf> {
    listed
        .lines()
        .filter(|line| line.starts_with('-'))
        .filter_map(|line| line.split_whitespace().nth(5))
        .map(|path| Path::new("/").join(path.trim_start_matches("./")))
        .collect()
}

fn install(package: &Path) -> Result<(), Failure> {
    if is_installed() {
        return Err(Failure::Missing(
            "A Mostrador is installed here, and the check would remove it: remove it yourself, or run the check elsewhere."
                .to_owned(),
        ));
    }
    let file = package.display().to_string();
    let arguments = ["install", "--yes", "--no-install-recommends", &file];
    packages::apt_get(&arguments, &format!("apt-get install {file}"))?.quietly_in_terminal()
}

fn is_installed() -> bool {
    let status = Program::new("dpkg-query").args(["--show", "--showformat=${db:Status-Status}", PACKAGE]);
    status.answer().is_some_and(|status| status == "installed")
}

/// The first start of somebody who has just installed it: no argument, and a home in which it has never been.
fn open(session: &Session) -> Result<(), Failure> {
    Program::new("desktop-file-validate").args([ENTRY]).quietly()?;
    let handler = session.around(Program::new("gio").args(["mime", LINKS])).answer();
    if !handler.is_some_and(|said| said.contains("Mostrador.desktop")) {
        return Err(unexpected(format!("The desktop does not know who opens {LINKS}")));
    }
    let log = Log::create("installed program")?;
    let program = Program::new(BINARY).streams(Stdio::null(), log.stdio()?, log.stdio()?);
    let mut program = session.around(program).start_in_own_group()?;
    session::wait(&mut program, "The installed program", &log, || {
        first_screen(session)
    })?;
    program.end(Ending::Asked);
    let ended = session::ends_within(&mut program, ENDS_WITHIN);
    if !ended {
        return Err(unexpected(
            "The program did not end when it was asked to".to_owned(),
        ));
    }
    Ok(())
}

/// Is the window there, with more than an empty page in it?
fn first_screen(session: &Session) -> Option<()> {
    let search = ["search", "--onlyvisible", "--name", "^Mostrador$"];
    let windows = session.around(Program::new("xdotool").args(search)).answer()?;
    let window = windows.lines().next()?;
    let count = ["-window", window, "-format", "%k", "info:-"];
    let colours = session.around(Program::new("import").args(count)).answer()?;
    (colours.parse::<u32>().ok()? >= A_WHOLE_PAGE).then_some(())
}

/// The tests of the window that say what a start comes to, with the installed program in place of the built one.
fn walk() -> Result<(), Failure> {
    let test = || {
        cargo::cargo(["test"])
            .args(cargo::DESKTOP)
            .args(["--test", "window"])
    };
    test().args(["--no-run"]).with_progress()?;
    let session = Session::open()?;
    session
        .around(test().args(["--", "--nocapture", "refusals::", "habits::"]))
        .env("MOSTRADOR_PROGRAM", BINARY)
        .without_env("MOSTRADOR_SCREENSHOTS")
        .quietly()
}

/// The package on this machine, which goes with this.
struct Installed {
    removed: bool,
}

impl Installed {
    fn remove(&mut self) -> Result<(), Failure> {
        self.removed = true;
        packages::apt_get(&["purge", "--yes", PACKAGE], &format!("apt-get purge {PACKAGE}"))?
            .quietly_in_terminal()
    }
}

impl Drop for Installed {
    fn drop(&mut self) {
        if !self.removed
            && let Err(failure) = self.remove()
        {
            println!("      {failure}");
        }
    }
}

/// What a person has is theirs: only the program goes.
fn nothing_left(files: &[PathBuf], session: &Session) -> Result<(), Failure> {
    let left: Vec<_> = files.iter().filter(|file| file.exists()).collect();
    if !left.is_empty() || is_installed() {
        return Err(unexpected(format!("Something stayed behind: {left:?}")));
    }
    if !session.data().join(SHOP).exists() {
        return Err(unexpected("The shop's data went with the program".to_owned()));
    }
    Ok(())
}

fn unexpected(what: String) -> Failure {
    Failure::Unexpected {
        what,
        advice: "Mend the package (tauri.conf.json, src-tauri/package) or the program, then run this again."
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_a_package_are_told_from_its_folders() {
        let listed = "\
drwxr-xr-x 0/0               0 2026-11-28 09:00 ./usr/bin/
-rwxr-xr-x 0/0        12345678 2026-11-28 09:00 ./usr/bin/mostrador
lrwxrwxrwx 0/0               0 2026-11-28 09:00 ./usr/bin/m -> ./mostrador
-rw-r--r-- 0/0             512 2026-11-28 09:00 usr/share/icons/hicolor/256x256@2/apps/mostrador.png";
        assert_eq!(
            files_of(listed),
            [
                PathBuf::from("/usr/bin/mostrador"),
                PathBuf::from("/usr/share/icons/hicolor/256x256@2/apps/mostrador.png")
            ],
            "as they are called once installed"
        );
    }
}
