//! The rules of campaigns, as pure functions: whoever calls them brings the clock, chance, files and what is stored.

pub mod doctor;
pub mod numbers;
pub mod sheet;
