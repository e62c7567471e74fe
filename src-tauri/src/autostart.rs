//! Starting with the system, on desktops that follow the XDG autostart specification.
//!
//! The desktop starts what has an entry in the user's `autostart` folder
//! (<https://specifications.freedesktop.org/autostart-spec/latest/>). Ours is written when a person turns it on and removed
//! when they turn it off. The entry is the only memory of it: many desktops show and change these entries too, so the file is
//! asked each time, and what a desktop has switched off counts as off.

use std::ffi::OsString;
use std::io::{Error, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// Within the folder of the user's settings.
const FOLDER: &str = "autostart";

/// The entry of one shop in a user's folder of settings (`~/.config`).
#[derive(Debug, Clone)]
pub struct Autostart {
    file: PathBuf,
}

impl Autostart {
    /// That of the shop whose programs find each other by the name `instance`.
    pub fn of(settings: &Path, instance: &str) -> Self {
        Self {
            file: settings.join(FOLDER).join(format!("{instance}.desktop")),
        }
    }

    /// Will the desktop start us?
    pub fn is_on(&self) -> bool {
        std::fs::read_to_string(&self.file).is_ok_and(|entry| starts(&entry))
    }

    /// From the next session on, the desktop runs `program` with `arguments`.
    ///
    /// # Errors
    /// The folder's, or that the program's path cannot stand in an entry.
    pub fn turn_on(&self, program: &Path, arguments: &[OsString]) -> std::io::Result<()> {
        let entry = entry(program, arguments).ok_or(ErrorKind::InvalidInput)?;
        let folder = self.file.parent().ok_or(ErrorKind::NotFound)?;
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(entry.as_bytes())?;
        file.persist(&self.file).map_err(|failed| failed.error)?;
        Ok(())
    }

    /// The desktop starts us no longer.
    ///
    /// # Errors
    /// The folder's.
    pub fn turn_off(&self) -> std::io::Result<()> {
        std::fs::remove_file(&self.file).or_else(|error: Error| match error.kind() {
            ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })
    }
}

/// A desktop passes over an entry whose `TryExec` is not there: that of a program which was removed.
fn entry(program: &Path, arguments: &[OsString]) -> Option<String> {
    let words = std::iter::once(program.as_os_str()).chain(arguments.iter().map(OsString::as_os_str));
    let command: Option<Vec<String>> = words.map(|word| quoted(word.to_str()?)).collect();
    Some(format!(
        "[Desktop Entry]\nType=Application\nName=Mostrador\nTryExec={}\nExec={}\nIcon=mostrador\nTerminal=false\n\
         StartupNotify=false\nX-GNOME-Autostart-enabled=true\n",
        program.to_str()?.replace('\\', "\\\\"),
        command?.join(" ")
    ))
}

/// An argument of `Exec`, as the desktop entry specification wants it: in quotes, with four signs marked, `%` doubled because it
/// begins a field code, and every backslash doubled once more because the value is a string. `None` = it cannot stand there.
fn quoted(argument: &str) -> Option<String> {
    if argument.chars().any(char::is_control) {
        return None;
    }
    let mut quoted = String::from("\"");
    for sign in argument.chars() {
        match sign {
            '"' | '`' | '$' => quoted.push_str("\\\\"),
            '\\' => quoted.push_str("\\\\\\"),
            '%' => quoted.push('%'),
            _ => {}
        }
        quoted.push(sign);
    }
    quoted.push('"');
    Some(quoted)
}

/// Desktops switch an entry off by one of these two keys.
fn starts(entry: &str) -> bool {
    let says = |key: &str, value: &str| {
        entry.lines().any(|line| {
            line.split_once('=')
                .is_some_and(|(name, said)| name.trim() == key && said.trim().eq_ignore_ascii_case(value))
        })
    };
    !says("Hidden", "true") && !says("X-GNOME-Autostart-enabled", "false")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> (tempfile::TempDir, Autostart) {
        let folder = tempfile::tempdir().expect("a folder");
        let autostart = Autostart::of(folder.path(), "com.example.shop");
        (folder, autostart)
    }

    #[test]
    fn it_is_off_until_a_person_turns_it_on_and_leaves_nothing_behind() {
        let (folder, autostart) = settings();
        assert!(!autostart.is_on(), "off by default");
        autostart.turn_off().expect("what is off stays off");

        autostart
            .turn_on(Path::new("/usr/bin/mostrador"), &["--hidden".into()])
            .expect("the folder is made");
        assert!(autostart.is_on(), "on");
        let entry = std::fs::read_to_string(&autostart.file).expect("an entry");
        for line in [
            "TryExec=/usr/bin/mostrador",
            "Exec=\"/usr/bin/mostrador\" \"--hidden\"",
        ] {
            assert!(
                entry.lines().any(|said| said == line),
                "it should say {line}: {entry}"
            );
        }

        autostart.turn_off().expect("removed");
        assert!(!autostart.is_on(), "off again");
        let left = std::fs::read_dir(folder.path().join(FOLDER))
            .expect("the folder")
            .count();
        assert_eq!(left, 0, "no entry, and no passing file");
    }

    #[test]
    fn each_shop_has_an_entry_of_its_own() {
        let (folder, autostart) = settings();
        let other = Autostart::of(folder.path(), "com.example.other");
        autostart.turn_on(Path::new("/opt/m"), &[]).expect("on");
        assert!(
            !other.is_on(),
            "the practice shop does not start with the real one"
        );
    }

    #[test]
    fn what_a_desktop_has_switched_off_is_off_until_it_is_turned_on_here() {
        let (_folder, autostart) = settings();
        autostart.turn_on(Path::new("/opt/m"), &[]).expect("on");
        for key in ["Hidden=true", "X-GNOME-Autostart-enabled=false", "Hidden = TRUE"] {
            std::fs::write(&autostart.file, format!("[Desktop Entry]\n{key}\nExec=/opt/m\n"))
                .expect("written");
            assert!(!autostart.is_on(), "{key} means off");
        }
        autostart.turn_on(Path::new("/opt/m"), &[]).expect("on");
        assert!(autostart.is_on(), "and our word is the last");
    }

    #[test]
    fn a_path_means_itself_in_an_entry_and_nothing_more() {
        for (path, quoted_as) in [
            ("/opt/my shop/mostrador", r#""/opt/my shop/mostrador""#),
            ("/opt/100%/m", r#""/opt/100%%/m""#),
            (r#"/opt/"a"/$HOME/`x`"#, r#""/opt/\\"a\\"/\\$HOME/\\`x\\`""#),
            (r"/opt/a\b", r#""/opt/a\\\\b""#),
        ] {
            assert_eq!(quoted(path).as_deref(), Some(quoted_as), "{path}");
        }
        assert_eq!(
            quoted("/opt/a\nExec=/bin/sh"),
            None,
            "a line break would begin another key"
        );
    }
}
