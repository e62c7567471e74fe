//! Campaigns: each person gets their message once or it is said why not, whatever happens meanwhile. Judged by the ledger.

mod braked;
mod followed;
pub(crate) mod hours;
mod interrupted;
mod kinds;
mod risk;
mod running;
pub(crate) mod scheduled;
mod series;
mod stopped;
mod uncertain;
mod variants;
mod wishes;

use mostrador_campaigns::state::RecipientState;
use mostrador_campaigns::wording::Table;
use mostrador_domain::{Address, CampaignId, UnixMillis};
use mostrador_store::tables::campaign;
use mostrador_store::tables::campaign::recipient::{self, NewRecipient};
use serde_json::{Value, json};

use crate::world::World;

/// Customers whom the sandbox knows, but for Rosa.
pub(crate) const PEOPLE: [&str; 5] = [
    "51900000012",
    "51900000013",
    "51900000014",
    "51900000015",
    "51900000016",
];

/// The words of all campaigns here.
pub(crate) const WORDS: &str = "Hola {{nombre}}, llegó el pan";

/// What somebody gets.
pub(crate) fn words_for(number: &str) -> String {
    format!("Hola Cliente {number}, llegó el pan")
}

impl World {
    /// A draft that writes every ten seconds, at any hour.
    pub(crate) async fn campaign(&self, people: &[&str]) -> i64 {
        let create = json!({ "deviceId": self.device().await["id"], "name": "Pan", "zone": "America/Lima" });
        let made = self.run("campaign_create", create).await;
        let id = made["id"].as_i64().expect("a number");
        let mut plan = made["plan"].clone();
        plan["texts"] = json!([{ "share": 100, "body": { "kind": "text", "text": WORDS } }]);
        plan["notAgainDays"] = json!(0);
        plan["pace"] = json!({
            "spacingSeconds": 10.0, "jitterSeconds": 0.0, "restEvery": 0, "restSeconds": 0, "zone": "America/Lima",
            "days": [true, true, true, true, true, true, true], "opens": "00:00", "closes": "00:00", "dailyCap": null, "warmUp": false,
        });
        self.run("campaign_plan_set", json!({ "campaignId": id, "plan": plan }))
            .await;
        self.with_people(id, people).await;
        id
    }

    /// Puts these people into its audience.
    async fn with_people(&self, id: i64, people: &[&str]) {
        let people: Vec<NewRecipient> = people.iter().map(|number| person(number)).collect();
        let now = self.shop.engine().clock().now();
        let put = self.shop.engine().store().write_durably(move |writing| {
            campaign::set_sources(writing, CampaignId(id), "[]", &Table::of(["Nombre"]))?;
            for person in &people {
                recipient::add(writing, CampaignId(id), person, now)?;
            }
            Ok(())
        });
        put.await.expect("the audience is not frozen");
    }

    /// The rehearsal found no fault.
    pub(crate) async fn rehearsed(&self, id: i64) {
        let done = self.shop.engine().store().write_durably(move |writing| {
            let plan_no = campaign::get(writing, CampaignId(id))?.plan_no;
            campaign::rehearsed(writing, CampaignId(id), plan_no)
        });
        done.await.expect("it is rehearsed as it stands");
    }

    /// A campaign to these people that was started.
    pub(crate) async fn started(&self, people: &[&str]) -> i64 {
        let id = self.campaign(people).await;
        self.rehearsed(id).await;
        self.run("campaign_start", json!({ "campaignId": id })).await;
        id
    }

    pub(crate) async fn shown(&self, id: i64) -> Value {
        self.run("campaign_get", json!({ "campaignId": id })).await
    }

    pub(crate) async fn until_state(&mut self, id: i64, state: &'static str) {
        self.until(&format!("the campaign is {state}"), async |world| {
            world.shown(id).await["state"] == state
        })
        .await;
    }

    /// Its people, in their turn.
    pub(crate) async fn recipients(&self, id: i64) -> Vec<Value> {
        let all = json!({ "campaignId": id, "states": [], "after": null, "limit": 200 });
        let rows = self.run("campaign_recipient_list", all).await;
        rows.as_array().cloned().unwrap_or_default()
    }

    /// Where each of its people is.
    pub(crate) async fn states(&self, id: i64) -> Vec<String> {
        let rows = self.recipients(id).await;
        rows.iter()
            .map(|row| row["state"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// How often each of these people got it, by the ledger.
    pub(crate) fn each_got(&self, people: &[&str]) -> Vec<usize> {
        people
            .iter()
            .map(|number| self.got(number, &words_for(number)))
            .collect()
    }

    /// How many messages of the campaign arrived at all, by the ledger.
    pub(crate) fn arrived(&self) -> usize {
        self.each_got(&PEOPLE).iter().sum()
    }

    /// Waits until so many have arrived.
    pub(crate) async fn until_arrived(&mut self, count: usize) {
        self.until(&format!("{count} have arrived"), async |world| {
            world.arrived() >= count
        })
        .await;
    }

    /// Waits until it is known that so many have it. Nobody's turn comes as long as the one before is not known of: there are no more of them,
    /// however slow the machine is.
    pub(crate) async fn until_known(&mut self, id: i64, count: u64) {
        self.until_by_turns(
            &format!("it is known of {count}"),
            async |world| {
                let counts = world.shown(id).await["counts"].clone();
                let of = |state: &str| counts[state].as_u64().unwrap_or_default();
                of("queued") == 0 && of("sent") + of("delivered") + of("read") + of("replied") == count
            },
            async |world| world.shown(id).await["waits"]["until"].as_i64().map(UnixMillis),
        )
        .await;
    }
}

fn person(number: &str) -> NewRecipient {
    NewRecipient {
        row: None,
        written: number.to_owned(),
        address: Some(Address::parse(number)),
        cells: vec![format!("Cliente {number}")],
        variant: 0,
        state: RecipientState::Pending,
    }
}
