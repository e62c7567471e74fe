//! Why a command ended early.
//!
//! Each kind reads as one line: what went wrong, then what to do about it. The output of the failing program is
//! shown above that line by whoever ran it.

use std::path::PathBuf;

/// Why a command ended early; `Display` is the one line for the user.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A program could not be started at all.
    #[error("`{program}` could not be started ({source}). {advice}")]
    NotStarted {
        /// The program as typed.
        program: String,
        /// The system's reason.
        source: std::io::Error,
        /// What to do.
        advice: String,
    },
    /// A program ran and said no.
    #[error("`{command}` failed ({status}). {advice}")]
    Refused {
        /// The command line, shortened.
        command: String,
        /// Its exit status in words.
        status: String,
        /// What to do.
        advice: String,
        /// The end of what it printed, for whoever reads only the end of a long run.
        last_words: String,
    },
    /// Something is missing that this machine's user has to provide.
    #[error("{0}")]
    Missing(String),
    /// A program ran but did not say or do what it is there for.
    #[error("{what}. {advice}")]
    Unexpected {
        /// What happened instead.
        what: String,
        /// What to do.
        advice: String,
    },
    /// A file or folder of ours could not be read or written.
    #[error("{} could not be used ({source}). Check its permissions and the free space, then run this again.", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// Ctrl-C, or a polite request to end.
    #[error("interrupted")]
    Interrupted,
}

impl Failure {
    /// For `map_err` on what is done to `path`.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}
