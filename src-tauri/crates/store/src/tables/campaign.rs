//! Campaigns: what is to be said, to whom, and what became of each.
//!
//! States and events are those of [`mostrador_campaigns::state`]; each change here is one compare-and-set, and who finds
//! another state than expected gets [`crate::StoreErrorKind::StateChanged`] and has to let go.
//!
//! - [`create`], [`set_plan`], [`edited`], [`rehearsed`]: until it can be started
//! - [`schedule`], [`start`], [`pause`], [`resume`], [`cancel`]: its life; [`brake`] when WhatsApp or the gateway wants it to end
//! - [`queue_next`]: the next recipient, from its row into the outbox, in one transaction
//! - `follow`: what becomes of the outbox row and of the message becomes of the recipient, in the same transaction
//! - `lapse`: what did not leave while the pacer's word held has no turn any more
//! - `family`: nobody is written to twice by those that follow one another for whom they did not reach
//! - `series`: the repetitions of a recurring one are one campaign
//! - [`settle`]: what a person says of an uncertain one
//! - [`audience`]: who is to be written to; [`segment`]: audiences that are used again
//! - [`opt_out`]: who does not want to be written to; `bite`: what that does at once, and a block
//! - [`report`], [`replies`], [`proof`], [`retry`]: what became of it, read from the rows
//!
//! Each recipient's row is the truth. There is no checkpoint: whoever starts next reads the rows.

pub mod audience;
pub(in crate::tables) mod bite;
mod family;
pub(crate) mod follow;
pub(in crate::tables) mod lapse;
mod life;
mod mend;
pub mod opt_out;
mod pace;
pub mod proof;
mod queue;
pub mod recipient;
pub mod replies;
pub mod report;
pub mod retry;
mod row;
pub mod segment;
mod series;
mod settle;
mod stop;
mod wording;

pub use bite::held;
pub use family::Reached;
pub use follow::is_reserved;
pub(in crate::tables) use life::let_go_of_device;
pub use life::{
    Copied, NewCampaign, all_settled, copy, create, delete, edited, is_settled, missed, rehearsed, rename,
    resume, schedule, set_plan, set_sources, start, undo_start, unschedule, withheld,
};
pub use mend::{astray, mend};
pub use pace::{IN_A_ROW, newest_outcomes, past};
pub use queue::{Next, Queued, Terms, has_room, queue_next};
pub use recipient::person_key;
pub(in crate::tables) use row::planned_media;
pub use row::{CampaignRow, Follows, FollowsAs, get, list, of_device, open, scheduled};
pub use series::{Waiting, carries_row, earlier, goes_on, makes_next, waiting};
pub use settle::{SettleWord, settle};
pub use stop::{after_restart, brake, brake_device, cancel, endless, pause, restriction_ends, take_out};
pub(in crate::tables) use stop::{another_number, skip_some};
pub use wording::content_of;

#[cfg(test)]
pub(in crate::tables) use {
    bite::HELD,
    family::REACHED,
    mend::ASTRAY,
    pace::{BY_HAND, IN_DOUBT, NEWEST, NEWEST_TURN},
    queue::{NEXT, QUEUED},
    recipient::PAGE,
    row::OPEN,
    series::MEANWHILE,
    stop::SKIPPED,
};
