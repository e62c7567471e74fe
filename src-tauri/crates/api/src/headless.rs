//! The program without a window: the same commands over HTTP, on loopback.
//!
//! | Call | answers |
//! |---|---|
//! | `POST /api/COMMAND` | the command's result, or `{code, params}` |
//! | `GET /events` | a stream (`text/event-stream`) of what the window is told |
//! | `GET /media/ID` | the bytes of a picture |
//! | `GET /…` | the window's own files, with `--ui` |
//!
//! Who may call: only programs that know this run's token (compared in constant time), and of browsers only a page that we
//! served: the Host must be this loopback address, an Origin must be ours. The window's files need no token; they hold nothing.

mod guard;
mod server;
mod ui_files;

pub use server::{Headless, StartError, start};
pub use ui_files::find_ui;
