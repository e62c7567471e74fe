//! Campaigns: made, started, stopped; their people; who does not want to be written to.

mod life;
pub(crate) mod opt_outs;
pub(crate) mod people;
pub(crate) mod view;

pub(crate) use life::{
    cancel, copy, create, delete, named, pause, rename, resume, schedule, set_plan, start, undo_start,
    unschedule,
};
pub(crate) use view::{get, list};
