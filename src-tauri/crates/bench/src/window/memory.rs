//! The memory of all processes while the program is used: chats are opened and scrolled, filters changed, words searched,
//! answers written, settings looked at, and customers write all the while. Against the empty window at rest.

use std::time::Duration;

use super::Bench;
use super::driver::{Key, Window};
use super::process;
use crate::Problem;
use crate::figure::{Figure, Goal};
use crate::timing::{now, pause};

/// Of the empty window's memory, and so many MiB more.
const TIMES: f64 = 1.3;
const MORE: f64 = 60.0;
/// From the second quarter of the time to the last one, in percent: more is no wandering.
const GROWTH: f64 = 5.0;
/// How long a window is left alone before its memory counts.
const REST: Duration = Duration::from_secs(10);
/// Between two things that a person does.
const PAUSE: Duration = Duration::from_millis(250);
/// Chats that are opened in a round.
const CHATS: usize = 12;
/// Customers who write in a round.
const CUSTOMERS: u32 = 5;

pub(super) async fn figures(bench: &Bench, minutes: f64) -> Result<Vec<Figure>, Problem> {
    let window = bench.open_empty().await?;
    pause(REST).await;
    let empty = process::memory(window.process)?;
    window.end().await?;
    let window = bench.open().await?;
    pause(REST).await;
    let rest = process::memory(window.process)?;
    let taken = used(bench, &window, minutes).await?;
    window.end().await?;
    let mean = |from: usize, to: usize| {
        let part = taken.get(from..to).unwrap_or_default();
        part.iter().sum::<f64>() / part.len().max(1) as f64
    };
    let count = taken.len();
    let (second, last) = (mean(count / 4, count / 2), mean(count * 3 / 4, count));
    Ok(vec![
        Figure::new("window_memory_empty", empty, "MiB", Goal::None),
        Figure::new("window_memory_at_rest", rest, "MiB", Goal::None),
        Figure::new("window_memory_rounds", count as f64, "rounds", Goal::None),
        Figure::new("window_memory_second_quarter", second, "MiB", Goal::None),
        Figure::new("window_memory", last, "MiB", Goal::AtMost(TIMES * empty + MORE)),
        Figure::new(
            "window_memory_growth",
            (last / second - 1.0) * 100.0,
            "%",
            Goal::AtMost(GROWTH),
        ),
    ])
}

/// The memory after each round of use.
async fn used(bench: &Bench, window: &Window, minutes: f64) -> Result<Vec<f64>, Problem> {
    let (start, span) = (now(), Duration::from_secs_f64(minutes * 60.0));
    let mut taken = Vec::new();
    while start.elapsed() < span || taken.len() < 4 {
        round(bench, window, taken.len()).await?;
        taken.push(process::memory(window.process)?);
    }
    Ok(taken)
}

async fn round(bench: &Bench, window: &Window, number: usize) -> Result<(), Problem> {
    bench.shop.practice.customers_write(CUSTOMERS).await?;
    for _ in 0..CHATS {
        press(window, Key::AltAndDown).await?;
    }
    write(window, &format!("ok {number}")).await?;
    window.page_later("bench.scrollChats(400)").await?;
    press(window, Key::AltAnd('l')).await?;
    for filter in ['2', '4', '1'] {
        press(window, Key::Sign(filter)).await?;
    }
    press(window, Key::ControlAnd('k')).await?;
    for letter in "mesa".chars() {
        press(window, Key::Sign(letter)).await?;
    }
    press(window, Key::Down).await?;
    press(window, Key::Escape).await?;
    press(window, Key::ControlAnd(',')).await?;
    press(window, Key::AltAnd('c')).await?;
    press(window, Key::AltAnd('n')).await?;
    press(window, Key::AltAnd('i')).await?;
    press(window, Key::AltAnd('i')).await
}

async fn write(window: &Window, text: &str) -> Result<(), Problem> {
    press(window, Key::AltAnd('m')).await?;
    for letter in text.chars() {
        window.press(Key::Sign(letter)).await?;
    }
    press(window, Key::Sign('\u{e007}')).await
}

async fn press(window: &Window, key: Key) -> Result<(), Problem> {
    window.press(key).await?;
    pause(PAUSE).await;
    Ok(())
}
