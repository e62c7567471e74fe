//! Campaigns, their people, saved audiences, and who does not want to be written to.
//!
//! Nobody may be written to twice because a file was damaged, and nobody who does not want it at all. So a campaign that ran is
//! paused, and one that waited for its time has missed it: what is left of its people is looked at before any of them is written to. Who was
//! queued and whose message is not waiting in the outbox any more is uncertain, and opt-outs come first. If the log of the file is torn in
//! the middle, somebody's whole turn may have stood behind that, and a start, by a person too: of what had begun, or could have been started
//! as it stands, all whose turn has not come are uncertain. Whom a deleted
//! one reached is kept as long as one is there that must not write to them.

use rusqlite::types::Value;
use rusqlite::{Connection, Transaction, params};

use super::old::{Old, Row, both_ends};
use super::{forget_unless, keep, spare};
use crate::StoreError;

const CAMPAIGN: [&str; 24] = [
    "id",
    "device_id",
    "name",
    "state",
    "pause",
    "plan",
    "plan_no",
    "rehearsed_no",
    "columns",
    "source",
    "starts_at",
    "schedule",
    "started_at",
    "undo_until",
    "ended_at",
    "follows_id",
    "follows_as",
    "created_at",
    "audience_id",
    "family_id",
    "series_id",
    "withheld",
    "people",
    "name_column",
];

const RECIPIENT: [&str; 22] = [
    "id",
    "audience_id",
    // Of a file from before audiences had a table of their own.
    "campaign_id",
    "place",
    "row",
    "written",
    "address",
    "person",
    "cells",
    "variant",
    "state",
    "reason",
    "chat_id",
    "message_id",
    "tries",
    "queued_at",
    "sent_at",
    "delivered_at",
    "read_at",
    "replied_at",
    "reply_id",
    "settled_at",
];

const OPT_OUT: [&str; 11] = [
    "id",
    "address",
    "state",
    "wish",
    "device_id",
    "chat_id",
    "gateway_id",
    "text",
    "at",
    "heard_at",
    "decided_at",
];

/// SQL: a queued one whose message does not wait in the outbox may have been sent.
const UNCERTAIN: &str = "UPDATE recipient SET state = 'uncertain' WHERE state = 'queued'
   AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.client_id = 'campaign-' || recipient.id || '-' || recipient.tries AND o.state = 'ready')";

/// SQL: of a family that is told by whom each follows, each gets the number of the first.
const FAMILIES: &str = "WITH RECURSIVE up (id, above) AS (
       SELECT id, family_id FROM campaign WHERE family_id IS NOT NULL
        UNION SELECT up.id, c.family_id FROM up JOIN campaign c ON c.id = up.above WHERE c.family_id IS NOT NULL)
     UPDATE campaign SET family_id = (SELECT min(above) FROM up WHERE up.id = campaign.id) WHERE family_id IS NOT NULL;
     UPDATE campaign SET family_id = id WHERE family_id IS NULL AND id IN (SELECT family_id FROM campaign WHERE family_id IS NOT NULL)";

/// SQL: the same of the rows of recurring ones.
const SERIES: &str = "WITH RECURSIVE up (id, above) AS (
       SELECT id, series_id FROM campaign WHERE series_id IS NOT NULL
        UNION SELECT up.id, c.series_id FROM up JOIN campaign c ON c.id = up.above WHERE c.series_id IS NOT NULL)
     UPDATE campaign SET series_id = (SELECT min(above) FROM up WHERE up.id = campaign.id) WHERE series_id IS NOT NULL;
     UPDATE campaign SET series_id = id WHERE series_id IS NULL AND id IN (SELECT series_id FROM campaign WHERE series_id IS NOT NULL)";

/// SQL: an audience has at least those who are left of it; of a file from before they were counted nothing else is known.
const PEOPLE: &str = "UPDATE campaign SET people = max(people,
     (SELECT coalesce(max(place) + 1, 0) FROM recipient r WHERE r.audience_id = campaign.audience_id))";

/// SQL: those of a campaign that had begun, or could have been started, whose turn has not come as far as the file tells.
const MAY_HAVE_HAD_THEIRS: &str = "UPDATE recipient SET state = 'uncertain' WHERE state = 'pending'
   AND audience_id = (SELECT audience_id FROM campaign WHERE id = ?1 AND state IN ('paused', 'missed', 'rehearsed'))";

/// Takes all of it over.
pub(super) fn all(old: &Old, tx: &mut Transaction<'_>, log_was_torn: bool) -> Result<(), StoreError> {
    opt_outs(old, tx)?;
    let states = campaigns(old, tx)?;
    tx.execute_batch(FAMILIES)?;
    tx.execute_batch(SERIES)?;
    of_deleted(old, tx)?;
    recipients(old, tx)?;
    tx.execute(PEOPLE, [])?;
    tx.execute(UNCERTAIN, [])?;
    for (id, state, pause) in states {
        keep(tx, |to| {
            to.execute(
                "UPDATE campaign SET state = ?2, pause = ?3 WHERE id = ?1",
                params![id, state, pause],
            )
        })?;
        if log_was_torn {
            tx.execute(MAY_HAVE_HAD_THEIRS, params![id])?;
        }
    }
    if !old.has("campaign", "people") {
        // Of a file from before 0036. Of a later one it is known: a row that a person has ended, by deleting the one that waited, stays so.
        tx.execute_batch(include_str!("../../migrations/0036_withheld_before.sql"))?;
    }
    let columns = ["id", "name", "source", "created_at"];
    for id in old.keys(&both_ends("SELECT id FROM segment NOT INDEXED", "id")) {
        if let Some(segment) = old.row("segment", &columns, "id", &id) {
            keep(tx, |to| segment.store(to))?;
        }
    }
    Ok(())
}

/// The campaigns, as drafts until their people are here, and the state that each has to come into.
fn campaigns(old: &Old, tx: &mut Transaction<'_>) -> Result<Vec<(Value, Value, Value)>, StoreError> {
    let mut states = Vec::new();
    for id in old.keys(&both_ends("SELECT id FROM campaign NOT INDEXED", "id")) {
        let Some(mut campaign) = old.row("campaign", &CAMPAIGN, "id", &id) else {
            continue;
        };
        let (mut state, mut pause) = (campaign.get("state").clone(), campaign.get("pause").clone());
        if campaign.says("state", "running") {
            state = Value::Text("paused".to_owned());
            pause = Value::Text(r#"{"cause":"rescued"}"#.to_owned());
        }
        if campaign.says("state", "scheduled") {
            state = Value::Text("missed".to_owned());
            campaign.set("withheld", 1_i64);
        }
        campaign.set("state", "draft".to_owned());
        let kept = keep(tx, |to: &_| {
            let to: &Connection = to;
            if campaign.says("follows_as", "retry") && campaign.is_null("family_id") {
                // Of a file from before each bore the number of the first.
                campaign.set("family_id", campaign.get("follows_id").clone());
            }
            if ["retry", "repeat"]
                .iter()
                .any(|how| campaign.says("follows_as", how))
                && campaign.is_null("series_id")
            {
                campaign.set("series_id", campaign.get("follows_id").clone());
            }
            forget_unless(to, &mut campaign, "follows_id", "campaign")?;
            if !old.has("campaign", "audience_id") {
                // Of a file from before audiences had a table of their own, people stand under their campaign's number.
                campaign.set("audience_id", campaign.get("id").clone());
            }
            audience(to, &campaign)?;
            campaign.store(to)
        })?;
        if kept {
            states.push((id, state, pause));
        }
    }
    Ok(states)
}

/// A campaign's people are to be here, under the number that they have in the old file. To one that has none nobody was brought yet.
fn audience(to: &Connection, campaign: &Row) -> rusqlite::Result<()> {
    if campaign.is_null("audience_id") {
        return Ok(());
    }
    let sql = "INSERT INTO audience (id, state) VALUES (?1, 'whole') ON CONFLICT DO NOTHING";
    to.prepare_cached(sql)?
        .execute([campaign.get("audience_id")])
        .map(drop)
}

/// The audiences of deleted campaigns of which one of the same family is there.
fn of_deleted(old: &Old, tx: &mut Transaction<'_>) -> Result<(), StoreError> {
    let columns = ["id", "state", "family_id"];
    let sql = "SELECT id FROM audience NOT INDEXED WHERE state = 'left_over' AND family_id IS NOT NULL";
    for id in old.keys(&both_ends(sql, "id")) {
        if let Some(audience) = old.row("audience", &columns, "id", &id) {
            keep(tx, |to| audience.store(to))?;
        }
    }
    Ok(())
}

/// What is no campaign's otherwise was being gathered, or removed: the tables refuse it.
fn recipients(old: &Old, tx: &mut Transaction<'_>) -> Result<(), StoreError> {
    for id in old.keys(&both_ends("SELECT id FROM recipient NOT INDEXED", "id")) {
        let Some(mut recipient) = old.row("recipient", &RECIPIENT, "id", &id) else {
            continue;
        };
        if recipient.is_null("audience_id") {
            recipient.set("audience_id", recipient.get("campaign_id").clone());
        }
        recipient.leave_out("campaign_id");
        keep(tx, |to: &_| {
            let to: &Connection = to;
            forget_unless(to, &mut recipient, "chat_id", "chat")?;
            forget_unless(to, &mut recipient, "message_id", "message")?;
            forget_unless(to, &mut recipient, "reply_id", "message")?;
            recipient.store(to)
        })?;
    }
    Ok(())
}

fn opt_outs(old: &Old, tx: &mut Transaction<'_>) -> Result<(), StoreError> {
    let ids = old.keys(&both_ends("SELECT id FROM opt_out NOT INDEXED", "id"));
    let read = ids.iter().filter_map(|id| old.row("opt_out", &OPT_OUT, "id", id));
    // Their second copies come after them.
    for mut opt_out in read.chain(spare::rows(old, "opt_out")) {
        keep(tx, |to: &_| {
            let to: &Connection = to;
            forget_unless(to, &mut opt_out, "chat_id", "chat")?;
            forget_unless(to, &mut opt_out, "device_id", "device")?;
            opt_out.store(to)
        })?;
    }
    Ok(())
}
