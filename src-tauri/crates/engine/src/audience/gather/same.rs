//! People of another campaign: of a copy, of the next one of a recurring row, of a second try.

use std::sync::Arc;

use mostrador_campaigns::schedule::Schedule;
use mostrador_domain::{AudienceId, CampaignId, UnixMillis};
use mostrador_store::tables::campaign::audience::{self, Gathering, Missed, Patience, Range};
use mostrador_store::tables::campaign::{self, CampaignRow, Copied, FollowsAs, retry};
use mostrador_store::{Store, StoreError, StoreErrorKind, Writing};

use super::Gatherer;
use crate::EngineError;
use crate::audience::anew::gathering_of;
use crate::campaigns::repeat;
use crate::engine::{Engine, FRESH_IF_THERE, START_UNDO};
use crate::portion::Portion;

/// Between two runs nobody asks the gateway again about who was not on WhatsApp: it takes longer than for a new list until they are
/// written to in the hope that they are.
const NOBODY_ASKS: Patience = Patience {
    there: FRESH_IF_THERE,
    not_there: FRESH_IF_THERE,
};

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
        let name = row.name.clone();
        let fill = async move |to| gatherer.same_people(&row, people, to, now).await;
        let made = move |writing: &mut Writing<'_>, gathered, ()| {
            campaign::copy(writing, copied, &name, Some(gathered), now)
        };
        self.beside(from, fill, made).await
    }

    /// Makes a draft for those whom a campaign missed. `sources` is how that is told, as the store keeps it.
    ///
    /// # Errors
    /// Not found; state changed if nobody is left to be written to, or its audience is exchanged meanwhile.
    pub async fn retry_campaign(
        &self,
        id: CampaignId,
        name: String,
        missed: Missed,
        sources: String,
    ) -> Result<CampaignId, EngineError> {
        let now = self.clock().now();
        let gatherer = &self.audiences().gatherer;
        let people = of(self.store(), id).await?;
        let fill = async move |to| {
            let gather =
                move |writing: &mut Writing<'_>, range| audience::missed_people(writing, range, &missed);
            gatherer.each_stretch(people, to, gather).await
        };
        let made = move |writing: &mut Writing<'_>, gathered, ()| {
            retry::retry(writing, id, &name, gathered, &sources, now)
        };
        self.beside(id, fill, made).await
    }

    /// Starts one of a recurring row before its time, and makes the next one with the same people in the same transaction.
    pub(crate) async fn start_with_next(
        &self,
        row: CampaignRow,
        next: (Schedule, UnixMillis),
        now: UnixMillis,
    ) -> Result<(), EngineError> {
        let gatherer = &self.audiences().gatherer;
        let id = row.id;
        let (people, of_row) = (of(self.store(), id).await?, row.clone());
        let fill = async move |to| gatherer.same_people(&of_row, people, to, now).await;
        let made = move |writing: &mut Writing<'_>, gathered, ()| {
            // The next one may have been made meanwhile.
            if campaign::goes_on(writing, id)? {
                return Err(StoreError::of(StoreErrorKind::StateChanged));
            }
            campaign::start(writing, id, START_UNDO, now)?;
            repeat(writing, &row, next, Some(gathered), now)
        };
        self.beside(id, fill, made).await.map(drop)
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
    /// Puts the people of an audience of `row`'s into another, in their order, as if they had come from the same list.
    ///
    /// # Errors
    /// State changed if the one that they come from is let go meanwhile; the store's.
    pub(crate) async fn same_people(
        &self,
        row: &CampaignRow,
        from: Option<AudienceId>,
        to: AudienceId,
        now: UnixMillis,
    ) -> Result<(), EngineError> {
        let same = move |writing: &mut Writing<'_>, range| audience::same_people(writing, range, now);
        self.each_stretch(from, to, same).await?;
        let row = row.clone();
        let gathering = self
            .store
            .read(move |connection| gathering_of(connection, &row, now));
        let gathering = Arc::new(Gathering {
            patience: NOBODY_ASKS,
            ..gathering.await?
        });
        let judged = move |writing: &mut Writing<'_>, Range { to, first, end, .. }| {
            audience::judged_anew(writing, &gathering, (to, first, end))
        };
        self.each_stretch(Some(to), to, judged).await
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
