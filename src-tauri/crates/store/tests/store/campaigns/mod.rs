//! Campaigns on a file: their life, the next recipient's turn, what becomes of each, and who does not want to be written to.

mod another_number;
mod answers;
mod blocked;
mod columns;
mod families;
mod kept;
mod lapses;
mod life;
mod opt_outs;
mod outcomes;
mod reports;
mod retries;
mod risk;
mod series;
mod turns;

use std::time::Duration;

use mostrador_campaigns::pacer::{Hours, Limits, Past};
use mostrador_campaigns::plan::{Body, Plan, Text};
use mostrador_campaigns::state::{CampaignState, Counts, RecipientState};
use mostrador_campaigns::wording::Table;
use mostrador_domain::{CampaignId, Longest, RateLimit, RecipientId, UnixMillis};
use mostrador_store::StoreErrorKind;
use mostrador_store::tables::campaign::recipient::{self, NewRecipient, RecipientRow};
use mostrador_store::tables::campaign::{self, CampaignRow, NewCampaign, Next, Queued, Terms};

use crate::world::{NOON, World, customer};

/// One message at a time, as most links have it.
pub(crate) const TERMS: Terms = Terms {
    room: 1,
    longest: Longest {
        text: 4_096,
        caption: 4_096,
    },
    inline_up_to: None,
};

/// The undo window of a start.
pub(crate) const UNDO: Duration = Duration::from_secs(10);

/// Twenty-four hours.
pub(crate) const DAY: Duration = Duration::from_secs(86_400);

/// Nothing but a rate, of which `count` messages are remembered.
pub(crate) fn rate(count: u32) -> Limits {
    let mut limits = Limits::only(Hours::always(Hours::zone_named("America/Lima").expect("a zone")));
    limits.rates = vec![RateLimit { count, window: DAY }];
    limits
}

/// The same with a daily cap.
pub(crate) fn capped() -> Limits {
    Limits {
        daily_cap: Some(5),
        ..rate(1)
    }
}

/// A plan that says so.
pub(crate) fn saying(text: &str) -> Plan {
    let mut plan = Plan::careful("America/Lima");
    plan.texts = vec![Text {
        share: 100,
        body: Body::Text { text: text.into() },
    }];
    plan
}

/// Somebody whose number is the customer's of this number.
pub(crate) fn person(number: u32) -> NewRecipient {
    NewRecipient {
        row: Some(number + 1),
        written: format!("{number}"),
        address: Some(customer(number)),
        cells: vec![format!("Persona {number}")],
        variant: 0,
        state: RecipientState::Pending,
    }
}

impl World {
    /// A draft for these people; their cells have one column, *Nombre*.
    pub(crate) async fn draft(&self, plan: Plan, people: Vec<NewRecipient>) -> CampaignId {
        let new = NewCampaign {
            device: self.device,
            name: "Aviso".into(),
            plan,
        };
        self.write(move |w| {
            let id = campaign::create(w, &new, NOON)?;
            campaign::set_sources(w, id, "[]", &Table::of(["Nombre"]))?;
            for person in people {
                recipient::add(w, id, &person, NOON)?;
            }
            Ok(id)
        })
        .await
    }

    /// A campaign to the customers of these numbers that was started, and whose start cannot be undone any more.
    pub(crate) async fn running(&self, numbers: impl IntoIterator<Item = u32>) -> CampaignId {
        let people = numbers.into_iter().map(person).collect();
        let id = self.draft(saying("Hola {{nombre}}"), people).await;
        self.start(id, NOON).await;
        id
    }

    /// Rehearses and starts it so long before `now` that the start cannot be undone any more.
    pub(crate) async fn start(&self, id: CampaignId, now: UnixMillis) {
        self.rehearse(id).await;
        self.write(move |w| campaign::start(w, id, Duration::ZERO, now))
            .await;
    }

    pub(crate) async fn rehearse(&self, id: CampaignId) {
        let plan_no = self.campaign(id).await.plan_no;
        self.write(move |w| campaign::rehearsed(w, id, plan_no)).await;
    }

    pub(crate) async fn campaign(&self, id: CampaignId) -> CampaignRow {
        self.read(move |c| campaign::get(c, id)).await
    }

    pub(crate) async fn campaign_state(&self, id: CampaignId) -> CampaignState {
        self.campaign(id).await.state
    }

    pub(crate) async fn next(&self, id: CampaignId, now: UnixMillis) -> Next {
        self.write(move |w| campaign::queue_next(w, id, TERMS, now)).await
    }

    /// The next recipient's turn, which must come.
    pub(crate) async fn queue(&self, id: CampaignId, now: UnixMillis) -> Queued {
        match self.next(id, now).await {
            Next::Queued(queued) => queued,
            other => panic!("somebody's turn must come: {other:?}"),
        }
    }

    pub(crate) async fn people(&self, id: CampaignId) -> Vec<RecipientRow> {
        self.read(move |c| recipient::page(c, id, &[], None, 1_000)).await
    }

    pub(crate) async fn recipient(&self, id: RecipientId) -> RecipientRow {
        self.read(move |c| recipient::get(c, id)).await
    }

    /// Where each of its people is, in their order.
    pub(crate) async fn states(&self, id: CampaignId) -> Vec<RecipientState> {
        let people = self.people(id).await;
        people.into_iter().map(|person| person.state).collect()
    }

    pub(crate) async fn counts(&self, id: CampaignId) -> Counts {
        self.read(move |c| recipient::counts(c, id)).await
    }

    /// Queues the next one and has the gateway take it under this id.
    pub(crate) async fn send_next(&self, id: CampaignId, gateway_id: &str, now: UnixMillis) -> Queued {
        let queued = self.queue(id, now).await;
        let claimed = self.claim_one(now).await;
        assert_eq!(claimed.message, queued.message, "nothing else waits to be sent");
        self.accepted(claimed.id, gateway_id, now).await;
        queued
    }

    /// What a new pacer within `limits` goes on after.
    pub(crate) async fn past(&self, id: CampaignId, limits: Limits, now: UnixMillis) -> Past {
        let device = self.device;
        self.read(move |c| campaign::past(c, (device, id), &limits, (now, 0.5)))
            .await
    }

    /// What a change that must not be possible is refused with.
    pub(crate) async fn refuses<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut mostrador_store::Writing<'_>) -> Result<T, mostrador_store::StoreError>
        + Send
        + 'static,
    ) -> StoreErrorKind {
        match self.store.write_durably(work).await {
            Ok(_) => panic!("it must be refused"),
            Err(error) => error.kind,
        }
    }
}
