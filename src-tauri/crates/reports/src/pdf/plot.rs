//! What happened when: a row of bars each for what was sent, read, answered and failed, above one axis of time.

use chrono::{Datelike, Timelike};

use super::face::{Line, bold, plain};
use super::layout::{note, section};
use super::paper::{Align, INNER, LEFT, Paper, RIGHT};
use super::spans::{Grain, Span, spans};
use super::tone::Tone;
use crate::figures::Report;
use crate::local;
use crate::numbers::counted;
use crate::words::{Language, Words};

/// The widest step from a bar to the next.
const WIDEST: f32 = 40.0;
/// Between two names on the axis.
const APART: f32 = 46.0;

pub(crate) fn hours(paper: &mut Paper<'_>, report: &Report, language: Language) {
    let words = language.words();
    let (grain, bars) = spans(&report.hours, report.zone);
    let [sent, _, read, replied] = words.figures.steps;
    let rows = [
        (sent, 0, 60.0, Tone::Accent),
        (read, 1, 34.0, Tone::Info),
        (replied, 2, 34.0, Tone::Good),
        (words.figures.failed, 3, 34.0, Tone::Bad),
    ];
    // What never happened has no row of bars that are not there.
    let rows = rows.map(|row| (row, bars.iter().map(|bar| bar.counts[row.1]).sum::<u64>()));
    let height: f32 = rows
        .iter()
        .filter(|(_, sum)| *sum > 0)
        .map(|(row, _)| row.2 + 32.0)
        .sum();
    let title = match grain {
        Grain::Hour => words.page.per_hour,
        Grain::Day => words.page.per_day,
        Grain::Month => words.page.per_month,
    };
    section(paper, title, height + 24.0);
    if rows.iter().all(|(_, sum)| *sum == 0) {
        return note(paper, words.page.nothing_sent);
    }
    let step = step(bars.len());
    for ((name, which, height, tone), sum) in rows.into_iter().filter(|(_, sum)| *sum > 0) {
        let counts: Vec<u64> = bars.iter().map(|bar| bar.counts[which]).collect();
        let name = format!("{name}: {}", counted(sum, language));
        row(paper, &name, &counts, (height, step, tone), language);
    }
    axis(paper, grain, &bars, step, words);
}

#[expect(clippy::cast_precision_loss, reason = "some hundred at most")]
fn step(bars: usize) -> f32 {
    (INNER / bars.max(1) as f32).min(WIDEST)
}

fn row(
    paper: &mut Paper<'_>,
    name: &str,
    counts: &[u64],
    (height, step, tone): (f32, f32, Tone),
    language: Language,
) {
    paper.text((LEFT, paper.y + 14.0), Align::Left, name, plain(9.0), Tone::Soft);
    let floor = paper.y + 30.0 + height;
    let most = counts.iter().copied().max().unwrap_or(0);
    let width = (step * 0.78).max(0.6);
    let labels: Vec<Line> = counts
        .iter()
        .map(|count| paper.faces.line(&counted(*count, language), bold(7.5)))
        .collect();
    // Each bar has its figure where there is room, and the tallest in any case.
    let roomy = labels.iter().all(|label| label.width + 8.0 < step);
    let tallest = counts.iter().position(|count| *count == most);
    let mut x = LEFT + step / 2.0;
    for (place, (count, label)) in counts.iter().zip(labels).enumerate() {
        let tall = rising(*count, most, height);
        paper.block(
            (x - width / 2.0, floor - tall),
            (width, tall),
            (width / 4.0).min(1.5),
            tone,
        );
        if *count > 0 && (roomy || tallest == Some(place)) {
            let x = x.max(LEFT + label.width / 2.0).min(RIGHT - label.width / 2.0);
            paper.line((x, floor - tall - 3.0), Align::Middle, label, Tone::Text);
        }
        x += step;
    }
    #[expect(clippy::cast_precision_loss, reason = "some hundred at most")]
    let end = LEFT + step * counts.len() as f32;
    paper.stroke(&[(LEFT, floor), (end, floor)], 0.6, Tone::Grey);
    paper.y = floor + 2.0;
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a bar needs no more"
)]
fn rising(count: u64, most: u64, height: f32) -> f32 {
    if count == 0 {
        return 0.0;
    }
    ((count as f64 / most as f64) as f32 * height).max(0.8)
}

/// The names of times, as many as there is room for.
fn axis(paper: &mut Paper<'_>, grain: Grain, bars: &[Span], step: f32, words: &Words) {
    let every = every(step, grain);
    let mut day = None;
    let base = paper.y + 10.0;
    let mut x = LEFT + step / 2.0;
    for (place, bar) in bars.iter().enumerate() {
        if place % every == 0 && x + 12.0 < RIGHT {
            let name = match grain {
                Grain::Hour => format!("{:02}:00", bar.at.hour()),
                Grain::Day => day_name(bar, words),
                Grain::Month => format!("{} {}", local::month(bar.at, &words.months), bar.at.year()),
            };
            let line = paper.faces.line(&name, plain(7.5));
            let middle = x.max(LEFT + line.width / 2.0);
            paper.line((middle, base), Align::Middle, line, Tone::Soft);
            if grain == Grain::Hour && day != Some(bar.at.date()) {
                let line = paper.faces.line(&day_name(bar, words), bold(7.5));
                let middle = x.max(LEFT + line.width / 2.0);
                paper.line((middle, base + 10.0), Align::Middle, line, Tone::Soft);
                day = Some(bar.at.date());
            }
        }
        x += step;
    }
    paper.y = base + if grain == Grain::Hour { 12.0 } else { 2.0 };
}

fn day_name(bar: &Span, words: &Words) -> String {
    format!("{} {}", bar.at.day(), local::month(bar.at, &words.months))
}

/// Every how many bars a name stands; hours are told by those that a clock has marks for.
fn every(step: f32, grain: Grain) -> usize {
    let needed =
        (1_usize..).find(|count| room(*count) * step >= APART * if grain == Grain::Hour { 0.8 } else { 1.0 });
    let needed = needed.unwrap_or(1);
    match grain {
        Grain::Hour => [1, 2, 3, 4, 6, 12]
            .into_iter()
            .find(|count| *count >= needed)
            .unwrap_or(12),
        Grain::Day | Grain::Month => needed,
    }
}

#[expect(clippy::cast_precision_loss, reason = "some hundred at most")]
fn room(count: usize) -> f32 {
    count as f32
}
