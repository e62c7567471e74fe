//! HTTP as the drivers need it: one client for each link, and failures told by what they mean for a message.
//!
//! A send must never be made twice, so the kit answers one question exactly: *may this call have had an effect?*
//!
//! | What happened | Failure |
//! |---|---|
//! | no connection: refused, name not found, TLS not agreed, any of it took too long | NotSent, Unreachable |
//! | 429 | NotSent, RateLimited, with the gateway's own delay; an [`Answer`] where the driver asks for that |
//! | connected, and no whole answer in the time allowed, however steadily it drips | Unknown, TimedOut |
//! | the connection ended before the answer was whole | Unknown, Cut |
//! | 5xx | Unknown, ServerError; an [`Answer`] where the driver asks for that |
//! | 3xx (never followed: the token goes to one place only) | Unknown, UnexpectedStatus |
//! | a file that was to leave is gone, or is not as long as it was | Rejected, MediaMissing |
//! | an answer above the size limit, or not what was asked for | Unknown, TooLarge or Malformed |
//! | 2xx and the other 4xx | an [`Answer`]: the driver knows what its gateway means |
//!
//! The kit makes each call once: it follows no redirect, keeps no cookie, uses no proxy of the environment, asks for
//! no compression and repeats nothing. A failure holds no address, token, number or body, and the one event that a
//! call leaves names the path by its template (`/messages/{MessageID}`), never by what was put into it.

mod address;
mod answer;
mod body;
mod call;
mod client;
mod failures;
mod json;
mod key;
mod path;
pub(crate) mod picture;
pub(crate) mod retry_after;

#[cfg(test)]
mod tests;

pub use client::CallTimes;
pub use json::read as read_json;

pub(crate) use answer::Answer;
pub(crate) use body::FILE;
pub(crate) use call::Call;
pub(crate) use client::GatewayHttp;
pub(crate) use key::Key;
pub(crate) use path::Path;
