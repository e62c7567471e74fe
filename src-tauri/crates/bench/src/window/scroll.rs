//! The list of all chats from its top to its end, and the largest chat from its end to its beginning, a whole screen a frame.
//!
//! A frame is blank if a part of what is seen has no row. A scroll that has reached the end of what is read so far waits there:
//! such frames are counted apart.

use serde_json::Value;

use super::Bench;
use crate::Problem;
use crate::figure::{Figure, Goal};

/// Rows in the document at once, of all lists together.
const MOST_ROWS: f64 = 150.0;

pub(super) async fn figures(bench: &Bench, quick: bool) -> Result<Vec<Figure>, Problem> {
    let window = bench.open().await?;
    let (largest, messages) = bench.shop.largest;
    let opened = format!("document.querySelector('[data-chat=\"{largest}\"]')");
    window.until("the largest chat is in the list", &opened).await?;
    window.page(&format!("{opened}.click()")).await?;
    window
        .until(
            "the largest chat opens",
            "document.querySelectorAll('[data-message-id]').length > 40",
        )
        .await?;
    let most = messages.min(if quick { 2_000 } else { 100_000 });
    let told = window
        .page_later(&format!("bench.scrollMessages({most})"))
        .await?;
    let mut figures = figures_of("messages", &told);
    let chats = bench.shop.size.chats;
    let told = window.page_later(&format!("bench.scrollChats({chats})")).await?;
    figures.extend(figures_of("chats", &told));
    window.end().await?;
    Ok(figures)
}

fn figures_of(list: &str, told: &Value) -> Vec<Figure> {
    let figure = |name: &str, unit, goal| {
        let value = told[name].as_f64().unwrap_or(f64::INFINITY);
        Figure::new(format!("window_scroll_{list}_{name}"), value, unit, goal)
    };
    vec![
        figure("seen", "rows", Goal::None),
        figure("frames", "frames", Goal::None),
        figure("blank", "frames", Goal::AtMost(0.0)),
        figure("waited", "frames", Goal::None),
        figure("p95", "ms", Goal::None),
        figure("slowest", "ms", Goal::None),
        figure("rows", "rows", Goal::AtMost(MOST_ROWS)),
    ]
}
