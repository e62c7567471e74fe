//! The desktop shell: what makes a program with a window of the shop in `mostrador-api`.
//!
//! It holds no rule of the shop. It opens the data folder, puts the UI into a window, and carries things between the two and
//! the desktop around them:
//!
//! - [`options`]: what the program was started with; [`words`]: the few words that the shell itself says
//! - `program`: the order in which everything starts and ends; `opening`: the shop while it is being opened
//! - `window`: the one window, and the practice phone's; [`addresses`]: where each of them may go
//! - `calls`, `events`, `media`: the UI's three ways to the shop; [`ranges`], [`media_types`]: which part of a file, and as what
//! - `visits`: what a start asks of the program that runs; [`deep_links`]: where a link leads
//! - [`window_place`]: where the window was; [`autostart`]: starting with the system; `spelling`: the words that are written
//! - `habits`: whether we start with the system, as the UI asks and is told
//! - `outward`: the UI's two ways to the desktop, saving a file and opening a link; [`file_names`], [`links`]: under which name,
//!   and which; `exports`: a file that the UI writes piece by piece
//! - `voice`: the microphone
//! - `page_process`: a page whose process ends is loaded again
//! - `tray`, `notifications`, `single_instance`: the desktop's three ways to the window
//! - `frugal`: what the web view is told before it starts
//! - `fatal`: what a person is told when there is no window to tell it in
//!
//! Without the feature `desktop` only the parts remain that need no web view.

pub mod addresses;
#[cfg(feature = "desktop")]
pub mod autostart;
pub mod deep_links;
pub mod file_names;
pub mod links;
pub mod media_types;
pub mod notice_text;
pub mod options;
pub mod ranges;
pub mod window_place;
pub mod words;

#[cfg(feature = "desktop")]
mod calls;
#[cfg(feature = "desktop")]
mod events;
#[cfg(feature = "desktop")]
mod exports;
#[cfg(feature = "desktop")]
mod fatal;
#[cfg(all(feature = "desktop", unix, not(target_os = "macos")))]
mod frugal;
#[cfg(feature = "desktop")]
mod habits;
#[cfg(feature = "desktop")]
mod media;
#[cfg(feature = "desktop")]
mod notifications;
#[cfg(feature = "desktop")]
mod opening;
#[cfg(feature = "desktop")]
mod outward;
#[cfg(all(feature = "desktop", unix, not(target_os = "macos")))]
mod page_process;
#[cfg(feature = "desktop")]
mod program;
#[cfg(feature = "desktop")]
mod single_instance;
#[cfg(feature = "desktop")]
mod spelling;
#[cfg(feature = "desktop")]
mod tray;
#[cfg(feature = "desktop")]
mod visits;
#[cfg(feature = "desktop")]
mod voice;
#[cfg(feature = "desktop")]
mod window;

#[cfg(feature = "desktop")]
pub use program::run;
