//! Does what is stored to be sent or done, and settles what is uncertain.
//!
//! One worker a device ([`Sender`]). Its loop: wait until the device may send → claim the next row (stored before the call is
//! made) → make the call → store what came of it. What each failure leads to is the table in [`mostrador_domain::failure`];
//! how an uncertain message is looked for is in `reconcile`. Crash points between all of these: [`crate::crash`].
//!
//! The worker subscribes to the wake-up before it looks for work, and sleeps no longer than until the next row's time.

pub(crate) mod backoff;
mod call;
mod outcome;
pub(crate) mod reconcile;
mod worker;

pub(crate) use worker::{Sender, may_pass};
