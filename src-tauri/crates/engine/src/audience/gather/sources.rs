//! People who come from no file: labels, groups, contacts, earlier campaigns.

use mostrador_campaigns::wording::{OF_NAME, Table, same_name};
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
    pub(in crate::audience) columns: Table,
    /// What its columns are called in texts.
    variables: Vec<String>,
    number: Option<usize>,
    /// Of each source.
    places: Vec<Places>,
}

/// Where the columns of a source stand.
struct Places {
    /// The place of each.
    own: Vec<usize>,
    /// The column that its texts call the name.
    name: Option<usize>,
}

impl Layout {
    pub(in crate::audience) fn of(columns_of: Vec<Table>, headings: &Headings) -> Self {
        let mut layout = Self {
            columns: Table::default(),
            variables: Vec::new(),
            number: None,
            places: Vec::with_capacity(columns_of.len()),
        };
        // Who comes from nowhere else has a name and a number.
        if columns_of.is_empty() || columns_of.iter().any(|of| of.headings.is_empty()) {
            let alone = Table::of([&headings.name, &headings.number]);
            let places = layout.places_of(&alone);
            layout.columns.name = places.first().copied();
            layout.number = places.last().copied();
        }
        // What texts call the name is one column, of whichever source people are.
        let is_known = layout.columns.name.is_some() || columns_of.iter().any(|of| of.name.is_some());
        for columns in columns_of {
            let own = layout.places_of(&columns);
            let name = OF_NAME.into_iter().find_map(|word| columns.column(word));
            let name = name.filter(|_| is_known);
            let place = name.and_then(|at| own.get(at).copied());
            layout.columns.name = layout.columns.name.or(place);
            layout.places.push(Places { own, name });
        }
        layout
    }

    /// The places of these columns: that of one which a text calls the same, or a new one.
    fn places_of(&mut self, columns: &Table) -> Vec<usize> {
        let named = columns.variables().into_iter().zip(&columns.headings);
        named
            .map(|(variable, heading)| {
                let known = self
                    .variables
                    .iter()
                    .position(|known| same_name(known, &variable));
                known.unwrap_or_else(|| {
                    self.variables.push(variable);
                    self.columns.headings.push(heading.clone());
                    self.variables.len() - 1
                })
            })
            .collect()
    }

    pub(in crate::audience) fn joining(&self, source: usize, found: Found) -> Joining {
        let digits = found.address.as_ref().and_then(Address::phone_digits);
        let digits = digits.unwrap_or_default().to_owned();
        let mut cells = vec![String::new(); self.columns.headings.len()];
        let mut put = |place: Option<usize>, cell: &str| {
            if let Some(kept) = place.and_then(|place| cells.get_mut(place)) {
                cell.clone_into(kept);
            }
        };
        if let Some(places) = self.places.get(source).filter(|places| !places.own.is_empty()) {
            for (place, cell) in places.own.iter().zip(&found.cells) {
                put(Some(*place), cell);
            }
            if let Some(name) = places.name.and_then(|at| found.cells.get(at)) {
                put(self.columns.name, name);
            }
        } else {
            put(self.columns.name, found.name.as_deref().unwrap_or_default());
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
