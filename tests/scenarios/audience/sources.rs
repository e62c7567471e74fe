//! People who come from what the shop has already: labels, groups, contacts, earlier campaigns, saved audiences.

use mostrador_api::ErrorCode;
use serde_json::{Value, json};

use super::{campaign, recipients};
use crate::world::{ROSA, World};

#[tokio::test]
async fn whom_the_phone_has_saved_is_an_audience_also_where_a_gateway_lists_everybody_at_once() {
    for gateway in ["qr_buho", "evolution"] {
        let mut world = crate::dialects::linked_at(gateway).await;
        world
            .until("the address book is here", async |world| {
                let args =
                    json!({ "deviceId": world.device().await["id"], "search": "", "after": null, "limit": 1 });
                world.run("contact_list", args).await["next"].is_string()
            })
            .await;
        let campaign = campaign(&world, "Hola {{nombre | default(\"\")}}").await;
        let args = json!({ "campaignId": campaign["id"], "sources": [{ "kind": "contacts" }] });
        world.run("campaign_audience_set", args).await;
        let people = recipients(&world, &campaign).await;
        let among = |number: &str| people.iter().any(|person| person["number"] == number);
        for customer in world.sandbox.customers() {
            assert_eq!(
                among(&customer.number),
                customer.saved,
                "{gateway}: whom the phone has saved, and nobody else"
            );
        }
        world.finish().await;
    }
}

#[tokio::test]
async fn people_come_from_labels_groups_contacts_earlier_campaigns_and_saved_audiences() {
    let mut world = World::linked().await;
    let device = world.device().await["id"].clone();
    let rosa = world.chat_of(ROSA).await["id"].clone();
    let label = json!({ "deviceId": device, "name": "Antiguos" });
    let label = world.run("label_add", label).await["id"].clone();
    let labelled = json!({ "chatId": rosa, "change": { "kind": "label", "labelId": label, "on": true } });
    world.run("chat_change", labelled).await;
    let campaign = campaign(&world, "Hola {{nombre | default(\"\")}}").await;
    let set = async |world: &World, sources: Value| {
        let args = json!({ "campaignId": campaign["id"], "sources": sources });
        world.run("campaign_audience_set", args).await
    };

    let by_label = json!([{ "kind": "label", "labelId": label }]);
    let now = set(&world, by_label.clone()).await;
    assert_eq!(now["counts"]["total"], 1, "who bears it");
    assert_eq!(
        now["columns"],
        json!(["Nombre", "Número"]),
        "in the language of the window"
    );
    assert_eq!(recipients(&world, &campaign).await[0]["number"], ROSA, "Rosa");

    let args = json!({ "name": "Antiguos", "sources": by_label });
    let segment = world.run("segment_save", args).await["id"].clone();
    let both = json!([{ "kind": "segment", "segmentId": segment }, { "kind": "contacts" }]);
    world
        .until("the address book is here", async |world| {
            let args =
                json!({ "deviceId": world.device().await["id"], "search": "", "after": null, "limit": 1 });
            world.run("contact_list", args).await["next"].is_string()
        })
        .await;
    let now = set(&world, both).await;
    let people = recipients(&world, &campaign).await;
    let pending: Vec<&str> = people
        .iter()
        .filter(|person| person["state"] == "pending")
        .filter_map(|person| person["number"].as_str())
        .collect();
    assert!(pending.len() > 1, "everybody who is saved: {}", now["counts"]);
    let mut once = pending.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), pending.len(), "each person once");
    assert!(
        people
            .iter()
            .all(|person| !person["number"].as_str().unwrap_or_default().contains("lid")),
        "no hidden number is shown as one"
    );

    let group = world
        .chats()
        .await
        .into_iter()
        .find(|chat| chat["kind"] == "group")
        .expect("a group");
    world.run("group_get", json!({ "chatId": group["id"] })).await;
    let now = set(&world, json!([{ "kind": "group", "chatId": group["id"] }])).await;
    assert!(now["counts"]["pending"].as_u64() > Some(0), "its members");
    let own = recipients(&world, &campaign).await;
    assert!(
        own.iter().all(|person| person["reason"] != "duplicate"),
        "nobody twice"
    );

    let sheet = json!([{ "kind": "sheet", "fileName": "a.csv" }]);
    let args = json!({ "campaignId": campaign["id"], "sources": sheet });
    assert_eq!(
        world.refused("campaign_audience_set", args).await,
        ErrorCode::BadRequest,
        "a list is brought by accepting it"
    );
    world.finish().await;
}

#[tokio::test]
async fn who_answered_and_who_was_not_reached_are_audiences_too() {
    let world = World::linked().await;
    let earlier = campaign(&world, "Hola").await;
    let later = campaign(&world, "Hola {{ciudad}}").await;
    let id = earlier["id"].as_i64().expect("a number");
    world
        .shop
        .engine()
        .store()
        .write(move |writing| {
            writing.execute(
                "UPDATE campaign SET columns = '[\"Nombre\",\"Ciudad\"]' WHERE id = ?1",
                [id],
            )?;
            writing.execute("INSERT INTO audience (id, state) VALUES (90, 'whole')", [])?;
            writing.execute("UPDATE campaign SET audience_id = 90 WHERE id = ?1", [id])?;
            for (place, number, state) in [(0, 30, "replied"), (1, 31, "failed"), (2, 32, "read")] {
                let address = format!("519000000{number}@s.whatsapp.net");
                writing.execute(
                    "INSERT INTO recipient (audience_id, place, written, address, person, cells, state)
                     VALUES (90, ?1, ?2, ?2, ?2, '[\"Ana\",\"Lima\"]', ?3)",
                    (place, address, state),
                )?;
            }
            Ok(())
        })
        .await
        .expect("written");
    for (kind, number) in [("replies", "51900000030"), ("failed", "51900000031")] {
        let sources = json!([{ "kind": kind, "campaignId": earlier["id"] }]);
        let args = json!({ "campaignId": later["id"], "sources": sources });
        let now = world.run("campaign_audience_set", args).await;
        assert_eq!(
            now["columns"],
            json!(["Nombre", "Ciudad"]),
            "what is known of them comes along"
        );
        let people = recipients(&world, &later).await;
        assert_eq!(people.len(), 1, "{kind}: and nobody else");
        assert_eq!(people[0]["number"], number, "{kind}");
        let preview = json!({ "campaignId": later["id"], "from": 0, "limit": 1 });
        let preview = world.run("campaign_preview", preview).await;
        assert_eq!(preview[0]["text"], "Hola Lima", "{kind}: in their texts");
    }
    world.finish().await;
}
