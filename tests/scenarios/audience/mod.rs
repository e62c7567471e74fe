//! Who a campaign writes to: customer lists, judged before anything is stored; other sources; numbers; a message to try it.

mod columns;
mod lists;
mod numbers;
mod sources;
mod test_message;

use serde_json::{Value, json};

use crate::world::World;

/// A campaign without anybody in it that says `text`, with nothing that holds it up but eight seconds between two messages.
pub(crate) async fn campaign(world: &World, text: &str) -> Value {
    let device = world.device().await["id"].clone();
    let args = json!({ "deviceId": device, "name": "Promo", "zone": "America/Lima" });
    let mut made = world.run("campaign_create", args).await;
    let plan = &mut made["plan"];
    plan["texts"][0]["body"] = json!({ "kind": "text", "text": text });
    let pace = &mut plan["pace"];
    pace["jitterSeconds"] = json!(0.0);
    pace["restEvery"] = json!(0);
    pace["days"] = json!([true, true, true, true, true, true, true]);
    pace["opens"] = json!("00:00");
    pace["closes"] = json!("00:00");
    pace["dailyCap"] = Value::Null;
    pace["warmUp"] = json!(false);
    let args = json!({ "campaignId": made["id"], "plan": made["plan"] });
    world.run("campaign_plan_set", args).await
}

pub(crate) fn of(campaign: &Value) -> Value {
    json!({ "campaignId": campaign["id"] })
}

/// Opens a list, and waits until it is read.
pub(crate) async fn opened(world: &mut World, campaign: &Value, name: &str, bytes: &[u8]) -> Value {
    let media = world.bring(name, bytes).await["id"].clone();
    let args = json!({ "campaignId": campaign["id"], "mediaId": media, "fileName": name });
    let import = world.run("import_open", args).await;
    read(world, &import).await
}

/// The list, once all of it was read.
async fn read(world: &mut World, import: &Value) -> Value {
    let id = json!({ "importId": import["importId"] });
    let asked = id.clone();
    world
        .until("the list is read", async move |world| {
            let list = world.run("import_get", asked.clone()).await;
            list["progress"] == 1.0 || list["fault"].is_string()
        })
        .await;
    world.run("import_get", id).await
}

pub(crate) async fn recipients(world: &World, campaign: &Value) -> Vec<Value> {
    let args = json!({ "campaignId": campaign["id"], "states": [], "after": null, "limit": 200 });
    let people = world.run("campaign_recipient_list", args).await;
    people.as_array().cloned().expect("people")
}
