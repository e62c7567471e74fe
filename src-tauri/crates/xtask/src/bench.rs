//! `cargo xtask bench`: builds the crate `bench`, the headless program and the practice shop with optimisation, and runs the first.
//!
//! What is measured, and against which goals, is that program's business. Its figures go to the terminal as they come, so that
//! `--json` can be read by another program; what the build says goes elsewhere.
//!
//! With `--ui` it is the desktop program in its window: that needs the page built, the program as it is shipped, an empty window
//! to hold it against, and a [`Session`] to run in.

use std::path::Path;
use std::process::ExitCode;

use crate::cargo;
use crate::failure::Failure;
use crate::machine::System;
use crate::node::Node;
use crate::packages::{self, COMPILER, DESKTOP, WINDOW};
use crate::program::Program;
use crate::project;
use crate::session::Session;
use crate::ui;

/// The runner, and the programs that it drives: it finds them beside itself.
const PACKAGES: [&str; 7] = [
    "--release",
    "--package",
    "mostrador-bench",
    "--package",
    "mostrador-api",
    "--package",
    "mostrador-sandbox",
];

/// What the window's figures need beside these: the program, and a window with nothing in it.
const PROGRAM_AND_EMPTY: [&str; 7] = [
    "--package",
    "mostrador",
    "--features",
    "mostrador/custom-protocol",
    "--bins",
    "--example",
    "empty-window",
];

/// What was asked for.
pub(crate) struct Asked {
    /// One line of JSON a figure.
    pub(crate) json: bool,
    /// Only the figures whose name begins so.
    pub(crate) only: Option<String>,
    /// A tenth of everything.
    pub(crate) quick: bool,
    /// The window, and how many minutes it is used while its memory is looked at.
    pub(crate) ui: Option<f64>,
}

/// Builds and measures.
pub(crate) fn run(asked: &Asked) -> Result<ExitCode, Failure> {
    if asked.ui.is_some() {
        return of_window(asked);
    }
    let runner = cargo::build("mostrador-bench", &PACKAGES)?;
    measuring(&runner, asked).in_terminal()?;
    Ok(ExitCode::SUCCESS)
}

fn of_window(asked: &Asked) -> Result<ExitCode, Failure> {
    if !System::here().is_linux() {
        return Err(Failure::Missing(
            "The window is measured on Linux only: elsewhere there is no virtual display and no driver for the web view."
                .to_owned(),
        ));
    }
    packages::ensure(&[COMPILER, DESKTOP, WINDOW])?;
    let node = Node::ensure()?;
    ui::install(&node)?;
    ui::build(&node)?;
    let runner = cargo::build("mostrador-bench", &[&PACKAGES[..], &PROGRAM_AND_EMPTY].concat())?;
    let session = Session::open()?;
    session.around(measuring(&runner, asked)).in_terminal()?;
    Ok(ExitCode::SUCCESS)
}

fn measuring(runner: &Path, asked: &Asked) -> Program {
    Program::new(runner).args(arguments(asked)).advice(
        "A figure missed its goal, or could not be measured: see above. Run it again on a quiet machine.",
    )
}

fn arguments(asked: &Asked) -> Vec<String> {
    let mut arguments = Vec::new();
    if asked.json {
        arguments.push("--json".to_owned());
    }
    if let Some(name) = &asked.only {
        arguments.extend(["--only".to_owned(), name.clone()]);
    }
    if asked.quick {
        arguments.push("--quick".to_owned());
    }
    if let Some(minutes) = asked.ui {
        let page = project::ui().join("dist").display().to_string();
        arguments.extend([
            "--ui".to_owned(),
            page,
            "--minutes".to_owned(),
            minutes.to_string(),
        ]);
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::{Asked, arguments};

    #[test]
    fn what_is_asked_for_is_handed_on() {
        let asked = Asked {
            json: true,
            only: Some("ingest".to_owned()),
            quick: true,
            ui: Some(2.5),
        };
        let told = arguments(&asked);
        assert_eq!(
            told[..5],
            ["--json", "--only", "ingest", "--quick", "--ui"],
            "all of it"
        );
        assert!(told[5].ends_with("dist"), "where the page is: {}", told[5]);
        assert_eq!(told[6..], ["--minutes", "2.5"], "and how long it is used");
        let plain = Asked {
            json: false,
            only: None,
            quick: false,
            ui: None,
        };
        assert!(arguments(&plain).is_empty(), "and nothing else");
    }
}
