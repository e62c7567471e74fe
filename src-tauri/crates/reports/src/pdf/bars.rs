//! Bars that lie, each with its figure beside it.

use super::face::{bold, plain};
use super::paper::{Align, INNER, LEFT, Paper, RIGHT};
use super::tone::Tone;
use crate::numbers::counted;
use crate::words::Language;

/// `count` as a part of `whole`, from 0 to 1.
#[expect(clippy::cast_possible_truncation, reason = "a bar needs no more")]
pub(crate) fn part(count: u32, whole: u32) -> f32 {
    if whole == 0 {
        return 0.0;
    }
    (f64::from(count) / f64::from(whole)).min(1.0) as f32
}

/// A whole and its parts: a figure each, and below one bar that they share.
pub(crate) fn tiles(
    paper: &mut Paper<'_>,
    (name, whole): (&str, u32),
    parts: &[(&str, u32, Tone)],
    language: Language,
) {
    let tiles: Vec<Tile> = std::iter::once((name, whole, None))
        .chain(
            parts
                .iter()
                .map(|(name, count, tone)| (*name, *count, Some(*tone))),
        )
        .map(|(name, count, tone)| Tile {
            name,
            figure: counted(u64::from(count), language),
            tone,
        })
        .collect();
    #[expect(clippy::cast_precision_loss, reason = "seven at most")]
    let step = INNER / tiles.len() as f32;
    let names = largest(&[8.0, 7.5, 7.0], |size| {
        tiles
            .iter()
            .all(|tile| tile.indent() + paper.faces.line(tile.name, plain(size)).width <= step - 3.0)
    });
    let figures = largest(&[16.0, 14.5, 13.0, 11.5], |size| {
        tiles
            .iter()
            .all(|tile| paper.faces.line(&tile.figure, bold(size)).width <= step - 8.0)
    });
    let mut x = LEFT;
    for tile in &tiles {
        if let Some(tone) = tile.tone {
            paper.block((x, paper.y + 3.5), (7.0, 7.0), 2.0, tone);
        }
        let line = paper
            .faces
            .fitted(tile.name, plain(names), step - tile.indent() - 2.5);
        paper.line((x + tile.indent(), paper.y + 10.0), Align::Left, line, Tone::Soft);
        let line = paper.faces.fitted(&tile.figure, bold(figures), step - 4.0);
        paper.line((x, paper.y + 30.0), Align::Left, line, Tone::Text);
        x += step;
    }
    paper.y += 42.0;
    shared_bar(paper, whole, parts);
    paper.y += 10.0;
}

struct Tile<'a> {
    name: &'a str,
    figure: String,
    /// The colour of its part of the bar.
    tone: Option<Tone>,
}

impl Tile<'_> {
    /// Room for the colour before the name.
    fn indent(&self) -> f32 {
        if self.tone.is_some() { 10.0 } else { 0.0 }
    }
}

/// The largest size that fits; the last one in any case.
fn largest(sizes: &[f32], fits: impl Fn(f32) -> bool) -> f32 {
    let last = sizes.last().copied().unwrap_or(8.0);
    sizes.iter().copied().find(|size| fits(*size)).unwrap_or(last)
}

fn shared_bar(paper: &mut Paper<'_>, whole: u32, parts: &[(&str, u32, Tone)]) {
    const HEIGHT: f32 = 10.0;
    paper.block((LEFT, paper.y), (INNER, HEIGHT), 2.0, Tone::Ground);
    let mut x = LEFT;
    for (_, count, tone) in parts.iter().filter(|(_, count, _)| *count > 0) {
        // Whoever is counted is seen, however few.
        let width = (INNER * part(*count, whole)).max(1.0).min(RIGHT - x);
        paper.block((x, paper.y), ((width - 0.75).max(0.75), HEIGHT), 1.5, *tone);
        x += width;
    }
}

/// A step of the funnel.
pub(crate) fn labelled(
    paper: &mut Paper<'_>,
    name: &str,
    part: f32,
    tone: Tone,
    (count, share): &(String, String),
) {
    const NAME: f32 = 92.0;
    const BAR: f32 = 310.0;
    const HEIGHT: f32 = 14.0;
    let (top, base) = (paper.y + 3.0, paper.y + 13.5);
    paper.text((LEFT, base), Align::Left, name, plain(10.0), Tone::Text);
    paper.block((LEFT + NAME, top), (BAR, HEIGHT), 3.0, Tone::Ground);
    paper.block((LEFT + NAME, top), (visible(BAR * part), HEIGHT), 3.0, tone);
    let mut x = LEFT + NAME + BAR + 10.0;
    x += paper.text((x, base), Align::Left, count, bold(10.0), Tone::Text);
    paper.text((x + 6.0, base), Align::Left, share, plain(10.0), Tone::Soft);
    paper.y += 20.5;
}

/// How many have this reason.
pub(crate) fn reason(
    paper: &mut Paper<'_>,
    name: &str,
    part: f32,
    tone: Tone,
    (count, share): &(String, String),
) {
    const NAME: f32 = 248.0;
    const BAR: f32 = 154.0;
    paper.need(18.0);
    let base = paper.y + 12.5;
    let line = paper.faces.fitted(name, plain(9.5), NAME - 10.0);
    paper.line((LEFT, base), Align::Left, line, Tone::Text);
    paper.block((LEFT + NAME, base - 8.0), (visible(BAR * part), 9.0), 2.0, tone);
    let mut x = LEFT + NAME + BAR + 10.0;
    x += paper.text((x, base), Align::Left, count, bold(9.5), Tone::Text);
    paper.text((x + 6.0, base), Align::Left, share, plain(9.5), Tone::Soft);
    paper.y += 18.0;
}

/// What is more than nothing is seen.
fn visible(width: f32) -> f32 {
    if width > 0.0 { width.max(1.0) } else { 0.0 }
}
