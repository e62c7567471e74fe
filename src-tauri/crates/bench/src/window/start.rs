//! From the start of the process to the frame in which a person can use the window: for the program, the one with the rows of
//! its chat list. The two take turns, so that what else the machine does falls on both.

use super::Bench;
use super::driver::Window;
use crate::Problem;
use crate::figure::{Figure, Goal};
use crate::timing::percentile;

/// Of the empty window's time.
const MOST: f64 = 1.5;

pub(super) async fn figures(bench: &Bench, quick: bool) -> Result<Vec<Figure>, Problem> {
    let times = if quick { 2 } else { 9 };
    let (mut empty, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..times {
        empty.push(taken(bench.open_empty().await?).await?);
        ours.push(taken(bench.open().await?).await?);
    }
    let median = |times: &[f64]| percentile(times, 0.5);
    let ratios: Vec<f64> = ours
        .iter()
        .zip(&empty)
        .map(|(ours, empty)| ours / empty)
        .collect();
    Ok(vec![
        Figure::new("window_start_empty", median(&empty), "ms", Goal::None),
        Figure::new("window_start", median(&ours), "ms", Goal::None),
        Figure::new(
            "window_start_ratio",
            median(&ratios),
            "of empty",
            Goal::AtMost(MOST),
        ),
    ])
}

/// Milliseconds from its process's start until it could be used; ends it.
async fn taken(window: Window) -> Result<f64, Problem> {
    let there = window.page("return bench.startedAt()").await?;
    let taken = there.as_f64().unwrap_or(f64::INFINITY) - window.process.started;
    window.end().await?;
    Ok(taken)
}
