//! The report of a campaign as a file: CSV for other programs, XLSX for spreadsheets, PDF for people.
//!
//! Whoever calls brings the figures ([`Report`]) and the people one by one, so that any number of them needs the memory of
//! one. No clock, no store, no path: a file is what is written into `out`.
//!
//! | File | holds | order |
//! |---|---|---|
//! | CSV | a row a person | as they come |
//! | XLSX | a sheet each for figures, people, hours, versions, failures and skipped | as they come |
//! | PDF | figures, no person | |
//!
//! Every time is that of the shop's zone. What customers wrote is never a formula: [`guard`] says how.

mod error;
mod figures;
mod guard;
mod local;
mod numbers;
mod pdf;
mod people;
mod separated;
mod words;
mod workbook;

#[cfg(test)]
mod tests;

pub use error::Error;
pub use figures::{Counts, Funnel, Hour, Proof, Report, Variant};
pub use pdf::pdf;
pub use people::Person;
pub use separated::csv;
pub use words::Language;
pub use workbook::xlsx;
