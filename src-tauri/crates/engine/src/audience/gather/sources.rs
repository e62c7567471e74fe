//! People who come from no file: labels, groups, contacts, earlier campaigns.

use mostrador_campaigns::wording::{same_name, variable_names};
use mostrador_domain::{Address, CampaignId, DeviceId};
use mostrador_store::Store;
use mostrador_store::tables::campaign::audience::{self, Found, Joining, Source};

use super::Pieces;
use crate::EngineError;
use crate::engine::Engine;

/// What the columns are called of people who come from no spreadsheet.
#[derive(Clone, PartialEq, Eq)]
pub struct Headings {
    /// Their names.
    pub name: String,
    /// Their numbers.
    pub number: String,
}

impl Engine {
    /// Makes a campaign's audience anew from these sources. `said` is how they are told, as the store keeps it.
    ///
    /// # Errors
    /// Not found; state changed once it has started, while another window makes it anew, or when it is given up.
    pub async fn set_audience(
        &self,
        id: CampaignId,
        said: String,
        sources: Vec<Source>,
        headings: Headings,
    ) -> Result<(), EngineError> {
        let campaign = self.changeable(id).await?;
        let entered = self.audiences().gatherer.enter(id, None)?;
        let of = sources.clone();
        let columns_of = self.store().read(move |connection| {
            of.iter()
                .map(|source| audience::columns_of(connection, source))
                .collect::<Result<Vec<_>, _>>()
        });
        let layout = Layout::of(columns_of.await?, &headings);
        let columns = layout.columns.clone();
        let gathering = self.gathering(&campaign).await?;
        let device = campaign.device;
        let (gatherer, store, of) = (&self.audiences().gatherer, self.store(), gathering.clone());
        let fill = async |audience| {
            let bring = |pieces| bring(store, device, sources, layout, pieces);
            gatherer.fill((audience, &of), &entered, bring).await
        };
        gatherer
            .gather(&entered, fill, move |writing, audience, ()| {
                audience::take_over(writing, audience, &gathering, &said, &columns).map(drop)
            })
            .await
    }
}

/// Brings the people of these sources, in their order.
///
/// # Errors
/// The store's.
pub(in crate::audience) async fn bring(
    store: &Store,
    device: DeviceId,
    sources: Vec<Source>,
    layout: Layout,
    mut pieces: Pieces,
) -> Result<(), EngineError> {
    let brought = store.read(move |connection| {
        for (at, source) in sources.iter().enumerate() {
            audience::each_of(connection, device, source, |found| {
                pieces.push(layout.joining(at, found))
            })?;
        }
        pieces.end();
        Ok(())
    });
    Ok(brought.await?)
}

/// Where what is known of people stands in the columns of an audience that has several sources.
pub(in crate::audience) struct Layout {
    pub(in crate::audience) columns: Vec<String>,
    name: Option<usize>,
    number: Option<usize>,
    /// For each source, the place of each of its own columns.
    places: Vec<Vec<usize>>,
}

impl Layout {
    pub(in crate::audience) fn of(columns_of: Vec<Vec<String>>, headings: &Headings) -> Self {
        let mut layout = Self {
            columns: Vec::new(),
            name: None,
            number: None,
            places: Vec::with_capacity(columns_of.len()),
        };
        // Who comes from nowhere else has a name and a number.
        if columns_of.is_empty() || columns_of.iter().any(Vec::is_empty) {
            layout.name = Some(layout.place(&headings.name));
            layout.number = Some(layout.place(&headings.number));
        }
        for columns in columns_of {
            let places = columns.iter().map(|column| layout.place(column)).collect();
            layout.places.push(places);
        }
        layout
    }

    /// The place of a column: that of one which a text calls the same, or a new one.
    fn place(&mut self, heading: &str) -> usize {
        let variable = |heading: &str| variable_names(&[heading]).swap_remove(0);
        let wanted = variable(heading);
        let known = self
            .columns
            .iter()
            .position(|column| same_name(&variable(column), &wanted));
        known.unwrap_or_else(|| {
            self.columns.push(heading.to_owned());
            self.columns.len() - 1
        })
    }

    pub(in crate::audience) fn joining(&self, source: usize, found: Found) -> Joining {
        let digits = found.address.as_ref().and_then(Address::phone_digits);
        let digits = digits.unwrap_or_default().to_owned();
        let mut cells = vec![String::new(); self.columns.len()];
        let mut put = |place: Option<usize>, cell: &str| {
            if let Some(kept) = place.and_then(|place| cells.get_mut(place)) {
                cell.clone_into(kept);
            }
        };
        if self.places.get(source).is_some_and(|places| !places.is_empty()) {
            let places = self.places.get(source).into_iter().flatten();
            for (place, cell) in places.zip(&found.cells) {
                put(Some(*place), cell);
            }
        } else {
            put(self.name, found.name.as_deref().unwrap_or_default());
            put(self.number, &digits);
        }
        Joining {
            row: None,
            // A LID is not shown as a number.
            written: digits,
            address: found.address,
            cells,
            left_out: None,
        }
    }
}
