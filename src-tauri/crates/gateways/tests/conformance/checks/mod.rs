//! The rules, by what they are about.

pub(crate) mod actions;
pub(crate) mod bodies;
pub(crate) mod events;
pub(crate) mod faults;
pub(crate) mod gateway;
pub(crate) mod heard;
pub(crate) mod lists;
pub(crate) mod pairing;
pub(crate) mod people;
pub(crate) mod secrets;
pub(crate) mod sending;
pub(crate) mod strangers;
