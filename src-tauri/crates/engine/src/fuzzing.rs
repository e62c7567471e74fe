//! What reads the bytes of files, behind functions of bytes, for fuzzing. Not part of what the crate promises.
//!
//! None of it may panic, overflow or take more than a moment, whatever the bytes are.

pub use crate::media::fuzzing::{File, file};
