//! The project's own commands: `cargo xtask run | test | e2e | package | crash | fuzz | bench | bindings`.
//!
//! Somebody who has Rust and nothing else types one of them and ends with a running shop or with all tests
//! passed. So a command first looks at what the machine has ([`machine`], [`node`]), installs what is missing
//! where it knows how ([`packages`], [`chromium`]), and then runs the tools of the trade as numbered steps
//! ([`steps`], [`program`]). Nothing is remembered between runs but build output below `target/` and
//! `ui/node_modules`: running a command twice does the missing part, and running it a third time does nothing
//! new. A step that fails shows its output and ends in one line that says what to do.
//!
//! This crate is the first thing that a fresh machine compiles; it depends on little and on none of our crates.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program talks to its user by printing"
)]

mod bench;
mod browser;
mod cargo;
mod checks;
mod chromium;
mod crash;
mod desktop;
mod failure;
mod fuzz;
mod generated;
mod installed;
mod interrupt;
mod log;
mod machine;
mod node;
mod package;
mod packages;
mod program;
mod project;
mod session;
mod steps;
mod ui;
mod walk;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::Failure;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "Mostrador's own commands",
    version
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing, build, and open the window on the practice shop
    Run {
        /// Serve the program to a browser on this machine instead of opening a window
        #[arg(long)]
        browser: bool,
        /// Build with optimisation: slower to build, faster to use
        #[arg(long)]
        release: bool,
    },
    /// Install what the tests need and run all of them
    Test {
        /// Leave out the desktop program, the browser and the window
        #[arg(long)]
        fast: bool,
    },
    /// Walk through the real window and the browser, and leave the screenshots in docs/screenshots
    E2e {
        /// Walk and check, but leave the screenshots as they are
        #[arg(long)]
        check_only: bool,
    },
    /// Build the package that people install: a .deb, with its desktop entry, icons and the handler of mostrador: links
    Package {
        /// Install it here, walk through the installed program's window, remove it, and see that nothing is left
        #[arg(long)]
        check: bool,
    },
    /// Kill the real program at every named point and then at random, under traffic and faults, and judge by the practice
    /// shop's ledger what was lost or sent twice
    Crash {
        /// How many random kills; from 300 on (200 of a campaign) the counts are written into docs/reliability.md
        #[arg(long, value_name = "N", default_value_t = 300)]
        kills: u32,
        /// Kill a campaign while it runs
        #[arg(long)]
        campaign: bool,
        /// To how many people that campaign writes
        #[arg(long, value_name = "N", default_value_t = 5_000, requires = "campaign")]
        recipients: u32,
        /// Settles texts, faults and moments: a failing run can be made again
        #[arg(long, value_name = "S", default_value_t = 1)]
        seed: u64,
    },
    /// Feed what reads other people's bytes with bytes that nobody would write, each target for a fixed time
    Fuzz {
        /// How long each target runs
        #[arg(long, value_name = "N", default_value_t = 60)]
        seconds: u32,
    },
    /// Build the benchmarks with optimisation and measure what the program promises of its speed and its size; fails if a goal
    /// is missed
    Bench {
        /// One line of JSON a figure
        #[arg(long)]
        json: bool,
        /// Only the figures whose name begins so
        #[arg(long, value_name = "NAME")]
        only: Option<String>,
        /// A tenth of the messages and of the time: to see that it runs, not to judge
        #[arg(long)]
        quick: bool,
        /// The desktop program in its window instead, against an empty window
        #[arg(long)]
        ui: bool,
        /// How long the window is used while its memory is looked at
        #[arg(long, value_name = "N", default_value_t = 10.0, requires = "ui")]
        minutes: f64,
    },
    /// Write the generated files anew: the UI's typed commands and docs/commands.md
    Bindings,
}

fn main() -> ExitCode {
    match Arguments::parse().command.run() {
        Ok(code) => code,
        Err(Failure::Interrupted) => {
            eprintln!("\nEnded on request.");
            ExitCode::from(130)
        }
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

impl Command {
    fn run(self) -> Result<ExitCode, Failure> {
        interrupt::listen()?;
        match self {
            Self::Run { browser, release } => desktop::run_practice_shop(browser, release),
            Self::Test { fast } => checks::run_all(fast),
            Self::E2e { check_only } => walk::run_both(check_only),
            Self::Package { check } => package::make(check),
            Self::Crash {
                kills,
                campaign,
                recipients,
                seed,
            } => crash::run(kills, seed, campaign.then_some(recipients)),
            Self::Fuzz { seconds } => fuzz::run(seconds),
            Self::Bench {
                json,
                only,
                quick,
                ui,
                minutes,
            } => bench::run(&bench::Asked {
                json,
                only,
                quick,
                ui: ui.then_some(minutes),
            }),
            Self::Bindings => generated::write(),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Arguments;

    #[test]
    fn the_command_line_is_consistent_and_every_command_says_what_it_does() {
        let mut arguments = Arguments::command();
        arguments.build();
        arguments.clone().debug_assert();
        for command in arguments
            .get_subcommands()
            .filter(|command| command.get_name() != "help")
        {
            assert!(
                command.get_about().is_some(),
                "`{}` is shown in --help, so it needs a line of explanation",
                command.get_name()
            );
        }
    }
}
