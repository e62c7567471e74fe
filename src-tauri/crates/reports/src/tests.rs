//! What the files hold, read back.

mod document;
mod figures;
mod payloads;
mod reader;
mod samples;
mod spreadsheet;
mod table;
mod words;
