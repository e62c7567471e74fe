//! `cargo xtask fuzz`: each target of `fuzz/` for a fixed time, with its corpus.
//!
//! The targets are built as `cargo fuzz` builds them (the folder is one of its projects), but without it: a nightly compiler is
//! all that is needed. What is found on the way (new inputs in `target/fuzz/found`, crashes in `target/fuzz/crashes`) is not
//! mixed with the corpus that is kept with the sources, which is small and invented.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::failure::Failure;
use crate::program::Program;
use crate::project;
use crate::steps::{Steps, Verdict};

/// What the compiler is told: to count what is executed, and to watch the memory. The same flags as `cargo fuzz build`.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
     -Cllvm-args=-sanitizer-coverage-trace-compares -Cllvm-args=-simplifycfg-branch-fold-threshold=0 \
     -Zsanitizer=address -Ccodegen-units=1";
/// Seconds that one input may take: none of them is that slow, unless something is wrong.
const SLOWEST: &str = "-timeout=10";
/// Megabytes that a target may use, the sanitizer's own included.
const LARGEST: &str = "-rss_limit_mb=2048";
/// SQLite has constants of one name in several of its parts, which the sanitizer takes for one that is defined twice.
const SANITIZER: (&str, &str) = ("ASAN_OPTIONS", "detect_odr_violation=0");

/// Runs each target for so many seconds.
pub(crate) fn run(seconds: u32) -> Result<ExitCode, Failure> {
    let targets = targets(&folder())?;
    let mut steps = Steps::new(targets.len() + 1);
    let programs = steps.prepare("Build the fuzz targets", build)?;
    for target in &targets {
        steps.check(&format!("Fuzz {target}"), || {
            one(&programs, target, seconds).map(|()| Verdict::Passed)
        })?;
    }
    Ok(if steps.summary() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn folder() -> PathBuf {
    project::root().join("fuzz")
}

/// Each source is a target; its name is the program's.
fn targets(fuzz: &Path) -> Result<Vec<String>, Failure> {
    let sources = fuzz.join("fuzz_targets");
    let mut names = Vec::new();
    for entry in fs::read_dir(&sources).map_err(Failure::file(&sources))? {
        let path = entry.map_err(Failure::file(&sources))?.path();
        if let (Some("rs"), Some(name)) = (path.extension().and_then(|e| e.to_str()), path.file_stem()) {
            names.push(name.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Builds all targets; gives the folder with the programs.
fn build() -> Result<PathBuf, Failure> {
    let missing = || {
        Failure::Missing(
            "Fuzzing needs a nightly compiler: run `rustup toolchain install nightly --profile minimal`."
                .to_owned(),
        )
    };
    let described = nightly("rustc").args(["-vV"]).answer().ok_or_else(missing)?;
    let host = described
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .ok_or_else(missing)?;
    let built = project::root().join("target").join("fuzz");
    nightly("cargo")
        // Named, so that programs that only run while building are built without the flags.
        .args(["build", "--release", "--bins", "--target", host, "--target-dir"])
        .args([&built])
        .within(folder())
        .env("RUSTFLAGS", FLAGS)
        .with_progress()?;
    Ok(built.join(host).join("release"))
}

fn nightly(tool: &str) -> Program {
    Program::new("rustup").args(["run", "nightly", tool])
}

fn one(programs: &Path, target: &str, seconds: u32) -> Result<(), Failure> {
    let kept = project::root().join("target").join("fuzz");
    let (found, crashes) = (kept.join("found").join(target), kept.join("crashes").join(target));
    let corpus = folder().join("corpus").join(target);
    for folder in [&found, &crashes, &corpus] {
        fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    }
    Program::new(programs.join(format!("{target}{}", std::env::consts::EXE_SUFFIX)))
        // New inputs go into the first folder; the second one is only read.
        .args([&found, &corpus])
        .args([format!("-max_total_time={seconds}"), format!("-artifact_prefix={}/", crashes.display())])
        .args([SLOWEST, LARGEST, "-print_final_stats=1"])
        .env(SANITIZER.0, SANITIZER.1)
        .advice(format!(
            "The input that it failed on is in {}; give it to the program as its only argument to see it again.",
            crashes.display()
        ))
        .quietly()
}

#[cfg(test)]
mod tests {
    use super::{folder, targets};

    #[test]
    fn every_target_is_declared_and_has_a_corpus() {
        let manifest = std::fs::read_to_string(folder().join("Cargo.toml")).expect("the manifest");
        let targets = targets(&folder()).expect("the targets");
        assert!(targets.len() >= 7, "{targets:?}");
        for target in &targets {
            assert!(
                manifest.contains(&format!("name = \"{target}\"")),
                "{target} is a program"
            );
            let corpus = std::fs::read_dir(folder().join("corpus").join(target));
            assert!(
                corpus.is_ok_and(|mut inputs| inputs.next().is_some()),
                "{target} has something to begin with"
            );
        }
        assert_eq!(
            manifest.matches("[[bin]]").count(),
            targets.len(),
            "and no other program is"
        );
    }
}
