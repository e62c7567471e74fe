//! The campaign's half of the matrix: a small one dies at each named point, a large one at random moments.

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::try_join_all;
use mostrador_crash_matrix::Broken;
use mostrador_crash_matrix::campaign::Run;
use mostrador_crash_matrix::campaign::judge::Verdict;
use mostrador_crash_matrix::practice::Practice;
use mostrador_engine::crash::{AUDIENCE_POINTS, CAMPAIGN_POINTS};
use serde_json::json;

use crate::{Arguments, POINTS_AT_ONCE, keep, say, shares, tell};

/// The points of the outbox that a campaign's messages pass; they are put into it without a window's command.
const OF_THE_OUTBOX: [&str; 3] = ["outbox.claimed", "outbox.called", "outbox.answered"];
/// To how many people a campaign writes that dies at a named point.
const AT_A_POINT: usize = 12;

/// Kills campaigns and tells what was found.
pub(crate) async fn run(arguments: &Arguments) -> ExitCode {
    match killed_campaigns(arguments).await {
        Ok(verdict) if verdict.is_clean() => ExitCode::SUCCESS,
        Ok(verdict) => {
            tell(&json!(verdict).to_string());
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

/// Every named point of a campaign, each with a small campaign of its own; then the large one, in lanes.
async fn killed_campaigns(arguments: &Arguments) -> Result<Verdict, Broken> {
    let mut verdict = Verdict::default();
    let points = [CAMPAIGN_POINTS, &OF_THE_OUTBOX].concat();
    for points in points.chunks(POINTS_AT_ONCE) {
        let deaths = points.iter().map(|&point| campaign_at_point(arguments, point));
        verdict = try_join_all(deaths)
            .await?
            .into_iter()
            .fold(verdict, Verdict::and);
    }
    tell(&format!("{} named points passed", points.len()));
    tell(&format!(
        "left out: {}, which tests/crash/audience.rs goes through",
        AUDIENCE_POINTS.join(", ")
    ));
    let killed = AtomicUsize::new(0);
    let kills = shares(arguments.kills, arguments.lanes);
    let people = shares(arguments.recipients, kills.len());
    let lanes = kills.into_iter().zip(people).enumerate();
    let lanes = lanes.map(|(lane, share)| killed_campaign(arguments, lane, share, &killed));
    verdict = try_join_all(lanes).await?.into_iter().fold(verdict, Verdict::and);
    let counts = json!({
        "kills": killed.load(Ordering::SeqCst),
        "recipients": arguments.recipients,
        "sent": verdict.sent,
        "lost": verdict.lost.len(),
        "twice": verdict.twice.len(),
        "failed": verdict.failed,
        "reasons": reasons(&verdict),
        "uncertain": verdict.uncertain,
        "resumed": verdict.resumed,
    });
    say(&counts);
    keep(arguments, counts, points.len())?;
    if arguments.kills > 0 && verdict.uncertain == 0 {
        // Nothing would have been shown by what was not sent again.
        return Err(Broken::InVain("a person is asked about some messages".to_owned()));
    }
    Ok(verdict)
}

/// Why people were left out or failed, with how many each.
fn reasons(verdict: &Verdict) -> String {
    let reasons = verdict
        .reasons
        .iter()
        .map(|(reason, people)| format!("{people} {reason}"));
    reasons.collect::<Vec<_>>().join(", ")
}

async fn campaign_at_point(arguments: &Arguments, point: &str) -> Result<Verdict, Broken> {
    let practice = Practice::start(&arguments.practice, arguments.seed).await?;
    let (program, folder) = (&arguments.program, &arguments.folder);
    Run::new(point, arguments.seed, program, practice, folder, AT_A_POINT)?
        .die_at(point)
        .await
}

async fn killed_campaign(
    arguments: &Arguments,
    lane: usize,
    (kills, people): (usize, usize),
    killed: &AtomicUsize,
) -> Result<Verdict, Broken> {
    let seed = arguments.seed.wrapping_mul(1_000).wrapping_add(lane as u64);
    let practice = Practice::start(&arguments.practice, seed).await?;
    let name = format!("campaign-{lane}");
    let run = Run::new(
        &name,
        seed,
        &arguments.program,
        practice,
        &arguments.folder,
        people,
    )?
    .blind_at_the_end(lane == 0 || lane + 1 < arguments.lanes);
    let told = || {
        let so_far = killed.fetch_add(1, Ordering::SeqCst) + 1;
        if so_far.is_multiple_of(25) || so_far == arguments.kills {
            tell(&format!("{so_far} of {} kills", arguments.kills));
        }
    };
    run.killed(kills, told).await
}
