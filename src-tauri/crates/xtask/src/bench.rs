//! `cargo xtask bench`: builds the crate `bench`, the headless program and the practice shop with optimisation, and runs the first.
//!
//! What is measured, and against which goals, is that program's business. Its figures go to the terminal as they come, so that
//! `--json` can be read by another program; what the build says goes elsewhere.

use std::process::ExitCode;

use crate::cargo;
use crate::failure::Failure;
use crate::program::Program;

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

/// What was asked for.
pub(crate) struct Asked {
    /// One line of JSON a figure.
    pub(crate) json: bool,
    /// Only the figures whose name begins so.
    pub(crate) only: Option<String>,
    /// A tenth of everything.
    pub(crate) quick: bool,
}

/// Builds and measures.
pub(crate) fn run(asked: &Asked) -> Result<ExitCode, Failure> {
    let runner = cargo::build("mostrador-bench", &PACKAGES)?;
    Program::new(&runner)
        .args(arguments(asked))
        .advice(
            "A figure missed its goal, or could not be measured: see above. Run it again on a quiet machine.",
        )
        .in_terminal()?;
    Ok(ExitCode::SUCCESS)
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
        };
        assert_eq!(
            arguments(&asked),
            ["--json", "--only", "ingest", "--quick"],
            "all of it"
        );
        let plain = Asked {
            json: false,
            only: None,
            quick: false,
        };
        assert!(arguments(&plain).is_empty(), "and nothing else");
    }
}
