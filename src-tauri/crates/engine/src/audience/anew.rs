//! The audience of a recurring campaign, made anew when its time comes: from the same sources, as they are then.
//!
//! All of it is one transaction with the start: nobody sees the new people without the start, or the start without them. A list
//! from a file is what it is: whoever was in it is in it the next time too.

use std::ops::ControlFlow;

use mostrador_domain::{CampaignId, ChatId, LabelId, SegmentId, UnixMillis};
use mostrador_store::tables::campaign::audience::{self, Gathering, Joining, Source};
use mostrador_store::tables::campaign::{self, CampaignRow, segment};
use mostrador_store::tables::device;
use mostrador_store::{Connection, StoreError, Writing};
use serde_json::Value;

use super::Headings;
use super::gather::Layout;
use super::numbers::PATIENCE;

/// Makes it anew, and keeps it as rehearsed: what it says is what was rehearsed. A campaign with a list from a file keeps its people.
///
/// # Errors
/// [`mostrador_store::StoreErrorKind::NotFound`] if a source is gone; [`mostrador_store::StoreErrorKind::StateChanged`].
pub(crate) fn anew(writing: &mut Writing<'_>, row: &CampaignRow, now: UnixMillis) -> Result<(), StoreError> {
    let Some(sources) = sources(writing, &row.sources, true)?.filter(|sources| !sources.is_empty()) else {
        return Ok(());
    };
    let joining = joining(writing, row, &sources)?;
    let gathering = Gathering {
        campaign: row.id,
        device: row.device,
        own: device::get(writing, row.device)?.own,
        variants: row.plan.variants().ok(),
        patience: PATIENCE,
        now,
    };
    audience::begin(writing)?;
    audience::stage(writing, &gathering, &joining.people)?;
    audience::take_over(writing, &gathering, &row.sources, &joining.columns)?;
    let plan_no = campaign::get(writing, row.id)?.plan_no;
    campaign::rehearsed(writing, row.id, plan_no)
}

struct Gathered {
    columns: Vec<String>,
    people: Vec<Joining>,
}

fn joining(connection: &Connection, row: &CampaignRow, sources: &[Source]) -> Result<Gathered, StoreError> {
    let columns_of: Vec<Vec<String>> = sources
        .iter()
        .map(|source| audience::columns_of(connection, *source))
        .collect::<Result<_, _>>()?;
    // Its columns were laid out in the same order: name and number first, where there are any.
    let mut headings = row.columns.iter().cloned();
    let headings = Headings {
        name: headings.next().unwrap_or_default(),
        number: headings.next().unwrap_or_default(),
    };
    let layout = Layout::of(columns_of, &headings);
    let mut people = Vec::new();
    for (at, source) in sources.iter().enumerate() {
        audience::each_of(connection, row.device, *source, |found| {
            people.push(layout.joining(at, found));
            ControlFlow::Continue(())
        })?;
    }
    Ok(Gathered {
        columns: layout.columns,
        people,
    })
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
            ("failed", .., Some(id)) => vec![Source::Failed(CampaignId(id))],
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
