//! Running other programs: quietly, with cargo's progress in view, or in the user's own terminal.
//!
//! What a quiet program prints goes to a [`Log`], and onto the screen only if the program fails: a good run stays
//! readable, and a bad one hides nothing. Every child is entered in [`interrupt`] while it runs, so that Ctrl-C
//! reaches it and what it started.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use crate::failure::Failure;
use crate::interrupt::{self, Alive, Ending};
use crate::log::Log;
use crate::project;

const LOOK_ABOVE: &str = "Mend what its output above says, then run this again.";

/// Variables that cargo sets for the program it runs, this one. Build scripts that watch them would see our name
/// instead of nothing, and everything above them would be compiled again.
const CARGO_SAYS_OF_US: [&str; 5] = [
    "CARGO_PKG_",
    "CARGO_MANIFEST_",
    "CARGO_BIN_",
    "CARGO_CRATE_NAME",
    "CARGO_PRIMARY_PACKAGE",
];

/// A program about to be run.
pub(crate) struct Program {
    command: Command,
    line: String,
    advice: String,
}

impl Program {
    /// `name` as found on the path, or a path; it runs in the project's root.
    pub(crate) fn new(name: impl AsRef<OsStr>) -> Self {
        let name = name.as_ref();
        let mut command = Command::new(name);
        command.current_dir(project::root());
        for (variable, _) in std::env::vars_os() {
            let about_us = variable.to_str().is_some_and(|variable| {
                CARGO_SAYS_OF_US
                    .iter()
                    .any(|beginning| variable.starts_with(beginning))
            });
            if about_us {
                command.env_remove(variable);
            }
        }
        let line = Path::new(name)
            .file_stem()
            .unwrap_or(name)
            .to_string_lossy()
            .into_owned();
        Self {
            command,
            line,
            advice: LOOK_ABOVE.to_owned(),
        }
    }

    /// Adds arguments.
    pub(crate) fn args<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        for argument in arguments {
            let argument = argument.as_ref();
            self.command.arg(argument);
            self.line.push(' ');
            self.line.push_str(&argument.to_string_lossy());
        }
        self
    }

    /// Sets variables.
    pub(crate) fn envs<K: AsRef<OsStr>, V: AsRef<OsStr>>(
        mut self,
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        self.command.envs(variables);
        self
    }

    /// Sets one variable.
    pub(crate) fn env(self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.envs([(name, value)])
    }

    /// Takes one variable away.
    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Runs in this folder instead of the project's root.
    pub(crate) fn within(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// What the user should do if it fails, instead of reading the output.
    pub(crate) fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = advice.into();
        self
    }

    /// Whether it can be started and ends well, unseen.
    pub(crate) fn succeeds(mut self) -> bool {
        self.command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        self.command.status().is_ok_and(|status| status.success())
    }

    /// What it prints, or `None` if it cannot be started or says no.
    pub(crate) fn answer(mut self) -> Option<String> {
        let output = self
            .command
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .ok()?;
        output
            .status
            .success()
            .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Runs it with everything it prints kept back.
    pub(crate) fn quietly(mut self) -> Result<(), Failure> {
        let log = Log::create(&self.line)?;
        self.command
            .stdin(Stdio::null())
            .stdout(log.stdio()?)
            .stderr(log.stdio()?);
        self.in_own_group();
        self.run_logged(&log)
    }

    /// As [`quietly`](Self::quietly), but in the terminal's own group: it may ask for a password there.
    pub(crate) fn quietly_in_terminal(mut self) -> Result<(), Failure> {
        let log = Log::create(&self.line)?;
        self.command.stdout(log.stdio()?).stderr(log.stdio()?);
        let child = self.start_sharing_group()?;
        self.finish(child, Some(&log))
    }

    /// Runs it with its errors and progress in view and its results kept back.
    pub(crate) fn with_progress(mut self) -> Result<(), Failure> {
        let log = Log::create(&self.line)?;
        self.command.stdin(Stdio::null()).stdout(log.stdio()?);
        self.in_own_group();
        self.run_logged(&log)
    }

    /// As [`with_progress`](Self::with_progress), and gives back what it printed as its result.
    pub(crate) fn result_with_progress(mut self) -> Result<String, Failure> {
        let log = Log::create(&self.line)?;
        self.command.stdin(Stdio::null()).stdout(log.stdio()?);
        self.in_own_group();
        let child = self.start(true)?;
        // Its output is for us, not for the screen: what went wrong was said on the error stream.
        self.finish(child, None)?;
        log.read()
    }

    /// Runs it in the user's terminal until it ends.
    pub(crate) fn in_terminal(mut self) -> Result<(), Failure> {
        let child = self.start_sharing_group()?;
        self.finish(child, None)
    }

    /// Starts it in a process group of its own and leaves it running.
    pub(crate) fn start_in_own_group(mut self) -> Result<Running, Failure> {
        self.in_own_group();
        self.start(true)
    }

    /// Starts it in the terminal's group and leaves it running.
    pub(crate) fn start_sharing_group(&mut self) -> Result<Running, Failure> {
        self.start(false)
    }

    /// The streams, for what none of the ways above fits.
    pub(crate) fn streams(mut self, stdin: Stdio, stdout: Stdio, stderr: Stdio) -> Self {
        self.command.stdin(stdin).stdout(stdout).stderr(stderr);
        self
    }

    /// Waits for `child` and judges how it ended.
    pub(crate) fn finish(&self, mut child: Running, log: Option<&Log>) -> Result<(), Failure> {
        let status = child.wait()?;
        if interrupt::requested() {
            return Err(Failure::Interrupted);
        }
        if status.success() {
            return Ok(());
        }
        if let Some(log) = log {
            log.show();
        }
        let line = self.line.clone();
        Err(Failure::Refused {
            command: line,
            status: in_words(status),
            advice: self.advice.clone(),
            last_words: log.map(Log::end).unwrap_or_default(),
        })
    }

    fn run_logged(mut self, log: &Log) -> Result<(), Failure> {
        let child = self.start(true)?;
        self.finish(child, Some(log))
    }

    fn in_own_group(&mut self) {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut self.command, 0);
    }

    fn start(&mut self, leads_group: bool) -> Result<Running, Failure> {
        if interrupt::requested() {
            return Err(Failure::Interrupted);
        }
        let child = self.command.spawn().map_err(|source| Failure::NotStarted {
            program: self.line.clone(),
            source,
            advice: "Check that it is installed and on the path, then run this again.".to_owned(),
        })?;
        let alive = interrupt::enter(child.id(), leads_group);
        Ok(Running {
            child,
            alive,
            leads_group,
            waited_for: false,
        })
    }
}

/// A program that runs. Dropped before it ended, it is stopped, with all that it started.
pub(crate) struct Running {
    pub(crate) child: Child,
    alive: Alive,
    leads_group: bool,
    waited_for: bool,
}

impl Running {
    /// Waits until it ends; what it left behind in its group is stopped.
    pub(crate) fn wait(&mut self) -> Result<ExitStatus, Failure> {
        let status = self.child.wait().map_err(Failure::file("the started program"))?;
        self.waited_for = true;
        self.alive.leave();
        if self.leads_group {
            self.alive.end(Ending::Asked);
        }
        Ok(status)
    }

    /// Whether it has ended already.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.waited_for || !matches!(self.child.try_wait(), Ok(None))
    }

    /// Asks it to end, or forces it.
    pub(crate) fn end(&self, ending: Ending) {
        self.alive.end(ending);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.waited_for {
            self.end(Ending::Forced);
            let _already_ended = self.child.kill();
            let _nothing_more_to_do = self.child.wait();
            self.alive.leave();
        }
    }
}

fn in_words(status: ExitStatus) -> String {
    status
        .code()
        .map_or_else(|| "it was stopped".to_owned(), |code| format!("exit code {code}"))
}

#[cfg(test)]
mod tests {
    use super::Program;
    use crate::failure::Failure;

    #[test]
    fn a_program_that_does_not_exist_is_told_apart_from_one_that_fails() {
        let missing = Program::new("no-such-program-of-ours").quietly();
        assert!(
            matches!(missing, Err(Failure::NotStarted { .. })),
            "a missing program should say that it could not be started, not {missing:?}"
        );
        assert!(
            !Program::new("no-such-program-of-ours").succeeds(),
            "a missing program does not succeed"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_failing_program_is_named_with_its_exit_code_and_advice() {
        let failed = Program::new("sh")
            .args(["-c", "exit 3"])
            .advice("Try the door.")
            .quietly();
        let line = failed.expect_err("exit code 3 is a failure").to_string();
        assert!(
            line.contains("exit code 3") && line.ends_with("Try the door."),
            "the one line should name the code and what to do, not: {line}"
        );
        assert_eq!(line.lines().count(), 1, "a failure is one line");
    }
}
