//! The audience of a recurring campaign, made anew when its time comes: from the same sources, as they are then.
//!
//! It is gathered before the start and taken over in the transaction that starts it: nobody sees the new people without the start, or the
//! start without them. A list from a file is what it is: whoever was in it is in it the next time too.
//!
//! Nobody rehearses it: so each text is filled in for each of them before. If a value is missing, a person is asked, as if a source were gone.

use std::ops::ControlFlow;
use std::sync::Arc;

use mostrador_campaigns::plan::Plan;
use mostrador_campaigns::state::RecipientState;
use mostrador_campaigns::wording::Table;
use mostrador_domain::{
    AudienceId, CampaignId, ChatId, LabelId, Longest, RecipientId, SegmentId, UnixMillis,
};
use mostrador_store::tables::campaign::audience::{self, Gathering, Missed, Source};
use mostrador_store::tables::campaign::{self, CampaignRow, segment};
use mostrador_store::tables::{device, person};
use mostrador_store::{Connection, Store, StoreError, Writing};
use serde_json::Value;

use super::Headings;
use super::gather::{Entered, Gatherer, Layout, bring};
use super::numbers::PATIENCE;
use super::texts::Texts;
use crate::EngineError;

/// Where the people of a recurring campaign come from, and how they are taken over.
pub(crate) struct Anew {
    sources: Vec<Source>,
    layout: Layout,
    gathering: Gathering,
    plan: Plan,
}

impl Anew {
    /// `None` = a list from a file: the campaign keeps its people.
    ///
    /// # Errors
    /// [`mostrador_store::StoreErrorKind::NotFound`] if a source is gone.
    pub(crate) async fn of(
        store: &Store,
        row: &CampaignRow,
        now: UnixMillis,
    ) -> Result<Option<Self>, StoreError> {
        let row = row.clone();
        store.read(move |connection| read(connection, &row, now)).await
    }

    /// Gathers them. What is to be done with them once they are whole.
    ///
    /// # Errors
    /// The store's. [`mostrador_store::StoreErrorKind::NotFound`] if a value that a text needs is missing in some row.
    pub(crate) async fn gather(
        self,
        gatherer: &Gatherer,
        entered: &Entered,
        audience: AudienceId,
    ) -> Result<TakeOver, EngineError> {
        let (gathering, columns) = (self.gathering, self.layout.columns.clone());
        let device = gathering.device;
        let bring = |pieces| bring(&gatherer.store, device, self.sources, self.layout, pieces);
        gatherer.fill((audience, &gathering), entered, bring).await?;
        let (plan, headings) = (self.plan, columns.clone());
        let whole = move |connection: &Connection| are_filled_in(connection, &plan, (audience, &headings));
        if !gatherer.store.read(whole).await? {
            return Err(StoreError::not_found().into());
        }
        Ok(TakeOver {
            audience,
            gathering,
            columns,
        })
    }
}

/// People who are gathered.
pub(crate) struct TakeOver {
    audience: AudienceId,
    gathering: Gathering,
    columns: Table,
}

impl TakeOver {
    /// The campaign has them, and is kept as rehearsed: what it says is what was rehearsed.
    ///
    /// # Errors
    /// [`mostrador_store::StoreErrorKind::StateChanged`].
    pub(crate) fn done(&self, writing: &mut Writing<'_>, row: &CampaignRow) -> Result<(), StoreError> {
        audience::take_over(
            writing,
            self.audience,
            &self.gathering,
            &row.sources,
            &self.columns,
        )?;
        let plan_no = campaign::get(writing, row.id)?.plan_no;
        campaign::rehearsed(writing, row.id, plan_no)
    }
}

fn read(connection: &Connection, row: &CampaignRow, now: UnixMillis) -> Result<Option<Anew>, StoreError> {
    let Some(sources) = sources(connection, &row.sources, true)?.filter(|sources| !sources.is_empty()) else {
        return Ok(None);
    };
    // Whom the phone has saved may not be told any more: nobody would be written to, and nobody would hear of it.
    if sources.contains(&Source::Contacts)
        && person::contacts(connection, row.device, "", None, 1)?.is_empty()
    {
        return Err(StoreError::not_found());
    }
    let columns_of: Vec<Table> = sources
        .iter()
        .map(|source| audience::columns_of(connection, source))
        .collect::<Result<_, _>>()?;
    // Its columns were laid out in the same order: name and number first, where there are any.
    let mut headings = row.columns.headings.iter().cloned();
    let headings = Headings {
        name: headings.next().unwrap_or_default(),
        number: headings.next().unwrap_or_default(),
    };
    Ok(Some(Anew {
        sources,
        layout: Layout::of(columns_of, &headings),
        gathering: gathering_of(connection, row, now)?,
        plan: row.plan.clone(),
    }))
}

/// Whoever runs the campaign looks at the length.
const ANY_LENGTH: Longest = Longest {
    text: usize::MAX,
    caption: usize::MAX,
};

/// Has each text a value for each of its variables, for each of those who are to be written to?
fn are_filled_in(
    connection: &Connection,
    plan: &Plan,
    (audience, columns): (AudienceId, &Table),
) -> Result<bool, StoreError> {
    let texts = Texts::read(plan);
    let tied = texts.tied(columns, ANY_LENGTH);
    let mut filled_in = true;
    audience::each_gathered(connection, audience, |member| {
        filled_in =
            member.state != RecipientState::Pending || tied.words(member.variant, &member.cells).is_ok();
        Ok(match filled_in {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        })
    })?;
    Ok(filled_in)
}

/// For a campaign as it stands.
pub(super) fn gathering_of(
    connection: &Connection,
    row: &CampaignRow,
    now: UnixMillis,
) -> Result<Gathering, StoreError> {
    Ok(Gathering {
        campaign: row.id,
        device: row.device,
        own: device::get(connection, row.device)?.number().cloned(),
        variants: row.plan.variants().ok(),
        patience: PATIENCE,
        now,
    })
}

/// Those who were chosen one by one.
fn chosen(source: &Value) -> Arc<[RecipientId]> {
    let ids = source.get("recipients").and_then(Value::as_array);
    let ids = ids.into_iter().flatten().filter_map(Value::as_i64);
    ids.map(RecipientId).collect()
}

/// The sources that the store keeps as JSON, those of saved audiences as they are saved now; `None` = a list from a file is among
/// them, or something of a newer program.
fn sources(
    connection: &Connection,
    said: &str,
    with_segments: bool,
) -> Result<Option<Vec<Source>>, StoreError> {
    let told: Vec<Value> = serde_json::from_str(said).unwrap_or_default();
    let mut sources = Vec::new();
    for one in &told {
        let number = |name: &str| one.get(name).and_then(Value::as_i64);
        let kind = one.get("kind").and_then(Value::as_str).unwrap_or_default();
        let more = match (kind, number("labelId"), number("chatId"), number("campaignId")) {
            ("label", Some(id), ..) => vec![Source::Label(LabelId(id))],
            ("group", _, Some(id), _) => vec![Source::Group(ChatId(id))],
            ("contacts", ..) => vec![Source::Contacts],
            ("replies", .., Some(id)) => vec![Source::Replies(CampaignId(id))],
            ("failed", .., Some(id)) => vec![Source::Missed(CampaignId(id), Missed::Failed)],
            ("left_out", .., Some(id)) => vec![Source::Missed(CampaignId(id), Missed::LeftOut)],
            ("chosen", .., Some(id)) => vec![Source::Missed(CampaignId(id), Missed::Chosen(chosen(one)))],
            ("segment", ..) if with_segments => {
                let id = SegmentId(number("segmentId").unwrap_or_default());
                let saved = segment::get(connection, id)?.sources;
                match self::sources(connection, &saved, false)? {
                    Some(saved) => saved,
                    None => return Ok(None),
                }
            }
            _ => return Ok(None),
        };
        for source in more {
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
    }
    Ok(Some(sources))
}
