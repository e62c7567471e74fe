//! Walks through the real window: a newcomer's, from the first start to an answered customer and a second start, and a day at the
//! counter with all that can happen in it, a campaign from the list to the report, a number at each of the gateways, and what a gateway calls with.
//!
//! What is driven is the program as people run it: its own binary, its own web view, a session bus, a keyring and a
//! notification daemon of this run (`cargo xtask e2e` provides them; see there). Nothing in the program knows that it is being
//! tested, and nothing is asked of the page that a person could not see or do. What really happened is judged from outside: by
//! the practice shop's ledger, by what the daemon showed, by what the next start still knows.
//!
//! - `program`: starting it and ending it · `screen`: what is on it, by the words that a person reads
//! - `phone`: the practice phone and its customers, by their own HTTP · `desktop`: notifications and windows · `tray`: its icon and menu
//! - `tunnel`: one that begins and ends on this computer · `words`: the few Spanish words of the UI that the walk goes by
//!
//! The tests share one desktop, so they take turns.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a walk that cannot go on has failed, and says where"
)]

mod calls;
mod campaign;
mod day;
mod dialects;

mod desktop;
mod files;
mod habits;
mod page;
mod phone;
mod program;
mod refusals;
mod screen;
mod tray;
mod tunnel;
mod waiting;
mod walk;
mod words;

use tokio::sync::{Mutex, MutexGuard};

static DESKTOP: Mutex<()> = Mutex::const_new(());

/// The desktop, for one test at a time.
async fn turn() -> MutexGuard<'static, ()> {
    DESKTOP.lock().await
}
