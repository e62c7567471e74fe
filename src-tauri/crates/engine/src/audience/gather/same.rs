//! People of another campaign: of a copy, of the next one of a recurring row, of a second try.

use mostrador_domain::{AudienceId, CampaignId, RecipientId, UnixMillis};
use mostrador_store::tables::campaign::audience::{self, Range};
use mostrador_store::tables::campaign::{self, Copied, FollowsAs, retry};
use mostrador_store::{Store, StoreError, Writing};

use super::Gatherer;
use crate::EngineError;
use crate::engine::Engine;
use crate::portion::Portion;

impl Engine {
    /// Makes a draft with the same plan and the same people, as if they had come from the same list.
    ///
    /// # Errors
    /// Not found; state changed if its audience is exchanged meanwhile, or another copy of it is under way.
    pub async fn copy_campaign(&self, from: CampaignId) -> Result<CampaignId, EngineError> {
        let now = self.clock().now();
        let row = self.campaign_row(from).await?;
        let copied = Copied {
            from,
            how: FollowsAs::Copy,
        };
        let gatherer = &self.audiences().gatherer;
        let people = of(self.store(), from).await?;
        let fill = async move |to| gatherer.same_people(people, to, now).await;
        let made = move |writing: &mut Writing<'_>, gathered, ()| {
            campaign::copy(writing, copied, &row.name, Some(gathered), now)
        };
        self.beside(from, fill, made).await
    }

    /// Makes a draft for those whom a campaign did not reach; `only` these, if they are named.
    ///
    /// # Errors
    /// Not found; state changed if nobody is left to be written to, or its audience is exchanged meanwhile.
    pub async fn retry_campaign(
        &self,
        id: CampaignId,
        name: String,
        only: Option<Vec<RecipientId>>,
        sources: String,
    ) -> Result<CampaignId, EngineError> {
        let now = self.clock().now();
        let gatherer = &self.audiences().gatherer;
        let people = of(self.store(), id).await?;
        let fill = async move |to| {
            let missed = move |writing: &mut Writing<'_>, range| {
                audience::missed_people(writing, range, only.as_deref())
            };
            gatherer.each_stretch(people, to, missed).await
        };
        let made = move |writing: &mut Writing<'_>, gathered, ()| {
            retry::retry(writing, id, &name, gathered, &sources, now)
        };
        self.beside(id, fill, made).await
    }

    async fn beside<F>(
        &self,
        of: CampaignId,
        fill: impl FnOnce(AudienceId) -> F,
        made: impl FnOnce(&mut Writing<'_>, AudienceId, ()) -> Result<CampaignId, StoreError> + Send + 'static,
    ) -> Result<CampaignId, EngineError>
    where
        F: Future<Output = Result<(), EngineError>>,
    {
        let gatherer = &self.audiences().gatherer;
        let entered = gatherer.enter(of, None)?;
        gatherer.gather(&entered, fill, made).await
    }
}

async fn of(store: &Store, campaign: CampaignId) -> Result<Option<AudienceId>, EngineError> {
    Ok(store
        .read(move |connection| audience::of(connection, campaign))
        .await?)
}

impl Gatherer {
    /// Puts the people of one audience into another, in their order, as if they had come from the same list.
    ///
    /// # Errors
    /// State changed if the one that they come from is let go meanwhile; the store's.
    pub(crate) async fn same_people(
        &self,
        from: Option<AudienceId>,
        to: AudienceId,
        now: UnixMillis,
    ) -> Result<(), EngineError> {
        let same = move |writing: &mut Writing<'_>, range| audience::same_people(writing, range, now);
        self.each_stretch(from, to, same).await
    }

    async fn each_stretch(
        &self,
        from: Option<AudienceId>,
        to: AudienceId,
        gather: impl Fn(&mut Writing<'_>, Range) -> Result<(), StoreError> + Clone + Send + 'static,
    ) -> Result<(), EngineError> {
        let Some(from) = from else { return Ok(()) };
        let size = self
            .store
            .read(move |connection| audience::size(connection, from));
        let (all, mut first, mut portion) = (size.await?, 0, Portion::default());
        while first < all {
            let end = first.saturating_add(portion.rows());
            let range = Range { from, to, first, end };
            let gather = gather.clone();
            self.portion(&mut portion, move |writing| gather(writing, range))
                .await?;
            first = end;
        }
        Ok(())
    }
}
