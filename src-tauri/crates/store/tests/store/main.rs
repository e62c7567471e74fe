//! The store through its public face, on real files. One module a story; `world` builds what they play in.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "in a test, what is not as expected must end it"
)]

mod world;

mod about;
mod another_number;
mod asked;
mod audience;
mod audience_portions;
mod batches_alone;
mod calls;
mod campaigns;
mod changes;
mod changes_disorder;
mod chat_emptied;
mod chat_labels;
mod chat_list;
mod chat_triage;
mod chat_waiting;
mod chat_wishes;
mod damaged_file;
mod devices;
mod faults;
mod feed;
mod groups;
mod ingest;
mod ingest_disorder;
mod leftovers;
mod message_kinds;
mod messages;
mod outbox;
mod outbox_actions;
mod outbox_echo;
mod outbox_echo_changed;
mod outbox_echo_late;
mod outbox_echo_marks;
mod outbox_kinds;
mod outbox_model;
mod outbox_operator;
mod outbox_times;
mod outbox_turns;
mod outbox_undo;
mod outbox_uploads;
mod people;
mod pictures;
mod power_loss;
mod races;
mod read_state;
mod receipts;
mod receipts_of_members;
mod retention;
mod search;
mod upgrade;
mod ways;
