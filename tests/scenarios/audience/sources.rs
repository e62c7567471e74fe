//! People who come from what the shop has already: labels, groups, contacts, earlier campaigns, saved audiences.

use mostrador_api::ErrorCode;
use serde_json::{Value, json};

use super::{campaign, recipients};
use crate::asking::count_of;
use crate::dialects::{add, at, link, linked_at};
use crate::world::{ROSA, World};

/// How many persons are known by a name.
async fn named(world: &World) -> i64 {
    count_of(world, "contact WHERE push_name IS NOT NULL").await
}

#[tokio::test]
async fn nobody_is_an_audience_as_saved_where_the_gateway_calls_everybody_saved_who_has_a_name() {
    for gateway in ["qr_buho", "evolution"] {
        let mut world = linked_at(gateway).await;
        let customers = world.sandbox.customers().len();
        world
            .until("the persons are here", async |world| {
                usize::try_from(named(world).await).is_ok_and(|named| named >= customers)
            })
            .await;
        let device = world.device().await;
        assert_eq!(device["capabilities"]["contacts"], false, "{gateway}: it is told");
        let args = json!({ "deviceId": device["id"], "search": "", "after": null, "limit": 9 });
        let saved = world.run("contact_list", args).await;
        assert_eq!(
            saved["rows"],
            json!([]),
            "{gateway}: strangers of its groups are among them"
        );

        let campaign = campaign(&world, "Hola {{nombre | default(\"\")}}").await;
        let contacts = json!([{ "kind": "contacts" }]);
        let args = json!({ "name": "Guardados", "sources": contacts });
        let segment = world.run("segment_save", args).await["id"].clone();
        for sources in [contacts, json!([{ "kind": "segment", "segmentId": segment }])] {
            let args = json!({ "campaignId": campaign["id"], "sources": sources });
            assert_eq!(
                world.refused("campaign_audience_set", args).await,
                ErrorCode::NotOffered,
                "{gateway}: {sources}"
            );
        }
        assert!(
            recipients(&world, &campaign).await.is_empty(),
            "{gateway}: nobody"
        );
        world.finish().await;
    }
}

#[tokio::test]
async fn whom_the_phone_has_saved_is_an_audience_where_a_version_of_the_calls_tells_it() {
    let mut world = World::new().await;
    let fields = json!({
        "url": at(&world, "qr_buho"), "token": world.sandbox.token(), "instance": "practice", "generation": "qrapi2",
    });
    add(&world, "qr_buho", fields).await;
    link(&mut world).await;
    world
        .until("the persons are here", async |world| named(world).await > 0)
        .await;
    let campaign = campaign(&world, "Hola {{nombre | default(\"\")}}").await;
    let args = json!({ "campaignId": campaign["id"], "sources": [{ "kind": "contacts" }] });
    world.run("campaign_audience_set", args).await;
    let people = recipients(&world, &campaign).await;
    for customer in world.sandbox.customers() {
        let among = people
            .iter()
            .any(|person| person["number"] == customer.number.as_str());
        assert_eq!(
            among, customer.saved,
            "{}: saved, and nobody else",
            customer.number
        );
    }
    world.finish().await;
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
    let customers = world.sandbox.customers();
    let hidden: Vec<&str> = customers.iter().map(|customer| customer.lid.as_str()).collect();
    assert!(!hidden.is_empty(), "some are known by one");
    assert!(
        people
            .iter()
            .all(|person| !hidden.contains(&person["number"].as_str().unwrap_or_default())),
        "no hidden number is shown as one: {hidden:?}"
    );

    let group = world
        .chats()
        .await
        .into_iter()
        .find(|chat| chat["kind"] == "group")
        .expect("a group");
    let now = set(&world, json!([{ "kind": "group", "chatId": group["id"] }])).await;
    assert!(
        now["counts"]["pending"].as_u64() > Some(0),
        "its members, though nobody has opened it here"
    );
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

#[tokio::test]
async fn all_of_a_group_are_an_audience_though_only_who_came_into_it_was_told_so_far() {
    let world = World::linked().await;
    let chats = world.chats().await;
    let group = chats
        .iter()
        .find(|chat| chat["kind"] == "group")
        .expect("a group");
    let id = group["id"].as_i64().expect("a number");
    let one_came = world.shop.engine().store().write(move |writing| {
        writing.execute("DELETE FROM group_member WHERE chat_id = ?1", [id])?;
        writing.execute("UPDATE chat SET members_told = 0 WHERE id = ?1", [id])?;
        let sql = "INSERT INTO group_member (chat_id, address_id, rank)
                   SELECT ?1, min(id), 'member' FROM address WHERE value LIKE '519%'";
        writing.execute(sql, [id])?;
        Ok(())
    });
    one_came.await.expect("written");
    let campaign = campaign(&world, "Hola {{nombre | default(\"\")}}").await;
    let args =
        json!({ "campaignId": campaign["id"], "sources": [{ "kind": "group", "chatId": group["id"] }] });
    let now = world.run("campaign_audience_set", args).await;
    assert!(now["counts"]["total"].as_u64() > Some(1), "the others too: {now}");
    world.finish().await;
}

#[tokio::test]
async fn a_group_is_no_audience_where_nobody_tells_who_is_in_it() {
    let world = linked_at("api_engine").await;
    assert_eq!(
        world.device().await["capabilities"]["groups"],
        false,
        "it is told"
    );
    let device = world.device().await["id"].as_i64().expect("a number");
    let made = world.shop.engine().store().write(move |writing| {
        let sql =
            "INSERT INTO chat (device_id, address, kind) VALUES (?1, '120363000000000009@g.us', 'group')";
        writing.execute(sql, [device])?;
        Ok(writing.last_insert_rowid())
    });
    let group = made.await.expect("written");
    let campaign = campaign(&world, "Hola {{nombre | default(\"\")}}").await;
    let args = json!({ "campaignId": campaign["id"], "sources": [{ "kind": "group", "chatId": group }] });
    assert_eq!(
        world.refused("campaign_audience_set", args).await,
        ErrorCode::NotOffered,
        "it would be an audience of nobody"
    );
    world.finish().await;
}
