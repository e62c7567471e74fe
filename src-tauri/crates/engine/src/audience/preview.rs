//! What people would get, and one of it sent to a number of ours.

use mostrador_campaigns::plan::Body;
use mostrador_campaigns::wording::RowFault;
use mostrador_domain::{Address, CampaignId, RecipientId, UnixMillis};
use mostrador_store::tables::campaign::audience::{self, Member};
use mostrador_store::tables::campaign::{CampaignRow, content_of, recipient};
use mostrador_store::tables::chat;
use mostrador_store::tables::media::{self, MediaRow};
use mostrador_store::tables::outbox::NewMessage;
use mostrador_store::{Connection, StoreError, StoreErrorKind};

use super::texts::{Texts, Unfit, sample, unfit};
use crate::EngineError;
use crate::engine::Engine;

/// What somebody would get.
#[derive(Clone, PartialEq)]
pub struct Previewed {
    /// Who.
    pub id: RecipientId,
    /// Their turn.
    pub place: u32,
    /// What they are called, or their number.
    pub name: String,
    /// Which text, from 0.
    pub variant: u8,
    /// The words, or why there are none.
    pub words: Result<Option<String>, RowFault>,
    /// When it leaves, if the campaign was rehearsed as it stands.
    pub at: Option<UnixMillis>,
}

/// Why there is nothing to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoWords {
    /// There is no such text, or it says nothing to this person.
    Nothing(RowFault),
    /// The link would send it to nobody.
    Unfit(Unfit),
}

impl Engine {
    /// What up to `limit` people of a campaign, from a turn on, would get.
    ///
    /// # Errors
    /// Not found.
    pub async fn preview(
        &self,
        id: CampaignId,
        from: u32,
        limit: u32,
    ) -> Result<Vec<Previewed>, EngineError> {
        let campaign = self.campaign_row(id).await?;
        let longest = self.longest(campaign.device).await?;
        let turns = self.turns_of(&campaign);
        let read = self.store().read(move |connection| {
            let members = audience::after(connection, id, from, limit)?;
            let texts = Texts::read(&campaign.plan);
            let tied = texts.tied(&campaign.columns, longest);
            members
                .into_iter()
                .map(|member| {
                    let variant = variant_now(&campaign, &member);
                    Ok(Previewed {
                        id: member.id,
                        place: member.place,
                        name: name_of(connection, &campaign, &member)?,
                        variant,
                        words: tied.words(variant, &member.cells),
                        at: turns.as_ref().and_then(|turns| turns.at(member.place)),
                    })
                })
                .collect()
        });
        Ok(read.await?)
    }

    /// Sends one text of a campaign to a number, filled in as for one of its people, or the first; where there is nobody, as a sample.
    /// Nobody is counted for it. The same `client_id` again sends none. Gives the variables that had no value.
    ///
    /// # Errors
    /// Not found; the store's. The inner ones: there is nothing to send.
    pub async fn send_test(
        &self,
        (id, variant): (CampaignId, u8),
        like: Option<RecipientId>,
        to: Address,
        client_id: String,
    ) -> Result<Result<Vec<String>, NoWords>, EngineError> {
        let campaign = self.campaign_row(id).await?;
        let device = campaign.device;
        let capabilities = self.capabilities(device).await?;
        let Some(body) = campaign
            .plan
            .texts
            .get(usize::from(variant))
            .map(|text| text.body.clone())
        else {
            return Ok(Err(NoWords::Nothing(RowFault::Empty)));
        };
        let file = body.clone();
        let file = self.store().read(move |connection| file_of(connection, &file));
        if let Some(why) = unfit(&body, file.await?.as_ref(), &capabilities) {
            return Ok(Err(NoWords::Unfit(why)));
        }
        let longest = capabilities.send.longest();
        let said = body.clone();
        let read = self.store().read(move |connection| {
            let Some(cells) = cells_like(connection, id, like)? else {
                return Ok(sample(&said, longest));
            };
            let texts = Texts::read(&campaign.plan);
            let words = texts.tied(&campaign.columns, longest).words(variant, &cells);
            Ok(words.map(|words| (words, Vec::new())))
        });
        let (words, missing) = match read.await? {
            Ok(said) => said,
            Err(fault) => return Ok(Err(NoWords::Nothing(fault))),
        };
        let chat = self
            .store()
            .write(move |writing| chat::ensure(writing, device, &to));
        // Under a name of its own: none that a campaign's own message could have.
        let client_id = format!("campaign-test-{client_id}");
        let new = NewMessage::new(chat.await?, client_id, content_of(&body, words));
        self.send(new).await?;
        Ok(Ok(missing))
    }
}

/// The file that a text carries, if it is known here.
pub(super) fn file_of(connection: &Connection, body: &Body) -> Result<Option<MediaRow>, StoreError> {
    let Body::Media { media_id, .. } = *body else {
        return Ok(None);
    };
    match media::get(connection, media_id) {
        Ok(row) => Ok(Some(row)),
        Err(error) if error.kind == StoreErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Which text somebody gets by the shares as they are now.
pub(super) fn variant_now(campaign: &CampaignRow, member: &Member) -> u8 {
    match (campaign.plan.variants(), &member.person) {
        (Ok(variants), Some(person)) => audience::variant_of(&variants, campaign.id, person),
        _ => 0,
    }
}

/// What stands in the cells of this person, or of the first who is written to, if there is anybody.
fn cells_like(
    connection: &Connection,
    campaign: CampaignId,
    like: Option<RecipientId>,
) -> Result<Option<Vec<String>>, StoreError> {
    if let Some(id) = like {
        let row = recipient::get(connection, id)?;
        return match row.campaign == campaign {
            true => Ok(Some(row.cells)),
            false => Err(StoreError::not_found()),
        };
    }
    let first = audience::after(connection, campaign, 0, 1)?;
    Ok(first.into_iter().next().map(|member| member.cells))
}

fn name_of(connection: &Connection, campaign: &CampaignRow, member: &Member) -> Result<String, StoreError> {
    let address = member.address.as_ref();
    let called = recipient::called(connection, campaign, address, &member.cells)?;
    let digits = || {
        address
            .and_then(Address::phone_digits)
            .map(|digits| format!("+{digits}"))
    };
    Ok(called.or_else(digits).unwrap_or_default())
}
