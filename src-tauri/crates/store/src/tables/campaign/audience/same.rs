//! People who are in one audience already and are gathered into another, a stretch of turns at a time.

use mostrador_domain::{Address, AudienceId, CampaignId, UnixMillis};
use rusqlite::{OptionalExtension, params};

use super::{Gathering, Missed, standing};
use crate::tables::campaign::family;
use crate::tables::campaign::recipient::{person_key, reason_of};
use crate::{StoreError, Writing};

/// Whose people are gathered again, and into what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// From there.
    pub from: AudienceId,
    /// Into what is gathered.
    pub to: AudienceId,
    /// The first turn of the stretch.
    pub first: u32,
    /// The first turn after it.
    pub end: u32,
}

/// SQL: who was left out from the start, or taken out by a person, is left out again; the others are to be written to.
const SAME: &str = "INSERT INTO recipient (audience_id, place, row, written, address, person, cells, variant, state, reason, settled_at)
     SELECT ?2, place, row, written, address, person, cells, variant,
            iif(out, 'skipped', 'pending'), iif(out, reason, NULL), iif(out, ?5, NULL)
       FROM (SELECT *, state = 'skipped' AND reason IN
               ('duplicate', 'invalid_number', 'own_number', 'taken_out', 'not_on_whatsapp', 'blocked') AS out
               FROM recipient WHERE audience_id = ?1 AND place >= ?3 AND place < ?4)
      ORDER BY place";

/// SQL: whose reason to be left out may have passed.
const MAY_HAVE_PASSED: &str = "SELECT id, address, person FROM recipient
     WHERE audience_id = ?1 AND state = 'skipped' AND place >= ?2 AND place < ?3
       AND reason IN ('not_on_whatsapp', 'blocked') AND address IS NOT NULL AND person IS NOT NULL ORDER BY place";

/// SQL: whom a campaign missed ([`Missed`]: kind ?5, chosen ones ?7). Who asked not to be written to is none of them, neither is
/// anybody without a number, nor whom a person has written to again from their chat: that may reach them yet. Nor is whom one of the
/// audiences ?6 has reached, or may yet: those of the campaigns for the same people.
const MISSED: &str = "INSERT INTO recipient (audience_id, place, row, written, address, person, cells, variant, state)
     SELECT ?2, (SELECT coalesce(max(place) + 1, 0) FROM recipient WHERE audience_id = ?2) + row_number() OVER (ORDER BY place) - 1,
            row, written, address, person, cells, variant, 'pending' FROM
       (SELECT r.*, row_number() OVER (PARTITION BY person ORDER BY place) AS times FROM recipient r
         WHERE audience_id = ?1 AND place >= ?3 AND place < ?4 AND address IS NOT NULL AND person IS NOT NULL
           AND CASE ?5 WHEN 'failed' THEN state = 'failed'
               WHEN 'left_out' THEN state = 'skipped' AND reason IN ('cancelled', 'no_text', 'text_too_long', 'written_recently')
               ELSE id IN (SELECT value FROM json_each(?7)) AND (state = 'failed' OR state = 'skipped' AND reason IN
                 ('cancelled', 'no_text', 'text_too_long', 'written_recently', 'taken_out', 'not_on_whatsapp')) END
           AND NOT EXISTS (SELECT 1 FROM outbox o WHERE (o.client_id = 'campaign-' || r.id || '-' || r.tries OR o.message_id = r.message_id)
                 AND o.kind = 'send' AND o.state IN ('ready', 'in_flight', 'uncertain'))
           AND NOT EXISTS (SELECT 1 FROM json_each(?6) a CROSS JOIN recipient s ON s.audience_id = a.value AND s.person = r.person
                WHERE s.person IS NOT NULL AND s.state <> 'skipped' AND s.state <> 'pending' AND (s.state NOT IN ('failed', 'opted_out')
                   OR EXISTS (SELECT 1 FROM message m WHERE m.id = s.message_id AND m.status > 0 AND m.failure IS NULL)
                   OR EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = s.message_id
                        AND o.kind = 'send' AND o.state IN ('ready', 'in_flight', 'uncertain'))))) AS stretch
      WHERE times = 1 AND NOT EXISTS (SELECT 1 FROM recipient t
              WHERE t.audience_id = ?2 AND t.person = stretch.person AND t.person IS NOT NULL AND t.state <> 'skipped')";

/// SQL: a campaign that a person ended, in which somebody is still to be skipped.
const BEING_CLOSED: &str = "SELECT 1 FROM campaign c WHERE c.audience_id = ?1 AND c.state = 'cancelled'
     AND EXISTS (SELECT 1 FROM recipient r WHERE r.audience_id = ?1 AND r.state = 'pending')";

/// Gathers people as if they had come from the same list. Who was left out from the start, as a duplicate or without a number, is left
/// out again, and so is whom a person refused. Once all are there, [`judged_anew`] looks at the others who are left out.
///
/// # Errors
/// [`crate::StoreErrorKind::StateChanged`] if the audience that they come from is exchanged or gone by now.
pub fn same_people(writing: &Writing<'_>, range: Range, now: UnixMillis) -> Result<(), StoreError> {
    is_kept(writing, range.from)?;
    writing.prepare_cached(SAME)?.execute(params![
        range.from.0,
        range.to.0,
        range.first,
        range.end,
        now.0
    ])?;
    Ok(())
}

/// Decides anew about those of a stretch who are left out since they were blocked or not on WhatsApp. Everybody has to be there already:
/// whoever is to be written to by another row of theirs is not written to twice.
///
/// # Errors
/// The file's.
pub fn judged_anew(
    writing: &Writing<'_>,
    gathering: &Gathering,
    (audience, first, end): (AudienceId, u32, u32),
) -> Result<(), StoreError> {
    let own = gathering.own.as_ref().map(person_key);
    let left_out: Vec<(i64, String, String)> = {
        let mut statement = writing.prepare_cached(MAY_HAVE_PASSED)?;
        let rows = statement.query_map(params![audience.0, first, end], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
        rows.collect::<Result<_, _>>()?
    };
    let sql = "UPDATE recipient SET state = ?2, reason = ?3, address = coalesce(?4, address),
                      settled_at = CASE WHEN ?5 THEN settled_at END WHERE id = ?1 AND state = 'skipped'";
    for (id, address, person) in left_out {
        let address = Address::parse(&address);
        let (state, there) = standing(
            writing,
            (audience, gathering),
            own.as_deref(),
            (&address, &person),
        )?;
        writing.prepare_cached(sql)?.execute(params![
            id,
            state.as_str(),
            reason_of(state),
            there.as_ref().map(Address::as_str),
            state.is_final()
        ])?;
    }
    Ok(())
}

/// Gathers those whom a campaign missed.
///
/// # Errors
/// As [`same_people`]; [`crate::StoreErrorKind::StateChanged`] too while whom the run left out is not told yet, since it was cancelled just now.
pub fn missed_people(writing: &Writing<'_>, range: Range, missed: &Missed) -> Result<(), StoreError> {
    is_kept(writing, range.from)?;
    if *missed == Missed::LeftOut && writing.prepare_cached(BEING_CLOSED)?.exists([range.from.0])? {
        return Err(StoreError::state_changed());
    }
    let others = of_family(writing, range.from)?;
    writing.prepare_cached(MISSED)?.execute(params![
        range.from.0,
        range.to.0,
        range.first,
        range.end,
        missed.kind(),
        format!("[{}]", others.join(",")),
        missed.chosen(),
    ])?;
    Ok(())
}

/// The audiences of the other campaigns of the family of the one with this audience.
fn of_family(writing: &Writing<'_>, audience: AudienceId) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT id FROM campaign WHERE audience_id = ?1";
    let campaign: Option<i64> = writing
        .prepare_cached(sql)?
        .query_row([audience.0], |row| row.get(0))
        .optional()?;
    let others = campaign.map_or(Ok(Vec::new()), |id| family::others(writing, CampaignId(id)))?;
    Ok(others.iter().map(|(audience, _)| audience.to_string()).collect())
}

/// Of what is being removed some are gone already.
fn is_kept(writing: &Writing<'_>, id: AudienceId) -> Result<(), StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM audience WHERE id = ?1 AND state <> 'left_over')";
    match writing.prepare_cached(sql)?.query_row([id.0], |row| row.get(0))? {
        true => Ok(()),
        false => Err(StoreError::state_changed()),
    }
}
