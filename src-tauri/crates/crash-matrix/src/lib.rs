//! The crash matrix: the real program is killed again and again, and a gateway in another process says what really happened.
//!
//! - [`program`]: `mostrador-headless` as a process that is started, called and killed
//! - [`practice`]: the practice shop, over its own HTTP
//! - `traffic`: an operator who sends, customers who write, each text used once
//! - `weather`: what goes wrong at the gateway meanwhile
//! - `settling`: the end of a run: no more faults, everything comes to rest, all that the program shows is read
//! - `logged`: what it has logged in all its lives, and the search in it
//! - [`judge`]: a pure function of what was asked, what was delivered and what is shown
//! - [`matrix`]: every named crash point, then random kills
//! - [`campaign`]: the same for a campaign to many people
//!
//! A run is settled by its seed as far as two processes and a scheduler allow: which texts, faults and kills come in which
//! order, not which byte they meet.

pub mod campaign;
pub mod judge;
pub mod matrix;
pub mod practice;
pub mod program;

mod dice;
mod logged;
mod settling;
mod traffic;
mod weather;

/// Why a run could not be made. What a run finds is no error: see [`judge::Verdict`].
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// A program could not be started, or did not say where it is.
    #[error("{what} does not start: {why}")]
    Start {
        /// Which.
        what: &'static str,
        /// Its last words.
        why: String,
    },
    /// The practice shop did not answer; it is never killed, so that is no finding.
    #[error("the practice shop does not answer: {0}")]
    Practice(String),
    /// Something did not come true in time.
    #[error("in vain: {0}")]
    InVain(String),
    /// A file of the run.
    #[error("the run's files: {0}")]
    Files(#[from] std::io::Error),
}
