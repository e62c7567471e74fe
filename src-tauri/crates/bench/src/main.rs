//! Measures what the program promises of its speed and its size: `cargo xtask bench` builds this and runs it.
//!
//! Everything is measured on data that follow from a seed ([`corpus`]). Where a machine's speed would decide, the figure is a
//! ratio to a floor measured in the same run ([`floor`]). These are benchmarks, not tests: a busy machine makes them
//! worse, so run them on a quiet one, and more than once.

mod campaigns;
mod corpus;
mod driven;
mod figure;
mod floor;
mod ingest;
mod large_audience;
mod large_campaign;
mod listing;
mod lists;
mod load;
mod rate;
mod running;
mod search;
mod timing;
mod usage;
mod window;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use mostrador_domain::UnixMillis;
use mostrador_store::Store;

use crate::corpus::{Corpus, Order, Size};
use crate::figure::{Figure, Goal};
use crate::floor::Floor;

/// As in the programs that it measures.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static MEMORY: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Measures speed and size.
#[derive(Parser)]
#[command(name = "mostrador-bench", version)]
struct Arguments {
    /// One line of JSON a figure
    #[arg(long)]
    json: bool,
    /// Only the figures whose name begins so
    #[arg(long, value_name = "NAME", default_value = "")]
    only: String,
    /// A tenth of the messages and of the time: to see that it runs, not to judge
    #[arg(long)]
    quick: bool,
    /// Where the databases are made; without it, in a temporary folder
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Measure the desktop program in its window instead; DIR holds its page, built
    #[arg(long, value_name = "DIR")]
    ui: Option<PathBuf>,
    /// How long the window is used while its memory is looked at
    #[arg(long, value_name = "N", default_value_t = 10.0)]
    minutes: f64,
}

/// Why it ended early.
#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error("the store: {0}")]
    Store(#[from] mostrador_store::StoreError),
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("files: {0}")]
    Files(#[from] std::io::Error),
    #[error("a program that is measured does not answer: {0}")]
    Silent(#[from] reqwest::Error),
    #[error("in vain: {0}")]
    InVain(String),
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            #[allow(clippy::print_stderr, reason = "a program for the terminal")]
            {
                eprintln!("mostrador-bench: {problem}");
            }
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<bool, Problem> {
    let temporary = tempfile::tempdir()?;
    let folder = arguments
        .folder
        .clone()
        .unwrap_or_else(|| temporary.path().to_owned());
    std::fs::create_dir_all(&folder)?;
    if let Some(ui) = &arguments.ui {
        return of_window(&arguments, &folder, ui).await;
    }
    let size = if arguments.quick {
        Size {
            chats: 1_000,
            messages: 100_000,
        }
    } else {
        Size {
            chats: 10_000,
            messages: 1_000_000,
        }
    };
    let corpus = Corpus::new(size, 1);
    let mut all_ok = true;
    for (name, order) in [("ingest_live", Order::Live), ("ingest_history", Order::History)] {
        if !name.starts_with(&arguments.only) {
            continue;
        }
        let path = folder.join(format!("{name}.db"));
        let mut floor = Floor::open(&folder)?;
        let taken = ingest::take_all(&path, &corpus, order, Some(&mut floor)).await?;
        let floor = floor.finish()?;
        for figure in [
            Figure::new(format!("{name}_floor"), floor, "rows/s", Goal::None),
            Figure::new(
                format!("{name}_rows"),
                taken.rows_per_second,
                "rows/s",
                Goal::None,
            ),
            Figure::new(
                format!("{name}_ratio"),
                taken.rows_per_second / floor,
                "of floor",
                Goal::AtLeast(0.08),
            ),
            Figure::new(
                format!("{name}_writer_held_p99"),
                taken.held_p99,
                "ms",
                Goal::None,
            ),
            Figure::new(
                format!("{name}_writer_held_most"),
                taken.held_most,
                "ms",
                Goal::AtMost(100.0),
            ),
        ] {
            figure.print(arguments.json);
            all_ok &= figure.is_ok();
        }
    }
    let mut tell = |figures: Vec<Figure>| {
        for figure in figures {
            figure.print(arguments.json);
            all_ok &= figure.is_ok();
        }
    };
    let wants = |name: &str| name.starts_with(&arguments.only) || arguments.only.starts_with(name);
    if wants("search") || wants("chat_") {
        // The one that live ingest made, if it was measured.
        let path = folder.join("ingest_live.db");
        if !path.exists() {
            ingest::take_all(&path, &corpus, Order::Live, None).await?;
        }
        let store = Store::open(&path, UnixMillis(0))?.store;
        tell(search::figures(&store, &corpus).await?);
        tell(lists::of_messages(&store).await?);
    }
    if wants("chats") {
        let chats = if arguments.quick { 10_000 } else { 100_000 };
        let store = lists::fill(&folder.join("chats.db"), chats).await?;
        tell(lists::of_chats(&store).await?);
    }
    let spans = running::Spans::of(arguments.quick);
    if wants("http_") {
        let chats = if arguments.quick { 10_000 } else { 100_000 };
        tell(listing::figures(&folder, chats).await?);
    }
    // What a process takes of the machine is asked of Linux.
    let linux = cfg!(target_os = "linux");
    if linux && wants("idle_") {
        tell(running::idle(&folder, spans).await?);
    }
    let filled = folder.join("ingest_live.db");
    if ((linux && wants("memory_")) || wants("webhook_")) && !filled.exists() {
        ingest::take_all(&filled, &corpus, Order::Live, None).await?;
    }
    if linux && wants("memory_") {
        tell(running::memory(&folder, &filled, spans).await?);
    }
    if wants("campaign_") {
        tell(campaigns::figures(if arguments.quick {
            10_000
        } else {
            100_000
        })?);
    }
    if linux && wants("campaign_") {
        let people = if arguments.quick { 20_000 } else { 200_000 };
        tell(large_audience::figures(&folder, people).await?);
        tell(large_campaign::figures(&folder, people).await?);
    }
    if wants("rate_") {
        tell(rate::figures(arguments.quick).await?);
    }
    if wants("webhook_") {
        tell(running::webhooks(&folder, &filled, spans).await?);
    }
    Ok(all_ok)
}

async fn of_window(arguments: &Arguments, folder: &Path, ui: &Path) -> Result<bool, Problem> {
    let mut all_ok = true;
    let asked = window::Asked {
        folder,
        ui,
        only: &arguments.only,
        quick: arguments.quick,
        minutes: arguments.minutes,
    };
    window::figures(&asked, |figures| {
        for figure in figures {
            figure.print(arguments.json);
            all_ok &= figure.is_ok();
        }
    })
    .await?;
    Ok(all_ok)
}
