//! The rules, by what they are about.

pub(crate) mod events;
pub(crate) mod faults;
pub(crate) mod lists;
pub(crate) mod pairing;
pub(crate) mod secrets;
pub(crate) mod sending;
