//! Ctrl-C and termination: whatever was started is stopped.
//!
//! A child is entered here when it starts and taken out when it has been waited for. On the first Ctrl-C (or a
//! TERM, or a closed terminal) every child that is entered is asked to end; the thread that waits for it wakes,
//! finds [`requested`], and leaves by [`Failure::Interrupted`], so that every `Drop` on the way still runs. On the
//! second one they are killed. Children stand in a process group of their own, so that what *they* started goes
//! with them; the exceptions read from the terminal (a window's program, a password prompt) and share our group.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::failure::Failure;

static REQUESTED: AtomicBool = AtomicBool::new(false);
static ALIVE: Mutex<Vec<Alive>> = Mutex::new(Vec::new());

/// A child that has to end when we do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Alive {
    id: u32,
    leads_group: bool,
}

/// How a child is asked to end.
#[derive(Clone, Copy)]
pub(crate) enum Ending {
    /// It may clean up first.
    Asked,
    /// It may not.
    Forced,
}

/// Starts to listen; call once, before any child exists.
pub(crate) fn listen() -> Result<(), Failure> {
    ctrlc::set_handler(|| {
        let again = REQUESTED.swap(true, Ordering::SeqCst);
        let ending = if again { Ending::Forced } else { Ending::Asked };
        let alive = ALIVE.lock().unwrap_or_else(PoisonError::into_inner).clone();
        alive.into_iter().for_each(|child| child.end(ending));
    })
    .map_err(|error| Failure::Unexpected {
        what: format!("Ctrl-C cannot be listened for ({error})"),
        advice: "Run this from an ordinary terminal.".to_owned(),
    })
}

/// Whether somebody asked us to end.
pub(crate) fn requested() -> bool {
    REQUESTED.load(Ordering::SeqCst)
}

/// Enters a child that was just started.
pub(crate) fn enter(id: u32, leads_group: bool) -> Alive {
    let child = Alive { id, leads_group };
    ALIVE.lock().unwrap_or_else(PoisonError::into_inner).push(child);
    if requested() {
        // The request came between the start and this line, and passed the child by.
        child.end(Ending::Asked);
    }
    child
}

impl Alive {
    /// Takes the child out, once it has been waited for.
    pub(crate) fn leave(self) {
        ALIVE
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|child| *child != self);
    }

    /// Asks or forces the child to end, and its process group where it leads one. A child that is gone already is
    /// no error: that is what was wanted.
    #[cfg(unix)]
    pub(crate) fn end(self, ending: Ending) {
        use rustix::process::{Pid, Signal, kill_process, kill_process_group};

        let Some(id) = i32::try_from(self.id).ok().and_then(Pid::from_raw) else {
            return;
        };
        let signal = match ending {
            Ending::Asked => Signal::TERM,
            Ending::Forced => Signal::KILL,
        };
        let _gone_is_fine = if self.leads_group {
            kill_process_group(id, signal)
        } else {
            kill_process(id, signal)
        };
    }

    /// On Windows the console tells every program in it about Ctrl-C by itself; a forced end takes the tree.
    #[cfg(not(unix))]
    pub(crate) fn end(self, ending: Ending) {
        if matches!(ending, Ending::Forced) {
            let _gone_is_fine = std::process::Command::new("taskkill")
                .args(["/T", "/F", "/PID", &self.id.to_string()])
                .output();
        }
    }
}
