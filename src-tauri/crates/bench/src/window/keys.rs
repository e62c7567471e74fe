//! From a key to the paint of what it brings: the next chat, the next filter, the next letter of a search.

use super::Bench;
use super::driver::{Key, Window};
use crate::Problem;
use crate::corpus::{Rng, Vocabulary};
use crate::figure::{Figure, Goal};
use crate::timing::percentile;

/// Milliseconds.
const GOAL: f64 = 100.0;
/// The filters that are gone through: unread, groups, all.
const FILTERS: [char; 3] = ['2', '4', '1'];
/// Letters of a word that are typed one by one.
const LETTERS: usize = 6;

pub(super) async fn figures(bench: &Bench, quick: bool) -> Result<Vec<Figure>, Problem> {
    let times = if quick { 12 } else { 120 };
    let window = bench.open().await?;
    let mut figures = Vec::new();
    for (name, times) in [
        ("next_chat", next_chats(&window, times).await?),
        ("next_filter", next_filters(&window, times).await?),
        ("search_letter", letters(&window, times).await?),
    ] {
        let figure = |share, name: &str, goal| Figure::new(name, percentile(&times, share), "ms", goal);
        figures.push(figure(0.5, &format!("window_key_{name}_p50"), Goal::None));
        figures.push(figure(
            0.95,
            &format!("window_key_{name}_p95"),
            Goal::AtMost(GOAL),
        ));
    }
    window.end().await?;
    Ok(figures)
}

async fn next_chats(window: &Window, times: usize) -> Result<Vec<f64>, Problem> {
    let mut taken = Vec::new();
    for _ in 0..times {
        taken.push(timed(window, "chat", Key::AltAndDown).await?);
    }
    Ok(taken)
}

async fn next_filters(window: &Window, times: usize) -> Result<Vec<f64>, Problem> {
    window.press(Key::AltAnd('l')).await?;
    let mut taken = Vec::new();
    for filter in FILTERS.iter().cycle().take(times) {
        taken.push(timed(window, "filter", Key::Sign(*filter)).await?);
    }
    Ok(taken)
}

/// Words of the shop, letter by letter; the frequent ones and the rare ones.
async fn letters(window: &Window, times: usize) -> Result<Vec<f64>, Problem> {
    let vocabulary = Vocabulary::new(1);
    let mut rng = Rng::new(11);
    let mut taken = Vec::new();
    while taken.len() < times {
        let word = vocabulary.word(rng.below(vocabulary.len() as u64) as usize);
        window.press(Key::ControlAnd('k')).await?;
        for letter in word.chars().take(LETTERS) {
            taken.push(timed(window, "search", Key::Sign(letter)).await?);
        }
        window.press(Key::Escape).await?;
    }
    Ok(taken)
}

async fn timed(window: &Window, what: &str, key: Key) -> Result<f64, Problem> {
    window.page(&format!("bench.arm('{what}')")).await?;
    window.press(key).await?;
    let taken = window.page_later("bench.armed").await?;
    Ok(taken.as_f64().unwrap_or(f64::INFINITY))
}
