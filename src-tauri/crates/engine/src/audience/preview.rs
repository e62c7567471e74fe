//! What people would get, and one of it sent to a number of ours.

use mostrador_campaigns::plan::Body;
use mostrador_campaigns::wording::RowFault;
use mostrador_domain::{Address, CampaignId, MediaId, RecipientId};
use mostrador_store::tables::campaign::audience::{self, Member};
use mostrador_store::tables::campaign::{CampaignRow, content_of, recipient};
use mostrador_store::tables::media::{self, MediaState};
use mostrador_store::tables::outbox::NewMessage;
use mostrador_store::tables::{chat, person};
use mostrador_store::{Connection, StoreError, StoreErrorKind};

use super::texts::{Texts, is_offered, sample};
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
}

/// Why there is nothing to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoWords {
    /// There is no such text, or it says nothing to this person.
    Nothing(RowFault),
    /// The link does not send such a message.
    NotOffered,
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
        let max_chars = self.max_chars(campaign.device).await?;
        let read = self.store().read(move |connection| {
            let members = audience::after(connection, id, from, limit)?;
            let texts = Texts::read(&campaign.plan);
            let tied = texts.tied(&campaign.columns, max_chars);
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
        if !is_offered(&body, &capabilities) {
            return Ok(Err(NoWords::NotOffered));
        }
        self.file_is_here(&body).await?;
        let max_chars = self.max_chars(device).await?;
        let said = body.clone();
        let read = self.store().read(move |connection| {
            let Some(cells) = cells_like(connection, id, like)? else {
                return Ok(sample(&said, max_chars));
            };
            let texts = Texts::read(&campaign.plan);
            let words = texts.tied(&campaign.columns, max_chars).words(variant, &cells);
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

    async fn file_is_here(&self, body: &Body) -> Result<(), EngineError> {
        let Body::Media { media_id, .. } = *body else {
            return Ok(());
        };
        let here = self.store().read(move |connection| is_here(connection, media_id));
        if here.await? {
            Ok(())
        } else {
            Err(EngineError::MediaMissing)
        }
    }
}

/// Are the bytes of a file here?
pub(super) fn is_here(connection: &Connection, id: MediaId) -> Result<bool, StoreError> {
    match media::get(connection, id) {
        Ok(row) => Ok(row.state == MediaState::Ready),
        Err(error) if error.kind == StoreErrorKind::NotFound => Ok(false),
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

/// The cells of one of a campaign's people, or of the first.
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
    let Some(address) = &member.address else {
        return Ok(String::new());
    };
    let known = person::get(connection, campaign.device, address)?.name;
    let digits = || address.phone_digits().map(|digits| format!("+{digits}"));
    Ok(known.or_else(digits).unwrap_or_default())
}
