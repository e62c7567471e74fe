//! What stands where.

use chrono::NaiveDateTime;

use super::face::{self, bold, plain};
use super::paper::{Align, INNER, LEFT, Paper, RIGHT};
use super::tone::Tone;
use super::{bars, plot};
use crate::figures::{Proof, Report, variant_name};
use crate::local;
use crate::numbers::{counted, percent};
use crate::words::{Language, Words};

/// The height of a table's row.
const ROW: f32 = 19.0;

/// The name as it can be drawn.
pub(crate) fn name_of(report: &Report, words: &Words) -> String {
    if face::is_seen(&report.name) {
        face::drawable(&report.name)
    } else {
        words.page.untitled.to_owned()
    }
}

pub(crate) fn lay_out(paper: &mut Paper<'_>, report: &Report, language: Language) {
    let words = language.words();
    head(paper, report, words);
    totals(paper, report, language);
    funnel(paper, report, language);
    plot::hours(paper, report, language);
    variants(paper, report, language);
    reasons(
        paper,
        words.page.failures,
        words.page.nobody_failed,
        (&report.failures, Tone::Bad),
        language,
    );
    reasons(
        paper,
        words.page.skipped,
        words.page.nobody_skipped,
        (&report.skipped, Tone::Grey),
        language,
    );
    proof(paper, report, words);
}

fn head(paper: &mut Paper<'_>, report: &Report, words: &Words) {
    paper.y += 8.0;
    paper.text(
        (LEFT, paper.y),
        Align::Left,
        words.page.title,
        bold(10.0),
        Tone::Accent,
    );
    paper.y += 28.0;
    for line in paper.faces.wrapped(&name_of(report, words), bold(22.0), INNER, 2) {
        paper.line((LEFT, paper.y), Align::Left, line, Tone::Text);
        paper.y += 27.0;
    }
    paper.y -= 6.0;
    paper.text(
        (LEFT, paper.y),
        Align::Left,
        &when(report, words),
        plain(10.0),
        Tone::Soft,
    );
}

/// From when to when, and in which zone.
fn when(report: &Report, words: &Words) -> String {
    let wall = |at| local::wall(at, report.zone);
    let spoken = |at| local::spoken(at, &words.months);
    let span = match (report.started_at.and_then(wall), report.ended_at.and_then(wall)) {
        (None, _) => words.page.not_started.to_owned(),
        (Some(start), None) => format!("{} {}", words.page.since, spoken(start)),
        (Some(start), Some(end)) => format!("{}\u{a0}– {}", spoken(start), end_of(start, end, words)),
    };
    format!("{span}  ·  {}", report.zone.name().replace('_', " "))
}

/// The day is said once.
fn end_of(start: NaiveDateTime, end: NaiveDateTime, words: &Words) -> String {
    if start.date() == end.date() {
        end.format("%H:%M").to_string()
    } else {
        local::spoken(end, &words.months)
    }
}

/// Each person once: the parts add up to the whole.
fn totals(paper: &mut Paper<'_>, report: &Report, language: Language) {
    let words = language.words();
    let figures = &words.figures;
    let counts = &report.counts;
    section(paper, words.page.totals, 76.0);
    let always = [
        (figures.steps[0], counts.reached(), Tone::Accent),
        (figures.failed, counts.failed, Tone::Bad),
        (figures.skipped, counts.skipped, Tone::Grey),
        (figures.opted_out, counts.opted_out, Tone::Warn),
    ];
    let open = [
        (figures.uncertain, counts.uncertain, Tone::Info),
        (figures.waiting, counts.waiting(), Tone::Pale),
    ];
    let parts: Vec<_> = always
        .into_iter()
        .chain(open.into_iter().filter(|part| part.1 > 0))
        .collect();
    bars::tiles(paper, (figures.people, counts.total), &parts, language);
}

fn funnel(paper: &mut Paper<'_>, report: &Report, language: Language) {
    let words = language.words();
    let sent = report.funnel.sent;
    let asked = report.asked_to_stop;
    section(paper, words.page.funnel, if asked > 0 { 116.5 } else { 96.0 });
    if sent == 0 {
        return note(paper, words.page.nothing_sent);
    }
    let mut step = |name: &str, count, tone| {
        let share = percent(count, sent, language).unwrap_or_default();
        let label = (counted(u64::from(count), language), share);
        bars::labelled(paper, name, bars::part(count, sent), tone, &label);
    };
    for (name, count) in words.figures.steps.iter().zip(report.funnel.steps()) {
        step(name, count, Tone::Accent);
    }
    if asked > 0 {
        step(words.figures.asked_to_stop, asked, Tone::Warn);
    }
}

fn variants(paper: &mut Paper<'_>, report: &Report, language: Language) {
    if report.variants.is_empty() {
        return;
    }
    let words = language.words();
    let figures = &words.figures;
    let [sent, delivered, read, replied] = figures.steps;
    let names = [
        figures.variant,
        figures.people,
        sent,
        delivered,
        read,
        replied,
        figures.failed,
    ];
    // A few rows stay together.
    let rows = f32::from(u8::try_from(report.variants.len().min(10)).unwrap_or(10));
    section(paper, words.page.variants, (rows + 1.0) * ROW);
    table_row(paper, &names.map(str::to_owned), true);
    for variant in &report.variants {
        if paper.need(ROW) {
            table_row(paper, &names.map(str::to_owned), true);
        }
        let number = |count: u32| counted(u64::from(count), language);
        let part = |count| match percent(count, variant.funnel.sent, language) {
            Some(share) => format!("{}  ·  {share}", number(count)),
            None => number(count),
        };
        let funnel = variant.funnel;
        let cells = [
            variant_name(variant.variant),
            number(variant.people),
            number(funnel.sent),
            part(funnel.delivered),
            part(funnel.read),
            part(funnel.replied),
            number(variant.failed),
        ];
        table_row(paper, &cells, false);
    }
}

/// The right ends of a table's columns, as parts of the whole width; the first one begins at the left.
const COLUMNS: [f32; 7] = [0.0, 0.21, 0.34, 0.52, 0.69, 0.86, 1.0];

fn table_row(paper: &mut Paper<'_>, cells: &[String; 7], heading: bool) {
    let base = paper.y + 12.5;
    let (style, tone) = if heading {
        (plain(8.5), Tone::Soft)
    } else {
        (plain(9.5), Tone::Text)
    };
    for (place, (cell, end)) in cells.iter().zip(COLUMNS).enumerate() {
        let align = if place == 0 { Align::Left } else { Align::Right };
        let style = if place == 0 && !heading { bold(9.5) } else { style };
        paper.text((LEFT + INNER * end, base), align, cell, style, tone);
    }
    paper.y += ROW;
    paper.stroke(
        &[(LEFT, paper.y), (RIGHT, paper.y)],
        if heading { 0.8 } else { 0.4 },
        Tone::Line,
    );
}

fn reasons(
    paper: &mut Paper<'_>,
    title: &str,
    nobody: &str,
    (reasons, tone): (&[(String, u32)], Tone),
    language: Language,
) {
    section(paper, title, 2.0 * ROW);
    let most = reasons.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let all: u64 = reasons.iter().map(|(_, count)| u64::from(*count)).sum();
    if all == 0 {
        return note(paper, nobody);
    }
    let whole = u32::try_from(all).unwrap_or(u32::MAX);
    let mut reasons: Vec<_> = reasons.iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (reason, count) in reasons {
        let label = (
            counted(u64::from(*count), language),
            percent(*count, whole, language).unwrap_or_default(),
        );
        bars::reason(
            paper,
            language.words().reason(reason),
            bars::part(*count, most),
            tone,
            &label,
        );
    }
}

fn proof(paper: &mut Paper<'_>, report: &Report, words: &Words) {
    let (ground, tone) = match report.proof {
        Proof::Holds => (Tone::GoodTint, Tone::Good),
        Proof::Broken => (Tone::BadTint, Tone::Bad),
        Proof::Unsettled | Proof::NotYet => (Tone::Ground, Tone::Soft),
    };
    section(paper, words.figures.proof, 40.0);
    let lines = paper.faces.wrapped(
        words.figures.proof_line(report.proof),
        plain(10.0),
        INNER - 52.0,
        3,
    );
    #[expect(clippy::cast_precision_loss, reason = "three lines at most")]
    let height = 20.0 + 14.0 * lines.len() as f32;
    paper.block((LEFT, paper.y), (INNER, height), 6.0, ground);
    sign(paper, (LEFT + 22.0, paper.y + height / 2.0), report.proof, tone);
    let mut base = paper.y + 20.5;
    for line in lines {
        paper.line((LEFT + 40.0, base), Align::Left, line, Tone::Text);
        base += 14.0;
    }
    paper.y += height;
}

/// A tick, a cross or a dash on a disc.
fn sign(paper: &mut Paper<'_>, (x, y): (f32, f32), proof: Proof, tone: Tone) {
    paper.block((x - 8.0, y - 8.0), (16.0, 16.0), 8.0, tone);
    let strokes: &[&[(f32, f32)]] = match proof {
        Proof::Holds => &[&[(-3.6, 0.2), (-1.0, 2.8), (3.6, -2.8)]],
        Proof::Broken => &[&[(-2.8, -2.8), (2.8, 2.8)], &[(-2.8, 2.8), (2.8, -2.8)]],
        Proof::Unsettled | Proof::NotYet => &[&[(-3.2, 0.0), (3.2, 0.0)]],
    };
    for points in strokes {
        let moved: Vec<_> = points.iter().map(|(right, down)| (x + right, y + down)).collect();
        paper.stroke(&moved, 1.6, Tone::White);
    }
}

/// The name of a section, never alone at a page's end: `height` of what follows is with it.
pub(crate) fn section(paper: &mut Paper<'_>, title: &str, height: f32) {
    if !paper.need(38.0 + height) {
        paper.y += 22.0;
    }
    paper.y += 8.0;
    paper.text((LEFT, paper.y), Align::Left, title, bold(12.0), Tone::Text);
    paper.y += 9.0;
}

pub(crate) fn note(paper: &mut Paper<'_>, text: &str) {
    paper.y += 12.0;
    paper.text((LEFT, paper.y), Align::Left, text, plain(10.0), Tone::Soft);
    paper.y += 4.0;
}
