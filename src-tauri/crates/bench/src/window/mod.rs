//! The desktop program in its window, against an empty one of the same kind: how soon it is there, how soon it shows what a key
//! asks for, whether its lists scroll without a gap, what memory all its processes take, how large its page is.
//!
//! Both windows are opened by the web view's own driver, so what that costs is in both. `cargo xtask bench --ui` makes the
//! session in which this runs: a virtual display without any graphics hardware, a bus, a keyring.

mod driver;
mod filled;
mod keys;
mod memory;
mod process;
mod scroll;
mod shipped;
mod start;

use std::path::{Path, PathBuf};

use crate::Problem;
use crate::driven::beside;
use crate::figure::Figure;

use driver::Window;
use filled::Filled;

/// The empty window's program, where cargo puts an example.
const EMPTY: &str = "examples/empty-window";
const PROGRAM: &str = "mostrador";

/// What is measured, and how much of it.
pub(crate) struct Asked<'a> {
    /// Where the files are made.
    pub(crate) folder: &'a Path,
    /// The page as it is built into the program.
    pub(crate) ui: &'a Path,
    /// Only the figures whose name begins so.
    pub(crate) only: &'a str,
    pub(crate) quick: bool,
    /// How long the program is used while its memory is looked at.
    pub(crate) minutes: f64,
}

/// The two programs, and the shop that one of them is opened on.
struct Bench {
    program: PathBuf,
    empty: PathBuf,
    /// The empty window's folder.
    nothing: PathBuf,
    shop: Filled,
}

impl Asked<'_> {
    fn wants(&self, name: &str) -> bool {
        name.starts_with(self.only) || self.only.starts_with(name)
    }
}

/// Measures what was asked for; each figure is told as soon as it is known.
pub(crate) async fn figures(asked: &Asked<'_>, mut tell: impl FnMut(Vec<Figure>)) -> Result<(), Problem> {
    if asked.wants("window_shipped") {
        tell(shipped::figures(asked.ui)?);
    }
    if !["window_start", "window_key", "window_scroll", "window_memory"]
        .iter()
        .any(|name| asked.wants(name))
    {
        return Ok(());
    }
    let nothing = asked.folder.join("nothing");
    std::fs::create_dir_all(&nothing)?;
    let bench = Bench {
        program: beside(PROGRAM)?,
        empty: beside(EMPTY)?,
        nothing,
        shop: filled::make(asked.folder, filled::size(asked.quick)).await?,
    };
    let first = bench.open().await?;
    bench.shop.link(&first).await?;
    first.end().await?;
    if asked.wants("window_start") {
        tell(start::figures(&bench, asked.quick).await?);
    }
    if asked.wants("window_key") {
        tell(keys::figures(&bench, asked.quick).await?);
    }
    if asked.wants("window_scroll") {
        tell(scroll::figures(&bench, asked.quick).await?);
    }
    if asked.wants("window_memory") {
        tell(memory::figures(&bench, asked.minutes).await?);
    }
    Ok(())
}

impl Bench {
    /// Opens the program on its shop and waits until a person can use it.
    async fn open(&self) -> Result<Window, Problem> {
        self.opened(&self.program, &self.shop.data).await
    }

    async fn open_empty(&self) -> Result<Window, Problem> {
        self.opened(&self.empty, &self.nothing).await
    }

    async fn opened(&self, program: &Path, data: &Path) -> Result<Window, Problem> {
        let window = Window::open(program, data).await?;
        window.until("a window comes up", "bench.startedAt()").await?;
        Ok(window)
    }
}
