//! A real process dies at each named point and at random moments, and is started again on the same folder. By the ledger of a
//! gateway in another process: nothing lost, nothing twice.
//!
//! This is the small share of the crash matrix that every test run can afford; `cargo xtask crash` makes the long one.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod audience;

use std::path::Path;

use futures_util::future::join_all;
use mostrador_crash_matrix::judge::Verdict;
use mostrador_crash_matrix::matrix::Run;
use mostrador_crash_matrix::practice::Practice;
use mostrador_engine::crash::POINTS;
use mostrador_sandbox::{Sandbox, SandboxConfig};

/// Random kills in one test run.
const KILLS: usize = 20;
const SEED: u64 = 20;

/// What failed is found here.
const FOLDER: &str = env!("CARGO_TARGET_TMPDIR");

/// A run on a practice shop of its own, which lives in this process: another one than the program's.
async fn run(name: &str) -> (Sandbox, Run) {
    let config = SandboxConfig {
        customers_answer: true,
        ..SandboxConfig::for_tests()
    };
    let sandbox = Sandbox::start(config).await.expect("the practice shop starts");
    let practice = Practice::at(&sandbox.url(), sandbox.token());
    let program = Path::new(env!("CARGO_BIN_EXE_mostrador-headless"));
    let folder = Path::new(FOLDER).join("crash");
    let run = Run::new(name, SEED, program, practice, &folder)
        .await
        .expect("a run");
    (sandbox, run)
}

fn must_be_clean(what: &str, verdict: &Verdict) {
    assert!(
        verdict.is_clean(),
        "{what} (seed {SEED}, its files are in {FOLDER}/crash): {verdict:?}"
    );
}

async fn dies_at(point: &str) {
    let (sandbox, run) = run(point).await;
    let verdict = run.die_at(point).await.expect("the point is passed");
    must_be_clean(point, &verdict);
    sandbox.stop().await;
}

#[tokio::test]
async fn after_a_death_at_any_named_point_nothing_is_lost_and_nothing_goes_twice() {
    join_all(POINTS.iter().map(|&point| dies_at(point))).await;
}

#[tokio::test]
async fn after_random_kills_under_faults_nothing_is_lost_and_nothing_goes_twice() {
    let (sandbox, run) = run("random kills").await;
    let verdict = run.killed(KILLS, || {}).await.expect("the run is made");
    must_be_clean("random kills", &verdict);
    assert!(
        verdict.sent > 0 && verdict.received > 0,
        "there was traffic: {verdict:?}"
    );
    sandbox.stop().await;
}
