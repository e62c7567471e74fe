//! The rules of campaigns, as pure functions: whoever calls them brings the clock, chance, files and what is stored.

pub mod doctor;
pub mod numbers;
pub mod opt_out;
pub mod pacer;
pub mod plan;
pub mod question;
pub mod rehearsal;
pub mod safety;
pub mod schedule;
pub mod sheet;
pub mod state;
pub mod wording;
