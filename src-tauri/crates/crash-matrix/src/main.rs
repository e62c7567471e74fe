//! `mostrador-crash-matrix`: the runner of `cargo xtask crash`. Its one line on standard output is the counts.

mod of_campaigns;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Parser;
use futures_util::future::try_join_all;
use mostrador_crash_matrix::Broken;
use mostrador_crash_matrix::judge::Verdict;
use mostrador_crash_matrix::matrix::Run;
use mostrador_crash_matrix::practice::Practice;
use mostrador_engine::crash::POINTS;
use serde_json::json;

/// Named points that are gone through side by side: most of their time they wait.
const POINTS_AT_ONCE: usize = 8;

/// Kills the program under traffic and faults and counts what was lost or sent twice.
#[derive(Parser)]
#[command(name = "mostrador-crash-matrix")]
struct Arguments {
    /// The headless program, with crash points built in
    #[arg(long, value_name = "FILE")]
    program: PathBuf,
    /// The practice shop
    #[arg(long, value_name = "FILE")]
    practice: PathBuf,
    /// How many random kills
    #[arg(long, value_name = "N")]
    kills: usize,
    /// Settles texts, faults and moments
    #[arg(long, value_name = "S")]
    seed: u64,
    /// Kill a campaign instead
    #[arg(long)]
    campaign: bool,
    /// To how many people that campaign writes
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    recipients: usize,
    /// Rows of kills that run side by side, each with a practice shop of its own
    #[arg(long, value_name = "N", default_value_t = 4)]
    lanes: usize,
    /// Where what failed is kept
    #[arg(long, value_name = "DIR")]
    folder: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.campaign {
        return of_campaigns::run(&arguments).await;
    }
    match run(&arguments).await {
        Ok(verdict) if verdict.is_clean() && verdict.has_traffic() => ExitCode::SUCCESS,
        Ok(verdict) => {
            tell(&found(&verdict));
            if !verdict.has_traffic() {
                tell("nobody was written to, or nobody wrote: that proves nothing");
            }
            tell(&format!(
                "seed {}; what is left of it: {}",
                arguments.seed,
                arguments.folder.display()
            ));
            ExitCode::FAILURE
        }
        Err(broken) => {
            tell(&format!(
                "seed {}: {broken}; {}",
                arguments.seed,
                arguments.folder.display()
            ));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<Verdict, Broken> {
    let mut verdict = Verdict::default();
    for points in POINTS.chunks(POINTS_AT_ONCE) {
        let deaths = points.iter().map(|&point| at_point(arguments, point));
        verdict = try_join_all(deaths)
            .await?
            .into_iter()
            .fold(verdict, Verdict::and);
    }
    tell(&format!("{} named points passed", POINTS.len()));
    let killed = AtomicUsize::new(0);
    let lanes = shares(arguments.kills, arguments.lanes);
    let lanes = lanes
        .into_iter()
        .enumerate()
        .map(|(lane, share)| at_random(arguments, lane, share, &killed));
    verdict = try_join_all(lanes).await?.into_iter().fold(verdict, Verdict::and);
    let counts = json!({
        "kills": killed.load(Ordering::SeqCst),
        "sent": verdict.sent,
        "received": verdict.received,
        "lost": verdict.lost.len(),
        "twice": verdict.twice.len(),
        "uncertain": verdict.uncertain,
        "failed": verdict.failed,
    });
    say(&counts);
    keep(arguments, counts, POINTS.len())?;
    Ok(verdict)
}

async fn at_point(arguments: &Arguments, point: &str) -> Result<Verdict, Broken> {
    let practice = Practice::start(&arguments.practice, arguments.seed).await?;
    let run = Run::new(
        point,
        arguments.seed,
        &arguments.program,
        practice,
        &arguments.folder,
    )
    .await?;
    run.die_at(point).await
}

async fn at_random(
    arguments: &Arguments,
    lane: usize,
    kills: usize,
    killed: &AtomicUsize,
) -> Result<Verdict, Broken> {
    let seed = arguments.seed.wrapping_mul(1_000).wrapping_add(lane as u64);
    let practice = Practice::start(&arguments.practice, seed).await?;
    let run = Run::new(
        &format!("lane-{lane}"),
        seed,
        &arguments.program,
        practice,
        &arguments.folder,
    )
    .await?;
    let told = || {
        let so_far = killed.fetch_add(1, Ordering::SeqCst) + 1;
        if so_far.is_multiple_of(50) || so_far == arguments.kills {
            tell(&format!("{so_far} of {} kills", arguments.kills));
        }
    };
    run.killed(kills, told).await
}

/// `whole` in so many parts that differ by one at the most; parts of nothing are left out.
fn shares(whole: usize, parts: usize) -> Vec<usize> {
    let parts = parts.max(1);
    let share = |part: usize| whole / parts + usize::from(part < whole % parts);
    (0..parts).map(share).filter(|&share| share > 0).collect()
}

fn found(verdict: &Verdict) -> String {
    json!({
        "lost": verdict.lost, "twice": verdict.twice, "untrue": verdict.untrue, "unexplained": verdict.unexplained,
        "unsettled": verdict.unsettled, "hidden_uncertain": verdict.hidden_uncertain, "damaged": verdict.damaged,
        "logged": verdict.logged,
    })
    .to_string()
}

/// The counts with what they belong to, for whoever started the runner.
fn keep(arguments: &Arguments, mut counts: serde_json::Value, points: usize) -> Result<(), Broken> {
    counts["points"] = points.into();
    counts["seed"] = arguments.seed.into();
    Ok(std::fs::write(
        arguments.folder.join("result.json"),
        format!("{counts}\n"),
    )?)
}

fn say(line: &serde_json::Value) {
    // Whoever started it and does not listen has the exit code.
    let _unheard = writeln!(std::io::stdout().lock(), "{line}");
}

fn tell(line: &str) {
    let _unheard = writeln!(std::io::stderr().lock(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn kills_are_shared_out_evenly_and_none_is_left_over() {
        assert_eq!(shares(10, 4), [3, 3, 2, 2], "ten in four lanes");
        assert_eq!(shares(2, 4), [1, 1], "a lane without kills is none");
        assert_eq!(shares(0, 4), [0; 0], "nothing to do");
    }
}
